//! Changes and deletes a record.

use super::accept::{Format, accepted};
use super::body::Given;
use super::caller::Caller;
use super::extract::{Body, Named, Params};
use super::record::{Record, chosen_fields, no_match};
use super::resource::Resource;
use super::{ApiError, ApiResult};
use crate::web::data::edit::{self, Problems, Table, Values, WriteOutcome};
use crate::web::form::{Sent, Writer, given};
use crate::web::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::IntoResponse;

/// The methods PUT, which needs all required fields, and PATCH.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    Named((name, value)): Named<(String, String)>,
    asked: Asked,
    sent: Sent,
    body: Body,
) -> ApiResult {
    accepted(&asked.headers, &asked.params, &[Format::Json])?;
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let table = resource.writable(|table| table.may_change, Resource::record_methods)?;
    caller.require(table.role)?;
    let fields = chosen_fields(&asked.params, &table.relation)?;
    let key = resource.key(&value)?;
    let now = Record::find(&client, &table.relation, &key, &fields).await?;
    let row = edit::row(&client, table, &key).await?;
    let row = row.ok_or_else(no_match)?;
    let given = Given::read(table, (&asked.headers, &body), &sent, Some(&row))?;
    let mut values = given.one()?;
    if asked.method == Method::PUT {
        require_whole(table, &values)?;
    } else if sent.id.is_some() {
        values = row.changed(table, values);
    }
    let version = now.expected(&asked.headers_of(&sent))?;
    if values.is_empty() {
        return Ok(now.answer(StatusCode::OK));
    }
    let writer = caller.writer(&sent);
    let written = edit::update(&client, &writer, table, &key, version, &values).await?;
    match written {
        WriteOutcome::Done(_) | WriteOutcome::AlreadySent => {
            let record = Record::find(&client, &table.relation, &key, &fields).await?;
            Ok(record.answer(StatusCode::OK))
        }
        WriteOutcome::Conflict => Err(no_match()),
        WriteOutcome::Refused(error) => {
            let problems = edit::find_problems(&client, table, Some(&key), &values, &error).await?;
            Err(ApiError::Problems(problems))
        }
    }
}

/// Requires all required fields.
pub(super) fn require_whole(table: &Table, values: &Values) -> ApiResult<()> {
    let mut problems = Problems::default();
    for field in &table.fields {
        let is_given = values.iter().any(|(name, _)| *name == field.name);
        if field.is_required() && !field.is_read_only && !field.is_key && !is_given {
            problems.at(&field.name, edit::REQUIRED);
        }
    }
    problems.into_result()
}

pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Named((name, value)): Named<(String, String)>,
    asked: Asked,
    sent: Sent,
) -> ApiResult {
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let table = resource.writable(|table| table.may_delete, Resource::record_methods)?;
    caller.require(table.role)?;
    asked.params.none_but_format()?;
    let key = resource.key(&value)?;
    let now = Record::find(&client, &table.relation, &key, &[]).await?;
    let version = now.expected(&asked.headers_of(&sent))?;
    let writer = Writer::program(&caller.name);
    match edit::delete(&client, &writer, table, &key, version).await? {
        WriteOutcome::Done(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        WriteOutcome::Conflict | WriteOutcome::AlreadySent => Err(no_match()),
        WriteOutcome::Refused(error) => {
            let message = edit::why_not_deleted(&error);
            Err(ApiError::Status(StatusCode::CONFLICT, message))
        }
    }
}

/// Method, parameters and headers of a request.
pub(crate) struct Asked {
    method: Method,
    pub(super) params: Params,
    pub(super) headers: HeaderMap,
}

impl axum::extract::FromRequestParts<App> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &App,
    ) -> ApiResult<Asked> {
        Ok(Asked {
            params: Params::from_request_parts(parts, app).await?,
            method: parts.method.clone(),
            headers: parts.headers.clone(),
        })
    }
}

impl Asked {
    /// The headers, with the version of the record that a form of a page shows as If-Match.
    fn headers_of(&self, sent: &Sent) -> HeaderMap {
        let mut headers = self.headers.clone();
        let version = given(&sent.fields, "_version");
        if sent.id.is_some()
            && !version.is_empty()
            && let Ok(version) = HeaderValue::from_str(version)
        {
            headers.insert(header::IF_MATCH, version);
        }
        headers
    }
}
