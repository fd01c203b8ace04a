//! Lists the objects of a bucket whose keys match.

use super::requests::Requests;
use super::store::{RequestFailure, Store};
use crate::failure::Failure;
use crate::signals;
use anyhow::Result;
use chrono::{DateTime, Utc};
use object_store::ObjectMeta;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The interval at which a waiting thread checks for an interrupt.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// An object in a bucket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectInfo {
    pub(crate) key: String,
    /// In bytes.
    pub(crate) size: u64,
    /// With its quotes, as in the header `ETag`.
    pub(crate) entity_tag: Option<String>,
    pub(crate) last_modified: DateTime<Utc>,
}

impl From<ObjectMeta> for ObjectInfo {
    fn from(meta: ObjectMeta) -> ObjectInfo {
        ObjectInfo {
            key: meta.location.into(),
            size: meta.size,
            entity_tag: meta.e_tag,
            last_modified: meta.last_modified,
        }
    }
}

/// All objects whose keys begin with the prefix and match, sorted by key.
pub(super) fn list(
    mut requests: Requests,
    runtime: &Runtime,
    prefix: &str,
    matches: &dyn Fn(&str) -> bool,
) -> Result<Vec<ObjectInfo>> {
    let mut found: Vec<ObjectInfo> = Vec::new();
    let mut page_token = None;
    loop {
        let page = requests.store.list(prefix, page_token.clone());
        match interruptible(runtime, page)? {
            Ok(page) => {
                requests.attempts = 1;
                let objects = page.result.objects.into_iter().map(ObjectInfo::from);
                found.extend(objects.filter(|object| matches(&object.key)));
                page_token = page.page_token;
                if page_token.is_none() {
                    break;
                }
            }
            Err(failure) => {
                let after = requests.retry_after(&failure).map_err(Failure::from)?;
                interruptible(runtime, async { tokio::time::sleep(after).await })?;
            }
        }
    }
    found.sort_by(|one, other| one.key.cmp(&other.key));
    let empty: Vec<String> = found
        .iter()
        .filter(|object| object.size == 0)
        .map(|object| object.key.clone())
        .collect();
    for key in empty {
        if is_folder(&requests.store, runtime, &key)? {
            found.retain(|object| object.key != key);
        }
    }
    Ok(found)
}

/// Whether an empty object stands for a folder. Some programs create such objects; their keys end in a slash, which
/// `object_store` removes.
fn is_folder(store: &Store, runtime: &Runtime, key: &str) -> Result<bool> {
    let path = object_store::path::Path::parse(key)?;
    let head = interruptible(runtime, store.head(&path))?;
    Ok(head.is_err_and(|failure: RequestFailure| failure.status() == 404))
}

/// Waits for a result of the bucket, or for an interrupt.
fn interruptible<T>(runtime: &Runtime, future: impl Future<Output = T>) -> Result<T> {
    runtime.block_on(async {
        let mut future = std::pin::pin!(future);
        loop {
            signals::check()?;
            if let Ok(done) = tokio::time::timeout(CHECK_INTERVAL, &mut future).await {
                return Ok(done);
            }
        }
    })
}
