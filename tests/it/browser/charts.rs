//! Charts in a browser: their look, the tab key, and their links.

use super::Browser;
use super::look::LOOKS;
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};
use fantoccini::key::Key;

/// Charts of every kind on one page, and one that cannot be drawn.
fn site(database: &Database) -> Site {
    database.run(
        "delete from elt.chart; \
         create view public.steps as select * from (values ('first', 12345, 11000), ('second', -500, -400), \
         ('a name that is much too long for the width of a telephone', 900, null)) as step (name, total, once); \
         create view public.months as select (date '2024-01-01' + n * interval '1 month')::date as month, \
         10000 + n * 377 as total, 9000 + n * 300 as once from generate_series(0, 29) as n where n <> 8; \
         create view public.days as select date '2025-01-01' + n as day, 1000 + n % 17 as total, null::int as once \
         from generate_series(0, 299) as n; \
         create view public.dots as select n as x, n * n / 1e9 as total, null::int as once from generate_series(1, 9) as n; \
         grant select on public.steps, public.months, public.days, public.dots to elt_web; \
         insert into elt.chart (chart, place, kind, title, relation, label_column, value_column, unit, part_column, part_name) \
         values ('steps', 1, 'bars', 'Steps', 'public.steps', 'name', 'total', 'rows', 'once', 'each once'), \
         ('columns', 2, 'columns', 'Few', 'public.steps', 'name', 'total', 'rows', 'once', 'each once'), \
         ('months', 3, 'columns', 'Months', 'public.months', 'month', 'total', 'rows', 'once', 'each once'), \
         ('days', 4, 'line', 'Days', 'public.days', 'day', 'total', 'rows', null, null), \
         ('dots', 5, 'points', 'Dots', 'public.dots', 'x', 'total', 'rows', null, null), \
         ('missing', 6, 'points', 'Missing', 'public.missing', 'x', 'total', 'rows', null, null)",
    );
    add_user(database, "ann", "operator");
    Site::start(database)
}

#[test]
fn charts_can_be_looked_at_and_followed_with_the_keyboard() {
    let database = Database::new();
    let site = site(&database);
    let browser = Browser::open(&site.origin());
    browser.sign_in("ann", PASSWORD);
    browser.goto("/");
    let mut wrong = browser.problems("charts", &LOOKS);
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)");
    wrong.extend(browser.problems("charts-tables", &LOOKS[..1]));
    // No text is cut by the edge of its card.
    let cut = "return [...document.querySelectorAll('.chart text')].filter(text => { \
               const box = text.getBoundingClientRect(); \
               const card = text.closest('.card').getBoundingClientRect(); \
               return box.width > 0 && (box.left < card.left || box.right > card.right) \
               }).map(text => text.textContent)";
    for width in [1280, 390] {
        browser.resize(width, 1000);
        let found = browser.run(cut);
        assert_eq!(found.as_array().unwrap().len(), 0, "{width}: {found}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.goto("/");
    browser.run("document.querySelector('.card h2 a').focus()");
    let tab = Key::Tab.to_string();
    browser.wait(browser.find(".card h2 a").send_keys(&tab));
    let focused = "const one = document.activeElement; \
                   return one.getAttribute('aria-label') + ' ' + getComputedStyle(one.querySelector('.hit')).strokeWidth";
    assert_eq!(
        browser.run(focused),
        "first: each once 11,000, rows 12,345 3px"
    );
    // A chart with many bars has no stop for each of them.
    let stops = "return document.querySelectorAll('.chart a:not([tabindex])').length";
    assert_eq!(browser.run(stops), 6);
    browser.follow("[aria-label^=\"2024-03\"]");
    assert_eq!(
        browser.path(),
        "/explore/public.months?f.month.is=2024-03-01"
    );
}

#[test]
fn charts_need_no_scripts() {
    let database = Database::new();
    let site = site(&database);
    let browser = Browser::without_scripts(&site.origin());
    browser.sign_in("ann", PASSWORD);
    browser.goto("/");
    browser.follow("[aria-label^=\"second\"]");
    assert_eq!(browser.path(), "/explore/public.steps?f.name.is=second");
    browser.goto("/explore/public.months");
    browser.follow("a[href*=\"elt.chart/add\"]");
    browser.type_into("#c-chart", "again");
    browser.type_into("#c-value_column", "nothing");
    browser.follow("[name=_save]");
    browser.says(
        ".field.wrong",
        "There is no column nothing in public.months.",
    );
    browser.type_into("#c-value_column", "once");
    browser.type_into("#c-title", "Again");
    browser.follow("[name=_save]");
    browser.goto("/");
    browser.until("the chart", || {
        browser.goto("/");
        browser.text("main").contains("Again")
    });
}
