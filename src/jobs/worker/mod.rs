//! A worker: threads that run jobs one after the other, and one thread for heartbeats, cancellations, time limits,
//! schedules and notifications. Notifications only save time; all threads also poll.

mod report;
mod running;
mod supervise;
mod wakeup;
mod work;

use crate::database::Database;
use crate::db::locks;
use crate::failure::Exit;
use crate::jobs::queue;
use crate::load::Folders;
use crate::project::Project;
use crate::signals;
use crate::terminal;
use crate::whole_file;
use anyhow::Result;
use running::Jobs;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use wakeup::WakeUp;

/// The program exits at most this long after the grace time.
const LATEST: Duration = Duration::from_secs(10);
/// Pause between two attempts to reach the server: the first one, doubled up to the second.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

pub(crate) struct Options {
    pub(crate) queues: Vec<String>,
    pub(crate) concurrency: usize,
    /// Time that running jobs have to finish after the first signal.
    pub(crate) grace: Duration,
    /// Whether to keep a session for notifications, which also shows that the worker is alive.
    pub(crate) listens: bool,
    pub(crate) until: Until,
    /// Written with every heartbeat.
    pub(crate) health_file: Option<PathBuf>,
    /// Input files are only read below these folders.
    pub(crate) data: Folders,
    /// Exports are only written below this folder.
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Until {
    Stopped,
    /// Until no job can run now.
    Empty,
    /// Until one job is done, or none can run now.
    Once,
}

struct Worker<'a> {
    database: &'a Database,
    project: &'a Project,
    options: &'a Options,
    id: i64,
    is_stopping: &'static AtomicBool,
    jobs: Jobs,
    wake_up: WakeUp,
    counts: Counts,
    /// Number of threads that still run jobs.
    threads_left: AtomicUsize,
}

/// Jobs since the start.
#[derive(Default)]
struct Counts {
    succeeded: AtomicUsize,
    failed: AtomicUsize,
    handed_back: AtomicUsize,
}

/// Becomes true with the first signal. A second signal ends the program at once. If the server does not answer, the
/// program ends `LATEST` after the grace time.
pub(crate) fn stop_on_signal(grace: Duration) -> Result<&'static AtomicBool> {
    static IS_STOPPING: AtomicBool = AtomicBool::new(false);
    let leave_after = grace + LATEST;
    signals::on_signal(move |count| {
        if count > 1 {
            terminal::note("stopped at once: other workers take over the jobs");
            std::process::exit(Exit::Interrupted as i32);
        }
        IS_STOPPING.store(true, Ordering::SeqCst);
        std::thread::spawn(move || {
            std::thread::sleep(leave_after);
            terminal::note("the server does not answer: other workers take over the jobs");
            std::process::exit(Exit::Interrupted as i32);
        });
    })?;
    Ok(&IS_STOPPING)
}

/// Runs jobs until `options.until` or a signal.
pub(crate) fn work(
    database: &Database,
    project: &Project,
    options: &Options,
    is_stopping: &'static AtomicBool,
) -> Result<()> {
    show_health(options, None, &[])?;
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
        // Before the commit, because a visible worker without its lock counts as dead.
        locks::mark_worker_alive(&mut starting, id)?;
    }
    starting.commit()?;
    let worker = Worker {
        database,
        project,
        options,
        id,
        is_stopping,
        jobs: Jobs::default(),
        wake_up: WakeUp::default(),
        counts: Counts::default(),
        threads_left: AtomicUsize::new(options.concurrency),
    };
    let begun = worker.begin(&mut control);
    if begun.is_ok() {
        terminal::note(format!(
            "worker {id} takes jobs of {}",
            options.queues.join(", ")
        ));
        std::thread::scope(|scope| {
            for _ in 0..options.concurrency {
                scope.spawn(|| worker.run_jobs());
            }
            worker.supervise(Some(control));
        });
    }
    // If this fails, the server notices by the free lock or the expired leases.
    if let Ok(mut client) = database.connect("worker") {
        let _ = queue::stop_worker(&mut client, id);
    }
    begun?;
    terminal::note(format!("worker {id} stops; {}", worker.counts.text()));
    Ok(())
}

impl Counts {
    fn text(&self) -> String {
        let [succeeded, failed, handed_back] = [&self.succeeded, &self.failed, &self.handed_back]
            .map(|count| count.load(Ordering::SeqCst));
        format!(
            "jobs succeeded: {succeeded}, failed: {failed}, returned to the queue: {handed_back}"
        )
    }
}

/// Writes the heartbeat file. `worker`: `None` before the server knows the worker.
fn show_health(options: &Options, worker: Option<i64>, jobs: &[i64]) -> Result<()> {
    if let Some(file) = &options.health_file {
        let health = json!({
            "worker_id": worker,
            "process_id": std::process::id(),
            "seen_at": chrono::Utc::now(),
            "jobs": jobs,
        });
        whole_file::write(file, format!("{health}\n").as_bytes())?;
    }
    Ok(())
}
