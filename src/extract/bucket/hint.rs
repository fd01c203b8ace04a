//! Hints for failed requests to a bucket.

use super::access::Credentials;
use super::store::{RequestFailure, Store};
use crate::extract::rest::RequestError;

/// What a request is for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Purpose {
    Object,
    Listing,
}

/// A sentence that suggests how to fix the failure. None if no fix is known. `setting`: what has the address.
pub(super) fn hint(
    failure: &RequestFailure,
    store: &Store,
    purpose: Purpose,
    setting: &str,
) -> Option<String> {
    let access = &store.access;
    let variables = access.variables();
    let endpoint = format!("{variables}_ENDPOINT (or AWS_ENDPOINT_URL_S3)");
    let Some(refusal) = &failure.refusal else {
        return Some(match &failure.error {
            RequestError::Connect { .. } if store.uses_proxy => {
                "Check the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, and NO_PROXY.".into()
            }
            RequestError::Connect { .. } if access.endpoint.is_some() => {
                format!("Check {endpoint}, and that the server is running.")
            }
            RequestError::Connect { .. } => format!(
                "Check the network and {variables}_REGION. A server other than that of AWS needs {endpoint}."
            ),
            RequestError::Tls { .. } => format!(
                "Check {endpoint}. A private authority's certificates (PEM) go into a file that {variables}_TLS_ROOTS \
                 names."
            ),
            RequestError::Request { .. } => match &access.credentials {
                Credentials::Role(role) => format!(
                    "The credentials of {} are used, because no others are set: set {}.",
                    role.name,
                    key_variables(&variables)
                ),
                Credentials::Keys(_) | Credentials::None => format!("Check {endpoint}."),
            },
            RequestError::Stalled { .. } | RequestError::TimedOut { .. } => {
                "Try again later, or with a longer response_timeout in a row of elt.rest_source."
                    .into()
            }
            _ => "Try again later.".into(),
        });
    };
    let is_redirect = refusal.status.is_redirection();
    let is_elsewhere = is_redirect
        || refusal.has_code(&[
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ]);
    if is_elsewhere && let Some(region) = &refusal.region {
        return Some(format!(
            "The bucket is in another region: set {variables}_REGION to {region}."
        ));
    }
    Some(match refusal.status.as_u16() {
        _ if is_elsewhere => format!(
            "Set {variables}_REGION (or AWS_REGION) to the region of the bucket, and check {endpoint}."
        ),
        404 if refusal.has_code(&["NoSuchBucket"]) => format!(
            "Check the bucket in {setting}{}.",
            match &access.endpoint {
                Some(_) => format!(", and {endpoint}"),
                None => format!(". A bucket that is not at AWS needs {endpoint}"),
            }
        ),
        404 | 405 => {
            format!("Check {setting}: capital letters and each other sign of the key count.")
        }
        400 | 401 | 403 => refused(failure, store, purpose),
        416 => "Load it again.".into(),
        429 | 500.. => "Try again later.".into(),
        _ => return None,
    })
}

/// The hint for a request that was refused for what it shows or lacks.
fn refused(failure: &RequestFailure, store: &Store, purpose: Purpose) -> String {
    let has_code = |codes: &[&str]| {
        failure
            .refusal
            .as_ref()
            .is_some_and(|refusal| refusal.has_code(codes))
    };
    let own = store.access.variables();
    let used = match &store.access.credentials {
        Credentials::None => {
            return format!(
                "The request had no credentials: set {}. Profiles in ~/.aws are not read.",
                key_variables(&own)
            );
        }
        Credentials::Role(role) => role.name.to_string(),
        Credentials::Keys(keys) => format!(
            "{0}_ACCESS_KEY_ID and {0}_SECRET_ACCESS_KEY",
            keys.variables
        ),
    };
    if has_code(&["ExpiredToken", "InvalidToken", "TokenRefreshRequired"]) {
        return format!("The session token is no longer valid: get new credentials for {used}.");
    }
    if has_code(&["RequestTimeTooSkewed"]) {
        return "Check the clock of this machine.".into();
    }
    if has_code(&["InvalidAccessKeyId", "SignatureDoesNotMatch"]) {
        return format!("Check {used}.");
    }
    let right = match purpose {
        // Without the right to list, S3 does not say that a key is missing.
        Purpose::Object => {
            "s3:GetObject on the object, and s3:ListBucket on the bucket if the key may be wrong"
        }
        Purpose::Listing => "s3:ListBucket on the bucket",
    };
    format!("Check {used}. They need the right {right}.")
}

fn key_variables(own: &str) -> String {
    format!(
        "{own}_ACCESS_KEY_ID and {own}_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )
}
