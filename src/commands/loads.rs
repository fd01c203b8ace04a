//! `elt loads`: shows the load history, or all facts of one load.

use super::shared_output::{self, Selection};
use super::{Context, shared_preview};
use crate::cli::{LOADS_LIMIT, LoadsArgs};
use crate::failure::sentence::{Invocation, elt};
use crate::failure::{Exit, Failure};
use crate::history::{self, Change, Fact, LoadFilter, LoadStatus};
use crate::load::preview::Preview;
use crate::load::stored_preview;
use crate::terminal::{self, Table, number, size};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &LoadsArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("loads")?;
    let source = match shared_output::parse_selection(&mut client, args.selection.as_deref())? {
        Selection::Load(load) => return show_one(context, &mut client, args, load),
        Selection::Source(source) => Some(source),
        Selection::All => None,
    };
    let filter = filter(&mut client, args, source)?;
    let (loads, has_more) = history::loads(&mut client, &filter, args.before, args.limit)?;
    let next_before = loads.last().filter(|_| has_more).map(|load| load.load_id);
    if context.global.json {
        let document = json!({ "schema_version": 1, "loads": loads, "next_before": next_before });
        terminal::json(&document)?;
    } else if !loads.is_empty() {
        print(&loads)?;
        if let Some(before) = next_before {
            terminal::line_with_commands("\nfor earlier loads: " + next_page(args, before))?;
        }
    } else if filter.is_empty() && args.before.is_none() {
        terminal::line("no loads yet")?;
    } else {
        terminal::line("no loads match")?;
    }
    Ok(Exit::Done)
}

/// An empty value, as from an empty variable, restricts nothing.
fn given(value: Option<&String>) -> Option<String> {
    value.filter(|value| !value.is_empty()).cloned()
}

fn filter(client: &mut Client, args: &LoadsArgs, source: Option<String>) -> Result<LoadFilter> {
    let (since, until) = (given(args.since.as_ref()), given(args.until.as_ref()));
    let [since, until] = history::time_bounds(client, since.as_deref(), until.as_deref())?;
    Ok(LoadFilter {
        source,
        state: given(args.state.as_ref()),
        file: given(args.file.as_ref()),
        since,
        until,
    })
}

/// The command that lists the loads before this one, with the same filters.
fn next_page(args: &LoadsArgs, before: i64) -> Invocation {
    let mut words: Vec<String> = args.selection.iter().cloned().collect();
    for (flag, value) in [
        ("--state", &args.state),
        ("--file", &args.file),
        ("--since", &args.since),
        ("--until", &args.until),
    ] {
        if let Some(value) = given(value.as_ref()) {
            words.extend([flag.to_string(), value]);
        }
    }
    if args.limit != LOADS_LIMIT {
        words.extend(["--limit".to_string(), args.limit.to_string()]);
    }
    words.extend(["--before".to_string(), before.to_string()]);
    elt!("loads").with(words)
}

fn print(loads: &[LoadStatus]) -> Result<()> {
    let mut headers = vec![
        "load#",
        "source",
        "file",
        "state",
        "rows#",
        "rejected#",
        "size#",
        "staging#",
        "started",
        "seconds#",
        "role",
    ];
    let has_notes = loads.iter().any(|load| !load.note.is_empty());
    if has_notes {
        headers.push("note");
    }
    let mut table = Table::new(&headers);
    for load in loads {
        let mut cells = cells(load);
        if has_notes {
            cells.push(load.note.clone());
        }
        table.row(cells);
    }
    terminal::line(&table.text())?;
    for load in loads {
        if let Some(error) = &load.error_line {
            terminal::line(&format!(
                "\nload {} of {}: {error}",
                load.load_id, load.source
            ))?;
        }
    }
    Ok(())
}

fn cells(load: &LoadStatus) -> Vec<String> {
    let or_empty = |bytes: Option<i64>| bytes.map_or(String::new(), |all| size(all.unsigned_abs()));
    vec![
        load.load_id.to_string(),
        load.source.clone(),
        load.file.clone(),
        load.state_in_words.clone(),
        load.rows_staged.map_or(String::new(), number),
        // A failed load shows the rejects that were kept.
        match load.rows_rejected.unwrap_or(load.rejects_open) {
            0 if load.rows_rejected.is_none() => String::new(),
            rejected => number(rejected),
        },
        or_empty(load.size_bytes),
        or_empty(Some(load.staging_bytes).filter(|bytes| *bytes > 0)),
        moment(load.started_at),
        format!("{:.1}", load.seconds),
        load.loaded_by.clone(),
    ]
}

