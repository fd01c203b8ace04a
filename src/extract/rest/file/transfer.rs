//! Transfers the bytes of a file from its server to the reader, in a thread. If the connection breaks, the transfer goes
//! on after the last byte, of the same version of the file only.

use super::super::client::{Client, FileAnswer, FileBody, FileRequest, FileSize};
use super::super::request_error::{ApiFailure, RequestError};
use super::version::Version;
use crate::extract::digest::Digest;
use crate::terminal;
use reqwest::Url;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

/// The number of bytes that are passed on at once.
const CHUNK: usize = 128 * 1024;
/// After this many bytes, a connection that breaks is no sign of a server that does not work.
const PROGRESS: u64 = 16 * 1024 * 1024;

/// What the reader of the file receives.
pub(in crate::extract) enum Event {
    /// The file is still the known version.
    NotModified,
    /// The file begins.
    Begun(Beginning),
    Bytes(Vec<u8>),
    /// All bytes were sent.
    Ended,
    Failed(ApiFailure),
}

/// What is known when the first byte arrives.
pub(in crate::extract) struct Beginning {
    pub(in crate::extract) version: Version,
    /// The size of the file in bytes, if the server says it.
    pub(in crate::extract) bytes: Option<u64>,
}

pub(super) struct Transfer {
    client: Arc<Client>,
    url: Url,
    events: SyncSender<Event>,
    /// Over the bytes that were passed on.
    digest: Digest,
    /// The version of the first response.
    version: Version,
    size: FileSize,
    has_begun: bool,
    /// The number of the present attempt, from 1.
    attempts: u32,
    /// The position of the last break.
    broke_at: u64,
}

/// Why a transfer ended before the last byte.
enum End {
    Failed(ApiFailure),
    /// Its reader needs no more bytes.
    Unwanted,
}

impl From<ApiFailure> for End {
    fn from(failure: ApiFailure) -> End {
        End::Failed(failure)
    }
}

impl Transfer {
    pub(super) fn new(client: Arc<Client>, url: Url, events: SyncSender<Event>) -> Transfer {
        Transfer {
            client,
            url,
            events,
            digest: Digest::default(),
            version: Version::default(),
            size: FileSize::Unknown,
            has_begun: false,
            attempts: 1,
            broke_at: 0,
        }
    }

    /// Transfers the file, unless it is still the known version.
    pub(super) fn run(mut self, known: Version) {
        if let Err(End::Failed(failure)) = self.transfer(known) {
            // The reader may be gone.
            let _ = self.events.send(Event::Failed(failure));
        }
    }

    fn transfer(&mut self, known: Version) -> Result<(), End> {
        let mut request = FileRequest {
            url: self.url.clone(),
            known,
            rest: None,
        };
        loop {
            let answer = self.client.fetch_file(&request, &mut self.attempts)?;
            let passed = match answer {
                FileAnswer::NotModified if self.has_begun => return Err(self.changed()),
                FileAnswer::NotModified => return self.pass(Event::NotModified),
                FileAnswer::Whole(body) => self.pass_whole(body)?,
                FileAnswer::Rest { from, body } => {
                    self.require_same(&body)?;
                    if from != self.digest.bytes() {
                        return Err(self.changed());
                    }
                    self.pass_body(body)?
                }
                FileAnswer::NoRest { bytes } if self.is_whole(bytes) => Ok(()),
                FileAnswer::NoRest { .. } => return Err(self.changed()),
            };
            let Err(error) = passed else {
                return self.pass(Event::Ended);
            };
            let done = self.digest.bytes();
            if done - self.broke_at >= PROGRESS {
                self.attempts = 1;
            }
            self.broke_at = done;
            self.client
                .retry_file(&request, &mut self.attempts, error)?;
            if self.has_begun {
                request.known = Version::default();
            }
            let version = self.version.for_range().filter(|_| done > 0);
            request.rest = version.map(|version| (done, version.to_string()));
        }
    }

    /// Passes a whole file on. Bytes that were passed on before are compared, and not passed on again.
    fn pass_whole(&mut self, mut body: FileBody) -> Result<Result<(), RequestError>, End> {
        if !self.has_begun {
            self.begin(&body)?;
            return self.pass_body(body);
        }
        self.require_same(&body)?;
        let mut left = self.digest.bytes();
        let mut again = Digest::default();
        let mut buffer = vec![0; CHUNK];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            match self.client.read_file(&mut body, &mut buffer[..most]) {
                Ok(0) => return Err(self.changed()),
                Ok(count) => {
                    again.hash(&buffer[..count]);
                    left -= count as u64;
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        if again.sha256() != self.digest.sha256() {
            return Err(self.changed());
        }
        self.pass_body(body)
    }

    fn begin(&mut self, body: &FileBody) -> Result<(), End> {
        self.has_begun = true;
        self.version = body.version.clone();
        self.size = body.size;
        if self.size == FileSize::Unknown {
            terminal::warn(format!(
                "source \"{}\": the server does not say how long the file is: if the connection breaks, the load cannot \
                 detect that the end of the file is missing",
                self.client.settings.source
            ));
        }
        self.pass(Event::Begun(Beginning {
            version: self.version.clone(),
            bytes: match self.size {
                FileSize::Bytes(bytes) => Some(bytes),
                FileSize::Marked | FileSize::Unknown => None,
            },
        }))
    }

    /// Passes the rest of a body on. The inner error is one of the connection.
    fn pass_body(&mut self, mut body: FileBody) -> Result<Result<(), RequestError>, End> {
        loop {
            let mut chunk = vec![0; CHUNK];
            let count = match self.client.read_file(&mut body, &mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) => return Ok(Err(error)),
            };
            chunk.truncate(count);
            self.digest.hash(&chunk);
            self.digest.count(count as u64);
            self.pass(Event::Bytes(chunk))?;
        }
        match self.size {
            FileSize::Bytes(bytes) if bytes != self.digest.bytes() => {
                let done = self.digest.bytes();
                let reason = format!("it ended after {done} of {bytes} bytes");
                Ok(Err(RequestError::Broken { reason }))
            }
            _ => Ok(Ok(())),
        }
    }

    /// Whether all bytes were passed on, if the file has this many.
    fn is_whole(&self, bytes: Option<u64>) -> bool {
        let done = self.digest.bytes();
        let has_more = matches!(self.size, FileSize::Bytes(size) if size != done);
        bytes == Some(done) && !has_more
    }

    /// Fails if the body is of another version than the bytes that were passed on.
    fn require_same(&self, body: &FileBody) -> Result<(), End> {
        let has_other_size = match (self.size, body.size) {
            (FileSize::Bytes(one), FileSize::Bytes(other)) => one != other,
            _ => false,
        };
        if has_other_size || self.version.differs_from(&body.version) {
            return Err(self.changed());
        }
        Ok(())
    }

    fn changed(&self) -> End {
        End::Failed(self.client.file_changed(&self.url, self.digest.bytes()))
    }

    fn pass(&self, event: Event) -> Result<(), End> {
        self.events.send(event).map_err(|_| End::Unwanted)
    }
}
