//! Readers are never blocked, never see a part of a publish, and keep their privileges.

use crate::support::{Database, Folder, HEADER, ProjectCopy, Watch, state, unique, wait_until};
use postgres::IsolationLevel;

const COUNT: &str = "select count(*) from public.valid_appointments";

/// A role for one test; roles are shared by the whole cluster.
struct Role<'a> {
    name: String,
    database: &'a Database,
}

impl<'a> Role<'a> {
    fn new(database: &'a Database, grants: &str) -> Role<'a> {
        let name = format!("reader_{}", unique());
        database.run(&format!("create role {name} login"));
        database.run(&grants.replace("ROLE", &name));
        Role { name, database }
    }
}

impl Drop for Role<'_> {
    fn drop(&mut self) {
        let name = &self.name;
        let _ = self
            .database
            .connect()
            .batch_execute(&format!("drop owned by {name}; drop role {name}"));
    }
}

#[test]
fn a_load_blocks_no_reader_and_each_sees_one_state() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let before = database.number(COUNT);

    let mut one = database.connect();
    let mut repeatable = one
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()
        .unwrap();
    assert_eq!(
        repeatable.query_one(COUNT, &[]).unwrap().get::<_, i64>(0),
        before
    );
    let mut other = database.connect();
    let mut committed = other.transaction().unwrap();
    let cursor = committed
        .bind(
            "select emr_appointment_id from public.valid_appointments",
            &[],
        )
        .unwrap();
    let first = committed.query_portal(&cursor, 10).unwrap().len();

    // Both readers are in the middle of a result. The load does not wait for them.
    let project = ProjectCopy::new();
    project.write(
        "data/lab1_appointments.csv",
        &format!("{HEADER}1,1,,,4,,,2023-01-01\n"),
    );
    let load = database
        .elt()
        .args(["load"])
        .path("--data", &project.path().join("data"));
    load.run().ok();

    let rest = committed.query_portal(&cursor, 0).unwrap().len();
    assert_eq!(
        (first + rest) as i64,
        before,
        "the open cursor goes on with the old state"
    );
    assert_eq!(committed.query_one(COUNT, &[]).unwrap().get::<_, i64>(0), 1);
    assert_eq!(
        repeatable.query_one(COUNT, &[]).unwrap().get::<_, i64>(0),
        before
    );
    repeatable.commit().unwrap();
    assert_eq!(one.query_one(COUNT, &[]).unwrap().get::<_, i64>(0), 1);
}

#[test]
fn nobody_waits_while_a_publish_is_under_way() {
    let database = Database::new();
    database.elt().args(["load", "appointments"]).run().ok();
    let before = database.number(COUNT);
    // The publish has moved the pointer and changed core, and waits for this table.
    let held = database.hold("public.epion_practices in share mode");
    let load = database.elt().args(["load", "--force"]).start();
    wait_until("the publish to be under way", || {
        database.has_waiting_session()
    });
    assert_eq!(database.number(COUNT), before);
    assert_eq!(database.number("select count(*) from elt.live_load"), 1);
    held.release();
    load.finish().ok();
    assert_eq!(database.number("select count(*) from elt.live_load"), 4);
}

/// The exported text, and the loads in its manifest.
fn export(database: &Database, out: &Folder) -> Vec<String> {
    let elt = database.elt().args(["export"]);
    elt.path("--out", out.path()).run().ok();
    exported(out)
}

fn exported(out: &Folder) -> Vec<String> {
    let manifest: serde_json::Value = serde_json::from_str(&out.read("elt-export.json")).unwrap();
    let files = manifest["files"].as_array().unwrap().iter();
    let mut exported: Vec<String> = files
        .map(|file| out.read(file["file"].as_str().unwrap()))
        .collect();
    let loads = manifest["loads"].as_array().unwrap().iter();
    exported.extend(loads.map(|load| load["sha256"].to_string()));
    exported
}

