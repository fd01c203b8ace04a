//! Files in other encodings than UTF-8: detected from the whole file, reported, and read.

use super::{init, run};
use crate::support::{Database, Folder, repository};
use std::path::{Path, PathBuf};

/// The path of a file of tests/data/field.
fn file(name: &str) -> PathBuf {
    repository().join("tests/data/field").join(name)
}

/// Creates a project for the file. Returns the encoding that init reports, with its reason.
fn encoding_of(project: &Path, file: &Path) -> (String, String) {
    let document = init(project, &["--json"]).path("--from", file);
    let document = document.run().ok().json();
    let choices = document["project"]["layout"].as_array().unwrap().iter();
    let text = |choice: &serde_json::Value, key: &str| choice[key].as_str().unwrap().to_string();
    choices
        .filter(|choice| choice["setting"] == "encoding")
        .map(|choice| {
            assert_eq!(choice["option"], "--encoding NAME");
            (text(choice, "value"), text(choice, "reason"))
        })
        .next()
        .unwrap_or_default()
}

#[test]
fn an_encoding_is_detected_by_a_byte_of_the_header() {
    let folder = Folder::new();
    let project = folder.path().join("invites");
    let (encoding, reason) = encoding_of(&project, &file("win1252/invites.csv"));
    assert_eq!(encoding, "windows-1252");
    assert!(
        reason.contains("line 1") && reason.contains("Prénom"),
        "{reason}"
    );
    let (_, exported) = run(&project);
    for row in [
        "invitéàçù01",
        "invité “x”",
        "Œuvre – testéç",
        "test011@bar.example,10\n",
    ] {
        assert!(exported.contains(row), "{exported}");
    }
}

#[test]
fn a_file_with_some_bad_bytes_is_utf8() {
    let folder = Folder::new();
    let project = folder.path().join("people");
    let (encoding, reason) = encoding_of(&project, &file("mixed/mixed_enc.csv"));
    assert_eq!(encoding, "utf-8");
    assert!(reason.contains("2 bytes are not"), "{reason}");
    let database = Database::with_engine();
    let out = Folder::new();
    let running = || {
        let elt = database.elt_with(&project, &["run", "--migrate"]);
        elt.path("--out", out.path())
    };
    running().run().exits_with(4).says(&[
        "2 of 6 rows were rejected",
        "line 4",
        "0xf1, is not UTF-8",
    ]);
    running().args(["--max-rejects", "2"]).run().ok();
    assert_eq!(
        out.read("mixed_enc.csv"),
        "id,name\n1,Zoë\n2,Jörg\n5,Łódź\n6,日本\n"
    );
}

#[test]
fn encodings_of_other_languages_are_detected_and_can_be_named() {
    let folder = Folder::new();
    let cases: [(&str, &[u8], &str, &str); 4] = [
        (
            "windows-1251",
            b"id;city\n1;\xcc\xee\xf1\xea\xe2\xe0\n2;\xca\xe0\xe7\xe0\xed\xfc\n",
            "Москва",
            "cp1251",
        ),
        (
            "shift_jis",
            b"id,city\n1,\x93\x8c\x8b\x9e\n2,\x91\xe5\x8d\xe3\x8e\x73\n3,\x83\x5c\n",
            "東京",
            "sjis",
        ),
        (
            "utf-16le",
            b"i\0d\0,\0c\0\n\x001\0,\0\xac\x20\n\0",
            "€",
            "UTF16LE",
        ),
        (
            "utf-16",
            b"\xfe\xff\0i\0d\0,\0c\0\n\x001\0,\x20\xac\0\n",
            "€",
            "utf-16",
        ),
    ];
    for (encoding, bytes, value, label) in cases {
        let file = folder.write(&format!("in/{encoding}.csv"), bytes);
        let project = folder.path().join(encoding);
        let (found, reason) = encoding_of(&project, &file);
        assert_eq!(found, encoding, "{reason}");
        assert!(run(&project).1.contains(value));
        let project = folder.path().join(format!("{encoding}_named"));
        let named = init(&project, &["--encoding", label]).path("--from", &file);
        named.run().ok();
        assert!(run(&project).1.contains(value));
    }
}

#[test]
fn an_unknown_encoding_lists_the_known_ones() {
    let folder = Folder::new();
    let project = folder.path().join("x");
    let refused = init(&project, &["--encoding", "ebcdic"])
        .path("--from", &file("win1252/invites.csv"))
        .run()
        .exits_with(2);
    refused.says(&["utf-8, latin1, utf-16,", "windows-1252", "shift_jis"]);
}

#[test]
fn a_file_in_an_archive_is_read() {
    let folder = Folder::new();
    let project = folder.path().join("x");
    let created = init(&project, &[]).path("--from", &file("zip_file/x.zip"));
    created.run().ok();
    let (database, exported) = run(&project);
    assert_eq!(exported, "id,name\n1,a\n2,b\n");
    assert_eq!(
        database.text("select concat_ws(' ', compression, member) from elt.load"),
        "zip x.csv"
    );
}

#[test]
fn files_of_other_formats_are_refused_by_their_name() {
    let folder = Folder::new();
    let excel = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".as_slice();
    let error = br#"{"error": {"code": 401, "message": "the token has expired"}}"#;
    for (file, says) in [
        (file("html/download.csv"), "a web page (HTML)"),
        (folder.write("in/book.csv", excel), "an old Excel"),
        (
            folder.write("in/paper.csv", b"%PDF-1.7\n%"),
            "a PDF document",
        ),
        (folder.write("in/page.csv", error), "JSON and not CSV"),
        (
            folder.write(
                "in/denied.csv",
                b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
            ),
            "an error message in XML",
        ),
    ] {
        let project = folder.path().join("refused");
        let refused = init(&project, &[]).path("--from", &file);
        refused.run().exits_with(1).says(&["the file is", says]);
        assert!(!project.exists());
    }
    // The same at a load of a known source.
    let project = folder.path().join("orders");
    let file = folder.write("in/orders.csv", "id,name\n1,a\n");
    init(&project, &[]).path("--from", &file).run().ok();
    let (database, _) = run(&project);
    for (text, says) in [
        ("<!DOCTYPE html><title>Sign in</title>", "a web page (HTML)"),
        ("{\"error\": \"expired\"}", "JSON and not CSV"),
    ] {
        folder.write("orders/data/orders.csv", text);
        let refused = database.elt_with(&project, &["load"]);
        refused.run().exits_with(1).says(&[says]);
    }
}

#[test]
fn a_file_that_changes_to_utf8_is_reported() {
    let folder = Folder::new();
    let project = folder.path().join("customers");
    let (encoding, reason) = encoding_of(&project, &file("vendor_fixes/kunden.csv"));
    assert_eq!(encoding, "windows-1252");
    assert!(reason.contains("Müller"), "{reason}");
    let (database, exported) = run(&project);
    assert!(exported.contains("Müller") && exported.contains("Weiß"));
    let found = "select string_agg(encoding, ' ') from quality.files_also_utf8";
    assert_eq!(
        database.text(&format!("select coalesce(({found}), 'none')")),
        "none"
    );
    folder.write("customers/data/kunden.csv", "id;name\n1;Müller\n2;Weiß\n");
    let loaded = database.elt_with(&project, &["load"]).run().ok();
    loaded.says(&["the file is valid UTF-8, but elt.source.encoding is windows-1252"]);
    assert_eq!(database.text(found), "windows-1252");
}
