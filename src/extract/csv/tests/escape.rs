//! Escaped signs.

use super::*;

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
