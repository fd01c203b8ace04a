//! Order, columns, page sizes and pages of lists.

use super::Site;
use super::filters::{PATH, ids, link, parcels};
use crate::support::Database;

#[test]
fn several_columns_sort_the_rows_and_headers_show_it() {
    let (database, site, cookie) = parcels();
    let in_order = |order: &str| -> Vec<i64> {
        let sql =
            format!("select string_agg(parcel_id::text, ' ' order by {order}) from public.parcels");
        let ids = database.text(&sql);
        ids.split(' ')
            .map(|id| id.parse().unwrap())
            .take(50)
            .collect()
    };
    let page = site
        .get(&format!("{PATH}?sort=depot,-weight"), &cookie)
        .is(200);
    assert_eq!(ids(&page), in_order("depot, weight desc"));
    // Only the first column has aria-sort. The number says which comes first.
    let page = page.says("aria-sort=\"ascending\" class=\"number\" title=\"\"><a href=");
    let page = page.says(">depot</a> <span class=\"quiet\">1</span>");
    let page = page.says(">weight</a> <span class=\"quiet\">2 ↓</span>");
    assert_eq!(page.body.matches("aria-sort=\"none\"").count(), 7);
    // Nulls are last in both directions.
    let page = site
        .get(&format!("{PATH}?sort=-state&sort=parcel_id"), &cookie)
        .is(200);
    assert_eq!(ids(&page), in_order("state desc nulls last, parcel_id"));
    // A click on a header sorts by it first, and another click reverses it.
    let header = link(&page.body, "weight</a>");
    assert_eq!(header, format!("{PATH}?sort=weight%2C-state%2Cparcel_id"));
    let page = site.get(&header, &cookie).is(200);
    let header = link(&page.body, "weight</a>");
    assert_eq!(header, format!("{PATH}?sort=-weight%2C-state%2Cparcel_id"));
    // The form has the order, and its answer is an address without empty fields.
    let page = page.says("<option value=\"weight\" selected>weight</option>");
    page.says("<option value=\"desc\" selected>descending</option>");
    let form =
        "form=yes&q=&by=state&direction=desc&by=&direction=asc&by=depot&direction=asc&size=50";
    let answer = site.get(&format!("{PATH}?{form}"), &cookie).is(303);
    answer.leads_to(&format!("{PATH}?sort=-state%2cdepot"));
    for wrong in ["sort=nothing", "sort=depot,nothing", "sort=notes"] {
        site.get(&format!("{PATH}?{wrong}"), &cookie).is(400);
    }
}

#[test]
fn columns_are_chosen_and_files_and_sql_follow() {
    let (database, site, cookie) = parcels();
    let asked = "f.state.is=sent&f.state.is=lost&sort=-weight&columns=depot%2Cweight";
    let page = site.get(&format!("{PATH}?{asked}"), &cookie).is(200);
    let page = page
        .says("value=\"depot\" checked> depot")
        .says("value=\"state\"> state");
    assert_eq!(page.body.matches("<th scope=\"col\"").count(), 2);
    let file = |ending: &str| {
        let file = site.get(&format!("{PATH}/rows.{ending}?{asked}"), &cookie);
        file.is(200).body
    };
    let rows = "from public.parcels where state in ('sent', 'lost')";
    let csv = database.text(&format!(
        "select string_agg(depot || ',' || weight, e'\\n' order by weight desc) {rows}"
    ));
    assert_eq!(file("csv"), format!("depot,weight\n{csv}\n"));
    let json: Vec<serde_json::Value> = serde_json::from_str(&file("json")).unwrap();
    let first = database.text(&format!(
        "select row_to_json(parcel)::text from (select depot, weight {rows} order by weight desc limit 1) as parcel"
    ));
    assert_eq!(
        json.len() as i64,
        database.number(&format!("select count(*) {rows}"))
    );
    assert_eq!(
        json[0],
        serde_json::from_str::<serde_json::Value>(&first).unwrap()
    );
    let sql = site.get(&link(&page.body, "View SQL</a>"), &cookie).is(200);
    let sql = sql.says("60 rows in");
    sql.says("<th scope=\"col\" class=\"number\">depot</th><th scope=\"col\" class=\"number\">weight</th></tr>");
    // All columns are the usual ones, so the address does not name them.
    let all = [
        "parcel_id",
        "state",
        "depot",
        "weight",
        "sent_on",
        "seen_at",
        "is_late",
        "notes",
    ];
    let all = all.map(|name| format!("columns={name}")).join("&");
    let answer = site.get(&format!("{PATH}?form=yes&{all}"), &cookie).is(303);
    answer.leads_to(PATH);
    let some = site.get(
        &format!("{PATH}?form=yes&columns=state&columns=depot"),
        &cookie,
    );
    some.is(303)
        .leads_to(&format!("{PATH}?columns=state%2cdepot"));
    site.get(&format!("{PATH}?columns=secret"), &cookie).is(400);
}

