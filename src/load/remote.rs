//! The input of a source whose file is at an address. The server is asked before the load begins, because the file may
//! be the one that is live already.

use super::live_loads::{LiveVersion, live_version};
use super::source::Source;
use super::{Request, SourceReport};
use crate::extract::rest::{Connected, Download, RemoteFile, Version};
use anyhow::{Result, anyhow};
use postgres::Client;
use std::cell::RefCell;
use std::time::Instant;

pub(crate) struct RemoteInput {
    file: RemoteFile,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// The first bytes, or why there are none. The load reports the failure, so that it is recorded.
    opened: Option<Result<Download>>,
    size: Option<u64>,
    version: Version,
}

/// What the server says about a file that was read.
pub(super) struct FileVersion {
    /// SHA-256 of the whole address.
    pub(super) address_sha256: String,
    pub(super) version: Version,
}

impl RemoteInput {
    pub(super) fn new(file: RemoteFile) -> RemoteInput {
        RemoteInput {
            file,
            state: RefCell::default(),
        }
    }

    pub(super) fn location(&self) -> String {
        self.file.location()
    }

    /// Requests the file. Returns the report of a source whose live load has this version of it.
    pub(super) fn connect(
        &self,
        client: &mut Client,
        request: &Request<'_>,
        source: &Source,
    ) -> Result<Option<SourceReport>> {
        let begun = Instant::now();
        let live = if request.force {
            None
        } else {
            live_version(client, source, &self.file.address_sha256())?
        };
        let known = live.as_ref().map(|live| live.version.clone());
        let connected = self.file.connect(known.unwrap_or_default());
        let mut state = self.state.borrow_mut();
        match (connected, live) {
            (Ok(Connected::NotModified), Some(LiveVersion { load, .. })) => {
                return load.unchanged(source, &self.location(), begun).map(Some);
            }
            (Ok(Connected::NotModified), None) => {
                let message = "the server answered that the file is unchanged, which was not asked";
                state.opened = Some(Err(anyhow!(message)));
            }
            (Ok(Connected::Opened(download)), _) => {
                state.size = download.size;
                state.version = download.version.clone();
                state.opened = Some(Ok(download));
            }
            (Err(error), _) => state.opened = Some(Err(error)),
        }
        Ok(None)
    }

    /// The bytes of the file.
    pub(super) fn open(&self) -> Result<Download> {
        let opened = self.state.borrow_mut().opened.take();
        opened.unwrap_or_else(|| match self.file.connect(Version::default())? {
            Connected::Opened(download) => Ok(download),
            Connected::NotModified => Err(anyhow!("the server sends no file")),
        })
    }

    /// The size in bytes, if the server says it.
    pub(super) fn size(&self) -> Option<u64> {
        self.state.borrow().size
    }

    pub(super) fn version(&self) -> FileVersion {
        FileVersion {
            address_sha256: self.file.address_sha256(),
            version: self.state.borrow().version.clone(),
        }
    }
}
