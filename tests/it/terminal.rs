//! Output: quiet, verbose, for programs, on narrow terminals, and in psql.

use crate::support::{Database, Elt, Folder, HEADER, Outcome, ProjectCopy};
use std::process::Command;

/// Clears the line of progress.
const CLEAR: &str = "\r\u{1b}[2K";

fn at_terminal(database: &Database, columns: u32, arguments: &str) -> String {
    let program = env!("CARGO_BIN_EXE_elt");
    let line = format!("stty cols {columns} rows 50; {program} {arguments}");
    let mut command = Elt::bare().env("DATABASE_URL", database.url()).command();
    let variables: Vec<_> = command
        .get_envs()
        .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
        .collect();
    command = Command::new("script");
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // Progress is shown only on terminals that can clear a line.
    command.env("TERM", "xterm");
    let output = command.args(["-qec", &line, "/dev/null"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
}

#[test]
fn quiet_omits_summaries_but_not_results() {
    let (database, out, data) = (Database::new(), Folder::new(), Folder::with_other_data());
    for args in [
        &["load", "-q"][..],
        &["run", "-q", "--force"],
        &["gc", "-q"],
        &["migrate", "-q"],
    ] {
        let elt = database.elt().env("ELT_OUT", out.path()).args(args);
        let elt = elt.env("ELT_DATA", data.path());
        let outcome = elt.run().ok();
        assert_eq!(
            (outcome.stdout.as_str(), outcome.stderr.as_str()),
            ("", ""),
            "{args:?}"
        );
    }
    let status = database
        .elt()
        .args(["status"])
        .env("ELT_QUIET", "1")
        .run()
        .ok();
    assert!(status.stdout.contains("appointments"));
    let failed = database
        .elt()
        .args(["load", "nothing", "-q"])
        .run()
        .exits_with(2);
    failed.says(&["elt: there is no source"]);
    database
        .elt()
        .args(["status", "-q", "-v"])
        .run()
        .exits_with(2);
}

/// The lines on stderr, which must all be warnings.
fn warnings(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.stderr.lines();
    let warnings = lines.map(|line| line.strip_prefix("warning: ").expect(line).to_string());
    warnings.collect()
}

#[test]
fn without_tables_rejects_and_violations_are_warnings() {
    let (database, out) = (Database::new(), Folder::new());
    let elt = |line: &str| {
        let elt = database.elt().args(line.split(' '));
        elt.env("ELT_OUT", out.path())
    };
    let rejects = "source \"appointments\": 6 rows rejected: elt rejects 1";
    let rule = "rule \"rows_rejected\" of level warning has 9 violations: elt check rows_rejected";
    let has = |warnings: &[String], text: &str| warnings.iter().any(|warning| warning == text);
    let load = elt("load -q").run().ok();
    assert_eq!(load.stdout, "");
    let said = warnings(&load);
    assert!(has(&said, rejects) && has(&said, rule), "{said:?}");
    let rules = database.number(
        "select count(*) from elt.rule_result where violation_count > 0 and publish_id = 1",
    );
    assert_eq!(i64::try_from(said.len()).unwrap(), rules + 2);
    // A file that is already live still has its rejects.
    let again = elt("load --json").run().ok();
    assert_eq!(again.json()["schema_version"], 1);
    let said = warnings(&again);
    assert!(has(&said, rejects) && said.len() == 2, "{said:?}");
    let said = warnings(&elt("run --json -q").run().ok());
    assert!(has(&said, rejects) && has(&said, rule), "{said:?}");
    let usual = elt("run --force").run().ok();
    assert_eq!(usual.stderr, "");
    assert!(usual.stdout.contains("to see all rejects: elt rejects "));
    let objects = elt("load --force -q --log-format json").run().ok();
    let object: serde_json::Value =
        serde_json::from_str(objects.stderr.lines().next().unwrap()).unwrap();
    assert_eq!(object["level"], "WARN");
}

#[test]
fn rejects_of_a_replay_are_warnings() {
    let (database, data) = (Database::new(), Folder::new());
    let rows = (3..=12).map(|number| format!("1,{number},,,4,,,2023-01-01\n"));
    let text = format!("{HEADER}1,1\n1,2\n{}", rows.collect::<String>());
    data.write("lab1_appointments.csv", text);
    let elt = |line: &str| database.elt().args(line.split(' '));
    let load = || elt("load appointments -q").path("--data", data.path());
    let left = |outcome: &Outcome| warnings(outcome).remove(0);
    assert_eq!(
        left(&load().run().ok()),
        "source \"appointments\": 2 rows rejected: elt rejects 1"
    );
    let corrected = data.path().join("corrected.csv");
    let rejects = elt("rejects appointments").path("--out", &corrected);
    rejects.run().ok();
    let text = data.read("corrected.csv");
    let text = text.replace("1,1\n", "1,1,,,4,,,2023-01-01\n");
    data.write("corrected.csv", text);
    let replay = elt("load appointments -q").path("--replay", &corrected);
    let of_the_rest = "source \"appointments\": 1 row rejected: elt rejects 2";
    assert_eq!(left(&replay.run().ok()), of_the_rest);
    assert_eq!(left(&load().run().ok()), of_the_rest, "unchanged");
}

#[test]
fn verbose_prints_each_step() {
    let (database, out) = (Database::new(), Folder::new());
    let elt = database.elt().args(["run", "-v"]).path("--out", out.path());
    elt.run().ok().says(&[
        "staged source \"practices\": load 4, 6 rows, 0 rejected",
        "core.appointments: 2805 inserted, 0 updated, 0 deleted",
        "epion_utilization.csv: ",
    ]);
}

#[test]
fn the_json_log_has_one_object_per_line() {
    let (database, data) = (Database::new(), Folder::with_data());
    data.write("practices.json", "[]");
    database.elt().args(["load"]).run().ok();
    let elt = database.elt().args(["load", "practices", "-v"]);
    let elt = elt
        .env("ELT_LOG_FORMAT", "json")
        .path("--data", data.path());
    let outcome = elt.run().ok();
    let lines: Vec<serde_json::Value> = outcome
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let has = |level: &str, text: &str| {
        lines
            .iter()
            .any(|line| line["level"] == level && line["message"].as_str().unwrap().contains(text))
    };
    assert!(
        has("DEBUG", "staged source") && has("WARN", "now has no row"),
        "{lines:?}"
    );
    let elt = database
        .elt()
        .args(["load", "nothing", "--log-format", "json"]);
    let outcome = elt.run().exits_with(2);
    let line: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(
        (&line["level"], &line["exit_code"]),
        (&"ERROR".into(), &2.into())
    );
    assert_eq!(line["message"], "there is no source \"nothing\"");
    let hints = line["hints"].as_str().unwrap();
    assert!(
        hints.starts_with("[\"") && !hints.contains("Sentence"),
        "{hints}"
    );
}

#[test]
fn progress_is_shown_only_on_a_terminal() {
    let (database, data) = (Database::new(), Folder::with_data());
    // Large enough for figures, which appear after a second. The last record is cut off, so that nothing is published.
    let text = "{\"practice_name\": \"x\", \"emr_practice_id\": 1, \"epion_practice_id\": 2}\n"
        .repeat(800_000);
    data.write("practices.json", text + "{\"cut");
    let load = format!("load practices --data {}", data.path().display());
    let shown = at_terminal(&database, 70, &load);
    assert!(
        shown.contains(&format!("{CLEAR}loading practices: ")),
        "{shown}"
    );
    let figures = shown.split(CLEAR).find(|line| line.contains('%'));
    let figures = figures.unwrap().trim_end();
    for part in ["% of 52.6 MiB", " rows", " s left"] {
        assert!(figures.contains(part), "{figures}");
    }
    assert!(figures.len() < 70, "{figures}");
    let quiet = database.elt().args(load.split(' ')).run().exits_with(1);
    assert!(
        quiet.stderr.starts_with("elt: could not load"),
        "{}",
        quiet.stderr
    );
}

#[test]
fn sixty_columns_are_enough() {
    let (database, out) = (Database::new(), Folder::new());
    let run = format!("run --out {}", out.path().display());
    let mut all = at_terminal(&database, 60, &run);
    for command in [
        "status",
        "loads",
        "loads 1",
        "rejects",
        "jobs kinds",
        "jobs schedules",
        "migrate --status",
        "check offices_not_launched",
        "gc --dry-run",
    ] {
        all.push_str(&at_terminal(&database, 60, command));
    }
    let is_readable = |line: &&str| {
        // A long line may be a name with its value, which is not broken.
        let parts = line.split("  ").filter(|part| !part.trim().is_empty());
        line.chars().count() <= 60 || parts.count() <= 2
    };
    let remaining = all
        .lines()
        .map(|line| line.rsplit(CLEAR).next().unwrap_or(line));
    let unreadable: Vec<&str> = remaining.filter(|line| !is_readable(line)).collect();
    assert!(unreadable.is_empty(), "{unreadable:#?}");
    assert!(all.contains("source    appointments\n"), "{all}");
}

#[test]
fn purge_asks_on_a_terminal() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let purge = |answer: &[u8]| {
        let purge = Elt::at_terminal("purge load 1").env("DATABASE_URL", database.url());
        let mut purge = purge.start_fed();
        purge.feed(answer);
        purge.finish()
    };
    let said = purge(b"n\n").exits_with(1).stdout;
    assert!(said.contains("Delete these rows? [y/N]"), "{said}");
    assert!(said.contains("nothing was deleted"), "{said}");
    let state = "select state from elt.load where load_id = 1";
    assert_eq!(database.text(state), "published");
    purge(b"y\n").ok();
    assert_eq!(database.text(state), "purged");
}

#[test]
fn no_color_omits_colours() {
    let database = Database::new();
    assert!(at_terminal(&database, 80, "--help").contains("\u{1b}["));
    let plain = Elt::at_terminal("--help").env("NO_COLOR", "1").run().ok();
    assert!(!plain.stdout.contains("\u{1b}["), "{}", plain.stdout);
}

#[test]
fn exports_can_be_lines_of_json_and_go_to_stdout() {
    let (database, out) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    let elt = database.elt().args(["export", "--format", "ndjson"]);
    elt.path("--out", out.path()).run().ok();
    let manifest: serde_json::Value = serde_json::from_str(&out.read("elt-export.json")).unwrap();
    for file in manifest["files"].as_array().unwrap() {
        let lines = out.read(file["file"].as_str().unwrap());
        let rows: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(file["rows"], rows.len());
    }
    let lines = out.read("epion_utilization.ndjson");
    let first = "{\"month\":\"2022-12\",\"valid_epion_appointments\":0,\"total_valid_appointments\":12,\"utilization_rate\":0.0000}\n";
    assert!(lines.starts_with(first), "{lines}");
    // Values with quotes, commas and line ends.
    let csv = database
        .elt()
        .args(["export", "valid_appts", "--out", "-"])
        .run()
        .ok()
        .stdout;
    let json = database
        .elt()
        .args(["export", "valid_appts", "--out", "-", "--format", "ndjson"])
        .run()
        .ok()
        .stdout;
    let expected = std::fs::read_to_string("tests/expected/valid_appts.csv").unwrap();
    assert_eq!(csv, expected);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    for (record, line) in records.iter().zip(json.lines()) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            row["encounter_state"].as_str().unwrap_or_default(),
            &record[5]
        );
    }
    assert_eq!(json.lines().count(), records.len());
}

