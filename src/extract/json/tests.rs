use super::*;
use crate::extract::encoding::Encoding;

type Rejected = (u64, u64, String);

/// The COPY text of all staged documents, and the rejects as (row, line, raw).
fn read(text: &str) -> Result<(String, Vec<Rejected>)> {
    read_with(&Layout::default(), text)
}

/// Reads the records below a key.
fn read_at(records_at: &str, text: &str) -> Result<(String, Vec<Rejected>)> {
    let layout = Layout {
        records_at: Some(records_at.into()),
        ..Layout::default()
    };
    read_with(&layout, text)
}

fn read_with(layout: &Layout, text: &str) -> Result<(String, Vec<Rejected>)> {
    let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
    let mut extract = JsonExtract::open(window, FileFacts::default(), layout, 0)?;
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
    let long = format!("{{\"a\":0.{}}}", "1".repeat(17_000));
    for document in [
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1e131072}",
        "{\"a\":1,}",
        "{\"a\":1,\"b\":{\"c\":2,\"\\u0063\":3}}",
        "{\"\\u0000\":1}",
        "7",
        deep.as_str(),
        long.as_str(),
        "{\"a\":1e-17000}",
        "{\"a\":[0e99999999999]}",
        "\u{c}{}",
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
    assert!(read("[]\u{c}").is_err());
    assert!(read("\u{c}[]").is_err());
    assert!(read("7").is_err());
    assert!(read("").is_err());
}

fn staged(rows: &[&str]) -> String {
    let rows = rows.iter().zip(1..);
    rows.map(|(row, number)| format!("{row}\t{number}\n"))
        .collect()
}

#[test]
fn accepts_numbers_that_jsonb_accepts() -> Result<()> {
    let long = format!("{{\"a\":{}}}", "7".repeat(1_500));
    let rows = [
        "{\"a\":1e999}",
        "{\"a\":[-1E+400,{\"b\":0e500}]}",
        "{\"a\":1e-5000}",
        long.as_str(),
    ];
    assert_eq!(read(&rows.join("\n"))?, (staged(&rows), Vec::new()));
    assert!(
        read("{\"a\":1}\n{\"a\":1e999,\"b\":").is_err(),
        "it is cut off"
    );
    let (_, rejects) = read("[{\"a\":1e999,}]")?;
    assert_eq!(rejects.len(), 1);
    Ok(())
}

#[test]
fn reads_documents_over_several_lines() -> Result<()> {
    let one = "{\n  \"a\": 1,\n  \"b\": [\"}\"]\n}";
    let two = "{\n \"c\": {\n}\n}";
    let broken = "{\n \"c\": \"x\n \"d\": {\n}\n}";
    assert_eq!(read(one)?.0.matches('\t').count(), 1);
    for between in ["", "\n", "\r\n\r\n"] {
        let (staged, rejects) = read(&[one, two, one].join(between))?;
        assert_eq!((staged.matches("\t").count(), rejects.len()), (3, 0));
        let (staged, rejects) = read(&[one, broken, "{\"d\":\n2}\n"].join("\n"))?;
        assert!(staged.ends_with("{\"d\":\\n2}\t3\n"), "{staged}");
        assert_eq!(rejects, [(2, 5, broken.to_string())]);
    }
    let (staged, rejects) = read(&format!("{one},\n{two}\n"))?;
    assert_eq!(staged.matches('\t').count(), 2);
    assert_eq!(rejects, [(2, 4, ",".to_string())]);
    assert!(read(&one[..one.len() - 1]).is_err());
    // A broken first line does not make the file one of long documents.
    let (staged, rejects) = read("{\"a\":[\n{\"a\":2}\n{\"a\":3}\n")?;
    assert_eq!(staged, "{\"a\":2}\t2\n{\"a\":3}\t3\n");
    assert_eq!(rejects.len(), 1);
    Ok(())
}

