//! Ctrl-C and SIGTERM: the first cancels what the server does for us, so that the command ends in
//! order; a second leaves at once. What a killed command leaves behind, the next one clears up.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::{CancelToken, NoTls};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

static HAPPENED: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<CancelToken>> = Mutex::new(Vec::new());

/// Begins to listen. Called once, by commands that have something to clear up.
pub(crate) fn listen() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if HAPPENED.swap(true, Ordering::SeqCst) {
                std::process::exit(Exit::Interrupted as i32);
            }
            if let Ok(tokens) = RUNNING.lock() {
                for token in tokens.iter() {
                    // A connection that is gone needs no cancelling.
                    let _ = token.cancel_query(NoTls);
                }
            }
        }
    });
    Ok(())
}

/// Leaves Ctrl-C to a child process that has the terminal.
pub(crate) fn ignore() -> Result<()> {
    signal_hook::flag::register(SIGINT, std::sync::Arc::new(AtomicBool::new(false)))?;
    Ok(())
}

/// Queries of this connection are cancelled when the user interrupts.
pub(crate) fn cancel_on_interrupt(token: CancelToken) {
    if let Ok(mut tokens) = RUNNING.lock() {
        tokens.push(token);
    }
}

pub(crate) fn happened() -> bool {
    HAPPENED.load(Ordering::SeqCst)
}

/// For loops that wait for nothing the server does.
pub(crate) fn check() -> Result<()> {
    if happened() {
        return Err(Failure::new(Exit::Interrupted, "interrupted").into());
    }
    Ok(())
}
