//! The row of `elt.rest_source`: columns that the user sets, and columns that are inferred.

use super::secret_names::{is_secret, secret_parameter};
use crate::extract::rest::{ColumnValue, Settings, column_names, is_default, parse_column};
use crate::failure::{Exit, Failure};
use crate::init::names::literal;
use anyhow::Result;
use reqwest::Url;
use serde_json::Value;

/// Headers that contain a secret, besides those that are named like one.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

#[derive(Default)]
pub(super) struct Row {
    columns: Vec<(String, ColumnValue)>,
    /// The number of columns that the user set. They are the first ones.
    of_user: usize,
}

impl Row {
    /// The columns of `--set`. `records_at`: the value of `--records-at`.
    pub(super) fn of_user(set: &[(String, String)], records_at: Option<&str>) -> Result<Row> {
        let mut row = Row::default();
        for (name, text) in set {
            if name == "source" {
                let message = "column \"source\" cannot be set";
                return Err(Failure::new(Exit::Usage, message)
                    .hint("Name the source with --name.")
                    .into());
            }
            let value = parse_column(name, text)?;
            refuse_secrets(name, &value)?;
            require_fitting(name, &value)?;
            row.columns.retain(|(other, _)| other != name);
            row.columns.push((name.clone(), value));
        }
        if let Some(path) = records_at {
            // A dot is the whole document.
            let path = if path == "." { "" } else { path };
            row.add("records_at", path);
        }
        row.of_user = row.columns.len();
        Ok(row)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let mut columns = self.columns.iter();
        let found = columns.find(|(other, _)| other == name);
        found.map(|(_, value)| &value.value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// Sets a column, unless it has a value. Returns whether it did.
    pub(super) fn add(&mut self, name: &str, value: impl Into<Value>) -> bool {
        let is_new = !self.has(name);
        if is_new {
            self.columns.push((name.into(), value.into().into()));
        }
        is_new
    }

    /// Whether the user set the column.
    pub(super) fn is_of_user(&self, name: &str) -> bool {
        let mut columns = self.columns.iter().take(self.of_user);
        columns.any(|(other, _)| other == name)
    }

    /// Replaces the value of a column.
    pub(super) fn replace(&mut self, name: &str, value: impl Into<Value>) {
        let mut columns = self.columns.iter_mut();
        if let Some((_, old)) = columns.find(|(other, _)| other == name) {
            *old = value.into().into();
        }
    }

    pub(super) fn settings(&self, source: &str) -> Result<Settings> {
        let columns = self.columns.iter();
        Settings::with_columns(source, columns.map(|(name, value)| (name.as_str(), value)))
    }

    /// The columns that differ from their defaults, with SQL literals, in the order of the table.
    pub(super) fn sql(&self) -> Result<Vec<(String, String)>> {
        let mut sql = Vec::new();
        for name in column_names()? {
            let column = self.columns.iter().find(|(other, _)| *other == name);
            let Some((_, value)) = column else { continue };
            if is_default(&name, value)? {
                continue;
            }
            let literal = match value.text() {
                None => "null".to_string(),
                Some(text) if value.is_plain() => text,
                Some(text) => literal(&text),
            };
            sql.push((name, literal));
        }
        Ok(sql)
    }
}

/// Checks the value alone. The database checks how columns fit together.
fn require_fitting(name: &str, value: &ColumnValue) -> Result<()> {
    Settings::with_columns("source", [(name, value)]).map_err(|error| {
        let message = format!("the value of column \"{name}\" does not fit");
        Failure::new(Exit::Usage, message).because(error)
    })?;
    Ok(())
}

/// Refuses secrets, because the project's files would contain them.
fn refuse_secrets(name: &str, value: &ColumnValue) -> Result<()> {
    let secret = match &value.value {
        Value::String(path) if name == "path" => {
            let url = Url::parse("http://host").and_then(|base| base.join(path));
            let query: Vec<(String, String)> = url
                .iter()
                .flat_map(Url::query_pairs)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            secret_parameter(&query, is_secret).map(String::from)
        }
        Value::String(address) if name == "base_url" || name == "sign_in_url" => {
            address.contains('@').then(|| "user".to_string())
        }
        value => secret_key(value, name == "headers"),
    };
    let Some(secret) = secret else { return Ok(()) };
    let message = format!("\"{secret}\" in column \"{name}\" seems to be a secret");
    Err(Failure::new(Exit::Usage, message)
        .detail("elt init would write it into the project's files.")
        .hint(
            "Set ELT_<SOURCE>_TOKEN, and name its place: --set token_header=NAME --set token_prefix=WORD, or \
             --set token_parameter=NAME.",
        )
        .into())
}

/// The first key that is named like a secret, at any level.
fn secret_key(value: &Value, is_header: bool) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, member)| {
            let is_secret = is_secret(key)
                || (is_header && SECRET_HEADERS.contains(&key.to_lowercase().as_str()));
            match member {
                // A query may name fields like secrets.
                Value::String(_) if is_secret => Some(key.clone()),
                member => secret_key(member, is_header),
            }
        }),
        Value::Array(elements) => elements
            .iter()
            .find_map(|element| secret_key(element, is_header)),
        _ => None,
    }
}
