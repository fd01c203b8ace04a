//! The load that a source can be rolled back to.

use super::load;
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::Client;

/// A rollback from the live load to an earlier one.
pub(crate) struct Rollback {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Whether the later loads are undone one by one, because they were appended or merged.
    pub(crate) is_undone: bool,
}

/// Finds the load to roll a source back to: the named one if it can be published again, or the previous one.
pub(crate) fn find_rollback(
    client: &mut Client,
    source: &str,
    to: Option<i64>,
) -> Result<Rollback> {
    let sql = "select load_id, elt.earlier_load(source), source.mode <> 'replace' from elt.live_load \
               inner join elt.source using (source) where source = $1";
    let Some(live) = client.query_opt(sql, &[&source])? else {
        return Err(Failure::new(
            Exit::Failed,
            format!("source \"{source}\" was never loaded"),
        )
        .hint("To load it, run " + elt!("load", source) + ".")
        .into());
    };
    let from: i64 = live.get(0);
    let is_undone: bool = live.get(2);
    let keep = "To load the file again, run "
        + elt!("load")
        + ". How many loads stay in staging is set in elt.source.keep_loads.";
    let earlier: Option<i64> = live.get(1);
    let Some(wanted) = to else {
        let Some(earlier) = earlier else {
            let message = format!("source \"{source}\" has no earlier load to roll back to");
            return Err(Failure::new(Exit::Failed, message)
                .detail(format!(
                    "Load {from} is live, and no earlier load has its rows in staging."
                ))
                .hint(keep)
                .into());
        };
        return Ok(Rollback {
            from,
            to: earlier,
            is_undone,
        });
    };
    // The earlier load may have a file whose newer bytes replaced it.
    let must_be_live = is_undone && earlier != Some(wanted);
    require_publishable(client, source, from, wanted, must_be_live, keep)?;
    Ok(Rollback {
        from,
        to: wanted,
        is_undone,
    })
}

/// Refuses a load that cannot be published again. `live`: the live load; `keep`: the hint if it left staging.
fn require_publishable(
    client: &mut Client,
    source: &str,
    live: i64,
    wanted: i64,
    must_be_live: bool,
    keep: Sentence,
) -> Result<()> {
    let target = load(client, wanted)?;
    let refuse = |exit: Exit, problem: String, hint: Sentence| -> Result<()> {
        Err(Failure::new(exit, format!("load {wanted} {problem}"))
            .hint(hint)
            .into())
    };
    if target.source != source {
        let hint = elt!("loads", source) + " lists the loads of the source.";
        return refuse(
            Exit::Usage,
            format!("belongs to source \"{}\"", target.source),
            hint,
        );
    }
    if wanted == live {
        return refuse(
            Exit::Usage,
            "is already live".into(),
            "Name an earlier load with --to.".into(),
        );
    }
    if target.state != "published" {
        let hint = "Only a published load can be made live again.".into();
        return refuse(Exit::Failed, format!("was {}", target.state), hint);
    }
    // Not by the size of its partition, which counts for one load of those that were staged together.
    let sql = "select staging_dropped_at is null from elt.load where load_id = $1";
    let is_staged: bool = client.query_one(sql, &[&wanted])?.get(0);
    if !is_staged {
        return refuse(Exit::Failed, "is no longer in staging".into(), keep);
    }
    if must_be_live && !target.is_live {
        let hint = "To load its file again, run " + elt!("load", source) + ".";
        return refuse(Exit::Failed, "was taken out of core".into(), hint);
    }
    Ok(())
}
