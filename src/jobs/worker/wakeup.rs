//! Wakes threads that wait for work.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(super) struct WakeUp {
    count: Mutex<u64>,
    condition: Condvar,
}

impl WakeUp {
    pub(super) fn wake_all(&self) {
        *self.lock() += 1;
        self.condition.notify_all();
    }

    /// The number of wake-ups so far. Read it before looking for work, so that `wait` misses none.
    pub(super) fn count(&self) -> u64 {
        *self.lock()
    }

    /// Waits for a wake-up after `count`, at most for `time`.
    pub(super) fn wait(&self, count: u64, time: Duration) {
        let lock = self.lock();
        let waited = self
            .condition
            .wait_timeout_while(lock, time, |now| *now == count);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
