//! Creates a project for a file: staging table, core table, core query, rules, a view and an export. All of it is
//! plain SQL for the user to edit.

mod amount;
mod choose_reading;
mod column;
mod column_limit;
mod conventions;
mod date;
mod detect;
mod existing;
mod file_format;
mod flags;
mod json;
mod key;
mod key_choice;
mod key_facts;
mod kind;
mod layout;
mod missing;
mod mode;
mod name_hints;
mod names;
mod new_files;
mod notation;
mod number;
mod options;
mod reading;
mod records;
mod rekey;
mod sniff;
mod source_files;
mod source_spec;
mod table;
mod timestamp;
mod transliterate;
mod value_facts;
mod written_source;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use names::{database_name, plain_name, source_name};
use new_files::{Example, copy_data, next_migration, require_folder, write_all};
use serde::Serialize;
use sniff::sniff;
use source_spec::SourceSpec;
use std::path::{Path, PathBuf};
use table::Table;

pub(crate) use layout::{LayoutChoice, LayoutOptions};
pub(crate) use mode::Mode;
pub(crate) use options::{ReadingOptions, Type};
pub(crate) use rekey::{Rekeyed, rekey};

/// The file, the project and the user's choices.
pub(crate) struct Request<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) from: Option<&'a Path>,
    /// The name of the source.
    pub(crate) name: Option<&'a str>,
    pub(crate) key: KeyChoice,
    pub(crate) mode: Mode,
    pub(crate) options: ReadingOptions,
    pub(crate) layout: LayoutOptions,
    /// Whether nested objects become columns.
    pub(crate) flatten: bool,
}

/// Which columns identify a row.
#[derive(Clone, PartialEq)]
pub(crate) enum KeyChoice {
    /// Detect the key from the file.
    Detect,
    /// Columns, by name in SQL or in the file.
    Columns(Vec<String>),
    /// None: a row is identified by its position in the file.
    NoKey,
}

/// The new source, for the user.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) folder: PathBuf,
    pub(crate) source: String,
    pub(crate) database: String,
    /// Paths below the folder.
    pub(crate) files: Vec<String>,
    pub(crate) columns: Vec<ColumnReport>,
    /// Columns of the key as one text; None if a row is identified by its position in the file.
    pub(crate) key: Option<String>,
    pub(crate) key_columns: Vec<String>,
    /// Why this key was chosen.
    pub(crate) key_reason: String,
    /// How the file is written, as far as it differs from a plain CSV file.
    pub(crate) layout: Vec<LayoutChoice>,
    pub(crate) rows: u64,
    /// Records that could not be read; a load rejects them too.
    pub(crate) rejected: u64,
    /// Problems and notes for the user.
    pub(crate) warnings: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct ColumnReport {
    pub(crate) name: String,
    pub(crate) sql_type: &'static str,
    /// Notes about the choice of its name and type.
    pub(crate) notes: Vec<String>,
}

/// Writes a new project, or adds a source to an existing one.
pub(crate) fn init(request: Request<'_>) -> Result<Report> {
    let folder = std::path::absolute(request.dir)?;
    require_folder(request.dir, &folder)?;
    let is_new = !existing::is_project(&folder);
    if request.from.is_none() && !is_new {
        return Err(already_a_project(request.dir));
    }
    // The example is kept until its file is copied.
    let (path, _example) = input_file(request.from)?;
    let file_name = path.file_name().context("the file has no name")?;
    let file_name = file_name.to_string_lossy().into_owned();
    let sniffed = sniff(&path, &request.layout, request.flatten)?;
    let known = existing::object_names(&folder)?;
    let source = source_name(request.name, &file_name, |name| known.conflicts_with(name))?;
    let database = if is_new {
        database_name(&folder)
    } else {
        String::new()
    };
    let data_name = existing::data_name(&folder, &path, &file_name, &source);
    let table = Table::plan(&sniffed, &path, &source, &request)?;
    if request.mode == Mode::Merge && table.key.is_empty() {
        return Err(merge_without_key(
            "Name its columns with --key, or choose --mode append.",
        ));
    }
    let spec = SourceSpec {
        source: &source,
        database: &database,
        dir: &request.dir.display().to_string(),
        file: plain_name(&data_name),
        layout: &sniffed.layout,
        mode: request.mode,
        columns: &table.columns,
        key: table.key_columns(),
        old_key: &[],
    };
    let mut files = spec.files(next_migration(&folder)?)?;
    if is_new {
        files.extend(spec.files_of_project()?);
    }
    let mut written = write_all(&folder, &files)?;
    if copy_data(&path, &folder.join("data"), &data_name)? {
        written.push(format!("data/{data_name}"));
    }
    let key_columns = spec.key_names();
    let mut warnings = table.warnings;
    warnings.extend(request.from.and_then(existing::series_warning));
    warnings.extend(sniffed.choices.iter().find_map(header_warning));
    warnings.extend(sniffed.warning);
    if sniffed.rows == 0 && sniffed.layout.format == "csv" {
        warnings.push(
            "the file has a header and no rows; if the header is a record, use --no-header".into(),
        );
    }
    Ok(Report {
        folder,
        database,
        files: written,
        key: (!key_columns.is_empty()).then(|| key_columns.join(", ")),
        key_columns,
        key_reason: table.key_reason,
        columns: table.reports,
        layout: sniffed.choices,
        rows: sniffed.rows,
        rejected: sniffed.rejected,
        warnings,
        source,
    })
}

/// The user's file, or that of the example, which exists until it is dropped.
fn input_file(from: Option<&Path>) -> Result<(PathBuf, Option<Example>)> {
    match from {
        Some(path) => Ok((crate::load::existing_file(path)?, None)),
        None => {
            let example = Example::write()?;
            Ok((example.file(), Some(example)))
        }
    }
}

/// A record that is taken for a header would be lost, and so would the names of a header that is taken for a record.
fn header_warning(choice: &LayoutChoice) -> Option<String> {
    (choice.setting == "has_header" && choice.value == "false").then(|| {
        format!(
            "the file has no header: {}. Columns are named column_1, column_2 and so on. If that line has the names, use {}.",
            choice.reason, choice.option
        )
    })
}

fn already_a_project(dir: &Path) -> anyhow::Error {
    Failure::new(
        Exit::Usage,
        format!("folder \"{}\" already has a project", dir.display()),
    )
    .hint("To add a source, run " + elt!("init", dir.display(), "--from", "FILE") + ".")
    .into()
}

fn merge_without_key(hint: &str) -> anyhow::Error {
    Failure::new(Exit::Usage, "a source of mode merge needs a key")
        .hint(hint)
        .into()
}
