//! The rows of a query, as text and within limits.

use super::login::ZonedLogin;
use super::refused::{QueryError, Refused};
use super::session::Session;
use super::text::{ParameterType, Query};
use crate::web::http::limiter::Permit;
use futures_util::TryStreamExt;
use std::pin::Pin;
use std::time::Duration;
use tokio_postgres::types::{Kind, Type};
use tokio_postgres::{Column, RowStream};

/// The limits of one query.
#[derive(Clone, Copy)]
pub(crate) struct RowLimits {
    pub(crate) seconds: u64,
    pub(crate) rows: usize,
    /// Of all values together.
    pub(crate) bytes: usize,
    /// Of one row, in letters, so that no single row fills the memory.
    pub(crate) row_letters: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Format {
    /// Each value as `::text`.
    Text,
    /// The same, but lists and composite values as JSON.
    Json,
}

pub(crate) struct QueryColumn {
    pub(crate) name: String,
    pub(crate) is_number: bool,
    /// A date, or a date with a time.
    pub(crate) is_time: bool,
    pub(crate) is_boolean: bool,
    /// The text of a value is JSON.
    pub(crate) is_json: bool,
}

/// Rows that are still arriving. Dropping them cancels the query.
pub(crate) struct Rows {
    pub(crate) columns: Vec<QueryColumn>,
    rows: Pin<Box<RowStream>>,
    limits: RowLimits,
    value_letters: usize,
    count: usize,
    bytes: usize,
    /// A sentence about the missing rows, once a limit was reached.
    pub(crate) cut: Option<String>,
    // Dropped last.
    session: Session,
}

impl Rows {
    /// `permit`: the turn of the account, if one asks. `values`: of the parameters, in their order, as users write them.
    pub(crate) async fn begin(
        login: &ZonedLogin<'_>,
        permit: Option<Permit>,
        query: &Query,
        values: &[String],
        format: Format,
        limits: RowLimits,
    ) -> Result<Rows, QueryError> {
        let session = Session::open(login, permit, limits.seconds).await?;
        let statement = session.prepare(query).await?;
        if statement.columns().is_empty() {
            return Err(Refused::new("The query has no columns.", None).into());
        }
        let columns: Vec<QueryColumn> = statement
            .columns()
            .iter()
            .map(|column| described(column, format))
            .collect();
        let value_letters = (limits.row_letters / columns.len()).max(20);
        let sql = limited(
            query,
            &columns,
            &statement,
            format,
            value_letters,
            limits.rows,
        );
        let values = query.parameters.iter().zip(values).map(|((_, of), value)| {
            let is_null = value.is_empty() && *of != ParameterType::Text;
            (!is_null).then(|| value.clone())
        });
        let values: Vec<Option<String>> = values.collect();
        let rows = session.run(&sql, &values).await?;
        Ok(Rows {
            columns,
            rows: Box::pin(rows),
            limits,
            value_letters,
            count: 0,
            bytes: 0,
            cut: None,
            session,
        })
    }

    /// The next row, or `None` after the last one or at a limit.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Option<String>>>, QueryError> {
        if self.bytes > self.limits.bytes {
            self.cut = Some(format!(
                "Only the first {} rows are here, because the values have more than {} bytes.",
                crate::terminal::number(self.count as i64),
                crate::terminal::number(self.limits.bytes as i64)
            ));
            return Ok(None);
        }
        let row = self.session.before_deadline(self.rows.try_next()).await?;
        if !matches!(row, Ok(Some(_))) {
            self.session.is_done();
        }
        let row = row.map_err(|error| QueryError::from_driver(error, |_| None))?;
        let Some(row) = row else { return Ok(None) };
        if self.count == self.limits.rows {
            self.cut = Some(format!(
                "Only the first {} rows are here, because the query has more.",
                crate::terminal::number(self.count as i64)
            ));
            return Ok(None);
        }
        self.count += 1;
        let mut values: Vec<Option<String>> = Vec::with_capacity(row.len());
        for index in 0..row.len() {
            let value: Option<String> = row.get(index);
            self.bytes += value.as_ref().map_or(0, String::len);
            values.push(value.map(|value| self.shortened(value)));
        }
        Ok(Some(values))
    }

    /// How long rows can still be read.
    pub(crate) fn time_left(&self) -> Duration {
        self.session.time_left()
    }

    /// Marks a value that the server has cut.
    fn shortened(&self, value: String) -> String {
        if value.len() <= self.value_letters {
            return value;
        }
        match value.char_indices().nth(self.value_letters) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value,
        }
    }
}

/// A query that also limits its rows and the length of its values, so that the server does not send more. The user's
/// text was parsed alone before, so it cannot end this one early.
fn limited(
    query: &Query,
    columns: &[QueryColumn],
    statement: &tokio_postgres::Statement,
    format: Format,
    value_letters: usize,
    rows: usize,
) -> String {
    let names: Vec<String> = (1..=columns.len())
        .map(|place| format!("c{place}"))
        .collect();
    let values = names.iter().zip(statement.columns()).map(|(name, column)| {
        let value = if format == Format::Json && is_nested(column.type_()) {
            format!("pg_catalog.to_json(q.{name})::text")
        } else {
            format!("q.{name}::text")
        };
        format!("pg_catalog.left({value}, {})", value_letters + 1)
    });
    format!(
        "select {} from (\n{}\n) as q ({}) limit {}",
        values.collect::<Vec<_>>().join(", "),
        query.sql,
        names.join(", "),
        rows + 1
    )
}

fn described(column: &Column, format: Format) -> QueryColumn {
    let of = base(column.type_());
    QueryColumn {
        name: column.name().into(),
        is_number: [
            Type::INT2,
            Type::INT4,
            Type::INT8,
            Type::FLOAT4,
            Type::FLOAT8,
            Type::NUMERIC,
        ]
        .contains(of),
        is_time: [Type::DATE, Type::TIMESTAMP, Type::TIMESTAMPTZ].contains(of),
        is_boolean: *of == Type::BOOL,
        is_json: [Type::JSON, Type::JSONB].contains(of)
            || (format == Format::Json && is_nested(of)),
    }
}

/// The type without domains.
fn base(of: &Type) -> &Type {
    match of.kind() {
        Kind::Domain(inner) => base(inner),
        _ => of,
    }
}

fn is_nested(of: &Type) -> bool {
    let of = base(of);
    *of == Type::RECORD || matches!(of.kind(), Kind::Array(_) | Kind::Composite(_))
}

/// All rows of a query, within its limits.
pub(crate) struct Table {
    pub(crate) columns: Vec<QueryColumn>,
    pub(crate) rows: Vec<Vec<Option<String>>>,
    pub(crate) cut: Option<String>,
}

impl Table {
    pub(crate) async fn read(
        login: &ZonedLogin<'_>,
        permit: Option<Permit>,
        query: &Query,
        values: &[String],
        limits: RowLimits,
    ) -> Result<Table, QueryError> {
        let mut rows = Rows::begin(login, permit, query, values, Format::Text, limits).await?;
        let mut table = Vec::new();
        while let Some(row) = rows.next().await? {
            table.push(row);
        }
        let cut = rows.cut.take();
        let columns = std::mem::take(&mut rows.columns);
        Ok(Table {
            columns,
            rows: table,
            cut,
        })
    }
}
