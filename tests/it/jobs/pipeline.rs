//! `elt run` and a job of kind pipeline do the same work: if one does not export, the other does not either, for the
//! same reason.

use crate::support::{Database, Folder, ProjectCopy, copy_folder, repository};
use std::fs;
use std::path::Path;

/// The project's own files, loaded, and a rule that a test can make fail.
struct Fixture {
    database: Database,
    project: ProjectCopy,
    data: Folder,
    out: Folder,
}

const RULE: &str = "-- grain:    one row per source that is broken\n-- level:    error\n-- reads:    elt.source\n\
    create or replace view quality.sources_broken as\nselect source.source\nfrom elt.source\n\
    where source.description = 'broken';\n\ncomment on view quality.sources_broken is 'Sources that are broken.';\n";

impl Fixture {
    fn new() -> Fixture {
        let project = ProjectCopy::new();
        fs::write(project.path().join("sql/quality/sources_broken.sql"), RULE).unwrap();
        let data = Folder::new();
        copy_folder(&repository().join("data"), data.path());
        let fixture = Fixture {
            database: Database::new(),
            project,
            data,
            out: Folder::new(),
        };
        fixture.elt(&["migrate"]).run().ok();
        fixture
    }

    fn elt(&self, args: &[&str]) -> crate::support::Elt {
        self.database.elt_with(self.project.path(), args)
    }

    /// Returns the exit code and message of `elt run`.
    fn run(&self, out: &Path) -> (i32, String) {
        let elt = self.elt(&["run", "-q"]).path("--data", self.data.path());
        let outcome = elt.path("--out", out).run();
        let lines = outcome.stderr.lines();
        let message = lines.filter_map(|line| line.strip_prefix("elt: ")).next();
        (
            outcome.code.unwrap(),
            message.unwrap_or_default().to_string(),
        )
    }

    /// State and error of the job, which reads the files of the same folder.
    fn job(&self, out: &Path) -> (String, String) {
        let args = serde_json::json!({ "data": self.data.path(), "out": out });
        let enqueue = self.elt(&["jobs", "enqueue", "pipeline"]);
        enqueue.args(["--args", &args.to_string()]).run().ok();
        let worker = self.elt(&["worker", "--once"]);
        worker
            .path("--data", self.data.path())
            .path("--out", out)
            .run();
        let last = |column: &str| {
            let sql =
                format!("select coalesce({column}, '') from elt.job order by job_id desc limit 1");
            self.database.text(&sql)
        };
        (last("state"), last("error"))
    }

    /// Both fail in the same way, and nothing is exported.
    fn agree(&self, what: &str, out: &Path, code: i32, state: &str) {
        let (exit, message) = self.run(out);
        assert_eq!(exit, code, "{what}: {message}");
        let (job_state, error) = self.job(out);
        assert_eq!(job_state, state, "{what}: {error}");
        assert!(
            error.starts_with(&message),
            "{what}: {message} is not {error}"
        );
        let files = fs::read_dir(self.out.path()).unwrap().count();
        assert_eq!(files, 0, "{what}: something was exported");
    }
}

#[test]
fn errors_that_stop_a_run_also_fail_the_job() {
    let fixture = Fixture::new();
    let out = fixture.out.path().to_path_buf();
    let file = fixture.data.path().join("lab1_appointments.csv");
    let whole = fs::read(&file).unwrap();
    let text = String::from_utf8_lossy(&whole).into_owned();
    // Nothing is live yet.
    fixture
        .database
        .run("update elt.source set description = 'broken' where source = 'practices'");
    fixture.agree("a rule refuses the first load", &out, 3, "dead");
    fixture
        .database
        .run("update elt.source set description = 'well' where source = 'practices'");
    fixture
        .elt(&["load"])
        .path("--data", fixture.data.path())
        .run()
        .ok();
    // No file changed, so nothing is loaded.
    fixture
        .database
        .run("update elt.source set description = 'broken' where source = 'practices'");
    fixture.agree("the live data violates a rule", &out, 3, "dead");
    fs::write(&file, text.clone() + "9999,9999,1,1,3,,,2021-01-05\n").unwrap();
    fixture.agree("a rule refuses the next load", &out, 3, "dead");
    fixture
        .database
        .run("update elt.source set description = 'well' where source = 'practices'");
    let header = text.lines().next().unwrap();
    fs::write(&file, format!("{header}\n1\n2\n3\n")).unwrap();
    fixture.agree("all rows are rejected", &out, 4, "dead");
    let few: Vec<&str> = text.lines().take(20).collect();
    fs::write(&file, few.join("\n") + "\n").unwrap();
    fixture
        .database
        .run("update elt.source set max_shrink = 0.5 where source = 'appointments'");
    fixture.agree("the file shrinks", &out, 3, "dead");
    fs::write(&file, "no header\n").unwrap();
    fixture.agree("the header is another", &out, 1, "queued");
    fs::write(&file, whole).unwrap();
    let blocked = fixture.data.write("blocked", "a file");
    fixture.agree("the exports cannot be written", &blocked, 1, "queued");
    let query = "sql/mart/valid_appointments.sql";
    fixture
        .project
        .replace(query, "-- grain:", "-- changed:  yes\n-- grain:");
    assert_eq!(fixture.run(&out).0, 6);
    // It is not even enqueued; the worker would refuse it as well.
    fixture
        .elt(&["jobs", "enqueue", "pipeline"])
        .run()
        .exits_with(6);
}
