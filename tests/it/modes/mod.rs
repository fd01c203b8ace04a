//! Sources of mode append and merge, next to one of mode replace: loads that add to the live data, and rollbacks
//! of such loads.

mod model;
mod previews;
mod reported;
mod sequences;

use crate::support::{Bikes, Database, Folder, ProjectCopy, repository};
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;

fn project() -> PathBuf {
    repository().join("tests/projects/bikes")
}

/// A database with the project's schema, and nothing loaded.
fn migrated() -> Database {
    let database = Database::with_engine();
    database.elt_with(&project(), &["migrate"]).run().ok();
    database
}

impl Bikes {
    /// Keys, values and loads of a core table.
    fn core(&self, table: &str) -> String {
        self.database.text(&format!(
            "select coalesce(string_agg(concat_ws(' ', kept.a, kept.b, kept.c), ', ' order by kept.a, kept.c, kept.b), '') \
             from (select * from core.{table}) as kept (a, b, c, d)"
        ))
    }

    /// Table and counts of inserted, updated and deleted rows, of the latest publish.
    fn changes(&self) -> String {
        self.database.text(
            "select string_agg(concat_ws(' ', table_name, rows_inserted, rows_updated, rows_deleted), ', ' \
             order by table_name) from elt.publish_change \
             where publish_id = (select max(publish_id) from elt.publish)",
        )
    }
}

#[test]
fn days_come_to_what_is_there_and_the_latest_row_of_a_key_stays() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay", "2,Quay", "3,Mill"]);
    assert_eq!(bikes.changes(), "core.bikes 3 0 0");
    // If a file repeats a key, its last row wins.
    bikes.load("bikes", &["2,Mill", "3,Mill", "4,Quay", "4,Mill"]);
    assert_eq!(bikes.changes(), "core.bikes 1 1 0");
    assert_eq!(
        bikes.core("bikes"),
        "1 Quay 1, 2 Mill 2, 3 Mill 1, 4 Mill 2"
    );
    bikes.load("trips", &["1,1", "2,2"]);
    bikes.load("trips", &["2,3", "3,3"]);
    assert_eq!(bikes.core("trips"), "1 1 3, 2 3 4, 3 3 4");
    bikes.load("pings", &["1,Quay", "1,Quay"]);
    bikes.load("pings", &["1,Quay"]);
    assert_eq!(bikes.core("pings"), "1 Quay 5, 1 Quay 5, 1 Quay 6");
    assert_eq!(bikes.changes(), "core.pings 1 0 0");
    bikes.load("stations", &["1,Quay", "2,Mill"]);
    bikes.load("stations", &["2,Mill"]);
    assert_eq!(bikes.core("stations"), "2 Mill 7");
    let status = bikes.elt("status").run().ok().stdout;
    assert!(
        status.contains("bikes.csv, the latest of 2 loads"),
        "{status}"
    );
}

#[test]
fn a_file_that_is_part_of_what_is_live_is_nothing_to_do() {
    let bikes = Bikes::new();
    for source in ["bikes", "pings"] {
        let first = bikes.load(source, &["1,Quay"]);
        bikes.load(source, &["1,Mill"]);
        let before = bikes.core(source);
        let again = bikes.file(source, &["1,Quay"]).run().ok().json();
        let report = &again["load"]["sources"][0];
        assert_eq!(
            (&report["outcome"], &report["load_id"]),
            (&"unchanged".into(), &first.into())
        );
        assert_eq!(bikes.core(source), before);
        // With --force it is loaded again, and is the latest.
        bikes.file(source, &["1,Quay"]).args(["--force"]).run().ok();
    }
    assert_eq!(bikes.core("bikes"), "1 Quay 3");
    assert_eq!(bikes.core("pings"), "1 Quay 4, 1 Mill 5, 1 Quay 6");
}

