//! `elt status`: what is live of each source.

use super::Context;
use crate::failure::Exit;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct SourceStatus {
    source: String,
    /// None for an API.
    file: Option<String>,
    load_id: Option<i64>,
    rows: Option<i64>,
    rejected: Option<i64>,
    published_at: Option<DateTime<Utc>>,
    location: Option<String>,
    staging_bytes: i64,
}

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let database = context.open_to_look()?;
    let sql = "select source, file, load_id, rows_staged, rows_rejected, published_at, location, \
               staging_bytes from elt.source_status order by source";
    let sources: Vec<SourceStatus> = database
        .connect("status")?
        .query(sql, &[])?
        .iter()
        .map(|row| SourceStatus {
            source: row.get(0),
            file: row.get(1),
            load_id: row.get(2),
            rows: row.get(3),
            rejected: row.get(4),
            published_at: row.get(5),
            location: row.get(6),
            staging_bytes: row.get(7),
        })
        .collect();
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "sources": sources }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "source",
        "load#",
        "rows#",
        "rejected#",
        "MiB#",
        "published",
        "file",
    ]);
    let or_none = |value: Option<i64>| value.map_or("-".into(), number);
    for source in sources {
        table.row(vec![
            source.source,
            or_none(source.load_id),
            or_none(source.rows),
            or_none(source.rejected),
            format!("{:.1}", source.staging_bytes as f64 / 1048576.0),
            source.published_at.map_or("never".into(), age),
            match (source.location, source.file) {
                (Some(location), _) => near(location),
                (None, file) => file.unwrap_or("(API)".into()),
            },
        ]);
    }
    terminal::line(&table.text())?;
    Ok(Exit::Done)
}

/// A path as one would type it here.
fn near(path: String) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match Path::new(&path).strip_prefix(&here) {
        Ok(below) => below.display().to_string(),
        Err(_) => path,
    }
}

fn age(moment: DateTime<Utc>) -> String {
    let age = Utc::now() - moment;
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (1.., _, _) => format!("{} d ago", age.num_days()),
        (_, 1.., _) => format!("{} h ago", age.num_hours()),
        (_, _, 1..) => format!("{} min ago", age.num_minutes()),
        _ => "just now".into(),
    }
}
