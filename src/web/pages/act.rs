//! Actions of operators on jobs: cancel a job, retry a job, and run a schedule now.

use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::form::Sent;
use crate::web::state::App;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use tokio_postgres::error::SqlState;

/// SQL that does something and notes the form that asks for it. Parameters: what it is about, the account, and
/// the form's number and content.
macro_rules! noted {
    ($key:literal, $act:literal) => {
        concat!(
            "select elt.note_form($3::text::uuid, $2, decode($4::text, 'hex'), ",
            $key,
            ", '')::text, acted.* \
             from (select ",
            $act,
            " as job from (select set_config('elt.account', $2, true)) as who) as acted"
        )
    };
}

const CANCEL: &str = noted!("null", "elt.cancel_job($1::text::bigint)::text");
const RETRY: &str = noted!("null", "elt.retry_job($1::text::bigint)::text");
const RUN: &str = noted!("array[job]", "elt.run_schedule($1)::text");

type Id = Result<Path<i64>, PathRejection>;

pub(crate) async fn cancel(
    State(app): State<App>,
    account: Account,
    id: Id,
    sent: Sent,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    once(app, account, sent, CANCEL, &id.to_string()).await?;
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

pub(crate) async fn retry(
    State(app): State<App>,
    account: Account,
    id: Id,
    sent: Sent,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    once(app, account, sent, RETRY, &id.to_string()).await?;
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

/// Enqueues what a schedule enqueues, now.
pub(crate) async fn run(
    State(app): State<App>,
    account: Account,
    Path(schedule): Path<String>,
    sent: Sent,
) -> WebResult {
    let job = once(app, account, sent, RUN, &schedule).await?;
    Ok(Redirect::to(&format!("/jobs/{job}")).into_response())
}

/// Does it, unless the form did it before. Returns the number of the job that the form enqueued.
async fn once(
    app: App,
    account: Account,
    sent: Sent,
    sql: &'static str,
    of: &str,
) -> WebResult<String> {
    if !account.is_operator() {
        return Err(WebError::Forbidden("Operators and admins may do that."));
    }
    let client = app.pool.get().await?;
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(before.key.concat());
    }
    let (form, content) = sent.noted();
    let done = client
        .query(sql, &[&of, &account.name, &form, &content])
        .await;
    let error = match done {
        Ok(rows) => {
            let job = rows.first().and_then(|row| row.get::<_, Option<String>>(1));
            return Ok(job.unwrap_or_default());
        }
        Err(error) => error,
    };
    // The same form may have been carried out while this one waited for it.
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(before.key.concat());
    }
    Err(match error.as_db_error() {
        Some(_) if sql == RUN && error.code() == Some(&SqlState::NO_DATA_FOUND) => {
            WebError::NotFound
        }
        // Its state may have changed since the page was made.
        Some(said) if ["55000", "P0002"].contains(&said.code().code()) => {
            WebError::Bad(format!("{}.", said.message()))
        }
        _ => error.into(),
    })
}
