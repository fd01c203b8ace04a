//! `sslmode` and its sisters, as libpq means them: what is encrypted, and whose certificate is trusted.

use super::hosts::{Host, Place};
use super::settings::Settings;
use super::verifier::Verifier;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_postgres::Socket;
use tokio_postgres::config::SslNegotiation;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// `sslmode`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Encryption {
    Disable,
    /// Only if the server refuses us without.
    Allow,
    /// If it can be had.
    Prefer,
    Require,
    /// And the server's certificate is of an authority that we trust.
    VerifyCa,
    /// And it is for the host that we named.
    VerifyFull,
}

const MODES: [(&str, Encryption); 6] = [
    ("prefer", Encryption::Prefer),
    ("disable", Encryption::Disable),
    ("allow", Encryption::Allow),
    ("require", Encryption::Require),
    ("verify-ca", Encryption::VerifyCa),
    ("verify-full", Encryption::VerifyFull),
];

/// From the oldest.
const VERSIONS: [(&str, Option<&'static SupportedProtocolVersion>); 4] = [
    ("TLSv1", None),
    ("TLSv1.1", None),
    ("TLSv1.2", Some(&TLS12)),
    ("TLSv1.3", Some(&TLS13)),
];

/// How connections by TCP are secured; sockets never are.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) encryption: Encryption,
    pub(crate) negotiation: SslNegotiation,
    connector: Connector,
}

impl Tls {
    /// Of a server that is reached by its socket.
    pub(super) fn none() -> Tls {
        Tls {
            encryption: Encryption::Disable,
            negotiation: SslNegotiation::Postgres,
            connector: Connector::plain(),
        }
    }

    pub(super) fn of(settings: &Settings, hosts: &[Host]) -> Result<Tls> {
        let mode = mode(settings)?;
        let negotiation = settings.choice(
            "sslnegotiation",
            &[
                ("postgres", SslNegotiation::Postgres),
                ("direct", SslNegotiation::Direct),
            ],
        )?;
        let is_weak = matches!(
            mode,
            Encryption::Disable | Encryption::Allow | Encryption::Prefer
        );
        if negotiation == SslNegotiation::Direct && is_weak {
            return Err(settings
                .refuse(
                    "sslnegotiation",
                    "for a weak sslmode",
                    "it with sslmode=require or stronger",
                )
                .into());
        }
        let is_tcp = |host: &&Host| matches!(host.place, Place::Tcp { .. });
        let is_nameless =
            |host: &Host| matches!(&host.place, Place::Tcp { name, .. } if name.is_empty());
        if mode == Encryption::VerifyFull && hosts.iter().any(is_nameless) {
            return Err(Failure::new(
                Exit::Usage,
                "sslmode=verify-full needs the name of the host",
            )
            .detail("Only its address is given, which no certificate is compared with.")
            .hint("Add host with the name that the server's certificate has.")
            .into());
        }
        if mode == Encryption::Disable || hosts.iter().find(is_tcp).is_none() {
            return Ok(Tls::none());
        }
        match client_config(settings, mode) {
            Ok(config) => Ok(Tls {
                encryption: mode,
                negotiation,
                connector: Connector::of(config),
            }),
            // As libpq: what is only preferred does not stand in the way.
            Err(error) if matches!(mode, Encryption::Allow | Encryption::Prefer) => {
                terminal::warn(&format!("connections are not encrypted: {error:#}"));
                Ok(Tls::none())
            }
            Err(error) => Err(error),
        }
    }

    /// A connector of its own for each connection: it notes whether it was used.
    pub(crate) fn connector(&self) -> Connector {
        Connector {
            inner: self.connector.inner.clone(),
            is_used: Arc::default(),
        }
    }
}

fn mode(settings: &Settings) -> Result<Encryption> {
    let mode = settings.choice("sslmode", &MODES)?;
    let is_set = settings.get("sslmode").is_some();
    if settings.get("sslrootcert") == Some("system") {
        if is_set && mode != Encryption::VerifyFull {
            return Err(settings
                .refuse(
                    "sslmode",
                    "strong enough for sslrootcert=system",
                    "verify-full",
                )
                .into());
        }
        return Ok(Encryption::VerifyFull);
    }
    let is_required = !is_set
        && settings
            .get("requiressl")
            .is_some_and(|text| text.starts_with('1'));
    Ok(if is_required {
        Encryption::Require
    } else {
        mode
    })
}

fn client_config(settings: &Settings, mode: Encryption) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let verifier = match trusted(settings, mode)? {
        Some(trusted) => {
            let revoked = revocations(settings)?;
            let checks_name = mode == Encryption::VerifyFull;
            Verifier::of(trusted, revoked, checks_name, &provider)?
        }
        None => Verifier::trusting(algorithms),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions(settings)?)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity(settings)? {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
            Failure::new(
                Exit::Usage,
                "the client's certificate and its key cannot be used",
            )
            .because(error)
            .hint("sslcert and sslkey have to belong together, in PEM.")
        })?,
        None => builder.with_no_client_auth(),
    };
    config.enable_sni = settings.get("sslsni") != Some("0");
    // What a server of version 17 expects where TLS begins at once.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(config)
}

