//! The forms of the page: fields as in the admin, and JSON as programs send it.

use crate::web::api::ApiResult;
use crate::web::api::record::Record;
use crate::web::data::edit::{self, Key, Problems, Row, Table, Values};
use crate::web::data::pool::Client;
use crate::web::form::{Sent, given};
use crate::web::pages::{Filled, Input, Typed, inputs};
use serde_json::{Map, Value, json};

/// The forms that create a record, or change the record with a key.
pub(super) struct Forms {
    pub(super) is_new: bool,
    pub(super) may_delete: bool,
    pub(super) may_change: bool,
    pub(super) inputs: Vec<Input>,
    /// The text of the form with JSON.
    pub(super) content: String,
    /// The form with JSON was sent and refused.
    pub(super) is_content_wrong: bool,
    /// Version of the record that the forms show, as If-Match.
    pub(super) version: String,
}

impl Forms {
    /// The forms for a new record. `sent`: the form to show again.
    pub(super) async fn for_new(
        client: &Client,
        table: &Table,
        sent: Option<&Sent>,
        problems: Problems,
    ) -> ApiResult<Forms> {
        let typed = sent.map(|sent| Typed::read(table, &sent.fields, None));
        let content = match sent.and_then(content) {
            Some(content) => content.to_string(),
            None => example(table),
        };
        let is_content_wrong = sent.and_then(self::content).is_some();
        let filled = Filled {
            typed: typed.as_ref().map(|typed| &typed.values),
            problems,
            ..Filled::default()
        };
        Ok(Forms {
            is_new: true,
            may_delete: false,
            may_change: true,
            inputs: inputs(client, table, &filled).await?,
            content,
            is_content_wrong,
            version: String::new(),
        })
    }

    /// The forms for a record. `None` if it does not exist.
    pub(super) async fn for_record(
        client: &Client,
        table: &Table,
        key: &Key,
        sent: Option<&Sent>,
        problems: Problems,
    ) -> ApiResult<Option<Forms>> {
        let Ok(Some(row)) = edit::row(client, table, key).await else {
            return Ok(None);
        };
        let typed = sent.map(|sent| Typed::read(table, &sent.fields, Some(&row)));
        let filled = Filled {
            key: Some(key),
            row: Some(&row),
            typed: typed.as_ref().map(|typed| &typed.values),
            emptied: typed
                .as_ref()
                .map(|typed| typed.emptied.as_slice())
                .unwrap_or_default(),
            problems,
            ..Filled::default()
        };
        let content = match sent.and_then(content) {
            Some(content) => content.to_string(),
            None => current(client, table, key).await?,
        };
        Ok(Some(Forms {
            is_new: false,
            may_delete: table.may_delete,
            may_change: table.may_change,
            inputs: inputs(client, table, &filled).await?,
            content,
            is_content_wrong: sent.and_then(self::content).is_some(),
            version: version(&row),
        }))
    }

    /// Messages of fields that the form does not have, and of the whole record.
    pub(super) fn others(&self, problems: &Problems) -> Vec<String> {
        let mut others = problems.general.clone();
        for (name, messages) in &problems.fields {
            if self.is_content_wrong || !self.inputs.iter().any(|input| input.name == *name) {
                others.extend(messages.iter().map(|message| format!("{name}: {message}")));
            }
        }
        others
    }
}

fn version(row: &Row) -> String {
    format!("\"{}\"", row.version)
}

/// The JSON of the form, if that form was sent.
pub(super) fn content(sent: &Sent) -> Option<&str> {
    let pair = sent.fields.iter().find(|(name, _)| name == "_content");
    pair.map(|(_, content)| content.as_str())
}

/// A record to fill in.
fn example(table: &Table) -> String {
    let fields = table.fields.iter().filter(|field| !field.is_read_only);
    let fields = fields.map(|field| {
        let value = if field.is_nullable {
            Value::Null
        } else {
            json!("")
        };
        (field.name.clone(), value)
    });
    let record: Map<String, Value> = fields.collect();
    serde_json::to_string_pretty(&record).unwrap_or_default()
}

/// The writable fields of the record.
async fn current(client: &Client, table: &Table, key: &Key) -> ApiResult<String> {
    let fields = table.fields.iter();
    let fields = fields.filter(|field| !field.is_read_only && !field.is_key);
    let names: Vec<String> = fields.map(|field| field.name.clone()).collect();
    if names.is_empty() {
        return Ok("{}".into());
    }
    let record = Record::find(client, &table.relation, key, &names).await?;
    Ok(super::pretty::pretty(&record.json))
}

/// The JSON that a program would send instead of the form.
pub(super) async fn as_json(
    client: &Client,
    table: &Table,
    sent: &Sent,
    row: Option<&Row>,
) -> String {
    if let Some(content) = content(sent) {
        return content.to_string();
    }
    let mut values = Typed::read(table, &sent.fields, row).values;
    if let Some(row) = row
        && given(&sent.fields, "_method") == "PATCH"
    {
        values = row.changed(table, values);
    }
    match typed_json(client, table, &values).await {
        Some(json) => json,
        None => {
            // A value that is invalid for its type.
            let texts = values.into_iter().map(|(name, value)| (name, json!(value)));
            Value::Object(texts.collect()).to_string()
        }
    }
}

/// The values as JSON of their types.
async fn typed_json(client: &Client, table: &Table, values: &Values) -> Option<String> {
    if values.is_empty() {
        return Some("{}".into());
    }
    let mut given = Vec::new();
    let mut columns = Vec::new();
    for (name, value) in values {
        given.push(value.as_deref());
        let type_name = &table.field(name)?.cast_name;
        let name = crate::web::data::catalogue::quote(name);
        columns.push(format!("${}::text::{type_name} as {name}", given.len()));
    }
    let columns = columns.join(", ");
    let sql = format!("select row_to_json(sent.*)::text from (select {columns}) as sent");
    let rows = client.query_text(&sql, &given).await.ok()?;
    rows.first()?.get(0)
}
