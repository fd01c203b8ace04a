//! Sources of `elt.source`.

use super::files::Pattern;
use super::live_loads::live_location;
use super::remote::is_remote;
use crate::extract::bucket::is_bucket_address;
use crate::extract::rest::{self, Settings};
use crate::extract::{Contract, Layout};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, nearest};
use crate::{history, terminal};
use anyhow::{Context, Result};
use postgres::Client;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The column for the number of a page.
const PAGE: &str = "_page";

/// A row of `elt.source`, and its staging table.
pub(crate) struct Source {
    pub(crate) name: String,
    /// `replace`, `merge` or `append`.
    pub(crate) mode: String,
    pub(crate) layout: Layout,
    /// Whether a load warns of unexpected columns: `on_new_column` is `warn`.
    pub(super) warns_of_new: bool,
    /// The layout in the text of `elt.source_layout`.
    pub(crate) layout_json: String,
    /// The file name in the data folder, or the address of the file; `None` for an API.
    pub(crate) file: Option<String>,
    /// The folder of its file, if a worker found it.
    pub(super) folder: Option<PathBuf>,
    /// The order of the files of a pattern: `name` or `modified`.
    pub(super) order_by: String,
    /// The time for which a file must not have changed before `--watch` loads it.
    pub(super) settle: Duration,
    /// Whether its loads wait until they are published or discarded.
    pub(super) hold: bool,
    /// The settings of an API.
    pub(crate) rest: Option<Settings>,
    /// The settings of a file at an address, if they are not the defaults.
    pub(super) of_address: Option<Settings>,
    /// Columns of the staging table, without elt's own, which begin with `_`.
    pub(crate) columns: Vec<String>,
    /// The load that was named instead of the source: its rejects are corrected.
    pub(crate) named_load: Option<i64>,
    has_table: bool,
    /// The columns of the staging table that begin with `_`.
    added_columns: Vec<String>,
}

impl Source {
    /// The address of its file; `None` for a file of the data folder and for an API.
    pub(super) fn address(&self) -> Option<&str> {
        self.file.as_deref().filter(|file| is_remote(file))
    }

    /// The file in the data folder.
    pub(super) fn local_file(&self) -> Option<&str> {
        self.file.as_deref().filter(|file| !is_remote(file))
    }

    /// The address of objects in a bucket, and the pattern of their keys.
    pub(super) fn object_pattern(&self) -> Result<Option<(&str, Pattern)>> {
        let address = self.address().filter(|file| is_bucket_address(file));
        let key = address.and_then(|address| address.splitn(4, '/').nth(3));
        let pattern = key.map_or(Ok(None), Pattern::parse)?;
        Ok(address.zip(pattern))
    }

    /// The pattern of its files in the data folder.
    pub(super) fn pattern(&self) -> Result<Option<Pattern>> {
        self.local_file().map_or(Ok(None), Pattern::parse)
    }
}

/// The sources with these names, or of loads with these numbers. Without names: all file sources, and the API
/// sources whose address is known.
pub(crate) fn named(client: &mut Client, names: &[String]) -> Result<Vec<Source>> {
    let named = names.iter().map(|name| resolve_name(client, name));
    let named: Vec<(String, Option<i64>)> = named.collect::<Result<_>>()?;
    let names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
    let mut all = all_sources(client, &named)?;
    let is_wanted = |source: &Source| names.is_empty() || names.contains(&source.name);
    for source in all.iter_mut().filter(|source| is_wanted(source)) {
        if source.file.is_none() {
            source.rest = rest_settings(client, &source.name)?;
        } else if source.address().is_some() {
            source.of_address = rest_settings(client, &source.name)?;
        }
    }
    let known: Vec<&str> = all.iter().map(|source| source.name.as_str()).collect();
    for name in &names {
        if !known.contains(&name.as_str()) {
            return Err(unknown(name, &known));
        }
    }
    if names.is_empty() {
        warn_of_skipped(client, &all)?;
    }
    let chosen: Vec<Source> = all
        .into_iter()
        .filter(|source| match names.as_slice() {
            [] => source.rest.as_ref().is_none_or(rest::has_address),
            names => names.contains(&source.name),
        })
        .collect();
    require_tables(&chosen)?;
    Ok(chosen)
}

