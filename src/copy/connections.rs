//! Copies rows into the table of a load over several connections. Parsing rows on the server takes the most time,
//! and each server process uses one core.

use super::{CopyText, Division, write_in_pieces};
use crate::database::Database;
use crate::failure::explain;
use crate::terminal;
use anyhow::{Result, anyhow};
use postgres::Client;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Messages that may wait for a connection.
const WAITING: usize = 8;

/// The table that is filled.
pub(crate) struct Target<'a> {
    pub(crate) load_id: i64,
    /// Of the rows, in their order.
    pub(crate) columns: &'a [String],
}

/// Sends rows to the connections.
pub(crate) struct Parts<'a> {
    parts: Vec<SyncSender<Vec<u8>>>,
    /// Memory of rows that were sent.
    used: Receiver<Vec<u8>>,
    end: &'a End,
}

/// What the connections and who feeds them tell each other.
#[derive(Default)]
struct End {
    /// Rows stay only if all of them were handed over.
    is_whole: AtomicBool,
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
    /// As `send_when_full`.
    pub(crate) fn send_rest(&self, text: &mut CopyText) -> Result<()> {
        (0..self.parts.len()).try_for_each(|part| self.send(part, text.take(part)))
    }

    fn send(&self, part: usize, rows: Vec<u8>) -> Result<()> {
        if self.end.has_failed.load(Ordering::SeqCst) || self.parts[part].send(rows).is_err() {
            return Err(anyhow!("the server accepts no more rows"));
        }
        Ok(())
    }
}

/// Connections beside the load's own: one, or three where there are as many cores; fewer if the server
/// has no more to give.
pub(crate) fn connect(database: &Database, is_large: bool) -> Result<Vec<Client>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let wanted = match (is_large, cores) {
        (false, _) => 0,
        (true, ..4) => 1,
        (true, _) => 3,
    };
    let mut clients = Vec::new();
    while clients.len() < wanted {
        match database.connect("load (copy)") {
            Ok(client) => clients.push(client),
            Err(error) if explain::is_full(&error) => {
                terminal::step("the server has no free connections: copying is slower");
                // The rows of a load are divided by two or by four.
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
    let columns = text.destination(target.columns);
    let end = End::default();
    let (give_back, used) = channel();
    thread::scope(|scope| {
        let mut parts = Vec::new();
        let mut threads = Vec::new();
        for (number, client) in clients.into_iter().enumerate() {
            let (rows, waiting) = sync_channel(WAITING);
            parts.push(rows);
            let part = Part {
                number,
                division,
                load_id: target.load_id,
                columns: &columns,
                waiting,
                give_back: give_back.clone(),
                end: &end,
            };
            threads.push(scope.spawn(move || part.run(client)));
        }
        let feeder = Parts {
            parts,
            used,
            end: &end,
        };
        let fed = feed(&feeder, text.divided(division));
        let is_whole = matches!(fed, Ok(Some(_)));
        end.is_whole.store(is_whole, Ordering::SeqCst);
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
            // It is why the feeder could not go on.
            Some(error) => Err(error),
            None => Ok(fed?.map(|fed| (fed, copied))),
        }
    })
}

/// What one connection copies.
struct Part<'a> {
    /// From 0.
    number: usize,
    division: Division,
    load_id: i64,
    /// What stands behind the table's name.
    columns: &'a str,
    waiting: Receiver<Vec<u8>>,
    give_back: Sender<Vec<u8>>,
    end: &'a End,
}

impl Part<'_> {
    fn run(self, client: &mut Client) -> Result<u64> {
        let copied = self.copy(client);
        if copied.is_err() {
            self.end.has_failed.store(true, Ordering::SeqCst);
            // The feeder may wait until more is taken.
            while self.waiting.recv().is_ok() {}
        }
        if !matches!(copied, Ok(Some(_))) {
            // A failed COPY ends on the server only with the next statement.
            let _ = client.batch_execute("rollback");
        }
        Ok(copied?.unwrap_or_default())
    }

    /// None if not all rows were handed over: then none of them stays.
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
        let mut writer = client.copy_in(&format!("copy {table} {}", self.columns))?;
        while let Ok(rows) = self.waiting.recv() {
            write_in_pieces(&mut writer, &rows)?;
            // At the end, no receiver is left.
            let _ = self.give_back.send(rows);
        }
        if !self.end.is_whole.load(Ordering::SeqCst) {
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
