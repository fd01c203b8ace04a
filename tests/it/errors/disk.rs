//! Disks that are full: where files go, and where the server's data is.

use super::{check, row};
use crate::support::{Database, Folder, HEADER, Home};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of a few bytes, which only root can make.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(path: &Path, size: &str) -> Option<SmallDisk> {
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
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still holds a file of it keeps it until then.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_under_the_exports_is_said_and_leaves_nothing_half() {
    let (database, folder) = (Database::new(), Folder::new());
    let Some(disk) = SmallDisk::at(&folder.path().join("small"), "16k") else {
        return;
    };
    database.elt().args(["load"]).run().ok();
    let full = [
        "could not write file",
        "small/",
        "No space left on device",
        "Make room there",
    ];
    check(&[
        row(1, full, || {
            database.elt().args(["export"]).path("--out", &disk.0)
        }),
        row(1, full, || {
            database.elt().args(["run"]).path("--out", &disk.0)
        }),
        row(1, full, || {
            std::fs::write(disk.0.join("fill"), [0; 8192]).unwrap();
            database.elt().args(["export"]).path("--out", &disk.0)
        }),
    ]);
    std::fs::remove_file(disk.0.join("fill")).unwrap();
    assert_eq!(std::fs::read_dir(&disk.0).unwrap().count(), 0);
}

#[test]
fn a_full_disk_under_the_server_is_said_and_changes_nothing() {
    let (home, data) = (Home::new(), Folder::new());
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), "200m") else {
        return;
    };
    let elt = |args: &[&str]| crate::support::Elt::embedded(&disk.0.join("elt")).args(args);
    elt(&["load", "offices"]).run().ok();
    let rows = "1,1,,,4,,,2023-01-01\n".repeat(2_000_000);
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    check(&[row(
        1,
        [
            "could not load file",
            "Connected to database",
            "SQLSTATE 53100",
            "elt gc",
        ],
        || elt(&["load", "appointments"]).path("--data", data.path()),
    )]);
    // There is room again, and all that was.
    elt(&["status"]).run().ok();
    elt(&["load", "offices", "--force"]).run().ok();
    elt(&["db", "stop"]).run().ok();
}
