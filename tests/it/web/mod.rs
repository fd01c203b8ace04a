//! Tests of the web application with requests of browsers, programs and attackers.

mod accounts;
mod accounts_admin;
mod accounts_own;
mod admin;
mod admin_lists;
mod admin_rights;
mod api;
mod api_addresses;
mod api_bodies;
mod api_document;
mod api_lists;
mod api_pages;
mod attacks;
mod audit;
mod chart_forms;
mod charts;
mod explore;
mod filters;
mod forms;
mod freshness;
mod held;
mod job_selected;
mod job_start;
mod jobs;
mod kept;
mod limits;
mod lists;
mod live;
mod loads;
mod locks;
mod looking;
mod metrics;
mod resource_lists;
mod resource_rights;
mod resources;
mod rights;
mod saved_views;
mod search;
mod serve;
mod sign_in;
mod sql_attacks;
mod sql_page;
mod sql_saved;
mod time_zones;
mod trends;
mod values;

use crate::support::{Database, Elt};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A running `elt serve`.
pub(crate) struct Site {
    child: Child,
    port: u16,
    /// What it has written to stderr since it listens.
    log: Arc<Mutex<String>>,
}

/// A response.
#[derive(Debug)]
struct Answer {
    status: u16,
    /// Status line and headers in lower case.
    head: String,
    body: String,
}

impl Site {
    pub(crate) fn start(database: &Database) -> Site {
        Site::spawn(database.elt().args(["serve", "--no-worker"]))
    }

    /// `serve` is the command without the address to listen on.
    pub(crate) fn spawn(serve: Elt) -> Site {
        let mut child = serve
            .args(["--bind", "127.0.0.1:0"])
            .command()
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line
                .strip_prefix("serving http")?
                .split_once("127.0.0.1:")?;
            address.trim_end_matches('/').parse().ok()
        });
        // Reads stderr to its end, so that the server can always write to it.
        let log = Arc::new(Mutex::new(String::new()));
        let written = log.clone();
        std::thread::spawn(move || {
            for line in lines {
                let mut written = written.lock().unwrap();
                written.push_str(&line.unwrap_or_default());
                written.push('\n');
            }
        });
        Site {
            child,
            port: port.unwrap(),
            log,
        }
    }

    /// What the server has written to stderr.
    fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// `headers`: lines, each with its end.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        // With HTTP/1.0, the response ends when the connection does.
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n{headers}Content-Length: {length}\r\n\r\n{body}",
            self.port
        );
        // The server may respond and close the connection before it has read the whole request.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&answer)
    }

    fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask("GET", path, &format!("Cookie: {cookie}\r\n"), "")
    }

    /// Sends a form like a page of this site.
    fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let headers = format!(
            "Cookie: {cookie}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            self.origin()
        );
        self.ask("POST", path, &headers, form)
    }

    fn sign_in(&self, name: &str, password: &str) -> Answer {
        let password = password.replace(' ', "+");
        self.post(
            "/sign-in",
            "",
            &format!("name={name}&password={password}&next=/jobs"),
        )
    }

    /// Signs in with an existing account. Returns the cookie.
    pub(crate) fn sign_in_as(&self, name: &str) -> String {
        self.sign_in(name, PASSWORD).cookie()
    }

    /// `headers`: lines, each with its end.
    pub(crate) fn status(&self, path: &str, headers: &str) -> u16 {
        self.ask("GET", path, headers, "").status
    }

    /// Adds an account and signs in. Returns the cookie.
    fn signed_in(&self, database: &Database, name: &str, role: &str) -> String {
        add_user(database, name, role);
        self.sign_in(name, PASSWORD).cookie()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn parse(bytes: &[u8]) -> Answer {
        let answer = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        Answer {
            status: head[9..12].parse().unwrap(),
            head: head.to_lowercase(),
            body: body.into(),
        }
    }

    /// All cookies that the response sets, as a browser sends them back.
    fn cookies(&self) -> String {
        let lines = self.head.lines();
        let set = lines.filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        set.collect::<Vec<_>>().join("; ")
    }

    fn cookie(&self) -> String {
        let line = self
            .head
            .lines()
            .find(|line| line.starts_with("set-cookie: "));
        let line = line.unwrap_or_else(|| panic!("no cookie: {self:?}"));
        line["set-cookie: ".len()..]
            .split(';')
            .next()
            .unwrap()
            .into()
    }

    #[track_caller]
    fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }

    #[track_caller]
    fn leads_to(self, path: &str) -> Answer {
        assert!(
            self.head.contains(&format!("location: {path}\r\n")),
            "{}",
            self.head
        );
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Answer {
        assert!(self.body.contains(text), "lacks {text}:\n{}", self.body);
        self
    }
}

pub(crate) fn add_user(database: &Database, name: &str, role: &str) {
    give_stdin(
        database,
        &["user", "add", name, "--role", role, "--password-stdin"],
        PASSWORD,
        0,
    );
}

/// Runs a command that reads stdin. Returns its stderr.
fn give_stdin(database: &Database, args: &[&str], text: &str, code: i32) -> String {
    let mut child = database
        .elt()
        .args(args)
        .command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}
