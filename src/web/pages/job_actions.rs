//! Actions of operators on jobs: cancel a job, retry a job, and run a schedule now.

use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{FormOutcome, OTHER_VALUES, Sent};
use crate::web::state::App;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use tokio_postgres::error::SqlState;

/// SQL that executes an action and records its form. Parameters: the target, the account, and the form's id and
/// content hash.
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
    act_on_job(app, account, id, sent, CANCEL).await
}

pub(crate) async fn retry(
    State(app): State<App>,
    account: Account,
    id: Id,
    sent: Sent,
) -> WebResult {
    act_on_job(app, account, id, sent, RETRY).await
}

async fn act_on_job(
    app: App,
    account: Account,
    id: Id,
    sent: Sent,
    sql: &'static str,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    once(app, account, sent, sql, &id.to_string()).await?;
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

/// Enqueues the job of a schedule now.
pub(crate) async fn run(
    State(app): State<App>,
    account: Account,
    Path(schedule): Path<String>,
    sent: Sent,
) -> WebResult {
    let job = once(app, account, sent, RUN, &schedule).await?;
    Ok(Redirect::to(&format!("/jobs/{job}")).into_response())
}

/// Executes the action, unless the form was executed before. Returns the number of the job that the form enqueued.
async fn once(
    app: App,
    account: Account,
    sent: Sent,
    sql: &'static str,
    target: &str,
) -> WebResult<String> {
    if !account.is_operator() {
        return Err(WebError::Forbidden("Operators and admins may do that."));
    }
    let client = app.pool.get(&account.zone).await?;
    if let Some(before) = sent.outcome(&client, &account).await? {
        return before_or_refused(before);
    }
    let (form, content) = sent.id_and_content();
    let done = client
        .query(sql, &[&target, &account.name, &form, &content])
        .await;
    let error = match done {
        Ok(rows) => {
            let job = rows.first().and_then(|row| row.get::<_, Option<String>>(1));
            return Ok(job.unwrap_or_default());
        }
        Err(error) => error,
    };
    // The same form may have been executed while this request waited for it.
    if let Some(before) = sent.outcome(&client, &account).await? {
        return before_or_refused(before);
    }
    Err(match error.as_db_error() {
        Some(_) if sql == RUN && error.code() == Some(&SqlState::NO_DATA_FOUND) => {
            WebError::NotFound
        }
        Some(_) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            WebError::Forbidden("Only admins start jobs of this kind.")
        }
        // The state of the job may have changed after the page was shown.
        Some(cause) if ["55000", "P0002"].contains(&cause.code().code()) => {
            WebError::Bad(format!("{}.", cause.message()))
        }
        _ => error.into(),
    })
}

/// The job that the same form enqueued before.
fn before_or_refused(before: FormOutcome) -> WebResult<String> {
    if before.is_same {
        Ok(before.key.concat())
    } else {
        Err(WebError::Bad(OTHER_VALUES.into()))
    }
}
