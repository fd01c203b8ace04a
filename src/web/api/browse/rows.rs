//! Records of a response as a table. Values that name a record are links.

use super::filters::ordered_by;
use crate::web::api::extract::Params;
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::Table;
use crate::web::http::address::encoded;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Larger responses are not shown as a table.
const LARGEST: usize = 4 << 20;
/// Longest value, in characters.
const LONGEST: usize = 300;

/// A JSON object whose values keep all digits.
type Object = BTreeMap<String, Box<RawValue>>;

#[derive(serde::Deserialize)]
struct Listed {
    count: Option<i64>,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<Object>,
}

pub(super) struct Rows {
    pub(super) count: Option<i64>,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) headers: Vec<Header>,
    pub(super) rows: Vec<Vec<Cell>>,
}

pub(super) struct Header {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_number: bool,
    /// Address of the list in the order of the column. `None` if its type has no order.
    pub(super) link: Option<String>,
    /// `ascending`, `descending` or `none`.
    pub(super) sorted: &'static str,
}

pub(super) struct Cell {
    pub(super) name: String,
    /// `None` is null.
    pub(super) text: Option<String>,
    pub(super) is_number: bool,
    pub(super) link: Option<String>,
}

/// Where the records come from.
pub(super) struct Source<'a> {
    /// The name of the resource in addresses, `None` for an endpoint, whose records have no address.
    pub(super) name: Option<&'a str>,
    pub(super) relation: &'a Relation,
    pub(super) table: Option<&'a Table>,
}

impl Source<'_> {
    /// The table of a list. `None` if the response is no list, or too large.
    pub(super) fn rows(&self, body: &str, params: &Params) -> Option<Rows> {
        if body.len() > LARGEST {
            return None;
        }
        let listed: Listed = serde_json::from_str(body).ok()?;
        let first = listed.results.first();
        let columns: Vec<_> = self
            .relation
            .columns
            .iter()
            .filter(|column| first.is_none_or(|record| record.contains_key(&column.name)))
            .collect();
        let headers = columns.iter().map(|column| {
            let (link, sorted) = ordered_by(params, &column.name);
            Header {
                name: column.name.clone(),
                description: column.description.clone(),
                is_number: column.category == "number",
                link: column.is_sortable.then_some(link),
                sorted,
            }
        });
        let rows = listed.results.iter().map(|record| self.cells(record));
        Some(Rows {
            count: listed.count,
            headers: headers.collect(),
            rows: rows.collect(),
            next: listed.next,
            previous: listed.previous,
        })
    }

    /// The values of one record. `None` if the response is none.
    pub(super) fn record(&self, body: &str) -> Option<Vec<Cell>> {
        if body.len() > LARGEST {
            return None;
        }
        let record: Object = serde_json::from_str(body).ok()?;
        let cells = self.cells(&record);
        (cells.len() == record.len()).then_some(cells)
    }

    fn cells(&self, record: &Object) -> Vec<Cell> {
        let columns = self.relation.columns.iter();
        let cells = columns.filter_map(|column| {
            let raw = record.get(&column.name)?;
            let text = text(raw.get());
            Some(Cell {
                link: text.as_ref().and_then(|text| self.link(&column.name, text)),
                text: text.map(|text| shortened(&text)),
                is_number: column.category == "number",
                name: column.name.clone(),
            })
        });
        cells.collect()
    }

    /// The address of the record that a value names: this one by its key, or another by a reference.
    fn link(&self, column: &str, text: &str) -> Option<String> {
        let name = self.name?;
        if self.relation.key_columns == [column] {
            return Some(format!("/api/{}/{}/", encoded(name), encoded(text)));
        }
        let (referenced, _) = self.table?.field(column)?.refers_to.as_ref()?;
        let referenced = referenced.strip_prefix("public.").unwrap_or(referenced);
        Some(format!("/api/{}/{}/", encoded(referenced), encoded(text)))
    }
}

/// A value as text. `None` is null.
fn text(raw: &str) -> Option<String> {
    match raw.as_bytes().first() {
        Some(b'n') => None,
        Some(b'"') => serde_json::from_str(raw).ok(),
        _ => Some(raw.into()),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
