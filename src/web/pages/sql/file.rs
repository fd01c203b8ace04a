//! Downloads the rows of a query as CSV or JSON. A file that was cut at a limit says so in its last line.

use super::asked::Asked;
use super::{parse, permit, reasons, saved};
use crate::web::auth::Account;
use crate::web::data::query::{Format, QueryColumn, QueryError, RowLimits, Rows};
use crate::web::error::{WebError, WebResult};
use crate::web::http::limiter::Permit;
use crate::web::pages::download::body_of;
use crate::web::state::App;
use axum::body::Bytes;
use axum::extract::{Query as Pairs, State};
use axum::http::header;
use axum::response::IntoResponse;
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;

/// Limits of a download.
const LIMITS: RowLimits = RowLimits {
    seconds: 60,
    rows: 100_000,
    bytes: 64 * 1024 * 1024,
    row_letters: 4 * 1024 * 1024,
};
/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// How long a client may take to read a chunk.
const PATIENCE: Duration = Duration::from_secs(30);

type QueryPairs = Pairs<Vec<(String, String)>>;

pub(crate) async fn sql_csv(
    State(app): State<App>,
    account: Account,
    Pairs(pairs): QueryPairs,
) -> WebResult {
    download(&app, &account, &pairs, Format::Text).await
}

pub(crate) async fn sql_json(
    State(app): State<App>,
    account: Account,
    Pairs(pairs): QueryPairs,
) -> WebResult {
    download(&app, &account, &pairs, Format::Json).await
}

async fn download(
    app: &App,
    account: &Account,
    pairs: &[(String, String)],
    format: Format,
) -> WebResult {
    let asked = Asked::parse(pairs);
    let client = app.pool.get().await?;
    let saved = saved(&client, &asked).await?;
    let off = reasons(app, &client).await?.join(" ");
    drop(client);
    if !off.is_empty() {
        return Err(WebError::Bad(off));
    }
    let query = parse(asked.text(saved.as_ref()), saved.as_ref());
    let query = query.map_err(|refused| WebError::Bad(refused.message))?;
    let inputs = asked.inputs(&query);
    let values = inputs.iter().map(|input| input.value.clone());
    let values: Option<Vec<String>> = values.collect();
    let Some(values) = values else {
        return Err(WebError::Bad(
            "The address has no value for a parameter of the query.".into(),
        ));
    };
    let permit = permit(app, account).await?;
    let mut rows = Rows::begin(&app.query_login, &query, &values, format, LIMITS)
        .await
        .map_err(web_error)?;
    // Errors of the query usually come before its first row, when the response can still say so.
    let first = rows.next().await.map_err(web_error)?;
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    tokio::spawn(send(rows, first, format, permit, sender));
    let (kind, ending) = match format {
        Format::Text => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let name = if asked.saved.is_empty() {
        "query"
    } else {
        &asked.saved
    };
    let name = name.replace(
        |letter: char| !letter.is_ascii_alphanumeric() && letter != '_',
        "-",
    );
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ),
    ];
    Ok((headers, body_of(receiver)).into_response())
}

fn web_error(error: QueryError) -> WebError {
    match error {
        QueryError::Refused(refused) => WebError::Bad(refused.message),
        QueryError::Off(reason) => WebError::Bad(reason),
        QueryError::Web(error) => error,
    }
}

