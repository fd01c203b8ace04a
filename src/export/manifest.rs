//! The manifest of an export: the written files, the views they were computed by, and the loads they show.

use crate::database::Reader;
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "elt-export.json";

/// The content of `elt-export.json`.
#[derive(Serialize)]
pub(crate) struct Manifest {
    pub(super) schema_version: u32,
    pub(crate) exported_at: chrono::DateTime<chrono::Utc>,
    pub(super) elt_version: &'static str,
    pub(super) database: String,
    pub(crate) files: Vec<ExportedFile>,
    /// Files that were not requested by name and whose sources were never loaded.
    pub(crate) not_written: Vec<NotWritten>,
    /// The loads that were live in the snapshot.
    pub(super) loads: Vec<ExportedLoad>,
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

#[derive(Serialize)]
pub(crate) struct ExportedFile {
    pub(crate) name: String,
    pub(crate) file: String,
    /// Records, without the header.
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    /// Version of the export's query.
    pub(super) query_version: i64,
    /// Versions of the views that the query reads, directly or through other views, by name.
    pub(super) view_versions: BTreeMap<String, i64>,
}

#[derive(Serialize)]
pub(crate) struct NotWritten {
    pub(crate) file: String,
    pub(crate) sources: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct ExportedLoad {
    source: String,
    load_id: i64,
    location: String,
    sha256: String,
}

impl Manifest {
    /// Writes the manifest under a temporary name.
    pub(super) fn write(&self) -> Result<WholeFile> {
        let file = WholeFile::create(&self.folder, MANIFEST)?;
        file.handle()
            .write_all((serde_json::to_string_pretty(self)? + "\n").as_bytes())
            .with_context(|| file.writing())?;
        Ok(file)
    }
}

pub(super) fn remove_manifest(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(MANIFEST)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)
            .with_context(|| format!("could not write to folder \"{}\"", folder.display())),
        _ => Ok(()),
    }
}

pub(super) fn live_loads(reader: &mut Reader) -> Result<Vec<ExportedLoad>> {
    let sql = "select load.source, load.load_id, load.location, load.sha256 \
               from elt.live_load inner join elt.load using (load_id) order by load.source";
    Ok(reader
        .query(sql, &[])?
        .iter()
        .map(|row| ExportedLoad {
            source: row.get(0),
            load_id: row.get(1),
            location: row.get(2),
            sha256: row.get(3),
        })
        .collect())
}
