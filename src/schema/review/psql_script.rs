//! Writes a script for psql that does what `elt migrate` would do, including the ledger rows.

use super::rehearsal::{Rehearsal, ViewStep};
use crate::project::{Layer, Project, SqlFile};
use crate::schema::IS_OWNERS;
use crate::schema::apply::ledger;
use crate::schema::apply::rebuild::attributes;
use crate::schema::apply::without_transaction::concurrent_index;
use crate::schema::sql_text::{statements, with_final_semicolon};
use anyhow::{Context, Result};
use postgres::Client;
use std::fmt::Write;

const HEAD: &str = "\
-- The statements of elt migrate, to run with psql -X -f FILE. Each transaction also writes its ledger row, so
-- that elt knows what was applied. If the script stops early, elt migrate applies the rest.
\\set ON_ERROR_STOP on
set client_encoding to 'UTF8';
set standard_conforming_strings to on;
set client_min_messages to warning;
set timezone to 'UTC';
set datestyle to 'ISO, YMD';
select pg_advisory_lock(6646900, 1);    -- blocks other migrations
";

/// The script. `client` reads the settings of views that must be restored.
pub(crate) fn psql_script(
    client: &mut Client,
    project: &Project,
    rehearsal: &Rehearsal<'_>,
) -> Result<String> {
    let mut out = String::from(HEAD);
    // As elt migrate does. Without the right to create schemas, even "if not exists" fails.
    writeln!(
        out,
        "{IS_OWNERS} as is_owners, to_regnamespace('elt') is null as is_new \\gset\n\
         \\if :is_owners\nset role elt_migrate;\n\\endif\n\
         \\if :is_new\ncreate schema elt;\n\\endif"
    )?;
    out.push_str(&ledger::create_both_sql());
    if let Some(caveat) = &rehearsal.caveat {
        writeln!(
            out,
            "\n-- careful: {caveat}.\n-- create or replace fails for a view whose columns changed: drop the view and its dependents first."
        )?;
    }
    write_migrations(&mut out, rehearsal)?;
    if !rehearsal.migrations.is_empty() {
        write_texts(&mut out, rehearsal)?;
    }
    write_views(&mut out, client, project, rehearsal)?;
    writeln!(
        out,
        "\nselect elt.grant_roles();\nselect pg_advisory_unlock(6646900, 1);\nreset role;"
    )?;
    let changes_core = rehearsal.views.iter().any(|(step, _)| match step {
        ViewStep::Record { name, .. } => name.starts_with("core."),
        _ => false,
    });
    if changes_core {
        writeln!(
            out,
            "-- Core queries change: run elt migrate afterwards to publish the live loads again."
        )?;
    }
    Ok(out)
}

fn write_migrations(out: &mut String, rehearsal: &Rehearsal<'_>) -> Result<()> {
    for each in &rehearsal.migrations {
        let pending = each.pending;
        let (name, checksum) = pending.row();
        let ledger_row = format!(
            "insert into {} (version, name, applied_on, checksum) values ({}, {}, \
             to_char(now() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '{checksum}');",
            pending.ledger,
            pending.version,
            quoted(name),
        );
        let text = with_final_semicolon(&pending.file.text);
        if pending.file.is_outside_transaction() {
            writeln!(
                out,
                "\n-- {}: outside a transaction\n{}{text}\nreset lock_timeout;\nreset statement_timeout;\n{ledger_row}",
                pending.file.path,
                dropping_invalid(&text),
            )?
        } else {
            writeln!(
                out,
                "\n-- {}: one transaction\nbegin;\n{text}\n{ledger_row}\ncommit;",
                pending.file.path
            )?
        }
    }
    Ok(())
}

/// Statements that drop an invalid index of an interrupted attempt: "if not exists" would accept it.
fn dropping_invalid(text: &str) -> String {
    let indexes = statements(text).into_iter().filter_map(concurrent_index);
    let selects = indexes.map(|index| {
        format!(
            "select format('drop index concurrently if exists %I.%I', relnamespace::regnamespace, relname) \
             from pg_index inner join pg_class on pg_class.oid = indexrelid \
             where indrelid = to_regclass({}) and relname = {}::name and not indisvalid \\gexec\n",
            quoted(&index.table),
            quoted(&index.name),
        )
    });
    selects.collect()
}

/// Writes the texts after all migrations, because one of them adds the column.
fn write_texts(out: &mut String, rehearsal: &Rehearsal<'_>) -> Result<()> {
    writeln!(
        out,
        "\n-- texts of these files, for later comparison: one transaction\nbegin;"
    )?;
    for each in &rehearsal.migrations {
        writeln!(
            out,
            "update {} set applied_text = {} where version = {};",
            each.pending.ledger,
            dollar_quoted(&each.pending.file.text),
            each.pending.version
        )?;
    }
    writeln!(out, "commit;")?;
    Ok(())
}

fn write_views(
    out: &mut String,
    client: &mut Client,
    project: &Project,
    rehearsal: &Rehearsal<'_>,
) -> Result<()> {
    if rehearsal.views.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n-- views, functions and queries of sql/: one transaction\nbegin;\nset local lock_timeout = '2s';"
    )?;
    let file = |name: &str| {
        let mut files = project.sql.iter();
        files
            .find(|file| file.name == name)
            .with_context(|| format!("there is no file of \"{name}\""))
    };
    for (step, _) in &rehearsal.views {
        match step {
            ViewStep::Drop { name, kind } => {
                writeln!(out, "\ndrop {} if exists {name};", kind.name())?;
            }
            ViewStep::Make { name } => match file(name)? {
                file if file.layer == Layer::Export => {
                    writeln!(
                        out,
                        "\n-- {}: a query that elt export runs; no object",
                        file.path
                    )?;
                }
                file => writeln!(
                    out,
                    "\n-- {}\n{}",
                    file.path,
                    with_final_semicolon(&file.text)
                )?,
            },
            ViewStep::Restore { name } => {
                for statement in attributes(client, name)? {
                    writeln!(out, "{statement};")?;
                }
            }
            ViewStep::Record { name, version } => {
                writeln!(out, "{}", version_row(file(name)?, *version)?)?;
            }
            ViewStep::RecordRemoval { name } => writeln!(
                out,
                "update elt.view_version set removed_at = now() where name = {} and removed_at is null;",
                quoted(name)
            )?,
        }
    }
    writeln!(out, "\ncommit;")?;
    Ok(())
}

fn version_row(file: &SqlFile, version: i64) -> Result<String> {
    Ok(format!(
        "insert into elt.view_version (name, version, layer, header, sha256, definition, elt_version) values \
         ({}, {version}, {}, {}, {}, {}, {});",
        quoted(&file.name),
        quoted(file.layer.name()),
        quoted(&serde_json::to_string(&file.header)?),
        quoted(&file.sha256),
        dollar_quoted(&file.text),
        quoted(env!("CARGO_PKG_VERSION")),
    ))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text in dollar quotes, with a tag that is not in it.
fn dollar_quoted(text: &str) -> String {
    let mut mark = String::from("$text$");
    while text.contains(&mark) {
        mark.insert(1, '_');
    }
    format!("{mark}{text}{mark}")
}
