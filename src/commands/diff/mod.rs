//! `elt diff`: compares two loads of a source, or an export between two publishes.

mod lines;
mod loads;
mod publishes;

use super::Context;
use crate::cli::CompareArgs;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::terminal::{self, number};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::{Client, IsolationLevel, Transaction};
use std::path::Path;

/// The arguments: a source or an export, and the numbers of at most two loads or publishes.
enum Compared<'a> {
    Loads(&'a str, Vec<i64>),
    Publishes(&'a str, Vec<i64>),
}

pub(super) fn run(context: &Context<'_>, args: &CompareArgs) -> Result<Exit> {
    let compared = parse(args)?;
    if context.global.json && args.out.as_deref() == Some(Path::new("-")) {
        let message = "--out - cannot be used with --json: both write to stdout";
        return Err(Failure::new(Exit::Usage, message)
            .hint("Omit --json, or name a file.")
            .into());
    }
    let database = context.open_current()?;
    let mut client = database.connect("diff")?;
    match compared {
        Compared::Loads(source, named) => loads::run(context, &mut client, source, &named, args),
        Compared::Publishes(export, named) => {
            publishes::run(context, &mut client, export, &named, args)
        }
    }
}

fn parse(args: &CompareArgs) -> Result<Compared<'_>> {
    let (what, name, numbers) = match (&args.export, args.compared.split_first()) {
        (Some(export), _) => ("publish", export, args.compared.as_slice()),
        (None, Some((source, numbers))) => ("load", source, numbers),
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "name a source to compare").into());
        }
    };
    let usage = "To see examples, run " + elt!("diff", "--help") + ".";
    if numbers.len() > 2 {
        let message = format!(
            "only two numbers can be given with --export: \"{}\" is a third",
            numbers[2]
        );
        return Err(Failure::new(Exit::Usage, message).hint(usage).into());
    }
    let parsed = numbers.iter().map(|text| match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => {
            let message = format!("\"{text}\" is not the number of a {what}");
            Err(Failure::new(Exit::Usage, message)
                .hint(usage.clone())
                .into())
        }
    });
    let parsed = parsed.collect::<Result<Vec<i64>>>()?;
    Ok(match args.export {
        Some(_) => Compared::Publishes(name, parsed),
        None => Compared::Loads(name, parsed),
    })
}

/// A transaction for temporary tables, which is never committed. Both sides see the same snapshot.
fn begin(client: &mut Client) -> Result<Transaction<'_>> {
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()?;
    // Do not wait long for DDL of other sessions. Citus cannot send temporary objects to other nodes. Comparing takes as
    // much memory as building an index.
    transaction.batch_execute(
        "set local lock_timeout = '2s'; set local citus.enable_ddl_propagation = off; \
         select set_config('work_mem', current_setting('maintenance_work_mem'), true)",
    )?;
    Ok(transaction)
}

/// Says which file was written.
fn report_file(args: &CompareArgs, rows_written: Option<i64>) -> Result<()> {
    let (Some(path), Some(rows)) = (&args.out, rows_written) else {
        return Ok(());
    };
    let rows = match rows {
        1 => "1 row".into(),
        rows => format!("{} rows", number(rows)),
    };
    terminal::summary(format!("\nwrote {rows} to {}", path.display()))
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
