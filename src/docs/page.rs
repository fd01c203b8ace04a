//! One page of the dictionary: its groups, and links for the names in it.

use super::{Source, Thing};
use anyhow::Result;
use askama::Template;
use std::collections::BTreeSet;

const PROJECT: &str = "index";
const ENGINE: &str = "engine";

/// The content of one file, in HTML or Markdown.
pub(super) struct Page<'a> {
    /// Of the file's name.
    pub(super) stem: &'static str,
    title: String,
    /// What the page is about, in a sentence.
    about: &'static str,
    /// Stem and title of the other page.
    other: (&'static str, &'static str),
    sources: &'a [Source],
    groups: Vec<Group<'a>>,
    /// Names that have a place on one of the pages.
    known: BTreeSet<&'a str>,
}

struct Group<'a> {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    things: Vec<&'a Thing>,
}

impl<'a> Page<'a> {
    /// Of what the project is: from the sources to the exports.
    pub(super) fn of_project(
        database: &str,
        things: &'a [Thing],
        sources: &'a [Source],
    ) -> Page<'a> {
        let in_schema = |schema: &'static str| move |thing: &Thing| thing.schema_name == schema;
        let groups = vec![
            group(
                things,
                "results",
                "Results",
                "Views and tables for queries.",
                in_schema("public"),
            ),
            group(
                things,
                "exports",
                "Exports",
                "Queries of the files that elt export writes.",
                in_schema("export"),
            ),
            group(
                things,
                "rules",
                "Rules",
                "Their rows are violations. A violated rule of level error blocks a publish; warnings are reported.",
                in_schema("quality"),
            ),
            group(
                things,
                "core",
                "Core",
                "Typed tables and the queries that fill them.",
                in_schema("core"),
            ),
            group(
                things,
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
            known: known(things),
        }
    }

    /// Of schema `elt`: bookkeeping, the queue, and the functions that SQL of a project may use.
    pub(super) fn of_engine(database: &str, things: &'a [Thing]) -> Page<'a> {
        let of_kind = |kind: &'static str| {
            move |thing: &Thing| thing.schema_name == "elt" && thing.kind == kind
        };
        let groups = vec![
            group(
                things,
                "views",
                "Views",
                "Views for users.",
                of_kind("view"),
            ),
            group(
                things,
                "tables",
                "Tables",
                "Sources, loads, rejects, publishes, jobs, accounts.",
                of_kind("table"),
            ),
            group(
                things,
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
            known: known(things),
        }
    }

    /// The link to a name; `None` if it is on no page.
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

    /// The same in Markdown: a link, or the name alone.
    fn link(&self, name: &str) -> String {
        let text = plain(name);
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
    things: &'a [Thing],
    id: &'static str,
    title: &'static str,
    about: &'static str,
    belongs: impl Fn(&Thing) -> bool,
) -> Group<'a> {
    let things = things.iter().filter(|thing| belongs(thing)).collect();
    Group {
        id,
        title,
        about,
        things,
    }
}

fn known(things: &[Thing]) -> BTreeSet<&str> {
    things.iter().map(|thing| thing.name.as_str()).collect()
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

/// Text that Markdown takes for nothing else, on one line.
fn plain(text: &str) -> String {
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

/// Of a name: what stands in addresses behind the `#`, whatever characters a name has.
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
    fn what_markdown_would_read_as_more_is_text() {
        assert_eq!(
            plain("a|b\n<b>_x_ & [y](z)"),
            "a\\|b &lt;b\\>\\_x\\_ &amp; \\[y\\](z)"
        );
        assert_eq!(anchor("public.a b\"ü"), "public.a-b-ü");
    }
}
