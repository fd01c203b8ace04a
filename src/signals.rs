//! Ctrl-C and SIGTERM. The first signal cancels the running queries, and the command ends in order. A second one
//! ends the program at once, and the next command cleans up. A part of the program, such as a worker's job, can be
//! interrupted alone in its own scope.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::cell::RefCell;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// Time between two attempts to get a lock.
const POLL: Duration = Duration::from_millis(20);

/// The whole program.
static PROGRAM: LazyLock<Scope> = LazyLock::new(Scope::default);

thread_local! {
    /// The scope of this thread, if it can be interrupted alone.
    static OWN: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// Something that can be interrupted: a flag for loops, and queries to cancel.
#[derive(Clone, Default)]
pub(crate) struct Scope(Arc<Interruptible>);

#[derive(Default)]
struct Interruptible {
    is_interrupted: AtomicBool,
    queries: Mutex<Vec<Cancel>>,
}

/// Cancels the query of a session over a second connection.
pub(crate) type Cancel = Box<dyn Fn() + Send>;

impl Scope {
    /// Runs the work on this thread in the scope.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Leave;
        impl Drop for Leave {
            fn drop(&mut self) {
                OWN.set(None);
            }
        }
        OWN.set(Some(self.clone()));
        // Dropped also if the work panics.
        let _leave = Leave;
        work()
    }

    /// Interrupts the scope. True the first time.
    pub(crate) fn interrupt(&self) -> bool {
        let is_first = !self.0.is_interrupted.swap(true, Ordering::SeqCst);
        let queries = self.0.queries.lock();
        for cancel in queries.unwrap_or_else(PoisonError::into_inner).iter() {
            cancel();
        }
        is_first
    }

    /// Adds a connection whose queries are cancelled with the scope.
    pub(crate) fn add(&self, cancel: Cancel) {
        let queries = self.0.queries.lock();
        queries.unwrap_or_else(PoisonError::into_inner).push(cancel);
    }

    fn is_interrupted(&self) -> bool {
        self.0.is_interrupted.load(Ordering::SeqCst)
    }
}

/// Starts to handle signals. Called once, by commands that have something to clean up.
pub(crate) fn listen() -> Result<()> {
    on_signal(|_| {
        if !PROGRAM.interrupt() {
            let how = "stopped at once; the server rolls back uncommitted changes, and the next command cleans up";
            let _ = writeln!(std::io::stderr(), "elt: {how}");
            std::process::exit(Exit::Interrupted as i32);
        }
    })
}

/// Calls `call` with the number of signals so far, for each signal that asks the program to end.
pub(crate) fn on_signal(mut call: impl FnMut(usize) + Send + 'static) -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for (index, _) in signals.forever().enumerate() {
            call(index + 1);
        }
    });
    Ok(())
}

/// Leaves Ctrl-C to a child process that has the terminal.
pub(crate) fn ignore() -> Result<()> {
    signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)))?;
    Ok(())
}

/// Queries of this connection are cancelled when its work is interrupted.
pub(crate) fn cancel_on_interrupt(cancel: Cancel) {
    OWN.with_borrow(|own| own.as_ref().unwrap_or(&PROGRAM).add(cancel));
}

/// Forgets the program's connections, all of which have ended.
pub(crate) fn forget_connections() {
    let queries = PROGRAM.0.queries.lock();
    queries.unwrap_or_else(PoisonError::into_inner).clear();
}

/// The failure of interrupted work.
fn failure() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted")
}

/// Waits for a lock on a file, until an interrupt.
pub(crate) fn lock(file: &File) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) => {
                check()?;
                std::thread::sleep(POLL);
            }
        }
    }
}

pub(crate) fn happened() -> bool {
    PROGRAM.is_interrupted()
        || OWN.with_borrow(|own| own.as_ref().is_some_and(Scope::is_interrupted))
}

/// Fails after an interrupt. For loops that do not wait for the server.
pub(crate) fn check() -> Result<()> {
    if happened() {
        return Err(failure().into());
    }
    Ok(())
}

/// Whether a process with this number exists, including a zombie.
pub(crate) fn process_exists(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH))
}
