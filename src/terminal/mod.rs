//! Output: results go to stdout as tables or JSON, and all other messages go to stderr.

mod escape;
mod log;
mod meter;
mod progress;
mod prompt;
mod table;

pub(crate) use log::{LogFormat, Verbosity, begin, is_quiet, typed};
pub(crate) use meter::{Meter, rate};
use progress::clear_progress;
pub(crate) use progress::{ProgressSink, progress, progress_to, waiting};
pub(crate) use prompt::{ask, ask_secret, can_ask, confirm};
pub(crate) use table::{Table, number, size, span};

use crate::failure::explain::Explanation;
use crate::failure::sentence::Sentence;
use anyhow::Result;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// A line of the result.
pub(crate) fn line(text: &str) -> Result<()> {
    clear_progress();
    let mut stdout = std::io::stdout();
    let text = escape::for_stream(&stdout, text);
    writeln!(stdout, "{text}").map_err(NotWritten::because)
}

/// Prints bytes of the result unchanged; on a terminal, line by line with control characters escaped.
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut stdout = std::io::stdout();
    let written = if stdout.is_terminal() {
        let text = String::from_utf8_lossy(bytes);
        stdout.write_all(escape::escape(&text).as_bytes())
    } else {
        stdout.write_all(bytes)
    };
    written.map_err(NotWritten::because)
}

/// A line of the result with commands in it.
pub(crate) fn line_with_commands(text: impl Into<Sentence>) -> Result<()> {
    line(&typed(text))
}

/// Prints a line that summarizes what was done; not with --quiet.
pub(crate) fn summary(text: impl Into<Sentence>) -> Result<()> {
    if is_quiet() {
        return Ok(());
    }
    line_with_commands(text)
}

/// The result as one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// Prints a note on stderr.
pub(crate) fn note(text: impl Into<Sentence>) {
    tracing::info!("{}", typed(text));
}

/// Prints a warning on stderr.
pub(crate) fn warn(text: impl Into<Sentence>) {
    tracing::warn!("{}", typed(text));
}

/// Prints a finished step; only with --verbose.
pub(crate) fn step(text: &str) {
    tracing::debug!("{text}");
}

/// Prints why the command failed.
pub(crate) fn failure(explanation: &Explanation, exit_code: u8) {
    if log::is_json() {
        let (causes, details) = (&explanation.causes, &explanation.details);
        let hints = explanation.hints.iter().map(|hint| hint.text(&[]));
        let hints: Vec<String> = hints.collect();
        tracing::error!(
            exit_code,
            sqlstate = explanation.sqlstate,
            difference = explanation.difference,
            causes = ?causes,
            details = ?details,
            hints = ?hints,
            "{}",
            explanation.message
        );
        return;
    }
    for line in explanation.lines() {
        tracing::error!("{line}");
    }
}

/// Why a result could not be written.
#[derive(Debug)]
pub(crate) enum NotWritten {
    /// The reader closed stdout.
    Closed,
    Failed(std::io::Error),
}

impl NotWritten {
    fn because(error: std::io::Error) -> anyhow::Error {
        anyhow::Error::new(match error.kind() {
            ErrorKind::BrokenPipe => NotWritten::Closed,
            _ => NotWritten::Failed(error),
        })
    }
}

impl std::fmt::Display for NotWritten {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            NotWritten::Closed => "the output was closed",
            NotWritten::Failed(_) => "could not write to the output",
        })
    }
}

impl std::error::Error for NotWritten {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NotWritten::Closed => None,
            NotWritten::Failed(error) => Some(error),
        }
    }
}
