//! `tests/citus.sh` on a real cluster of Citus.

use crate::support::repository;
use std::process::Command;

/// `ELT_CITUS_URLS`: the coordinator's URL and those of its workers, separated by blanks.
#[test]
#[ignore = "needs a cluster of Citus: ELT_CITUS_URLS"]
fn everything_works_on_a_cluster() {
    let script = repository().join("tests/citus.sh");
    let status = Command::new("sh")
        .arg(script)
        .env("ELT", env!("CARGO_BIN_EXE_elt"))
        .status()
        .unwrap();
    assert!(status.success());
}
