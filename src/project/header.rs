//! The header of a file of `sql/`: comments at its head with a key and a value.

use super::condition::{self, PROPERTIES};
use super::layer::Layer;
use super::{is_identifier, limit};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::collections::BTreeMap;

/// The key of the condition under which a rule is not run.
pub(super) const HOLDS_IF: &str = "holds if";

/// The key of the limit of a rule.
pub(super) const AT_MOST: &str = "at most";

/// The key of the column by which Citus distributes the table of a core query.
pub(super) const DISTRIBUTE: &str = "distribute";

const LEVEL: &str = "level";

/// The values by key.
pub(super) type Header = BTreeMap<String, String>;

/// `-- key:  value` lines at the head of a file; lines indented below a key continue it.
pub(super) fn header(text: &str) -> Header {
    let mut header = Header::new();
    let mut last = None;
    for line in text.lines() {
        let Some(comment) = line.strip_prefix("--") else {
            break;
        };
        let key = comment
            .strip_prefix(' ')
            .filter(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()))
            .and_then(|rest| rest.split_once(':'));
        match (key, &last) {
            (Some((key, value)), _) => {
                header.insert(key.to_string(), value.trim().to_string());
                last = Some(key.to_string());
            }
            (None, Some(last)) => {
                if let Some(value) = header.get_mut(last) {
                    value.push(' ');
                    value.push_str(comment.trim());
                }
            }
            (None, None) => {}
        }
    }
    header
}

/// Where a file's header has a key.
pub(super) fn place(path: &str, text: &str, key: &str) -> String {
    let begin = format!("-- {key}:");
    let above = text.lines().take_while(|line| !line.starts_with(&begin));
    format!("file \"{path}\", line {}", above.count() + 1)
}

/// Refuses a header that does not suit the file's layer, or that cannot be read.
pub(super) fn check(path: &str, text: &str, layer: Layer, header: &Header) -> Result<()> {
    let level = header.get(LEVEL).map(String::as_str);
    let has_level = matches!(level, Some("warning" | "error")) || header.contains_key(AT_MOST);
    if layer == Layer::Quality && !has_level {
        let reason = format!("file \"{path}\" has no level");
        let hint = "Add to its header: -- level: warning, or -- level: error, or a limit as in -- at most: 20.";
        return Err(Failure::new(Exit::Usage, reason).hint(hint).into());
    }
    let problems = [
        limit_problem(layer, header).map(|reason| (AT_MOST, reason, how_to_write_at_most())),
        holds_if_problem(layer, header).map(|reason| (HOLDS_IF, reason, how_to_write_holds_if())),
        distribute_problem(layer, header)
            .map(|reason| (DISTRIBUTE, reason, how_to_write_distribute())),
    ];
    let has_both = layer == Layer::Quality && level.is_some() && header.contains_key(AT_MOST);
    let both = has_both.then(|| {
        let reason = format!("a rule with \"{AT_MOST}\" has no level");
        (LEVEL, reason, how_to_choose(level.unwrap_or_default()))
    });
    match both
        .into_iter()
        .chain(problems.into_iter().flatten())
        .next()
    {
        None => Ok(()),
        Some((key, reason, hint)) => {
            let message = format!("{}: {reason}", place(path, text, key));
            Err(Failure::new(Exit::Usage, message).hint(hint).into())
        }
    }
}

fn limit_problem(layer: Layer, header: &Header) -> Option<String> {
    let text = header.get(AT_MOST)?;
    match layer {
        Layer::Quality => limit::counted_relation(text).err(),
        _ => Some("only a rule has a limit".into()),
    }
}

fn holds_if_problem(layer: Layer, header: &Header) -> Option<String> {
    let condition = header.get(HOLDS_IF)?;
    match layer {
        Layer::Quality => condition::terms(condition).err(),
        _ => Some("only a rule has a condition".into()),
    }
}

fn distribute_problem(layer: Layer, header: &Header) -> Option<String> {
    let column = header.get(DISTRIBUTE)?;
    if layer != Layer::Core || !header.contains_key("fills") {
        Some("only a core query that fills a table has a distribution column".into())
    } else if !is_identifier(column) {
        Some(format!("\"{column}\" is not the name of a column"))
    } else {
        None
    }
}

/// A limit above 0 makes an error, and below it a warning.
fn how_to_choose(level: &str) -> String {
    format!(
        "Remove the line -- {LEVEL}: {level}, because more violations than the limit are errors, and others \
         are warnings; or remove the line -- {AT_MOST}: to have the same level for any number of violations."
    )
}

fn how_to_write_at_most() -> String {
    format!(
        "In the header of a rule: -- {AT_MOST}: 20, or -- {AT_MOST}: 1% of core.orders (rows of a table or view, but \
         not of staging), or -- {AT_MOST}: 110% of before (violations at the publish before)."
    )
}

fn how_to_write_holds_if() -> String {
    format!(
        "In the header of a rule: -- {HOLDS_IF}: SOURCE.COLUMN is PROPERTY and ...; the properties are {}.",
        PROPERTIES.join(", ")
    )
}

fn how_to_write_distribute() -> String {
    format!(
        "In the header of a core query, below fills: -- {DISTRIBUTE}: COLUMN; the column is one of the primary key."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_may_continue_on_the_next_line() {
        let header =
            header("-- grain:  one row\n-- reads:  a.b,\n--         c.d\nselect 1 -- x: y\n");
        assert_eq!(header["grain"], "one row");
        assert_eq!(header["reads"], "a.b, c.d");
        assert_eq!(header.len(), 2);
    }
}
