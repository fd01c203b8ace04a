//! Limits the number of concurrent requests per key, so that one client cannot block others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A permit, released when it is dropped.
pub(crate) type Turn = OwnedSemaphorePermit;

/// From this number of keys on, keys without a held permit are removed.
const MAX_IDLE_KEYS: usize = 1000;

pub(crate) struct Turns {
    /// Concurrent permits of each key.
    limit: usize,
    by_key: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Turns {
    pub(crate) fn new(limit: usize) -> Turns {
        Turns {
            limit,
            by_key: Mutex::default(),
        }
    }

    /// A permit, if one is free.
    pub(crate) fn take(&self, key: &str) -> Option<Turn> {
        self.semaphore(key).try_acquire_owned().ok()
    }

    /// A permit, if one becomes free in time.
    pub(crate) async fn wait(&self, key: &str, patience: Duration) -> Option<Turn> {
        let turn = tokio::time::timeout(patience, self.semaphore(key).acquire_owned());
        turn.await.ok()?.ok()
    }

    fn semaphore(&self, key: &str) -> Arc<Semaphore> {
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if by_key.len() >= MAX_IDLE_KEYS {
            by_key.retain(|_, turns| {
                Arc::strong_count(turns) > 1 || turns.available_permits() < self.limit
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
    fn one_key_takes_no_turns_of_another_and_keys_are_forgotten() {
        let turns = Turns::new(2);
        let held = [turns.take("a"), turns.take("a")];
        assert!(held.iter().all(Option::is_some));
        assert!(turns.take("a").is_none());
        assert!(turns.take("b").is_some());
        for key in 0..MAX_IDLE_KEYS {
            turns.take(&format!("key {key}"));
        }
        assert!(turns.take("a").is_none(), "its turns are still held");
        assert!(turns.by_key.lock().unwrap().len() < MAX_IDLE_KEYS);
        drop(held);
        assert!(turns.take("a").is_some());
    }
}
