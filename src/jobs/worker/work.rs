//! The threads that take jobs and do them, one after the other.

use super::report::Done;
use super::{RECONNECT, Until, Worker};
use crate::db::explain;
use crate::failure::{Exit, Failure};
use crate::interrupt::Scope;
use crate::jobs::pipeline;
use crate::jobs::queue::{self, Job};
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often work is looked for by who is not woken.
const POLL: Duration = Duration::from_secs(5);
/// The same without a doorbell.
const POLL_WITHOUT_LISTEN: Duration = Duration::from_secs(1);

enum Took {
    One,
    None,
}

impl Worker<'_> {
    pub(super) fn take_jobs(&self) {
        let mut client = None;
        let mut pause = RECONNECT.0;
        let until = self.options.until;
        while !self.is_stopping.load(Ordering::SeqCst) {
            let rung = self.doorbell.count();
            match self.take_one(&mut client) {
                Ok(Took::One) => {
                    pause = RECONNECT.0;
                    self.jobs_taken.fetch_add(1, Ordering::SeqCst);
                    if until == Until::Once {
                        break;
                    }
                }
                Ok(Took::None) if until != Until::Stopped => break,
                Ok(Took::None) => self.doorbell.wait(rung, self.poll()),
                Err(error) => {
                    terminal::warn(&explain::one_line(&error));
                    client = None;
                    self.doorbell.wait(self.doorbell.count(), pause);
                    pause = (pause * 2).min(RECONNECT.1);
                }
            }
        }
        self.threads_left.fetch_sub(1, Ordering::SeqCst);
    }

    fn poll(&self) -> Duration {
        match self.options.listens {
            true => POLL,
            false => POLL_WITHOUT_LISTEN,
        }
    }

    /// The thread's session, made where it has none.
    pub(super) fn session<'c>(&self, client: &'c mut Option<Client>) -> Result<&'c mut Client> {
        Ok(match client {
            Some(client) => client,
            None => client.insert(self.database.connect("worker (jobs)")?),
        })
    }

    fn take_one(&self, client: &mut Option<Client>) -> Result<Took> {
        let session = self.session(client)?;
        let Some(job) = queue::claim(session, self.id, &self.options.queues)? else {
            return Ok(Took::None);
        };
        let scope = Scope::default();
        scope.add(session.cancel_token());
        self.jobs.begin(&job, &scope);
        let done = guarded(&scope, || self.perform(&job, session));
        let reason = self.jobs.over(&job);
        // It counts as running, and its lease is renewed, until the server knows.
        let reported = self.report(&job, &done, reason, client);
        self.jobs.forget(&job);
        reported.map(|()| Took::One)
    }

    /// Does the job. None: it is finished in the database already.
    fn perform(&self, job: &Job, client: &mut Client) -> Result<Option<Value>> {
        match (&job.function, job.kind.as_str()) {
            (Some(function), _) => {
                // The effect and the success commit together, or none does.
                let mut transaction = client.transaction()?;
                let result = queue::call(&mut transaction, function, &job.args)?;
                queue::succeed(&mut transaction, job, result.as_ref())?;
                transaction.commit()?;
                Ok(None)
            }
            (None, "pipeline") => {
                let progress = self.database.connect("worker (progress)")?;
                let (project, out) = (self.project, self.options.out.as_path());
                pipeline::run(self.database, project, out, job, progress).map(Some)
            }
            (None, kind) => {
                let message = format!("this elt does not know jobs of kind \"{kind}\"");
                Err(Failure::new(Exit::Usage, message).into())
            }
        }
    }
}

/// The work in a scope of its own; a panic is a failure of the job, and not the worker's end.
pub(super) fn guarded(scope: &Scope, work: impl FnOnce() -> Result<Option<Value>>) -> Done {
    catch_unwind(AssertUnwindSafe(|| scope.run(work)))
}
