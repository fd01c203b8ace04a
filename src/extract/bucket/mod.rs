//! Files in buckets of S3 and of servers that speak its protocol. An object is read like a file on disk while it arrives.
//! The server is reached with `object_store`; attempts, versions and messages are those of files at https addresses.

mod access;
mod address;
mod hint;
mod http;
mod list;
mod refusal;
mod requests;
mod role;
mod store;
#[cfg(test)]
mod tests;
mod transfer;

pub(crate) use address::is_bucket_address;
pub(crate) use list::ObjectInfo;

use super::rest::{Connected, Download, Pace, Settings, Version};
use crate::failure::{Exit, Failure};
use crate::project::hex;
use access::Access;
use address::ObjectAddress;
use anyhow::Result;
use hint::Purpose;
use object_store::path::Path;
use requests::Requests;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use store::Store;
use tokio::runtime::{Builder, Runtime};
use transfer::Transfer;

/// A bucket, and the access to it.
pub(crate) struct Bucket {
    access: Access,
    /// Of an object, or of objects whose keys match a pattern.
    address: ObjectAddress,
    /// What has the address, for hints.
    setting: &'static str,
}

impl Bucket {
    /// Reads the environment for credentials. `address`: `s3://bucket/key` or `s3://bucket/pattern`. `row`: the row of
    /// the source in `elt.rest_source`, if it has one. `setting`: what has the address, for hints.
    ///
    /// # Errors
    /// If the address or a variable cannot be read. The server is not asked.
    pub(crate) fn find(
        source: &str,
        address: &str,
        row: Option<Settings>,
        setting: &'static str,
    ) -> Result<Bucket> {
        let address = ObjectAddress::parse(address).ok_or_else(|| {
            let message = format!("source \"{source}\": the address of its file cannot be read");
            Failure::new(Exit::Usage, message).hint(format!(
                "Check {setting}. It is like s3://bucket/folder/file.csv."
            ))
        })?;
        Ok(Bucket {
            access: Access::find(source, row)?,
            address,
            setting,
        })
    }

    /// All objects whose keys match, sorted by key. What precedes the first `*` or `?` of the address limits the listing.
    ///
    /// # Errors
    /// If the bucket cannot be listed, or if a key has a part that `object` refuses.
    pub(crate) fn list(&self, matches: &dyn Fn(&str) -> bool) -> Result<Vec<ObjectInfo>> {
        let (requests, runtime) = self.prepare(Purpose::Listing)?;
        list::list(requests, &runtime, self.address.prefix(), matches)
    }

    /// The object with this key, each sign of which stands for itself.
    ///
    /// # Errors
    /// If the key has a part that `object_store` cannot request.
    pub(crate) fn object(&self, key: &str) -> Result<ObjectFile> {
        let path = Path::parse(key).ok();
        // The library removes a slash at the end, and reads another object then.
        let path = path.filter(|path| path.as_ref() == key);
        let path = path.ok_or_else(|| {
            let (source, key) = (&self.access.settings.source, key.escape_debug());
            let message = format!("source \"{source}\": key \"{key}\" cannot be read");
            Failure::new(Exit::Usage, message)
                .detail(
                    "A part of a key between slashes must not be empty, \".\" or \"..\", and must have no control \
                     characters.",
                )
                .hint("Copy the object to another key.")
        })?;
        Ok(ObjectFile {
            bucket: Bucket {
                access: self.access.clone(),
                address: ObjectAddress {
                    bucket: self.address.bucket.clone(),
                    key: key.into(),
                },
                setting: self.setting,
            },
            path,
        })
    }

    fn prepare(&self, purpose: Purpose) -> Result<(Requests, Runtime)> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let requests = Requests {
            store: Store::new(self.access.clone(), &self.address)?,
            location: self.address.location(),
            setting: self.setting,
            purpose,
            attempts: 1,
        };
        Ok((requests, runtime))
    }
}

/// An object in a bucket, and the access to it.
pub(crate) struct ObjectFile {
    bucket: Bucket,
    path: Path,
}

impl ObjectFile {
    /// As `Bucket::find`, and the object with the key in the address.
    pub(crate) fn find(
        source: &str,
        address: &str,
        row: Option<Settings>,
        setting: &'static str,
    ) -> Result<ObjectFile> {
        let bucket = Bucket::find(source, address, row, setting)?;
        bucket.object(&bucket.address.key)
    }

    /// The address: `s3://bucket/key`.
    pub(crate) fn location(&self) -> String {
        self.bucket.address.location()
    }

    /// The SHA-256 of the address and of its server, in hexadecimal: another server has other objects.
    pub(crate) fn address_sha256(&self) -> String {
        let endpoint = self.bucket.access.endpoint.as_ref();
        let server = endpoint.map_or("", |endpoint| endpoint.as_str());
        hex(&Sha256::digest(format!("{server} {}", self.location())))
    }

    /// Requests the object, unless it is still the known version.
    pub(crate) fn connect(&self, known: Version) -> Result<Connected> {
        let prepared = self.bucket.prepare(Purpose::Object)?;
        let pace = Arc::new(Pace::new(None));
        let (path, waits) = (self.path.clone(), Arc::clone(&pace));
        Download::begin(pace, move |events| {
            Transfer::new(prepared, path, waits, events).run(&known);
        })
    }
}
