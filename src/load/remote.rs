//! The input of a source whose file is at an address or in a bucket. The server is asked before the load begins, because
//! the file may be the one that is live already.

use super::live_loads::{LiveVersion, live_version};
use super::source::Source;
use super::{Request, SourceReport};
use crate::extract::bucket::{ObjectFile, is_bucket_address};
use crate::extract::rest::{Connected, Download, RemoteFile, Version, is_file_address};
use anyhow::{Result, anyhow};
use postgres::Client;
use std::cell::RefCell;
use std::time::Instant;

/// Whether the file of a source is on a server, and not in the data folder.
pub(crate) fn is_remote(file: &str) -> bool {
    is_file_address(file) || is_bucket_address(file)
}

pub(crate) struct RemoteInput {
    file: ServerFile,
    state: RefCell<State>,
}

/// A file on a server.
enum ServerFile {
    Web(RemoteFile),
    Object(ObjectFile),
}

impl ServerFile {
    fn location(&self) -> String {
        match self {
            ServerFile::Web(file) => file.location(),
            ServerFile::Object(file) => file.location(),
        }
    }

    fn address_sha256(&self) -> String {
        match self {
            ServerFile::Web(file) => file.address_sha256(),
            ServerFile::Object(file) => file.address_sha256(),
        }
    }

    fn connect(&self, known: Version) -> Result<Connected> {
        match self {
            ServerFile::Web(file) => file.connect(known),
            ServerFile::Object(file) => file.connect(known),
        }
    }
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
    /// Reads the environment for credentials. `address`: that of the source.
    pub(super) fn find(source: &Source, address: &str) -> Result<RemoteInput> {
        let (row, setting) = (source.of_address.clone(), "elt.source.file");
        let file = if is_bucket_address(address) {
            ServerFile::Object(ObjectFile::find(&source.name, address, row, setting)?)
        } else {
            ServerFile::Web(RemoteFile::find(
                &source.name,
                address,
                row,
                setting.into(),
            )?)
        };
        Ok(RemoteInput {
            file,
            state: RefCell::default(),
        })
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
