//! CSV files.

use super::Framing;

#[test]
fn fields_keep_quotes_commas_line_ends_and_spaces() {
    let framing = Framing::new();
    let file = "a,b\n\"x, y\",\"say \"\"so\"\"\"\n\"over\r\n\nlines\", 2 \n\t,\"\"\n\\N,\\.\nä€𝄞,\u{feff}\n";
    framing
        .load("lines", file)
        .has(&[
            "2|x, y|say \"so\"",
            "3|over\r\n\nlines| 2 ",
            "6|\t|~",
            "7|\\N|\\.",
            "8|ä€𝄞|\u{feff}",
        ])
        .rejects(&[])
        .written("plain utf-8 unmarked lf {a,b}")
        .breaks("files_written_oddly", 0)
        .breaks("headers_unlike_staging", 0);
}

#[test]
fn a_byte_order_mark_and_mixed_line_ends_are_read_and_reported() {
    let framing = Framing::new();
    framing
        .load("lines", "\u{feff}a,b\r\n1,2\n3,4\r\n\r\n\n5,6")
        .has(&["2|1|2", "3|3|4", "6|5|6"])
        .written("plain utf-8 marked mixed {a,b}")
        .breaks("files_written_oddly", 1);
    framing
        .load("lines", "a,b\r\n1,2\r\n")
        .has(&["2|1|2"])
        .written("plain utf-8 unmarked crlf {a,b}")
        .breaks("files_written_oddly", 1);
    framing
        .load("lines", "\u{feff}\"a\",b\n1,2")
        .has(&["2|1|2"])
        .written("plain utf-8 marked lf {a,b}");
}

#[test]
fn misplaced_quotes_reject_their_own_lines() {
    let framing = Framing::new();
    framing
        .load("lines", "a,b\n1,\"open\n2,3\n4,x\"y\n\"q\"z,5\n6,7\n")
        .has(&["3|2|3", "6|6|7"])
        .rejects(&[
            (2, "a closing quote is followed by text", b"1,\"open"),
            (4, "a field without quotes contains a quote", b"4,x\"y"),
            (5, "a closing quote is followed by text", b"\"q\"z,5"),
        ]);
    framing
        .load("lines", "a,b\n1,2\n3,\"never closed\r\n4,5\n")
        .has(&["2|1|2", "4|4|5"])
        .rejects(&[(3, "opened and never closed", b"3,\"never closed")]);
    framing
        .load("lines", b"a,b\n\"open,1\n2,3\n4,\xff\n5,6\"\n")
        .has(&["3|2|3"])
        .rejects(&[
            (2, "closes 4 lines later, which gives 1 field", b"\"open,1"),
            (4, "is not UTF-8", b"4,\xff"),
            (5, "a field without quotes contains a quote", b"5,6\""),
        ]);
}

#[test]
fn bytes_that_are_not_text_reject_their_record() {
    let framing = Framing::new();
    framing
        .load(
            "lines",
            b"a,b\n1,\0\n2,3\n\xc3\x28,4\n5,\xed\xa0\x80\n\"6\n\xff\",7\n8,9\n",
        )
        .has(&["3|2|3", "8|8|9"])
        .rejects(&[
            (2, "byte 3 of the record is NUL", b"1,\0"),
            (4, "byte 1 of the record, 0xc3, is not UTF-8", b"\xc3\x28,4"),
            (
                5,
                "byte 3 of the record, 0xed, is not UTF-8",
                b"5,\xed\xa0\x80",
            ),
            (
                6,
                "byte 4 of the record, 0xff, is not UTF-8",
                b"\"6\n\xff\",7",
            ),
        ]);
}

#[test]
fn rejects_records_with_too_few_or_too_many_fields() {
    let framing = Framing::new();
    framing
        .load("lines", "a,b\n1\n1,2\n1,2,3\n,\n \n\"1,2\"\n")
        .has(&["3|1|2", "5|~|~"])
        .rejects(&[
            (2, "1 field instead of 2", b"1"),
            (4, "3 fields instead of 2", b"1,2,3"),
            (6, "1 field instead of 2", b" "),
            (7, "1 field instead of 2", b"\"1,2\""),
        ]);
}

