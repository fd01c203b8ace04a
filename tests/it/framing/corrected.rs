//! Rejects that are exported, corrected and loaded again.

use super::{Framing, utf_16};
use std::path::PathBuf;

impl Framing {
    /// Exports the open rejects of the source's live load.
    pub(super) fn written_rejects(&self, source: &str) -> Vec<u8> {
        let path = self.corrected();
        let _ = std::fs::remove_file(&path);
        let elt = self.elt(&["rejects", source]).path("--out", &path);
        elt.run().ok();
        std::fs::read(path).unwrap()
    }

    fn corrected(&self) -> PathBuf {
        self.data.path().join("corrected.txt")
    }

    /// Loads corrected rejects into the live load.
    pub(super) fn replay(&self, source: &str, bytes: &[u8]) -> super::Loaded<'_> {
        let replaced = self.live(source).load_id;
        self.data.write("corrected.txt", bytes);
        let elt = self.elt(&["load", source, "--max-rejects", "100%"]);
        elt.path("--replay", &self.corrected()).run().ok();
        let loaded = self.live(source);
        let open = format!(
            "select count(*) from elt.reject where load_id = {replaced} \
             and replaced_by_load_id is distinct from {}",
            loaded.load_id
        );
        assert_eq!(self.database.number(&open), 0, "all are replaced");
        // The original file is still live.
        let again = self.loading(source).run().ok();
        assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
        loaded
    }

    /// The file and the position of each row of the live load.
    fn origins(&self, source: &str) -> Vec<String> {
        let sql = format!(
            "select elt.origin(_load_id, _row) from staging.{source} \
             where _load_id = {} order by _row",
            self.live(source).load_id
        );
        let rows = self.database.connect().query(&sql, &[]).unwrap();
        let origins = rows.iter().map(|row| row.get::<_, String>(0));
        origins
            .map(|origin| origin.rsplit('/').next().unwrap().to_string())
            .collect()
    }
}

/// Replaces a text, which must occur.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{text}");
    text.replace(from, to).into_bytes()
}

#[test]
fn corrected_lines_replace_the_rejected_ones() {
    let framing = Framing::new();
    framing
        .load("lines", "b,note,a\r\n2,x,1\r\n3\r\n\"4\"!,,5\r\n6,y,7\r\n")
        .has(&["2|1|2|{\"note\": \"x\"}", "5|7|6|{\"note\": \"y\"}"]);
    let file = framing.written_rejects("lines");
    assert_eq!(file, b"b,note,a\n3\n\"4\"!,,5\n");
    let file = replaced(&file, "\n3\n", "\n3,z,9\n");
    framing
        .replay("lines", &file)
        .has(&[
            "2|1|2|{\"note\": \"x\"}",
            "5|7|6|{\"note\": \"y\"}",
            "7|9|3|{\"note\": \"z\"}",
        ])
        .rejects(&[(3, "a closing quote is followed by text", b"\"4\"!,,5")]);
    assert_eq!(
        framing.origins("lines"),
        [
            "lines.csv, line 2",
            "lines.csv, line 5",
            "corrected.txt, line 2"
        ]
    );
    // Lines that are rejected again can be corrected again.
    let file = framing.written_rejects("lines");
    assert_eq!(file, b"b,note,a\n\"4\"!,,5\n");
    framing
        .replay("lines", &replaced(&file, "!", ""))
        .rejects(&[]);
    assert_eq!(
        framing.origins("lines"),
        [
            "lines.csv, line 2",
            "lines.csv, line 5",
            "corrected.txt, line 2",
            "corrected.txt, line 2"
        ]
    );
    let none = framing.elt(&["rejects", "lines", "--out", "-"]).run();
    none.exits_with(1).says(&["has no open rejects"]);
    let again = framing.elt(&["load", "lines"]);
    let again = again.path("--replay", &framing.corrected()).run();
    again.exits_with(2).says(&["no open rejects to replace"]);
}

