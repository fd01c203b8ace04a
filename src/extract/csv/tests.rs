use super::*;
use crate::extract::encoding::Encoding;

type Rejected = (u64, String, String);

/// The COPY text of all staged records, and the rejects as (line, reason, raw).
fn read(text: &str) -> Result<(String, Vec<Rejected>)> {
    read_as(Layout::default(), text)
}

fn read_as(layout: Layout, text: &str) -> Result<(String, Vec<Rejected>)> {
    read_columns(layout, text, &["a".to_string(), "b".to_string()])
}

fn read_columns(layout: Layout, text: &str, columns: &[String]) -> Result<(String, Vec<Rejected>)> {
    let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
    let mut extract = CsvExtract::open(window, FileFacts::default(), &layout, columns, 0)?;
    let mut copy = CopyText::default();
    let mut rejects = Vec::new();
    while let Some(record) = extract.next(&mut copy)? {
        if let Record::Rejected(reject) = record {
            let raw = String::from_utf8_lossy(&reject.raw).into_owned();
            rejects.push((reject.line, reject.reason, raw));
        }
    }
    Ok((String::from_utf8(copy.take(0))?, rejects))
}

#[test]
fn reads_quotes_commas_and_line_ends_inside_fields() -> Result<()> {
    let (staged, rejects) = read("\u{feff}a,b\r\n1,2\r\n\"x,\"\"y\"\"\r\nz\",3\n\n4,\n5,\"\"")?;
    assert_eq!(
        staged,
        "1\t2\t2\t\\N\nx,\"y\"\\r\\nz\t3\t3\t\\N\n4\t\\N\t6\t\\N\n5\t\\N\t7\t\\N\n"
    );
    assert!(rejects.is_empty());
    Ok(())
}

#[test]
fn a_misplaced_quote_rejects_its_own_line() -> Result<()> {
    let (staged, rejects) = read("a,b\n1,\"open\n2,x\"y\n3,\"q\"z\n4,5\n")?;
    assert_eq!(staged, "4\t5\t5\t\\N\n");
    let lines: Vec<_> = rejects
        .iter()
        .map(|(line, _, raw)| (*line, raw.as_str()))
        .collect();
    assert_eq!(lines, [(2, "1,\"open"), (3, "2,x\"y"), (4, "3,\"q\"z")]);
    assert_eq!(rejects[0].1, "a closing quote is followed by text");
    Ok(())
}

#[test]
fn an_unclosed_quote_rejects_its_own_line() -> Result<()> {
    let (staged, rejects) = read("a,b\n1,\"open\n2,3\n")?;
    assert_eq!(staged, "2\t3\t3\t\\N\n");
    assert_eq!(rejects[0].1, "a quote is opened and never closed");
    Ok(())
}

#[test]
fn two_stray_quotes_reject_their_own_lines() -> Result<()> {
    let (staged, rejects) = read("a,b\n1,2\n\"x,3\n4,5\n6,7\n8,y\"\n10,11\n")?;
    assert_eq!(
        staged,
        "1\t2\t2\t\\N\n4\t5\t4\t\\N\n6\t7\t5\t\\N\n10\t11\t7\t\\N\n"
    );
    let lines: Vec<_> = rejects
        .iter()
        .map(|(line, _, raw)| (*line, raw.as_str()))
        .collect();
    assert_eq!(lines, [(3, "\"x,3"), (6, "8,y\"")]);
    Ok(())
}

