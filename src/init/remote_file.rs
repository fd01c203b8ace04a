//! A file at an address or in a bucket, which is copied into a private temporary folder. The project reads it from its
//! address.

use super::api::Address;
use crate::extract::bucket::ObjectFile;
use crate::extract::rest::{Connected, RemoteFile, Version};
use crate::signals;
use crate::terminal::Meter;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use tempfile::TempDir;

const BUFFER: usize = 128 * 1024;
/// What has the address, for hints.
const FROM: &str = "--from";

/// Removed on drop.
pub(super) struct Copy {
    folder: TempDir,
    name: String,
}

impl Copy {
    /// `name`: of the file, which may say its format.
    pub(super) fn download(source: &str, address: &Address, name: &str) -> Result<Copy> {
        let file = RemoteFile::find(source, address.url().as_str(), None, address.setting())?;
        Copy::read(file.connect(Version::default())?, &file.location(), name)
    }

    /// `address`: `s3://bucket/key`.
    pub(super) fn of_object(source: &str, address: &str, name: &str) -> Result<Copy> {
        let file = ObjectFile::find(source, address, None, FROM)?;
        Copy::read(file.connect(Version::default())?, &file.location(), name)
    }

    fn read(connected: Connected, location: &str, name: &str) -> Result<Copy> {
        let Connected::Opened(mut download) = connected else {
            bail!("the server does not send the file at {location}");
        };
        let copy = Copy {
            folder: tempfile::tempdir()?,
            name: name.into(),
        };
        let mut meter = Meter::begin(format!("reading {location}"), download.size);
        let mut written = File::create(copy.path())?;
        let (mut buffer, mut bytes) = (vec![0; BUFFER], 0);
        loop {
            signals::check()?;
            let count = match download.read(&mut buffer).map_err(unwrapped)? {
                0 => return Ok(copy),
                count => count,
            };
            let write = written.write_all(&buffer[..count]);
            write.context("could not write a temporary copy of the file")?;
            bytes += count as u64;
            meter.update(bytes, 0);
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }
}

/// The failure inside a reader's error.
fn unwrapped(error: std::io::Error) -> anyhow::Error {
    match error.downcast::<crate::failure::Failure>() {
        Ok(failure) => failure.into(),
        Err(error) => error.into(),
    }
}
