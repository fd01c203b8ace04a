//! A reader whose next bytes can be examined before they are read.

use std::io::{ErrorKind, Read, Result};

const CHUNK: usize = 64 * 1024;

pub(super) struct Lookahead<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
}

impl<R: Read> Lookahead<R> {
    pub(super) fn new(input: R) -> Self {
        Lookahead {
            input,
            buffer: Vec::new(),
            start: 0,
        }
    }

    /// The next bytes: `least` of them, unless the input ends before.
    pub(super) fn fill(&mut self, least: usize) -> Result<&[u8]> {
        if self.buffer.len() - self.start < least {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        while self.buffer.len() - self.start < least {
            let filled = self.buffer.len();
            self.buffer.resize(filled + CHUNK, 0);
            let read = self.input.read(&mut self.buffer[filled..]);
            self.buffer
                .truncate(filled + read.as_ref().map_or(0, |read| *read));
            match read {
                Ok(0) => break,
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(&self.buffer[self.start..])
    }

    /// Passes `count` bytes that were examined.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Passes bytes. An error if the input ends before.
    pub(super) fn skip(&mut self, count: u64) -> Result<()> {
        let mut left = count;
        while left > 0 {
            let available = self.fill(1)?.len();
            if available == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let passed = usize::try_from(left).map_or(available, |left| left.min(available));
            self.consume(passed);
            left -= passed as u64;
        }
        Ok(())
    }

    /// Reads `count` bytes.
    pub(super) fn some_bytes(&mut self, count: usize) -> Result<Vec<u8>> {
        let bytes = self.fill(count)?.get(..count).map(<[u8]>::to_vec);
        let bytes = bytes.ok_or(ErrorKind::UnexpectedEof)?;
        self.consume(count);
        Ok(bytes)
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.fill(N)?.first_chunk().copied();
        let bytes = bytes.ok_or(ErrorKind::UnexpectedEof)?;
        self.consume(N);
        Ok(bytes)
    }
}
