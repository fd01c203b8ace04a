//! Starts a job of a registered kind, from a form built from its arguments.

use super::argument::{Argument, Input, Widget};
use super::overview::startable;
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, was_sent};
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value, json};

/// Enqueues the job and records the form. Parameters: the kind, the account, the form's id and content hash, the
/// arguments, the queue, the priority and the time.
const START: &str = "select elt.note_form($3::text::uuid, $2, decode($4::text, 'hex'), array[acted.job], '')::text, acted.job \
     from (select elt.start_job($1, $5::text::jsonb, $6, $7, $8::text::timestamptz)::text as job \
     from (select set_config('elt.account', $2, true)) as who) as acted";

#[derive(Template)]
#[template(path = "job_start.html", config = "src/web/askama.toml")]
struct StartPage {
    page: Page,
    kind: String,
    description: String,
    inputs: Vec<Input>,
    /// Queue, priority and time.
    options: Vec<Input>,
    /// What is wrong with the form as a whole.
    message: String,
    is_shown_again: bool,
    zone: String,
}

impl StartPage {
    fn has_problems(&self) -> bool {
        let mut inputs = self.inputs.iter().chain(&self.options);
        !self.message.is_empty() || inputs.any(|input| !input.problem.is_empty())
    }
}

/// The form with a field for each argument.
pub(crate) async fn start_form(
    State(app): State<App>,
    account: Account,
    Path(kind): Path<String>,
) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let page = open(&client, account, &kind, Argument::untouched).await?;
    Ok(render(&page))
}

pub(crate) async fn start(
    State(app): State<App>,
    account: Account,
    Path(kind): Path<String>,
    sent: Sent,
) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let sent_input = |argument: Argument| argument.sent(&sent.fields);
    let mut page = open(&client, account.clone(), &kind, sent_input).await?;
    if sent.is_shown_again() {
        page.is_shown_again = true;
        return Ok(render(&page));
    }
    if let Some(response) = before(&client, &account, &sent, &mut page).await? {
        return Ok(response);
    }
    let wanted = read(&client, &kind, &mut page).await?;
    if page.has_problems() {
        return Ok(invalid(&page));
    }
    let (form, content) = sent.id_and_content();
    let started = client
        .query(
            START,
            &[
                &kind,
                &account.name,
                &form,
                &content,
                &wanted.args,
                &wanted.queue,
                &wanted.priority,
                &wanted.run_at,
            ],
        )
        .await;
    let error = match started {
        Ok(rows) => {
            let job: Option<String> = rows.first().and_then(|row| row.get(1));
            return Ok(to_job(&job.unwrap_or_default()));
        }
        Err(error) => error,
    };
    // The same form may have been executed while this request waited for it.
    if was_sent(&error)
        && let Some(response) = before(&client, &account, &sent, &mut page).await?
    {
        return Ok(response);
    }
    match error.as_db_error() {
        Some(cause) if cause.code().code().starts_with("22") => {
            page.message = format!("{}.", cause.message());
            Ok(invalid(&page))
        }
        _ => Err(error.into()),
    }
}

/// The form of a kind that the account may start.
async fn open(
    client: &Client,
    account: Account,
    kind: &str,
    to_input: impl Fn(Argument) -> Input,
) -> WebResult<StartPage> {
    let mut kinds = startable(client, &account).await?.into_iter();
    let Some(found) = kinds.find(|each| each.name == kind) else {
        let sql = "select exists (select from elt.job_kind where kind = $1)";
        return Err(match client.query_one(sql, &[&kind]).await?.get(0) {
            true => WebError::Forbidden("Your account may not start jobs of this kind."),
            false => WebError::NotFound,
        });
    };
    let mut arguments = Argument::read(client, kind).await?;
    if arguments.is_empty() {
        let help = "Arguments of the job, a JSON object. This kind does not describe them.";
        arguments.push(Argument::extra("_args", "json", json!({}), help));
    }
    let queue = "Queue of the job. Workers take jobs of the queues that they were started for.";
    let priority = "Jobs with a higher number run first.";
    let time = "Earliest time at which the job may run. If it is empty, the job runs now.";
    let options = [
        Argument::extra("_queue", "text", json!("default"), queue),
        Argument::extra("_priority", "integer", json!(0), priority),
        Argument::extra("_not_before", "time", Value::Null, time),
    ];
    Ok(StartPage {
        page: Page::new(format!("Start a job: {kind}"), "jobs", account),
        kind: kind.into(),
        description: found.description,
        inputs: arguments.into_iter().map(&to_input).collect(),
        options: options.into_iter().map(&to_input).collect(),
        message: String::new(),
        is_shown_again: false,
        zone: client.zone().name().into(),
    })
}

