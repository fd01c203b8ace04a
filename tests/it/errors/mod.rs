//! The failures that a user can cause: their exit codes, and messages that say what failed, where, why, and what to
//! do next.

mod connections;
mod disk;
mod files;
mod names;
mod rights;
mod schema;
mod stopped;

use crate::support::{Elt, Outcome};

/// Part of passwords, and must not be printed.
const SECRET: &str = "marker";

/// Words that only the program's code would use.
const NOT_FOR_PEOPLE: [&str; 7] = [
    "db error", "Some(", "Os {", "Error {", "Err(", "panicked", "unwrap",
];

/// One way to fail.
struct Row<'a> {
    elt: Box<dyn Fn() -> Elt + 'a>,
    exit: i32,
    /// Parts of the first line, of any line, of any line, and of a hint.
    what: &'a str,
    place: &'a str,
    cause: &'a str,
    next: &'a str,
}

/// `says`: what failed, where, why, and what to do next. Empty parts are not checked.
fn row<'a>(exit: i32, says: [&'a str; 4], elt: impl Fn() -> Elt + 'a) -> Row<'a> {
    let [what, place, cause, next] = says;
    Row {
        elt: Box::new(elt),
        exit,
        what,
        place,
        cause,
        next,
    }
}

/// Runs each row twice: with text and with --json.
#[track_caller]
fn check(rows: &[Row<'_>]) {
    let mut problems = Vec::new();
    for row in rows {
        problems.extend(row.problems_of((row.elt)().run()));
        problems.extend(row.problems_of_json((row.elt)().env("ELT_JSON", "1").run()));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

impl Row<'_> {
    fn problems_of(&self, outcome: Outcome) -> Option<String> {
        let mut problems = self.problems_of_text(&outcome);
        if !outcome.stdout.is_empty() {
            problems.push("something is on stdout".into());
        }
        report(&outcome, &problems)
    }

    /// stdout must be one document, and stderr the same as without --json.
    fn problems_of_json(&self, outcome: Outcome) -> Option<String> {
        let mut problems = self.problems_of_text(&outcome);
        match serde_json::from_str::<serde_json::Value>(&outcome.stdout) {
            Err(error) => problems.push(format!("stdout is not one JSON document: {error}")),
            Ok(document) => {
                let message = document["error"]["message"].as_str().unwrap_or_default();
                if document["schema_version"] != 1 {
                    problems.push("the document has no schema_version".into());
                }
                if document["exit_code"].as_i64() != outcome.code.map(i64::from) {
                    problems.push("the document's exit_code is another".into());
                }
                if message.is_empty() || Some(message) != first_line(&outcome).strip_prefix("elt: ")
                {
                    problems.push("the document's error.message is not the first line".into());
                }
            }
        }
        report(&outcome, &problems)
    }

    fn problems_of_text(&self, outcome: &Outcome) -> Vec<String> {
        let mut problems = Vec::new();
        let first = first_line(outcome);
        let hints: Vec<String> = outcome
            .stderr
            .lines()
            .filter(|line| line.starts_with("hint: "))
            .map(without_project)
            .collect();
        let mut require = |holds: bool, problem: &str| {
            if !holds {
                problems.push(problem.to_string());
            }
        };
        require(
            outcome.code == Some(self.exit),
            &format!("the exit code is not {}", self.exit),
        );
        require(
            first.strip_prefix("elt: ").is_some_and(begins_lower),
            "the first line does not begin in lower case after elt:",
        );
        require(
            !first.ends_with('.'),
            "the first line ends with a full stop",
        );
        require(
            first.contains(self.what),
            &format!("the first line lacks: {}", self.what),
        );
        for text in [self.place, self.cause] {
            require(outcome.stderr.contains(text), &format!("it lacks: {text}"));
        }
        require(
            // An interrupt needs no hint.
            self.exit == 130 || hints.iter().any(|hint| hint.contains(self.next)),
            &format!("no hint has: {}", self.next),
        );
        require(
            hints
                .iter()
                .all(|hint| hint[6..].starts_with("elt ") || !begins_lower(&hint[6..])),
            "a hint is no sentence",
        );
        for text in NOT_FOR_PEOPLE {
            require(!outcome.stderr.contains(text), &format!("it has: {text}"));
        }
        for output in [&outcome.stderr, &outcome.stdout] {
            require(!output.contains(SECRET), "it has the password");
        }
        problems
    }
}

/// Names keep their case.
fn begins_lower(text: &str) -> bool {
    let word = text.split([' ', ':']).next().unwrap_or_default();
    let is_variable = word.len() > 1
        && word
            .chars()
            .all(|each| each.is_ascii_uppercase() || each == '_');
    is_variable || word == "PostgreSQL" || !text.starts_with(char::is_uppercase)
}

/// The first line after warnings.
fn first_line(outcome: &Outcome) -> &str {
    let mut lines = outcome.stderr.lines();
    lines
        .find(|line| !line.starts_with("warning: "))
        .unwrap_or_default()
}

fn report(outcome: &Outcome, problems: &[String]) -> Option<String> {
    (!problems.is_empty()).then(|| {
        format!(
            "{}\n  {}\nexit code {:?}\nstderr:\n{}stdout:\n{}",
            outcome.command,
            problems.join("\n  "),
            outcome.code,
            outcome.stderr,
            outcome.stdout
        )
    })
}

/// Removes the project's folder from commands in hints, because each run has another one.
fn without_project(hint: &str) -> String {
    let mut parts = hint.split("--project ");
    let first = parts.next().unwrap().to_string();
    parts.fold(first, |hint, part| hint + part.split_once(' ').unwrap().1)
}
