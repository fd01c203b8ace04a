//! Copies rows into the table of a load over several connections. Parsing rows on the server takes the most time,
//! and each server process uses one core.

use super::{CopyText, Division, write_in_pieces};
use crate::database::Database;
use crate::failure::cause;
use crate::terminal;
use anyhow::{Result, anyhow};
use postgres::Client;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// The number of messages that may wait for one connection.
const QUEUE_LENGTH: usize = 8;

/// The load to fill.
pub(crate) struct Target<'a> {
    pub(crate) load_id: i64,
    /// The columns of the rows, in order.
    pub(crate) columns: &'a [String],
}

/// Sends rows to the connections.
pub(crate) struct Parts<'a> {
    parts: Vec<SyncSender<Vec<u8>>>,
    /// The memory of rows that were sent, for reuse.
    used: Receiver<Vec<u8>>,
    state: &'a CopyState,
}

/// Shared by the connections and the thread that feeds them.
#[derive(Default)]
struct CopyState {
    /// All rows were sent. Otherwise the connections roll back.
    is_complete: AtomicBool,
    has_failed: AtomicBool,
}

impl Parts<'_> {
    /// Sends the rows of a full part, if one is full.
    ///
    /// # Errors
    /// If a connection has failed. `copy` reports why.
    pub(crate) fn send_when_full(&self, text: &mut CopyText) -> Result<bool> {
        let Some(part) = text.full_part() else {
            return Ok(false);
        };
        self.send(part, text.take(part))?;
        text.reuse(part, self.used.try_recv().unwrap_or_default());
        Ok(true)
    }

    /// Sends the remaining rows.
    ///
    /// # Errors
    /// As for `send_when_full`.
    pub(crate) fn send_rest(&self, text: &mut CopyText) -> Result<()> {
        (0..self.parts.len()).try_for_each(|part| self.send(part, text.take(part)))
    }

    fn send(&self, part: usize, rows: Vec<u8>) -> Result<()> {
        if self.state.has_failed.load(Ordering::SeqCst) || self.parts[part].send(rows).is_err() {
            return Err(anyhow!("the server accepts no more rows"));
        }
        Ok(())
    }
}

/// Opens further connections for a large load, up to as many as `asked`: by default one, or three if there are at least
/// four cores. There are fewer if the server has no free connections.
pub(crate) fn connect(
    database: &Database,
    is_large: bool,
    asked: Option<usize>,
) -> Result<Vec<Client>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // The number of parts must be 1, 2 or 4.
    let wanted = match (is_large, asked.unwrap_or(cores.max(2))) {
        (false, _) | (true, ..2) => 0,
        (true, 2..4) => 1,
        (true, _) => 3,
    };
    let mut clients = Vec::new();
    while clients.len() < wanted {
        match database.connect("load (copy)") {
            Ok(client) => clients.push(client),
            Err(error) if cause::is_full(&error) => {
                terminal::step("the server has no free connections: copying is slower");
                // The number of parts must be 1, 2 or 4.
                clients.truncate(1);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(clients)
}

/// Copies the rows that `feed` writes to the text and sends. The text has one part per client. Returns the result of
/// `feed` and the number of rows counted by the server. If `feed` returns `None`, no row is kept.
pub(crate) fn copy<T>(
    clients: Vec<&mut Client>,
    target: &Target<'_>,
    text: CopyText,
    feed: impl FnOnce(&Parts<'_>, CopyText) -> Result<Option<T>>,
) -> Result<Option<(T, u64)>> {
    let division = Division {
        parts: clients.len(),
    };
    let options = text.copy_options(target.columns);
    let state = CopyState::default();
    let (used_sender, used) = channel();
    thread::scope(|scope| {
        let mut parts = Vec::new();
        let mut threads = Vec::new();
        for (number, client) in clients.into_iter().enumerate() {
            let (sender, received) = sync_channel(QUEUE_LENGTH);
            parts.push(sender);
            let part = Part {
                number,
                division,
                load_id: target.load_id,
                options: &options,
                rows: received,
                used: used_sender.clone(),
                state: &state,
            };
            threads.push(scope.spawn(move || part.run(client)));
        }
        let feeder = Parts {
            parts,
            used,
            state: &state,
        };
        let fed = feed(&feeder, text.divided(division));
        let is_complete = matches!(fed, Ok(Some(_)));
        state.is_complete.store(is_complete, Ordering::SeqCst);
        drop(feeder);
        let mut copied = 0;
        let mut failure = None;
        for thread in threads {
            match thread.join().unwrap_or_else(|panic| resume_unwind(panic)) {
                Ok(rows) => copied += rows,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match failure {
            // It is the cause of the feeder's error.
            Some(error) => Err(error),
            None => Ok(fed?.map(|fed| (fed, copied))),
        }
    })
}

/// The rows that one connection copies.
struct Part<'a> {
    /// From 0.
    number: usize,
    division: Division,
    load_id: i64,
    /// The part of the COPY statement after the table's name.
    options: &'a str,
    rows: Receiver<Vec<u8>>,
    used: Sender<Vec<u8>>,
    state: &'a CopyState,
}

impl Part<'_> {
    fn run(self, client: &mut Client) -> Result<u64> {
        let copied = self.copy(client);
        if copied.is_err() {
            self.state.has_failed.store(true, Ordering::SeqCst);
            // The feeder may be waiting until rows are received.
            while self.rows.recv().is_ok() {}
        }
        if !matches!(copied, Ok(Some(_))) {
            // The server ends a failed COPY only at the next statement.
            let _ = client.batch_execute("rollback");
        }
        Ok(copied?.unwrap_or_default())
    }

    /// Returns the number of rows; None if not all rows were sent, and then no row is kept.
    fn copy(&self, client: &mut Client) -> Result<Option<u64>> {
        client.batch_execute("begin")?;
        let number = i64::try_from(self.number)?;
        let bits = self.division.bits(self.number);
        let table: String = client
            .query_one(
                "select elt.open_part($1, $2, $3, $4)",
                &[&self.load_id, &number, &self.division.mask(), &bits],
            )?
            .get(0);
        let mut writer = client.copy_in(&format!("copy {table} {}", self.options))?;
        while let Ok(rows) = self.rows.recv() {
            write_in_pieces(&mut writer, &rows)?;
            // Fails at the end, when the feeder is gone.
            let _ = self.used.send(rows);
        }
        if !self.state.is_complete.load(Ordering::SeqCst) {
            return Ok(None);
        }
        let copied = writer.finish()?;
        client.execute(
            "select elt.close_part($1, $2, $3)",
            &[&self.load_id, &number, &bits],
        )?;
        client.batch_execute("commit")?;
        Ok(Some(copied))
    }
}
