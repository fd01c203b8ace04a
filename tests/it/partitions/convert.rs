//! A plain core table with rows and readers becomes a partitioned one.

use super::{PARTITIONS, one_more};
use crate::grants::Shared;
use crate::support::{Database, ProjectCopy, difference};

/// The number of the migration that makes the table partitioned.
const MIGRATION: usize = 16;

/// A database in which `core.appointments` is a plain table, and the project that creates it.
fn plain() -> (Database, ProjectCopy) {
    let (database, project) = (Database::empty(), ProjectCopy::new());
    let removed = project.remove_migrations(MIGRATION);
    database.elt_with(project.path(), &["migrate"]).run().ok();
    for (name, text) in &removed {
        project.write(name, text);
    }
    (database, project)
}

/// Loads before the migration, with a project that lacks it.
fn load_plain(database: &Database) {
    let project = ProjectCopy::new();
    project.remove_migrations(MIGRATION);
    database.elt_with(project.path(), &["load"]).run().ok();
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
    // The migration also changes the order of the key.
    let [old_key, new_key] = [
        "btree (emr_practice_id, emr_appointment_id)",
        "btree (emr_appointment_id, emr_practice_id)",
    ];
    let before = database.text(kept).replace(old_key, new_key);
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
fn a_view_of_another_role_stops_it_until_the_role_is_granted() {
    let (shared, project) = (Shared::new(), ProjectCopy::new());
    let removed = project.remove_migrations(MIGRATION);
    let migrate = || {
        let elt = shared.elt("me_migrate", "migrate");
        elt.path("--project", project.path()).run()
    };
    shared.run("dba", "grants --yes").ok();
    let run_as =
        |role: &str, sql: &str| shared.database.connect_as(role).batch_execute(sql).unwrap();
    run_as("dba", "create role me_migrate login in role elt_migrate");
    migrate().ok();
    shared
        .database
        .run("grant usage on schema core to shop; grant select on core.appointments to shop");
    run_as(
        "shop",
        "create view shop.days as select appointment_date from core.appointments",
    );
    for (name, text) in &removed {
        project.write(name, text);
    }
    migrate().exits_with(1).says(&[
        "cannot partition table \"core.appointments\": view shop.days belongs to role \"shop\"",
        "hint: grant shop to elt_migrate, and revoke it after the migration.",
    ]);
    shared.database.run("grant shop to elt_migrate");
    migrate().ok();
    shared.database.run("revoke shop from elt_migrate");
    let reader = "select relowner::regrole::text from pg_class where oid = 'shop.days'::regclass";
    assert_eq!(shared.database.text(reader), "shop");
    let days = shared
        .database
        .connect_as("shop")
        .query("select * from shop.days", &[]);
    assert!(days.unwrap().is_empty());
}
