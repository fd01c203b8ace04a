//! Charts are registered in the browser, and by `elt init`.

use super::charts::{GRANT, card, register, says};
use super::{PASSWORD, Site};
use crate::init::{init, run_on};
use crate::support::{Database, Folder};

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
