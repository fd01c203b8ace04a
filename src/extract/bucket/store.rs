//! A bucket that requests are sent to. Each method is one request; its caller decides whether it is repeated.

use super::access::{Access, Credentials};
use super::address::ObjectAddress;
use super::http::Http;
use super::refusal::Refusal;
use crate::extract::rest::{
    RequestError, Secret, causes, contains_secret, has_proxy, innermost, is_loopback,
};
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::list::{PaginatedListOptions, PaginatedListResult, PaginatedListStore};
use object_store::path::Path;
use object_store::{GetOptions, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};
use reqwest::Url;
use std::sync::atomic::{AtomicBool, Ordering};

/// The region that requests are signed for if none is set. Servers other than that of AWS take any.
const DEFAULT_REGION: &str = "us-east-1";
/// The number of characters of an explanation to show.
const LONGEST: usize = 200;

pub(super) struct Store {
    pub(super) access: Access,
    client: AmazonS3,
    pub(super) uses_proxy: bool,
    /// A request to it was answered before.
    has_answered: AtomicBool,
}

/// Why a request failed.
pub(super) struct RequestFailure {
    /// Without secrets.
    pub(super) error: RequestError,
    /// What the server said, if it answered.
    pub(super) refusal: Option<Box<Refusal>>,
}

impl RequestFailure {
    pub(super) fn status(&self) -> u16 {
        self.refusal
            .as_ref()
            .map_or(0, |refusal| refusal.status.as_u16())
    }
}

impl Store {
    pub(super) fn new(access: Access, address: &ObjectAddress) -> Result<Store> {
        let region = access.region.as_deref().unwrap_or(DEFAULT_REGION);
        let server = match &access.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => Url::parse(&format!("https://s3.{region}.amazonaws.com"))
                .with_context(|| format!("region \"{region}\" is not a name"))?,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&address.bucket)
            .with_endpoint(server.as_str())
            .with_region(region)
            .with_http_connector(Http::new(&access, &server)?)
            .with_allow_http(true)
            // Repeated requests are reported, and the rest of an object is requested with a condition.
            .with_retry(RetryConfig {
                max_retries: 0,
                ..RetryConfig::default()
            });
        builder = match &access.credentials {
            Credentials::Keys(keys) => {
                let builder = builder
                    .with_access_key_id(&keys.id)
                    .with_secret_access_key(keys.secret.expose());
                match &keys.session_token {
                    Some(token) => builder.with_token(Secret::expose(token)),
                    None => builder,
                }
            }
            Credentials::Role(role) => {
                let settings = role.settings.iter();
                settings.fold(builder, |builder, (key, value)| {
                    builder.with_config(*key, value)
                })
            }
            Credentials::None => builder.with_config(AmazonS3ConfigKey::SkipSignature, "true"),
        };
        let client = builder.build().map_err(|error| {
            let message = format!(
                "source \"{}\": could not prepare for the bucket",
                access.settings.source
            );
            Failure::new(Exit::Failed, message).because(error)
        })?;
        Ok(Store {
            uses_proxy: !is_loopback(&server) && has_proxy(),
            client,
            access,
            has_answered: AtomicBool::new(false),
        })
    }

    pub(super) async fn get(
        &self,
        path: &Path,
        options: GetOptions,
    ) -> Result<GetResult, RequestFailure> {
        self.noted(self.client.get_opts(path, options).await)
    }

    pub(super) async fn head(&self, path: &Path) -> Result<ObjectMeta, RequestFailure> {
        self.noted(self.client.head(path).await)
    }

    /// A page of a listing.
    pub(super) async fn list(
        &self,
        prefix: &str,
        page_token: Option<String>,
    ) -> Result<PaginatedListResult, RequestFailure> {
        let options = PaginatedListOptions {
            page_token,
            ..PaginatedListOptions::default()
        };
        let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
        self.noted(self.client.list_paginated(prefix, options).await)
    }

    fn noted<T>(&self, result: object_store::Result<T>) -> Result<T, RequestFailure> {
        match result {
            Ok(done) => {
                self.has_answered.store(true, Ordering::Relaxed);
                Ok(done)
            }
            Err(error) => Err(self.failure(error)),
        }
    }

    /// The failure of a request, or of reading its response.
    pub(super) fn failure(&self, error: object_store::Error) -> RequestFailure {
        let refusal = causes(&error).find_map(|cause| cause.downcast_ref::<Refusal>());
        let error = match refusal {
            Some(refusal) => {
                self.has_answered.store(true, Ordering::Relaxed);
                RequestError::Status {
                    status: refusal.status,
                    retry_after: refusal.retry_after,
                    detail: refusal.detail().and_then(|text| self.shown(&text)),
                }
            }
            None => self.request_error(&error),
        };
        let refusal = refusal.cloned().map(|refusal| {
            Box::new(Refusal {
                region: refusal.region.filter(|region| self.shown(region).is_some()),
                ..refusal
            })
        });
        RequestFailure { error, refusal }
    }

    fn request_error(&self, error: &object_store::Error) -> RequestError {
        let http = causes(error).find_map(|cause| cause.downcast_ref::<reqwest::Error>());
        let reason = innermost(error);
        let Some(http) = http else {
            let reason = self.shown(&reason).unwrap_or_default();
            return RequestError::Request { reason };
        };
        if causes(error).any(|cause| cause.is::<rustls::Error>()) {
            return RequestError::Tls { reason };
        }
        let limit = self.access.settings.response_timeout;
        if http.is_connect() {
            return RequestError::Connect {
                reason: if http.is_timeout() {
                    format!("none within {:?}", self.access.settings.connect_timeout)
                } else {
                    reason
                },
                worked_before: self.has_answered.load(Ordering::Relaxed),
            };
        }
        if http.is_timeout() {
            return RequestError::Stalled { limit };
        }
        RequestError::Broken { reason }
    }

    /// A text of the server for a message: shortened and escaped for a terminal. None if it has a secret.
    pub(super) fn shown(&self, text: &str) -> Option<String> {
        if contains_secret(text, &self.access.secrets()) {
            return None;
        }
        let short: String = text.chars().take(LONGEST).collect();
        Some(short.escape_debug().to_string())
    }
}
