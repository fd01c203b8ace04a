//! What `elt.source` says, and the files that belong to it.

use super::{Outcome, SourceReport};
use crate::failure::{Exit, Failure};
use crate::project::hex;
use anyhow::{Context, Result};
use postgres::Client;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A row of `elt.source`, and its staging table.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) format: String,
    file: String,
    /// Columns of the staging table, without elt's own, which begin with `_`.
    pub(crate) columns: Vec<String>,
    has_table: bool,
}

/// The sources of these names; all when there are none.
pub(crate) fn named(client: &mut Client, names: &[String]) -> Result<Vec<Source>> {
    let sql = "select source, format, file, array(select attname::text from pg_attribute \
               where attrelid = to_regclass(format('staging.%I', source)) and attnum > 0 \
               and not attisdropped and attname !~ '^_' order by attnum), \
               exists (select 1 from pg_partitioned_table \
               where partrelid = to_regclass(format('staging.%I', source))) \
               from elt.source order by source";
    let all: Vec<Source> = client
        .query(sql, &[])?
        .iter()
        .map(|row| Source {
            name: row.get(0),
            format: row.get(1),
            file: row.get(2),
            columns: row.get(3),
            has_table: row.get(4),
        })
        .collect();
    let known: Vec<&str> = all.iter().map(|source| source.name.as_str()).collect();
    for name in names {
        if !known.contains(&name.as_str()) {
            return Err(
                Failure::new(Exit::Usage, format!("there is no source \"{name}\""))
                    .hint(format!("The sources are: {}.", known.join(", ")))
                    .into(),
            );
        }
    }
    let chosen: Vec<Source> = all
        .into_iter()
        .filter(|source| names.is_empty() || names.contains(&source.name))
        .collect();
    match chosen
        .iter()
        .find(|source| !source.has_table || source.columns.is_empty())
    {
        Some(source) => Err(Failure::new(
            Exit::Schema,
            format!(
                "source \"{0}\" has no table \"staging.{0}\" partitioned by load",
                source.name
            ),
        )
        .hint("A migration has to make it: see sql/README.md, \"To add\".")
        .into()),
        None => Ok(chosen),
    }
}

/// The absolute path of each source's file. All that cannot be loaded are named at once.
pub(crate) fn files(sources: &[Source], data: &Path) -> Result<Vec<PathBuf>> {
    let data = std::path::absolute(data)?;
    if !data.is_dir() {
        let problem = if data.exists() {
            "is no folder"
        } else {
            "does not exist"
        };
        let message = format!("\"{}\" {problem}", data.display());
        return Err(Failure::new(Exit::Failed, message)
            .hint("Name the folder of the input files with --data.")
            .into());
    }
    let paths: Vec<PathBuf> = sources
        .iter()
        .map(|source| data.join(&source.file))
        .collect();
    let missing: Vec<String> = sources
        .iter()
        .zip(&paths)
        .filter_map(|(source, path)| {
            let problem = match fs::metadata(path) {
                Ok(metadata) if metadata.is_file() => return None,
                Ok(metadata) if metadata.is_dir() => "is a folder".to_string(),
                Ok(_) => "is no ordinary file".to_string(),
                Err(error) if error.kind() == ErrorKind::NotFound => "does not exist".to_string(),
                Err(error) => format!("cannot be read: {error}"),
            };
            Some(format!(
                "\"{}\" of source \"{}\" {problem}",
                path.display(),
                source.name
            ))
        })
        .collect();
    if missing.is_empty() {
        return Ok(paths);
    }
    Err(Failure::new(
        Exit::Failed,
        match missing.as_slice() {
            [one] => format!("file {one}"),
            several => format!("{} files cannot be loaded", several.len()),
        },
    )
    .detail(match missing.as_slice() {
        [_] => "Nothing was loaded.".to_string(),
        several => format!("{}.", several.join("; ")),
    })
    .hint("Name the folder with --data, or the sources that you have: elt load SOURCE.")
    .into())
}

/// The report of a source whose live load has the same bytes and stands for what today's core
/// queries say.
pub(crate) fn already_live(
    client: &mut Client,
    source: &Source,
    file: &Path,
) -> Result<Option<SourceReport>> {
    let sql = "select load.load_id, load.size_bytes, load.sha256, load.rows_staged, load.rows_rejected \
               from elt.live_load inner join elt.load using (load_id) \
               inner join elt.publish on publish.publish_id = live_load.publish_id \
               where live_load.source = $1 and publish.core_sha256 = elt.core_sha256()";
    let Some(live) = client.query_opt(sql, &[&source.name])? else {
        return Ok(None);
    };
    let begun = std::time::Instant::now();
    let size = fs::metadata(file).with_context(|| reading(file))?.len();
    // Reading a file of another size just to hash it would be for nothing.
    if i64::try_from(size)? != live.get::<_, i64>(1) {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    let mut opened = File::open(file).with_context(|| reading(file))?;
    std::io::copy(&mut opened, &mut HashWriter(&mut hash)).with_context(|| reading(file))?;
    if hex(&hash.finalize()) != live.get::<_, String>(2) {
        return Ok(None);
    }
    Ok(Some(SourceReport {
        source: source.name.clone(),
        outcome: Outcome::Unchanged,
        load_id: live.get(0),
        location: file.to_path_buf(),
        bytes: size,
        rows: u64::try_from(live.get::<_, i64>(3))?,
        rows_before: live.get(3),
        rejected: u64::try_from(live.get::<_, i64>(4))?,
        seconds: begun.elapsed().as_secs_f64(),
        rejects: Vec::new(),
    }))
}

/// Rows of the live load.
pub(crate) fn live_rows(client: &mut Client, source: &Source) -> Result<Option<i64>> {
    let sql = "select load.rows_staged from elt.live_load inner join elt.load using (load_id) \
               where live_load.source = $1";
    Ok(client
        .query_opt(sql, &[&source.name])?
        .map(|row| row.get(0)))
}

pub(crate) fn reading(file: &Path) -> String {
    format!("could not read file \"{}\"", file.display())
}

struct HashWriter<'a>(&'a mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
