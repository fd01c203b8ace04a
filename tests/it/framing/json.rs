//! JSON files.

use super::Framing;

#[test]
fn reads_the_same_documents_from_an_array_and_from_lines() {
    let framing = Framing::new();
    let staged = ["1|{\"a\": 1.50}", "2|{\"b\": \"]},\\\"€\"}", "3|{}"];
    framing
        .load(
            "documents",
            "\u{feff} [ {\"a\":1.50}\r\n,{\"b\":\"]},\\\"€\"},\n\n{}]\n ",
        )
        .has(&staged)
        .written("plain utf-8 marked one line")
        .breaks("files_written_oddly", 1)
        .breaks("headers_unlike_staging", 0);
    framing
        .load(
            "documents",
            "\u{feff}{\"a\":1.50}\r\n\r\n  {\"b\":\"]},\\\"€\"}\n{}",
        )
        .has(&staged)
        .written("plain utf-8 marked mixed");
    framing.load("documents", "[]").has(&[]);
}

#[test]
fn rejects_only_documents_that_jsonb_does_not_accept() {
    let framing = Framing::new();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(130), "]".repeat(130));
    let very_deep = format!(
        "{{\"a\":{}{}}}",
        "{\"a\":[".repeat(50_000),
        "]}".repeat(50_000)
    );
    let wrong: Vec<(&str, &str)> = vec![
        ("{\"a\":\"\\u0000\"}", "\\u0000"),
        ("{\"\\u0000\":1}", "\\u0000"),
        ("{\"a\":\"\\ud800\"}", "at its byte"),
        ("{\"a\":\"\\udc00\\ud800\"}", "at its byte"),
        ("{\"a\":1e131072}", "too large"),
        ("{\"a\":1e-17000}", "too small"),
        ("{\"a\":1,}", "trailing comma"),
        ("{\"a\":1,\"a\":2}", "key \"a\" appears twice"),
        ("{\"a\":{\"b\":1,\"\\u0062\":2}}", "key \"b\" appears twice"),
        ("{\"a\":01}", "at its byte"),
        ("{\"a\":NaN}", "at its byte"),
        ("{'a':1}", "at its byte"),
        ("{\"a\":\"\t\"}", "control character"),
        ("7", "not an object"),
        ("\"x\"", "not an object"),
        ("null", "not an object"),
        ("[{\"a\":1}]", "not an object"),
        (&deep, "recursion limit exceeded"),
        (&very_deep, "recursion limit exceeded"),
    ];
    let documents: Vec<&str> = wrong.iter().map(|(document, _)| *document).collect();
    let expected = |lines: bool| -> Vec<(i64, &str, &[u8])> {
        let line = |at: usize| {
            if lines {
                i64::try_from(at).unwrap() + 2
            } else {
                1
            }
        };
        let each = wrong.iter().enumerate();
        each.map(|(at, (raw, reason))| (line(at), *reason, raw.as_bytes()))
            .collect()
    };
    framing
        .load(
            "documents",
            format!("[{{\"a\":1}},{},{{\"b\":2}}]", documents.join(",")),
        )
        .has(&["1|{\"a\": 1}", "21|{\"b\": 2}"])
        .rejects(&expected(false));
    framing
        .load(
            "documents",
            format!("{{\"a\":1}}\n{}\n{{\"b\":2}}\n", documents.join("\n")),
        )
        .has(&["1|{\"a\": 1}", "21|{\"b\": 2}"])
        .rejects(&expected(true));
}

#[test]
fn numbers_keep_their_digits() {
    let framing = Framing::new();
    framing
        .load(
            "documents",
            "[{\"a\":123456789012345678901234567890.10},{\"a\":1E+2},{\"a\":-0.0},{\"a\":0e400}]",
        )
        .has(&[
            "1|{\"a\": 123456789012345678901234567890.10}",
            "2|{\"a\": 100}",
            "3|{\"a\": 0.0}",
            "4|{\"a\": 0}",
        ]);
    // The limits of numeric.
    let nines = "9".repeat(131_072);
    let decimals = format!("0.{}1", "0".repeat(16_382));
    let text =
        format!("{{\"a\":{nines}}}\n{{\"a\":1e-16383}}\n{{\"a\":9{nines}}}\n{{\"a\":1e-16384}}\n");
    framing.load("documents", text).has(&[
        &format!("1|{{\"a\": {nines}}}"),
        &format!("2|{{\"a\": {decimals}}}"),
    ]);
}

#[test]
fn reads_documents_over_several_lines_and_several_of_a_line() {
    let framing = Framing::new();
    framing
        .load(
            "documents",
            "{\n  \"a\": 1\n}\n\n{\n\"a\": {\n}}{\"b\":\"open\n}\n{\"c\":\n3}\n",
        )
        .has(&["1|{\"a\": 1}", "2|{\"a\": {}}", "4|{\"c\": 3}"])
        .rejects(&[(7, "control character", b"{\"b\":\"open\n}")]);
    framing
        .load("documents", "{\"a\":1}{\"a\":2} {\"a\":}\n{\"a\":4}\n")
        .has(&["1|{\"a\": 1}", "2|{\"a\": 2}", "4|{\"a\": 4}"])
        .rejects(&[(1, "expected value", b"{\"a\":}")]);
}

