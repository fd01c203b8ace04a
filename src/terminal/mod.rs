//! How results look: tables and JSON on stdout, and nothing there that is not a result.

mod prompt;
mod table;

pub(crate) use prompt::{ask, ask_secret, can_ask};
pub(crate) use table::{Table, number, span};

use anyhow::Result;
use serde::Serialize;
use std::cell::RefCell;
use std::io::{ErrorKind, IsTerminal, Write};

type Sink = Box<dyn FnMut(&str)>;

thread_local! {
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

/// A line of the result.
pub(crate) fn line(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").map_err(ClosedPipe::or_other)
}

/// The result as one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// What is being done, on a line of the terminal that the next such line replaces; nothing when
/// stderr is no terminal. Empty: the line is cleared.
pub(crate) fn progress(text: &str) {
    let is_taken = SINK.with_borrow_mut(|sink| sink.as_mut().map(|sink| sink(text)).is_some());
    if is_taken {
        return;
    }
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // A terminal that is gone needs no progress.
        let _ = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
    }
}

/// Progress of this thread goes there, and not to the terminal, while the value lives.
pub(crate) fn progress_to(sink: impl FnMut(&str) + 'static) -> ProgressSink {
    SINK.set(Some(Box::new(sink)));
    ProgressSink(())
}

pub(crate) struct ProgressSink(());

impl Drop for ProgressSink {
    fn drop(&mut self) {
        SINK.set(None);
    }
}

/// What a program that goes on and on says of itself.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What went wrong without ending the command.
pub(crate) fn warn(text: &str) {
    progress("");
    // Whoever does not listen any more needs no warning.
    let _ = writeln!(std::io::stderr(), "warning: {text}");
}

/// stdout was closed by who read it.
#[derive(Debug)]
struct ClosedPipe;

impl ClosedPipe {
    fn or_other(error: std::io::Error) -> anyhow::Error {
        match error.kind() {
            ErrorKind::BrokenPipe => anyhow::Error::new(ClosedPipe),
            _ => error.into(),
        }
    }
}

impl std::fmt::Display for ClosedPipe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the output was closed")
    }
}

impl std::error::Error for ClosedPipe {}

/// Whether a command ended only because nobody reads its output any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.is::<ClosedPipe>()
}
