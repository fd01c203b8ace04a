//! Writes the data dictionary (elt.dictionary) as HTML and Markdown. The files have no dates and no counts, so that
//! the same schema gives the same bytes.

mod page;

use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::whole_file;
use anyhow::{Context, Result};
use page::{Html, Markdown, Page};
use postgres::Client;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// A row of `elt.dictionary`.
#[derive(Deserialize)]
struct Entry {
    /// `schema.name`.
    name: String,
    schema_name: String,
    /// table, view, rule, export or function.
    kind: String,
    signature: Option<String>,
    level: Option<String>,
    /// The limit of a rule.
    at_most: Option<String>,
    grain: Option<String>,
    careful: Option<String>,
    description: Option<String>,
    columns: Vec<Column>,
    constraints: Vec<Constraint>,
    reads: Vec<String>,
    read_by: Vec<String>,
    sources: Vec<String>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    /// The type as in `create table`.
    #[serde(rename = "type")]
    type_name: String,
    is_required: bool,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Constraint {
    name: String,
    /// The constraint as in `create table`.
    definition: String,
    description: Option<String>,
}

/// A row of `elt.source`.
struct Source {
    name: String,
    format: String,
    /// None for an API.
    file: Option<String>,
    mode: String,
    description: String,
}

/// Writes the pages to a folder, replaces existing ones, and returns their names.
pub(crate) fn write(client: &mut Client, project: &Project, folder: &Path) -> Result<Vec<String>> {
    if folder == Path::new("-") {
        return Err(
            Failure::new(Exit::Usage, "could not write several files to stdout")
                .hint("Name a folder with --out.")
                .into(),
        );
    }
    let entries = read_entries(client)?;
    let sources = read_sources(client)?;
    let pages = [
        Page::project(&project.database, &entries, &sources),
        Page::engine(&project.database, &entries),
    ];
    if folder.is_file() {
        let message = format!("could not write to \"{}\": it is a file", folder.display());
        return Err(Failure::new(Exit::Failed, message)
            .hint("Name a folder with --out.")
            .into());
    }
    fs::create_dir_all(folder)
        .with_context(|| format!("could not create folder \"{}\"", folder.display()))?;
    let mut written = Vec::new();
    for page in &pages {
        let texts = [
            ("html", Html { page }.text()?),
            ("md", Markdown { page }.text()?),
        ];
        for (ending, text) in texts {
            let name = format!("{}.{ending}", page.stem);
            let path = folder.join(&name);
            whole_file::write(&path, text.as_bytes())?;
            written.push(name);
        }
    }
    Ok(written)
}

fn read_entries(client: &mut Client) -> Result<Vec<Entry>> {
    let sql = "select to_jsonb(dictionary) from elt.dictionary order by name, signature";
    let rows = client.query_typed(sql, &[])?;
    rows.iter()
        .map(|row| serde_json::from_value(row.get(0)).context("elt.dictionary is not as expected"))
        .collect()
}

fn read_sources(client: &mut Client) -> Result<Vec<Source>> {
    let sql = "select source, format, case when file ~ '^https?://' then split_part(file, '?', 1) else file end as file, \
               mode, description from elt.source order by source";
    let rows = client.query_typed(sql, &[])?;
    let sources = rows.iter().map(|row| Source {
        name: row.get(0),
        format: row.get(1),
        file: row.get(2),
        mode: row.get(3),
        description: row.get(4),
    });
    Ok(sources.collect())
}
