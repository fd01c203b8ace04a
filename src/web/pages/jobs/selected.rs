//! Cancels or retries the selected jobs of the list, or all of its jobs, and reports the result of each.

use super::asked::Asked;
use super::found::numbers;
use super::overview::{kinds, queue_names};
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Pairs, Sent, given};
use crate::web::http::flash;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

/// Largest number of jobs of one request. The result of each is shown.
const MOST: i64 = 1000;

/// Cancels or retries jobs and records the form. Parameters: the numbers, the account, the form's id and content hash,
/// and the request. Each result is the job, whether it was done, and the message.
const ACT: &str = "select elt.note_form($3::text::uuid, $2, decode($4::text, 'hex'), done.results, '')::text, done.results \
     from (select array_agg(concat_ws(' ', (acted).job_id, (acted).is_done, (acted).message) \
     order by (acted).is_done, (acted).job_id) as results \
     from (select elt.act_on_jobs($5, $1) as acted \
     from (select set_config('elt.account', $2, true)) as who) as acts) as done";

#[derive(Template)]
#[template(path = "job_results.html", config = "src/web/askama.toml")]
struct ResultsPage {
    page: Page,
    done: usize,
    not_done: usize,
    results: Vec<JobResult>,
    most: i64,
    /// More jobs may have matched.
    may_be_more: bool,
}

struct JobResult {
    id: String,
    is_done: bool,
    message: String,
}

pub(crate) async fn act_on_selected(
    State(app): State<App>,
    account: Account,
    sent: Sent,
) -> WebResult {
    if !account.is_operator() {
        return Err(WebError::Forbidden(
            "Operators and admins may cancel and retry jobs.",
        ));
    }
    let request = given(&sent.fields, "c.request");
    let states = match request {
        "cancel" => ["queued", "running"],
        "retry" => ["dead", "cancelled"],
        _ => return Err(WebError::Bad("There is no such action.".into())),
    };
    let client = app.pool.get(&account.zone).await?;
    if let Some(response) = before(&client, &account, &sent).await? {
        return Ok(response);
    }
    let list = given(&sent.fields, "c.back");
    let jobs = match given(&sent.fields, "c.all") {
        "" => ticked(&sent.fields)?,
        _ => listed(&client, list, &states).await?,
    };
    if jobs.is_empty() {
        return Ok(flash::redirect(
            &address(list),
            "No job is selected: nothing was done.",
        ));
    }
    let (form, content) = sent.id_and_content();
    let acted = client
        .query(ACT, &[&jobs, &account.name, &form, &content, &request])
        .await;
    let rows = match acted {
        Ok(rows) => rows,
        // The same form may have been executed while this request waited for it.
        Err(error) => {
            return match before(&client, &account, &sent).await? {
                Some(response) => Ok(response),
                None => Err(error.into()),
            };
        }
    };
    match &sent.id {
        Some(form) => Ok(to_results(form)),
        None => Ok(results_page(
            account,
            rows.first().map(|row| row.get(1)).unwrap_or_default(),
        )),
    }
}

/// The response if the form was executed before.
async fn before(client: &Client, account: &Account, sent: &Sent) -> WebResult<Option<Response>> {
    match (&sent.id, sent.outcome(client, account).await?) {
        (Some(_), Some(before)) if !before.is_same => Err(WebError::Bad(
            "This form was sent before, with other jobs. Reload the list and select again.".into(),
        )),
        (Some(form), Some(_)) => Ok(Some(to_results(form))),
        _ => Ok(None),
    }
}

fn to_results(form: &str) -> Response {
    Redirect::to(&format!("/jobs/results/{form}")).into_response()
}

/// The results of a form that the account sent.
pub(crate) async fn results(
    State(app): State<App>,
    account: Account,
    Path(form): Path<String>,
) -> WebResult {
    let is_id = form.len() == 32 && form.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id {
        return Err(WebError::NotFound);
    }
    let client = app.pool.get(&account.zone).await?;
    let sql = "select row_key from elt.form_outcome($1::text::uuid, $2)";
    let row = client.query_opt(sql, &[&form, &account.name]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let results: Option<Vec<String>> = row.get(0);
    Ok(results_page(account, results.unwrap_or_default()))
}

fn results_page(account: Account, results: Vec<String>) -> Response {
    let results: Vec<JobResult> = results
        .iter()
        .filter_map(|text| {
            let mut parts = text.splitn(3, ' ');
            Some(JobResult {
                id: parts.next()?.into(),
                is_done: parts.next()? == "t",
                message: parts.next()?.into(),
            })
        })
        .collect();
    let done = results.iter().filter(|result| result.is_done).count();
    render(&ResultsPage {
        page: Page::new(
            format!("Results of {} jobs", results.len()),
            "jobs",
            account,
        ),
        done,
        not_done: results.len() - done,
        may_be_more: i64::try_from(results.len()).is_ok_and(|count| count >= MOST),
        results,
        most: MOST,
    })
}

/// The numbers of the ticked jobs.
fn ticked(fields: &Pairs) -> WebResult<Vec<i64>> {
    let rows = fields.iter().filter(|(name, _)| name == "row");
    let jobs: Option<Vec<i64>> = rows.map(|(_, value)| value.parse().ok()).collect();
    let jobs = jobs.ok_or_else(|| WebError::Bad("Jobs have numbers.".into()))?;
    match i64::try_from(jobs.len()) {
        Ok(count) if count <= MOST => Ok(jobs),
        _ => Err(WebError::Bad(format!("At most {MOST} jobs at once."))),
    }
}

/// The numbers of the first jobs of the list that the form was on, and that are in one of these states.
async fn listed(client: &Client, list: &str, states: &[&str]) -> WebResult<Vec<i64>> {
    let pairs: Pairs = serde_urlencoded::from_str(list)
        .map_err(|_| WebError::Bad("The form names a list that cannot be.".into()))?;
    let mut asked = Asked::parse(&pairs)?;
    let (kinds, queues) = (kinds(client).await?, queue_names(client).await?);
    let filter = asked.check(client, &kinds, &queues).await?;
    let filter = filter.ok_or_else(|| WebError::Bad("A filter of the list is invalid.".into()))?;
    numbers(client, &filter, states, MOST).await
}

/// The list that the form was on.
fn address(list: &str) -> String {
    let pairs: Pairs = serde_urlencoded::from_str(list).unwrap_or_default();
    Asked::parse(&pairs).map_or("/jobs".into(), |asked| asked.address(asked.page))
}
