//! Columns that a source does not expect, and expected ones that a file lacks: `elt.source.on_new_column` and
//! `on_missing_column`.

mod keys;
mod random;
mod several;

use crate::support::{Database, Elt, Folder, Outcome};

/// A database with a source of CSV files, whose staging table has the columns a, b and c, and a data folder.
struct Orders {
    database: Database,
    data: Folder,
}

impl Orders {
    fn new() -> Orders {
        let database = Database::new();
        database.run(
            "create table staging.orders (_load_id bigint not null, _row bigint not null, a text, b text, c text, \
             _extra jsonb) partition by list (_load_id); \
             insert into elt.source (source, format, file, description) \
             values ('orders', 'csv', 'orders.csv', 'x')",
        );
        Orders {
            database,
            data: Folder::new(),
        }
    }

    /// Changes the source: `on_new_column = 'warn'`.
    fn set(&self, change: &str) {
        self.database.run(&format!(
            "update elt.source set {change} where source = 'orders'"
        ));
    }

    fn write(&self, text: &str) {
        self.data.write("orders.csv", text);
    }

    fn elt(&self, line: &str) -> Elt {
        self.database
            .elt()
            .args(line.split_whitespace())
            .path("--data", self.data.path())
    }

    fn load(&self, text: &str) -> Outcome {
        self.write(text);
        self.elt("load orders").run()
    }

    /// The rows of the live load: a, b, c and _extra.
    fn rows(&self) -> String {
        self.database.text(
            "select coalesce(string_agg(concat_ws('|', coalesce(a, '-'), coalesce(b, '-'), coalesce(c, '-'), _extra), \
             '; ' order by _row), '') from staging.orders inner join elt.live_load on load_id = _load_id \
             where live_load.source = 'orders'",
        )
    }

    /// Number, state, unexpected and missing columns of the latest load.
    fn latest(&self) -> String {
        self.database.text(
            "select concat_ws(' ', load_id, state, coalesce(new_columns::text, '-'), \
             coalesce(missing_columns::text, '-')) from elt.load order by load_id desc limit 1",
        )
    }
}

const NEW: &str = "a,b,c,color\n1,2,3,red\n";
const WITHOUT_B: &str = "c,a\n3,1\n\"6\",4\n";

#[test]
fn a_new_column_is_kept_and_recorded() {
    let orders = Orders::new();
    let outcome = orders.load(NEW).ok();
    assert_eq!(orders.rows(), "1|2|3|{\"color\": \"red\"}");
    assert_eq!(orders.latest(), "1 published {color} -");
    outcome.says_not("color");
    let facts = orders.database.elt().args(["loads", "1"]).run().ok();
    assert!(
        facts.stdout.contains("unexpected columns"),
        "{}",
        facts.stdout
    );
}

#[test]
fn a_new_column_is_reported_each_time_if_the_source_asks_for_it() {
    let orders = Orders::new();
    orders.set("on_new_column = 'warn'");
    for option in ["load orders", "load orders --force -q"] {
        orders.write(NEW);
        let outcome = orders.elt(option).run().ok();
        outcome.says_once("column \"color\" is not expected in", "kept in _extra");
    }
    assert_eq!(orders.rows(), "1|2|3|{\"color\": \"red\"}");
    let report = orders.elt("load orders --force --json").run().ok().json();
    let report = &report["load"]["sources"][0];
    assert_eq!(report["new_columns"], serde_json::json!(["color"]));
    assert_eq!(report["missing_columns"], serde_json::json!([]));
}

#[test]
fn a_new_column_is_refused_if_the_source_says_so() {
    let orders = Orders::new();
    orders.load("a,b,c\n0,0,0\n").ok();
    orders.set("on_new_column = 'refuse'");
    orders
        .load("a,b,c,color,size\n1,2,3,red,4\n")
        .exits_with(1)
        .says(&[
            "orders.csv",
            "the header has 2 columns that the source does not expect: \"color\", \"size\"",
            "elt.source.on_new_column is \"refuse\"",
            "add a column of this name to the staging table",
        ]);
    assert_eq!(orders.rows(), "0|0|0");
    assert!(
        orders.latest().starts_with("2 failed"),
        "{}",
        orders.latest()
    );
    let copied = "select count(*) from staging.orders where _load_id = 2";
    assert_eq!(
        orders.database.number(copied),
        0,
        "refused before a row is copied"
    );
    // Another order is no other column.
    orders.load("c,b,a\n3,2,1\n").ok();
    assert_eq!(orders.rows(), "1|2|3");
}

#[test]
fn a_missing_column_is_refused_unless_the_source_says_otherwise() {
    let orders = Orders::new();
    orders.load(WITHOUT_B).exits_with(1).says(&[
        "the header lacks column \"b\"",
        "set elt.source.on_missing_column to \"null\"",
    ]);
    orders.set("on_missing_column = 'null'");
    let outcome = orders.load(WITHOUT_B).ok();
    outcome.says_once("column \"b\" is missing in", "null in all its rows");
    assert_eq!(orders.rows(), "1|-|3; 4|-|6");
    assert_eq!(orders.latest(), "2 published - {b}");
    let quiet = orders.elt("load orders --force -q").run().ok();
    quiet.says_once("column \"b\" is missing in", "null in all its rows");
    // The rule about headers shows it, too.
    let found = orders.database.text(
        "select missing_columns::text from quality.headers_unlike_staging where source = 'orders'",
    );
    assert_eq!(found, "{b}");
}

#[test]
fn a_file_without_any_of_the_columns_is_always_refused() {
    let orders = Orders::new();
    orders.load("a,b,c\n1,2,3\n").ok();
    orders.set("on_missing_column = 'null'");
    for text in ["x,y,z\n1,2,3\n", "a;b;c\n1;2;3\n"] {
        let outcome = orders.load(text).exits_with(1);
        outcome.says_once("the header lacks columns \"a\", \"b\", \"c\"", "");
        outcome.says_not("on_missing_column");
    }
    assert_eq!(orders.rows(), "1|2|3");
}

