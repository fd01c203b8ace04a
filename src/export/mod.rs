//! Writes exports: the rows of each query in a file, all from one snapshot, under temporary names until the last
//! file is written. The manifest is written last, so all files that it names exist.

mod format;
mod records;
mod write;

pub(crate) use format::Format;

use crate::database::Database;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, Standing, nearest};
use crate::project::{Project, SqlFile};
use crate::schema;
use crate::signals;
use crate::terminal;
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use postgres::{Client, IsolationLevel, Transaction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use write::{Task, copy_out, write_all};

const MANIFEST: &str = "elt-export.json";

/// `elt-export.json`.
#[derive(Serialize)]
pub(crate) struct Manifest {
    schema_version: u32,
    pub(crate) exported_at: chrono::DateTime<chrono::Utc>,
    elt_version: &'static str,
    database: String,
    pub(crate) files: Vec<ExportedFile>,
    /// Files that were not requested by name and whose sources were never loaded.
    pub(crate) not_written: Vec<NotWritten>,
    /// The live loads that the snapshot shows.
    loads: Vec<ExportedLoad>,
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
    query_version: i64,
    /// Versions of the views that it reads, directly or through others, by name.
    view_versions: BTreeMap<String, i64>,
}

#[derive(Serialize)]
pub(crate) struct NotWritten {
    pub(crate) file: String,
    pub(crate) sources: Vec<String>,
}

#[derive(Serialize)]
struct ExportedLoad {
    source: String,
    load_id: i64,
    location: String,
    sha256: String,
}

/// Writes the exports of these names, all when there are none.
pub(crate) fn export(
    database: &Database,
    project: &Project,
    names: &[String],
    folder: &Path,
    format: Format,
    standing: &Standing,
) -> Result<Manifest> {
    let exports = named(project, names)?;
    let folder = make_folder(folder, standing)?;
    // Two exports into one folder would mix their files; the folder itself can be locked.
    let turn = File::open(&folder)
        .with_context(|| format!("could not read folder \"{}\"", folder.display()))?;
    signals::lock(&turn)
        .with_context(|| format!("could not lock folder \"{}\"", folder.display()))?;
    let mut client = database.connect("export")?;
    let mut transaction = snapshot(&mut client)?;
    let mut tasks = Vec::new();
    let mut not_written = Vec::new();
    for export in exports {
        let file = format!("{}.{}", export.stem(), format.extension());
        if let Some(sources) = sources_never_loaded(&mut transaction, export)? {
            if !names.is_empty() {
                return Err(nothing_to_show(export, &sources));
            }
            not_written.push(NotWritten { file, sources });
            continue;
        }
        tasks.push(Task {
            export,
            whole_file: WholeFile::create(&folder, &file)?,
            file,
        });
    }
    let files = write_all(database, &mut transaction, &tasks, format)?;
    let mut written: Vec<WholeFile> = tasks.into_iter().map(|task| task.whole_file).collect();
    if files.is_empty() && !not_written.is_empty() {
        let sources = not_written.iter().flat_map(|file| file.sources.clone());
        let sources: BTreeSet<String> = sources.collect();
        let what = "nothing to export: no source";
        return Err(never_loaded(what, &Vec::from_iter(sources)));
    }
    let manifest = Manifest {
        schema_version: 1,
        exported_at: chrono::Utc::now(),
        elt_version: env!("CARGO_PKG_VERSION"),
        database: transaction
            .query_typed_one("select current_database()", &[])?
            .get(0),
        files,
        not_written,
        loads: live_loads(&mut transaction)?,
        folder: folder.clone(),
    };
    transaction.commit()?;
    terminal::progress("");
    let file = WholeFile::create(&folder, MANIFEST)?;
    file.handle()
        .write_all((serde_json::to_string_pretty(&manifest)? + "\n").as_bytes())
        .with_context(|| file.writing())?;
    written.push(file);
    standing.leaves("some exported files may be new and others unchanged");
    standing.goes_on_with(elt!("export"));
    // A crash among the renames leaves files of two exports, and no manifest that vouches for them.
    remove_manifest(&folder)?;
    for file in written {
        file.keep()?;
    }
    turn.sync_all()?;
    standing.did("the files were exported");
    Ok(manifest)
}

/// Writes one export to stdout.
pub(crate) fn to_stdout(
    database: &Database,
    project: &Project,
    name: &str,
    format: Format,
) -> Result<()> {
    let exports = named(project, &[name.to_string()])?;
    let mut client = database.connect("export")?;
    let mut transaction = snapshot(&mut client)?;
    for export in exports {
        if let Some(sources) = sources_never_loaded(&mut transaction, export)? {
            return Err(nothing_to_show(export, &sources));
        }
        copy_out(&mut transaction, export, format, terminal::bytes)?;
    }
    Ok(())
}

fn snapshot(client: &mut Client) -> Result<Transaction<'_>> {
    schema::require_core(client)?;
    read_only(client)
}

fn read_only(client: &mut Client) -> Result<Transaction<'_>> {
    Ok(client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?)
}

/// Its absolute path.
pub(crate) fn make_folder(folder: &Path, standing: &Standing) -> Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create folder \"{}\"", folder.display()))?;
    standing.leaves(format!("no file was changed in \"{}\"", folder.display()));
    Ok(folder)
}

/// The sources of an export, if none of them was ever loaded: its file would be empty and misleading.
fn sources_never_loaded(
    transaction: &mut Transaction<'_>,
    export: &SqlFile,
) -> Result<Option<Vec<String>>> {
    let sql = "select array_agg(source order by source), count(live_load.load_id) \
               from elt.sources_of($1) left join elt.live_load using (source)";
    let row = transaction.query_one(sql, &[&Vec::from_iter(export.reads())])?;
    let sources: Option<Vec<String>> = row.get(0);
    Ok(sources.filter(|_| row.get::<_, i64>(1) == 0))
}

fn nothing_to_show(export: &SqlFile, sources: &[String]) -> anyhow::Error {
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

fn remove_manifest(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(MANIFEST)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)
            .with_context(|| format!("could not write to folder \"{}\"", folder.display())),
        _ => Ok(()),
    }
}

fn named<'a>(project: &'a Project, names: &[String]) -> Result<Vec<&'a SqlFile>> {
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

fn live_loads(transaction: &mut Transaction<'_>) -> Result<Vec<ExportedLoad>> {
    let sql = "select load.source, load.load_id, load.location, load.sha256 \
               from elt.live_load inner join elt.load using (load_id) order by load.source";
    Ok(transaction
        .query_typed(sql, &[])?
        .iter()
        .map(|row| ExportedLoad {
            source: row.get(0),
            load_id: row.get(1),
            location: row.get(2),
            sha256: row.get(3),
        })
        .collect())
}
