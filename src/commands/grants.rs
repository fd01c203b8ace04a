//! `elt grants`: roles, and what each may do, as statements to read or to run.

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
    /// It would change nothing.
    is_done: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    is_applied: bool,
    /// As they were found.
    statements: &'a [Statement],
}

pub(super) fn run(context: &Context<'_>, args: &GrantsArgs) -> Result<Exit> {
    let database = context.open(false)?;
    let mut client = database.connect("grants")?;
    let has_schema = has_statements(&mut client)?;
    let (statements, left) = match args.apply {
        false => (read(&mut client, &context.project, has_schema)?, None),
        true => apply(&mut client, &context.project, has_schema)?,
    };
    if let Some(left) = left {
        return Err(left.into());
    }
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            is_applied: args.apply,
            statements: &statements,
        })?;
    } else if args.apply {
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
            "elt has no schema here yet: " + elt!("migrate") + " makes it, and grants the rest",
        );
    }
    Ok(Exit::Done)
}

fn has_statements(client: &mut Client) -> Result<bool> {
    let sql = "select exists (select from pg_class where relnamespace = to_regnamespace('elt') \
               and relname = 'grant_statement')";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// Where there is no schema, only the roles and their way into the database.
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

/// Runs what is not in place, in one transaction. What was found before; and a failure if something of it still
/// is not in place: what is somebody else's stops nothing but itself.
fn apply(
    client: &mut Client,
    project: &Project,
    has_schema: bool,
) -> Result<(Vec<Statement>, Option<Failure>)> {
    locks::lock_migrations(client, schema::say_waiting)?;
    let statements = read(client, project, has_schema)?;
    let mut transaction = client.transaction()?;
    // Whoever reads a view that is to change its owner is waited for, and others wait meanwhile.
    transaction.batch_execute("set local lock_timeout to '5s'")?;
    let mut refused = None;
    for each in statements.iter().filter(|each| !each.is_done) {
        let mut savepoint = transaction.savepoint("statement")?;
        match savepoint.batch_execute(&each.statement) {
            Ok(()) => savepoint.commit()?,
            // Without the roles nothing goes.
            Err(error) if each.part == "role" || !is_about_rights(&error) => {
                return Err(explain(error, &each.statement));
            }
            Err(error) => {
                savepoint.rollback()?;
                refused.get_or_insert((error, &each.statement));
            }
        }
    }
    // Of rights that who asks may not give PostgreSQL only warns.
    let mut left = read(&mut transaction, project, has_schema)?;
    transaction.commit()?;
    left.retain(|each| !each.is_done);
    let failure = match (refused, left.first()) {
        (Some((error, statement)), _) => Some(cannot(statement, who_may()).because(error)),
        (None, Some(first)) => Some(cannot(&first.statement, who_may())),
        (None, None) => None,
    };
    let detail = format!(
        "Statements that are not in place: {}. All others are.",
        left.len()
    );
    Ok((statements, failure.map(|failure| failure.detail(detail))))
}

fn is_about_rights(error: &postgres::Error) -> bool {
    error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
}
fn who_may() -> Sentence {
    "Roles are made by a role that may create roles; the rest is for who owns the database and what is in it. \
     Have an administrator run "
        + elt!("grants", "--apply")
        + ", or the output of "
        + elt!("grants")
        + " in psql."
}

fn cannot(statement: &str, hint: Sentence) -> Failure {
    Failure::new(Exit::Failed, format!("could not run: {statement}")).hint(hint)
}

fn explain(error: postgres::Error, statement: &str) -> anyhow::Error {
    let hint = match error.code() {
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => who_may(),
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            "Another session uses it just now: try again.".into()
        }
        _ => return anyhow::Error::new(error).context(format!("could not run: {statement}")),
    };
    let failure = cannot(statement, hint).because(error);
    failure.detail("Nothing was changed.").into()
}

/// SQL, and nothing that is not: psql runs it as it is.
fn print(statements: &[Statement]) -> Result<()> {
    let mut part = "";
    for each in statements {
        if each.part != part {
            part = &each.part;
            terminal::line(match part {
                "role" => {
                    "-- Roles, and their way into this database: for whoever may create roles and owns the database."
                }
                "owner" => "\n-- What is elt's becomes elt_migrate's.",
                _ => {
                    "\n-- What each role may read, write and call; elt migrate keeps that up to date."
                }
            })?;
        }
        terminal::line(&format!("{};", each.statement))?;
    }
    terminal::line(
        "\n-- Then each person and program has a login of its own, as in:\n\
         -- create role ann login in role elt_read;",
    )
}
