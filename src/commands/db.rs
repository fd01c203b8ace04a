//! `elt db`: manages the embedded server. `url` and `psql` also work with an external server.

use super::Context;
use super::confirm::{self, Consent};
use crate::cli::{ConfirmArgs, DbCommand};
use crate::db::conninfo;
use crate::embedded::{self, Server};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::{schema, terminal};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Command;

pub(super) fn run(context: &Context<'_>, command: &DbCommand) -> Result<Exit> {
    match command {
        DbCommand::Start => start(context),
        DbCommand::Stop => stop(context),
        DbCommand::Status => status(context),
        DbCommand::Url => url(context),
        DbCommand::Psql { args } => psql(context, args),
        DbCommand::Reset(args) => reset(context, args),
    }
}

fn start(context: &Context<'_>) -> Result<Exit> {
    refuse_own_server(context, "start")?;
    let database = context.open(true)?;
    if let Some(server) = database.server() {
        server.keep()?;
    }
    print_url(context, &database.target().url())?;
    terminal::note("the server keeps running until " + elt!("db", "stop"));
    Ok(Exit::Done)
}

/// If an external server is named, managing the embedded one would be a surprise.
fn refuse_own_server(context: &Context<'_>, command: &str) -> Result<()> {
    if conninfo::resolve(context.global.database_url.as_deref())?.is_none() {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, "an external server is named")
        .detail(format!(
            "--database-url, DATABASE_URL or a PG* variable is set, but elt db {command} manages the embedded server."
        ))
        .hint("Unset it, or manage the external server with its own tools.")
        .into())
}

fn stop(context: &Context<'_>) -> Result<Exit> {
    refuse_own_server(context, "stop")?;
    let was_running = embedded::stop()?;
    match was_running {
        _ if context.global.json => terminal::json(&serde_json::json!({
            "schema_version": 1, "was_running": was_running,
        }))?,
        true => terminal::summary("stopped")?,
        false => terminal::summary("the server was not running")?,
    }
    Ok(Exit::Done)
}

fn status(context: &Context<'_>) -> Result<Exit> {
    let status = embedded::status()?;
    if context.global.json {
        terminal::json(&serde_json::json!({
            "schema_version": 1, "home": status.home, "data": status.data, "pid": status.pid,
            "is_kept": status.is_kept,
        }))?;
        return Ok(Exit::Done);
    }
    terminal::line(&match (&status.data, status.pid, status.is_kept) {
        (None, _, _) => format!(
            "no server yet; the first command creates it in {}",
            status.home.display()
        ),
        (Some(data), None, _) => format!("not running; its data is in {}", data.display()),
        (Some(data), Some(pid), true) => {
            format!(
                "running as process {pid} until elt db stop; its data is in {}",
                data.display()
            )
        }
        (Some(data), Some(pid), false) => {
            format!(
                "running as process {pid} while it is used; its data is in {}",
                data.display()
            )
        }
    })?;
    Ok(Exit::Done)
}

fn url(context: &Context<'_>) -> Result<Exit> {
    let named = conninfo::resolve(context.global.database_url.as_deref())?;
    let is_embedded = named.is_none();
    let warnings = named.iter().flat_map(|target| &target.warnings);
    warnings.for_each(terminal::warn);
    let mut target = named.map_or_else(embedded::target_at_rest, Ok)?;
    if target.database().is_none() {
        target = target.on_database(&context.project.database);
    }
    print_url(context, &target.url())?;
    if is_embedded && embedded::status()?.pid.is_none() {
        terminal::note("the server is not running: start it with " + elt!("db", "start"));
    }
    Ok(Exit::Done)
}

fn print_url(context: &Context<'_>, url: &str) -> Result<()> {
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "url": url }))
    } else {
        terminal::line(url)
    }
}

fn psql(context: &Context<'_>, args: &[String]) -> Result<Exit> {
    let database = context.open(false)?;
    let mut client = database.connect("migrate")?;
    if database.is_embedded() && schema::is_missing(&mut client)? {
        schema::migrate(&database, &mut client, &context.project, context.progress)?;
    }
    // psql is how users inspect a schema, so it opens in any state of the schema.
    drop(client);
    let program = database
        .server()
        .map_or_else(|| "psql".into(), |server: &Server| server.binaries().psql());
    let mut command = Command::new(&program);
    command.args(args);
    // Variables do not appear in the process list.
    command.env_remove("DATABASE_URL").env_remove("PGSERVICE");
    command.envs(database.target().variables());
    let status = command
        .status()
        .with_context(|| format!("could not run \"{}\"", program.display()))?;
    Ok(if status.success() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn reset(context: &Context<'_>, args: &ConfirmArgs) -> Result<Exit> {
    refuse_own_server(context, "reset")?;
    // With --yes, the state of the folder does not matter: a damaged one can be deleted too.
    let home = || anyhow::Ok(embedded::status()?.home);
    match Consent::from_args(context, args) {
        Consent::Given => {}
        Consent::DryRun => {
            let would = "would delete the server and all its databases in ";
            return print_reset(context, &home()?, true, would);
        }
        Consent::Ask => confirm::ask(&format!(
            "Delete the embedded server and all its databases in {}?",
            home()?.display()
        ))?,
        Consent::Missing => {
            return Err(Failure::new(
                Exit::Usage,
                "elt db reset deletes the embedded server and all its databases",
            )
            .detail(format!("The databases are in {}.", home()?.display()))
            .hint("To delete them, run " + elt!("db", "reset", "--yes") + ".")
            .into());
        }
    }
    print_reset(
        context,
        &embedded::reset()?,
        false,
        "deleted the server in ",
    )
}

fn print_reset(context: &Context<'_>, home: &Path, is_dry_run: bool, verb: &str) -> Result<Exit> {
    if context.global.json {
        let document =
            serde_json::json!({ "schema_version": 1, "home": home, "is_dry_run": is_dry_run });
        terminal::json(&document)?;
    } else {
        terminal::summary(format!("{verb}{}", home.display()))?;
    }
    Ok(Exit::Done)
}
