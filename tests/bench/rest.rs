//! How fast records get from an API into the database, compared with other tools on the same machine:
//! `cargo bench --bench rest`. `ELT_BENCH_ROWS`: the number of records, by default 100,000. `ELT_BENCH_PYTHON`: a
//! Python with dlt (see dlt_rest.py), to run it too.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

// The tests use more of it.
#[allow(dead_code)]
#[path = "../rest/server/mod.rs"]
mod server;

#[path = "program.rs"]
mod program;

use program::{command, elt, output};
use server::{Options, Server};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const RUNS: usize = 5;

struct Bench {
    rows: usize,
    page_size: usize,
    server: Server,
    home: PathBuf,
    database: String,
}

fn main() {
    let rows = std::env::var("ELT_BENCH_ROWS").map_or(100_000, |rows| rows.parse().unwrap());
    let python = std::env::var_os("ELT_BENCH_PYTHON").map(PathBuf::from);
    let home = PathBuf::from(format!("/tmp/elt-bench-{}", std::process::id()));
    std::fs::create_dir(&home).unwrap();
    elt(&home, &["db", "start"]);
    elt(&home, &["migrate"]);
    let database = elt(&home, &["db", "url"]);
    for page_size in [100, 1_000] {
        let set = format!("update elt.rest_source set page_size = {page_size}");
        elt(&home, &["db", "psql", "--", "-qc", &set]);
        let bench = Bench {
            rows,
            page_size,
            server: Server::start(Options {
                page_size,
                // Frameworks leave it to a proxy; here it would take as much of the processor as a loader.
                gzip: false,
                ..Options::new((0..rows).map(record).collect())
            })
            .unwrap(),
            home: home.clone(),
            database: database.clone(),
        };
        bench.run(python.as_deref());
    }
    elt(&home, &["db", "stop"]);
    std::fs::remove_dir_all(&home).unwrap();
}

/// Like those of the lab.
fn record(index: usize) -> String {
    format!(
        "{{\"emr_practice_id\": 1, \"emr_appointment_id\": {}, \"emr_provider_id\": {}, \
         \"emr_department_id\": {}, \"appointment_status\": \"4\", \"encounter_state\": \"CLOSED\", \
         \"encounter_status\": \"CHECKEDOUT\", \"appointment_date\": \"2021-01-{:02}\"}}",
        31_000_000 + index,
        index % 500,
        index % 60,
        index % 28 + 1
    )
}

impl Bench {
    fn run(&self, python: Option<&Path>) {
        println!(
            "\n{} records on pages of {}, whole commands:",
            self.rows, self.page_size
        );
        let pipeline = Cell::new(0.0);
        let mut contestants: Vec<(String, Box<dyn Fn() -> f64 + '_>)> = vec![
            ("elt load --requests 4".into(), Box::new(|| self.elt("4"))),
            ("elt load --requests 1".into(), Box::new(|| self.elt("1"))),
            ("only reading the pages".into(), Box::new(|| self.read())),
        ];
        if let Some(python) = python {
            contestants.push(("dlt".into(), Box::new(|| self.dlt(python, &pipeline))));
            // Of the same run.
            let seconds = || pipeline.get();
            contestants.push(("dlt, after Python's start".into(), Box::new(seconds)));
        }
        let mut times = vec![Vec::new(); contestants.len()];
        for _ in 0..RUNS {
            for ((_, contestant), times) in contestants.iter().zip(&mut times) {
                times.push(contestant());
            }
        }
        let medians: Vec<f64> = times.into_iter().map(median).collect();
        for ((name, _), median) in contestants.iter().zip(&medians) {
            println!(
                "  {name:25} {median:6.2} s {:9.0} rows/s {:6.2} x elt's time",
                self.rows as f64 / median,
                median / medians[0]
            );
        }
    }

    fn elt(&self, jobs: &str) -> f64 {
        let begun = Instant::now();
        let mut command = command(
            &self.home,
            &["load", "rest_appointments", "--requests", jobs, "--json"],
        );
        let output = self.who(command.env("ELT_REST_APPOINTMENTS_URL", self.server.url()));
        let report: serde_json::Value = serde_json::from_str(&output).unwrap();
        assert_eq!(report["load"]["sources"][0]["rows"], self.rows);
        begun.elapsed().as_secs_f64()
    }

    /// `pipeline` is set to the seconds without the start of Python.
    fn dlt(&self, python: &Path, pipeline: &Cell<f64>) -> f64 {
        let begun = Instant::now();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/dlt_rest.py");
        // dlt requires a host and a password, although a socket needs neither.
        let database = self
            .database
            .replace("postgres@/", "postgres:none@localhost/");
        let mut command = Command::new(python);
        command
            .arg(script)
            .args([&self.server.url(), &database, &self.page_size.to_string()]);
        let output = self.who(&mut command);
        let (rows, seconds) = output.trim().rsplit_once(' ').unwrap();
        assert_eq!(rows, self.rows.to_string());
        pipeline.set(seconds.parse().unwrap());
        begun.elapsed().as_secs_f64()
    }

    /// Requests one page after another and drops them: the upper limit for a loader with one connection.
    fn read(&self) -> f64 {
        let begun = Instant::now();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::blocking::Client::new();
        let url = self.server.url();
        let json = |request: reqwest::blocking::RequestBuilder| {
            let request = request.header("content-type", "application/json");
            request
                .send()
                .unwrap()
                .error_for_status()
                .unwrap()
                .text()
                .unwrap()
        };
        let who = r#"{"username": "user", "password": "password"}"#;
        let token: serde_json::Value = serde_json::from_str(&json(
            client.post(format!("{url}/api-token-auth")).body(who),
        ))
        .unwrap();
        let token = format!("Token {}", token["token"].as_str().unwrap());
        for page in 1..=self.rows.div_ceil(self.page_size) {
            let page = format!(
                "{url}/appointments/?page={page}&page_size={}",
                self.page_size
            );
            json(client.get(page).header("authorization", &token));
        }
        begun.elapsed().as_secs_f64()
    }

    /// Runs it with the API's credentials, and returns its stdout.
    fn who(&self, command: &mut Command) -> String {
        command.env("ELT_REST_APPOINTMENTS_USERNAME", "user");
        command.env("ELT_REST_APPOINTMENTS_PASSWORD", "password");
        output(command)
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
