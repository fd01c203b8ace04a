//! The hosts that requests go to, each with an HTTP client: certificates, headers and proxy.

use crate::extract::rest::address::is_loopback;
use crate::extract::rest::credentials::variables;
use crate::extract::rest::settings::Settings;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use reqwest::blocking::Client as HttpClient;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Url, redirect};
use std::sync::atomic::AtomicBool;

/// A host that requests go to.
pub(super) struct Host {
    pub(super) http: HttpClient,
    /// A request to it was answered before.
    pub(super) has_answered: AtomicBool,
    pub(super) uses_proxy: bool,
    /// The setting that has its address, for hints.
    pub(super) setting: String,
}

/// What is requested from a host.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::extract::rest) enum Content {
    /// Pages of JSON, or a token.
    Pages,
    /// A file.
    File,
    /// A file that the server of the source redirects to. This host gets no header of the source.
    FileElsewhere,
}

impl Host {
    pub(super) fn new(
        settings: &Settings,
        url: &Url,
        tls_roots: Option<&[u8]>,
        content: Content,
        setting: String,
    ) -> Result<Host> {
        Ok(Host {
            http: build_http_client(settings, url, tls_roots, content)?,
            has_answered: AtomicBool::new(false),
            uses_proxy: !is_loopback(url) && has_proxy(),
            setting,
        })
    }
}

/// An HTTP client for one host.
fn build_http_client(
    settings: &Settings,
    url: &Url,
    tls_roots: Option<&[u8]>,
    content: Content,
) -> Result<HttpClient> {
    // It fails only if it was called before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut http = HttpClient::builder()
        .user_agent(concat!("elt/", env!("CARGO_PKG_VERSION")))
        .default_headers(request_headers(settings, content)?)
        .connect_timeout(settings.connect_timeout)
        // object_store adds HTTP/2 to the library.
        .http1_only()
        .redirect(redirect::Policy::none())
        .referer(false);
    http = match content {
        // Each request has its own time-out, which includes the time to read the body.
        Content::Pages => http.timeout(None),
        // This one is for each read. Files are unpacked like those on disk, so that their bytes can be counted, digested
        // and requested again from any position.
        Content::File | Content::FileElsewhere => http.timeout(settings.response_timeout).no_gzip(),
    };
    // A proxy cannot reach a loopback address of this machine. Other programs do the same.
    if is_loopback(url) {
        http = http.no_proxy();
    }
    if url.scheme() == "http" {
        // A small container may have no certificates. Plain http does not need them.
        http = http.tls_certs_only([]);
    } else if let Some(pem) = tls_roots {
        let roots = parse_roots(settings, pem)?;
        http = match content {
            Content::Pages | Content::File => http.tls_certs_only(roots),
            // It may have a certificate of another authority.
            Content::FileElsewhere => http.tls_certs_merge(roots),
        };
    }
    http.build().map_err(|error| {
        let message = format!("source \"{}\": could not prepare for https", settings.source);
        Failure::new(Exit::Failed, message)
            .because(error.without_url())
            .hint(format!(
                "Install the system's certificates (ca-certificates), or name a certificate file with {}_TLS_ROOTS.",
                variables(&settings.source)
            ))
            .into()
    })
}

/// The certificates of a bundle in PEM format. At least one.
pub(in crate::extract) fn parse_roots(settings: &Settings, pem: &[u8]) -> Result<Vec<Certificate>> {
    let roots = Certificate::from_pem_bundle(pem).ok();
    let roots = roots.filter(|roots| !roots.is_empty()).ok_or_else(|| {
        let message = format!("source \"{}\": no certificate to trust", settings.source);
        Failure::new(Exit::Usage, message)
            .detail("The trusted certificates are not in PEM format.")
            .hint(format!(
                "Put certificates that begin with -----BEGIN CERTIFICATE----- into the file that {}_TLS_ROOTS \
                 names, or into elt.rest_source.tls_roots.",
                variables(&settings.source)
            ))
    })?;
    Ok(roots)
}

fn request_headers(settings: &Settings, content: Content) -> Result<HeaderMap> {
    let json = HeaderValue::from_static("application/json");
    let mut headers = match content {
        Content::Pages => HeaderMap::from_iter([(header::ACCEPT, json.clone())]),
        Content::File | Content::FileElsewhere => HeaderMap::from_iter([
            (header::ACCEPT, HeaderValue::from_static("*/*")),
            // The file itself, not one that was packed for the way.
            (
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            ),
        ]),
    };
    if content == Content::FileElsewhere {
        return Ok(headers);
    }
    for (name, value) in &settings.headers {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        let (Ok(name), Ok(value)) = header else {
            let message = format!(
                "source \"{}\": \"{name}\" is not a valid header",
                settings.source
            );
            return Err(Failure::new(Exit::Usage, message)
                .hint("Correct elt.rest_source.headers.")
                .into());
        };
        headers.insert(name, value);
    }
    if content == Content::Pages {
        headers.insert(header::CONTENT_TYPE, json);
    }
    Ok(headers)
}

/// Whether the environment names a proxy, in lower or upper case.
pub(in crate::extract) fn has_proxy() -> bool {
    let names = ["https_proxy", "http_proxy", "all_proxy"];
    names.iter().any(|name| {
        let value = std::env::var_os(name).or_else(|| std::env::var_os(name.to_uppercase()));
        value.is_some_and(|value| !value.is_empty())
    })
}
