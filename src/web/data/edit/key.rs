//! The primary key of a row, in an address written as `task_id=5`.

use super::Table;
use crate::web::data::catalogue::{Relation, quote};
use crate::web::data::listing::Where;
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;

/// The columns of the key in order, with their values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key(pub(crate) Vec<(String, String)>);

impl Key {
    /// `values` are in the order of the key.
    pub(crate) fn new(table: &Table, values: Vec<String>) -> Key {
        let columns = table.relation.key_columns.iter().cloned();
        Key(columns.zip(values).collect())
    }

    /// Reads the key from the pairs of a query string, which may contain others.
    pub(crate) fn parse(pairs: &[(String, String)], relation: &Relation) -> WebResult<Key> {
        let columns = relation.key_columns.iter().map(|column| {
            let pair = pairs.iter().find(|(name, _)| name == column);
            pair.cloned().ok_or(WebError::NotFound)
        });
        let columns: Vec<(String, String)> = columns.collect::<Result<_, _>>()?;
        if columns.is_empty() {
            Err(WebError::NotFound)
        } else {
            Ok(Key(columns))
        }
    }

    /// Parses the result of `query`.
    pub(crate) fn parse_query(query: &str, relation: &Relation) -> WebResult<Key> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| WebError::Bad("The form names a row with an invalid key.".into()))?;
        Key::parse(&pairs, relation)
    }

    /// The key as a query string.
    pub(crate) fn query(&self) -> String {
        let pairs = self.0.iter();
        pairs
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// The values, to display.
    pub(crate) fn label(&self) -> String {
        let values: Vec<&str> = self.0.iter().map(|(_, value)| value.as_str()).collect();
        values.join(", ")
    }

    /// Adds the condition that selects the row.
    pub(crate) fn restrict(&self, relation: &Relation, to: &mut Where) {
        for (name, value) in &self.0 {
            let type_name = relation
                .column(name)
                .map_or("text", |column| column.cast_name.as_str());
            to.and(value, |parameter| {
                format!("listed.{} = {parameter}::{type_name}", quote(name))
            });
        }
    }
}
