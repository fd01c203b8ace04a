mod escape;
mod layout;

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
