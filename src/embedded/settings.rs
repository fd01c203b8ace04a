//! `elt.conf`: settings for this machine, written at each start.

use std::fs;
use std::path::Path;

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// The text of the file.
pub(crate) fn text(data: &Path, sockets: &Path) -> String {
    let memory = memory_bytes();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mib = |bytes: u64| format!("{}MB", bytes / MIB);
    let lines = [
        "# Written by elt at each start. To change settings, use alter system.".into(),
        format!(
            "include '{}'",
            quote(&data.join("postgresql.conf").to_string_lossy())
        ),
        "listen_addresses = ''".into(),
        format!(
            "unix_socket_directories = '{}'",
            quote(&sockets.to_string_lossy())
        ),
        "unix_socket_permissions = 0700".into(),
        "port = 5432".into(),
        "max_connections = 100".into(),
        "timezone = 'UTC'".into(),
        "log_timezone = 'UTC'".into(),
        // Statements may contain private data.
        "log_min_error_statement = panic".into(),
        "log_checkpoints = off".into(),
        format!(
            "shared_buffers = {}",
            mib((memory / 8).clamp(32 * MIB, 2 * GIB))
        ),
        format!("effective_cache_size = {}", mib((memory / 2).max(64 * MIB))),
        format!(
            "work_mem = {}",
            mib((memory / 128).clamp(8 * MIB, 256 * MIB))
        ),
        format!(
            "maintenance_work_mem = {}",
            mib((memory / 32).clamp(32 * MIB, GIB))
        ),
        format!("max_worker_processes = {}", 2 * cores + 8),
        // A query may have two parallel scans, and several exports run at the same time.
        format!("max_parallel_workers = {}", 2 * cores),
        format!("max_parallel_workers_per_gather = {cores}"),
        // The server has no replicas, so it can write less log.
        "wal_level = minimal".into(),
        "max_wal_senders = 0".into(),
        "max_wal_size = 4GB".into(),
        "checkpoint_timeout = 15min".into(),
        // For queries of a few seconds, compiling costs more than it saves.
        "jit = off".into(),
    ];
    lines.join("\n") + "\n"
}

fn quote(text: &str) -> String {
    text.replace('\'', "''")
}

/// The memory of the machine, or the limit of the container.
fn memory_bytes() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
            let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kib * 1024)
        })
        .unwrap_or(2 * GIB);
    let container = fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(u64::MAX);
    machine.min(container)
}
