//! Reads a record.

use super::accept::{Format, accepted};
use super::caller::Caller;
use super::extract::{Named, Params};
use super::query;
use super::resource::Resource;
use super::{ApiError, ApiResult, raw};
use crate::web::data::audit::Download;
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::{Key, Problems};
use crate::web::data::listing::{Where, qualified, value_error};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::state::{App, ClientAddress};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

pub(crate) async fn retrieve(
    State(app): State<App>,
    caller: Caller,
    address: ClientAddress,
    Named((name, value)): Named<(String, String)>,
    params: Params,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    accepted(&headers, &params, &[Format::Json])?;
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let key = resource.key(&value)?;
    let fields = chosen_fields(&params, resource.relation())?;
    let wanted = Download {
        account: &caller.name,
        address: address.address(),
        relation: &resource.relation().name,
        format: "json",
        pairs: &params.0,
    };
    wanted.note(&client).await?;
    let record = Record::find(&client, resource.relation(), &key, &fields).await?;
    Ok(record.answer(StatusCode::OK))
}

/// The parameter `fields` of a request for one record. Other parameters are refused. Empty for all columns.
pub(super) fn chosen_fields(params: &Params, relation: &Relation) -> ApiResult<Vec<String>> {
    params.only(&["fields", "format"])?;
    let mut problems = Problems::default();
    let fields = params.get("fields").unwrap_or_default();
    let fields = query::fields(relation, fields, &mut problems);
    problems.into_result::<ApiError>()?;
    Ok(fields)
}

pub(super) fn no_match() -> ApiError {
    let message = "The record does not match the If-Match header, or it was deleted.";
    ApiError::Status(StatusCode::PRECONDITION_FAILED, message.into())
}

pub(super) struct Record {
    pub(super) json: String,
    /// Version of the row, if the relation is a table.
    version: Option<String>,
}

impl Record {
    /// `fields`: columns to return, or none for all.
    pub(super) async fn find(
        client: &Client,
        relation: &Relation,
        key: &Key,
        fields: &[String],
    ) -> ApiResult<Record> {
        let mut wanted = Where::default();
        key.restrict(relation, &mut wanted);
        let version = match relation.kind.as_str() {
            "table" => "listed.xmin::text",
            _ => "null::text",
        };
        let chosen = match fields {
            [] => "row_to_json(listed.*)".into(),
            fields => {
                let names: Vec<String> = fields.iter().map(|name| qualified(name)).collect();
                let names = names.join(", ");
                format!("(select row_to_json(chosen.*) from (select {names}) as chosen)")
            }
        };
        let sql = format!(
            "select {chosen}::text, {version} from {} as listed{} limit 1",
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
    pub(super) fn expected<'r>(&'r self, headers: &HeaderMap) -> ApiResult<Option<&'r str>> {
        let Some(asked) = headers.get(header::IF_MATCH) else {
            return Ok(None);
        };
        let asked = asked.to_str().unwrap_or_default();
        if asked.trim().is_empty() {
            let message = "The header If-Match is empty: send the ETag of the record.";
            return Err(ApiError::Status(StatusCode::BAD_REQUEST, message.into()));
        }
        let tag = self.tag().unwrap_or_default();
        let mut tags = asked.split(',').map(str::trim);
        if tags.any(|each| each == "*" || each == tag) {
            Ok(self.version.as_deref())
        } else {
            Err(no_match())
        }
    }

    pub(super) fn answer(self, status: StatusCode) -> Response {
        let tag = self.tag().and_then(|tag| HeaderValue::from_str(&tag).ok());
        let mut response = raw(status, self.json);
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}
