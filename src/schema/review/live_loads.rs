//! For a source of mode append or merge, a core query returns the rows of one load, and core has the rows of
//! all live loads. To compare them, the query runs once for each live load, with a temporary pointer table.

use super::compare_rows::cannot_run;
use crate::project::SqlFile;
use anyhow::Result;
use postgres::Transaction;
use serde_json::Value;

/// The table that core queries read to know which load is live.
pub(super) const POINTER: &str = "elt.live_load";

/// The live loads of a source, the oldest first, and the key for which the latest row is kept.
pub(super) struct AllLiveLoads {
    source: String,
    load_ids: Vec<i64>,
    key: Option<Vec<String>>,
}

impl AllLiveLoads {
    /// `None` if the header is not of such a core query.
    pub(super) fn read(
        transaction: &mut Transaction<'_>,
        header: &Value,
        notes: &mut Vec<String>,
    ) -> Result<Option<AllLiveLoads>> {
        let sql = include_str!("all_live_loads.sql");
        let Some(row) = transaction.query_opt(sql, &[header])? else {
            return Ok(None);
        };
        let live_loads = AllLiveLoads {
            source: row.get("source"),
            load_ids: row.get("load_ids"),
            key: row.get("key"),
        };
        let gone: i64 = row.get("loads_gone");
        if gone > 0 {
            notes.push(format!(
                "{gone} live loads of source {} are no longer in staging, so their rows are missing on both sides.",
                live_loads.source
            ));
        }
        Ok(Some(live_loads))
    }

    /// Fills a temporary table as `elt migrate` would fill core from all live loads.
    pub(super) fn run(
        &self,
        transaction: &mut Transaction<'_>,
        file: &SqlFile,
        query: &str,
        table: &str,
    ) -> Result<()> {
        let failed = |error| cannot_run(error, file);
        let sql = format!("create temporary table {table} as {query} with no data");
        transaction.batch_execute(&sql).map_err(failed)?;
        for load_id in &self.load_ids {
            let sql = "update pg_temp.live_load set load_id = $2 where source = $1";
            transaction.execute(sql, &[&self.source, load_id])?;
            let sql = format!("insert into pg_temp.{table} {query}");
            transaction.batch_execute(&sql).map_err(failed)?;
        }
        if let Some(key) = &self.key {
            let is_same: Vec<String> = key
                .iter()
                .map(|column| format!("earlier.\"{column}\" = later.\"{column}\""))
                .collect();
            let sql = format!(
                "delete from pg_temp.{table} as earlier using pg_temp.{table} as later \
                 where {} and earlier._load_id < later._load_id",
                is_same.join(" and ")
            );
            transaction.batch_execute(&sql).map_err(failed)?;
        }
        Ok(())
    }
}
