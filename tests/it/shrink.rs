//! A load of a replace source that removes more than its source allows is refused.

use crate::support::{Database, Folder, HEADER, ProjectCopy};

struct Ground {
    database: Database,
    data: Folder,
}

impl Ground {
    /// 100 appointments, of which one load may remove half.
    fn new() -> Ground {
        let ground = Ground {
            database: Database::new(),
            data: Folder::new(),
        };
        ground.limit("appointments", "0.5");
        ground.file(1..=100);
        // Nothing is live: whatever comes is more than that.
        ground.elt("load appointments").run().ok();
        ground
    }

    fn limit(&self, source: &str, max_shrink: &str) {
        self.database.run(&format!(
            "update elt.source set max_shrink = {max_shrink} where source = '{source}'"
        ));
    }

    fn file(&self, numbers: std::ops::RangeInclusive<u32>) {
        let rows = numbers.map(|number| format!("1,{number},,,4,,,2023-01-01\n"));
        let text = HEADER.to_string() + &rows.collect::<String>();
        self.data.write("lab1_appointments.csv", text);
    }

    fn elt(&self, line: &str) -> crate::support::Elt {
        let elt = self.database.elt().args(line.split(' '));
        elt.path("--data", self.data.path())
    }

    fn rows(&self) -> i64 {
        self.database
            .number("select count(*) from core.appointments")
    }

    /// State of the latest load, and whether it was allowed to shrink its tables.
    fn latest(&self) -> String {
        self.database.text(
            "select concat_ws(' ', state, allows_shrink, error) from elt.load order by load_id desc limit 1",
        )
    }

    /// The counts of the latest publish for a table.
    fn rows_before(&self, table: &str) -> String {
        self.database.text(&format!(
            "select coalesce(rows_before::text, 'null') from elt.publish_change \
             where table_name = '{table}' order by publish_id desc limit 1"
        ))
    }
}

#[test]
fn a_load_that_removes_more_than_its_source_allows_is_refused() {
    let (ground, out) = (Ground::new(), Folder::new());
    ground.file(1..=49);
    for line in ["load appointments", "load appointments --force"] {
        ground.elt(line).run().exits_with(3).says(&[
            "refused by \"loads_that_shrink\" (1 row)",
            "Check whether the file is complete",
            "--allow-shrink",
            "elt.source.mode must be append or merge",
            "max_shrink = 0.5, table_name = \"core.appointments\", rows_before = 100, rows_deleted = 51",
            "Nothing was changed",
        ]);
        assert_eq!(ground.rows(), 100);
        let refused = "refused f a rule of level error found rows";
        assert_eq!(ground.latest(), refused);
        let staged = "select count(*) from staging.appointments where _load_id = (select max(load_id) from elt.load)";
        assert_eq!(ground.database.number(staged), 49, "to be looked at");
        let run = ground.elt("run appointments");
        run.path("--out", out.path()).run().exits_with(3);
        ground.database.elt().args(["check"]).run().ok();
    }
    ground.file(1..=50);
    ground.elt("load appointments").run().ok();
    assert_eq!(ground.rows(), 50);
    assert_eq!(ground.rows_before("core.appointments"), "100");
    // The rule is about the publish, and not about what is live.
    let rule = ground
        .database
        .elt()
        .args(["check", "loads_that_shrink", "--json"]);
    assert_eq!(rule.run().ok().json()["rows"], serde_json::json!([]));
}

#[test]
fn it_is_published_if_the_user_allows_it_for_this_load() {
    let ground = Ground::new();
    ground.file(1..=10);
    ground.elt("load appointments --allow-shrink").run().ok();
    assert_eq!(
        (ground.rows(), ground.latest().as_str()),
        (10, "published t")
    );
    ground.file(1..=1);
    ground.elt("load appointments").run().exits_with(3);
    let elt = ground.elt("load appointments");
    elt.env("ELT_ALLOW_SHRINK", "1").run().ok();
    assert_eq!(ground.rows(), 1);
}

