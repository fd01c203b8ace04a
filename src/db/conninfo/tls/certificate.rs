//! Compares a certificate's names with a host by libpq's rules, and checks its validity period.

use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error};
use std::net::IpAddr;
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::db::rfc4519::COMMON_NAME;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// Whether the certificate names the host. The subject's common name counts only if there is no alternative name of
/// the same kind.
pub(super) fn names_host(certificate: &Certificate, host: &str) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    let others = match certificate.tbs_certificate.get::<SubjectAltName>() {
        Ok(Some((_, names))) => names.0,
        Ok(None) => Vec::new(),
        Err(_) => return false,
    };
    let mut has_such = false;
    for name in &others {
        let is_it = match name {
            GeneralName::DnsName(name) => {
                has_such |= address.is_none();
                matches(name.as_str(), host)
            }
            GeneralName::IpAddress(bytes) => {
                has_such |= address.is_some();
                address.is_some_and(|address| is_address(address, bytes.as_bytes()))
            }
            _ => false,
        };
        if is_it {
            return true;
        }
    }
    !has_such && common_name(certificate).is_some_and(|name| matches(&name, host))
}

fn is_address(address: IpAddr, bytes: &[u8]) -> bool {
    match address {
        IpAddr::V4(address) => address.octets() == bytes,
        IpAddr::V6(address) => address.octets() == bytes,
    }
}

fn common_name(certificate: &Certificate) -> Option<String> {
    let parts = certificate.tbs_certificate.subject.0.iter();
    let mut parts = parts.flat_map(|part| part.0.iter());
    let value = &parts.find(|part| part.oid == COMMON_NAME)?.value;
    let text = value
        .decode_as::<Utf8StringRef<'_>>()
        .map(|text| text.as_str().to_string())
        .or_else(|_| {
            value
                .decode_as::<PrintableStringRef<'_>>()
                .map(|text| text.to_string())
        })
        .or_else(|_| {
            value
                .decode_as::<Ia5StringRef<'_>>()
                .map(|text| text.to_string())
        });
    text.ok()
}

/// Compares without case. `*.` at the beginning stands for one label.
fn matches(name: &str, host: &str) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let is_address = host.parse::<IpAddr>().is_ok();
    let rests = name.strip_prefix("*.").zip(host.split_once('.'));
    rests.is_some_and(|(rest, (label, of_host))| {
        !is_address && !rest.is_empty() && !label.is_empty() && rest.eq_ignore_ascii_case(of_host)
    })
}

pub(super) fn check_time(certificate: &Certificate, now: UnixTime) -> Result<(), Error> {
    let validity = &certificate.tbs_certificate.validity;
    let now = Duration::from_secs(now.as_secs());
    let problem = if now < validity.not_before.to_unix_duration() {
        CertificateError::NotValidYet
    } else if now > validity.not_after.to_unix_duration() {
        CertificateError::Expired
    } else {
        return Ok(());
    };
    Err(Error::InvalidCertificate(problem))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn an_asterisk_matches_one_label() {
        assert!(matches("DB.example", "db.Example"));
        assert!(matches("*.example", "db.example"));
        assert!(!matches("*.example", "a.db.example"));
        assert!(!matches("*.example", ".example"));
        assert!(!matches("*.0.0.1", "127.0.0.1"));
        assert!(!matches("d*.example", "db.example"));
    }
}
