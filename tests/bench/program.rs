//! The program on an embedded server.

use std::path::Path;
use std::process::Command;

pub(crate) fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elt"));
    command
        .env("ELT_HOME", home)
        .env_remove("DATABASE_URL")
        .args(args);
    command
}

/// Runs it, and returns its stdout.
pub(crate) fn elt(home: &Path, args: &[&str]) -> String {
    output(&mut command(home, args)).trim().to_string()
}

pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
