//! Filters of lists in their own forms, for jobs, loads and the audit. A filter with an invalid value stays in its field.

use crate::history::{TIME_BOUNDS, TIME_FORMS};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::http::address::encoded;
use chrono::{DateTime, NaiveDateTime, Utc};

/// Longest text of a filter, in bytes.
const LONGEST: usize = 300;

/// A field of the form.
#[derive(Clone, Default)]
pub(super) struct Field {
    pub(super) value: String,
    /// Error of the value, or an empty text.
    pub(super) message: String,
}

impl Field {
    /// Takes the value of the address.
    pub(super) fn set(&mut self, value: &str) {
        self.value = value.trim().into();
        if value.len() > LONGEST {
            self.message = format!("A filter has at most {LONGEST} letters.");
        } else if value.contains('\0') {
            self.message = "This contains a character that is not allowed in text.".into();
        }
    }

    /// The value, unless it is empty or invalid.
    pub(super) fn valid(&self) -> Option<String> {
        let is_valid = !self.value.is_empty() && self.message.is_empty();
        is_valid.then(|| self.value.clone())
    }

    /// Notes `message` if the value is none of these.
    pub(super) fn require_one_of(&mut self, known: &[impl AsRef<str>], message: &str) {
        let value = self.valid();
        if value.is_some_and(|value| !known.iter().any(|known| known.as_ref() == value)) {
            self.message = message.into();
        }
    }

    /// Type of the input of a time: a picker would drop a value that it cannot show.
    pub(super) fn time_type(&self) -> &'static str {
        let is_time = |form| NaiveDateTime::parse_from_str(&self.value, form).is_ok();
        if self.value.is_empty() || is_time("%Y-%m-%dT%H:%M") || is_time("%Y-%m-%dT%H:%M:%S") {
            "datetime-local"
        } else {
            "text"
        }
    }
}

/// A span of time. An end that is `None` is open.
pub(super) type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The span between two fields, in the time zone of the account. Notes what is wrong beside them.
pub(super) async fn span(client: &Client, since: &mut Field, until: &mut Field) -> WebResult<Span> {
    let values = (since.valid(), until.valid());
    let zone = client.zone().name();
    let row = client
        .query_one(TIME_BOUNDS, &[&values.0, &values.1, &zone])
        .await?;
    let span: Span = (row.get(0), row.get(1));
    if values.0.is_some() && span.0.is_none() {
        since.message = format!("Write {TIME_FORMS}.");
    }
    if values.1.is_some() && span.1.is_none() {
        until.message = format!("Write {TIME_FORMS}.");
    }
    Ok(span)
}

/// Fields by their name in the address.
pub(super) type Named<'a> = [(&'static str, &'a Field)];

pub(super) fn are_valid(fields: &Named<'_>) -> bool {
    fields.iter().all(|(_, field)| field.message.is_empty())
}

/// Whether a field has a value.
pub(super) fn any_filled(fields: &Named<'_>) -> bool {
    fields.iter().any(|(_, field)| !field.value.is_empty())
}

/// The parts of the query string, such as `since=2026-11-30`.
pub(super) fn query_parts(fields: &Named<'_>) -> Vec<String> {
    let filled = fields.iter().filter(|(_, field)| !field.value.is_empty());
    filled
        .map(|(name, field)| format!("{name}={}", encoded(&field.value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picker_is_used_only_for_what_it_can_show() {
        let types = ["", "2026-11-30T10:00", "2026-11-30", "yesterday"].map(|value| {
            let mut field = Field::default();
            field.set(value);
            field.time_type()
        });
        assert_eq!(types, ["datetime-local", "datetime-local", "text", "text"]);
    }

    #[test]
    fn an_invalid_value_stays_in_its_field() {
        let mut field = Field::default();
        field.set(" other ");
        field.require_one_of(&["one", "two"], "There is no such state.");
        assert_eq!(field.value, "other");
        assert_eq!(field.message, "There is no such state.");
        assert_eq!(field.valid(), None);
        assert!(!are_valid(&[("state", &field)]));
        field.set(&"x".repeat(LONGEST + 1));
        assert!(field.message.contains("300 letters"));
    }
}
