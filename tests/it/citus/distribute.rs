//! `elt distribute`, and the functions of distributed tables, with stand-ins for Citus.

use crate::support::{Database, Folder, ProjectCopy};

const CALLS: &str =
    "select coalesce(string_agg(statement, '; ' order by call_id), '') from citus_call";
const CORE: &str = "select md5(string_agg(appointments::text, '' order by appointments::text)) from core.appointments";

/// A loaded database with the stand-ins.
fn loaded() -> Database {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    database.run(include_str!("stand_ins.sql"));
    database
}

fn distribute(database: &Database, args: &[&str]) -> Vec<String> {
    let outcome = database.elt().args(["distribute", "--json"]).args(args);
    let document = outcome.run().ok().json();
    let statements = document["statements"].as_array().unwrap();
    let texts = statements.iter().map(|each| each.as_str().unwrap());
    texts.map(str::to_string).collect()
}

/// What doctor prints, which exits with 1 if there is a problem.
#[track_caller]
fn doctor_reports(database: &Database, texts: &[&str]) {
    let found = database.elt().args(["doctor"]).run().exits_with(1);
    for text in texts {
        assert!(
            found.stdout.contains(text),
            "lacks: {text}\n{}",
            found.stdout
        );
    }
}

#[test]
fn without_citus_it_says_what_to_do() {
    let database = Database::new();
    let refused = database.elt().args(["distribute"]).run().exits_with(1);
    refused.says(&["has no Citus", "core.appointments", "citus_add_node"]);
    assert_eq!(
        database.number("select count(*) from elt.cluster_finding()"),
        0
    );
}

#[test]
fn declared_tables_are_distributed_once_and_brought_back_as_they_were() {
    let database = loaded();
    database.run(
        "comment on column public.valid_appointments.row_count is 'Mine.'; \
         grant select on public.valid_appointments to public",
    );
    let before = database.text(CORE);
    let planned = distribute(&database, &["--dry-run"]);
    assert_eq!(database.text(CALLS), "");
    assert!(
        planned[0].starts_with("-- Queries over core tables"),
        "{planned:?}"
    );

    let run = distribute(&database, &[]);
    assert_eq!(run.len(), planned.len());
    let calls = database.text(CALLS);
    assert!(calls.contains("send elt.bigint_value(text); "), "{calls}");
    assert!(
        calls.contains("send elt.has_value(anyelement,text); "),
        "{calls}"
    );
    let place = |call: &str| calls.find(call).unwrap();
    assert!(
        place("send elt.text_value(text)") < place("send elt.is_same(text,text)"),
        "a function before those that call it: {calls}"
    );
    assert!(
        !calls.contains("elt.seen_date_value"),
        "not immutable: {calls}"
    );
    assert!(
        calls.ends_with(
            "distribute core.appointments by emr_appointment_id with default; truncate core.appointments"
        ),
        "{calls}"
    );
    assert_eq!(distribute(&database, &[]), Vec::<String>::new());
    assert_eq!(database.text(CALLS), calls);
    database
        .elt()
        .args(["migrate", "--verify"])
        .run()
        .exits_with(6);

    assert_eq!(
        distribute(&database, &["--undo", "--dry-run"]),
        ["select undistribute_table('core.appointments')"]
    );
    assert_eq!(database.text(CALLS), calls);
    distribute(&database, &["--undo"]);
    assert!(
        database
            .text(CALLS)
            .ends_with("; undistribute core.appointments")
    );
    assert_eq!(distribute(&database, &["--undo"]), Vec::<String>::new());
    assert_eq!(database.text(CORE), before);
    let kept = "select concat_ws(' ', col_description('public.valid_appointments'::regclass, \
                (select attnum from pg_attribute where attrelid = 'public.valid_appointments'::regclass \
                and attname = 'row_count')), obj_description('public.valid_appointments'::regclass), \
                has_table_privilege('public', 'public.valid_appointments', 'select'))";
    let kept = database.text(kept);
    assert!(
        kept.starts_with("Mine. Appointments whose status"),
        "{kept}"
    );
    assert!(kept.ends_with(" t"), "{kept}");
}

#[test]
fn a_load_compares_a_distributed_table_beside_its_shards() {
    let database = loaded();
    distribute(&database, &[]);
    database.run("delete from citus_call");
    let data = Folder::with_data();
    let file = data.path().join("lab1_appointments.csv");
    // One row is gone, and one is new.
    let bytes = std::fs::read(&file).unwrap();
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    lines.remove(1);
    lines.push(b"1,999999999,,4,4,,,2023-02-01\n");
    std::fs::write(&file, lines.concat()).unwrap();
    let prepared = database.elt().args(["load"]).path("--data", data.path());
    prepared
        .env("PGOPTIONS", "-c elt.rows_to_prepare=1")
        .run()
        .ok();
    assert_eq!(
        database.text(CALLS),
        "distribute staging.elt_incoming by emr_appointment_id with core.appointments; \
         distribute staging.elt_changed by emr_appointment_id with core.appointments"
    );
    let left = "select count(*) from pg_class where relname like 'elt\\_%' and relkind = 'r' \
                and relnamespace = 'staging'::regnamespace";
    assert_eq!(database.number(left), 0);

    // The same file into a plain table.
    let plain = Database::new();
    plain.load(&data).ok();
    let rows = "select md5(string_agg(concat_ws(',', emr_practice_id, emr_appointment_id, appointment_date, \
                row_count), ';' order by emr_practice_id, emr_appointment_id)) from core.appointments";
    assert_eq!(database.text(rows), plain.text(rows));
    database.elt().args(["rollback", "appointments"]).run().ok();
    database.elt().args(["check"]).run().ok();
}