#[test]
fn views_are_listed_with_versions_and_old_texts_are_shown() {
    let database = Database::new();
    let views = database.elt().args(["views", "--json"]).run().ok().json();
    let utilization = views["views"]
        .as_array()
        .unwrap()
        .iter()
        .find(|view| view["name"] == "public.epion_utilization")
        .unwrap()
        .clone();
    assert_eq!(
        (&utilization["version"], &utilization["layer"]),
        (&1.into(), &"mart".into())
    );
    assert_eq!(utilization["read_by"][0], "export.epion_utilization");
    let show = |args: &[&str]| database.elt().args(["views", "show"]).args(args).run();
    let text = std::fs::read_to_string("sql/epion/mart/valid_appointments.sql").unwrap();
    assert_eq!(show(&["valid_appointments"]).ok().stdout, text);
    assert_eq!(
        show(&["public.valid_appointments", "--version", "1"])
            .ok()
            .stdout,
        text
    );
    show(&["valid_appointments", "--version", "9"])
        .exits_with(2)
        .says(&["has no version 9"]);
    show(&["valid_apointments"])
        .exits_with(2)
        .says(&["Did you mean \"public.valid_appointments\"?"]);
    show(&["epion_utilization"])
        .exits_with(2)
        .says(&["several views are named", "public.epion_utilization"]);
}

