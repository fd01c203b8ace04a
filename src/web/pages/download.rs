//! Downloads all rows of a listing as a file. Rows are streamed from the database and not kept in memory.

use crate::web::auth::Account;
use crate::web::data::catalogue;
use crate::web::data::listing::{self, Listing, Request};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::turns::Turn;
use crate::web::state::App;
use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::io;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

/// What is sent at once.
const CHUNK: usize = 64 * 1024;
/// Downloads at once: each holds a connection to the database, of which pages need some too.
const MOST: usize = 5;
static TURNS: Semaphore = Semaphore::const_new(MOST);
/// How long a client may take for a piece.
const PATIENCE: Duration = Duration::from_secs(60);
/// For all of it: a client that takes a byte now and then holds a connection to the database.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A download may take longer than a page.
const BEGIN: &str = "begin transaction read only; set local statement_timeout to '30min'";

type Asked = (Path<String>, Query<Vec<(String, String)>>);

pub(crate) async fn rows_csv(
    State(app): State<App>,
    account: Account,
    (Path(name), Query(pairs)): Asked,
) -> WebResult {
    account.role.require_sight(&name)?;
    everything(app, &account, &name, &pairs, Format::Csv).await
}

pub(crate) async fn rows_json(
    State(app): State<App>,
    account: Account,
    (Path(name), Query(pairs)): Asked,
) -> WebResult {
    account.role.require_sight(&name)?;
    everything(app, &account, &name, &pairs, Format::Json).await
}

/// What a listing has, in all its columns.
pub(crate) async fn as_csv(
    client: Client,
    turn: Turn,
    listing: &Listing<'_>,
    request: &Request,
) -> WebResult {
    let columns = listing.relation.columns.iter();
    let names: Vec<String> = columns.map(|column| column.name.clone()).collect();
    download(client, turn, listing, request, &names, Format::Csv).await
}

/// Of the admin's list: its columns.
pub(crate) async fn listed_csv(
    State(app): State<App>,
    account: Account,
    (Path(name), Query(pairs)): Asked,
) -> WebResult {
    let turn = turn(&app, &account.name)?;
    let client = app.pool.get().await?;
    let table = super::admin::table(&client, &name).await?;
    let request = Request::parse(&pairs, &table.relation)?;
    let columns = table.listed();
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    download(
        client,
        turn,
        &table.listing(),
        &request,
        &names,
        Format::Csv,
    )
    .await
}

#[derive(Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Json,
}

/// Of the account's downloads, a few at once.
pub(crate) fn turn(app: &App, account: &str) -> WebResult<Turn> {
    app.downloads.take(account).ok_or(WebError::Busy(
        "Your account downloads files already. Try again when they are there.",
    ))
}

async fn everything(
    app: App,
    account: &Account,
    name: &str,
    pairs: &[(String, String)],
    format: Format,
) -> WebResult {
    let turn = turn(&app, &account.name)?;
    let client = app.pool.get().await?;
    let relation = catalogue::relation(&client, name).await?;
    let request = Request::parse(pairs, &relation)?;
    let columns = relation.columns.iter();
    let names: Vec<String> = columns.map(|column| column.name.clone()).collect();
    download(
        client,
        turn,
        &Listing::of(&relation),
        &request,
        &names,
        format,
    )
    .await
}

/// `names`: columns of the CSV; JSON has all.
async fn download(
    client: Client,
    own_turn: Turn,
    listing: &Listing<'_>,
    request: &Request,
    names: &[String],
    format: Format,
) -> WebResult {
    listing.require_right(&client, request).await?;
    let turn = TURNS.try_acquire().map_err(|_| {
        WebError::Busy("Too many files are downloaded at once. Try again in a while.")
    })?;
    let columns = match format {
        Format::Csv => {
            let columns = names
                .iter()
                .map(|name| format!("{}::text", listing::qualified(name)));
            columns.collect::<Vec<_>>().join(", ")
        }
        Format::Json => "row_to_json(listed.*)::text".into(),
    };
    let (sql, values) = listing.select_in_order(request, &columns);
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    let (begun, has_begun) = oneshot::channel();
    let writer = Writer::new(format, names);
    // On its own: a client that goes away in the middle leaves no open transaction in the pool.
    tokio::spawn(async move {
        let _turns = (turn, own_turn);
        send(&client, &sql, &values, writer, begun, &sender).await;
        let _ = client.driver().batch_execute("rollback").await;
    });
    has_begun.await.context("the download ended early")??;
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let file = listing.relation.name.replace(
        |letter: char| !letter.is_ascii_alphanumeric() && letter != '_',
        "-",
    );
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}.{ending}\""),
        ),
    ];
    Ok((headers, body_of(receiver)).into_response())
}

