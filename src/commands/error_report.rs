//! Reports a failed command: a message on stderr, a JSON document with `--json`, and the exit code. `failure/explain.rs`
//! composes the text, and `terminal::failure` prints it.

use crate::cli::Global;
use crate::db::conninfo;
use crate::failure::explain::{Explanation, on_one_line};
use crate::failure::{self, CommandProgress, Exit, Failure};
use crate::signals;
use crate::terminal::{self, NotWritten};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::sync::OnceLock;

/// Reports errors, with the flags, the progress and the database of the command.
pub(super) struct ErrorReporter<'a> {
    global: &'a Global,
    flags: Vec<String>,
    pub(super) progress: CommandProgress,
    /// The database, once there is a connection.
    place: OnceLock<String>,
}

impl<'a> ErrorReporter<'a> {
    pub(super) fn new(global: &'a Global) -> ErrorReporter<'a> {
        ErrorReporter {
            global,
            flags: flags(global),
            progress: CommandProgress::default(),
            place: OnceLock::new(),
        }
    }

    /// Records the database for later error messages.
    pub(super) fn set_database(&self, place: String) {
        // A command works with one database; a second connection is to the same one.
        let _ = self.place.set(place);
    }

    pub(super) fn explain(&self, error: &anyhow::Error) -> Explanation {
        let place = self.place.get().map(String::as_str);
        Explanation::new(error, place, &self.flags)
    }

    /// The whole explanation on one line.
    pub(super) fn one_line(&self, error: &anyhow::Error) -> String {
        on_one_line(self.explain(error))
    }

    /// Reports why the command failed and returns its exit code.
    pub(super) fn report(&self, error: anyhow::Error) -> Exit {
        let error = match error.downcast::<NotWritten>() {
            // The reader of the output closed it, as in `elt rejects | head`.
            Ok(NotWritten::Closed) => return Exit::Done,
            Ok(NotWritten::Failed(error)) => {
                let failure = Failure::new(Exit::Failed, "could not write to the output")
                    .because(error)
                    .hint("Write the output to another place, or free some space.");
                match self.progress.done() {
                    Some(done) => failure.detail(format!("Already committed: {done}.")).into(),
                    None => failure.into(),
                }
            }
            Err(error) => error,
        };
        let error = if signals::happened() {
            self.progress.interrupted().into()
        } else {
            error
        };
        self.report_in(json!({ "schema_version": 1 }), &error)
    }

    /// Like `report`, with a document that contains more fields.
    pub(super) fn report_in(&self, mut document: Value, error: &anyhow::Error) -> Exit {
        let explanation = self.explain(error);
        let exit = failure::exit_of(error);
        if self.global.json {
            document["exit_code"] = json!(exit as u8);
            document["error"] = json!(explanation);
            // If the output is closed, the exit code still tells the outcome.
            let _ = terminal::json(&document);
        }
        terminal::failure(&explanation, exit as u8);
        exit
    }
}

/// The flags of the command line that proposed commands must repeat: project and database. Values from
/// environment variables apply to those commands anyway.
pub(crate) fn flags(global: &Global) -> Vec<String> {
    let is_from =
        |name: &str, value: &OsStr| std::env::var_os(name).is_some_and(|set| set == value);
    let project = global.project();
    let project = project.filter(|dir| !is_from("ELT_PROJECT", dir.as_os_str()));
    let project = project.map(|dir| ["--project".into(), dir.display().to_string()]);
    let url = global.database_url.as_deref();
    let url = url.filter(|url| !is_from("DATABASE_URL", url.as_ref()));
    let url = url.and_then(conninfo::without_password);
    let url = url.map(|url| ["--database-url".into(), url]);
    project.into_iter().chain(url).flatten().collect()
}
