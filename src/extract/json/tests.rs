use super::*;
use crate::extract::encoding::Encoding;

type Rejected = (u64, u64, String);

/// The COPY text of all staged documents, and the rejects as (row, line, raw).
fn read(text: &str) -> Result<(String, Vec<Rejected>)> {
    let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
    let mut extract = JsonExtract::open(window, FileFacts::default(), 0)?;
    let mut copy = CopyText::default();
    let mut rejects = Vec::new();
    while let Some(record) = extract.next(&mut copy)? {
        if let Record::Rejected(reject) = record {
            let raw = String::from_utf8_lossy(&reject.raw).into_owned();
            rejects.push((reject.row, reject.line, raw));
        }
    }
    Ok((String::from_utf8(copy.take(0))?, rejects))
}

#[test]
fn copies_array_elements_unchanged() -> Result<()> {
    let (staged, rejects) = read("\u{feff}[ {\"a\":  1.50},\n {\"b\":\"]},\\\"\"} ]\n")?;
    assert_eq!(staged, "{\"a\":  1.50}\t1\n{\"b\":\"]},\\\\\"\"}\t2\n");
    assert!(rejects.is_empty());
    Ok(())
}

#[test]
fn reads_one_document_per_line() -> Result<()> {
    assert!(
        read("{\"a\":1}\n{\"a\":").is_err(),
        "the last line is cut off"
    );
    let (staged, rejects) = read("{\"a\":1}\r\n\n{\"a\":\n{\"a\":3}")?;
    assert_eq!(staged, "{\"a\":1}\t1\n{\"a\":3}\t3\n");
    assert_eq!(rejects, [(2, 3, "{\"a\":".to_string())]);
    Ok(())
}

#[test]
fn a_broken_element_rejects_only_itself() -> Result<()> {
    let text = "[{\"a\":1},\n{\"a\":[},\n{\"a\":\"x},\n{\"a\":2},\n7,,{\"a\":3}]";
    let (staged, rejects) = read(text)?;
    assert_eq!(staged, "{\"a\":1}\t1\n{\"a\":2}\t4\n{\"a\":3}\t7\n");
    let raw: Vec<_> = rejects
        .iter()
        .map(|(_, line, raw)| (*line, raw.as_str()))
        .collect();
    assert_eq!(
        raw,
        [(2, "{\"a\":[}"), (3, "{\"a\":\"x},"), (5, "7"), (5, "")]
    );
    Ok(())
}

#[test]
fn rejects_documents_that_jsonb_does_not_accept() -> Result<()> {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let long = format!("{{\"a\":0.{}}}", "1".repeat(2_000));
    for document in [
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1e999}",
        "{\"a\":1,}",
        "{\"a\":1,\"b\":{\"c\":2,\"\\u0063\":3}}",
        "{\"\\u0000\":1}",
        "7",
        deep.as_str(),
        long.as_str(),
        "{\"a\":1e-17000}",
        "{\"a\":[0e99999999999]}",
    ] {
        let (staged, rejects) = read(&format!("[{document},{{\"b\":1}}]"))?;
        assert_eq!(staged, "{\"b\":1}\t2\n", "{document}");
        assert_eq!(rejects.len(), 1, "{document}");
    }
    Ok(())
}

#[test]
fn refuses_truncated_files_and_other_formats() {
    for text in ["[{\"a\":1}", "[{\"a\":1},", "[{\"a\":", "["] {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(read("[]").is_ok());
    assert!(read("{\n\"a\": 1\n}").is_err());
    assert!(read("7").is_err());
    assert!(read("").is_err());
}
