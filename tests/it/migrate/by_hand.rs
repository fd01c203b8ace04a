//! `elt migrate --sql`: run in psql, it leaves nothing to do.

use crate::support::{Database, Folder, ProjectCopy, migrations};

/// Writes the script, and runs it as a DBA would.
fn run_by_hand(database: &Database, project: &ProjectCopy) -> String {
    let folder = Folder::new();
    let elt = database.elt_with(project.path(), &["migrate", "--sql"]);
    let script = elt.run().ok().stdout;
    let file = folder.write("script.sql", &script);
    let psql = database.elt().args(["db", "psql", "--", "-X", "-q", "-f"]);
    let outcome = psql.args([file]).run().ok();
    assert_eq!(outcome.stderr, "");
    script
}

fn is_done(database: &Database, project: &ProjectCopy) {
    let elt = |args: &[&str]| database.elt_with(project.path(), args).run().ok().stdout;
    assert!(elt(&["migrate", "--check"]).contains("up to date"));
    assert!(elt(&["migrate"]).contains("nothing to do"));
    assert!(elt(&["migrate", "--verify"]).contains("is what was applied"));
}

#[test]
fn a_database_made_by_hand_is_as_good() {
    let (database, project) = (Database::empty(), ProjectCopy::new());
    run_by_hand(&database, &project);
    is_done(&database, &project);
    // All that elt writes into its ledgers is there, but the moments.
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
fn views_made_anew_by_hand_keep_what_others_gave_them() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run(
        "create role by_hand_reader; \
         grant select on public.epion_utilization to by_hand_reader; \
         alter view public.epion_utilization set (security_barrier = true)",
    );
    project.add_migration(
        0,
        "add_note",
        "alter table core.offices add column note text;\ncomment on column core.offices.note is 'It''s new.';\n",
    );
    project.add_migration(
        1,
        "index_note",
        "-- transaction: none\ncreate index concurrently if not exists offices_note_idx on core.offices (note);\n",
    );
    project.replace(
        "sql/mart/epion_utilization.sql",
        "::bigint as total_valid_appointments",
        "::bigint as valid_appointments",
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
    let script = run_by_hand(&database, &project);
    for part in [
        "drop view if exists public.epion_utilization;",
        "alter view public.epion_utilization set (security_barrier=true);",
        "drop view if exists quality.offices_not_launched;",
        "index_note.sql: outside of a transaction\n",
    ] {
        assert!(script.contains(part), "lacks {part}:\n{script}");
    }
    let state = "select concat_ws(' ', has_table_privilege('by_hand_reader', oid, 'select'), reloptions::text) \
                 from pg_class where oid = 'public.epion_utilization'::regclass";
    assert_eq!(database.text(state), "t {security_barrier=true}");
    // It is kept, and it is not what was applied.
    let verify = database.elt_with(project.path(), &["migrate", "--verify"]);
    let found = verify.run().exits_with(6).stdout;
    assert!(
        found.starts_with("unexpected options public.epion_utilization\n"),
        "{found}"
    );
    database.run("alter view public.epion_utilization reset (security_barrier)");
    is_done(&database, &project);
    let texts = "select count(*) from elt.project_migration where applied_text is not null";
    assert_eq!(database.number(texts), migrations("epion") + 2);
    assert_eq!(
        database
            .number("select version from elt.current_view where name = 'public.epion_utilization'"),
        2
    );
    database.run("drop owned by by_hand_reader; drop role by_hand_reader");
}
