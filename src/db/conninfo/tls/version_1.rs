//! Certificates of X.509 version 1, which OpenSSL created by default for decades, also in the example of
//! PostgreSQL's manual. rustls refuses them.

use super::certificate::{check_time, check_time_of};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error};
use x509_cert::der::{Decode, Encode};
use x509_cert::{Certificate, Version};

pub(super) fn is_one(certificate: &Certificate) -> bool {
    certificate.tbs_certificate.version == Version::V1
}

/// Checks that the certificate is in its validity period and signed by one of the authorities. A version 1
/// certificate cannot be an authority itself.
pub(super) fn check(
    certificate: &Certificate,
    trusted: &[CertificateDer<'_>],
    algorithms: &WebPkiSupportedAlgorithms,
    now: UnixTime,
) -> Result<(), Error> {
    check_time(certificate, now)?;
    let content = certificate.tbs_certificate.to_der();
    let content = content.map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let signature = certificate.signature.raw_bytes();
    let signers = trusted
        .iter()
        .filter_map(|trusted| Certificate::from_der(trusted).ok());
    for signer in signers {
        let signer = &signer.tbs_certificate;
        if signer.subject != certificate.tbs_certificate.issuer {
            continue;
        }
        let key = signer
            .subject_public_key_info
            .subject_public_key
            .raw_bytes();
        let mut algorithms = algorithms.all.iter();
        if algorithms.any(|each| each.verify_signature(key, &content, signature).is_ok()) {
            return check_time_of(signer, now);
        }
    }
    Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
}
