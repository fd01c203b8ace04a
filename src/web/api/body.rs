//! Parses the body of a request.

use super::{ApiError, ApiResult};
use crate::web::data::edit::{Problems, Table, Values};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A request's body, its values as they were written.
type Object = BTreeMap<String, Box<RawValue>>;

/// The object of a request's body.
pub(super) fn object(headers: &HeaderMap, body: &Bytes) -> ApiResult<Object> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let said = format!("Unsupported media type \"{kind}\" in request: send application/json.");
        return Err(ApiError::Said(StatusCode::UNSUPPORTED_MEDIA_TYPE, said));
    }
    match serde_json::from_slice(body) {
        Ok(object) => Ok(object),
        Err(error) if error.is_data() => Err(ApiError::Said(
            StatusCode::BAD_REQUEST,
            "Send an object: {\"column\": value}.".into(),
        )),
        Err(error) => Err(ApiError::Said(
            StatusCode::BAD_REQUEST,
            format!("JSON parse error - {error}"),
        )),
    }
}

/// As PostgreSQL reads them. What only the database writes is passed over, so that a record can be sent
/// back as it came.
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
        // Numbers keep all their digits.
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
    match problems.is_empty() {
        true => Ok(values),
        false => Err(ApiError::Problems(problems)),
    }
}

/// As PostgreSQL writes an array; None where an item is a list or an object itself.
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