#[test]
fn a_file_without_a_header_may_have_fewer_columns() {
    let orders = Orders::new();
    orders.database.run(
        "alter table staging.orders rename a to column_1; alter table staging.orders rename b to column_2; \
         alter table staging.orders rename c to column_3",
    );
    orders.set("has_header = false, on_missing_column = 'null'");
    orders.load("1,2\n4,5\n").ok();
    let rows = "select string_agg(concat_ws('|', column_1, column_2, coalesce(column_3, '-')), '; ' order by _row) \
                from staging.orders";
    assert_eq!(orders.database.text(rows), "1|2|-; 4|5|-");
    orders.set("on_new_column = 'refuse', on_missing_column = 'refuse'");
    orders
        .load("1,2,3,4\n1,2,3,5\n")
        .exits_with(1)
        .says(&["the file has a column that the source does not expect: \"column_4\""]);
}

#[test]
fn corrected_rejects_are_read_like_their_load() {
    for mode in ["'null'", "'refuse'"] {
        let orders = Orders::new();
        orders.set("on_missing_column = 'null'");
        orders.load("c,color,a\n3,red,1\n9,bad\n6,blue,4\n").ok();
        assert_eq!(orders.latest(), "1 published {color} {b}");
        // The source has changed its mind, and the load stays what it was.
        orders.set(&format!(
            "on_missing_column = {mode}, on_new_column = 'refuse'"
        ));
        let rejects = orders.data.path().join("rejects.csv");
        let out = orders.database.elt().args(["rejects", "1"]);
        out.path("--out", &rejects).run().ok();
        let corrected = orders.data.read("rejects.csv").replace("9,bad", "9,bad,7");
        orders.data.write("rejects.csv", corrected);
        let replay = orders.database.elt().args(["load", "orders"]);
        let outcome = replay.path("--replay", &rejects).run().ok();
        outcome.says_once("column \"b\" is missing in", "null in all its rows");
        assert_eq!(orders.latest(), "2 published {color} {b}");
        assert_eq!(
            orders.rows(),
            "1|-|3|{\"color\": \"red\"}; 4|-|6|{\"color\": \"blue\"}; 7|-|9|{\"color\": \"bad\"}"
        );
        // A whole file is what the source says now.
        let outcome = orders.load("c,color,a\n3,red,1\n").exits_with(1);
        outcome.says_once(
            if mode == "'null'" {
                "does not expect: \"color\""
            } else {
                "lacks column \"b\""
            },
            "",
        );
    }
}

#[test]
fn corrected_rejects_may_not_lack_a_column_that_their_load_had() {
    let orders = Orders::new();
    orders.set("on_missing_column = 'null'");
    orders.load("a,b,c\n1,2,3\n4,5\n6,7,8\n").ok();
    let corrected = orders.data.write("rejects.csv", "a,c\n4,5\n");
    let replay = orders.database.elt().args(["load", "orders"]);
    let outcome = replay.path("--replay", &corrected).run().exits_with(1);
    outcome.says_once("the header lacks column \"b\"", "");
    assert_eq!(orders.rows(), "1|2|3; 6|7|8");
}

#[test]
fn a_large_file_over_several_connections_shifts_no_column() {
    let orders = Orders::new();
    orders.set("on_missing_column = 'null'");
    let rows: String = (0..200_000)
        .map(|row| match row % 5_000 {
            0 => format!("\"c,{row}\",a{row}\n"),
            _ => format!("c {row} with some more text to be large,a{row}\n"),
        })
        .collect();
    orders.write(&format!("c,a\n{rows}"));
    orders.elt("load orders --connections 2").run().ok();
    assert_eq!(
        orders
            .database
            .text("select lane_count::text from elt.load"),
        "2",
        "over two connections"
    );
    let right = "select count(*) from staging.orders where a = 'a' || _row - 2 and b is null \
                 and c ~ ('^c[ ,]' || _row - 2 || '( |$)') and _extra is null";
    assert_eq!(orders.database.number(right), 200_000);
}

#[test]
fn the_settings_are_checked() {
    let orders = Orders::new();
    for (change, constraint) in [
        ("on_new_column = 'ignore'", "source_on_new_column_known"),
        (
            "on_missing_column = 'keep'",
            "source_on_missing_column_known",
        ),
        (
            "expected_keys = '{a}'",
            "source_expected_keys_are_of_records",
        ),
        (
            "format = 'json', expected_keys = '{}'",
            "source_expected_keys_have_names",
        ),
        (
            "format = 'json', expected_keys = '{a,null}'",
            "source_expected_keys_have_names",
        ),
        (
            "format = 'json', on_new_column = 'warn'",
            "source_on_new_column_needs_keys",
        ),
        (
            "format = 'json', on_missing_column = 'null'",
            "source_on_missing_column_needs_keys",
        ),
        ("expected_every = '0'", "source_expected_every_positive"),
        (
            "expected_every = '-1 day'",
            "source_expected_every_positive",
        ),
        (
            "expected_rows = 'empty'",
            "source_expected_rows_not_negative",
        ),
        (
            "expected_rows = '[-5,5]'",
            "source_expected_rows_not_negative",
        ),
    ] {
        let sql = format!("update elt.source set {change} where source = 'orders'");
        let error = orders.database.connect().batch_execute(&sql).unwrap_err();
        let found = error.as_db_error().unwrap().constraint().map(String::from);
        assert_eq!(found.as_deref(), Some(constraint), "{change}");
    }
    orders.set("expected_rows = '(,5]'");
}
