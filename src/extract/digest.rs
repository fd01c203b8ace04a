//! Computes the size and SHA-256 of the bytes that are read.

use crate::project::hex;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;

#[derive(Default)]
pub(crate) struct Digest {
    hash: Sha256,
    bytes: u64,
}

impl Digest {
    pub(crate) fn hash(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    pub(crate) fn count(&mut self, bytes: u64) {
        self.bytes += bytes;
    }

    /// The number of bytes read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The hash in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

/// Digests the bytes while they are loaded, because a file may change between two reads.
pub(crate) struct DigestingReader<R> {
    pub(crate) reader: R,
    pub(crate) digest: Rc<RefCell<Digest>>,
}

impl<R: Read> Read for DigestingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut digest = self.digest.borrow_mut();
        digest.hash(&buffer[..count]);
        digest.count(count as u64);
        Ok(count)
    }
}
