//! Columns of a file that its source does not expect, and expected ones that the file lacks: whether it is refused. For
//! CSV the columns of the staging table are expected, for JSON and APIs the keys that the source names.

use crate::failure::{Exit, Failure};
use anyhow::Result;

/// The number of unexpected names to record and to show.
pub(super) const MOST_NAMES: usize = 100;
/// The number of characters of a name to show.
const LONGEST_NAME: usize = 100;

/// What a source says about columns in its row of `elt.source`.
#[derive(Clone, Default)]
pub(crate) struct Contract {
    /// `on_new_column` is `refuse`.
    pub(crate) refuses_new: bool,
    /// `on_missing_column` is `null`.
    pub(crate) fills_missing: bool,
    /// `expected_keys`. None: keys are not checked.
    pub(crate) keys: Option<Vec<String>>,
    /// For corrected rejects: the load that they belong to.
    pub(crate) replayed: Option<KnownColumns>,
}

/// The columns of a load whose rejects were corrected. They are accepted again, whatever the source says now.
#[derive(Clone)]
pub(crate) struct KnownColumns {
    /// Names of its header. None if it had none, or several.
    pub(crate) header: Option<Vec<String>>,
    pub(crate) new: Vec<String>,
    pub(crate) missing: Vec<String>,
}

/// How the columns of a file differ from the expected ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ColumnDifference {
    /// Not expected, in the order of the file; at most 100.
    pub(crate) new: Vec<String>,
    /// Expected, and null in all rows.
    pub(crate) missing: Vec<String>,
}

impl ColumnDifference {
    /// Adds the difference of another file of the same load.
    pub(crate) fn add(&mut self, other: &ColumnDifference) {
        for (all, more) in [
            (&mut self.new, &other.new),
            (&mut self.missing, &other.missing),
        ] {
            for name in more {
                if !all.contains(name) {
                    all.push(name.clone());
                }
            }
        }
        self.new.truncate(MOST_NAMES);
    }
}

impl Contract {
    /// Whether a CSV file may lack a column.
    pub(super) fn accepts_missing(&self, column: &str) -> bool {
        match &self.replayed {
            None => self.fills_missing,
            Some(load) => {
                let is_same = |name: &String| name.eq_ignore_ascii_case(column);
                let lacked = |header: &Vec<String>| !header.iter().any(is_same);
                load.missing.iter().any(is_same) || load.header.as_ref().is_some_and(lacked)
            }
        }
    }

    /// An error if some of the unexpected columns are refused. `place`: where they are; `noun`: `column` or `key`.
    pub(super) fn check_new(&self, new: &[String], place: &str, noun: &str) -> Result<()> {
        let is_known = |name: &&String| {
            self.replayed.as_ref().is_some_and(|load| {
                let header = load.header.as_deref().unwrap_or_default();
                load.new.contains(name) || header.contains(name)
            })
        };
        let refused: Vec<&String> = new.iter().filter(|name| !is_known(name)).collect();
        if !self.refuses_new || refused.is_empty() {
            return Ok(());
        }
        let what = match refused.len() {
            1 => format!("a {noun}"),
            count => format!("{count} {noun}s"),
        };
        let message = format!(
            "{place} has {what} that the source does not expect: {}",
            list(refused)
        );
        let ways = match noun {
            "key" => "add it to elt.source.expected_keys",
            _ => "add a column of this name to the staging table with a migration",
        };
        Err(Failure::new(Exit::Failed, message)
            .detail("elt.source.on_new_column is \"refuse\".")
            .hint(format!(
                "If the {noun} is right, {ways}, or set elt.source.on_new_column to \"warn\" or \"keep\"."
            ))
            .into())
    }
}

/// Names for a message, in double quotes, shortened and escaped for the terminal.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> = names
        .by_ref()
        .take(MOST_NAMES)
        .map(|name| {
            let short: String = name.chars().take(LONGEST_NAME).collect();
            format!("\"{}\"", short.escape_debug())
        })
        .collect();
    let more = names.count();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