#[test]
fn the_same_bytes_from_a_pipe_are_nothing_to_do_either() {
    let bikes = Bikes::new();
    let file = bikes.data.write("piped.csv", "bike_id,place\n1,Quay\n");
    let piped = |stdout: &str| {
        let mut command = bikes.elt("load pings --data -").command();
        let status = command
            .stdin(File::open(&file).unwrap())
            .stdout(File::options().write(true).open(stdout).unwrap())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        (
            status.status.code(),
            String::from_utf8_lossy(&status.stderr).into_owned(),
        )
    };
    let (code, said) = piped("/dev/full");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("could not write to the output")
            && said.contains("Already committed: the loads are live (publish 1)"),
        "{said}"
    );
    // A user who believes that nothing happened runs it again.
    let (code, said) = piped("/dev/null");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(bikes.core("pings"), "1 Quay 1");
    assert_eq!(
        bikes
            .database
            .text("select error from elt.load where load_id = 2"),
        "nothing to do: load 1 of the same bytes is live"
    );
    assert_eq!(
        bikes
            .database
            .number("select count(*) from elt.staging_leftover"),
        0
    );
    let mut forced = bikes.elt("load pings --data - --force").command();
    forced.stdin(File::open(&file).unwrap());
    assert!(forced.status().unwrap().success());
    assert_eq!(bikes.core("pings"), "1 Quay 1, 1 Quay 3");
}

#[test]
fn loads_are_taken_back_one_by_one_as_far_as_they_are_retained() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay", "2,Quay"]);
    bikes.load("bikes", &["1,Mill", "3,Mill"]);
    bikes.load("bikes", &["1,Port", "2,Quay", "4,Port"]);
    bikes.load("bikes", &["1,Hill"]);
    assert_eq!(
        bikes.core("bikes"),
        "1 Hill 4, 2 Quay 1, 3 Mill 2, 4 Port 3"
    );
    let back = |expected: &str| {
        let outcome = bikes.elt("rollback bikes").run().ok();
        assert_eq!(bikes.core("bikes"), expected);
        outcome.stdout
    };
    let said = back("1 Port 3, 2 Quay 1, 3 Mill 2, 4 Port 3");
    assert!(
        said.contains("was rolled back from load 4 to load 3"),
        "{said}"
    );
    assert_eq!(bikes.changes(), "core.bikes 0 1 0");
    back("1 Mill 2, 2 Quay 1, 3 Mill 2");
    assert_eq!(bikes.changes(), "core.bikes 0 1 1");
    // Staging keeps three loads; the first is not one of them.
    let refused = bikes.elt("rollback bikes").run().exits_with(1);
    refused.says(&["no earlier load to roll back to", "keep_loads"]);
    let listed = bikes.elt("loads bikes").run().ok().stdout;
    assert!(listed.contains("rolled back"), "{listed}");
    bikes
        .elt("rollback bikes --to 4")
        .run()
        .exits_with(1)
        .says(&["was taken out of core"]);
    // A load that was rolled back is not live, so its file can be loaded again.
    bikes.load("bikes", &["1,Hill"]);
    assert_eq!(bikes.core("bikes"), "1 Hill 5, 2 Quay 1, 3 Mill 2");
    bikes.load("bikes", &["5,Hill"]);
    bikes.elt("rollback bikes --to 2").run().ok();
    assert_eq!(bikes.core("bikes"), "1 Mill 2, 2 Quay 1, 3 Mill 2");
    assert_eq!(bikes.changes(), "core.bikes 0 1 1");
    // Without a key, a rollback deletes the rows that the load appended.
    for place in ["Quay", "Mill"] {
        bikes.load("pings", &[&format!("1,{place}"), "2,"]);
    }
    bikes.elt("rollback pings").run().ok();
    assert_eq!(bikes.changes(), "core.pings 0 0 2");
    assert_eq!(bikes.core("pings"), "1 Quay 7, 2 7");
}

#[test]
fn a_refused_load_changes_nothing_of_what_was_merged() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay"]);
    let refused = bikes.file("bikes", &["1,nowhere", "2,Mill"]).run();
    refused
        .exits_with(3)
        .says(&["refused by \"rows_nowhere\" (1 row)"]);
    assert_eq!(bikes.core("bikes"), "1 Quay 1");
    assert_eq!(
        bikes
            .database
            .number("select count(*) from elt.earlier_row"),
        0
    );
}

#[test]
fn earlier_rows_are_for_nobody_who_reads() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay"]);
    bikes.load("bikes", &["1,Mill"]);
    assert_eq!(
        bikes
            .database
            .number("select count(*) from elt.earlier_row"),
        1
    );
    let seen = "select has_table_privilege('elt_web', 'elt.earlier_row', 'select')::int::bigint \
                + (select count(*) from elt.relation where relation_name = 'earlier_row')";
    assert_eq!(bikes.database.number(seen), 0);
}

