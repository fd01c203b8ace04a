//! One record: created, looked at, changed and deleted.

use super::caller::Caller;
use super::list::base;
use super::resource::{Resource, accepted};
use super::{ApiError, ApiResult, raw};
use crate::web::app::App;
use crate::web::catalogue::Relation;
use crate::web::edit::{self, Key, Problems, Table, Values, Written};
use crate::web::error::WebError;
use crate::web::listing::{Where, of_values};
use crate::web::page::encoded;
use crate::web::pool::Client;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

type Named = Path<(String, String)>;
/// A request's body, its values as they were written.
type Object = BTreeMap<String, Box<RawValue>>;

pub(crate) async fn retrieve(
    State(app): State<App>,
    caller: Caller,
    Path((name, value)): Named,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_sight(&name)?;
    accepted(&headers, &[])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let key = resource.key(&value)?;
    let record = Record::find(&client, resource.relation(), &key).await?;
    Ok(record.answer(StatusCode::OK))
}

pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult {
    accepted(&headers, &[])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let table = match &resource {
        Resource::Table(table) if table.may_add => table,
        _ => return Err(ApiError::Method(resource.collection_methods())),
    };
    caller.require(table.role)?;
    let values = values(table, &object(&headers, &body)?, true)?;
    if values.is_empty() {
        require_whole(table, &values)?;
    }
    match edit::insert(&client, &caller.name, table, &values).await? {
        Written::Done(key) => {
            let mut response = match key.0.is_empty() {
                true => raw(StatusCode::CREATED, "{}".into()),
                false => {
                    let record = Record::find(&client, &table.relation, &key).await?;
                    record.answer(StatusCode::CREATED)
                }
            };
            if let [(_, value)] = key.0.as_slice() {
                let place = format!("{}/api/{name}/{}/", base(&app, &headers), encoded(value));
                if let Ok(place) = HeaderValue::from_str(&place) {
                    response.headers_mut().insert(header::LOCATION, place);
                }
            }
            Ok(response)
        }
        Written::Changed => Err(WebError::NotFound.into()),
        Written::Refused(error) => {
            let problems = edit::find(&client, table, None, &values, &error).await?;
            Err(ApiError::Problems(problems))
        }
    }
}

pub(crate) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(named): Named,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult {
    write(app, caller, named, headers, body, true).await
}

pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(named): Named,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult {
    write(app, caller, named, headers, body, false).await
}

/// `is_whole`: what is required has to be there.
async fn write(
    app: App,
    caller: Caller,
    (name, value): (String, String),
    headers: HeaderMap,
    body: Bytes,
    is_whole: bool,
) -> ApiResult {
    accepted(&headers, &[])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let table = match &resource {
        Resource::Table(table) if table.may_change => table,
        _ => return Err(ApiError::Method(resource.record_methods())),
    };
    caller.require(table.role)?;
    let key = resource.key(&value)?;
    let now = Record::find(&client, &table.relation, &key).await?;
    let version = now.expected(&headers)?;
    let values = values(table, &object(&headers, &body)?, false)?;
    if is_whole {
        require_whole(table, &values)?;
    }
    if values.is_empty() {
        return Ok(now.answer(StatusCode::OK));
    }
    let written = edit::update(&client, &caller.name, table, &key, version, &values).await?;
    match written {
        Written::Done(_) => {
            let record = Record::find(&client, &table.relation, &key).await?;
            Ok(record.answer(StatusCode::OK))
        }
        Written::Changed => Err(meanwhile()),
        Written::Refused(error) => {
            let problems = edit::find(&client, table, Some(&key), &values, &error).await?;
            Err(ApiError::Problems(problems))
        }
    }
}

/// What has to be there is.
fn require_whole(table: &Table, values: &Values) -> ApiResult<()> {
    let mut problems = Problems::default();
    for field in &table.fields {
        let is_given = values.iter().any(|(name, _)| *name == field.name);
        if field.is_required() && !field.is_read_only && !field.is_key && !is_given {
            problems.at(&field.name, edit::REQUIRED);
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(ApiError::Problems(problems)),
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((name, value)): Named,
    headers: HeaderMap,
) -> ApiResult {
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let table = match &resource {
        Resource::Table(table) if table.may_delete => table,
        _ => return Err(ApiError::Method(resource.record_methods())),
    };
    caller.require(table.role)?;
    let key = resource.key(&value)?;
    let now = Record::find(&client, &table.relation, &key).await?;
    let version = now.expected(&headers)?;
    match edit::delete(&client, &caller.name, table, &key, version).await? {
        Written::Done(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Written::Changed => Err(meanwhile()),
        Written::Refused(error) => {
            let said = edit::why_not_deleted(&error);
            Err(ApiError::Said(StatusCode::CONFLICT, said))
        }
    }
}

fn meanwhile() -> ApiError {
    let said = "The record is another than the If-Match header says, or gone.";
    ApiError::Said(StatusCode::PRECONDITION_FAILED, said.into())
}

struct Record {
    json: String,
    /// Of a table's row.
    version: Option<String>,
}

impl Record {
    async fn find(client: &Client, relation: &Relation, key: &Key) -> ApiResult<Record> {
        let mut wanted = Where::default();
        key.restrict(relation, &mut wanted);
        let version = match relation.kind.as_str() {
            "table" => "listed.xmin::text",
            _ => "null::text",
        };
        let sql = format!(
            "select row_to_json(listed.*)::text, {version} from {} as listed{} limit 1",
            relation.quoted(),
            wanted.sql()
        );
        let rows = client.ask(&sql, &wanted.values).await;
        let rows = rows.map_err(|error| match of_values(error) {
            // What is no value of the key names no record.
            WebError::Bad(_) => WebError::NotFound,
            other => other,
        })?;
        let row = rows.first().ok_or(WebError::NotFound)?;
        Ok(Record {
            json: row.get(0),
            // Of a column that is called so, and of a partition, there may be none.
            version: row.get(1),
        })
    }

    fn tag(&self) -> Option<String> {
        self.version
            .as_ref()
            .map(|version| format!("\"{version}\""))
    }

    /// The version that the client means, if it says one.
    fn expected<'r>(&'r self, headers: &HeaderMap) -> ApiResult<Option<&'r str>> {
        let Some(asked) = headers.get(header::IF_MATCH) else {
            return Ok(None);
        };
        let asked = asked.to_str().unwrap_or_default();
        let tag = self.tag().unwrap_or_default();
        let mut tags = asked.split(',').map(str::trim);
        match tags.any(|each| each == "*" || each == tag) {
            true => Ok(self.version.as_deref()),
            false => Err(meanwhile()),
        }
    }

    fn answer(self, status: StatusCode) -> Response {
        let tag = self.tag().and_then(|tag| HeaderValue::from_str(&tag).ok());
        let mut response = raw(status, self.json);
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// The object of a request's body.
fn object(headers: &HeaderMap, body: &Bytes) -> ApiResult<Object> {
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
fn values(table: &Table, object: &Object, is_new: bool) -> ApiResult<Values> {
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
                    problems.at(name, "A list of plain values.");
                    continue;
                }
            },
            Some(b'{') => {
                problems.at(name, "This is an object, and no value.");
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
