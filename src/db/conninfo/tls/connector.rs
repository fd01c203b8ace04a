//! Connects the driver to rustls.

use rustls::{ClientConfig, RootCertStore};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How far an attempt to connect has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Stage {
    #[default]
    Connecting,
    /// The server was reached, and TLS was not begun.
    Connected,
    /// The TLS handshake has begun.
    Handshake,
    Encrypted,
}

/// Encrypts one connection, and records its stage.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: MakeRustlsConnect,
    stage: SharedStage,
}

#[derive(Clone, Default)]
struct SharedStage(Arc<Mutex<Stage>>);

impl SharedStage {
    fn set(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    fn get(&self) -> Stage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector {
    pub(super) fn new(config: ClientConfig) -> Connector {
        Connector {
            inner: MakeRustlsConnect::new(config),
            stage: SharedStage::default(),
        }
    }

    /// A connector for connections without TLS, because the driver requires one.
    pub(super) fn plain() -> Connector {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions();
        #[allow(clippy::expect_used)]
        let builder = builder.expect("ring supports the default versions");
        Connector::new(
            builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth(),
        )
    }

    /// A connector with the same settings for another connection.
    pub(super) fn for_connection(&self) -> Connector {
        Connector {
            inner: self.inner.clone(),
            stage: SharedStage::default(),
        }
    }

    pub(crate) fn stage(&self) -> Stage {
        self.stage.get()
    }
}

type Inner = <MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect;
type Stream = <Inner as TlsConnect<Socket>>::Stream;

pub(crate) struct Handshake {
    inner: Inner,
    stage: SharedStage,
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Stream;
    type TlsConnect = Handshake;
    type Error = std::convert::Infallible;

    /// The driver calls this once the server is reached, also if it then does not encrypt.
    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, Self::Error> {
        self.stage.set(Stage::Connected);
        Ok(Handshake {
            inner: MakeTlsConnect::<Socket>::make_tls_connect(&mut self.inner, host)?,
            stage: self.stage.clone(),
        })
    }
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        self.stage.set(Stage::Handshake);
        Box::pin(async move {
            let stream = self.inner.connect(socket).await?;
            self.stage.set(Stage::Encrypted);
            Ok(stream)
        })
    }
}