/// Sends all rows. The query is cancelled as soon as the client has left.
async fn send(
    mut rows: Rows,
    first: Option<Vec<Option<String>>>,
    format: Format,
    _permit: Permit,
    sender: mpsc::Sender<io::Result<Bytes>>,
) {
    let mut out = Writer::new(format, &rows.columns);
    let mut next = first;
    while let Some(row) = next {
        out.row(&row, &rows.columns);
        if out.text.len() >= CHUNK {
            let chunk = Ok(std::mem::take(&mut out.text).into());
            let sent = tokio::time::timeout(PATIENCE, sender.send(chunk)).await;
            if !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
        let read = tokio::select! {
            read = rows.next() => read,
            () = sender.closed() => return,
        };
        next = match read {
            Ok(next) => next,
            Err(error) => {
                let error = match web_error(error) {
                    WebError::Bad(message) => io::Error::other(message),
                    _ => io::Error::other("the query ended early"),
                };
                // This ends the connection early, so the client notices that the file is incomplete.
                let _ = sender.send(Err(error)).await;
                return;
            }
        };
    }
    out.end(rows.cut.as_deref());
    let _ = tokio::time::timeout(PATIENCE, sender.send(Ok(out.text.into()))).await;
}

struct Writer {
    format: Format,
    text: String,
    rows: usize,
}

impl Writer {
    fn new(format: Format, columns: &[QueryColumn]) -> Writer {
        let mut writer = Writer {
            format,
            text: String::new(),
            rows: 0,
        };
        match format {
            Format::Text => writer.record(columns.iter().map(|column| Some(column.name.as_str()))),
            Format::Json => {
                let names = columns.iter().map(|column| json(&column.name));
                let names: Vec<String> = names.collect();
                let start = format!("{{\"columns\": [{}],\n\"rows\": [", names.join(", "));
                writer.text.push_str(&start);
            }
        }
        writer
    }

    fn row(&mut self, row: &[Option<String>], columns: &[QueryColumn]) {
        match self.format {
            Format::Text => self.record(row.iter().map(Option::as_deref)),
            Format::Json => {
                let values = row.iter().zip(columns).map(|(value, column)| match value {
                    None => "null".into(),
                    Some(value) => json_value(value, column),
                });
                let values: Vec<String> = values.collect();
                let separator = if self.rows == 0 { "\n" } else { ",\n" };
                self.text.push_str(separator);
                self.text.push_str(&format!("[{}]", values.join(", ")));
            }
        }
        self.rows += 1;
    }

    /// Writes a CSV record like COPY: null is an empty field, an empty text is quoted.
    fn record<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            let Some(cell) = cell else { continue };
            if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&cell.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(cell);
            }
        }
        self.text.push('\n');
    }

    /// `cut`: what is missing. A record of CSV with another number of fields makes strict readers fail too.
    fn end(&mut self, cut: Option<&str>) {
        match (self.format, cut) {
            (Format::Text, None) => {}
            (Format::Text, Some(cut)) => self.record(std::iter::once(Some(cut))),
            (Format::Json, cut) => {
                let cut = cut.map_or("null".into(), json);
                self.text.push_str(&format!("\n],\n\"cut\": {cut}}}\n"));
            }
        }
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number of PostgreSQL may also be NaN, and a long document may have been cut: both are texts in JSON.
fn json_value(value: &str, column: &QueryColumn) -> String {
    let may_be_json = column.is_number || column.is_boolean || column.is_json;
    let is_json = may_be_json && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
    if is_json { value.into() } else { json(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, is_number: bool, is_json: bool) -> QueryColumn {
        QueryColumn {
            name: name.into(),
            is_number,
            is_boolean: false,
            is_json,
        }
    }

    #[test]
    fn values_keep_their_types_in_json() {
        let columns = [
            column("n", true, false),
            column("\"t\"", false, false),
            column("j", false, true),
        ];
        let mut writer = Writer::new(Format::Json, &columns);
        writer.row(&[Some("1.50".into()), None, Some("[1]".into())], &columns);
        writer.row(
            &[Some("NaN".into()), Some("1\n".into()), Some("[1…".into())],
            &columns,
        );
        writer.end(Some("cut here"));
        let expected = "{\"columns\": [\"n\", \"\\\"t\\\"\", \"j\"],\n\"rows\": [\n[1.50, null, [1]],\n\
                        [\"NaN\", \"1\\n\", \"[1…\"]\n],\n\"cut\": \"cut here\"}\n";
        assert_eq!(writer.text, expected);
        assert!(serde_json::from_str::<serde_json::Value>(&writer.text).is_ok());
    }

    #[test]
    fn a_cut_file_of_csv_says_so_in_its_last_line() {
        let columns = [column("a", false, false), column("b", false, false)];
        let mut writer = Writer::new(Format::Text, &columns);
        writer.row(&[Some(String::new()), None], &columns);
        writer.end(Some("Only 1 row, more were left out."));
        assert_eq!(
            writer.text,
            "a,b\n\"\",\n\"Only 1 row, more were left out.\"\n"
        );
    }
}
