//! What users do, with and without scripts.

use super::Browser;
use crate::support::{Database, Folder};
use crate::web::{PASSWORD, Site, add_user};

struct Place {
    database: Database,
    out: Folder,
    site: Site,
    // Read by the worker.
    _data: Folder,
}

/// Pages, a worker, and an operator.
fn place() -> Place {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    add_user(&database, "ann", "operator");
    let serve = database.elt().args(["serve"]);
    let site = Site::spawn(serve.path("--data", data.path()).path("--out", out.path()));
    Place {
        database,
        out,
        site,
        _data: data,
    }
}

#[test]
fn with_scripts() {
    let place = place();
    let browser = Browser::open(&place.site.origin());
    signs_in(&browser);
    adds_a_task(&browser);
    // All rows of a page can be ticked, and the number of ticked rows is shown.
    tasks(&place);
    browser.goto("/admin/tasks?q=many");
    browser.click("[data-all]");
    browser.says("[data-selected]", "30 of 30 selected");
    deletes_what_is_ticked(&browser, 30);
    // A button fills in the current time.
    browser.goto("/admin/tasks/add");
    browser.click("[aria-label=\"start_time: now\"]");
    assert!(browser.value("#c-start_time").starts_with("20"));
    browser.type_into("#c-name", "lab5");
    browser.follow("[name=_save]");
    browser.says("[role=status]", "Added “lab5”. It started job 1.");
    // The job appears without reloading the page.
    browser.run("window.isSame = true");
    browser.will_say("#jobs .state", "succeeded");
    browser.will_say("#jobs", "valid_appts.csv");
    assert_eq!(browser.run("return window.isSame"), true);
    downloads(&browser, &place);
    // The list of jobs shows it too.
    browser.goto("/jobs");
    browser.run("window.isSame = true");
    place.database.run("select elt.enqueue('prune')");
    browser.will_say("#live tbody tr:first-child", "prune");
    browser.will_say("#live tbody tr:first-child .state", "succeeded");
    assert_eq!(browser.run("return window.isSame"), true);
    no_errors(&browser);
}

#[test]
fn without_scripts() {
    let place = place();
    let browser = Browser::without_scripts(&place.site.origin());
    signs_in(&browser);
    runs_a_query(&browser);
    adds_a_task(&browser);
    tasks(&place);
    browser.goto("/admin/tasks?q=many");
    browser.click("tbody tr:nth-child(1) [name=row]");
    browser.click("tbody tr:nth-child(2) [name=row]");
    deletes_what_is_ticked(&browser, 2);
    browser.goto("/admin/tasks/add");
    browser.type_into("#c-name", "lab5");
    browser.wait(browser.find("#c-start_time").send_keys("11222026101500AM"));
    browser.follow("[name=_continue]");
    browser.says("[role=status]", "It started job 1.");
    browser.follow("#jobs tbody a");
    // The page updates itself until the job is done.
    browser.will_say("h1 .state", "succeeded");
    browser.find("a[download]");
    downloads(&browser, &place);
    assert!(browser.text("#live").contains("valid_appts.csv"));
}

fn signs_in(browser: &Browser) {
    browser.goto("/admin/tasks");
    browser.type_into("#name", "ann");
    browser.type_into("#password", "not the password at all");
    browser.follow("form.stacked button");
    browser.says("[role=alert]", "The name or password is wrong");
    assert_eq!(browser.value("#name"), "ann");
    browser.type_into("#password", PASSWORD);
    browser.follow("form.stacked button");
    // The page that was requested first.
    assert_eq!(browser.path(), "/admin/tasks");
    browser.says("h1", "tasks");
}

fn runs_a_query(browser: &Browser) {
    browser.goto("/sql");
    browser.type_into("#sql", "select n, n * :factor::int as times\nfrom nothing");
    browser.follow("form.query button");
    browser.type_into("#p-factor", "3");
    browser.follow("form.query button");
    browser.says("[role=alert]", "Line 2, column 6.");
    browser.says("pre mark", "nothing");
    browser.type_into(
        "#sql",
        "select n, n * :factor::int as times\nfrom generate_series(1, 4) as n",
    );
    browser.wait(browser.find("#chart").select_by_value("line"));
    browser.follow("form.query button");
    browser.says("[role=status]", "4 rows in");
    browser.says("table.rows", "12");
    browser.find("svg.chart polyline");
    browser.click("a[download][href^='/sql/rows.csv']");
    assert_eq!(
        browser.downloaded("query.csv"),
        "n,times\n1,3\n2,6\n3,9\n4,12\n"
    );
    browser.goto("/admin/tasks");
}

fn adds_a_task(browser: &Browser) {
    browser.follow("a.button");
    browser.wait(browser.find("#c-start_time").send_keys("11222026101500AM"));
    browser.wait(browser.find("#c-end_time").send_keys("11212026101500AM"));
    browser.follow("[name=_save]");
    browser.says("[role=alert]", "name: This field is required.");
    browser.says("[role=alert]", "end_time: The end is not before the start.");
    assert_eq!(browser.value("#c-start_time"), "2026-11-22T10:15");
    browser.type_into("#c-name", "a <b>task</b>");
    browser.wait(browser.find("#c-end_time").send_keys("11232026101500AM"));
    browser.follow("[name=_save]");
    browser.says("[role=status]", "Added “a <b>task</b>”.");
    browser.follow("table.rows tbody a");
    browser.says("h1", "a <b>task</b>");
    browser.type_into("#c-name", "renamed");
    browser.follow("[name=_save]");
    browser.says("[role=status]", "Changed “renamed”: name.");
    browser.says("table.rows", "renamed");
}

fn tasks(place: &Place) {
    place.database.run(
        "insert into public.tasks (name, start_time) select 'many ' || n, '2026-01-01' from generate_series(1, 30) as n",
    );
}

fn deletes_what_is_ticked(browser: &Browser, count: usize) {
    browser.follow(".actions button");
    browser.says("h1", &format!("Delete {count} rows?"));
    browser.follow("button.dangerous");
    browser.says("[role=status]", &format!("Deleted {count} rows."));
    // The search is still there.
    assert_eq!(browser.path(), "/admin/tasks?q=many");
}

fn downloads(browser: &Browser, place: &Place) {
    browser.click("a[download][href$='valid_appts.csv']");
    assert_eq!(
        browser.downloaded("valid_appts.csv"),
        place.out.read("valid_appts.csv")
    );
}

/// Errors of scripts, or violations of the content security policy.
fn no_errors(browser: &Browser) {
    browser.run("window.troubles = []; addEventListener('securitypolicyviolation', (each) => window.troubles.push(each.blockedURI))");
    browser.run("dispatchEvent(new Event('visibilitychange'))");
    assert_eq!(browser.run("return window.troubles.length"), 0);
}
