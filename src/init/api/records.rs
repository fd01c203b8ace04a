//! Where the records are in the first response.

use super::place::{Found, records_at};
use super::row::Row;
use crate::extract::rest::FirstResponse;
use crate::failure::{Exit, Failure};
use crate::init::json::{Holds, Place, Shape, places};
use anyhow::Result;
use serde_json::Value;

/// Keys of arrays that do not have the records.
const OTHER_ARRAYS: [&str; 5] = ["_links", "error", "errors", "links", "warnings"];

/// Keys of error messages.
const ERRORS: [&str; 5] = ["error", "errors", "error_description", "fault", "message"];

/// The length of a path to the records, in bytes. Messages and files of the project have it.
const LONGEST_PATH: usize = 200;

/// The records of the first page.
pub(super) struct Records<'a> {
    /// `elt.rest_source.records_at`.
    pub(super) path: String,
    pub(super) is_single: bool,
    pub(super) records: Vec<&'a Value>,
    elements: u64,
    /// The object that is the record, or whose members are the records.
    container: Option<&'a Value>,
    /// Why they are there; None if the user says so.
    pub(super) reason: Option<String>,
}

impl Records<'_> {
    /// Whether the value has no members but records.
    pub(super) fn is_container(&self, value: &Value) -> bool {
        self.container
            .is_some_and(|container| std::ptr::eq(container, value))
    }

    /// The number of records that the API counts. Of nested records, it counts the elements around them.
    pub(super) fn count(&self) -> u64 {
        self.elements
    }
}

/// A place of records that was chosen.
struct Chosen {
    path: String,
    is_single: bool,
    reason: Option<String>,
}

/// The records of the first page, where the user says or where they usually are.
///
/// # Errors
/// If there are none. `document`: the response.
pub(super) fn find_records<'a>(
    document: &'a Value,
    response: &FirstResponse,
    row: &Row,
) -> Result<Records<'a>> {
    let is_single = row.get("is_single_record") == Some(&Value::Bool(true));
    let chosen = match row.text("records_at") {
        Some(path) => Chosen {
            path: path.into(),
            is_single,
            reason: None,
        },
        None if is_single => Chosen {
            path: String::new(),
            is_single,
            reason: Some("the response is one record".into()),
        },
        None => choose(document, response, row)?,
    };
    let Some(Found {
        records,
        elements,
        container,
    }) = records_at(document, &chosen.path, chosen.is_single)
    else {
        return Err(not_found(&chosen, document, response));
    };
    if records.is_empty() {
        return Err(Failure::new(Exit::Failed, "the first page has no records")
            .detail("The columns of the tables come from the records.")
            .hint("Name an address that returns records.")
            .into());
    }
    let has_keys = |record: &&Value| record.as_object().is_some_and(|keys| !keys.is_empty());
    if !records.iter().any(has_keys) {
        let place = place_text(&chosen.path);
        let message = format!("the records at {place} are not objects with keys");
        return Err(Failure::new(Exit::Failed, message)
            .detail("elt loads an API whose records are JSON objects.")
            .hint("Name another place with --set records_at=PATH.")
            .into());
    }
    Ok(Records {
        path: chosen.path,
        is_single: chosen.is_single,
        records,
        elements,
        container,
        reason: chosen.reason,
    })
}

fn place_text(path: &str) -> String {
    match path {
        "" => "the response itself".into(),
        path => format!("\"{}\"", path.escape_debug()),
    }
}

fn not_found(chosen: &Chosen, document: &Value, response: &FirstResponse) -> anyhow::Error {
    let wanted = if chosen.is_single {
        "an object"
    } else {
        "an array"
    };
    let place = place_text(&chosen.path);
    Failure::new(
        Exit::Failed,
        format!("the first response has no records: {place} is not {wanted}"),
    )
    .detail(format!("The response is {}.", outline(document, response)))
    .hint("Name the place with --set records_at=PATH.")
    .into()
}

/// The kind of the document and its first keys.
fn outline(document: &Value, response: &FirstResponse) -> String {
    match document {
        Value::Object(_) if response.keys.is_empty() => "an object".into(),
        Value::Object(_) => format!("an object with {}", response.keys.join(", ")),
        Value::Array(elements) => format!("an array of {}", elements.len()),
        _ => "neither an object nor an array".into(),
    }
}

