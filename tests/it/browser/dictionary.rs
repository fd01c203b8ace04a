//! The look of the pages of `elt docs`, opened as files.

use super::Browser;
use super::look::{LIGHT, PHONE_DARK};
use crate::support::{Database, Folder};

#[test]
fn the_dictionary_is_for_everybody_on_a_phone_too() {
    let (database, out) = (Database::new(), Folder::new());
    database
        .elt()
        .args(["docs"])
        .path("--out", out.path())
        .run()
        .ok();
    let browser = Browser::open(&format!("file://{}", out.path().display()));
    let mut wrong = Vec::new();
    for page in ["index", "engine"] {
        browser.goto(&format!("/{page}.html"));
        wrong.extend(browser.problems(&format!("dictionary-{page}"), &[LIGHT, PHONE_DARK]));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The check reports a faint text, also far down on the page.
    browser.run("document.querySelector('tr:last-child td:last-child').style.color = 'silver'");
    let found = browser.problems("dictionary-faint", &[LIGHT]);
    assert!(found.concat().contains("color-contrast"), "{found:?}");
}
