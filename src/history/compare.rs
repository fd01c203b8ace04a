//! Loads of a source that can be compared, and the rows that its core queries return for them.

use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::{Client, GenericClient};
use serde::Serialize;

/// A load whose rows are in staging: a row of `elt.comparable_load`.
#[derive(Clone, Serialize)]
pub(crate) struct ComparedLoad {
    pub(crate) load_id: i64,
    /// `live`, `refused`, `held`, and others, as in lists of loads.
    pub(crate) state: String,
    #[serde(skip)]
    is_live: bool,
    /// Whether it is the live load of its source; for append and merge sources, the latest live one.
    #[serde(skip)]
    is_latest: bool,
    pub(crate) location: String,
    pub(crate) started_at: DateTime<Utc>,
}

/// A core table that is filled from a source.
pub(crate) struct FilledTable {
    /// Schema and name.
    pub(crate) name: String,
    /// The columns of its primary key, if it has one.
    pub(crate) key: Option<Vec<String>>,
}

/// The loads to compare, the one before first. `named`: the numbers that the user gave, at most two.
pub(crate) fn find_loads(
    client: &mut Client,
    source: &str,
    named: &[i64],
) -> Result<[ComparedLoad; 2]> {
    let loads = comparable_loads(client, source)?;
    for load_id in named {
        if loads.iter().all(|load| load.load_id != *load_id) {
            return Err(cannot_be_compared(client, source, *load_id, &loads)?);
        }
    }
    let find = |load_id: i64| loads.iter().find(|load| load.load_id == load_id).cloned();
    let latest = loads.iter().find(|load| load.is_latest).cloned();
    let found = match named {
        [from, to] => (find(*from), find(*to)),
        [from] => (find(*from), latest),
        _ => (earlier(client, source)?.and_then(find), latest),
    };
    let (from, to) = match found {
        (Some(from), Some(to)) => (from, to),
        (_, None) => {
            let message = format!("source \"{source}\" has no live load in staging");
            return Err(refused(Exit::Failed, message, source, &loads));
        }
        (None, Some(to)) => {
            let message = format!(
                "source \"{source}\" has no load before load {} whose rows are in staging",
                to.load_id
            );
            return Err(refused(Exit::Failed, message, source, &loads));
        }
    };
    if from.load_id == to.load_id && named.len() == 1 {
        let message = format!(
            "load {} is the live load: there is nothing to compare it with",
            from.load_id
        );
        return Err(refused(Exit::Usage, message, source, &loads));
    }
    Ok([from, to])
}

fn comparable_loads(client: &mut Client, source: &str) -> Result<Vec<ComparedLoad>> {
    let sql = "select load_id, state_in_words, is_live, is_latest, location, started_at \
               from elt.comparable_load where source = $1 order by load_id desc";
    let rows = client.query(sql, &[&source])?;
    Ok(rows
        .iter()
        .map(|row| ComparedLoad {
            load_id: row.get(0),
            state: row.get(1),
            is_live: row.get(2),
            is_latest: row.get(3),
            location: row.get(4),
            started_at: row.get(5),
        })
        .collect())
}

/// The load that a rollback would make live.
fn earlier(client: &mut Client, source: &str) -> Result<Option<i64>> {
    let row = client.query_one("select elt.earlier_load($1)", &[&source])?;
    Ok(row.get(0))
}

