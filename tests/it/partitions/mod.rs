//! A core table that is partitioned by hash of its key: filled by its first load, and shown as one table.

mod convert;

use crate::support::{Database, Folder, HEADER, ProjectCopy, wait_until};

/// The partitions and their numbers of rows.
const PARTITIONS: &str = "select coalesce(string_agg(format('%s %s', oid::regclass, \
                          (xpath('//n/text()', query_to_xml(format('select count(*) as n from %s', oid::regclass), \
                          false, true, '')))[1]), ', ' order by oid::regclass::text), '') \
                          from pg_class where relispartition and relnamespace = 'core'::regnamespace and relkind = 'r'";

/// One more appointment than in the project's own file.
fn one_more() -> Folder {
    let data = Folder::with_data();
    let file = data.path().join("lab1_appointments.csv");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend_from_slice(b"1,999999999,,4,4,,,2023-02-01\n");
    std::fs::write(&file, bytes).unwrap();
    data
}

#[test]
fn the_first_load_creates_the_partitions_and_they_stay() {
    let database = Database::new();
    assert_eq!(database.text(PARTITIONS), "");
    let data = Folder::with_other_data();
    let rows: String = (1..=50)
        .map(|number| format!("1,{number},,4,4,,,2023-02-01\n"))
        .collect();
    let file = data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    database.load(&data).ok();
    let after_first = database.text(PARTITIONS);
    let counts: Vec<i64> = after_first
        .split(", ")
        .enumerate()
        .map(|(remainder, partition)| {
            let name = format!("core.appointments_part_{remainder} ");
            let count = partition.strip_prefix(&name).expect(partition);
            count.parse().unwrap()
        })
        .collect();
    assert_eq!(counts.len(), 2, "{after_first}");
    assert_eq!(counts.iter().sum::<i64>(), 50);
    assert!(counts.iter().all(|count| *count > 5), "{after_first}");
    // A reload compares by key over both, and an emptied table keeps them.
    std::fs::write(
        &file,
        format!("{HEADER}{}", rows.replacen(",4,4,", ",4,5,", 1)),
    )
    .unwrap();
    let loaded = database.elt().args(["load", "--json"]);
    let report = loaded.path("--data", data.path()).run().ok().json();
    let change = &report["load"]["published"]["changes"][0];
    let counts =
        ["rows_inserted", "rows_updated", "rows_deleted"].map(|each| change[each].as_i64());
    assert_eq!(counts, [Some(0), Some(1), Some(0)], "{change}");
    std::fs::write(&file, HEADER).unwrap();
    let emptied = database.elt().args(["load", "--allow-shrink"]);
    emptied.path("--data", data.path()).run().ok();
    let empty = "core.appointments_part_0 0, core.appointments_part_1 0";
    assert_eq!(database.text(PARTITIONS), empty);
    database.elt().args(["rollback", "appointments"]).run().ok();
    assert_eq!(database.text(PARTITIONS), after_first);
    database.elt().args(["migrate", "--verify"]).run().ok();
}

#[test]
fn a_partition_is_no_table_of_its_own() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let rows = database.number("select count(*) from core.appointments");
    let shown = "select count(*) from elt.relation where relation_name like 'appointments_part%'";
    assert_eq!(database.number(shown), 0);
    let documented =
        "select count(*) from elt.dictionary where name like 'core.appointments_part%'";
    assert_eq!(database.number(documented), 0);
    let compared =
        "select count(*) from elt.schema_object where name like 'core.appointments_part%'";
    assert_eq!(database.number(compared), 0);
    let estimate = "select row_estimate from elt.relation where relation_name = 'appointments' and schema_name = 'core'";
    assert_eq!(database.number(estimate), rows);
    // Autovacuum would count the rows of a partition, but never those of the table.
    let parent = "select reltuples::bigint from pg_class where oid = 'core.appointments'::regclass";
    assert_eq!(database.number(parent), rows);
    let project = ProjectCopy::new();
    let sql = "alter table core.appointments add column note text;\n";
    project.add_migration(0, "add_note", sql);
    let plan = database.elt_with(project.path(), &["migrate", "--dry-run"]);
    let plan = plan.run().ok().stdout;
    let size = format!(
        "about {},{:03} rows, 2 partitions), read by",
        rows / 1000,
        rows % 1000
    );
    assert!(plan.contains(&size), "lacks {size}:\n{plan}");
    database.load(&one_more()).ok();
    database.run("delete from core.appointments where emr_appointment_id % 2 = 0");
    database.run("vacuum analyze core.appointments_part_0");
    database.run("vacuum analyze core.appointments_part_1");
    database.load(&Folder::with_data()).ok();
    assert_eq!(database.number(parent), rows);
}

#[test]
fn its_history_and_its_dead_rows_are_those_of_the_table() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    database.run(
        "create trigger noted after update on core.appointments for each row \
             execute function elt.note_change('emr_practice_id', 'emr_appointment_id'); \
         alter table core.appointments_part_0 set (autovacuum_enabled = false); \
         alter table core.appointments_part_1 set (autovacuum_enabled = false); \
         update core.appointments set row_count = row_count + 1 where emr_appointment_id % 100 = 0",
    );
    let noted = "select format('%s %s', count(distinct row_key), array_agg(distinct table_name)) from elt.change \
                 where table_name like 'core.%'";
    let changed = "select format('%s {core.appointments}', count(*)) from core.appointments \
                   where emr_appointment_id % 100 = 0";
    assert_eq!(database.text(noted), database.text(changed));
    database.run(
        "insert into core.appointments (emr_practice_id, emr_appointment_id, row_count, _load_id, _row) \
             select -1, number, 1, 1, number from generate_series(1, 12000) as number; \
         delete from core.appointments where emr_practice_id = -1",
    );
    let found = "select array_agg(statement)::text = '{\"vacuum (analyze) core.appointments\"}' \
                 from elt.vacuum_finding where what like 'core.%'";
    database.wait_for(
        "the dead rows of both partitions",
        &format!("select coalesce(({found}), false)"),
    );
}

#[test]
fn the_first_load_waits_for_no_reader_and_none_waits_for_it() {
    let database = Database::new();
    let mut reader = database.connect();
    let count = "select count(*) from core.appointments";
    reader.batch_execute("begin").unwrap();
    let seen: i64 = reader.query_one(count, &[]).unwrap().get(0);
    assert_eq!(seen, 0);
    // The reader keeps its lock on the table. The rules wait for the test, after the partitions were attached.
    let held = database.hold("elt.rule_result");
    let data = Folder::with_data();
    let load = database.elt().args(["load"]).path("--data", data.path());
    let load = load.start();
    wait_until("the rules", || database.has_waiting_session());
    let seen: i64 = reader.query_one(count, &[]).unwrap().get(0);
    assert_eq!(seen, 0, "rows of an open publish");
    let mut another = database.connect();
    another.batch_execute("set lock_timeout = '1s'").unwrap();
    let seen: i64 = another.query_one(count, &[]).unwrap().get(0);
    assert_eq!(seen, 0, "rows of an open publish");
    held.release();
    load.finish().ok();
    let seen: i64 = reader.query_one(count, &[]).unwrap().get(0);
    assert!(seen > 0);
}
