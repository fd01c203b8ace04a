//! Attacks on and through the page `/sql`: what it must not reach, block or show.

use super::Site;
use super::sql_page::encoded;
use crate::grants::Shared;
use crate::support::{Database, Elt, Folder};
use postgres::error::SqlState;

/// Relations with raw rows, rejected records, accounts and the like, and views that show them.
const SECRET: [&str; 13] = [
    "staging.appointments",
    "elt.reject",
    "elt.account",
    "elt.session",
    "elt.api_token",
    "elt.sign_in",
    "elt.sent_form",
    "elt.earlier_row",
    "elt.job",
    // Arguments, results and errors of jobs.
    "elt.job_status",
    "elt.change",
    // Views with the rights of their owner, which reads staging.
    "core.appointment_rows",
    "quality.appointments_without_date",
];

#[test]
fn rejects_staging_and_accounts_cannot_be_read() {
    let database = Database::new();
    database.load(&Folder::with_data()).ok();
    let site = Site::start(&database);
    // Even an admin has only the rights of elt_query here.
    let cookie = site.signed_in(&database, "ann", "admin");
    for secret in SECRET {
        for sql in [
            format!("table {secret}"),
            format!("select count(*) from {secret}"),
            format!("with x as (select * from {secret}) select * from x"),
            format!("select exists (select from {secret})"),
        ] {
            let answer = site.query(&cookie, &sql).is(400);
            assert!(
                answer.body.contains("Permission denied for "),
                "{sql}: {}",
                answer.body
            );
            assert!(answer.body.contains("Queries run as role elt_query."));
            let file = site.get(&format!("/sql/rows.csv?sql={}", encoded(&sql)), &cookie);
            file.is(400).says("Permission denied for ");
        }
    }
    for sql in [
        "select pg_read_file('/etc/passwd')",
        "select * from pg_authid",
        "select lo_get(1)",
        "select pg_ls_dir('.')",
        "table pg_shadow",
        "with x as (update pg_settings set setting = '0' returning 1) table x",
        "with x as (select 1) update pg_settings set setting = '0' where name = 'statement_timeout' returning 1",
        "select elt.session_account('\\x00')",
        "select elt.set_password('ann', 'x')",
        "select * from elt.open_session(null, null, null, null, null)",
        "select elt.purge_key('appointments', 'x')",
    ] {
        let answer = site.query(&cookie, sql).is(400);
        assert!(
            !answer.body.contains("class=\"rows\""),
            "{sql}: {}",
            answer.body
        );
    }
    // Statistics show values only of readable columns.
    site.query(
        &cookie,
        "select count(*) from pg_stats where schemaname = 'staging'",
    )
    .is(200)
    .says("<td class=\"number\">0</td>");
}

#[test]
fn the_role_itself_cannot_leave_its_rights() {
    let database = Database::new();
    database.load(&Folder::with_data()).ok();
    database.run("create table public.kept (id bigint); insert into public.kept values (1)");
    // What the program refuses by name is tried here in a session of the role, as if a way around was found.
    let refused = |sql: &str| -> String {
        let mut client = database.connect_as("elt_query");
        client.batch_execute("begin transaction read only").unwrap();
        match client.batch_execute(sql) {
            Ok(()) => panic!("{sql} was executed"),
            Err(error) => error.code().unwrap().code().into(),
        }
    };
    for sql in [
        "select set_config('role', 'none', true), query_to_xml('table elt.account', true, true, '')",
        "select set_config('role', 'none', true), query_to_xml('table staging.appointments', true, true, '')",
        "select query_to_xml('table elt.reject', true, true, '')",
        "select set_config('role', 'postgres', true)",
        "select set_config('role', 'elt_web', true)",
        "select set_config('session_authorization', 'postgres', true)",
        "set role elt_web",
        "reset session authorization; table elt.account",
        "set local role none; table elt.account",
        "reset role; table elt.session",
        "copy (select 1) to program 'true'",
        "select lo_export(1, '/tmp/x')",
        "select pg_reload_conf()",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
    ] {
        assert_eq!(
            refused(sql),
            SqlState::INSUFFICIENT_PRIVILEGE.code(),
            "{sql}"
        );
    }
    for sql in [
        "set transaction read write; insert into public.kept values (2)",
        "create temporary table x (id bigint)",
        "create table public.x (id bigint)",
        "delete from public.kept",
        "select nextval('elt.load_load_id_seq')",
    ] {
        let code = refused(sql);
        let expected = [
            SqlState::INSUFFICIENT_PRIVILEGE.code(),
            SqlState::READ_ONLY_SQL_TRANSACTION.code(),
            SqlState::ACTIVE_SQL_TRANSACTION.code(),
        ];
        assert!(expected.contains(&&*code), "{sql}: {code}");
    }
    let mut client = database.connect_as("elt_query");
    let read_only = client.query_one("show transaction_read_only", &[]).unwrap();
    assert_eq!(read_only.get::<_, &str>(0), "on");
    let members = "select count(*) from pg_auth_members where member = 'elt_query'::regrole";
    assert_eq!(database.number(members), 0);
}

