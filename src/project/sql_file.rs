//! `sql/`: one object per file, described by a header.

use super::condition::{self, Term};
use super::header::{self, AT_MOST, DISTRIBUTE, HOLDS_IF, header, place};
use super::layer::Layer;
use super::{hex, is_identifier, limit};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One file of `sql/`: one view, function, rule or query.
#[derive(Clone, Debug)]
pub(crate) struct SqlFile {
    /// For messages.
    pub(crate) path: String,
    pub(crate) layer: Layer,
    /// `schema.name`; `export.name` for an export.
    pub(crate) name: String,
    /// The keys of its header comment.
    pub(crate) header: BTreeMap<String, String>,
    pub(crate) text: String,
    /// In hexadecimal.
    pub(crate) sha256: String,
}

impl SqlFile {
    /// The names in the header's `reads`.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &str> {
        self.header
            .get("reads")
            .into_iter()
            .flat_map(|reads| reads.split(','))
            .map(str::trim)
    }

    /// The terms of a rule's `holds if`. None if they cannot be read, which is refused before the file is applied.
    pub(crate) fn holds_if(&self) -> Vec<Term<'_>> {
        let condition = self.header.get(HOLDS_IF);
        condition.map_or_else(Vec::new, |text| condition::terms(text).unwrap_or_default())
    }

    /// The file and the line of `holds if`, for messages.
    pub(crate) fn place_of_holds_if(&self) -> String {
        place(&self.path, &self.text, HOLDS_IF)
    }

    /// The relation that a rule's limit is a share of.
    pub(crate) fn counted_relation(&self) -> Option<&str> {
        let text = self.header.get(AT_MOST)?;
        limit::counted_relation(text).ok().flatten()
    }

    /// The file and the line of `at most`, for messages.
    pub(crate) fn place_of_at_most(&self) -> String {
        place(&self.path, &self.text, AT_MOST)
    }

    /// The file and the line of `distribute`, for messages. None if the file is no core query that has it.
    pub(crate) fn place_of_distribute(&self) -> Option<String> {
        let has_it = self.header.contains_key(DISTRIBUTE);
        has_it.then(|| place(&self.path, &self.text, DISTRIBUTE))
    }

    /// Whether it is a function, and not a view or a query.
    pub(crate) fn is_function(&self) -> bool {
        self.has_line("create or replace function", "(")
    }

    /// Whether a line begins with this statement on its object. The header may quote it.
    fn has_line(&self, statement: &str, end: &str) -> bool {
        let begin = format!("{statement} {}{end}", self.name);
        self.text.lines().any(|line| line.starts_with(&begin))
    }

    /// The query of a view as a statement. It can run before the view is created if it reads only the catalogue.
    pub(crate) fn query(&self) -> Option<&str> {
        let begin = format!("create or replace view {} as\n", self.name);
        let (_, rest) = self.text.split_once(&begin)?;
        Some(rest.split_once(";\n")?.0)
    }

    /// The query of an export.
    pub(crate) fn export_query(&self) -> &str {
        self.text.trim().trim_end_matches(';')
    }

    pub(crate) fn stem(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

/// Reads one file. `below` is its path below the tree's root.
pub(super) fn sql_file(path: String, below: &str, text: String) -> Result<SqlFile> {
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = name.trim_end_matches(".sql");
    let layer = Layer::from_folder(folder).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("file \"{path}\" is in no layer"))
            .hint("The folders of sql/ are core, mart, quality and export.")
    })?;
    let header = header(&text);
    let refuse = |reason: &str, hint: String| -> anyhow::Error {
        Failure::new(Exit::Usage, format!("file \"{path}\" {reason}"))
            .hint(hint)
            .into()
    };
    if !is_identifier(stem) {
        return Err(refuse(
            "is not named like an SQL object",
            "Use lower case letters, digits and _.".into(),
        ));
    }
    let name = format!("{}.{stem}", layer.schema());
    header::check(&path, &text, layer, &header)?;
    let file = SqlFile {
        path: path.clone(),
        layer,
        name,
        header,
        sha256: hex(&Sha256::digest(text.as_bytes())),
        text,
    };
    if layer != Layer::Export && !file.has_line("create or replace view", "") && !file.is_function()
    {
        return Err(refuse(
            &format!("does not create \"{}\"", file.name),
            format!(
                "Its statement is: create or replace view {} as ...",
                file.name
            ),
        ));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_query_of_a_view() -> Result<()> {
        let text = "create or replace view elt.a as\nselect 1 as one;\n\ncomment on view elt.a is 'One; two.';\n";
        let file = sql_file("sql/elt/a.sql".into(), "a.sql", text.into())?;
        assert_eq!(file.query(), Some("select 1 as one"));
        Ok(())
    }
}
