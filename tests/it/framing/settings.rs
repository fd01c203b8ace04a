//! The settings of a source: delimiter, quote, encoding and null text.

use super::{Framing, utf_16};

#[test]
fn uses_the_delimiter_and_quote_of_the_source() {
    let framing = Framing::new();
    framing.set("lines", "delimiter = ';', quote = ''''");
    framing
        .load(
            "lines",
            "a;b\n1,5;'it''s; \"so\"'\n'over\nlines';\"2\"\n'open;3\n4;5\n",
        )
        .has(&["2|1,5|it's; \"so\"", "3|over\nlines|\"2\"", "6|4|5"])
        .rejects(&[(5, "opened and never closed", b"'open;3")]);
    framing.set("lines", "delimiter = E'\\t', quote = null");
    framing
        .load("lines", "a\tb\n\"1\tx\"y\n'\t\"\n1\t2\t3\n")
        .has(&["2|\"1|x\"y", "3|'|\""])
        .rejects(&[(4, "3 fields instead of 2", b"1\t2\t3")]);
    framing.set("lines", "delimiter = '|', quote = '\"'");
    framing.refuse("lines", "a,b\n1,2\n", &["lacks columns", "Found: a,b."]);
}

#[test]
fn reads_escaped_signs() {
    let framing = Framing::new();
    framing.set("lines", r"escape = '\', null_text = '\N'");
    framing
        .load(
            "lines",
            "a,b\n\"say \\\"hi\\\"\",1\\,2\n\\N,C:\\x\n3\\\n4\n\"5\\\n6\",7\n",
        )
        .has(&["2|say \"hi\"|1,2", "3|~|C:\\x", "6|5\n6|7"])
        .rejects(&[
            (4, "1 field instead of 2", b"3\\"),
            (5, "1 field instead of 2", b"4"),
        ]);
    let rejects = framing.written_rejects("lines");
    assert_eq!(rejects, b"a,b\n3\\\n4\n");
    framing.replay("lines", b"a,b\n3\\,\\\n,4\n4\n");
}

#[test]
fn reads_a_null_text_as_null() {
    let framing = Framing::new();
    framing.set("lines", "null_text = 'NULL'");
    framing
        .load(
            "lines",
            "a,b,c\nNULL,\"NULL\",NULL\nnull, NULL,NULLs\n,2,\n",
        )
        .has(&["2|~|~", "3|null| NULL|{\"c\": \"NULLs\"}", "4|~|2"]);
    framing.set("lines", r"null_text = '\N'");
    framing
        .load("lines", "a,b\n\\N,\\\\N\nNULL,N\n")
        .has(&["2|~|\\\\N", "3|NULL|N"]);
    framing.set("lines", "null_text = '–', encoding = 'windows-1252'");
    framing.load("lines", b"a,b\n\x96,\x97\n").has(&["2|~|—"]);
}

#[test]
fn reads_other_encodings_and_keeps_the_bytes_of_rejects() {
    let framing = Framing::new();
    framing.set("lines", "encoding = 'latin1'");
    framing
        .load("lines", b"a,b\n\xe9\x80,2\n\xff\n3,\0\n4,5\n")
        .has(&["2|é\u{80}|2", "5|4|5"])
        .rejects(&[
            (3, "1 field instead of 2", b"\xff"),
            (4, "byte 3 of the record is NUL", b"3,\0"),
        ])
        .written("plain latin1 unmarked lf {a,b}")
        .breaks("files_written_oddly", 0);
    framing.set("lines", "encoding = 'shift_jis'");
    // The second byte of ソ is a backslash; ∪ has two codes.
    framing
        .load(
            "lines",
            b"a,b\n\x83\x5c,\x81\xbe\n\x87\x9b\n\x81\n1,2\x82\n",
        )
        .has(&["2|ソ|∪"])
        .rejects(&[
            (3, "1 field instead of 2", b"\x87\x9b"),
            (4, "byte 1 of the record, 0x81, is not shift_jis", b"\x81"),
            (
                5,
                "byte 4 of the record, 0x82, is not shift_jis",
                b"1,2\x82",
            ),
        ])
        .written("plain shift_jis unmarked lf {a,b}");
    framing.set("lines", "encoding = 'windows-1252'");
    framing
        .load("lines", b"a,b,\x80\n\x80,\x93x\x94,\x81\n\x80\n")
        .has(&["2|€|“x”|{\"€\": \"\u{81}\"}"])
        .rejects(&[(3, "1 field instead of 3", b"\x80")]);
}

