//! Random operations on the queue's SQL functions, compared with a model that shares nothing with them.
//! `PROPTEST_CASES=2000 cargo test state_machine` tries more.

use super::database;
use crate::support::{Database, runner};
use postgres::Client;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 48;
const WORKERS: usize = 2;

#[derive(Clone, Debug)]
enum Operation {
    Enqueue {
        priority: i64,
        is_due: bool,
        key: Option<&'static str>,
        max_attempts: i64,
    },
    Claim {
        worker: usize,
        at_most: i64,
    },
    /// An operation on a job and a claim, which may have ended or never existed.
    Succeed(usize, Stale),
    Fail(usize, Stale, Sqlstate),
    Release(usize, Stale),
    Cancel(usize),
    Retry(usize),
    /// A lease expires.
    Expire(usize),
    /// All scheduled jobs become due.
    Due(usize),
    Heartbeat(usize),
    /// A worker dies, or is alive again.
    Worker {
        worker: usize,
        dies: bool,
    },
    Rescue,
}

/// How far the number of a claim is below the latest.
type Stale = i64;
type Sqlstate = Option<&'static str>;

fn operation() -> impl Strategy<Value = Operation> {
    let job = || 0..8_usize;
    // Mostly the latest claim.
    let stale = || prop_oneof![4 => Just(0_i64), 1 => Just(1), 1 => Just(-1)];
    let sqlstate = prop::sample::select(vec![None, Some("08006"), Some("40001"), Some("23505")]);
    let key = prop::sample::select(vec![None, None, Some("a"), Some("b")]);
    prop_oneof![
        4 => (-1..2_i64, prop::bool::weighted(0.8), key, 1..4_i64).prop_map(
            |(priority, is_due, key, max_attempts)| Operation::Enqueue {
                priority, is_due, key, max_attempts
            }
        ),
        5 => (0..WORKERS, 0..3_i64)
            .prop_map(|(worker, at_most)| Operation::Claim { worker, at_most }),
        2 => (job(), stale()).prop_map(|(job, stale)| Operation::Succeed(job, stale)),
        3 => (job(), stale(), sqlstate)
            .prop_map(|(job, stale, sqlstate)| Operation::Fail(job, stale, sqlstate)),
        2 => (job(), stale()).prop_map(|(job, stale)| Operation::Release(job, stale)),
        2 => job().prop_map(Operation::Cancel),
        2 => job().prop_map(Operation::Retry),
        1 => job().prop_map(Operation::Expire),
        2 => job().prop_map(Operation::Due),
        1 => (0..WORKERS).prop_map(Operation::Heartbeat),
        1 => (0..WORKERS, any::<bool>())
            .prop_map(|(worker, dies)| Operation::Worker { worker, dies }),
        1 => Just(Operation::Rescue),
    ]
}

/// The properties of a job that operations depend on.
#[derive(Clone, Debug, PartialEq)]
struct Job {
    state: String,
    priority: i64,
    is_due: bool,
    key: Option<String>,
    attempts: i64,
    max_attempts: i64,
    claims: i64,
    worker: Option<i64>,
    is_leased: bool,
    is_cancelled: bool,
    /// The outcomes of its attempts in order; "-" for the running one.
    outcomes: String,
}

#[derive(Default)]
struct Model {
    jobs: BTreeMap<i64, Job>,
    dead_workers: [bool; WORKERS],
}

impl Model {
    /// The nth job, or a number that no job has.
    fn nth(&self, n: usize) -> i64 {
        self.jobs.keys().nth(n).copied().unwrap_or(-1)
    }

    /// Ends the attempt of a claim; returns false if the claim does not hold the job.
    fn end(&mut self, id: i64, claim: i64, outcome: &str) -> Option<&mut Job> {
        let job = self.jobs.get_mut(&id)?;
        if job.state != "running" || job.claims != claim {
            return None;
        }
        job.end_attempt(outcome);
        Some(job)
    }

