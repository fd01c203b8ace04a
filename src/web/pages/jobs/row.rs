//! A job in a list, and the short lists of jobs on other pages.

use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::http::address::encoded;
use crate::web::pages::Moment;
use serde_json::{Map, Value};
use tokio_postgres::Row;

/// Number of jobs shown for a row.
const JOBS_OF_ROW: i64 = 20;

pub(in crate::web::pages) struct JobRow {
    pub(in crate::web::pages) id: i64,
    pub(in crate::web::pages) kind: String,
    pub(in crate::web::pages) queue: String,
    pub(in crate::web::pages) state: String,
    pub(in crate::web::pages) attempts: String,
    pub(in crate::web::pages) when: Option<Moment>,
    /// How long the latest attempt took or has been running, or an empty text.
    pub(in crate::web::pages) took: String,
    pub(in crate::web::pages) cause: Cause,
    pub(in crate::web::pages) message: String,
    pub(in crate::web::pages) files: Vec<WrittenFile>,
}

impl JobRow {
    /// Whether it can be cancelled or retried.
    pub(in crate::web::pages) fn is_selectable(&self) -> bool {
        self.state != "succeeded"
    }
}

/// What caused a job.
pub(in crate::web::pages) struct Cause {
    pub(in crate::web::pages) words: String,
    /// The page of the row that caused it.
    pub(in crate::web::pages) link: Option<String>,
}

/// A file that a job wrote.
pub(in crate::web::pages) struct WrittenFile {
    pub(in crate::web::pages) name: String,
    /// The later job that wrote other bytes.
    pub(in crate::web::pages) replaced_by: Option<i64>,
}

/// The select list of a job in a list.
macro_rules! job_columns {
    () => {
        "select job_id, kind, queue, state, attempt_count, max_attempts, \
         case state when 'queued' then run_at when 'running' then started_at else finished_at end::text, \
         extract(epoch from duration)::float8, cause, \
         case when exists (select from elt.admin_table where table_name = cause_table) then cause_table end, \
         cause_key::text, \
         coalesce(case when state = 'running' then progress ->> 'step' \
         when state <> 'succeeded' then split_part(error, '; ', 1) end, ''), \
         array(select concat(replaced_by, '/', file) from elt.job_file \
         where job_file.job_id = job_status.job_id order by place) from elt.job_status"
    };
}

pub(super) use job_columns;

/// The latest eight jobs.
pub(in crate::web::pages) async fn latest_jobs(client: &Client) -> WebResult<Vec<JobRow>> {
    // Without parameters, the server plans it only once in a session. Planning takes most of the time.
    let sql = concat!(job_columns!(), " order by job_id desc limit 8");
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(job_row).collect())
}

/// The jobs that have a row as argument, the latest first. `argument` comes from elt.admin_table, and is a valid
/// name.
pub(in crate::web::pages) async fn jobs_of_row(
    client: &Client,
    argument: &str,
    key: &str,
) -> WebResult<Vec<JobRow>> {
    let jobs = format!(
        "select job_id from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let sql = format!(
        "{} where job_id in ({jobs}) order by job_id desc limit {JOBS_OF_ROW}",
        job_columns!()
    );
    let rows = client.query_text(&sql, &[key]).await?;
    Ok(rows.iter().map(job_row).collect())
}

/// Number of the latest job that has the row as argument.
pub(in crate::web::pages) async fn latest_job_of_row(
    client: &Client,
    argument: &str,
    key: &str,
) -> WebResult<Option<i64>> {
    let sql = format!(
        "select max(job_id) from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let rows = client.query_text(&sql, &[key]).await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

pub(super) fn job_row(row: &Row) -> JobRow {
    let files: Vec<String> = row.get(12);
    JobRow {
        id: row.get(0),
        kind: row.get(1),
        queue: row.get(2),
        state: row.get(3),
        attempts: format!("{}/{}", row.get::<_, i64>(4), row.get::<_, i64>(5)),
        when: Moment::new(row.get(6)),
        took: row.get::<_, Option<f64>>(7).map(took).unwrap_or_default(),
        cause: Cause {
            words: row.get(8),
            link: row_link(row.get(9), row.get(10)),
        },
        message: row.get(11),
        files: files.iter().filter_map(|file| written(file)).collect(),
    }
}

/// A duration such as `0.4 s`, `3 min 5 s` or `2 h 10 min`.
pub(in crate::web::pages) fn took(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// The page of a row in the admin. `key`: a JSON object of its key.
pub(in crate::web::pages) fn row_link(table: Option<&str>, key: Option<&str>) -> Option<String> {
    let table = table?;
    let key: Map<String, Value> = serde_json::from_str(key?).ok()?;
    let pairs = key.iter().map(|(column, value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!("{}={}", encoded(column), encoded(&value))
    });
    let table = table.strip_prefix("public.").unwrap_or(table);
    Some(format!(
        "/admin/{}/change?{}",
        encoded(table),
        pairs.collect::<Vec<_>>().join("&")
    ))
}

/// Parses the number of the later job, a slash and the name.
fn written(text: &str) -> Option<WrittenFile> {
    let (job, name) = text.split_once('/')?;
    Some(WrittenFile {
        name: name.into(),
        replaced_by: job.parse().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_leads_to_its_row() {
        let link = |table, key| row_link(Some(table), Some(key));
        assert_eq!(
            link("public.tasks", "{\"task_id\": 5}").as_deref(),
            Some("/admin/tasks/change?task_id=5")
        );
        assert_eq!(
            link("shop.orders", "{\"name\": \"a&b\"}").as_deref(),
            Some("/admin/shop.orders/change?name=a%26b")
        );
        assert_eq!(row_link(None, Some("{}")), None);
    }

    #[test]
    fn durations_have_two_units() {
        let shown = [0.44, 59.9, 185.0, 7800.0].map(took);
        assert_eq!(shown, ["0.4 s", "59.9 s", "3 min 5 s", "2 h 10 min"]);
    }
}
