//! Charts of the first page (elt.chart): their shapes, their links, and what they say when they cannot be drawn.

use super::Site;
use crate::support::{Database, Folder};

pub(super) const GRANT: &str = "grant select on all tables in schema public to elt_web";

/// The card of a chart on the first page, by its title.
#[track_caller]
pub(super) fn card(site: &Site, cookie: &str, title: &str) -> String {
    let page = site.get("/", cookie).is(200).body;
    let mut cards = page.split("<section");
    let found = cards.find(|card| card.contains(&format!("\">{title}</a></h2>")));
    found
        .unwrap_or_else(|| panic!("no {title}: {page}"))
        .split("</section>")
        .next()
        .unwrap()
        .into()
}

#[track_caller]
pub(super) fn says(text: &str, words: &str) {
    assert!(text.contains(words), "lacks {words}:\n{text}");
}

pub(super) fn register(database: &Database, chart: &str, kind: &str, columns: &str) {
    database.run(&format!(
        "insert into elt.chart (chart, kind, title, relation, label_column, value_column, part_column, part_name, unit) \
         values ('{chart}', '{kind}', '{chart}', 'public.{chart}', {columns}, 'rows')"
    ));
}

#[test]
fn a_bar_shows_both_numbers_has_a_title_and_leads_to_its_row() {
    let database = Database::new();
    database.run(
        "create view public.steps as select * from (values ('first & <last>', 12345, 11000), ('none', null, null), \
         ('below', -500, -400)) as step (name, total, once)",
    );
    database.run(GRANT);
    register(
        &database,
        "steps",
        "bars",
        "'name', 'total', 'once', 'each once'",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vera", "viewer");
    let card = card(&site, &cookie, "steps");
    let sentence = "first &amp; &lt;last&gt;: each once 11,000, rows 12,345";
    says(&card, &format!("<title>{sentence}</title>"));
    says(&card, &format!("aria-label=\"{sentence}\""));
    says(&card, ">11,000 of 12,345</text>");
    says(
        &card,
        "href=\"/explore/public.steps?f.name.is=first%20%26%20%3Clast%3E\"",
    );
    says(&card, "role=\"group\" aria-label=\"steps\"");
    // Zero and round ticks; a bar of a negative number ends at zero, and null has no bar.
    for tick in [
        ">-5,000</text>",
        ">0</text>",
        ">5,000</text>",
        ">10,000</text>",
        ">15,000</text>",
    ] {
        says(&card, tick);
    }
    assert_eq!(card.matches("<rect class=\"whole\"").count(), 2, "{card}");
    says(
        &card,
        "<th scope=\"row\"><a href=\"/explore/public.steps?f.name.is=none\">none</a></th><td class=\"number\">–</td>",
    );
    // The table has the part first, as the bar has.
    says(
        &card,
        "each once</th><th scope=\"col\" class=\"number\">rows</th>",
    );
    site.get(
        "/explore/public.steps?f.name.is=first%20%26%20%3Clast%3E",
        &cookie,
    )
    .is(200)
    .says("12345")
    .says("1 row");
    assert!(!card.contains("style="), "{card}");
}

#[test]
fn a_bar_of_a_month_leads_to_the_rows_of_the_month() {
    let database = Database::new();
    database.load(&Folder::with_data()).ok();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vera", "viewer");
    let card = card(&site, &cookie, "Utilization by month");
    says(&card, ">52 of 182</text>");
    says(&card, ">28.6 %</text>");
    let link = "/explore/public.valid_appointments?f.appointment_date.gte=2023-01-01&f.appointment_date.lt=2023-02-01";
    says(&card, &link.replace('&', "&amp;"));
    site.get(link, &cookie).is(200).says("182 rows");
}

#[test]
fn months_without_rows_are_gaps_and_long_series_are_lines() {
    let database = Database::new();
    database.run(
        "create view public.months as select month, 7 as n from (values (date '2026-01-01'), ('2026-04-01')) as m (month); \
         create view public.days as select date '2025-01-01' + n as day, case when n <> 50 then n end as n \
         from generate_series(0, 99) as n; \
         create view public.names as select 'a name with many letters ' || n as name, n from generate_series(1, 35) as n",
    );
    database.run(GRANT);
    for (name, label) in [("months", "month"), ("days", "day"), ("names", "name")] {
        register(
            &database,
            name,
            "columns",
            &format!("'{label}', 'n', null, null"),
        );
    }
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vera", "viewer");
    let months = card(&site, &cookie, "months");
    for month in ["2026-01", "2026-02", "2026-03", "2026-04"] {
        says(&months, &format!(">{month}</text>"));
    }
    assert_eq!(
        months.matches("<rect class=\"part\"").count(),
        2,
        "{months}"
    );
    let days = card(&site, &cookie, "days");
    // Null interrupts the line.
    assert_eq!(days.matches("<polyline").count(), 2, "{days}");
    says(
        &days,
        "Drawn as a line, because there are 100 rows. Not drawn: 1 row without a number.",
    );
    says(&days, ">2025-02</text>");
    says(&days, "<title>2025-01-08: 7 rows</title>");
    says(
        &days,
        "<th scope=\"row\"><a href=\"/explore/public.days?f.day.is=2025-04-10\">2025-04-10</a></th>",
    );
    let names = card(&site, &cookie, "names");
    says(&names, "Drawn are the first 30 of 35 rows.");
    says(&names, "a name with many letters 30");
}

#[test]
fn a_chart_that_cannot_be_drawn_says_why_and_the_others_are_drawn() {
    let database = Database::new();
    database.run(
        "create view public.fine as select 'a' as name, 1 as n; \
         create view public.slow as select 'a' as name, 1 as n from pg_sleep(60); \
         create view public.divided as select 'a' as name, 1 / n as n from (values (0)) as v (n); \
         create view public.odd as select 'a' as name, 'NaN'::float8 as n; \
         create view public.texts as select 'a' as name, 'b' as n; \
         create view public.none as select 'a' as name, 1 as n where false; \
         create view public.secret as select 'a' as name, 1 as n",
    );
    database.run(GRANT);
    database.run("revoke select on public.secret from elt_web");
    for name in [
        "fine", "slow", "divided", "odd", "texts", "none", "secret", "missing",
    ] {
        register(&database, name, "bars", "'name', 'n', null, null");
    }
    database.run("insert into elt.chart select 'no_column', place, kind, 'no_column', relation, label_column, 'm', \
                  part_column, rate_column, unit, part_name from elt.chart where chart = 'fine'");
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "vera", "viewer");
    let operator = site.signed_in(&database, "otto", "operator");
    for (name, words) in [
        ("slow", "Reading public.slow took longer than 3 seconds."),
        (
            "divided",
            "Reading public.divided failed. Division by zero.",
        ),
        ("odd", "No row has a number that can be drawn"),
        (
            "texts",
            "Column n of public.texts has type text. Name a column with numbers.",
        ),
        ("none", "No data yet."),
        (
            "secret",
            "There is no table or view public.secret, or the web application must not read it.",
        ),
        ("missing", "There is no table or view public.missing"),
        (
            "no_column",
            "There is no column m in public.fine. It has name, n.",
        ),
        ("fine", "<svg class=\"chart"),
    ] {
        says(&card(&site, &viewer, name), words);
    }
    let change = "<a href=\"/admin/elt.chart/change?chart=missing\">Change</a>";
    says(&card(&site, &operator, "missing"), change);
    assert!(!card(&site, &viewer, "missing").contains(change));
    site.get("/", &viewer).says("Live data");
}

