//! Applying `sql/`: versions, order, views of other applications, and the headers.

mod diff;
mod others;

use crate::support::{Database, ProjectCopy};

#[test]
fn a_changed_core_query_is_published_again_from_staging() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let before = database.number("select count(*) from core.appointments");
    let project = ProjectCopy::new();
    project.replace(
        "sql/core/incoming_appointments.sql",
        "    and appointment_rows.emr_appointment_id is not null\n",
        "    and appointment_rows.emr_appointment_id is not null\n    and appointment_rows.emr_practice_id <> 70\n",
    );
    let outcome = database.elt_with(project.path(), &["migrate"]).run().ok();
    assert!(
        outcome.stdout.contains("published again"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        database.number("select count(*) from core.appointments where emr_practice_id = 70"),
        0
    );
    assert!(database.number("select count(*) from core.appointments") < before);
    // The same files under another core query are not the same load, under the same one they are.
    let load = || database.elt_with(project.path(), &["load"]).run().ok();
    assert!(load().stdout.contains("nothing to do"));
    let outcome = database.elt_with(project.path(), &["migrate"]).run().ok();
    assert!(
        outcome.stdout.contains("nothing to do"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_view_whose_file_is_gone_goes_too() {
    let database = Database::new();
    let project = ProjectCopy::new();
    project.remove("sql/quality/offices_not_launched.sql");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    let exists = "select count(*) from pg_class where relname = 'offices_not_launched'";
    assert_eq!(database.number(exists), 0);
    let removed = "select count(*) from elt.view_version where name = 'quality.offices_not_launched' and removed_at is not null";
    assert_eq!(database.number(removed), 1);
    // And comes back as a new version.
    database.elt().args(["migrate"]).run().ok();
    assert_eq!(database.number(exists), 1);
    assert_eq!(
        database.number(
            "select version from elt.current_view where name = 'quality.offices_not_launched'"
        ),
        2
    );
}

#[test]
fn somebody_elses_view_is_named_and_left_alone() {
    let database = Database::new();
    database.run("create view public.mine as select is_epion from public.valid_appointments");
    let project = ProjectCopy::new();
    project.rename_a_column();
    let outcome = database.elt_with(project.path(), &["migrate"]).run();
    outcome
        .exits_with(1)
        .says(&["public.valid_appointments", "view mine depends on"]);
    database.run("select is_epion from public.mine");
    let changed = "select count(*) from elt.view_version where version > 1";
    assert_eq!(database.number(changed), 0);
}

#[test]
fn a_broken_view_is_named_with_its_line_and_nothing_changes() {
    let database = Database::new();
    let project = ProjectCopy::new();
    project.replace(
        "sql/mart/epion_appointments.sql",
        "where valid_appointments.is_epion",
        "where valid_appointments.nonsense",
    );
    let outcome = database.elt_with(project.path(), &["migrate"]).run();
    outcome
        .exits_with(1)
        .says(&["sql/mart/epion_appointments.sql\", line 16", "nonsense"]);
    assert_eq!(
        database.number("select count(*) from elt.view_version where version > 1"),
        0
    );
}

#[test]
fn a_broken_export_is_found_when_it_is_applied() {
    let database = Database::new();
    let project = ProjectCopy::new();
    project.replace(
        "sql/export/epion_appts.sql",
        "from public.epion_appointments",
        "from public.nothing",
    );
    let outcome = database.elt_with(project.path(), &["migrate"]).run();
    outcome
        .exits_with(1)
        .says(&["sql/export/epion_appts.sql", "public.nothing"]);
}

#[test]
fn headers_say_what_each_view_reads() {
    let database = Database::new();
    let differences = database.text(
        "with declared as ( \
             select name, btrim(read.name_read) as name_read from elt.current_view, \
             regexp_split_to_table(header ->> 'reads', ',') as read (name_read) \
             where layer in ('core', 'mart', 'quality') \
         ), actual as ( \
             select distinct current_view.name, read.relnamespace::regnamespace || '.' || read.relname as name_read \
             from elt.current_view \
             inner join pg_rewrite on pg_rewrite.ev_class = to_regclass(current_view.name) \
             inner join pg_depend on pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.objid = pg_rewrite.oid \
                 and pg_depend.refclassid = 'pg_class'::regclass and pg_depend.refobjid <> pg_rewrite.ev_class \
             inner join pg_class as read on read.oid = pg_depend.refobjid \
             where layer in ('core', 'mart', 'quality') \
         ) \
         select coalesce(string_agg(coalesce(declared.name, actual.name) || ': ' || name_read, '; '), '') \
         from declared full join actual using (name, name_read) \
         where declared.name is null or actual.name is null",
    );
    assert_eq!(differences, "");
}

#[test]
fn everything_has_a_comment() {
    let database = Database::new();
    let silent = database.text(
        "select coalesce(string_agg(what, ', ' order by what), '') from ( \
             select pg_class.oid::regclass::text as what from pg_class \
             where relnamespace::regnamespace::text in ('elt', 'staging', 'core', 'public', 'quality') \
                 and relkind in ('r', 'p', 'v') \
                 and obj_description(pg_class.oid, 'pg_class') is null \
             union all \
             select pg_class.oid::regclass || '.' || attname from pg_attribute \
             inner join pg_class on pg_class.oid = attrelid \
             where (relnamespace::regnamespace::text in ('public', 'elt') and relkind in ('r', 'v') \
                 or relnamespace::regnamespace::text in ('elt', 'staging', 'core') and relkind in ('r', 'p')) \
                 and attnum > 0 and not attisdropped and relname !~ '_migration$' \
                 and col_description(attrelid, attnum) is null \
             union all \
             select pg_proc.oid::regprocedure::text from pg_proc \
             where pronamespace = 'elt'::regnamespace and obj_description(pg_proc.oid, 'pg_proc') is null \
         ) as uncommented",
    );
    assert_eq!(silent, "");
}

#[test]
fn only_what_loads_or_migrates_changes_views() {
    let home = crate::support::Home::initialised();
    let project = ProjectCopy::new();
    project.write(
        "sql/mart/own.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.own as select 1 as one;\n\
         comment on view public.own is 'One.';\n",
    );
    home.elt()
        .args(["migrate"])
        .path("--project", project.path())
        .run()
        .ok();
    // The built-in project has no such file; a command that looks does not drop the view.
    home.elt()
        .args(["status"])
        .run()
        .exits_with(6)
        .says(&["elt migrate --dry-run"]);
    let one = ["db", "psql", "--", "-XAtc", "select one from public.own"];
    assert_eq!(home.elt().args(one).run().ok().stdout.trim(), "1");
    // One that loads does, and says so.
    home.elt()
        .args(["load", "practices"])
        .run()
        .ok()
        .says(&["removed public.own"]);
}

#[test]
fn the_repository_is_a_project_too() {
    let database = Database::new();
    let outcome = database
        .elt()
        .args(["migrate", "--check", "--project", "."])
        .run()
        .ok();
    assert!(outcome.stdout.contains("up to date"));
}

/// Two marts, of which one reads the other.
fn project_with_two_marts(reads: &str) -> ProjectCopy {
    let project = ProjectCopy::new();
    project.write(
        "sql/mart/z_base.sql",
        "-- reads:    core.offices\ncreate or replace view public.z_base as\nselect 1 as one, 2 as two;\n",
    );
    project.write(
        "sql/mart/b_reader.sql",
        &format!("-- reads:    {reads}\ncreate or replace view public.b_reader as\nselect one from public.z_base;\n"),
    );
    project
}

#[test]
fn a_header_that_hides_what_it_reads_loses_no_view() {
    let database = Database::new();
    let migrate = |project: &ProjectCopy| database.elt_with(project.path(), &["migrate"]).run();
    migrate(&project_with_two_marts("public.z_base")).ok();
    let hiding = project_with_two_marts("core.offices");
    hiding.replace(
        "sql/mart/z_base.sql",
        "1 as one, 2 as two",
        "2 as two, 1 as one",
    );
    migrate(&hiding)
        .exits_with(2)
        .says(&["b_reader.sql\" does not declare all that it reads"]);
    database.run("select one from public.b_reader");
    hiding.replace("sql/mart/b_reader.sql", "core.offices", "public.z_base");
    migrate(&hiding).ok();
    database.run("select one from public.b_reader");
}

#[test]
fn views_that_read_each_other_can_be_removed_together() {
    let database = Database::new();
    let project = project_with_two_marts("public.z_base");
    project.write(
        "sql/mart/a_base.sql",
        "-- reads:    core.offices\ncreate or replace view public.a_base as\nselect 1 as one;\n",
    );
    project.replace(
        "sql/mart/b_reader.sql",
        "select one from public.z_base",
        "select one from public.z_base inner join public.a_base using (one)",
    );
    project.replace(
        "sql/mart/b_reader.sql",
        "reads:    public.z_base",
        "reads:    public.z_base, public.a_base",
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    for name in ["a_base", "b_reader", "z_base"] {
        project.remove(&format!("sql/mart/{name}.sql"));
    }
    database.elt_with(project.path(), &["migrate"]).run().ok();
    let left = "select count(*) from pg_class where relname in ('a_base', 'b_reader', 'z_base')";
    assert_eq!(database.number(left), 0);
}

#[test]
fn what_was_dropped_by_hand_is_pending_and_made_anew() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let own = "sql/mart/own.sql";
    project.write(
        own,
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.own as\nselect 1 as one;\n",
    );
    let migrate = |args: &[&str]| {
        let all = [&["migrate"], args].concat();
        database.elt_with(project.path(), &all).run()
    };
    migrate(&[]).ok();
    database.run(
        "drop view quality.offices_not_launched, core.incoming_offices, public.own; \
         drop view elt.current_view cascade; drop function elt.has_key(jsonb, jsonb)",
    );
    project.remove(own);
    migrate(&["--check"])
        .exits_with(6)
        .says(&["not up to date", "0 migrations and"]);
    let plan = migrate(&["--dry-run"]).ok().stdout;
    let made = "create or replace view quality.offices_not_launched";
    assert!(plan.contains(made), "{plan}");
    assert!(!plan.contains("to an empty copy"), "{plan}");
    assert!(migrate(&["--sql"]).ok().stdout.contains(made));
    let said = migrate(&[]).ok().stdout;
    assert!(said.contains("removed public.own"), "{said}");
    migrate(&["--check"]).ok();
    migrate(&["--verify"]).ok();
    // A schema is a migration's, and is not made unasked.
    database.run("drop schema quality cascade");
    migrate(&[])
        .exits_with(1)
        .says(&["create schema quality", "\"quality\" does not exist"]);
    database.run("create schema quality");
    migrate(&[]).ok();
    database.elt().args(["load"]).run().ok();
}

#[test]
fn what_a_file_makes_its_statement_says_and_not_its_header() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let own = "sql/mart/own.sql";
    project.write(
        own,
        "-- grain:    one row\n-- reads:    core.offices\n-- careful:  no create or replace function public.own\n\
         create or replace view public.own as\nselect 1 as one;\n",
    );
    let migrate = || database.elt_with(project.path(), &["migrate"]).run().ok();
    migrate();
    let rows = ["views", "diff", "own", "--rows"];
    database.elt_with(project.path(), &rows).run().ok();
    project.remove(own);
    let said = migrate().stdout;
    assert!(said.contains("removed public.own"), "{said}");
    assert_eq!(
        database.number("select count(*) from pg_class where relname = 'own'"),
        0
    );
}

#[test]
fn a_core_query_that_lacks_a_column_of_its_table_is_named_at_once() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    project.add_migration(
        0,
        "add_note",
        "alter table core.offices add column note text;\n",
    );
    let elt = |args: &[&str]| database.elt_with(project.path(), args).run();
    let lacks =
        "core query \"core.incoming_offices\" lacks columns of table \"core.offices\": note";
    elt(&["migrate"]).ok().says(&[lacks]);
    let load = elt(&["load"]).exits_with(1);
    assert!(!load.stderr.contains("PL/pgSQL"), "{}", load.stderr);
    load.says(&[
        "lacks columns",
        "hint: Add the columns to its file in sql/core",
    ]);
    elt(&["migrate"]).ok().says(&[lacks]);
    database.run("alter table core.offices drop column note");
    let said = elt(&["migrate"]).ok();
    assert!(!said.stderr.contains("lacks"), "{}", said.stderr);
}
