//! Formats a failure: the chain of causes, one per line, then detail and hint as PostgreSQL gives
//! them. `postgres::Error` alone prints only "db error" and never the context of a COPY.

use super::Failure;
use super::cause::{
    AGAIN, check_hint, is_about_place, is_broken, is_ended_by_server, is_lost_worker, usual_hint,
};
use super::sentence::{Flags, Sentence};
use postgres::error::{DbError, SqlState};
use serde::Serialize;

/// The parts of a failure, without secrets.
#[derive(Default, Serialize)]
pub(crate) struct Explanation {
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) sqlstate: Option<String>,
    pub(crate) details: Vec<String>,
    /// The server's context: for a COPY, the table, line and column.
    pub(crate) context: Vec<String>,
    /// The difference of two texts, as `diff -u` prints it.
    pub(crate) difference: Option<String>,
    pub(crate) hints: Vec<Sentence>,
}

impl Explanation {
    /// For the user, with the details that may quote rows of data. `place` is the database, once there is a
    /// connection. `flags` are for the commands in hints.
    pub(crate) fn new(error: &anyhow::Error, place: Option<&str>, flags: &Flags) -> Explanation {
        let mut explanation = Explanation::public(place, error);
        let hints = explanation.hints.iter().map(|hint| hint.text(flags).into());
        explanation.hints = hints.collect();
        let failures = error.chain().filter_map(|cause| cause.downcast_ref());
        let private = failures.flat_map(|failure: &Failure| failure.private_details.to_vec());
        explanation.details.splice(0..0, private);
        explanation
    }

    /// Without the details that may quote rows of data. `place` is the database, if the message must name it.
    fn public(place: Option<&str>, error: &anyhow::Error) -> Explanation {
        let mut explanation = Explanation::default();
        let mut last_resort = None;
        let mut causes = error.chain();
        let is_bare = causes
            .next()
            .is_some_and(|first| first.is::<postgres::Error>());
        if let (true, Some(place)) = (is_bare, place) {
            explanation.message = format!("could not work with {place}");
        }
        for cause in error.chain() {
            // The postgres::Error above a DbError already has its text. A refinery::Error would only print
            // "db error".
            let is_wrapper = cause.is::<refinery::Error>() && cause.source().is_some();
            if cause.is::<DbError>() || is_wrapper {
                continue;
            }
            let text = match cause.downcast_ref::<postgres::Error>() {
                Some(error) => explanation.take_database_error(error),
                None => cause.to_string(),
            };
            if let Some(failure) = cause.downcast_ref::<Failure>() {
                explanation.details.extend(failure.detail.clone());
                explanation.hints.extend(failure.hint.as_deref().cloned());
                let difference = failure.difference.as_deref().map(str::to_string);
                explanation.difference = explanation.difference.or(difference);
            }
            // Reading a file can fail with the same kinds.
            if is_broken(cause) && error.chain().any(|each| each.is::<postgres::Error>()) {
                explanation.hints.push(AGAIN.into());
            }
            if let (false, true, Some(place)) = (is_bare, is_about_place(cause), place) {
                explanation.details.push(format!("Connected to {place}."));
            }
            last_resort = last_resort.or(usual_hint(cause));
            explanation.take_line(text);
        }
        if explanation.hints.is_empty() {
            explanation.hints.extend(last_resort);
        }
        explanation.hints.dedup();
        explanation
    }

    fn take_database_error(&mut self, error: &postgres::Error) -> String {
        match error.as_db_error() {
            Some(error) => {
                let code = error.code().code();
                self.sqlstate.get_or_insert_with(|| code.to_string());
                self.details.extend(error.detail().map(str::to_string));
                let place = error.where_().filter(|place| !is_raised_by_elt(place));
                self.context.extend(place.map(str::to_string));
                // PostgreSQL's hint for a full disk is too short. Its hint to drop with CASCADE could destroy
                // objects of other owners.
                let replaced = [SqlState::DISK_FULL, SqlState::DEPENDENT_OBJECTS_STILL_EXIST];
                let hint = error.hint().filter(|_| !replaced.contains(error.code()));
                self.hints.extend(hint.map(Sentence::from));
                self.hints.extend(check_hint(error).map(Sentence::from));
                if is_ended_by_server(error.code()) || is_lost_worker(error) {
                    self.hints.push(AGAIN.into());
                }
                format!("{} (SQLSTATE {code})", error.message())
            }
            None if error.is_closed() => {
                self.hints.push(AGAIN.into());
                "the server closed the connection".into()
            }
            // It names the kind of failure; the next error in the chain has the details.
            None => error.to_string(),
        }
    }

    /// Omits a cause that the line above already ends with.
    fn take_line(&mut self, text: String) {
        if self.message.is_empty() {
            self.message = text;
        } else if !self.causes.last().unwrap_or(&self.message).ends_with(&text) {
            self.causes.push(text);
        }
    }

    /// The lines that the terminal shows.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("elt: {}", self.message)];
        let mut add = |what: &str, texts: &[String]| {
            lines.extend(texts.iter().map(|text| format!("{what}: {text}")));
        };
        add("  because", &self.causes);
        add("detail", &self.details);
        add("where", &self.context);
        let difference = self.difference.iter().flat_map(|text| text.lines());
        lines.extend(difference.map(str::to_string));
        lines.extend(
            self.hints
                .iter()
                .map(|hint| format!("hint: {}", hint.text(&[]))),
        );
        lines
    }
}

/// Whether one of our functions raised the error. Its message is enough, without the PL/pgSQL context.
fn is_raised_by_elt(place: &str) -> bool {
    let first = place.lines().next().unwrap_or_default();
    first.starts_with("PL/pgSQL function elt.") && first.ends_with(" at RAISE")
}

/// The explanation on one line, for records. Hints with commands are omitted, because the flags that they need
/// depend on the reader.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut explanation = Explanation::public(None, error);
    explanation.hints.retain(|hint| !hint.has_command());
    on_one_line(explanation)
}

/// The same without hints, for failures that the reader need not fix.
pub(crate) fn why(error: &anyhow::Error) -> String {
    on_one_line(Explanation {
        hints: Vec::new(),
        ..Explanation::public(None, error)
    })
}

pub(crate) fn on_one_line(explanation: Explanation) -> String {
    let explanation = Explanation {
        difference: None,
        ..explanation
    };
    let lines = explanation.lines();
    // A detail may have several lines.
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.lines())
        .map(str::trim)
        .collect();
    lines.join("; ").trim_start_matches("elt: ").into()
}
