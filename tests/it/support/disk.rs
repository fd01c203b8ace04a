//! A disk that is full, or nearly full.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of a few bytes, which only root can mount.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    pub(crate) fn at(path: &Path, size: &str) -> Option<SmallDisk> {
        if !nix::unistd::geteuid().is_root() {
            return None;
        }
        std::fs::create_dir_all(path).unwrap();
        let options = format!("size={size},mode=755");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(path);
        assert!(mount.status().unwrap().success());
        Some(SmallDisk(path.to_path_buf()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Enlarges it, as an administrator would.
    pub(crate) fn grow(&self, size: &str) {
        let mut mount = Command::new("mount");
        mount
            .args(["-o", &format!("remount,size={size}")])
            .arg(&self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The disk goes when the last process closes its files.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