#[test]
fn a_load_reads_and_writes_its_own_rows_of_core_alone() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay"]);
    bikes.database.run(
        "insert into core.bikes select place, 'Quay', 1, place from generate_series(2, 50000) as place",
    );
    bikes.database.run("vacuum analyze core.bikes");
    let sessions = "select count(*) from pg_stat_activity where datname = current_database() \
                    and pid <> pg_backend_pid() and backend_type = 'client backend'";
    let settle = || {
        crate::support::wait_until("the sessions to end", || {
            bikes.database.number(sessions) == 0
        });
    };
    let work = || {
        settle();
        bikes.database.text(
            "select concat_ws(' ', seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del, analyze_count) \
             from pg_stat_user_tables where relid = 'core.bikes'::regclass",
        )
    };
    let before: Vec<i64> = work()
        .split(' ')
        .map(|count| count.parse().unwrap())
        .collect();
    bikes.load("bikes", &["2,Mill", "3,Quay", "50001,Mill"]);
    let after = work();
    let after = after.split(' ').map(|count| count.parse::<i64>().unwrap());
    let done: Vec<i64> = after
        .zip(before)
        .map(|(after, before)| after - before)
        .collect();
    // One row shows whether it is empty.
    assert!(done[0] <= 2, "rows read one after another: {}", done[0]);
    assert_eq!(
        done[1..],
        [1, 1, 0, 0],
        "inserted, updated, deleted, analyzed"
    );
}

#[test]
fn rules_that_read_nothing_of_a_load_are_not_run_again() {
    let bikes = Bikes::new();
    bikes.load("pings", &["1,", "2,Quay"]);
    bikes.load("bikes", &["1,Quay"]);
    let result = || {
        bikes.database.text(
            "select concat_ws(' ', violation_count, coalesce(run_publish_id, publish_id)) from elt.rule_result \
             where rule = 'pings_from_nowhere' order by publish_id desc limit 1",
        )
    };
    assert_eq!(result(), "1 1");
    bikes.load("bikes", &["2,Quay"]);
    assert_eq!(result(), "1 1");
    bikes.load("pings", &["3,Quay"]);
    assert_eq!(result(), "0 4");
    // Nothing counts as unchanged after a file of sql/ has changed.
    let project = project_copy();
    project.replace(
        "sql/quality/pings_from_nowhere.sql",
        "is null",
        "is not null",
    );
    database_load(&bikes, &project, "bikes", &["3,Quay"]);
    assert_eq!(result(), "1 5");
}

fn project_copy() -> ProjectCopy {
    ProjectCopy::of("tests/projects/bikes")
}

/// Loads with a changed project.
fn database_load(bikes: &Bikes, project: &ProjectCopy, source: &str, rows: &[&str]) {
    let _ = bikes.file(source, rows);
    let elt = bikes
        .database
        .elt_with(project.path(), &["load", source, "--migrate"]);
    elt.path("--data", bikes.data.path()).run().ok();
}

#[test]
fn a_changed_core_query_is_brought_to_all_loads_that_are_staged() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay", "2,Quay"]);
    bikes.load("bikes", &["1,Mill", "2,quay"]);
    bikes.load("pings", &["1,Quay"]);
    bikes.load("pings", &["1,quay"]);
    let project = project_copy();
    for (source, column) in [("bikes", "station"), ("pings", "place")] {
        project.replace(
            &format!("sql/core/incoming_{source}.sql"),
            &format!("elt.text_value(staged.{column})"),
            &format!("upper(elt.text_value(staged.{column}))"),
        );
    }
    let elt = |args: &[&str]| bikes.database.elt_with(project.path(), args);
    elt(&["migrate"]).run().ok();
    // What the loads say differs less now, and so do the loads that said it first.
    assert_eq!(bikes.core("bikes"), "1 MILL 2, 2 QUAY 1");
    assert_eq!(bikes.core("pings"), "1 QUAY 3, 1 QUAY 4");
    assert_eq!(bikes.changes(), "core.bikes 0 2 0, core.pings 2 0 2");
    elt(&["migrate", "--check"]).run().ok();
    elt(&["rollback", "bikes"]).run().ok();
    assert_eq!(bikes.core("bikes"), "1 QUAY 1, 2 QUAY 1");
}

