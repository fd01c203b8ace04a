//! A submitted form. Its page gave it a number (`_form`), which elt.sent_form records in the statement that carries
//! out the form. So a form is carried out once, even if it is sent again or to another server, and the second answer
//! is the same as the first.

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

/// Hexadecimal digits of a form's number: 128 random bits.
const DIGITS: usize = 32;

/// A number for a form; empty if there are no random numbers, and the form is then not noted.
pub(crate) fn new_id() -> String {
    let token = Token::new("");
    token
        .map(|token| token.text()[..DIGITS].into())
        .unwrap_or_default()
}

/// The fields of a request, as the middleware read them.
#[derive(Clone, Default)]
pub(super) struct Fields(pub(super) Arc<Pairs>);

pub(crate) struct Sent {
    pub(crate) fields: Arc<Pairs>,
    /// None if the page gave it none.
    pub(crate) id: Option<String>,
    /// SHA-256 of where it was sent and of what was filled in, in hexadecimal.
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

    /// Whether it is to be shown again, filled in, and not carried out.
    pub(crate) fn is_shown_again(&self) -> bool {
        !given(&self.fields, "_fill").is_empty()
    }

    /// What came of it, if the account sent it before.
    pub(crate) async fn outcome(
        &self,
        client: &Client,
        account: &Account,
    ) -> WebResult<Option<Outcome>> {
        let Some(id) = &self.id else {
            return Ok(None);
        };
        let sql = "select encode(content_sha256, 'hex'), row_key, said \
                   from elt.form_outcome($1::text::uuid, $2)";
        let row = client.query_opt(sql, &[id, &account.name]).await?;
        Ok(row.map(|row| Outcome {
            is_same: row.get::<_, String>(0) == self.content,
            key: row.get::<_, Option<Vec<String>>>(1).unwrap_or_default(),
            said: row.get(2),
        }))
    }

    /// What elt.note_form takes: number and content.
    pub(crate) fn noted(&self) -> (Option<&str>, &str) {
        (self.id.as_deref(), &self.content)
    }
}

/// Only what people fill in, and no password: a hash of one would be stored.
fn content(address: &str, fields: &[(String, String)]) -> String {
    let mut text = address.to_string();
    for (name, value) in fields {
        if name.starts_with("c.") || name.starts_with("empty.") || name == "row" {
            // A zero byte is in no value that PostgreSQL takes.
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

/// What came of a form.
pub(crate) struct Outcome {
    /// The form is the same as then; else it was filled in differently and sent again.
    pub(crate) is_same: bool,
    /// Values of the key of the row that it added, or the number of the job that it started.
    pub(crate) key: Vec<String>,
    pub(crate) said: String,
}

/// Whether a statement failed because the form was carried out before.
pub(crate) fn was_sent(error: &tokio_postgres::Error) -> bool {
    let error = error.as_db_error();
    error.and_then(|error| error.constraint()) == Some("sent_form_pkey")
}

/// Who writes a row, and the form that asks for it.
pub(crate) struct Writer<'a> {
    pub(crate) name: &'a str,
    form: Option<&'a Sent>,
    /// What the account is told afterwards; empty if that depends on the row's key.
    said: &'a str,
}

impl<'a> Writer<'a> {
    pub(crate) fn program(name: &'a str) -> Writer<'a> {
        Writer {
            name,
            form: None,
            said: "",
        }
    }

    pub(crate) fn form(account: &'a Account, form: &'a Sent, said: &'a str) -> Writer<'a> {
        Writer {
            name: &account.name,
            form: Some(form),
            said,
        }
    }

    /// SQL that notes the form, with its parameters added to `given`. `key`: an array, as SQL.
    pub(crate) fn note<'g>(&'g self, key: &str, given: &mut Vec<Option<&'g str>>) -> String {
        let Some(form) = self.form else {
            return "null::text".into();
        };
        let first = given.len() + 1;
        let (id, content) = form.noted();
        given.extend([id, Some(self.name), Some(content), Some(self.said)]);
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
    fn what_is_filled_in_tells_forms_apart_and_buttons_and_passwords_do_not() {
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
    fn a_number_that_no_page_gave_is_none() {
        let id = new_id();
        assert_eq!(sent("/a", &[("_form", &id)]).id, Some(id));
        for bad in ["", "1", "'; drop table x; --", &"g".repeat(DIGITS)] {
            assert_eq!(sent("/a", &[("_form", bad)]).id, None, "{bad}");
        }
    }
}
