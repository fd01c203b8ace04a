//! Files that are no plain CSV: init finds the table, prints each choice, and the run loads all records.

use super::field::{file, init_for};
use super::{init, run, types};
use crate::support::{Folder, Outcome};
use std::path::Path;

/// `setting=value` of each choice that init reports.
fn choices(document: &serde_json::Value) -> String {
    let choices = document["project"]["layout"].as_array().unwrap().iter();
    let choices = choices.map(|choice| {
        let text = |key: &str| choice[key].as_str().unwrap();
        assert!(text("reason").len() > 10, "{choice}");
        assert!(text("option").starts_with("--"), "{choice}");
        format!("{}={}", text("setting"), text("value"))
    });
    choices.collect::<Vec<_>>().join(" ")
}

fn init_text(folder: &Folder, text: &str, args: &[&str]) -> Outcome {
    let file = folder.write("in/table.csv", text);
    let project = folder.path().join("p");
    std::fs::remove_dir_all(&project).ok();
    init(&project, args).path("--from", &file).run()
}

/// The choices about a text, all of whose records can be loaded.
fn layout_of(text: &str, args: &[&str]) -> String {
    let args = [&["--json"], args].concat();
    let document = init_text(&Folder::new(), text, &args).ok().json();
    assert_eq!(document["project"]["rejected"], 0, "{text}");
    choices(&document)
}

fn exported(project: &Path) -> String {
    run(project).1
}

#[test]
fn a_table_is_found_between_titles_and_totals() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "report/report.csv");
    assert_eq!(choices(&document), "header_line=5 footer_lines=1");
    assert_eq!(
        types(&document),
        "country text, transaction text, date date, name_of_app text, amount numeric"
    );
    let (database, exported) = run(&project);
    assert_eq!(exported.lines().count(), 10);
    assert!(
        exported.contains("Spain,24234jh32,2024-01-19,\"App, Three\",0.99\n"),
        "{exported}"
    );
    assert_eq!(
        database.number("select lines_skipped from elt.load"),
        5,
        "three titles, a blank line and the totals"
    );
}

#[test]
fn comments_above_a_table_are_skipped() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "co2_annual/co2_annual.csv");
    assert_eq!(choices(&document), "comment=#");
    let exported = exported(&project);
    assert!(
        exported.starts_with("year,mean,unc\n1959,315.98,0.12\n"),
        "{exported}"
    );
    assert_eq!(exported.lines().count(), 7);
}

#[test]
fn a_file_without_a_header_keeps_its_first_record() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "noheader/pp_2023.csv");
    assert_eq!(choices(&document), "has_header=false");
    let warning = document["project"]["warnings"].to_string();
    assert!(warning.contains("no header"), "{warning}");
    let exported = exported(&project);
    assert!(exported.starts_with("column_1,column_2,"), "{exported}");
    assert!(exported.contains("\n{A-1},245000,"), "{exported}");
    assert_eq!(exported.lines().count(), 4);
    let named = init(&folder.path().join("q"), &["--header-lines", "1", "--json"]);
    let named = named.path("--from", &file("noheader/pp_2023.csv"));
    let document = named.run().ok().json();
    assert_eq!(document["project"]["rows"], 2);
}

#[test]
fn records_may_end_in_a_delimiter() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "trailing_short/prices.csv");
    assert_eq!(choices(&document), "delimiter=; trailing_delimiter=true");
    let exported = exported(&project);
    assert_eq!(exported.lines().count(), 4);
    assert!(exported.contains(",RU,EUR,31.40,,R\n"), "{exported}");
}

#[test]
fn delimiters_in_quotes_are_not_counted() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "quotedheader/wb.csv");
    assert_eq!(choices(&document), "delimiter=;");
    assert_eq!(
        exported(&project),
        "country_or_area,population_total_thousands,gdp_current_us_millions\nA,1,2\nB,3,4\n"
    );
}

#[test]
fn backslashes_escape_quotes() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "backslash/survey.csv");
    assert_eq!(choices(&document), "delimiter=| escape=\\");
    assert_eq!(
        exported(&project),
        "id,title,score\n1,\"with \"\"space\"\" inside\",5\n2,ends with backslash \\,6\n3,plain \\N,7\n\
         4,\"multi\nline \"\" quoted\",8\n5,x,9\n"
    );
}

#[test]
fn flags_beside_numbers_are_named() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "eurostat6/demo2.tsv");
    assert_eq!(choices(&document), "delimiter=tab");
    let note = &document["project"]["columns"][2]["notes"];
    assert!(
        note.to_string()
            .contains("numbers with flags (\\\"e\\\", \\\"m\\\"), and \\\":\\\""),
        "{note}"
    );
    assert!(exported(&project).contains("\"A,NR,AT\",5,628 e,631,:\n"));
}

#[test]
fn names_in_other_scripts_are_numbered_and_kept_in_comments() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let document = init_for(&project, "names2/names.csv");
    let column = &document["project"]["columns"][13];
    assert_eq!(column["name"], "column_14");
    assert_eq!(column["notes"][0], "\"日本語\" in the file");
    let (database, _) = run(&project);
    let comment = "select col_description('core.names'::regclass, attnum::int) from pg_attribute \
                   where attrelid = 'core.names'::regclass and attname = 'column_14'";
    assert!(database.text(comment).starts_with("日本語"));
}

