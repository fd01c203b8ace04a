//! Why a query was not run, or failed.

use crate::web::error::WebError;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

const RIGHTS: &str = "Queries run as role elt_query. It reads public, the tables of core, and what elt reports about \
                      loads, but no raw rows, rules, rejects or accounts. The pages of Data show more.";

/// The longest text of an error, in characters. The server repeats whole values in it.
const LONGEST: usize = 1_000;

/// What the user can correct. Sentences, and the place in the text of the query.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refused {
    pub(crate) message: String,
    pub(crate) detail: String,
    pub(crate) hint: String,
    /// Index of a character in the user's text, from 0.
    pub(crate) position: Option<usize>,
}

pub(crate) enum QueryError {
    Refused(Refused),
    /// The page is off for now. The value is the reason, a sentence.
    Off(String),
    Web(WebError),
}

impl Refused {
    pub(super) fn new(message: impl Into<String>, position: Option<usize>) -> Refused {
        Refused {
            message: message.into(),
            position,
            ..Refused::default()
        }
    }

    /// An error of the server. `place` converts a position in the sent text, from 1, to one in the user's text.
    fn from_server(error: &DbError, place: impl FnOnce(usize) -> Option<usize>) -> Refused {
        let position = match error.position() {
            Some(ErrorPosition::Original(position)) => place(*position as usize),
            _ => None,
        };
        let mut message = error.message().to_string();
        if *error.code() == SqlState::QUERY_CANCELED {
            message = "the query took too long and was stopped".into();
        }
        let text = |part: Option<&str>| shortened(part.unwrap_or_default());
        let mut hint = text(error.hint());
        if *error.code() == SqlState::INSUFFICIENT_PRIVILEGE {
            hint = RIGHTS.into();
        }
        Refused {
            message: format!(
                "{}.",
                upper_first(shortened(&message).trim_end_matches('.'))
            ),
            detail: text(error.detail()),
            hint,
            position,
        }
    }
}

impl QueryError {
    /// An error of the driver while the query ran.
    pub(super) fn from_driver(
        error: tokio_postgres::Error,
        place: impl FnOnce(usize) -> Option<usize>,
    ) -> QueryError {
        match error.as_db_error() {
            Some(cause) => QueryError::Refused(Refused::from_server(cause, place)),
            None => QueryError::Web(WebError::Failed(error.into())),
        }
    }
}

impl From<Refused> for QueryError {
    fn from(refused: Refused) -> QueryError {
        QueryError::Refused(refused)
    }
}

impl From<WebError> for QueryError {
    fn from(error: WebError) -> QueryError {
        QueryError::Web(error)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}
