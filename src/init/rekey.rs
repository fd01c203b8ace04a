//! Changes the key of an existing source. Files that depend on the key are written again if they are unchanged since
//! `elt init`. If one was changed, nothing is written, and the changes are listed.

use super::column::Column;
use super::mode::Mode;
use super::new_files::{next_migration, write};
use super::source_files::SourceFile;
use super::source_spec::SourceSpec;
use super::written_source::WrittenSource;
use super::{KeyChoice, merge_without_key};
use crate::extract::Layout;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use serde::Serialize;
use similar::TextDiff;
use std::fs;
use std::path::{Path, PathBuf};

/// The changed files, for the user.
#[derive(Serialize)]
pub(crate) struct Rekeyed {
    pub(crate) folder: PathBuf,
    pub(crate) source: String,
    /// Columns of the new key; empty if a row is identified by its position in the file.
    pub(crate) key_columns: Vec<String>,
    /// Paths below the folder.
    pub(crate) files_written: Vec<String>,
    pub(crate) files_removed: Vec<String>,
}

/// Changes the key of a source in the project.
pub(crate) fn rekey(dir: &Path, source: &str, key: &KeyChoice) -> Result<Rekeyed> {
    let folder = std::path::absolute(dir)?;
    let wanted = wanted_columns(key)?;
    let written = WrittenSource::read(&folder, dir, source)?;
    let old_key = written.key()?;
    let columns = |names: &[String]| -> Result<Vec<&Column>> {
        names.iter().map(|name| written.column(name)).collect()
    };
    let layout = Layout::default();
    let dir_text = dir.display().to_string();
    let spec = |key: &[String]| -> Result<SourceSpec<'_>> {
        Ok(SourceSpec {
            source,
            database: "",
            dir: &dir_text,
            file: &written.file,
            address: None,
            layout: &layout,
            rest: written.is_rest.then_some(&[]),
            settings: &[],
            own_columns: &[],
            mode: written.mode,
            columns: &written.columns,
            key: columns(key)?,
            old_key: &old_key,
        })
    };
    let before = spec(&old_key)?;
    let after = spec(wanted)?;
    if before.primary_key() == after.primary_key() {
        let message = format!("source \"{source}\" already has this key");
        return Err(Failure::new(Exit::Usage, message).into());
    }
    if written.mode == Mode::Merge && wanted.is_empty() {
        return Err(merge_without_key("Name its columns with --key."));
    }
    let (old_files, new_files) = (before.files_of_key()?, after.files_of_key()?);
    require_unchanged(&folder, &old_files, &new_files)?;
    let migration = after.rekey_migration(next_migration(&folder)?)?;
    let (files_written, files_removed) = replace_files(&folder, &old_files, new_files, migration)?;
    Ok(Rekeyed {
        key_columns: after.key_names(),
        source: source.to_string(),
        files_written,
        files_removed,
        folder: folder.clone(),
    })
}

/// The columns of the new key; empty for `--no-key`.
fn wanted_columns(key: &KeyChoice) -> Result<&[String]> {
    match key {
        KeyChoice::Columns(columns) => Ok(columns),
        KeyChoice::NoKey => Ok(&[]),
        KeyChoice::Detect => Err(Failure::new(Exit::Usage, "--rekey needs the new key")
            .hint("Name its columns with --key, or keep every row with --no-key.")
            .into()),
    }
}

/// Writes the new files and removes old ones that have no successor. Returns the paths of both.
fn replace_files(
    folder: &Path,
    old: &[SourceFile],
    new: Vec<SourceFile>,
    migration: SourceFile,
) -> Result<(Vec<String>, Vec<String>)> {
    let mut removed = Vec::new();
    for (name, text) in new.iter().chain([&migration]) {
        write(&folder.join(name), text)?;
    }
    for (name, _) in old {
        if !new.iter().any(|(new, _)| new == name) {
            fs::remove_file(folder.join(name))
                .with_context(|| format!("could not remove file \"{name}\""))?;
            removed.push(name.clone());
        }
    }
    let written = new.into_iter().chain([migration]);
    Ok((written.map(|(name, _)| name).collect(), removed))
}

/// Fails if a file was edited. The error shows the changes that the user must make.
fn require_unchanged(folder: &Path, old: &[SourceFile], new: &[SourceFile]) -> Result<()> {
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
