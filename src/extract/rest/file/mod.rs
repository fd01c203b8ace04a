//! A file at an http or https address, which is read like a file on disk while it arrives.

mod settings;
mod transfer;
mod version;

pub(in crate::extract) use transfer::{Beginning, Event};
pub(crate) use version::Version;

use super::Settings;
use super::access::Access;
use super::address::without_query;
use super::client::{Client, Content};
use super::pace::Pace;
use crate::failure::{Exit, Failure};
use crate::project::hex;
use crate::signals;
use anyhow::{Result, anyhow};
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;
use transfer::Transfer;

/// The number of chunks that wait for the reader.
const CHUNKS_AHEAD: usize = 8;
/// The interval at which a waiting thread checks for an interrupt.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// A file at an address, and the access to its server.
#[derive(Clone)]
pub(crate) struct RemoteFile {
    access: Access,
    url: Url,
    /// The setting that has the address, for hints.
    setting: String,
}

/// The answer to a request for a file.
pub(crate) enum Connected {
    /// The file is still the known version.
    NotModified,
    Opened(Download),
}

/// The bytes of a file, as they arrive.
pub(crate) struct Download {
    pub(crate) version: Version,
    /// The size in bytes, if the server says it.
    pub(crate) size: Option<u64>,
    pace: Arc<Pace>,
    events: Receiver<Event>,
    chunk: Vec<u8>,
    /// The number of bytes of the chunk that were read.
    done: usize,
    has_ended: bool,
}

impl RemoteFile {
    /// Reads the environment for credentials. `row`: the row of the source in `elt.rest_source`, if it has one.
    /// `setting`: what has the address, for hints.
    pub(crate) fn find(
        source: &str,
        address: &str,
        row: Option<Settings>,
        setting: String,
    ) -> Result<RemoteFile> {
        let url = Url::parse(address).ok().filter(Url::has_host);
        let url = url.ok_or_else(|| {
            // The text may contain a secret.
            let message = format!("source \"{source}\": the address of its file cannot be read");
            Failure::new(Exit::Usage, message).hint(format!("Check {setting}."))
        })?;
        let mut base = url.clone();
        base.set_path("/");
        base.set_query(None);
        let access = Access::at(Settings::of_file(source, row)?, base)?;
        Ok(RemoteFile {
            access,
            url,
            setting,
        })
    }

    /// The address without its query.
    pub(crate) fn location(&self) -> String {
        without_query(&self.url)
    }

    /// The SHA-256 of the whole address, in hexadecimal.
    pub(crate) fn address_sha256(&self) -> String {
        hex(&Sha256::digest(self.url.as_str()))
    }

    /// Requests the file, unless it is still the known version.
    pub(crate) fn connect(&self, known: Version) -> Result<Connected> {
        let setting = self.setting.clone();
        let client = Arc::new(Client::new(self.access.clone(), Content::File, setting)?);
        let pace = Arc::clone(&client.pace);
        let url = self.url.clone();
        Download::begin(pace, move |events| {
            Transfer::new(client, url, events).run(known)
        })
    }
}

impl Download {
    /// Runs a transfer in a thread, and waits for its first event. `pace`: for its waits, which end when the download is
    /// dropped.
    pub(in crate::extract) fn begin(
        pace: Arc<Pace>,
        transfer: impl FnOnce(SyncSender<Event>) + Send + 'static,
    ) -> Result<Connected> {
        let (sender, events) = mpsc::sync_channel(CHUNKS_AHEAD);
        thread::spawn(move || transfer(sender));
        let mut download = Download {
            version: Version::default(),
            size: None,
            pace,
            events,
            chunk: Vec::new(),
            done: 0,
            has_ended: false,
        };
        match download.next_event()? {
            Event::NotModified => Ok(Connected::NotModified),
            Event::Begun(Beginning { version, bytes }) => {
                download.version = version;
                download.size = bytes;
                Ok(Connected::Opened(download))
            }
            Event::Failed(failure) => Err(Failure::from(failure).into()),
            Event::Bytes(_) | Event::Ended => Err(anyhow!("the file has no beginning")),
        }
    }

    fn next_event(&self) -> Result<Event> {
        loop {
            signals::check()?;
            match self.events.recv_timeout(CHECK_INTERVAL) {
                Ok(event) => return Ok(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(anyhow!("the thread that reads the file panicked"));
                }
            }
        }
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.done == self.chunk.len() {
            if self.has_ended {
                return Ok(0);
            }
            match self.next_event().map_err(std::io::Error::other)? {
                Event::Bytes(chunk) => (self.chunk, self.done) = (chunk, 0),
                Event::Ended => self.has_ended = true,
                Event::Failed(failure) => {
                    return Err(std::io::Error::other(Failure::from(failure)));
                }
                Event::NotModified | Event::Begun(_) => {}
            }
        }
        let count = buffer.len().min(self.chunk.len() - self.done);
        buffer[..count].copy_from_slice(&self.chunk[self.done..self.done + count]);
        self.done += count;
        Ok(count)
    }
}

impl Drop for Download {
    /// Ends the waits of the transfer. It ends when it passes the next bytes on.
    fn drop(&mut self) {
        self.pace.stop();
    }
}
