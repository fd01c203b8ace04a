//! The number of cases of random tests, and what happens to a case that fails.

use proptest::test_runner::{Config, TestRunner};

/// The longest time to shrink a failing case, in milliseconds.
const MAX_SHRINK_TIME: u32 = 180_000;

/// The variable PROPTEST_CASES, or else `usual`.
pub(crate) fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").map_or(usual, |cases| cases.parse().unwrap())
}

/// Runs as many cases as PROPTEST_CASES says, or else `usual`.
pub(crate) fn runner(usual: u32) -> TestRunner {
    TestRunner::new(Config {
        cases: cases(usual),
        max_shrink_time: MAX_SHRINK_TIME,
        max_shrink_iters: u32::MAX - 1,
        failure_persistence: None,
        ..Config::default()
    })
}
