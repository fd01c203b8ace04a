//! Publishing and discarding held loads: each starts a job, which a worker does.

use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{FormOutcome, OTHER_VALUES, Sent, given};
use crate::web::state::App;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use serde_json::{Value, json};

/// Starts the job and records the form. Parameters: the kind, the account, the form's id and content hash, and the
/// arguments.
const START: &str = "select elt.note_form($3::text::uuid, $2, decode($4::text, 'hex'), array[acted.job], '')::text, acted.job \
     from (select elt.start_job($1, $5::text::jsonb, 'default', 0, null)::text as job \
     from (select set_config('elt.account', $2, true)) as who) as acted";

/// Most loads that one form names.
const MOST: usize = 1_000;

type Id = Result<Path<i64>, PathRejection>;

pub(crate) async fn publish(
    State(app): State<App>,
    account: Account,
    id: Id,
    sent: Sent,
) -> WebResult {
    let args = json!({
        "load_ids": loads(id, &sent)?,
        "force": given(&sent.fields, "c.force") == "yes",
    });
    start(&app, &account, &sent, "publish", &args).await
}

pub(crate) async fn discard(
    State(app): State<App>,
    account: Account,
    id: Id,
    sent: Sent,
) -> WebResult {
    let args = json!({ "load_ids": loads(id, &sent)? });
    start(&app, &account, &sent, "discard", &args).await
}

/// The loads that the form names. They are those that its page showed: if one of them is no longer held, nothing is done.
fn loads(id: Id, sent: &Sent) -> WebResult<Vec<i64>> {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    let rows = sent.fields.iter().filter(|(name, _)| name == "row");
    let loads: Result<Vec<i64>, _> = rows.map(|(_, value)| value.parse()).collect();
    match loads {
        Ok(loads) if loads.contains(&id) && loads.len() <= MOST => Ok(loads),
        _ => Err(WebError::Bad(
            "The form names no loads. Load the page again.".into(),
        )),
    }
}

/// Starts the job, unless the form did so before, and shows its page.
async fn start(app: &App, account: &Account, sent: &Sent, kind: &str, args: &Value) -> WebResult {
    if !account.is_operator() {
        return Err(WebError::Forbidden(
            "Operators and admins decide about held loads.",
        ));
    }
    let client = app.pool.get(&account.zone).await?;
    if let Some(before) = sent.outcome(&client, account).await? {
        return before_or_refused(before);
    }
    let (form, content) = sent.id_and_content();
    let args = args.to_string();
    let done = client
        .query(START, &[&kind, &account.name, &form, &content, &args])
        .await;
    let error = match done {
        Ok(rows) => {
            let job = rows.first().and_then(|row| row.get::<_, Option<String>>(1));
            return Ok(to_job(&job.unwrap_or_default()));
        }
        Err(error) => error,
    };
    // The same form may have been executed while this request waited for it.
    if let Some(before) = sent.outcome(&client, account).await? {
        return before_or_refused(before);
    }
    Err(match error.as_db_error().map(|cause| cause.code().code()) {
        Some("42501") => WebError::Forbidden("Your account may not start jobs of this kind."),
        // A choice of elt.job_argument that is gone.
        Some("22023") => WebError::Bad(
            "A load of the form is no longer held, so nothing was done. Load the page again."
                .into(),
        ),
        _ => error.into(),
    })
}

fn before_or_refused(before: FormOutcome) -> WebResult {
    if before.is_same {
        Ok(to_job(&before.key.concat()))
    } else {
        Err(WebError::Bad(OTHER_VALUES.into()))
    }
}

fn to_job(job: &str) -> axum::response::Response {
    Redirect::to(&format!("/jobs/{job}")).into_response()
}
