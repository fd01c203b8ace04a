//! The results of `data/`, to the byte.

use crate::support::{Database, Folder, repository};
use sha2::{Digest, Sha256};

#[path = "../data/generate.rs"]
mod generate;

const EXPORTS: [&str; 3] = [
    "valid_appts.csv",
    "epion_appts.csv",
    "epion_utilization.csv",
];

fn expected(name: &str) -> String {
    std::fs::read_to_string(repository().join("tests/expected").join(name)).unwrap()
}

#[track_caller]
fn has_the_expected_files(out: &Folder) {
    for name in EXPORTS {
        assert_eq!(out.read(name), expected(name), "{name}");
    }
}

#[test]
fn run_gives_the_expected_files() {
    let (database, out) = (Database::new(), Folder::new());
    database.run_into(&out).ok();
    has_the_expected_files(&out);
}

#[test]
fn load_and_export_in_two_steps_give_the_same() {
    let (database, out) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    database.export_into(&out).ok();
    has_the_expected_files(&out);
}

#[test]
fn each_department_has_one_reason() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let count = |sql: &str| database.number(sql);
    assert_eq!(
        count("select count(*) from department_reasons"),
        count(
            "select count(distinct (emr_practice_id, emr_department_id)) from department_reasons"
        )
    );
    // Each appointment with a department is counted once.
    assert_eq!(
        database.text(
            "select concat(sum(valid_appointment_count), ' ', sum(epion_appointment_count)) from department_reasons"
        ),
        database.text(
            "select concat(count(emr_department_id), ' ', count(*) filter (where is_epion)) from valid_appointments"
        )
    );
    assert_eq!(
        count(
            "select count(*) from department_reasons \
             where is_launched is distinct from (coalesce(live_periods, '{}') <> '{}')"
        ),
        0
    );
    assert_eq!(
        database.text(
            "select string_agg(distinct reason, '; ' order by reason) from department_reasons"
        ),
        "its office has no readable practice; its office was not launched; launched; \
         launched, but live on no day of its appointments; no office names it; \
         the disabled date of its office cannot be read; the launched date of its office cannot be read"
    );
    database.run("update core.offices set live_period = null; update staging.office_settings set \
         payload = payload || '{\"launched_date\": \"2021-02-01\", \"disabled_date\": \"2021-01-01\"}'");
    assert_eq!(
        database.text(
            "select string_agg(distinct reason, '; ' order by reason) from department_reasons"
        ),
        "its office has no readable practice; its office was disabled before it was launched; no office names it"
    );
}

#[test]
fn the_manifest_vouches_for_the_files() {
    let (database, out) = (Database::new(), Folder::new());
    database.run_into(&out).ok();
    let manifest: serde_json::Value = serde_json::from_str(&out.read("elt-export.json")).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len(), EXPORTS.len());
    for file in files {
        let text = out.read(file["file"].as_str().unwrap());
        let sha256: String = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(file["sha256"], sha256.as_str());
        assert_eq!(file["bytes"], text.len());
        let records = csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .count();
        assert_eq!(file["rows"], records);
        let view =
            format!("public.{}", file["name"].as_str().unwrap()).replace("_appts", "_appointments");
        assert_eq!(file["query_version"], 1);
        assert_eq!(file["view_versions"][view.as_str()], 1);
    }
    assert_eq!(manifest["loads"].as_array().unwrap().len(), 4);
    let left = std::fs::read_dir(out.path()).unwrap().count();
    assert_eq!(
        left,
        EXPORTS.len() + 1,
        "only the files and the manifest are left"
    );
}

#[test]
fn the_two_plain_tables_have_exactly_their_columns_and_rows() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let dump = |table: &str| {
        let mut client = database.connect();
        let sql =
            format!("copy (select * from public.{table}) to stdout with (format csv, header)");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut client.copy_out(&sql).unwrap(), &mut text).unwrap();
        text
    };
    assert_eq!(dump("epion_practices"), expected("epion_practices.csv"));
    assert_eq!(dump("epion_offices"), expected("epion_offices.csv"));
}

#[test]
fn the_rules_find_what_the_data_has() {
    let database = Database::new();
    let outcome = database.elt().args(["load", "--json"]).run().ok();
    let document = outcome.json();
    let found: String = document["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let text = |key: &str| rule[key].as_str().unwrap();
            format!(
                "{},{},{}\n",
                text("level"),
                text("rule"),
                rule["violation_count"]
            )
        })
        .collect();
    assert_eq!(found, expected("rules.csv"));
}

#[test]
fn data_is_what_the_generator_writes() {
    for (name, bytes) in generate::files() {
        let on_disk = std::fs::read(repository().join("data").join(name)).unwrap();
        assert!(
            on_disk == bytes,
            "data/{name}: cargo run --example generate_data"
        );
    }
}

#[test]
fn an_export_that_cannot_put_one_file_puts_none() {
    let (database, out) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    std::fs::create_dir(out.path().join("valid_appts.csv")).unwrap();
    // The leftover of an export that was killed.
    let leftover = out.write(".epion_appts.csv.999999999.tmp", "half");
    let outcome = database.export_into(&out);
    outcome
        .exits_with(1)
        .says(&["valid_appts.csv", "it is a folder"]);
    assert!(!leftover.exists());
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
}
