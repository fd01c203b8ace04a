//! How a bucket is reached, from the environment: `ELT_<SOURCE>_ACCESS_KEY_ID`, `_SECRET_ACCESS_KEY`, `_SESSION_TOKEN`,
//! `_REGION`, `_ENDPOINT` and `_TLS_ROOTS`, or the variables of AWS that other programs read too.

use super::role::Role;
use crate::extract::rest::{
    Secret, Settings, is_loopback, secret, variable, variable_name, variables, without_query,
};
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use reqwest::Url;

#[derive(Clone)]
pub(super) struct Access {
    /// Of the source: attempts and time-outs.
    pub(super) settings: Settings,
    /// The server, if it is not that of AWS.
    pub(super) endpoint: Option<Url>,
    pub(super) region: Option<String>,
    pub(super) credentials: Credentials,
    /// Trusted certificates in PEM format.
    pub(super) tls_roots: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(super) enum Credentials {
    Keys(Keys),
    /// What the program may do, because of where it runs.
    Role(Role),
    /// Requests are not signed. Public buckets allow that.
    None,
}

#[derive(Clone)]
pub(super) struct Keys {
    /// The prefix of the variables that have them, for hints.
    pub(super) variables: String,
    pub(super) id: String,
    pub(super) secret: Secret,
    pub(super) session_token: Option<Secret>,
}

impl Access {
    /// Reads the environment. `row`: the row of the source in `elt.rest_source`, if it has one.
    pub(super) fn find(source: &str, row: Option<Settings>) -> Result<Access> {
        let settings = match row {
            Some(row) => row,
            None => Settings::with_columns(source, [])?,
        };
        let endpoint = endpoint(source)?;
        let region = variable(source, "REGION")
            .or_else(|| first_of(&["AWS_REGION", "AWS_DEFAULT_REGION"]).map(|(_, value)| value));
        let credentials = match keys(source)? {
            Some(keys) => Credentials::Keys(keys),
            None => Role::find(endpoint.as_ref()).map_or(Credentials::None, Credentials::Role),
        };
        let tls_roots = match variable(source, "TLS_ROOTS") {
            Some(file) => Some(std::fs::read(&file).with_context(|| {
                let name = variable_name(source, "TLS_ROOTS");
                format!("could not read file \"{file}\", which {name} names")
            })?),
            None => settings.tls_roots.clone().map(String::into_bytes),
        };
        Ok(Access {
            settings,
            endpoint,
            region,
            credentials,
            tls_roots,
        })
    }

    /// Texts that must appear nowhere.
    pub(super) fn secrets(&self) -> Vec<&str> {
        match &self.credentials {
            Credentials::Keys(keys) => {
                let token = keys.session_token.iter().map(Secret::expose);
                token.chain([keys.secret.expose()]).collect()
            }
            Credentials::Role(_) | Credentials::None => Vec::new(),
        }
    }

    /// The prefix of the variables of the source.
    pub(super) fn variables(&self) -> String {
        variables(&self.settings.source)
    }
}

/// The first of the variables that is set, and its value.
pub(super) fn first_of(names: &[&str]) -> Option<(String, String)> {
    names.iter().find_map(|name| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
        Some((name.to_string(), value))
    })
}

/// The keys of the source, otherwise those of AWS. They are never mixed.
fn keys(source: &str) -> Result<Option<Keys>> {
    let id = variable(source, "ACCESS_KEY_ID");
    let secret_key = secret(source, "SECRET_ACCESS_KEY", false)?;
    let session_token = secret(source, "SESSION_TOKEN", false)?;
    if id.is_some() || secret_key.is_some() || session_token.is_some() {
        return complete(variables(source), id, secret_key, session_token).map(Some);
    }
    let of_aws = |name: &str| first_of(&[name]).map(|(_, value)| value);
    let id = of_aws("AWS_ACCESS_KEY_ID");
    let secret_key = of_aws("AWS_SECRET_ACCESS_KEY").map(Secret::new);
    if id.is_none() && secret_key.is_none() {
        return Ok(None);
    }
    let session_token = of_aws("AWS_SESSION_TOKEN").map(Secret::new);
    complete("AWS".into(), id, secret_key, session_token).map(Some)
}

fn complete(
    variables: String,
    id: Option<String>,
    secret: Option<Secret>,
    session_token: Option<Secret>,
) -> Result<Keys> {
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Keys {
            variables,
            id,
            secret,
            session_token,
        }),
        (id, secret) => {
            let name = |is_set: bool, what: &str| (!is_set).then(|| format!("{variables}_{what}"));
            let missing = [
                name(id.is_some(), "ACCESS_KEY_ID"),
                name(secret.is_some(), "SECRET_ACCESS_KEY"),
            ];
            let missing: Vec<String> = missing.into_iter().flatten().collect();
            let missing = missing.join(" and ");
            let message =
                format!("the credentials of the bucket are incomplete: {missing} is missing");
            Err(Failure::new(Exit::Usage, message)
                .hint(format!("Set {missing}, or unset the others of {variables}_ACCESS_KEY_ID, _SECRET_ACCESS_KEY and _SESSION_TOKEN."))
                .into())
        }
    }
}

fn endpoint(source: &str) -> Result<Option<Url>> {
    let own = variable(source, "ENDPOINT").map(|value| (variable_name(source, "ENDPOINT"), value));
    let Some((name, text)) = own.or_else(|| first_of(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]))
    else {
        return Ok(None);
    };
    // The text may have a password.
    let refuse = |problem: &str| -> anyhow::Error {
        Failure::new(Exit::Usage, format!("{name} {problem}"))
            .hint("It is like https://storage.example.org, without the bucket.")
            .into()
    };
    let url = Url::parse(&text).map_err(|_| refuse("is not an address"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refuse("is neither an http nor an https address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("has a user in it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has a query or a fragment"));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        terminal::warn(format!(
            "source \"{source}\": the data comes from {} unencrypted, and a session token goes there unencrypted; https \
             would keep them secret",
            without_query(&url)
        ));
    }
    Ok(Some(url))
}
