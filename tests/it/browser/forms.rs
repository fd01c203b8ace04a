//! Forms filled and sent by a browser, with and without scripts.

use super::Browser;
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};

/// The checks that hold with and without scripts.
fn both(test: impl Fn(&Database, &Browser)) {
    for has_scripts in [true, false] {
        let database = Database::new();
        add_user(&database, "ann", "operator");
        let site = Site::start(&database);
        let browser = Browser::start(&site.origin(), has_scripts);
        browser.sign_in("ann", PASSWORD);
        test(&database, &browser);
    }
}

fn press(browser: &Browser, css: &str, keys: &str) {
    browser.wait(browser.find(css).send_keys(keys));
}

fn double_click(browser: &Browser, css: &str) {
    let element = browser.find(css);
    let click = |actions: MouseActions| {
        let button = MOUSE_BUTTON_LEFT;
        let down = actions.then(PointerAction::Down { button });
        down.then(PointerAction::Up { button })
    };
    let there = MouseActions::new("mouse".into()).then(PointerAction::MoveToElement {
        element,
        duration: None,
        x: 0.0,
        y: 0.0,
    });
    browser.wait(browser.client().perform_actions(click(click(there))));
}

#[test]
fn a_half_filled_date_is_held_back_and_the_stored_one_stays() {
    both(|database, browser| {
        browser.goto("/admin/tasks/add");
        browser.type_into("#c-name", "half");
        press(browser, "#c-start_time", "11222026");
        browser.click("[name=_save]");
        browser.find("#c-start_time:invalid");
        press(browser, "#c-start_time", "11222026101500AM");
        // A date that may also be empty.
        press(browser, "#c-end_time", "1123");
        browser.click("[name=_save]");
        browser.find("#c-end_time:invalid");
        press(browser, "#c-end_time", "11232026101500AM");
        browser.follow("[name=_save]");
        browser.says("[role=status]", "Added “half”.");
        assert_eq!(database.number("select count(*) from public.tasks"), 1);

        browser.goto("/admin/tasks/change?task_id=1");
        // A date without a month is invalid.
        press(browser, "#c-end_time", "\u{e003}");
        browser.click("[name=_save]");
        browser.find("#c-end_time:invalid");
        press(browser, "#c-end_time", "12");
        browser.follow("[name=_save]");
        browser.says("[role=status]", "Changed “half”: end_time.");
        let end = "select end_time::date::text from public.tasks";
        assert_eq!(database.text(end), "2026-12-23");
        let changes =
            "select count(*) from elt.change where operation = 'update' and account_name = 'ann'";
        assert_eq!(database.number(changes), 1);
        // It can be removed explicitly.
        browser.goto("/admin/tasks/change?task_id=1");
        browser.click("[name='empty.end_time']");
        browser.follow("[name=_save]");
        browser.says("[role=status]", "Changed “half”: end_time.");
        assert_eq!(
            database.number("select count(end_time) from public.tasks"),
            0
        );
    });
}

#[test]
fn a_double_click_is_one_task_and_one_job() {
    both(|database, browser| {
        browser.goto("/admin/tasks/add");
        browser.type_into("#c-name", "lab5");
        press(browser, "#c-start_time", "11222026101500AM");
        double_click(browser, "[name=_save]");
        browser.will_say("[role=status]", "Added “lab5”. It started job 1.");
        browser.goto("/jobs");
        double_click(browser, "[aria-label='Run nightly now']");
        browser.will_say("h1", "Job 2");
        browser.goto("/admin/tasks/delete?task_id=1");
        double_click(browser, "button.dangerous");
        browser.will_say("[role=status]", "Deleted “lab5”.");
        assert_eq!(database.number("select count(*) from elt.job"), 2);
        let added = "select count(*) from elt.change where operation = 'insert' and table_name = 'public.tasks'";
        assert_eq!(database.number(added), 1);
    });
}

#[test]
fn the_end_of_a_session_costs_nothing_that_was_typed() {
    both(|database, browser| {
        browser.goto("/admin/tasks/add");
        browser.type_into("#c-name", "a <b>task</b>");
        press(browser, "#c-start_time", "11222026101500AM");
        database.run("delete from elt.session");
        browser.follow("[name=_save]");
        browser.says("[role=status]", "Your session has ended");
        browser.type_into("#name", "ann");
        browser.type_into("#password", PASSWORD);
        browser.follow("form.stacked button");
        browser.says("[role=status]", "It is not saved yet.");
        assert_eq!(browser.path(), "/sign-in");
        assert_eq!(browser.value("#c-name"), "a <b>task</b>");
        assert_eq!(browser.value("#c-start_time"), "2026-11-22T10:15");
        assert_eq!(database.number("select count(*) from public.tasks"), 0);
        browser.follow("[name=_save]");
        browser.says("[role=status]", "Added “a <b>task</b>”.");
        assert_eq!(database.number("select count(*) from public.tasks"), 1);
    });
}
