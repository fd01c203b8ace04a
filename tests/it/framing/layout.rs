//! Where the table is in a file: lines above it, comments, footers, headers of several lines and no header.

use super::Framing;

impl Framing {
    fn lines_skipped(&self, source: &str) -> i64 {
        let load_id = self.live(source).load_id;
        let sql = format!("select lines_skipped from elt.load where load_id = {load_id}");
        self.database.number(&sql)
    }
}

#[test]
fn skips_the_lines_around_the_table_and_reports_them() {
    let framing = Framing::new();
    framing.load("lines", "a,b\n1,2\n");
    assert_eq!(framing.lines_skipped("lines"), 0);
    framing.set(
        "lines",
        "header_line = 4, comment = '#', footer_lines = 2, delimiter = ';'",
    );
    let file = "Report; \"of today\n# 2024;\n\nA;b\n1;2\n# none\n3\n4;5\n\nTotal;7\nend\n\n";
    framing
        .load("lines", file)
        .has(&["5|1|2", "8|4|5"])
        .rejects(&[(7, "1 field instead of 2", b"3")])
        .written("plain utf-8 unmarked lf {A,b}");
    assert_eq!(framing.lines_skipped("lines"), 6);
    let again = framing.loading("lines").args(["--force"]).run().ok();
    assert!(
        again
            .stdout
            .contains("skipped 3 lines above the table, 1 comment, 2 lines at the end of "),
        "{}",
        again.stdout
    );
    let json = framing.loading("lines").args(["--force", "--json"]).run();
    let json = json.ok().stdout;
    let skipped = r#""lines_skipped":{"above":3,"comments":1,"at_end":2}"#;
    assert!(
        json.split_whitespace()
            .collect::<String>()
            .contains(skipped),
        "{json}"
    );

    // Corrected rejects have the header and nothing else around them.
    let rejects = framing.written_rejects("lines");
    assert_eq!(rejects, b"A;b\n3\n");
    framing
        .replay("lines", b"A;b\n#\n3;3\n")
        .has(&["5|1|2", "8|4|5", "11|3|3"]);

    framing.refuse(
        "lines",
        "A;b\n",
        &["the file ends before line 4, which is its header"],
    );
    framing.refuse(
        "lines",
        "1\n2\n3\nx;b\n1;2\n3;4\nend\n",
        &[
            "the header lacks column \"a\"",
            "The header on line 4 has 2 columns.",
        ],
    );
}

#[test]
fn reads_a_header_of_several_lines() {
    let framing = Framing::new();
    framing.set("lines", "header_lines = 2, header_line = 2, comment = '#'");
    framing
        .load("lines", "x\n#c,a,,c\r\n#note\r\n1,,b,2\n3,1,2,4\n5\n")
        .has(&["5|1|2|{\"c 2\": \"4\", \"#c 1\": \"3\"}"])
        .rejects(&[(6, "1 field instead of 4", b"5")])
        .written("plain utf-8 unmarked mixed {\"#c 1\",a,b,\"c 2\"}");
    // The header's line is named, so that it may begin like a comment.
    assert_eq!(framing.written_rejects("lines"), b"#c,a,,c\r\n1,,b,2\n5\n");
    framing.replay("lines", b"#c,a,,c\r\n1,,b,2\n5,6,7,8\n");
}

#[test]
fn corrects_rejects_of_a_header_of_several_lines() {
    let framing = Framing::new();
    framing.set("lines", "header_lines = 2");
    framing
        .load("lines", "a,,c,c\r\n,b,1,2\n1,2,3,4\n5\n")
        .has(&["3|1|2|{\"c 1\": \"3\", \"c 2\": \"4\"}"]);
    let rejects = framing.written_rejects("lines");
    assert_eq!(rejects, b"a,,c,c\r\n,b,1,2\n5\n");
    framing
        .replay("lines", b"a,,c,c\r\n,b,1,2\n5,6,,\n")
        .has(&["3|1|2|{\"c 1\": \"3\", \"c 2\": \"4\"}", "7|5|6"]);
    framing.refuse("lines", "a,b\n", &["the file ends within its header"]);
}

#[test]
fn numbers_the_columns_of_a_file_without_a_header() {
    let framing = Framing::new();
    framing.set("numbered", "header_line = 2");
    framing
        .load("numbered", "x\n1,2,3\n4,5\n\n6,7,8\n1,2,3\n")
        .has(&[
            "2|1|2|{\"column_3\": \"3\"}",
            "5|6|7|{\"column_3\": \"8\"}",
            "6|1|2|{\"column_3\": \"3\"}",
        ])
        .rejects(&[(3, "2 fields instead of 3", b"4,5")])
        .written("plain utf-8 unmarked lf {column_1,column_2,column_3}");
    // The rejects have too few fields, so their number does not decide how many columns there are.
    let rejects = framing.written_rejects("numbered");
    assert_eq!(rejects, b"4,5\n");
    framing
        .replay("numbered", b"4,5\n")
        .rejects(&[(1, "2 fields instead of 3", b"4,5")]);
    framing.replay("numbered", b"4,5,6\n").has(&[
        "2|1|2|{\"column_3\": \"3\"}",
        "5|6|7|{\"column_3\": \"8\"}",
        "6|1|2|{\"column_3\": \"3\"}",
        "8|4|5|{\"column_3\": \"6\"}",
    ]);
    framing.refuse(
        "numbered",
        "x\n1\n2\n",
        &[
            "the file lacks column \"column_2\"",
            "Its first records have 1 column.",
            "column_1, column_2 and so on",
        ],
    );
    framing.refuse(
        "numbered",
        "x\n\n",
        &["no lines but those that are skipped"],
    );
}

#[test]
fn reads_records_with_a_trailing_delimiter_and_short_ones() {
    let framing = Framing::new();
    framing.set("lines", "trailing_delimiter = true");
    framing
        .load("lines", "a,b\n1,2,\n3,4\n5,6,7\n")
        .has(&["2|1|2"])
        .rejects(&[
            (3, "2 fields instead of 2 and an empty one", b"3,4"),
            (4, "3 fields, and the last one is not empty", b"5,6,7"),
        ]);
    framing.set("lines", "trailing_delimiter = false, short_records = true");
    framing
        .load("lines", "a,b\n1\n\n3,4\n5,6,7\n")
        .has(&["2|1|~", "4|3|4"])
        .rejects(&[(5, "3 fields instead of at most 2", b"5,6,7")]);
}

#[test]
fn a_blank_line_in_a_file_of_one_column_is_a_row() {
    let framing = Framing::new();
    framing
        .database
        .run("alter table staging.lines drop column b");
    framing.write("lines", "a\n1\n\n2\n");
    framing.loading("lines").run().ok();
    let sql = "select count(*) from staging.lines where a is null";
    assert_eq!(framing.database.number(sql), 1);
    let sql = "select rows_read from elt.load order by load_id desc limit 1";
    assert_eq!(framing.database.number(sql), 3);
}
