//! The SQL that touches core tables runs on Citus too. Forms that Citus refuses, or for which it fetches all rows of a
//! distributed table, are rejected here.

use crate::support::repository;
use std::collections::BTreeSet;
use std::path::Path;

/// A statement over core tables, and the file that it is in.
struct Statement {
    file: String,
    text: String,
}

/// A form that Citus cannot run, and why.
type Form = (&'static str, fn(&str) -> bool);

const FORMS: [Form; 6] = [
    ("ctid: shards have no common row identifier", has_ctid),
    (
        "a whole row as a value: its type is not known on the workers",
        has_whole_row,
    ),
    (
        "a temporary table in a subquery of delete: use a materialized common table expression",
        deletes_by_temporary,
    ),
    (
        "exists without limit 1: all rows come to the coordinator",
        has_exists_without_limit,
    ),
    (
        "a lateral outer join: use a plain one",
        has_lateral_outer_join,
    ),
    (
        "a call of elt's functions: workers know only the immutable ones",
        calls_stable_function,
    ),
];

/// These never read a distributed table: the first compares whole rows of tables without a key, the others temporary
/// tables.
const LOCAL: [&str; 3] = [
    "sql/elt/publish/replace_rows.sql",
    "sql/elt/publish/compare_rows.sql",
    "sql/elt/publish/difference_query.sql",
];

fn words(text: &str) -> Vec<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || "_.%$\"".contains(letter);
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match is_part(first) {
            true => rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        words.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    words
}

fn has_ctid(text: &str) -> bool {
    words(text)
        .iter()
        .any(|word| *word == "ctid" || word.ends_with(".ctid"))
}

/// The names that the statement gives to tables, other than to subqueries.
fn aliases<'a>(words: &[&'a str]) -> BTreeSet<&'a str> {
    let named = words.windows(4).filter(|four| {
        ["from", "join", "into", "update", "using"].contains(&four[0])
            && four[1] != "("
            && four[2] == "as"
    });
    named.map(|four| four[3]).collect()
}

fn has_whole_row(text: &str) -> bool {
    let words = words(text);
    let aliases = aliases(&words);
    words.windows(3).any(|three| {
        let is_value = ["select", ",", "(", "by"].contains(&three[0])
            && [",", ")", "as", "from", "order"].contains(&three[2]);
        is_value && aliases.contains(three[1])
    })
}

/// The text in each pair of parentheses after a word, such as `exists (`.
fn in_parentheses<'a>(text: &'a str, after: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(after) {
        let rest = text[at + after.len()..].trim_start();
        let Some(inside) = rest.strip_prefix('(') else {
            continue;
        };
        let mut depth = 1;
        let end = inside.find(|letter| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        found.push(&inside[..end.unwrap_or(inside.len())]);
    }
    found
}

fn deletes_by_temporary(text: &str) -> bool {
    text.split("delete from").skip(1).any(|delete| {
        in_parentheses(delete, "exists")
            .iter()
            .any(|inside| inside.contains("pg_temp."))
    })
}

fn has_exists_without_limit(text: &str) -> bool {
    in_parentheses(text, "exists").iter().any(|inside| {
        let words = words(inside);
        let reads_core = words.windows(2).any(|two| {
            two[0] == "from" && (two[1].starts_with("core.") || two[1].starts_with('%'))
        });
        reads_core && !words.contains(&"limit")
    })
}

fn has_lateral_outer_join(text: &str) -> bool {
    [
        "left join lateral",
        "full join lateral",
        "right join lateral",
    ]
    .iter()
    .any(|form| text.contains(form))
}

fn calls_stable_function(text: &str) -> bool {
    text.match_indices("elt.").any(|(at, _)| {
        let rest = &text[at + 4..];
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        after.starts_with('(') && !is_immutable(name)
    })
}

