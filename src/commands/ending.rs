//! How a command ends that could not do its work: in words on stderr, as the one document where that was asked
//! for, and with an exit code.

use crate::cli::Global;
use crate::db::conninfo;
use crate::failure::explain::{Explanation, on_one_line};
use crate::failure::{self, Exit, Failure, Standing};
use crate::signals;
use crate::terminal::{self, NotWritten};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::sync::OnceLock;

/// What is to be known then.
pub(super) struct Ending<'a> {
    global: &'a Global,
    flags: Vec<String>,
    pub(super) standing: Standing,
    /// The database, once there is a connection.
    place: OnceLock<String>,
}

impl<'a> Ending<'a> {
    pub(super) fn new(global: &'a Global) -> Ending<'a> {
        Ending {
            global,
            flags: flags(global),
            standing: Standing::default(),
            place: OnceLock::new(),
        }
    }

    /// From now on errors may be about this database.
    pub(super) fn is_at(&self, place: String) {
        // A command works with one; a second connection is to the same.
        let _ = self.place.set(place);
    }

    pub(super) fn explain(&self, error: &anyhow::Error) -> Explanation {
        let place = self.place.get().map(String::as_str);
        Explanation::of(error, place, &self.flags)
    }

    /// All of it on one line.
    pub(super) fn in_a_line(&self, error: &anyhow::Error) -> String {
        on_one_line(self.explain(error))
    }

    /// Says why the command ends, and with which exit code.
    pub(super) fn say(&self, error: anyhow::Error) -> Exit {
        let error = match error.downcast::<NotWritten>() {
            // Whoever read the output has read enough: `elt rejects | head`.
            Ok(NotWritten::Closed) => return Exit::Done,
            Ok(NotWritten::Failed(error)) => {
                let failure = Failure::new(Exit::Failed, "could not write to the output")
                    .because(error)
                    .hint("Send it to another place, or make room there.");
                match self.standing.done() {
                    Some(done) => failure.detail(format!("That stands: {done}.")).into(),
                    None => failure.into(),
                }
            }
            Err(error) => error,
        };
        let error = match signals::happened() {
            true => self.standing.interrupted().into(),
            false => error,
        };
        self.say_in(json!({ "schema_version": 1 }), &error)
    }

    /// The same, where the document has more to tell.
    pub(super) fn say_in(&self, mut document: Value, error: &anyhow::Error) -> Exit {
        let said = self.explain(error);
        let exit = failure::exit_of(error);
        if self.global.json {
            document["exit_code"] = json!(exit as u8);
            document["error"] = json!(said);
            // Whoever has closed the output has the exit code.
            let _ = terminal::json(&document);
        }
        terminal::failure(&said, exit as u8);
        exit
    }
}

/// The flags that say what is worked on, for the commands that are proposed: those of the command line. What
/// a variable says holds for them as well.
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
