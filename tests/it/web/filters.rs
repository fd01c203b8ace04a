//! Filters, facets, ranges, columns, order and pages of lists.

use super::{Answer, Site};
use crate::support::Database;

pub(super) const PATH: &str = "/explore/public.parcels";

/// 120 parcels: four states, of which one is null, and three depots.
pub(super) fn parcels() -> (Database, Site, String) {
    let database = Database::new();
    database.run(
        "create table public.parcels (parcel_id bigint primary key, state text, depot bigint not null, \
         weight numeric, sent_on date, seen_at timestamptz, is_late boolean not null, notes json); \
         insert into public.parcels \
         select n, case n % 4 when 0 then 'sent' when 1 then 'lost' when 2 then 'it''s & <here>' end, n % 3, \
         n / 10.0, date '2026-01-01' + (n % 60)::int, timestamptz '2026-01-01' + n * interval '1 hour', n % 5 = 0, \
         '{}' from generate_series(1, 120) as n; \
         analyze public.parcels; \
         grant select on public.parcels to elt_web, elt_query",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    (database, site, cookie)
}

/// The numbers in the first column of the rows.
pub(super) fn ids(page: &Answer) -> Vec<i64> {
    let rows = page.body.split("<tbody>").nth(1).unwrap_or_default();
    let rows = rows.split("</tbody>").next().unwrap_or_default();
    let cells = rows.split("<tr><td class=\"number\">").skip(1);
    cells
        .map(|cell| cell.split('<').next().unwrap().parse().unwrap())
        .collect()
}

/// The facet of a column, as HTML.
fn facet<'p>(page: &'p Answer, column: &str) -> &'p str {
    let start = format!("<details open><summary>{column}</summary>");
    let (_, rest) = page
        .body
        .split_once(&start)
        .unwrap_or_else(|| panic!("no facet {column}: {}", page.body));
    rest.split("</details>").next().unwrap()
}