/// Why a load that the user named cannot be compared.
fn cannot_be_compared(
    client: &mut Client,
    source: &str,
    load_id: i64,
    loads: &[ComparedLoad],
) -> Result<anyhow::Error> {
    let sql = "select load.source, load_state.state_in_words, load_state.is_running, load.staging_dropped_at is not null \
               from elt.load inner join elt.load_state using (load_id) where load.load_id = $1";
    let Some(row) = client.query_opt(sql, &[&load_id])? else {
        let message = format!("there is no load {load_id}");
        return Ok(refused(Exit::Usage, message, source, loads));
    };
    let (owner, state): (String, String) = (row.get(0), row.get(1));
    let (is_running, is_dropped): (bool, bool) = (row.get(2), row.get(3));
    let (exit, problem) = if owner != source {
        (Exit::Usage, format!("belongs to source \"{owner}\""))
    } else if is_running {
        (Exit::Failed, "is still running".into())
    } else if ["failed", "interrupted", "purged", "copying", "staged"].contains(&state.as_str()) {
        (
            Exit::Failed,
            format!("was not completed: its state is {state}"),
        )
    } else if is_dropped {
        (Exit::Failed, "is no longer in staging".into())
    } else {
        (Exit::Failed, "has no rows in staging".into())
    };
    let message = format!("cannot compare load {load_id}: it {problem}");
    Ok(refused(exit, message, source, loads))
}

/// A failure with the loads that can be compared.
fn refused(exit: Exit, message: String, source: &str, loads: &[ComparedLoad]) -> anyhow::Error {
    const SHOWN: usize = 10;
    let listed = loads.iter().take(SHOWN).map(|load| {
        if load.is_live && load.state == "live" && !load.is_latest {
            load.load_id.to_string()
        } else {
            format!("{} ({})", load.load_id, load.state)
        }
    });
    let mut listed: Vec<String> = listed.collect();
    if loads.len() > SHOWN {
        listed.push(format!("and {} older ones", loads.len() - SHOWN));
    }
    let detail = if listed.is_empty() {
        "No load of the source has its rows in staging.".into()
    } else {
        format!("Loads that can be compared: {}.", listed.join(", "))
    };
    let hint: Sentence = match loads.len() {
        0 => "To load it, run ".to_string() + elt!("load", source) + ".",
        1 => "Compare it after the next load. How many loads stay in staging is set in elt.source.keep_loads."
            .into(),
        _ => elt!("loads", source) + " lists the loads of the source.",
    };
    Failure::new(exit, message).detail(detail).hint(hint).into()
}

/// Refuses a role that may not see loads that are not live, or that cannot keep their rows.
pub(crate) fn require_right(client: &mut Client) -> Result<()> {
    let sql = "select has_function_privilege('elt.load_rows(bigint, text, text)', 'execute'), \
               has_database_privilege(current_database(), 'temporary'), current_user::text";
    let row = client.query_one(sql, &[])?;
    let (may_see, may_keep): (bool, bool) = (row.get(0), row.get(1));
    let role: String = row.get(2);
    if !may_see {
        let message = format!("role \"{role}\" may not compare loads");
        return Err(Failure::new(Exit::Failed, message)
            .detail("Only roles that load may see rows that are not live.")
            .hint("Connect as a member of role elt_load.")
            .into());
    }
    if !may_keep {
        let message = format!("role \"{role}\" may not create temporary tables in this database");
        return Err(Failure::new(Exit::Failed, message)
            .hint("Run " + elt!("grants", "--yes") + " as the owner of the database.")
            .into());
    }
    Ok(())
}

/// The core tables that are filled from a source, by name.
pub(crate) fn filled_tables(
    client: &mut impl GenericClient,
    source: &str,
) -> Result<Vec<FilledTable>> {
    let sql = "select table_name, elt.header_key(jsonb_build_object('fills', table_name)) \
               from elt.filled_table where $1 = any(sources) order by table_name";
    let rows = client.query(sql, &[&source])?;
    Ok(rows
        .iter()
        .map(|row| FilledTable {
            name: row.get(0),
            key: row.get(1),
        })
        .collect())
}

/// Keeps the rows that a table would have of a load in a temporary table of this name.
pub(crate) fn keep_rows(
    client: &mut impl GenericClient,
    load_id: i64,
    table: &FilledTable,
    kept_as: &str,
) -> Result<()> {
    let sql = "select elt.load_rows($1, $2, $3)";
    client.query_one(sql, &[&load_id, &table.name, &kept_as])?;
    Ok(())
}
