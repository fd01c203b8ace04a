//! The input of a source: a file, stdin, a file at an address, or an API.

use super::files::{Files, FoundFile, SteadyFile};
use super::remote::{FileVersion, RemoteInput};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::rest::{Access, RestExtract, Walk};
use crate::extract::{self, Extract, Layout};
use crate::signals;
use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::rc::Rc;

/// Bytes of a file that one connection copies in a tenth of a second.
const LARGE_BYTES: u64 = 4 * 1024 * 1024;

/// Milliseconds between two checks for Ctrl-C.
const INTERRUPT_CHECK_MS: u8 = 100;

pub(crate) enum Input {
    /// The absolute path.
    File(PathBuf),
    /// A file that a pattern found.
    Found(FoundFile),
    /// Several files for one load.
    Files(Files),
    Stdin,
    /// A file at an address.
    Remote(Box<RemoteInput>),
    Api(Box<Access>),
}

impl Input {
    /// The location, for records and messages.
    pub(crate) fn location(&self) -> String {
        match self {
            Input::File(path) => path.to_string_lossy().into_owned(),
            Input::Found(file) => file.path.to_string_lossy().into_owned(),
            Input::Files(files) => files.location.clone(),
            Input::Stdin => "(stdin)".into(),
            Input::Remote(remote) => remote.location(),
            Input::Api(access) => access.location(),
        }
    }

    /// The kind of input, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Input::File(_) | Input::Found(_) | Input::Stdin | Input::Remote(_) => "file",
            Input::Files(_) => "files",
            Input::Api(_) => "API",
        }
    }

    /// The size in bytes, if known.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Input::File(path) => fs::metadata(path).ok().map(|metadata| metadata.len()),
            Input::Found(file) => Some(file.size),
            Input::Files(files) => Some(files.size()),
            Input::Remote(remote) => remote.size(),
            Input::Stdin | Input::Api(_) => None,
        }
    }

    /// Whether its bytes are compared with those of live loads only after they were read.
    pub(super) fn is_unseen(&self) -> bool {
        matches!(self, Input::Stdin | Input::Remote(_))
    }

    /// What the server says about a file at an address.
    pub(super) fn version(&self) -> Option<FileVersion> {
        match self {
            Input::Remote(remote) => Some(remote.version()),
            _ => None,
        }
    }

    /// When the file arrived, if its bytes were compared after they were read; None if that is not known.
    pub(super) fn arrived_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Input::Stdin => Some(Utc::now()),
            Input::Remote(remote) => remote.version().version.arrived_at(),
            Input::File(_) | Input::Found(_) | Input::Files(_) | Input::Api(_) => None,
        }
    }

    /// The file that a pattern found.
    pub(super) fn found(&self) -> Option<&FoundFile> {
        match self {
            Input::Found(file) => Some(file),
            _ => None,
        }
    }

    /// Whether the rows may be so many that it pays to copy them over several connections, into a new table.
    pub(crate) fn is_large(&self) -> bool {
        match self {
            Input::File(_) | Input::Found(_) | Input::Files(_) => {
                self.size().is_some_and(|size| size >= LARGE_BYTES)
            }
            Input::Stdin | Input::Api(_) => true,
            Input::Remote(remote) => remote.size().is_none_or(|size| size >= LARGE_BYTES),
        }
    }

    /// Starts to read. `walk`: how an API is read. `after_row`: the number after which `_row` continues.
    pub(crate) fn open(
        &self,
        layout: &Layout,
        columns: &[String],
        walk: &Walk,
        digest: Rc<RefCell<Digest>>,
        after_row: u64,
    ) -> Result<Box<dyn Extract>> {
        let read = |reader: Box<dyn Read>| {
            let input = DigestingReader {
                reader,
                digest: Rc::clone(&digest),
            };
            extract::open(layout, Box::new(input), columns, after_row)
        };
        match self {
            Input::File(path) => read(Box::new(SteadyFile::open(path)?)),
            Input::Found(file) => read(file.open()?),
            Input::Files(_) => Err(anyhow!("several files have no single reader")),
            Input::Stdin => read(Box::new(InterruptibleStdin(
                std::io::stdin().as_fd().try_clone_to_owned()?.into(),
            ))),
            Input::Remote(remote) => read(Box::new(remote.open()?)),
            Input::Api(access) => {
                let access = access.as_ref().clone();
                Ok(Box::new(RestExtract::open(
                    access,
                    walk,
                    &layout.contract,
                    digest,
                )?))
            }
        }
    }
}

/// A pipe that can be interrupted with Ctrl-C while it has no data.
struct InterruptibleStdin(File);

impl Read for InterruptibleStdin {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if signals::happened() {
                return Err(std::io::Error::other("interrupted"));
            }
            let mut input = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
            match poll(&mut input, INTERRUPT_CHECK_MS) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return self.0.read(buffer),
                Err(error) => return Err(error.into()),
            }
        }
    }
}