/// The address of a link in HTML, by its text.
pub(super) fn link(html: &str, text: &str) -> String {
    let place = html.find(&format!(">{text}"));
    let place = place.unwrap_or_else(|| panic!("no {text}: {html}"));
    let start = html[..place].rfind("href=\"").unwrap() + 6;
    let address = html[start..].split('"').next().unwrap();
    address.replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn facets_count_values_and_add_and_remove_filters() {
    let (database, site, cookie) = parcels();
    let page = site.get(PATH, &cookie).is(200);
    // The statistics say which columns have few values.
    assert_eq!(
        database
            .text("select string_agg(name, ',') from elt.facet_columns('public.parcels') as name"),
        "state,depot,is_late"
    );
    for (column, label, value) in [
        ("state", "sent", "state = 'sent'"),
        (
            "state",
            "it&#39;s &#38; &#60;here&#62;",
            "state = 'it''s & <here>'",
        ),
        ("state", "empty", "state is null"),
        ("depot", "2", "depot = 2"),
        ("is_late", "true", "is_late"),
    ] {
        let count = format!("select count(*) from public.parcels where {value}");
        let shown = format!(
            ">{label}</a> <span class=\"quiet\">{}</span>",
            database.number(&count)
        );
        assert!(
            facet(&page, column).contains(&shown),
            "{shown}: {}",
            facet(&page, column)
        );
    }
    // Values of one column are alternatives, and those of several columns are all required.
    let one = link(facet(&page, "state"), "it&#39;s");
    let page = site.get(&one, &cookie).is(200).says("30 rows, ");
    let two = link(facet(&page, "state"), "empty");
    let page = site.get(&two, &cookie).is(200).says("60 rows, ");
    let page = page
        .says("state is it&#39;s &#38; &#60;here&#62; ✕")
        .says("or state is empty ✕");
    let count = |condition: &str| {
        database.number(&format!(
            "select count(*) from public.parcels where {condition}"
        ))
    };
    let both = count("(state = 'it''s & <here>' or state is null) and depot = 2");
    let three = link(facet(&page, "depot"), "2");
    let page = site
        .get(&three, &cookie)
        .is(200)
        .says(&format!("{both} rows, "));
    // The counts of a column follow the other columns, and not its own filters.
    let lost = count("state = 'lost' and depot = 2");
    let shown = format!(">lost</a> <span class=\"quiet\">{lost}</span>");
    assert!(
        facet(&page, "state").contains(&shown),
        "{}",
        facet(&page, "state")
    );
    // The SQL of the list and of a facet give what the page shows.
    let sql = site.get(&link(&page.body, "View SQL</a>"), &cookie).is(200);
    sql.says(&format!("{both} rows in"));
    let sql = link(facet(&page, "state"), "View SQL<span");
    let sql = site.get(&sql, &cookie).is(200).says("class=\"chart ");
    sql.says(&format!("<td>lost</td><td class=\"number\">{lost}</td>"));
    // A click on a chosen value removes it.
    let page = site
        .get(&link(facet(&page, "state"), "empty"), &cookie)
        .is(200);
    let one = count("state = 'it''s & <here>' and depot = 2");
    let page = page.says(&format!("{one} rows, "));
    site.get(&link(facet(&page, "state"), "not empty"), &cookie)
        .is(200)
        .says(&format!(
            "{} rows, ",
            count("state is not null and depot = 2")
        ));
    // Chosen values stay in the facet if no row has them.
    let none = site
        .get(&format!("{PATH}?f.state.is=unknown"), &cookie)
        .is(200);
    let none = none.says("0 rows.");
    assert!(facet(&none, "state").contains("aria-current=\"true\">unknown</a>"));
}

#[test]
fn a_facet_is_opened_for_any_column_and_closed() {
    let (_database, site, cookie) = parcels();
    let page = site.get(PATH, &cookie).is(200);
    assert!(!page.body.contains("<summary>weight</summary>"));
    let page = site.get(&format!("{PATH}?facet=weight&facet=sent_on"), &cookie);
    let page = page.is(200);
    let weight = facet(&page, "weight");
    assert!(weight.contains("The most frequent values."), "{weight}");
    assert_eq!(weight.matches("<li>").count(), 13, "{weight}");
    assert!(facet(&page, "sent_on").contains("This year, so far"));
    let closed = link(weight, "Close");
    assert_eq!(closed, format!("{PATH}?facet=sent_on"));
    site.get(&format!("{PATH}?facet=nothing"), &cookie).is(400);
    // A type without an order has no values to count.
    let page = site.get(&format!("{PATH}?facet=notes"), &cookie).is(200);
    assert!(facet(&page, "notes").contains(">Not empty</a>"));
}

#[test]
fn ranges_have_pickers_and_an_invalid_value_stays_in_its_field() {
    let (database, site, cookie) = parcels();
    let asked = "facet=weight&facet=sent_on&facet=seen_at";
    let page = site.get(&format!("{PATH}?{asked}"), &cookie).is(200);
    for (column, field) in [
        (
            "weight",
            "name=\"f.weight.gte\" type=\"number\" value=\"\" step=\"any\"",
        ),
        ("sent_on", "name=\"f.sent_on.lte\" type=\"date\""),
        (
            "seen_at",
            "name=\"f.seen_at.gte\" type=\"datetime-local\" value=\"\" step=\"1\"",
        ),
    ] {
        assert!(
            facet(&page, column).contains(field),
            "{}",
            facet(&page, column)
        );
    }
    // A form sends both ends. The address has only those that have a value.
    let sent = format!("{PATH}?facet=weight&form=yes&f.weight.gte=2.5&f.weight.lte=");
    let answer = site.get(&sent, &cookie).is(303);
    answer.leads_to(&format!("{PATH}?f.weight.gte=2.5&facet=weight"));
    for (query, condition) in [
        (
            "f.weight.gte=2.5&f.weight.lte=3",
            "weight between 2.5 and 3",
        ),
        ("f.sent_on.lte=2026-01-05", "sent_on <= '2026-01-05'"),
        (
            "f.seen_at.gte=2026-01-03T12:00&f.is_late.is=false",
            "seen_at >= '2026-01-03 12:00' and not is_late",
        ),
        ("f.state.empty=&f.depot.is=1", "state is null and depot = 1"),
        ("f.state.filled=", "state is not null"),
    ] {
        let count = database.number(&format!(
            "select count(*) from public.parcels where {condition}"
        ));
        site.get(&format!("{PATH}?{query}"), &cookie)
            .is(200)
            .says(&format!("<p>{count} rows, 1 to "));
    }
    // The range of a filter is shown without being asked for, and has the value as its picker needs it.
    let page = site
        .get(&format!("{PATH}?f.seen_at.gte=2026-01-03"), &cookie)
        .is(200);
    assert!(facet(&page, "seen_at").contains("type=\"datetime-local\" value=\"2026-01-03T00:00\""));
    for (column, value, message) in [
        ("weight", "heavy", "This is not a number."),
        (
            "sent_on",
            "2026-02-30",
            "This is not a date such as 2026-11-22.",
        ),
        (
            "seen_at",
            "soon",
            "This is not a date with a time such as 2026-11-22 17:30.",
        ),
    ] {
        let query = format!("f.depot.is=1&f.{column}.gte=0&f.{column}.lte={value}");
        let query = query.replace("f.sent_on.gte=0", "f.sent_on.gte=2026-01-01");
        let query = query.replace("f.seen_at.gte=0", "f.seen_at.gte=2026-01-01T10:00");
        let page = site.get(&format!("{PATH}?{query}"), &cookie).is(400);
        let page = page
            .says("No rows are listed.")
            .says("<details class=\"panel\" open>");
        let range = facet(&page, column);
        let field = range.split("<input").last().unwrap();
        assert!(
            field.contains(&format!("type=\"text\" value=\"{value}\"")),
            "{range}"
        );
        assert!(field.contains("aria-invalid=\"true\""), "{range}");
        assert!(field.contains(message), "{range}");
        // The valid filters are kept.
        assert!(range.contains("<input type=\"hidden\" name=\"f.depot.is\" value=\"1\">"));
    }
    // Other invalid values stay in the form that adds a filter; further ones are named.
    let page = site.get(
        &format!("{PATH}?f.depot.is=x&f.depot.is=y&f.state.is=sent"),
        &cookie,
    );
    page.is(400)
        .says("name=\"value\" aria-label=\"Value\" value=\"y\" aria-invalid=\"true\"")
        .says("depot is x: This is not a whole number.")
        .says("state is sent ✕");
}

#[test]
fn a_facet_that_takes_too_long_says_so_and_the_rows_are_there() {
    let (database, site, cookie) = parcels();
    database.run(
        "create function public.slow_text() returns text language sql stable as 'select pg_sleep(2)::text'; \
         create view public.slow as select parcel_id, public.slow_text() || state as late from public.parcels; \
         grant select on public.slow to elt_web",
    );
    let page = site.get("/explore/public.slow?columns=parcel_id&facet=late", &cookie);
    let page = page.is(200).says("120 rows, 1 to 50 shown");
    let late = facet(&page, "late");
    assert!(late.contains("took too long"), "{late}");
    assert_eq!(ids(&page).len(), 50);
}

#[test]
fn a_wide_search_is_refused() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vic", "viewer");
    let words = "a+".repeat(13);
    let long = "a".repeat(301);
    for path in [
        "/admin/tasks?q=",
        "/explore/public.tasks?q=",
        "/api/tasks/?search=",
    ] {
        site.get(&format!("{path}{words}"), &cookie).is(400);
        site.get(&format!("{path}{long}"), &cookie).is(400);
    }
    for (operator, count) in [("not", 21), ("is", 61)] {
        let filters = (0..count).map(|number| format!("f.name.{operator}=x{number}&"));
        let filters: String = filters.collect();
        let fewer = filters.replacen(&format!("f.name.{operator}=x0&"), "", 1);
        site.get(&format!("/admin/tasks?{filters}"), &cookie)
            .is(400);
        site.get(&format!("/admin/tasks?{fewer}"), &cookie).is(200);
    }
}
