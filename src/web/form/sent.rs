//! A submitted form. Its page gave it an id (`_form`), which elt.sent_form records in the statement that executes
//! the form. So a form is executed once, even if it is sent again or to another server, and the second response is
//! the same as the first.

use super::fields::Fields;
use super::{Pairs, given};
use crate::accounts::Token;
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;

/// Names of fields that have values of the user, apart from those that begin with `c.` or `empty.`.
const VALUES: [&str; 13] = [
    "row",
    "_content",
    "_method",
    "do",
    "name",
    "role",
    "session",
    "token",
    "days",
    "access",
    "revoke_tokens",
    "zone",
    "_zone",
];
/// Hexadecimal digits of a form's id: 128 random bits.
const DIGITS: usize = 32;

/// An id for a form. It is empty if no random number is available; the form is then not recorded.
pub(crate) fn new_id() -> String {
    let token = Token::new("");
    token
        .map(|token| token.text()[..DIGITS].into())
        .unwrap_or_default()
}

pub(crate) struct Sent {
    pub(crate) fields: Arc<Pairs>,
    /// `None` if the page gave the form no id.
    pub(crate) id: Option<String>,
    /// Hexadecimal SHA-256 of the address and the values.
    content: String,
}

impl FromRequestParts<crate::web::state::App> for Sent {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &crate::web::state::App,
    ) -> Result<Sent, Infallible> {
        let Fields(fields) = parts.extensions.get().cloned().unwrap_or_default();
        let path = parts.uri.path_and_query();
        Ok(Sent::read(path.map_or("/", |path| path.as_str()), fields))
    }
}

impl Sent {
    fn read(address: &str, fields: Arc<Pairs>) -> Sent {
        let id = given(&fields, "_form");
        let is_id = id.len() == DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        Sent {
            id: is_id.then(|| id.into()),
            content: content(address, &fields),
            fields,
        }
    }

    /// Whether the form must be shown with its values instead of being executed.
    pub(crate) fn is_shown_again(&self) -> bool {
        !given(&self.fields, "_fill").is_empty()
    }

    /// The outcome of the form, if the account sent it before.
    pub(crate) async fn outcome(
        &self,
        client: &Client,
        account: &Account,
    ) -> WebResult<Option<FormOutcome>> {
        self.outcome_for(client, &account.name).await
    }

    /// Like `outcome`, for the account with this name.
    pub(crate) async fn outcome_for(
        &self,
        client: &Client,
        name: &str,
    ) -> WebResult<Option<FormOutcome>> {
        let Some(id) = &self.id else {
            return Ok(None);
        };
        let sql = "select encode(content_sha256, 'hex'), row_key, said \
                   from elt.form_outcome($1::text::uuid, $2)";
        let row = client.query_opt(sql, &[id, &name]).await?;
        Ok(row.map(|row| FormOutcome {
            is_same: row.get::<_, String>(0) == self.content,
            key: row.get::<_, Option<Vec<String>>>(1).unwrap_or_default(),
            message: row.get(2),
        }))
    }

    /// The id and the content hash, for elt.note_form.
    pub(crate) fn id_and_content(&self) -> (Option<&str>, &str) {
        (self.id.as_deref(), &self.content)
    }
}

/// Hashes the values of the user, but no password: the hash is stored.
fn content(address: &str, fields: &[(String, String)]) -> String {
    let mut text = address.to_string();
    for (name, value) in fields {
        let is_value = VALUES.contains(&name.as_str());
        if is_value || name.starts_with("c.") || name.starts_with("empty.") {
            // A separator that no value has, because PostgreSQL accepts no zero byte.
            text.push('\0');
            text.push_str(name);
            text.push('\0');
            text.push_str(&value.replace("\r\n", "\n"));
        }
    }
    let mut out = String::new();
    for byte in Token::sha256(&text) {
        // Writing to a String does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The answer to a form whose id was used for other values, for example after the browser went back.
pub(crate) const OTHER_VALUES: &str =
    "This form was sent before with other values, so nothing was done now. Load the page again.";

/// The recorded outcome of a form.
pub(crate) struct FormOutcome {
    /// Whether the values are the same as the first time.
    pub(crate) is_same: bool,
    /// The key of the added row, or the number of the started job.
    pub(crate) key: Vec<String>,
    pub(crate) message: String,
}

/// Whether a statement failed because the form was executed before.
pub(crate) fn was_sent(error: &tokio_postgres::Error) -> bool {
    let error = error.as_db_error();
    error.and_then(|error| error.constraint()) == Some("sent_form_pkey")
}

/// The account that writes a row, and the form that requests it.
pub(crate) struct Writer<'a> {
    pub(crate) name: &'a str,
    form: Option<&'a Sent>,
    /// The message after success. It is empty if it depends on the row's key.
    message: &'a str,
}

impl<'a> Writer<'a> {
    pub(crate) fn program(name: &'a str) -> Writer<'a> {
        Writer {
            name,
            form: None,
            message: "",
        }
    }

    /// A form of the API's pages, whose outcome is a record and no message.
    pub(crate) fn api_form(name: &'a str, form: &'a Sent) -> Writer<'a> {
        Writer {
            name,
            form: Some(form),
            message: "",
        }
    }

    pub(crate) fn form(account: &'a Account, form: &'a Sent, message: &'a str) -> Writer<'a> {
        Writer {
            name: &account.name,
            form: Some(form),
            message,
        }
    }

    /// SQL that records the form. Adds its parameters to `given`. `key` is SQL for an array.
    pub(crate) fn note<'g>(&'g self, key: &str, given: &mut Vec<Option<&'g str>>) -> String {
        let Some(form) = self.form else {
            return "null::text".into();
        };
        let first = given.len() + 1;
        let (id, content) = form.id_and_content();
        given.extend([id, Some(self.name), Some(content), Some(self.message)]);
        format!(
            "elt.note_form(${first}::text::uuid, ${}::text, decode(${}::text, 'hex'), {key}, ${}::text)::text",
            first + 1,
            first + 2,
            first + 3
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(address: &str, pairs: &[(&str, &str)]) -> Sent {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        Sent::read(address, Arc::new(pairs.collect()))
    }

    #[test]
    fn content_depends_on_values_but_not_on_buttons_or_passwords() {
        let first = sent(
            "/a",
            &[("c.name", "x\r\ny"), ("_save", "yes"), ("_version", "7")],
        );
        let again = sent(
            "/a",
            &[("c.name", "x\ny"), ("_continue", "yes"), ("_version", "8")],
        );
        assert_eq!(first.content, again.content);
        assert_ne!(first.content, sent("/a", &[("c.name", "z")]).content);
        assert_ne!(first.content, sent("/b", &[("c.name", "x\ny")]).content);
        let password = sent("/password", &[("old", "secret"), ("new", "another")]);
        assert_eq!(password.content, sent("/password", &[]).content);
    }

    #[test]
    fn invalid_form_ids_are_ignored() {
        let id = new_id();
        assert_eq!(sent("/a", &[("_form", &id)]).id, Some(id));
        for bad in ["", "1", "'; drop table x; --", &"g".repeat(DIGITS)] {
            assert_eq!(sent("/a", &[("_form", bad)]).id, None, "{bad}");
        }
    }
}
