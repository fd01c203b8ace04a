//! Reads compressed files. The format is detected from the first bytes, not from the name.

use super::zip::ZipMember;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use std::io::{BufReader, Chain, Cursor, Read};

/// The largest allowed window of zstd, as a power of two: 32 MiB of memory. Only its highest levels and `--long` need
/// more.
const LARGEST_ZSTD_WINDOW: u32 = 25;

/// The memory in KiB that xz may use. Its highest level needs 65 MiB.
const MOST_XZ_MEMORY: u32 = 80 * 1024;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Zip,
}

impl Compression {
    const ALL: [Compression; 5] = [
        Compression::Gzip,
        Compression::Zstd,
        Compression::Xz,
        Compression::Bzip2,
        Compression::Zip,
    ];

    /// The name in `elt.load.compression`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Xz => "xz",
            Compression::Bzip2 => "bzip2",
            Compression::Zip => "zip",
        }
    }

    /// Whether a file that begins with these bytes is compressed so.
    fn is_of(self, first: &[u8]) -> bool {
        match self {
            Compression::Gzip => first.starts_with(b"\x1f\x8b"),
            Compression::Zstd => first.starts_with(b"\x28\xb5\x2f\xfd"),
            Compression::Xz => first.starts_with(b"\xfd7zXZ\0"),
            // The number is its level; pi follows, or the end of an empty file.
            Compression::Bzip2 => {
                first.starts_with(b"BZh")
                    && first.get(3).is_some_and(u8::is_ascii_digit)
                    && matches!(first.get(4), Some(0x31 | 0x17))
            }
            Compression::Zip => {
                first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06")
            }
        }
    }
}

/// The names that a file may have when it is compressed.
pub(crate) fn compressed_names(name: &str) -> [String; 5] {
    ["gz", "zst", "xz", "bz2", "zip"].map(|ending| format!("{name}.{ending}"))
}

/// An unpacked file.
pub(super) struct Unpacked<'a> {
    pub(super) input: Box<dyn Read + 'a>,
    pub(super) compression: Option<Compression>,
    /// File in the zip archive.
    pub(super) member: Option<String>,
}

/// Unpacks the file if it is compressed. `member`: file in a zip archive; None if the archive has one.
///
/// # Errors
/// If a member is named, and the file is no archive.
pub(super) fn unpack<'a>(
    mut input: Box<dyn Read + 'a>,
    member: Option<&str>,
) -> Result<Unpacked<'a>> {
    let first = first_bytes::<8>(&mut input)?;
    let compression = Compression::ALL
        .into_iter()
        .find(|compression| compression.is_of(&first));
    if let Some(member) = member
        && compression != Some(Compression::Zip)
    {
        return Err(no_archive(member));
    }
    let input = put_back(first, input);
    let mut name = None;
    let unpacked: Box<dyn Read + 'a> = match compression {
        None => Box::new(input),
        Some(Compression::Gzip) => Box::new(Unpacking(MultiGzDecoder::new(input))),
        Some(Compression::Zstd) => {
            let mut decoder = zstd::Decoder::new(input)?;
            decoder.window_log_max(LARGEST_ZSTD_WINDOW)?;
            Box::new(Unpacking(decoder))
        }
        Some(Compression::Xz) => {
            let input = BufReader::new(input);
            let decoder = XzReader::new_mem_limit(input, true, MOST_XZ_MEMORY);
            Box::new(Unpacking(decoder))
        }
        Some(Compression::Bzip2) => Box::new(Unpacking(MultiBzDecoder::new(input))),
        Some(Compression::Zip) => {
            let zip = ZipMember::open(Box::new(input), member)
                .map_err(|error| read_problem(unpacking_problem(error)))?;
            name = Some(zip.name().to_string());
            Box::new(Unpacking(zip))
        }
    };
    Ok(Unpacked {
        input: unpacked,
        compression,
        member: name,
    })
}

/// Another file than the one that was named would be loaded.
fn no_archive(member: &str) -> anyhow::Error {
    let message = format!("the file is no zip archive, and file \"{member}\" of one was named");
    Failure::new(Exit::Failed, message)
        .detail("elt.source.member (elt init --member) names a file in a zip archive.")
        .hint("If the source now gets the file itself, set elt.source.member to null.")
        .into()
}

/// Reports errors of the decoder as errors of the compressed file.
struct Unpacking<R>(R);

impl<R: Read> Read for Unpacking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer).map_err(unpacking_problem)
    }
}

