//! Creates a project for a file: staging table, core table, core query, rules, a view and an export. All of it is
//! plain SQL for the user to edit.

mod amount;
mod column;
mod existing;
mod key;
mod moment;
mod names;
mod notation;
mod reading;
mod rekey;
mod sniff;
mod table;
mod texts;
mod values;
mod width;
mod words;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::whole_file;
use anyhow::{Context, Result};
use names::{database_name, plain_name, source_name};
use serde::Serialize;
use sniff::sniff;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use table::Table;
use texts::Texts;

pub(crate) use reading::{Type, Wishes};
pub(crate) use rekey::{Rekeyed, rekey};
pub(crate) use texts::Mode;

/// For a project without a file of its own.
const EXAMPLE: &str = "order_id,customer,amount,ordered_on\n\
    1,Ann,19.90,2026-01-05\n2,Ben,5.00,2026-01-06\n3,Ann,7.45,2026-02-01\n\
    4,\"Zoe, of course\",n/a,2026-02-02\n";
const EXAMPLE_FILE: &str = "orders.csv";

/// What to make, and what the user decided.
pub(crate) struct Request<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) from: Option<&'a Path>,
    /// Of the source.
    pub(crate) name: Option<&'a str>,
    pub(crate) key: KeyWish,
    pub(crate) mode: Mode,
    pub(crate) wishes: Wishes,
}

/// Which columns identify a row.
#[derive(Clone, PartialEq)]
pub(crate) enum KeyWish {
    /// As the file tells.
    Guess,
    /// Columns by their names.
    Columns(Vec<String>),
    /// Its place in the file.
    NoKey,
}

/// What was made.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) folder: PathBuf,
    pub(crate) source: String,
    pub(crate) database: String,
    /// Paths below the folder.
    pub(crate) files: Vec<String>,
    pub(crate) columns: Vec<ColumnReport>,
    /// Columns of the key as one text; None where a row is identified by its place in the file.
    pub(crate) key: Option<String>,
    pub(crate) key_columns: Vec<String>,
    /// Why that is the key.
    pub(crate) key_reason: String,
    pub(crate) rows: u64,
    /// Records that no load will take either.
    pub(crate) rejected: u64,
    /// What the user should look at.
    pub(crate) warnings: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct ColumnReport {
    pub(crate) name: String,
    pub(crate) sql_type: &'static str,
    /// What there is to know of its name and its type.
    pub(crate) notes: Vec<String>,
}

/// Writes a new project, or adds a source to an existing one.
pub(crate) fn init(request: Request<'_>) -> Result<Report> {
    let dir = request.dir;
    let folder = std::path::absolute(dir)?;
    require_folder(dir, &folder)?;
    let is_new = !existing::is_project(&folder);
    if request.from.is_none() && !is_new {
        return Err(Failure::new(
            Exit::Usage,
            format!("folder \"{}\" already has a project", dir.display()),
        )
        .hint("To add a source, run " + elt!("init", dir.display(), "--from", "FILE") + ".")
        .into());
    }
    // Without a file, a folder of our own with the example in it.
    let example = match request.from {
        Some(_) => None,
        None => Some(Example::write()?),
    };
    let path = match (&example, request.from) {
        (Some(example), _) => example.file(),
        (None, Some(path)) => crate::load::existing_file(path)?,
        (None, None) => anyhow::bail!("there is neither a file nor the example"),
    };
    let file_name = path.file_name().context("the file has no name")?;
    let file_name = file_name.to_string_lossy().into_owned();
    let sniffed = sniff(&path)?;
    let known = existing::names(&folder)?;
    let source = source_name(request.name, &file_name, |name| known.meets(name))?;
    let database = match is_new {
        true => database_name(&folder),
        false => String::new(),
    };
    let data_name = existing::data_name(&folder, &path, &file_name, &source);
    let table = Table::of(&sniffed, &path, &source, &request)?;
    let texts = Texts {
        source: &source,
        database: &database,
        dir: &dir.display().to_string(),
        file: plain_name(&data_name),
        layout: &sniffed.layout,
        mode: request.mode,
        columns: &table.columns,
        key: table
            .key
            .iter()
            .map(|index| &table.columns[*index])
            .collect(),
        old_key: &[],
    };
    if request.mode == Mode::Merge && table.key.is_empty() {
        return Err(
            Failure::new(Exit::Usage, "a source of mode merge needs a key")
                .hint("Name its columns with --key, or choose --mode append.")
                .into(),
        );
    }
    let mut files = texts.files(next_migration(&folder)?)?;
    if is_new {
        files.extend(texts.files_of_project()?);
    }
    let mut written = write_all(&folder, &files)?;
    let mut warnings = table.warnings;
    warnings.extend(request.from.and_then(existing::series));
    let data = folder.join("data").join(&data_name);
    if fs::symlink_metadata(&data).is_err() {
        fs::create_dir_all(folder.join("data"))?;
        copy(&path, &data)?;
        written.push(format!("data/{data_name}"));
    }
    let key_columns: Vec<String> = table
        .key
        .iter()
        .map(|index| table.columns[*index].name_literal())
        .collect();
    Ok(Report {
        folder,
        database,
        files: written,
        key: (!key_columns.is_empty()).then(|| key_columns.join(", ")),
        key_columns,
        key_reason: table.key_reason,
        columns: table.reports,
        rows: sniffed.rows,
        rejected: sniffed.rejected,
        warnings,
        source,
    })
}

fn require_folder(dir: &Path, folder: &Path) -> Result<()> {
    if !folder.is_file() {
        return Ok(());
    }
    Err(
        Failure::new(Exit::Usage, format!("\"{}\" is a file", dir.display()))
            .detail("A project is a folder.")
            .hint(
                "To create a project for that file, run "
                    + elt!("init", "DIR", "--from", dir.display())
                    + ".",
            )
            .into(),
    )
}

/// The example's file, in a folder that only we may enter, until it was copied.
struct Example(tempfile::TempDir);

impl Example {
    fn write() -> Result<Example> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(EXAMPLE_FILE), EXAMPLE)?;
        Ok(Example(folder))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join(EXAMPLE_FILE)
    }
}

/// Writes all files or none. Existing files are never overwritten.
fn write_all(folder: &Path, files: &[texts::File]) -> Result<Vec<String>> {
    let there: Vec<&str> = files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| fs::symlink_metadata(folder.join(name)).is_ok())
        .collect();
    if !there.is_empty() {
        let what = there.join("\", \"");
        return Err(
            Failure::new(Exit::Usage, format!("\"{what}\" already exists"))
                .detail(format!(
                    "It is in \"{}\". Nothing was written.",
                    folder.display()
                ))
                .hint("Name another folder, or choose another name for the source with --name.")
                .into(),
        );
    }
    let mut written = Vec::new();
    for (name, text) in files {
        write(&folder.join(name), text)?;
        written.push(name.clone());
    }
    Ok(written)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("could not create folder \"{}\"", parent.display()))?;
    }
    whole_file::write(path, text.as_bytes())
}

/// The bytes of a file into a new one.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = File::open(from).and_then(|mut from| {
        let mut to = File::options().write(true).create_new(true).open(to)?;
        std::io::copy(&mut from, &mut to)
    });
    copied
        .map(|_| ())
        .with_context(|| format!("could not write file \"{}\"", to.display()))
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
