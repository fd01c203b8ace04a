//! A cache of the catalogue's descriptions of tables and views, which requests read often and which change rarely.
//! A migration becomes visible when its entries expire.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an entry is valid.
const LIFETIME: Duration = Duration::from_secs(2);

/// Values by name. Only existing objects are kept, so the database limits the size.
pub(crate) struct Cache<T>(Mutex<HashMap<String, (Instant, Arc<T>)>>);

impl<T> Default for Cache<T> {
    fn default() -> Cache<T> {
        Cache(Mutex::default())
    }
}

impl<T> Cache<T> {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<T>> {
        self.get_within(name, LIFETIME)
    }

    /// A value that is valid for longer than the others.
    pub(crate) fn get_within(&self, name: &str, lifetime: Duration) -> Option<Arc<T>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = known.get(name)?;
        (since.elapsed() < lifetime).then(|| value.clone())
    }

    pub(crate) fn keep(&self, name: &str, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.into(), (Instant::now(), value.clone()));
        value
    }
}

/// One cache for each type of description, shared by all connections.
#[derive(Default)]
pub(crate) struct Caches(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Caches {
    pub(crate) fn for_type<T: Send + Sync + 'static>(&self) -> Arc<Cache<T>> {
        let mut caches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cache = caches
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(Cache::<T>::default()));
        cache.clone().downcast().unwrap_or_default()
    }

    /// Removes all entries, after an error has shown that a migration changed the catalogue.
    pub(crate) fn clear(&self) {
        let mut caches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        caches.clear();
    }
}
