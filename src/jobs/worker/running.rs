//! The jobs that a worker is running, and how to interrupt them.

use crate::jobs::queue::Job;
use crate::signals::Scope;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Numbers of a job and of its claim.
pub(super) type Claim = (i64, i64);

#[derive(Default)]
pub(super) struct Jobs(Mutex<HashMap<Claim, Running>>);

struct Running {
    scope: Scope,
    deadline: Instant,
    /// The last heartbeat did not name the job. It may just have finished; if it is missing twice, it is lost.
    is_missing: bool,
    /// The work is over and only the report is missing, so it is no longer interrupted.
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

    /// Records that the work is over. Returns the reason if it was interrupted.
    pub(super) fn mark_over(&self, job: &Job) -> Option<Reason> {
        let mut jobs = self.lock();
        let running = jobs.get_mut(&job.claim())?;
        running.is_over = true;
        running.ended_for
    }

    /// Removes a job that was reported.
    pub(super) fn forget(&self, job: &Job) {
        self.lock().remove(&job.claim());
    }

    pub(super) fn claims(&self) -> Vec<Claim> {
        self.lock().keys().copied().collect()
    }

    /// Records that a heartbeat did not name the job. True if the one before did not either.
    pub(super) fn mark_missing(&self, claim: Claim) -> bool {
        let mut jobs = self.lock();
        let running = jobs.get_mut(&claim);
        running.is_some_and(|running| std::mem::replace(&mut running.is_missing, true))
    }

    /// Jobs that reached their time limit.
    pub(super) fn overdue(&self) -> Vec<Claim> {
        let jobs = self.lock();
        let overdue = jobs
            .iter()
            .filter(|(_, running)| running.deadline <= Instant::now());
        overdue.map(|(claim, _)| *claim).collect()
    }

    /// Interrupts a job; the first reason counts. Called repeatedly, because the job may have started another query
    /// since the last call.
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
