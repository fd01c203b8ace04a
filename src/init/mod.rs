//! Creates a project for a file or an API: staging table, core table, core query, rules, a view and an export. All of it is
//! plain SQL for the user to edit.

mod amount;
mod api;
mod choose_reading;
mod column;
mod column_limit;
mod conventions;
mod date;
mod detect;
mod existing;
mod file_format;
mod flags;
mod input;
mod input_path;
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
mod other_address;
mod read_as;
mod reading;
mod records;
mod rekey;
mod remote_file;
mod several_files;
mod sniff;
mod source_chart;
mod source_files;
mod source_spec;
mod table;
mod timestamp;
mod transliterate;
mod value_facts;
mod written_source;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use api::since_note;
use input::Input;
use names::database_name;
use new_files::{next_migration, require_folder, write_all};
use serde::Serialize;
use source_spec::SourceSpec;
use std::path::{Path, PathBuf};
use table::Table;

pub(crate) use api::ApiReport;
pub(crate) use layout::{LayoutChoice, LayoutOptions};
pub(crate) use mode::Mode;
pub(crate) use options::{ReadAs, ReadingOptions, Type};
pub(crate) use read_as::ReadAsChoice;
pub(crate) use rekey::{Rekeyed, rekey};

/// The input, the project and the user's choices.
pub(crate) struct Request<'a> {
    pub(crate) dir: &'a Path,
    /// A file, or the address of a file or an API.
    pub(crate) from: Option<&'a Path>,
    /// What the address is that of. If None, `elt init` decides.
    pub(crate) read_as: Option<ReadAs>,
    /// The name of the source.
    pub(crate) name: Option<&'a str>,
    pub(crate) key: KeyChoice,
    pub(crate) mode: Mode,
    pub(crate) options: ReadingOptions,
    pub(crate) layout: LayoutOptions,
    /// Columns of `elt.rest_source` and their values, for an API, or of `elt.source`, for a file.
    pub(crate) set: Vec<(String, String)>,
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
    /// How the file is written, as far as it differs from a plain CSV file; or how the API is read.
    pub(crate) layout: Vec<LayoutChoice>,
    /// Whether an address was read as a file or as an API. None for a file on disk.
    pub(crate) read_as: Option<ReadAsChoice>,
    /// None for a file.
    pub(crate) api: Option<ApiReport>,
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
    let known = existing::object_names(&folder)?;
    let input = Input::read(&request, &folder, &known)?;
    let (source, sniffed) = (input.source(), input.sniffed());
    let database = if is_new {
        database_name(&folder)
    } else {
        String::new()
    };
    let table = Table::plan(sniffed, &input.path(), source, &request)?;
    if request.mode == Mode::Merge && table.key.is_empty() {
        return Err(merge_without_key(
            "Name its columns with --key, or choose --mode append.",
        ));
    }
    let spec = SourceSpec {
        source,
        database: &database,
        dir: &request.dir.display().to_string(),
        file: input.name(),
        address: input.address(),
        layout: &sniffed.layout,
        rest: input.rest_columns(),
        settings: input.settings(),
        own_columns: &sniffed.own_columns,
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
    written.extend(input.copy(&folder)?);
    let key_columns = spec.key_names();
    let api = input.api_report();
    let note = since_note(&sniffed.fields, &table, request.mode).filter(|_| api.is_some());
    let mut warnings = table.warnings;
    warnings.extend(input.warnings());
    warnings.extend(note);
    Ok(Report {
        source: source.to_string(),
        folder,
        database,
        files: written,
        key: (!key_columns.is_empty()).then(|| key_columns.join(", ")),
        key_columns,
        key_reason: table.key_reason,
        columns: table.reports,
        layout: sniffed.choices.clone(),
        read_as: input.read_as().cloned(),
        api,
        rows: sniffed.rows,
        rejected: sniffed.rejected,
        warnings,
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
