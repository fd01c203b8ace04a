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

/// How often leases are renewed, and dead workers and schedules looked for. A lease lasts for many of them.
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
        let mut schedules_due = None::<Instant>;
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
                        terminal::warn(format!("no connection: {}", explain::one_line(&error)));
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
                    schedules_due = self.look_after_others(client)?;
                }
                if schedules_due.is_some_and(|due| due <= Instant::now()) {
                    schedules_due = self.follow_schedules(client)?;
                }
                if self.hear(client, tick_until(schedules_due))? {
                    schedules_due = self.follow_schedules(client)?;
                }
                Ok(())
            };
            if let Err(error) = look() {
                terminal::warn(explain::one_line(&error));
                (control, tended, schedules_due) = (None, None, None);
            }
        }
    }

    /// Before the others begin.
    pub(super) fn begin(&self, client: &mut Client) -> Result<()> {
        self.listen(client)?;
        self.look_after_others(client)?;
        Ok(())
    }

    /// Jobs of dead workers, and schedules. When the next schedule is due.
    fn look_after_others(&self, client: &mut Client) -> Result<Option<Instant>> {
        if queue::rescue(client)? > 0 {
            self.doorbell.ring();
        }
        self.follow_schedules(client)
    }

    /// Enqueues what is due. When the next schedule is.
    fn follow_schedules(&self, client: &mut Client) -> Result<Option<Instant>> {
        let (enqueued, wait) = queue::enqueue_due(client)?;
        if enqueued > 0 {
            // Our own threads need no notification.
            self.doorbell.ring();
        }
        Ok(wait.and_then(|wait| Instant::now().checked_add(wait)))
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
            client.batch_execute("listen elt_job; listen elt_job_cancel; listen elt_schedule")?;
        }
        Ok(())
    }

    fn say_stopping(&self) {
        match self.jobs.claims().len() {
            0 => {}
            count => terminal::note(format!(
                "stopping: running jobs: {count}, returned to the queue after {} s; a second signal stops at once",
                self.options.grace.as_secs()
            )),
        }
    }

    /// Waits a moment for a notification. True if it is about schedules.
    fn hear(&self, client: &mut Client, time: Duration) -> Result<bool> {
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
        self.doorbell.ring();
        Ok(false)
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
        // A monitor sees that the file is old; the work goes on.
        if let Err(error) = show_health(self.options, Some(self.id), &ids) {
            terminal::warn(explain::one_line(&error));
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

/// How long to wait for notifications: a tick, or until a schedule is due.
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
