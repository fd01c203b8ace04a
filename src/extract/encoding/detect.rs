//! Detects the encoding of a file from all of its bytes.

use super::LOOKED_AT;
use super::excerpt::{excerpt, text};
use super::names::canonical_name;
use super::usage::Usage;
use crate::extract::compression::read_problem;
use anyhow::Result;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use std::io::Read;

const CHUNK: u64 = 64 * 1024;

pub(crate) struct DetectedEncoding {
    /// A name of `elt.source.encoding`.
    pub(crate) name: &'static str,
    /// Why it was chosen; None for valid UTF-8.
    pub(crate) reason: Option<String>,
}

impl DetectedEncoding {
    fn new(name: &'static str, reason: String) -> DetectedEncoding {
        DetectedEncoding {
            name,
            reason: Some(reason),
        }
    }
}

/// Reads an unpacked file to its end, and decides in which encoding it is.
pub(crate) fn detect_encoding(mut input: impl Read) -> Result<DetectedEncoding> {
    let mut survey = Survey::default();
    let mut chunk = Vec::new();
    loop {
        chunk.clear();
        let mut part = input.by_ref().take(CHUNK);
        if part.read_to_end(&mut chunk).map_err(read_problem)? == 0 {
            return Ok(survey.decide());
        }
        crate::signals::check()?;
        survey.add(&chunk);
    }
}

/// Whether text in UTF-16 without a byte order mark has its high bytes first. ASCII signs have a high byte of zero.
pub(super) fn is_big_endian(first: &[u8]) -> bool {
    let first = &first[..first.len().min(LOOKED_AT)];
    let zeros = count_zeros(first, 0);
    zeros[0] > zeros[1]
}

/// The zeros at even and at odd places of the file.
fn count_zeros(bytes: &[u8], offset: u64) -> [u64; 2] {
    let mut zeros = [0, 0];
    for at in memchr::memchr_iter(0, bytes) {
        zeros[((offset + at as u64) % 2) as usize] += 1;
    }
    zeros
}

#[derive(Default)]
struct Survey {
    start: Vec<u8>,
    bytes: u64,
    zeros: [u64; 2],
    line_feeds: u64,
    /// Line feeds that are one character of UTF-16 with a NUL: with their high byte first, and last.
    wide_line_feeds: [u64; 2],
    /// Characters of two or more bytes in UTF-8.
    multi_byte: u64,
    /// Bytes that are not UTF-8.
    invalid: u64,
    lines: u64,
    /// The start of a character whose other bytes are in the next chunk.
    partial: Vec<u8>,
    /// What follows the first byte that is not UTF-8.
    foreign: Option<Foreign>,
}

/// The part of a file that begins with the first bytes that are not UTF-8.
struct Foreign {
    line: u64,
    /// The text around the first of those bytes.
    excerpt: Vec<u8>,
    usage: Usage,
    detector: EncodingDetector,
}

impl Survey {
    fn add(&mut self, chunk: &[u8]) {
        if self.start.len() < 4 {
            self.start.extend(chunk.iter().take(4));
        }
        let zeros = count_zeros(chunk, self.bytes);
        self.zeros[0] += zeros[0];
        self.zeros[1] += zeros[1];
        for at in memchr::memchr_iter(b'\n', chunk) {
            let is_odd = (self.bytes + at as u64) % 2 == 1;
            self.line_feeds += 1;
            if is_odd {
                self.wide_line_feeds[0] += u64::from(at > 0 && chunk[at - 1] == 0);
            } else {
                self.wide_line_feeds[1] += u64::from(chunk.get(at + 1) == Some(&0));
            }
        }
        self.bytes += chunk.len() as u64;
        if self.partial.is_empty() && self.foreign.is_none() && chunk.is_ascii() {
            self.lines += memchr::memchr_iter(b'\n', chunk).count() as u64;
            return;
        }
        let mut joined = std::mem::take(&mut self.partial);
        joined.extend_from_slice(chunk);
        let first_invalid = self.count(&joined);
        if self.foreign.is_none()
            && let Some(at) = first_invalid
        {
            let lines = memchr::memchr_iter(b'\n', &joined[..at]).count() as u64;
            self.foreign = Some(Foreign {
                line: self.lines + lines + 1,
                excerpt: excerpt(&joined, at),
                usage: Usage::default(),
                detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            });
            if let Some(foreign) = &mut self.foreign {
                foreign.add(&joined);
            }
        } else if let Some(foreign) = &mut self.foreign {
            foreign.add(chunk);
        }
        self.lines += memchr::memchr_iter(b'\n', chunk).count() as u64;
    }