#[test]
fn reads_utf_16_by_its_mark_or_by_its_name() {
    let framing = Framing::new();
    let text = "a,b\r\n1,€\r\n\"𝄞, x\",\r\n3\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let staged = ["2|1|€", "3|𝄞, x|~"];
    // A byte order mark overrides the encoding of the source.
    framing
        .load("lines", utf_16(text))
        .has(&staged)
        .rejects(&[(4, "1 field instead of 2", b"3\0")])
        .written("plain utf-16le marked crlf {a,b}")
        .breaks("files_written_oddly", 1);
    let mut marked = vec![0xfe, 0xff];
    marked.extend(&big);
    framing
        .load("lines", &marked)
        .has(&staged)
        .rejects(&[(4, "1 field instead of 2", b"\x003")])
        .written("plain utf-16be marked crlf {a,b}");
    for (name, bytes, is) in [
        ("utf-16", &little, "utf-16le"),
        ("utf-16le", &little, "utf-16le"),
        ("utf-16be", &big, "utf-16be"),
    ] {
        framing.set("lines", &format!("encoding = '{name}'"));
        framing
            .load("lines", [b"".as_slice(), bytes].concat())
            .has(&staged)
            .written(&format!("plain {is} unmarked crlf {{a,b}}"));
        // Reloading the same bytes would be a no-op.
        framing.load("lines", "\u{feff}a,b\n").has(&[]);
    }
    // A byte order mark of UTF-8 overrides it, too.
    framing
        .load("lines", "\u{feff}a,b\nä,2\n")
        .has(&["2|ä|2"])
        .written("plain utf-8 marked lf {a,b}");
}

#[test]
fn half_a_character_of_utf_16_rejects_its_record() {
    let framing = Framing::new();
    let mut file = utf_16("a,b\n1,x\n2,3\n4,5");
    // Replace x by the first half of a pair, and add half a unit at the end.
    file[2 + 12..2 + 14].copy_from_slice(b"\x00\xd8");
    file.push(b'!');
    framing.load("lines", file).has(&["3|2|3"]).rejects(&[
        (
            2,
            "byte 5 of the record, 0x00, is not utf-16le",
            b"1\0,\0\x00\xd8",
        ),
        (
            4,
            "byte 7 of the record, 0x21, is not utf-16le",
            b"4\0,\x005\0!",
        ),
    ]);
    let nul = utf_16("a,b\n1,\0\n2,3\n");
    framing.load("lines", nul).has(&["3|2|3"]).rejects(&[(
        2,
        "byte 5 of the record is NUL",
        b"1\0,\0\0\0",
    )]);
}

#[test]
fn reads_documents_in_other_encodings() {
    let framing = Framing::new();
    framing
        .load("documents", utf_16("[{\"a\":\"€\"},\n 7,{\"b\":\"𝄞\"}]"))
        .has(&["1|{\"a\": \"€\"}", "3|{\"b\": \"𝄞\"}"])
        .rejects(&[(2, "not an object", b"7\0")])
        .written("plain utf-16le marked one line");
    framing.set("documents", "encoding = 'latin1'");
    framing
        .load("documents", b"{\"a\":\"\xe4\"}\n  \"\xe4\"\n")
        .has(&["1|{\"a\": \"ä\"}"])
        .rejects(&[(2, "not an object", b"\"\xe4\"")])
        .written("plain latin1 unmarked lf");
}

#[test]
fn a_changed_layout_loads_an_unchanged_file_again() {
    let framing = Framing::new();
    let loads = || framing.database.number("select count(*) from elt.load");
    let again = || framing.loading("lines").run().ok().stdout;
    let text = "a,b\nx,NULL\ny,'z'\n";
    framing.load("lines", text).has(&["2|x|NULL", "3|y|'z'"]);
    assert!(again().contains("nothing to do"));
    framing.set("lines", "null_text = 'NULL', quote = ''''");
    again();
    framing.live("lines").has(&["2|x|~", "3|y|z"]);
    assert!(again().contains("nothing to do"));
    // Other columns are not about the file.
    framing.set("lines", "keep_loads = 3, description = 'Lines.'");
    assert!(again().contains("nothing to do"));
    assert_eq!(loads(), 2);
    // Loads of earlier versions have no layout.
    framing.database.run("update elt.load set layout = null");
    framing.set("lines", "null_text = null");
    assert!(again().contains("nothing to do"));
}

#[test]
fn a_replay_keeps_the_layout_of_its_load() {
    let framing = Framing::new();
    let text = "a,b\n1,2\n3\n";
    framing.load("lines", text).has(&["2|1|2"]);
    framing.set("lines", "short_records = true");
    framing.data.write("corrected.txt", "a,b\n3,4\n");
    let replay = framing.elt(&["load", "lines"]);
    let corrected = framing.data.path().join("corrected.txt");
    replay.path("--replay", &corrected).run().ok();
    framing.live("lines").has(&["2|1|2", "5|3|4"]);
    framing.loading("lines").run().ok();
    framing.live("lines").has(&["2|1|2", "3|3|~"]);
}

#[test]
fn reads_code_pages_of_dos() {
    let framing = Framing::new();
    framing.set("lines", "encoding = 'cp850'");
    framing
        .load("lines", b"a,b\nM\x81ller,Stra\xe1e\n\xc6\n")
        .has(&["2|Müller|Straße"])
        .rejects(&[(3, "1 field instead of 2", b"\xc6")])
        .written("plain cp850 unmarked lf {a,b}");
    framing.set("lines", "encoding = 'cp857'");
    framing
        .load("lines", b"a,b\n\x9f,\x98\n\xd5,x\n")
        .has(&["2|ş|İ"])
        .rejects(&[(3, "byte 1 of the record, 0xd5, is not cp857", b"\xd5,x")]);
}
