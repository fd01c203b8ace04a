//! Files with certificates and keys: authorities, revocation lists, and the client's certificate.

use super::Encryption;
use crate::db::conninfo::home;
use crate::db::conninfo::settings::Settings;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The file that the setting names, otherwise the default one in `~/.postgresql`.
fn file(settings: &Settings, keyword: &str, usual: &str) -> Option<PathBuf> {
    let named = settings.filled(keyword).map(PathBuf::from);
    named.or_else(|| Some(home()?.join(".postgresql").join(usual)))
}

/// The certificates of the trusted authorities. `None` if the server's certificate is not verified. As libpq, it is
/// verified whenever such certificates are found.
pub(super) fn trusted_certificates(
    settings: &Settings,
    mode: Encryption,
) -> Result<Option<Vec<CertificateDer<'static>>>> {
    if settings.get("sslrootcert") == Some("system") {
        let found = rustls_native_certs::load_native_certs().certs;
        if found.is_empty() {
            return Err(Failure::new(Exit::Usage, "this machine has no certificates to trust")
                .detail("sslrootcert=system needs them.")
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
        return Err(Failure::new(Exit::Usage, format!("root certificate file \"{file}\" does not exist"))
            .detail("sslmode needs it to verify the server's certificate.")
            .hint("Name the authority's certificate with sslrootcert, or use sslrootcert=system for this machine's.")
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
    .detail(format!("The problem is: {problem}."))
    .hint("The file must be in PEM format: -----BEGIN CERTIFICATE-----.")
}

pub(super) fn revocations(
    settings: &Settings,
) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let Some(file) = file(settings, "sslcrl", "root.crl").filter(|file| file.exists()) else {
        return Ok(Vec::new());
    };
    let read = CertificateRevocationListDer::pem_file_iter(&file).and_then(Iterator::collect);
    Ok(read.map_err(|error| unreadable(&file, &error))?)
}

pub(super) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The client's certificate with its key. A missing certificate is not sent.
pub(super) fn identity(settings: &Settings) -> Result<Option<Identity>> {
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
            "certificate \"{}\" has no private key file",
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
            .detail("It must have permissions 0600 or less if you own it, or 0640 or less if root owns it.")
            .hint(format!("chmod 600 {}", key.display()))
            .into());
    }
    let read = PrivateKeyDer::from_pem_file(&key).map_err(|error| {
        Failure::new(Exit::Usage, format!("could not read private key file \"{}\"", key.display()))
            .detail(format!("The problem is: {error}."))
            .hint("The key must be in PEM format without a password: openssl pkey -in KEY -out NEW removes it.")
    })?;
    Ok(Some((chain, read)))
}

fn is_open_to_others(file: &Metadata) -> bool {
    let closed_to = if file.uid() == 0 { 0o037 } else { 0o077 };
    file.mode() & closed_to != 0
}
