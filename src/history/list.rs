//! Lists of loads with filters, for the terminal and the web application.

use super::{LoadStatus, select};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use postgres::types::ToSql;

/// Values of `elt.load_status.state_in_words`, the most wanted first.
pub(crate) const STATES: [&str; 12] = [
    "live",
    "held",
    "published",
    "rolled back",
    "refused",
    "discarded",
    "dry run",
    "failed",
    "interrupted",
    "purged",
    "copying",
    "staged",
];

/// SQL for the start and the end of a time filter: $1 and $2 as text, $3 their time zone. Null if one is invalid.
pub(crate) const TIME_BOUNDS: &str =
    "select elt.time_bound($1, false, $3), elt.time_bound($2, true, $3)";

/// The forms of a time, for hints.
pub(crate) const TIME_FORMS: &str =
    "a day such as 2026-11-30, today or yesterday, or a time such as 2026-11-30 17:30";

/// Which loads to list. A value that is `None` restricts nothing.
#[derive(Default)]
pub(crate) struct LoadFilter {
    pub(crate) source: Option<String>,
    /// One of `STATES`.
    pub(crate) state: Option<String>,
    /// Text in the location, or in that of the corrected rejects. Upper and lower case are the same.
    pub(crate) file: Option<String>,
    /// Earliest start.
    pub(crate) since: Option<DateTime<Utc>>,
    /// The first start that is too late.
    pub(crate) until: Option<DateTime<Utc>>,
}

/// SQL conditions on `elt.load_state`, with the values of `LoadFilter::values`.
macro_rules! load_conditions {
    () => {
        "($1::text is null or source = $1) and ($2::text is null or state_in_words = $2) \
         and ($3::text is null or strpos(lower(concat_ws(chr(10), location, replay_location)), lower($3)) > 0) \
         and ($4::timestamptz is null or started_at >= $4) and ($5::timestamptz is null or started_at < $5)"
    };
}
pub(crate) use load_conditions;

impl LoadFilter {
    /// The parameters $1 to $5 of `load_conditions`.
    pub(crate) fn values(&self) -> [&(dyn ToSql + Sync); 5] {
        [
            &self.source,
            &self.state,
            &self.file,
            &self.since,
            &self.until,
        ]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.source.is_none()
            && self.state.is_none()
            && self.file.is_none()
            && self.since.is_none()
            && self.until.is_none()
    }
}

/// At most `limit` loads, the latest first, and whether there are more. `before`: only loads with lower numbers.
pub(crate) fn loads(
    client: &mut Client,
    filter: &LoadFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<LoadStatus>, bool)> {
    let clause = concat!(
        "where load_id = any(array(select load_id from elt.load_state where ",
        load_conditions!(),
        " and ($6::bigint is null or load_id < $6) order by load_id desc limit $7)) order by load_id desc"
    );
    let [source, state, file, since, until] = filter.values();
    let one_more = limit.saturating_add(1);
    let values: [&(dyn ToSql + Sync); 7] = [source, state, file, since, until, &before, &one_more];
    let mut loads = select(client, clause, &values)?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = loads.len() > shown;
    loads.truncate(shown);
    Ok((loads, has_more))
}

/// The times of a filter. `None` restricts nothing.
pub(crate) type TimeBounds = [Option<DateTime<Utc>>; 2];

/// Reads the times of `--since` and `--until`, in UTC unless they name a zone.
pub(crate) fn time_bounds(
    client: &mut Client,
    since: Option<&str>,
    until: Option<&str>,
) -> Result<TimeBounds> {
    let row = client.query_one(TIME_BOUNDS, &[&since, &until, &"UTC"])?;
    let bounds: TimeBounds = [row.get(0), row.get(1)];
    for (flag, given, bound) in [("--since", since, bounds[0]), ("--until", until, bounds[1])] {
        if let (Some(given), None) = (given, bound) {
            return Err(Failure::new(
                Exit::Usage,
                format!("{flag} \"{given}\" is neither a day nor a time"),
            )
            .hint(format!(
                "Write {TIME_FORMS}. It is in UTC unless it names a zone, such as 17:30+01:00."
            ))
            .into());
        }
    }
    Ok(bounds)
}
