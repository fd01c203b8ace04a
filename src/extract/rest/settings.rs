//! One row of `elt.rest_source`. The comments of its columns explain the fields.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Clone, Deserialize)]
pub(crate) struct Settings {
    pub(in crate::extract) source: String,
    pub(super) base_url: Option<String>,
    pub(super) path: String,
    pub(super) method: Method,
    pub(super) body: Option<serde_json::Value>,
    pub(super) parameters_in: ParametersIn,
    pub(super) headers: BTreeMap<String, String>,
    pub(in crate::extract) tls_roots: Option<String>,
    pub(super) sign_in: SignIn,
    pub(super) sign_in_path: Option<String>,
    pub(super) sign_in_url: Option<String>,
    pub(super) username_parameter: String,
    pub(super) password_parameter: String,
    pub(super) sign_in_parameters: BTreeMap<String, String>,
    pub(super) token_at: String,
    pub(super) expires_in_at: Option<String>,
    pub(super) token_header: String,
    pub(super) token_prefix: String,
    pub(super) token_parameter: Option<String>,
    pub(super) records_at: String,
    pub(super) is_single_record: bool,
    pub(super) parent_id_at: Option<String>,
    pub(super) errors_at: Option<String>,
    pub(super) count_at: Option<String>,
    pub(super) pagination: Pagination,
    pub(super) next_at: String,
    pub(super) cursor_at: Option<String>,
    pub(super) cursor_parameter: String,
    pub(super) more_at: Option<String>,
    pub(super) pages_at: Option<String>,
    pub(super) page_parameter: String,
    pub(super) first_page: u64,
    pub(super) page_size_parameter: String,
    pub(super) page_size: Option<u64>,
    pub(crate) max_restarts: u32,
    pub(crate) on_change: OnChange,
    pub(crate) since_column: Option<String>,
    pub(super) since_parameter: Option<String>,
    pub(super) since_format: String,
    pub(super) requests_per_second: Option<f64>,
    #[serde(deserialize_with = "seconds")]
    pub(in crate::extract) connect_timeout: Duration,
    #[serde(deserialize_with = "seconds")]
    pub(in crate::extract) response_timeout: Duration,
    pub(super) max_response_bytes: usize,
    pub(in crate::extract) max_attempts: u32,
    #[serde(deserialize_with = "seconds")]
    pub(super) retry_delay: Duration,
    #[serde(deserialize_with = "seconds")]
    pub(super) max_retry_delay: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Get,
    Post,
}

/// Where the parameters of a request are.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ParametersIn {
    Query,
    Body,
}

/// How user name and password are used.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignIn {
    /// Posted as an object; the response has the token.
    Json,
    /// Posted as a form; the response has the token.
    Form,
    /// OAuth2 client credentials in the header, by RFC 6749, 4.4 and 2.3.1.
    ClientCredentials,
    /// OAuth2 client credentials in the form.
    ClientCredentialsInBody,
    /// Sent with each request, by RFC 7617.
    Basic,
}

/// How the next page is found.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Pagination {
    /// Each page names the address of the next one.
    Next,
    /// The header Link names the address of the next page.
    Link,
    /// Each page contains a value that the next request sends.
    Cursor,
    /// Pages are numbered.
    Page,
    /// A page is requested by the number of records before it.
    Offset,
    /// There is only one page.
    None,
}

/// What happens if the data still changes while it is read after the last restart.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnChange {
    Refuse,
    Accept,
}

/// Selects the row of a source as a JSON object, with intervals in seconds. `$1 text`: source.
pub(crate) const ROW: &str = "select (to_jsonb(rest_source) || (select jsonb_object_agg(key, \
    extract(epoch from value)) from (values ('connect_timeout', connect_timeout), \
    ('response_timeout', response_timeout), ('retry_delay', retry_delay), \
    ('max_retry_delay', max_retry_delay)) as timing (key, value)))::text \
    from elt.rest_source where source = $1";

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
}

impl Settings {
    /// The text of `since_parameter` for a value.
    pub(crate) fn since_text(&self, value: &str) -> String {
        self.since_format.replace("{}", value)
    }
}

#[cfg(test)]
impl Settings {
    pub(super) fn for_tests() -> Settings {
        let path = serde_json::Value::from("/things/").into();
        Settings {
            max_response_bytes: 1024,
            ..Settings::with_columns("things", [("path", &path)]).unwrap()
        }
    }
}
