//! Random sequences of loads, refusals, rollbacks, sweeps and kills, for sources of every mode, compared with a model
//! that shares nothing with the SQL. `PROPTEST_CASES=300 cargo test modes` tries more.

use super::model::{Model, Row, SOURCES, file};
use super::{migrated, project};
use crate::support::{Database, Folder, Outcome, runner, wait_until};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 10;
/// Enough for several loads of a source and their rollbacks.
const STEPS: std::ops::Range<usize> = 12..20;

#[derive(Clone, Debug)]
enum Step {
    Load {
        rows: Vec<Row>,
        is_forced: bool,
    },
    /// The file of an earlier step.
    Again {
        nth: usize,
        is_forced: bool,
    },
    Refused(Vec<Row>),
    KilledCopying(Vec<Row>),
    KilledPublishing(Vec<Row>),
    RollBack,
    Keep(usize),
    Gc,
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let rows = || prop::collection::vec((0..4_u8, 0..4_u8), 0..6);
    let forced = || prop::bool::weighted(0.3);
    let step = prop_oneof![
        6 => (rows(), forced()).prop_map(|(rows, is_forced)| Step::Load { rows, is_forced }),
        2 => (0..4_usize, forced()).prop_map(|(nth, is_forced)| Step::Again { nth, is_forced }),
        2 => rows().prop_map(Step::Refused),
        1 => rows().prop_map(Step::KilledCopying),
        1 => rows().prop_map(Step::KilledPublishing),
        5 => Just(Step::RollBack),
        1 => (1..4_usize).prop_map(Step::Keep),
        2 => Just(Step::Gc),
    ];
    // Most steps use one source, so that it has many loads.
    (
        prop_oneof![1 => Just(0_usize), 5 => Just(1), 1 => Just(2), 1 => Just(3)],
        step,
    )
}

struct World {
    database: Database,
    data: Folder,
    models: Vec<Model>,
    files: Vec<Vec<Vec<Row>>>,
}

impl World {
    fn write(&self, source: usize, rows: &[Row], last: &str) {
        let source = SOURCES[source];
        let text = file(source, rows, last);
        self.data.write(&format!("{}.csv", source.name), text);
    }

    fn elt(&self, source: usize, is_forced: bool) -> crate::support::Elt {
        let elt = self.database.elt_with(&project(), &["load", "--json"]);
        let elt = elt
            .args([SOURCES[source].name])
            .path("--data", self.data.path());
        match is_forced {
            true => elt.args(["--force"]),
            false => elt,
        }
    }

    fn load(&mut self, source: usize, rows: &[Row], is_forced: bool) -> Result<(), TestCaseError> {
        self.write(source, rows, "");
        let outcome = self.elt(source, is_forced).run();
        prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        self.sweep();
        let model = &mut self.models[source];
        let is_unchanged = model.is_live(rows) && !is_forced;
        let said = &outcome.json()["load"]["sources"][0]["outcome"];
        prop_assert_eq!(said == "unchanged", is_unchanged, "{}", said);
        if !is_unchanged {
            model.publish(rows);
        }
        self.files[source].push(rows.to_vec());
        Ok(())
    }

    /// Each load begins with the retention of all sources.
    fn sweep(&mut self) {
        self.models.iter_mut().for_each(Model::sweep);
    }

