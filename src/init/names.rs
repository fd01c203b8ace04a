//! Names in SQL: the source, the database and the columns.

use super::sniff::Field;
use super::transliterate::transliterate;
use crate::extract::compressed_names;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::path::Path;

/// Key words that must be quoted as identifiers: the reserved ones of `pg_get_keywords()`, including those that can
/// be functions or types.
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization binary both \
    case cast check collate collation column concurrently constraint create cross current_catalog \
    current_date current_role current_schema current_time current_timestamp current_user default \
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group \
    having ilike in initially inner intersect into is isnull join lateral leading left like limit \
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing \
    primary references returning right select session_user similar some symmetric system_user table \
    tablesample then to trailing true union unique user using variadic verbose when where window with ";

/// System columns, which every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// Longest column name. It leaves room for suffixes in 63 bytes.
const LONGEST_COLUMN: usize = 50;
const LONGEST_SOURCE: usize = 30;

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&format!(" {name} "))
}

pub(super) fn is_system_column(name: &str) -> bool {
    SYSTEM_COLUMNS
        .iter()
        .any(|system| system.eq_ignore_ascii_case(name))
}

/// A snake-case name as an identifier.
pub(super) fn identifier(name: &str) -> String {
    if is_reserved(name) {
        quoted(name)
    } else {
        name.to_string()
    }
}

/// Any name as an identifier.
pub(super) fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
        && !is_reserved(name);
    if is_plain {
        name.to_string()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text for a SQL comment or a line of Markdown, without line ends.
pub(super) fn single_line(text: &str) -> String {
    text.chars()
        .map(|each| if each.is_control() { ' ' } else { each })
        .collect()
}

/// `Order ID` and `orderId` become `order_id`, and `Größe` becomes `groesse`. Empty if the text has no Latin letter
/// and no digit.
pub(super) fn snake_case(text: &str) -> String {
    let text = transliterate(text);
    let mut name = String::new();
    let mut before = ' ';
    for each in text.chars() {
        if each.is_ascii_uppercase() && before.is_ascii_lowercase() {
            name.push('_');
        }
        if each.is_ascii_alphanumeric() {
            name.push(each.to_ascii_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
        before = each;
    }
    name.trim_matches('_').to_string()
}

/// The file name without the ending of a compressed file. A load finds the compressed file under this name too.
pub(super) fn plain_name(file: &str) -> &str {
    let ending = compressed_names("")
        .into_iter()
        .find(|ending| file.ends_with(ending.as_str()));
    ending.map_or(file, |ending| &file[..file.len() - ending.len()])
}

/// The name of a source: the given one, or one made from the file name. `is_taken` tells whether the project already
/// has objects that a source of that name needs.
pub(super) fn source_name(
    name: Option<&str>,
    file: &str,
    is_taken: impl Fn(&str) -> bool,
) -> Result<String> {
    let Some(name) = name else {
        return Ok(unused_name(&source_name_from_file(file), is_taken));
    };
    let is_valid = name.len() <= LONGEST_SOURCE
        && snake_case(name) == name
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !is_reserved(name);
    if !is_valid {
        return Err(Failure::new(Exit::Usage, format!("\"{name}\" cannot be the name of a source"))
            .detail("Tables have the same name: use at most 30 lower case letters, digits and _, and no SQL key word.")
            .hint("Choose another name with --name.")
            .into());
    }
    if is_taken(name) {
        let message = format!("the project already has tables or views for a source \"{name}\"");
        return Err(Failure::new(Exit::Usage, message)
            .hint("Choose another name with --name.")
            .into());
    }
    Ok(name.to_string())
}

fn source_name_from_file(file: &str) -> String {
    let stem = plain_name(file);
    let mut source = snake_case(stem.split('.').next().unwrap_or(stem));
    if !source.starts_with(|first: char| first.is_ascii_lowercase()) {
        source.insert_str(0, "file_");
    }
    if is_reserved(&source) {
        source.push_str("_rows");
    }
    source.truncate(LONGEST_SOURCE);
    source.trim_end_matches('_').to_string()
}

fn unused_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut free = name.to_string();
    let mut number = 2;
    while is_taken(&free) {
        let suffix = format!("_{number}");
        let length = name.len().min(LONGEST_SOURCE - suffix.len());
        free = format!("{}{suffix}", name[..length].trim_end_matches('_'));
        number += 1;
    }
    free
}

pub(super) fn database_name(folder: &Path) -> String {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let mut name = snake_case(&name.unwrap_or_default());
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || is_reserved(&name) {
        name.insert_str(0, "elt_project_");
        name = name.trim_end_matches('_').to_string();
    }
    // These databases exist on every server.
    if ["postgres", "template0", "template1"].contains(&name.as_str()) {
        name.push_str("_project");
    }
    name.truncate(60);
    name
}

/// Unique column names that do not collide with system columns.
pub(super) fn column_names(fields: &[Field]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut taken = std::collections::HashSet::new();
    for (index, field) in fields.iter().enumerate() {
        let mut name = snake_case(&field.name);
        name.truncate(LONGEST_COLUMN);
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            let rest = if name.is_empty() {
                (index + 1).to_string()
            } else {
                name
            };
            name = format!("column_{rest}");
        }
        if is_system_column(&name) {
            name.push_str("_value");
        }
        let base = name.clone();
        let mut number = 2;
        while taken.contains(&name) || taken.contains(&format!("{name}_text")) {
            name = format!("{base}_{number}");
            number += 1;
        }
        taken.insert(name.clone());
        taken.insert(format!("{name}_text"));
        names.push(name);
    }
    names
}

/// Whether the staging table has a column for it. Headers match columns by name, ignoring case. Names that begin with
/// `_` are reserved for elt, and system columns for PostgreSQL.
pub(super) fn has_own_column(field: &Field, fields: &[Field]) -> bool {
    let same = fields
        .iter()
        .filter(|other| other.name.eq_ignore_ascii_case(&field.name));
    !field.name.is_empty()
        && !field.name.starts_with('_')
        && !is_system_column(&field.name)
        && field.name.len() <= 63
        && same.count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let names = ["Order ID", "orderId", "  Größe (cm) ", "2nd", "___", "IDs"].map(snake_case);
        assert_eq!(
            names,
            ["order_id", "order_id", "groesse_cm", "2nd", "", "ids"]
        );
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Größe\""), "\"Größe\"\"\"");
        assert_eq!(quoted("size_cm"), "size_cm");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(single_line("a\nb"), "a b");
    }

    #[test]
    fn a_source_is_named_like_its_file() -> Result<()> {
        let free = |_: &str| false;
        assert_eq!(
            source_name(None, "Monthly Sales-2026.csv.gz", free)?,
            "monthly_sales_2026"
        );
        assert_eq!(source_name(None, "2026.csv", free)?, "file_2026");
        assert_eq!(source_name(None, "order.json", free)?, "order_rows");
        assert_eq!(source_name(None, "a.csv", |name| name == "a")?, "a_2");
        assert!(source_name(Some("Order"), "x.csv", free).is_err());
        assert!(source_name(Some("a"), "x.csv", |name| name == "a").is_err());
        assert_eq!(source_name(Some("sales"), "x.csv", free)?, "sales");
        Ok(())
    }
}
