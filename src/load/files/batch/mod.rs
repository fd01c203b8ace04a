//! Small files that are staged together: one partition and one COPY for all. Each file is read whole before its rows are
//! sent, so that a file that fails leaves none.

mod reading;

use super::{FailedFile, FoundFile};
use crate::database::Database;
use crate::db::locks;
use crate::extract::ColumnFacts;
use crate::load::source::Source;
use crate::load::{Request, SourceReport, record, stage};
use anyhow::Result;
use postgres::Client;
use reading::Reading;

/// The files to stage together.
pub(super) struct Batch<'a> {
    pub(super) database: &'a Database,
    pub(super) request: &'a Request<'a>,
    pub(super) source: &'a Source,
    pub(super) files: &'a [&'a FoundFile],
}

/// What became of the files.
pub(super) struct StagedBatch {
    pub(super) reports: Vec<SourceReport>,
    pub(super) failed: Vec<FailedFile>,
    /// How many files, from the first, were read or failed.
    pub(super) files_read: usize,
}

/// Stages the files, up to the first that fails (unless `--keep-going` is given) or is staged alone. Adds their loads to
/// `staged_loads`.
pub(super) fn stage(
    client: &mut Client,
    batch: &Batch<'_>,
    staged_loads: &mut Vec<i64>,
) -> Result<StagedBatch> {
    let load_ids = open(client, batch)?;
    let batch_load_id = load_ids[0];
    let known = staged_loads.len();
    staged_loads.extend(&load_ids);
    let mut reading = Reading::new(batch, load_ids);
    reading.copy(client)?;
    let table = format!("staging.{}_load_{batch_load_id}", batch.source.name);
    stage::analyze(client, &table)?;
    let facts = reading.column_facts.unwrap_or_default();
    let facts: Vec<(&str, &ColumnFacts)> = facts
        .iter()
        .map(|(name, facts)| (name.as_str(), facts))
        .collect();
    let mut transaction = client.transaction()?;
    record::describe_columns(&mut transaction, batch_load_id, &facts)?;
    let files = serde_json::to_value(&reading.closed)?;
    transaction.execute("select elt.close_batch($1, $2)", &[&batch_load_id, &files])?;
    transaction.commit()?;
    staged_loads.truncate(known);
    staged_loads.extend(reading.reports.iter().map(|report| report.load_id));
    Ok(StagedBatch {
        reports: reading.reports,
        failed: reading.failed,
        files_read: reading.closed.len(),
    })
}

/// Records the loads, marks them alive and creates their partition.
fn open(client: &mut Client, batch: &Batch<'_>) -> Result<Vec<i64>> {
    let files = batch.files.iter();
    let names: Vec<&str> = files.clone().map(|file| file.name.as_str()).collect();
    let locations = files
        .clone()
        .map(|file| file.path.to_string_lossy().into_owned());
    let locations: Vec<String> = locations.collect();
    let stamps: Vec<&str> = files.map(|file| file.stamp.text()).collect();
    let mut transaction = client.transaction()?;
    let sql = "select elt.open_batch($1, $2, $3::text::jsonb, $4, $5, $6)";
    let rows = transaction.query(
        sql,
        &[
            &batch.source.name,
            &env!("CARGO_PKG_VERSION"),
            &batch.source.layout_json,
            &names,
            &locations,
            &stamps,
        ],
    )?;
    let load_ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    // Before the records are visible to others, because a load without its lock counts as dead.
    locks::mark_alive(&mut transaction, load_ids[0])?;
    transaction.commit()?;
    Ok(load_ids)
}
