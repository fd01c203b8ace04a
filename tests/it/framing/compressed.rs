//! Compressed files. Their bytes determine the format, not their names.

use super::Framing;
use crate::support::repository;
use std::io::Write;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    // The zstd command adds a checksum, too.
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

const TEXT: &[u8] = b"\xef\xbb\xbfa,b\r\n1,2\r\n3\r\n";

#[test]
fn loads_the_compressed_file_if_the_plain_one_is_missing() {
    for (name, bytes, compression) in [
        ("lines.csv.gz", gzip(TEXT), "gzip"),
        ("lines.csv.zst", zstd(TEXT), "zstd"),
        ("lines.csv", gzip(TEXT), "gzip"),
        ("lines.csv", zstd(TEXT), "zstd"),
        ("lines.csv.gz", TEXT.to_vec(), "plain"),
    ] {
        let framing = Framing::new();
        let loaded = framing
            .load_file(name, &bytes)
            .has(&["2|1|2"])
            .rejects(&[(3, "1 field instead of 2", b"3")])
            .written(&format!("{compression} utf-8 marked crlf {{a,b}}"))
            .breaks("files_written_oddly", 1);
        // The offset is in the unpacked file.
        assert_eq!(loaded.rejects[0].offset, 13);
        let location = framing.database.text("select location from elt.load");
        assert!(location.ends_with(&format!("/{name}")), "{location}");
        let size = framing.database.number("select size_bytes from elt.load");
        assert_eq!(size, i64::try_from(bytes.len()).unwrap());
        let again = framing.loading("lines").run().ok();
        assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
    }
}

#[test]
fn prefers_the_plain_file_to_its_compressed_copy() {
    let framing = Framing::new();
    framing.data.write("lines.csv.gz", gzip(b"a,b\nold,old\n"));
    framing.load("lines", "a,b\nnew,new\n").has(&["2|new|new"]);
}

#[test]
fn reads_compressed_files_of_several_parts() {
    let framing = Framing::new();
    for pack in [gzip as fn(&[u8]) -> Vec<u8>, zstd] {
        let mut parts = pack(b"a,b\n1,");
        parts.extend(pack(b""));
        parts.extend(pack(b"2\n3,4\n"));
        framing
            .load_file("lines.csv", &parts)
            .has(&["2|1|2", "3|3|4"]);
    }
    framing
        .load("documents", gzip(b"[{\"a\":1}]"))
        .has(&["1|{\"a\": 1}"]);
}

#[test]
fn refuses_truncated_and_damaged_files_and_archives() {
    let framing = Framing::new();
    for whole in [gzip(TEXT), zstd(TEXT)] {
        for length in [4, 5, 8, 12, whole.len() - 9, whole.len() - 1] {
            framing.refuse(
                "lines",
                &whole[..length],
                &[
                    "could not load file",
                    "could not unpack the compressed file",
                    "truncated or damaged",
                    "gunzip, unzstd",
                ],
            );
        }
        let mut damaged = whole.clone();
        let at = damaged.len() - 6;
        damaged[at] ^= 0x55;
        framing.refuse("lines", &damaged, &["could not unpack the compressed file"]);
        let mut followed = whole;
        followed.extend(b"plain text");
        framing.refuse(
            "lines",
            &followed,
            &["could not unpack the compressed file"],
        );
    }
    framing.refuse(
        "lines",
        b"PK\x03\x04....",
        &["could not unpack the compressed file", "unzip -t"],
    );
    assert_eq!(
        framing
            .database
            .number("select count(*) from staging.lines"),
        0
    );
}

/// Files of tests/data/zip are named after the program that wrote them: zip (Info-ZIP), Java and its jar, Python's
/// zipfile. In `macos.zip`, files of the Finder are beside the one with data. The piped ones say the length of a file
/// behind it.
#[test]
fn reads_zip_archives_of_several_programs() {
    let framing = Framing::new();
    let folder = repository().join("tests/data/zip");
    let mut archives = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let archive = std::fs::read(&path).unwrap();
        framing.write("lines", "a,b\n");
        framing.loading("lines").run().ok();
        framing
            .load_file("lines.csv", &archive)
            .has(&["2|1|2", "3|3|4"])
            .written("zip utf-8 unmarked lf {a,b}");
        let output = framing.pipe("lines", &archive);
        assert!(output.status.success(), "{path:?} {output:?}");
        archives += 1;
    }
    assert_eq!(archives, 11);
}

#[test]
fn a_member_is_named_of_an_archive_only() {
    let framing = Framing::new();
    framing.set("lines", "member = 'folder/lines.csv'");
    let archive = repository().join("tests/data/zip/java.zip");
    let archive = std::fs::read(archive).unwrap();
    framing
        .load_file("lines.csv", &archive)
        .has(&["2|1|2", "3|3|4"]);
    framing.refuse(
        "lines",
        "a,b\n5,6\n",
        &[
            "no zip archive",
            "folder/lines.csv",
            "set elt.source.member to null",
        ],
    );
    framing.set("lines", "member = 'other.csv'");
    framing.refuse("lines", &archive, &["has no file \"other.csv\""]);
}

#[test]
fn unpacks_a_compressed_pipe() {
    let framing = Framing::new();
    let output = framing.pipe("lines", &zstd(TEXT));
    assert!(output.status.success(), "{output:?}");
    framing
        .live("lines")
        .has(&["2|1|2"])
        .written("zstd utf-8 marked crlf {a,b}");
}
