//! Limits the rate of requests, and delays them as the server asks. Waiting ends immediately when the pages are no
//! longer needed.

use super::request_error::RequestError;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(in crate::extract) struct Pace {
    /// The minimum time between two requests.
    interval: Duration,
    turns: Mutex<Turns>,
    stopped: Condvar,
}

struct Turns {
    /// The time of the next free turn.
    next: Instant,
    /// No request may be sent before this time.
    not_before: Instant,
    is_stopped: bool,
}

impl Turns {
    fn reserve(&mut self, interval: Duration) -> Instant {
        let turn = self.next.max(self.not_before).max(Instant::now());
        self.next = turn + interval;
        turn
    }
}

impl Pace {
    pub(in crate::extract) fn new(requests_per_second: Option<f64>) -> Pace {
        let interval = requests_per_second.map(|limit| Duration::from_secs_f64(1.0 / limit));
        let now = Instant::now();
        Pace {
            interval: interval.unwrap_or_default(),
            turns: Mutex::new(Turns {
                next: now,
                not_before: now,
                is_stopped: false,
            }),
            stopped: Condvar::new(),
        }
    }

    /// Waits until the next request may be sent.
    pub(super) fn wait_for_turn(&self) -> Result<(), RequestError> {
        let mut turns = self.turns();
        let mut turn = turns.reserve(self.interval);
        loop {
            turns = self.wait_until(turns, turn)?;
            // The server may have asked for a pause in the meantime.
            if turns.not_before <= turn {
                return Ok(());
            }
            turn = turns.reserve(self.interval);
        }
    }

    /// Delays all requests until this time has passed.
    pub(super) fn hold(&self, pause: Duration) {
        let mut turns = self.turns();
        turns.not_before = turns.not_before.max(Instant::now() + pause);
    }

    /// Waits before the retry of one request.
    pub(in crate::extract) fn pause(&self, pause: Duration) -> Result<(), RequestError> {
        let time = Instant::now() + pause;
        self.wait_until(self.turns(), time).map(drop)
    }

    /// Ends all waits, now and later.
    pub(in crate::extract) fn stop(&self) {
        self.turns().is_stopped = true;
        self.stopped.notify_all();
    }

    fn wait_until<'a>(
        &self,
        mut turns: MutexGuard<'a, Turns>,
        time: Instant,
    ) -> Result<MutexGuard<'a, Turns>, RequestError> {
        loop {
            if turns.is_stopped {
                return Err(RequestError::Stopped);
            }
            let left = time.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(turns);
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
    fn keeps_the_minimum_time_between_requests() -> Result<(), RequestError> {
        let pace = Pace::new(Some(1_000.0));
        let begun = Instant::now();
        for _ in 0..11 {
            pace.wait_for_turn()?;
        }
        assert!(begun.elapsed() >= Duration::from_millis(10));
        Ok(())
    }

    #[test]
    fn a_pause_delays_turns_that_were_reserved_before() {
        let pace = Pace::new(Some(100.0));
        let begun = Instant::now();
        pace.wait_for_turn().unwrap();
        std::thread::scope(|scope| {
            // Its turn is in 10 ms.
            let waiting = scope.spawn(|| pace.wait_for_turn().map(|()| begun.elapsed()));
            pace.hold(Duration::from_millis(100));
            let waited = waiting.join().unwrap().unwrap();
            assert!(waited >= Duration::from_millis(100), "{waited:?}");
        });
    }

    #[test]
    fn stopping_ends_every_wait() {
        let pace = Pace::new(None);
        pace.hold(Duration::from_secs(3_600));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| pace.wait_for_turn());
            pace.stop();
            assert!(matches!(
                waiting.join().unwrap(),
                Err(RequestError::Stopped)
            ));
        });
        assert!(matches!(
            pace.pause(Duration::ZERO),
            Err(RequestError::Stopped)
        ));
    }
}
