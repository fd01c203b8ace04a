//! The command line: variables, only results on stdout, and the statements of the README.

use crate::support::{Database, Elt, Folder, Home, repository};
use std::path::PathBuf;

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
    let is_warning = |line: &str| line.starts_with("warning: ");
    assert!(outcome.stderr.lines().all(is_warning), "{}", outcome.stderr);
    let status = database.elt().args(["status", "--json"]).run().ok().json();
    assert_eq!(status["sources"][0]["rows"], 3120);
}

/// The part of the README from one text to another.
fn readme_part(from: &str, to: &str) -> String {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let part = readme.split(from).nth(1).unwrap();
    part.split(to).next().unwrap().to_string()
}

/// Runs the commands after `$` in a folder, after `first`, and compares what they print with the text below them.
fn assert_prints(session: &str, first: &str, variables: &[(&str, PathBuf)]) -> usize {
    let (home, folder) = (Home::new(), Folder::new());
    let printed = |script: &str| {
        let mut elt = home.elt();
        for (name, value) in variables {
            elt = elt.env(name, value);
        }
        let mut shell = elt.shell(script);
        let output = shell.current_dir(folder.path()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let tidy = |text: &str| {
        let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
        lines.join("\n")
    };
    printed(first);
    let steps = session
        .split("    $ ")
        .skip(1)
        .filter_map(|step| step.split_once('\n'))
        .filter(|(command, _)| !command.starts_with("cargo install"));
    let mut count = 0;
    for (command, shown) in steps {
        assert_eq!(tidy(&printed(command)), tidy(shown), "{command}");
        count += 1;
    }
    count
}

#[test]
fn the_example_of_the_readme_prints_the_output_it_shows() {
    let session = readme_part("## Example,", "\nThe built-in project");
    // The README's first command has run before.
    let data = [("ELT_DATA", repository().join("data"))];
    assert_eq!(assert_prints(&session, "elt run --quiet", &data), 3);
}

#[test]
fn the_readmes_own_file_prints_the_output_it_shows() {
    let session = readme_part("## Your own file", "\n`elt init` prints");
    let file = session.split("    $ ").next().unwrap();
    let file: Vec<&str> = file
        .lines()
        .skip_while(|line| !line.starts_with("    cat"))
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    assert_eq!(assert_prints(&session, &file.join("\n"), &[]), 7);
}

#[test]
fn the_readme_is_short() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    assert!(readme.lines().count() <= 130);
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

#[test]
fn arguments_of_a_job_in_the_wrong_place_get_a_hint() {
    let database = Database::new();
    database
        .elt()
        .args(["jobs", "enqueue", "pipeline", "{\"force\": true}"])
        .run()
        .exits_with(2)
        .says(&["unexpected argument", "--args '{"]);
    assert_eq!(database.number("select count(*) from elt.job"), 0);
    let help = database
        .elt()
        .args(["jobs", "enqueue", "--help"])
        .run()
        .ok();
    assert!(!help.stdout.contains("[JSON]"), "{}", help.stdout);
}
