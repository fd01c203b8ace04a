//! `elt grants`: prints or runs the statements that create roles and grant their rights.

use super::Context;
use crate::cli::GrantsArgs;
use crate::db::locks;
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::schema;
use crate::terminal;
use anyhow::Result;
use postgres::error::SqlState;
use postgres::{Client, GenericClient};
use serde::Serialize;

/// A row of `elt.grant_statement`.
#[derive(Serialize)]
struct Statement {
    /// `role`, `owner` or `right`.
    part: String,
    role: String,
    statement: String,
    /// Whether it is in place already.
    is_done: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    is_applied: bool,
    /// As found before anything was run.
    statements: &'a [Statement],
}

pub(super) fn run(context: &Context<'_>, args: &GrantsArgs) -> Result<Exit> {
    let database = context.open(false)?;
    let mut client = database.connect("grants")?;
    let has_schema = has_statements(&mut client)?;
    let (statements, left) = if args.is_applied() {
        apply(&mut client, &context.project, has_schema)?
    } else {
        (read(&mut client, &context.project, has_schema)?, None)
    };
    if let Some(left) = left {
        return Err(left.into());
    }
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            is_applied: args.is_applied(),
            statements: &statements,
        })?;
    } else if args.is_applied() {
        let run = statements.iter().filter(|each| !each.is_done);
        for each in run.clone() {
            terminal::line(&format!("{};", each.statement))?;
        }
        terminal::summary(format!(
            "statements run: {}, in place before: {}",
            run.count(),
            statements.iter().filter(|each| each.is_done).count()
        ))?;
    } else {
        print(&statements)?;
    }
    if !has_schema {
        terminal::note(
            "this database has no elt schema yet: "
                + elt!("migrate")
                + " creates it and grants the rest",
        );
    }
    Ok(Exit::Done)
}

fn has_statements(client: &mut Client) -> Result<bool> {
    let sql = "select exists (select from pg_class where relnamespace = to_regnamespace('elt') \
               and relname = 'grant_statement')";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// Without a schema, only the statements for roles and their access to the database.
fn read(
    client: &mut impl GenericClient,
    project: &Project,
    has_schema: bool,
) -> Result<Vec<Statement>> {
    let of_roles = project.engine_query("elt.role_statement");
    let from = match of_roles.filter(|_| !has_schema) {
        None => "elt.grant_statement".to_string(),
        Some(query) => format!("(select *, 'role' as part from ({query}) as known) as known"),
    };
    let sql = format!("select part, role_name, statement, is_done from {from} order by place");
    let rows = client.query_typed(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Statement {
            part: row.get(0),
            role: row.get(1),
            statement: row.get(2),
            is_done: row.get(3),
        })
        .collect())
}

/// Runs the statements that are not in place, in one transaction. Returns the statements as found before, and a
/// failure if some are still not in place. An object of another owner fails only its own statement.
fn apply(
    client: &mut Client,
    project: &Project,
    has_schema: bool,
) -> Result<(Vec<Statement>, Option<Failure>)> {
    locks::lock_migrations(client, schema::note_waiting)?;
    let statements = read(client, project, has_schema)?;
    let mut transaction = client.transaction()?;
    // Changing the owner of a view waits for its readers, and new readers wait behind it.
    transaction.batch_execute("set local lock_timeout to '5s'")?;
    let mut refused = None;
    for each in statements.iter().filter(|each| !each.is_done) {
        let mut savepoint = transaction.savepoint("statement")?;
        match savepoint.batch_execute(&each.statement) {
            Ok(()) => savepoint.commit()?,
            // All other statements need the roles.
            Err(error) if each.part == "role" || !is_about_rights(&error) => {
                return Err(explain(error, &each.statement));
            }
            Err(error) => {
                savepoint.rollback()?;
                refused.get_or_insert((error, &each.statement));
            }
        }
    }
    // PostgreSQL only warns about rights that the caller may not grant.
    let mut left = read(&mut transaction, project, has_schema)?;
    transaction.commit()?;
    left.retain(|each| !each.is_done);
    let failure = match (refused, left.first()) {
        (Some((error, statement)), _) => {
            Some(could_not_run(statement, needed_rights()).because(error))
        }
        (None, Some(first)) => Some(could_not_run(&first.statement, needed_rights())),
        (None, None) => None,
    };
    let detail = format!(
        "Statements that are not in place: {}. All others are in place.",
        left.len()
    );
    Ok((statements, failure.map(|failure| failure.detail(detail))))
}

fn is_about_rights(error: &postgres::Error) -> bool {
    error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
}
fn needed_rights() -> Sentence {
    "Creating roles needs a role with CREATEROLE; the other statements need the owner of the database and its \
     objects. Ask an administrator to run "
        + elt!("grants", "--yes")
        + ", or the output of "
        + elt!("grants")
        + " in psql."
}

fn could_not_run(statement: &str, hint: Sentence) -> Failure {
    Failure::new(Exit::Failed, format!("could not run: {statement}")).hint(hint)
}

fn explain(error: postgres::Error, statement: &str) -> anyhow::Error {
    let hint = match error.code() {
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => needed_rights(),
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            "Another session is using the object. Try again.".into()
        }
        _ => return anyhow::Error::new(error).context(format!("could not run: {statement}")),
    };
    let failure = could_not_run(statement, hint).because(error);
    failure.detail("Nothing was changed.").into()
}

/// Prints only SQL and SQL comments, so that psql can run the output.
fn print(statements: &[Statement]) -> Result<()> {
    let mut part = "";
    for each in statements {
        if each.part != part {
            part = &each.part;
            terminal::line(match part {
                "role" => {
                    "-- Roles and their access to this database: run by a role with CREATEROLE that owns the database."
                }
                "owner" => "\n-- Objects of elt, owned by elt_migrate.",
                _ => {
                    "\n-- Rights of each role to read, write and call; elt migrate keeps them up to date."
                }
            })?;
        }
        terminal::line(&format!("{};", each.statement))?;
    }
    terminal::line(
        "\n-- Then create a login for each person and program, for example:\n\
         -- create role ann login in role elt_read;",
    )
}
