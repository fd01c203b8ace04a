//! Prints what loads would change.

use super::shared_difference::{print_changes, print_rows};
use crate::load::preview::{Preview, RelationChange};
use crate::terminal::{self, Table, number};
use anyhow::Result;

/// The number of rows that change in each relation, the first of them, and the rules that find another number of rows.
pub(super) fn print(preview: &Preview) -> Result<()> {
    let (same, changed): (Vec<&RelationChange>, Vec<&RelationChange>) = preview
        .relations
        .iter()
        .partition(|relation| relation.is_empty());
    let (broken, changed): (Vec<&RelationChange>, Vec<&RelationChange>) = changed
        .into_iter()
        .partition(|relation| relation.problem.is_some());
    if changed.is_empty() {
        terminal::line("\nno row of a core table or a result changes")?;
    } else {
        print_counts(&changed)?;
    }
    if !same.is_empty() && !changed.is_empty() {
        let names: Vec<&str> = same.iter().map(|relation| relation.name.as_str()).collect();
        terminal::line(&format!("the same as before: {}", names.join(", ")))?;
    }
    for relation in broken {
        let problem = relation.problem.as_deref().unwrap_or_default();
        terminal::line(&format!(
            "not compared, because it cannot be computed: {}: {problem}",
            relation.name
        ))?;
    }
    if preview.core_only {
        terminal::line("the results were not compared (--core-only)")?;
    }
    changed
        .iter()
        .try_for_each(|relation| print_samples(relation))?;
    print_rules(preview)
}

fn print_counts(changed: &[&RelationChange]) -> Result<()> {
    let count = |rows: Option<i64>| rows.map_or(String::new(), number);
    let mut table = Table::new(&[
        "layer",
        "name",
        "before#",
        "after#",
        "added#",
        "removed#",
        "changed#",
        "in columns",
    ]);
    for relation in changed {
        let columns: Vec<String> = relation
            .columns
            .iter()
            .filter_map(|column| {
                let rows = relation.columns_changed.get(column)?.as_i64()?;
                Some(format!("{column} {}", number(rows)))
            })
            .collect();
        table.row(vec![
            relation.layer.clone(),
            relation.name.clone(),
            count(relation.rows_before),
            count(relation.rows_after),
            number(relation.rows_added),
            number(relation.rows_removed),
            count(relation.rows_changed),
            columns.join(", "),
        ]);
    }
    terminal::line(&format!("\nchanges\n{}", table.text()))
}

fn print_samples(relation: &RelationChange) -> Result<()> {
    let of_relation = |kind: &str| format!("{kind} in {}", relation.name);
    let key = relation.compared_by.as_deref().unwrap_or_default();
    print_rows(&of_relation("added"), &relation.added, &relation.columns)?;
    print_rows(
        &of_relation("removed"),
        &relation.removed,
        &relation.columns,
    )?;
    print_changes(
        &of_relation("changed"),
        &relation.changed,
        key,
        &relation.columns,
    )
}

fn print_rules(preview: &Preview) -> Result<()> {
    if preview.rules.is_empty() {
        return terminal::line("\nrules: each finds as many rows as before");
    }
    let mut table = Table::new(&["level", "before#", "after#", "rule", "limit"]);
    for rule in &preview.rules {
        table.row(vec![
            rule.level.clone(),
            rule.rows_before.map_or(String::new(), number),
            number(rule.rows_after),
            rule.rule.clone(),
            rule.limit.clone().unwrap_or_default(),
        ]);
    }
    terminal::line(&format!(
        "\nrules that find more or fewer rows\n{}",
        table.text()
    ))
}
