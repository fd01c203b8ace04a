//! Downloads of files that a job has written, for users without access to the worker's folder.

use super::download::body_of;
use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::state::App;
use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use tokio::sync::{Semaphore, mpsc};

const CHUNK: usize = 64 * 1024;
/// Concurrent reads of files, to compare them with their hashes.
static PERMITS: Semaphore = Semaphore::const_new(2);

/// What became of a file that a job wrote.
pub(super) enum FileState {
    /// It has the size that the job wrote. The download compares all bytes.
    Here,
    /// This later job wrote other bytes.
    ReplacedBy(i64),
    /// It is missing or has another size, and no later job is known to have written it.
    Missing,
}

/// Looks for the file on this machine.
pub(super) async fn file_state(folder: &str, name: &str, bytes: i64) -> WebResult<FileState> {
    if !is_plain(name) {
        return Ok(FileState::Missing);
    }
    let path = PathBuf::from(folder).join(name);
    let looked = tokio::task::spawn_blocking(move || std::fs::metadata(path)).await;
    let metadata = looked.context("could not look at a file")?;
    let is_same = metadata
        .is_ok_and(|metadata| metadata.is_file() && i64::try_from(metadata.len()) == Ok(bytes));
    Ok(match is_same {
        true => FileState::Here,
        false => FileState::Missing,
    })
}

/// Whether a name is that of a file directly in the folder.
fn is_plain(name: &str) -> bool {
    !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}

/// Sends a file of the job's list of files, if its bytes are still those that the job wrote.
pub(crate) async fn file(
    State(app): State<App>,
    account: Account,
    Path((job, name)): Path<(i64, String)>,
) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let sql = "select folder, sha256, byte_count from elt.job_file where job_id = $1 and file = $2";
    let row = client.query_opt(sql, &[&job, &name]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let (folder, sha256, bytes): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
    drop(client);
    if !is_plain(&name) {
        return Err(WebError::NotFound);
    }
    let path = PathBuf::from(folder).join(&name);
    let _permit = PERMITS.acquire().await.context("no permit")?;
    let opened = tokio::task::spawn_blocking(move || unchanged(&path, &sha256, bytes)).await;
    let Some(file) = opened.context("could not look at a file")?? else {
        return Err(WebError::Gone(
            "The file that the job wrote no longer exists: a later job has replaced it, or it is on another machine.",
        ));
    };
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || send(file, &sender));
    let plain = name.replace(
        |letter: char| !letter.is_ascii_alphanumeric() && !"._-".contains(letter),
        "-",
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}\""),
        ),
    ];
    Ok((headers, body_of(receiver)).into_response())
}

/// Opens the file. `None` if it is missing or has changed.
fn unchanged(path: &std::path::Path, sha256: &str, bytes: i64) -> Result<Option<File>> {
    let Ok(mut file) = File::open(path) else {
        return Ok(None);
    };
    let metadata = file.metadata().context("could not look at a file")?;
    if !metadata.is_file() || i64::try_from(metadata.len()) != Ok(bytes) {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file.read(&mut chunk).context("could not read a file")?;
        if length == 0 {
            break;
        }
        hash.update(&chunk[..length]);
    }
    let found: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    file.rewind().context("could not read a file")?;
    Ok((found == sha256).then_some(file))
}

fn send(mut file: File, sender: &mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let mut chunk = vec![0; CHUNK];
        let piece = match file.read(&mut chunk) {
            Ok(0) => return,
            Ok(length) => {
                chunk.truncate(length);
                Ok(chunk.into())
            }
            Err(error) => Err(error),
        };
        let is_last = piece.is_err();
        // The client has disconnected.
        if sender.blocking_send(piece).is_err() || is_last {
            return;
        }
    }
}