fn show_one(
    context: &Context<'_>,
    client: &mut Client,
    args: &LoadsArgs,
    load_id: i64,
) -> Result<Exit> {
    require_no_filter(args, load_id)?;
    let load = history::load(client, load_id)?;
    let facts = history::facts(client, load_id)?;
    let changes = history::changes(client, load_id)?;
    let preview = stored_preview::stored(client, load_id)?;
    if context.global.json {
        let mut document = json!({
            "schema_version": 1,
            "loads": [load],
            "next_before": null,
            "facts": facts.iter().map(Fact::json).collect::<Vec<_>>(),
            "changes": changes,
        });
        if let Some(preview) = preview {
            document["preview"] = serde_json::to_value(preview)?;
        }
        terminal::json(&document)?;
        return Ok(Exit::Done);
    }
    print_facts(load_id, &facts)?;
    print_changes(&changes)?;
    if load.state == "held" {
        print_held(client, &load, preview.as_ref())?;
    }
    if load.rejects_open > 0 {
        terminal::line_with_commands("\nto see the rejects: " + elt!("rejects", load_id))?;
    }
    Ok(Exit::Done)
}

/// What the held load changes, and the commands that decide about it.
fn print_held(client: &mut Client, load: &LoadStatus, preview: Option<&Preview>) -> Result<()> {
    if let Some(preview) = preview {
        shared_preview::print(preview)?;
    }
    let sql = "select compared_load_ids, later_publish_id from elt.held_load where load_id = $1";
    let Some(row) = client.query_opt(sql, &[&load.load_id])? else {
        return Ok(());
    };
    let together: Vec<i64> = row.get(0);
    if let Some(publish) = row.get::<_, Option<i64>>(1) {
        terminal::line(&format!(
            "\npublish {publish} came after the comparison: publishing compares again, and these numbers may differ"
        ))?;
    }
    let words = || together.iter().map(i64::to_string);
    terminal::line_with_commands("\nto make it live: " + elt!("publish").with(words()))?;
    terminal::line_with_commands("to give it up: " + elt!("discard").with(words()))
}

fn require_no_filter(args: &LoadsArgs, load_id: i64) -> Result<()> {
    let has_filter = [&args.state, &args.file, &args.since, &args.until]
        .into_iter()
        .any(|value| given(value.as_ref()).is_some());
    if !has_filter && args.before.is_none() {
        return Ok(());
    }
    let message = format!("filters select from a list, but {load_id} is one load");
    Err(Failure::new(Exit::Usage, message)
        .hint("To list loads, name a source or none: " + elt!("loads", "SOURCE") + ".")
        .into())
}

/// Prints a line for each fact. They are not a table, because a hash or a path is wider than most terminals.
fn print_facts(load_id: i64, facts: &[Fact]) -> Result<()> {
    let longest = facts.iter().map(|fact| fact.name.chars().count());
    let longest = longest.max().unwrap_or_default();
    let next_line = format!("\n{:longest$}  ", "");
    terminal::line(&format!("{:longest$}  {load_id}", "load"))?;
    for fact in facts {
        let value = fact.shown().replace('\n', &next_line);
        terminal::line(&format!("{:longest$}  {value}", fact.name))?;
    }
    Ok(())
}

fn print_changes(changes: &[Change]) -> Result<()> {
    let Some(first) = changes.first() else {
        return Ok(());
    };
    let mut table = Table::new(&["table", "inserted#", "updated#", "deleted#"]);
    for change in changes {
        table.row(vec![
            change.table_name.clone(),
            number(change.rows_inserted),
            number(change.rows_updated),
            number(change.rows_deleted),
        ]);
    }
    terminal::line(&format!(
        "\nchanges of {}\n{}",
        first.publish(),
        table.text()
    ))
}

pub(super) fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
