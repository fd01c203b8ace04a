//! A REST API that answers as a test says. It is a real server on loopback.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The number of pages, each with one record.
pub(crate) const PAGES: usize = 3;

/// A request that was received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) at: Instant,
    /// How often the same page, or the same path, was requested before.
    pub(crate) times: usize,
}

impl Seen {
    pub(crate) fn is_page(&self) -> bool {
        self.method == Method::GET
    }

    pub(crate) fn page(&self) -> usize {
        let page = self.parameter("page");
        page.map_or(1, |page| page.parse().unwrap())
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        let values = pairs.into_iter().filter(|(key, _)| key == name);
        let mut values: Vec<String> = values.map(|(_, value)| value).collect();
        assert!(values.len() < 2, "{query}");
        values.pop()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The members of a posted form or object.
    pub(crate) fn members(&self) -> HashMap<String, String> {
        match self.header("content-type") {
            "application/json" => serde_json::from_str(&self.body).unwrap(),
            "application/x-www-form-urlencoded" => serde_urlencoded::from_str(&self.body).unwrap(),
            other => panic!("{other}"),
        }
    }
}

pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Answer {
        Answer {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.to_string(),
        }
    }

    /// The page that was requested. `query`: a further part of the address of the next one.
    pub(crate) fn page(seen: &Seen, query: &str) -> Answer {
        let page = seen.page();
        let next = format!("/appointments/?page={}{query}", page + 1);
        let record = &super::options(PAGES).records[page - 1];
        let record: Value = serde_json::from_str(record).unwrap();
        let next = (page < PAGES).then_some(next);
        Answer::json(
            200,
            &json!({"count": PAGES, "next": next, "results": [record]}),
        )
    }

    pub(crate) fn redirect(to: &str) -> Answer {
        Answer::json(307, &json!({})).with("location", to)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Answer {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.into(), value.into()));
        self
    }
}

type Answers = Box<dyn Fn(&Seen) -> Answer + Send + Sync>;

struct Shared {
    answer: Answers,
    seen: Mutex<Vec<Seen>>,
}

/// A running server. It stops when it is dropped.
pub(crate) struct ApiServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ApiServer {
    /// Starts a server whose responses `answer` makes.
    pub(crate) fn start(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> ApiServer {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            seen: Mutex::default(),
        });
        let router = Router::new().fallback(handle).with_state(shared.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! { _ = axum::serve(listener, router) => {}, _ = stopped => {} }
            });
            runtime.shutdown_background();
        });
        ApiServer {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The requests for pages.
    pub(crate) fn pages(&self) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(Seen::is_page);
        seen
    }

    /// The number of requests for a token.
    pub(crate) fn sign_ins(&self) -> usize {
        self.seen().len() - self.pages().len()
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1024 * 1024).await.unwrap();
    let mut seen = Seen {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body: String::from_utf8(body.into()).unwrap(),
        at: Instant::now(),
        times: 0,
    };
    let answer = {
        let mut earlier = shared.seen.lock().unwrap();
        let is_same =
            |other: &&Seen| other.uri.path() == seen.uri.path() && other.page() == seen.page();
        seen.times = earlier.iter().filter(is_same).count();
        earlier.push(seen.clone());
        drop(earlier);
        (shared.answer)(&seen)
    };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body.into()).unwrap()
}
