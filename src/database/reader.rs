//! A session that reads many rows. It uses the asynchronous driver: the synchronous one enters its runtime for each
//! message, and COPY sends each row in a message of its own.

use crate::db::connect::{NotConnected, connect_async};
use crate::db::conninfo::{Connector, Target};
use crate::signals::Cancel;
use anyhow::Result;
use futures_util::TryStreamExt;
use std::io;
use std::mem::take;
use std::pin::pin;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, CopyOutStream, Error, Row};

/// The size of a block of rows.
const BLOCK_BYTES: usize = 128 * 1024;
/// The number of blocks that may wait to be taken.
const QUEUE_LENGTH: usize = 4;
/// How long a session that ends waits for the server.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// Used and dropped on plain threads. A thread of its own receives the rows.
pub(crate) struct Reader {
    // Dropped first, which asks the connection to end.
    client: Client,
    connection: Connection,
    tls: Connector,
}

/// Runs the connection, and ends it in order, so that the server does not log a lost client.
struct Connection {
    runtime: Runtime,
    driven: Option<JoinHandle<Result<(), Error>>>,
}

/// Consecutive rows of a COPY.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    /// The number of rows, and of headers.
    pub(crate) rows: u64,
}

/// The threads of a session.
pub(super) fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
}

impl Reader {
    pub(super) fn connect(runtime: Runtime, target: &Target) -> Result<Reader, NotConnected> {
        let (client, driven) = runtime.block_on(connect_async(target))?;
        let driven = Some(runtime.spawn(driven));
        Ok(Reader {
            client,
            connection: Connection { runtime, driven },
            tls: target.tls.connector(),
        })
    }

    /// Cancels the running query over a connection with the same encryption.
    pub(super) fn cancel(&self) -> Cancel {
        let (token, tls) = (self.client.cancel_token(), self.tls.clone());
        Box::new(move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                // A closed connection has no query to cancel.
                let _ = runtime.block_on(token.cancel_query(tls.clone()));
            }
        })
    }

    pub(crate) fn batch_execute(&mut self, sql: &str) -> Result<(), Error> {
        let done = self.client.batch_execute(sql);
        let done = self.connection.runtime.block_on(done);
        done.map_err(|error| self.connection.cause(error))
    }

    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let rows = self.client.query(sql, params);
        let rows = self.connection.runtime.block_on(rows);
        rows.map_err(|error| self.connection.cause(error))
    }

    /// Runs a COPY to the client, and passes its rows to `use_block` on this thread while another receives the next.
    pub(crate) fn copy_out(
        &mut self,
        sql: &str,
        mut use_block: impl FnMut(&Block) -> Result<()>,
    ) -> Result<()> {
        let runtime = &self.connection.runtime;
        let stream = match runtime.block_on(self.client.copy_out(sql)) {
            Ok(stream) => stream,
            Err(error) => return Err(self.connection.cause(error).into()),
        };
        let (sender, mut blocks) = channel(QUEUE_LENGTH);
        let received = runtime.spawn(receive(stream, sender));
        while let Some(block) = blocks.blocking_recv() {
            if let Err(error) = use_block(&block) {
                // The server would send all other rows first.
                self.cancel()();
                return Err(error);
            }
        }
        let received = runtime.block_on(received)?;
        received.map_err(|error| self.connection.cause(error).into())
    }
}

/// Collects rows in blocks, because writing single rows is slow.
async fn receive(stream: CopyOutStream, blocks: Sender<Block>) -> Result<(), Error> {
    let mut stream = pin!(stream);
    let mut block = Block::default();
    while let Some(row) = stream.try_next().await? {
        block.bytes.extend_from_slice(&row);
        block.rows += 1;
        if block.bytes.len() >= BLOCK_BYTES && blocks.send(take(&mut block)).await.is_err() {
            return Ok(());
        }
    }
    // The receiver may have failed.
    let _ = blocks.send(block).await;
    Ok(())
}

impl Connection {
    /// Why the connection was closed, if that is the error.
    fn cause(&mut self, error: Error) -> Error {
        if error.is_closed()
            && let Some(driven) = self.driven.take()
            && let Ok(Err(cause)) = self.runtime.block_on(driven)
        {
            return cause;
        }
        error
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(driven) = self.driven.take() {
            let ended = async { tokio::time::timeout(CLOSE_TIME, driven).await };
            let _ = self.runtime.block_on(ended);
        }
    }
}