    /// Counts characters and invalid bytes of UTF-8. Returns where the first invalid one is.
    fn count(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut first_invalid = None;
        let mut at = 0;
        loop {
            let (valid, invalid) = match std::str::from_utf8(&bytes[at..]) {
                Ok(text) => (text.as_bytes(), None),
                Err(error) => (
                    &bytes[at..at + error.valid_up_to()],
                    Some(error.error_len()),
                ),
            };
            self.multi_byte += valid.iter().filter(|byte| **byte >= 0xc0).count() as u64;
            at += valid.len();
            match invalid {
                None => return first_invalid,
                Some(None) => {
                    self.partial = bytes[at..].to_vec();
                    return first_invalid;
                }
                Some(Some(length)) => {
                    first_invalid.get_or_insert(at);
                    self.invalid += length as u64;
                    at += length;
                }
            }
        }
    }

    fn decide(mut self) -> DetectedEncoding {
        match self.start.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => return self.decide_utf8(),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                let reason = "the file begins with its byte order mark";
                return DetectedEncoding::new("utf-16", reason.into());
            }
            _ => {}
        }
        let [even, odd] = self.zeros;
        // A few NULs in another encoding are errors of some records.
        let has_wide_lines = self.wide_line_feeds[usize::from(odd > even)] * 2 > self.line_feeds;
        let has_zeros = (even + odd) * if has_wide_lines { 50 } else { 5 } > self.bytes;
        if has_zeros && (even > 4 * odd || odd > 4 * even) {
            let (name, place) = if even > odd {
                ("utf-16be", "even")
            } else {
                ("utf-16le", "odd")
            };
            let reason = format!(
                "{} of its {} bytes are NUL, most of them at {place} places",
                even + odd,
                self.bytes
            );
            return DetectedEncoding::new(name, reason);
        }
        if !self.partial.is_empty() {
            // A character of UTF-8 that the end of the file cuts off, or bytes of another encoding.
            let partial = std::mem::take(&mut self.partial);
            self.invalid += partial.len() as u64;
            self.foreign.get_or_insert_with(|| {
                let mut foreign = Foreign {
                    line: self.lines + 1,
                    excerpt: partial.clone(),
                    usage: Usage::default(),
                    detector: EncodingDetector::new(Iso2022JpDetection::Deny),
                };
                foreign.add(&partial);
                foreign
            });
        }
        if self.multi_byte > self.invalid || self.foreign.is_none() {
            return self.decide_utf8();
        }
        self.foreign.map(Foreign::decide).unwrap_or_else(|| {
            let reason = "no byte says otherwise";
            DetectedEncoding::new("utf-8", reason.into())
        })
    }

    /// The decision for UTF-8, which may have invalid bytes.
    fn decide_utf8(&self) -> DetectedEncoding {
        let reason = self.foreign.as_ref().map(|foreign| {
            let bytes = match self.invalid {
                1 => "1 byte is".to_string(),
                several => format!("{several} bytes are"),
            };
            format!(
                "{} characters of several bytes are UTF-8; {bytes} not, the first on line {}",
                self.multi_byte, foreign.line
            )
        });
        DetectedEncoding {
            name: "utf-8",
            reason,
        }
    }
}

impl Foreign {
    fn add(&mut self, bytes: &[u8]) {
        self.usage.add(bytes);
        self.detector.feed(bytes, false);
    }

    fn decide(mut self) -> DetectedEncoding {
        self.detector.feed(b"", true);
        let guess = self.detector.guess(None, Utf8Detection::Deny);
        let guess = canonical_name(guess.name()).unwrap_or("windows-1252");
        let name = self.usage.choose(guess);
        let text = text(name, &self.excerpt);
        let reason = format!(
            "line {} is not UTF-8; {name} reads \"{}\" there",
            self.line,
            text.trim()
        );
        DetectedEncoding::new(name, reason)
    }
}
