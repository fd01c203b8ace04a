//! Connection settings by libpq's rules, compared with psql; TLS; poolers.

mod clients;
mod pooler;
mod rules;
mod servers;
mod tls;

use crate::support::{Elt, Folder};
use servers::{Server, psql};
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

/// One way to name a server, and the expected session, `user|database|address|encrypted`.
struct Case<'a> {
    what: &'a str,
    url: String,
    variables: Vec<(&'static str, String)>,
    /// Or a part of psql's error message, if both must refuse.
    expected: Result<String, &'a str>,
}

fn case<'a>(what: &'a str, url: impl Into<String>, expected: impl Into<String>) -> Case<'a> {
    Case {
        what,
        url: url.into(),
        variables: Vec::new(),
        expected: Ok(expected.into()),
    }
}

fn refused<'a>(what: &'a str, psql_says: &'a str, url: impl Into<String>) -> Case<'a> {
    Case {
        expected: Err(psql_says),
        ..case(what, url, "")
    }
}

impl Case<'_> {
    fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    /// psql's session and error messages.
    fn psql(&self, home: &Folder) -> (Option<String>, String) {
        let asks = "select current_user, current_database(), coalesce(host(inet_server_addr()), 'socket'), \
                    coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)";
        let mut command = psql();
        command
            .args(["-X", "-w", "-A", "-t", "-c", asks])
            .env("HOME", home.path());
        if !self.url.is_empty() {
            command.args(["-d", &self.url]);
        }
        let variables = self.variables.iter().map(|(name, value)| (*name, value));
        let output = command
            .envs(variables)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_string();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success().then_some(said), stderr)
    }

    /// elt's session according to the server's log, and its error messages.
    fn elt(&self, home: &Folder, servers: &[&Server]) -> (Option<String>, String) {
        let marks: Vec<usize> = servers.iter().map(|server| server.log().len()).collect();
        let mut elt = Elt::bare().args(["status"]).env("HOME", home.path());
        if !self.url.is_empty() {
            elt = elt.env("DATABASE_URL", &self.url);
        }
        for (name, value) in &self.variables {
            elt = elt.env(name, value);
        }
        let outcome = elt.run();
        let mut said: Vec<String> = servers
            .iter()
            .zip(marks)
            .filter_map(|(server, mark)| server.accepted(&server.log()[mark..]))
            .collect();
        let is_connected = !matches!(outcome.code, Some(2 | 5));
        assert_eq!(
            is_connected,
            said.len() == 1,
            "{}: {said:?}\n{}",
            self.what,
            outcome.stderr
        );
        (said.pop(), outcome.stderr)
    }
}

/// Checks that psql and elt do what is expected, and that elt prints no password.
#[track_caller]
fn check(cases: &[Case<'_>], home: &Folder, servers: &[&Server]) {
    let mut problems = Vec::new();
    for case in cases {
        // Both run at the same time, because some cases wait for a timeout.
        let ((by_psql, psql_says), (by_elt, elt_says)) = std::thread::scope(|scope| {
            let psql = scope.spawn(|| case.psql(home));
            let elt = case.elt(home, servers);
            (psql.join().unwrap(), elt)
        });
        let is_expected = match &case.expected {
            Ok(session) => by_psql.as_ref() == Some(session) && by_elt.as_ref() == Some(session),
            Err(text) => by_psql.is_none() && psql_says.contains(text) && by_elt.is_none(),
        };
        if !is_expected || elt_says.contains(servers::PASSWORD) {
            problems.push(format!(
                "{}\nexpected: {:?}\npsql: {by_psql:?} {psql_says}\nelt: {by_elt:?} {elt_says}",
                case.what, case.expected
            ));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn write_private(folder: &Folder, name: &str, text: &str, mode: u32) -> String {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    path.display().to_string()
}
