//! `elt migrate --verify`: changes of the schema by hand.

use crate::support::{Database, ProjectCopy};

#[test]
fn a_schema_that_was_only_migrated_and_used_has_not_drifted() {
    let nothing = Database::empty().elt().args(["migrate", "--verify"]).run();
    nothing
        .exits_with(6)
        .says(&["nothing to verify", "elt migrate"]);
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    // Objects of other applications in a shared schema are no drift.
    database.run("create table public.theirs (id bigint primary key); create schema theirs");
    let outcome = database.elt().args(["migrate", "--verify"]).run().ok();
    assert!(
        outcome.stdout.contains("objects compared"),
        "{}",
        outcome.stdout
    );
    // Pending migrations are not applied, and are no drift.
    let project = ProjectCopy::new();
    project.add_migration(
        0,
        "add_note",
        "alter table core.offices add column note text;\n",
    );
    project.replace(
        "sql/mart/valid_appointments.sql",
        "not in ('x', 'X', 'f', 'F')",
        "not in ('x', 'X')",
    );
    database
        .elt_with(project.path(), &["migrate", "--verify"])
        .run()
        .ok();
    // Nor is a version that was replaced, or a view that was made anew.
    database.elt_with(project.path(), &["migrate"]).run().ok();
    database
        .elt_with(project.path(), &["migrate", "--verify"])
        .run()
        .ok();
}

#[test]
fn what_was_done_by_hand_is_named_object_by_object() {
    let database = Database::new();
    database.run(
        "alter table core.offices alter column practice_name set default 'x'; \
         alter table elt.load drop constraint load_source_fkey; \
         create index offices_by_hand on core.offices (practice_name); \
         create table core.theirs (id bigint primary key); \
         drop view quality.offices_not_launched; \
         comment on view public.epion_appointments is 'Other words.'; \
         create function elt.by_hand(value text) returns text language sql as 'select $1'; \
         create rule offices_stay as on insert to core.offices do instead nothing; \
         create policy offices_seen on core.offices for select to public using (office_name <> ''); \
         alter table core.offices set (autovacuum_enabled = false); \
         alter view public.valid_appointments set (security_invoker = true); \
         create type core.color as enum ('red', 'blue'); \
         create domain core.amount as bigint not null check (value > 0); \
         create type core.pair as (one bigint, two text); \
         create sequence core.by_hand; \
         create type public.theirs as enum ('a'); create sequence public.also_theirs",
    );
    let outcome = database.elt().args(["migrate", "--verify", "--json"]).run();
    let document = outcome.exits_with(6).json();
    let drift: Vec<String> = document["drift"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            let of = |key: &str| each[key].as_str().unwrap().to_string();
            format!("{} {} {}", of("what"), of("kind"), of("name"))
        })
        .collect();
    assert_eq!(
        drift,
        [
            "changed column core.offices.practice_name",
            "missing constraint elt.load.load_source_fkey",
            "changed view public.epion_appointments",
            "missing view quality.offices_not_launched",
            "unexpected function elt.by_hand(text)",
            "unexpected index core.offices.offices_by_hand",
            "unexpected options core.offices",
            "unexpected options public.valid_appointments",
            "unexpected policy core.offices.offices_seen",
            "unexpected rule core.offices.offices_stay",
            "unexpected sequence core.by_hand",
            "unexpected table core.theirs",
            "unexpected type core.amount",
            "unexpected type core.color",
            "unexpected type core.pair",
        ]
    );
    let text = database
        .elt()
        .args(["migrate", "--verify"])
        .run()
        .exits_with(6);
    for line in [
        "changed column core.offices.practice_name\n  - text\n  + text default 'x'::text\n",
        "  + comment: Other words.\n",
        "  + CREATE INDEX offices_by_hand ON core.offices USING btree (practice_name)\n",
        "  + as permissive for select to public using ((office_name <> ''::text))\n",
        "  + domain bigint not null CHECK ((VALUE > 0))\n",
        "  + row (one bigint, two text)\n",
    ] {
        assert!(text.stdout.contains(line), "lacks {line}:\n{}", text.stdout);
    }
    text.says(&["15 objects differ from what was applied", "hint:"]);
}

#[test]
fn another_text_of_a_view_is_shown_line_by_line() {
    let database = Database::new();
    database.run(
        "do $$ begin execute 'create or replace view public.epion_appointments as ' || \
         replace(pg_get_viewdef('public.epion_appointments'::regclass), 'is_epion;', 'is_epion and true;'); end $$",
    );
    let outcome = database.elt().args(["migrate", "--verify"]).run();
    let text = outcome.exits_with(6).stdout;
    assert!(
        text.contains("changed view public.epion_appointments\n@@ -"),
        "{text}"
    );
}

#[test]
fn without_a_database_to_compare_with_views_and_functions_are_compared_and_that_is_said() {
    let database = Database::new();
    database.run("create role drift_reader login; grant pg_read_all_data to drift_reader");
    let verify = || {
        let elt = database.elt().args(["migrate", "--verify", "--json"]);
        elt.env("DATABASE_URL", database.url_as("drift_reader"))
            .run()
    };
    let outcome = verify()
        .ok()
        .says(&["only views and functions were compared"]);
    let objects = outcome.json()["objects"].as_i64().unwrap();
    let applied = database.number("select count(*) from elt.current_view where layer <> 'export'");
    assert!(objects > applied, "{objects} of {applied}");
    database.run(
        "drop view quality.offices_not_launched; \
         comment on column public.epion_utilization.month is 'Other words.'; \
         create view core.by_hand as select 1 as one; \
         do $$ begin execute replace(pg_get_functiondef('elt.has_key(jsonb,jsonb)'::regprocedure), 'bool_and', 'bool_or'); end $$; \
         do $$ begin execute 'create or replace view public.epion_appointments as ' || \
         replace(pg_get_viewdef('public.epion_appointments'::regclass), 'is_epion;', 'is_epion and true;'); end $$",
    );
    let document = verify().exits_with(6).json();
    let drift: Vec<String> = document["drift"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| format!("{} {}", each["what"], each["name"]).replace('"', ""))
        .collect();
    assert_eq!(
        drift,
        [
            "changed public.epion_utilization.month",
            "changed elt.has_key(jsonb,jsonb)",
            "changed public.epion_appointments",
            "missing quality.offices_not_launched",
            "unexpected core.by_hand",
        ]
    );
    database.run("drop owned by drift_reader; drop role drift_reader");
}

#[test]
fn what_the_role_may_not_read_is_left_out_and_said() {
    let database = Database::new();
    database.run(
        "create role drift_stranger login; grant usage on schema elt to drift_stranger; \
         grant select on all tables in schema elt to drift_stranger; \
         drop view quality.offices_not_launched",
    );
    let verify = database.elt().args(["migrate", "--verify", "--json"]);
    let outcome = verify
        .env("DATABASE_URL", database.url_as("drift_stranger"))
        .run()
        .exits_with(6);
    let document = outcome.json();
    let drift = document["drift"].as_array().unwrap();
    assert_eq!(drift.len(), 1, "{drift:#?}");
    assert_eq!(drift[0]["what"], "missing");
    assert_eq!(drift[0]["name"], "quality.offices_not_launched");
    outcome.says(&[
        "were omitted, the first is core.",
        "permission denied for schema core",
    ]);
    database.run("drop owned by drift_stranger; drop role drift_stranger");
}