/// What is sent, to its end; compression asks once more behind it.
pub(super) fn body_of(receiver: mpsc::Receiver<io::Result<Bytes>>) -> Body {
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    Body::from_stream(body.fuse())
}

/// Sends all rows. Whether that works shows with the first of them, and is said in `begun`.
async fn send(
    client: &Client,
    sql: &str,
    values: &[String],
    mut writer: Writer,
    begun: oneshot::Sender<WebResult<()>>,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) {
    let params: Vec<(&(dyn ToSql + Sync), Type)> = values
        .iter()
        .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT))
        .collect();
    let first = async {
        client.driver().batch_execute(BEGIN).await?;
        let mut rows = Box::pin(client.driver().query_typed_raw(sql, params).await?);
        let first = rows.try_next().await?;
        Ok((rows, first))
    };
    let (mut rows, mut next) = match first.await {
        Ok(first) => first,
        Err(error) => {
            let _ = begun.send(Err(listing::of_values(error)));
            return;
        }
    };
    if begun.send(Ok(())).is_err() {
        return;
    }
    let sent = tokio::time::timeout(LONGEST, async {
        // A stream that has ended is not to be asked again.
        while let Some(row) = next {
            writer.row(&row)?;
            if writer.out.len() >= CHUNK {
                let sent = tokio::time::timeout(PATIENCE, sender.send(Ok(writer.take()))).await;
                sent.context("the download has no reader")?
                    .context("the reader of the download is gone")?;
            }
            next = rows.try_next().await?;
        }
        writer.end();
        anyhow::Ok(())
    });
    let sent = sent.await.context("it takes too long");
    let last = match sent.flatten() {
        Ok(()) => Ok(writer.take()),
        // The connection then ends early, and the client sees that the file is not whole.
        Err(error) => Err(io::Error::other(error)),
    };
    let _ = sender.send(last).await;
}

struct Writer {
    format: Format,
    out: Vec<u8>,
    rows: u64,
}

impl Writer {
    fn new(format: Format, names: &[String]) -> Writer {
        let mut writer = Writer {
            format,
            out: Vec::new(),
            rows: 0,
        };
        match format {
            Format::Csv => writer.record(names.iter().map(|name| Some(name.as_str()))),
            Format::Json => writer.out.extend_from_slice(b"["),
        }
        writer
    }

    fn row(&mut self, row: &Row) -> anyhow::Result<()> {
        match self.format {
            Format::Csv => {
                let cells: Result<Vec<Option<&str>>, _> =
                    (0..row.len()).map(|index| row.try_get(index)).collect();
                self.record(cells.context("a value is no text")?.into_iter());
            }
            Format::Json => {
                let separator: &[u8] = if self.rows == 0 { b"\n" } else { b",\n" };
                self.out.extend_from_slice(separator);
                self.out
                    .extend_from_slice(row.try_get::<_, &str>(0)?.as_bytes());
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// As COPY writes CSV: null is nothing, an empty text is quoted.
    fn record<'a>(&mut self, cells: impl Iterator<Item = Option<&'a str>>) {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let Some(cell) = cell else { continue };
            if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
                self.out.push(b'"');
                self.out
                    .extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.out.push(b'"');
            } else {
                self.out.extend_from_slice(cell.as_bytes());
            }
        }
        self.out.push(b'\n');
    }

    fn end(&mut self) {
        if self.format == Format::Json {
            self.out.extend_from_slice(b"\n]\n");
        }
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.out).into()
    }
}
