//! Between the driver and rustls.

use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Makes TLS of a connection, and notes that it was asked to.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: MakeRustlsConnect,
    is_used: Arc<AtomicBool>,
}

impl Connector {
    pub(super) fn of(config: ClientConfig) -> Connector {
        Connector {
            inner: MakeRustlsConnect::new(config),
            is_used: Arc::default(),
        }
    }

    /// For connections that are not encrypted: the type wants one.
    pub(super) fn plain() -> Connector {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions();
        #[allow(clippy::expect_used)]
        let builder = builder.expect("ring has them");
        Connector::of(
            builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth(),
        )
    }

    pub(super) fn anew(&self) -> Connector {
        Connector {
            inner: self.inner.clone(),
            is_used: Arc::default(),
        }
    }

    pub(crate) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::SeqCst)
    }
}

type Inner = <MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect;

pub(crate) struct Connect(Inner, Arc<AtomicBool>);

impl MakeTlsConnect<Socket> for Connector {
    type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;
    type TlsConnect = Connect;
    type Error = std::convert::Infallible;

    fn make_tls_connect(&mut self, host: &str) -> Result<Connect, Self::Error> {
        let inner = MakeTlsConnect::<Socket>::make_tls_connect(&mut self.inner, host)?;
        Ok(Connect(inner, self.is_used.clone()))
    }
}

impl TlsConnect<Socket> for Connect {
    type Stream = <Inner as TlsConnect<Socket>>::Stream;
    type Error = <Inner as TlsConnect<Socket>>::Error;
    type Future = <Inner as TlsConnect<Socket>>::Future;

    fn connect(self, stream: Socket) -> Self::Future {
        self.1.store(true, Ordering::SeqCst);
        self.0.connect(stream)
    }
}
