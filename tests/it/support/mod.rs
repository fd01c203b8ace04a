//! One cluster for the whole test program, a database for each test, folders, and the program.

mod bikes;
mod cluster;
mod disk;
mod dump;
mod engine;
mod held;
mod home;
mod program;
mod project;
mod random;
mod watch;

pub(crate) use bikes::Bikes;
pub(crate) use cluster::{Database, Held};
pub(crate) use disk::SmallDisk;
pub(crate) use dump::{difference, postgres_program, run_to_end, schema_of};
pub(crate) use held::{load as load_rows, with_held_load};
pub(crate) use home::Home;
pub(crate) use program::{Elt, Outcome, Running};
pub(crate) use project::{ProjectCopy, migrations};
pub(crate) use random::{cases, runner};
pub(crate) use watch::{State, Watch, state, state_after};

use nix::sys::statvfs::FsFlags;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The header of `lab1_appointments.csv`.
pub(crate) const HEADER: &str = "emr_practice_id,emr_appointment_id,emr_provider_id,\
    emr_department_id,appointment_status,encounter_state,encounter_status,appointment_date\n";

/// Files for the project's sources that share no value with its own files.
const OTHER_FILES: [(&str, &str); 3] = [
    (
        "lab1_epion_office_settings.json",
        "[{\"practice_name\": \"P1\", \"emr_practice_id\": 1, \"epion_practice_id\": 10, \"epion_office_id\": 100, \
         \"office_name\": \"One\", \"emr_department_ids\": [4], \"launched_date\": \"2023-01-10\", \
         \"disabled_date\": null}]",
    ),
    (
        "offices.json",
        "[{\"epion_practice_id\": 10, \"launched_date\": \"2023-01-10\", \"disabled_date\": null, \
         \"emr_department_ids\": [4], \"office_name\": \"One\"}]",
    ),
    (
        "practices.json",
        "[{\"practice_name\": \"P1\", \"emr_practice_id\": 1, \"epion_practice_id\": 10}]",
    ),
];

/// The longest wait for any event.
const PATIENCE: Duration = Duration::from_secs(60);

/// The pause between two checks. It grows, because most checks open a connection, which slows down the awaited event.
const SHORTEST_PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(25);

/// The folder of this test program. Every user may enter it, because PostgreSQL runs as another user.
pub(crate) fn root() -> PathBuf {
    parent().join(format!("elt-tests-{}", std::process::id()))
}

/// Where test programs make their folders: in memory, and on disk.
const PARENTS: [&str; 2] = ["/dev/shm", "/tmp"];

/// In memory if there is enough, because a disk triples the time of tests that start servers.
fn parent() -> &'static Path {
    const NEEDED: u64 = 4 << 30;
    static PARENT: OnceLock<&Path> = OnceLock::new();
    PARENT.get_or_init(|| {
        let [memory, disk] = PARENTS.map(Path::new);
        let is_large = nix::sys::statvfs::statvfs(memory).is_ok_and(|found| {
            let free = found.blocks_available() * found.fragment_size();
            free >= NEEDED && !found.flags().contains(FsFlags::ST_NOEXEC)
        });
        if is_large { memory } else { disk }
    })
}

/// The folder of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A folder for one test, deleted when the test passes.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        let path = root().join(format!("folder-{}", unique()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// One or two rows for each source, none of which is in the project's own files.
    pub(crate) fn with_other_data() -> Folder {
        let folder = Folder::new();
        for (name, text) in OTHER_FILES {
            folder.write(name, text);
        }
        let row = "1,1,,4,4,,,2023-02-01\n";
        folder.write("lab1_appointments.csv", format!("{HEADER}{row}"));
        folder
    }

    /// The project's own input files.
    pub(crate) fn with_data() -> Folder {
        let folder = Folder::new();
        copy_folder(&repository().join("data"), folder.path());
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Checks repeatedly until the condition is true.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    let mut pause = SHORTEST_PAUSE;
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for: {what}");
        std::thread::sleep(pause);
        pause = (pause * 5 / 4).min(LONGEST_PAUSE);
    }
}
