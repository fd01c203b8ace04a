//! Files of a pattern that have different columns.

use super::Orders;
use crate::files::Days;
use crate::support::Folder;

/// The rows of all live loads: file, a, b and c.
fn rows(orders: &Orders) -> String {
    orders.database.text(
        "select string_agg(concat_ws('|', regexp_replace(elt.origin(_load_id, _row), '^.*/|, .*$', '', 'g'), \
         coalesce(a, '-'), coalesce(b, '-'), coalesce(c, '-')), '; ' order by _load_id, _row) \
         from staging.orders inner join elt.load on load_id = _load_id where live_publish_id is not null",
    )
}

/// Files of a source of mode replace, in which all files are one load.
fn days() -> Orders {
    let orders = Orders::new();
    orders.set("file = 'orders-*.csv', on_missing_column = 'null', on_new_column = 'warn'");
    for (name, text) in [
        ("orders-1.csv", "a,b,c\n1,2,3\n"),
        ("orders-2.csv", "c,a\n3,1\n"),
        ("orders-3.csv", "c,a\n\"6\",4\n"),
        ("orders-4.csv", "b,size,a\n2,9,1\n"),
    ] {
        orders.data.write(name, text);
    }
    orders
}

#[test]
fn in_one_load_each_file_has_its_own_columns() {
    let orders = days();
    let outcome = orders.elt("load orders").run().ok();
    outcome.says_once(
        "column \"b\" is missing in 2 files, the first is \"",
        "orders-2.csv\", and null in all its rows",
    );
    outcome.says_once("column \"c\" is missing in", "orders-4.csv");
    outcome.says_once("column \"size\" is not expected in", "orders-4.csv");
    assert_eq!(
        rows(&orders),
        "orders-1.csv|1|2|3; orders-2.csv|1|-|3; orders-3.csv|4|-|6; orders-4.csv|1|2|-"
    );
    assert_eq!(orders.latest(), "1 published {size} {b,c}");
    let files = "select string_agg(concat_ws(' ', file_name, new_columns, missing_columns), ', ' order by file_number) \
                 from elt.load_file";
    assert_eq!(
        orders.database.text(files),
        "orders-1.csv, orders-2.csv {b}, orders-3.csv {b}, orders-4.csv {size} {c}"
    );
}

#[test]
fn one_of_them_can_be_refused_and_then_none_is_loaded() {
    let orders = days();
    orders.set("on_new_column = 'refuse'");
    let outcome = orders.elt("load orders").run().exits_with(1);
    outcome.says(&["orders-4.csv", "does not expect: \"size\""]);
    assert_eq!(
        orders.database.number("select count(*) from elt.live_load"),
        0
    );
}

/// Files of a source of mode append, in which each file is a load.
fn pings() -> (Days, Folder) {
    let (days, data) = (Days::new(), Folder::new());
    days.database
        .run("update elt.source set on_missing_column = 'null', on_new_column = 'warn'");
    for (name, text) in [
        ("pings-1.csv", "bike_id,place\n1,Quay\n"),
        ("pings-2.csv", "bike_id\n2\n"),
        ("pings-3.csv", "bike_id\n\"3\"\n"),
        ("pings-4.csv", "size,place,bike_id\n9,Mill,4\n"),
    ] {
        data.write(name, text);
    }
    (days, data)
}

fn core(days: &Days) -> String {
    days.database.text(
        "select string_agg(concat_ws(' ', bike_id, coalesce(place, '-')), ', ' order by bike_id) from core.pings",
    )
}

#[test]
fn each_file_that_is_a_load_has_its_own_columns() {
    let (days, data) = pings();
    let load = || days.elt("load pings").path("--data", data.path()).run();
    let outcome = load().ok();
    let first = "column \"place\" is missing in 2 files, the first is \"";
    outcome.says_once(first, "pings-2.csv");
    outcome.says_once("column \"size\" is not expected in", "pings-4.csv");
    assert_eq!(core(&days), "1 Quay, 2 -, 3 -, 4 Mill");
    let loads = "select string_agg(concat_ws(' ', file_name, new_columns, missing_columns), ', ' order by load_id) \
                 from elt.load where batch_load_id is not null";
    assert_eq!(
        days.database.text(loads),
        "pings-1.csv, pings-2.csv {place}, pings-3.csv {place}, pings-4.csv {size}"
    );
    load().ok().says_not("missing in");
}

#[test]
fn a_file_that_is_refused_stops_those_after_it() {
    let (days, data) = pings();
    days.database
        .run("update elt.source set on_new_column = 'refuse'");
    data.write("pings-5.csv", "place,bike_id\nQuay,5\n");
    let load = |line: &str| {
        days.elt(line)
            .path("--data", data.path())
            .run()
            .exits_with(1)
    };
    load("load pings").says(&["pings-4.csv", "\"size\""]);
    assert_eq!(core(&days), "1 Quay, 2 -, 3 -");
    load("load pings --keep-going");
    assert_eq!(core(&days), "1 Quay, 2 -, 3 -, 5 Quay");
}
