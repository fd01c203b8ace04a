//! Reads compressed files. The format is detected from the first bytes, not from the name.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use flate2::read::MultiGzDecoder;
use std::io::{Chain, Cursor, Read};

/// The largest allowed window of zstd, as a power of two: 32 MiB of memory. Only its highest levels and `--long` need
/// more.
const LARGEST_ZSTD_WINDOW: u32 = 25;

const ZIP: &[u8] = b"PK\x03\x04";

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    const ALL: [Compression; 2] = [Compression::Gzip, Compression::Zstd];

    /// The name in `elt.load.compression`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    fn first_bytes(self) -> &'static [u8] {
        match self {
            Compression::Gzip => b"\x1f\x8b",
            Compression::Zstd => b"\x28\xb5\x2f\xfd",
        }
    }
}

/// The names that a file may have when it is compressed.
pub(crate) fn compressed_names(name: &str) -> [String; 2] {
    [format!("{name}.gz"), format!("{name}.zst")]
}

/// Unpacks the file if it is compressed.
pub(super) fn unpack<'a>(
    mut input: Box<dyn Read + 'a>,
) -> Result<(Box<dyn Read + 'a>, Option<Compression>)> {
    let first = first_bytes::<4>(&mut input)?;
    if first.starts_with(ZIP) {
        return Err(Failure::new(Exit::Failed, "the file is a zip archive")
            .detail("An archive may contain several files; elt reads .gz and .zst files directly.")
            .hint("Unpack it first with unzip.")
            .into());
    }
    let compression = Compression::ALL
        .into_iter()
        .find(|compression| first.starts_with(compression.first_bytes()));
    let input = put_back(first, input);
    let unpacked: Box<dyn Read + 'a> = match compression {
        None => Box::new(input),
        Some(Compression::Gzip) => Box::new(Unpacking(MultiGzDecoder::new(input))),
        Some(Compression::Zstd) => {
            let mut decoder = zstd::Decoder::new(input)?;
            decoder.window_log_max(LARGEST_ZSTD_WINDOW)?;
            Box::new(Unpacking(decoder))
        }
    };
    Ok((unpacked, compression))
}

/// Reports errors of the decoder as errors of the compressed file.
struct Unpacking<R>(R);

impl<R: Read> Read for Unpacking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            // An error of the operating system is about reading the file, not about its content.
            if error.raw_os_error().is_some() {
                return error;
            }
            let failure = Failure::new(Exit::Failed, "could not unpack the compressed file")
                .because(error)
                .detail("It is truncated or damaged, or needs a window of more than 32 MiB.")
                .hint("Fetch it again, or test it with gunzip or unzstd.");
            std::io::Error::other(failure)
        })
    }
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
        let (mut input, compression) = unpack(Box::new(bytes))?;
        let mut text = String::new();
        input.read_to_string(&mut text)?;
        Ok((text, compression.map(Compression::name)))
    }

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
        assert_eq!(unpacked(b"a,b\n")?, ("a,b\n".into(), None));
        assert_eq!(unpacked(b"")?, (String::new(), None));
        Ok(())
    }

    #[test]
    fn refuses_truncated_files_and_archives() -> Result<()> {
        let whole = gzip("a,b\n1,2\n")?;
        assert!(unpacked(&whole[..whole.len() - 3]).is_err());
        let whole = zstd::encode_all(&b"a,b\n1,2\n"[..], 3)?;
        assert!(unpacked(&whole[..whole.len() - 3]).is_err());
        assert!(unpacked(b"PK\x03\x04...").is_err());
        Ok(())
    }
}
