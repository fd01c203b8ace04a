//! Random sets and orders of columns, some of which the source does not expect: every column has its values, and every
//! missing one is null, in quoted and in plain records.

use super::Orders;
use crate::support::runner;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Map, Value};

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 40;

const EXPECTED: [&str; 3] = ["a", "b", "c"];
const NAMES: [&str; 6] = ["a", "B", "c", "size", "color", "a b"];

/// The names of a header, and the records.
type File = (Vec<&'static str>, Vec<Vec<String>>);

fn file() -> impl Strategy<Value = File> {
    let names = proptest::sample::subsequence(NAMES.to_vec(), 1..=NAMES.len()).prop_shuffle();
    names.prop_flat_map(|names| {
        let value =
            proptest::sample::select(vec!["", "x", "7", "two words", "with,comma", "\"q\""]);
        let record = proptest::collection::vec(value.prop_map(String::from), names.len());
        let records = proptest::collection::vec(record, 1..12);
        (Just(names), records)
    })
}

fn text((names, records): &File) -> String {
    let quoted = |value: &String| match value.contains([',', '"']) || value.is_empty() {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value.clone(),
    };
    let mut text = names.join(",") + "\n";
    for record in records {
        let fields: Vec<String> = record.iter().map(quoted).collect();
        text += &(fields.join(",") + "\n");
    }
    text
}

/// The rows that staging should have, as JSON.
fn expected((names, records): &File) -> Vec<Value> {
    let row = |record: &Vec<String>| {
        let (mut row, mut extra) = (Map::new(), Map::new());
        for name in EXPECTED {
            row.insert(name.into(), Value::Null);
        }
        for (name, value) in names.iter().zip(record) {
            let column = name.to_lowercase();
            let value = (!value.is_empty()).then(|| value.clone());
            match row.get_mut(&column) {
                Some(place) => *place = value.into(),
                None => _ = value.map(|value| extra.insert((*name).into(), value.into())),
            }
        }
        let extra = (!extra.is_empty()).then_some(Value::Object(extra));
        row.insert("_extra".into(), extra.unwrap_or_default());
        Value::Object(row)
    };
    records.iter().map(row).collect()
}

#[test]
fn every_column_has_its_values_and_every_missing_one_is_null() {
    let orders = Orders::new();
    orders.set("on_missing_column = 'null'");
    runner(CASES)
        .run(&file(), |file| {
            orders.write(&text(&file));
            let outcome = orders.elt("load orders --force -q").run();
            let has_any = file.0.iter().any(|name| EXPECTED.contains(&name.to_lowercase().as_str()));
            prop_assert_eq!(outcome.code, Some(if has_any { 0 } else { 1 }), "{}", outcome.stderr);
            if !has_any {
                return Ok(());
            }
            let rows: Value = orders
                .database
                .connect()
                .query_one(
                    "select jsonb_agg(jsonb_build_object('a', a, 'b', b, 'c', c, '_extra', _extra) order by _row) \
                     from staging.orders where _load_id = (select max(load_id) from elt.load)",
                    &[],
                )
                .map_err(|error| TestCaseError::fail(error.to_string()))?
                .get(0);
            prop_assert_eq!(rows, Value::Array(expected(&file)));
            for name in EXPECTED {
                let is_missing = !file.0.iter().any(|found| found.eq_ignore_ascii_case(name));
                let says = outcome.stderr.contains(&format!("\"{name}\""));
                prop_assert_eq!(says, is_missing, "{}", outcome.stderr);
            }
            Ok(())
        })
        .unwrap();
}