    /// Queues a job again, without its key if another queued job has that key.
    fn requeue(&mut self, id: i64) {
        let key = self.jobs[&id].key.clone();
        let is_taken = self.queued_with(key.as_deref()).is_some();
        let job = self.jobs.get_mut(&id).unwrap();
        job.state = "queued".into();
        if is_taken {
            job.key = None;
        }
    }

    fn queued_with(&self, key: Option<&str>) -> Option<i64> {
        key?;
        let mut jobs = self.jobs.iter();
        let same = jobs.find(|(_, job)| job.state == "queued" && job.key.as_deref() == key);
        same.map(|(id, _)| *id)
    }
}

impl Job {
    fn end_attempt(&mut self, outcome: &str) {
        self.outcomes = self.outcomes.replace('-', outcome);
        self.worker = None;
        self.is_leased = false;
    }
}

struct Queue {
    client: Client,
    workers: [i64; WORKERS],
    model: Model,
}

impl Queue {
    fn ask(&mut self, sql: &str) -> Result<Vec<i64>, postgres::Error> {
        let rows = self.client.query(sql, &[])?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Whether the functions accept the operation, as the model expects.
    fn agree(&mut self, sql: &str, expected: bool) -> Result<(), TestCaseError> {
        let done = self.client.batch_execute(sql);
        prop_assert_eq!(done.is_ok(), expected, "{}: {:?}", sql, done);
        Ok(())
    }

    fn apply(&mut self, operation: &Operation) -> Result<(), TestCaseError> {
        match operation {
            Operation::Enqueue {
                priority,
                is_due,
                key,
                max_attempts,
            } => self.enqueue(*priority, *is_due, *key, *max_attempts)?,
            Operation::Claim { worker, at_most } => self.claim(*worker, *at_most)?,
            Operation::Succeed(n, stale) => {
                let (id, claim) = self.claim_of(*n, *stale);
                let job = self.model.end(id, claim, "succeeded");
                let is_held = job.map(|job| job.state = "succeeded".into()).is_some();
                self.agree(
                    &format!("select elt.succeed_job({id}, {claim}, '1')"),
                    is_held,
                )?;
            }
            Operation::Fail(n, stale, sqlstate) => {
                let (id, claim) = self.claim_of(*n, *stale);
                let is_cancelled = self.model.jobs.get(&id).is_some_and(|job| job.is_cancelled);
                let outcome = if is_cancelled { "cancelled" } else { "failed" };
                let job = self.model.end(id, claim, outcome);
                let is_held = job.is_some();
                if let Some(job) = job {
                    let is_last = job.attempts >= job.max_attempts || *sqlstate == Some("23505");
                    match (is_cancelled, is_last) {
                        (true, _) => job.state = "cancelled".into(),
                        (_, true) => job.state = "dead".into(),
                        _ => {
                            // It is scheduled for the next attempt.
                            job.is_due = false;
                            self.model.requeue(id);
                        }
                    }
                }
                let sqlstate = sqlstate.map_or("null".into(), |code| format!("'{code}'"));
                self.agree(
                    &format!("select elt.fail_job({id}, {claim}, 'no', {sqlstate}, true)"),
                    is_held,
                )?;
            }
            Operation::Release(n, stale) => {
                let (id, claim) = self.claim_of(*n, *stale);
                let job = self.model.end(id, claim, "released");
                let is_held = job.is_some();
                if let Some(job) = job {
                    job.attempts -= 1;
                    if job.is_cancelled {
                        job.state = "cancelled".into();
                    } else {
                        self.model.requeue(id);
                    }
                }
                self.agree(&format!("select elt.release_job({id}, {claim})"), is_held)?;
            }
            Operation::Cancel(n) => {
                let id = self.model.nth(*n);
                let job = self.model.jobs.get_mut(&id);
                let can = job.is_some_and(|job| match job.state.as_str() {
                    "queued" => {
                        job.state = "cancelled".into();
                        true
                    }
                    "running" => {
                        job.is_cancelled = true;
                        true
                    }
                    _ => false,
                });
                self.agree(&format!("select elt.cancel_job({id})"), can)?;
            }
            Operation::Retry(n) => self.retry(*n)?,
            Operation::Expire(n) => {
                let id = self.model.nth(*n);
                if let Some(job) = self.model.jobs.get_mut(&id) {
                    job.is_leased = false;
                }
                let sql = format!(
                    "update elt.job set lease_until = now() - interval '1 second' \
                     where job_id = {id} and state = 'running'"
                );
                self.agree(&sql, true)?;
            }
            Operation::Due(n) => {
                let id = self.model.nth(*n);
                if let Some(job) = self.model.jobs.get_mut(&id) {
                    job.is_due = true;
                }
                let sql = format!("update elt.job set run_at = now() where job_id = {id}");
                self.agree(&sql, true)?;
            }
            Operation::Heartbeat(worker) => self.heartbeat(*worker)?,
            Operation::Worker { worker, dies } => {
                self.model.dead_workers[*worker] = *dies;
                let stopped = if *dies { "now()" } else { "null" };
                let id = self.workers[*worker];
                let sql =
                    format!("update elt.worker set stopped_at = {stopped} where worker_id = {id}");
                self.agree(&sql, true)?;
            }
            Operation::Rescue => self.rescue()?,
        }
        Ok(())
    }

    fn claim_of(&self, n: usize, stale: Stale) -> (i64, i64) {
        let id = self.model.nth(n);
        let latest = self.model.jobs.get(&id).map_or(0, |job| job.claims);
        (id, latest - stale)
    }

    fn enqueue(
        &mut self,
        priority: i64,
        is_due: bool,
        key: Option<&str>,
        max_attempts: i64,
    ) -> Result<(), TestCaseError> {
        let same = self.model.queued_with(key);
        let run_at = if is_due {
            "now()"
        } else {
            "now() + interval '1 hour'"
        };
        let quoted = key.map_or("null".into(), |key| format!("'{key}'"));
        let id = self.ask(&format!(
            "select elt.enqueue('note', priority => {priority}, run_at => {run_at}, \
             dedup_key => {quoted}, max_attempts => {max_attempts})"
        ));
        let id = id.unwrap()[0];
        if let Some(same) = same {
            prop_assert_eq!(id, same, "one of a key");
            return Ok(());
        }
        let job = Job {
            state: "queued".into(),
            priority,
            is_due,
            key: key.map(Into::into),
            attempts: 0,
            max_attempts,
            claims: 0,
            worker: None,
            is_leased: false,
            is_cancelled: false,
            outcomes: String::new(),
        };
        prop_assert!(self.model.jobs.insert(id, job).is_none());
        Ok(())
    }

    fn claim(&mut self, worker: usize, at_most: i64) -> Result<(), TestCaseError> {
        let worker = self.workers[worker];
        let sql = format!("select job_id from elt.claim_jobs({worker}, '{{default}}', {at_most})");
        let taken = self.ask(&sql).unwrap();
        let can_run =
            |model: &Model, id: &i64| model.jobs[id].state == "queued" && model.jobs[id].is_due;
        let free: Vec<i64> = self
            .model
            .jobs
            .keys()
            .copied()
            .filter(|id| can_run(&self.model, id))
            .collect();
        prop_assert_eq!(taken.len(), free.len().min(at_most as usize));
        prop_assert!(taken.iter().all(|id| free.contains(id)), "{:?}", taken);
        let priority = |id: &i64| self.model.jobs[id].priority;
        let lowest = taken.iter().map(priority).min();
        let left = free.iter().filter(|id| !taken.contains(id));
        let highest_left = left.map(priority).max();
        prop_assert!(highest_left.is_none_or(|left| lowest.is_none_or(|taken| taken >= left)));
        for id in taken {
            let job = self.model.jobs.get_mut(&id).unwrap();
            job.state = "running".into();
            job.attempts += 1;
            job.claims += 1;
            job.worker = Some(worker);
            job.is_leased = true;
            job.outcomes.push_str(" -");
        }
        Ok(())
    }

    fn retry(&mut self, n: usize) -> Result<(), TestCaseError> {
        let id = self.model.nth(n);
        let job = self.model.jobs.get_mut(&id);
        let job = job.filter(|job| ["dead", "cancelled"].contains(&job.state.as_str()));
        let can = job.is_some();
        if let Some(job) = job {
            job.attempts = 0;
            job.is_due = true;
            job.is_cancelled = false;
            self.model.requeue(id);
        }
        self.agree(&format!("select elt.retry_job({id})"), can)
    }

    fn heartbeat(&mut self, worker: usize) -> Result<(), TestCaseError> {
        self.model.dead_workers[worker] = false;
        let worker = self.workers[worker];
        let held: Vec<i64> = self
            .model
            .jobs
            .iter_mut()
            .filter(|(_, job)| job.worker == Some(worker))
            .map(|(id, job)| {
                job.is_leased = true;
                *id
            })
            .collect();
        let sql = format!(
            "select job_id from elt.heartbeat({worker}, array(select job_id from elt.job)) order by 1"
        );
        prop_assert_eq!(self.ask(&sql).unwrap(), held);
        Ok(())
    }

    fn rescue(&mut self) -> Result<(), TestCaseError> {
        let mut rescued = 0;
        for id in self.model.jobs.keys().copied().collect::<Vec<_>>() {
            let job = self.model.jobs.get_mut(&id).unwrap();
            let worker = self.workers.iter().position(|id| Some(*id) == job.worker);
            let Some(worker) = worker else { continue };
            if job.is_leased && !self.model.dead_workers[worker] {
                continue;
            }
            job.end_attempt("lost");
            job.is_due = true;
            match (job.is_cancelled, job.attempts >= job.max_attempts) {
                (true, _) => job.state = "cancelled".into(),
                (_, true) => job.state = "dead".into(),
                _ => self.model.requeue(id),
            }
            rescued += 1;
        }
        prop_assert_eq!(self.ask("select elt.rescue_jobs()").unwrap(), vec![rescued]);
        Ok(())
    }

    /// The expected rows of the table.
    fn jobs(&mut self) -> BTreeMap<i64, Job> {
        let sql = "select job_id, state, priority, run_at <= now(), dedup_key, attempt_count, \
                   max_attempts, claim_count, worker_id, lease_until > now(), \
                   cancel_requested_at is not null, \
                   coalesce((select string_agg(' ' || coalesce(outcome, '-'), '' order by claim_number) \
                   from elt.job_attempt where job_attempt.job_id = job.job_id), '') from elt.job";
        let rows = self.client.query(sql, &[]).unwrap();
        let jobs = rows.iter().map(|row| {
            let job = Job {
                state: row.get(1),
                priority: row.get(2),
                is_due: row.get(3),
                key: row.get(4),
                attempts: row.get(5),
                max_attempts: row.get(6),
                claims: row.get(7),
                worker: row.get(8),
                is_leased: row.get::<_, Option<bool>>(9).unwrap_or(false),
                is_cancelled: row.get(10),
                outcomes: row.get(11),
            };
            (row.get(0), job)
        });
        jobs.collect()
    }
}

fn worker(database: &Database) -> i64 {
    database.number("select elt.start_worker('here', 1, 'test', '{default}', 1, false)")
}

#[test]
fn no_operation_breaks_the_state_machine() {
    let database = database();
    database.run("update elt.schedule set is_enabled = false");
    let operations = prop::collection::vec(operation(), 1..60);
    let done = runner(CASES).run(&operations, |operations| {
        database.run("delete from elt.job");
        let workers = [(); WORKERS].map(|()| worker(&database));
        let mut queue = Queue {
            client: database.connect(),
            workers,
            model: Model::default(),
        };
        for operation in &operations {
            queue.apply(operation)?;
            let jobs = queue.jobs();
            prop_assert_eq!(&jobs, &queue.model.jobs, "after {:?}", operation);
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}
