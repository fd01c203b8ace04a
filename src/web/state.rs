//! State that all requests share, and the client address of a request.

use super::auth::Cookies;
use super::data::pool::{Pool, SignInPool};
use super::data::query::QueryLogin;
use super::data::zone::Zone;
use super::error::{WebError, WebResult};
use super::http::host::Hosts;
use super::http::limiter::{Limiter, Permit};
use super::http::listener::Listen;
use super::http::network::{Proxies, network_of, parse_forwarded};
use super::job_events::JobEvents;
use anyhow::Context;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::any::Any;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore};

/// Concurrent requests of one account: a third of the connections.
const REQUESTS: usize = 4;
/// How long a further request waits.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Concurrent downloads of one account.
const DOWNLOADS: usize = 2;
/// Concurrent queries of one account.
const QUERIES: usize = 2;
/// Concurrent event streams of one account.
const EVENT_STREAMS: usize = 16;
/// Concurrent password hashes: each takes 19 MiB and a core.
const HASHES: usize = 2;
/// Time zones whose values are kept.
const MAX_SLOTS: usize = 32;

#[derive(Clone)]
pub(crate) struct App {
    pub(crate) pool: Pool,
    pub(crate) cookies: Cookies,
    pub(crate) hosts: Hosts,
    /// Connections for sign-ins and sessions, so that slow pages do not block them.
    pub(crate) sign_in_pool: SignInPool,
    /// How queries of users connect.
    pub(crate) query_login: QueryLogin,
    /// Why these queries must not run.
    pub(crate) query_reasons: TimedCache,
    /// Limits of each account: requests, downloads, queries and event streams.
    requests: Arc<Limiter>,
    pub(crate) downloads: Arc<Limiter>,
    pub(crate) queries: Arc<Limiter>,
    pub(crate) event_streams: Arc<Limiter>,
    pub(crate) is_https: bool,
    proxies: Arc<Proxies>,
    hashing: Arc<Semaphore>,
    /// The time zone of accounts without their own. Private: requests use the zone of their account.
    zone: Zone,
    pub(crate) job_events: JobEvents,
    pub(crate) overview: TimedCache,
    /// The saved queries of the first page, with their charts.
    pub(crate) saved_queries: TimedCache,
    /// The charts of the page of jobs.
    pub(crate) job_charts: TimedCache,
}

/// The last computed value for each time zone, shared by the requests of a short time.
#[derive(Clone, Default)]
pub(crate) struct TimedCache(Arc<std::sync::Mutex<HashMap<Zone, Slot>>>);

/// The value of a zone, locked while it is computed.
type Slot = Arc<Mutex<Option<Computed>>>;

/// The time of the computation, and its value.
type Computed = (Instant, Arc<dyn Any + Send + Sync>);

impl TimedCache {
    /// Returns the value if it is at most `fresh` old, else computes it. `zone`: the time zone of its times. Concurrent
    /// requests wait for one computation.
    pub(crate) async fn get<T: Send + Sync + 'static>(
        &self,
        zone: &Zone,
        fresh: Duration,
        compute: impl Future<Output = WebResult<T>>,
    ) -> WebResult<Arc<T>> {
        let slot = self.slot(zone);
        let mut latest = slot.lock().await;
        if let Some((since, value)) = &*latest
            && since.elapsed() < fresh
            && let Ok(value) = value.clone().downcast()
        {
            return Ok(value);
        }
        let value = Arc::new(compute.await?);
        *latest = Some((Instant::now(), value.clone()));
        Ok(value)
    }

    fn slot(&self, zone: &Zone) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Accounts can choose any zone, so values that no request needs would accumulate.
        if slots.len() > MAX_SLOTS {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        slots.entry(zone.clone()).or_default().clone()
    }
}

impl App {
    pub(crate) fn new(
        pool: Pool,
        sign_in_pool: SignInPool,
        zone: Zone,
        query_login: QueryLogin,
        job_events: JobEvents,
        listen: &Listen<'_>,
    ) -> App {
        let is_https = listen.tls.is_some() || !listen.proxies.is_empty();
        App {
            pool,
            sign_in_pool,
            query_login,
            query_reasons: TimedCache::default(),
            hosts: Hosts::new(listen.allowed_hosts),
            requests: Arc::new(Limiter::new(REQUESTS)),
            downloads: Arc::new(Limiter::new(DOWNLOADS)),
            queries: Arc::new(Limiter::new(QUERIES)),
            event_streams: Arc::new(Limiter::new(EVENT_STREAMS)),
            cookies: Cookies::new(is_https),
            is_https,
            proxies: Arc::new(listen.proxies.clone()),
            hashing: Arc::new(Semaphore::new(HASHES)),
            zone,
            job_events,
            overview: TimedCache::default(),
            saved_queries: TimedCache::default(),
            job_charts: TimedCache::default(),
        }
    }

    /// Waits until the account may run one more request. The permit is held until the response is complete.
    pub(crate) async fn permit(&self, account: &str) -> WebResult<Arc<Permit>> {
        let permit = self.requests.wait(account, REQUEST_PATIENCE).await;
        let permit = permit.ok_or(WebError::Busy(
            "Your account has too many running requests. Try again when they have finished.",
        ));
        Ok(Arc::new(permit?))
    }

    /// The time zone of an account. `own`: the one that it chose.
    pub(crate) fn zone_of(&self, own: Option<&str>) -> Zone {
        own.map_or_else(|| self.zone.clone(), Zone::new)
    }

    /// The scheme of absolute addresses in responses.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }

    /// Runs a password hash on a blocking thread, a few at a time.
    pub(crate) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> WebResult<T> {
        let permit = self.hashing.acquire().await;
        let _permit = permit.context("no permit").map_err(WebError::Failed)?;
        let done = tokio::task::spawn_blocking(work).await;
        done.context("could not check a password")
            .map_err(WebError::Failed)
    }
}

/// The address of a request's client.
pub(crate) struct ClientAddress {
    address: Option<IpAddr>,
}

impl ClientAddress {
    /// The address as text, for the session's row.
    pub(crate) fn address(&self) -> String {
        self.address
            .map(|address| address.to_string())
            .unwrap_or_default()
    }

    /// The network, for limits.
    pub(crate) fn network(&self) -> String {
        self.address.map(network_of).unwrap_or_default()
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<ClientAddress, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip());
        // The trusted proxy appends the last value of the last header. The client can write all values before it.
        let headers = parts.headers.get_all("x-forwarded-for");
        let last = headers.iter().next_back();
        let last = last.and_then(|list| list.to_str().ok()?.rsplit(',').next());
        let is_proxy = peer.is_some_and(|peer| app.proxies.has(peer));
        let forwarded = last.filter(|_| is_proxy).and_then(parse_forwarded);
        Ok(ClientAddress {
            address: forwarded.or(peer),
        })
    }
}