#[test]
fn exports_rejects_in_the_format_of_their_source() {
    let framing = Framing::new();
    framing.set("lines", "delimiter = ';'");
    framing
        .load("lines", utf_16("a;b\r\n1;€\r\n𝄞\r\n"))
        .has(&["2|1|€"]);
    let file = framing.written_rejects("lines");
    assert_eq!(file, utf_16("a;b\n𝄞\n"));
    framing
        .replay("lines", &utf_16("a;b\n𝄞;2\n"))
        .has(&["2|1|€", "5|𝄞|2"]);
    assert_eq!(
        framing.origins("lines"),
        ["lines.csv, line 2", "corrected.txt, line 2"]
    );

    framing.set("lines", "encoding = 'utf-16be'");
    let bytes =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    framing
        .load("lines", bytes("a;b\n1;€\n𝄞\n"))
        .has(&["2|1|€"]);
    assert_eq!(framing.written_rejects("lines"), bytes("a;b\n𝄞\n"));
    framing
        .replay("lines", &bytes("a;b\n𝄞;2\n"))
        .has(&["2|1|€", "5|𝄞|2"]);

    framing.set("lines", "encoding = 'latin1'");
    framing
        .load("lines", b"a;b;\xe9\n1;\xe9;\n\xe9\n")
        .has(&["2|1|é"]);
    assert_eq!(framing.written_rejects("lines"), b"a;b;\xe9\n\xe9\n");
    // If the file had a byte order mark, its rejects have one, too.
    framing
        .load("lines", "\u{feff}a;b;é\n1;é;\né\n")
        .has(&["2|1|é"]);
    let file = framing.written_rejects("lines");
    assert_eq!(file, "\u{feff}a;b;é\né\n".as_bytes());
    framing
        .replay("lines", &replaced(&file, "\né\n", "\né;;2\n"))
        .has(&["2|1|é", "5|é|~|{\"é\": \"2\"}"]);
}

#[test]
fn exports_records_below_a_key_without_the_rest_of_the_file() {
    let framing = Framing::new();
    framing.set("documents", "records_at = 'data.items'");
    framing
        .load(
            "documents",
            "{\"n\":1,\"data\":{\"items\":[{\"a\":1},7,{\"a\":}]}}",
        )
        .has(&["1|{\"a\": 1}"]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"[\n7,\n{\"a\":}\n]\n");
    framing
        .replay("documents", &replaced(&file, ":}", ":3}"))
        .has(&["1|{\"a\": 1}", "5|{\"a\": 3}"])
        .rejects(&[(2, "not an object", b"7")]);

    framing.set("documents", "records_at = 'data.*'");
    framing
        .load("documents", "{\"data\":{\"x\":1,\"y\":,\"z\":x}}")
        .has(&["1|{\"key\": \"x\", \"value\": 1}"]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"{\n\"y\":,\n\"z\":x\n}\n");
    framing
        .replay(
            "documents",
            &replaced(&replaced(&file, ":,", ":2,"), ":x", ":[]"),
        )
        .has(&[
            "1|{\"key\": \"x\", \"value\": 1}",
            "4|{\"key\": \"y\", \"value\": 2}",
            "5|{\"key\": \"z\", \"value\": []}",
        ])
        .rejects(&[]);
}

#[test]
fn exports_arrays_with_their_header() {
    let framing = Framing::new();
    framing
        .load("documents", "[[\"a\",\"b\"],[1,2],[3],{}]")
        .has(&["1|{\"a\": 1, \"b\": 2}"]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"[\n[\"a\",\"b\"],\n[3],\n{}\n]\n");
    framing
        .replay("documents", &replaced(&file, "[3]", "[3,4]"))
        .has(&["1|{\"a\": 1, \"b\": 2}", "4|{\"a\": 3, \"b\": 4}"])
        .rejects(&[(4, "not an array", b"{}")]);
    framing.set("documents", "has_header = false");
    framing.load("documents", "[1,2]\n[3,]\n[4]").has(&[
        "1|{\"column_1\": 1, \"column_2\": 2}",
        "3|{\"column_1\": 4}",
    ]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"[3,]\n");
    framing
        .replay("documents", b"[3]\n")
        .has(&[
            "1|{\"column_1\": 1, \"column_2\": 2}",
            "3|{\"column_1\": 4}",
            "4|{\"column_1\": 3}",
        ])
        .rejects(&[]);
}

