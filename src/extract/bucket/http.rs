//! The HTTP client under `object_store`: certificates, time-outs and proxies as for files at https addresses, and failed
//! responses as values that messages can be made of.

use super::access::Access;
use super::refusal::Refusal;
use crate::extract::rest::{is_loopback, parse_roots, variables};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use reqwest::{Client, Url, redirect};
use std::net::IpAddr;

/// Sends the requests to the bucket, and those for the credentials of a role.
#[derive(Clone, Debug)]
pub(super) struct Http {
    client: Client,
    /// For services of the machine itself, which no proxy can reach.
    direct: Client,
    /// The host and the port of the bucket's server.
    host: String,
}

impl Http {
    /// `server`: that of the bucket.
    pub(super) fn new(access: &Access, server: &Url) -> Result<Http> {
        let client = build(access, server)?;
        let direct = Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .connect_timeout(access.settings.connect_timeout)
            .read_timeout(access.settings.response_timeout)
            .build()?;
        Ok(Http {
            client,
            direct,
            host: server.authority().to_string(),
        })
    }
}

fn build(access: &Access, server: &Url) -> Result<Client> {
    let settings = &access.settings;
    // It fails only if it was called before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut http = Client::builder()
        .user_agent(concat!("elt/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.response_timeout)
        // A signature is for one host.
        .redirect(redirect::Policy::none())
        .referer(false)
        .http1_only()
        // Objects are unpacked like files on disk.
        .no_gzip();
    if is_loopback(server) {
        http = http.no_proxy();
    }
    if server.scheme() == "http" {
        http = http.tls_certs_only([]);
    } else if let Some(pem) = &access.tls_roots {
        http = http.tls_certs_only(parse_roots(settings, pem)?);
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

impl HttpConnector for Http {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Http {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let uri = request.uri();
        let of_bucket = uri
            .authority()
            .is_some_and(|host| host.as_str() == self.host);
        let host = uri.host().map(|host| host.trim_matches(['[', ']']));
        let host = host.and_then(|host| host.parse::<IpAddr>().ok());
        let is_of_machine = host.is_some_and(|address| match address {
            IpAddr::V4(address) => address.is_link_local() || address.is_loopback(),
            IpAddr::V6(address) => address.is_unique_local() || address.is_loopback(),
        });
        let client = if is_of_machine && !of_bucket {
            &self.direct
        } else {
            &self.client
        };
        let response = client.call(request).await?;
        if !of_bucket || response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        // Without a complete body, the refusal has no explanation.
        let body = body.bytes().await.unwrap_or_default();
        let refusal = Refusal::new(parts.status, &parts.headers, &body);
        Err(HttpError::new(HttpErrorKind::Unknown, refusal))
    }
}