    fn apply(&mut self, source: usize, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Load { rows, is_forced } => self.load(source, rows, *is_forced)?,
            Step::Again { nth, is_forced } => {
                if let Some(rows) = self.files[source].iter().rev().nth(*nth).cloned() {
                    self.load(source, &rows, *is_forced)?;
                }
            }
            Step::Refused(rows) => {
                self.write(source, rows, "9,nowhere\n");
                let outcome = self.elt(source, false).run();
                prop_assert_eq!(outcome.code, Some(3), "{}", outcome.stderr);
                self.sweep();
            }
            // Rejects above a megabyte are written while the COPY is open.
            Step::KilledCopying(rows) => {
                let bad = format!("x{}\n", "y".repeat(1_100_000));
                self.write(source, rows, &bad);
                self.kill(source, "elt.reject");
            }
            Step::KilledPublishing(rows) => {
                self.write(source, rows, "");
                let core = format!("core.{} in share mode", SOURCES[source].name);
                self.kill(source, &core);
            }
            Step::RollBack => {
                let elt = self.database.elt_with(&project(), &["rollback"]);
                let outcome: Outcome = elt.args([SOURCES[source].name]).run();
                let code = match self.models[source].roll_back() {
                    true => 0,
                    false => 1,
                };
                prop_assert_eq!(outcome.code, Some(code), "{}", outcome.stderr);
            }
            Step::Keep(loads) => {
                self.models[source].keep = *loads;
                let name = SOURCES[source].name;
                self.database.run(&format!(
                    "update elt.source set keep_loads = {loads} where source = '{name}'"
                ));
            }
            Step::Gc => {
                let elt = self.database.elt_with(&project(), &["gc"]);
                let outcome = elt.run();
                prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
                self.sweep();
                self.holds_no_more_than_it_needs()?;
            }
        }
        self.holds_what_the_model_says()
    }

    /// Kills a load that waits for a lock.
    fn kill(&mut self, source: usize, lock: &str) {
        let held = self.database.hold(lock);
        let load = self.elt(source, true).start();
        wait_until("the load to wait", || self.database.has_waiting_session());
        load.kill();
        held.release();
        wait_until("the sessions to end", || {
            let sql = "select count(*) from pg_stat_activity \
                       where datname = current_database() and application_name like 'elt %'";
            self.database.number(sql) == 0
        });
        self.sweep();
    }

    fn holds_what_the_model_says(&self) -> Result<(), TestCaseError> {
        let mut client = self.database.connect();
        for model in &self.models {
            let (name, key, value) = (model.source.name, model.source.key, model.source.value);
            let lines = format!(
                "select array(select {key} || ' ' || {value} from core.{name} order by ({key} || ' ' || {value}) collate \"C\"), \
                 (select count(*) from elt.load where source = '{name}' and live_publish_id is not null), \
                 (select count(*) from core.{name} where _load_id not in (select load_id from elt.load \
                 where source = '{name}' and state = 'published' and (live_publish_id is not null \
                 or '{name}' = 'stations'))), \
                 (select coalesce(sum(rows_inserted - rows_deleted), 0)::bigint from elt.publish_change \
                 where table_name = 'core.{name}')"
            );
            let row = client.query_one(&lines, &[]).unwrap();
            let found: Vec<String> = row.get(0);
            prop_assert_eq!(&found, &model.core(), "core.{}", name);
            prop_assert_eq!(
                row.get::<_, i64>(1),
                model.live_count() as i64,
                "live of {}",
                name
            );
            prop_assert_eq!(
                row.get::<_, i64>(2),
                0,
                "rows of loads that are not live: {}",
                name
            );
            prop_assert_eq!(
                row.get::<_, i64>(3),
                found.len() as i64,
                "changes of {}",
                name
            );
        }
        Ok(())
    }

    /// After a sweep, every partition has a recorded load, and every earlier row belongs to a live load.
    fn holds_no_more_than_it_needs(&self) -> Result<(), TestCaseError> {
        let odd = "select count(*) from (select source || '_load_' || load_id as name from elt.load \
                   where staging_dropped_at is null) as recorded full join (select relname::text as name \
                   from pg_class where relnamespace = 'staging'::regnamespace and relname ~ '_load_') as there \
                   using (name) where recorded.name is null or there.name is null";
        prop_assert_eq!(
            self.database.number(odd),
            0,
            "partitions that nobody knows, or lost ones"
        );
        let images = "select count(*) from elt.earlier_row inner join elt.load using (load_id) \
                      where load.live_publish_id is null or load.staging_dropped_at is not null";
        prop_assert_eq!(self.database.number(images), 0, "earlier rows of nobody");
        for model in &self.models {
            let staged = format!(
                "select count(*) from elt.load where source = '{}' and staging_dropped_at is null \
                 and state <> 'refused'",
                model.source.name
            );
            let staged = self.database.number(&staged);
            prop_assert_eq!(
                staged,
                model.staged_count() as i64,
                "staged of {}",
                model.source.name
            );
        }
        Ok(())
    }
}

#[test]
fn any_sequence_leaves_what_the_model_says() {
    let empty = migrated();
    let steps = prop::collection::vec(step(), STEPS);
    let done = runner(CASES).run(&steps, |steps| {
        let mut world = World {
            database: Database::copy_of(&empty),
            data: Folder::new(),
            models: SOURCES.iter().copied().map(Model::new).collect(),
            files: vec![Vec::new(); SOURCES.len()],
        };
        for (source, step) in &steps {
            world.apply(*source, step)?;
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}