#[test]
fn what_is_no_longer_staged_is_named_and_the_others_are_published() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set keep_loads = 1 where source = 'bikes'");
    bikes.load("bikes", &["1,Quay", "2,Quay"]);
    bikes.load("bikes", &["1,Mill"]);
    bikes.load("stations", &["1,Quay"]);
    let project = project_copy();
    for (source, column) in [("bikes", "station"), ("stations", "name")] {
        project.replace(
            &format!("sql/core/incoming_{source}.sql"),
            &format!("elt.text_value(staged.{column})"),
            &format!("upper(elt.text_value(staged.{column}))"),
        );
    }
    let elt = |args: &[&str]| bikes.database.elt_with(project.path(), args);
    let migrated = elt(&["migrate"]).run().ok();
    migrated.says(&[
        "Older loads of these sources are no longer in staging: bikes",
        "the oldest first",
    ]);
    assert_eq!(bikes.core("bikes"), "1 Mill 2, 2 Quay 1");
    assert_eq!(bikes.core("stations"), "1 QUAY 3");
    let out = Folder::new();
    let export = || elt(&["export"]).path("--out", out.path()).run();
    export().exits_with(6).says(&["staging: bikes"]);
    // The files are loaded again, although their bytes equal those of live loads.
    for rows in [&["1,Quay", "2,Quay"][..], &["1,Mill"]] {
        database_load(&bikes, &project, "bikes", rows);
    }
    assert_eq!(bikes.core("bikes"), "1 MILL 5, 2 QUAY 4");
    export().ok();
}

#[test]
fn another_sources_core_query_may_change_while_staging_is_gone() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set keep_loads = 1 where source = 'bikes'");
    bikes.load("bikes", &["1,Quay"]);
    bikes.load("bikes", &["2,Quay"]);
    bikes.load("stations", &["1,Quay"]);
    let project = project_copy();
    project.replace(
        "sql/core/incoming_stations.sql",
        "-- grain:",
        "-- changed:  yes\n-- grain:",
    );
    let migrated = bikes
        .database
        .elt_with(project.path(), &["migrate"])
        .run()
        .ok();
    assert!(
        migrated.stdout.contains("published again"),
        "{}",
        migrated.stdout
    );
    assert_eq!(bikes.changes(), "core.stations 0 0 0");
    assert!(!migrated.stderr.contains("bikes"), "{}", migrated.stderr);
}

#[test]
fn purging_a_load_leaves_what_the_others_say() {
    let bikes = Bikes::new();
    bikes.load("bikes", &["1,Quay", "2,Quay", "6,Quay"]);
    bikes.load("bikes", &["1,Mill", "3,Mill", "4,Mill"]);
    bikes.load("bikes", &["1,Port", "3,Mill", "5,Port", "6,Port"]);
    let purge = |load: &str| {
        bikes
            .elt(&format!("purge load {load} --yes --json"))
            .run()
            .ok()
    };
    // A load in the middle: rows that the later load also has come from the later one.
    let removed = purge("2").json();
    assert_eq!(
        bikes.core("bikes"),
        "1 Port 3, 2 Quay 1, 3 Mill 3, 5 Port 3, 6 Port 3"
    );
    assert_eq!(bikes.changes(), "core.bikes 0 0 1");
    assert_eq!(removed["removed"][0]["rows"], 1);
    let kept = "select string_agg(earlier ->> 'station', ',') from elt.earlier_row";
    assert_eq!(bikes.database.text(kept), "Quay,Quay");
    // The latest load.
    purge("3");
    assert_eq!(bikes.core("bikes"), "1 Quay 1, 2 Quay 1, 6 Quay 1");
    assert_eq!(bikes.changes(), "core.bikes 0 2 2");
    // A load that is no longer in staging, then the only one left.
    bikes
        .database
        .run("update elt.source set keep_loads = 1 where source = 'bikes'");
    bikes.load("bikes", &["1,Hill", "2,Quay"]);
    purge("1");
    assert_eq!(bikes.core("bikes"), "1 Hill 4, 2 Quay 4");
    assert_eq!(
        bikes
            .database
            .number("select count(*) from elt.earlier_row"),
        0
    );
    purge("4");
    assert_eq!(bikes.core("bikes"), "");
    assert_eq!(
        bikes.database.number("select count(*) from elt.live_load"),
        0
    );
    bikes.load("bikes", &["1,Quay"]);
    assert_eq!(bikes.core("bikes"), "1 Quay 5");
}

