//! A kind of pagination that was found in a response.

use super::evidence::Evidence;
use serde_json::Value;

/// Plain names of flags that are true if there are further pages.
const MORE: [&str; 8] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "hasmoreitems",
    "hasmorepages",
    "hasmoreresults",
    "moreavailable",
    "more",
];

/// A kind of pagination with its parameters.
pub(super) struct Plan {
    /// `elt.rest_source.pagination`.
    pub(super) kind: &'static str,
    pub(super) reason: String,
    /// Columns of `elt.rest_source`, with their values and reasons.
    pub(super) columns: Vec<(&'static str, Value, String)>,
    /// Whether the response shows that there are further pages.
    pub(super) has_more: bool,
    /// The parameter of the address that begins after the first records, as in the query.
    pub(super) begins_late: Option<String>,
    /// The column whose value is a convention that the response does not show.
    pub(super) guess: Option<&'static str>,
}

impl Plan {
    pub(super) fn new(kind: &'static str, reason: impl Into<String>) -> Plan {
        Plan {
            kind,
            reason: reason.into(),
            columns: Vec::new(),
            has_more: false,
            begins_late: None,
            guess: None,
        }
    }

    pub(super) fn with(
        mut self,
        column: &'static str,
        value: impl Into<Value>,
        reason: impl Into<String>,
    ) -> Plan {
        self.columns.push((column, value.into(), reason.into()));
        self
    }
}

/// The flag that tells whether there are further pages.
pub(super) fn more_flag<'a>(evidence: &'a Evidence<'_>) -> Option<(&'a str, bool)> {
    let flag = evidence.find(&MORE, |member| member.value.is_boolean())?;
    Some((&flag.path, flag.value == &Value::Bool(true)))
}
