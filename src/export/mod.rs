//! Writes exports: the rows of each query in a file, all from one snapshot. Files have temporary names until the last
//! one is written. The manifest is renamed last, so all files that it names exist.

mod first_rows;
mod format;
mod manifest;
mod snapshot;
mod write;

pub(crate) use first_rows::first_rows;
pub(crate) use format::Format;
pub(crate) use manifest::{Manifest, NotWritten};

use crate::database::{Database, Reader};
use crate::failure::sentence::elt;
use crate::failure::{CommandProgress, Exit, Failure, nearest};
use crate::project::{Project, SqlFile};
use crate::signals;
use crate::terminal;
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use manifest::{live_loads, remove_manifest};
use snapshot::snapshot;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use write::{PendingFile, copy_out, write_file};

/// Writes the named exports; all exports if no name is given.
pub(crate) fn export(
    database: &Database,
    project: &Project,
    names: &[String],
    folder: &Path,
    format: Format,
    progress: &CommandProgress,
) -> Result<Manifest> {
    let exports = named_exports(project, names)?;
    let folder = make_folder(folder, progress)?;
    // Two exports into one folder at a time would mix their files.
    let folder_lock = File::open(&folder)
        .with_context(|| format!("could not read folder \"{}\"", folder.display()))?;
    signals::lock(&folder_lock)
        .with_context(|| format!("could not lock folder \"{}\"", folder.display()))?;
    let mut reader = snapshot(database)?;
    let (pending, not_written) =
        pending_files(&mut reader, exports, &folder, format, names.is_empty())?;
    let files = pending
        .iter()
        .map(|file| write_file(&mut reader, file, format));
    let files = files.collect::<Result<Vec<_>>>()?;
    let mut written: Vec<WholeFile> = pending.into_iter().map(|file| file.whole_file).collect();
    if files.is_empty() && !not_written.is_empty() {
        let sources = not_written.iter().flat_map(|file| file.sources.clone());
        let sources: BTreeSet<String> = sources.collect();
        return Err(never_loaded(
            "nothing to export: no source",
            &Vec::from_iter(sources),
        ));
    }
    let manifest = Manifest {
        schema_version: 1,
        exported_at: chrono::Utc::now(),
        elt_version: env!("CARGO_PKG_VERSION"),
        database: reader.query("select current_database()", &[])?[0].get(0),
        files,
        not_written,
        loads: live_loads(&mut reader)?,
        folder: folder.clone(),
    };
    drop(reader);
    terminal::progress("");
    written.push(manifest.write()?);
    progress.set_unfinished("some exported files may be new and others unchanged");
    progress.set_next_command(elt!("export"));
    // Removed first, because a crash between two renames leaves files of two exports.
    remove_manifest(&folder)?;
    for file in written {
        file.keep()?;
    }
    folder_lock.sync_all()?;
    progress.set_done("the files were exported");
    Ok(manifest)
}

/// Creates a file for each export, and lists those whose sources were never loaded. Without `may_omit`, such an export
/// is an error.
fn pending_files<'a>(
    reader: &mut Reader,
    exports: Vec<&'a SqlFile>,
    folder: &Path,
    format: Format,
    may_omit: bool,
) -> Result<(Vec<PendingFile<'a>>, Vec<NotWritten>)> {
    let (mut pending, mut not_written) = (Vec::new(), Vec::new());
    for export in exports {
        let file = format!("{}.{}", export.stem(), format.extension());
        match sources_never_loaded(reader, export)? {
            Some(sources) if may_omit => not_written.push(NotWritten { file, sources }),
            Some(sources) => return Err(no_data(export, &sources)),
            None => pending.push(PendingFile {
                export,
                whole_file: WholeFile::create(folder, &file)?,
                file,
            }),
        }
    }
    Ok((pending, not_written))
}

/// Writes one export to stdout.
pub(crate) fn to_stdout(
    database: &Database,
    project: &Project,
    name: &str,
    format: Format,
) -> Result<()> {
    let exports = named_exports(project, &[name.to_string()])?;
    let mut reader = snapshot(database)?;
    for export in exports {
        if let Some(sources) = sources_never_loaded(&mut reader, export)? {
            return Err(no_data(export, &sources));
        }
        copy_out(&mut reader, export, format, |rows| {
            terminal::bytes(&rows.bytes)
        })?;
    }
    Ok(())
}

/// Creates the folder if necessary, and returns its absolute path.
pub(crate) fn make_folder(folder: &Path, progress: &CommandProgress) -> Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create folder \"{}\"", folder.display()))?;
    progress.set_unfinished(format!("no file was changed in \"{}\"", folder.display()));
    Ok(folder)
}

/// The sources of an export, if none of them was ever loaded: its file would be empty and misleading.
fn sources_never_loaded(reader: &mut Reader, export: &SqlFile) -> Result<Option<Vec<String>>> {
    let sql = "select array_agg(source order by source), count(live_load.load_id) \
               from elt.sources_of($1) left join elt.live_load using (source)";
    let row = &reader.query(sql, &[&Vec::from_iter(export.reads())])?[0];
    let sources: Option<Vec<String>> = row.get(0);
    Ok(sources.filter(|_| row.get::<_, i64>(1) == 0))
}

fn no_data(export: &SqlFile, sources: &[String]) -> anyhow::Error {
    let what = format!(
        "export \"{}\" has no data: none of its sources",
        export.stem()
    );
    never_loaded(&what, sources)
}

fn never_loaded(what: &str, sources: &[String]) -> anyhow::Error {
    Failure::new(Exit::Failed, format!("{what} was ever loaded"))
        .hint("First load with " + elt!("load").with(sources) + ".")
        .into()
}

/// The named exports; all exports if no name is given.
fn named_exports<'a>(project: &'a Project, names: &[String]) -> Result<Vec<&'a SqlFile>> {
    let all: Vec<&SqlFile> = project.exports().collect();
    let known: Vec<&str> = all.iter().map(|export| export.stem()).collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            return Err(
                Failure::new(Exit::Usage, format!("there is no export \"{name}\""))
                    .hint(nearest("The exports are", name, &known))
                    .into(),
            );
        }
    }
    Ok(all
        .into_iter()
        .filter(|export| names.is_empty() || names.iter().any(|name| name == export.stem()))
        .collect())
}
