//! PostgreSQL's client programs, with which a DBA dumps and restores.

use super::Database;
use std::path::PathBuf;
use std::process::Command;

/// One of PostgreSQL's programs: from the server's folder if it is there, otherwise from the PATH.
pub(crate) fn postgres_program(name: &str) -> Command {
    let named = std::env::var_os("ELT_PG_BIN").filter(|value| !value.is_empty());
    let beside = named.map(|folder| PathBuf::from(folder).join(name));
    let beside = beside.filter(|program| program.is_file());
    Command::new(beside.unwrap_or_else(|| name.into()))
}

/// Runs a command that must succeed, and returns its stdout.
#[track_caller]
pub(crate) fn run_to_end(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The schema of a database as `pg_dump` writes it, without the lines that differ between its versions or runs.
pub(crate) fn schema_of(database: &Database) -> String {
    let text = run_to_end(postgres_program("pg_dump").args([
        "--schema-only",
        "--no-owner",
        // Partitions come and go with loads.
        "--exclude-table",
        "staging.*_load_*",
        "--dbname",
        &database.url(),
    ]));
    let passes = [
        "-- Dumped ",
        "\\restrict ",
        "\\unrestrict ",
        "SET ",
        "SELECT pg_catalog.set_config(",
    ];
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let is_blank_again = line.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if !is_blank_again && !passes.iter().any(|begin| line.starts_with(begin)) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_string() + "\n"
}

/// The first line in which two schemas differ.
pub(crate) fn difference(made: &str, expected: &str) -> Option<String> {
    let (mut made, mut expected) = (made.lines(), expected.lines());
    for number in 1.. {
        match (made.next(), expected.next()) {
            (None, None) => break,
            (one, other) if one == other => {}
            (one, other) => {
                let told = |line: Option<&str>| line.unwrap_or("(the end)").to_string();
                let (one, other) = (told(one), told(other));
                return Some(format!("line {number}\nmade:     {one}\nexpected: {other}"));
            }
        }
    }
    None
}
