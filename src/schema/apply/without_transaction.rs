//! Migrations outside a transaction, such as `create index concurrently`, which do not block other sessions.
//! Each statement is one step that can be repeated after a crash. The ledger row is written after the last step.

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::MigrationFile;
use crate::schema::sql_text::{folded_words, skip_comments, statements};
use crate::terminal;
use anyhow::Result;
use postgres::Client;

/// Runs a file statement by statement.
pub(in crate::schema) fn run(client: &mut Client, file: &MigrationFile) -> Result<()> {
    let statements = statements(&file.text);
    for statement in &statements {
        require_repeatable(statement, file)?;
    }
    // These statements wait for current users of the table without blocking others, so they need no timeout.
    client.batch_execute("set lock_timeout = 0; set statement_timeout = 0")?;
    let outcome = statements
        .iter()
        .try_for_each(|statement| run_one(client, statement, file));
    let reset = client.batch_execute("reset lock_timeout; reset statement_timeout");
    outcome?;
    Ok(reset?)
}

fn run_one(client: &mut Client, statement: &str, file: &MigrationFile) -> Result<()> {
    let index = concurrent_index(statement);
    if let Some(index) = &index {
        drop_invalid(client, index)?;
    }
    client
        .batch_execute(statement)
        .map_err(|error| could_not(file, statement).because(error))?;
    // "if not exists" accepts an invalid index.
    match index {
        Some(index) if !invalid(client, &index)?.is_empty() => Err(could_not(file, statement)
            .detail(format!("Index \"{}\" exists but is not valid.", index.name))
            .into()),
        _ => Ok(()),
    }
}

fn could_not(file: &MigrationFile, statement: &str) -> Failure {
    let first = skip_comments(statement)
        .lines()
        .next()
        .unwrap_or_default()
        .to_string();
    Failure::new(
        Exit::Failed,
        format!("could not apply migration \"{}\", at: {first}", file.path),
    )
    .hint(
        "Correct the problem and run "
            + elt!("migrate")
            + " again: it runs all statements of the file again, and first drops an invalid index.",
    )
}

/// An index that a statement creates concurrently.
pub(in crate::schema) struct Index {
    pub(in crate::schema) name: String,
    /// Its table, as the text names it.
    pub(in crate::schema) table: String,
}

pub(in crate::schema) fn concurrent_index(statement: &str) -> Option<Index> {
    let parts = folded_words(statement);
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let rest = match words.as_slice() {
        ["create", "unique", "index", "concurrently", rest @ ..]
        | ["create", "index", "concurrently", rest @ ..] => rest,
        _ => return None,
    };
    let rest = rest.strip_prefix(&["if", "not", "exists"]).unwrap_or(rest);
    let (name, rest) = match rest {
        [name, "on", "only", rest @ ..] | [name, "on", rest @ ..] => (name, rest),
        _ => return None,
    };
    let table = match rest {
        [schema, ".", table, ..] => format!("{schema}.{table}"),
        [table, ..] => (*table).to_string(),
        [] => return None,
    };
    Some(Index {
        name: unquoted(name),
        table,
    })
}

fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.map_or(name.to_string(), |inner| inner.replace("\"\"", "\""))
}

/// After a crash between a statement and the ledger row, the statement runs again.
fn require_repeatable(statement: &str, file: &MigrationFile) -> Result<()> {
    let lower = skip_comments(statement).to_lowercase();
    let creates = concurrent_index(statement).is_some() && !lower.contains("if not exists");
    let drops = lower.starts_with("drop index") && !lower.contains("if exists");
    if creates || drops {
        let wanted = if creates {
            "if not exists"
        } else {
            "if exists"
        };
        return Err(Failure::new(
            Exit::Usage,
            format!("migration \"{}\" cannot be repeated after a crash", file.path),
        )
        .detail("Its header has \"transaction: none\", so a crash may leave a statement done but not recorded.")
        .hint(format!("Write {wanted} into: {}", skip_comments(statement).lines().next().unwrap_or_default()))
        .into());
    }
    Ok(())
}

fn invalid(client: &mut Client, index: &Index) -> Result<Vec<String>> {
    let sql = "select format('%I.%I', relnamespace::regnamespace, relname) from pg_index \
               inner join pg_class on pg_class.oid = indexrelid \
               where indrelid = to_regclass($1) and relname = $2::text::name and not indisvalid";
    let rows = client.query(sql, &[&index.table, &index.name])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Drops the invalid index of an interrupted attempt.
fn drop_invalid(client: &mut Client, index: &Index) -> Result<()> {
    for name in invalid(client, index)? {
        terminal::note(format!(
            "index {name} is not valid because its creation was interrupted: it is dropped and created again"
        ));
        client.batch_execute(&format!("drop index concurrently if exists {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_and_its_table_are_read_off_the_statement() {
        let index = |sql: &str| concurrent_index(sql).map(|index| (index.name, index.table));
        let expected = Some(("a_idx".to_string(), "core.a".to_string()));
        assert_eq!(
            index("-- why\ncreate index concurrently if not exists a_idx\non core.a (b)"),
            expected
        );
        assert_eq!(
            index("create unique index concurrently a_idx on core.a(b)"),
            expected
        );
        assert_eq!(index("create index a_idx on core.a (b)"), None);
        let expected = Some(("A \"b\"".to_string(), "\"core\".a".to_string()));
        assert_eq!(
            index("/* why */ create index concurrently \"A \"\"b\"\"\" ON only \"core\".A(b)"),
            expected
        );
    }
}
