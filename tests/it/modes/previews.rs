//! Random sequences of loads, dry runs, held loads and rollbacks: a dry run reports what the load then does, and core is
//! what a model says that shares nothing with the SQL. `PROPTEST_CASES=300 cargo test previews` tries more.

use super::model::{Kind, Row, SOURCES, file};
use super::reported::{Content, counted, reports};
use super::{migrated, project};
use crate::support::{Database, Folder, Outcome, runner};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 8;
const STEPS: std::ops::Range<usize> = 8..14;
/// The sample holds all rows.
const ROWS: &str = "1000";

#[derive(Clone, Debug)]
enum Step {
    /// Sources, each with a new file. First as a dry run.
    Load(Vec<(usize, Vec<Row>)>),
    /// A rule refuses it, also as a dry run.
    Refused(usize, Vec<Row>),
    Hold(usize, Vec<Row>),
    /// The nth held load.
    Publish(usize),
    Discard(usize),
    RollBack(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let source = || prop_oneof![1 => Just(0_usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    let rows = || prop::collection::vec((0..4_u8, 0..4_u8), 0..6);
    prop_oneof![
        4 => prop::collection::btree_map(source(), rows(), 1..3)
            .prop_map(|files| Step::Load(files.into_iter().collect())),
        1 => (source(), rows()).prop_map(|(source, rows)| Step::Refused(source, rows)),
        3 => (source(), rows()).prop_map(|(source, rows)| Step::Hold(source, rows)),
        3 => (0..3_usize).prop_map(Step::Publish),
        1 => (0..3_usize).prop_map(Step::Discard),
        1 => source().prop_map(Step::RollBack),
    ]
}

/// A load that was published or waits.
#[derive(Clone, Debug)]
struct Load {
    number: i64,
    source: usize,
    rows: Vec<Row>,
}

struct World {
    database: Database,
    data: Folder,
    /// For mode replace all published loads, for the other modes the live ones, by number.
    loads: Vec<Load>,
    /// The live load of each source of mode replace.
    live: BTreeMap<usize, i64>,
    held: Vec<Load>,
}

impl World {
    fn elt(&self, line: &str, files: &[(usize, Vec<Row>)], last: &str) -> Outcome {
        let mut args: Vec<&str> = line.split_whitespace().collect();
        for (source, rows) in files {
            let source = SOURCES[*source];
            let text = file(source, rows, last);
            self.data.write(&format!("{}.csv", source.name), text);
            args.push(source.name);
        }
        let elt = self.database.elt_with(&project(), &args);
        match files {
            [] => elt.run(),
            _ => elt.path("--data", self.data.path()).run(),
        }
    }

    fn contents(&self) -> Vec<Content> {
        let relations = [
            ("core.stations", Some("station_id")),
            ("core.bikes", Some("bike_id")),
            ("core.trips", Some("trip_id")),
            ("core.pings", None),
            ("public.bikes_by_station", None),
        ];
        let mut client = self.database.connect();
        let read = |(name, key)| {
            let sql = format!(
                "select coalesce(jsonb_agg(to_jsonb(stored) - '{{_load_id,_row}}'::text[]), '[]') from {name} as stored"
            );
            let rows: Value = client.query_one(&sql, &[]).unwrap().get(0);
            let rows = rows.as_array().unwrap().clone();
            Content { name, key, rows }
        };
        relations.into_iter().map(read).collect()
    }

    fn rules(&self) -> BTreeMap<String, i64> {
        let sql = "select rule, violation_count from elt.rule_result where publish_id = \
                   (select max(publish_id) from elt.publish where state = 'published')";
        let rows = self.database.connect().query(sql, &[]).unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    fn apply(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Load(files) => self.load(files)?,
            Step::Refused(source, rows) => {
                let files = [(*source, rows.clone())];
                let outcome = self.elt("load --dry-run --force --json", &files, "9,nowhere\n");
                prop_assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
                prop_assert_eq!(&outcome.json()["load"]["preview"]["exit_code"], &json!(3));
                for end in ["", "--hold"] {
                    let line = format!("load --force --json {end}");
                    let outcome = self.elt(&line, &files, "9,nowhere\n");
                    prop_assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
                }
            }
            Step::Hold(source, rows) => {
                let files = [(*source, rows.clone())];
                let outcome = self.elt("load --hold --force --json", &files, "");
                prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
                let number = outcome.json()["load"]["sources"][0]["load_id"].as_i64();
                self.held.push(Load {
                    number: number.unwrap(),
                    source: *source,
                    rows: rows.clone(),
                });
            }
            Step::Publish(nth) if *nth < self.held.len() => {
                let load = self.held.remove(*nth);
                let is_older = self
                    .live
                    .get(&load.source)
                    .is_some_and(|live| *live > load.number);
                let line = format!("publish {}", load.number);
                if is_older {
                    let outcome = self.elt(&line, &[], "");
                    prop_assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
                }
                let outcome = self.elt(&format!("{line} --force --json"), &[], "");
                prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
                self.publish(load);
            }
            Step::Discard(nth) if *nth < self.held.len() => {
                let load = self.held.remove(*nth);
                let outcome = self.elt(&format!("discard {}", load.number), &[], "");
                prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
            }
            Step::Publish(_) | Step::Discard(_) => {}
            Step::RollBack(source) => {
                let outcome = self.elt(&format!("rollback {}", SOURCES[*source].name), &[], "");
                let code = match self.roll_back(*source) {
                    true => 0,
                    false => 1,
                };
                prop_assert_eq!(outcome.code, Some(code), "{}", outcome.stderr);
            }
        }
        self.holds_what_the_model_says()
    }

    /// A dry run, which must change nothing, and then the load, which must do what it reported.
    fn load(&mut self, files: &[(usize, Vec<Row>)]) -> Result<(), TestCaseError> {
        let (before, rules) = (self.contents(), self.rules());
        let dry_run = self.elt(
            &format!("load --dry-run --force --json --rows {ROWS}"),
            files,
            "",
        );
        prop_assert_eq!(dry_run.code, Some(0), "{}", dry_run.stderr);
        let preview = &dry_run.json()["load"]["preview"];
        self.left_only_its_records(preview)?;
        for (before, now) in before.iter().zip(self.contents()) {
            prop_assert_eq!(
                counted(&before.rows),
                counted(&now.rows),
                "{} changed",
                now.name
            );
        }
        let loaded = self.elt("load --force --json", files, "");
        prop_assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
        for (before, after) in before.iter().zip(self.contents()) {
            reports(preview, before, &after)?;
        }
        let expected: BTreeMap<String, (i64, i64)> = self
            .rules()
            .into_iter()
            .map(|(rule, after)| (rules.get(&rule).copied().unwrap_or_default(), after, rule))
            .filter(|(before, after, _)| before != after)
            .map(|(before, after, rule)| (rule, (before, after)))
            .collect();
        let reported: BTreeMap<String, (i64, i64)> = preview["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| {
                let count = |name: &str| rule[name].as_i64().unwrap_or_default();
                (
                    rule["rule"].as_str().unwrap().to_string(),
                    (count("rows_before"), count("rows_after")),
                )
            })
            .collect();
        prop_assert_eq!(reported, expected, "rules");
        let report = loaded.json();
        for source in report["load"]["sources"].as_array().unwrap() {
            let (number, rows) = files
                .iter()
                .find(|(number, _)| SOURCES[*number].name == source["source"])
                .unwrap();
            self.publish(Load {
                number: source["load_id"].as_i64().unwrap(),
                source: *number,
                rows: rows.clone(),
            });
        }
        Ok(())
    }

    /// Records of a dry run are the rows of `elt.load`.
    fn left_only_its_records(&self, preview: &Value) -> Result<(), TestCaseError> {
        let loads: Vec<String> = preview["load_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string)
            .collect();
        let loads = loads.join(", ");
        let left = self.database.text(&format!(
            "select concat_ws(', ', \
             (select string_agg(distinct state, ' ') from elt.load where load_id in ({loads})), \
             (select count(*) from elt.reject where load_id in ({loads})), \
             (select count(*) from elt.load_column where load_id in ({loads})), \
             (select count(*) from elt.earlier_row where load_id in ({loads})), \
             (select count(*) from elt.preview where load_ids && array[{loads}]::bigint[]), \
             (select count(*) from pg_class where relname ~ '_load_' \
             and substring(relname from '_load_([0-9]+)$')::bigint in ({loads})), \
             (select count(*) from pg_trigger where tgname like 'elt\\_preview%'))"
        ));
        prop_assert_eq!(left, "dry run, 0, 0, 0, 0, 0, 0");
        Ok(())
    }

    fn publish(&mut self, load: Load) {
        if SOURCES[load.source].kind == Kind::Replace {
            self.live.insert(load.source, load.number);
        }
        self.loads.push(load);
        self.loads.sort_by_key(|load| load.number);
    }

    /// Goes back to the previous load; returns false if there is none.
    fn roll_back(&mut self, source: usize) -> bool {
        let numbers = self.loads.iter().filter(|load| load.source == source);
        let numbers: Vec<i64> = numbers.map(|load| load.number).collect();
        let latest = match SOURCES[source].kind {
            Kind::Replace => self.live.get(&source).copied(),
            Kind::Keyed | Kind::Plain => numbers.last().copied(),
        };
        let Some(to) = numbers
            .into_iter()
            .rev()
            .find(|number| Some(*number) < latest)
        else {
            return false;
        };
        match SOURCES[source].kind {
            Kind::Replace => {
                self.live.insert(source, to);
            }
            Kind::Keyed | Kind::Plain => self
                .loads
                .retain(|load| load.source != source || load.number <= to),
        }
        true
    }

    fn holds_what_the_model_says(&self) -> Result<(), TestCaseError> {
        let mut client = self.database.connect();
        for (number, source) in SOURCES.iter().enumerate() {
            let live = self.loads.iter().filter(|load| {
                load.source == number
                    && (source.kind != Kind::Replace
                        || self.live.get(&number) == Some(&load.number))
            });
            let rows = live.flat_map(|load| load.rows.iter().copied());
            let mut expected: Vec<String> = match source.kind {
                Kind::Plain => rows.map(|(key, value)| format!("{key} v{value}")).collect(),
                Kind::Replace | Kind::Keyed => {
                    let latest: BTreeMap<u8, u8> = rows.collect();
                    latest
                        .iter()
                        .map(|(key, value)| format!("{key} v{value}"))
                        .collect()
                }
            };
            expected.sort();
            let (name, key, value) = (source.name, source.key, source.value);
            let sql = format!(
                "select array(select {key} || ' ' || {value} from core.{name} \
                 order by ({key} || ' ' || {value}) collate \"C\"), \
                 (select coalesce(sum(rows_inserted - rows_deleted), 0)::bigint from elt.publish_change \
                 where table_name = 'core.{name}')"
            );
            let row = client.query_one(&sql, &[]).unwrap();
            let found: Vec<String> = row.get(0);
            prop_assert_eq!(&found, &expected, "core.{}", name);
            prop_assert_eq!(
                row.get::<_, i64>(1),
                found.len() as i64,
                "changes of {}",
                name
            );
        }
        let states = "select count(*) from elt.load where state = 'held'";
        prop_assert_eq!(self.database.number(states), self.held.len() as i64);
        Ok(())
    }
}

#[test]
fn a_dry_run_reports_what_the_load_then_does() {
    let empty = migrated();
    // Enough for each load that an older one is merged before.
    empty.run("update elt.source set keep_loads = 100");
    let steps = prop::collection::vec(step(), STEPS);
    let done = runner(CASES).run(&steps, |steps| {
        let mut world = World {
            database: Database::copy_of(&empty),
            data: Folder::new(),
            loads: Vec::new(),
            live: BTreeMap::new(),
            held: Vec::new(),
        };
        for step in &steps {
            world.apply(step)?;
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}
