//! A project that runs, written for a file: its staging table and core table, the queries between
//! them, rules, a view and an export. All of it is plain SQL that its owner goes on with.

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
mod texts;
mod values;
mod width;
mod words;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::whole_file;
use anyhow::{Context, Result};
use column::Column;
use names::{column_names, database_name, has_own_column, plain_name, snake_case, source_name};
use reading::{Around, Evidence, Reading, read};
use serde::Serialize;
use sniff::{Sniffed, key_facts, sniff};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
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

/// Writes the project, or one source more into one that is there.
pub(crate) fn init(request: Request<'_>) -> Result<Report> {
    let dir = request.dir;
    let folder = std::path::absolute(dir)?;
    require_folder(dir, &folder)?;
    let is_new = !existing::is_project(&folder);
    if request.from.is_none() && !is_new {
        return Err(Failure::new(
            Exit::Usage,
            format!("there is a project in \"{}\" already", dir.display()),
        )
        .hint("One source more: " + elt!("init", dir.display(), "--from", "FILE") + ".")
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
            .hint("A project for that file: " + elt!("init", "DIR", "--from", dir.display()) + ".")
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

/// The columns of the core table, its key, and what to say of them.
struct Table {
    columns: Vec<Column>,
    /// Places in `columns`.
    key: Vec<usize>,
    key_reason: String,
    reports: Vec<ColumnReport>,
    warnings: Vec<String>,
}

impl Table {
    fn of(sniffed: &Sniffed, path: &Path, source: &str, request: &Request<'_>) -> Result<Table> {
        let fields = &sniffed.fields;
        let names = column_names(fields);
        let wishes = named_wishes(&request.wishes, fields, &names)?;
        let evidence = Evidence::of(fields.iter().map(|field| &field.values));
        let around = Around {
            evidence: &evidence,
            delimiter: match sniffed.layout.format.as_str() {
                "csv" => sniffed.layout.delimiter,
                _ => b',',
            },
            wishes: &wishes,
        };
        let read_as = |index: usize, is_key: bool| {
            let (field, name): (&sniff::Field, &String) = (&fields[index], &names[index]);
            read(&field.values, name, is_key, &around)
        };
        let mut readings: Vec<Reading> = (0..fields.len())
            .map(|index| read_as(index, false))
            .collect();
        let mut warnings = Vec::new();
        let (key, key_reason) = match &request.key {
            KeyWish::NoKey => (Vec::new(), "as --no-key says".to_string()),
            KeyWish::Columns(wanted) => {
                let key = places_of(wanted, fields, &names)?;
                warnings.extend(doubt(sniffed, path, &key)?);
                (key, "as --key says".to_string())
            }
            KeyWish::Guess => guess(sniffed, path, source, &names, &readings)?,
        };
        for index in &key {
            readings[*index] = read_as(*index, true);
            require_comparable(&names[*index], &readings[*index])?;
        }
        let is_json = sniffed.layout.format == "json";
        let container = if is_json { "payload" } else { "_extra" };
        let fits = width::columns_that_fit(fields, &readings, is_json, &key);
        let mut columns: Vec<Column> = Vec::new();
        let mut reports = Vec::new();
        let mut places = vec![None; fields.len()];
        let mut read_from_container = Vec::new();
        for index in 0..fields.len() {
            if !fits[index] {
                continue;
            }
            let (field, reading) = (&fields[index], &readings[index]);
            let is_staged = !is_json && has_own_column(field, fields);
            let original = if is_staged { &field.name } else { &field.key };
            if !is_staged {
                read_from_container.push(field.key.as_str());
            }
            places[index] = Some(columns.len());
            columns.push(Column::new(
                &names[index],
                original,
                container,
                is_staged,
                reading,
            ));
            let mut notes = reading.notes.clone();
            if snake_case(&field.name) != names[index] {
                notes.insert(0, renamed(&field.name));
            }
            reports.push(ColumnReport {
                name: names[index].clone(),
                sql_type: reading.kind.sql_type(),
                notes,
            });
        }
        let left_out = fits.iter().filter(|fits| !**fits).count();
        if left_out > 0 {
            warnings.push(format!(
                "the file has {} columns, and a table of PostgreSQL has room for {} of them: the other {left_out} are kept in {container} \
                 of the staging table and in column other_columns",
                fields.len(),
                columns.len()
            ));
            columns.push(Column::others(container, &read_from_container));
            reports.push(ColumnReport {
                name: "other_columns".into(),
                sql_type: "jsonb",
                notes: vec![format!("{left_out} columns of the file, by name")],
            });
        }
        Ok(Table {
            key: key.iter().filter_map(|index| places[*index]).collect(),
            columns,
            key_reason,
            reports,
            warnings,
        })
    }
}

fn renamed(original: &str) -> String {
    match original {
        "" => "without a name in the file".to_string(),
        original => {
            let shown: String = original.chars().take(40).collect();
            let dots = if shown.len() < original.len() {
                "..."
            } else {
                ""
            };
            format!("\"{}{dots}\" in the file", shown.escape_debug())
        }
    }
}

/// A key is compared, and PostgreSQL compares no columns of such types in an index.
fn require_comparable(name: &str, reading: &Reading) -> Result<()> {
    match reading.kind {
        notation::Kind::Json => Err(Failure::new(
            Exit::Usage,
            format!("column \"{name}\" holds objects or lists, and cannot be a key"),
        )
        .hint("Name other columns with --key, or none with --no-key.")
        .into()),
        _ => Ok(()),
    }
}

/// The key that the file tells, and why it is that.
fn guess(
    sniffed: &Sniffed,
    path: &Path,
    source: &str,
    names: &[String],
    readings: &[Reading],
) -> Result<(Vec<usize>, String)> {
    let candidates: Vec<key::Candidate<'_>> = sniffed
        .fields
        .iter()
        .zip(names)
        .zip(readings)
        .map(|((field, name), reading)| key::Candidate {
            name,
            is_named: !field.name.is_empty(),
            values: &field.values,
            reading,
            sample: field.sample.as_deref().unwrap_or_default(),
        })
        .collect();
    let mut choices = key::choices(&candidates, sniffed.rows, source);
    if sniffed.rows > key::SAMPLED as u64 && !choices.is_empty() {
        let keys = choices.iter().map(|choice| keys_of(sniffed, choice));
        let facts = key_facts(path, &sniffed.layout, &keys.collect::<Vec<_>>())?;
        let mut facts = facts.iter();
        choices.retain(|_| facts.next().is_some_and(sniff::KeyFacts::is_key));
    }
    Ok(match choices.into_iter().next() {
        Some(choice) => {
            let why = match choice.len() {
                1 => "named or placed like a key, and different in every row",
                _ => "no column alone, but these together are different in every row",
            };
            (choice, why.to_string())
        }
        None => (
            Vec::new(),
            "no columns that are named or placed like a key are different in every row".to_string(),
        ),
    })
}

fn keys_of<'a>(sniffed: &'a Sniffed, choice: &[usize]) -> Vec<&'a str> {
    let fields = choice.iter().map(|index| &sniffed.fields[*index]);
    fields.map(|field| field.key.as_str()).collect()
}

/// What speaks against a key that was asked for.
fn doubt(sniffed: &Sniffed, path: &Path, key: &[usize]) -> Result<Vec<String>> {
    let facts = key_facts(path, &sniffed.layout, &[keys_of(sniffed, key)])?;
    let Some(facts) = facts.first() else {
        return Ok(Vec::new());
    };
    let mut doubts = Vec::new();
    if facts.repeated > 0 {
        doubts.push(format!(
            "{} rows have a key that an earlier row has: if they differ in other columns, the load is refused",
            facts.repeated
        ));
    }
    if facts.missing > 0 {
        doubts.push(format!(
            "{} rows lack a value of the key: the load is refused",
            facts.missing
        ));
    }
    Ok(doubts)
}

/// Places of columns that were named, as they are called in SQL or in the file.
fn places_of(wanted: &[String], fields: &[sniff::Field], names: &[String]) -> Result<Vec<usize>> {
    let mut places = Vec::new();
    for name in wanted {
        let place = names
            .iter()
            .position(|known| known == name)
            .or_else(|| fields.iter().position(|field| field.name == *name))
            .ok_or_else(|| no_column(name, names))?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    // In the order of the file, so that the same choice makes the same project.
    places.sort_unstable();
    Ok(places)
}

fn no_column(name: &str, names: &[String]) -> anyhow::Error {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    Failure::new(Exit::Usage, format!("there is no column \"{name}\""))
        .hint(crate::failure::nearest("The columns are", name, &known))
        .into()
}

/// The wishes with their columns called as in SQL.
fn named_wishes(wishes: &Wishes, fields: &[sniff::Field], names: &[String]) -> Result<Wishes> {
    let mut types = Vec::new();
    for (name, wanted) in &wishes.types {
        let place = places_of(std::slice::from_ref(name), fields, names)?;
        types.extend(place.iter().map(|place| (names[*place].clone(), *wanted)));
    }
    Ok(Wishes {
        is_day_first: wishes.is_day_first,
        has_decimal_comma: wishes.has_decimal_comma,
        time_zone: wishes.time_zone.clone(),
        types,
    })
}

/// All of them or none: what is there is never written over.
fn write_all(folder: &Path, files: &[texts::File]) -> Result<Vec<String>> {
    let there: Vec<&str> = files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| fs::symlink_metadata(folder.join(name)).is_ok())
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
