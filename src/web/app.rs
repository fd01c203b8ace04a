//! What all requests share, and which address leads where.

use super::auth::{self, Cookies};
use super::error::{self, WebError, WebResult};
use super::host::Hosts;
use super::live::{self, Live};
use super::network::{Proxies, network_of, parse_forwarded};
use super::pool::Pool;
use super::turns::{Turn, Turns};
use super::{Listen, api, assets, form, guard, metrics, pages};
use anyhow::Context;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// For a whole answer to begin. Downloads go on behind it.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// Between two pieces of a request's body.
const BODY_LIMIT: Duration = Duration::from_secs(15);
/// Of one account at once: requests that may wait for the database, a third of its connections.
const REQUESTS: usize = 4;
/// How long one more waits for its turn.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Of one account at once: files that are downloaded.
const DOWNLOADS: usize = 2;
/// Of one account at once: pages that show jobs as they change.
const LIVE_PAGES: usize = 16;
/// Passwords hashed at once: each takes 19 MiB and a core.
const HASHES: usize = 2;

#[derive(Clone)]
pub(super) struct App {
    pub(super) pool: Pool,
    pub(super) cookies: Cookies,
    pub(super) hosts: Hosts,
    /// Of sign-ins and sessions: pages that wait for the database keep no one out.
    pub(super) doors: Pool,
    /// Of each account: requests, downloads and live pages at once.
    requests: Arc<Turns>,
    pub(super) downloads: Arc<Turns>,
    pub(super) live_pages: Arc<Turns>,
    is_https: bool,
    proxies: Arc<Proxies>,
    hashing: Arc<Semaphore>,
    pub(super) time_zone: Arc<str>,
    pub(super) live: Live,
    pub(super) overview: pages::Latest,
}

impl App {
    pub(super) fn new(pool: Pool, doors: Pool, live: Live, listen: &Listen<'_>) -> App {
        let is_https = listen.tls.is_some() || !listen.proxies.is_empty();
        App {
            pool,
            doors,
            hosts: Hosts::new(listen.allowed_hosts),
            requests: Arc::new(Turns::new(REQUESTS)),
            downloads: Arc::new(Turns::new(DOWNLOADS)),
            live_pages: Arc::new(Turns::new(LIVE_PAGES)),
            cookies: Cookies::new(is_https),
            is_https,
            proxies: Arc::new(listen.proxies.clone()),
            hashing: Arc::new(Semaphore::new(HASHES)),
            time_zone: listen.time_zone.into(),
            live,
            overview: pages::Latest::default(),
        }
    }

    /// The turn of an account's request, held while it is answered.
    pub(super) async fn turn(&self, account: &str) -> WebResult<Arc<Turn>> {
        let turn = self.requests.wait(account, REQUEST_PATIENCE).await;
        let turn = turn.ok_or(WebError::Busy(
            "Your account has too many requests under way. Try again when they are answered.",
        ));
        Ok(Arc::new(turn?))
    }

    /// In addresses that others are to follow.
    pub(super) fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }

    /// Hard work, in its turn and on a thread of its own.
    pub(super) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> WebResult<T> {
        let turn = self.hashing.acquire().await;
        let _turn = turn.context("no turn").map_err(WebError::Failed)?;
        let done = tokio::task::spawn_blocking(work).await;
        done.context("a password could not be looked at")
            .map_err(WebError::Failed)
    }
}

/// Where a request is from.
pub(super) struct Asker {
    address: Option<IpAddr>,
}

impl Asker {
    /// For the record.
    pub(super) fn address(&self) -> String {
        self.address
            .map(|address| address.to_string())
            .unwrap_or_default()
    }

    /// For limits.
    pub(super) fn network(&self) -> String {
        self.address.map(network_of).unwrap_or_default()
    }
}

