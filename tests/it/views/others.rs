//! Objects of other applications that depend on the views: they are named, and they stay.

use crate::support::{Database, ProjectCopy};

const VALID: &str = "sql/mart/valid_appointments.sql";

#[test]
fn what_others_put_on_a_view_survives_when_it_is_made_anew() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    project.write(
        "sql/mart/own.sql",
        "-- grain:    one row\n-- reads:    public.valid_appointments\ncreate or replace view public.own as\n\
         select count(*) as one, count(*) as two from public.valid_appointments;\n\
         comment on column public.own.two is 'Said by the file.';\n",
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    database.run(
        "create function public.refuse() returns trigger language plpgsql as $$ begin return null; end $$; \
         create trigger mine instead of insert on public.valid_appointments \
             for each row execute function public.refuse(); \
         create rule noted as on delete to public.valid_appointments do instead nothing; \
         comment on trigger mine on public.valid_appointments is 'T.'; \
         comment on rule noted on public.valid_appointments is 'R.'; \
         comment on column public.own.one is 'It''s by hand.'; \
         comment on column public.own.two is 'Not the file''s.'; \
         alter view public.valid_appointments alter column appointment_status set default 'o'; \
         alter view public.epion_utilization set (security_barrier = true, security_invoker = true); \
         create role views_owner; grant usage, create on schema public, core to views_owner; \
         grant views_owner to current_user; \
         alter view public.epion_utilization owner to views_owner",
    );
    let state = "select concat_ws(' ', \
        (select string_agg(tgname, ',') from pg_trigger where tgrelid = 'public.valid_appointments'::regclass), \
        (select string_agg(rulename, ',' order by rulename) from pg_rewrite where ev_class = 'public.valid_appointments'::regclass), \
        (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'public.valid_appointments'::regclass), \
        (select concat(reloptions::text, ' ', relowner::regrole) from pg_class where oid = 'public.epion_utilization'::regclass), \
        (select description is not null from pg_description where objoid = 'public.epion_utilization'::regclass and objsubid = 1))";
    let expected =
        "mine _RETURN,noted 'o'::text {security_barrier=true,security_invoker=true} views_owner t";
    assert_eq!(database.text(state), expected);
    let oid = "select 'public.valid_appointments'::regclass::oid::bigint";
    let before = database.number(oid);
    // In place, then anew.
    project.replace(
        VALID,
        "not in ('x', 'X', 'f', 'F')",
        "not in ('x', 'X', 'f', 'F', 'q')",
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(
        (database.text(state).as_str(), database.number(oid)),
        (expected, before)
    );
    project.rename_a_column();
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(database.text(state), expected);
    assert_ne!(database.number(oid), before);
    let comments = "select concat_ws(' ', \
        (select obj_description(oid, 'pg_trigger') from pg_trigger where tgname = 'mine'), \
        (select obj_description(oid, 'pg_rewrite') from pg_rewrite where rulename = 'noted'), \
        col_description('public.own'::regclass, 1), col_description('public.own'::regclass, 2))";
    assert_eq!(
        database.text(comments),
        "T. R. It's by hand. Said by the file."
    );
    // Not what the file said of a column and says no more, nor of one that is gone.
    let own = "sql/mart/own.sql";
    project.replace(
        own,
        "comment on column public.own.two is 'Said by the file.';\n",
        "",
    );
    project.replace(own, "count(*) as one, count(*) as two", "count(*) as two");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(
        database.text("select coalesce(col_description('public.own'::regclass, 1), 'none')"),
        "none"
    );
    database.run("drop owned by views_owner cascade");
    database.run("drop role views_owner");
}

#[test]
fn who_stands_on_a_view_is_listed_with_what_it_is_and_whose() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run(
        "create schema theirs; \
         create materialized view theirs.kept as select * from public.valid_appointments; \
         create function theirs.counted() returns bigint \
             begin atomic select count(*) from public.epion_utilization; end",
    );
    let views = database.elt().args(["views", "--json"]).run().ok().json();
    let readers = |name: &str| {
        let views = views["views"].as_array().unwrap();
        let view = views.iter().find(|view| view["name"] == name).unwrap();
        view["read_by_others"].to_string()
    };
    assert_eq!(
        readers("public.valid_appointments"),
        "[\"theirs.kept (materialized view of postgres)\"]"
    );
    assert_eq!(
        readers("public.epion_utilization"),
        "[\"theirs.counted() (function of postgres)\"]"
    );
    let list = database.elt().args(["views"]).run().ok().stdout;
    assert!(
        list.contains("theirs.kept (materialized view of postgres)"),
        "{list}"
    );
    project.rename_a_column();
    let outcome = database.elt_with(project.path(), &["migrate"]).run();
    outcome.exits_with(1).says(&[
        "could not drop view \"public.epion_utilization\"",
        "function theirs.counted() depends on view epion_utilization",
        "would drop: function theirs.counted() of role postgres, materialized view theirs.kept of role postgres.",
    ]);
    assert_eq!(database.number("select theirs.counted()"), 0);
}