#[test]
fn reads_several_documents_of_a_line() -> Result<()> {
    let text = " {\"a\":1} {\"b\":\"}{\"}{}\r\n\n{\"c\":3}{\"d\":\n{\"e\":5},{}\n{\"f\":6}";
    let (staged, rejects) = read(text)?;
    let rows = "{\"a\":1}\t1\n{\"b\":\"}{\"}\t2\n{}\t3\n{\"c\":3}\t4\n{\"f\":6}\t7\n";
    assert_eq!(staged, rows);
    let broken = [(5, 3, "{\"d\":"), (6, 4, "{\"e\":5},{}")];
    assert_eq!(
        rejects,
        broken.map(|(row, line, raw)| (row, line, raw.to_string()))
    );
    assert!(read("{}{\"a\":").is_err());
    Ok(())
}

#[test]
fn reads_records_below_keys() -> Result<()> {
    let rows = staged(&["{\"a\":1}", "{\"a\":[2]}"]);
    let records = "[{\"a\":1},\n{\"a\":[2]}]";
    for (path, before, after) in [
        ("data", "{\"data\":", "}"),
        (
            "data",
            "{\"meta\":{\"data\":[{}]},\"n\":\"}\\\"\",\"data\" : ",
            ", \"x\":[1,{}],\"y\":null }\n",
        ),
        (
            "a.b.c",
            "{\"a\":7,\"b\":{\"a\":1}, \"a.b\":{\"x\":[],\"c\":",
            "}}",
        ),
        ("a.b.c", "{\"a\":{\"x\":1},\"a.b.c\":", "}"),
        ("\u{e4}", "{\"\\u00e4\":", "}"),
        ("1", "[{\"page\":1},", "]"),
        ("1.data", "[[], {\"data\":", "},3]"),
    ] {
        let read = read_at(path, &format!("{before}{records}{after}"))?;
        assert_eq!(read, (rows.clone(), Vec::new()), "{path}: {before}");
    }
    // A broken record does not affect others, as in an array.
    let (staged, rejects) = read_at("data", "{\"data\":[{\"a\":},7,\n{\"a\":3}]}")?;
    assert_eq!(staged, "{\"a\":3}\t3\n");
    assert_eq!(rejects.len(), 2);
    // Documents that follow each other, such as pages.
    let pages = "{\"data\":[{\"a\":1}]}\n{\"n\":2,\"data\":[]}{\"data\":[{\"a\":[2]}]}";
    assert_eq!(read_at("data", pages)?, (rows, Vec::new()));
    Ok(())
}

#[test]
fn reads_members_of_an_object() -> Result<()> {
    let rows = [
        "{\"key\":\"x\",\"value\":{\"a\":1}}",
        "{\"key\":\"y\",\"value\":[2]}",
    ];
    let members = "{ \"x\" : {\"a\":1} ,\n\"y\":[2]}";
    for (path, text) in [
        ("*", members.to_string()),
        ("data.*", format!("{{\"data\":{members},\"n\":1}}")),
    ] {
        assert_eq!(read_at(path, &text)?, (staged(&rows), Vec::new()));
    }
    let (staged, rejects) = read_at("*", "{\"x\":\"y\n,\"z\":],\"y\":1}")?;
    assert_eq!(staged, "{\"key\":\"y\",\"value\":1}\t3\n");
    let raw = [(1, 1, "\"x\":\"y"), (2, 2, "\"z\":]")];
    assert_eq!(
        rejects,
        raw.map(|(row, line, raw)| (row, line, raw.to_string()))
    );
    Ok(())
}

