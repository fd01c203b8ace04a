//! What the program needed.

use nix::sys::resource::{UsageWho, getrusage};

/// Most memory that it had at any time; 0 where the system does not say.
pub(super) fn peak_bytes() -> u64 {
    peak_of_this_program().unwrap_or_else(peak_of_process)
}

/// Linux only.
fn peak_of_this_program() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = peak.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// On Linux this begins with what the caller had when it started the program.
fn peak_of_process() -> u64 {
    // Linux counts kibibytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    getrusage(UsageWho::RUSAGE_SELF)
        .ok()
        .and_then(|usage| u64::try_from(usage.max_rss()).ok())
        .map_or(0, |peak| peak * unit)
}
