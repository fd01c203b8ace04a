//! A real HTTP server on loopback whose answers a test gives as a function of the request.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request as HttpRequest;
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A request that was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    /// The query as it was sent; empty if there is none.
    pub(crate) raw_query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
    /// How often the same page of this path was requested before.
    pub(crate) times: usize,
}

impl Received {
    /// The parameter of the query; empty if it is missing.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The number in a parameter of the query.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.query.get(name)?.parse().ok()
    }

    /// The value of a header; empty if it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An answer to a request.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    pub(crate) fn json(body: impl ToString) -> Answer {
        Answer::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl ToString) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: body.to_string(),
        }
        .with("content-type", "application/json")
    }

    /// With a header, instead of one of that name.
    pub(crate) fn with(mut self, header: &str, value: impl ToString) -> Answer {
        self.headers.retain(|(name, _)| name != header);
        self.headers.push((header.into(), value.to_string()));
        self
    }
}

/// A running server. It stops when it is dropped.
pub(crate) struct Given {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Given {
    /// `answer` also receives the address of the server.
    pub(crate) fn start(
        answer: impl Fn(&Received, &str) -> Answer + Send + Sync + 'static,
    ) -> Given {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (noted, address) = (Arc::clone(&received), url.clone());
        let answer = Arc::new(answer);
        let router = Router::new().fallback(move |request: HttpRequest| {
            let (noted, answer, address) = (noted.clone(), answer.clone(), address.clone());
            async move {
                let mut request = receive(request).await;
                note(&noted, &mut request);
                respond(answer(&request, &address))
            }
        });
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! { _ = axum::serve(listener, router) => {}, _ = stopped => {} }
            });
            runtime.shutdown_background();
        });
        Given {
            url,
            received,
            stop: Some(stop),
        }
    }

    /// The address of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// All requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
    }
}

async fn receive(request: HttpRequest) -> Received {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let query = parts.uri.query().unwrap_or_default();
    Received {
        method: parts.method.to_string(),
        path: parts.uri.path().into(),
        query: serde_urlencoded::from_str(query).unwrap(),
        raw_query: query.into(),
        headers: parts.headers,
        body: body.to_vec(),
        at: Instant::now(),
        times: 0,
    }
}

/// Adds a request to the others, and counts those for the same page.
fn note(noted: &Mutex<Vec<Received>>, request: &mut Received) {
    let mut earlier = noted.lock().unwrap();
    let is_same = |other: &&Received| {
        other.path == request.path && other.parameter("page") == request.parameter("page")
    };
    request.times = earlier.iter().filter(is_same).count();
    earlier.push(request.clone());
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::builder().status(StatusCode::from_u16(answer.status).unwrap());
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}
