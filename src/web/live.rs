//! Notifies open pages of changed jobs. One connection listens for all pages, and only while a page is open,
//! because transactions that notify wait for each other (elt.notify_job_change).

use crate::db::connect::connect_async;
use crate::failure::explain;
use crate::terminal;
use crate::web::data::pool::Login;
use futures_util::{Stream, StreamExt, stream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_postgres::AsyncMessage;

/// Pages are notified at least this often, because notifications can be lost: a pooler delivers none.
const SAID_ANYWAY: Duration = Duration::from_secs(5);
/// Changes within this time are combined into one notification.
const TOGETHER: Duration = Duration::from_millis(250);
/// Delay before the next try to get the lock, which another web server may hold.
const LOCK_PAUSE: Duration = Duration::from_millis(500);
/// A stream ends after this time. The browser then reconnects, and must still be signed in.
const LONGEST: Duration = Duration::from_secs(10 * 60);
/// Concurrent streams. The limit leaves connections for pages.
const MOST: usize = 128;
/// The number that ends all streams.
const END: u64 = u64::MAX;

/// A counter of job changes that streams can watch.
#[derive(Clone)]
pub(crate) struct Live {
    changes: Arc<watch::Sender<u64>>,
    joined: Arc<Notify>,
}

impl Live {
    /// Must be called within a tokio runtime.
    pub(crate) fn start(login: Login) -> Live {
        let live = Live {
            changes: Arc::new(watch::Sender::new(0)),
            joined: Arc::new(Notify::new()),
        };
        tokio::spawn(live.clone().keep(login));
        live
    }

    /// A stream with a new number for each change of a job. `None` if too many streams are open.
    pub(crate) fn watch(&self) -> Option<impl Stream<Item = u64> + use<>> {
        if self.changes.receiver_count() >= MOST {
            return None;
        }
        let changes = self.changes.subscribe();
        self.joined.notify_one();
        let numbers = stream::unfold(changes, |mut changes| async {
            changes.changed().await.ok()?;
            let number = *changes.borrow_and_update();
            (number != END).then_some((number, changes))
        });
        Some(numbers.take_until(tokio::time::sleep(LONGEST)).fuse())
    }

    /// Ends all streams.
    pub(crate) fn stop(&self) {
        self.changes.send_replace(END);
    }

    async fn keep(self, login: Login) {
        loop {
            while self.changes.receiver_count() == 0 {
                self.joined.notified().await;
            }
            if let Err(error) = self.listen(&login).await {
                let error = error.context("could not listen for jobs");
                terminal::warn(explain::one_line(&error));
                tokio::time::sleep(SAID_ANYWAY).await;
                self.tell();
            }
        }
    }

    fn tell(&self) {
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
        let bell = heard.clone();
        let mut driven = tokio::spawn(async move {
            let mut messages = stream::poll_fn(|context| connection.poll_message(context));
            while let Some(message) = messages.next().await {
                if let AsyncMessage::Notification(_) = message? {
                    bell.notify_one();
                }
            }
            Ok::<(), tokio_postgres::Error>(())
        });
        client.batch_execute(&login.session).await?;
        client.batch_execute("listen elt_job_change").await?;
        let mut has_lock = false;
        let mut said = tokio::time::Instant::now();
        // Reports changes made before the LISTEN.
        self.tell();
        while self.changes.receiver_count() > 0 {
            if !has_lock {
                let sql = "select pg_try_advisory_lock(6646905, 0)";
                has_lock = client.query_typed(sql, &[]).await?[0].get(0);
            }
            let pause = if has_lock { SAID_ANYWAY } else { LOCK_PAUSE };
            let is_heard = tokio::select! {
                () = heard.notified() => true,
                () = tokio::time::sleep(pause) => false,
                ended = &mut driven => return Ok(ended.unwrap_or(Ok(()))?),
            };
            if is_heard || said.elapsed() >= SAID_ANYWAY {
                self.tell();
                said = tokio::time::Instant::now();
                tokio::time::sleep(TOGETHER).await;
            }
        }
        Ok(())
    }
}
