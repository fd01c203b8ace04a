//! Filters, columns, order and saved views of a list, with and without scripts.

use super::Browser;
use super::look::{LIGHT, PHONE_DARK};
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};
use serde_json::json;

fn site() -> (Database, Site) {
    let database = Database::new();
    add_user(&database, "ann", "operator");
    database.run(
        "create table public.parcels (parcel_id bigint primary key, state text, weight numeric, sent_on date); \
         insert into public.parcels \
         select n, case n % 3 when 0 then 'sent' when 1 then 'lost' end, n / 2.0, date '2026-01-01' + n \
         from generate_series(1, 90) as n; \
         analyze public.parcels; \
         grant select on public.parcels to elt_web",
    );
    let site = Site::start(&database);
    (database, site)
}

#[test]
fn lists_are_filtered_and_saved_with_scripts() {
    let (_database, site) = site();
    filters_and_saves(&Browser::open(&site.origin()));
}

#[test]
fn lists_are_filtered_and_saved_without_scripts() {
    let (_database, site) = site();
    filters_and_saves(&Browser::without_scripts(&site.origin()));
}

fn filters_and_saves(browser: &Browser) {
    browser.sign_in("ann", PASSWORD);
    browser.goto("/explore/public.parcels");
    browser.says("main", "90 rows, 1 to 50 shown.");
    // On a wide screen, the facets are there without a click.
    // Without scripts, WebDriver takes the panel for hidden, because it counts as closed. A user sees it and clicks.
    let panel = browser.run("return document.querySelector('aside').innerText");
    assert!(panel.as_str().unwrap().contains("lost 30"), "{panel}");
    press(browser, "aside a[href$='f.state.is=lost']");
    press(browser, "aside a[href$='f.state.empty=']");
    browser.says("main", "60 rows, 1 to 50 shown.");
    browser.says(".chips", "state is lost ✕");
    browser.says(".chips", "or state is empty ✕");
    // A range of dates, with a picker.
    opens_panel(browser);
    browser.wait(browser.find("#facet").select_by_value("sent_on"));
    browser.follow("form:has(> #facet) button");
    opens_panel(browser);
    browser.wait(browser.find("[name='f.sent_on.gte']").send_keys("02012026"));
    browser.follow(".range:has([name='f.sent_on.gte']) button");
    browser.says("main", "40 rows, 1 to 40 shown.");
    assert_eq!(browser.value("[name='f.sent_on.gte']"), "2026-02-01");
    // An invalid value stays in its field.
    opens_panel(browser);
    browser.wait(browser.find("#column").select_by_value("weight"));
    browser.type_into("[name=value]", "heavy");
    browser.follow("form:has(> #column) button");
    browser.says("#value-error", "This is not a number.");
    assert_eq!(browser.value("[name=value]"), "heavy");
    browser.type_into("[name=value]", "45");
    browser.wait(browser.find("[name=op]").select_by_value("lte"));
    browser.follow("form:has(> #column) button");
    browser.says("main", "40 rows, 1 to 40 shown.");
    // Columns, order and page size.
    browser.click("details.options summary");
    browser.click("[name=columns][value=sent_on]");
    browser.click("[name=columns][value=parcel_id]");
    browser.wait(browser.find("#by-1").select_by_value("state"));
    browser.wait(browser.find("#by-2").select_by_value("weight"));
    browser.wait(
        browser
            .find("[aria-label='Direction 2']")
            .select_by_value("desc"),
    );
    browser.wait(browser.find("#size").select_by_value("25"));
    browser.follow("details.options button");
    browser.says("main", "40 rows, 1 to 25 shown.");
    browser.says("table.rows thead", "weight 2 ↓");
    let path = browser.path();
    for part in ["columns=state%2Cweight", "sort=state%2C-weight", "size=25"] {
        assert!(path.contains(part), "{path}");
    }
    browser.follow(".pages a[rel=next]");
    browser.says("main", "26 to 40 shown.");
    // The list is saved, and found again.
    browser.goto(&path);
    browser.click("details.options:has(#view-name) summary");
    browser.type_into("#view-name", "Lost in February");
    browser.follow("form:has(> #view-name) button");
    browser.says("[role=status]", "Added “Lost in February”.");
    assert_eq!(browser.path(), path);
    browser.goto("/explore/public.parcels");
    browser.follow("[aria-label='Saved views'] a");
    assert_eq!(browser.path(), path);
    browser.says("main", "40 rows, 1 to 25 shown.");
}

/// Presses the mouse where an element is, and waits for the next page.
fn press(browser: &Browser, css: &str) {
    let old = browser.find("html");
    let script = format!(
        "const box = document.querySelector(\"{css}\").getBoundingClientRect(); \
         return [box.x + box.width / 2, box.y + box.height / 2]"
    );
    let place = browser.run(&script);
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        browser.devtools("Input.dispatchMouseEvent", &event);
    }
    browser.until("another page", || {
        browser.runtime.block_on(old.tag_name()).is_err()
    });
}

fn opens_panel(browser: &Browser) {
    browser.run("document.querySelector('.panel').open = true; return null");
}

#[test]
fn filters_are_accessible_and_collapse_on_a_phone() {
    let (_database, site) = site();
    let browser = Browser::open(&site.origin());
    browser.sign_in("ann", PASSWORD);
    let mut problems = Vec::new();
    for (page, path) in [
        (
            "filters",
            "?facet=weight&f.state.is=lost&sort=state,-weight",
        ),
        ("filters-wrong", "?f.weight.gte=heavy&f.parcel_id.is=x"),
    ] {
        browser.goto(&format!("/explore/public.parcels{path}"));
        browser.run("for (const each of document.querySelectorAll('details')) each.open = true; return null");
        problems.extend(browser.problems(page, &[LIGHT, PHONE_DARK]));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // On a wide screen, the panel has no heading. On a phone it is closed.
    browser.goto("/explore/public.parcels");
    let is_visible = |css: &str| {
        let script = format!(
            "return document.querySelector('{css}').checkVisibility({{contentVisibilityAuto: true}})"
        );
        browser.run(&script) == true
    };
    assert!(is_visible(".panel a") && !is_visible(".panel > summary"));
    browser.show_as(PHONE_DARK);
    browser.goto("/explore/public.parcels");
    assert!(!is_visible(".panel a") && is_visible(".panel > summary"));
    browser.click(".panel > summary");
    assert!(is_visible(".panel a"));
}
