//! The ledgers record applied migrations, and are compared with the files. refinery defines their format; elt
//! adds the text of each file.

use crate::failure::sentence::{Sentence, elt, quoted};
use crate::failure::{Exit, Failure};
use crate::project::{MigrationFile, Project};
use anyhow::Result;
use postgres::Client;
use postgres::types::Type;
use refinery::Migration;
use similar::TextDiff;
use std::path::Path;

pub(super) const ENGINE_LEDGER: &str = "elt.engine_migration";
const PROJECT_LEDGER: &str = "elt.project_migration";

/// Longer differences are cut to this length.
const LINES_SHOWN: usize = 40;

/// Each ledger table with its files. The engine's come first, because project migrations refer to its tables.
pub(super) fn ledgers(project: &Project) -> [(&'static str, &[MigrationFile]); 2] {
    [
        (ENGINE_LEDGER, &project.engine_migrations),
        (PROJECT_LEDGER, &project.project_migrations),
    ]
}

/// A migration that was applied.
pub(crate) struct Applied {
    pub(crate) ledger: &'static str,
    pub(crate) version: i32,
    pub(crate) name: String,
    pub(crate) applied_on: String,
    checksum: String,
}

/// The rows of a ledger.
pub(super) fn applied(client: &mut Client, ledger: &'static str) -> Result<Vec<Applied>> {
    if !exists(client, ledger)? {
        return Ok(Vec::new());
    }
    let sql = format!("select version, name, applied_on, checksum from {ledger} order by version");
    let rows = client.query_typed(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Applied {
            ledger,
            version: row.get(0),
            name: row.get(1),
            applied_on: row.get(2),
            checksum: row.get(3),
        })
        .collect())
}

pub(crate) fn all_applied(client: &mut Client, project: &Project) -> Result<Vec<Applied>> {
    let mut all = Vec::new();
    for (ledger, _) in ledgers(project) {
        all.extend(applied(client, ledger)?);
    }
    Ok(all)
}

fn exists(client: &mut Client, ledger: &str) -> Result<bool> {
    let sql = "select to_regclass($1) is not null";
    let row = client.query_typed_one(sql, &[(&ledger, Type::TEXT)])?;
    Ok(row.get(0))
}

/// Creates both ledgers as refinery would, but before the first migration, because migrations change them.
pub(super) fn create(client: &mut Client) -> Result<()> {
    for ledger in [ENGINE_LEDGER, PROJECT_LEDGER] {
        if !exists(client, ledger)? {
            client.batch_execute(&create_sql(ledger))?;
        }
    }
    Ok(())
}

/// The statements that create both ledgers, for a script that may run when they exist.
pub(in crate::schema) fn create_both_sql() -> String {
    [ENGINE_LEDGER, PROJECT_LEDGER].map(create_sql).concat()
}

fn create_sql(ledger: &str) -> String {
    format!(
        "create table if not exists {ledger} \
         (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255));\n"
    )
}

/// Fills in missing texts of applied migrations from files whose checksum still matches.
pub(super) fn fill_texts(
    client: &mut Client,
    ledger: &str,
    migrations: &[Migration],
) -> Result<()> {
    let has_texts = "select exists (select from pg_attribute where attrelid = to_regclass($1) \
                     and attname = 'applied_text')";
    let row = client.query_typed_one(has_texts, &[(&ledger, Type::TEXT)])?;
    if !row.get::<_, bool>(0) {
        return Ok(());
    }
    let sql = format!(
        "update {ledger} as ledger set applied_text = file.text \
         from unnest($1::int4[], $2::text[], $3::text[]) as file (version, checksum, text) \
         where ledger.version = file.version and ledger.checksum = file.checksum and ledger.applied_text is null"
    );
    let files = || migrations.iter();
    let versions: Vec<i32> = files().map(Migration::version).collect();
    let checksums: Vec<String> = files().map(|file| file.checksum().to_string()).collect();
    let texts: Vec<Option<&str>> = files().map(Migration::sql).collect();
    client.execute(&sql, &[&versions, &checksums, &texts])?;
    Ok(())
}

