//! The address of an API and its certificates, from environment variables: `ELT_<SOURCE>_URL`, `_TLS_ROOTS`. Its
//! credentials are found in `credentials.rs`.

use super::address::{is_loopback, join, without_query};
use super::credentials::{Credentials, variable, variable_name};
use super::settings::Settings;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use reqwest::Url;

/// Access to one API.
#[derive(Clone)]
pub(crate) struct Access {
    pub(super) settings: Settings,
    pub(super) base: Url,
    /// Where user name and password are posted, if `credentials` are for that.
    pub(super) sign_in: Url,
    pub(super) credentials: Credentials,
    /// Trusted certificates in PEM format.
    pub(super) tls_roots: Option<Vec<u8>>,
}

/// Whether the address of the source's API is known.
pub(crate) fn has_address(settings: &Settings) -> bool {
    settings.base_url.is_some() || variable(&settings.source, "URL").is_some()
}

/// The variable that may contain the address.
pub(crate) fn address_variable(settings: &Settings) -> String {
    variable_name(&settings.source, "URL")
}

/// The setting that has the address, for messages.
pub(super) fn address_setting(settings: &Settings) -> String {
    let name = address_variable(settings);
    if settings.base_url.is_some() && variable(&settings.source, "URL").is_none() {
        return "base_url in elt.rest_source".into();
    }
    name
}

impl Access {
    /// Reads the environment, and asks on the terminal for missing credentials.
    pub(crate) fn find(settings: Settings) -> Result<Access> {
        let base = base_url(&settings)?;
        Access::at(settings, base)
    }

    /// Access to a server whose address is known.
    pub(super) fn at(settings: Settings, base: Url) -> Result<Access> {
        let sign_in = sign_in_url(&settings, &base)?;
        let credentials = Credentials::find(&settings, &sign_in)?;
        let receivers: &[&Url] = match credentials {
            Credentials::None => &[],
            Credentials::Token(_) | Credentials::Basic(_) => &[&base],
            Credentials::SignIn(_) if sign_in.origin() == base.origin() => &[&base],
            Credentials::SignIn(_) => &[&base, &sign_in],
        };
        for url in receivers {
            if url.scheme() == "http" && !is_loopback(url) {
                terminal::warn(format!(
                    "source \"{}\": credentials go to {} unencrypted; https would keep them secret",
                    settings.source,
                    without_query(url)
                ));
            }
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
            sign_in,
            credentials,
            tls_roots,
        })
    }

    /// The address of the first page, without its query, which may be secret.
    pub(crate) fn location(&self) -> String {
        without_query(&join(&self.base, &self.settings.path))
    }
}

fn sign_in_url(settings: &Settings, base: &Url) -> Result<Url> {
    let Some(text) = &settings.sign_in_url else {
        return Ok(match &settings.sign_in_path {
            Some(path) => join(base, path),
            None => base.clone(),
        });
    };
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.ok_or_else(|| {
        let message = format!(
            "source \"{}\": sign_in_url is not an address",
            settings.source
        );
        Failure::new(Exit::Usage, message)
            .hint("Correct elt.rest_source.sign_in_url. It is like https://host/path.")
            .into()
    })
}

fn base_url(settings: &Settings) -> Result<Url> {
    let from_variable = variable(&settings.source, "URL");
    let name = address_setting(settings);
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