#[test]
fn a_plain_file_needs_no_choice() {
    assert_eq!(layout_of("id,name\n1,Ann\n2,\"Ben, Bo\"\n", &[]), "");
    assert_eq!(layout_of("name,city\nAnn,Oslo\nBen,Rome\n", &[]), "");
    assert_eq!(layout_of("name\nAnn\nBen\n", &[]), "");
    // Bad records stay bad records.
    let text = "id,name\n1,Ann\n2\n3,\"Cem\n4,Dan\n5,Eve,x\n6,Fay\n7,Gus\n#8\n9,Ida";
    let document = init_text(&Folder::new(), text, &["--json"]).ok().json();
    assert_eq!(document["project"]["rejected"], 4);
    assert_eq!(choices(&document), "");
}

#[test]
fn other_dialects_are_detected() {
    let cases = [
        ("sep=;\nid;n\n1;2\n", "delimiter=; header_line=2"),
        ("'id','note'\n'1','a, b'\n'2','c'\n", "quote='"),
        (
            "id\tsize\n1\t5\" pipe\n2\t6\" pipe\n",
            "delimiter=tab quote=none",
        ),
        ("id|n\n1|2\n", "delimiter=|"),
        ("user:uid:home\nann:1:/a\nben:2:/b\n", "delimiter=:"),
        ("t,depth,temp\n(s),m,°C\n1,2,3\n2,3,4\n", "header_lines=2"),
        ("a,b,c\n1,2,3\n1,2\n1,2\n1,2\n", "short_records=true"),
        ("id,n\n1,2\n3,4\n\nSource: me\n", "footer_lines=1"),
        ("id,n\n1,2\n# x\n3,4\n", "comment=#"),
        ("amount\n1,5\n2,50\n", "delimiter=;"),
    ];
    for (text, expected) in cases {
        assert_eq!(layout_of(text, &[]), expected, "{text}");
    }
}

#[test]
fn options_override_each_choice() {
    let folder = Folder::new();
    let rows = |text: &str, args: &[&str]| {
        let args = [&["--json"], args].concat();
        let document = init_text(&folder, text, &args).ok().json();
        let project = &document["project"];
        (
            project["rows"].as_u64().unwrap(),
            project["rejected"].as_u64().unwrap(),
        )
    };
    let noted = "# a,b\nid,n\n1,2\n3,4\n\nSource: me\n";
    assert_eq!(
        rows(
            "# a\nid,n\n1,2\n3,4\n",
            &["--comment", "none", "--header-line", "2"]
        ),
        (2, 0)
    );
    assert_eq!(
        rows(noted, &["--header-line", "2", "--footer-lines", "0"]),
        (2, 1)
    );
    assert_eq!(rows(noted, &["--header-line", "2"]), (2, 0));
    let short = "a,b,c\n1,2,3\n1,2\n1,2\n1,2\n4,5,6\n7,8,9\n";
    assert_eq!(rows(short, &["--short-records=false"]), (3, 3));
    assert_eq!(rows(short, &["--short-records"]), (6, 0));
    let units = "t,depth\n(s),(m)\n1,2\n3,4\n";
    assert_eq!(rows(units, &[]), (2, 0));
    assert_eq!(rows(units, &["--header-lines", "1"]), (3, 0));
    assert_eq!(rows("1,2\n3,4\n", &[]), (2, 0));
    assert_eq!(rows("1,2\n3,4\n", &["--header-line", "1"]), (1, 0));
    assert_eq!(rows("a,b\nc,d\n", &["--no-header"]), (2, 0));
    assert_eq!(rows("a;b,c\n1;2,3\n", &["--delimiter", ";"]), (1, 0));
}

#[test]
fn a_file_without_a_table_is_refused() {
    let folder = Folder::new();
    let text =
        "Dear all,\nplease find the numbers, as promised, below.\n1;2,3\n4;5,6,7,8\nRegards\n";
    let outcome = init_text(&folder, text, &[]).exits_with(1);
    outcome.says(&[
        "could not find a table",
        "Nothing was written",
        "line 1, 2 fields: [Dear all] []",
        "--delimiter SIGN",
        "--header-line N",
    ]);
    assert!(!folder.path().join("p").exists());
    // A header with another number of fields is not skipped.
    let outcome = init_text(&folder, "id,name\n1,Ann,2\n2,Ben,3\n3,Cem,4\n", &[]);
    outcome
        .exits_with(1)
        .says(&["3 of 3 records do not have the 2 fields of line 1"]);
}

#[test]
fn titles_that_a_spreadsheet_padded_are_skipped() {
    let text = "Report,,\n,,\nid,name,n\n1,Ann,2\n2,Ben,3\n3,,\n4,Cem,4\n";
    assert_eq!(layout_of(text, &[]), "header_line=3");
}

#[test]
fn a_header_that_may_be_a_record_is_reported() {
    let text = "123|x|text\n345|y|'text'\n'567'|z|more\n";
    let warnings = |args: &[&str]| {
        let args = [&["--json"], args].concat();
        let document = init_text(&Folder::new(), text, &args).ok().json();
        document["project"]["warnings"].to_string()
    };
    let said = warnings(&[]);
    assert!(said.contains("\\\"123\\\" in it may be a value"), "{said}");
    assert!(said.contains("use --no-header"), "{said}");
    assert_eq!(warnings(&["--header"]), "[]");
}

#[test]
fn lines_that_end_with_carriage_returns_alone_are_named() {
    for text in [
        "a,b,c\r1,2,3\r4,5,6\r",
        "a,b,c\r1,2,3\r\"Once upon\ra time\",5,6",
    ] {
        init_text(&Folder::new(), text, &[])
            .exits_with(1)
            .says(&["carriage returns alone", "tr '\\r' '\\n'"]);
    }
}
