//! The directory at the end of a zip archive. It must list as many files as were found, and be the end of the archive.

use super::lookahead::Lookahead;
use super::refusal::invalid;
use std::io::{Read, Result};

/// Reads the directory, behind its first signature, to the end of the archive. `count`: the files and folders that
/// were found.
pub(super) fn check_directory<R: Read>(
    input: &mut Lookahead<R>,
    first_signature: [u8; 4],
    count: u64,
) -> Result<()> {
    let mut listed = 0_u64;
    let mut signature = first_signature;
    loop {
        match &signature {
            b"PK\x01\x02" => {
                let head: [u8; 42] = input.bytes()?;
                let lengths = [24, 26, 28].map(|at| u16::from_le_bytes([head[at], head[at + 1]]));
                input.skip(lengths.into_iter().map(u64::from).sum())?;
                listed += 1;
            }
            b"PK\x06\x06" => {
                let length = u64::from_le_bytes(input.bytes()?);
                input.skip(length)?;
            }
            b"PK\x06\x07" => input.skip(16)?,
            b"PK\x06\x08" => {
                let length = u32::from_le_bytes(input.bytes()?);
                input.skip(u64::from(length))?;
            }
            b"PK\x05\x05" => {
                let length = u16::from_le_bytes(input.bytes()?);
                input.skip(u64::from(length))?;
            }
            b"PK\x05\x06" => {
                let tail: [u8; 18] = input.bytes()?;
                input.skip(u64::from(u16::from_le_bytes([tail[16], tail[17]])))?;
                break;
            }
            _ => return Err(invalid("its directory is damaged")),
        }
        signature = input.bytes()?;
    }
    if listed != count {
        return Err(invalid(&format!(
            "its directory lists {listed} files and folders, and {count} were found"
        )));
    }
    require_end(input)
}

/// Accepts zeros and white space, which transfers add.
fn require_end<R: Read>(input: &mut Lookahead<R>) -> Result<()> {
    loop {
        let rest = input.fill(1)?;
        if rest.is_empty() {
            return Ok(());
        }
        let is_padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
        if !rest.iter().all(is_padding) {
            return Err(invalid("the archive is followed by other data"));
        }
        let length = rest.len();
        input.consume(length);
    }
}

/// Whether a signature begins a part of the directory, or its end.
pub(super) fn is_of_directory(signature: &[u8; 4]) -> bool {
    [b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x08"].contains(&signature)
}
