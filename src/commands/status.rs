//! `elt status`: shows the live load of each source, its other loads, and the queue.

use super::Context;
use super::shared_freshness::{self, Freshness};
use super::shared_output::workers;
use crate::failure::Exit;
use crate::failure::sentence::elt;
use crate::history::{self, LoadStatus};
use crate::terminal::{self, Table, number, size, span};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct SourceStatus {
    source: String,
    /// `None` for an API.
    file: Option<String>,
    load_id: Option<i64>,
    rows: Option<i64>,
    /// Open rejects of all live loads.
    rejected: Option<i64>,
    published_at: Option<DateTime<Utc>>,
    location: Option<String>,
    /// Size of all loads in staging.
    staging_bytes: i64,
    /// As in `elt.source`.
    mode: String,
    /// Number of live loads.
    live_load_count: i64,
    freshness: Option<Freshness>,
    /// Loads that take space, are running, or failed after the live load.
    loads: Vec<LoadStatus>,
}

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let database = context.open_current()?;
    let sql = "select source, file, load_id, rows_staged, rejects_open, published_at, location, \
               staging_bytes, mode, live_load_count from elt.source_status order by source";
    let mut client = database.connect("status")?;
    let mut loads = history::notable(&mut client)?;
    let mut sources: Vec<SourceStatus> = client
        .query_typed(sql, &[])?
        .iter()
        .map(|row| SourceStatus {
            source: row.get(0),
            file: row.get(1),
            load_id: row.get(2),
            rows: row.get(3),
            rejected: row.get::<_, Option<i64>>(2).map(|_| row.get(4)),
            published_at: row.get(5),
            location: row.get(6),
            staging_bytes: row.get(7),
            mode: row.get(8),
            live_load_count: row.get(9),
            freshness: None,
            loads: Vec::new(),
        })
        .collect();
    for source in &mut sources {
        let (own, others) = loads
            .into_iter()
            .partition(|load| load.source == source.source);
        source.loads = own;
        loads = others;
    }
    for found in shared_freshness::read(&mut client)? {
        let source = sources.iter_mut().find(|each| each.source == found.source);
        if let Some(source) = source {
            source.freshness = Some(found);
        }
    }
    let queue = queue(&mut client)?;
    let held = held(&mut client)?;
    if context.global.json {
        let document = serde_json::json!({
            "schema_version": 1, "sources": sources, "held": held, "queue": queue,
        });
        terminal::json(&document)?;
        return Ok(Exit::Done);
    }
    print_sources(&sources)?;
    print_loads(&sources)?;
    print_held(&held)?;
    print_queue(&queue)?;
    Ok(Exit::Done)
}

/// The column about freshness is shown if anything is expected.
fn print_sources(sources: &[SourceStatus]) -> Result<()> {
    let freshness = sources.iter().flat_map(|source| &source.freshness);
    let has_expectation = freshness.clone().any(Freshness::has_expectation);
    let mut names = vec!["source", "load#", "rows#", "rejected#", "published"];
    names.extend(has_expectation.then_some("freshness"));
    names.extend(["staging#", "file"]);
    let mut table = Table::new(&names);
    let or_none = |value: Option<i64>| value.map_or("-".into(), number);
    for source in sources {
        let mut row = vec![
            source.source.clone(),
            or_none(source.load_id),
            or_none(source.rows),
            or_none(source.rejected),
            source.published_at.map_or("never".into(), age),
        ];
        if has_expectation {
            let state = source.freshness.as_ref().map(Freshness::shown_state);
            row.push(state.unwrap_or_default());
        }
        row.extend([
            size(source.staging_bytes.unsigned_abs()),
            match (&source.location, &source.file) {
                (Some(location), _) if source.live_load_count > 1 => format!(
                    "{}, the latest of {} loads",
                    relative_path(location.clone()),
                    source.live_load_count
                ),
                (Some(location), _) => relative_path(location.clone()),
                (None, file) => file.clone().unwrap_or("(API)".into()),
            },
        ]);
        table.row(row);
    }
    terminal::line(&table.text())
}