#[test]
fn a_bar_leads_to_the_rows_that_its_label_is_linked_to() {
    let database = Database::new();
    database.run(
        "create table public.parts (part_id bigint primary key, stage bigint); \
         insert into public.parts values (1, 1), (2, 1), (3, null); \
         create view public.stages as select coalesce('stage ' || stage, 'none') as name, stage, \
         count(*) as part_count from public.parts group by stage order by stage; \
         insert into elt.row_link (relation, column_name, target, shared_columns) \
         values ('public.stages', 'name', 'public.parts', '{stage}')",
    );
    database.run(GRANT);
    register(
        &database,
        "stages",
        "bars",
        "'name', 'part_count', null, null",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "vera", "viewer");
    let shown = card(&site, &cookie, "stages");
    says(&shown, "href=\"/explore/public.parts?f.stage.is=1\"");
    says(&shown, "href=\"/explore/public.parts?f.stage.empty=\"");
    assert!(!shown.contains("public.stages?f.name"), "{shown}");
    // A link that names a missing column leads nowhere, so the bar leads to its row.
    database.run("update elt.row_link set shared_columns = '{nothing}'");
    // Another server has not drawn the chart yet.
    let shown = card(&Site::start(&database), &cookie, "stages");
    says(&shown, "public.stages?f.name.is=stage%201");
}