#[test]
fn locks_sessions_and_settings_are_out_of_reach() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    for sql in [
        "select pg_advisory_lock(6646900, 2)",
        "select PG_CATALOG.pg_try_advisory_lock_shared(1)",
        "select \"pg_advisory_xact_lock\"(6646902, 1)",
        "select U&\"p\\0067_advisory_lock\"(1)",
        "select u&\"p!0067_advisory_lock\" uescape '!' (1)",
        "select query_to_xml('select pg_adv' || 'isory_lock(1)', true, true, '')",
        "select * from ts_stat('select to_tsvector(pg_adv' || 'isory_lock(1)::text)')",
        "select cursor_to_xml('x', 1, true, true, '')",
        "select table_to_xml('public.tasks', true, true, '')",
        "select set_config('statement_timeout', '0', false)",
        "select pg_terminate_backend(pid) from pg_stat_activity",
        "select pg_cancel_backend(pid) from pg_stat_activity",
        "select pg_notify('elt_job_change', '')",
    ] {
        site.query(&cookie, sql)
            .is(400)
            .says("is not allowed in a query");
    }
    for sql in [
        "do $$ begin loop begin perform pg_sleep(1); exception when query_canceled then null; end; end loop; end $$",
        "lock table public.tasks",
        "set role none",
        "listen elt_job_change",
        "call x()",
        "copy public.tasks to stdout",
        "explain analyze delete from public.tasks",
        "begin",
        "rollback; delete from public.tasks",
        "prepare x as select 1",
        "vacuum",
        "-- select\ndelete from public.tasks",
    ] {
        site.query(&cookie, sql)
            .is(400)
            .says("A query begins with select, with, values or table.");
    }
    database.run("insert into public.tasks (name, start_time) values ('one', now())");
    for sql in [
        "select 1; delete from public.tasks",
        "select 1) as q; delete from public.tasks; select (1",
        "with x as (delete from public.tasks returning 1) select * from x",
        "select * into public.y from public.tasks",
        "select * from public.tasks for update",
        "select 1 as a) as q (c1) limit 1; delete from public.tasks --",
        "select 1 /* ",
        "select '",
        "select $x$",
    ] {
        site.query(&cookie, sql).is(400);
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
    // Nothing is left locked.
    let locks = "select count(*) from pg_locks inner join pg_stat_activity using (pid) \
                 where usename = 'elt_query' and datname = current_database()";
    crate::support::wait_until("no lock", || database.number(locks) == 0);
}

