//! Measures work that reads bytes and produces rows: on the terminal several times a second, and in a JSON log from
//! time to time.

use super::progress::progress;
use super::{log, number, size};
use std::time::{Duration, Instant};

/// Work that ends sooner needs no figures.
const QUIET_TIME: Duration = Duration::from_secs(1);
const TERMINAL_INTERVAL: Duration = Duration::from_millis(100);
const LOG_INTERVAL: Duration = Duration::from_secs(5);

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

    /// Shows and logs the figures if their interval has passed.
    pub(crate) fn update(&mut self, bytes: u64, rows: u64) {
        let elapsed = self.begun.elapsed();
        let is_due = self
            .shown
            .is_none_or(|shown| shown.elapsed() >= TERMINAL_INTERVAL);
        if elapsed < QUIET_TIME || !is_due {
            return;
        }
        self.shown = Some(Instant::now());
        progress(&self.text(bytes, rows, elapsed));
        if log::is_json() && self.logged.elapsed() >= LOG_INTERVAL {
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
        let read = match self.total_bytes {
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
            "{}: {read}{left}, {} rows, {}/s",
            self.what,
            digits(rows),
            digits(rate(rows, elapsed))
        )
    }
}

/// The count per second.
pub(crate) fn rate(count: u64, elapsed: Duration) -> u64 {
    (count as f64 / elapsed.as_secs_f64().max(0.001)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_show_progress_and_speed() {
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
