//! Transfers the bytes of an object from its bucket to the reader, in a thread. If the connection breaks, the transfer
//! goes on after the last byte, of the same version of the object only.

use super::requests::Requests;
use super::store::RequestFailure;
use crate::extract::rest::{ApiFailure, Beginning, Event, Pace, RequestError, Version};
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResult, ObjectMeta};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use tokio::runtime::Runtime;

/// After this many bytes, a connection that breaks is no sign of a server that does not work.
const PROGRESS: u64 = 16 * 1024 * 1024;

pub(super) struct Transfer {
    requests: Requests,
    path: Path,
    events: SyncSender<Event>,
    /// Ends the waits when the bytes are no longer needed.
    pace: Arc<Pace>,
    runtime: Runtime,
    /// The version and the size of the first response.
    begun: Option<(Version, u64)>,
    /// The number of bytes that were passed on.
    done: u64,
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
    pub(super) fn new(
        (requests, runtime): (Requests, Runtime),
        path: Path,
        pace: Arc<Pace>,
        events: SyncSender<Event>,
    ) -> Transfer {
        Transfer {
            requests,
            path,
            events,
            pace,
            runtime,
            begun: None,
            done: 0,
            broke_at: 0,
        }
    }

    /// Transfers the object, unless it is still the known version.
    pub(super) fn run(mut self, known: &Version) {
        if let Err(End::Failed(failure)) = self.transfer(known) {
            // The reader may be gone.
            let _ = self.events.send(Event::Failed(failure));
        }
    }

    fn transfer(&mut self, known: &Version) -> Result<(), End> {
        loop {
            let options = self.options(known);
            let request = self.requests.store.get(&self.path, options);
            let failure = match self.runtime.block_on(request) {
                Ok(result) => match self.pass_body(result)? {
                    None => return self.pass(Event::Ended),
                    Some(failure) => failure,
                },
                Err(failure) => match (failure.status(), &self.begun) {
                    (304, None) => return self.pass(Event::NotModified),
                    (412 | 416, Some(_)) => return Err(self.changed()),
                    _ => failure,
                },
            };
            if self.done - self.broke_at >= PROGRESS {
                self.requests.attempts = 1;
            }
            self.broke_at = self.done;
            let after = self.requests.retry_after(&failure)?;
            self.pace.pause(after).map_err(|_| End::Unwanted)?;
        }
    }

    /// The conditions of the next request.
    fn options(&self, known: &Version) -> GetOptions {
        let Some((version, _)) = &self.begun else {
            return GetOptions {
                if_none_match: known.entity_tag.clone(),
                ..GetOptions::default()
            };
        };
        let options = GetOptions {
            if_match: version.for_range().map(str::to_string),
            ..GetOptions::default()
        };
        match self.done {
            0 => options,
            done => GetOptions {
                range: Some(GetRange::Offset(done)),
                ..options
            },
        }
    }

    /// Passes the bytes of a response on. Returns a failure of the connection.
    fn pass_body(&mut self, result: GetResult) -> Result<Option<RequestFailure>, End> {
        let version = self.version(&result.meta);
        let size = result.meta.size;
        match &self.begun {
            None => {
                self.begun = Some((version.clone(), size));
                self.pass(Event::Begun(Beginning {
                    version,
                    bytes: Some(size),
                }))?;
            }
            Some((begun, bytes)) => {
                let is_same = begun.for_range().is_some()
                    && begun.entity_tag == version.entity_tag
                    && *bytes == size;
                if !is_same {
                    return Err(self.changed());
                }
            }
        }
        let mut stream = result.into_stream();
        while let Some(bytes) = self.runtime.block_on(stream.next()) {
            match bytes {
                Ok(bytes) => {
                    self.done += bytes.len() as u64;
                    self.pass(Event::Bytes(bytes.into()))?;
                }
                Err(error) => return Ok(Some(self.requests.store.failure(error))),
            }
        }
        if self.done == size {
            return Ok(None);
        }
        let reason = format!("it ended after {} of {size} bytes", self.done);
        Ok(Some(RequestFailure {
            error: RequestError::Broken { reason },
            refusal: None,
        }))
    }

    /// The version of the object, which is kept in the database. A server may put into it what it received.
    fn version(&self, meta: &ObjectMeta) -> Version {
        let tag = meta.e_tag.clone();
        let tag = tag.filter(|tag| self.requests.store.shown(tag).is_some());
        let modified = meta.last_modified.format("%a, %d %b %Y %H:%M:%S GMT");
        Version::new(tag, Some(modified.to_string()), None)
    }

    fn changed(&self) -> End {
        End::Failed(self.requests.changed(self.done))
    }

    fn pass(&self, event: Event) -> Result<(), End> {
        self.events.send(event).map_err(|_| End::Unwanted)
    }
}
