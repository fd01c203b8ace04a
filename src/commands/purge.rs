//! `elt purge`: deletes the rows of a load or of a key.

use super::Context;
use super::confirm::{self, Consent};
use crate::cli::PurgeCommand;
use crate::failure::{Exit, Failure};
use crate::load::purge::{self, PurgeReport, What};
use crate::terminal::{self, Table, number};
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, command: &PurgeCommand) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("purge")?;
    let (what, args) = match command {
        PurgeCommand::Load { load, confirm } => (What::Load(*load), confirm),
        PurgeCommand::Key { key, confirm } => {
            let key = key
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into()));
            (What::Key(key.collect()), confirm)
        }
    };
    let consent = Consent::from_args(context, args);
    let mut is_deleted = matches!(consent, Consent::Given);
    let mut outcome = purge::purge(&mut client, &what, is_deleted, context.progress)?;
    let is_found = outcome.purged.iter().any(|each| each.rows > 0);
    if is_found && matches!(consent, Consent::Ask) {
        print(&outcome)?;
        confirm::ask("Delete these rows?")?;
        is_deleted = true;
        outcome = purge::purge(&mut client, &what, is_deleted, context.progress)?;
        terminal::summary("\ndeleted:")?;
    }
    let is_refused = is_found && matches!(consent, Consent::Missing);
    let failure = is_refused.then(|| -> anyhow::Error {
        Failure::new(Exit::Usage, "nothing was deleted yet")
            .detail("The list shows what would be deleted.")
            .hint("To delete it, run the same command with --yes.")
            .into()
    });
    if context.global.json {
        let document = json!({
            "schema_version": 1,
            "is_removed": is_deleted,
            "removed": outcome.purged,
            "remains": outcome.remains,
        });
        return match failure {
            None => terminal::json(&document).map(|()| Exit::Done),
            Some(error) => Ok(context.reporter.report_in(document, &error)),
        };
    }
    if !terminal::is_quiet() {
        print(&outcome)?;
    }
    failure.map_or(Ok(Exit::Done), Err)
}

fn print(PurgeReport { purged, remains }: &PurgeReport) -> Result<()> {
    if purged.is_empty() {
        return terminal::line("nothing to delete");
    }
    let mut table = Table::new(&["rows#", "from"]);
    for each in purged {
        table.row(vec![number(each.rows), each.from.clone()]);
    }
    terminal::line(&table.text())?;
    if remains.is_empty() {
        return terminal::line(
            "\nnot changed: input files, exported files, backups, and tables that no load fills",
        );
    }
    terminal::line("\nthe data may still be in:")?;
    for place in remains {
        terminal::line(&format!("  {place}"))?;
    }
    terminal::line("  tables that no load fills")
}
