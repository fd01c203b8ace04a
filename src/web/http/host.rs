//! Checks the host name of requests. Another site could point its name to this server and then read the answers as
//! its own, so names must be allowed. Requests by IP address are safe.

use axum::http::HeaderMap;
use axum::http::Uri;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use std::net::IpAddr;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct Hosts(Arc<[String]>);

impl Hosts {
    /// `allowed`: names in addition to localhost, without ports.
    pub(crate) fn new(allowed: &[String]) -> Hosts {
        Hosts(
            allowed
                .iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        )
    }

    /// The host of the request, if it is not allowed.
    pub(crate) fn refused(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let host = asked(uri, headers)?;
        let name = name_of(&host);
        let is_known = is_address(&name)
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.0.contains(&name);
        (!is_known).then_some(host)
    }

    /// The host of the request, if it is allowed by name. Addresses in responses may then begin with it.
    pub(crate) fn named(&self, headers: &HeaderMap) -> Option<String> {
        host_header(headers).filter(|host| self.0.contains(&name_of(host)))
    }
}

/// `None` if the request names no host. Browsers always name one.
fn asked(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    if let Some(authority) = uri.authority() {
        return Some(authority.as_str().to_string());
    }
    host_header(headers)
}

fn host_header(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?;
    // Invalid UTF-8 becomes a name that is not allowed.
    Some(String::from_utf8_lossy(host.as_bytes()).into_owned())
}

fn name_of(host: &str) -> String {
    let authority = host.parse::<Authority>();
    let name = authority
        .as_ref()
        .map_or(host, |authority| authority.host());
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn is_address(name: &str) -> bool {
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_to_be_allowed_and_addresses_not() {
        let hosts = Hosts::new(&["Elt.example".to_string()]);
        let uri = Uri::from_static("/");
        let refused = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            (hosts.refused(&uri, &headers), hosts.named(&headers))
        };
        for host in [
            "127.0.0.1:8000",
            "[::1]:8000",
            "localhost",
            "LOCALHOST:80",
            "10.0.0.7",
        ] {
            assert_eq!(refused(host), (None, None), "{host}");
        }
        for host in ["elt.example", "elt.example:8443", "ELT.example."] {
            assert_eq!(refused(host), (None, Some(host.into())), "{host}");
        }
        for host in [
            "evil.example",
            "elt.example.evil",
            "127.0.0.1.evil.example",
            "a b",
        ] {
            assert_eq!(refused(host), (Some(host.into()), None), "{host}");
        }
        assert_eq!(hosts.refused(&uri, &HeaderMap::new()), None);
    }
}
