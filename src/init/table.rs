//! Plans the core table of a file: its columns, their types and its key.

use super::choose_reading::{FileContext, choose_reading};
use super::column::Column;
use super::column_limit::columns_that_fit;
use super::conventions::Conventions;
use super::key_choice::{choose_key, find_columns, require_comparable};
use super::names::{column_names, has_own_column, snake_case};
use super::options::ReadingOptions;
use super::reading::Reading;
use super::sniff::{Field, SniffedFile};
use super::{ColumnReport, Request};
use crate::init::input_path::InputPath;
use anyhow::Result;

/// The columns of the core table, its key, and the report about them.
#[derive(Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Positions in `columns`.
    pub(super) key: Vec<usize>,
    pub(super) key_reason: String,
    pub(super) reports: Vec<ColumnReport>,
    pub(super) warnings: Vec<String>,
}

impl Table {
    pub(super) fn plan(
        sniffed: &SniffedFile,
        path: &InputPath,
        source: &str,
        request: &Request<'_>,
    ) -> Result<Table> {
        let fields = &sniffed.fields;
        let names = column_names(fields);
        let options = options_by_sql_name(&request.options, fields, &names)?;
        let conventions = Conventions::detect(fields.iter().map(|field| &field.values));
        let context = FileContext {
            conventions: &conventions,
            delimiter: match sniffed.layout.format.as_str() {
                "csv" => sniffed.layout.delimiter,
                _ => b',',
            },
            options: &options,
        };
        let reading_of = |index: usize, is_key: bool| {
            choose_reading(&fields[index].values, &names[index], is_key, &context)
        };
        let mut readings: Vec<Reading> = (0..fields.len())
            .map(|index| reading_of(index, false))
            .collect();
        let key = choose_key(&request.key, sniffed, path, source, &names, &readings)?;
        for index in &key.fields {
            readings[*index] = reading_of(*index, true);
            require_comparable(&names[*index], &readings[*index])?;
        }
        let mut table = Table {
            key_reason: key.reason,
            warnings: key.warnings,
            ..Table::default()
        };
        table.add_columns(sniffed, &names, &readings, &key.fields);
        Ok(table)
    }

    pub(super) fn key_columns(&self) -> Vec<&Column> {
        self.key.iter().map(|index| &self.columns[*index]).collect()
    }

    /// Adds a column for each field that fits into the table, and one for the others.
    fn add_columns(
        &mut self,
        sniffed: &SniffedFile,
        names: &[String],
        readings: &[Reading],
        key: &[usize],
    ) {
        let fields = &sniffed.fields;
        let is_json = sniffed.layout.format == "json";
        let container = if is_json { "payload" } else { "_extra" };
        let fits = columns_that_fit(fields, readings, is_json, key);
        let mut positions = vec![None; fields.len()];
        let mut paths_in_container = Vec::new();
        for index in (0..fields.len()).filter(|index| fits[*index]) {
            let (field, reading) = (&fields[index], &readings[index]);
            let is_staged = !is_json && has_own_column(field, fields);
            positions[index] = Some(self.columns.len());
            let name = &names[index];
            let column = if is_staged {
                Column::staged(name, &field.name, reading)
            } else if is_own(field, sniffed) {
                Column::beside_payload(name, &field.key, reading)
            } else {
                paths_in_container.push(field.path.as_slice());
                Column::contained(name, container, &field.path, reading)
            };
            self.columns.push(column);
            self.reports.push(column_report(field, name, reading));
        }
        self.key = key.iter().filter_map(|index| positions[*index]).collect();
        let rest = fields.len() - self.columns.len();
        if rest > 0 {
            self.add_other_columns(container, &paths_in_container, rest);
        }
    }

    /// Adds the JSON column of the fields that do not fit.
    fn add_other_columns(&mut self, container: &str, others: &[&[String]], rest: usize) {
        self.warnings.push(format!(
            "the file has {} columns, but a PostgreSQL table has room for {} of them: the other {rest} are kept in {container} \
             of the staging table and in column other_columns",
            self.columns.len() + rest,
            self.columns.len()
        ));
        self.columns.push(Column::other_columns(container, others));
        self.reports.push(ColumnReport {
            name: "other_columns".into(),
            sql_type: "jsonb",
            notes: vec![format!("{rest} columns of the file, by name")],
        });
    }
}

/// Whether the value is in a column beside `payload`.
fn is_own(field: &Field, sniffed: &SniffedFile) -> bool {
    field.path.len() == 1 && sniffed.own_columns.contains(&field.key)
}

fn column_report(field: &Field, name: &str, reading: &Reading) -> ColumnReport {
    let mut notes = reading.notes.clone();
    if snake_case(&field.name) != name || !field.name.is_ascii() {
        notes.insert(0, original_name_note(&field.name));
    }
    ColumnReport {
        name: name.to_string(),
        sql_type: reading.kind.sql_type(),
        notes,
    }
}

fn original_name_note(original: &str) -> String {
    if original.is_empty() {
        return "without a name in the file".to_string();
    }
    let shown: String = original.chars().take(40).collect();
    let dots = if shown.len() < original.len() {
        "..."
    } else {
        ""
    };
    format!("\"{}{dots}\" in the file", shown.escape_debug())
}

/// The same options, with each column under its name in SQL.
fn options_by_sql_name(
    options: &ReadingOptions,
    fields: &[Field],
    names: &[String],
) -> Result<ReadingOptions> {
    let mut types = Vec::new();
    for (name, wanted) in &options.types {
        let found = find_columns(std::slice::from_ref(name), fields, names)?;
        types.extend(found.iter().map(|index| (names[*index].clone(), *wanted)));
    }
    Ok(ReadingOptions {
        is_day_first: options.is_day_first,
        has_decimal_comma: options.has_decimal_comma,
        time_zone: options.time_zone.clone(),
        types,
    })
}
