//! Executes a form that changes accounts, sessions or tokens. The database checks the session, records the action, and
//! refuses what an account may not do.

use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{FormOutcome, OTHER_VALUES, Sent, was_sent};
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::types::ToSql;

/// SQL that executes an action and records its form. Parameters: the form's id, the account, the form's content hash,
/// the session, and those of the action, from $5 on.
macro_rules! action {
    ($act:literal) => {
        concat!(
            "select elt.note_form($1::text::uuid, $2, decode($3::text, 'hex'), null, '')::text, acted.done \
             from (select ",
            $act,
            "::text as done) as acted"
        )
    };
}
pub(super) use action;

pub(super) enum Acted {
    /// The result of the function, as text.
    Done(String),
    /// The form was executed before.
    Before,
    /// The reason, a sentence.
    Refused(String),
}

impl Acted {
    fn before(before: &FormOutcome) -> Acted {
        if before.is_same {
            Acted::Before
        } else {
            Acted::Refused(OTHER_VALUES.into())
        }
    }
}

/// Executes an action, unless its form was executed before.
pub(super) async fn act(
    client: &Client,
    account: &Account,
    sent: &Sent,
    sql: &'static str,
    values: &[&(dyn ToSql + Sync)],
) -> WebResult<Acted> {
    // A second account of the same name, for example, would be refused for another reason.
    if let Some(before) = sent.outcome(client, account).await? {
        return Ok(Acted::before(&before));
    }
    let (form, content) = sent.id_and_content();
    let mut all: Vec<&(dyn ToSql + Sync)> = vec![&form, &account.name, &content, &account.session];
    all.extend_from_slice(values);
    let error = match client.query(sql, &all).await {
        Ok(rows) => {
            let done = rows
                .first()
                .and_then(|row| row.get::<_, Option<String>>("done"));
            return Ok(Acted::Done(done.unwrap_or_default()));
        }
        Err(error) => error,
    };
    // The same form may have been executed while this request waited for it.
    if let Some(before) = sent.outcome(client, account).await? {
        return Ok(Acted::before(&before));
    }
    // Another account sent it.
    if was_sent(&error) {
        return Ok(Acted::Refused(OTHER_VALUES.into()));
    }
    match error.as_db_error() {
        Some(cause) if is_reason(cause.code()) => Ok(Acted::Refused(sentence(cause))),
        _ => Err(refused(error)),
    }
}

/// Errors that the functions raise for the user.
fn is_reason(code: &SqlState) -> bool {
    [
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        SqlState::NO_DATA_FOUND,
    ]
    .contains(code)
}

/// The error of a request that is not answered. A session may have ended in the meantime.
pub(super) fn refused(error: tokio_postgres::Error) -> WebError {
    match error.code() {
        Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => WebError::SignIn("/account".into()),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => WebError::Forbidden(ONLY_ADMINS),
        _ => error.into(),
    }
}

const ONLY_ADMINS: &str = "Only admins manage accounts and read the audit.";

pub(super) fn require_admin(account: &Account) -> WebResult<()> {
    if account.is_admin() {
        Ok(())
    } else {
        Err(WebError::Forbidden(ONLY_ADMINS))
    }
}

fn sentence(cause: &DbError) -> String {
    let mut letters = cause.message().chars();
    let first = letters.next().map(|letter| letter.to_uppercase());
    let first: String = first.into_iter().flatten().collect();
    let hint = cause.hint().unwrap_or_default();
    format!("{first}{}. {hint}", letters.as_str())
        .trim_end()
        .into()
}
