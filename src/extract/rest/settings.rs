//! One row of `elt.rest_source`. The comments of its columns explain the fields.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Clone, Deserialize)]
pub(crate) struct Settings {
    pub(super) source: String,
    pub(super) base_url: Option<String>,
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) tls_roots: Option<String>,
    pub(super) sign_in_path: Option<String>,
    pub(super) token_at: String,
    pub(super) token_header: String,
    pub(super) token_prefix: String,
    pub(super) records_at: String,
    pub(super) count_at: Option<String>,
    pub(super) pagination: Pagination,
    pub(super) next_at: String,
    pub(super) page_parameter: String,
    pub(super) first_page: u64,
    pub(super) page_size_parameter: String,
    pub(super) page_size: Option<u64>,
    pub(super) requests_per_second: Option<f64>,
    #[serde(deserialize_with = "seconds")]
    pub(super) connect_timeout: Duration,
    #[serde(deserialize_with = "seconds")]
    pub(super) response_timeout: Duration,
    pub(super) max_response_bytes: usize,
    pub(super) max_attempts: u32,
    #[serde(deserialize_with = "seconds")]
    pub(super) retry_delay: Duration,
    #[serde(deserialize_with = "seconds")]
    pub(super) max_retry_delay: Duration,
}

/// How the next page is found.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Pagination {
    /// Each page names the address of the next one.
    Next,
    /// Pages are numbered.
    Page,
    /// A page is requested by the number of records before it.
    Offset,
    /// There is only one page.
    None,
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

#[cfg(test)]
impl Settings {
    /// The defaults of the columns.
    pub(super) fn for_tests() -> Settings {
        Settings {
            source: "things".into(),
            base_url: None,
            path: "/things/".into(),
            headers: BTreeMap::new(),
            tls_roots: None,
            sign_in_path: None,
            token_at: "token".into(),
            token_header: "Authorization".into(),
            token_prefix: "Token".into(),
            records_at: "results".into(),
            count_at: Some("count".into()),
            pagination: Pagination::Next,
            next_at: "next".into(),
            page_parameter: "page".into(),
            first_page: 1,
            page_size_parameter: "page_size".into(),
            page_size: None,
            requests_per_second: None,
            connect_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(60),
            max_response_bytes: 1024,
            max_attempts: 5,
            retry_delay: Duration::from_millis(500),
            max_retry_delay: Duration::from_secs(120),
        }
    }
}
