//! One page of the dictionary: its groups, and links for the names in it.

use super::{Entry, Source};
use anyhow::Result;
use askama::Template;
use std::collections::BTreeSet;

const PROJECT: &str = "index";
const ENGINE: &str = "engine";

/// The content of one file, in HTML or Markdown.
pub(super) struct Page<'a> {
    /// File name without the ending.
    pub(super) stem: &'static str,
    title: String,
    /// The first paragraph.
    about: &'static str,
    /// Stem and title of the other page.
    other: (&'static str, &'static str),
    sources: &'a [Source],
    groups: Vec<Group<'a>>,
    /// Names of the entries on both pages.
    known: BTreeSet<&'a str>,
}

struct Group<'a> {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    entries: Vec<&'a Entry>,
}

impl<'a> Page<'a> {
    /// The page of the project: sources, tables, views, rules and exports.
    pub(super) fn project(database: &str, entries: &'a [Entry], sources: &'a [Source]) -> Page<'a> {
        let in_schema = |schema: &'static str| move |entry: &Entry| entry.schema_name == schema;
        let groups = vec![
            group(
                entries,
                "results",
                "Results",
                "Views and tables for queries.",
                in_schema("public"),
            ),
            group(
                entries,
                "exports",
                "Exports",
                "Queries of the files that elt export writes.",
                in_schema("export"),
            ),
            group(
                entries,
                "rules",
                "Rules",
                "Their rows are violations. A violated rule of level error, or more violations than a rule allows at most, blocks a publish; warnings are reported.",
                in_schema("quality"),
            ),
            group(
                entries,
                "core",
                "Core",
                "Typed tables and the queries that fill them.",
                in_schema("core"),
            ),
            group(
                entries,
                "staging",
                "Staging",
                "Raw rows.",
                in_schema("staging"),
            ),
        ];
        Page {
            stem: PROJECT,
            title: format!("Data dictionary of {database}"),
            about: "The sources, the tables and views made from them, and the meaning of each column. All facts come \
                    from the database: comments, types and dependencies.",
            other: (ENGINE, "elt's own tables, views and functions"),
            sources,
            groups,
            known: names_of(entries),
        }
    }

    /// The page of schema `elt`: its tables and views, and the functions that a project can use.
    pub(super) fn engine(database: &str, entries: &'a [Entry]) -> Page<'a> {
        let of_kind = |kind: &'static str| {
            move |entry: &Entry| entry.schema_name == "elt" && entry.kind == kind
        };
        let groups = vec![
            group(
                entries,
                "views",
                "Views",
                "Views for users.",
                of_kind("view"),
            ),
            group(
                entries,
                "tables",
                "Tables",
                "Sources, loads, rejects, publishes, jobs, accounts.",
                of_kind("table"),
            ),
            group(
                entries,
                "functions",
                "Functions",
                "Functions for SQL code, and functions that the program uses.",
                of_kind("function"),
            ),
        ];
        Page {
            stem: ENGINE,
            title: format!("Schema elt of {database}"),
            about: "Schema elt: the records of loads, rules and jobs, and the functions of elt.",
            other: (PROJECT, "the project's dictionary"),
            sources: &[],
            groups,
            known: names_of(entries),
        }
    }

    /// The address of an entry; None if no page has it.
    fn address(&self, name: &str, ending: &str) -> Option<String> {
        self.known.get(name)?;
        let stem = if name.starts_with("elt.") {
            ENGINE
        } else {
            PROJECT
        };
        let page = if stem == self.stem {
            String::new()
        } else {
            format!("{stem}.{ending}")
        };
        Some(format!("{page}#{}", anchor(name)))
    }

    /// A Markdown link to an entry, or the plain name if no page has it.
    fn link(&self, name: &str) -> String {
        let text = escape(name);
        match self.address(name, "md") {
            Some(address) => format!("[{text}]({address})"),
            None => text,
        }
    }

    fn links(&self, names: &[String]) -> String {
        let links: Vec<String> = names.iter().map(|name| self.link(name)).collect();
        links.join(", ")
    }
}

fn group<'a>(
    entries: &'a [Entry],
    id: &'static str,
    title: &'static str,
    about: &'static str,
    belongs: impl Fn(&Entry) -> bool,
) -> Group<'a> {
    let entries = entries.iter().filter(|entry| belongs(entry)).collect();
    Group {
        id,
        title,
        about,
        entries,
    }
}

fn names_of(entries: &[Entry]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}

#[derive(Template)]
#[template(path = "page.html", config = "src/docs/askama.toml")]
pub(super) struct Html<'a> {
    pub(super) page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "page.md", config = "src/docs/askama.toml", escape = "none")]
pub(super) struct Markdown<'a> {
    pub(super) page: &'a Page<'a>,
}

impl Html<'_> {
    pub(super) fn text(&self) -> Result<String> {
        Ok(format!("{}\n", self.render()?))
    }
}

impl Markdown<'_> {
    pub(super) fn text(&self) -> Result<String> {
        Ok(format!("{}\n", self.render()?.trim_end()))
    }
}

/// Escapes a text for Markdown, on one line.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for each in text.chars() {
        match each {
            '\n' | '\r' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '|' | '#' | '~' | '$' => {
                out.extend(['\\', each])
            }
            _ => out.push(each),
        }
    }
    out
}

/// The anchor of an entry: its name, with other characters replaced.
fn anchor(name: &str) -> String {
    let keep = |each: char| each.is_alphanumeric() || "._-".contains(each);
    name.chars()
        .map(|each| if keep(each) { each } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_syntax_is_escaped() {
        assert_eq!(
            escape("a|b\n<b>_x_ & [y](z)"),
            "a\\|b &lt;b\\>\\_x\\_ &amp; \\[y\\](z)"
        );
        assert_eq!(anchor("public.a b\"ü"), "public.a-b-ü");
    }
}
