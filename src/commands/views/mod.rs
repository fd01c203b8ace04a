//! `elt views`: shows all applied versions of views, functions, rules and queries.

mod diff;

use super::Context;
use crate::cli::{ViewsArgs, ViewsCommand};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::schema;
use crate::schema::apply::versions;
use crate::schema::apply::views::Change;
use crate::terminal::{self, Table, span};
use anyhow::Result;
use chrono::Utc;
use postgres::Client;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn run(context: &Context<'_>, args: &ViewsArgs) -> Result<Exit> {
    // Kept in a variable, because dropping it may stop the embedded server.
    let database = context.open(false)?;
    let mut client = database.connect("views")?;
    if database.is_embedded() && schema::is_missing(&mut client)? {
        schema::migrate(&database, &mut client, &context.project, context.progress)?;
    }
    schema::require_engine(&mut client, &context.project)?;
    match &args.command {
        None => list(context, &mut client),
        Some(ViewsCommand::Show { name, version }) => show(context, &mut client, name, *version),
        Some(ViewsCommand::Diff(args)) => diff::run(context, &mut client, args),
    }
}

fn show(
    context: &Context<'_>,
    client: &mut Client,
    name: &str,
    version: Option<i64>,
) -> Result<Exit> {
    let name = versions::full_name(client, &context.project, name)?;
    let Some(found) = versions::find(client, &name, version)? else {
        return Err(
            Failure::new(Exit::Usage, format!("\"{name}\" is not applied yet"))
                .hint("To see its file, run " + elt!("views", "diff", name) + ".")
                .into(),
        );
    };
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "view": found }))?
    } else {
        terminal::line(found.definition.trim_end())?
    }
    Ok(Exit::Done)
}

fn list(context: &Context<'_>, client: &mut Client) -> Result<Exit> {
    let views = versions::current(client)?;
    let mut pending = pending(client, &context.project)?;
    if context.global.json {
        let pending: Vec<_> = pending
            .iter()
            .map(|(name, change)| json!({ "name": name, "change": change }))
            .collect();
        terminal::json(&json!({ "schema_version": 1, "views": views, "pending": pending }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["view", "layer", "version#", "age", "file", "read by"]);
    for view in views {
        let readers: Vec<String> = view
            .read_by
            .into_iter()
            .chain(view.read_by_others)
            .collect();
        let change = pending.remove(&view.name).unwrap_or_default();
        table.row(vec![
            view.name,
            view.layer,
            view.version.to_string(),
            span(Utc::now() - view.applied_at),
            change.to_string(),
            readers.join(", "),
        ]);
    }
    for (name, change) in pending {
        let nothing = String::new;
        table.row(vec![
            name,
            nothing(),
            nothing(),
            nothing(),
            change.into(),
            nothing(),
        ]);
    }
    terminal::line(&table.text())?;
    Ok(Exit::Done)
}

/// Changes that are not applied yet: `new`, `changed`, or `removed` if the file is gone.
fn pending(client: &mut Client, project: &Project) -> Result<BTreeMap<String, &'static str>> {
    let changes = schema::apply::views::changes(client, project)?;
    Ok(changes
        .iter()
        .map(|change| match change {
            Change::Apply { file, version: 1 } => (file.name.clone(), "new"),
            Change::Apply { file, .. } => (file.name.clone(), "changed"),
            Change::Remove { name, .. } => (name.clone(), "removed"),
        })
        .collect())
}
