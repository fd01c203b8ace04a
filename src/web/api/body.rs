//! Parses the body of a request: JSON, a form of a program (`name=lab&start_time=...`), or a form of the API's pages.

use super::extract::Body;
use super::form_body::{self, quoted};
use super::{ApiError, ApiResult};
use crate::web::data::edit::{Field, Problems, Row, Table, Values, Widget};
use crate::web::form::{Pairs, Sent};
use crate::web::pages::Typed;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Most records of a body.
pub(super) const MOST_RECORDS: usize = 500;
pub(super) const JSON: &str = "application/json";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// A JSON object. Its values are raw, so that numbers keep all digits.
type Object = BTreeMap<String, Box<RawValue>>;

/// The records of a body.
pub(super) enum Given {
    One(Values),
    /// A JSON list, to create several records.
    Many(Vec<Values>),
}

impl Given {
    /// `row`: the record to change, `None` for a new one. `sent`: the form, if a page of the API sent it.
    pub(super) fn read(
        table: &Table,
        (headers, body): (&HeaderMap, &Body),
        sent: &Sent,
        row: Option<&Row>,
    ) -> ApiResult<Given> {
        let is_new = row.is_none();
        if sent.id.is_some() {
            let content = sent.fields.iter().find(|(name, _)| name == "_content");
            if let Some((_, content)) = content {
                return from_json(table, content.as_bytes(), is_new);
            }
            let typed = Typed::read(table, &sent.fields, row);
            typed.problems.into_result::<ApiError>()?;
            return Ok(Given::One(typed.values));
        }
        match media_type(headers).as_str() {
            JSON => from_json(table, &body.0, is_new),
            FORM => Ok(Given::One(form_body::values(
                table,
                &form_pairs(body)?,
                is_new,
            )?)),
            kind => Err(unsupported(kind)),
        }
    }

    /// The only record. A list is refused.
    pub(super) fn one(self) -> ApiResult<Values> {
        match self {
            Given::One(values) => Ok(values),
            Given::Many(_) => Err(bad("Send an object: {\"column\": value}.")),
        }
    }
}

/// The fields of a body that is an object of texts or a form. For requests that concern no table.
pub(super) fn texts(headers: &HeaderMap, body: &Body) -> ApiResult<Pairs> {
    match media_type(headers).as_str() {
        FORM => form_pairs(body),
        // Programs may omit the type.
        JSON | "" => {
            let object: BTreeMap<String, String> =
                serde_json::from_slice(&body.0).map_err(|error| unreadable(&error))?;
            Ok(object.into_iter().collect())
        }
        kind => Err(unsupported(kind)),
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

fn form_pairs(body: &Body) -> ApiResult<Pairs> {
    serde_urlencoded::from_bytes(&body.0)
        .map_err(|error| bad(&format!("Form parse error - {error}")))
}

fn unsupported(kind: &str) -> ApiError {
    let message = format!("Unsupported media type \"{kind}\" in request: send {JSON} or {FORM}.");
    ApiError::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
}

fn bad(message: &str) -> ApiError {
    ApiError::Status(StatusCode::BAD_REQUEST, message.into())
}

fn unreadable(error: &serde_json::Error) -> ApiError {
    if error.is_data() {
        bad("Send an object: {\"column\": value}.")
    } else {
        bad(&format!("JSON parse error - {error}"))
    }
}

fn from_json(table: &Table, text: &[u8], is_new: bool) -> ApiResult<Given> {
    let start = text.trim_ascii_start().first();
    if !is_new || start != Some(&b'[') {
        let object = serde_json::from_slice(text).map_err(|error| unreadable(&error))?;
        return Ok(Given::One(values(table, &object, is_new)?));
    }
    let objects: Vec<Object> = serde_json::from_slice(text).map_err(|error| {
        if error.is_data() {
            bad("Send a list of objects: [{\"column\": value}].")
        } else {
            unreadable(&error)
        }
    })?;
    if objects.is_empty() || objects.len() > MOST_RECORDS {
        return Err(bad(&format!("Send 1 to {MOST_RECORDS} records.")));
    }
    let records = objects.iter().map(|object| values(table, object, is_new));
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for record in records {
        match record {
            Ok(values) => {
                all.push(values);
                problems.push(Problems::default());
            }
            Err(found) => problems.push(found),
        }
    }
    if all.len() == objects.len() {
        Ok(Given::Many(all))
    } else {
        Err(ApiError::ProblemsOfEach(problems))
    }
}

/// The values as PostgreSQL text. Read-only fields are ignored, so that a client can send back a record that it has
/// received.
fn values(table: &Table, object: &Object, is_new: bool) -> Result<Values, Problems> {
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
        match text(field, value.get()) {
            Ok(text) => values.push((name.clone(), text)),
            Err(message) => problems.at(name, message),
        }
    }
    problems.into_result::<Problems>()?;
    Ok(values)
}

/// A value as PostgreSQL text. `None` is null. The kind of the value must suit the column, because PostgreSQL would
/// read 1 as true and 20261122 as a date.
fn text(field: &Field, raw: &str) -> Result<Option<String>, &'static str> {
    let first = raw.as_bytes().first();
    if first == Some(&b'n') {
        return Ok(None);
    }
    if ["json", "jsonb"].contains(&field.type_name.as_str()) {
        return Ok(Some(raw.into()));
    }
    match (first, field.widget()) {
        _ if field.is_list() => match first {
            Some(b'[') => list(raw).map(Some).ok_or("Send a list of plain values."),
            _ => Err("Send a list."),
        },
        (Some(b'['), _) => Err("Send a value, not a list."),
        (Some(b'{'), _) => Err("Send a value, not an object."),
        (Some(b't' | b'f'), Widget::YesNo) => Ok(Some(raw.into())),
        (_, Widget::YesNo) => Err("Send true or false."),
        (Some(b't' | b'f'), _) => Err("Send a text or a number, not true or false."),
        // Numbers may be sent as texts, because not every program keeps all digits of a number.
        (Some(b'"'), _) => {
            // Not all texts of JSON are Unicode: half of a surrogate pair can stand alone.
            let text = serde_json::from_str(raw);
            text.map(Some).map_err(|_| "This is not valid Unicode.")
        }
        _ if field.is_number() => Ok(Some(whole(raw).into())),
        _ => Err("Send a text."),
    }
}

/// `1.0` as `1`, because JSON does not distinguish them.
fn whole(raw: &str) -> &str {
    match raw.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => raw,
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
                Some(quoted(&text))
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
