//! The credentials of an API: `ELT_<SOURCE>_USERNAME`, `_PASSWORD`, `_PASSWORD_FILE`, `_TOKEN`, `_TOKEN_FILE`. Secrets
//! come only from the environment, a file or a terminal.

use super::address::without_query;
use super::settings::{Settings, SignIn};
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use reqwest::Url;

#[derive(Clone)]
pub(super) enum Credentials {
    /// The API needs none.
    None,
    Token(Secret),
    /// To sign in, which returns a token.
    SignIn(Login),
    /// Sent with each request.
    Basic(Login),
}

/// A user name and a password, or the id of a client and its secret.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) username: Secret,
    pub(super) password: Secret,
}

/// A text that is never printed: it implements neither Debug nor Display.
#[derive(Clone)]
pub(in crate::extract) struct Secret(String);

impl Secret {
    pub(in crate::extract) fn expose(&self) -> &str {
        &self.0
    }

    pub(in crate::extract) fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }
}

impl Credentials {
    /// Reads the environment, and asks on the terminal for what is missing. `place`: the address to sign in at.
    pub(super) fn find(settings: &Settings, place: &Url) -> Result<Credentials> {
        let source = &settings.source;
        let is_basic = settings.sign_in == SignIn::Basic;
        let mut password = secret(source, "PASSWORD", is_basic)?;
        if let Some(token) = secret(source, "TOKEN", false)? {
            if password.is_some_and(|password| !password.expose().is_empty()) {
                return Err(both(
                    &variable_name(source, "TOKEN"),
                    &variable_name(source, "PASSWORD"),
                ));
            }
            return Ok(Credentials::Token(token));
        }
        if !is_basic && settings.sign_in_path.is_none() && settings.sign_in_url.is_none() {
            return Ok(Credentials::None);
        }
        let mut username = optional(source, "USERNAME", is_basic);
        // Some APIs with Basic take a key as the user name or as the password, and leave the other one empty. If both
        // are empty, they are missing.
        if username.as_deref() == Some("") && password.as_ref().is_none_or(|it| it.0.is_empty()) {
            username = None;
        }
        if username.is_none() && password.as_ref().is_some_and(|it| it.0.is_empty()) {
            password = None;
        }
        require(settings, username.is_some(), password.is_some())?;
        let username = match username {
            Some(username) => username,
            None => {
                let place = without_query(place);
                terminal::ask(&format!("{source}: user name at {place}: "))?
            }
        };
        if is_basic && username.contains(':') {
            let name = variable_name(source, "USERNAME");
            let message = format!("source \"{source}\": the user name has a colon");
            return Err(Failure::new(Exit::Usage, message)
                .detail("Basic authentication sends the user name, a colon and the password.")
                .hint(format!(
                    "If {name} has both, set {name} to the part before the colon and {} to the rest.",
                    variable_name(source, "PASSWORD")
                ))
                .into());
        }
        let password = match password {
            Some(password) => password,
            None => Secret(terminal::ask_secret(&format!("{source}: password: "))?),
        };
        let login = Login {
            username: Secret(username),
            password,
        };
        Ok(if is_basic {
            Credentials::Basic(login)
        } else {
            Credentials::SignIn(login)
        })
    }
}

/// Refuses missing credentials if no terminal is there to ask on.
fn require(settings: &Settings, has_username: bool, has_password: bool) -> Result<()> {
    let source = &settings.source;
    let missing = match (has_username, has_password) {
        (true, true) => return Ok(()),
        (false, true) => "a user name",
        (true, false) => "a password",
        (false, false) => "a user name and a password",
    };
    if terminal::can_ask() {
        return Ok(());
    }
    let message =
        format!("source \"{source}\" needs {missing}, and no terminal is there to ask on");
    let mut hint = format!(
        "Set {} and {} (or {}, or {}).",
        variable_name(source, "USERNAME"),
        variable_name(source, "PASSWORD"),
        variable_name(source, "PASSWORD_FILE"),
        variable_name(source, "TOKEN"),
    );
    if settings.sign_in == SignIn::Basic && has_username {
        hint = format!(
            "Set {0} or {0}_FILE. If the API has no password, because the user name is its key, set {0} to an \
             empty text.",
            variable_name(source, "PASSWORD")
        );
    }
    Err(Failure::new(Exit::Usage, message).hint(hint).into())
}

/// `ELT_<SOURCE>_<WHAT>`.
pub(in crate::extract) fn variable_name(source: &str, what: &str) -> String {
    format!("{}_{what}", variables(source))
}

/// The prefix of all variables of a source.
pub(in crate::extract) fn variables(source: &str) -> String {
    format!("ELT_{}", source.to_uppercase())
}

/// The value of a variable. An empty variable is like an unset one.
pub(in crate::extract) fn variable(source: &str, what: &str) -> Option<String> {
    optional(source, what, false)
}

fn optional(source: &str, what: &str, may_be_empty: bool) -> Option<String> {
    let value = std::env::var(variable_name(source, what)).ok();
    value.filter(|value| may_be_empty || !value.is_empty())
}

/// A secret from the variable, or from the file named by the variable with the suffix _FILE.
pub(in crate::extract) fn secret(
    source: &str,
    what: &str,
    may_be_empty: bool,
) -> Result<Option<Secret>> {
    let file_variable = format!("{what}_FILE");
    let file = variable(source, &file_variable);
    let value = optional(source, what, may_be_empty && file.is_none());
    let file_name = variable_name(source, &file_variable);
    match (value, file) {
        (Some(_), Some(_)) => Err(both(&variable_name(source, what), &file_name)),
        (Some(value), None) => Ok(Some(Secret(value))),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(&file).map_err(|error| {
                let message = format!("could not read file \"{file}\", which {file_name} names");
                Failure::new(Exit::Usage, message).because(error)
            })?;
            let secret = text.trim_end_matches(['\r', '\n']);
            if secret.is_empty() && !may_be_empty {
                let message = format!("file \"{file}\", which {file_name} names, is empty");
                return Err(Failure::new(Exit::Usage, message).into());
            }
            Ok(Some(Secret(secret.into())))
        }
        (None, None) => Ok(None),
    }
}

fn both(one: &str, other: &str) -> anyhow::Error {
    Failure::new(Exit::Usage, format!("both {one} and {other} are set"))
        .hint("Unset one of them.")
        .into()
}