#[test]
fn markup_in_queries_and_results_is_text() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let evil = "\"><script>alert(1)</script>";
    let name = evil.replace('"', "\"\"");
    for sql in [
        format!("select '{evil}' as \"{name}\""),
        format!("select '{evil}' as a, 1 as \"{name}\""),
        format!("select \"{name}\""),
        format!("</textarea>{evil}"),
        format!("select 1 as \"{name}\" from x"),
    ] {
        for more in [
            "",
            "&chart=bars",
            "&chart=line",
            "&p.x=%22%3E%3Cscript%3Ealert(2)",
        ] {
            let path = format!("/sql?sql={}{more}", encoded(&sql));
            let answer = site.get(&path, &cookie);
            assert!([200, 400].contains(&answer.status), "{answer:?}");
            assert!(!answer.body.contains("<script>"), "{}", answer.body);
            assert_eq!(answer.body.matches("</textarea>").count(), 1);
            let policy = "content-security-policy: default-src 'none'; script-src 'self'";
            assert!(answer.head.contains(policy), "{}", answer.head);
        }
    }
    let saved = format!("/sql?saved={}", encoded(evil));
    let answer = site.get(&saved, &cookie).is(410);
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
}

#[test]
fn without_its_role_the_page_is_off_and_says_why() {
    // Roles belong to the whole server, so this one has a server of its own.
    let shared = Shared::prepared();
    let database = &shared.database;
    database.run("grant elt_web to dba");
    let site = Site::spawn(shared.elt("dba", "serve --no-worker"));
    let cookie = site.signed_in(database, "ann", "viewer");
    site.query(&cookie, "select 1 + 1 as two")
        .is(200)
        .says("<td class=\"number\">2</td>");
    drop(site);
    for (change, back, reason) in [
        (
            "grant elt_load to elt_query",
            "revoke elt_load from elt_query",
            "Role elt_query is a member of elt_load",
        ),
        (
            "grant select on elt.reject to public",
            "revoke select on elt.reject from public",
            "Role elt_query may read elt.reject.",
        ),
        (
            "grant select (name) on elt.account to elt_query",
            "revoke select (name) on elt.account from elt_query",
            "Role elt_query may read elt.account.",
        ),
        (
            "grant delete on public.tasks to elt_query",
            "revoke delete on public.tasks from elt_query",
            "Role elt_query may write public.tasks.",
        ),
        (
            "alter role elt_query createrole",
            "alter role elt_query nocreaterole",
            "Role elt_query has an attribute",
        ),
        (
            "alter role elt_query nologin",
            "alter role elt_query login",
            "Role elt_query may not log in",
        ),
        (
            "alter role elt_query rename to elt_other",
            "alter role elt_other rename to elt_query",
            "Role elt_query does not exist.",
        ),
    ] {
        database.run(change);
        let site = Site::spawn(shared.elt("dba", "serve --no-worker"));
        let cookie = site.sign_in_as("ann");
        site.query(&cookie, "select 1 + 1 as two")
            .is(503)
            .says("Queries are off.")
            .says(reason);
        let file = site.get("/sql/rows.csv?sql=select+1", &cookie).is(400);
        file.says(reason);
        database.run(back);
    }
    let elt = |url: &str| -> Elt {
        shared
            .elt("dba", "serve --no-worker")
            .env("ELT_QUERY_URL", url)
    };
    for (url, reason) in [
        (
            database.url_as("me_load"),
            "ELT_QUERY_URL must name the user elt_query.",
        ),
        ("what=ever".into(), "ELT_QUERY_URL cannot be used"),
        (
            format!(
                "{}&connect_timeout=2",
                database
                    .url_as("elt_query")
                    .replace("host=", "host=/nowhere")
            ),
            "Role elt_query could not connect.",
        ),
    ] {
        let site = Site::spawn(elt(&url));
        let cookie = site.sign_in_as("ann");
        site.query(&cookie, "select 1").is(503).says(reason);
    }
    let site = Site::spawn(elt(&database.url_as("elt_query")));
    let cookie = site.sign_in_as("ann");
    site.query(&cookie, "select current_user")
        .is(200)
        .says("<td>elt_query</td>");
}