#[test]
fn purging_a_key_finds_it_in_core_and_in_earlier_rows() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set keep_loads = 2 where source = 'bikes'");
    bikes.load("bikes", &["1,Quay", "2,Quay", "3,Quay"]);
    bikes.load("bikes", &["1,Mill"]);
    bikes.load("bikes", &["2,Mill", "4,Mill"]);
    // Of load 1, whose staging is gone; the other load's changes stay, and can be taken back.
    bikes.elt("purge key bike_id=3 --yes").run().ok();
    assert_eq!(bikes.core("bikes"), "1 Mill 2, 2 Mill 3, 4 Mill 3");
    assert_eq!(bikes.changes(), "core.bikes 0 0 1, core.pings 0 0 0");
    bikes.elt("purge key bike_id=01 --yes").run().ok();
    assert_eq!(bikes.core("bikes"), "2 Mill 3, 4 Mill 3");
    assert_eq!(bikes.changes(), "core.bikes 0 0 1, core.pings 0 0 0");
    let anywhere = "select count(*) from elt.earlier_row where earlier ->> 'bike_id' = '1'";
    assert_eq!(bikes.database.number(anywhere), 0);
    // The value is now only in an earlier row.
    bikes
        .elt("purge key bike_id=2 station=Quay --yes")
        .run()
        .ok();
    assert_eq!(bikes.core("bikes"), "2 Mill 3, 4 Mill 3");
    assert_eq!(
        bikes
            .database
            .number("select count(*) from elt.earlier_row"),
        0
    );
    bikes.elt("rollback bikes").run().ok();
    assert_eq!(bikes.core("bikes"), "");
    bikes.elt("check").run().ok();
}

#[test]
fn mended_records_come_to_what_was_appended() {
    let bikes = Bikes::new();
    for source in ["pings", "bikes"] {
        bikes.load(source, &["1,Quay", "2", "3,Quay"]);
        let corrected = bikes.data.path().join(format!("corrected-{source}.csv"));
        let rejects = bikes.elt(&format!("rejects {source}"));
        rejects.path("--out", &corrected).run().ok();
        let text = std::fs::read_to_string(&corrected).unwrap();
        std::fs::write(&corrected, text.replace("2\n", "2,Mill\n")).unwrap();
        let replay = bikes.elt(&format!("load {source}"));
        replay.path("--replay", &corrected).run().ok();
    }
    assert_eq!(bikes.core("pings"), "1 Quay 1, 2 Mill 2, 3 Quay 1");
    assert_eq!(bikes.core("bikes"), "1 Quay 3, 2 Mill 4, 3 Quay 3");
    bikes.elt("rollback pings").run().ok();
    assert_eq!(bikes.core("pings"), "1 Quay 1, 3 Quay 1");
    let open = "select count(*) from elt.reject where replaced_by_load_id is null";
    assert_eq!(bikes.database.number(open), 1);
}

