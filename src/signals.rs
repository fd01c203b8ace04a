//! Ctrl-C and SIGTERM: the first cancels what the server does for us, so that the command ends in
//! order; a second leaves at once. What a killed command leaves behind, the next one clears up. A
//! part of the program (a worker's job) can be interrupted alone, in a scope of its own.

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

/// How often a lock is tried for.
const LOOK: Duration = Duration::from_millis(20);

/// The whole program.
static PROGRAM: LazyLock<Scope> = LazyLock::new(Scope::default);

thread_local! {
    /// What this thread works on, if that can be interrupted alone.
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

/// Cancels what a session does, from outside, as it was connected.
pub(crate) type Cancel = Box<dyn Fn() + Send>;

impl Scope {
    /// What the work does on this thread belongs to the scope.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Leave;
        impl Drop for Leave {
            fn drop(&mut self) {
                OWN.set(None);
            }
        }
        OWN.set(Some(self.clone()));
        // Also when the work panics.
        let _leave = Leave;
        work()
    }

    /// True the first time.
    pub(crate) fn interrupt(&self) -> bool {
        let is_first = !self.0.is_interrupted.swap(true, Ordering::SeqCst);
        let queries = self.0.queries.lock();
        for cancel in queries.unwrap_or_else(PoisonError::into_inner).iter() {
            cancel();
        }
        is_first
    }

    /// Queries of this connection end with the scope.
    pub(crate) fn add(&self, cancel: Cancel) {
        let queries = self.0.queries.lock();
        queries.unwrap_or_else(PoisonError::into_inner).push(cancel);
    }

    fn is_interrupted(&self) -> bool {
        self.0.is_interrupted.load(Ordering::SeqCst)
    }
}

/// Begins to listen. Called once, by commands that have something to clear up.
pub(crate) fn listen() -> Result<()> {
    on_signal(|_| {
        if !PROGRAM.interrupt() {
            let how = "left at once; what was not committed the server undoes, and the next command clears up";
            let _ = writeln!(std::io::stderr(), "elt: {how}");
            std::process::exit(Exit::Interrupted as i32);
        }
    })
}

/// Calls back with every signal that asks the program to end; it is told how many there were.
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

/// What interrupted work ends with.
fn failure() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted")
}

/// Waits for a lock on a file, and no longer than until somebody interrupts.
pub(crate) fn lock(file: &File) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) => {
                check()?;
                std::thread::sleep(LOOK);
            }
        }
    }
}

pub(crate) fn happened() -> bool {
    PROGRAM.is_interrupted()
        || OWN.with_borrow(|own| own.as_ref().is_some_and(Scope::is_interrupted))
}

/// For loops that wait for nothing the server does.
pub(crate) fn check() -> Result<()> {
    if happened() {
        return Err(failure().into());
    }
    Ok(())
}

/// Whether the number is some process's, a zombie included.
pub(crate) fn process_exists(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH))
}
