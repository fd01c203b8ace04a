//! Properties: what a difference reports makes the rows of one load those of the other, and core as of a publish is what
//! it was. `PROPTEST_CASES=100 cargo test --test it diff::sequences` tries more.

use super::Bikes;
use crate::support::runner;
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeMap;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 8;

type Row = (u8, u8);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..6_u8, 0..4_u8), 0..10)
}

fn texts(rows: &[Row]) -> Vec<String> {
    // The first letter is missing: the value is null.
    rows.iter()
        .map(|(id, name)| {
            format!(
                "{id},{}",
                ["", "a", "b c", "\"d,\"\"e\""][usize::from(*name)]
            )
        })
        .collect()
}

/// Lines of the file: kind, number, column, before, after.
type Line = (String, u32, String, String, String);

fn load_both(bikes: &Bikes, source: &str, sides: [&[Row]; 2]) -> Vec<csv::StringRecord> {
    let loads = sides.map(|rows| {
        let texts = texts(rows);
        bikes.load(
            source,
            &texts.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    });
    let line = format!("diff {source} {} {} --out -", loads[0], loads[1]);
    let text = bikes.elt(&line).run().ok().stdout;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

fn name(name: u8) -> String {
    ["", "a", "b c", "d,\"e"][usize::from(name)].to_string()
}

#[test]
fn the_difference_applied_to_one_load_gives_the_other() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set max_shrink = null");
    let property = |(before, after): (Vec<Row>, Vec<Row>)| {
        // By key: the last row of a file counts.
        let keyed = |rows: &[Row]| -> BTreeMap<String, String> {
            rows.iter()
                .map(|(id, value)| (id.to_string(), name(*value)))
                .collect()
        };
        let (mut stations, expected) = (keyed(&before), keyed(&after));
        for line in load_both(&bikes, "stations", [&before, &after]) {
            let (kind, id) = (&line[1], line[3].to_string());
            if kind != "added" {
                let was = stations.remove(&id);
                prop_assert_eq!(was.as_deref(), Some(&line[5]));
            }
            if kind != "removed" {
                prop_assert_eq!(stations.insert(id, line[6].to_string()), None);
            }
        }
        prop_assert_eq!(stations, expected);
        // Whole rows, as often as they are there.
        let whole = |rows: &[Row]| -> Vec<[String; 2]> {
            let mut rows: Vec<[String; 2]> = rows
                .iter()
                .map(|(id, value)| [id.to_string(), name(*value)])
                .collect();
            rows.sort();
            rows
        };
        let (mut pings, expected) = (whole(&before), whole(&after));
        let lines: Vec<Line> = load_both(&bikes, "pings", [&before, &after])
            .iter()
            .map(|line| {
                (
                    line[1].to_string(),
                    line[2].parse().unwrap(),
                    line[3].to_string(),
                    line[4].to_string(),
                    line[5].to_string(),
                )
            })
            .collect();
        for pair in lines.chunks(2) {
            let [one, two] = pair else { panic!("{pair:?}") };
            prop_assert_eq!(
                (&one.0, one.1, one.2.as_str(), two.2.as_str()),
                (&two.0, two.1, "bike_id", "place")
            );
            match one.0.as_str() {
                "added" => pings.push([one.4.clone(), two.4.clone()]),
                _ => {
                    let row = [one.3.clone(), two.3.clone()];
                    let place = pings.iter().position(|ping| *ping == row);
                    prop_assert!(place.is_some(), "{:?}", row);
                    pings.remove(place.unwrap());
                }
            }
        }
        pings.sort();
        prop_assert_eq!(pings, expected);
        Ok(())
    };
    runner(CASES).run(&(rows(), rows()), property).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Load(Vec<Row>),
    RollBack,
    Keep(u8),
}

const TABLES: [(&str, &str); 4] = [
    ("stations", "core.stations"),
    ("bikes", "core.bikes"),
    ("trips", "core.trips"),
    ("pings", "core.pings"),
];

fn step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        6 => rows().prop_map(Step::Load),
        3 => Just(Step::RollBack),
        1 => (1..4_u8).prop_map(Step::Keep),
    ];
    (0..TABLES.len(), step)
}

fn content(client: &mut impl postgres::GenericClient, relation: &str) -> Vec<String> {
    // Without the origin: a row that is merged again may come from another load that says the same.
    let sql = format!(
        "select (to_jsonb(found) - '{{_load_id,_row}}'::text[])::text from {relation} as found order by 1"
    );
    client
        .query(&sql, &[])
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[test]
fn core_as_of_a_publish_is_what_it_was() {
    let computed = Cell::new(0);
    let property = |steps: Vec<(usize, Step)>| {
        let bikes = Bikes::new();
        let mut client = bikes.database.connect();
        // Content of all tables after each publish.
        let mut known: BTreeMap<i64, Vec<Vec<String>>> = BTreeMap::new();
        for (place, step) in steps {
            let source = TABLES[place].0;
            match step {
                Step::Load(rows) => {
                    let texts = texts(&rows);
                    bikes.load(
                        source,
                        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
                    );
                }
                // There may be no earlier load.
                Step::RollBack => drop(bikes.elt(&format!("rollback {source}")).run()),
                Step::Keep(loads) => {
                    let sql = format!(
                        "update elt.source set keep_loads = {loads} where source = '{source}'"
                    );
                    bikes.database.run(&sql);
                    bikes.elt("gc").run().ok();
                }
            }
            let sql =
                "select coalesce(max(publish_id), 0) from elt.publish where state = 'published'";
            let publish = client.query_one(sql, &[]).unwrap().get(0);
            let tables = TABLES.map(|(_, table)| content(&mut client, table));
            known.entry(publish).or_insert(tables.to_vec());
        }
        for (publish, tables) in known {
            for ((_, table), expected) in TABLES.iter().zip(tables) {
                let mut transaction = client.transaction().unwrap();
                let sql = "select coalesce(bool_or(is_missing), false) from elt.loads_at($1, $2)";
                let is_missing: bool = transaction
                    .query_one(sql, &[&publish, table])
                    .unwrap()
                    .get(0);
                if !is_missing {
                    let sql = "select elt.core_at($1, $2, 'kept')";
                    transaction.execute(sql, &[&publish, table]).unwrap();
                    let found = content(&mut transaction, "pg_temp.kept");
                    prop_assert_eq!(found, expected, "{} as of publish {}", table, publish);
                    computed.set(computed.get() + 1);
                }
                // Committing it is harmless.
                transaction.commit().unwrap();
            }
        }
        let left = "select (select count(*) from elt.live_override) \
                    + (select count(*) from elt.earlier_row where table_name like 'pg\\_temp%')";
        prop_assert_eq!(bikes.database.number(left), 0);
        Ok(())
    };
    let mut runner = runner(CASES);
    runner
        .run(&prop::collection::vec(step(), 8..14), property)
        .unwrap();
    assert!(computed.get() > 100, "{}", computed.get());
}
