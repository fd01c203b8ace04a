//! A core table that is partitioned by hash of its key: turned into one with rows and readers, filled by its first
//! load, and shown as one table.

use crate::support::{Database, Folder, HEADER, ProjectCopy, difference};

const MIGRATION: &str = "migrations/V0016__partition_appointments.sql";

/// The partitions and their numbers of rows.
const PARTITIONS: &str = "select coalesce(string_agg(format('%s %s', oid::regclass, \
                          (xpath('//n/text()', query_to_xml(format('select count(*) as n from %s', oid::regclass), \
                          false, true, '')))[1]), ', ' order by oid::regclass::text), '') \
                          from pg_class where relispartition and relnamespace = 'core'::regnamespace and relkind = 'r'";

/// A database in which `core.appointments` is a plain table, and the project that creates it.
fn plain() -> (Database, ProjectCopy) {
    let (database, project) = (Database::empty(), ProjectCopy::new());
    let text = std::fs::read_to_string(project.path().join(MIGRATION)).unwrap();
    project.remove(MIGRATION);
    database.elt_with(project.path(), &["migrate"]).run().ok();
    project.write(MIGRATION, &text);
    (database, project)
}

/// Loads before the migration, with a project that lacks it.
fn load_plain(database: &Database) {
    let project = ProjectCopy::new();
    project.remove(MIGRATION);
    database.elt_with(project.path(), &["load"]).run().ok();
}

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
fn a_table_with_rows_becomes_a_partition_and_no_view_reads_it_directly() {
    let (database, project) = plain();
    load_plain(&database);
    database.run(
        "create role partition_reader; \
         create schema theirs; grant usage on schema theirs to partition_reader; \
         create view theirs.days with (security_barrier, check_option = local) as \
             select appointments.*, 1 as one from core.appointments where appointment_date is not null; \
         create view theirs.documents as select to_jsonb(each_one) as document from core.appointments as each_one; \
         create view theirs.joined as select days.one from theirs.days \
             inner join core.appointments using (emr_practice_id, emr_appointment_id); \
         comment on view theirs.days is 'Of another application.'; \
         alter view theirs.days alter column one set default 2; \
         grant select on theirs.days to partition_reader; \
         grant select on core.appointments to partition_reader; \
         grant select (row_count), update (row_count) on core.appointments to public; \
         create index appointments_by_day on core.appointments (appointment_date); \
         comment on index core.appointments_by_day is 'By day.'; \
         create function theirs.stay() returns trigger language plpgsql as 'begin return new; end'; \
         create trigger stay before update on core.appointments for each row execute function theirs.stay(); \
         comment on trigger stay on core.appointments is 'Stays.'; \
         alter table core.appointments disable trigger stay",
    );
    let kept = "select concat_ws(E'\\n', \
        (select string_agg(format('%s %s %s %s', oid::regclass, relowner::regrole, \
            array(select unnest(relacl)::text order by 1), reloptions), E'\\n' \
            order by oid::regclass::text) from pg_class where relkind in ('v', 'r', 'p', 'i', 'I') \
            and not relispartition and relnamespace::regnamespace::text in ('core', 'theirs', 'public', 'quality')), \
        (select string_agg(translate(pg_get_viewdef(oid), '()', ''), E'\\n' order by oid::regclass::text) from pg_class \
            where relkind = 'v' and relnamespace::regnamespace::text in ('core', 'theirs', 'public', 'quality')), \
        (select string_agg(format('%s %s', attname, attacl), ' ') from pg_attribute \
            where attrelid = 'core.appointments'::regclass and attnum > 0), \
        (select string_agg(pg_get_triggerdef(oid) || tgenabled::text || obj_description(oid, 'pg_trigger'), ' ') \
            from pg_trigger where tgrelid = 'core.appointments'::regclass), \
        (select string_agg(replace(pg_get_indexdef(indexrelid), 'ON ONLY', 'ON') \
            || coalesce(obj_description(indexrelid, 'pg_class'), ''), ' ' order by indexrelid::regclass::text) \
            from pg_index where indrelid = 'core.appointments'::regclass), \
        obj_description('theirs.days'::regclass), obj_description('core.appointments'::regclass), \
        (select count(*) from core.appointments), (select count(*) from theirs.days), \
        (select count(*) from theirs.documents), (select count(*) from public.valid_appointments), \
        (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'theirs.days'::regclass))";
    let before = database.text(kept);
    let rows = database.number("select count(*) from core.appointments");
    // A prepared statement of an open session finds the new table.
    let mut session = database.connect();
    let counted = session.prepare("select count(*) from theirs.days").unwrap();
    let days: i64 = session.query_one(&counted, &[]).unwrap().get(0);

    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(difference(&database.text(kept), &before), None);
    let only = format!("core.appointments_part_0 {rows}");
    assert_eq!(database.text(PARTITIONS), only);
    // As after a change by hand: nothing is left to do.
    database.run("select elt.partition_table('core.appointments')");
    assert_eq!(database.text(PARTITIONS), only);
    let direct = "select count(*) from pg_depend where refclassid = 'pg_class'::regclass and deptype = 'n' \
                  and refobjid = 'core.appointments_part_0'::regclass";
    assert_eq!(database.number(direct), 0, "a view reads the partition");
    let public = "select count(*) from pg_class, aclexplode(relacl) as granted \
                  where oid = 'core.appointments_part_0'::regclass and grantee <> relowner";
    assert_eq!(database.number(public), 0, "rights on the partition");
    let verify = ["migrate", "--verify"];
    database.run("drop trigger stay on core.appointments; drop index core.appointments_by_day");
    database.run("revoke all on core.appointments from public, partition_reader");
    database.elt_with(project.path(), &verify).run().ok();

    // New loads are seen through the views.
    database.load(&one_more()).ok();
    let now: i64 = session.query_one(&counted, &[]).unwrap().get(0);
    assert_eq!(now, days + 1);
    let only = format!("core.appointments_part_0 {}", rows + 1);
    assert_eq!(database.text(PARTITIONS), only);
    database.elt().args(["rollback", "appointments"]).run().ok();
    let now: i64 = session.query_one(&counted, &[]).unwrap().get(0);
    assert_eq!(now, days);
    database.run("drop owned by partition_reader; drop role partition_reader");
}

