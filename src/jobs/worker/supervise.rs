//! The thread that supervises the others: it listens, renews leases and applies cancellations and time limits.

use super::running::Reason;
use super::{RECONNECT, Worker, show_health};
use crate::db::locks;
use crate::failure::explain;
use crate::jobs::queue;
use crate::terminal;
use anyhow::Result;
use fallible_iterator::FallibleIterator;
use postgres::Client;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Pause between two heartbeats, which also look for dead workers and due schedules. A lease lasts for many of them.
const HEARTBEAT_PAUSE: Duration = Duration::from_secs(5);
/// Pause between two checks for signals and time limits.
const TICK: Duration = Duration::from_millis(100);

impl Worker<'_> {
    /// Supervises the threads that take jobs, until the last one ends.
    pub(super) fn supervise(&self, mut control: Option<Client>) {
        let mut pause = RECONNECT.0;
        let mut next_attempt = Instant::now();
        let mut stop_by = None;
        let mut last_heartbeat = None::<Instant>;
        let mut schedules_due = None::<Instant>;
        while self.threads_left.load(Ordering::SeqCst) > 0 {
            if self.is_stopping.load(Ordering::SeqCst) && stop_by.is_none() {
                stop_by = Some(Instant::now() + self.options.grace);
                self.print_stopping();
                self.wake_up.wake_all();
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
                        self.wake_up.wake_all();
                    }
                    Err(error) => {
                        terminal::warn(format!("no connection: {}", explain::one_line(&error)));
                        next_attempt = Instant::now() + pause;
                        pause = (pause * 2).min(RECONNECT.1);
                    }
                }
                continue;
            };
            let mut step = || -> Result<()> {
                if last_heartbeat
                    .is_none_or(|last_heartbeat| last_heartbeat.elapsed() >= HEARTBEAT_PAUSE)
                {
                    let is_complete = self.heartbeat(client)?;
                    last_heartbeat = is_complete.then(Instant::now);
                    schedules_due = self.rescue_and_schedule(client)?;
                }
                if schedules_due.is_some_and(|due| due <= Instant::now()) {
                    schedules_due = self.enqueue_due(client)?;
                }
                if self.wait_for_notification(client, tick_until(schedules_due))? {
                    schedules_due = self.enqueue_due(client)?;
                }
                Ok(())
            };
            if let Err(error) = step() {
                terminal::warn(explain::one_line(&error));
                (control, last_heartbeat, schedules_due) = (None, None, None);
            }
        }
    }

    /// Prepares the session before the other threads start.
    pub(super) fn begin(&self, client: &mut Client) -> Result<()> {
        self.listen(client)?;
        self.rescue_and_schedule(client)?;
        Ok(())
    }

    /// Queues jobs of dead workers again and enqueues due schedules. Returns when the next schedule is due.
    fn rescue_and_schedule(&self, client: &mut Client) -> Result<Option<Instant>> {
        if queue::rescue(client)? > 0 {
            self.wake_up.wake_all();
        }
        self.enqueue_due(client)
    }

    /// Enqueues jobs of due schedules. Returns when the next one is due.
    fn enqueue_due(&self, client: &mut Client) -> Result<Option<Instant>> {
        let (enqueued, wait) = queue::enqueue_due(client)?;
        if enqueued > 0 {
            // Faster than the notification.
            self.wake_up.wake_all();
        }
        Ok(wait.and_then(|wait| Instant::now().checked_add(wait)))
    }

    fn reconnect(&self) -> Result<Client> {
        let mut client = self.database.reconnect("worker")?;
        if self.options.listens {
            locks::mark_worker_alive_after_reconnect(&mut client, self.id)?;
        }
        self.listen(&mut client)?;
        Ok(client)
    }

    fn listen(&self, client: &mut Client) -> Result<()> {
        if self.options.listens {
            client.batch_execute("listen elt_job; listen elt_job_cancel; listen elt_schedule")?;
        }
        Ok(())
    }

    fn print_stopping(&self) {
        match self.jobs.claims().len() {
            0 => {}
            count => terminal::note(format!(
                "stopping: running jobs: {count}, returned to the queue after {} s; a second signal stops at once",
                self.options.grace.as_secs()
            )),
        }
    }

    /// Waits at most `time` for a notification. True if schedules changed.
    fn wait_for_notification(&self, client: &mut Client, time: Duration) -> Result<bool> {
        let heard = client.notifications().timeout_iter(time).next()?;
        let Some(notification) = heard else {
            return Ok(false);
        };
        match notification.channel() {
            "elt_schedule" => return Ok(true),
            "elt_job_cancel" => {
                self.heartbeat(client)?;
            }
            _ => {}
        }
        self.wake_up.wake_all();
        Ok(false)
    }

    /// Renews the leases, and interrupts jobs that were cancelled or lost. False if the server did not name one of
    /// the jobs.
    fn heartbeat(&self, client: &mut Client) -> Result<bool> {
        let claims = self.jobs.claims();
        let ids: Vec<i64> = claims.iter().map(|(id, _)| *id).collect();
        let held = queue::heartbeat(client, self.id, &ids)?;
        let mut is_complete = true;
        for claim in claims {
            match held.iter().find(|held| held.claim == claim) {
                Some(held) if held.is_cancelled => self.jobs.interrupt(claim, Reason::Cancelled),
                Some(_) => {}
                None if self.jobs.mark_missing(claim) => {
                    self.jobs.interrupt(claim, Reason::Lost);
                }
                None => is_complete = false,
            }
        }
        // The work goes on: a monitor sees that the file is old.
        if let Err(error) = show_health(self.options, Some(self.id), &ids) {
            terminal::warn(explain::one_line(&error));
        }
        Ok(is_complete)
    }

    /// Interrupts jobs at their time limit, and all jobs at `stop_by`.
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

/// The time to wait for notifications: a tick, or less if a schedule is due earlier.
fn tick_until(due: Option<Instant>) -> Duration {
    due.map_or(TICK, |due| {
        due.saturating_duration_since(Instant::now()).min(TICK)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_ends_when_a_schedule_is_due() {
        let now = Instant::now();
        assert_eq!(tick_until(None), TICK);
        assert_eq!(tick_until(Some(now)), Duration::ZERO);
        assert!(tick_until(Some(now + TICK / 2)) <= TICK / 2);
        assert_eq!(tick_until(Some(now + TICK * 1000)), TICK);
    }
}