#[test]
fn a_header_that_contradicts_its_table_is_refused() {
    const QUERY: &str = "sql/core/incoming_appointments.sql";
    let (database, project) = (Database::new(), ProjectCopy::new());
    let migrate = || database.elt_with(project.path(), &["migrate"]).run();
    for (column, reason) in [
        (
            "nothing",
            "table \"core.appointments\" has no column \"nothing\"",
        ),
        (
            "row_count",
            "column \"row_count\" is not in the primary key of table \"core.appointments\"",
        ),
        ("a b", "\"a b\" is not the name of a column"),
    ] {
        let text = std::fs::read_to_string(project.path().join(QUERY)).unwrap();
        project.replace(
            QUERY,
            "-- distribute: emr_appointment_id",
            &format!("-- distribute: {column}"),
        );
        migrate()
            .exits_with(2)
            .says(&["incoming_appointments.sql\", line 4: ", reason]);
        project.write(QUERY, &text);
    }
    let mart = "sql/mart/epion_appointments.sql";
    project.replace(mart, "-- reads:", "-- distribute: a\n-- reads:");
    migrate()
        .exits_with(2)
        .says(&["only a core query that fills a table has a distribution column"]);
}

#[test]
fn obstacles_are_named_and_nothing_changes() {
    let database = loaded();
    database.run(
        "create function stay() returns trigger language plpgsql as 'begin return new; end'; \
         create trigger stay before update on core.appointments for each row execute function stay()",
    );
    for args in [&["distribute"][..], &["distribute", "--dry-run"]] {
        database.elt().args(args).run().exits_with(1).says(&[
            "table \"core.appointments\" has a trigger",
            "Drop the trigger",
        ]);
    }
    assert_eq!(database.text(CALLS), "");
    doctor_reports(&database, &["table \"core.appointments\" has a trigger"]);
}

#[test]
fn a_restored_cluster_is_told_to_distribute_again() {
    let database = loaded();
    let migrated = database.elt().args(["migrate"]).run().ok();
    migrated.says(&["core.appointments; elt distribute distributes them"]);
    database.elt().args(["load", "--force"]).run().ok();
    let findings = "select string_agg(what, '; ' order by what) from elt.cluster_finding()";
    assert_eq!(
        database.text(findings),
        "table core.appointments is not distributed; the maintenance daemon of Citus does not run"
    );
    distribute(&database, &[]);
    assert_eq!(
        database.text(findings),
        "the maintenance daemon of Citus does not run"
    );
}

#[test]
fn doctor_reports_the_nodes() {
    let database = loaded();
    distribute(&database, &[]);
    database.run(
        "update citus_answer set result = '2' where question like '%prepared%'; \
         insert into pg_catalog.pg_dist_node values ('two', 5432, 2, true, true), ('three', 5432, 3, false, false); \
         insert into pg_catalog.citus_shards select shardid, 'one', 5432, 900000000 from pg_catalog.pg_dist_shard; \
         insert into pg_catalog.pg_dist_shard select 'core.appointments', generate_series(1, 9); \
         insert into pg_catalog.pg_dist_placement select generate_series(1, 9), 1",
    );
    doctor_reports(
        &database,
        &[
            "node one:5432: old prepared transactions: 2",
            "node two:5432 has no shards",
            "node three:5432 is disabled",
            "table core.appointments: uneven shards",
        ],
    );
    database.run("update citus_answer set success = false, result = 'refused'");
    doctor_reports(&database, &["node one:5432 does not answer", "refused"]);
}

#[test]
fn sizes_are_those_of_the_workers() {
    let database = loaded();
    let sizes = "select concat_ws(' ', elt.row_estimate('core.appointments'), \
                 elt.relation_bytes('core.appointments'), elt.database_bytes())";
    let local = database.text(sizes);
    assert!(
        local.ends_with(" 2000") && !local.starts_with("7 "),
        "{local}"
    );
    distribute(&database, &[]);
    // The table and its two partitions.
    assert_eq!(database.text(sizes), "7 12288 2000");
}

#[test]
fn elt_read_may_read_a_distributed_table_and_no_other() {
    let database = loaded();
    let rights = "select count(*) from elt.role_right where role_name = 'elt_read' and schema_name = 'core' \
                  and privilege = 'select'";
    assert_eq!(database.number(rights), 0);
    distribute(&database, &[]);
    assert_eq!(database.number(rights), 1);
    distribute(&database, &["--undo"]);
    assert_eq!(database.number(rights), 0);
}