/// Chooses the place by the shape of the response.
fn choose(document: &Value, response: &FirstResponse, row: &Row) -> Result<Chosen> {
    let at = |path: &str, is_single: bool, reason: String| Chosen {
        path: path.into(),
        is_single,
        reason: Some(reason),
    };
    if let Value::Array(elements) = document {
        let objects = elements.iter().filter(|element| element.is_object());
        if elements.is_empty() || 2 * objects.count() >= elements.len() {
            return Ok(at("", false, "the response is an array".into()));
        }
    }
    let Value::Object(members) = document else {
        return Err(no_place(document, response));
    };
    let places = places(&Shape::read(response.body.as_slice()).0);
    let mut objects: Vec<&Place> = places
        .iter()
        .filter(|place| place.holds != Holds::Arrays && !is_other(&place.path))
        .filter(|place| place.path.len() <= LONGEST_PATH)
        .collect();
    objects.sort_by_key(|place| (place.path.matches('.').count(), u64::MAX - place.count));
    let usual = objects.iter().find(|place| place.is_usual());
    let has_id = members
        .get("id")
        .is_some_and(|id| !id.is_object() && !id.is_array());
    // A record may contain records, too.
    let only = match objects.as_slice() {
        [only] if !has_id => Some(only),
        _ => None,
    };
    if let Some(place) = usual.or(only) {
        let reason = format!("the response has {}", place.text());
        return Ok(at(&place.path, false, reason));
    }
    let is_error = !has_id && ERRORS.iter().any(|name| members.contains_key(*name));
    if objects.is_empty() && is_error && !row.has("is_single_record") {
        return Err(error_message(document, response));
    }
    if let Some(path) = empty_array(document).filter(|path| path.len() <= LONGEST_PATH) {
        let reason = format!("the response has an empty array at {}", path.escape_debug());
        return Ok(at(&path, false, reason));
    }
    let has_arrays = places.iter().any(|place| place.holds == Holds::Arrays);
    if members.is_empty() || (objects.is_empty() && has_arrays) {
        return Err(no_place(document, response));
    }
    let contained: Vec<String> = objects.iter().map(|place| place.text()).collect();
    let reason = match contained.as_slice() {
        [] => "the response is one object".to_string(),
        contained => format!(
            "the response is one record that contains {}",
            contained.join(" and ")
        ),
    };
    Ok(at("", true, reason))
}

fn is_other(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    OTHER_ARRAYS.contains(&last.to_lowercase().as_str())
}

/// The response is an error message although its status is 200.
fn error_message(document: &Value, response: &FirstResponse) -> anyhow::Error {
    let text = match &response.message {
        Some(message) => format!("the server answered an error message: {message}"),
        None => "the server answered an error message".to_string(),
    };
    Failure::new(Exit::Failed, text)
        .detail(format!("The response is {}.", outline(document, response)))
        .hint("If it is a record, use --set is_single_record=true.")
        .into()
}

fn no_place(document: &Value, response: &FirstResponse) -> anyhow::Error {
    Failure::new(
        Exit::Failed,
        "the first response has no array of JSON objects",
    )
    .detail(format!("The response is {}.", outline(document, response)))
    .hint("If the records are elsewhere, name the place with --set records_at=PATH.")
    .into()
}

/// An empty array with a usual name, outermost first.
fn empty_array(document: &Value) -> Option<String> {
    let members = document.as_object()?;
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    let found = members
        .iter()
        .find(|(key, value)| is_empty(value) && Place::is_usual_key(key));
    let below = || {
        members.iter().find_map(|(key, value)| {
            let below = empty_array(value)?;
            Some(format!("{key}.{below}"))
        })
    };
    found.map(|(key, _)| key.clone()).or_else(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        let document: Value = serde_json::from_str(text).unwrap();
        let response = FirstResponse {
            body: text.into(),
            ..FirstResponse::default()
        };
        let found = find_records(&document, &response, &Row::default());
        match found {
            Ok(found) if found.is_single => format!("single {}", found.path),
            Ok(found) => format!("{} {}", found.count(), found.path),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn finds_the_records_of_a_response() {
        for (text, place) in [
            (r#"[{"a":1},{"a":2}]"#, "2 "),
            (r#"{"count":1,"results":[{"a":1}]}"#, "1 results"),
            (r#"{"data":{"items":[{"a":1}]},"n":1}"#, "1 data.items"),
            (
                r#"{"included":[{"b":1},{"b":2}],"data":[{"a":1}]}"#,
                "1 data",
            ),
            (r#"{"total":7,"customers":[{"a":1}]}"#, "1 customers"),
            (
                r#"{"data":[{"a":1}],"response":{"items":[{},{}]}}"#,
                "1 data",
            ),
            (
                r#"{"users":{"x":{"a":1},"y":{"a":2},"z":{"a":3}}}"#,
                "3 users.*",
            ),
            (r#"{"id":7,"name":"n","lines":[{"a":1}]}"#, "single "),
            (r#"{"id":7,"name":"n"}"#, "single "),
            (r#"{"fees":[{"a":1}],"lines":[{"a":1}]}"#, "single "),
            (
                r#"{"count":0,"results":[]}"#,
                "the first page has no records",
            ),
            ("[]", "the first page has no records"),
            (
                r#"{"rows":[[1,2],[3,4]]}"#,
                "the first response has no array of JSON objects",
            ),
            ("7", "the first response has no array of JSON objects"),
            (
                r#"{"errors":[{"message":"no"},{"message":"no"}],"data":null}"#,
                "the server answered an error message",
            ),
            (r#"{"a":1,"links":[{"rel":"self"}]}"#, "single "),
            (r#"{"error":"no"}"#, "the server answered an error message"),
        ] {
            assert_eq!(found(text), place, "{text}");
        }
    }
}
