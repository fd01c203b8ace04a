//! Changes the key of an existing source. Files that depend on the key are written again if they are unchanged since
//! `elt init`. If one was changed, nothing is written, and the changes are listed.

use super::column::Column;
use super::existing::{is_project, sql_files};
use super::names::literal;
use super::notation::Kind;
use super::texts::{File, Mode, Texts};
use super::{KeyWish, next_migration, write};
use crate::extract::Layout;
use crate::failure::{Exit, Failure, nearest};
use anyhow::{Context, Result};
use serde::Serialize;
use similar::TextDiff;
use std::fs;
use std::path::{Path, PathBuf};

/// What was changed.
#[derive(Serialize)]
pub(crate) struct Rekeyed {
    pub(crate) folder: PathBuf,
    pub(crate) source: String,
    /// Columns of the new key; none if the place in the file is the key.
    pub(crate) key_columns: Vec<String>,
    /// Paths below the folder.
    pub(crate) files_written: Vec<String>,
    pub(crate) files_removed: Vec<String>,
}

/// Gives a source of the project another key.
pub(crate) fn rekey(dir: &Path, source: &str, key: &KeyWish) -> Result<Rekeyed> {
    let folder = std::path::absolute(dir)?;
    let wanted: &[String] = match key {
        KeyWish::Columns(columns) => columns,
        KeyWish::NoKey => &[],
        KeyWish::Guess => {
            return Err(Failure::new(Exit::Usage, "--rekey needs the new key")
                .hint("Name its columns with --key, or keep every row with --no-key.")
                .into());
        }
    };
    let written = Written::read(&folder, dir, source)?;
    let old_key = written.key()?;
    let places = |names: &[String]| -> Result<Vec<&Column>> {
        names.iter().map(|name| written.column(name)).collect()
    };
    let layout = Layout::default();
    let dir_text = dir.display().to_string();
    let texts = |key: &[String]| -> Result<Texts<'_>> {
        Ok(Texts {
            source,
            database: "",
            dir: &dir_text,
            file: &written.file,
            layout: &layout,
            mode: written.mode,
            columns: &written.columns,
            key: places(key)?,
            old_key: &old_key,
        })
    };
    let before = texts(&old_key)?;
    let after = texts(wanted)?;
    if before.primary_key() == after.primary_key() {
        let message = format!("source \"{source}\" already has this key");
        return Err(Failure::new(Exit::Usage, message).into());
    }
    if written.mode == Mode::Merge && wanted.is_empty() {
        return Err(
            Failure::new(Exit::Usage, "a source of mode merge needs a key")
                .hint("Name its columns with --key.")
                .into(),
        );
    }
    let (old_files, new_files) = (before.files_of_key()?, after.files_of_key()?);
    require_unchanged(&folder, &old_files, &new_files)?;
    let mut report = Rekeyed {
        key_columns: after
            .key
            .iter()
            .map(|column| column.name_literal())
            .collect(),
        source: source.to_string(),
        files_written: Vec::new(),
        files_removed: Vec::new(),
        folder: folder.clone(),
    };
    let migration = after.rekey(next_migration(&folder)?)?;
    for (name, text) in new_files.iter().chain([&migration]) {
        write(&folder.join(name), text)?;
        report.files_written.push(name.clone());
    }
    for (name, _) in &old_files {
        if !new_files.iter().any(|(new, _)| new == name) {
            fs::remove_file(folder.join(name))
                .with_context(|| format!("could not remove file \"{name}\""))?;
            report.files_removed.push(name.clone());
        }
    }
    Ok(report)
}

