//! Saved queries, their charts, and the SQL of lists.

use super::Site;
use super::sql_page::encoded;
use crate::support::{Database, Folder, wait_until};

/// The address of a link on a page, by its text.
fn link(body: &str, text: &str) -> String {
    let end = body.find(&format!("\">{text}</a>"));
    let end = end.unwrap_or_else(|| panic!("no {text}: {body}"));
    let start = body[..end].rfind("href=\"").unwrap() + 6;
    body[start..end].replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn a_query_is_saved_with_typed_parameters_and_run_by_its_name() {
    let database = Database::new();
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "vera", "viewer");
    let operator = site.signed_in(&database, "otto", "operator");
    let sql = "select :since + 1 as next, :flag as flag, :n * 2 as n, :t || 'x' as t";
    let asked = format!(
        "/sql?sql={}&p.since=2026-01-01&p.flag=1&p.n=1&p.t=",
        encoded("select :since, :flag, :n, :t")
    );
    let page = site.get(&asked, &operator).is(200);
    let save = link(&page.body, "Save this query");
    assert!(
        save.starts_with("/admin/elt.saved_query/add?c.definition=select"),
        "{save}"
    );
    site.get(&save, &operator)
        .is(200)
        .says("select :since, :flag, :n, :t</textarea>")
        .says("since text, flag text, n text, t text");
    let page = site.get(&asked, &viewer).is(200).body;
    assert!(!page.contains("Save this query"));
    let form = |parameters: &str| {
        format!(
            "c.saved_query=next_day&c.place=1&c.definition={}&c.parameters={}&c.description=What+%3Cis%3E+next.",
            encoded(sql),
            encoded(parameters)
        )
    };
    let path = "/admin/elt.saved_query/add";
    site.post(path, &viewer, &form("since date")).is(403);
    site.post(path, &operator, &form("since money"))
        .is(422)
        .says("Write each parameter with its type");
    let types = "since date, flag boolean, n bigint, t text";
    site.post(path, &operator, &format!("{}&c.chart=bars", form(types)))
        .is(422)
        .says("A query with parameters cannot be drawn on the first page.");
    site.post(path, &operator, &form(types)).is(303);
    site.get("/sql?saved=next_day", &viewer)
        .is(200)
        .says("What &#60;is&#62; next.")
        .says("name=\"p.since\" type=\"date\"")
        .says("<select id=\"p-flag\"")
        .says("Enter the values of the parameters");
    let values = "p.since=2026-02-28&p.flag=true&p.n=21&p.t=";
    site.get(&format!("/sql?saved=next_day&{values}"), &viewer)
        .is(200)
        .says("<td>2026-03-01</td><td>true</td><td class=\"number\">42</td><td>x</td>");
    // A value that is left empty is null, except a text.
    site.get("/sql?saved=next_day&p.since=&p.flag=&p.n=&p.t=", &viewer)
        .is(200)
        .says("–</span></td><td><span class=\"null\">–</span></td><td class=\"number\"><span class=\"null\">–</span></td><td>x</td>");
    site.get(
        &format!("/sql?saved=next_day&{}", values.replace("21", "many")),
        &viewer,
    )
    .is(400)
    .says("Invalid input syntax for type bigint: &#34;many&#34;.");
    let csv = site.get(&format!("/sql/rows.csv?saved=next_day&{values}"), &viewer);
    assert!(
        csv.head.contains("filename=\"next_day.csv\""),
        "{}",
        csv.head
    );
    assert_eq!(csv.body, "next,flag,n,t\n2026-03-01,true,42,x\n");
    site.get("/sql?saved=other", &viewer)
        .is(410)
        .says("There is no saved query with this name.");
    let changes = "select count(*) from elt.change where table_name = 'elt.saved_query'";
    assert_eq!(database.number(changes), 1);
}

#[test]
fn the_first_page_lists_saved_queries_and_draws_those_with_a_chart() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vera", "viewer");
    database.run(
        "insert into elt.saved_query (saved_query, place, definition, chart, description) values \
         ('squares', 1, 'select n, n * n as square from generate_series(1, 5) as n', 'line', 'All <squares>.'), \
         ('broken', 2, 'select nothing', 'bars', ''), \
         ('secret', 3, 'select 1 as one, count(*) from elt.account', 'points', ''), \
         ('plain', 4, 'select 1', null, 'Only listed.')",
    );
    // The page keeps what it has drawn for some seconds.
    wait_until("the charts", || {
        site.get("/", &cookie).body.contains("polyline")
    });
    site.get("/", &cookie)
        .is(200)
        .says("All &#60;squares&#62;.")
        .says("<desc>1: 1 square; 2: 4 square; 3: 9 square; 4: 16 square; 5: 25 square</desc>")
        .says("Column &#34;nothing&#34; does not exist.")
        .says("Permission denied for table account.")
        .says("href=\"/sql?saved=plain\">plain</a></dt><dd>Only listed.</dd>");
    site.get("/sql?saved=squares&chart=points", &cookie)
        .is(200)
        .says("<circle class=\"part\"")
        .says("square by n.")
        .says("<td class=\"number\">25</td>");
    site.get("/sql?sql=select+1+as+a,+%27x%27+as+b&chart=bars", &cookie)
        .is(200)
        .says("class=\"chart ");
    site.get(
        "/sql?sql=select+%27y%27+as+a,+%27x%27+as+b&chart=bars",
        &cookie,
    )
    .is(200)
    .says("A chart needs a column with numbers after the first column.");
}

#[test]
fn lists_and_charts_lead_to_their_sql_with_the_same_rows() {
    let database = Database::new();
    database.load(&Folder::with_data()).ok();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "otto", "operator");
    database.run(
        "insert into public.tasks (name, start_time) values ('it''s one', '2026-01-01'), ('two', '2026-01-02')",
    );
    let rows = |path: &str| {
        let page = site.get(path, &cookie).is(200);
        let sql = link(&page.body, "View SQL");
        site.get(&sql, &cookie).is(200)
    };
    let found = rows("/explore/public.tasks?f.name.is=it%27s+one&q=one&sort=-name");
    found.says("1 row in").says("it&#39;s one");
    rows("/admin/tasks?date=2026-01-02&f.name.not=x")
        .says("1 row in")
        .says("two");
    rows("/explore/core.appointments?sort=-appointment_date").says("500 rows in");
    let loads = database.number("select count(*) from elt.load where source = 'appointments'");
    assert!(loads > 0);
    rows("/loads?source=appointments&since=2020-01-01").says(&format!("{loads} row"));
    rows("/loads?source=appointments&until=2020-01-01").says("0 rows");
    let jobs = site.get("/jobs", &cookie).is(200);
    jobs.says("Queries cannot read jobs");
    let page = rows("/");
    page.says("class=\"chart ").says("columns\" selected");
}
