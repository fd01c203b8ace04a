//! A REST API as Django REST framework would serve it: `POST /api-token-auth` gives a token, and
//! `GET /appointments/` with it the records of a CSV file, page by page. It is a real server, on
//! loopback, with real faults where they are asked for.

pub(crate) mod fault;
pub(crate) mod records;
mod tls;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use fault::{Fault, Kind};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::compression::CompressionLayer;

/// What to serve, and how.
#[derive(Clone)]
pub(crate) struct Options {
    /// Where to listen; port 0 is a free one.
    pub(crate) bind: SocketAddr,
    /// JSON objects.
    pub(crate) records: Vec<String>,
    pub(crate) username: String,
    pub(crate) password: String,
    /// Records of a page, where the request does not say.
    pub(crate) page_size: usize,
    pub(crate) faults: Vec<Fault>,
    /// Pause before each page.
    pub(crate) latency: Duration,
    /// Seconds that a client is told to stay away.
    pub(crate) retry_after: u64,
    /// `previous`, as Django REST framework has it, instead of the lab's `prev`.
    pub(crate) is_previous: bool,
    /// Without `next`, `prev` and `count`.
    pub(crate) is_bare: bool,
    pub(crate) gzip: bool,
    /// Scheme and host of another place, for faults that lead there.
    pub(crate) elsewhere: String,
    /// HTTPS, with a certificate of a private authority.
    pub(crate) tls: bool,
}

impl Options {
    pub(crate) fn new(records: Vec<String>) -> Options {
        Options {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            records,
            username: "user".into(),
            password: "password".into(),
            page_size: 100,
            faults: Vec::new(),
            latency: Duration::ZERO,
            retry_after: 1,
            is_previous: false,
            is_bare: false,
            gzip: true,
            elsewhere: "http://elsewhere.invalid".into(),
            tls: false,
        }
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) at: Instant,
}

struct Api {
    options: Options,
    tokens: Mutex<HashSet<String>>,
    requests: Mutex<Vec<Request>>,
    /// Pages that are being served.
    busy: AtomicUsize,
    most_busy: AtomicUsize,
}

/// Serves until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    api: Arc<Api>,
    /// Of the private authority, PEM.
    pub(crate) root: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(options: Options) -> std::io::Result<Server> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind(options.bind))?;
        let address = listener.local_addr()?;
        let authority = options.tls.then(tls::Authority::new);
        let root = authority.as_ref().map(|authority| authority.root.clone());
        let api = Arc::new(Api {
            options,
            tokens: Mutex::default(),
            requests: Mutex::default(),
            busy: AtomicUsize::new(0),
            most_busy: AtomicUsize::new(0),
        });
        let router = router(api.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                let serving = async {
                    match authority {
                        Some(authority) => {
                            let listener = tls::TlsListener::new(listener, &authority);
                            axum::serve(listener, router).await
                        }
                        None => axum::serve(listener, router).await,
                    }
                };
                tokio::select! { _ = serving => {}, _ = stopped => {} }
            });
            // Pages that never end would keep it waiting.
            runtime.shutdown_background();
        });
        Ok(Server {
            address,
            api,
            root,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.api.scheme(), self.address)
    }

    /// All that came so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.api.requests.lock().unwrap().clone()
    }

    /// Those for pages.
    pub(crate) fn pages(&self) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.uri.path() == "/appointments/");
        requests
    }

    /// Pages that were asked for at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.api.most_busy.load(Ordering::SeqCst)
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        self.api.tokens.lock().unwrap().iter().cloned().collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn router(api: Arc<Api>) -> Router {
    let gzip = api.options.gzip;
    let router = Router::new()
        .route("/api-token-auth", post(sign_in))
        .route("/appointments/", get(page))
        .route("/moved/", get(page))
        .route("/sign-in", post(sign_in_elsewhere))
        .with_state(api);
    match gzip {
        true => router.layer(CompressionLayer::new()),
        false => router,
    }
}

