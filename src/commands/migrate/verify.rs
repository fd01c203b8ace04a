//! `elt migrate --verify`: reports objects that were changed by hand.

use super::super::Context;
use crate::database::Database;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::schema::review::drift::{self, Drift};
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use serde_json::json;
use similar::TextDiff;

pub(super) fn run(context: &Context<'_>, database: &Database, client: &mut Client) -> Result<Exit> {
    let _waiting = terminal::waiting("building the schema in a scratch database, to compare");
    let verified = drift::verify(database, client, &context.project)?;
    let document = json!({
        "schema_version": 1, "objects": verified.objects, "drift": verified.drift, "caveat": verified.caveat,
    });
    if let Some(caveat) = &verified.caveat {
        terminal::warn(caveat);
    }
    if verified.drift.is_empty() {
        if context.global.json {
            terminal::json(&document)?
        } else {
            terminal::line(&format!(
                "the schema matches what was applied: {} objects compared",
                verified.objects
            ))?
        }
        return Ok(Exit::Done);
    }
    let count = verified.drift.len();
    let noun = if count == 1 {
        "object differs"
    } else {
        "objects differ"
    };
    let failure = Failure::new(
        Exit::Schema,
        format!("{count} {noun} from what was applied"),
    )
    .hint(
        "Undo the change by hand, or put it into a migration or a file of sql/. "
            + elt!("migrate")
            + " creates a dropped view again, and applies a file that changed.",
    )
    .into();
    if context.global.json {
        return Ok(context.reporter.report_in(document, &failure));
    }
    verified.drift.iter().try_for_each(print)?;
    Err(failure)
}

fn print(drift: &Drift) -> Result<()> {
    terminal::line(&format!("{} {} {}", drift.what, drift.kind, drift.name))?;
    // For long texts, only the difference.
    if let (Some(recorded), Some(found)) = (&drift.recorded, &drift.found)
        && recorded.lines().count() > 1
    {
        let (recorded, found) = (format!("{recorded}\n"), format!("{found}\n"));
        let diff = TextDiff::from_lines(&recorded, &found);
        return terminal::line(diff.unified_diff().to_string().trim_end());
    }
    for (mark, text) in [("-", &drift.recorded), ("+", &drift.found)] {
        let lines = text.iter().flat_map(|text| text.lines());
        for line in lines.filter(|line| !line.is_empty()) {
            terminal::line(&format!("  {mark} {line}"))?;
        }
    }
    Ok(())
}
