//! The look of the pages of `elt docs`, opened as files.

use super::{Browser, DESKTOP, Options};
use crate::support::{Database, Folder, repository};

#[test]
fn the_dictionary_is_for_everybody_on_a_phone_too() {
    let (database, out) = (Database::new(), Folder::new());
    database
        .elt()
        .args(["docs"])
        .path("--out", out.path())
        .run()
        .ok();
    let pictures = repository().join("target/screenshots");
    std::fs::create_dir_all(&pictures).unwrap();
    let phone = Options {
        width: 390,
        is_dark: true,
        ..DESKTOP
    };
    let mut wrong = Vec::new();
    for (look, options) in [("light", DESKTOP), ("phone-dark", phone)] {
        let browser = Browser::open(&format!("file://{}", out.path().display()), options);
        for page in ["index", "engine"] {
            browser.goto(&format!("/{page}.html"));
            let picture = pictures.join(format!("dictionary-{page}-{look}.png"));
            std::fs::write(picture, browser.picture()).unwrap();
            wrong.extend(browser.violations());
            let wide = "return document.documentElement.scrollWidth > window.innerWidth";
            if browser.run(wide) == true {
                wrong.push(format!("{page}, {look}: wider than the window"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