async fn sign_in(
    State(api): State<Arc<Api>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    api.note(method, uri, &headers);
    if !is_json(&headers) {
        return answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}".into());
    }
    let given: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if given["username"] != api.options.username || given["password"] != api.options.password {
        let body = r#"{"non_field_errors": ["Unable to log in with provided credentials."]}"#;
        return answer(StatusCode::BAD_REQUEST, body.into());
    }
    let mut tokens = api.tokens.lock().unwrap();
    let token = format!("marker-token-{}-{}", std::process::id(), api.sign_ins());
    tokens.insert(token.clone());
    answer(StatusCode::OK, format!("{{\"token\": \"{token}\"}}").into())
}

/// As Django does where a slash is missing.
async fn sign_in_elsewhere() -> Response {
    let place = [(header::LOCATION, "/api-token-auth")];
    (StatusCode::MOVED_PERMANENTLY, place).into_response()
}

async fn page(
    State(api): State<Arc<Api>>,
    Query(query): Query<HashMap<String, String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    api.note(method, uri.clone(), &headers);
    if !is_json(&headers) {
        return answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}".into());
    }
    let authorization = headers.get(header::AUTHORIZATION);
    let authorization = authorization
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = authorization.strip_prefix("Token ").unwrap_or_default();
    if !api.tokens.lock().unwrap().contains(token) {
        let body = r#"{"detail": "Invalid token."}"#;
        return answer(StatusCode::UNAUTHORIZED, body.into());
    }
    let busy = api.busy.fetch_add(1, Ordering::SeqCst) + 1;
    api.most_busy.fetch_max(busy, Ordering::SeqCst);
    tokio::time::sleep(api.options.latency).await;
    api.busy.fetch_sub(1, Ordering::SeqCst);
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("page_size").unwrap_or(api.options.page_size).max(1);
    let page = number("page").unwrap_or(1);
    let strikes = |kind| {
        api.options
            .faults
            .iter()
            .any(|fault| fault.strikes(kind, page))
    };
    if let Some(response) = api.failure(&strikes, token, authorization, &uri) {
        return response;
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let body = api.body(
        &strikes,
        page,
        size,
        number("page_size"),
        host.unwrap_or_default(),
    );
    let Some(body) = body else {
        let body = r#"{"detail": "Invalid page."}"#;
        return answer(StatusCode::NOT_FOUND, body.into());
    };
    if strikes(Kind::Reset) {
        return broken(body, false);
    }
    if strikes(Kind::Slow) {
        return broken(body, true);
    }
    if strikes(Kind::Truncate) {
        let half = body.len() / 2;
        return answer(StatusCode::OK, body[..half].to_vec().into());
    }
    answer(StatusCode::OK, body.into())
}

