//! Verifies a server's certificate by libpq's rules. Unlike rustls's verifier, these accept a certificate that is its
//! own authority, and one whose only name is in the subject.

use super::certificate;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::Arc;
use x509_cert::Certificate;
use x509_cert::der::Decode;

#[derive(Debug)]
pub(super) struct Verifier {
    /// `None` accepts any certificate.
    chain: Option<Chain>,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
struct Chain {
    inner: Arc<WebPkiServerVerifier>,
    trusted: Vec<CertificateDer<'static>>,
    has_revoked: bool,
    checks_name: bool,
}

impl Verifier {
    /// Encrypts without verifying the server.
    pub(super) fn without_verification(algorithms: WebPkiSupportedAlgorithms) -> Verifier {
        Verifier {
            chain: None,
            algorithms,
        }
    }

    pub(super) fn new(
        trusted: Vec<CertificateDer<'static>>,
        revoked: Vec<CertificateRevocationListDer<'static>>,
        checks_name: bool,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Verifier> {
        let mut roots = RootCertStore::empty();
        // Some of the machine's certificates may be too old for rustls.
        roots.add_parsable_certificates(trusted.iter().cloned());
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let has_revoked = !revoked.is_empty();
        let inner = builder.with_crls(revoked).build().map_err(|error| {
            Failure::new(Exit::Usage, "no certificate to trust can be used")
                .because(error)
                .hint("sslrootcert must name certificates of X.509 version 3 in PEM format.")
        })?;
        Ok(Verifier {
            chain: Some(Chain {
                inner,
                trusted,
                has_revoked,
                checks_name,
            }),
            algorithms: provider.signature_verification_algorithms,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        let is_own_authority = chain.trusted.iter().any(|trusted| trusted == certificate);
        match chain
            .inner
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
        {
            Ok(_) => {}
            // rustls checks the name last, and fewer names than libpq, which are checked below.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => {}
            // The next check does not look at revocation lists.
            Err(error) if chain.has_revoked => return Err(error),
            Err(_) if is_own_authority => certificate::check_time(&read(certificate)?, now)?,
            Err(error) => return Err(error),
        }
        if chain.checks_name && !certificate::names_host(&read(certificate)?, &name.to_str()) {
            return Err(Error::InvalidCertificate(CertificateError::NotValidForName));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn read(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::from_der(certificate)
        .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))
}
