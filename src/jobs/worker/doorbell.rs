//! How threads that have no work are woken.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Rung when there may be work.
#[derive(Default)]
pub(super) struct Doorbell {
    rung: Mutex<u64>,
    bell: Condvar,
}

impl Doorbell {
    pub(super) fn ring(&self) {
        *self.lock() += 1;
        self.bell.notify_all();
    }

    /// How often it was rung: asked for before work is looked for, so that none is missed.
    pub(super) fn count(&self) -> u64 {
        *self.lock()
    }

    /// Waits until it is rung again after `count`, or the time is over.
    pub(super) fn wait(&self, count: u64, time: Duration) {
        let lock = self.lock();
        let waited = self
            .bell
            .wait_timeout_while(lock, time, |rung| *rung == count);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
