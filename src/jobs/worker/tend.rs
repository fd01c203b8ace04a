//! The thread that looks after the others: it listens, renews leases, brings cancellations and time
//! limits to the jobs, and keeps in touch with the server.

use super::running::Reason;
use super::{RECONNECT, Worker};
use crate::db::{explain, locks};
use crate::jobs::queue;
use crate::terminal;
use anyhow::{Context, Result};
use fallible_iterator::FallibleIterator;
use postgres::Client;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often leases are renewed, and the dead and the due looked for. A lease lasts for many of them.
const TEND: Duration = Duration::from_secs(5);
/// How often signals and time limits are looked for.
const TICK: Duration = Duration::from_millis(100);

impl Worker<'_> {
    /// Goes on as long as a thread that takes jobs does.
    pub(super) fn tend(&self, client: Client) {
        let mut control = Some(client);
        let mut pause = RECONNECT.0;
        let mut next_attempt = Instant::now();
        let mut stop_by = None;
        let mut tended = None::<Instant>;
        while self.threads_left.load(Ordering::SeqCst) > 0 {
            if self.is_stopping.load(Ordering::SeqCst) && stop_by.is_none() {
                stop_by = Some(Instant::now() + self.options.grace);
                self.doorbell.ring();
            }
            self.end_overdue(stop_by);
            let Some(client) = &mut control else {
                if next_attempt > Instant::now() {
                    std::thread::sleep(TICK);
                    continue;
                }
                match self.reconnect() {
                    Ok(client) => {
                        (control, pause) = (Some(client), RECONNECT.0);
                        self.doorbell.ring();
                    }
                    Err(error) => {
                        terminal::warn(&format!("no connection: {}", explain::one_line(&error)));
                        next_attempt = Instant::now() + pause;
                        pause = (pause * 2).min(RECONNECT.1);
                    }
                }
                continue;
            };
            let mut look = || -> Result<()> {
                if tended.is_none_or(|tended| tended.elapsed() >= TEND) {
                    let is_complete = self.heartbeat(client)?;
                    tended = is_complete.then(Instant::now);
                    queue::look_after(client)?;
                }
                self.hear(client)
            };
            if let Err(error) = look() {
                terminal::warn(&explain::one_line(&error));
                (control, tended) = (None, None);
            }
        }
    }

    /// What a session of this thread begins with.
    pub(super) fn listen(&self, client: &mut Client) -> Result<()> {
        if self.options.listens {
            client.batch_execute("listen elt_job; listen elt_job_cancel")?;
        }
        queue::look_after(client)
    }

    fn reconnect(&self) -> Result<Client> {
        let mut client = self.database.reconnect("worker")?;
        if self.options.listens {
            locks::mark_worker_alive(&mut client, self.id)?;
        }
        self.heartbeat(&mut client)?;
        self.listen(&mut client)?;
        Ok(client)
    }

    /// Waits a moment for what the server has to say.
    fn hear(&self, client: &mut Client) -> Result<()> {
        let mut is_cancelled = false;
        {
            let mut notifications = client.notifications();
            let mut heard = notifications.timeout_iter(TICK);
            if let Some(notification) = heard.next()? {
                is_cancelled = notification.channel() == "elt_job_cancel";
                self.doorbell.ring();
            }
        }
        if is_cancelled {
            self.heartbeat(client)?;
        }
        Ok(())
    }

    /// Tells the server that the jobs are being done, and hears which should not be. False if it
    /// does not know one of them.
    fn heartbeat(&self, client: &mut Client) -> Result<bool> {
        let claims = self.jobs.claims();
        let ids: Vec<i64> = claims.iter().map(|(id, _)| *id).collect();
        let held = queue::heartbeat(client, self.id, &ids)?;
        let mut is_complete = true;
        for claim in claims {
            match held.iter().find(|held| held.claim == claim) {
                Some(held) if held.is_cancelled => self.jobs.interrupt(claim, Reason::Cancelled),
                Some(_) => {}
                None if self.jobs.is_missing_again(claim) => {
                    self.jobs.interrupt(claim, Reason::Lost);
                }
                None => is_complete = false,
            }
        }
        // Whoever watches the file sees that it grows old; the work goes on.
        if let Err(error) = self.show_health(&ids) {
            terminal::warn(&explain::one_line(&error));
        }
        Ok(is_complete)
    }

    pub(super) fn show_health(&self, jobs: &[i64]) -> Result<()> {
        if let Some(file) = &self.options.health_file {
            let health = json!({
                "worker_id": self.id,
                "process_id": std::process::id(),
                "seen_at": chrono::Utc::now(),
                "jobs": jobs,
            });
            std::fs::write(file, format!("{health}\n"))
                .with_context(|| format!("could not write file \"{}\"", file.display()))?;
        }
        Ok(())
    }

    /// Ends jobs that had their time, and all when the worker has had its own.
    fn end_overdue(&self, stop_by: Option<Instant>) {
        for claim in self.jobs.overdue() {
            self.jobs.interrupt(claim, Reason::TimeLimit);
        }
        if stop_by.is_some_and(|time| time <= Instant::now()) {
            for claim in self.jobs.claims() {
                self.jobs.interrupt(claim, Reason::Stopping);
            }
        }
    }
}
