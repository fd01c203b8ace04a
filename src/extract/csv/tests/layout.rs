//! Lines around the table, headers of several lines and none, and records of other lengths.

use super::*;

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
