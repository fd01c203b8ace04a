//! How a page looks on a screen: accessibility problems, width, and a screenshot.

use super::Browser;
use crate::support::repository;
use serde_json::json;

/// A screen and the reader's choice of colours.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) name: &'static str,
    width: u32,
    is_dark: bool,
}

pub(super) const LIGHT: Look = Look {
    name: "light",
    width: 1280,
    is_dark: false,
};

pub(super) const PHONE_DARK: Look = Look {
    name: "phone-dark",
    width: 390,
    is_dark: true,
};

pub(super) const LOOKS: [Look; 4] = [
    LIGHT,
    Look {
        name: "dark",
        is_dark: true,
        ..LIGHT
    },
    Look {
        name: "phone",
        is_dark: false,
        ..PHONE_DARK
    },
    PHONE_DARK,
];

/// The height of the screen.
const HEIGHT: u64 = 1000;
/// Longer pages are cut in screenshots.
const HIGHEST: u64 = 3000;

impl Browser {
    /// Shows the current page in each look. Writes the screenshots, and returns the problems.
    pub(super) fn problems(&self, page: &str, looks: &[Look]) -> Vec<String> {
        let axe = repository().join("target/browser/axe.min.js");
        let axe = std::fs::read_to_string(&axe).unwrap_or_else(|error| {
            panic!("{}: {error}: sh .ci/setup browser brings it", axe.display())
        });
        self.run(&format!("{axe}; return null"));
        let pictures = repository().join("target/screenshots");
        std::fs::create_dir_all(&pictures).unwrap();
        let mut problems = Vec::new();
        for look in looks {
            self.show_as(*look);
            let mut found = self.violations();
            let wide = "return document.documentElement.scrollWidth > window.innerWidth";
            if self.run(wide) == true {
                found.push("the page is wider than the window".into());
            }
            let name = look.name;
            problems.extend(
                found
                    .iter()
                    .map(|problem| format!("{page}, {name}: {problem}")),
            );
            let picture = pictures.join(format!("{page}-{name}.png"));
            std::fs::write(picture, self.picture(*look)).unwrap();
        }
        self.show_as(LIGHT);
        problems
    }

    pub(super) fn show_as(&self, look: Look) {
        self.resize(look.width, HEIGHT);
        let scheme = if look.is_dark { "dark" } else { "light" };
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &scheme);
    }

    pub(super) fn resize(&self, width: u32, height: u64) {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// The accessibility problems that axe-core finds.
    fn violations(&self) -> Vec<String> {
        let script = include_str!("violations.js");
        let found = self.wait(self.client().execute_async(script, Vec::new()));
        serde_json::from_value(found).unwrap()
    }

    /// A screenshot of the whole page.
    fn picture(&self, look: Look) -> Vec<u8> {
        let height = self.run("return document.documentElement.scrollHeight");
        let height = height.as_u64().unwrap().clamp(HEIGHT, HIGHEST);
        self.resize(look.width, height);
        self.wait(self.client().screenshot())
    }
}
