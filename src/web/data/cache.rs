//! What is asked again and again and changes rarely, kept for a moment: what the catalogue says about
//! tables and views. A migration shows after that moment.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_secs(2);

/// By name. Only what is there is kept, so that there is no more of it than the database has.
pub(crate) struct Cache<T>(Mutex<HashMap<String, (Instant, Arc<T>)>>);

impl<T> Default for Cache<T> {
    fn default() -> Cache<T> {
        Cache(Mutex::default())
    }
}

impl<T> Cache<T> {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<T>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = known.get(name)?;
        (since.elapsed() < MOMENT).then(|| value.clone())
    }

    pub(crate) fn keep(&self, name: &str, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.into(), (Instant::now(), value.clone()));
        value
    }
}

/// One for each type of what is known of the catalogue, for all connections.
#[derive(Default)]
pub(crate) struct Caches(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Caches {
    pub(crate) fn of<T: Send + Sync + 'static>(&self) -> Arc<Cache<T>> {
        let mut caches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cache = caches
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(Cache::<T>::default()));
        cache.clone().downcast().unwrap_or_default()
    }

    /// What a migration has changed.
    pub(crate) fn forget(&self) {
        let mut caches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        caches.clear();
    }
}
