//! SQL files, from the program or from a folder.

use super::ENGINE;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use include_dir::Dir;
use std::path::Path;

/// A file's path below its root, and its text.
pub(super) type TextFile = (String, String);

/// A file of the project: its path for messages, and its path below the project's folder.
pub(super) struct NamedFile {
    pub(super) path: String,
    pub(super) below: String,
    pub(super) text: String,
}

pub(super) fn embedded_files(dir: &Dir<'_>) -> Result<Vec<TextFile>> {
    let mut files = Vec::new();
    for entry in dir.entries() {
        match entry {
            include_dir::DirEntry::Dir(dir) => files.extend(embedded_files(dir)?),
            include_dir::DirEntry::File(file) => {
                let path = file.path().to_string_lossy().into_owned();
                if path.ends_with(".sql") {
                    let text = file.contents_utf8().context(path.clone())?;
                    files.push((path, text.to_string()));
                }
            }
        }
    }
    Ok(files)
}

pub(super) fn with_paths(tree: &str, files: Vec<TextFile>) -> Vec<NamedFile> {
    files
        .into_iter()
        .map(|(below, text)| NamedFile {
            path: format!("{tree}/{below}"),
            below,
            text,
        })
        .collect()
}

/// The files outside the engine's folder, with paths below their own folder.
pub(super) fn outside_engine_folder(files: Vec<NamedFile>) -> Vec<NamedFile> {
    files
        .into_iter()
        .filter(|file| !file.below.starts_with(&format!("{ENGINE}/")))
        .filter_map(|file| {
            let below = file.below.split_once('/')?.1.to_string();
            Some(NamedFile { below, ..file })
        })
        .collect()
}

pub(super) fn files_in(dir: &Path) -> Result<Vec<NamedFile>> {
    fn collect(dir: &Path, below: &str, files: &mut Vec<NamedFile>) -> Result<()> {
        let entries = std::fs::read_dir(dir).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("could not read folder \"{}\"", dir.display()),
            )
            .because(error)
            .hint("A project is a folder with migrations/ and sql/.")
        })?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if path.is_dir() {
                collect(&path, &format!("{below}{name}/"), files)?;
            } else if name.ends_with(".sql") {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("could not read file \"{}\"", path.display()))?;
                files.push(NamedFile {
                    path: path.display().to_string(),
                    below: format!("{below}{name}"),
                    text,
                });
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(dir, "", &mut files)?;
    Ok(files)
}
