//! Jobs of the kinds `publish` and `discard`: people decide about held loads, and the worker does it.

use super::progress::show_progress;
use super::queue::Job;
use super::violated_rules::violated_rules;
use crate::database::Database;
use crate::failure::{Exit, Failure, user_error};
use crate::load::held::{self, Decision};
use crate::load::prepare::DEFAULT_CONNECTIONS;
use crate::project::Project;
use crate::quality;
use crate::schema;
use anyhow::Result;
use postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};

/// Arguments of both kinds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Args {
    load_ids: Vec<i64>,
    /// Only for publish: also a load that is older than a live one that it replaces.
    #[serde(default)]
    force: bool,
    /// The task that started the job (`elt.enqueue_task_job`). Not used here.
    #[serde(rename = "task_id", default)]
    _task_id: Option<i64>,
}

/// The publish that made the loads live in an earlier attempt of the job. $1: the loads, $2: the job, $3: the claim.
const PUBLISHED_BEFORE: &str = "select min(load.publish_id) from elt.load inner join elt.publish on load.publish_id = publish.publish_id \
     where load.load_id = any($1::bigint[]) and publish.state = 'published' and publish.started_at >= ( \
     select min(started_at) from elt.job_attempt where job_id = $2 and claim_number < $3) \
     having count(*) = cardinality($1::bigint[]) and min(load.publish_id) = max(load.publish_id)";

/// Whether an earlier attempt of the job discarded the loads. Parameters as above.
const DISCARDED_BEFORE: &str = "select count(*) = cardinality($1::bigint[]) from elt.load \
     where load_id = any($1) and state = 'discarded' and finished_at >= ( \
     select min(started_at) from elt.job_attempt where job_id = $2 and claim_number < $3)";

const CHANGES: &str = "select coalesce(jsonb_agg(jsonb_build_object( \
     'table', table_name, 'rows_inserted', rows_inserted, 'rows_updated', rows_updated, \
     'rows_deleted', rows_deleted) order by table_name), '[]') \
     from elt.publish_change where publish_id = $1";

/// Publishes the held loads and returns what that changed. `reporter` reports the progress.
///
/// # Errors
/// If a load is not held, unless an earlier attempt of the job published it, whose worker died before it said so.
pub(super) fn publish(
    database: &Database,
    project: &Project,
    job: &Job,
    reporter: Client,
) -> Result<Value> {
    let args = Args::read(job)?;
    let _shown = show_progress(reporter, job);
    let mut client = connect(database, project, job)?;
    let decision = Decision {
        is_forced: args.force,
        wait: true,
    };
    let loads = &args.load_ids;
    let published = held::publish_held(database, &mut client, loads, decision, DEFAULT_CONNECTIONS);
    let publish_id = match published {
        Ok(published) => published.publish_id,
        Err(error) => before(&mut client, job, loads, PUBLISHED_BEFORE)?
            .ok_or_else(|| without_retry(error))?,
    };
    let changes: Value = client.query_one(CHANGES, &[&publish_id])?.get(0);
    let rules = quality::recorded(&mut client, publish_id)?;
    Ok(json!({
        "load_ids": loads,
        "published": { "publish_id": publish_id, "changes": changes },
        "rules": violated_rules(&rules),
    }))
}

/// Gives up the held loads.
///
/// # Errors
/// As for `publish`.
pub(super) fn discard(
    database: &Database,
    project: &Project,
    job: &Job,
    reporter: Client,
) -> Result<Value> {
    let args = Args::read(job)?;
    let _shown = show_progress(reporter, job);
    let mut client = connect(database, project, job)?;
    if let Err(error) = held::discard(&mut client, &args.load_ids, true)
        && before(&mut client, job, &args.load_ids, DISCARDED_BEFORE)? != Some(true)
    {
        return Err(without_retry(error));
    }
    Ok(json!({ "load_ids": args.load_ids, "discarded": true }))
}

impl Args {
    fn read(job: &Job) -> Result<Args> {
        let text = job.args.as_deref().unwrap_or("{}");
        let mut args: Args = serde_json::from_str(text).map_err(|error| {
            let message = format!("the arguments are not valid for a job of kind \"{}\"", job.kind);
            Failure::new(Exit::Usage, message)
                .because(error)
                .hint("The arguments are load_ids (a list of numbers) and, for publish, force (true or false).")
        })?;
        args.load_ids.sort_unstable();
        args.load_ids.dedup();
        Ok(args)
    }
}

/// A session that acts for the account that started the job, so that the audit names it.
fn connect(database: &Database, project: &Project, job: &Job) -> Result<Client> {
    schema::require_current(&mut database.connect("migrate")?, project)?;
    let mut client = database.connect("worker (decision)")?;
    let sql = "select set_config('elt.account', coalesce(account_name, ''), false) from elt.job where job_id = $1";
    client.execute(sql, &[&job.id])?;
    Ok(client)
}

/// What an earlier attempt of the job did, if the session still works.
fn before<T: for<'a> postgres::types::FromSql<'a>>(
    client: &mut Client,
    job: &Job,
    loads: &[i64],
    sql: &str,
) -> Result<Option<T>> {
    if client.is_closed() {
        return Ok(None);
    }
    let row = client.query_opt(sql, &[&loads, &job.id, &job.claim_number])?;
    Ok(row.and_then(|row| row.get(0)))
}

/// A load that is not held now is not held later either.
fn without_retry(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<postgres::Error>() {
        Ok(error) => user_error(error),
        Err(error) => error,
    }
}
