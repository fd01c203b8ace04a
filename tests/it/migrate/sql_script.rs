//! `elt migrate --sql`: after running its script in psql, nothing is pending.

use crate::support::{Database, Folder, ProjectCopy, migrations};

/// Writes the script and runs it in psql, as a DBA would.
fn run_script(database: &Database, project: &ProjectCopy) -> String {
    let folder = Folder::new();
    let elt = database.elt_with(project.path(), &["migrate", "--sql"]);
    let script = elt.run().ok().stdout;
    let file = folder.write("script.sql", &script);
    let psql = database.elt().env("PGCLIENTENCODING", "LATIN1");
    let psql = psql.args(["db", "psql", "--", "-X", "-q", "-f"]);
    let outcome = psql.args([file]).run().ok();
    assert_eq!(outcome.stderr, "");
    script
}

fn assert_up_to_date(database: &Database, project: &ProjectCopy) {
    let elt = |args: &[&str]| database.elt_with(project.path(), args).run().ok().stdout;
    assert!(elt(&["migrate", "--check"]).contains("up to date"));
    assert!(elt(&["migrate"]).contains("nothing to do"));
    assert!(elt(&["migrate", "--verify"]).contains("matches what was applied"));
}

#[test]
fn a_database_made_by_the_script_equals_one_made_by_elt() {
    let (database, project) = (Database::empty(), ProjectCopy::new());
    run_script(&database, &project);
    assert_up_to_date(&database, &project);
    // The ledgers are equal, except for the times.
    let by_elt = Database::new();
    for table in [
        "select md5(string_agg(concat_ws(' ', version, name, checksum, applied_text, length(applied_on) >= 20), ';' order by version)) \
         from elt.engine_migration",
        "select md5(string_agg(concat_ws(' ', name, version, layer, header, sha256, definition, elt_version), ';' order by name)) \
         from elt.view_version",
    ] {
        assert_eq!(database.text(table), by_elt.text(table), "{table}");
    }
    database.elt_with(project.path(), &["load"]).run().ok();
}

#[test]
fn views_recreated_by_the_script_keep_grants_and_options() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run(
        "create role by_hand_reader; \
         grant select on public.epion_utilization to by_hand_reader; \
         alter view public.epion_utilization set (security_barrier = true)",
    );
    // Its next version is the third.
    let view = "sql/mart/epion_utilization.sql";
    project.replace(view, "All valid appointments", "The valid appointments");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    // Both without their last semicolon.
    project.replace(
        view,
        "rounded to four places.';",
        "rounded to four places: é.' -- ;",
    );
    project.add_migration(
        0,
        "add_note",
        "alter table core.offices add column note text;\ncomment on column core.offices.note is 'It''s new.' -- ;\n",
    );
    project.add_migration(
        1,
        "index_note",
        "-- transaction: none\ncreate unique index concurrently if not exists \"Offices' Größe\" on \"core\".offices (note);\n\
         comment on index core.\"Offices' Größe\" is E'It\\'s new; so far.';\n",
    );
    project.replace(
        "sql/mart/epion_utilization.sql",
        "count(*) as total_valid_appointments",
        "count(*) as valid_appointments",
    );
    project.replace(
        "sql/mart/epion_utilization.sql",
        "epion_utilization.total_valid_appointments",
        "epion_utilization.valid_appointments",
    );
    project.replace(
        "sql/export/epion_utilization.sql",
        "epion_utilization.total_valid_appointments",
        "epion_utilization.valid_appointments as total_valid_appointments",
    );
    project.remove("sql/quality/offices_not_launched.sql");
    let script = run_script(&database, &project);
    for part in [
        "drop view if exists public.epion_utilization;",
        "alter view public.epion_utilization set (security_barrier=true);",
        "drop view if exists quality.offices_not_launched;",
        "index_note.sql: outside a transaction\n",
    ] {
        assert!(script.contains(part), "lacks {part}:\n{script}");
    }
    let state = "select concat_ws(' ', has_table_privilege('by_hand_reader', oid, 'select'), reloptions::text) \
                 from pg_class where oid = 'public.epion_utilization'::regclass";
    assert_eq!(database.text(state), "t {security_barrier=true}");
    // It was kept, although no file declares it.
    database.run("alter view public.epion_utilization reset (security_barrier)");
    assert_up_to_date(&database, &project);
    let texts = "select count(*) from elt.project_migration where applied_text is not null";
    assert_eq!(database.number(texts), migrations("epion") + 2);
    assert_eq!(
        database
            .number("select version from elt.current_view where name = 'public.epion_utilization'"),
        3
    );
    let comment = "select col_description(attrelid, attnum) from pg_attribute \
                   where attrelid = 'public.epion_utilization'::regclass and attname = 'utilization_rate'";
    assert!(
        database.text(comment).ends_with("places: é."),
        "read as UTF-8"
    );
    database.run("drop owned by by_hand_reader; drop role by_hand_reader");
}

#[test]
fn the_script_rebuilds_an_interrupted_index() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run(
        "create table public.\"Twice\" (id bigint); insert into public.\"Twice\" values (1), (1)",
    );
    let sql = "create unique index concurrently if not exists \"Twice's \"\"id\"\"\" on public.\"Twice\" (id)";
    database.connect().batch_execute(sql).unwrap_err();
    database
        .run("delete from public.\"Twice\" where ctid = (select min(ctid) from public.\"Twice\")");
    project.add_migration(0, "be_unique", &format!("-- transaction: none\n{sql};\n"));
    run_script(&database, &project);
    let valid = "select count(*) from pg_index where indrelid = 'public.\"Twice\"'::regclass and indisvalid";
    assert_eq!(database.number(valid), 1);
}
