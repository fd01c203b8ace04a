//! What the program needed.

use nix::sys::resource::{UsageWho, getrusage};

/// Most memory that it had at any time; 0 where the system does not say.
pub(super) fn peak_bytes() -> u64 {
    // Linux counts kibibytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    getrusage(UsageWho::RUSAGE_SELF)
        .ok()
        .and_then(|usage| u64::try_from(usage.max_rss()).ok())
        .map_or(0, |peak| peak * unit)
}