#[test]
fn refuses_files_without_the_records() -> Result<()> {
    for (path, text, message) in [
        ("data", "{\"items\":[]}", "the file has no \"data\""),
        ("data", "[{\"data\":[]}]", "the file has no \"data\""),
        ("data.x", "{\"data\":[]}", "the file has no \"data.x\""),
        (
            "data",
            "{\"data\":{}}",
            "\"data\" is an object, not an array of records",
        ),
        ("data", "{\"data\":null}", "\"data\" is null"),
        (
            "data.*",
            "{\"data\":[]}",
            "\"data.*\" is an array, not an object of records",
        ),
        (
            "data",
            "{\"data\":[],\"data\":[]}",
            "a second time on line 1",
        ),
        (
            "data",
            "{\"data\":[]}\n{\"x\":[]}",
            "the file has no \"data\"",
        ),
        ("data", "{\"data\":[]}\n7", "followed by text on line 2"),
        ("data", "{\"data\":[{}]", "the file ends inside a document"),
        ("data", "{\"data\":[{}", "the file ends inside document 1"),
        ("data", "{\"x\":[{}", "the file ends inside a document"),
        ("data", "{\"x", "the file ends inside a document"),
        ("data", "{\"data\":[]]", "a bracket does not match"),
        ("data", "{\"x\":\"a\nb\"", "a string is not closed"),
        ("data", "{data:[]}", "a key is expected"),
        ("data", "{\"data\"[]}", "not followed by a colon"),
        ("data", "7", "neither a JSON array"),
    ] {
        let refused = read_at(path, text).map_err(|error| error.to_string());
        assert!(
            refused.as_ref().is_err_and(|error| error.contains(message)),
            "{path} {text}: {refused:?}"
        );
    }
    Ok(())
}

#[test]
fn reads_arrays_of_arrays() -> Result<()> {
    let rows = ["{\"name\":\"A\",\"n\":1}", "{\"name\":null,\"n\":{}}"];
    for text in [
        "[[\"name\",\"n\"],\n[\"A\",1],[null,{}]]",
        "[\"name\",\"n\"]\n[\"A\",1]\n[null,{}]\n",
    ] {
        assert_eq!(read(text)?, (staged(&rows), Vec::new()), "{text}");
    }
    let without = Layout {
        has_header: false,
        ..Layout::default()
    };
    let text = "[[\"A\",1],[2],7,[]]";
    let (staged, rejects) = read_with(&without, text)?;
    let rows = "{\"column_1\":\"A\",\"column_2\":1}\t1\n{\"column_1\":2}\t2\n{}\t4\n";
    assert_eq!(staged, rows);
    assert_eq!(rejects.len(), 1);
    let one = read_with(&without, "[\"A\",1]\n")?;
    assert_eq!(one.0, "{\"column_1\":\"A\",\"column_2\":1}\t1\n");
    let (_, rejects) = read("[[\"a\"],[1,2],{\"a\":1},[3]]")?;
    assert_eq!(rejects.len(), 2);
    // A first array that names no columns, or stands alone among objects, is a broken record.
    assert_eq!(read("[[{\"a\":1}],[2]]")?.1.len(), 2);
    let (staged, rejects) = read("[[\"a\"],{\"a\":1}]")?;
    assert_eq!((staged.as_str(), rejects.len()), ("{\"a\":1}\t2\n", 1));
    let pages = |second: &str| {
        read_at(
            "d",
            &format!("{{\"d\":[[\"a\"],[1]]}}{{\"d\":[[\"{second}\"],[2]]}}"),
        )
    };
    assert_eq!(pages("a")?.0, "{\"a\":1}\t1\n{\"a\":2}\t2\n");
    assert!(pages("b").is_err());
    Ok(())
}

#[test]
fn a_long_document_is_refused_unless_the_records_are_below_a_key() -> Result<()> {
    let record = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_000));
    let records = vec![record.as_str(); 20].join(",");
    for text in [
        format!("{{\"data\":[{records}],\"b\":1}}"),
        format!("{{\n\"n\":[{records}],\n\"data\":[{records}]}}"),
    ] {
        let refused = read(&text).map_err(|error| format!("{error:#}"));
        assert!(refused.is_err_and(|error| error.contains("longer than 16 MiB")));
        assert_eq!(read_at("data", &text)?.0.matches('\n').count(), 20);
    }
    Ok(())
}
