//! The views to create as temporary objects before a definition can run.

use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use crate::schema::apply::order::in_order;
use crate::schema::sql_text::qualified_names;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// The views to create for a file, in order: the file itself, and each view that it reads if that view, or one
/// that it reads, is not applied or reads one of the objects that are `moved` to the temporary schema.
pub(super) fn views_to_make<'a>(
    files: &'a [SqlFile],
    file: &'a SqlFile,
    is_changed: impl Fn(&str) -> bool,
    moved: &BTreeSet<&'a str>,
    notes: &mut Vec<String>,
) -> Result<Vec<&'a SqlFile>> {
    let named = names_read(files, file);
    let mut made: Vec<&SqlFile> = Vec::new();
    let mut names_made = moved.clone();
    for each in in_order(files)? {
        let is_read = each.name != file.name
            && named.contains(each.name.as_str())
            && !matches!(each.layer, Layer::Elt | Layer::Export);
        if is_read
            && (is_changed(&each.name) || !qualified_names(&each.text).is_disjoint(&names_made))
        {
            names_made.insert(&each.name);
            made.push(each);
        }
        let fills = each.header.get("fills").map(String::as_str);
        if let (Some(table), true) = (fills, is_changed(&each.name))
            && named.contains(table)
            && each.name != file.name
        {
            notes.push(format!(
                "{table} is used as it is: changes by the pending {} are not in these numbers.",
                each.name
            ));
        }
    }
    if file.layer != Layer::Export {
        made.push(file);
    }
    Ok(made)
}

/// The names in a file, and in the project's files that it reads, directly or through others.
pub(super) fn names_read<'a>(files: &'a [SqlFile], file: &'a SqlFile) -> BTreeSet<&'a str> {
    let by_name: BTreeMap<&str, &SqlFile> = files
        .iter()
        .map(|each| (each.name.as_str(), each))
        .collect();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut waiting = vec![file];
    while let Some(each) = waiting.pop() {
        for name in qualified_names(&each.text) {
            if named.insert(name) {
                waiting.extend(by_name.get(name).filter(|read| read.layer != Layer::Elt));
            }
        }
    }
    named
}

/// Refuses objects that would get the same name in the temporary schema.
pub(super) fn require_different_names(file: &SqlFile, made: &[&SqlFile]) -> Result<()> {
    let stems: BTreeSet<&str> = made.iter().map(|each| each.stem()).collect();
    if stems.len() < made.len() {
        let names: Vec<&str> = made.iter().map(|each| each.name.as_str()).collect();
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "cannot run {} with the applied views: two views have the same name",
                file.name
            ),
        )
        .detail(format!("The views are: {}.", names.join(", ")))
        .hint("Apply one of them first.")
        .into());
    }
    Ok(())
}