fn unpacking_problem(error: std::io::Error) -> std::io::Error {
    let is_explained = error.get_ref().is_some_and(|inner| inner.is::<Failure>());
    // An error of the operating system is about reading the file, not about its content.
    if is_explained || error.raw_os_error().is_some() {
        return error;
    }
    let failure = Failure::new(Exit::Failed, "could not unpack the compressed file")
        .because(error)
        .detail("It is truncated or damaged, or needs more memory than elt allows (zstd: 32 MiB, xz: 80 MiB).")
        .hint("Fetch it again, or test it with gunzip, unzstd, unxz, bunzip2 or unzip -t.");
    std::io::Error::other(failure)
}

/// The first `N` bytes, or all bytes of a shorter file.
pub(super) fn first_bytes<const N: usize>(input: &mut impl Read) -> Result<Vec<u8>> {
    let mut first = Vec::new();
    input
        .take(N as u64)
        .read_to_end(&mut first)
        .map_err(read_problem)?;
    Ok(first)
}

/// Returns the failure inside a reader's error, if there is one.
pub(super) fn read_problem(error: std::io::Error) -> anyhow::Error {
    match error.downcast::<Failure>() {
        Ok(failure) => failure.into(),
        Err(error) => anyhow::Error::new(error).context("could not read on"),
    }
}

/// Returns `first` and then `rest`.
pub(super) fn put_back<R: Read>(first: Vec<u8>, rest: R) -> Chain<Cursor<Vec<u8>>, R> {
    Cursor::new(first).chain(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn unpacked(bytes: &[u8]) -> Result<(String, Option<&'static str>)> {
        let mut unpacked = unpack(Box::new(bytes), None)?;
        let mut text = String::new();
        unpacked.input.read_to_string(&mut text)?;
        Ok((text, unpacked.compression.map(Compression::name)))
    }

    fn bzip2(text: &str) -> Result<Vec<u8>> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text.as_bytes())?;
        Ok(encoder.finish()?)
    }

    /// `printf 'a,b\n1,2\n' | xz`.
    const XZ: &[u8] = b"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\x01\x00\x07\x61\x2c\x62\x0a\x31\x2c\x32\x0a\x00\xbe\x9c\xbd\x49\xb5\x12\x2a\xfe\x00\x01\x20\x08\xbb\x19\xd9\xbb\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a";

    fn gzip(text: &str) -> Result<Vec<u8>> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes())?;
        Ok(encoder.finish()?)
    }

    #[test]
    fn unpacks_files_of_one_or_several_parts() -> Result<()> {
        let mut two = gzip("a,b\n")?;
        two.extend(gzip("1,2\n")?);
        assert_eq!(unpacked(&two)?, ("a,b\n1,2\n".into(), Some("gzip")));
        let mut two = zstd::encode_all(&b"a,b\n"[..], 3)?;
        two.extend(zstd::encode_all(&b"1,2\n"[..], 3)?);
        assert_eq!(unpacked(&two)?, ("a,b\n1,2\n".into(), Some("zstd")));
        let mut two = bzip2("a,b\n")?;
        two.extend(bzip2("1,2\n")?);
        assert_eq!(unpacked(&two)?, ("a,b\n1,2\n".into(), Some("bzip2")));
        assert_eq!(unpacked(XZ)?, ("a,b\n1,2\n".into(), Some("xz")));
        let two = [XZ, XZ].concat();
        assert_eq!(unpacked(&two)?.0, "a,b\n1,2\na,b\n1,2\n");
        assert_eq!(unpacked(b"BZhao,b\n")?.1, None);
        assert_eq!(unpacked(b"a,b\n")?, ("a,b\n".into(), None));
        assert_eq!(unpacked(b"")?, (String::new(), None));
        Ok(())
    }

    #[test]
    fn only_an_archive_has_members() -> Result<()> {
        for bytes in [b"a,b\n1,2\n".to_vec(), gzip("a,b\n1,2\n")?] {
            let refused = unpack(Box::new(bytes.as_slice()), Some("a.csv")).map(|_| ());
            let message = refused.unwrap_err().to_string();
            assert!(message.contains("no zip archive"), "{message}");
        }
        Ok(())
    }

    #[test]
    fn refuses_truncated_files_and_archives() -> Result<()> {
        let whole = gzip("a,b\n1,2\n")?;
        assert!(unpacked(&whole[..whole.len() - 3]).is_err());
        let whole = zstd::encode_all(&b"a,b\n1,2\n"[..], 3)?;
        assert!(unpacked(&whole[..whole.len() - 3]).is_err());
        let whole = bzip2("a,b\n1,2\n")?;
        assert!(unpacked(&whole[..whole.len() - 3]).is_err());
        assert!(unpacked(&XZ[..XZ.len() - 3]).is_err());
        assert!(unpacked(&XZ[..XZ.len() - 20]).is_err());
        assert!(unpacked(b"PK\x03\x04...").is_err());
        Ok(())
    }
}
