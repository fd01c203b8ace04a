//! What is asked again and again and changes rarely, kept for a moment: what the catalogue says about
//! tables and views. A migration shows after that moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_secs(2);

/// By name. Only what is there is kept, so that there is no more of it than the database has.
pub(super) struct Memory<T>(Mutex<HashMap<String, (Instant, Arc<T>)>>);

impl<T> Default for Memory<T> {
    fn default() -> Memory<T> {
        Memory(Mutex::default())
    }
}

impl<T> Memory<T> {
    pub(super) fn get(&self, name: &str) -> Option<Arc<T>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = known.get(name)?;
        (since.elapsed() < MOMENT).then(|| value.clone())
    }

    pub(super) fn forget(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }

    pub(super) fn keep(&self, name: &str, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.into(), (Instant::now(), value.clone()));
        value
    }
}