#[test]
fn completions_exist_for_shells() {
    for (shell, text) in [
        ("bash", "_elt()"),
        ("zsh", "#compdef elt"),
        ("fish", "complete -c elt"),
    ] {
        let script = Elt::bare().args(["completions", shell]).run().ok().stdout;
        assert!(
            script.contains(text) && script.contains("rollback"),
            "{shell}"
        );
    }
}

#[test]
fn psql_shows_comments_and_a_guide() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let psql = |line: &str| {
        let elt = database.elt().args(["db", "psql", "--", "-X", "-c", line]);
        elt.run().ok().stdout
    };
    let listed = psql("\\dv+ public.*");
    assert!(
        listed.contains("Share of Epion's appointments among the valid appointments, by month."),
        "{listed}"
    );
    let described = psql("\\d+ public.epion_utilization");
    assert!(described.contains("First day of the month."), "{described}");
    let schemas = psql("\\dn+");
    assert!(schemas.contains("elt.help"), "{schemas}");
    // Each row of the guide has a description, and its example runs.
    let mut client = database.connect();
    let guide = client.query("table elt.help", &[]).unwrap();
    let names: Vec<String> = guide.iter().map(|row| row.get("name")).collect();
    for name in [
        "public.epion_utilization",
        "quality.rows_rejected",
        "elt.load_status",
        "staging.appointments",
    ] {
        assert!(names.iter().any(|each| each == name), "{name}");
    }
    for row in guide {
        let (description, example): (String, String) = (row.get("description"), row.get("example"));
        assert!(!description.is_empty(), "{example}");
        client
            .batch_execute(&format!("begin; {example} rollback"))
            .unwrap();
    }
}

/// Proposed commands have the flags of the command that proposes them.
#[test]
fn proposed_commands_are_for_the_same_project_and_database() {
    let database = Database::new();
    let project = ProjectCopy::new();
    let url = format!("{}&application_name=x", database.url());
    let elt = |args: &[&str]| {
        let elt = Elt::bare().args(args).path("--project", project.path());
        elt.args(["--database-url", &url])
    };
    let here = format!(
        "elt --project {} --database-url '{url}'",
        project.path().display()
    );
    project.write(
        "sql/mart/later.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.later as\n\
         select count(*) as office_count from core.offices;\n",
    );
    elt(&["status"])
        .run()
        .exits_with(6)
        .says(&[&format!("to apply them, run {here} migrate.")]);
    elt(&["migrate"]).run().ok();
    elt(&["loads", "7"])
        .run()
        .exits_with(2)
        .says(&[&format!("To list them, run {here} loads.")]);
    let json = elt(&["loads", "7", "--json"]).run().stdout;
    assert!(json.contains(&format!("{here} loads.")), "{json}");
}
