//! Finds the jobs of a list.

use super::asked::{Asked, JobFilter, STATES};
use super::row::{JobRow, job_columns, job_row};
use crate::terminal::number;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use tokio_postgres::types::ToSql;

/// Jobs of a page.
pub(super) const PAGE_JOBS: u64 = 50;

/// The conditions of a filter, without that of the states. Parameters 1 to 5.
macro_rules! job_conditions {
    () => {
        "($1::text is null or kind = $1) and ($2::text is null or queue = $2) \
         and ($3::timestamptz is null or created_at >= $3) and ($4::timestamptz is null or created_at < $4) \
         and ($5::text is null \
         or position(lower($5) in lower(concat_ws(' ', kind, args, error, schedule, created_by))) > 0)"
    };
}

/// The condition of the states, parameter 6.
macro_rules! state_condition {
    () => {
        "($6::text[] is null or state = any($6))"
    };
}

/// Running and dead jobs first, then the latest.
macro_rules! job_order {
    () => {
        " order by case state when 'running' then 0 when 'dead' then 1 else 2 end, job_id desc"
    };
}

const COUNTS: &str = concat!(
    "select state, count(*) from elt.job where ",
    job_conditions!(),
    " group by state"
);

const PAGE: &str = concat!(
    job_columns!(),
    " where job_id = any(array(select job_id from elt.job where ",
    job_conditions!(),
    " and ",
    state_condition!(),
    job_order!(),
    " limit $7 offset $8))",
    job_order!()
);

/// Numbers of the first jobs that can be cancelled or retried.
const NUMBERS: &str = concat!(
    "select job_id from elt.job where ",
    job_conditions!(),
    " and ",
    state_condition!(),
    " and state = any($7)",
    job_order!(),
    " limit $8"
);

impl JobFilter {
    fn values(&self) -> [&(dyn ToSql + Sync); 5] {
        [
            &self.kind,
            &self.queue,
            &self.since,
            &self.until,
            &self.text,
        ]
    }
}

pub(super) struct Found {
    pub(super) jobs: Vec<JobRow>,
    /// Number of jobs of all states that match the other filters.
    pub(super) all: String,
    /// Number of jobs that match all filters.
    pub(super) count: i64,
    /// The states with their numbers of jobs that match the other filters.
    pub(super) states: Vec<(&'static str, String)>,
    /// The shown page, which is the last one if the requested page is beyond the end.
    pub(super) page: u64,
    pub(super) last_page: u64,
    /// A filter is invalid, so no job was looked for.
    is_refused: bool,
}

impl Found {
    /// The list if a filter is invalid.
    pub(super) fn nothing() -> Found {
        Found {
            jobs: Vec::new(),
            all: String::new(),
            count: 0,
            states: STATES.iter().map(|state| (*state, String::new())).collect(),
            page: 1,
            last_page: 1,
            is_refused: true,
        }
    }

    pub(super) async fn read(
        client: &Client,
        filter: &JobFilter,
        asked: &Asked,
    ) -> WebResult<Found> {
        let rows = client.query(COUNTS, &filter.values()).await?;
        let count_of = |state: &str| {
            let row = rows.iter().find(|row| row.get::<_, &str>(0) == state);
            row.map_or(0, |row| row.get::<_, i64>(1))
        };
        let states: Vec<(&'static str, i64)> = STATES
            .iter()
            .map(|state| (*state, count_of(state)))
            .collect();
        let chosen = states
            .iter()
            .filter(|(state, _)| asked.states.is_empty() || asked.has_state(state));
        let count = chosen.map(|(_, count)| count).sum();
        let last_page = u64::try_from(count).unwrap_or(0).div_ceil(PAGE_JOBS).max(1);
        let page = asked.page.min(last_page);
        let (limit, offset) = (PAGE_JOBS as i64, ((page - 1) * PAGE_JOBS) as i64);
        let mut values = filter.values().to_vec();
        values.extend([&filter.states as &(dyn ToSql + Sync), &limit, &offset]);
        // With a text, each query reads all jobs.
        let rows = match count {
            0 => Vec::new(),
            _ => client.query(PAGE, &values).await?,
        };
        Ok(Found {
            jobs: rows.iter().map(job_row).collect(),
            all: number(states.iter().map(|(_, count)| count).sum()),
            count,
            states: states
                .into_iter()
                .map(|(state, count)| (state, number(count)))
                .collect(),
            page,
            last_page,
            is_refused: false,
        })
    }

    /// A sentence: how many jobs there are, and which are shown.
    pub(super) fn in_words(&self) -> String {
        let first = (self.page - 1) * PAGE_JOBS + 1;
        let last = first + self.jobs.len() as u64 - u64::from(!self.jobs.is_empty());
        match self.count {
            0 if self.is_refused => "No jobs are listed.".into(),
            0 => "No job matches.".into(),
            1 => "1 job.".into(),
            count => format!("{} jobs, {first} to {last} shown.", number(count)),
        }
    }
}

/// Numbers of the first jobs of a list that are in one of these states.
pub(super) async fn numbers(
    client: &Client,
    filter: &JobFilter,
    states: &[&str],
    limit: i64,
) -> WebResult<Vec<i64>> {
    let mut values = filter.values().to_vec();
    values.extend([&filter.states as &(dyn ToSql + Sync), &states, &limit]);
    let rows = client.query(NUMBERS, &values).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
