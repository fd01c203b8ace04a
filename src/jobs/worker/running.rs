//! The jobs that a worker runs at the moment, and how one of them is interrupted.

use crate::jobs::queue::Job;
use crate::signals::Scope;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Number of a job, and of the claim that holds it.
pub(super) type Claim = (i64, i64);

#[derive(Default)]
pub(super) struct Jobs(Mutex<HashMap<Claim, Running>>);

struct Running {
    scope: Scope,
    deadline: Instant,
    /// The server did not name it among ours. It may just have been finished; who is missing twice
    /// is lost.
    is_missing: bool,
    /// It is over, and only has to be reported: nothing is to be interrupted any more.
    is_over: bool,
    ended_for: Option<Reason>,
}

/// Why a job is interrupted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reason {
    Cancelled,
    TimeLimit,
    /// Another worker has it.
    Lost,
    Stopping,
}

impl Jobs {
    pub(super) fn begin(&self, job: &Job, scope: &Scope) {
        let running = Running {
            scope: scope.clone(),
            deadline: Instant::now() + job.time_limit,
            is_missing: false,
            is_over: false,
            ended_for: None,
        };
        self.lock().insert(job.claim(), running);
    }

    /// The work is over. Says why it was interrupted, if it was.
    pub(super) fn over(&self, job: &Job) -> Option<Reason> {
        let mut jobs = self.lock();
        let running = jobs.get_mut(&job.claim())?;
        running.is_over = true;
        running.ended_for
    }

    /// The server knows.
    pub(super) fn forget(&self, job: &Job) {
        self.lock().remove(&job.claim());
    }

    pub(super) fn claims(&self) -> Vec<Claim> {
        self.lock().keys().copied().collect()
    }

    /// The server did not name it. True if it did not before either.
    pub(super) fn is_missing_again(&self, claim: Claim) -> bool {
        let mut jobs = self.lock();
        let running = jobs.get_mut(&claim);
        running.is_some_and(|running| std::mem::replace(&mut running.is_missing, true))
    }

    /// Those that had their time.
    pub(super) fn overdue(&self) -> Vec<Claim> {
        let jobs = self.lock();
        let overdue = jobs
            .iter()
            .filter(|(_, running)| running.deadline <= Instant::now());
        overdue.map(|(claim, _)| *claim).collect()
    }

    /// The first reason counts. Called again and again: a query may have begun after the last time.
    pub(super) fn interrupt(&self, claim: Claim, reason: Reason) {
        let mut jobs = self.lock();
        let Some(running) = jobs.get_mut(&claim).filter(|running| !running.is_over) else {
            return;
        };
        running.ended_for.get_or_insert(reason);
        let scope = running.scope.clone();
        drop(jobs);
        scope.interrupt();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Claim, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