#[test]
fn the_admin_has_the_same_order_columns_and_pages() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    database.run(
        "insert into public.tasks (name, start_time) \
         select 'task ' || n % 2, timestamptz '2026-01-01' + n * interval '1 day' from generate_series(1, 60) as n",
    );
    let asked = "sort=name,start_time&columns=start_time&size=25&page=9";
    let page = site.get(&format!("/admin/tasks?{asked}"), &cookie).is(200);
    let page = page
        .says("60 rows, 51 to 60 shown")
        .says("There is no page 9. This is the last one.")
        .says("2026-03-01 00:00:00</a></td></tr></tbody>");
    let csv = link(&page.body, "CSV</a>");
    let csv = site.get(&csv, &cookie).is(200).body;
    assert!(
        csv.starts_with("start_time\n2026-01-03 00:00:00+00\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 61);
    // Rows are ticked and edited as before.
    page.says("name=\"row\" value=\"task_id=")
        .says("/admin/tasks/change?task_id=");
}

#[test]
fn pages_have_sizes_and_a_page_beyond_the_end_is_the_last() {
    let (_database, site, cookie) = parcels();
    let shown = |query: &str| site.get(&format!("{PATH}?{query}"), &cookie).is(200);
    let page = shown("size=25");
    assert_eq!(ids(&page), (1..=25).collect::<Vec<i64>>());
    let page = page.says("120 rows, 1 to 25 shown").says("Page 1 of 5");
    let last = site.get(&link(&page.body, "Last</a>"), &cookie).is(200);
    let last = last.says("101 to 120 shown").says("Page 5 of 5");
    assert_eq!(ids(&last), (101..=120).collect::<Vec<i64>>());
    assert!(!last.body.contains("Next →"));
    assert_eq!(link(&last.body, "First</a>"), format!("{PATH}?size=25"));
    for query in ["size=25&page=6", "size=25&page=1001", "size=25&page=-1"] {
        assert_eq!(ids(&shown(query)), ids(&last), "{query}");
    }
    shown("page=77")
        .says("There is no page 77. This is the last one.")
        .says("101 to 120 shown");
    shown("size=500").says("120 rows, 1 to 120 shown");
    shown("f.state.is=none&page=5").says("0 rows.");
    for wrong in ["size=7", "page=0", "page=x"] {
        site.get(&format!("{PATH}?{wrong}"), &cookie).is(400);
    }
}

#[test]
fn a_long_list_is_read_from_its_end() {
    let database = Database::new();
    database.run(
        "create table public.long as select n as id, nullif(n % 3, 0) as part from generate_series(1, 100500) as n; \
         alter table public.long add primary key (id); \
         create view public.unsorted as select id, part from public.long; \
         analyze public.long; \
         grant select on public.long, public.unsorted to elt_web",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let long = |query: &str| {
        site.get(&format!("/explore/public.long?{query}"), &cookie)
            .is(200)
    };
    let page = long("");
    let page = page.says("more than 100,000 rows, 1 to 50 shown");
    let last = site.get(&link(&page.body, "Last</a>"), &cookie).is(200);
    let last = last.says("the last 50 shown").says("Last page");
    assert_eq!(ids(&last), (100451..=100500).collect::<Vec<i64>>());
    let before = site.get(&link(&last.body, "← Previous"), &cookie).is(200);
    let before = before.says("51 to 100 from the end shown");
    assert_eq!(ids(&before), (100401..=100450).collect::<Vec<i64>>());
    assert_eq!(link(&before.body, "Next →"), "/explore/public.long?page=-1");
    // Nulls are last, so they are first from the end.
    let nulls = long("sort=part&page=-1&size=25");
    assert_eq!(ids(&nulls).last(), Some(&100500));
    let ascending = long("sort=-part,-id&page=-1&size=25");
    assert_eq!(ids(&ascending).last(), Some(&3));
    // Pages far from both ends are not read.
    long("page=9000")
        .says("99,951 to 100,000 shown")
        .says("slow to reach");
    // Values of a long list are counted on request.
    let page = long("");
    let request = link(&page.body, "Count the values");
    assert_eq!(request, "/explore/public.long?facet=part");
    site.get(&request, &cookie).is(200).says(">33,500</span>");
    let unsorted = site
        .get("/explore/public.unsorted?page=-1", &cookie)
        .is(200);
    unsorted
        .says("Sort it by a column to see its last page.")
        .says(", 1 to 50 shown");
    let sorted = site
        .get("/explore/public.unsorted?page=-1&sort=-id", &cookie)
        .is(200);
    assert_eq!(ids(&sorted), (1..=50).rev().collect::<Vec<i64>>());
}
