//! `elt diff --out`: a CSV file with a line for each value that differs.

use crate::difference::RowDifference;
use crate::failure::{Exit, Failure};
use crate::signals;
use crate::terminal;
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use postgres::Transaction;
use std::io::{BufRead, Write};
use std::path::Path;

/// The file, or stdout. It has the columns of the keys of all relations.
pub(super) struct Lines {
    /// `None` for stdout.
    file: Option<WholeFile>,
    key_columns: Vec<String>,
    has_header: bool,
    rows: i64,
}

impl Lines {
    pub(super) fn create<'a>(
        path: &Path,
        keys: impl Iterator<Item = &'a Option<Vec<String>>>,
    ) -> Result<Lines> {
        let mut key_columns: Vec<String> = Vec::new();
        for column in keys.flatten().flatten() {
            if !key_columns.contains(column) {
                key_columns.push(column.clone());
            }
        }
        let file = (path != Path::new("-")).then(|| create(path)).transpose()?;
        Ok(Lines {
            file,
            key_columns,
            has_header: false,
            rows: 0,
        })
    }

    /// Adds all rows that the latest comparison of this transaction found. `tables` are the two that it compared.
    pub(super) fn add(
        &mut self,
        transaction: &mut Transaction<'_>,
        relation: &str,
        tables: [&str; 2],
        differ: &RowDifference,
    ) -> Result<()> {
        let sql =
            "select elt.difference_lines($1::text::regclass, $2::text::regclass, $3, $4, $5, $6)";
        let query: String = transaction
            .query_one(
                sql,
                &[
                    &tables[0],
                    &tables[1],
                    &differ.compared_by,
                    &relation,
                    &self.key_columns,
                    &differ.columns,
                ],
            )?
            .get(0);
        let header = if self.has_header { "" } else { ", header" };
        self.has_header = true;
        self.rows += differ.rows_added + differ.rows_removed + differ.rows_changed.unwrap_or(0);
        let mut reader =
            transaction.copy_out(&format!("copy ({query}) to stdout (format csv{header})"))?;
        loop {
            signals::check()?;
            let bytes = reader.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            match &self.file {
                None => terminal::bytes(bytes)?,
                Some(file) => file
                    .handle()
                    .write_all(bytes)
                    .with_context(|| file.writing())?,
            }
            let length = bytes.len();
            reader.consume(length);
        }
    }

    /// Gives the file its name. Returns the number of rows in it.
    pub(super) fn finish(self) -> Result<i64> {
        if let Some(file) = self.file {
            file.keep()?;
        }
        Ok(self.rows)
    }
}

fn create(path: &Path) -> Result<WholeFile> {
    let Some(name) = path.file_name() else {
        let message = format!(
            "could not write file \"{}\": it is a folder",
            path.display()
        );
        return Err(Failure::new(Exit::Failed, message).into());
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    WholeFile::create(folder.unwrap_or(Path::new(".")), &name.to_string_lossy())
        .with_context(|| format!("could not write file \"{}\"", path.display()))
}
