//! Reads a source back from the files that `elt init` wrote.

use super::column::{Column, unknown_column};
use super::existing::{is_project, sql_files};
use super::kind::Kind;
use super::mode::Mode;
use super::names::literal;
use crate::extract::rest::is_file_address;
use crate::failure::{Exit, Failure, nearest};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What the header of the migration says before the address of an API.
const READS: &str = "-- why:    elt load reads ";

/// A source that `elt init` wrote, as far as its files tell.
pub(super) struct WrittenSource {
    pub(super) columns: Vec<Column>,
    /// The name of the file, or the address of the file or the API without its query.
    pub(super) file: String,
    pub(super) is_rest: bool,
    pub(super) mode: Mode,
    incoming: String,
}

impl WrittenSource {
    pub(super) fn read(folder: &Path, dir: &Path, source: &str) -> Result<WrittenSource> {
        if !is_project(folder) {
            let message = format!("there is no project in \"{}\"", dir.display());
            return Err(Failure::new(Exit::Usage, message)
                .hint("Name the folder that elt init wrote.")
                .into());
        }
        let path = |layer: &str, name: String| folder.join("sql").join(layer).join(name);
        let staged = path("core", format!("{source}_staged.sql"));
        let incoming = path("core", format!("incoming_{source}.sql"));
        let (Ok(staged), Ok(incoming)) = (fs::read_to_string(staged), fs::read_to_string(incoming))
        else {
            return Err(unknown_source(folder, source)?);
        };
        let mart = fs::read_to_string(path("mart", format!("{source}.sql"))).unwrap_or_default();
        let (file, is_rest, mode) = source_row(folder, source)?;
        Ok(WrittenSource {
            columns: parse_columns(&staged, &mart, source),
            file,
            is_rest,
            mode,
            incoming,
        })
    }

    /// The key columns, from the header of the core query. Names that begin with `_` are elt's own columns.
    pub(super) fn key(&self) -> Result<Vec<String>> {
        let grain = self.incoming.split_once("one row per (");
        let list = grain.and_then(|(_, rest)| rest.split_once(')'));
        let (list, _) = list.context("the core query's header does not name its key")?;
        Ok(list
            .split(", ")
            .filter(|name| !name.starts_with('_'))
            .map(|name| name.trim_matches('"').to_string())
            .collect())
    }

    pub(super) fn column(&self, name: &str) -> Result<&Column> {
        let found = self
            .columns
            .iter()
            .find(|column| column.name_literal() == name);
        found.ok_or_else(|| {
            let names: Vec<String> = self.columns.iter().map(Column::name_literal).collect();
            unknown_column(name, &names)
        })
    }
}

fn unknown_source(folder: &Path, source: &str) -> Result<anyhow::Error> {
    let files = sql_files(&folder.join("sql").join("core"))?;
    let names: Vec<String> = files
        .iter()
        .filter_map(|path| path.file_stem())
        .filter_map(|stem| Some(stem.to_str()?.strip_suffix("_staged")?.to_string()))
        .collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let message = format!("there is no source \"{source}\" that elt init wrote");
    Ok(Failure::new(Exit::Usage, message)
        .hint(nearest("Its sources are", source, &known))
        .into())
}

/// The columns of the staged view: `expression as name`, followed by `name_text` if the column is not text.
fn parse_columns(staged: &str, mart: &str, source: &str) -> Vec<Column> {
    let body = staged
        .split_once("staged._row")
        .map_or("", |(_, body)| body);
    let body = body
        .split_once("\nfrom staging.")
        .map_or("", |(body, _)| body);
    let names: Vec<&str> = body
        .lines()
        .filter_map(|line| Some(line.trim_end_matches(',').rsplit_once(" as ")?.1))
        .collect();
    let is_text_of = |name: &str, before: Option<&&str>| {
        before.is_some_and(|before| {
            name.trim_matches('"') == format!("{}_text", before.trim_matches('"'))
        })
    };
    let mut columns: Vec<Column> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if is_text_of(
            name,
            index.checked_sub(1).and_then(|before| names.get(before)),
        ) {
            if let Some(last) = columns.last_mut() {
                last.kind = Kind::Numeric;
                last.text_name = (*name).to_string();
            }
            continue;
        }
        columns.push(Column {
            name: (*name).to_string(),
            text_name: String::new(),
            staged: None,
            raw: String::new(),
            typed: String::new(),
            // The kind only tells whether a column NAME_text follows.
            kind: Kind::Text,
            is_plain_number: false,
            comment: column_comment(mart, source, name),
        });
    }
    columns
}

fn column_comment(mart: &str, source: &str, column: &str) -> String {
    let begin = format!("comment on column public.{source}.{column} is '");
    let rest = mart.split_once(&begin).map_or("", |(_, rest)| rest);
    let text = rest.split_once("';\n").map_or("", |(text, _)| text);
    text.replace("''", "'")
}

/// File or address of the source, whether it is an API, and its mode, from the migration that inserts it.
fn source_row(folder: &Path, source: &str) -> Result<(String, bool, Mode)> {
    let begin = format!("\nvalues (\n    {}, ", literal(source));
    for path in sql_files(&folder.join("migrations"))? {
        let text = fs::read_to_string(path)?;
        let Some((_, row)) = text.split_once(&begin) else {
            continue;
        };
        let is_rest = row.starts_with("'rest',");
        let file = if is_rest {
            let header = text.split_once(READS).map_or("", |(_, rest)| rest);
            header.lines().next().unwrap_or_default().to_string()
        } else {
            let file = row.split_once(", '").map_or("", |(_, rest)| rest);
            let file = file.split_once("',\n").map_or("", |(file, _)| file);
            let file = file.replace("''", "'");
            match file.split_once('?') {
                Some((plain, _)) if is_file_address(&file) => plain.to_string(),
                _ => file,
            }
        };
        let mode = [Mode::Append, Mode::Merge]
            .into_iter()
            .find(|mode| row.contains(&format!("\n    '{}', ", mode.name())));
        return Ok((file, is_rest, mode.unwrap_or_default()));
    }
    Err(unknown_source(folder, source)?)
}
