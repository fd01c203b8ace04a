//! Limits the number of concurrent requests per key, so that one client cannot block others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A permit, released when it is dropped.
pub(crate) type Permit = OwnedSemaphorePermit;

/// From this number of keys on, keys without a held permit are removed.
const MAX_IDLE_KEYS: usize = 1000;

pub(crate) struct Limiter {
    /// Concurrent permits of each key.
    limit: usize,
    by_key: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Limiter {
    pub(crate) fn new(limit: usize) -> Limiter {
        Limiter {
            limit,
            by_key: Mutex::default(),
        }
    }

    /// A permit, if one is free.
    pub(crate) fn take(&self, key: &str) -> Option<Permit> {
        self.semaphore(key).try_acquire_owned().ok()
    }

    /// A permit, if one becomes free in time.
    pub(crate) async fn wait(&self, key: &str, patience: Duration) -> Option<Permit> {
        let permit = tokio::time::timeout(patience, self.semaphore(key).acquire_owned());
        permit.await.ok()?.ok()
    }

    fn semaphore(&self, key: &str) -> Arc<Semaphore> {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if by_key.len() >= MAX_IDLE_KEYS {
            by_key.retain(|_, semaphore| {
                Arc::strong_count(semaphore) > 1 || semaphore.available_permits() < self.limit
            });
        }
        by_key
            .entry(key.to_string())
            .or_insert_with(|| Arc::new(Semaphore::new(self.limit)))
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_takes_no_permits_of_another_and_keys_are_forgotten() {
        let limiter = Limiter::new(2);
        let held = [limiter.take("a"), limiter.take("a")];
        assert!(held.iter().all(Option::is_some));
        assert!(limiter.take("a").is_none());
        assert!(limiter.take("b").is_some());
        for key in 0..MAX_IDLE_KEYS {
            limiter.take(&format!("key {key}"));
        }
        assert!(limiter.take("a").is_none(), "its permits are still held");
        assert!(limiter.by_key.lock().unwrap().len() < MAX_IDLE_KEYS);
        drop(held);
        assert!(limiter.take("a").is_some());
    }
}