impl FromRequestParts<App> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asker, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip());
        // The last value of the last header is the proxy's own word; those before it anyone can write.
        let headers = parts.headers.get_all("x-forwarded-for");
        let last = headers.iter().next_back();
        let last = last.and_then(|list| list.to_str().ok()?.rsplit(',').next());
        let is_proxy = peer.is_some_and(|peer| app.proxies.has(peer));
        let forwarded = last.filter(|_| is_proxy).and_then(parse_forwarded);
        Ok(Asker {
            address: forwarded.or(peer),
        })
    }
}

/// To programs in their language.
async fn nothing_there(uri: Uri) -> Response {
    match guard::is_for_programs(&uri) {
        true => api::ApiError::Web(WebError::NotFound).into_response(),
        false => WebError::NotFound.into_response(),
    }
}

/// With and without a slash at the end.
fn resources() -> Router<App> {
    let list = || get(api::list).post(api::create);
    let record = || {
        get(api::retrieve)
            .put(api::replace)
            .patch(api::change)
            .delete(api::delete)
    };
    Router::new()
        .route("/api", get(api::index))
        .route("/api/", get(api::index))
        .route("/api/openapi.json", get(api::document))
        .route("/api/{resource}", list())
        .route("/api/{resource}/", list())
        .route("/api/{resource}/{key}", record())
        .route("/api/{resource}/{key}/", record())
        .route("/api/jobs/{job}/cancel", post(api::cancel))
        .route("/api/jobs/{job}/cancel/", post(api::cancel))
        .route("/api/jobs/{job}/retry", post(api::retry))
        .route("/api/jobs/{job}/retry/", post(api::retry))
        .route("/api-token-auth", post(api::sign_in))
        .route("/api-token-auth/", post(api::sign_in))
        .method_not_allowed_fallback(api::no_such_method)
}

pub(super) fn router(app: App) -> Router {
    let (is_https, cookies, hosts) = (app.is_https, app.cookies, app.hosts.clone());
    let routes = Router::new()
        .route("/", get(pages::dashboard))
        .route("/explore", get(pages::relations))
        .route("/explore/{relation}", get(pages::relation))
        .route("/explore/{relation}/rows.csv", get(pages::rows_csv))
        .route("/explore/{relation}/rows.json", get(pages::rows_json))
        .route("/admin", get(pages::admin::index))
        .route(
            "/admin/{table}",
            get(pages::admin::list).post(pages::admin::delete_some),
        )
        .route("/admin/{table}/rows.csv", get(pages::listed_csv))
        .route(
            "/admin/{table}/add",
            get(pages::admin::add).post(pages::admin::save_new),
        )
        .route(
            "/admin/{table}/change",
            get(pages::admin::change).post(pages::admin::save),
        )
        .route(
            "/admin/{table}/delete",
            get(pages::admin::ask_delete).post(pages::admin::delete),
        )
        .route("/admin/{table}/history", get(pages::admin::history))
        .route("/lineage", get(pages::lineage))
        .route("/loads", get(pages::loads))
        .route("/jobs", get(pages::jobs))
        .route("/jobs/{job}", get(pages::job))
        .route("/jobs/{job}/cancel", post(pages::cancel))
        .route("/jobs/{job}/retry", post(pages::retry))
        .route("/jobs/{job}/files/{file}", get(pages::file))
        .route("/schedules/{schedule}/run", post(pages::run))
        .route("/live", get(live::live))
        .route("/password", get(auth::password).post(auth::change))
        .route("/sign-in", get(auth::sign_in).post(auth::submit))
        .route("/sign-out", post(auth::sign_out))
        .merge(resources())
        .route("/{endpoint}/", get(api::endpoint))
        .route("/assets/{name}", get(assets::get))
        .route("/metrics", get(metrics::metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(nothing_there)
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(from_fn_with_state(app.clone(), error::with_menu))
        .with_state(app)
        .layer(DefaultBodyLimit::max(form::LARGEST_CARRIED))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_LIMIT,
        ))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(cookies, guard::forms_only_of_ours));
    // Around the routes, so that a form can be shown again at its own address.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn(form::keep))
        .layer(from_fn_with_state(hosts, guard::known_hosts))
        .layer(RequestBodyTimeoutLayer::new(BODY_LIMIT))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(is_https, guard::headers))
}