#[test]
fn extra_columns_with_the_same_name_are_all_kept() -> Result<()> {
    let (staged, _) = read("note,a,b,note,,\nx,1,2,y,p,q\n")?;
    assert!(
        staged.contains(r#"{"note":"x","note_2":"y","column_5":"p","column_6":"q"}"#),
        "{staged}"
    );
    let (staged, _) = read("x,a,x,x_3,b,column_6,\np,1,q,r,2,s,t\n")?;
    assert!(
        staged.contains(r#"{"x":"p","x_2":"q","x_3":"r","column_6":"s","column_7":"t"}"#),
        "{staged}"
    );
    assert!(read("a,b,n\0\n1,2,3\n").is_err());
    Ok(())
}

#[test]
fn columns_are_matched_by_name_and_extra_ones_are_kept() -> Result<()> {
    let (staged, _) = read("note,B,a\nhi,2,1\n,4,3\n")?;
    assert_eq!(staged, "2\t1\t2\t{\"note\":\"hi\"}\n4\t3\t3\t\\N\n");
    Ok(())
}

#[test]
fn a_wrong_number_of_fields_is_rejected() -> Result<()> {
    let (staged, rejects) = read("a,b\n1\n1,2,3\n1,2\n")?;
    assert_eq!(staged, "1\t2\t4\t\\N\n");
    assert_eq!(rejects[0].1, "1 field instead of 2");
    assert_eq!(rejects[1].1, "3 fields instead of 2");
    Ok(())
}

#[test]
fn a_repeated_header_is_rejected() -> Result<()> {
    let (staged, rejects) = read("a,b\n1,2\na,b\n3,4\n")?;
    assert_eq!(staged, "1\t2\t2\t\\N\n3\t4\t4\t\\N\n");
    assert_eq!(rejects[0].1, "the header is repeated here");
    Ok(())
}

#[test]
fn a_header_may_be_quoted_and_span_lines() -> Result<()> {
    let (staged, _) = read("\n\"a\",\"b\",\"what\nelse\"\n1,2,3\n")?;
    assert_eq!(staged, "1\t2\t4\t{\"what\\\\nelse\":\"3\"}\n");
    assert!(read("a,\"b\n1,2\n").is_err());
    Ok(())
}

#[test]
fn uses_the_delimiter_quote_and_null_text_of_the_source() -> Result<()> {
    let layout = Layout {
        delimiter: b';',
        quote: Some(b'\''),
        null_text: Some("NULL".into()),
        ..Layout::default()
    };
    let (staged, rejects) = read_as(layout, "a;b\n1,5;'it''s; \"so\"'\nNULL;2\n3\n")?;
    assert_eq!(staged, "1,5\tit's; \"so\"\t2\t\\N\n\\N\t2\t3\t\\N\n");
    assert_eq!(rejects.len(), 1);
    let unquoted = Layout {
        delimiter: b'\t',
        quote: None,
        ..Layout::default()
    };
    let (staged, rejects) = read_as(unquoted, "a\tb\n\"1\tx\"y\n")?;
    assert_eq!(staged, "\"1\tx\"y\t2\t\\N\n");
    assert!(rejects.is_empty());
    Ok(())
}

#[test]
fn a_missing_column_is_named() {
    let error = read("a,c\n1,2\n").unwrap_err();
    assert_eq!(error.to_string(), "the header lacks column \"b\"");
}

#[test]
fn skips_lines_above_the_header_comments_and_the_footer() -> Result<()> {
    let layout = Layout {
        header_line: Some(3),
        comment: Some("#".into()),
        footer_lines: 2,
        ..Layout::default()
    };
    let text = "Report\n\n#a,b\n# note\n1,2\n\n#x\n3,4\nTotal,6\n\nend\n\n";
    let columns = ["b".to_string()];
    let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
    let mut extract = CsvExtract::open(window, FileFacts::default(), &layout, &columns, 0)?;
    let mut copy = extract.copy_text();
    while extract.next(&mut copy)?.is_some() {}
    let staged = String::from_utf8(copy.take(0))?;
    assert_eq!(staged, "2,5,{\"#a\":\"1\"}\n4,8,{\"#a\":\"3\"}\n");
    let skipped = extract.facts().lines_skipped.unwrap_or_default();
    assert_eq!((skipped.above, skipped.comments, skipped.at_end), (2, 2, 2));
    Ok(())
}

#[test]
fn the_footer_may_be_all_that_is_there() {
    let layout = Layout {
        footer_lines: 2,
        ..Layout::default()
    };
    let error = read_as(layout, "a,b\nTotal,1\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file has no lines but those that are skipped"
    );
}

#[test]
fn names_on_several_lines_are_joined() -> Result<()> {
    let layout = Layout {
        header_lines: 2,
        ..Layout::default()
    };
    let (staged, rejects) = read_as(
        layout,
        "\na,,2020,\n,b,\"total\nEUR\",\n1,2,3,\n,b,\"total\nEUR\",\n",
    )?;
    assert_eq!(staged, "1\t2\t5\t{\"2020 total\\\\nEUR\":\"3\"}\n");
    assert_eq!(rejects[0].1, "the header is repeated here");
    Ok(())
}

fn read_without_header(
    layout: Layout,
    text: &str,
    columns: &[&str],
) -> Result<(String, Vec<Rejected>)> {
    let layout = Layout {
        has_header: false,
        ..layout
    };
    let columns: Vec<String> = columns.iter().map(|name| name.to_string()).collect();
    read_columns(layout, text, &columns)
}

#[test]
fn columns_without_a_header_are_numbered() -> Result<()> {
    let plain = Layout::default();
    let (staged, rejects) = read_without_header(
        plain.clone(),
        "1,2,3\n4,5\n6,7,8\n1,2,3\n",
        &["column_2", "column_1"],
    )?;
    assert_eq!(
        staged,
        "1\t2\t1\t{\"column_3\":\"3\"}\n6\t7\t3\t{\"column_3\":\"8\"}\n1\t2\t4\t{\"column_3\":\"3\"}\n"
    );
    assert_eq!(rejects[0].1, "2 fields instead of 3");
    let error = read_without_header(plain.clone(), "1,2\n", &["column_3"]).unwrap_err();
    assert_eq!(error.to_string(), "the file lacks column \"column_3\"");
    let error = read_without_header(plain.clone(), "\n\n", &["column_1"]).unwrap_err();
    assert_eq!(error.to_string(), "the file is empty");
    let header = Layout {
        header_line: Some(3),
        ..plain
    };
    let error = read_without_header(header, "1\n2\n", &["column_1"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file ends before line 3, which is its first record"
    );
    Ok(())
}

#[test]
fn the_first_record_without_a_header_may_be_rejected() -> Result<()> {
    let (staged, rejects) = read_without_header(
        Layout::default(),
        "1,2,3\n4,5\n6,7\n",
        &["column_1", "column_2"],
    )?;
    assert_eq!(staged, "4\t5\t2\t\\N\n6\t7\t3\t\\N\n");
    assert_eq!(rejects[0].1, "3 fields instead of 2");
    Ok(())
}

#[test]
fn records_may_end_in_a_delimiter_that_the_header_lacks() -> Result<()> {
    let layout = Layout {
        trailing_delimiter: true,
        ..Layout::default()
    };
    let (staged, rejects) = read_as(layout.clone(), "a,b\n1,2,\n3,4\n5,6,7\n8,,\n9,10,\"\"\n")?;
    assert_eq!(staged, "1\t2\t2\t\\N\n8\t\\N\t5\t\\N\n9\t10\t6\t\\N\n");
    assert_eq!(rejects[0].1, "2 fields instead of 2 and an empty one");
    assert_eq!(rejects[1].1, "3 fields, and the last one is not empty");
    let short = Layout {
        short_records: true,
        ..layout
    };
    let (staged, rejects) = read_as(short, "a,b\n1\n3,4\n5,6,\n7,8,9\n")?;
    assert_eq!(staged, "1\t\\N\t2\t\\N\n3\t4\t3\t\\N\n5\t6\t4\t\\N\n");
    assert_eq!(rejects.len(), 1);
    Ok(())
}

#[test]
fn fields_may_be_missing_at_the_end_of_short_records() -> Result<()> {
    let layout = Layout {
        short_records: true,
        ..Layout::default()
    };
    let text = "a,b\n1\n\"2\n3\",4\n5,6,7\n\"x\n8,9\ny\"\n10,11\n";
    let (staged, rejects) = read_as(layout, text)?;
    assert_eq!(
        staged,
        "1\t\\N\t2\t\\N\n2\\n3\t4\t3\t\\N\n8\t9\t7\t\\N\n10\t11\t9\t\\N\n"
    );
    let reasons: Vec<_> = rejects
        .iter()
        .map(|(_, reason, _)| reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "3 fields instead of at most 2",
            "a quote that opens here closes 3 lines later, which gives 1 field instead of at most 2",
            "a field without quotes contains a quote",
        ]
    );
    Ok(())
}

#[test]
fn a_blank_line_in_a_file_of_one_column_is_an_empty_value() -> Result<()> {
    let (staged, _) = read_columns(Layout::default(), "\na\n1\n\n\r\n2\n\n", &["a".to_string()])?;
    assert_eq!(
        staged,
        "1\t3\t\\N\n\\N\t4\t\\N\n\\N\t5\t\\N\n2\t6\t\\N\n\\N\t7\t\\N\n"
    );
    Ok(())
}

#[test]
fn carriage_returns_alone_are_refused_with_and_without_quotes() {
    let long = format!("a,b\r{}", "1,2\r".repeat(50_000));
    for text in [
        "a,b\r1,2\r",
        "\"a\",\"b\"\r\"1\",\"2\"\r",
        "a,\"b\"\r1,\"2\"\r",
        "a,b\r1,\"2\n3\"\r",
        &long,
    ] {
        let layout = Layout {
            header_line: Some(1),
            ..Layout::default()
        };
        for layout in [Layout::default(), layout] {
            let error = read_as(layout, text).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the file's lines end with carriage returns alone"
            );
        }
    }
    assert!(read("\"a\rx\",a,b\r\n1,2,3\r\n").is_ok());
}

#[test]
fn an_error_names_the_line_of_the_header() {
    let layout = Layout {
        header_line: Some(3),
        ..Layout::default()
    };
    let error = |text| read_as(layout.clone(), text).unwrap_err();
    let missing = error("x\n\na,c\n1,2\n");
    assert_eq!(missing.to_string(), "the header lacks column \"b\"");
    let details = format!("{:?}", missing.downcast_ref::<crate::failure::Failure>());
    assert!(
        details.contains("The header on line 3 has 2 columns."),
        "{details}"
    );
    assert_eq!(
        error("x\n\n\na,b\n").to_string(),
        "line 3, which is the header, is blank"
    );
    assert_eq!(
        error("x\n").to_string(),
        "the file ends before line 3, which is its header"
    );
    assert_eq!(
        error("x\n\n\"a\n").to_string(),
        "could not read the header on line 3: a quote is opened and never closed"
    );
}

fn with_escape() -> Layout {
    Layout {
        escape: Some(b'\\'),
        null_text: Some("\\N".into()),
        ..Layout::default()
    }
}

#[test]
fn an_escape_makes_the_next_sign_part_of_the_value() -> Result<()> {
    let text = "a,b\n\"x \\\"y\\\" \"\"z\"\"\",1\\,2\n\\N,\\\\N\nC:\\dir\\\\,\\\"q\\\"\n1,2\\\n3\n\"4\\\r\n5\",6\n";
    let (staged, rejects) = read_as(with_escape(), text)?;
    assert!(rejects.is_empty(), "{rejects:?}");
    let rows: Vec<&str> = staged.lines().collect();
    assert_eq!(
        rows,
        [
            "x \"y\" \"z\"\t1,2\t2\t\\N",
            "\\N\t\\\\N\t3\t\\N",
            "C:\\\\dir\\\\\t\"q\"\t4\t\\N",
            "1\t2\\n3\t5\t\\N",
            "4\\r\\n5\t6\t7\t\\N",
        ]
    );
    Ok(())
}

#[test]
fn a_misplaced_escape_rejects_its_own_line() -> Result<()> {
    let text = "a,b\n1,C:\\\n2,3\n4\\,5\n\"6\\\",7\n8,\"9\"\\,\n10,11\n12,13\\\n";
    let (staged, rejects) = read_as(with_escape(), text)?;
    assert_eq!(staged, "2\t3\t3\t\\N\n10\t11\t7\t\\N\n");
    let rejects: Vec<_> = rejects
        .iter()
        .map(|(line, reason, raw)| (*line, reason.as_str(), raw.as_str()))
        .collect();
    assert_eq!(
        rejects,
        [
            (
                2,
                "a quote or an escape on this line joins 2 lines, which gives 3 fields instead of 2",
                "1,C:\\"
            ),
            (4, "1 field instead of 2", "4\\,5"),
            (5, "a closing quote is followed by text", "\"6\\\",7"),
            (6, "a closing quote is followed by text", "8,\"9\"\\,"),
            (8, "the file ends after an escaped line end", "12,13\\"),
        ]
    );
    Ok(())
}

#[test]
fn an_escape_works_without_quotes_and_in_the_header() -> Result<()> {
    let layout = Layout {
        quote: None,
        ..with_escape()
    };
    let (staged, rejects) = read_as(layout, "a,b,c\\,d\n\"1,\\\"2,\\x\\,\n")?;
    assert_eq!(staged, "\"1\t\\\\\"2\t2\t{\"c,d\":\"\\\\\\\\x,\"}\n");
    assert!(rejects.is_empty());
    Ok(())
}
