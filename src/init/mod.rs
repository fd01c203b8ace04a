//! A project that runs, written for a file: its staging table and core table, the queries between
//! them, rules, a view and an export. All of it is plain SQL that its owner goes on with.

mod column;
mod sniff;
mod texts;
mod values;

use crate::extract::compressed_names;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use column::{Column, Kind, is_reserved, snake_case};
use serde::Serialize;
use sniff::{Field, Sniffed, sniff};
use std::fs;
use std::path::{Path, PathBuf};
use texts::Texts;

/// For a project without a file of its own.
const EXAMPLE: &str = "order_id,customer,amount,ordered_on\n\
    1,Ann,19.90,2026-01-05\n2,Ben,5.00,2026-01-06\n3,Ann,7.45,2026-02-01\n\
    3,Ann,7.50,2026-02-01\n4,\"Zoe, of course\",n/a,2026-02-02\n";
const EXAMPLE_FILE: &str = "orders.csv";

/// What was made.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) folder: PathBuf,
    pub(crate) source: String,
    pub(crate) database: String,
    /// Paths below the folder.
    pub(crate) files: Vec<String>,
    pub(crate) columns: Vec<ColumnReport>,
    /// Column that tells rows apart; None where none does.
    pub(crate) key: Option<String>,
    pub(crate) rows: u64,
    /// Records that no load will take either.
    pub(crate) rejected: u64,
}

#[derive(Serialize)]
pub(crate) struct ColumnReport {
    pub(crate) name: String,
    pub(crate) sql_type: &'static str,
}

/// Writes the project, or one source more into one that is there.
pub(crate) fn init(dir: &Path, from: Option<&Path>, name: Option<&str>) -> Result<Report> {
    let folder = std::path::absolute(dir)?;
    if folder.is_file() {
        return Err(
            Failure::new(Exit::Usage, format!("\"{}\" is a file", dir.display()))
                .detail("A project is a folder.")
                .hint(format!(
                    "A project for that file: elt init DIR --from {}.",
                    dir.display()
                ))
                .into(),
        );
    }
    let is_new = !folder.join("sql").join("database.sql").exists();
    let file_name = match from {
        Some(path) => path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned()),
        None => Some(EXAMPLE_FILE.into()),
    };
    let file_name = file_name.context("the file has no name")?;
    let data = folder.join("data").join(&file_name);
    if from.is_none() && !is_new {
        return Err(Failure::new(
            Exit::Usage,
            format!("there is a project in \"{}\" already", dir.display()),
        )
        .hint(format!(
            "One source more: elt init {} --from FILE.",
            dir.display()
        ))
        .into());
    }
    let example;
    let sniffed = match from {
        Some(path) => sniff(&crate::load::existing_file(path)?)?,
        None => {
            example = std::env::temp_dir().join(format!("elt-example-{}.csv", std::process::id()));
            fs::write(&example, EXAMPLE)?;
            let sniffed = sniff(&example);
            fs::remove_file(&example)?;
            sniffed?
        }
    };
    let source = source_name(name, &file_name)?;
    let database = match is_new {
        true => database_name(&folder),
        false => String::new(),
    };
    let columns = columns_of(&sniffed);
    let key = key_of(&sniffed, &columns);
    let texts = Texts {
        source: &source,
        database: &database,
        dir: &dir.display().to_string(),
        file: plain_name(&file_name),
        layout: &sniffed.layout,
        columns: &columns,
        key: key.map(|index| &columns[index]),
    };
    let mut files = texts.files(next_migration(&folder)?)?;
    if is_new {
        files.extend(texts.files_of_project()?);
    }
    let mut written = write_all(&folder, &files)?;
    if !data.exists() {
        fs::create_dir_all(folder.join("data"))?;
        match from {
            Some(path) => fs::copy(path, &data).map(|_| ()),
            None => fs::write(&data, EXAMPLE),
        }
        .with_context(|| format!("could not write file \"{}\"", data.display()))?;
        written.push(format!("data/{file_name}"));
    }
    Ok(Report {
        folder,
        database,
        files: written,
        key: key.map(|index| columns[index].name_literal()),
        columns: columns
            .iter()
            .map(|column| ColumnReport {
                name: column.name_literal(),
                sql_type: column.kind.sql_type(),
            })
            .collect(),
        rows: sniffed.rows,
        rejected: sniffed.rejected,
        source,
    })
}

/// All of them or none: what is there is never written over.
fn write_all(folder: &Path, files: &[(String, String)]) -> Result<Vec<String>> {
    let there: Vec<&str> = files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| folder.join(name).exists())
        .collect();
    if !there.is_empty() {
        let what = there.join("\", \"");
        return Err(
            Failure::new(Exit::Usage, format!("\"{what}\" is there already"))
                .detail(format!("In \"{}\". Nothing was written.", folder.display()))
                .hint("Name another folder, or call the source otherwise with --name.")
                .into(),
        );
    }
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .with_context(|| format!("could not create folder \"{}\"", parent.display()))?;
        fs::write(&path, text)
            .with_context(|| format!("could not write file \"{}\"", path.display()))?;
        written.push(name.clone());
    }
    Ok(written)
}