#[test]
fn rejects_a_repeated_header() {
    let framing = Framing::new();
    framing
        .load("lines", "\u{feff}a,b\n1,2\n\u{feff}a,b\n3,4\na,b\nA,B\n")
        .has(&["2|1|2", "4|3|4", "6|A|B"])
        .rejects(&[
            (3, "the header is repeated here", "\u{feff}a,b".as_bytes()),
            (5, "the header is repeated here", b"a,b"),
        ]);
    // A byte order mark before another record belongs to its value.
    framing
        .load("lines", "a,b\n\u{feff}1,\"2\"\n")
        .has(&["2|\u{feff}1|2"]);
}

#[test]
fn a_header_alone_has_no_rows_and_an_empty_file_is_refused() {
    let framing = Framing::new();
    framing.load("lines", "a,b\n1,2\n").has(&["2|1|2"]);
    for header in ["a,b", "a,b\r\n", "\n\na,b\n\n"] {
        framing.load("lines", header).has(&[]).rejects(&[]);
    }
    for nothing in ["", "\n", "\u{feff}", "\r\n\r\n"] {
        framing.refuse(
            "lines",
            nothing,
            &["the file is empty", "The columns are: a, b."],
        );
    }
}

#[test]
fn columns_are_matched_by_name_and_extra_ones_are_kept() {
    let framing = Framing::new();
    framing
        .load(
            "lines",
            "note, B ,A,note,,note_4,note\nx,2,1,y,z,w,\n,4,3,,,,\n",
        )
        .has(&[
            "2|1|2|{\"note\": \"x\", \"note_2\": \"y\", \"note_4\": \"w\", \"column_5\": \"z\"}",
            "3|3|4",
        ])
        .written("plain utf-8 unmarked lf {note,B,A,note,\"\",note_4,note}")
        .breaks("headers_unlike_staging", 1)
        .breaks("files_written_oddly", 0);
    framing
        .load(
            "lines",
            "\"b\",\"a\",\"what\nelse\"\n2,1,\"x, \"\"y\"\"\"\n",
        )
        .has(&["3|1|2|{\"what\\nelse\": \"x, \\\"y\\\"\"}"])
        .breaks("headers_unlike_staging", 1);
}

#[test]
fn refuses_an_invalid_header_before_any_row() {
    let framing = Framing::new();
    framing.refuse(
        "lines",
        "a,c\n1,2\n",
        &["the header lacks column \"b\"", "Found: a, c."],
    );
    framing.refuse("lines", "1,2\n3,4\n", &["lacks columns \"a\", \"b\""]);
    framing.refuse(
        "lines",
        "a\rb\r1\r2\r",
        &[
            "carriage returns alone",
            "hint: Convert the line ends first: tr",
        ],
    );
    framing.refuse(
        "lines",
        "a,b,A\n1,2,3\n",
        &["column \"a\" appears twice in the header"],
    );
    framing.refuse(
        "lines",
        "a,\"b\n1,2\n",
        &["could not read the header", "never closed"],
    );
    framing.refuse(
        "lines",
        b"a,b,\xff\n",
        &["could not read the header", "is not UTF-8"],
    );
    framing.refuse(
        "lines",
        b"a,b,\0\n",
        &["could not read the header", "is NUL"],
    );
    framing.refuse(
        "lines",
        b"a\0,\0b\0\n\x001\0",
        &["could not read the header", "encoding"],
    );
    let many = format!("a,b{}\n", ",x".repeat(20_000));
    framing.refuse("lines", many, &["the header has more than 16384 columns"]);
    let rows = framing
        .database
        .number("select count(*) from staging.lines");
    assert_eq!(rows, 0);
}

#[test]
fn reads_a_pipe_like_a_file() {
    let framing = Framing::new();
    let output = framing.pipe("lines", b"\xef\xbb\xbfb,a\r\n2,\"1\"\r\n3\r\n");
    assert!(output.status.success(), "{output:?}");
    framing
        .live("lines")
        .has(&["2|1|2"])
        .rejects(&[(3, "1 field instead of 2", b"3")])
        .written("plain utf-8 marked crlf {b,a}");
    let location = "select location from elt.load";
    assert_eq!(framing.database.text(location), "(stdin)");
    let output = framing.pipe("lines", b"");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("the file is empty"), "{stderr}");
}
