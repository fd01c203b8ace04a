//! A worker: threads that each take a job, do it and take the next, and one that looks after them:
//! heartbeats, cancellations, time limits, schedules, and the doorbell. Being woken only saves time;
//! everybody looks for work now and then.

use super::doorbell::Doorbell;
use super::pipeline;
use super::queue::{self, Failed, Job};
use crate::db::{Database, explain, locks};
use crate::failure::{self, Exit, Failure};
use crate::interrupt::{self, Scope};
use crate::project::Project;
use crate::terminal;
use anyhow::{Context, Result};
use fallible_iterator::FallibleIterator;
use postgres::Client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often leases are renewed, and the dead and the due looked for. A lease lasts for many of them.
const TEND: Duration = Duration::from_secs(5);
/// How often work is looked for by who is not woken.
const POLL: Duration = Duration::from_secs(5);
/// The same without a doorbell.
const POLL_WITHOUT_LISTEN: Duration = Duration::from_secs(1);
/// How often signals and time limits are looked for.
const TICK: Duration = Duration::from_millis(100);
/// Between two attempts to reach the server; doubled up to the second.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));
/// How long a result is offered to a server that is away: then others have the job anyway.
const REPORT_FOR: Duration = Duration::from_secs(60);

pub(crate) struct Options {
    pub(crate) queues: Vec<String>,
    pub(crate) concurrency: usize,
    /// How long running jobs may go on after the first signal.
    pub(crate) grace: Duration,
    /// Whether to hold a session that is woken, and that shows that the worker lives.
    pub(crate) listens: bool,
    pub(crate) until: Until,
    /// Written with every heartbeat.
    pub(crate) health_file: Option<PathBuf>,
    /// Folder of exports.
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Until {
    Stopped,
    /// No job can run now.
    Empty,
    /// One job is done, or none can run now.
    Once,
}

struct Worker<'a> {
    database: &'a Database,
    project: &'a Project,
    options: &'a Options,
    id: i64,
    is_stopping: &'static AtomicBool,
    running: Mutex<HashMap<i64, Running>>,
    doorbell: Doorbell,
    jobs_taken: AtomicUsize,
    /// Threads that take jobs.
    threads_left: AtomicUsize,
}

/// A job under way.
struct Running {
    claim: i64,
    scope: Scope,
    deadline: Instant,
    /// The server did not name it among ours. It may just have been finished; who is missing twice
    /// is lost.
    is_missing: bool,
    /// It is over, and only has to be reported: nothing is to be interrupted any more.
    is_over: bool,
    ended_for: Option<Reason>,
}

/// Why a job is interrupted.
#[derive(Clone, Copy, PartialEq)]
enum Reason {
    Cancelled,
    TimeLimit,
    /// Another worker has it.
    Lost,
    Stopping,
}

enum Ran {
    One,
    None,
}

/// Works until it is told to stop.
pub(crate) fn work(database: &Database, project: &Project, options: &Options) -> Result<()> {
    static IS_STOPPING: AtomicBool = AtomicBool::new(false);
    interrupt::on_signal(|count| {
        if count > 1 {
            std::process::exit(Exit::Interrupted as i32);
        }
        IS_STOPPING.store(true, Ordering::SeqCst);
    })?;
    let mut control = database.connect("worker")?;
    let host = nix::unistd::gethostname().unwrap_or_default();
    let host = host.to_string_lossy();
    let mut starting = control.transaction()?;
    let id = queue::start_worker(
        &mut starting,
        &host,
        &options.queues,
        options.concurrency,
        options.listens,
    )?;
    if options.listens {
        // Before others can see the row: a worker without its lock counts as dead.
        locks::mark_worker_alive(&mut starting, id)?;
    }
    starting.commit()?;
    let worker = Worker {
        database,
        project,
        options,
        id,
        is_stopping: &IS_STOPPING,
        running: Mutex::default(),
        doorbell: Doorbell::default(),
        jobs_taken: AtomicUsize::new(0),
        threads_left: AtomicUsize::new(options.concurrency),
    };
    worker.show_health(&[])?;
    worker.listen_up(&mut control)?;
    terminal::note(&format!(
        "worker {id} takes jobs of {}",
        options.queues.join(", ")
    ));
    std::thread::scope(|scope| {
        for _ in 0..options.concurrency {
            scope.spawn(|| worker.take_jobs());
        }
        worker.look_after(control);
    });
    let jobs_taken = worker.jobs_taken.load(Ordering::SeqCst);
    // A server that is away finds out by the lock, or by the leases.
    if let Ok(mut client) = database.connect("worker") {
        let _ = queue::stop_worker(&mut client, id);
    }
    terminal::note(&format!("worker {id} stops; jobs taken: {jobs_taken}"));
    Ok(())
}

