//! Holding, publishing and discarding are stopped at each of their steps. The state is the old one or the new one, no
//! reader sees another one, and repeating the command completes it.

use super::STATES;
use crate::support::{Database, Elt, Folder, Home, State, Watch, state};

/// The statement whose lock the command waits for at a step.
struct Step {
    name: &'static str,
    held: &'static str,
}

const GATES: &str = "
    create function public.wait_at_gate() returns trigger language plpgsql set lock_timeout = 0 as $$
    begin
        perform pg_advisory_xact_lock_shared(tg_argv[0]::bigint);
        return new;
    end $$;
    create trigger when_ended before update on elt.load for each row
        when (new.state in ('held', 'discarded')) execute function public.wait_at_gate(1);
    create constraint trigger at_commit after insert on elt.publish initially deferred for each row
        execute function public.wait_at_gate(2);
    create constraint trigger when_held after insert on elt.preview initially deferred for each row
        execute function public.wait_at_gate(3);
    create constraint trigger when_discarded after delete on elt.preview initially deferred for each row
        execute function public.wait_at_gate(3)";

const HOLD: [Step; 4] = [
    step(
        "before it compares",
        "select pg_advisory_xact_lock(6646900, 2)",
    ),
    step(
        "comparing, core half changed",
        "lock table public.epion_practices in share mode",
    ),
    step("recording", "select pg_advisory_xact_lock(1)"),
    step("committing", "select pg_advisory_xact_lock(3)"),
];
const PUBLISH: [Step; 3] = [
    step(
        "before it publishes",
        "select pg_advisory_xact_lock(6646900, 2)",
    ),
    step(
        "publishing, core half changed",
        "lock table public.epion_practices in share mode",
    ),
    step("committing", "select pg_advisory_xact_lock(2)"),
];
const DISCARD: [Step; 3] = [
    step(
        "before it discards",
        "select pg_advisory_xact_lock(6646900, 2)",
    ),
    step("recording", "select pg_advisory_xact_lock(1)"),
    step("committing", "select pg_advisory_xact_lock(3)"),
];

const fn step(name: &'static str, held: &'static str) -> Step {
    Step { name, held }
}

const WAITS: &str = "select exists (select 1 from pg_stat_activity where datname = current_database() \
                     and application_name like 'elt %' and wait_event_type = 'Lock')";
const SESSIONS: &str = "select not exists (select 1 from pg_stat_activity where datname = current_database() \
                        and application_name like 'elt %')";

/// A server of its own, whose processes may be killed.
struct Scenario {
    home: Home,
    database: Database,
    data: Folder,
}

impl Scenario {
    fn new() -> Scenario {
        let home = Home::started();
        let database = Database::in_home(&home);
        // Only processes are killed here, never the machine.
        database.run("alter system set fsync = off");
        database.load(&Folder::with_other_data()).ok();
        database.run(GATES);
        Scenario {
            home,
            database,
            data: Folder::with_data(),
        }
    }

    fn elt(&self, line: &str) -> Elt {
        let elt = self.database.elt().args(line.split_whitespace());
        match line.starts_with("load") {
            true => elt.path("--data", self.data.path()),
            false => elt,
        }
    }

    /// Stops the command at the step, by killing it or the server, and then completes it.
    fn stop(&self, line: &str, step: &Step, kills_server: bool, old: &State, states: &str) {
        let what = format!("{line}: {}, server: {kills_server}", step.name);
        let watch = Watch::of(&self.database, &[old]);
        let held = self.database.hold_by(step.held);
        let run = self.elt(line).start();
        self.database.wait_for(&what, WAITS);
        watch.look();
        if kills_server {
            self.home.kill_server();
            drop(held);
            run.finish().exits_with(5);
            self.home.elt().args(["db", "start"]).run().ok();
        } else {
            run.kill();
            // The lock that they wait for is still held.
            self.database.wait_for("sessions to end", SESSIONS);
            drop(held);
        }
        watch.end_at(old);
        let now = self.database.text(STATES);
        let now = now
            .replace("copying", "interrupted")
            .replace("staged", "interrupted");
        assert_eq!(now, states, "{what}");
        let left = "select count(*) from pg_trigger where tgname like 'elt\\_preview%'";
        assert_eq!(self.database.number(left), 0, "{what}");
    }
}

#[test]
fn a_command_that_is_killed_leaves_the_old_state() {
    let scenario = Scenario::new();
    let database = &scenario.database;
    let (empty, waiting) = (
        format!("{}_old", database.name()),
        format!("{}_held", database.name()),
    );
    database.keep_as(&empty);
    let old = state(database);
    let live = "1 published, 2 published, 3 published, 4 published";
    let held = format!("{live}, 5 held, 6 held, 7 held, 8 held");
    for kills_server in [false, true] {
        for step in &HOLD {
            database.restore(&empty);
            let interrupted = held.replace("held", "interrupted");
            scenario.stop("load --hold", step, kills_server, &old, &interrupted);
            scenario.elt("load --hold").run().ok();
            assert_eq!(
                database.number("select count(*) from elt.load where state = 'held'"),
                4
            );
        }
    }
    database.restore(&empty);
    scenario.elt("load --hold").run().ok();
    database.keep_as(&waiting);
    let done = |line: &str| {
        database.restore(&waiting);
        scenario.elt(line).run().ok();
        (state(database), database.text(STATES))
    };
    for (line, steps) in [("publish 5 6 7 8", &PUBLISH), ("discard 5 6 7 8", &DISCARD)] {
        let (new, states) = done(line);
        for kills_server in [false, true] {
            for step in steps {
                database.restore(&waiting);
                scenario.stop(line, step, kills_server, &old, &held);
                // Readers see the old state and then the new one.
                let watch = Watch::of(database, &[&old, &new]);
                scenario.elt(line).run().ok();
                watch.end_at(&new);
                assert_eq!(database.text(STATES), states);
            }
        }
    }
    database.forget(&empty);
    database.forget(&waiting);
}
