//! How results look: tables and JSON on stdout, and nothing there that is not a result. What else is
//! to be said is on stderr.

mod log;
mod progress;
mod prompt;
mod table;
mod visible;

pub(crate) use log::{LogFormat, Verbosity, begin, is_quiet, typed};
use progress::clear_progress;
pub(crate) use progress::{Meter, progress, progress_to, rate, waiting};
pub(crate) use prompt::{ask, ask_secret, can_ask};
pub(crate) use table::{Table, number, size, span};

use crate::db::explain::Explanation;
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::sentence::Sentence;
use anyhow::Result;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// A line of the result.
pub(crate) fn line(text: &str) -> Result<()> {
    clear_progress();
    let mut stdout = std::io::stdout();
    let text = visible::for_stream(&stdout, text);
    writeln!(stdout, "{text}").map_err(ClosedPipe::or_other)
}

/// Bytes of the result, as they are; on a terminal, whole lines as it may show them.
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut stdout = std::io::stdout();
    let written = match stdout.is_terminal() {
        true => {
            let text = String::from_utf8_lossy(bytes);
            stdout.write_all(visible::visible(&text).as_bytes())
        }
        false => stdout.write_all(bytes),
    };
    written.map_err(ClosedPipe::or_other)
}

/// A line of the result with commands in it.
pub(crate) fn proposal(text: impl Into<Sentence>) -> Result<()> {
    line(&typed(text))
}

/// A line that sums up what was done, for those who want to hear it.
pub(crate) fn summary(text: impl Into<Sentence>) -> Result<()> {
    match is_quiet() {
        true => Ok(()),
        false => proposal(text),
    }
}

/// The result as one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// What is good to know beside the result.
pub(crate) fn note(text: impl Into<Sentence>) {
    tracing::info!("{}", typed(text));
}

/// What went wrong without ending the command.
pub(crate) fn warn(text: impl Into<Sentence>) {
    tracing::warn!("{}", typed(text));
}

/// A step that was done, for those who want to follow.
pub(crate) fn step(text: &str) {
    tracing::debug!("{text}");
}

/// Why the command ends.
pub(crate) fn failure(said: &Explanation, exit_code: u8) {
    if log::is_json() {
        let (causes, details, hints) = (&said.causes, &said.details, &said.hints);
        tracing::error!(exit_code, sqlstate = said.sqlstate, difference = said.difference, causes = ?causes, details = ?details, hints = ?hints, "{}", said.message);
        return;
    }
    for line in said.lines() {
        tracing::error!("{line}");
    }
}

/// stdout was closed by who read it.
#[derive(Debug)]
struct ClosedPipe;

impl ClosedPipe {
    fn or_other(error: std::io::Error) -> anyhow::Error {
        match error.kind() {
            ErrorKind::BrokenPipe => anyhow::Error::new(ClosedPipe),
            _ => {
                let failure =
                    Failure::new(Exit::Failed, "could not write to the output").because(error);
                match interrupt::done() {
                    Some(done) => failure.detail(format!("That stands: {done}.")),
                    None => failure,
                }
                .hint("Send it to another place, or make room there.")
                .into()
            }
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
