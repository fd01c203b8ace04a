//! `sql/`: one object per file, described by a header.

use super::condition::{self, PROPERTIES, Term};
use super::{hex, is_identifier};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The key of the condition under which a rule is not run.
const HOLDS_IF: &str = "holds if";

/// The key of the column by which Citus distributes the table of a core query.
const DISTRIBUTE: &str = "distribute";

/// The layer of a file, in the order in which objects are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Functions and views of the engine.
    Elt,
    /// Core queries, and the views that they share.
    Core,
    /// Views and tables for queries.
    Mart,
    /// Rules.
    Quality,
    /// Queries of exported files.
    Export,
}

impl Layer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "mart",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Layer> {
        match name {
            "elt" => Some(Layer::Elt),
            "core" => Some(Layer::Core),
            "mart" => Some(Layer::Mart),
            "quality" => Some(Layer::Quality),
            "export" => Some(Layer::Export),
            _ => None,
        }
    }

    /// The schema of its objects. Exports are not objects; for them it is only a part of their name.
    fn schema(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "public",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    fn from_folder(folder: &str) -> Option<Layer> {
        match folder {
            "" => Some(Layer::Elt),
            "elt" => None,
            _ => Layer::from_name(folder),
        }
    }
}

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
    let level = header.get("level").map(String::as_str);
    if layer == Layer::Quality && !matches!(level, Some("warning" | "error")) {
        return Err(refuse(
            "has no level",
            "Add to its header: -- level: warning, or -- level: error.".into(),
        ));
    }
    if let Some((key, reason, hint)) = header_problem(layer, &header) {
        let failure = Failure::new(
            Exit::Usage,
            format!("{}: {reason}", place(&path, &text, key)),
        );
        return Err(failure.hint(hint).into());
    }
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

/// The key of a header that is wrong, the reason, and a hint.
fn header_problem(
    layer: Layer,
    header: &BTreeMap<String, String>,
) -> Option<(&'static str, String, String)> {
    let holds_if = header.get(HOLDS_IF).and_then(|condition| match layer {
        Layer::Quality => condition::terms(condition).err(),
        _ => Some("only a rule has a condition".into()),
    });
    let distribute = header.get(DISTRIBUTE).and_then(|column| {
        if layer != Layer::Core || !header.contains_key("fills") {
            Some("only a core query that fills a table has a distribution column".into())
        } else if !is_identifier(column) {
            Some(format!("\"{column}\" is not the name of a column"))
        } else {
            None
        }
    });
    holds_if
        .map(|reason| (HOLDS_IF, reason, how_to_write_holds_if()))
        .or_else(|| distribute.map(|reason| (DISTRIBUTE, reason, how_to_write_distribute())))
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

/// Where a file's header has a key.
fn place(path: &str, text: &str, key: &str) -> String {
    let begin = format!("-- {key}:");
    let above = text.lines().take_while(|line| !line.starts_with(&begin));
    format!("file \"{path}\", line {}", above.count() + 1)
}

/// `-- key:  value` lines at the head of a file; lines indented below a key continue it.
fn header(text: &str) -> BTreeMap<String, String> {
    let mut header: BTreeMap<String, String> = BTreeMap::new();
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

    #[test]
    fn header_values_may_continue_on_the_next_line() {
        let header =
            header("-- grain:  one row\n-- reads:  a.b,\n--         c.d\nselect 1 -- x: y\n");
        assert_eq!(header["grain"], "one row");
        assert_eq!(header["reads"], "a.b, c.d");
        assert_eq!(header.len(), 2);
    }
}