/// All rows of `elt.source`. `named`: names, and the loads that were named instead of them.
fn all_sources(client: &mut Client, named: &[(String, Option<i64>)]) -> Result<Vec<Source>> {
    let sql = "select source, format, file, array(select attname::text from pg_attribute \
               where attrelid = to_regclass(format('staging.%I', source)) and attnum > 0 \
               and not attisdropped and attname !~ '^_' order by attnum), \
               exists (select 1 from pg_partitioned_table \
               where partrelid = to_regclass(format('staging.%I', source))), \
               array(select attname::text from pg_attribute \
               where attrelid = to_regclass(format('staging.%I', source)) and attnum > 0 \
               and not attisdropped and attname ~ '^_') as added_columns, \
               delimiter, quote, encoding, null_text, escape, has_header, header_line, header_lines, comment, \
               footer_lines, trailing_delimiter, short_records, member, records_at, layout::text as layout_json, mode, order_by, \
               on_new_column, on_missing_column, expected_keys, hold, settle_seconds::double precision as settle \
               from elt.source inner join elt.source_layout using (source) order by source";
    let sign = |text: String| text.bytes().next().unwrap_or_default();
    let all = client
        .query_typed(sql, &[])?
        .iter()
        .map(|row| Source {
            name: row.get(0),
            mode: row.get("mode"),
            hold: row.get("hold"),
            layout: Layout {
                format: row.get("format"),
                delimiter: sign(row.get("delimiter")),
                quote: row.get::<_, Option<String>>("quote").map(sign),
                escape: row.get::<_, Option<String>>("escape").map(sign),
                encoding: row.get("encoding"),
                null_text: row.get("null_text"),
                has_header: row.get("has_header"),
                header_line: row
                    .get::<_, Option<i64>>("header_line")
                    .map(i64::unsigned_abs),
                header_lines: row.get::<_, i64>("header_lines").unsigned_abs(),
                comment: row.get("comment"),
                footer_lines: row.get::<_, i64>("footer_lines").unsigned_abs(),
                trailing_delimiter: row.get("trailing_delimiter"),
                short_records: row.get("short_records"),
                member: row.get("member"),
                records_at: row.get("records_at"),
                column_count: None,
                contract: Contract {
                    refuses_new: row.get::<_, &str>("on_new_column") == "refuse",
                    fills_missing: row.get::<_, &str>("on_missing_column") == "null",
                    keys: row.get("expected_keys"),
                    replayed: None,
                },
            },
            warns_of_new: row.get::<_, &str>("on_new_column") == "warn",
            layout_json: row.get("layout_json"),
            file: row.get(2),
            folder: None,
            order_by: row.get("order_by"),
            settle: Duration::from_secs_f64(row.get("settle")),
            rest: None,
            of_address: None,
            columns: row.get(3),
            named_load: named
                .iter()
                .find(|(name, _)| name == row.get::<_, &str>(0))
                .and_then(|(_, load)| *load),
            has_table: row.get(4),
            added_columns: row.get("added_columns"),
        })
        .collect();
    Ok(all)
}

/// An error if a source has no staging table with the needed columns.
fn require_tables(sources: &[Source]) -> Result<()> {
    // A CSV file may have only columns that are kept in _extra.
    let lacks_columns =
        |source: &Source| source.columns.is_empty() && source.layout.format != "csv";
    for source in sources {
        let missing = missing_column(source);
        if source.has_table && missing.is_none() && !lacks_columns(source) {
            continue;
        }
        let failure = Failure::new(
            Exit::Schema,
            format!(
                "source \"{0}\" has no table \"staging.{0}\" with the needed columns, partitioned by load",
                source.name
            ),
        );
        return Err(match missing.filter(|_| source.has_table) {
            Some(column) => failure.hint(format!(
                "Add its column {column} with a migration: alter table staging.{} add column {column} {};",
                source.name,
                if column == PAGE { "bigint" } else { "text" }
            )),
            None => failure.hint(
                "Create it with a migration: "
                    + elt!("init", "DIR", "--from", "FILE")
                    + " writes one to start from.",
            ),
        }
        .into());
    }
    Ok(())
}

/// The column of the staging table that is missing and only APIs need. None if there is none.
fn missing_column(source: &Source) -> Option<&'static str> {
    let settings = source.rest.as_ref()?;
    let needed = std::iter::once(PAGE).chain(rest::label_column(settings));
    let is_missing = |column: &&str| source.added_columns.iter().all(|known| known != column);
    needed.into_iter().find(is_missing)
}

/// A source's name, or the number of a load and the name of its source.
fn resolve_name(client: &mut Client, name: &str) -> Result<(String, Option<i64>)> {
    let Ok(load_id) = name.parse::<i64>() else {
        return Ok((name.to_string(), None));
    };
    let sql = "select source from elt.load where load_id = $1";
    let row = client.query_opt(sql, &[&load_id])?;
    let row = row.ok_or_else(|| history::no_load(load_id))?;
    Ok((row.get(0), Some(load_id)))
}

/// An error if the core tables do not support the mode of a source, because it could not be published.
pub(crate) fn require_modes(client: &mut Client, sources: &[Source]) -> Result<()> {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let sql = "select source, source.mode, problem, hint from elt.mode_problem \
               inner join elt.source using (source) where source = any($1) limit 1";
    let Some(row) = client.query_opt(sql, &[&names])? else {
        return Ok(());
    };
    let (source, mode, problem): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
    let message = format!("source \"{source}\" has mode {mode}, and {problem}");
    Err(Failure::new(Exit::Schema, message)
        .detail("Nothing was loaded.")
        .hint(row.get::<_, String>(3))
        .into())
}

/// An error if there is no such source.
pub(crate) fn require_known(client: &mut Client, name: &str) -> Result<()> {
    let rows = client.query_typed("select source from elt.source order by source", &[])?;
    let known: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    if known.contains(&name) {
        Ok(())
    } else {
        Err(unknown(name, &known))
    }
}

fn unknown(name: &str, known: &[&str]) -> anyhow::Error {
    Failure::new(Exit::Usage, format!("there is no source \"{name}\""))
        .hint(nearest("The sources are", name, known))
        .into()
}

/// Warns of API sources that were loaded before and have no address now.
fn warn_of_skipped(client: &mut Client, sources: &[Source]) -> Result<()> {
    for source in sources {
        if let Some(settings) = &source.rest
            && !rest::has_address(settings)
            && live_location(client, source)?.is_some()
        {
            terminal::warn(format!(
                "source \"{}\" was not loaded and is unchanged: its address is not known ({})",
                source.name,
                rest::address_variable(settings)
            ));
        }
    }
    Ok(())
}

fn rest_settings(client: &mut Client, source: &str) -> Result<Option<Settings>> {
    let Some(row) = client.query_opt(rest::ROW, &[&source])? else {
        return Ok(None);
    };
    let settings = serde_json::from_str(row.get(0));
    settings.map(Some).with_context(|| {
        format!("could not read the row of source \"{source}\" in elt.rest_source")
    })
}

pub(crate) fn could_not_read(file: &Path) -> String {
    format!("could not read file \"{}\"", file.display())
}
