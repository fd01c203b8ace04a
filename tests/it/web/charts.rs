//! Charts of the first page (elt.chart): their shapes, their links, what they say when they cannot be drawn, and their
//! registration in the browser.

use super::{PASSWORD, Site};
use crate::init::{init, run_on};
use crate::support::{Database, Folder};

const GRANT: &str = "grant select on all tables in schema public to elt_web";

/// The card of a chart on the first page, by its title.
#[track_caller]
fn card(site: &Site, cookie: &str, title: &str) -> String {
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
fn says(text: &str, words: &str) {
    assert!(text.contains(words), "lacks {words}:\n{text}");
}

fn register(database: &Database, chart: &str, kind: &str, columns: &str) {
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
fn a_chart_is_registered_in_the_browser_and_errors_stand_beside_their_field() {
    let database = Database::new();
    database.run("create view public.sales as select 'a' as shop, 3 as n, 'x' as note");
    database.run(GRANT);
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "vera", "viewer");
    let operator = site.signed_in(&database, "otto", "operator");
    let page = site.get("/explore/public.sales", &viewer).is(200);
    assert!(!page.body.contains("Add a chart"));
    page.says("&#38;chart=bars\">Draw this</a>");
    let add = "/admin/elt.chart/add?c.chart=sales&c.kind=bars&c.title=sales&c.relation=public.sales\
               &c.label_column=shop&c.value_column=n&c.unit=n";
    site.get("/explore/public.sales", &operator).says(&format!(
        "href=\"{}\">Add a chart",
        add.replace('&', "&#38;")
    ));
    site.get(add, &operator)
        .is(200)
        .says("name=\"c.relation\" type=\"text\" value=\"public.sales\"")
        .says("<option value=\"bars\" selected>");
    let path = "/admin/elt.chart/add";
    let form = |changed: &str| {
        let form = "c.chart=sales&c.kind=bars&c.title=Sales&c.relation=public.sales&c.label_column=shop\
                    &c.value_column=n&c.unit=pieces&c.place=1";
        let name = changed.split('=').next().unwrap();
        let kept = form
            .split('&')
            .filter(|pair| !pair.starts_with(&format!("{name}=")));
        format!("{}&{changed}", kept.collect::<Vec<_>>().join("&"))
    };
    site.post(path, &viewer, &form("c.place=2")).is(403);
    for (changed, field, words) in [
        (
            "c.relation=public.sale",
            "relation",
            "There is no table or view public.sale, or the web",
        ),
        (
            "c.relation=sales",
            "relation",
            "Write the schema and the name of the view",
        ),
        (
            "c.relation=elt.account",
            "relation",
            "There is no table or view elt.account",
        ),
        (
            "c.relation=elt.reject",
            "relation",
            "Rejected records cannot be drawn",
        ),
        (
            "c.label_column=town",
            "label_column",
            "There is no column town in public.sales. It has shop, n, note.",
        ),
        (
            "c.value_column=note",
            "value_column",
            "Column note of public.sales has type text. Name a column with numbers.",
        ),
        (
            "c.part_column=n",
            "part_name",
            "Give the part a name, or leave its column empty.",
        ),
        (
            "c.rows_relation=public.sales",
            "rows_column",
            "Fill in both",
        ),
        (
            "c.kind=pie",
            "kind",
            "A chart has columns, bars, a line or points.",
        ),
        ("c.unit=+", "unit", "Say what the numbers count."),
    ] {
        let page = site.post(path, &operator, &form(changed)).is(422).body;
        let start = page.find(&format!("<label for=\"c-{field}\">")).unwrap();
        let field = page[start..].split("<div class=\"field").next().unwrap();
        assert!(
            field.contains("class=\"error\"") && field.contains(words),
            "{changed}: {field}"
        );
    }
    site.post(path, &operator, &form("c.place=2")).is(303);
    says(&card(&site, &viewer, "Sales"), "<title>a: 3 pieces</title>");
    let change = "/admin/elt.chart/change?chart=sales";
    site.get(change, &operator).is(200).says("Sales");
    let changes =
        "select count(*) from elt.change where table_name = 'elt.chart' and account_name = 'otto'";
    assert_eq!(database.number(changes), 1);
    // A migration may name a view that does not exist yet.
    register(&database, "later", "bars", "'a', 'b', null, null");
}

#[test]
fn the_first_page_of_a_new_project_shows_loads_rules_and_charts() {
    let (folder, database) = (Folder::new(), Database::with_engine());
    let project = folder.path().join("shop");
    let orders = "id,customer,amount,ordered_on\n1,Ann,2.50,2025-11-05\n2,Ben,5,2026-01-06\n2,Ben,5,2026-01-06\n\
                  3,Zoe,7,\n";
    let orders = folder.write("in/orders.csv", orders);
    let items = folder.write("in/items.csv", "sku,name\na,Thing\nb,\n");
    init(&project, &["--key", "id"])
        .path("--from", &orders)
        .run()
        .ok();
    init(&project, &[]).path("--from", &items).run().ok();
    run_on(&database, &project, &[]);
    let migration = std::fs::read_to_string(project.join("migrations/V0001__create_orders.sql"));
    says(
        &migration.unwrap(),
        "-- The chart on the first page of elt serve.",
    );
    let add = [
        "user",
        "add",
        "vera",
        "--role",
        "viewer",
        "--password-stdin",
    ];
    let mut adding = database.elt_with(&project, &add).start_fed();
    adding.feed(PASSWORD.as_bytes());
    adding.finish().ok();
    let serve = database.elt_with(&project, &["serve", "--no-worker"]);
    let site = Site::spawn(serve);
    let cookie = site.sign_in_as("vera");
    let months = card(&site, &cookie, "Rows of orders by month");
    for text in [
        "<title>2025-11: 1 rows</title>",
        ">2025-12</text>",
        "<title>–: 1 rows</title>",
    ] {
        says(&months, text);
    }
    let link = "/explore/public.orders?f.ordered_on.gte=2026-01-01&f.ordered_on.lt=2026-02-01";
    says(&months, &link.replace('&', "&amp;"));
    site.get(link, &cookie).is(200).says("1 row");
    says(&months, "/explore/public.orders?f.ordered_on.empty=");
    says(
        &card(&site, &cookie, "Values of items by column"),
        ">1 of 2</text>",
    );
    let page = site.get("/", &cookie).is(200);
    page.says("<a href=\"/explore/quality.orders_repeated\">1</a>")
        .says("Rules without violations:")
        .says("title=\"")
        .says("orders.csv</a>")
        .says("href=\"/loads/1\"")
        .says("ago</time>");
}