#[test]
fn rejects_of_every_live_load_are_seen_and_mended() {
    let bikes = Bikes::new();
    bikes.database.run("update elt.source set keep_loads = 9");
    let corrected = bikes.data.path().join("corrected.csv");
    let replay = |of: &str, text: &str| {
        std::fs::write(&corrected, text).unwrap();
        let elt = bikes.elt(&format!("load {of}"));
        elt.path("--replay", &corrected).run()
    };
    let load = |source: &str, rows: &[&str]| {
        let elt = bikes.file(source, rows).args(["--max-rejects", "3"]);
        let report = &elt.run().ok().json()["load"]["sources"][0];
        report["load_id"].as_i64().unwrap()
    };
    for source in ["pings", "bikes"] {
        let first = load(source, &["1,Quay", "2", "3", "4"]);
        load(source, &["1,Mill", "2,Mill", "5"]);
        let rejected = |expected: i64| {
            let sql =
                format!("select count(*) from quality.rows_rejected where source = '{source}'");
            assert_eq!(bikes.database.number(&sql), expected);
            let sql =
                format!("select rejects_open from elt.source_status where source = '{source}'");
            assert_eq!(bikes.database.number(&sql), expected);
        };
        rejected(4);
        let shown = bikes.elt(&format!("rejects {source}")).run().ok().stdout;
        assert!(shown.contains(&format!("load {first} of")), "{shown}");
        let header = std::fs::read_to_string(bikes.data.path().join(format!("{source}.csv")));
        let header = header.unwrap().lines().next().unwrap().to_string();
        let several = format!("{header}\n2,Port\n3,Port\n4\n");
        replay(source, &several)
            .exits_with(2)
            .says(&["several live loads", &first.to_string()]);
        replay(&first.to_string(), &several).ok();
        rejected(2);
        let third = bikes.database.number("select max(load_id) from elt.load");
        replay(&third.to_string(), &format!("{header}\n4,Port\n")).ok();
        rejected(1);
        bikes.elt(&format!("rollback {source}")).run().ok();
        rejected(2);
        let shown = bikes.elt(&format!("rejects {source}")).run().ok().stdout;
        assert!(!shown.contains("rolled back"), "{shown}");
    }
    assert_eq!(
        bikes.core("pings"),
        "1 Quay 1, 1 Mill 2, 2 Mill 2, 2 Port 3, 3 Port 3"
    );
    // What the second file said of bike 2 is later than what the first one meant to say.
    assert_eq!(bikes.core("bikes"), "1 Mill 6, 2 Mill 6, 3 Port 7");
    bikes.elt("check").run().ok();
    bikes.elt("purge load 6 --yes").run().ok();
    assert_eq!(bikes.core("bikes"), "1 Quay 5, 2 Port 7, 3 Port 7");
    bikes.elt("rollback pings --to 2").run().ok();
    let open = "select count(*) from quality.rows_rejected where source = 'pings'";
    assert_eq!(bikes.database.number(open), 4);
}

#[test]
fn core_that_does_not_fit_the_mode_is_said_before_anything_is_loaded() {
    let bikes = Bikes::new();
    let refused = |statement: &str, says: &[&str]| {
        bikes.database.run(statement);
        bikes
            .file("bikes", &["1,Quay"])
            .run()
            .exits_with(6)
            .says(says);
    };
    let as_merge = "update elt.source set mode = 'merge', key =";
    refused(
        &format!("{as_merge} '{{bike_id, station}}' where source = 'bikes'"),
        &[
            "source \"bikes\" has mode merge, and the primary key of table \"core.bikes\" is (bike_id)",
            "hint:",
        ],
    );
    refused(
        &format!(
            "{as_merge} '{{bike_id}}' where source = 'bikes'; \
                  alter table core.bikes drop constraint bikes_pkey"
        ),
        &["table \"core.bikes\" has no primary key"],
    );
    refused(
        "alter table core.bikes add primary key (bike_id); alter table core.bikes alter column _load_id type text",
        &["table \"core.bikes\" has no column _load_id bigint"],
    );
    assert_eq!(bikes.database.number("select count(*) from elt.load"), 0);
    let check = |statement: &str| bikes.database.connect().batch_execute(statement).is_err();
    assert!(check(
        "update elt.source set key = null where source = 'bikes'"
    ));
    assert!(check(
        "update elt.source set key = '{a}' where source = 'trips'"
    ));
}

#[test]
fn a_source_may_become_one_that_merges() {
    let bikes = Bikes::new();
    bikes.load("stations", &["1,Quay"]);
    bikes.load("stations", &["1,Quay", "2,Mill"]);
    let to_merge =
        "update elt.source set mode = 'merge', key = '{station_id}' where source = 'stations'";
    bikes.database.run(to_merge);
    bikes.load("stations", &["2,Port"]);
    assert_eq!(bikes.core("stations"), "1 Quay 1, 2 Port 3");
    bikes.elt("rollback stations").run().ok();
    assert_eq!(bikes.core("stations"), "1 Quay 1, 2 Mill 2");
    // Rows that were replaced before do not belong to it.
    bikes.elt("rollback stations").run().exits_with(1);
}
