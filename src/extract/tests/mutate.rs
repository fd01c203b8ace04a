//! Random changes to files.

use std::io::Read;

/// Bytes that mean something in a format or an encoding.
const SPECIAL: &[u8] = b"\",;'|\t\n\r\0\xff\xfe{}[]\\:0eu ";

/// Random numbers that are the same on every machine: splitmix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(12)).min(length)
    }
}

/// Makes one random change.
pub(super) fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(7) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 => drop(bytes.drain(random.range(bytes.len()))),
        2 | 3 => bytes.insert(at, random.one_of(SPECIAL)),
        4 => {
            let copied = bytes[random.range(bytes.len())].to_vec();
            bytes.splice(at..at, copied);
        }
        5 => {
            let moved: Vec<u8> = bytes.drain(random.range(bytes.len())).collect();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, moved);
        }
        6 if random.below(4) == 0 => bytes.truncate(at),
        _ => {}
    }
}

pub(super) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16" | "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-8" => text.as_bytes().to_vec(),
        _ => text.chars().map(|character| character as u8).collect(),
    }
}

/// A reader that returns a few bytes at a time.
pub(super) struct SlowReader {
    pub(super) bytes: Vec<u8>,
    pub(super) given: usize,
    pub(super) most: usize,
    pub(super) random: Random,
}

impl Read for SlowReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = 1 + self.random.below(self.most);
        let count = count.min(buffer.len()).min(self.bytes.len() - self.given);
        buffer[..count].copy_from_slice(&self.bytes[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
