//! `elt jobs kinds`: lists the kinds of jobs with their arguments.

use super::{Document, documents};
use crate::terminal::{self, Table};
use anyhow::Result;
use postgres::Client;

const KINDS: &str = "select job_kind.*, \
    array(select to_jsonb(job_argument) - 'kind' from elt.job_argument \
    where job_argument.kind = job_kind.kind order by place, argument) as arguments \
    from elt.job_kind order by kind";
const ARGUMENTS: &str = "select argument, \
    concat(type, case when is_list then ', list' end, case when is_required then ', required' end), \
    coalesce(default_value #>> '{}', ''), \
    concat_ws(' ', description, 'One of: ' || array_to_string(elt.job_argument_choices(kind, argument), ', ') || '.') \
    from elt.job_argument where kind = $1 order by place, argument";

pub(super) fn kinds(client: &mut Client, json: bool) -> Result<()> {
    if json {
        return terminal::json(&Document {
            schema_version: 1,
            kinds: Some(documents(client, KINDS, &[])?),
            ..Document::default()
        });
    }
    let all = "select kind, description from elt.job_kind order by kind";
    for (place, kind) in client.query(all, &[])?.iter().enumerate() {
        let (name, description): (String, String) = (kind.get(0), kind.get(1));
        let gap = if place == 0 { "" } else { "\n" };
        terminal::line(&format!("{gap}{name}: {description}"))?;
        let arguments = client.query(ARGUMENTS, &[&name])?;
        if arguments.is_empty() {
            terminal::line("  any JSON object")?;
            continue;
        }
        let mut table = Table::new(&["argument", "type", "default", "description"]);
        for argument in &arguments {
            table.row((0..4).map(|column| argument.get(column)).collect());
        }
        terminal::line(&table.text())?;
    }
    Ok(())
}
