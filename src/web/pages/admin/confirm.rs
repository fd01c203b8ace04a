//! The page that asks before rows are deleted. It lists the dependent rows.

use super::{Pairs, shortened};
use crate::web::data::catalogue::{self, Relation, quote};
use crate::web::data::edit::{Table, WriteOutcome, why_not_deleted};
use crate::web::data::listing::Where;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::page::Page;
use askama::Template;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "admin_delete.html", config = "src/web/askama.toml")]
pub(super) struct DeletePage {
    pub(super) page: Page,
    pub(super) short_name: String,
    pub(super) list: String,
    pub(super) heading: String,
    pub(super) names: Vec<String>,
    pub(super) more: i64,
    /// The columns and values of a single row. Empty for several rows.
    pub(super) facts: Vec<(String, Option<String>)>,
    pub(super) dependents: Vec<Dependent>,
    pub(super) message: String,
    /// Address and hidden fields of the form.
    pub(super) action: String,
    pub(super) hidden: Pairs,
    pub(super) cancel: String,
}

pub(super) struct Dependent {
    pub(super) table: String,
    pub(super) count: i64,
    pub(super) consequence: String,
    /// Titles of the first rows.
    pub(super) names: Vec<String>,
    /// The address of the table.
    pub(super) link: String,
}

/// The number of rows of each table that are named.
const NAMED: usize = 10;

impl DeletePage {
    fn is_protected(&self) -> bool {
        let mut dependents = self.dependents.iter();
        dependents.any(|each| each.consequence == "protected")
    }
}

/// The response to a delete that did not happen.
pub(super) fn not_deleted(outcome: WriteOutcome, conflict: &str) -> (StatusCode, String) {
    match outcome {
        WriteOutcome::Refused(error) => (StatusCode::UNPROCESSABLE_ENTITY, why_not_deleted(&error)),
        _ => (StatusCode::CONFLICT, conflict.to_string()),
    }
}

/// Finds the rows that refer to the rows of `wanted`.
pub(super) async fn dependents(
    client: &Client,
    table: &Table,
    wanted: &Where,
) -> WebResult<Vec<Dependent>> {
    let sql = "select dependent_table, dependent_columns, referenced_columns, consequence, title_column \
               from elt.admin_dependent left join elt.admin_table on dependent_table = admin_table.table_name \
               where admin_dependent.table_name = $1 order by dependent_table";
    let rows = client.query(sql, &[&table.relation.name]).await?;
    let mut dependents = Vec::new();
    for row in rows {
        let name: String = row.get(0);
        let (mine, theirs): (Vec<String>, Vec<String>) = (row.get(2), row.get(1));
        let Ok(relation) = catalogue::relation(client, &name).await else {
            continue;
        };
        let pairs = theirs.iter().zip(&mine);
        let joined: Vec<String> = pairs
            .map(|(theirs, mine)| format!("dependent.{} = listed.{}", quote(theirs), quote(mine)))
            .collect();
        let title: Option<String> = row.get(4);
        let title = match &title {
            Some(column) => format!("dependent.{}::text", quote(column)),
            None => key_sql(&relation),
        };
        let from = format!(
            "from {} as dependent inner join {} as listed on {}{}",
            relation.quoted(),
            table.relation.quoted(),
            joined.join(" and "),
            wanted.sql()
        );
        let sql = format!(
            "select (select count(*) {from}), array(select coalesce({title}, '') {from} order by 1 limit {NAMED})"
        );
        let found = client.query_text(&sql, &wanted.values).await?;
        let count = found.first().map_or(0, |row| row.get(0));
        let names: Vec<String> = found.first().map(|row| row.get(1)).unwrap_or_default();
        if count > 0 {
            dependents.push(Dependent {
                link: match row.get::<_, Option<String>>(4) {
                    Some(_) => format!("/admin/{}", name.strip_prefix("public.").unwrap_or(&name)),
                    None => format!("/explore/{name}"),
                },
                table: name,
                count,
                consequence: row.get(3),
                names: names.iter().map(|name| shortened(name)).collect(),
            });
        }
    }
    Ok(dependents)
}

/// SQL for the key of a dependent row, or for the row if its table has no key.
fn key_sql(relation: &Relation) -> String {
    let columns: Vec<String> = relation
        .key_columns
        .iter()
        .map(|column| format!("dependent.{}", quote(column)))
        .collect();
    if columns.is_empty() {
        "dependent::text".into()
    } else {
        format!("concat_ws(', ', {})", columns.join(", "))
    }
}
