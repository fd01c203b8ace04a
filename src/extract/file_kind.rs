//! Names files of other formats, which are often saved under the name of a CSV file.

use crate::failure::{Exit, Failure};

/// Bytes that are looked at.
pub(super) const LOOKED_AT: usize = 1024;

/// First bytes of formats, and how they are called.
const KINDS: [(&[u8], &str); 24] = [
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1\x15", "a Parquet file"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel or Word document (.xls, .doc)",
    ),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1\0\0", "an Arrow or Feather file"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "a gzip file in another compressed file"),
    (
        b"\x28\xb5\x2f\xfd",
        "a zstd file in another compressed file",
    ),
    (b"\xfd7zXZ\0", "an xz file in another compressed file"),
    (b"PK\x03\x04", "a zip archive in another compressed file"),
    (b"\x04\x22\x4d\x18", "an lz4 file"),
    (b"\x1f\x9d", "a file of compress (.Z)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"PGDMP", "a dump of pg_dump"),
];

/// The first tags of web pages.
const HTML: [&[u8]; 4] = [b"<!doctype html", b"<html", b"<head", b"<body"];

/// The refusal of a file that begins with these bytes and is no CSV and no JSON.
pub(super) fn foreign(first: &[u8]) -> Option<Refusal> {
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| first.starts_with(magic)) {
        return Some(refusal(kind, "Export its table as CSV or JSON."));
    }
    if first.get(257..262) == Some(b"ustar") {
        return Some(refusal("a tar archive", "Unpack it first with tar."));
    }
    let text = start_of_text(first);
    let lower = text.to_ascii_lowercase();
    if HTML.iter().any(|tag| lower.starts_with(tag)) {
        let hint = "Often it is an error or a page to sign in: open it in a browser, and fetch the file again.";
        return Some(refusal("a web page (HTML)", hint).with_start(text));
    }
    if lower.starts_with(b"<?xml") {
        let kind = if memchr::memmem::find(&lower, b"<html").is_some() {
            "a web page (HTML)"
        } else if memchr::memmem::find(&lower, b"<error").is_some() {
            "an error message in XML"
        } else {
            "an XML document"
        };
        return Some(refusal(kind, "Export it as CSV or JSON.").with_start(text));
    }
    None
}

/// The refusal of JSON in a CSV file.
pub(super) fn json_as_csv(first: &[u8]) -> Option<Refusal> {
    let text = start_of_text(first);
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start();
    let is_json = match text.first() {
        Some(b'{') => {
            inner.starts_with(b"\"") && memchr::memmem::find(inner, b"\":").is_some()
                || inner.starts_with(b"}")
        }
        Some(b'[') => inner.starts_with(b"{") && inner[1..].trim_ascii_start().starts_with(b"\""),
        _ => false,
    };
    let hint = "Often it is an error message of a server. If it is the data, add a source for it with elt init.";
    is_json.then(|| refusal("JSON and not CSV", hint).with_start(text))
}

fn start_of_text(first: &[u8]) -> &[u8] {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.trim_ascii_start()
}

pub(super) struct Refusal(Failure);

pub(super) fn refusal(kind: &str, hint: &str) -> Refusal {
    Refusal(Failure::new(Exit::Failed, format!("the file is {kind}")).hint(hint))
}

impl Refusal {
    /// Shows how the text begins.
    fn with_start(self, text: &[u8]) -> Refusal {
        let shown: String = String::from_utf8_lossy(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(160)
            .collect();
        Refusal(self.0.detail(format!("It begins with: {shown}")))
    }

    pub(super) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self.0)
    }

    pub(super) fn into_error(self) -> anyhow::Error {
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_not_taken_for_other_formats() {
        for table in [
            b"PAR1,PAR2\n1,2\n".as_slice(),
            b"<name>,x\n",
            b"[id],[name]\n1,a\n",
            b"{id},name\n",
            b"BMI,age\n",
            b"II*,x\n",
            b"",
        ] {
            assert!(
                foreign(table).is_none() && json_as_csv(table).is_none(),
                "{table:?}"
            );
        }
        assert!(foreign(b"\xef\xbb\xbf\n <!DOCTYPE HTML><p>").is_some());
        assert!(json_as_csv(b"{\"error\": \"expired\"}").is_some());
        assert!(json_as_csv(b"[\n {\"a\": 1}]").is_some());
    }
}