#[test]
fn exports_documents_as_lines_or_as_an_array() {
    let framing = Framing::new();
    framing
        .load("documents", "{\"a\":1}\n{\"a\":\n 7\n{\"a\":4}")
        .has(&["1|{\"a\": 1}", "4|{\"a\": 4}"]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"{\"a\":\n7\n");
    framing
        .replay("documents", b"{\"a\":2}\n7\n")
        .has(&["1|{\"a\": 1}", "4|{\"a\": 4}", "5|{\"a\": 2}"])
        .rejects(&[(2, "not an object", b"7")]);
    assert_eq!(
        framing.origins("documents"),
        [
            "documents.json, document 1",
            "documents.json, document 4",
            "corrected.txt, document 1"
        ]
    );

    framing
        .load("documents", "[{\"a\":1},\n{\"a\":\n2,},7,\n{\"a\":4}]")
        .has(&["1|{\"a\": 1}", "4|{\"a\": 4}"]);
    let file = framing.written_rejects("documents");
    assert_eq!(file, b"[\n{\"a\":\n2,},\n7\n]\n");
    framing
        .replay(
            "documents",
            &replaced(&replaced(&file, "2,", "2"), "7", "{}"),
        )
        .has(&["1|{\"a\": 1}", "4|{\"a\": 4}", "5|{\"a\": 2}", "6|{}"])
        .rejects(&[]);
    assert_eq!(
        framing.origins("documents")[2..],
        ["corrected.txt, document 1", "corrected.txt, document 2"]
    );
}

#[test]
fn a_replay_must_contain_each_open_reject_of_the_live_load() {
    let framing = Framing::new();
    framing.load("lines", "a,b\n1,2\n3\n4\n");
    let first = framing.live("lines").load_id.to_string();
    let replay = |name: &str, text: &str| {
        let path = framing.data.write("corrected.txt", text);
        framing.elt(&["load", name]).path("--replay", &path).run()
    };
    // A missing reject would be lost, and an additional record would be loaded twice.
    for text in ["a,b\n", "a,b\n3,9\n", "a,b\n1,2\n3,9\n4\n"] {
        replay("lines", text).exits_with(2).says(&[
            "does not match the rejects",
            "open rejects: 2",
            &first,
        ]);
    }
    // Nothing is corrected.
    replay("lines", "a,b\n3\n4\n").exits_with(4);
    let open = "select count(*) from quality.rows_rejected where source = 'lines'";
    assert_eq!(framing.database.number(open), 2);

    framing.write("lines", "a,b\n7\n8\n");
    let elt = framing.elt(&["load", "lines"]);
    elt.path("--data", framing.data.path()).run().exits_with(4);
    let failed = framing
        .database
        .text("select max(load_id)::text from elt.load");
    let path = framing.data.path().join("others.txt");
    let written = framing.elt(&["rejects", &failed]).path("--out", &path);
    let output = written.run().ok();
    assert!(
        output.stdout.contains("the load is not live"),
        "{}",
        output.stdout
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"a,b\n7\n8\n");
    replay(&failed, "a,b\n7,7\n8,8\n")
        .exits_with(2)
        .says(&["has no open rejects to replace", &failed]);
    framing.live("lines").has(&["2|1|2"]);
    let elt = framing.elt(&["load", &first]);
    elt.run().exits_with(2).says(&["--replay FILE"]);

    // A replay may leave more rejects than the limit for files.
    let bad = "5\n".repeat(19);
    framing.load("lines", format!("a,b\n1,2\n3\n{bad}"));
    let live = framing.live("lines").load_id.to_string();
    let path = framing.data.path().join("left.txt");
    let written = framing.elt(&["rejects", &live]).path("--out", &path);
    let proposal = format!("elt load {live} --replay");
    let output = written.run().ok().stdout;
    assert!(output.contains(&proposal), "{output}");
    replay(&live, &format!("a,b\n3,4\n{bad}")).ok();
    framing.live("lines").has(&["2|1|2", "24|3|4"]);
    assert_eq!(framing.database.number(open), 19);
    // Another load is live now.
    replay(&live, &format!("a,b\n{bad}")).exits_with(2);

    // Documents of a failed load are exported, too.
    framing.write("documents", "{\"a\":1}\n7\n");
    let elt = framing.elt(&["load", "documents", "--max-rejects", "0"]);
    elt.path("--data", framing.data.path()).run().exits_with(4);
    assert_eq!(framing.written_rejects("documents"), b"7\n");
}

#[test]
fn a_corrected_file_that_cannot_be_read_changes_nothing() {
    let framing = Framing::new();
    framing.load("lines", "a,b\n1,2\n3\n").has(&["2|1|2"]);
    let path = framing.data.write("corrected.txt", "a,c\n3,4\n");
    let elt = framing.elt(&["load", "lines"]).path("--replay", &path);
    elt.run()
        .exits_with(1)
        .says(&["corrected.txt", "lacks column \"b\""]);
    let open = "select count(*) from elt.reject where replaced_by_load_id is null";
    assert_eq!(framing.database.number(open), 1);
    framing.live("lines").has(&["2|1|2"]);
}