fn is_immutable(function: &str) -> bool {
    let name = format!("{function}.sql");
    let file = files("sql/elt")
        .into_iter()
        .find(|(file, _)| file.ends_with(&format!("/{name}")));
    file.is_some_and(|(_, text)| text.lines().any(|line| line == "immutable"))
}

fn files(folder: &str) -> Vec<(String, String)> {
    fn add(folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&path, files);
            } else if path.extension().is_some_and(|end| end == "sql") {
                let name = path
                    .strip_prefix(repository())
                    .unwrap()
                    .display()
                    .to_string();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    add(&repository().join(folder), &mut found);
    found
}

fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The strings of a function that are statements over tables whose names it fills in.
fn statements_of(file: &str, text: &str) -> Vec<Statement> {
    let text = without_comments(text);
    let strings = text.split('\'').skip(1).step_by(2);
    let over_tables = strings.filter(|string| {
        let words = words(string);
        words.windows(2).any(|two| {
            ["from", "join", "into", "update"].contains(&two[0])
                && two[1].starts_with('%')
                && two[1].ends_with('s')
        })
    });
    over_tables
        .filter(|string| !string.contains("as staged"))
        .map(|string| Statement {
            file: file.into(),
            text: string.into(),
        })
        .collect()
}

/// Tables of core queries whose header names a distribution column.
fn distributed() -> Vec<String> {
    let queries = files("sql/epion/core").into_iter();
    queries
        .filter(|(_, text)| text.contains("\n-- distribute:"))
        .filter_map(|(_, text)| {
            Some(
                text.lines()
                    .find_map(|line| line.strip_prefix("-- fills:"))?
                    .trim()
                    .to_string(),
            )
        })
        .collect()
}

fn all() -> Vec<Statement> {
    let mut all: Vec<Statement> = files("sql/elt")
        .iter()
        .flat_map(|(file, text)| statements_of(file, text))
        .collect();
    let tables = distributed();
    assert!(!tables.is_empty(), "nothing is distributed");
    for (file, text) in files("sql/epion") {
        let body = without_comments(&text);
        if words(&body)
            .iter()
            .any(|word| tables.iter().any(|table| table == word))
        {
            all.push(Statement { file, text: body });
        }
    }
    all
}

#[test]
fn statements_over_core_run_on_citus() {
    let all = all();
    assert!(all.len() > 40, "{} statements", all.len());
    let mut wrong = Vec::new();
    for statement in all
        .iter()
        .filter(|each| !LOCAL.contains(&each.file.as_str()))
    {
        for (reason, is_there) in FORMS {
            if is_there(&statement.text) {
                wrong.push(format!("{}: {reason}\n{}", statement.file, statement.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_form_is_found() {
    for (number, text) in [
        (0, "delete from %s as gone where gone.ctid = any($1)"),
        (
            1,
            "select count(*), to_jsonb(violation) from %s as violation",
        ),
        (1, "select violation, 1 from %s as violation"),
        (
            2,
            "delete from %s as have where not exists (select 1 from pg_temp.a as a where a.b = have.b)",
        ),
        (3, "select not exists (select 1 from %s)"),
        (
            3,
            "select 1 from core.a where exists (select 1 from core.b where (b.c = a.c))",
        ),
        (
            4,
            "select 1 from %s as a left join lateral (select 1 from %s as b where a.c = b.c) as d on true",
        ),
        (5, "select elt.origin(a._load_id, a._row) from %s as a"),
    ] {
        let found: Vec<usize> = (0..FORMS.len())
            .filter(|form| FORMS[*form].1(text))
            .collect();
        assert!(found.contains(&number), "{text}: {found:?}");
    }
    for text in [
        "select to_jsonb(found) from (select * from %s offset 0) as found",
        "with incoming as (select a from pg_temp.b) delete from %s as have where not exists (select 1 from incoming)",
        "select exists (select 1 from %s where a is null limit 1)",
        "select elt.bigint_value(a.b) from %s as a",
    ] {
        assert!(!FORMS.iter().any(|form| form.1(text)), "{text}");
    }
}