/// The job that the form describes.
struct Wanted {
    /// JSON.
    args: String,
    queue: String,
    priority: i64,
    run_at: Option<String>,
}

/// Reads the values of the form, and notes problems beside its fields.
async fn read(client: &Client, kind: &str, page: &mut StartPage) -> WebResult<Wanted> {
    let mut args = Map::new();
    for input in &mut page.inputs {
        match (input.read(client).await?, input.name()) {
            (Some(Value::Object(all)), "_args") => args = all,
            (Some(_), "_args") => {
                input.problem =
                    "The arguments must be an object, for example {\"force\": true}.".into();
            }
            (Some(value), name) => {
                args.insert(name.into(), value);
            }
            (None, _) => {}
        }
    }
    let args = Value::Object(args).to_string();
    note_problems(client, kind, &args, page).await?;
    let mut options = Vec::new();
    for input in &mut page.options {
        options.push(input.read(client).await?);
    }
    let text = |place: usize| match &options[place] {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let wanted = Wanted {
        args,
        queue: text(0).unwrap_or_else(|| "default".into()),
        priority: options[1].as_ref().and_then(Value::as_i64).unwrap_or(0),
        run_at: text(2),
    };
    if text(1).is_some() {
        page.options[1].problem = "This must be a whole number.".into();
    }
    let sql = "select elt.require_queue_name($1)::text";
    if let Err(error) = client.query(sql, &[&wanted.queue]).await {
        let cause = error.as_db_error();
        let cause = cause.filter(|cause| cause.code().code() == "22023");
        let Some(cause) = cause else {
            return Err(error.into());
        };
        page.options[0].problem = format!("{}.", cause.hint().unwrap_or(cause.message()));
    }
    Ok(wanted)
}

/// Notes what the database says of the arguments.
async fn note_problems(
    client: &Client,
    kind: &str,
    args: &str,
    page: &mut StartPage,
) -> WebResult<()> {
    let sql = "select argument, problem from elt.job_argument_problems($1, $2::text::jsonb)";
    let rows = match client.query(sql, &[&kind, &args]).await {
        Ok(rows) => rows,
        Err(error) => match error.as_db_error() {
            // jsonb does not accept all of JSON.
            Some(cause) if cause.code().code().starts_with("22") => {
                page.message = format!("{}.", cause.message());
                return Ok(());
            }
            _ => return Err(error.into()),
        },
    };
    for row in rows {
        let (argument, problem): (String, String) = (row.get(0), row.get(1));
        let mut inputs = page.inputs.iter_mut();
        match inputs.find(|input| input.name() == argument) {
            Some(input) if input.problem.is_empty() => input.problem = problem,
            Some(_) => {}
            None => page.message = format!("{argument}: {problem}"),
        }
    }
    Ok(())
}

/// The response if the form was executed before.
async fn before(
    client: &Client,
    account: &Account,
    sent: &Sent,
    page: &mut StartPage,
) -> WebResult<Option<Response>> {
    let Some(before) = sent.outcome(client, account).await? else {
        return Ok(None);
    };
    let job = before.key.concat();
    if before.is_same {
        return Ok(Some(to_job(&job)));
    }
    page.message =
        format!("This form has started job {job} already. Send it again to start another job.");
    Ok(Some(invalid(page)))
}

fn to_job(job: &str) -> Response {
    Redirect::to(&format!("/jobs/{job}")).into_response()
}

fn invalid(page: &StartPage) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, render(page)).into_response()
}
