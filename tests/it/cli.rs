//! As a stranger would use it: wrong names, wrong places, no server, a closed pipe.

use crate::support::{Database, Elt, Folder, repository};
use std::process::Stdio;

#[test]
fn names_that_nobody_knows_are_answered_with_those_that_exist() {
    let database = Database::new();
    database
        .elt()
        .args(["load", "patients"])
        .run()
        .exits_with(2)
        .says(&[
            "there is no source \"patients\"",
            "appointments, office_settings, offices, practices",
        ]);
    database
        .elt()
        .args(["export", "everything"])
        .run()
        .exits_with(2)
        .says(&[
            "there is no export \"everything\"",
            "epion_appts, epion_utilization, rest_appointments, valid_appts",
        ]);
    database
        .elt()
        .args(["rejects", "77"])
        .run()
        .exits_with(2)
        .says(&["there is no load 77"]);
    database
        .elt()
        .args(["lode"])
        .run()
        .exits_with(2)
        .says(&["'load'"]);
}

#[test]
fn no_server_is_said_with_its_place_and_without_the_password() {
    let nowhere = "postgresql://someone:marker@localhost:1/x";
    let outcome = Elt::on(nowhere).args(["status"]).run().exits_with(5);
    let outcome = outcome.says(&[
        "database \"x\" on localhost, port 1, as \"someone\"",
        "hint:",
    ]);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    let outcome = Elt::bare()
        .env("PGHOST", "/nowhere")
        .env("PGPASSWORD", "marker")
        .args(["status"])
        .run();
    let outcome = outcome.exits_with(5).says(&["on /nowhere"]);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    Elt::on("nonsense")
        .args(["status"])
        .run()
        .exits_with(2)
        .says(&["could not read the database URL"]);
}

#[test]
fn a_password_that_was_not_encoded_is_not_said() {
    let url = "postgresql://someone:p@marker/w:rd@localhost:1/x";
    let outcome = Elt::on(url).args(["status"]).run().exits_with(2);
    let outcome = outcome.says(&["more than one @", "%40"]);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
}

#[test]
fn empty_variables_are_as_none() {
    let database = Database::new();
    let mut elt = database.elt().args(["status"]);
    for name in [
        "ELT_JSON",
        "ELT_PROJECT",
        "ELT_DATA",
        "ELT_OUT",
        "ELT_FORCE",
    ] {
        elt = elt.env(name, "");
    }
    elt.run().ok();
    let outcome = database
        .elt()
        .env("ELT_JSON", "1")
        .args(["status"])
        .run()
        .ok();
    assert_eq!(outcome.json()["schema_version"], 1);
}

#[test]
fn variables_name_a_server_as_they_do_for_psql() {
    let database = Database::new();
    let url = database.url();
    let host = url.split("host=").nth(1).unwrap();
    let elt = Elt::bare()
        .env("PGHOST", host)
        .env("PGUSER", "postgres")
        .env("PGDATABASE", database.name());
    let outcome = elt.args(["status", "--json"]).run().ok();
    let sources = outcome.json()["sources"].as_array().unwrap().len();
    assert_eq!(sources, 5);
}

#[test]
fn a_database_that_is_missing_and_may_not_be_made_is_said() {
    let database = Database::new();
    database.run("create role modest login");
    let url = database
        .url_as("modest")
        .replace(database.name(), "elsewhere");
    Elt::on(&url)
        .args(["status"])
        .run()
        .exits_with(5)
        .says(&["\"elsewhere\" does not exist"]);
    // The project's own is made by migrate, if one may; and by nothing that only looks.
    let library = repository().join("tests/projects/library");
    let url = database.url_as("modest").replace(database.name(), "");
    let elt = |command: &str| Elt::on(&url).args([command]).path("--project", &library);
    elt("status")
        .run()
        .exits_with(5)
        .says(&["elt migrate makes"]);
    elt("migrate").run().exits_with(5).says(&[
        "role \"modest\" may not create it",
        "create database library;",
    ]);
    database.run("drop role modest");
}

#[test]
fn a_project_that_is_none_is_said() {
    let folder = Folder::new();
    let elt = Elt::bare()
        .args(["status"])
        .path("--project", folder.path());
    elt.run().exits_with(2).says(&[
        "migrations\"",
        "A project is a folder with migrations/ and sql/",
    ]);
}

#[test]
fn an_output_that_is_closed_early_is_no_failure() {
    let database = Database::new();
    let mut child = database
        .elt()
        .args(["migrate", "--status"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let (database, folder) = (Database::new(), Folder::new());
    let file = folder.write("out", "a file where the folder should be");
    let outcome = database.elt().args(["export"]).path("--out", &file).run();
    outcome
        .exits_with(1)
        .says(&["could not create folder", "out\""]);
}

#[test]
fn results_are_alone_on_stdout() {
    let (database, out) = (Database::new(), Folder::new());
    let outcome = database
        .elt()
        .args(["run", "--json"])
        .path("--out", out.path())
        .run()
        .ok();
    let document = outcome.json();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["load"]["sources"][0]["source"], "appointments");
    assert_eq!(document["load"]["sources"][0]["rows"], 3120);
    assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
    let status = database.elt().args(["status", "--json"]).run().ok().json();
    assert_eq!(status["sources"][0]["rows"], 3120);
}

#[test]
fn the_readme_names_every_command() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let help = Elt::bare().args(["--help"]).run().ok().stdout;
    let commands = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    for line in commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
    {
        let command = line.split_whitespace().next().unwrap();
        assert!(
            command == "help" || readme.contains(&format!("elt {command}")),
            "README.md does not name elt {command}"
        );
    }
}
