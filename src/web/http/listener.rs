//! Accepts connections: limits, timeouts, TLS and shutdown.

use crate::failure::{Exit, Failure};
use crate::terminal;
use crate::web::http::limiter::Limiter;
use crate::web::http::network::{Proxies, network_of};
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Concurrent connections. Further ones wait.
const MAX_CONNECTIONS: usize = 512;
/// Concurrent connections of one network. Proxies are exempt, because they have many clients.
const MAX_OF_NETWORK: usize = 64;
/// How long a client may take for the TLS handshake and for the headers of each request, including the idle time
/// before a request.
const HEADER_LIMIT: Duration = Duration::from_secs(15);
/// How long running requests may take to finish after the first signal.
const FINISH_LIMIT: Duration = Duration::from_secs(5);
const TICK: Duration = Duration::from_millis(100);

/// The address to listen on, and the settings of the server.
pub(crate) struct Listen<'a> {
    pub(crate) address: SocketAddr,
    /// Files of the certificate and the key, in PEM format.
    pub(crate) tls: Option<(&'a Path, &'a Path)>,
    /// Proxies that serve HTTPS for this server. May be empty.
    pub(crate) proxies: Proxies,
    /// Allowed host names in addition to IP addresses and localhost.
    pub(crate) allowed_hosts: &'a [String],
    /// The time zone of displayed and entered times.
    pub(crate) time_zone: &'a str,
}

pub(crate) struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
    proxies: Proxies,
}

impl Listener {
    pub(crate) async fn bind(listen: &Listen<'_>) -> Result<Listener> {
        let tls = listen
            .tls
            .map(|(cert, key)| acceptor(cert, key))
            .transpose()?;
        let tcp = TcpListener::bind(listen.address).await.map_err(|error| {
            let message = format!("could not listen on {}", listen.address);
            Failure::new(Exit::Failed, message)
                .hint(match error.kind() {
                    ErrorKind::AddrInUse => {
                        "Another program is using this port: stop it, or choose another port with --bind."
                    }
                    ErrorKind::PermissionDenied => {
                        "Choose a port above 1023 with --bind: lower ports need root."
                    }
                    _ => "Name an address of this machine with --bind.",
                })
                .because(error)
        })?;
        let address = tcp.local_addr()?;
        Ok(Listener {
            tcp,
            tls,
            address,
            proxies: listen.proxies.clone(),
        })
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.address)
    }

    /// Accepts connections until `is_stopping` is set. `end` then ends streams that have no end of their own.
    pub(crate) async fn serve(self, router: Router, is_stopping: &AtomicBool, end: impl FnOnce()) {
        let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let by_network = Limiter::new(MAX_OF_NETWORK);
        let graceful = GracefulShutdown::new();
        while !is_stopping.load(Ordering::SeqCst) {
            let Ok(permit) = free.clone().acquire_owned().await else {
                break;
            };
            let accepted = tokio::time::timeout(TICK, self.tcp.accept()).await;
            let (stream, address) = match accepted {
                Ok(Ok(connection)) => connection,
                Ok(Err(error)) => {
                    // For example too many open files, which is temporary.
                    terminal::warn(format!("could not accept a connection: {error}"));
                    tokio::time::sleep(TICK).await;
                    continue;
                }
                Err(_) => continue,
            };
            let network = network_of(address.ip());
            let network_permit = if self.proxies.has(address.ip()) {
                None
            } else {
                match by_network.take(&network) {
                    Some(permit) => Some(permit),
                    // The network has too many connections already.
                    None => continue,
                }
            };
            let _ = stream.set_nodelay(true);
            let (tls, router, watcher) = (self.tls.clone(), router.clone(), graceful.watcher());
            tokio::spawn(async move {
                let _held = (permit, network_permit);
                match tls {
                    None => serve_connection(stream, address, router, watcher).await,
                    Some(tls) => {
                        let handshake =
                            tokio::time::timeout(HEADER_LIMIT, tls.accept(stream)).await;
                        if let Ok(Ok(stream)) = handshake {
                            serve_connection(stream, address, router, watcher).await;
                        }
                    }
                }
            });
        }
        end();
        let _ = tokio::time::timeout(FINISH_LIMIT, graceful.shutdown()).await;
    }
}

/// Serves one connection until it ends. Its errors are ignored, because they concern only the client.
async fn serve_connection<S>(
    stream: S,
    address: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

fn acceptor(cert: &Path, key: &Path) -> Result<TlsAcceptor> {
    let could_not_read = |file: &Path| format!("could not read file \"{}\"", file.display());
    let read = |file: &Path| fs::read(file).with_context(|| could_not_read(file));
    let not_pem = |file: &Path, error: pem::Error| {
        Failure::new(Exit::Failed, could_not_read(file))
            .because(error)
            .hint("Certificate and key must be files in PEM format: they begin with -----BEGIN.")
    };
    let certs: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&read(cert)?)
        .collect::<Result<_, _>>()
        .and_then(|certs: Vec<_>| {
            if certs.is_empty() {
                Err(pem::Error::NoItemsFound)
            } else {
                Ok(certs)
            }
        })
        .map_err(|error| not_pem(cert, error))?;
    let private_key =
        PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|error| not_pem(key, error))?;
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certs, private_key)
            .map_err(|error| {
                let message = format!(
                    "certificate \"{}\" and key \"{}\" do not match",
                    cert.display(),
                    key.display()
                );
                Failure::new(Exit::Failed, message).because(error).hint(
                    "Name the certificate with --tls-cert and its private key with --tls-key.",
                )
            })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
