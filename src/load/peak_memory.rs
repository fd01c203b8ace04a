//! Peak memory of the program.

use nix::sys::resource::{UsageWho, getrusage};

/// Bytes; 0 if the system does not report it.
pub(super) fn bytes() -> u64 {
    peak_of_this_program().unwrap_or_else(peak_of_process)
}

/// Works on Linux only.
fn peak_of_this_program() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = peak.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// On Linux this includes the peak of the process that started the program.
fn peak_of_process() -> u64 {
    // Linux counts kibibytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    getrusage(UsageWho::RUSAGE_SELF)
        .ok()
        .and_then(|usage| u64::try_from(usage.max_rss()).ok())
        .map_or(0, |peak| peak * unit)
}
