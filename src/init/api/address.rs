//! The address of an API: its parts, and the name of its source.

use super::secret_names::{is_refused_by_check, is_secret, secret_parameter};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use std::path::Path;

/// Segments of a path that do not name its records.
const GENERAL: [&str; 8] = [
    "api", "graphql", "index", "json", "odata", "public", "rest", "search",
];

/// Whether `--from` names an address instead of a file.
pub(in crate::init) fn is_address(from: &Path) -> bool {
    let start: String = from.to_string_lossy().chars().take(8).collect();
    let start = start.to_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// An address without user and fragment.
pub(in crate::init) struct Address(Url);

/// What the secret in an address would be used for.
pub(in crate::init) enum Secret {
    OfFile,
    OfApi,
}

impl Address {
    pub(in crate::init) fn parse(from: &Path) -> Result<Address> {
        let refuse = |problem: &str| -> anyhow::Error {
            // The text may contain a secret.
            Failure::new(Exit::Usage, format!("the address of --from {problem}"))
                .hint("It is like https://host/path?parameter=value.")
                .into()
        };
        let text = from
            .to_str()
            .ok_or_else(|| refuse("has bytes that are not UTF-8"))?;
        let mut url = Url::parse(text).map_err(|_| refuse("cannot be read"))?;
        if url.host_str().is_none() {
            return Err(refuse("has no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Failure::new(
                Exit::Usage,
                "the address of --from has a user name or a password",
            )
            .detail("elt init would write it into the project's files.")
            .hint("Leave it out, and set ELT_<SOURCE>_USERNAME and ELT_<SOURCE>_PASSWORD.")
            .into());
        }
        url.set_fragment(None);
        Ok(Address(url))
    }

    /// The scheme and the host.
    pub(super) fn base_url(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The path and the query, below this base.
    pub(super) fn path_below(&self, base_url: &str) -> Result<String> {
        let text = self.0.as_str();
        let path = text.strip_prefix(base_url.trim_end_matches('/'));
        let path = path.filter(|path| path.starts_with('/'));
        let path = path.ok_or_else(|| {
            let message = "the address of --from is not below the base_url of --set";
            Failure::new(Exit::Usage, message)
                .hint("Name the beginning of the address, up to a slash, as base_url.")
        })?;
        Ok(path.trim_end_matches('?').to_string())
    }

    /// The parameters of its query, decoded.
    pub(super) fn query(&self) -> Vec<(String, String)> {
        let pairs = self.0.query_pairs();
        pairs
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    /// The address without its query.
    pub(in crate::init) fn shown(&self) -> String {
        let mut url = self.0.clone();
        url.set_query(None);
        url.to_string()
    }

    /// The option with the address, for hints.
    pub(in crate::init) fn setting(&self) -> String {
        format!("--from {}", self.shown())
    }

    pub(in crate::init) fn url(&self) -> &Url {
        &self.0
    }

    /// The name of the file at the address: the last segment of the path, or the name of the source.
    pub(in crate::init) fn file_name(&self) -> String {
        let segment = self.0.path().rsplit('/').next().unwrap_or_default();
        let name = percent_decode_str(segment).decode_utf8_lossy();
        // It names a temporary file.
        let plain: String = name
            .chars()
            .map(|each| match each {
                '/' | '\\' => '_',
                each if each.is_control() => '_',
                each => each,
            })
            .collect();
        let is_name = plain.contains('.') && !plain.starts_with('.') && plain.len() < 200;
        if is_name { plain } else { self.name() }
    }

    /// Refuses a secret in the address, because the project's files would contain it.
    pub(in crate::init) fn refuse_secret(&self, source: &str, secret: Secret) -> Result<()> {
        let query = self.query();
        let refused = match secret {
            Secret::OfApi => secret_parameter(&query, is_secret),
            Secret::OfFile => {
                secret_parameter(&query, |name| is_secret(name) || is_refused_by_check(name))
            }
        };
        let Some(name) = refused else {
            return Ok(());
        };
        let name: String = name.escape_debug().take(60).collect();
        let message = format!("parameter \"{name}\" of the address seems to be a secret");
        let variable = format!("ELT_{}_TOKEN", source.to_uppercase());
        let place = match secret {
            Secret::OfApi => format!("add --set token_parameter={name}"),
            Secret::OfFile => format!(
                "insert a row into elt.rest_source with token_parameter '{name}' (src/load/README.md)"
            ),
        };
        Err(Failure::new(Exit::Usage, message)
            .detail("elt init would write it into the project's files.")
            .hint(format!(
                "Leave it out of the address, set {variable} to its value, and {place}."
            ))
            .into())
    }

    /// The last segment of the path that is a word, or a word of the host.
    pub(super) fn name(&self) -> String {
        let segments = self.0.path().split('/').rev();
        let words: Vec<String> = segments.filter_map(word).collect();
        let is_special = |word: &&String| !GENERAL.contains(&word.to_lowercase().as_str());
        let found = words.iter().find(is_special);
        let of_host = || {
            let host = self.0.domain()?;
            let mut labels = host.rsplit('.').skip(1);
            labels.find_map(word)
        };
        let found = found.cloned().or_else(of_host);
        found.unwrap_or_else(|| "records".into())
    }
}

/// The segment if it is a word: neither a version, a number nor an id. Without an ending such as `.json`.
fn word(segment: &str) -> Option<String> {
    let segment = percent_decode_str(segment).decode_utf8().ok()?;
    let name = segment.split(['.', '(', ';']).next().unwrap_or_default();
    let letters = name.chars().filter(|each| each.is_alphabetic()).count();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_version = letters == 1 && name.to_lowercase().starts_with('v');
    let is_id = digits > letters || (name.len() >= 32 && digits > 0);
    let is_word = letters > 1 && !is_version && !is_id;
    is_word.then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_the_path_names_the_source() -> Result<()> {
        for (text, name) in [
            ("https://h.example/api/v1/customers", "customers"),
            ("https://h.example/api/customers.json?x=1", "customers"),
            ("https://h.example/users/17/orders/", "orders"),
            ("https://h.example/things/v2", "things"),
            (
                "https://h.example/lists/5f0c0e2ab14cd4a2b8f3e1d0c9b8a7f6",
                "lists",
            ),
            ("https://h.example/products/search", "products"),
            ("https://h.example/odata/Orders(7)", "Orders"),
            ("https://api.shop.example/v1/", "shop"),
            ("http://127.0.0.1:8000/", "records"),
        ] {
            assert_eq!(Address::parse(Path::new(text))?.name(), name, "{text}");
        }
        Ok(())
    }

    #[test]
    fn an_address_has_a_base_and_a_path() -> Result<()> {
        let address = Address::parse(Path::new("HTTPS://h:8443/v1/a?b=c#d"))?;
        assert_eq!(address.base_url(), "https://h:8443");
        assert_eq!(address.path_below(&address.base_url())?, "/v1/a?b=c");
        assert_eq!(address.path_below("https://h:8443/v1/")?, "/a?b=c");
        assert!(address.path_below("https://h:8443/v").is_err());
        assert_eq!(address.shown(), "https://h:8443/v1/a");
        for text in ["http://", "https://u:secret@h/", "https://u@h/"] {
            let error = Address::parse(Path::new(text)).err();
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(
                !error.is_empty() && !error.contains("secret"),
                "{text} {error}"
            );
        }
        Ok(())
    }
}
