//! Progress: a line on the terminal that is replaced, or the record of a worker's job.

use super::escape::escape;
use super::log;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::cell::RefCell;
use std::fmt;
use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

type Sink = Box<dyn FnMut(&str)>;

thread_local! {
    /// Receives the progress of this thread instead of the terminal.
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

/// The line on the terminal, if there is one. All threads share it.
static LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

const SECOND: Duration = Duration::from_secs(1);
/// Columns for the elapsed time behind a text.
const ELAPSED_COLUMNS: usize = 10;

/// Shows what is being done. An empty text clears the line.
pub(crate) fn progress(text: &str) {
    let has_sink = SINK.with_borrow_mut(|sink| sink.as_mut().map(|sink| sink(text)).is_some());
    if has_sink {
        return;
    }
    if text.is_empty() {
        clear_progress();
    } else if is_wanted() {
        let text = fitting(&escape(text), columns()).to_string();
        line()
            .get_or_insert_with(|| new_line("{msg}"))
            .set_message(text);
    }
}

fn is_wanted() -> bool {
    std::io::stderr().is_terminal() && !log::is_json() && !log::is_quiet()
}

fn columns() -> usize {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| width.0.into())
}

fn line() -> MutexGuard<'static, Option<ProgressBar>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn new_line(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::no_length().with_style(style.with_key("elapsed_seconds", write_elapsed))
}

/// Writes nothing during the first second.
fn write_elapsed(state: &ProgressState, out: &mut dyn fmt::Write) {
    let elapsed = state.elapsed();
    if elapsed >= SECOND {
        // Writing to a string does not fail.
        let _ = write!(out, ", {} s", elapsed.as_secs());
    }
}

pub(super) fn clear_progress() {
    if let Some(line) = line().take() {
        line.finish_and_clear();
    }
}

/// Shows a text and the elapsed time until the value is dropped, because the progress within one statement of the
/// server is not known.
pub(crate) fn waiting(text: &str) -> Waiting {
    let has_sink = SINK.with_borrow(Option::is_some);
    if has_sink || !is_wanted() {
        progress(text);
        return Waiting(());
    }
    clear_progress();
    let waiting = new_line("{msg}{elapsed_seconds}");
    let columns = columns().saturating_sub(ELAPSED_COLUMNS);
    waiting.set_message(fitting(&escape(text), columns).to_string());
    waiting.enable_steady_tick(SECOND);
    *line() = Some(waiting);
    Waiting(())
}

pub(crate) struct Waiting(());

impl Drop for Waiting {
    fn drop(&mut self) {
        progress("");
    }
}

/// The parts between commas that fit into one line, because a number that is cut off would mislead.
fn fitting(text: &str, columns: usize) -> &str {
    let mut end = text.len();
    while text[..end].chars().count() >= columns {
        match text[..end].rfind(", ") {
            Some(comma) => end = comma,
            None => {
                return text
                    .char_indices()
                    .nth(columns.saturating_sub(1))
                    .map_or(text, |(at, _)| &text[..at]);
            }
        }
    }
    &text[..end]
}

/// Sends the progress of this thread to the sink, and not to the terminal, until the value is dropped.
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

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_long_line_loses_its_last_parts() {
        assert_eq!(
            fitting("load: 25%, 7 s left, 1,250 rows", 60),
            "load: 25%, 7 s left, 1,250 rows"
        );
        assert_eq!(
            fitting("load: 25%, 7 s left, 1,250 rows", 25),
            "load: 25%, 7 s left"
        );
        assert_eq!(fitting("exporting a_file.csv", 11), "exporting ");
    }
}
