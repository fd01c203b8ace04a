//! What a command says, and with which code it ends, when it cannot do its work.

pub(crate) mod explain;
pub(crate) mod sentence;
mod standing;

pub(crate) use standing::Standing;

use postgres::error::SqlState;
use sentence::{Invocation, Sentence};
use std::fmt;

/// Exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Could not.
    Failed = 1,
    /// Usage or settings. Clap ends with the same.
    Usage = 2,
    /// A rule of level error found rows.
    RulesFoundRows = 3,
    /// More rows were rejected than allowed.
    TooManyRejects = 4,
    /// No connection to the database, or none any more.
    NoConnection = 5,
    /// The schema is not as expected.
    Schema = 6,
    /// Ctrl-C or SIGTERM.
    Interrupted = 130,
}

/// From here on a name may be another one, mistyped.
const ALIKE: f64 = 0.75;
/// Where one is alike, the others are only named if they are few.
const FEW: usize = 12;

/// A failure that the program understands: one line that states it, and what may help.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    pub(crate) detail: Option<String>,
    /// They may quote rows: shown to the user, and never recorded in the database.
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

    /// Facts that may quote rows of data, a line each.
    pub(crate) fn private_details(mut self, details: Vec<String>) -> Self {
        self.private_details = details.into();
        self
    }

    /// What it was that failed. (anyhow's `context` would hide this value from those who look for it
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

    /// What is not as it was, line by line.
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
        Exit::Failed if explain::is_lost(error) => Exit::NoConnection,
        exit => exit,
    }
}

/// A hint for a name that nobody knows: those that exist, and the one that is most like it.
pub(crate) fn nearest(what: &str, name: &str, known: &[&str]) -> String {
    let all = format!("{what}: {}.", known.join(", "));
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), other);
    let best = known
        .iter()
        .map(|other| (likeness(other), other))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((likeness, other)) if likeness > ALIKE && known.len() > FEW => {
            format!("Did you mean \"{other}\"?")
        }
        Some((likeness, other)) if likeness > ALIKE => format!("Did you mean \"{other}\"? {all}"),
        _ if known.is_empty() => "There are none yet.".into(),
        _ => all,
    }
}

/// The same for a name or number that the database does not know: a command lists those that there are.
pub(crate) fn or_list(error: postgres::Error, list: Invocation) -> anyhow::Error {
    let is_unknown = error.code() == Some(&SqlState::NO_DATA_FOUND);
    match for_people(error).downcast::<Failure>() {
        Ok(failure) if is_unknown => failure.hint("See them with " + list + ".").into(),
        Ok(failure) => failure.into(),
        Err(error) => error,
    }
}

/// What SQL functions say to people is not the program's failure.
pub(crate) fn for_people(error: postgres::Error) -> anyhow::Error {
    const SAID: [SqlState; 4] = [
        SqlState::NO_DATA_FOUND,
        SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::CHECK_VIOLATION,
    ];
    match error.as_db_error() {
        Some(said) if SAID.contains(said.code()) => {
            let failure = Failure::new(Exit::Usage, said.message());
            match said.hint() {
                Some(hint) => failure.hint(hint).into(),
                None => failure.into(),
            }
        }
        _ => error.into(),
    }
}
