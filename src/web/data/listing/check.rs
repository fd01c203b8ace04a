//! Checks a request: filter values that do not fit the column's type, and searches that are too wide.

use super::query::Listing;
use super::request::Request;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use tokio_postgres::error::DbError;

/// Errors of a request, shown beside the fields.
#[derive(Default)]
pub(crate) struct RequestErrors {
    pub(crate) search: Option<String>,
    /// Index of the filter in the request, and its error.
    pub(crate) filters: Vec<(usize, String)>,
}

impl RequestErrors {
    pub(crate) fn is_empty(&self) -> bool {
        self.search.is_none() && self.filters.is_empty()
    }
}

impl Listing<'_> {
    pub(crate) async fn check(
        &self,
        client: &Client,
        request: &Request,
    ) -> WebResult<RequestErrors> {
        let mut wrong = RequestErrors {
            search: request.search_problem(),
            filters: Vec::new(),
        };
        for (index, filter) in request.filters.iter().enumerate() {
            let column = self.relation.column(&filter.column);
            let column = column.filter(|column| column.category != "text");
            let (Some(column), Some(operator)) = (column, filter.operator.sql()) else {
                continue;
            };
            let type_name = &column.cast_name;
            // Compared with itself, because PostgreSQL would not evaluate a comparison with null.
            let value = format!("$1::text::{type_name}");
            let sql = format!("select {value} {operator} {value}");
            let Err(error) = client.query_text(&sql, &[&filter.value]).await else {
                continue;
            };
            match error.as_db_error() {
                Some(cause) if cause.code().code().starts_with("22") => {
                    let message = why_unreadable(cause, &column.type_name);
                    wrong.filters.push((index, message));
                }
                // The type does not have the operator.
                Some(cause) if cause.code().code() == "42883" => {
                    let message = "Values of this column cannot be compared that way.";
                    wrong.filters.push((index, message.into()));
                }
                _ => return Err(error.into()),
            }
        }
        Ok(wrong)
    }

    /// Fails with the first error. For responses without fields, such as downloads.
    pub(crate) async fn require_valid(&self, client: &Client, request: &Request) -> WebResult<()> {
        let wrong = self.check(client, request).await?;
        if let Some(message) = wrong.search {
            return Err(WebError::Bad(message));
        }
        match wrong.filters.first() {
            Some((index, message)) => {
                let column = &request.filters[*index].column;
                Err(WebError::Bad(format!("{column}: {message}")))
            }
            None => Ok(()),
        }
    }
}

/// The reason why a text is invalid for a type.
pub(crate) fn why_unreadable(error: &DbError, type_name: &str) -> String {
    match (error.code().code(), type_name) {
        ("22P02", "bigint" | "integer" | "smallint") => "This is not a whole number.".into(),
        ("22P02", "boolean") => "This is neither true nor false.".into(),
        ("22P02", "json" | "jsonb") => "This is not valid JSON.".into(),
        ("22P02", name) if name.starts_with("numeric") || name.starts_with("double") => {
            "This is not a number.".into()
        }
        ("22007" | "22008", "date") => "This is not a date such as 2026-11-22.".into(),
        ("22007" | "22008", _) => "This is not a date with a time such as 2026-11-22 17:30.".into(),
        ("22021", _) => "This contains a character that is not allowed in text.".into(),
        _ => sentence(error.message()),
    }
}

/// `invalid input` becomes `Invalid input.`
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
