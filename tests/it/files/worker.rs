//! A worker loads files of patterns from its folders, and from no other place.

use super::Days;
use crate::support::Folder;

struct Worker<'a> {
    days: &'a Days,
    out: Folder,
}

impl Worker<'_> {
    /// State and error of a job that loads a source.
    fn load(&self, source: &str) -> (String, String) {
        let args = format!("{{\"sources\":[\"{source}\"]}}");
        let enqueue = self.days.elt("jobs enqueue pipeline");
        enqueue.args(["--args", &args]).run().ok();
        let worker = self.days.elt("worker --once");
        worker
            .path("--data", self.days.data.path())
            .path("--out", self.out.path())
            .run();
        let last = |column: &str| {
            let sql =
                format!("select coalesce({column}, '') from elt.job order by job_id desc limit 1");
            self.days.database.text(&sql)
        };
        (last("state"), last("error"))
    }
}

#[test]
fn a_worker_finds_the_files_that_came_since() {
    let days = Days::new();
    let worker = Worker {
        days: &days,
        out: Folder::new(),
    };
    for source in ["pings", "stations"] {
        days.write(&format!("{source}-1.csv"), &["1,Quay"]);
        assert_eq!(worker.load(source), ("succeeded".into(), String::new()));
        days.write(&format!("{source}-2.csv"), &["2,Mill"]);
        assert_eq!(worker.load(source).0, "succeeded");
        assert_eq!(
            days.database
                .number(&format!("select count(*) from core.{source}")),
            2
        );
    }
    days.data.write("pings-3.csv", "<html></html>");
    let (state, error) = worker.load("pings");
    assert_ne!(state, "succeeded");
    assert!(error.contains("pings-3.csv\" was not loaded"), "{error}");
}

#[test]
fn a_worker_does_not_follow_links_out_of_its_folders() {
    let days = Days::new();
    let worker = Worker {
        days: &days,
        out: Folder::new(),
    };
    let outside = Folder::new();
    let secret = outside.write("secret.csv", "bike_id,place\n1,secret\n");
    std::os::unix::fs::symlink(secret, days.data.path().join("pings-1.csv")).unwrap();
    let (state, error) = worker.load("pings");
    assert_ne!(state, "succeeded");
    assert!(error.contains("outside the folders"), "{error}");
    assert_eq!(days.core("pings"), "");
    // The owner of the sources cannot name a folder above either.
    days.database
        .connect()
        .batch_execute("update elt.source set file = '../*.csv' where source = 'pings'")
        .unwrap_err();
}
