//! Actions of operators on a job. The resource `/api/jobs/` lists jobs.

use super::caller::Caller;
use super::{ApiError, ApiResult, answer};
use crate::web::auth::Role;
use crate::web::error::WebError;
use crate::web::state::App;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

pub(crate) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    id: Result<Path<i64>, PathRejection>,
) -> ApiResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    ask(
        app,
        caller,
        id,
        "select elt.cancel_job($1) from (select set_config('elt.account', $2, true)) as who",
    )
    .await
}

pub(crate) async fn retry(
    State(app): State<App>,
    caller: Caller,
    id: Result<Path<i64>, PathRejection>,
) -> ApiResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    ask(
        app,
        caller,
        id,
        "select elt.retry_job($1) from (select set_config('elt.account', $2, true)) as who",
    )
    .await
}

async fn ask(app: App, caller: Caller, id: i64, sql: &'static str) -> ApiResult {
    caller.require(Role::Operator)?;
    let client = app.pool.get().await?;
    match client.query(sql, &[&id, &caller.name]).await {
        Ok(_) => Ok(answer(StatusCode::ACCEPTED, &json!({ "job_id": id }))),
        Err(error) => {
            let said = error.as_db_error();
            let said =
                said.map(|said| (said.code().code().to_string(), said.message().to_string()));
            match said {
                Some((code, said)) if code == "P0002" => {
                    Err(ApiError::Said(StatusCode::NOT_FOUND, format!("{said}.")))
                }
                Some((code, said)) if code == "55000" => {
                    Err(ApiError::Said(StatusCode::CONFLICT, format!("{said}.")))
                }
                _ => Err(error.into()),
            }
        }
    }
}
