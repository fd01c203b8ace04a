//! The address and the credentials of an API, from environment variables: `ELT_<SOURCE>_URL`, `_USERNAME`,
//! `_PASSWORD`, `_PASSWORD_FILE`, `_TOKEN`, `_TOKEN_FILE`, `_TLS_ROOTS`. Secrets come only from the environment, a
//! file or a terminal.

use super::address::{is_loopback, without_query};
use super::settings::Settings;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use reqwest::Url;

/// Access to one API.
pub(crate) struct Access {
    pub(super) settings: Settings,
    pub(super) base: Url,
    pub(super) credentials: Credentials,
    /// Trusted certificates in PEM format.
    pub(super) tls_roots: Option<Vec<u8>>,
}

pub(super) enum Credentials {
    /// The API needs none.
    None,
    Token(Secret),
    Password {
        username: Secret,
        password: Secret,
    },
}

/// A text that is never printed: it implements neither Debug nor Display.
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn new(text: &str) -> Secret {
        Secret(text.into())
    }
}

/// Whether the address of the source's API is known.
pub(crate) fn has_address(settings: &Settings) -> bool {
    settings.base_url.is_some() || variable(&settings.source, "URL").is_some()
}

/// The variable that may contain the address.
pub(crate) fn address_variable(settings: &Settings) -> String {
    variable_name(&settings.source, "URL")
}

impl Access {
    /// Reads the environment, and asks on the terminal for missing credentials.
    pub(crate) fn find(settings: Settings) -> Result<Access> {
        let base = base_url(&settings)?;
        let credentials = credentials(&settings, &base)?;
        let sends_secret = !matches!(credentials, Credentials::None);
        if sends_secret && base.scheme() == "http" && !is_loopback(&base) {
            terminal::warn(format!(
                "source \"{}\": what shows who asks goes to {} unencrypted; https would keep it secret",
                settings.source,
                without_query(&base)
            ));
        }
        let tls_roots = match variable(&settings.source, "TLS_ROOTS") {
            Some(file) => Some(std::fs::read(&file).with_context(|| {
                let name = variable_name(&settings.source, "TLS_ROOTS");
                format!("could not read file \"{file}\", which {name} names")
            })?),
            None => settings.tls_roots.clone().map(String::into_bytes),
        };
        Ok(Access {
            settings,
            base,
            credentials,
            tls_roots,
        })
    }

    /// The address of the first page, without its query, which may be secret.
    pub(crate) fn location(&self) -> String {
        without_query(&super::address::join(&self.base, &self.settings.path))
    }
}

fn base_url(settings: &Settings) -> Result<Url> {
    let name = variable_name(&settings.source, "URL");
    let from_variable = variable(&settings.source, "URL");
    let Some(text) = from_variable.or_else(|| settings.base_url.clone()) else {
        let message = format!("the address of source \"{}\" is not known", settings.source);
        return Err(Failure::new(Exit::Usage, message)
            .hint(format!(
                "Set {name}: https://host, or what the API's paths lie below."
            ))
            .into());
    };
    let refuse = |problem: &str| -> anyhow::Error {
        // The text may contain a password.
        Failure::new(Exit::Usage, format!("{name} {problem}"))
            .hint(
                "It is like https://host:8000 or https://host/api; all else is in elt.rest_source.",
            )
            .into()
    };
    let url = Url::parse(&text).map_err(|_| refuse("is not an address"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refuse("is neither an http nor an https address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "has a user in it, who belongs into _USERNAME and _PASSWORD",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has a query or a fragment"));
    }
    Ok(url)
}

fn credentials(settings: &Settings, base: &Url) -> Result<Credentials> {
    let source = &settings.source;
    let password = secret(source, "PASSWORD")?;
    if let Some(token) = secret(source, "TOKEN")? {
        if password.is_some() {
            return Err(both(
                &variable_name(source, "TOKEN"),
                &variable_name(source, "PASSWORD"),
            ));
        }
        return Ok(Credentials::Token(token));
    }
    if settings.sign_in_path.is_none() {
        return Ok(Credentials::None);
    }
    let username = variable(source, "USERNAME");
    let missing = match (&username, &password) {
        (Some(_), Some(_)) => "",
        (None, Some(_)) => "a user name",
        (Some(_), None) => "a password",
        (None, None) => "a user name and a password",
    };
    if !missing.is_empty() && !terminal::can_ask() {
        let message =
            format!("source \"{source}\" needs {missing}, and no terminal is there to ask on");
        return Err(Failure::new(Exit::Usage, message)
            .hint(format!(
                "Set {} and {} (or {}, or {}).",
                variable_name(source, "USERNAME"),
                variable_name(source, "PASSWORD"),
                variable_name(source, "PASSWORD_FILE"),
                variable_name(source, "TOKEN"),
            ))
            .into());
    }
    let place = without_query(base);
    let username = match username {
        Some(username) => username,
        None => terminal::ask(&format!("{source}: user name at {place}: "))?,
    };
    let password = match password {
        Some(password) => password,
        None => Secret(terminal::ask_secret(&format!("{source}: password: "))?),
    };
    Ok(Credentials::Password {
        username: Secret(username),
        password,
    })
}

/// `ELT_<SOURCE>_<WHAT>`.
fn variable_name(source: &str, what: &str) -> String {
    format!("{}_{what}", variables(source))
}

fn both(one: &str, other: &str) -> anyhow::Error {
    Failure::new(Exit::Usage, format!("both {one} and {other} are set"))
        .hint("Unset one of them.")
        .into()
}

/// The prefix of all variables of a source.
pub(super) fn variables(source: &str) -> String {
    format!("ELT_{}", source.to_uppercase())
}

/// The value of a variable. An empty variable is like an unset one.
fn variable(source: &str, what: &str) -> Option<String> {
    let value = std::env::var(variable_name(source, what)).ok();
    value.filter(|value| !value.is_empty())
}

/// A secret from the variable, or from the file named by the variable with the suffix _FILE.
fn secret(source: &str, what: &str) -> Result<Option<Secret>> {
    let file_variable = format!("{what}_FILE");
    let (value, file) = (variable(source, what), variable(source, &file_variable));
    let file_name = variable_name(source, &file_variable);
    match (value, file) {
        (Some(_), Some(_)) => {
            let name = variable_name(source, what);
            Err(both(&name, &file_name))
        }
        (Some(value), None) => Ok(Some(Secret(value))),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(&file).map_err(|error| {
                let message = format!("could not read file \"{file}\", which {file_name} names");
                Failure::new(Exit::Usage, message).because(error)
            })?;
            let secret = text.trim_end_matches(['\r', '\n']);
            if secret.is_empty() {
                let message = format!("file \"{file}\", which {file_name} names, is empty");
                return Err(Failure::new(Exit::Usage, message).into());
            }
            Ok(Some(Secret(secret.into())))
        }
        (None, None) => Ok(None),
    }
}
