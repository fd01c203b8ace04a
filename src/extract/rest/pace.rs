//! When a request may go out: not faster than the limit, and not before the time that the server
//! named. Waiting ends at once when nobody wants the pages any more.

use super::trouble::Trouble;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Pace {
    /// Between two requests.
    interval: Duration,
    turns: Mutex<Turns>,
    stopped: Condvar,
}

struct Turns {
    next: Instant,
    is_stopped: bool,
}

impl Pace {
    pub(super) fn new(requests_per_second: Option<f64>) -> Pace {
        let interval = requests_per_second.map(|limit| Duration::from_secs_f64(1.0 / limit));
        Pace {
            interval: interval.unwrap_or_default(),
            turns: Mutex::new(Turns {
                next: Instant::now(),
                is_stopped: false,
            }),
            stopped: Condvar::new(),
        }
    }

    /// Waits until the next request may go out.
    pub(super) fn wait_for_turn(&self) -> Result<(), Trouble> {
        let mut turns = self.turns();
        let turn = turns.next.max(Instant::now());
        turns.next = turn + self.interval;
        self.wait_until(turns, turn)
    }

    /// Nobody's turn comes before this time has passed.
    pub(super) fn hold(&self, pause: Duration) {
        let mut turns = self.turns();
        turns.next = turns.next.max(Instant::now() + pause);
    }

    /// One request's own pause.
    pub(super) fn pause(&self, pause: Duration) -> Result<(), Trouble> {
        self.wait_until(self.turns(), Instant::now() + pause)
    }

    /// Ends all waiting, now and later.
    pub(super) fn stop(&self) {
        self.turns().is_stopped = true;
        self.stopped.notify_all();
    }

    fn wait_until(&self, mut turns: MutexGuard<'_, Turns>, time: Instant) -> Result<(), Trouble> {
        loop {
            if turns.is_stopped {
                return Err(Trouble::Stopped);
            }
            let left = time.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let waited = self.stopped.wait_timeout(turns, left);
            turns = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_distance() -> Result<(), Trouble> {
        let pace = Pace::new(Some(1_000.0));
        let begun = Instant::now();
        for _ in 0..11 {
            pace.wait_for_turn()?;
        }
        assert!(begun.elapsed() >= Duration::from_millis(10));
        Ok(())
    }

    #[test]
    fn whoever_waits_is_sent_home() {
        let pace = Pace::new(None);
        pace.hold(Duration::from_secs(3_600));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| pace.wait_for_turn());
            pace.stop();
            assert!(matches!(waiting.join().unwrap(), Err(Trouble::Stopped)));
        });
        assert!(matches!(pace.pause(Duration::ZERO), Err(Trouble::Stopped)));
    }
}
