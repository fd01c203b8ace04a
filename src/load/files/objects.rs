//! The objects of a bucket that the pattern of a source matches.

use super::find::{FoundFile, in_order};
use super::pattern::Pattern;
use super::steady::Stamp;
use crate::extract::bucket::{Bucket, ObjectInfo};
use crate::extract::rest::{Connected, Version};
use crate::load::source::Source;
use anyhow::{Result, bail};
use std::io::Read;
use std::rc::Rc;

/// The objects, in the order of their keys or of their last changes.
///
/// # Errors
/// If the bucket cannot be listed.
pub(crate) fn find_objects(
    source: &Source,
    address: &str,
    pattern: &Pattern,
) -> Result<Vec<FoundFile>> {
    let row = source.of_address.clone();
    let bucket = Rc::new(Bucket::find(&source.name, address, row, "elt.source.file")?);
    let listed = bucket.list(&|key| pattern.matches(key))?;
    let mut found = Vec::new();
    for object in listed {
        found.push(FoundFile {
            path: bucket.object(&object.key)?.location().into(),
            size: object.size,
            modified: object.last_modified.into(),
            stamp: stamp(&object),
            name: object.key,
            bucket: Some(Rc::clone(&bucket)),
        });
    }
    in_order(&mut found, &source.order_by);
    Ok(found)
}

/// A version of an object: its entity tag, size and time of the last change.
fn stamp(object: &ObjectInfo) -> Stamp {
    Stamp::from_text(format!(
        "{} {} {}",
        object.entity_tag.as_deref().unwrap_or_default(),
        object.size,
        object.last_modified.timestamp_micros()
    ))
}

/// The bytes of an object.
pub(super) fn open(bucket: &Bucket, key: &str) -> Result<Box<dyn Read>> {
    match bucket.object(key)?.connect(Version::default())? {
        Connected::Opened(download) => Ok(Box::new(download)),
        Connected::NotModified => bail!("the server sends no object"),
    }
}
