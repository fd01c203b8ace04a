//! Writes the files of a project, and overwrites none.

use super::source_files::SourceFile;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::whole_file;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The input file of a project that is created without one.
const EXAMPLE: &str = "order_id,customer,amount,ordered_on\n\
    1,Ann,19.90,2026-01-05\n2,Ben,5.00,2026-01-06\n3,Ann,7.45,2026-02-01\n\
    4,\"Zoe, of course\",n/a,2026-02-02\n";
const EXAMPLE_FILE: &str = "orders.csv";

pub(super) fn require_folder(dir: &Path, folder: &Path) -> Result<()> {
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

/// The example file in a private temporary folder, which is removed on drop.
pub(super) struct Example(tempfile::TempDir);

impl Example {
    pub(super) fn write() -> Result<Example> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(EXAMPLE_FILE), EXAMPLE)?;
        Ok(Example(folder))
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.path().join(EXAMPLE_FILE)
    }
}

/// Writes all files or none. Existing files are never overwritten.
pub(super) fn write_all(folder: &Path, files: &[SourceFile]) -> Result<Vec<String>> {
    let existing: Vec<&str> = files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| fs::symlink_metadata(folder.join(name)).is_ok())
        .collect();
    if !existing.is_empty() {
        let names = existing.join("\", \"");
        return Err(
            Failure::new(Exit::Usage, format!("\"{names}\" already exists"))
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

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("could not create folder \"{}\"", parent.display()))?;
    }
    whole_file::write(path, text.as_bytes())
}

/// Copies the input file into the data folder. Returns whether it did: an existing file stays.
pub(super) fn copy_data(from: &Path, data: &Path, name: &str) -> Result<bool> {
    let to = data.join(name);
    if fs::symlink_metadata(&to).is_ok() {
        return Ok(false);
    }
    fs::create_dir_all(data)?;
    let copied = File::open(from).and_then(|mut from| {
        let mut to = File::options().write(true).create_new(true).open(&to)?;
        std::io::copy(&mut from, &mut to)
    });
    copied.with_context(|| format!("could not write file \"{}\"", to.display()))?;
    Ok(true)
}

/// The number of the next migration.
pub(super) fn next_migration(folder: &Path) -> Result<usize> {
    let entries = match fs::read_dir(folder.join("migrations")) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let is_sql = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().ends_with(".sql");
    Ok(1 + entries.iter().filter(|entry| is_sql(entry)).count())
}