#[test]
fn through_loads_and_rollbacks_readers_and_exports_see_states_that_are_whole() {
    let (other, out) = (Folder::with_other_data(), Folder::new());
    let other = other.path().to_str().unwrap();
    let steps = [
        vec!["load", "--data", other],
        vec!["load"],
        vec!["rollback", "appointments"],
        vec!["load", "appointments", "--force"],
        vec!["rollback", "practices"],
    ];
    let database = Database::new();
    let (mut states, mut exports) = (Vec::new(), Vec::new());
    for args in &steps {
        database.elt().args(args).run().ok();
        states.push(state(&database));
        exports.push(export(&database, &out));
    }
    assert_eq!(states[1], states[3], "back again");
    assert_eq!(exports[1], exports[3]);

    let database = Database::new();
    database.elt().args(&steps[0]).run().ok();
    let watch = Watch::of(&database, &states.iter().collect::<Vec<_>>());
    for (index, args) in steps.iter().enumerate().skip(1) {
        let mut run = database.elt().args(args).start();
        while !run.has_ended() {
            let exported = export(&database, &out);
            assert!(exports[index - 1..=index].contains(&exported), "{args:?}");
        }
        run.finish().ok();
        watch.look();
    }
    watch.end_at(&states[4]);
}

#[test]
fn an_export_under_way_shows_what_it_began_with() {
    let (database, other, out) = (Database::new(), Folder::with_other_data(), Folder::new());
    let load = database.elt().args(["load"]);
    load.path("--data", other.path()).run().ok();
    let before = export(&database, &out);
    // It has written one file, and wants this view for the next; no load wants it.
    let held =
        database.hold_by("alter view public.epion_utilization set (security_barrier = true)");
    let run = database.elt().args(["export"]);
    let run = run.path("--out", out.path()).start();
    wait_until("it to wait", || database.has_waiting_session());
    database.elt().args(["load"]).run().ok();
    held.release();
    run.finish().ok();
    assert_eq!(exported(&out), before);
    assert_ne!(export(&database, &out), before);
}

#[test]
fn grants_survive_a_load_and_every_kind_of_view_change() {
    let database = Database::new();
    let role = Role::new(
        &database,
        "grant select on public.valid_appointments to ROLE with grant option; \
         grant select (month) on public.epion_utilization to ROLE; \
         alter view public.valid_appointments set (security_barrier = true)",
    );
    let state = "select concat_ws(' ', \
        has_table_privilege(ROLE, 'public.valid_appointments', 'select with grant option'), \
        has_column_privilege(ROLE, 'public.epion_utilization', 'month', 'select'), \
        has_table_privilege(ROLE, 'public.epion_utilization', 'select'), \
        (select reloptions::text from pg_class where oid = 'public.valid_appointments'::regclass))"
        .replace("ROLE", &format!("'{}'", role.name));
    let expected = "t t f {security_barrier=true}";
    assert_eq!(database.text(&state), expected);
    database.elt().args(["load"]).run().ok();
    assert_eq!(database.text(&state), expected);

    let project = ProjectCopy::new();
    let migrate = || database.elt_with(project.path(), &["migrate"]).run().ok();
    // Replaced in place.
    let view = "sql/mart/valid_appointments.sql";
    project.replace(
        view,
        "not in ('x', 'X', 'f', 'F')",
        "not in ('x', 'X', 'f', 'F', 'q')",
    );
    migrate();
    assert_eq!(database.text(&state), expected);
    // The view and its readers are dropped and created again.
    project.rename_a_column();
    migrate();
    assert_eq!(database.text(&state), expected);
    let mut reader = database.connect_as(&role.name);
    reader
        .query("select is_live from public.valid_appointments limit 1", &[])
        .unwrap();
    reader
        .query("select month from public.epion_utilization", &[])
        .unwrap();
    assert_eq!(
        database.number(
            "select version from elt.current_view where name = 'public.valid_appointments'"
        ),
        3
    );
    assert_eq!(
        database.number(
            "select count(*) from elt.view_version where name = 'public.valid_appointments'"
        ),
        3
    );
}

#[test]
fn a_view_change_gives_up_after_its_lock_timeout_and_changes_nothing() {
    let database = Database::new();
    let project = ProjectCopy::new();
    project.replace(
        "sql/mart/valid_appointments.sql",
        "not in ('x', 'X', 'f', 'F')",
        "not in ('x')",
    );
    let mut holder = database.connect();
    let mut reading = holder.transaction().unwrap();
    reading.query(COUNT, &[]).unwrap();
    let migrate = || database.elt_with(project.path(), &["migrate"]).run();
    migrate().exits_with(1).says(&[
        "another session is using it",
        "Nothing was changed",
        "hint:",
    ]);
    // The reader continues, and a new one can start.
    reading.query(COUNT, &[]).unwrap();
    assert_eq!(database.number(COUNT), 0);
    reading.commit().unwrap();
    migrate().ok();
}
