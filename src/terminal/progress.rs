//! Progress: on one line of the terminal that is replaced; from time to time in a JSON log; in a job's record for a
//! worker.

use super::visible::visible;
use super::{log, number, size};
use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

type Sink = Box<dyn FnMut(&str)>;

thread_local! {
    static SINK: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

/// Whether a line of progress stands on the terminal.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// What is done sooner needs no figures.
const PATIENCE: Duration = Duration::from_secs(1);
const SCREEN_PAUSE: Duration = Duration::from_millis(100);
const LOG_PAUSE: Duration = Duration::from_secs(5);

/// What is being done. Empty: the line is cleared.
pub(crate) fn progress(text: &str) {
    let is_taken = SINK.with_borrow_mut(|sink| sink.as_mut().map(|sink| sink(text)).is_some());
    if is_taken {
        return;
    }
    match text {
        "" => clear_progress(),
        text if is_wanted() => show(text),
        _ => {}
    }
}

fn is_wanted() -> bool {
    std::io::stderr().is_terminal() && !log::is_json() && !log::is_quiet()
}

fn show(text: &str) {
    let mut stderr = std::io::stderr();
    let width = terminal_size::terminal_size_of(&stderr).map_or(80, |(width, _)| width.0);
    let text = visible(text);
    let text = fitting(&text, usize::from(width));
    IS_SHOWN.store(true, Ordering::Relaxed);
    // A terminal that is gone needs no progress.
    let _ = write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush());
}

/// Shows a text and the elapsed time until it is dropped, because the progress within one statement of the server
/// is not known.
pub(crate) fn waiting(text: &str) -> Waiting {
    progress(text);
    let is_over = Arc::new((Mutex::new(false), Condvar::new()));
    let has_sink = SINK.with_borrow(Option::is_some);
    let clock = (is_wanted() && !has_sink).then(|| {
        let (text, is_over) = (text.to_string(), Arc::clone(&is_over));
        std::thread::spawn(move || {
            let (lock, bell) = &*is_over;
            let begun = Instant::now();
            let mut over = lock.lock().unwrap_or_else(PoisonError::into_inner);
            while !*over {
                let woken = bell.wait_timeout(over, PATIENCE);
                over = woken.unwrap_or_else(PoisonError::into_inner).0;
                if !*over {
                    show(&format!("{text}, {} s", begun.elapsed().as_secs()));
                }
            }
        })
    });
    Waiting { is_over, clock }
}

pub(crate) struct Waiting {
    is_over: Arc<(Mutex<bool>, Condvar)>,
    clock: Option<JoinHandle<()>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let (lock, bell) = &*self.is_over;
        *lock.lock().unwrap_or_else(PoisonError::into_inner) = true;
        bell.notify_all();
        if let Some(clock) = self.clock.take() {
            // One that panicked has nothing more to show.
            let _ = clock.join();
        }
        progress("");
    }
}

/// As many of the parts between commas as fit into a line: one that went on over the line's end could
/// not be replaced.
fn fitting(text: &str, width: usize) -> &str {
    let mut end = text.len();
    while text[..end].chars().count() >= width {
        match text[..end].rfind(", ") {
            Some(comma) => end = comma,
            None => {
                return text
                    .char_indices()
                    .nth(width.saturating_sub(1))
                    .map_or(text, |(at, _)| &text[..at]);
            }
        }
    }
    &text[..end]
}

pub(super) fn clear_progress() {
    if IS_SHOWN.swap(false, Ordering::Relaxed) {
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "\r\x1b[K").and_then(|()| stderr.flush());
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

/// Figures of something that reads bytes and makes rows of them.
pub(crate) struct Meter {
    what: String,
    total_bytes: Option<u64>,
    begun: Instant,
    shown: Option<Instant>,
    logged: Instant,
}

impl Meter {
    /// `total_bytes`: `None` if not known.
    pub(crate) fn begin(what: String, total_bytes: Option<u64>) -> Meter {
        Meter {
            what,
            total_bytes,
            begun: Instant::now(),
            shown: None,
            logged: Instant::now(),
        }
    }

    /// Says how far it is, if it is time for that.
    pub(crate) fn tell(&mut self, bytes: u64, rows: u64) {
        let elapsed = self.begun.elapsed();
        let is_due = self
            .shown
            .is_none_or(|shown| shown.elapsed() >= SCREEN_PAUSE);
        if elapsed < PATIENCE || !is_due {
            return;
        }
        self.shown = Some(Instant::now());
        progress(&self.text(bytes, rows, elapsed));
        if log::is_json() && self.logged.elapsed() >= LOG_PAUSE {
            self.logged = Instant::now();
            let per_second = rate(rows, elapsed);
            let total_bytes = self.total_bytes;
            tracing::info!(
                bytes,
                total_bytes,
                rows,
                rows_per_second = per_second,
                "{}",
                self.what
            );
        }
    }

    fn text(&self, bytes: u64, rows: u64, elapsed: Duration) -> String {
        let how_far = match self.total_bytes {
            Some(total) if total > 0 => {
                format!("{}% of {}", (100 * bytes / total).min(100), size(total))
            }
            _ => size(bytes),
        };
        let left = self
            .total_bytes
            .filter(|total| bytes > 0 && *total >= bytes)
            .map(|total| elapsed.mul_f64((total - bytes) as f64 / bytes as f64))
            .map_or(String::new(), |left| {
                format!(", {} s left", left.as_secs() + 1)
            });
        let digits = |value: u64| number(i64::try_from(value).unwrap_or(i64::MAX));
        format!(
            "{}: {how_far}{left}, {} rows, {}/s",
            self.what,
            digits(rows),
            digits(rate(rows, elapsed))
        )
    }
}

/// How many a second.
pub(crate) fn rate(count: u64, elapsed: Duration) -> u64 {
    (count as f64 / elapsed.as_secs_f64().max(0.001)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_last_parts_where_it_is_too_long() {
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

    #[test]
    fn figures_say_how_far_and_how_fast() {
        let meter = Meter::begin("loading orders".into(), Some(221_000_000));
        let text = meter.text(55_250_000, 1_250_000, Duration::from_secs(2));
        assert_eq!(
            text,
            "loading orders: 25% of 210.8 MiB, 7 s left, 1,250,000 rows, 625,000/s"
        );
        let meter = Meter::begin("loading api".into(), None);
        let text = meter.text(2_048, 10, Duration::from_secs(2));
        assert_eq!(text, "loading api: 2.0 KiB, 10 rows, 5/s");
    }
}