#[test]
fn what_would_be_lost_is_named_and_nothing_changes() {
    let (database, project) = plain();
    load_plain(&database);
    database.run("create schema theirs; create role partition_owner; grant usage on schema core to partition_owner");
    let obstacles = [
        (
            "create materialized view theirs.kept as select * from core.appointments",
            "materialized view theirs.kept depends on it",
            "drop materialized view theirs.kept",
        ),
        (
            "create table theirs.notes (practice bigint, appointment bigint, \
             constraint notes_fkey foreign key (practice, appointment) references core.appointments)",
            "constraint notes_fkey on table theirs.notes is a foreign key",
            "drop table theirs.notes",
        ),
        (
            "create function theirs.latest() returns core.appointments begin atomic \
             select * from core.appointments limit 1; end",
            "function theirs.latest() depends on it",
            "drop function theirs.latest()",
        ),
        (
            "create table theirs.pairs (one core.appointments)",
            "column one of table theirs.pairs depends on it",
            "drop table theirs.pairs",
        ),
        (
            "create rule stays as on delete to core.appointments do instead nothing",
            "rule stays on table core.appointments would be lost",
            "drop rule stays on core.appointments",
        ),
        (
            "create view theirs.days as select 1 as one; \
             create rule also as on insert to theirs.days do instead delete from core.appointments",
            "rule also on view theirs.days depends on it",
            "drop view theirs.days",
        ),
        (
            "create policy seen on core.appointments for select to public using (row_count > 0)",
            "policy seen on table core.appointments would be lost",
            "drop policy seen on core.appointments",
        ),
        (
            "create publication partition_test for table core.appointments",
            "publication \"partition_test\" names it",
            "drop publication partition_test",
        ),
        (
            "create unique index by_row on core.appointments (_load_id, _row)",
            "index core.by_row is unique and lacks columns of the key",
            "drop index core.by_row",
        ),
        (
            "alter table core.appointments add constraint counted check (row_count > 0) not valid",
            "constraint counted on table core.appointments is not valid",
            "alter table core.appointments drop constraint counted",
        ),
        (
            "alter table core.appointments drop constraint appointments_pkey",
            "it has no primary key",
            "alter table core.appointments add constraint appointments_pkey \
             primary key (emr_practice_id, emr_appointment_id)",
        ),
    ];
    let state = "select format('%s %s', relkind, (select count(*) from core.appointments)) from pg_class \
                 where oid = 'core.appointments'::regclass";
    let before = database.text(state);
    for (make, problem, undo) in obstacles {
        database.run(make);
        let refused = database.elt_with(project.path(), &["migrate"]).run();
        refused.exits_with(1).says(&[
            "V0016__partition_appointments.sql",
            "cannot partition table \"core.appointments\"",
            problem,
            "hint: ",
        ]);
        assert_eq!(database.text(state), before, "{problem}");
        database.run(undo);
    }
    database.elt_with(project.path(), &["migrate"]).run().ok();
    database.run("drop owned by partition_owner; drop role partition_owner");
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
                 where operation = 'update'";
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
