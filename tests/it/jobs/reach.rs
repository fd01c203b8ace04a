//! A worker reads and writes only in its folders, whatever the database says.

use crate::support::{Database, Folder, copy_folder, repository};
use std::fs;
use std::path::Path;

struct Fixture {
    database: Database,
    data: Folder,
    out: Folder,
}

impl Fixture {
    fn new() -> Fixture {
        let data = Folder::new();
        copy_folder(&repository().join("data"), data.path());
        let database = Database::new();
        database.elt().args(["migrate"]).run().ok();
        Fixture {
            database,
            data,
            out: Folder::new(),
        }
    }

    /// State and error of a job with these arguments, run by a worker with these folders.
    fn job(&self, args: &serde_json::Value, folders: &[&Path]) -> (String, String) {
        let enqueue = self.database.elt().args(["jobs", "enqueue", "pipeline"]);
        enqueue.args(["--args", &args.to_string()]).run().ok();
        let worker = self.database.elt().args(["worker", "--once"]);
        let worker = worker.path("--out", self.out.path());
        let worker = folders
            .iter()
            .fold(worker, |worker, folder| worker.path("--data", folder));
        let said = worker.run();
        assert!(!said.stderr.contains("root:"), "{}", said.stderr);
        let sql =
            "select state || '|' || coalesce(error, '') from elt.job order by job_id desc limit 1";
        let last = self.database.text(sql);
        let (state, error) = last.split_once('|').unwrap();
        (state.into(), error.into())
    }

    fn is_refused(&self, what: &str, args: &serde_json::Value, says: &[&str]) {
        let (state, error) = self.job(args, &[self.data.path()]);
        assert_eq!(state, "dead", "{what}: {error}");
        for said in says {
            assert!(error.contains(said), "{what}: no \"{said}\" in {error}");
        }
    }
}

#[test]
fn recorded_locations_cannot_reach_files_outside_the_folders() {
    let fixture = Fixture::new();
    let all = serde_json::json!({});
    let load = fixture.database.elt().args(["load"]);
    load.path("--data", fixture.data.path()).run().ok();
    // Role elt_load may insert loads with any location.
    fixture
        .database
        .run("update elt.load set location = '/etc/passwd' where source = 'practices'");
    fixture.is_refused(
        "an invented load",
        &all,
        &[
            "file of source \"practices\" is outside the folders that this worker may read: \"/etc/passwd\"",
            "--data /etc --data ",
        ],
    );
    // The message does not reveal whether the file exists.
    fixture
        .database
        .run("update elt.load set location = '/etc/no such file'");
    fixture.is_refused(
        "a file that does not exist",
        &all,
        &["is outside the folders"],
    );
    fixture.database.run(&format!(
        "update elt.load set location = '{}/../../../../../../etc/passwd'",
        fixture.data.path().display()
    ));
    fixture.is_refused("dots", &all, &["is outside the folders"]);
    let link = fixture.data.path().join("link.csv");
    std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
    fixture.database.run(&format!(
        "update elt.load set location = '{}'",
        link.display()
    ));
    fixture.is_refused("a link", &all, &["is outside the folders"]);
}

#[test]
fn job_arguments_cannot_leave_the_workers_folders() {
    let fixture = Fixture::new();
    let elsewhere = Folder::new();
    copy_folder(&repository().join("data"), elsewhere.path());
    let name = |folder: &Folder| folder.path().display().to_string();
    fixture.is_refused(
        "data",
        &serde_json::json!({ "data": elsewhere.path() }),
        &[
            "folder of the argument data is outside",
            &format!("--data {} --data", name(&elsewhere)),
        ],
    );
    fixture.is_refused(
        "out",
        &serde_json::json!({ "out": elsewhere.path() }),
        &[
            "folder of the argument out is outside",
            &format!("--out {}", name(&elsewhere)),
        ],
    );
    let link = fixture.out.path().join("link");
    std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
    fixture.is_refused(
        "a link of out",
        &serde_json::json!({ "out": link.join("x") }),
        &["folder of the argument out is outside"],
    );
    assert!(!elsewhere.path().join("x").exists());
    fs::remove_file(&link).unwrap();
    let below = fixture.out.path().join("monthly");
    let (state, error) = fixture.job(&serde_json::json!({ "out": below }), &[fixture.data.path()]);
    assert_eq!(state, "succeeded", "{error}");
    assert!(below.join("elt-export.json").exists());
    // A file that was loaded by hand from another folder is read by a worker with that folder; another worker refuses.
    let load = fixture.database.elt().args(["load", "--force"]);
    load.path("--data", elsewhere.path()).run().ok();
    fixture.is_refused(
        "loaded from elsewhere",
        &serde_json::json!({}),
        &[&format!(
            "--data {} --data {}",
            name(&elsewhere),
            name(&fixture.data)
        )],
    );
    let both = [fixture.data.path(), elsewhere.path()];
    let (state, error) = fixture.job(&serde_json::json!({}), &both);
    assert_eq!(state, "succeeded", "{error}");
}
