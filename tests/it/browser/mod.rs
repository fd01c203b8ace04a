//! The web application in a real browser: Debian's Chromium, driven by WebDriver. `sh .ci/setup browser` installs
//! both.

mod accounts;
mod api;
mod charts;
mod dictionary;
mod filters;
mod forms;
mod held;
mod jobs;
mod look;
mod looks;
mod ways;

use crate::support::Folder;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;
use url::Url;

/// The longest wait for an element of a page.
const PATIENCE: Duration = Duration::from_secs(60);

struct Browser {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    /// The folder of downloads and of its profile.
    folder: Folder,
    site: String,
}

impl Browser {
    /// `site`: the origin of the pages.
    fn open(site: &str) -> Browser {
        Browser::start(site, true)
    }

    fn without_scripts(site: &str) -> Browser {
        Browser::start(site, false)
    }

    fn start(site: &str, has_scripts: bool) -> Browser {
        let (driver, port) = (0..5).find_map(|_| start_driver()).unwrap();
        let folder = Folder::new();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--window-size=1280,1000",
            &format!("--user-data-dir={}/profile", folder.path().display()),
        ];
        let scripts = if has_scripts { 1 } else { 2 };
        let capabilities = json!({ "goog:chromeOptions": {
            "args": arguments,
            "prefs": {
                "profile.managed_default_content_settings.javascript": scripts,
            },
        }});
        let capabilities: Capabilities = serde_json::from_value(capabilities).unwrap();
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(async {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        });
        let browser = Browser {
            runtime,
            client: Some(client.unwrap()),
            driver,
            folder,
            site: site.into(),
        };
        // A headless Chromium only saves downloads if it is given a folder.
        let allow = json!({ "behavior": "allow", "downloadPath": browser.folder.path() });
        browser.devtools("Browser.setDownloadBehavior", &allow);
        browser
    }

    /// Calls a method of the DevTools protocol.
    fn devtools(&self, method: &str, parameters: &Value) -> Value {
        let command = DevTools(json!({ "cmd": method, "params": parameters }));
        self.wait(self.client().issue_cmd(command))
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    fn wait<T, E: std::fmt::Debug>(&self, future: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(future).unwrap()
    }

    fn goto(&self, path: &str) {
        self.wait(self.client().goto(&format!("{}{path}", self.site)));
    }

    /// Path and query of the current page.
    fn path(&self) -> String {
        let url = self.wait(self.client().current_url());
        url.as_str().strip_prefix(&self.site).unwrap().into()
    }

    /// Waits for an element.
    #[track_caller]
    fn find(&self, css: &str) -> fantoccini::elements::Element {
        let wait = self.client().wait().at_most(PATIENCE);
        let found = self.runtime.block_on(wait.for_element(Locator::Css(css)));
        found.unwrap_or_else(|error| panic!("no {css}: {error}: {}", self.text("main")))
    }

    #[track_caller]
    fn click(&self, css: &str) {
        let element = self.find(css);
        self.wait(element.click());
    }

    /// Clicks a link or button that leads to another page, and waits for that page.
    #[track_caller]
    fn follow(&self, css: &str) {
        let old = self.find("html");
        let clicked = self.find(css);
        self.wait(clicked.click());
        self.until("another page", || {
            self.runtime.block_on(old.tag_name()).is_err()
        });
    }

    fn until(&self, what: &str, is_so: impl FnMut() -> bool) {
        crate::support::wait_until(what, is_so);
    }

    #[track_caller]
    fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.wait(element.clear());
        self.wait(element.send_keys(text));
    }

    fn text(&self, css: &str) -> String {
        let found = self.runtime.block_on(async {
            let element = self.client().find(Locator::Css(css)).await?;
            element.text().await
        });
        found.unwrap_or_default()
    }

    fn value(&self, css: &str) -> String {
        let element = self.find(css);
        self.wait(element.prop("value")).unwrap_or_default()
    }

    #[track_caller]
    fn says(&self, css: &str, words: &str) {
        let text = self.text(css);
        assert!(text.contains(words), "{css} lacks {words}: {text}");
    }

    /// Waits until an element has this text.
    #[track_caller]
    fn will_say(&self, css: &str, words: &str) {
        self.until(&format!("{css} to say {words}"), || {
            self.text(css).contains(words)
        });
    }

    fn run(&self, script: &str) -> Value {
        self.wait(self.client().execute(script, Vec::new()))
    }

    fn sign_in(&self, name: &str, password: &str) {
        self.goto("/sign-in");
        self.type_into("#name", name);
        self.type_into("#password", password);
        self.follow("form.stacked button");
    }

    /// The text of a downloaded file.
    fn downloaded(&self, name: &str) -> String {
        // The file has its name before it is complete.
        let path = self.folder.path().join(name);
        let size = || std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        self.until("the download", || size() > 0);
        self.folder.read(name)
    }
}

/// Starts a driver and returns its port. The driver listens to one port number on IPv4 and IPv6, and ends if another
/// process has taken the second one in between.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver is missing: sh .ci/setup browser");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines.find_map(|line| {
        let line = line.unwrap();
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    if port.is_none() {
        driver.wait().unwrap();
    }
    std::thread::spawn(move || lines.for_each(drop));
    Some((driver, port?))
}

/// A call of the DevTools protocol.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