impl Worker<'_> {
    /// What a session of the thread that looks after others begins with.
    fn listen_up(&self, control: &mut Client) -> Result<()> {
        if self.options.listens {
            control.batch_execute("listen elt_job; listen elt_job_cancel")?;
        }
        queue::look_after(control)
    }

    fn look_after(&self, client: Client) {
        let mut control = Some(client);
        let mut pause = RECONNECT.0;
        let mut next_attempt = Instant::now();
        let mut stop_by = None;
        let mut tended = None::<Instant>;
        while self.threads_left.load(Ordering::SeqCst) > 0 {
            if self.is_stopping.load(Ordering::SeqCst) && stop_by.is_none() {
                stop_by = Some(Instant::now() + self.options.grace);
                self.doorbell.ring();
            }
            let is_over = stop_by.is_some_and(|time| time <= Instant::now());
            self.end_overdue(is_over);
            if control.is_none() && next_attempt <= Instant::now() {
                match self.reconnect() {
                    Ok(client) => {
                        (control, pause) = (Some(client), RECONNECT.0);
                        self.doorbell.ring();
                    }
                    Err(error) => {
                        terminal::warn(&format!("no connection: {}", explain::one_line(&error)));
                        next_attempt = Instant::now() + pause;
                        pause = (pause * 2).min(RECONNECT.1);
                    }
                }
            }
            let Some(client) = &mut control else {
                std::thread::sleep(TICK);
                continue;
            };
            let mut tend = || -> Result<()> {
                if tended.is_none_or(|tended| tended.elapsed() >= TEND) {
                    let is_complete = self.heartbeat(client)?;
                    tended = is_complete.then(Instant::now);
                    queue::look_after(client)?;
                }
                self.listen(client)
            };
            if let Err(error) = tend() {
                terminal::warn(&explain::one_line(&error));
                control = None;
                tended = None;
            }
        }
    }

    fn reconnect(&self) -> Result<Client> {
        let mut client = self.database.connect("worker")?;
        if self.options.listens {
            locks::mark_worker_alive(&mut client, self.id)?;
        }
        self.heartbeat(&mut client)?;
        self.listen_up(&mut client)?;
        Ok(client)
    }

    /// Waits a moment for what the server has to say.
    fn listen(&self, client: &mut Client) -> Result<()> {
        let mut cancelled = false;
        {
            let mut notifications = client.notifications();
            let mut heard = notifications.timeout_iter(TICK);
            if let Some(notification) = heard.next()? {
                cancelled = notification.channel() == "elt_job_cancel";
                self.doorbell.ring();
            }
        }
        if cancelled {
            self.heartbeat(client)?;
        }
        Ok(())
    }

    /// Tells the server that the jobs are being done, and hears which should not be. False if it
    /// does not know one of them.
    fn heartbeat(&self, client: &mut Client) -> Result<bool> {
        let before: Vec<(i64, i64)> = {
            let running = self.running();
            let pairs = running.iter().map(|(id, running)| (*id, running.claim));
            pairs.collect()
        };
        let ids: Vec<i64> = before.iter().map(|(id, _)| *id).collect();
        let held = queue::heartbeat(client, self.id, &ids)?;
        let mut is_complete = true;
        for (id, claim) in before {
            let reason = match held.iter().find(|held| (held.0, held.1) == (id, claim)) {
                Some((_, _, true)) => Some(Reason::Cancelled),
                Some(_) => None,
                None if self.is_missing_again(id, claim) => Some(Reason::Lost),
                None => {
                    is_complete = false;
                    None
                }
            };
            if let Some(reason) = reason {
                self.end(id, claim, reason);
            }
        }
        // Whoever watches the file sees that it grows old; the work goes on.
        if let Err(error) = self.show_health(&ids) {
            terminal::warn(&explain::one_line(&error));
        }
        Ok(is_complete)
    }

    fn show_health(&self, jobs: &[i64]) -> Result<()> {
        if let Some(file) = &self.options.health_file {
            let health = json!({
                "worker_id": self.id,
                "process_id": std::process::id(),
                "seen_at": chrono::Utc::now(),
                "jobs": jobs,
            });
            std::fs::write(file, format!("{health}\n"))
                .with_context(|| format!("could not write file \"{}\"", file.display()))?;
        }
        Ok(())
    }

    fn is_missing_again(&self, id: i64, claim: i64) -> bool {
        let mut running = self.running();
        let job = running.get_mut(&id).filter(|job| job.claim == claim);
        job.is_some_and(|job| std::mem::replace(&mut job.is_missing, true))
    }

    /// Ends jobs whose time is over, or all.
    fn end_overdue(&self, all: bool) {
        let overdue: Vec<(i64, i64, Reason)> = {
            let running = self.running();
            let overdue = running.iter().filter_map(|(id, running)| {
                let reason = match all {
                    true => Reason::Stopping,
                    false if running.deadline <= Instant::now() => Reason::TimeLimit,
                    false => return None,
                };
                Some((*id, running.claim, reason))
            });
            overdue.collect()
        };
        for (id, claim, reason) in overdue {
            self.end(id, claim, reason);
        }
    }

    fn end(&self, id: i64, claim: i64, reason: Reason) {
        let mut running = self.running();
        let job = running.get_mut(&id);
        let Some(job) = job.filter(|job| job.claim == claim && !job.is_over) else {
            return;
        };
        job.ended_for.get_or_insert(reason);
        let scope = job.scope.clone();
        drop(running);
        // Again each time: a query may have begun after the first.
        scope.interrupt();
    }

    /// One of the threads that do the work.
    fn take_jobs(&self) {
        let mut client = None;
        let mut pause = RECONNECT.0;
        while !self.is_stopping.load(Ordering::SeqCst) {
            let rung = self.doorbell.count();
            match self.run_one(&mut client) {
                Ok(Ran::One) => {
                    pause = RECONNECT.0;
                    self.jobs_taken.fetch_add(1, Ordering::SeqCst);
                    if self.options.until == Until::Once {
                        break;
                    }
                }
                Ok(Ran::None) if self.options.until != Until::Stopped => break,
                Ok(Ran::None) => self.doorbell.wait(rung, self.poll()),
                Err(error) => {
                    terminal::warn(&explain::one_line(&error));
                    client = None;
                    self.doorbell.wait(self.doorbell.count(), pause);
                    pause = (pause * 2).min(RECONNECT.1);
                }
            }
        }
        self.threads_left.fetch_sub(1, Ordering::SeqCst);
    }

    fn poll(&self) -> Duration {
        match self.options.listens {
            true => POLL,
            false => POLL_WITHOUT_LISTEN,
        }
    }

    /// A session that takes jobs. Its commits need not reach the disk at once: a server that crashes
    /// and forgets a claim has ended the work as well, and lets the job wait as before.
    fn connect(&self) -> Result<Client> {
        let mut client = self.database.connect("worker (jobs)")?;
        client.batch_execute("set synchronous_commit to off")?;
        Ok(client)
    }

    /// Takes one job, if there is one, and does it.
    fn run_one(&self, client: &mut Option<Client>) -> Result<Ran> {
        let connected = match client {
            Some(client) => client,
            None => client.insert(self.connect()?),
        };
        let Some(job) = queue::claim(connected, self.id, &self.options.queues)? else {
            return Ok(Ran::None);
        };
        let scope = Scope::default();
        let entry = Running {
            claim: job.claim,
            scope: scope.clone(),
            deadline: Instant::now() + job.time_limit,
            is_missing: false,
            is_over: false,
            ended_for: None,
        };
        self.running().insert(job.id, entry);
        scope.add(connected.cancel_token());
        let done = catch_unwind(AssertUnwindSafe(|| {
            scope.run(|| self.perform(&job, connected))
        }));
        let reason = self.running().get_mut(&job.id).and_then(|running| {
            running.is_over = true;
            running.ended_for
        });
        // It counts as running, and its lease is renewed, until the server knows.
        let reported = self.report(&job, done, reason, client);
        self.running().remove(&job.id);
        reported.map(|()| Ran::One)
    }

    /// Does the job. None: it is finished in the database already.
    fn perform(&self, job: &Job, client: &mut Client) -> Result<Option<Value>> {
        match (&job.function, job.kind.as_str()) {
            (Some(function), _) => {
                // The effect and the success commit together, or none does.
                let mut transaction = client.transaction()?;
                transaction.batch_execute("set local synchronous_commit to on")?;
                let sql = format!("select {function}($1)");
                let result: Option<Value> = transaction.query_one(&sql, &[&job.args])?.get(0);
                queue::succeed(&mut transaction, job, &result.unwrap_or_default())?;
                transaction.commit()?;
                Ok(None)
            }
            (None, "pipeline") => {
                let progress = self.database.connect("worker (progress)")?;
                let (project, out) = (self.project, self.options.out.as_path());
                pipeline::run(self.database, project, out, job, progress).map(Some)
            }
            (None, kind) => {
                let message = format!("this elt does not know jobs of kind \"{kind}\"");
                Err(Failure::new(Exit::Usage, message).into())
            }
        }
    }

    /// Tells the server what came of a job, for as long as it may want to know.
    fn report(
        &self,
        job: &Job,
        done: std::thread::Result<Result<Option<Value>>>,
        reason: Option<Reason>,
        client: &mut Option<Client>,
    ) -> Result<()> {
        let begun = Instant::now();
        let mut pause = RECONNECT.0;
        let failed = match &done {
            Ok(Ok(None)) => return Ok(()),
            Ok(Ok(Some(_))) => None,
            Ok(Err(error)) => Some(failed(error, reason, job)),
            Err(panic) => Some(panicked(panic.as_ref())),
        };
        if let Some(failed) = &failed {
            terminal::warn(&format!("job {} ({}): {}", job.id, job.kind, failed.error));
        }
        loop {
            let mut tell = || -> Result<()> {
                let client = match client {
                    Some(client) => client,
                    None => client.insert(self.connect()?),
                };
                match (&done, &failed, reason) {
                    // Whatever it did not commit is undone, and the job is somebody else's.
                    (_, Some(_), Some(Reason::Lost)) => Ok(()),
                    (_, Some(_), Some(Reason::Stopping)) => queue::release(client, job),
                    (_, Some(failed), _) => queue::fail(client, job, failed).map(drop),
                    (Ok(Ok(Some(result))), None, _) => queue::succeed(client, job, result),
                    _ => Ok(()),
                }
            };
            match tell() {
                Ok(()) => return Ok(()),
                // It is over: another worker has it, or has finished it.
                Err(error) if is_fenced(&error) => return Ok(()),
                Err(error) if begun.elapsed() > REPORT_FOR => return Err(error),
                Err(_) => {
                    *client = None;
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(RECONNECT.1);
                }
            }
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<i64, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: &anyhow::Error, reason: Option<Reason>, job: &Job) -> Failed {
    let sqlstate = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code())
        .map(|code| code.code().to_string());
    match reason {
        Some(Reason::TimeLimit) => Failed {
            error: format!("it took longer than its time limit, {:?}", job.time_limit),
            sqlstate,
            may_pass: true,
        },
        Some(Reason::Cancelled) => Failed {
            error: "it was cancelled".into(),
            sqlstate,
            may_pass: false,
        },
        _ => Failed {
            error: explain::one_line(error),
            sqlstate,
            // The data or the settings have to change first.
            may_pass: !matches!(
                failure::exit_of(error),
                Exit::RulesFoundRows | Exit::TooManyRejects | Exit::Usage | Exit::Schema
            ),
        },
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Failed {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    Failed {
        error: format!(
            "the program panicked: {}",
            text.unwrap_or("it did not say why")
        ),
        sqlstate: None,
        may_pass: true,
    }
}

/// Whether the server says that this claim of the job is over (elt.end_attempt).
fn is_fenced(error: &anyhow::Error) -> bool {
    let code = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code());
    code == Some(&postgres::error::SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE)
}
