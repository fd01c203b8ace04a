//! `sslmode` and related settings, with libpq's meaning: encryption, and verification of certificates.

mod certificate;
mod connector;
mod files;
mod verifier;

pub(crate) use connector::{Connector, Stage};

use super::hosts::{Host, Place};
use super::settings::Settings;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use std::sync::Arc;
use tokio_postgres::config::SslNegotiation;
use verifier::Verifier;

/// `sslmode`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Encryption {
    Disable,
    /// Encrypts only if the server refuses an unencrypted connection.
    Allow,
    /// Encrypts if the server supports it.
    Prefer,
    Require,
    /// Requires a certificate from a trusted authority.
    VerifyCa,
    /// Requires also that the certificate names the host.
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

/// Versions of TLS, oldest first. rustls does not support all of them.
const VERSIONS: [(&str, Option<&'static SupportedProtocolVersion>); 4] = [
    ("TLSv1", None),
    ("TLSv1.1", None),
    ("TLSv1.2", Some(&TLS12)),
    ("TLSv1.3", Some(&TLS13)),
];

/// How TCP connections are encrypted. Connections by socket never are.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) encryption: Encryption,
    pub(crate) negotiation: SslNegotiation,
    connector: Connector,
}

impl Tls {
    /// No encryption, as for a server that is reached by its socket.
    pub(super) fn none() -> Tls {
        Tls {
            encryption: Encryption::Disable,
            negotiation: SslNegotiation::Postgres,
            connector: Connector::plain(),
        }
    }

    /// Reads the settings. Also returns warnings for the user.
    pub(super) fn from_settings(settings: &Settings, hosts: &[Host]) -> Result<(Tls, Vec<String>)> {
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
        let is_tcp = |host: &Host| matches!(host.place, Place::Tcp { .. });
        let is_nameless =
            |host: &Host| matches!(&host.place, Place::Tcp { name, .. } if name.is_empty());
        if mode == Encryption::VerifyFull && hosts.iter().any(is_nameless) {
            return Err(Failure::new(
                Exit::Usage,
                "sslmode=verify-full needs the name of the host",
            )
            .detail("Only an address is given, and certificates are verified by name.")
            .hint("Add host with the name in the server's certificate.")
            .into());
        }
        if mode == Encryption::Disable || !hosts.iter().any(is_tcp) {
            return Ok((Tls::none(), Vec::new()));
        }
        match client_config(settings, mode) {
            Ok(config) => {
                let tls = Tls {
                    encryption: mode,
                    negotiation,
                    connector: Connector::new(config),
                };
                Ok((tls, Vec::new()))
            }
            // As libpq: optional encryption does not prevent a connection.
            Err(error) if matches!(mode, Encryption::Allow | Encryption::Prefer) => {
                let warning = format!("connections are not encrypted: {error:#}");
                Ok((Tls::none(), vec![warning]))
            }
            Err(error) => Err(error),
        }
    }

    /// A connector for one connection.
    pub(crate) fn connector(&self) -> Connector {
        self.connector.for_connection()
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
    let verifier = match files::trusted_certificates(settings, mode)? {
        Some(trusted) => {
            let revoked = files::revocations(settings)?;
            let checks_name = mode == Encryption::VerifyFull;
            Verifier::new(trusted, revoked, checks_name, &provider)?
        }
        None => Verifier::without_verification(algorithms),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions(settings)?)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match files::identity(settings)? {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).map_err(|error| {
            Failure::new(
                Exit::Usage,
                "could not use the client's certificate and key",
            )
            .because(error)
            .hint("sslcert and sslkey must match, in PEM format.")
        })?,
        None => builder.with_no_client_auth(),
    };
    config.enable_sni = settings.get("sslsni") != Some("0");
    // PostgreSQL 17 requires this protocol name with sslnegotiation=direct.
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
