//! Downloads the rows of a query as CSV or JSON. A file that was cut at a limit says so in its last line.

use super::asked::Asked;
use super::written::Written;
use super::{parse, permit, reasons, saved};
use crate::web::auth::Account;
use crate::web::data::query::{Format, QueryError, RowLimits, Rows};
use crate::web::error::{WebError, WebResult};
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
    let client = app.pool.get(&account.zone).await?;
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
    let login = app.query_login.in_zone(&account.zone);
    let mut rows = Rows::begin(&login, Some(permit), &query, &values, format, LIMITS)
        .await
        .map_err(web_error)?;
    // Errors of the query usually come before its first row, when the response can still say so.
    let first = rows.next().await.map_err(web_error)?;
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    tokio::spawn(send(rows, first, format, sender));
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

/// Sends all rows.
async fn send(
    mut rows: Rows,
    first: Option<Vec<Option<String>>>,
    format: Format,
    sender: mpsc::Sender<io::Result<Bytes>>,
) {
    let last = send_rows(&mut rows, first, format, &sender).await;
    // The session ends before a slow client has read the rest.
    drop(rows);
    // An error ends the connection early, so the client notices that the file is incomplete.
    let _ = sender.send(last.map(Bytes::from)).await;
}

/// Returns the end of the file. The query is cancelled as soon as the client has left.
async fn send_rows(
    rows: &mut Rows,
    first: Option<Vec<Option<String>>>,
    format: Format,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<Vec<u8>> {
    let mut out = Written::new(format, &rows.columns);
    let mut next = first;
    while let Some(row) = next {
        out.row(&row, &rows.columns);
        if out.bytes.len() >= CHUNK {
            let patience = PATIENCE.min(rows.time_left());
            let chunk = Ok(std::mem::take(&mut out.bytes).into());
            let sent = tokio::time::timeout(patience, sender.send(chunk)).await;
            if !matches!(sent, Ok(Ok(()))) {
                return Err(io::Error::other("the download has no reader"));
            }
        }
        let read = tokio::select! {
            read = rows.next() => read,
            () = sender.closed() => return Err(io::Error::other("the reader is gone")),
        };
        next = read.map_err(|error| match web_error(error) {
            WebError::Bad(message) => io::Error::other(message),
            _ => io::Error::other("the query ended early"),
        })?;
    }
    out.end(rows.cut.as_deref());
    Ok(out.bytes)
}
