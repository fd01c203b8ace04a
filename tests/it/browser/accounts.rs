//! Accounts in the browser: an admin adds one, and its user chooses a password and manages tokens and sessions.

use super::Browser;
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};

const NEW: &str = "another horse battery staple";

#[test]
fn with_scripts() {
    let (database, site) = place();
    manages_accounts(&database, &Browser::open(&site.origin()));
}

#[test]
fn without_scripts() {
    let (database, site) = place();
    manages_accounts(&database, &Browser::without_scripts(&site.origin()));
}

fn place() -> (Database, Site) {
    let database = Database::new();
    add_user(&database, "ann", "admin");
    let site = Site::start(&database);
    (database, site)
}

fn manages_accounts(database: &Database, browser: &Browser) {
    browser.sign_in("ann", PASSWORD);
    browser.follow("nav a[href='/accounts']");
    browser.type_into("#name", "bob");
    browser.wait(browser.find("#role").select_by_label("operator"));
    browser.follow("form.fields button");
    browser.says("[role=status]", "It is shown only once");
    let one_time = browser.text("code.secret");
    // A reload sends the form again, and shows no password.
    browser.wait(browser.client().refresh());
    browser.will_say("[role=alert]", "The form was sent before");
    browser.follow("main p a");
    browser.says("h1", "bob");
    browser.says("dl", "has a one-time password");
    browser.follow(".who button");

    // The user chooses a password, and nothing else is in the menu.
    browser.sign_in("bob", &one_time);
    assert_eq!(browser.path(), "/password");
    assert_eq!(browser.text("nav"), "");
    browser.type_into("#old", &one_time);
    browser.type_into("#new", NEW);
    browser.type_into("#again", NEW);
    browser.follow("form.stacked button");
    assert_eq!(browser.path(), "/sign-in");
    browser.sign_in("bob", NEW);

    browser.follow(".who a");
    browser.says("main", "There are no tokens.");
    browser.says("table", "Chrome on Linux");
    browser.says("table", "this browser");
    browser.type_into("#token-name", "nightly import");
    browser.wait(browser.find("#token-access").select_by_value("write"));
    browser.follow("[value=new-token]");
    let token = browser.text("code.secret");
    assert!(token.starts_with("elt_"), "{token}");
    browser.follow("main p a");
    browser.says("[aria-label=Tokens]", "read and write");
    browser.follow("[value=revoke-token]");
    browser.says("[role=status]", "Revoked one token.");
    browser.says("[aria-label=Tokens]", "revoked");
    browser.follow(".who button");

    // The admin finds all of that in the audit, and disables the account.
    browser.sign_in("ann", PASSWORD);
    browser.goto("/accounts/bob");
    browser.follow("button.dangerous");
    browser.says("[role=status]", "Disabled bob.");
    browser.follow(".heading a");
    assert_eq!(browser.path(), "/audit?account=bob");
    for action in [
        "account.disable",
        "token.revoke",
        "token.add",
        "password.set",
        "account.add",
    ] {
        browser.says("[aria-label=Audit]", action);
    }
    let all = database.text("select string_agg(audit::text, '') from elt.audit");
    assert!(!all.contains(&one_time) && !all.contains(&token));
}
