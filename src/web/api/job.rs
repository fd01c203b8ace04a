//! Actions of operators on a job. The resource `/api/jobs/` lists jobs.

use super::caller::Caller;
use super::extract::Params;
use super::{ApiError, ApiResult, answer};
use crate::web::auth::Role;
use crate::web::error::WebError;
use crate::web::state::App;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use tokio_postgres::error::{DbError, SqlState};

type JobId = Result<Path<i64>, PathRejection>;

pub(crate) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    id: JobId,
    params: Params,
) -> ApiResult {
    params.none_but_format()?;
    let sql = "select elt.cancel_job($1) from (select set_config('elt.account', $2, true)) as who";
    act(app, caller, id, sql).await
}

pub(crate) async fn retry(
    State(app): State<App>,
    caller: Caller,
    id: JobId,
    params: Params,
) -> ApiResult {
    params.none_but_format()?;
    let sql = "select elt.retry_job($1) from (select set_config('elt.account', $2, true)) as who";
    act(app, caller, id, sql).await
}

async fn act(app: App, caller: Caller, id: JobId, sql: &'static str) -> ApiResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    caller.require(Role::Operator)?;
    let client = app.pool.get(&caller.zone).await?;
    let Err(error) = client.query(sql, &[&id, &caller.name]).await else {
        return Ok(answer(StatusCode::ACCEPTED, &json!({ "job_id": id })));
    };
    let status = match error.code().map(SqlState::code) {
        Some("P0002") => StatusCode::NOT_FOUND,
        Some("55000") => StatusCode::CONFLICT,
        _ => return Err(error.into()),
    };
    let message = error.as_db_error().map_or("", DbError::message);
    Err(ApiError::Status(status, format!("{message}.")))
}
