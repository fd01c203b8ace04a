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
        ("{\"a\":1e999}", "number out of range"),
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
            "[{\"a\":123456789012345678901234567890.10},{\"a\":1E+2},{\"a\":-0.0}]",
        )
        .has(&[
            "1|{\"a\": 123456789012345678901234567890.10}",
            "2|{\"a\": 100}",
            "3|{\"a\": 0.0}",
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
    for other in ["7", "\"x\"", "a,b\n1,2\n", "<html>", "null", "\u{1}"] {
        framing.refuse(
            "documents",
            other,
            &[
                "neither a JSON array nor one object per line",
                "It begins with",
            ],
        );
    }
    for empty in ["", "\n \t", "\u{feff}"] {
        framing.refuse(
            "documents",
            empty,
            &["neither a JSON array", "It is empty."],
        );
    }
    framing.refuse("documents", "{\n  \"a\": 1\n}\n", &["spans several lines"]);
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