fn versions(settings: &Settings) -> Result<Vec<&'static SupportedProtocolVersion>> {
    let place = |keyword: &str, usual: usize| -> Result<usize> {
        let Some(text) = settings.filled(keyword) else {
            return Ok(usual);
        };
        let found = VERSIONS
            .iter()
            .position(|(name, _)| name.eq_ignore_ascii_case(text));
        Ok(found
            .ok_or_else(|| settings.refuse(keyword, "a version of TLS", "TLSv1.2 or TLSv1.3"))?)
    };
    let (oldest, newest) = (
        place("ssl_min_protocol_version", 2)?,
        place("ssl_max_protocol_version", 3)?,
    );
    let between = VERSIONS.iter().take(newest + 1).skip(oldest);
    let versions: Vec<_> = between.filter_map(|(_, version)| *version).collect();
    if versions.is_empty() {
        return Err(settings
            .refuse(
                "ssl_max_protocol_version",
                "a version that elt has",
                "TLSv1.2 or TLSv1.3",
            )
            .into());
    }
    Ok(versions)
}

/// A file that is named, else the one in `~/.postgresql`.
fn file(settings: &Settings, keyword: &str, usual: &str) -> Option<PathBuf> {
    let named = settings.filled(keyword).map(PathBuf::from);
    named.or_else(|| Some(super::home()?.join(".postgresql").join(usual)))
}

/// The authorities' certificates, if the server's is to be looked at: libpq does so whenever it finds some.
fn trusted(settings: &Settings, mode: Encryption) -> Result<Option<Vec<CertificateDer<'static>>>> {
    if settings.get("sslrootcert") == Some("system") {
        let found = rustls_native_certs::load_native_certs().certs;
        if found.is_empty() {
            return Err(Failure::new(Exit::Usage, "this machine has no certificates to trust")
                .detail("sslrootcert=system asks for them.")
                .hint("Install them (Debian: apt-get install ca-certificates), or name a file with sslrootcert.")
                .into());
        }
        return Ok(Some(found));
    }
    let file = file(settings, "sslrootcert", "root.crt").filter(|file| file.exists());
    let Some(file) = file else {
        if !matches!(mode, Encryption::VerifyCa | Encryption::VerifyFull) {
            return Ok(None);
        }
        let file = settings
            .filled("sslrootcert")
            .unwrap_or("~/.postgresql/root.crt");
        return Err(Failure::new(Exit::Usage, format!("root certificate file \"{file}\" is not there"))
            .detail("sslmode asks to compare the server's certificate with it.")
            .hint("Name the authority's certificate with sslrootcert, or sslrootcert=system for the machine's.")
            .into());
    };
    let certificates = certificates(&file)?;
    Ok(Some(certificates))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let certificates: Vec<_> = read.map_err(|error| unreadable(file, &error))?;
    if certificates.is_empty() {
        return Err(unreadable(file, &"it has no certificate in PEM").into());
    }
    Ok(certificates)
}

fn unreadable(file: &Path, problem: &impl std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("could not read certificate file \"{}\"", file.display()),
    )
    .detail(format!("It says: {problem}."))
    .hint("It has to be in PEM: -----BEGIN CERTIFICATE-----.")
}

fn revocations(settings: &Settings) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let Some(file) = file(settings, "sslcrl", "root.crl").filter(|file| file.exists()) else {
        return Ok(Vec::new());
    };
    let read = CertificateRevocationListDer::pem_file_iter(&file).and_then(Iterator::collect);
    Ok(read.map_err(|error| unreadable(&file, &error))?)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The client's own certificate with its key. A certificate that is not there is not sent.
fn identity(settings: &Settings) -> Result<Option<Identity>> {
    let file_of = |keyword, usual| file(settings, keyword, usual).filter(|file| file.exists());
    if settings.get("sslcertmode") == Some("disable") {
        return Ok(None);
    }
    let Some(certificate) = file_of("sslcert", "postgresql.crt") else {
        return Ok(None);
    };
    let chain = certificates(&certificate)?;
    let Some(key) = file_of("sslkey", "postgresql.key") else {
        let message = format!(
            "certificate \"{}\" is there, but not its private key",
            certificate.display()
        );
        return Err(Failure::new(Exit::Usage, message)
            .hint("Name the key's file with sslkey.")
            .into());
    };
    let found = std::fs::metadata(&key).map_err(|error| unreadable(&key, &error))?;
    if is_open_to_others(&found) {
        let message = format!(
            "private key file \"{}\" has group or world access",
            key.display()
        );
        return Err(Failure::new(Exit::Usage, message)
            .detail("It must have permissions 0600 or less if it is your own, 0640 or less if it is root's.")
            .hint(format!("chmod 600 {}", key.display()))
            .into());
    }
    let read = PrivateKeyDer::from_pem_file(&key).map_err(|error| {
        Failure::new(Exit::Usage, format!("could not read private key file \"{}\"", key.display()))
            .detail(format!("It says: {error}."))
            .hint("It has to be in PEM, and without a password: openssl pkey -in KEY -out NEW takes it off.")
    })?;
    Ok(Some((chain, read)))
}

fn is_open_to_others(file: &Metadata) -> bool {
    let closed_to = if file.uid() == 0 { 0o037 } else { 0o077 };
    file.mode() & closed_to != 0
}

/// Makes TLS of a connection, and notes that it was asked to.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: MakeRustlsConnect,
    is_used: Arc<AtomicBool>,
}

impl Connector {
    fn of(config: ClientConfig) -> Connector {
        Connector {
            inner: MakeRustlsConnect::new(config),
            is_used: Arc::default(),
        }
    }

    /// For connections that are not encrypted: the type wants one.
    fn plain() -> Connector {
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
