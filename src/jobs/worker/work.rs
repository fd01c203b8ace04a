//! The threads that run jobs, one job after the other.

use super::report::{JobOutcome, WorkResult};
use super::{RECONNECT, Until, Worker};
use crate::db::reset_session;
use crate::failure::explain;
use crate::failure::{Exit, Failure};
use crate::jobs::queue::{self, Claimed, Job};
use crate::jobs::{decision_job, pipeline_job};
use crate::signals::Scope;
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a thread waits for a notification before it looks for work itself.
const POLL: Duration = Duration::from_secs(5);
/// The same if no notifications arrive.
const POLL_WITHOUT_LISTEN: Duration = Duration::from_secs(1);

/// A successful job that takes at least this long is printed.
const REPORTED_FROM: Duration = Duration::from_secs(1);

/// The result of one attempt to claim a job.
enum Turn {
    RanJob,
    /// No job can run now. The time until the next one is due, if known.
    Idle(Option<Duration>),
}

/// Decrements the number of threads when a thread ends, even by a panic.
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Worker<'_> {
    /// Runs jobs until the worker stops.
    pub(super) fn run_jobs(&self) {
        let _counted = Counted(&self.threads_left);
        let mut client = None;
        let mut pause = RECONNECT.0;
        let until = self.options.until;
        while !self.is_stopping.load(Ordering::SeqCst) {
            let count = self.wake_up.count();
            match self.claim_and_run(&mut client) {
                Ok(Turn::RanJob) => {
                    pause = RECONNECT.0;
                    if until == Until::Once {
                        break;
                    }
                }
                Ok(Turn::Idle(_)) if until != Until::Stopped => break,
                Ok(Turn::Idle(due)) => self.wake_up.wait(count, pause_until(due, self.poll())),
                Err(error) => {
                    terminal::warn(explain::one_line(&error));
                    client = None;
                    self.wake_up.wait(self.wake_up.count(), pause);
                    pause = (pause * 2).min(RECONNECT.1);
                }
            }
        }
    }

    fn poll(&self) -> Duration {
        if self.options.listens {
            POLL
        } else {
            POLL_WITHOUT_LISTEN
        }
    }

    /// The thread's session; connects if there is none.
    pub(super) fn session<'c>(&self, client: &'c mut Option<Client>) -> Result<&'c mut Client> {
        Ok(match client {
            Some(client) => client,
            None => client.insert(self.database.connect("worker (jobs)")?),
        })
    }

    /// Claims a job, runs it and reports its result.
    fn claim_and_run(&self, client: &mut Option<Client>) -> Result<Turn> {
        let session = self.session(client)?;
        let job = match queue::claim(session, self.id, &self.options.queues)? {
            Claimed::Job(job) => job,
            Claimed::Nothing(due) => return Ok(Turn::Idle(due)),
        };
        let scope = Scope::default();
        scope.add(self.database.cancel_of(session));
        self.jobs.begin(&job, &scope);
        let begun = Instant::now();
        let done = guarded(&scope, || self.perform(&job, session));
        let reason = self.jobs.mark_over(&job);
        // A cancel request may still arrive and would cancel the next job, and a failed function may have left locks
        // and settings.
        let is_fresh = reason.is_none() && (job.function.is_none() || matches!(done, Ok(Ok(_))));
        if !is_fresh {
            *client = None;
        }
        // The job counts as running, and its lease is renewed, until it is reported.
        let reported = self.report(&job, &done, reason, client);
        self.jobs.forget(&job);
        self.print_outcome(&job, reported?, begun.elapsed());
        Ok(Turn::RanJob)
    }

    /// Counts the job, and prints a note if it took long or did not succeed.
    fn print_outcome(&self, job: &Job, outcome: JobOutcome, took: Duration) {
        let (count, said) = match outcome {
            JobOutcome::Succeeded => (&self.counts.succeeded, "succeeded"),
            JobOutcome::TriedAgain => (&self.counts.failed, "failed and will be retried"),
            JobOutcome::Dead => (&self.counts.failed, "failed and is dead"),
            JobOutcome::Cancelled => (&self.counts.failed, "was cancelled"),
            JobOutcome::HandedBack => (&self.counts.handed_back, "returned to the queue"),
            JobOutcome::Lost => (&self.counts.failed, "was taken over by another worker"),
        };
        count.fetch_add(1, Ordering::SeqCst);
        if took >= REPORTED_FROM || !matches!(outcome, JobOutcome::Succeeded) {
            terminal::note(format!(
                "job {} ({}) {said} ({:.1} s)",
                job.id,
                job.kind,
                took.as_secs_f64()
            ));
        }
    }

    /// Runs the job. `None`: the database has already finished it.
    fn perform(&self, job: &Job, client: &mut Client) -> Result<Option<Value>> {
        match (&job.function, job.kind.as_str()) {
            (Some(function), _) => {
                queue::call(client, function, job)?;
                reset_session(client)?;
                Ok(None)
            }
            (None, "pipeline") => {
                let progress = self.database.connect("worker (progress)")?;
                let (data, out) = (&self.options.data, &self.options.out);
                pipeline_job::run(self.database, self.project, data, out, job, progress).map(Some)
            }
            (None, "publish") => {
                let progress = self.database.connect("worker (progress)")?;
                decision_job::publish(self.database, self.project, job, progress).map(Some)
            }
            (None, "discard") => {
                let progress = self.database.connect("worker (progress)")?;
                decision_job::discard(self.database, self.project, job, progress).map(Some)
            }
            (None, kind) => {
                let message = format!("this elt does not know jobs of kind \"{kind}\"");
                Err(Failure::new(Exit::Schema, message)
                    .hint("A worker with a newer elt may run it.")
                    .into())
            }
        }
    }
}

/// The time to wait: less than the poll if a job is due earlier.
fn pause_until(due: Option<Duration>, poll: Duration) -> Duration {
    due.map_or(poll, |due| due.min(poll))
}

/// Runs the work in its own scope. A panic fails the job and does not end the worker.
pub(super) fn guarded(scope: &Scope, work: impl FnOnce() -> Result<Option<Value>>) -> WorkResult {
    catch_unwind(AssertUnwindSafe(|| scope.run(work)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_waits_until_the_next_job_is_due_and_no_longer_than_the_poll() {
        let soon = Duration::from_millis(120);
        assert_eq!(pause_until(Some(soon), POLL), soon);
        assert_eq!(pause_until(Some(soon), POLL_WITHOUT_LISTEN), soon);
        assert_eq!(pause_until(Some(Duration::ZERO), POLL), Duration::ZERO);
        assert_eq!(pause_until(Some(POLL * 9), POLL), POLL);
        assert_eq!(pause_until(None, POLL), POLL);
    }
}
