//! Failures of commands: their messages and exit codes.

pub(crate) mod cause;
pub(crate) mod explain;
mod progress;
pub(crate) mod sentence;

pub(crate) use progress::CommandProgress;

use postgres::error::SqlState;
use sentence::{Invocation, Sentence};
use std::fmt;

/// Exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Success, including no-ops.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage or settings. Clap uses the same code.
    Usage = 2,
    /// A rule of level error has violations.
    RulesFoundRows = 3,
    /// More rows were rejected than allowed.
    TooManyRejects = 4,
    /// Could not connect to the database, or the connection was lost.
    NoConnection = 5,
    /// The schema is not as expected.
    Schema = 6,
    /// Ctrl-C or SIGTERM.
    Interrupted = 130,
}

/// Names that are at least this similar may be typing errors.
const SIMILAR: f64 = 0.75;
/// If a similar name is found, the others are listed only if there are at most this many.
const FEW: usize = 12;

/// A failure with a message and, optionally, a detail and a hint.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    pub(crate) detail: Option<String>,
    /// Details that may quote rows: shown to the user and never recorded in the database.
    pub(crate) private_details: Box<[String]>,
    pub(crate) hint: Option<Box<Sentence>>,
    pub(crate) difference: Option<Box<str>>,
    cause: Option<anyhow::Error>,
}

impl Failure {
    /// `message`: lower case, no full stop, with the object's kind and its name in double quotes.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure {
            exit,
            message: message.into(),
            detail: None,
            private_details: Box::default(),
            hint: None,
            difference: None,
            cause: None,
        }
    }

    /// A sentence with the facts.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Facts that may quote rows of data, one per line.
    pub(crate) fn private_details(mut self, details: Vec<String>) -> Self {
        self.private_details = details.into();
        self
    }

    /// The error that caused this failure. (anyhow's `context` would hide this value from code that looks for it
    /// in the chain.)
    pub(crate) fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A sentence with what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<Sentence>) -> Self {
        self.hint = Some(Box::new(hint.into()));
        self
    }

    /// A difference of two texts, line by line.
    pub(crate) fn difference(mut self, difference: impl Into<String>) -> Self {
        self.difference = Some(difference.into().into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(AsRef::as_ref)
    }
}

/// The exit code of the outermost cause that has one.
pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
    let mut causes = error.chain();
    let failure = causes.find_map(|cause| cause.downcast_ref::<Failure>());
    match failure.map_or(Exit::Failed, |failure| failure.exit) {
        Exit::Failed if cause::is_lost(error) => Exit::NoConnection,
        exit => exit,
    }
}

/// A hint for an unknown name: the known names, and the most similar one.
pub(crate) fn nearest(what: &str, name: &str, known: &[&str]) -> String {
    let all = format!("{what}: {}.", known.join(", "));
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), other);
    let best = known
        .iter()
        .map(|other| (likeness(other), other))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((likeness, other)) if likeness > SIMILAR && known.len() > FEW => {
            format!("Did you mean \"{other}\"?")
        }
        Some((likeness, other)) if likeness > SIMILAR => format!("Did you mean \"{other}\"? {all}"),
        _ if known.is_empty() => "There are none yet.".into(),
        _ => all,
    }
}

/// The failure for a name or number that the database does not know, with a hint to the command that lists them.
pub(crate) fn with_list_hint(error: postgres::Error, list: Invocation) -> anyhow::Error {
    let is_unknown = error.code() == Some(&SqlState::NO_DATA_FOUND);
    match user_error(error).downcast::<Failure>() {
        Ok(failure) if is_unknown => failure.hint("To list them, run " + list + ".").into(),
        Ok(failure) => failure.into(),
        Err(error) => error,
    }
}

/// Turns the errors that our SQL functions raise for users into failures of usage.
pub(crate) fn user_error(error: postgres::Error) -> anyhow::Error {
    const CODES: [SqlState; 4] = [
        SqlState::NO_DATA_FOUND,
        SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::CHECK_VIOLATION,
    ];
    match error.as_db_error() {
        Some(error) if CODES.contains(error.code()) => {
            let mut failure = Failure::new(Exit::Usage, error.message());
            if let Some(detail) = error.detail() {
                failure = failure.detail(detail);
            }
            match error.hint() {
                Some(hint) => failure.hint(hint).into(),
                None => failure.into(),
            }
        }
        _ => error.into(),
    }
}
