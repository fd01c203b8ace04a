//! The order of a list: several columns, each ascending or descending.

use super::names::{joined, split};
use crate::web::data::catalogue::Relation;

/// Largest number of columns of an order.
const MAX_SORTS: usize = 8;
/// A click on a header keeps this many columns.
const KEPT: usize = 3;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sort {
    pub(crate) column: String,
    pub(crate) is_descending: bool,
}

impl Sort {
    /// Parses `-month,name`. Fails with a sentence.
    pub(crate) fn parse_all(text: &str, relation: &Relation) -> Result<Vec<Sort>, String> {
        let plain = |name: &str| relation.column(name).is_some();
        let is_known = |name: &str| plain(name.strip_prefix('-').unwrap_or(name));
        let mut sorts = Vec::new();
        for name in split(text, is_known) {
            let (name, is_descending) = match name.strip_prefix('-') {
                Some(name) => (name, true),
                None => (name, false),
            };
            for sort in Sort::parse_one(name, is_descending, relation)? {
                add(&mut sorts, sort)?;
            }
        }
        Ok(sorts)
    }

    /// The order by one column. Empty if the name is empty.
    pub(super) fn parse_one(
        name: &str,
        is_descending: bool,
        relation: &Relation,
    ) -> Result<Vec<Sort>, String> {
        if name.is_empty() {
            return Ok(Vec::new());
        }
        let column = relation
            .column(name)
            .ok_or_else(|| format!("There is no column {name}."))?;
        if !column.is_sortable {
            return Err(format!("Column {name} cannot be ordered."));
        }
        Ok(vec![Sort {
            column: name.into(),
            is_descending,
        }])
    }

    /// As in an address: `-month`.
    pub(crate) fn text(&self) -> String {
        let sign = if self.is_descending { "-" } else { "" };
        format!("{sign}{}", self.column)
    }
}

/// Adds a column, unless the order has it already.
pub(crate) fn add(sorts: &mut Vec<Sort>, sort: Sort) -> Result<(), String> {
    if sorts.iter().any(|each| each.column == sort.column) {
        return Ok(());
    }
    if sorts.len() == MAX_SORTS {
        return Err(format!("A list is ordered by at most {MAX_SORTS} columns."));
    }
    sorts.push(sort);
    Ok(())
}

/// The order as values of the parameter `sort`.
pub(super) fn texts(sorts: &[Sort]) -> Vec<String> {
    joined(&sorts.iter().map(Sort::text).collect::<Vec<_>>())
}

/// Sorts by a column first, or reverses it if it is the first. The other columns follow.
pub(super) fn led_by(sorts: &[Sort], column: &str) -> Vec<Sort> {
    let is_reversed = sorts
        .first()
        .is_some_and(|first| first.column == column && !first.is_descending);
    let first = Sort {
        column: column.into(),
        is_descending: is_reversed,
    };
    let others = sorts.iter().filter(|each| each.column != column).cloned();
    std::iter::once(first).chain(others).take(KEPT).collect()
}
