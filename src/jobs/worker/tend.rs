//! The thread that looks after the others: it listens, renews leases, brings cancellations and time
//! limits to the jobs, and keeps in touch with the server.

use super::running::Reason;
use super::{RECONNECT, Worker, show_health};
use crate::db::{explain, locks};
use crate::jobs::queue;
use crate::terminal;
use anyhow::Result;
use fallible_iterator::FallibleIterator;
use postgres::Client;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often leases are renewed, and the dead and the due looked for. A lease lasts for many of them.
const TEND: Duration = Duration::from_secs(5);
/// How often signals and time limits are looked for.
const TICK: Duration = Duration::from_millis(100);

impl Worker<'_> {
    /// Goes on as long as a thread that takes jobs does.
    pub(super) fn tend(&self, mut control: Option<Client>) {
        let mut pause = RECONNECT.0;
        let mut next_attempt = Instant::now();
        let mut stop_by = None;
        let mut tended = None::<Instant>;
        while self.threads_left.load(Ordering::SeqCst) > 0 {
            if self.is_stopping.load(Ordering::SeqCst) && stop_by.is_none() {
                stop_by = Some(Instant::now() + self.options.grace);
                self.say_stopping();
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
                    self.look_after_others(client)?;
                }
                self.hear(client)
            };
            if let Err(error) = look() {
                terminal::warn(&explain::one_line(&error));
                (control, tended) = (None, None);
            }
        }
    }

    /// Before the others begin.
    pub(super) fn begin(&self, client: &mut Client) -> Result<()> {
        self.listen(client)?;
        self.look_after_others(client)
    }

    /// Jobs of dead workers, and schedules.
    fn look_after_others(&self, client: &mut Client) -> Result<()> {
        queue::rescue(client)?;
        queue::enqueue_due(client)
    }

    fn reconnect(&self) -> Result<Client> {
        let mut client = self.database.reconnect("worker")?;
        if self.options.listens {
            locks::mark_worker_alive_again(&mut client, self.id)?;
        }
        self.listen(&mut client)?;
        Ok(client)
    }

    fn listen(&self, client: &mut Client) -> Result<()> {
        if self.options.listens {
            client.batch_execute("listen elt_job; listen elt_job_cancel")?;
        }
        Ok(())
    }

    fn say_stopping(&self) {
        match self.jobs.claims().len() {
            0 => {}
            count => terminal::note(&format!(
                "stopping: jobs under way: {count}, handed back after {} s; a second signal leaves at once",
                self.options.grace.as_secs()
            )),
        }
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
        if let Err(error) = show_health(self.options, Some(self.id), &ids) {
            terminal::warn(&explain::one_line(&error));
        }
        Ok(is_complete)
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
