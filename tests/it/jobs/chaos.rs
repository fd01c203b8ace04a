//! Failures of workers and their server while jobs run: no job is lost, none is done twice, and the time to recover
//! is printed.

use super::{JOB_KINDS, database};
use crate::support::{Elt, Home, Running, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{Client, NoTls};
use std::io::Write;
use std::time::Instant;

const JOBS: i64 = 1_500;

/// A queue with jobs, and a client that causes the failures.
struct Chaos {
    name: &'static str,
    url: String,
    /// None while the server is down.
    client: Option<Client>,
}

impl Chaos {
    /// Enqueues half of the jobs; `ends_well` enqueues the rest.
    fn new(name: &'static str, url: String) -> Chaos {
        let mut chaos = Chaos {
            name,
            url,
            client: None,
        };
        chaos.enqueue(0, JOBS / 2);
        chaos
    }

    fn client(&mut self) -> &mut Client {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            wait_until("the server to answer", || {
                self.client = Client::connect(&self.url, NoTls).ok();
                self.client.is_some()
            });
        }
        self.client.as_mut().unwrap()
    }

    fn number(&mut self, sql: &str) -> i64 {
        self.client().query_one(sql, &[]).unwrap().get(0)
    }

    fn enqueue(&mut self, from: i64, to: i64) {
        let sql = format!(
            "select count(elt.enqueue('note', jsonb_build_object('n', n), max_attempts => 100)) \
             from generate_series({from} + 1, {to}) as n"
        );
        assert_eq!(self.number(&sql), to - from);
    }

    fn done(&mut self) -> i64 {
        self.number("select count(*) from elt.job where state = 'succeeded'")
    }

    fn wait_until_done(&mut self, count: i64) {
        wait_until("jobs to be done", || self.done() >= count);
    }

    /// Waits until a job that began after the failure has succeeded, and all attempts from before it have ended.
    fn recovers(&mut self, since: Instant) {
        let sql = "select clock_timestamp()";
        let harm: chrono::DateTime<chrono::Utc> = self.client().query_one(sql, &[]).unwrap().get(0);
        let sql = "select exists (select from elt.job_attempt \
                   where outcome = 'succeeded' and started_at > $1) \
                   and not exists (select from elt.job_attempt where outcome is null and started_at <= $1)";
        wait_until("the recovery", || {
            self.client().query_one(sql, &[&harm]).unwrap().get(0)
        });
        // Written past the capture of the test program, because this is a result.
        let seconds = since.elapsed().as_secs_f64();
        let line = format!("{}: recovered after {seconds:.2} s\n", self.name);
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }

    /// Every job is done exactly once.
    fn ends_well(mut self, workers: Vec<Running>) {
        self.enqueue(JOBS / 2, JOBS);
        self.wait_until_done(JOBS);
        for worker in workers {
            signal(worker.id(), Signal::SIGTERM);
            worker.finish().ok();
        }
        let lost = JOBS - self.number("select count(distinct n) from public.done");
        let again = self.number("select count(*) - count(distinct n) from public.done");
        let line = format!("{}: jobs lost: {lost}, done again: {again}\n", self.name);
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        assert_eq!((lost, again), (0, 0));
        let left = "select count(*) from elt.job_attempt where outcome is null";
        assert_eq!(self.number(left), 0);
    }
}

fn signal(id: u32, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
}

fn worker(elt: Elt) -> Running {
    elt.args(["worker", "--grace", "5"]).start()
}

/// A separate server, because the test stops it.
fn home() -> Home {
    let home = Home::started();
    Client::connect(&home.url(), NoTls)
        .unwrap()
        .batch_execute(JOB_KINDS)
        .unwrap();
    home
}

#[test]
fn another_worker_finishes_the_job_of_a_killed_worker() {
    let database = database();
    let mut chaos = Chaos::new("a worker is killed", database.url());
    let (first, second) = (worker(database.elt()), worker(database.elt()));
    chaos.wait_until_done(100);
    let harm = Instant::now();
    first.kill();
    chaos.recovers(harm);
    chaos.ends_well(vec![second]);
}

#[test]
fn jobs_finish_although_workers_are_killed_repeatedly() {
    let database = database();
    let mut chaos = Chaos::new("workers are killed again and again", database.url());
    for round in 1..=5 {
        let victim = worker(database.elt());
        chaos.wait_until_done(round * 100);
        victim.kill();
    }
    let harm = Instant::now();
    let last = worker(database.elt());
    chaos.recovers(harm);
    chaos.ends_well(vec![last]);
}

#[test]
fn jobs_finish_although_sessions_are_ended_twice_a_second() {
    let database = database();
    let mut chaos = Chaos::new("sessions are ended", database.url());
    let worker = worker(database.elt());
    for done in [100, 250, 400, 550] {
        chaos.wait_until_done(done);
        let ended = chaos.number(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where application_name like 'elt worker%' and datname = current_database()",
        );
        assert!(ended > 0);
    }
    chaos.recovers(Instant::now());
    chaos.ends_well(vec![worker]);
}

#[test]
fn jobs_finish_although_the_server_restarts() {
    let home = home();
    let mut chaos = Chaos::new("the server is restarted", home.url());
    let worker = worker(Elt::on(&home.url()));
    chaos.wait_until_done(100);
    let harm = Instant::now();
    chaos.client = None;
    home.elt().args(["db", "stop"]).run().ok();
    home.elt().args(["db", "start"]).run().ok();
    chaos.recovers(harm);
    chaos.ends_well(vec![worker]);
}

#[test]
fn jobs_finish_although_the_embedded_server_is_killed() {
    let home = home();
    let mut chaos = Chaos::new("the embedded server is killed", home.url());
    let worker = worker(home.elt());
    chaos.wait_until_done(100);
    chaos.client = None;
    let harm = Instant::now();
    kill(Pid::from_raw(home.server().unwrap()), Signal::SIGKILL).unwrap();
    // Only the worker can start it again.
    chaos.recovers(harm);
    chaos.ends_well(vec![worker]);
}

#[test]
fn jobs_finish_although_the_server_has_no_free_connection() {
    let home = home();
    let mut chaos = Chaos::new("no connection is left", home.url());
    let worker = worker(Elt::on(&home.url()));
    chaos.wait_until_done(100);
    let mut idle = Vec::new();
    chaos.number(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity \
         where application_name like 'elt worker%'",
    );
    while let Ok(client) = Client::connect(&home.url(), NoTls) {
        idle.push(client);
    }
    assert!(idle.len() > 50, "{}", idle.len());
    let harm = Instant::now();
    drop(idle);
    chaos.recovers(harm);
    chaos.ends_well(vec![worker]);
}
