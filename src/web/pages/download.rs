//! Downloads all rows of a listing as a file. Rows are streamed from the database and not kept in memory.

use super::rows_file::{Format, RowWriter};
use crate::web::auth::Account;
use crate::web::data::audit::Download;
use crate::web::data::catalogue;
use crate::web::data::listing::{self, Listing, Request};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::limiter::Permit;
use crate::web::state::{App, ClientAddress};
use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::io;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_postgres::types::{ToSql, Type};

/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// Concurrent downloads. Each holds a connection to the database, and pages need connections too.
const MAX_DOWNLOADS: usize = 5;
static PERMITS: Semaphore = Semaphore::const_new(MAX_DOWNLOADS);
/// How long a client may take to read a chunk.
const PATIENCE: Duration = Duration::from_secs(60);
/// Limit of the whole download, because a slow client holds a connection to the database.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Starts the transaction. A download may run longer than a page.
const BEGIN: &str = "begin transaction read only; set local statement_timeout to '30min'";

type NameAndQuery = (Path<String>, Query<Vec<(String, String)>>);

pub(crate) async fn rows_csv(
    State(app): State<App>,
    account: Account,
    address: ClientAddress,
    (Path(name), Query(pairs)): NameAndQuery,
) -> WebResult {
    download_relation(app, &account, address, &name, &pairs, Format::Csv).await
}

pub(crate) async fn rows_json(
    State(app): State<App>,
    account: Account,
    address: ClientAddress,
    (Path(name), Query(pairs)): NameAndQuery,
) -> WebResult {
    download_relation(app, &account, address, &name, &pairs, Format::Json).await
}

/// Downloads a listing as CSV, with the columns of the request, or all.
pub(crate) async fn download_csv(
    client: Client,
    permit: Permit,
    listing: &Listing<'_>,
    request: &Request,
) -> WebResult {
    let names = columns(request, || listing.relation.column_names());
    download(client, permit, listing, request, &names, Format::Csv).await
}

/// Downloads the columns of the admin's list.
pub(crate) async fn listed_csv(
    State(app): State<App>,
    account: Account,
    (Path(name), Query(pairs)): NameAndQuery,
) -> WebResult {
    let permit = download_permit(&app, &account.name)?;
    let client = app.pool.get(&account.zone).await?;
    let table = super::admin::table(&client, &name).await?;
    let request = Request::parse(&pairs, &table.relation)?;
    let names = columns(&request, || table.listed());
    let listing = table.listing();
    download(client, permit, &listing, &request, &names, Format::Csv).await
}

/// The columns of the request, or the usual ones.
fn columns(request: &Request, usual: impl Fn() -> Vec<String>) -> Vec<String> {
    match request.columns.as_slice() {
        [] => usual(),
        columns => columns.to_vec(),
    }
}

/// Limits the concurrent downloads of an account.
pub(crate) fn download_permit(app: &App, account: &str) -> WebResult<Permit> {
    app.downloads.take(account).ok_or(WebError::Busy(
        "Your account downloads files already. Try again when they are there.",
    ))
}

async fn download_relation(
    app: App,
    account: &Account,
    address: ClientAddress,
    name: &str,
    pairs: &[(String, String)],
    format: Format,
) -> WebResult {
    account.role.require_may_read(name)?;
    let permit = download_permit(&app, &account.name)?;
    let client = app.pool.get(&account.zone).await?;
    let relation = catalogue::relation(&client, name).await?;
    let request = Request::parse(pairs, &relation)?;
    let wanted = Download {
        account: &account.name,
        address: address.address(),
        relation: name,
        format: format.name(),
        pairs,
    };
    wanted.note(&client).await?;
    let names = columns(&request, || relation.column_names());
    let listing = Listing::new(&relation);
    download(client, permit, &listing, &request, &names, format).await
}

/// `names`: the columns of the file.
async fn download(
    client: Client,
    account_permit: Permit,
    listing: &Listing<'_>,
    request: &Request,
    names: &[String],
    format: Format,
) -> WebResult {
    listing.require_valid(&client, request).await?;
    let permit = PERMITS.try_acquire().map_err(|_| {
        WebError::Busy("Too many files are downloaded at once. Try again in a while.")
    })?;
    let columns = match format {
        Format::Csv => {
            let columns = names
                .iter()
                .map(|name| format!("{}::text", listing::qualified(name)));
            columns.collect::<Vec<_>>().join(", ")
        }
        Format::Json if request.columns.is_empty() => "row_to_json(listed.*)::text".into(),
        Format::Json => {
            let columns = names.iter().map(|name| listing::qualified(name));
            format!(
                "(select row_to_json(chosen.*)::text from (select {}) as chosen)",
                columns.collect::<Vec<_>>().join(", ")
            )
        }
    };
    let (sql, values) = listing.select_in_order(request, &columns);
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    let (begun, has_begun) = oneshot::channel();
    let writer = RowWriter::new(format, names);
    // A separate task ends the transaction even if the client disconnects.
    tokio::spawn(async move {
        let _permits = (permit, account_permit);
        send(&client, &sql, &values, writer, begun, &sender).await;
        let _ = client.driver().batch_execute("rollback").await;
    });
    has_begun.await.context("the download ended early")??;
    let kind = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Json => "application/json",
    };
    let file = listing.relation.name.replace(
        |letter: char| !letter.is_ascii_alphanumeric() && letter != '_',
        "-",
    );
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}.{}\"", format.name()),
        ),
    ];
    Ok((headers, body_of(receiver)).into_response())
}

/// The body of a response. It is fused, because the compression layer polls it once more after its end.
pub(super) fn body_of(receiver: mpsc::Receiver<io::Result<Bytes>>) -> Body {
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    Body::from_stream(body.fuse())
}

/// Sends all rows. Reports in `begun` whether the first row could be read.
async fn send(
    client: &Client,
    sql: &str,
    values: &[String],
    mut writer: RowWriter,
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
            let _ = begun.send(Err(listing::value_error(error)));
            return;
        }
    };
    if begun.send(Ok(())).is_err() {
        return;
    }
    let sent = tokio::time::timeout(LONGEST, async {
        // A stream must not be polled after its end.
        while let Some(row) = next {
            writer.row(&row)?;
            if writer.size() >= CHUNK {
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
        // This ends the connection early, so the client notices that the file is incomplete.
        Err(error) => Err(io::Error::other(error)),
    };
    let _ = sender.send(last).await;
}
