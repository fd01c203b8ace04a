//! A REST API like one of Django REST framework: `POST /api-token-auth` returns a token, and `GET /appointments/`
//! with the token returns the records of a CSV file, page by page. It is a real server on loopback that can produce
//! faults.

mod api;
mod body;
mod failure;
pub(crate) mod fault;
pub(crate) mod records;
mod tls;

use api::{Api, router};
use axum::http::{HeaderMap, Method, Uri};
use fault::Fault;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// What to serve and how.
#[derive(Clone)]
pub(crate) struct Options {
    /// The address to listen on. Port 0 means a free port.
    pub(crate) bind: SocketAddr,
    /// JSON objects.
    pub(crate) records: Vec<String>,
    pub(crate) username: String,
    pub(crate) password: String,
    /// The number of records of a page, if the request does not name it.
    pub(crate) page_size: usize,
    pub(crate) faults: Vec<Fault>,
    /// The delay before each page.
    pub(crate) latency: Duration,
    /// The seconds in the header Retry-After.
    pub(crate) retry_after: u64,
    /// The key of the previous page is `previous`, as in Django REST framework, instead of `prev`.
    pub(crate) is_previous: bool,
    /// A page has no `next`, `prev` and `count`.
    pub(crate) is_bare: bool,
    pub(crate) gzip: bool,
    /// The scheme and host of another server, for faults that lead there.
    pub(crate) elsewhere: String,
    /// Serve HTTPS, with a certificate of a private authority.
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

/// A request that was received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) at: Instant,
}

/// A running server. It stops when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    api: Arc<Api>,
    /// The certificate of the private authority, in PEM format.
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
            // Waiting for pages that never end would block.
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

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.api.requests.lock().unwrap().clone()
    }

    /// The requests for pages.
    pub(crate) fn pages(&self) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.uri.path() == "/appointments/");
        requests
    }

    /// The maximum number of pages that were requested at once.
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
