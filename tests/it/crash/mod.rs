//! A load stopped at each of its steps, in every possible way. Readers see the old state, then the new state, never a
//! mixture; no session is left running; and repeating the command completes the load.

mod scenario;
mod steps;

use crate::support::{Database, Home, state, wait_until};
use scenario::{Kind, Scenario};
use steps::{COPYING, Input, PREPARED_STEPS, PUBLISHING, STEPS, Step, Stopped};

/// How a load or its server is stopped.
enum Fault<'a> {
    KillProgram,
    Interrupt,
    EndSessions,
    KillServer(&'a Home),
    ShutDown(&'a Home),
}

const ALL_SESSIONS: &str = "application_name like 'elt %'";
/// The sessions that Ctrl-C cancels; the program then records the outcome of the load.
const AT_WORK: &str = "application_name like 'elt %' and application_name not like '%(failure)%' \
                       and state = 'active' and wait_event is distinct from 'ClientRead'";
const AGAIN: &str = "Run the same command again";

fn wait_for_end(database: &Database, what: &str) {
    let sql = format!(
        "select not exists (select 1 from pg_stat_activity where datname = current_database() and {what})"
    );
    database.wait_for("sessions to end", &sql);
}

impl Fault<'_> {
    /// Leaves the server running. Returns whether the load reports success.
    fn inject(&self, scenario: &Scenario, step: &Step, stopped: Stopped) -> bool {
        let (database, Stopped { mut run, held }) = (&scenario.database, stopped);
        match self {
            Fault::KillProgram => {
                run.kill();
                // The lock that they wait for is still held.
                wait_for_end(database, ALL_SESSIONS);
                assert_eq!(
                    database.number(
                        "select count(*) from elt.load_status where state in ('copying', 'staged')"
                    ),
                    0,
                    "a dead load is shown as one that goes on"
                );
                return false;
            }
            Fault::Interrupt => {
                run.interrupt();
                wait_for_end(database, AT_WORK);
                drop(held);
                // Its input is still open.
                wait_until("the program to end", || run.has_ended());
                run.finish().exits_with(130).says(&[step.says]);
                wait_for_end(database, ALL_SESSIONS);
                if !step.is_live {
                    scenario.has_nothing_left_over();
                }
                return false;
            }
            Fault::EndSessions => database.run(&format!(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where datname = current_database() and {ALL_SESSIONS}"
            )),
            Fault::KillServer(home) => home.kill_server(),
            Fault::ShutDown(home) => home.shut_down(),
        }
        drop(held);
        // The load notices the lost connection when it sends something.
        run.feed(scenario.rest(step.input));
        let outcome = run.finish();
        if let Fault::KillServer(home) | Fault::ShutDown(home) = self {
            home.elt().args(["db", "start"]).run().ok();
        } else if step.is_live && outcome.code == Some(0) {
            // The export runs in other sessions.
            return true;
        }
        outcome.exits_with(5).says(&[AGAIN]);
        false
    }
}

/// Prints the step if the test fails there.
struct At<'a>(&'a Step);

impl Drop for At<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("while: {}", self.0.name);
        }
    }
}

fn inject(scenario: &Scenario, step: &Step, fault: &Fault<'_>) {
    let _at = At(step);
    scenario.restore();
    let target = scenario.target(step.input);
    let watch = scenario.watch(step.input);
    let stopped = step.reach(scenario);
    if !step.keeps_readers() {
        watch.look();
    }
    let is_done = fault.inject(scenario, step, stopped);
    let now = state(&scenario.database);
    let is_target = now == *target;
    match fault {
        // The shutdown also ends the session that holds the lock, perhaps before the load's session.
        Fault::ShutDown(_) => assert!(is_target || now == *scenario.old()),
        _ => assert_eq!(is_target, step.is_live),
    }
    match is_done {
        true => scenario.exported_are_expected(),
        false => scenario.exported_are_old(),
    }
    scenario.complete(step.input);
    watch.end_at(target);
    scenario.has_nothing_left_over();
    assert_eq!(&state(&scenario.database), target);
    match step.input {
        Input::Files => scenario.exported_are_expected(),
        _ => scenario.exported_are_old(),
    }
}

fn inject_at(names: &[&str], scenario: &Scenario, fault: &Fault<'_>) {
    let steps: Vec<&Step> = STEPS
        .iter()
        .filter(|step| names.contains(&step.name))
        .collect();
    assert_eq!(steps.len(), names.len());
    for step in steps {
        inject(scenario, step, fault);
    }
}

/// The steps for faults that look the same to the program.
const SOME: [&str; 4] = [COPYING, PUBLISHING, "committing", "sweeping"];

fn inject_at_each(scenario: &Scenario, fault: &Fault<'_>) {
    inject_at(&STEPS.map(|step| step.name), scenario, fault);
}

fn home() -> Home {
    let home = Home::started();
    // Only processes are killed here, never the machine.
    Database::in_home(&home).run("alter system set fsync = off");
    home
}

#[test]
fn the_program_is_killed() {
    inject_at_each(
        &Scenario::new(Database::new(), Kind::AtOnce),
        &Fault::KillProgram,
    );
}

#[test]
fn the_program_is_interrupted() {
    inject_at_each(
        &Scenario::new(Database::new(), Kind::AtOnce),
        &Fault::Interrupt,
    );
}

#[test]
fn the_server_is_killed() {
    let home = home();
    let scenario = Scenario::new(Database::in_home(&home), Kind::AtOnce);
    inject_at_each(&scenario, &Fault::KillServer(&home));
}

#[test]
fn the_server_is_shut_down() {
    let home = home();
    let scenario = Scenario::new(Database::in_home(&home), Kind::AtOnce);
    inject_at(&SOME, &scenario, &Fault::ShutDown(&home));
}

#[test]
fn the_sessions_are_ended() {
    let scenario = Scenario::new(Database::new(), Kind::AtOnce);
    inject_at(&SOME, &scenario, &Fault::EndSessions);
}

#[test]
fn a_prepared_load_is_stopped() {
    let home = home();
    let scenario = Scenario::new(Database::in_home(&home), Kind::Prepared);
    let faults = [
        Fault::KillProgram,
        Fault::Interrupt,
        Fault::EndSessions,
        Fault::KillServer(&home),
    ];
    for step in &PREPARED_STEPS {
        for fault in &faults {
            inject(&scenario, step, fault);
        }
    }
}

#[test]
fn a_prepared_first_load_is_stopped() {
    let home = home();
    let scenario = Scenario::new(Database::in_home(&home), Kind::First);
    for step in &PREPARED_STEPS {
        for fault in &[Fault::KillProgram, Fault::KillServer(&home)] {
            inject(&scenario, step, fault);
        }
    }
}
