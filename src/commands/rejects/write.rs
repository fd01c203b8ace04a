//! `elt rejects --out`: writes rejects to a file for correction.

use super::{RejectingLoad, records};
use crate::commands::Context;
use crate::commands::shared_output::Selection;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::load::reject_file;
use crate::terminal;
use anyhow::{Context as _, Result};
use postgres::{Client, Transaction};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes the bytes of one load's rejects to a file, so that they can be corrected.
pub(super) fn write(
    context: &Context<'_>,
    client: &mut Client,
    selection: &Selection,
    loads: &[RejectingLoad],
    file: &Path,
) -> Result<Exit> {
    let load = choose_load(selection, loads)?;
    let mut transaction = client.transaction()?;
    let bytes = reject_file::build(&mut transaction, load.load_id)?;
    note(&mut transaction, load.load_id, file)?;
    transaction.commit()?;
    if file == Path::new("-") {
        terminal::bytes(&bytes)?;
        return Ok(Exit::Done);
    }
    // An existing file may hold corrections: it is not overwritten.
    File::options()
        .write(true)
        .create_new(true)
        // Rejected records may hold personal data.
        .mode(0o600)
        .open(file)
        .and_then(|mut created| created.write_all(&bytes))
        .with_context(|| format!("could not write file \"{}\"", file.display()))?;
    if context.global.json {
        let document = serde_json::json!({
            "schema_version": 1, "load_id": load.load_id, "source": load.source,
            "rejects": load.count, "file": file, "bytes": bytes.len(),
        });
        terminal::json(&document)?;
        return Ok(Exit::Done);
    }
    let next = if load.is_live {
        "correct them, then run: " + elt!("load", load.load_id, "--replay", file.display())
    } else {
        "the load is not live and cannot take corrected rejects: correct the whole file and load it again"
                .into()
    };
    let written = format!(
        "wrote {} to {}: the rejects of load {} ({})\n",
        records(load.count),
        file.display(),
        load.load_id,
        load.state,
    );
    terminal::summary(written + next)?;
    Ok(Exit::Done)
}

/// Records the download in the audit. A standby cannot, but its rejects can be written.
fn note(transaction: &mut Transaction<'_>, load_id: i64, file: &Path) -> Result<()> {
    let sql = "select current_setting('transaction_read_only') = 'on'";
    if transaction.query_one(sql, &[])?.get(0) {
        terminal::warn("the server is read-only: this download is not recorded in elt.audit");
        return Ok(());
    }
    let sql = "select elt.note_audit('rejects.download', $1, jsonb_build_object('file', $2::text))";
    let (about, name) = (format!("load {load_id}"), file.display().to_string());
    transaction.execute(sql, &[&about, &name])?;
    Ok(())
}

/// The load whose rejects to write.
fn choose_load<'a>(selection: &Selection, loads: &'a [RejectingLoad]) -> Result<&'a RejectingLoad> {
    // If several loads of a source have rejects, the live one is meant: --replay adds to it.
    let live = loads.iter().filter(|load| load.is_live && load.count > 0);
    let chosen: Vec<&RejectingLoad> = match selection {
        Selection::Source(_) if live.clone().count() == 1 => live.collect(),
        _ => loads.iter().collect(),
    };
    match (chosen.as_slice(), selection) {
        ([load], _) if load.count > 0 => Ok(load),
        ([_, ..], Selection::Source(source)) => {
            let message = format!("several loads of source \"{source}\" have rejects");
            let loads: Vec<String> = loads.iter().map(|load| load.load_id.to_string()).collect();
            Err(Failure::new(Exit::Usage, message)
                .detail("No file was written.")
                .hint(
                    format!("Name one of the loads {}: ", loads.join(", "))
                        + elt!("rejects", "LOAD", "--out", "FILE")
                        + ".",
                )
                .into())
        }
        (_, Selection::Source(source)) => {
            let message = format!("source \"{source}\" has no open rejects");
            Err(Failure::new(Exit::Failed, message)
                .detail("No file was written.")
                .hint(
                    "For another load, run "
                        + elt!("rejects", "LOAD", "--out", "FILE")
                        + "; "
                        + elt!("loads")
                        + " lists the loads.",
                )
                .into())
        }
        (_, other) => {
            let which = match other {
                Selection::Load(load) => format!("load {load}"),
                _ => "no load".into(),
            };
            Err(
                Failure::new(Exit::Failed, format!("{which} has no open rejects"))
                    .detail("No file was written.")
                    .hint("See which loads have rejects with " + elt!("loads") + ".")
                    .into(),
            )
        }
    }
}
