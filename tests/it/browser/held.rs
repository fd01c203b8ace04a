//! A held load is published with a click, and its page has no accessibility problem.

use super::Browser;
use super::look::LOOKS;
use crate::support::{Folder, with_held_load};
use crate::web::{PASSWORD, Site, add_user};

#[test]
fn a_click_publishes() {
    let (database, data) = with_held_load();
    let out = Folder::new();
    add_user(&database, "bob", "operator");
    let serve = database.elt().args(["serve"]);
    let site = Site::spawn(serve.path("--data", data.path()).path("--out", out.path()));
    let browser = Browser::open(&site.origin());
    browser.sign_in("bob", PASSWORD);
    browser.goto("/");
    browser.follow("main .box li a");
    let wrong = browser.problems("held-load", &LOOKS);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.follow("form[action='/loads/2/publish'] button");
    assert_eq!(browser.path(), "/jobs/1");
    browser.will_say("h1", "succeeded");
    browser.goto("/loads/2");
    browser.says("dl", "live");
}
