//! Unexpected and missing columns of the files that were staged: collected for the report, and said once for all files
//! that have the same ones.

use super::SourceReport;
use super::source::Source;
use crate::extract::{ColumnDifference, FileFacts, list_names};
use crate::terminal;

/// How the columns of one file differ from the expected ones.
#[derive(Clone)]
pub(crate) struct FileColumns {
    location: String,
    difference: ColumnDifference,
}

impl FileColumns {
    /// None if the file has the expected columns.
    pub(super) fn find(location: &str, facts: &FileFacts) -> Option<FileColumns> {
        let has_difference = facts.columns != ColumnDifference::default();
        has_difference.then(|| FileColumns {
            location: location.to_string(),
            difference: facts.columns.clone(),
        })
    }

    /// The difference of all files.
    pub(super) fn all(files: &[FileColumns]) -> ColumnDifference {
        let mut all = ColumnDifference::default();
        files.iter().for_each(|file| all.add(&file.difference));
        all
    }
}

/// Warns of missing columns, and of unexpected ones if the source asks for it.
pub(super) fn warn(sources: &[Source], reports: &[SourceReport]) {
    for source in sources {
        let own = reports.iter().filter(|each| each.source == source.name);
        let files: Vec<&FileColumns> = own.flat_map(|report| &report.files_unlike).collect();
        let noun = match source.layout.format.as_str() {
            "csv" => "column",
            _ => "key",
        };
        for (missing, place) in group(&files, |difference| &difference.missing) {
            let what = subject(noun, missing);
            terminal::warn(format!(
                "source \"{}\": {what} missing in {place} and null in all its rows (on_missing_column in elt.source)",
                source.name
            ));
        }
        if !source.warns_of_new {
            continue;
        }
        let fate = match noun {
            "column" => "kept in _extra",
            _ => "kept in the records",
        };
        for (new, place) in group(&files, |difference| &difference.new) {
            let what = subject(noun, new);
            terminal::warn(format!(
                "source \"{}\": {what} not expected in {place} and {fate} (on_new_column in elt.source)",
                source.name
            ));
        }
    }
}

/// `columns "a", "b" are`.
fn subject(noun: &str, names: &[String]) -> String {
    match names {
        [name] => format!("{noun} {} is", list_names([name])),
        names => format!("{noun}s {} are", list_names(names)),
    }
}

/// The different lists of names, each with the files that have it.
fn group<'a>(
    files: &[&'a FileColumns],
    names: fn(&ColumnDifference) -> &Vec<String>,
) -> Vec<(&'a Vec<String>, String)> {
    let mut groups: Vec<(&Vec<String>, Vec<&str>)> = Vec::new();
    for file in files {
        let found = names(&file.difference);
        if found.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == found) {
            Some((_, locations)) => locations.push(&file.location),
            None => groups.push((found, vec![&file.location])),
        }
    }
    let place = |locations: Vec<&str>| match locations.as_slice() {
        [one] => format!("\"{one}\""),
        several => format!("{} files, the first is \"{}\",", several.len(), several[0]),
    };
    groups
        .into_iter()
        .map(|(names, locations)| (names, place(locations)))
        .collect()
}
