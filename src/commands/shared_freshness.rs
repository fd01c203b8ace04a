//! Whether sources have new data as often, and as many rows, as expected: for `elt status` and `elt check --freshness`.
//! `elt.source_freshness` decides.

use super::Context;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table, number, span};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use serde::Serialize;
use serde_json::json;

/// The number of sources that the message names.
const NAMED: usize = 5;

/// A row of `elt.source_freshness`.
#[derive(Serialize)]
pub(super) struct Freshness {
    pub(super) source: String,
    load_id: Option<i64>,
    /// When the data arrived; `None` if there is none.
    arrived_at: Option<DateTime<Utc>>,
    age_seconds: Option<f64>,
    /// In words; `None` if nothing is expected.
    expectation: Option<String>,
    expected_every_seconds: Option<f64>,
    is_late: bool,
    late_by_seconds: Option<f64>,
    rows: Option<i64>,
    /// A range in PostgreSQL's notation.
    expected_rows: Option<String>,
    is_outside: bool,
    /// In words.
    state: String,
}

impl Freshness {
    pub(super) fn has_expectation(&self) -> bool {
        self.expectation.is_some()
    }

    /// The state, if anything is expected.
    pub(super) fn shown_state(&self) -> String {
        match &self.expectation {
            Some(_) => self.state.clone(),
            None => "-".into(),
        }
    }

    fn is_violated(&self) -> bool {
        self.is_late || self.is_outside
    }
}

/// All sources, by name.
pub(super) fn read(client: &mut Client) -> Result<Vec<Freshness>> {
    let sql = "select source, load_id, arrived_at, extract(epoch from age)::double precision, expectation, \
               extract(epoch from expected_every)::double precision, is_late, \
               extract(epoch from late_by)::double precision, row_count, expected_rows::text, is_outside, state_in_words \
               from elt.source_freshness order by source";
    let rows = client.query_typed(sql, &[])?;
    let all = rows.iter().map(|row| Freshness {
        source: row.get(0),
        load_id: row.get(1),
        arrived_at: row.get(2),
        age_seconds: row.get(3),
        expectation: row.get(4),
        expected_every_seconds: row.get(5),
        is_late: row.get(6),
        late_by_seconds: row.get(7),
        rows: row.get(8),
        expected_rows: row.get(9),
        is_outside: row.get(10),
        state: row.get(11),
    });
    Ok(all.collect())
}

/// `elt check --freshness`: shows all sources. Exits with 3 if one is late or has an unexpected number of rows.
pub(super) fn check(context: &Context<'_>, client: &mut Client) -> Result<Exit> {
    let sources = read(client)?;
    let violated: Vec<&Freshness> = sources.iter().filter(|each| each.is_violated()).collect();
    let outcome = if violated.is_empty() {
        Ok(())
    } else {
        Err(refusal(&violated))
    };
    if !context.global.json {
        print(&sources)?;
        return outcome.map(|()| Exit::Done);
    }
    let document = json!({ "schema_version": 1, "sources": sources });
    match outcome {
        Ok(()) => terminal::json(&document).map(|()| Exit::Done),
        Err(error) => Ok(context.reporter.report_in(document, &error)),
    }
}

fn print(sources: &[Freshness]) -> Result<()> {
    let mut table = Table::new(&["source", "load#", "rows#", "arrived", "expected", "state"]);
    let or_none = |value: Option<i64>| value.map_or("-".into(), number);
    for source in sources {
        table.row(vec![
            source.source.clone(),
            or_none(source.load_id),
            or_none(source.rows),
            source.arrived_at.map_or("never".into(), |time| {
                format!("{} ago", span(Utc::now() - time))
            }),
            source.expectation.clone().unwrap_or("-".into()),
            source.state.clone(),
        ]);
    }
    terminal::line(&table.text())?;
    if !sources.iter().any(Freshness::has_expectation) {
        terminal::line(
            "\nNo source has an expectation: set expected_every or expected_rows in elt.source.",
        )?;
    }
    Ok(())
}

fn refusal(violated: &[&Freshness]) -> anyhow::Error {
    let what = |what: fn(&Freshness) -> bool, verb: &str, verbs: &str| {
        let count = violated.iter().filter(|each| what(each)).count();
        match count {
            0 => None,
            1 => Some(format!("1 source {verb}")),
            count => Some(format!("{count} sources {verbs}")),
        }
    };
    let message = [
        what(|each| each.is_late, "is late", "are late"),
        what(
            |each| each.is_outside,
            "has an unexpected number of rows",
            "have an unexpected number of rows",
        ),
    ];
    let message: Vec<String> = message.into_iter().flatten().collect();
    let mut named: Vec<String> = violated
        .iter()
        .take(NAMED)
        .map(|each| format!("\"{}\": {}", each.source, each.state))
        .collect();
    if violated.len() > NAMED {
        named.push(format!("and {} more", violated.len() - NAMED));
    }
    let failure = Failure::new(Exit::RulesFoundRows, message.join(", "))
        .detail(format!("{}.", named.join("; ")));
    match violated.iter().find(|each| each.is_late) {
        Some(late) => failure.hint(
            "When the new data is there, run "
                + elt!("load", late.source)
                + "; if less is right, change expected_every in elt.source.",
        ),
        None => failure.hint(
            "Check whether the files are complete; if they are, change expected_rows in elt.source.",
        ),
    }
    .into()
}