/// A ledger that disagrees with the files is an error.
pub(super) fn verify(
    client: &mut Client,
    migrations: &[Migration],
    files: &[MigrationFile],
    applied: &[Applied],
) -> Result<()> {
    for (index, applied) in applied.iter().enumerate() {
        let Some((migration, file)) = migrations.get(index).zip(files.get(index)) else {
            return Err(missing_failure(client, files, applied)?.into());
        };
        let same = migration.version() == applied.version
            && migration.name() == applied.name
            && migration.checksum().to_string() == applied.checksum;
        if !same {
            return Err(edited_failure(client, migration, file, applied)?.into());
        }
    }
    Ok(())
}

fn missing_failure(
    client: &mut Client,
    files: &[MigrationFile],
    applied: &Applied,
) -> Result<Failure> {
    let mut hint = Sentence::from("Use the version of elt or of the project that applied it.");
    // The engine's are in the program.
    if let (PROJECT_LEDGER, Some(text)) = (applied.ledger, text(client, applied)?) {
        let name = format!("V{:04}__{}.sql", applied.version, applied.name);
        let beside = files
            .last()
            .map_or(Path::new(""), |file| Path::new(&file.path));
        if let Some(command) = restore_command(applied, &text, &beside.with_file_name(name)) {
            hint = hint + " If only its file is missing, restore it with " + command;
        }
    }
    Ok(Failure::new(
        Exit::Schema,
        format!(
            "the database's schema is newer than this elt: it has migration {} \"{}\" in ledger \"{}\"",
            applied.version, applied.name, applied.ledger
        ),
    )
    .detail(format!("This elt has {} migrations of that ledger.", files.len()))
    .hint(hint))
}

fn edited_failure(
    client: &mut Client,
    migration: &Migration,
    file: &MigrationFile,
    applied: &Applied,
) -> Result<Failure> {
    let mut detail = format!(
        "Ledger \"{}\" has version {} as \"{}\", applied on {}, with another text or name: its checksum is \
         {}, and that of the file {}.",
        applied.ledger,
        applied.version,
        applied.name,
        applied.applied_on,
        applied.checksum,
        migration.checksum()
    );
    let failure = Failure::new(
        Exit::Schema,
        format!("migration \"{}\" differs from the applied one", file.path),
    );
    let others = "If the database belongs to another project, name another database.";
    let hint = |how: Option<Sentence>| {
        let how = how.map_or("".into(), |command| " (" + command + ")");
        "An applied migration must not be edited: restore its old text"
            + how
            + ", and write a new one. "
            + others
    };
    // If the names differ, the texts are unrelated.
    if migration.name() != applied.name {
        return Ok(failure.detail(detail).hint(hint(None)));
    }
    let Some(text) = text(client, applied)? else {
        detail.push_str(" The old text is not known: it was applied before elt recorded texts.");
        return Ok(failure.detail(detail).hint(hint(None)));
    };
    let command = restore_command(applied, &text, Path::new(&file.path));
    let failure = failure.hint(hint(command));
    let with_lf = |text: &str| text.replace("\r\n", "\n");
    if with_lf(&text) == with_lf(&file.text) {
        detail.push_str(" Only the line ends differ.");
        return Ok(failure.detail(detail));
    }
    let difference = TextDiff::from_lines(&text, &file.text)
        .unified_diff()
        .header(&format!("applied on {}", applied.applied_on), &file.path)
        .to_string();
    Ok(failure.detail(detail).difference(first_lines(&difference)))
}

/// The applied text, if it is known. The column was added by a migration.
fn text(client: &mut Client, applied: &Applied) -> Result<Option<String>> {
    let sql = format!(
        "select to_jsonb(ledger) ->> 'applied_text' from {} as ledger where version = $1",
        applied.ledger
    );
    let row = client.query_typed_one(&sql, &[(&applied.version, Type::INT4)])?;
    Ok(row.get(0))
}

/// The command that writes the text to a file. psql adds a line end, so the text must end with one.
fn restore_command(applied: &Applied, text: &str, path: &Path) -> Option<Sentence> {
    let query = format!(
        "select left(applied_text, -1) from {} where version = {}",
        applied.ledger, applied.version
    );
    let file = quoted(&path.to_string_lossy());
    let command = elt!("db", "psql", "--", "-XAtc", query) + format!(" > {file}");
    text.ends_with('\n').then_some(command)
}

fn first_lines(difference: &str) -> String {
    let lines: Vec<&str> = difference.lines().collect();
    match lines.len().saturating_sub(LINES_SHOWN) {
        0 => lines.join("\n"),
        left => format!(
            "{}\n... and {left} more lines",
            lines[..LINES_SHOWN].join("\n")
        ),
    }
}