fn next_migration(folder: &Path) -> Result<usize> {
    let entries = match fs::read_dir(folder.join("migrations")) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let is_sql = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().ends_with(".sql");
    Ok(1 + entries.iter().filter(|entry| is_sql(entry)).count())
}

/// Without the ending of a compressed file, which is found in its place too.
fn plain_name(file: &str) -> &str {
    let ending = compressed_names("")
        .into_iter()
        .find(|ending| file.ends_with(ending.as_str()));
    ending.map_or(file, |ending| &file[..file.len() - ending.len()])
}

fn source_name(name: Option<&str>, file: &str) -> Result<String> {
    let (mut source, is_given) = match name {
        Some(name) => (name.to_string(), true),
        None => {
            let stem = plain_name(file);
            (snake_case(stem.split('.').next().unwrap_or(stem)), false)
        }
    };
    if !is_given {
        if !source.starts_with(|first: char| first.is_ascii_lowercase()) {
            source.insert_str(0, "file_");
        }
        if is_reserved(&source) {
            source.push_str("_rows");
        }
        source.truncate(30);
        source = source.trim_end_matches('_').to_string();
    }
    let is_good = source.len() <= 30
        && snake_case(&source) == source
        && source.starts_with(|first: char| first.is_ascii_lowercase())
        && !is_reserved(&source);
    match is_good {
        true => Ok(source),
        false => Err(Failure::new(Exit::Usage, format!("\"{source}\" cannot be the name of a source"))
            .detail("It is the name of tables: at most 30 lower case letters, digits and _, and no word of SQL's.")
            .hint("Call it otherwise with --name.")
            .into()),
    }
}

fn database_name(folder: &Path) -> String {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let mut name = snake_case(&name.unwrap_or_default());
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || is_reserved(&name) {
        name.insert_str(0, "elt_project_");
        name = name.trim_end_matches('_').to_string();
    }
    // Not the server's own.
    if ["postgres", "template0", "template1"].contains(&name.as_str()) {
        name.push_str("_project");
    }
    name.truncate(60);
    name
}

fn columns_of(sniffed: &Sniffed) -> Vec<Column> {
    let is_json = sniffed.layout.format == "json";
    let container = if is_json { "payload" } else { "_extra" };
    let mut names: Vec<String> = Vec::new();
    let mut columns = Vec::new();
    for (index, field) in sniffed.fields.iter().enumerate() {
        let mut name = snake_case(&field.name);
        name.truncate(50);
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            name = format!(
                "column_{}",
                if name.is_empty() {
                    (index + 1).to_string()
                } else {
                    name
                }
            );
        }
        let base = name.clone();
        let mut number = 2;
        while names.contains(&name) || ["row_number"].contains(&name.as_str()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        let staged = !is_json && has_own_column(field, &sniffed.fields);
        let original = if staged { &field.name } else { &field.key };
        columns.push(Column::new(
            &name,
            original,
            container,
            staged,
            field.values.kind(),
        ));
        names.push(name.clone());
        names.push(format!("{name}_text"));
    }
    columns
}

/// Headers are matched to columns by name, whatever their case, and those of elt begin with `_`.
fn has_own_column(field: &Field, fields: &[Field]) -> bool {
    let same = fields
        .iter()
        .filter(|other| other.name.eq_ignore_ascii_case(&field.name));
    !field.name.is_empty()
        && !field.name.starts_with('_')
        && field.name.len() <= 63
        && same.count() == 1
}

/// The column that tells rows apart: one that is called so, or else the first whole number, or the
/// first text.
fn key_of(sniffed: &Sniffed, columns: &[Column]) -> Option<usize> {
    let candidates: Vec<usize> = (0..columns.len())
        .filter(|index| sniffed.rows > 0 && sniffed.fields[*index].values.tell_apart(sniffed.rows))
        .filter(|index| matches!(columns[*index].kind, Kind::Bigint | Kind::Text))
        .collect();
    let is_called_so = |index: &&usize| {
        let name = columns[**index].name_literal();
        ["id", "key", "code", "number", "no", "uuid"]
            .iter()
            .any(|word| name == *word || name.ends_with(&format!("_{word}")))
    };
    let named = candidates.iter().find(is_called_so);
    // A file that repeats rows has no such column; one that is called so is the key all the same.
    let id = || {
        let of_kind = |index: &usize| matches!(columns[*index].kind, Kind::Bigint | Kind::Text);
        (0..columns.len()).find(|index| {
            of_kind(index)
                && is_called_so(&index)
                && sniffed.fields[*index].values.is_full(sniffed.rows)
        })
    };
    let number = || {
        candidates
            .iter()
            .find(|index| columns[**index].kind == Kind::Bigint)
    };
    named
        .copied()
        .or_else(id)
        .or_else(|| number().or(candidates.first()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_called_as_its_file() -> Result<()> {
        assert_eq!(
            source_name(None, "Monthly Sales-2026.csv.gz")?,
            "monthly_sales_2026"
        );
        assert_eq!(source_name(None, "2026.csv")?, "file_2026");
        assert_eq!(source_name(None, "order.json")?, "order_rows");
        assert!(source_name(Some("Order"), "x.csv").is_err());
        assert_eq!(source_name(Some("sales"), "x.csv")?, "sales");
        Ok(())
    }
}
