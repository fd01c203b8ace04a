//! The existing project that a source is added to: its objects and its files.

use super::names::plain_name;
use crate::extract::compressed_names;
use anyhow::Result;
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(super) fn is_project(folder: &Path) -> bool {
    folder.join("sql").join("database.sql").exists()
}

/// Tables and views of the project, as `schema.name`.
pub(super) struct ObjectNames(HashSet<String>);

impl ObjectNames {
    /// Whether a new source of that name would need an object that exists. False if the source itself exists: then its
    /// files exist, and writing them fails.
    pub(super) fn conflicts_with(&self, source: &str) -> bool {
        !self.0.contains(&format!("staging.{source}"))
            && objects_of_source(source).any(|object| self.0.contains(&object))
    }
}

fn objects_of_source(source: &str) -> impl Iterator<Item = String> {
    let names = [
        ("core", "", ""),
        ("core", "", "_staged"),
        ("core", "", "_rows"),
        ("core", "", "_values"),
        ("core", "incoming_", ""),
        ("public", "", ""),
        ("public", "", "_summary"),
        ("public", "", "_by_month"),
        ("public", "", "_filled"),
        ("quality", "", "_with_unreadable_values"),
        ("quality", "", "_with_unreadable_columns"),
        ("quality", "", "_with_rewritten_numbers"),
        ("quality", "", "_without_key"),
        ("quality", "", "_repeated"),
        ("quality", "", "_conflicting"),
        ("export", "", ""),
    ];
    names
        .into_iter()
        .map(move |(schema, before, after)| format!("{schema}.{before}{source}{after}"))
}

pub(super) fn object_names(folder: &Path) -> Result<ObjectNames> {
    let mut names = HashSet::new();
    for (layer, schema) in [
        ("core", "core"),
        ("mart", "public"),
        ("quality", "quality"),
        ("export", "export"),
    ] {
        for path in sql_files(&folder.join("sql").join(layer))? {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy());
            names.extend(stem.map(|stem| format!("{schema}.{stem}")));
        }
    }
    for path in sql_files(&folder.join("migrations"))? {
        let text = fs::read_to_string(&path)?.to_lowercase();
        for rest in text.split("create table ").skip(1) {
            let name = rest.trim_start_matches("if not exists ");
            let end = name.find(|each: char| each.is_whitespace() || each == '(');
            names.insert(name[..end.unwrap_or(name.len())].to_string());
        }
    }
    Ok(ObjectNames(names))
}

/// The SQL files of a folder, sorted; empty if there is no such folder.
pub(super) fn sql_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let paths = entries.into_iter().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .collect();
    paths.sort();
    Ok(paths)
}

/// The name of the file in the data folder: its own name, or the source's name if another file has it.
pub(super) fn data_name(folder: &Path, file: &Path, file_name: &str, source: &str) -> String {
    let data = folder.join("data");
    let ending = file_name.split_once('.').map_or("", |(_, ending)| ending);
    let own = std::iter::once(file_name.to_string());
    let numbered = (1_u32..).map(|number| {
        let stem = match number {
            1 => source.to_string(),
            number => format!("{source}_{number}"),
        };
        match ending {
            "" => stem,
            ending => format!("{stem}.{ending}"),
        }
    });
    let mut names = own.chain(numbered);
    let is_free = |name: &String| {
        let plain = plain_name(name);
        let others = std::iter::once(plain.to_string()).chain(compressed_names(plain));
        others.into_iter().all(|other| {
            let path = data.join(other);
            // A dangling link takes the name too.
            fs::symlink_metadata(&path).is_err() || is_same_file(&path, file)
        })
    };
    names.find(is_free).unwrap_or_else(|| file_name.to_string())
}

/// Number of files of a series that are named.
const SHOWN: usize = 3;

/// A note about other files in the folder whose names differ only in digits, such as files of other days.
pub(super) fn series_warning(file: &Path) -> Option<String> {
    let without_digits = |name: &str| -> String {
        name.chars()
            .map(|each| if each.is_ascii_digit() { '0' } else { each })
            .collect()
    };
    let name = file.file_name()?.to_str()?;
    if !name.contains(|each: char| each.is_ascii_digit()) {
        return None;
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut others: Vec<String> = names
        .filter(|other| other != name && without_digits(other) == without_digits(name))
        .collect();
    others.sort();
    let noun = if others.len() == 1 { "file" } else { "files" };
    let dots = if others.len() > SHOWN { ", ..." } else { "" };
    let shown = others.get(..SHOWN.min(others.len()))?.join(", ");
    (!others.is_empty()).then(|| {
        format!(
            "{} other {noun} in the same folder may belong to the same source and will not be loaded: {shown}{dots}. \
             If each file has new rows, create the source with --mode append or --mode merge, and for all of them: \
             --from '{}'",
            others.len(),
            file.with_file_name(pattern(name)).display()
        )
    })
}

/// The name with an asterisk for each number.
fn pattern(name: &str) -> String {
    let mut pattern = String::new();
    for each in name.chars() {
        match each {
            '0'..='9' if pattern.ends_with('*') => {}
            '0'..='9' => pattern.push('*'),
            other => pattern.push(other),
        }
    }
    pattern
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
