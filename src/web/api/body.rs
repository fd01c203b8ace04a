//! Parses the body of a request.

use super::{ApiError, ApiResult};
use crate::web::data::edit::{Problems, Table, Values};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The body of a request. Its values are raw JSON, so that numbers keep all digits.
type Object = BTreeMap<String, Box<RawValue>>;

/// Parses the body as a JSON object.
pub(super) fn object(headers: &HeaderMap, body: &Bytes) -> ApiResult<Object> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let message =
            format!("Unsupported media type \"{kind}\" in request: send application/json.");
        return Err(ApiError::Status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message,
        ));
    }
    match serde_json::from_slice(body) {
        Ok(object) => Ok(object),
        Err(error) if error.is_data() => Err(ApiError::Status(
            StatusCode::BAD_REQUEST,
            "Send an object: {\"column\": value}.".into(),
        )),
        Err(error) => Err(ApiError::Status(
            StatusCode::BAD_REQUEST,
            format!("JSON parse error - {error}"),
        )),
    }
}

/// The values as PostgreSQL text. Read-only fields are ignored, so that a client can send back a record that it has
/// received.
pub(super) fn values(table: &Table, object: &Object, is_new: bool) -> ApiResult<Values> {
    let mut values = Values::new();
    let mut problems = Problems::default();
    for (name, value) in object {
        let Some(field) = table.field(name) else {
            problems.at(name, "There is no such field.");
            continue;
        };
        if field.is_read_only || (field.is_key && !is_new) {
            continue;
        }
        let is_json = ["json", "jsonb"].contains(&field.type_name.as_str());
        let raw = value.get();
        let text = match raw.as_bytes().first() {
            Some(b'n') => None,
            _ if is_json => Some(raw.to_string()),
            Some(b'"') => serde_json::from_str(raw).ok(),
            Some(b'[') => match list(raw) {
                Some(text) => Some(text),
                None => {
                    problems.at(name, "Send a list of plain values.");
                    continue;
                }
            },
            Some(b'{') => {
                problems.at(name, "Send a value, not an object.");
                continue;
            }
            _ => Some(raw.to_string()),
        };
        values.push((name.clone(), text));
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(ApiError::Problems(problems))
    }
}

/// A JSON list as a PostgreSQL array. `None` if an item is a list or an object.
fn list(raw: &str) -> Option<String> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    let items: Option<Vec<String>> = items
        .iter()
        .map(|item| match item.get().as_bytes().first()? {
            b'"' => {
                let text: String = serde_json::from_str(item.get()).ok()?;
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                Some(format!("\"{text}\""))
            }
            b'[' | b'{' => None,
            _ => Some(item.get().into()),
        })
        .collect();
    Some(format!("{{{}}}", items?.join(",")))
}

#[cfg(test)]
mod tests {
    use super::list;
    use serde_json::json;

    #[test]
    fn a_list_is_written_as_an_array() {
        let items = json!(["a\"b", "c\\", null, 1, true, "{}"]).to_string();
        assert_eq!(
            list(&items).unwrap(),
            "{\"a\\\"b\",\"c\\\\\",null,1,true,\"{}\"}"
        );
        assert_eq!(list("[[1]]"), None);
    }
}