impl Api {
    fn scheme(&self) -> &'static str {
        if self.options.tls { "https" } else { "http" }
    }

    fn note(&self, method: Method, uri: Uri, headers: &HeaderMap) {
        self.requests.lock().unwrap().push(Request {
            method,
            uri,
            headers: headers.clone(),
            at: Instant::now(),
        });
    }

    fn sign_ins(&self) -> usize {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|request| request.method == Method::POST)
            .count()
    }

    /// The faults that leave no page.
    fn failure(
        &self,
        strikes: &impl Fn(Kind) -> bool,
        token: &str,
        authorization: &str,
        uri: &Uri,
    ) -> Option<Response> {
        let later = |status| {
            let wait = [(header::RETRY_AFTER, self.options.retry_after.to_string())];
            (status, wait, "{}").into_response()
        };
        let detail = |status, text: &str| {
            answer(
                status,
                serde_json::json!({ "detail": text }).to_string().into(),
            )
        };
        let to = |place: String| {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
        };
        let query = uri.query().unwrap_or_default();
        if strikes(Kind::Expire) {
            self.tokens.lock().unwrap().remove(token);
            return Some(detail(StatusCode::UNAUTHORIZED, "Token expired."));
        }
        if strikes(Kind::Throttle) {
            return Some(later(StatusCode::TOO_MANY_REQUESTS));
        }
        if strikes(Kind::Unavailable) {
            return Some(later(StatusCode::SERVICE_UNAVAILABLE));
        }
        if strikes(Kind::Error) {
            return Some(answer(StatusCode::INTERNAL_SERVER_ERROR, "{}".into()));
        }
        if strikes(Kind::Forbid) {
            return Some(detail(StatusCode::FORBIDDEN, "Not for you.\u{1b}[2J"));
        }
        if strikes(Kind::Echo) {
            return Some(detail(
                StatusCode::BAD_REQUEST,
                &format!("got {authorization}"),
            ));
        }
        if strikes(Kind::Html) {
            return Some(axum::response::Html("<html>Under construction</html>").into_response());
        }
        if strikes(Kind::Huge) {
            return Some(endless(Duration::ZERO, 64 * 1024));
        }
        if strikes(Kind::Redirect) {
            let place = format!(
                "{}/appointments/?secret=marker&{query}",
                self.options.elsewhere
            );
            return Some(to(place));
        }
        if uri.path() != "/moved/" && strikes(Kind::Moved) {
            return Some(to(format!("/moved/?{query}")));
        }
        if strikes(Kind::SeeOther) {
            let place = [(header::LOCATION, "/moved/")];
            return Some((StatusCode::SEE_OTHER, place).into_response());
        }
        if strikes(Kind::Drip) {
            return Some(endless(Duration::from_millis(20), 1));
        }
        None
    }

    /// None behind the last page.
    fn body(
        &self,
        strikes: &impl Fn(Kind) -> bool,
        page: usize,
        size: usize,
        asked_size: Option<usize>,
        host: &str,
    ) -> Option<Vec<u8>> {
        let records = &self.options.records;
        let pages = records.len().div_ceil(size).max(1);
        if (page == 0 || page > pages) && !self.options.is_bare {
            return None;
        }
        let shown = if page > 1 && strikes(Kind::Repeat) {
            page - 1
        } else {
            page
        };
        let from = ((shown - 1) * size).min(records.len());
        let mut to = (shown * size).min(records.len());
        if strikes(Kind::Short) {
            to -= 1;
        }
        let mut body = Vec::with_capacity(256 * size);
        if !self.options.is_bare {
            let count = records.len() + usize::from(strikes(Kind::Recount));
            let size = asked_size.map_or(String::new(), |size| format!("&page_size={size}"));
            let link = |page: usize| {
                let place = format!("{}://{host}", self.scheme());
                format!("\"{place}/appointments/?page={page}{size}\"")
            };
            let next = match page {
                _ if strikes(Kind::Circle) => link(2),
                _ if strikes(Kind::Elsewhere) => {
                    format!(
                        "\"{}/appointments/?page=2&secret=marker\"",
                        self.options.elsewhere
                    )
                }
                page if page < pages && strikes(Kind::Cursor) => {
                    link(page + 1).replace("?page", "?cursor=7&page")
                }
                page if page < pages => link(page + 1),
                _ => "null".into(),
            };
            let previous = if page > 1 {
                link(page - 1)
            } else {
                "null".into()
            };
            let key = if self.options.is_previous {
                "previous"
            } else {
                "prev"
            };
            body.extend(
                format!("{{\"count\":{count},\"next\":{next},\"{key}\":{previous},").bytes(),
            );
        } else {
            body.push(b'{');
        }
        let key = if strikes(Kind::Missing) {
            "items"
        } else {
            "results"
        };
        body.extend(format!("\"{key}\":[").bytes());
        for (index, record) in records[from..to].iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            if index == 0 && strikes(Kind::Unfit) {
                body.extend(b"{\"a\":\"\xff\\u0000\"}");
            } else {
                body.extend(record.bytes());
            }
        }
        body.extend(b"]}");
        Some(body)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json")
}

fn answer(status: StatusCode, body: Body) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Half of the body, and then the end of the connection, or nothing for ever.
fn broken(body: Vec<u8>, is_slow: bool) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
        let _ = sender.send(Ok(half)).await;
        if is_slow {
            sender.closed().await;
        } else {
            let _ = sender
                .send(Err(std::io::Error::other("broken on purpose")))
                .await;
        }
    });
    answer(StatusCode::OK, Body::from_stream(Chunks(receiver)))
}

/// Spaces, so many after each pause.
fn endless(pause: Duration, count: usize) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let spaces = Bytes::from(vec![b' '; count]);
        while sender.send(Ok(spaces.clone())).await.is_ok() {
            tokio::time::sleep(pause).await;
        }
    });
    answer(StatusCode::OK, Body::from_stream(Chunks(receiver)))
}

struct Chunks(tokio::sync::mpsc::Receiver<std::io::Result<Bytes>>);

impl futures_core::Stream for Chunks {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
