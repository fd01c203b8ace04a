//! Converts decoded text back to the bytes of the file.

use super::{Encoding, HALF_UNIT, WINDOWS_1252};

impl Encoding {
    /// The number of bytes of the file that were decoded to `decoded`.
    pub(in crate::extract) fn length(self, decoded: &[u8]) -> u64 {
        let by_first = |width: fn(u8) -> u64| decoded.iter().map(|byte| width(*byte)).sum();
        match self {
            Encoding::Utf8 => decoded.len() as u64,
            Encoding::Latin1 | Encoding::Windows1252 => {
                by_first(|byte| u64::from(byte & 0xc0 != 0x80))
            }
            Encoding::Utf16 { .. } => by_first(|byte| match byte {
                HALF_UNIT => 1,
                0x80..=0xbf => 0,
                0xf0.. => 4,
                _ => 2,
            }),
        }
    }

    /// The bytes of the file that were decoded to `decoded`.
    pub(in crate::extract) fn original(self, decoded: &[u8]) -> Vec<u8> {
        if self == Encoding::Utf8 {
            return decoded.to_vec();
        }
        let mut original = Vec::new();
        let mut at = 0;
        while at < decoded.len() {
            let first = decoded[at];
            let width = match first {
                HALF_UNIT => 3,
                0..=0x7f => 1,
                0x80..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0.. => 4,
            };
            let more = &decoded[at + 1..(at + width).min(decoded.len())];
            at += width;
            if first == HALF_UNIT {
                original.push(more.iter().fold(0, |byte, half| byte << 4 | half & 0x0f));
                continue;
            }
            // The code point's bits are in the first byte, and six of them in each further byte.
            let start = u32::from(first) & (0xff >> if width == 1 { 1 } else { width + 1 });
            let point = more
                .iter()
                .fold(start, |point, byte| point << 6 | u32::from(byte & 0x3f));
            self.push_original(point, &mut original);
        }
        original
    }

    fn push_original(self, point: u32, original: &mut Vec<u8>) {
        match self {
            Encoding::Utf8 => {}
            Encoding::Latin1 => original.push(point as u8),
            Encoding::Windows1252 => {
                let place = WINDOWS_1252
                    .iter()
                    .position(|each| u32::from(*each) == point);
                original.push(place.map_or(point as u8, |place| 0x80 + place as u8));
            }
            Encoding::Utf16 { is_big_endian } => {
                let units = match point {
                    ..0x10000 => [Some(point as u16), None],
                    _ => {
                        let above = point - 0x10000;
                        [
                            Some(0xd800 | (above >> 10) as u16),
                            Some(0xdc00 | (above & 0x3ff) as u16),
                        ]
                    }
                };
                for unit in units.into_iter().flatten() {
                    original.extend(if is_big_endian {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    });
                }
            }
        }
    }
}
