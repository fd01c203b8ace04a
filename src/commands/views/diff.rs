//! `elt views diff`: compares two definitions of one view by their texts or their rows.

use super::super::{Context, shared_difference};
use crate::cli::DiffArgs;
use crate::difference::RowDifference;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use crate::schema::apply::versions::{self, Version};
use crate::schema::review::compare_rows::{self, Definition};
use crate::terminal::{self, number};
use anyhow::Result;
use postgres::Client;
use serde_json::{Value, json};
use similar::TextDiff;

/// One of the two definitions, with its label.
struct Side {
    label: String,
    version: Option<i64>,
    file: Option<SqlFile>,
    kind: Kind,
}

enum Kind {
    Applied,
    Earlier,
    Proposed,
}

pub(super) fn run(context: &Context<'_>, client: &mut Client, args: &DiffArgs) -> Result<Exit> {
    let name = versions::full_name(client, &context.project, &args.name)?;
    let latest = versions::find(client, &name, None)?;
    let applied = latest
        .as_ref()
        .filter(|version| version.removed_at.is_none());
    let mut earlier = |version: i64| -> Result<Side> {
        if applied.is_some_and(|applied| applied.version == version) {
            return Side::applied(applied);
        }
        let found = versions::find(client, &name, Some(version))?;
        Ok(Side {
            label: format!("{name}, version {version}"),
            version: Some(version),
            file: found.as_ref().map(Version::file).transpose()?,
            kind: Kind::Earlier,
        })
    };
    let (before, after) = match (args.from, args.to) {
        (None, _) => {
            let file = context.project.sql.iter().find(|file| file.name == name);
            (Side::applied(applied)?, Side::proposed(file))
        }
        (Some(from), None) => (earlier(from)?, Side::applied(applied)?),
        (Some(from), Some(to)) => (earlier(from)?, earlier(to)?),
    };
    if args.rows {
        require_rows(&name, &before, &after)?;
        let differ = compare_rows::compare(
            client,
            &context.project,
            &before.definition(),
            &after.definition(),
            args.limit,
        )?;
        print_rows(context, &name, &before, &after, &differ)
    } else {
        print_texts(context, &name, &before, &after)
    }
}

impl Side {
    fn applied(version: Option<&Version>) -> Result<Side> {
        let file = version.map(Version::file).transpose()?;
        Ok(Side {
            label: file.as_ref().map_or("not applied".into(), |file| {
                let version = version.map_or(0, |version| version.version);
                format!("{}, version {version} (applied)", file.name)
            }),
            version: version.map(|version| version.version),
            file,
            kind: Kind::Applied,
        })
    }

    fn proposed(file: Option<&SqlFile>) -> Side {
        Side {
            label: file.map_or("no file".into(), |file| file.path.clone()),
            version: None,
            file: file.cloned(),
            kind: Kind::Proposed,
        }
    }

    fn definition(&self) -> Definition<'_> {
        match (&self.file, &self.kind) {
            (None, _) => Definition::None,
            (Some(file), Kind::Applied) => Definition::Applied(file),
            (Some(file), Kind::Earlier) => Definition::Earlier(file),
            (Some(file), Kind::Proposed) => Definition::Proposed(file),
        }
    }

    fn text(&self) -> &str {
        self.file.as_ref().map_or("", |file| &file.text)
    }

    fn json(&self) -> Value {
        json!({ "label": self.label, "version": self.version })
    }
}

fn print_texts(context: &Context<'_>, name: &str, before: &Side, after: &Side) -> Result<Exit> {
    let is_same = before.text() == after.text();
    let diff = if is_same {
        String::new()
    } else {
        TextDiff::from_lines(before.text(), after.text())
            .unified_diff()
            .header(&before.label, &after.label)
            .to_string()
    };
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1, "name": name, "from": before.json(), "to": after.json(),
            "is_same": is_same, "diff": diff,
        }))?;
    } else if is_same {
        terminal::line(&format!(
            "no difference: {} and {}",
            before.label, after.label
        ))?;
    } else {
        terminal::line(diff.trim_end())?;
    }
    Ok(Exit::Done)
}

fn require_rows(name: &str, before: &Side, after: &Side) -> Result<()> {
    let file = before.file.as_ref().or(after.file.as_ref());
    match file {
        Some(file) if file.is_function() && file.layer != Layer::Export => Err(Failure::new(
            Exit::Usage,
            format!("\"{name}\" is a function and has no rows"),
        )
        .hint("Compare the views that use it, or compare texts by omitting --rows.")
        .into()),
        Some(_) => Ok(()),
        None => Err(Failure::new(
            Exit::Usage,
            format!("\"{name}\" is neither applied nor in the project"),
        )
        .hint("Name two of its versions: " + elt!("views", "diff", name, "1", "2", "--rows") + ".")
        .into()),
    }
}

fn print_rows(
    context: &Context<'_>,
    name: &str,
    before: &Side,
    after: &Side,
    differ: &RowDifference,
) -> Result<Exit> {
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1, "name": name, "from": before.json(), "to": after.json(), "rows": differ,
        }))?;
        return Ok(Exit::Done);
    }
    terminal::line(&format!(
        "before   {} rows: {}",
        number(differ.rows_before),
        before.label
    ))?;
    terminal::line(&format!(
        "after    {} rows: {}",
        number(differ.rows_after),
        after.label
    ))?;
    shared_difference::print(differ)?;
    Ok(Exit::Done)
}
