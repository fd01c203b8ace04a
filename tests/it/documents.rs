//! `--json`: each command prints one document that matches its schema in expected/json, without missing or additional
//! keys.

use crate::rest::given::{Answer, Given};
use crate::support::{Database, Elt, Folder, Home, repository};
use serde_json::Value;

/// Runs the command and checks its document against a schema.
fn hold(schema: &str, elt: Elt, code: i32) -> Value {
    let path = repository().join(format!("tests/expected/json/{schema}.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
    let document = elt.args(["--json"]).run().exits_with(code).json();
    let problems: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        problems.is_empty(),
        "{schema}: {}\n{document:#}",
        problems.join("\n")
    );
    document
}

#[test]
fn every_command_prints_a_document_of_its_schema() {
    let (database, folder, data) = (Database::empty(), Folder::new(), Folder::with_data());
    let elt = |line: &str| database.elt().args(line.split_whitespace());
    let out = || folder.path().join("out");
    hold("migrate_status", elt("migrate --check"), 6);
    hold("migrate_plan", elt("migrate --dry-run"), 0);
    hold("migrate", elt("migrate"), 0);
    hold("migrate", elt("migrate"), 0);
    hold("migrate_status", elt("migrate --status"), 0);
    hold("migrate_verify", elt("migrate --verify"), 0);
    hold("failure", elt("export").path("--out", &out()), 1);
    hold("run", elt("run").path("--out", &out()), 0);
    hold("run", elt("run --format ndjson").path("--out", &out()), 0);
    hold("load", elt("load --force"), 0);
    hold("load", elt("load"), 0);
    hold("export", elt("export").path("--out", &out()), 0);
    hold("check", elt("check"), 0);
    hold("check_rule", elt("check rows_rejected"), 0);
    hold("status", elt("status"), 0);
    hold("check_freshness", elt("check --freshness"), 0);
    database.run("update elt.source set expected_every = '1 microsecond', expected_rows = '[0,1]'");
    hold("check_freshness", elt("check --freshness"), 3);
    hold("status", elt("status"), 0);
    database.run("update elt.source set expected_every = null, expected_rows = null");
    hold("rejects", elt("rejects"), 0);
    let bad = folder.path().join("bad.csv");
    hold(
        "rejects_out",
        elt("rejects appointments").path("--out", &bad),
        0,
    );
    let replay = elt("load appointments --max-rejects 100%");
    hold("load", replay.path("--replay", &bad), 0);
    let lines = folder.path().join("lines.csv");
    hold("diff", elt("diff appointments").path("--out", &lines), 0);
    hold("diff_export", elt("diff --export valid_appts"), 0);
    hold("failure", elt("diff appointments 99"), 2);
    hold("rollback", elt("rollback appointments"), 0);
    hold("load", elt("load --force --dry-run"), 0);
    let held = hold("load", elt("load appointments --force --hold"), 0);
    let held = held["load"]["sources"][0]["load_id"].to_string();
    hold("loads", elt(&format!("loads {held}")), 0);
    hold("publish", elt(&format!("publish {held}")), 0);
    let held = hold("load", elt("load offices --force --hold"), 0);
    let held = held["load"]["sources"][0]["load_id"].to_string();
    hold("discard", elt(&format!("discard {held}")), 0);
    data.write("lab1_appointments.csv", "no header\n");
    let elt_at = elt("load appointments").path("--data", data.path());
    hold("failure", elt_at, 1);
    hold("loads", elt("loads"), 0);
    hold("loads", elt("loads 1"), 0);
    hold("status", elt("status"), 0);
    database.run("update elt.source set keep_loads = 1");
    hold("gc", elt("gc --dry-run"), 0);
    hold("gc", elt("gc"), 0);
    hold(
        "purge",
        elt("purge key emr_practice_id=1 emr_appointment_id=5002"),
        2,
    );
    hold("purge", elt("purge load 2 --yes"), 0);
    database.run("create table core.by_hand (id bigint)");
    hold("migrate_verify", elt("migrate --verify"), 6);
    hold("views", elt("views"), 0);
    hold("view", elt("views show valid_appointments"), 0);
    hold("views_diff", elt("views diff valid_appointments"), 0);
    let rows = elt("views diff public.epion_utilization --rows");
    hold("views_diff_rows", rows, 0);
    hold("grants", elt("grants"), 0);
    // The tests' server runs with fsync off.
    hold("doctor", elt("doctor"), 1);
    hold("docs", elt("docs").path("--out", &out()), 0);
    hold(
        "init",
        Elt::bare()
            .args(["init"])
            .args([folder.path().join("shop")]),
        0,
    );
    let server = Given::start(|_, _| Answer::json(serde_json::json!([{"id": 1}])));
    let init = Elt::bare().args(["init"]).args([folder.path().join("api")]);
    hold("init", init.args(["--from", &server.at("/orders")]), 0);
    let rekey = ["--rekey", "orders", "--no-key"];
    let shop = folder.path().join("shop");
    hold("rekey", Elt::bare().path("init", &shop).args(rekey), 0);
}

#[test]
fn so_do_those_of_jobs_and_accounts() {
    let database = Database::new();
    let elt = |line: &str| database.elt().args(line.split_whitespace());
    hold(
        "jobs_enqueue",
        elt("jobs enqueue pipeline --dedup-key one"),
        0,
    );
    hold(
        "jobs_enqueue",
        elt("jobs enqueue pipeline --dedup-key one"),
        0,
    );
    hold("jobs_change", elt("jobs cancel 1"), 0);
    hold("jobs_change", elt("jobs retry 1"), 0);
    hold("jobs", elt("jobs"), 0);
    let out = Folder::new();
    let worker = elt("worker --until-empty").path("--out", out.path());
    worker.run().ok();
    hold("jobs", elt("jobs list"), 0);
    hold("job", elt("jobs show 1"), 0);
    hold("job_kinds", elt("jobs kinds"), 0);
    hold("schedules", elt("jobs schedules"), 0);
    let mut password = elt("user add ann --role admin --password-stdin --json").command();
    let input = out.write("password", "correct horse battery staple\n");
    password.stdin(std::fs::File::open(input).unwrap());
    assert!(password.output().unwrap().status.success());
    hold("users", elt("user list"), 0);
    hold("token", elt("token new ann --name test"), 0);
    hold("tokens", elt("token list"), 0);
    hold("token_revoke", elt("token revoke 1"), 0);
    hold("user", elt("user disable ann"), 0);
    hold("failure", elt("user disable nobody"), 2);
}

#[test]
fn so_do_those_of_the_embedded_server() {
    let home = Home::new();
    let elt = |line: &str| home.elt().args(line.split_whitespace());
    hold("db_status", elt("db status"), 0);
    hold("db_url", elt("db start"), 0);
    hold("db_status", elt("db status"), 0);
    hold("db_url", elt("db url"), 0);
    hold("db_stop", elt("db stop"), 0);
    hold("db_stop", elt("db stop"), 0);
    hold("failure", elt("db reset"), 2);
    hold("db_reset", elt("db reset --yes"), 0);
}

#[test]
fn no_schema_is_left_over() {
    let source = std::fs::read_to_string(repository().join("tests/it/documents.rs")).unwrap();
    for entry in std::fs::read_dir(repository().join("tests/expected/json")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let schema = name.trim_end_matches(".json");
        assert!(
            source.contains(&format!("\"{schema}\"")),
            "{name} is of no command"
        );
    }
}

#[test]
fn distribute_prints_its_statements() {
    let database = Database::new();
    database.run(include_str!("citus/stand_ins.sql"));
    let elt = |line: &str| database.elt().args(line.split_whitespace());
    hold("failure", Database::new().elt().args(["distribute"]), 1);
    let planned = hold("distribute", elt("distribute --dry-run"), 0);
    let run = hold("distribute", elt("distribute"), 0);
    let count = |document: &Value| document["statements"].as_array().map(Vec::len);
    assert_eq!(count(&planned), count(&run));
    hold("distribute", elt("distribute --undo"), 0);
}
