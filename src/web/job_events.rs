//! Notifies open pages of changed jobs. One connection listens for all pages, and only while a page is open,
//! because transactions that notify wait for each other (elt.notify_job_change).

use crate::db::connect::connect_async;
use crate::failure::explain;
use crate::terminal;
use crate::web::data::login::Login;
use futures_util::{Stream, StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_postgres::AsyncMessage;

/// Pages are notified at least this often, because notifications can be lost: a pooler delivers none.
const MAX_SILENCE: Duration = Duration::from_secs(5);
/// Changes within this time are combined into one notification.
const BATCH_TIME: Duration = Duration::from_millis(250);
/// Delay before the next try to get the lock, which another web server may hold.
const LOCK_RETRY: Duration = Duration::from_millis(500);
/// A stream ends after this time. The browser then reconnects, and must still be signed in.
const MAX_STREAM_TIME: Duration = Duration::from_secs(10 * 60);
/// Concurrent streams. The limit leaves connections for pages.
const MAX_STREAMS: usize = 128;
/// The number that ends all streams.
const END: u64 = u64::MAX;

/// A counter of job changes that streams can watch.
#[derive(Clone)]
pub(crate) struct JobEvents {
    changes: Arc<watch::Sender<u64>>,
    watcher_joined: Arc<Notify>,
}

impl JobEvents {
    /// Must be called within a tokio runtime.
    pub(crate) fn start(login: Login) -> JobEvents {
        let events = JobEvents {
            changes: Arc::new(watch::Sender::new(0)),
            watcher_joined: Arc::new(Notify::new()),
        };
        tokio::spawn(events.clone().run(login));
        events
    }

    /// A stream with a new number for each change of a job. `None` if too many streams are open.
    pub(crate) fn watch(&self) -> Option<impl Stream<Item = u64> + use<>> {
        if self.changes.receiver_count() >= MAX_STREAMS {
            return None;
        }
        let changes = self.changes.subscribe();
        self.watcher_joined.notify_one();
        let numbers = stream::unfold(changes, |mut changes| async {
            changes.changed().await.ok()?;
            let number = *changes.borrow_and_update();
            (number != END).then_some((number, changes))
        });
        Some(
            numbers
                .take_until(tokio::time::sleep(MAX_STREAM_TIME))
                .fuse(),
        )
    }

    /// Ends all streams.
    pub(crate) fn stop(&self) {
        self.changes.send_replace(END);
    }

    async fn run(self, login: Login) {
        loop {
            while self.changes.receiver_count() == 0 {
                self.watcher_joined.notified().await;
            }
            if let Err(error) = self.listen(&login).await {
                let error = error.context("could not listen for jobs");
                terminal::warn(explain::one_line(&error));
                tokio::time::sleep(MAX_SILENCE).await;
                self.notify();
            }
        }
    }

    fn notify(&self) {
        self.changes.send_if_modified(|number| {
            let goes_on = *number != END;
            *number += u64::from(goes_on);
            goes_on
        });
    }

    /// Listens until no page is open.
    async fn listen(&self, login: &Login) -> anyhow::Result<()> {
        let (client, mut connection) = connect_async(&login.target).await?;
        let heard = Arc::new(Notify::new());
        let notify_heard = heard.clone();
        let mut driven = tokio::spawn(async move {
            let mut messages = stream::poll_fn(|context| connection.poll_message(context));
            while let Some(message) = messages.next().await {
                if let AsyncMessage::Notification(_) = message? {
                    notify_heard.notify_one();
                }
            }
            Ok::<(), tokio_postgres::Error>(())
        });
        client.batch_execute(&login.session).await?;
        client.batch_execute("listen elt_job_change").await?;
        let mut has_lock = false;
        let mut notified_at = tokio::time::Instant::now();
        // Reports changes made before the LISTEN.
        self.notify();
        while self.changes.receiver_count() > 0 {
            if !has_lock {
                let sql = "select pg_try_advisory_lock(6646905, 0)";
                has_lock = client.query_typed(sql, &[]).await?[0].get(0);
            }
            let pause = if has_lock { MAX_SILENCE } else { LOCK_RETRY };
            let is_heard = tokio::select! {
                () = heard.notified() => true,
                () = tokio::time::sleep(pause) => false,
                ended = &mut driven => return Ok(ended.unwrap_or(Ok(()))?),
            };
            if is_heard || notified_at.elapsed() >= MAX_SILENCE {
                self.notify();
                notified_at = tokio::time::Instant::now();
                tokio::time::sleep(BATCH_TIME).await;
            }
        }
        Ok(())
    }
}
