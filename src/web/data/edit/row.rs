//! Reads a row for a form.

use super::{Field, Key, Table, Values};
use crate::web::data::listing::{Where, value_error};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// A row as a form shows it. Its version detects concurrent changes.
pub(crate) struct Row {
    /// Changes with every change of the row.
    pub(crate) version: String,
    /// Values in the order of the table's fields. `None` is null.
    pub(crate) values: Vec<Option<String>>,
}

impl Row {
    /// The value of a column. The inner `None` is null.
    pub(crate) fn value(&self, table: &Table, name: &str) -> Option<Option<&str>> {
        let fields = table.fields.iter().zip(&self.values);
        let mut fields = fields.filter(|(field, _)| field.name == name);
        fields.next().map(|(_, value)| value.as_deref())
    }

    /// The values that differ from the row.
    pub(crate) fn changed(&self, table: &Table, values: Values) -> Values {
        let values = values.into_iter();
        values
            .filter(|(name, value)| {
                let now = self.value(table, name);
                now.is_some_and(|now| now != value.as_deref())
            })
            .collect()
    }
}

pub(crate) async fn row(client: &Client, table: &Table, key: &Key) -> WebResult<Option<Row>> {
    let mut wanted = Where::default();
    key.restrict(&table.relation, &mut wanted);
    let columns: Vec<String> = table.fields.iter().map(Field::form_sql).collect();
    let sql = format!(
        "select listed.xmin::text, {} from {} as listed{}",
        columns.join(", "),
        table.relation.quoted(),
        wanted.sql()
    );
    let rows = client.query_text(&sql, &wanted.values).await;
    let rows = rows.map_err(value_error)?;
    Ok(rows.first().map(|row| Row {
        version: row.get(0),
        values: (1..row.len()).map(|index| row.get(index)).collect(),
    }))
}
