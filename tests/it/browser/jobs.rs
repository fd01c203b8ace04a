//! The page of jobs, with and without scripts.

use super::Browser;
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};

fn place() -> (Database, Site) {
    let database = Database::new();
    add_user(&database, "ann", "operator");
    let site = Site::start(&database);
    database.run("select elt.enqueue('prune') from generate_series(1, 3)");
    (database, site)
}

fn open(browser: &Browser) {
    browser.sign_in("ann", PASSWORD);
    browser.goto("/jobs");
}

#[test]
fn with_scripts() {
    let (database, site) = place();
    let browser = Browser::open(&site.origin());
    open(&browser);
    browser.run("window.isSame = true");
    // A live update keeps the filter that is being typed, the ticked jobs and their number.
    browser.type_into("#q", "half a wo");
    tick(&browser, "[name=row][value='2']");
    browser.says("[data-selected]", "1 of 3 selected");
    database.run("select elt.enqueue('pipeline')");
    browser.will_say("#live tbody tr:first-child", "pipeline");
    browser.will_say("[data-selected]", "1 of 4 selected");
    browser.says("#states", "queued 4");
    assert_eq!(browser.value("#q"), "half a wo");
    assert_eq!(
        browser.run("return document.querySelector(\"[name=row][value='2']\").checked"),
        true
    );
    assert_eq!(browser.run("return window.isSame"), true);
    tick(&browser, "[data-all]");
    browser.will_say("[data-selected]", "4 of 4 selected");
    tick(&browser, "[name=row][value='1']");
    browser.will_say("[data-selected]", "3 of 4 selected");
    cancels(&browser, 3);
    filters(&browser);
    starts(&browser, &database);
}

#[test]
fn without_scripts() {
    let (database, site) = place();
    let browser = Browser::without_scripts(&site.origin());
    open(&browser);
    browser.click("[name=row][value='2']");
    browser.click("[name=row][value='3']");
    cancels(&browser, 2);
    // On a narrow screen, the filters are collapsed.
    browser.resize(800, 1000);
    browser.click(".panel > summary");
    filters(&browser);
    starts(&browser, &database);
}

/// Clicks a box in one step, because a live update may replace it.
fn tick(browser: &Browser, css: &str) {
    browser.run(&format!("document.querySelector(\"{css}\").click()"));
}

fn cancels(browser: &Browser, count: usize) {
    browser.follow("button[value=cancel]");
    browser.says("h1", &format!("{count} jobs were changed"));
    assert!(browser.path().starts_with("/jobs/results/"));
    browser.follow(".crumbs a");
    browser.says("#states", &format!("cancelled {count}"));
}

fn filters(browser: &Browser) {
    browser.click("[name=state][value=queued]");
    browser.wait(browser.find("#kind").select_by_label("prune"));
    browser.follow("form[role=search] button");
    browser.says("#live", "1 job.");
    assert_eq!(
        browser.path(),
        "/jobs?kind=prune&queue=&state=queued&since=&until=&q="
    );
    browser.goto("/jobs?since=soon&state=dead");
    browser.says("[role=alert]", "Write a day such as");
    assert_eq!(browser.value("#since"), "soon");
    // The wrong value is corrected in its field.
    browser.type_into("#since", "2026-01-01");
    browser.follow("form[role=search] button");
    browser.says("#live", "No job matches.");
    browser.follow("#states a");
    browser.says("#live", " jobs, 1 to ");
}

fn starts(browser: &Browser, database: &Database) {
    browser.goto("/jobs");
    browser.follow("#start + dl a[href$=pipeline]");
    browser.says("h1", "Start pipeline");
    browser.click("[name='c.sources'][value=practices]");
    browser.wait(browser.find("#c-force").select_by_value("true"));
    browser.type_into("#c-_queue", "Not A Queue");
    browser.follow(".fields .actions button");
    browser.says("[role=alert]", "No job was started.");
    browser.says("[role=alert]", "queue: Use at most 63 lower-case letters");
    assert_eq!(browser.value("#c-force"), "true");
    browser.type_into("#c-_queue", "slow");
    browser.follow(".fields .actions button");
    browser.says("h1", "queued");
    browser.says("dl", "account ann");
    let args = "select count(*) from elt.job where queue = 'slow' and account_name = 'ann' \
                and args -> 'sources' = '[\"practices\"]' and (args ->> 'force')::boolean";
    assert_eq!(database.number(args), 1);
}
