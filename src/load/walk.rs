//! Stages a source. If the data of an API changes while its pages are read, the load fails, and another one begins.

use super::input::Input;
use super::source::Source;
use super::stage::Staging;
use super::{Request, SourceReport, note_failure};
use crate::database::Database;
use crate::extract::rest::{OnChange, what_changed};
use crate::{signals, terminal};
use anyhow::Result;
use postgres::Client;

/// How often a source is read again, and what happens then.
struct Patience {
    max_restarts: u32,
    /// Whether the last reading accepts changes.
    accepts: bool,
}

impl Patience {
    fn new(source: &Source) -> Patience {
        // A replace load would delete the rows that it lacks, and an append load could not add them later.
        let is_merged = source.mode == "merge";
        match &source.rest {
            Some(settings) => Patience {
                max_restarts: settings.max_restarts,
                accepts: is_merged && settings.on_change == OnChange::Accept,
            },
            None => Patience {
                max_restarts: 0,
                accepts: false,
            },
        }
    }
}

/// Stages the input of a source. Adds the load to `staged_loads`, unless its bytes are live already.
pub(super) fn stage(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    (source, input): (&Source, &Input),
    staged_loads: &mut Vec<i64>,
) -> Result<SourceReport> {
    let patience = Patience::new(source);
    let mut restarts = 0;
    loop {
        signals::check()?;
        terminal::progress(&format!("loading {}", source.name));
        request
            .progress
            .set_unfinished("nothing was loaded: the live data is unchanged");
        let mut staging = Staging::begin(database, client, request, source, input)?;
        let load_id = staging.load_id;
        staged_loads.push(load_id);
        let is_last = restarts == patience.max_restarts;
        match staging.fill(input, is_last && patience.accepts) {
            Ok(None) => return finish(staging, source),
            Ok(Some(unchanged)) => {
                let why = format!(
                    "nothing to do: load {} of the same bytes is live",
                    unchanged.load_id
                );
                note_failure(client, &[load_id], &why)?;
                staged_loads.pop();
                return Ok(unchanged);
            }
            Err(error) => {
                let change = what_changed(&error).filter(|_| !is_last);
                let Some(change) = change.map(str::to_string) else {
                    return Err(error);
                };
                restarts += 1;
                note_failure(
                    client,
                    &[load_id],
                    &format!("{change}: the data changed, and another load read it again"),
                )?;
                staged_loads.pop();
                terminal::warn(format!(
                    "{change}: the data changed; reading again ({restarts} of {})",
                    patience.max_restarts
                ));
            }
        }
    }
}

fn finish(staging: Staging<'_>, source: &Source) -> Result<SourceReport> {
    let load_id = staging.load_id;
    let report = staging.finish()?;
    let skipped = report.lines_skipped.and_then(|lines| lines.text());
    terminal::step(&format!(
        "staged source \"{}\": load {load_id}, {} rows, {} rejected{}, {:.2} s",
        source.name,
        report.rows,
        report.rejected,
        skipped.map_or(String::new(), |text| format!(", {text}")),
        report.seconds
    ));
    Ok(report)
}