#[test]
fn reads_records_below_keys() {
    let framing = Framing::new();
    framing.set("documents", "records_at = 'data.items'");
    framing
        .load(
            "documents",
            "{\"n\":[2],\"data\":{\"items\":[{\"a\":1},\n7,{\"a\":3}],\"x\":null}}\n",
        )
        .has(&["1|{\"a\": 1}", "3|{\"a\": 3}"])
        .rejects(&[(2, "not an object", b"7")]);
    framing.refuse(
        "documents",
        "{\"n\":1,\"data\":{}}",
        &[
            "no \"data.items\"",
            "It has: n, data.",
            "elt.source.records_at",
        ],
    );
    framing.refuse("documents", "{\"data\":{\"items\":[{}]", &["truncated"]);
    framing.set("documents", "records_at = 'data.*'");
    framing
        .load(
            "documents",
            "{\"data\":{\"x\":{\"a\":1},\n\"y\":[],\"z\":}}",
        )
        .has(&[
            "1|{\"key\": \"x\", \"value\": {\"a\": 1}}",
            "2|{\"key\": \"y\", \"value\": []}",
        ])
        .rejects(&[(2, "at its byte 5", b"\"z\":")]);
}

#[test]
fn reads_arrays_with_and_without_a_header() {
    let framing = Framing::new();
    framing
        .load(
            "documents",
            "[[\"name\",\"pop\"],\n[\"X\",\"1\"],[\"Y\"],{}]",
        )
        .has(&["1|{\"pop\": \"1\", \"name\": \"X\"}"])
        .rejects(&[(2, "has 1 values", b"[\"Y\"]"), (2, "not an array", b"{}")])
        .written("plain utf-8 unmarked one line {name,pop}")
        .breaks("headers_unlike_staging", 0);
    // The first array names no columns, so the arrays are broken records.
    framing
        .load("documents", "[[[1]],[2]]")
        .rejects(&[(1, "not an object", b"[[1]]"), (1, "not an object", b"[2]")]);
    framing.set("documents", "has_header = false");
    framing.load("documents", "[\"X\",1]\n[\"Y\",2]\n").has(&[
        "1|{\"column_1\": \"X\", \"column_2\": 1}",
        "2|{\"column_1\": \"Y\", \"column_2\": 2}",
    ]);
}

#[test]
fn bytes_that_are_not_text_reject_their_document() {
    let framing = Framing::new();
    framing
        .load(
            "documents",
            b"{\"a\":1}\n{\"a\":\"\xff\"}\n {\"a\":\"\0\"}\n\xff\n\xef\xbb\xbf{}\n{\"b\":2}\n",
        )
        .has(&["1|{\"a\": 1}", "6|{\"b\": 2}"])
        .rejects(&[
            (2, "invalid unicode code point", b"{\"a\":\"\xff\"}"),
            (3, "control character", b"{\"a\":\"\0\"}"),
            (4, "not an object", b"\xff"),
            (5, "not an object", b"\xef\xbb\xbf{}"),
        ]);
}

#[test]
fn a_broken_element_rejects_only_itself() {
    let framing = Framing::new();
    framing
        .load(
            "documents",
            "[{\"a\":1},\n{\"a\":[},\n{\"a\":\"open},\n{\"a\":2},,{\"a\":}}},{\"a\":3},\n{\"a\":\"open\n,{\"a\":4},]",
        )
        .has(&["1|{\"a\": 1}", "4|{\"a\": 2}", "7|{\"a\": 3}", "9|{\"a\": 4}"])
        .rejects(&[
            (2, "at its byte", b"{\"a\":[}"),
            (3, "EOF while parsing a string", b"{\"a\":\"open},"),
            (4, "a comma is not followed by a value", b""),
            (4, "at its byte", b"{\"a\":}}}"),
            (5, "EOF while parsing a string", b"{\"a\":\"open"),
            (6, "a comma is not followed by a value", b""),
        ]);
    framing
        .load("documents", "[{\"a\":1},{\"a\":\"open\n]")
        .has(&["1|{\"a\": 1}"])
        .rejects(&[(1, "EOF while parsing a string", b"{\"a\":\"open")]);
}

#[test]
fn refuses_truncated_files_and_other_formats() {
    let framing = Framing::new();
    for cut in [
        "[",
        "[{\"a\":1}",
        "[{\"a\":1},",
        "[{\"a\":1},{\"a\":",
        "{\"a\":1}\n{\"a\":\"x",
    ] {
        framing.refuse(
            "documents",
            cut,
            &["the file ends inside document", "truncated"],
        );
    }
    framing.refuse(
        "documents",
        "<html>",
        &["a web page (HTML)", "It begins with"],
    );
    for other in ["7", "\"x\"", "a,b\n1,2\n", "null", "\u{1}"] {
        framing.refuse(
            "documents",
            other,
            &[
                "neither a JSON array nor one object per line",
                "It begins with",
            ],
        );
    }
    for form_feed in ["\u{c}[]", "[]\u{c}"] {
        framing.refuse("documents", form_feed, &[]);
    }
    for empty in ["", "\n \t", "\u{feff}"] {
        framing.refuse(
            "documents",
            empty,
            &["neither a JSON array", "It is empty."],
        );
    }
    framing.refuse(
        "documents",
        "{\n  \"a\": 1,\n",
        &["the file ends inside document 1"],
    );
    framing.refuse(
        "documents",
        "[{}]\n[{}]\n",
        &["the end of the array is followed by text on line 2"],
    );
    framing.refuse(
        "documents",
        "[1]\n{}",
        &["the end of the array is followed by text"],
    );
}

#[test]
fn reads_a_pipe_like_a_file() {
    let framing = Framing::new();
    let output = framing.pipe("documents", b"{\"a\":1}\n7\n{\"a\":2}");
    assert!(output.status.success(), "{output:?}");
    framing
        .live("documents")
        .has(&["1|{\"a\": 1}", "3|{\"a\": 2}"])
        .rejects(&[(2, "not an object", b"7")]);
}