#[test]
fn rows_that_make_place_for_others_are_removed_too() {
    let ground = Ground::new();
    ground.file(101..=200);
    ground
        .elt("load appointments")
        .run()
        .exits_with(3)
        .says(&["rows_before = 100, rows_deleted = 100"]);
    // Changed rows are not.
    ground.file(1..=100);
    let text = ground.data.read("lab1_appointments.csv");
    ground
        .data
        .write("lab1_appointments.csv", text.replace(",,4,", ",,5,"));
    ground.elt("load appointments").run().ok();
}

#[test]
fn in_a_table_without_a_key_a_changed_row_is_not_a_removed_one() {
    let ground = Ground::new();
    ground.limit("practices", "0.5");
    let load = |names: &[&str]| {
        let row = |name: &&str| format!("{{\"practice_name\": \"{name}\"}}");
        let rows: Vec<String> = names.iter().map(row).collect();
        ground
            .data
            .write("practices.json", format!("[{}]", rows.join(",")));
        ground.elt("load practices").run()
    };
    load(&["a", "b", "c"]).ok();
    load(&["d", "e", "f"]).ok();
    assert_eq!(ground.rows_before("public.epion_practices"), "3");
    load(&["g"]).exits_with(3);
    load(&["d", "g"]).ok();
}

#[test]
fn without_a_limit_nothing_is_counted_or_refused() {
    let ground = Ground::new();
    ground.limit("appointments", "null");
    ground.file(1..=1);
    ground.elt("load appointments").run().ok();
    assert_eq!(ground.rows(), 1);
    assert_eq!(ground.rows_before("core.appointments"), "null");
    // 1 allows everything, 0 nothing.
    ground.limit("appointments", "1");
    ground.file(2..=3);
    ground.elt("load appointments").run().ok();
    ground.limit("appointments", "0");
    ground.file(2..=9);
    ground.elt("load appointments").run().ok();
    ground.file(2..=8);
    ground.elt("load appointments").run().exits_with(3);
}

#[test]
fn rollbacks_republishes_and_purges_may_remove_rows() {
    let ground = Ground::new();
    ground.file(1..=10);
    ground.elt("load appointments --allow-shrink").run().ok();
    ground.file(1..=100);
    ground.elt("load appointments").run().ok();
    // The load that becomes live again was not allowed to, by itself.
    ground
        .database
        .run("update elt.load set allows_shrink = false");
    let rollback = ground.database.elt().args(["rollback", "appointments"]);
    rollback.run().ok();
    assert_eq!(ground.rows(), 10);
    let project = ProjectCopy::new();
    project.replace(
        "sql/core/incoming_appointments.sql",
        "-- grain:",
        "-- changed:  yes\n-- grain:",
    );
    let elt = ground.database.elt_with(project.path(), &["migrate"]);
    elt.run().ok();
    let purge = ["purge", "load", "2", "--yes"];
    ground.database.elt_with(project.path(), &purge).run().ok();
    assert_eq!(ground.rows(), 0);
}

#[test]
fn a_job_is_refused_as_well() {
    let ground = Ground::new();
    ground.file(1..=49);
    let enqueue = ["jobs", "enqueue", "pipeline", "--args"];
    let args = "{\"sources\": [\"appointments\"], \"force\": true}";
    ground.database.elt().args(enqueue).args([args]).run().ok();
    let out = Folder::new();
    let worker = ground.elt("worker --until-empty");
    worker.path("--out", out.path()).run();
    assert_eq!(ground.rows(), 100);
    let job = ground
        .database
        .text("select state || ': ' || error from elt.job_status");
    assert!(
        job.starts_with("dead: the publish was refused by \"loads_that_shrink\" (1 row);"),
        "{job}"
    );
    assert!(!job.contains("rows_before"), "{job}");
}
