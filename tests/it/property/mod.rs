//! Random inputs with every kind of error: the exported files are compared to the byte, and the rules row by row, with
//! a model that shares nothing with the SQL. All cases use one database, so that each publish also replaces the rows
//! of the case before. `PROPTEST_CASES=5000 cargo test property` tries more.

mod files;
mod model;
mod reading;
mod world;

use crate::support::{Database, Folder, runner};
use files::{SettingsFile, TableFile};
use model::Expected;
use postgres::Client;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;
use world::World;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 60;

const TABLE: &str = "lab1_appointments.csv";
const SETTINGS: &str = "lab1_epion_office_settings.json";

/// Null for a row of an earlier load, whose lines the model does not know.
const ORIGIN_IF_LIVE: &str =
    "(select elt.origin(_load_id, _row) from elt.live_load where load_id = _load_id)";

struct Program {
    database: Database,
    client: Client,
    data: Folder,
    out: Folder,
}

impl Program {
    fn new() -> Program {
        let database = Database::new();
        Program {
            client: database.connect(),
            database,
            data: Folder::new(),
            out: Folder::new(),
        }
    }

    fn run(&self, table: &TableFile, settings: &SettingsFile) -> Result<(), TestCaseError> {
        self.data.write(TABLE, &table.bytes);
        self.data.write(SETTINGS, &settings.bytes);
        let elt = self.database.elt().args(["run", "appointments"]);
        let elt = elt.args(["office_settings", "--max-rejects", "100%"]);
        let elt = elt.path("--data", self.data.path());
        let outcome = elt.path("--out", self.out.path()).run();
        prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        Ok(())
    }

    /// The answers of each rule, after checking that each row is where the rule says.
    fn ask_rules(&mut self, expected: &Expected) -> Result<Answers, TestCaseError> {
        let of_rule = |(rule, (asked, _)): (&&str, &(&str, Vec<String>))| {
            let origin = match *rule {
                "rows_rejected" => "null",
                "appointments_repeated" => ORIGIN_IF_LIVE,
                _ => "elt.origin(_load_id, _row)",
            };
            format!("select '{rule}', {asked}, {origin} from quality.{rule}")
        };
        let parts: Vec<String> = expected.rules.iter().map(of_rule).collect();
        let rows = self.client.query(&parts.join(" union all "), &[]).unwrap();
        let mut answers = Answers::new();
        for row in rows {
            let (rule, answer): (String, String) = (row.get(0), row.get(1));
            if let Some(origin) = row.get::<_, Option<String>>(2) {
                let file = if rule.starts_with("appointments") {
                    format!("{TABLE}, line")
                } else {
                    format!("{SETTINGS}, document")
                };
                let place = answer.split(' ').next().unwrap();
                let expected = format!("{}/{file} {place}", self.data.path().display());
                prop_assert_eq!(origin, expected, "the origin in {}", rule);
            }
            answers.entry(rule).or_default().push(answer);
        }
        Ok(answers)
    }
}

type Answers = BTreeMap<String, Vec<String>>;

fn check(world: &World, program: &mut Program) -> Result<(), TestCaseError> {
    let (table, settings) = (world.table.file(), world.settings.file());
    let expected = Expected::of(&table, world.table.has_note(), &settings);
    program.run(&table, &settings)?;
    let files = [
        ("valid_appts.csv", &expected.valid_appts),
        ("epion_appts.csv", &expected.epion_appts),
        ("epion_utilization.csv", &expected.epion_utilization),
    ];
    for (name, text) in files {
        let difference = difference(&program.out.read(name), text);
        prop_assert_eq!(difference, "", "in {}", name);
        prop_assert_eq!(
            &program.out.read(name),
            text,
            "the order or the line ends of {}",
            name
        );
    }
    let mut answers = program.ask_rules(&expected)?;
    for (rule, (_, mut found)) in expected.rules {
        let mut answers = answers.remove(rule).unwrap_or_default();
        answers.sort();
        found.sort();
        let difference = difference(&answers.join("\n"), &found.join("\n"));
        prop_assert_eq!(difference, "", "in quality.{}", rule);
        prop_assert_eq!(answers, found, "the number of rows of quality.{}", rule);
    }
    Ok(())
}

/// Lines that are only on one side.
fn difference(found: &str, expected: &str) -> String {
    let only = |whose: &str, text: &str, other: &str| {
        let others: Vec<&str> = other.lines().collect();
        let lines = text.lines().filter(|line| !others.contains(line));
        let lines: Vec<String> = lines.map(|line| format!("{whose}: {line}")).collect();
        lines
    };
    let mut lines = only("elt alone has", found, expected);
    lines.extend(only("the model alone has", expected, found));
    lines.join("; ")
}

#[test]
fn any_input_gives_what_the_model_says() {
    let program = std::cell::RefCell::new(Program::new());
    let done = runner(CASES).run(&world::world(), |world| {
        check(&world, &mut program.borrow_mut())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}
