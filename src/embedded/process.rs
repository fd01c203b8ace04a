//! Finds and stops the server's process.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Child;
#[cfg(not(target_os = "linux"))]
use std::process::Command;
use std::time::{Duration, Instant};

/// Time between two checks of a process that is stopping.
const POLL: Duration = Duration::from_millis(5);
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// The running server process of this folder.
pub(super) fn running_pid(data: &Path) -> Option<u32> {
    named_process(&data.join("postmaster.pid")).filter(|pid| serves(*pid, data))
}

/// The number on the first line of a lock file.
pub(super) fn named_process(file: &Path) -> Option<u32> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// A server's working folder is its data folder. A zombie has none, and another process with the same number has
/// another one. If the link may not be read (root in a container without CAP_SYS_PTRACE), the command line names the
/// folder; a zombie has no command line either.
#[cfg(target_os = "linux")]
fn serves(pid: u32, data: &Path) -> bool {
    let Ok(data) = fs::canonicalize(data) else {
        return false;
    };
    match fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(folder) => folder == data,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            arguments.split(|byte| *byte == 0).any(|argument| {
                fs::canonicalize(OsStr::from_bytes(argument)).is_ok_and(|path| path == data)
            })
        }
        Err(_) => false,
    }
}

#[cfg(not(target_os = "linux"))]
fn serves(pid: u32, _data: &Path) -> bool {
    let output = Command::new("ps")
        .args(["-o", "stat=,comm=", "-p", &pid.to_string()])
        .output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.contains("postgres") && !text.trim_start().starts_with('Z')
    })
}

/// Asks the server to end its sessions and stop, and waits for it. False if it did not run.
pub(super) fn stop_if_running(data: &Path) -> Result<bool> {
    let Some(pid) = running_pid(data) else {
        return Ok(false);
    };
    stop(pid, || Ok(running_pid(data).is_some()))?;
    Ok(true)
}

/// Stops a server that this process has started.
pub(super) fn stop_child(child: &mut Child) -> Result<()> {
    stop(child.id(), || Ok(child.try_wait()?.is_none()))
}

/// Stops the server, in the end without a shutdown checkpoint, because a server that recovers from a crash may ignore
/// the first request (18.4 with a full disk).
fn stop(pid: u32, mut is_running: impl FnMut() -> Result<bool>) -> Result<()> {
    signal(pid, Signal::SIGINT)?;
    let begun = Instant::now();
    let mut is_forced = false;
    while is_running()? {
        if begun.elapsed() > STOP_LIMIT && !is_forced {
            // The next start recovers what was committed from the log.
            signal(pid, Signal::SIGQUIT)?;
            is_forced = true;
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}

pub(super) fn signal(pid: u32, signal: Signal) -> Result<()> {
    let pid = Pid::from_raw(i32::try_from(pid)?);
    match kill(pid, signal) {
        // It ended by itself.
        Err(Errno::ESRCH) => Ok(()),
        other => other.with_context(|| format!("could not signal process {pid}")),
    }
}