/// Prints the loads of each source with their size, if any load besides the live ones is running, failed or kept.
fn print_loads(sources: &[SourceStatus]) -> Result<()> {
    let loads = sources
        .iter()
        .flat_map(|source| source.loads.iter().map(move |load| (source, load)));
    if loads.clone().all(|(_, load)| load.is_live) {
        return Ok(());
    }
    let mut table = Table::new(&["load#", "source", "state", "rows#", "staging#", "began", ""]);
    for (source, load) in loads {
        table.row(vec![
            load.load_id.to_string(),
            load.source.clone(),
            load.state_in_words.clone(),
            load.rows_staged.map_or(String::new(), number),
            size(load.staging_bytes.unsigned_abs()),
            age(load.started_at),
            match (&load.leftover_reason, load.state.as_str()) {
                _ if load.is_live => String::new(),
                (Some(_), _) => terminal::typed(elt!("gc") + " drops it"),
                // A file that came again replaced it, and only a rollback of that load brings it back.
                (None, "published") if source.mode != "replace" => String::new(),
                (None, "published") => {
                    terminal::typed(elt!("rollback", load.source, "--to", load.load_id))
                }
                (None, "failed" | "refused" | "interrupted") => {
                    terminal::typed("to see why: " + elt!("loads", load.load_id))
                }
                (None, _) => String::new(),
            },
        ]);
    }
    terminal::line(&format!("\nloads\n{}", table.text()))
}

/// A load that waits until it is published or discarded.
#[derive(Serialize)]
struct HeldLoad {
    load_id: i64,
    source: String,
    /// Name of the file without folders, or address of the API.
    file: String,
    rows: Option<i64>,
    held_since: Option<DateTime<Utc>>,
}

fn held(client: &mut Client) -> Result<Vec<HeldLoad>> {
    let sql =
        "select load_id, source, file, rows_staged, held_since from elt.held_load order by load_id";
    let rows = client.query_typed(sql, &[])?;
    let held = rows.iter().map(|row| HeldLoad {
        load_id: row.get(0),
        source: row.get(1),
        file: row.get(2),
        rows: row.get(3),
        held_since: row.get(4),
    });
    Ok(held.collect())
}

fn print_held(held: &[HeldLoad]) -> Result<()> {
    let since = held.iter().filter_map(|load| load.held_since).min();
    let since = since.map_or(String::new(), |since| format!(", since {}", age(since)));
    match held {
        [] => return Ok(()),
        [load] => terminal::line(&format!(
            "\nheld: load {} of {} waits for approval{since}",
            load.load_id, load.source
        ))?,
        loads => terminal::line(&format!(
            "\nheld: {} loads wait for approval{since}",
            number(i64::try_from(loads.len())?)
        ))?,
    }
    let first = held[0].load_id;
    terminal::line_with_commands("to see what it changes: " + elt!("loads", first))?;
    terminal::line_with_commands("to make it live: " + elt!("publish", first))?;
    terminal::line_with_commands("to give it up: " + elt!("discard", first))
}

/// The sums over all queues.
#[derive(Serialize)]
struct Queue {
    waiting: i64,
    /// Jobs scheduled for later, such as the next attempt of a failed job.
    later: i64,
    running: i64,
    dead: i64,
    /// Wait of the oldest job that could run now.
    oldest_wait_seconds: Option<i64>,
    workers_alive: i64,
}

fn queue(client: &mut Client) -> Result<Queue> {
    let sql = "select coalesce(sum(waiting_count), 0)::bigint, coalesce(sum(running_count), 0)::bigint, \
               coalesce(sum(dead_count), 0)::bigint, max(oldest_wait_seconds), coalesce(sum(later_count), 0)::bigint, \
               (select count(*) from elt.worker_status where is_alive) from elt.queue_status";
    let row = client.query_typed_one(sql, &[])?;
    Ok(Queue {
        waiting: row.get(0),
        running: row.get(1),
        dead: row.get(2),
        oldest_wait_seconds: row.get(3),
        later: row.get(4),
        workers_alive: row.get(5),
    })
}

fn print_queue(queue: &Queue) -> Result<()> {
    let oldest = queue.oldest_wait_seconds;
    terminal::line(&format!(
        "\njobs: {} queued{}, {} scheduled, {} running, {} dead; {}",
        number(queue.waiting),
        oldest.map_or(String::new(), |seconds| format!(
            " (the oldest for {seconds} s)"
        )),
        number(queue.later),
        number(queue.running),
        number(queue.dead),
        workers(queue.workers_alive),
    ))
}

/// A path relative to the current folder, if it is below it.
fn relative_path(path: String) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match Path::new(&path).strip_prefix(&here) {
        Ok(below) => below.display().to_string(),
        Err(_) => path,
    }
}

fn age(moment: DateTime<Utc>) -> String {
    format!("{} ago", span(Utc::now() - moment))
}
