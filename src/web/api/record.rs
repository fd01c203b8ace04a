//! Creates, reads, changes and deletes a record.

use super::body::{object, values};
use super::caller::Caller;
use super::list::base;
use super::resource::{Resource, accepted};
use super::{ApiError, ApiResult, raw};
use crate::web::data::audit::Download;
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::{self, Key, Problems, Table, Values, WriteOutcome};
use crate::web::data::listing::{Where, value_error};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::form::Writer;
use crate::web::http::address::encoded;
use crate::web::state::{App, ClientAddress};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

type Named = Path<(String, String)>;

pub(crate) async fn retrieve(
    State(app): State<App>,
    caller: Caller,
    address: ClientAddress,
    Path((name, value)): Named,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    accepted(&headers, &[])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let key = resource.key(&value)?;
    let wanted = Download {
        account: &caller.name,
        address: address.address(),
        relation: &resource.relation().name,
        format: "json",
        pairs: &[],
    };
    wanted.note(&client).await?;
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
    let table = resource.writable(|table| table.may_add, Resource::collection_methods)?;
    caller.require(table.role)?;
    let values = values(table, &object(&headers, &body)?, true)?;
    if values.is_empty() {
        require_whole(table, &values)?;
    }
    match edit::insert(&client, &Writer::program(&caller.name), table, &values).await? {
        WriteOutcome::Done(key) => {
            let mut response = if key.0.is_empty() {
                raw(StatusCode::CREATED, "{}".into())
            } else {
                let record = Record::find(&client, &table.relation, &key).await?;
                record.answer(StatusCode::CREATED)
            };
            if let [(_, value)] = key.0.as_slice() {
                let place = format!("{}/api/{name}/{}/", base(&app, &headers), encoded(value));
                if let Ok(place) = HeaderValue::from_str(&place) {
                    response.headers_mut().insert(header::LOCATION, place);
                }
            }
            Ok(response)
        }
        WriteOutcome::Conflict | WriteOutcome::AlreadySent => Err(WebError::NotFound.into()),
        WriteOutcome::Refused(error) => {
            let problems = edit::find_problems(&client, table, None, &values, &error).await?;
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

/// `is_whole`: all required fields must be given.
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
    let table = resource.writable(|table| table.may_change, Resource::record_methods)?;
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
    let writer = Writer::program(&caller.name);
    let written = edit::update(&client, &writer, table, &key, version, &values).await?;
    match written {
        WriteOutcome::Done(_) => {
            let record = Record::find(&client, &table.relation, &key).await?;
            Ok(record.answer(StatusCode::OK))
        }
        WriteOutcome::Conflict | WriteOutcome::AlreadySent => Err(no_match()),
        WriteOutcome::Refused(error) => {
            let problems = edit::find_problems(&client, table, Some(&key), &values, &error).await?;
            Err(ApiError::Problems(problems))
        }
    }
}

/// Requires all required fields.
fn require_whole(table: &Table, values: &Values) -> ApiResult<()> {
    let mut problems = Problems::default();
    for field in &table.fields {
        let is_given = values.iter().any(|(name, _)| *name == field.name);
        if field.is_required() && !field.is_read_only && !field.is_key && !is_given {
            problems.at(&field.name, edit::REQUIRED);
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ApiError::Problems(problems))
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
    let table = resource.writable(|table| table.may_delete, Resource::record_methods)?;
    caller.require(table.role)?;
    let key = resource.key(&value)?;
    let now = Record::find(&client, &table.relation, &key).await?;
    let version = now.expected(&headers)?;
    match edit::delete(
        &client,
        &Writer::program(&caller.name),
        table,
        &key,
        version,
    )
    .await?
    {
        WriteOutcome::Done(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        WriteOutcome::Conflict | WriteOutcome::AlreadySent => Err(no_match()),
        WriteOutcome::Refused(error) => {
            let message = edit::why_not_deleted(&error);
            Err(ApiError::Status(StatusCode::CONFLICT, message))
        }
    }
}

fn no_match() -> ApiError {
    let message = "The record does not match the If-Match header, or it was deleted.";
    ApiError::Status(StatusCode::PRECONDITION_FAILED, message.into())
}

struct Record {
    json: String,
    /// Version of the row, if the relation is a table.
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
        let rows = client.query_text(&sql, &wanted.values).await;
        let rows = rows.map_err(|error| match value_error(error) {
            // An invalid key value matches no record.
            WebError::Bad(_) => WebError::NotFound,
            other => other,
        })?;
        let row = rows.first().ok_or(WebError::NotFound)?;
        Ok(Record {
            json: row.get(0),
            // Null if a column hides xmin, or for a partition.
            version: row.get(1),
        })
    }

    fn tag(&self) -> Option<String> {
        self.version
            .as_ref()
            .map(|version| format!("\"{version}\""))
    }

    /// The version that the client expects, if the request has If-Match.
    fn expected<'r>(&'r self, headers: &HeaderMap) -> ApiResult<Option<&'r str>> {
        let Some(asked) = headers.get(header::IF_MATCH) else {
            return Ok(None);
        };
        let asked = asked.to_str().unwrap_or_default();
        let tag = self.tag().unwrap_or_default();
        let mut tags = asked.split(',').map(str::trim);
        if tags.any(|each| each == "*" || each == tag) {
            Ok(self.version.as_deref())
        } else {
            Err(no_match())
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