/// An error with what would have to be changed by hand, if files are not as they were written.
fn require_unchanged(folder: &Path, old: &[File], new: &[File]) -> Result<()> {
    let mut changed = Vec::new();
    let mut by_hand = String::new();
    for (name, text) in old {
        let there = fs::read_to_string(folder.join(name)).unwrap_or_default();
        if there == *text {
            continue;
        }
        changed.push(format!("\"{name}\""));
        let new_text = new.iter().find(|(new, _)| new == name);
        let new_text = new_text.map_or("", |(_, text)| text.as_str());
        let diff = TextDiff::from_lines(text.as_str(), new_text);
        by_hand += &diff
            .unified_diff()
            .context_radius(1)
            .header(name, name)
            .to_string();
    }
    if changed.is_empty() {
        return Ok(());
    }
    let message = format!("{} was changed since elt init wrote it", changed.join(", "));
    Err(Failure::new(Exit::Usage, message)
        .detail("Nothing was written. The new key would change these lines:")
        .difference(by_hand)
        .hint("Change them by hand, and write a migration that changes the primary key of the core table.")
        .into())
}

/// What elt init wrote for a source, as far as it can be read from its files.
struct Written {
    columns: Vec<Column>,
    file: String,
    mode: Mode,
    incoming: String,
}

impl Written {
    fn read(folder: &Path, dir: &Path, source: &str) -> Result<Written> {
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
            return Err(unknown(folder, source)?);
        };
        let mart = fs::read_to_string(path("mart", format!("{source}.sql"))).unwrap_or_default();
        let (file, mode) = source_row(folder, source)?;
        Ok(Written {
            columns: columns(&staged, &mart, source),
            file,
            mode,
            incoming,
        })
    }

    /// From the header of the core query; none of them begins with an underscore.
    fn key(&self) -> Result<Vec<String>> {
        let grain = self.incoming.split_once("one row per (");
        let list = grain.and_then(|(_, rest)| rest.split_once(')'));
        let (list, _) = list.context("the core query's header does not name its key")?;
        Ok(list
            .split(", ")
            .filter(|name| !name.starts_with('_'))
            .map(|name| name.trim_matches('"').to_string())
            .collect())
    }

    fn column(&self, name: &str) -> Result<&Column> {
        let found = self
            .columns
            .iter()
            .find(|column| column.name_literal() == name);
        found.ok_or_else(|| {
            let names: Vec<String> = self.columns.iter().map(Column::name_literal).collect();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            Failure::new(Exit::Usage, format!("there is no column \"{name}\""))
                .hint(nearest("The columns are", name, &known))
                .into()
        })
    }
}

fn unknown(folder: &Path, source: &str) -> Result<anyhow::Error> {
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

/// Columns by the view that types them: `expression as name`, and `name_text` behind a column that is not text.
fn columns(staged: &str, mart: &str, source: &str) -> Vec<Column> {
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
            // All that matters here is whether there is a text beside it.
            kind: Kind::Text,
            is_plain_number: false,
            comment: comment_in(mart, source, name),
        });
    }
    columns
}

fn comment_in(mart: &str, source: &str, column: &str) -> String {
    let begin = format!("comment on column public.{source}.{column} is '");
    let rest = mart.split_once(&begin).map_or("", |(_, rest)| rest);
    let text = rest.split_once("';\n").map_or("", |(text, _)| text);
    text.replace("''", "'")
}

/// File and mode, as the migration says that inserts the source.
fn source_row(folder: &Path, source: &str) -> Result<(String, Mode)> {
    let begin = format!("\nvalues (\n    {}, ", literal(source));
    for path in sql_files(&folder.join("migrations"))? {
        let text = fs::read_to_string(path)?;
        let Some((_, row)) = text.split_once(&begin) else {
            continue;
        };
        let file = row.split_once(", '").map_or("", |(_, rest)| rest);
        let file = file.split_once("',\n").map_or("", |(file, _)| file);
        let mode = [Mode::Append, Mode::Merge]
            .into_iter()
            .find(|mode| row.contains(&format!("\n    '{}', ", mode.name())));
        return Ok((file.replace("''", "'"), mode.unwrap_or_default()));
    }
    Err(unknown(folder, source)?)
}
