//! Random sequences of changes, incremental loads, kills and rollbacks. In the end, core has the data of the API.
//! `PROPTEST_CASES=300 cargo test rest::sequences` tries more.

use super::stock::Stocked;
use crate::support::{runner, wait_until};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 6;
const STEPS: std::ops::Range<usize> = 8..16;

#[derive(Clone, Debug)]
enum Step {
    /// Adds or changes records.
    Put(Vec<i64>),
    Load {
        is_full: bool,
        requests: u8,
    },
    /// The data changes before a page is read.
    LoadWhileChanging {
        page: u64,
        ids: Vec<i64>,
    },
    KilledReading,
    KilledPublishing,
    EndSessions,
    RollBack,
}

fn step() -> impl Strategy<Value = Step> {
    let ids = || prop::collection::vec(1..30_i64, 1..12);
    prop_oneof![
        4 => ids().prop_map(Step::Put),
        3 => (prop::bool::weighted(0.2), 1..5_u8)
            .prop_map(|(is_full, requests)| Step::Load { is_full, requests }),
        3 => (1..4_u64, ids()).prop_map(|(page, ids)| Step::LoadWhileChanging { page, ids }),
        1 => Just(Step::KilledReading),
        1 => Just(Step::KilledPublishing),
        1 => Just(Step::EndSessions),
        2 => Just(Step::RollBack),
    ]
}

struct World {
    stocked: Stocked,
    source: &'static str,
}

impl World {
    fn apply(&self, step: &Step) -> Result<(), TestCaseError> {
        let (stocked, source) = (&self.stocked, self.source);
        match step {
            Step::Put(ids) => stocked.change(|stock| ids.iter().for_each(|id| stock.put(*id))),
            Step::Load { is_full, requests } => {
                let full = if *is_full { "--full" } else { "" };
                self.load(&format!("{source} {full} --requests {requests}"))?;
                prop_assert_eq!(stocked.core(source), stocked.content());
            }
            Step::LoadWhileChanging { page, ids } => {
                let ids = ids.clone();
                stocked.change_before_page(*page, move |stock| {
                    ids.iter().for_each(|id| stock.put(*id));
                });
                self.load(source)?;
                stocked.forget_changes();
            }
            Step::KilledReading => {
                stocked.hold_page(Some(1));
                self.stop(|| stocked.has_requests(), false);
                self.wait_for_end();
            }
            Step::KilledPublishing => self.stop_publishing(false),
            Step::EndSessions => self.stop_publishing(true),
            Step::RollBack => {
                let outcome = stocked.elt(&format!("rollback {source}")).run();
                prop_assert!(matches!(outcome.code, Some(0 | 1)), "{}", outcome.stderr);
            }
        }
        Ok(())
    }

    fn load(&self, line: &str) -> Result<(), TestCaseError> {
        let outcome = self.stocked.elt(&format!("load {line}")).run();
        prop_assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        Ok(())
    }

    fn stop_publishing(&self, ends_sessions: bool) {
        let lock = format!("core.{} in share mode", self.source);
        let held = self.stocked.database.hold(&lock);
        // Without a record, the load changes nothing in core and does not wait.
        self.stocked.change(|stock| stock.put(1));
        self.stop(
            || self.stocked.database.has_waiting_session(),
            ends_sessions,
        );
        held.release();
        self.wait_for_end();
    }

    /// Stops a load when it has reached a point.
    fn stop(&self, has_reached: impl FnMut() -> bool, ends_sessions: bool) {
        let stocked = &self.stocked;
        stocked.take_requests();
        let load = stocked.elt(&format!("load {}", self.source)).start();
        wait_until("the load to wait", has_reached);
        if ends_sessions {
            stocked.database.run(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where datname = current_database() and application_name like 'elt %'",
            );
            load.finish().exits_with(5);
        } else {
            load.kill();
        }
        stocked.hold_page(None);
    }

    fn wait_for_end(&self) {
        wait_until("the sessions to end", || {
            let sql = "select count(*) from pg_stat_activity where datname = current_database() \
                       and application_name like 'elt %'";
            self.stocked.database.number(sql) == 0
        });
    }
}

#[test]
fn after_any_sequence_a_load_makes_core_equal_to_the_data() {
    let steps = (
        prop::bool::ANY,
        prop::bool::ANY,
        prop::bool::ANY,
        prop::collection::vec(step(), STEPS),
    );
    let done = runner(CASES).run(&steps, |(is_appended, cuts_off, is_after, steps)| {
        let source = if is_appended { "events" } else { "items" };
        let world = World {
            stocked: Stocked::new(),
            source,
        };
        world.stocked.change(|stock| {
            stock.cuts_off = cuts_off;
            stock.is_after = is_after;
        });
        if is_after {
            world.stocked.set("since_overlap = '1 second'");
        }
        for step in &steps {
            world.apply(step)?;
        }
        world.load(source)?;
        prop_assert_eq!(world.stocked.core(source), world.stocked.content());
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}
