//! The checks of `elt doctor`.

use super::{Finding, Level};
use crate::commands::Context;
use crate::database::Database;
use crate::failure::sentence::{Invocation, elt};
use crate::{schema, terminal};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use postgres::{Client, Row};
use serde_json::Value;
use std::path::Path;

/// Clocks that differ by more than this make recorded times misleading.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);

/// Less free space than this is too little for a load.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;

/// Times in the database come from the server's clock and are compared with times of this machine.
pub(super) fn clock(client: &mut Client) -> Result<Finding> {
    let before = Utc::now();
    let row = client.query_typed_one("select clock_timestamp()", &[])?;
    let after = Utc::now();
    let server: DateTime<Utc> = row.get(0);
    // The server read its clock at some time in between.
    let difference = match (server < before, server > after) {
        (true, _) => before - server,
        (_, true) => server - after,
        _ => TimeDelta::zero(),
    };
    let seconds = difference.num_milliseconds() as f64 / 1000.0;
    let finding = Finding::ok(
        "clock",
        format!("clocks of server and client differ by {seconds:.1} s"),
    );
    Ok(if difference > CLOCKS_DIFFER {
        finding.with_problem(
            Level::Problem,
            "Times of loads, schedules, leases and tokens come from the server, those of files and logs from this \
             machine. Synchronise both clocks over the network.",
            None,
        )
    } else {
        finding
    })
}

pub(super) fn schema_state(
    context: &Context<'_>,
    database: &Database,
    client: &mut Client,
) -> Result<Vec<Finding>> {
    let plan = schema::plan(client, &context.project)?;
    if schema::is_missing(client)? {
        let finding = Finding::ok("schema", "this database has no elt schema yet");
        return Ok(vec![match database.is_embedded() {
            true => finding,
            false if has_utf8(client)? => finding.with_problem(
                Level::Problem,
                "Nothing can be loaded.",
                Some(elt!("migrate")),
            ),
            false => finding.with_problem(
                Level::Problem,
                "elt needs a database whose encoding is UTF8.",
                None,
            ),
        }]);
    }
    if plan.is_empty() && plan.to_reload.is_empty() {
        return Ok(vec![Finding::ok("schema", "the schema is up to date")]);
    }
    if plan.is_empty() {
        let why = format!(
            "Older loads of these sources are no longer in staging: {}. Load their files again, the oldest first.",
            plan.to_reload.join(", ")
        );
        let finding = Finding::ok("schema", "core does not match the current core queries");
        return Ok(vec![finding.with_problem(Level::Problem, why, None)]);
    }
    let finding = Finding::ok("schema", "the schema is not up to date");
    let why = format!(
        "Pending: migrations: {}, views, functions and queries: {}{}. Nothing can be loaded until they are applied.",
        plan.migrations.len(),
        plan.views.len(),
        if plan.core_is_behind {
            ", core to be published again"
        } else {
            ""
        }
    );
    Ok(vec![finding.with_problem(
        Level::Problem,
        why,
        Some(elt!("migrate")),
    )])
}

fn has_utf8(client: &mut Client) -> Result<bool> {
    let sql = "select current_setting('server_encoding') = 'UTF8'";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// The rows of `elt.finding`. On a server without our schema, the findings that need no schema.
pub(super) fn database_findings(
    context: &Context<'_>,
    client: &mut Client,
) -> Result<Vec<Finding>> {
    let sql = "select exists (select from pg_class where relnamespace = to_regnamespace('elt') \
               and relname = 'finding' and has_table_privilege(oid, 'select') \
               and has_schema_privilege(relnamespace, 'usage'))";
    let is_there: bool = client.query_typed_one(sql, &[])?.get(0);
    let of_any = context.project.engine_query("elt.server_finding");
    let from = match of_any.filter(|_| !is_there) {
        None => "elt.finding".to_string(),
        Some(query) => format!("({query})"),
    };
    let sql = format!(
        "select area, what, level, why, statement, to_jsonb(found) -> 'command' from {from} as found order by place"
    );
    let rows = client.query_typed(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Finding {
            area: row.get(0),
            what: row.get(1),
            level: match row.get(2) {
                "ok" => Level::Ok,
                "advice" => Level::Advice,
                _ => Level::Problem,
            },
            why: row.get(3),
            statement: remedy(row),
        })
        .collect())
}

/// The statement or command that fixes the finding.
fn remedy(row: &Row) -> Option<String> {
    let command: Option<Value> = row.get(5);
    match serde_json::from_value(command.unwrap_or_default()) {
        Ok(words) => Some(terminal::typed(Invocation::new(words))),
        Err(_) => row.get(4),
    }
}

/// Free space of the server's disk, if the server is on this machine and the role may see its data folder.
pub(super) fn free_space(client: &mut Client) -> Result<Vec<Finding>> {
    let sql = "select setting from pg_settings where name = 'data_directory' and inet_server_addr() is null";
    let Some(row) = client.query_typed_opt(sql, &[])? else {
        return Ok(Vec::new());
    };
    let folder: String = row.get(0);
    let Ok(space) = nix::sys::statvfs::statvfs(Path::new(&folder)) else {
        return Ok(Vec::new());
    };
    let free = space.blocks_available() * space.fragment_size();
    let finding = Finding::ok("disk", format!("free: {}", terminal::size(free)));
    Ok(vec![if free < LITTLE_SPACE {
        finding.with_problem(
            Level::Problem,
            "A load needs space for its rows in staging and core, and the server needs space for its log. Free \
             some space; "
                + elt!("gc")
                + " drops what is no longer needed.",
            Some(elt!("gc")),
        )
    } else {
        finding
    }])
}
