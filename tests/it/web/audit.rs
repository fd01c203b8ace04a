//! The audit: what it records, that nothing changes it, and failed sign-ins on stderr.

use super::{PASSWORD, Site, add_user, give_stdin};
use crate::support::{Database, Folder};

/// The entries as `action about account`, the oldest first.
fn entries(database: &Database, condition: &str) -> String {
    database.text(&format!(
        "select coalesce(string_agg(concat_ws(' ', action, about, account_name), ', ' order by audit_id), '') \
         from elt.audit where {condition}"
    ))
}

#[test]
fn nothing_changes_an_entry() {
    let database = Database::new();
    add_user(&database, "ann", "admin");
    database.run(
        "insert into elt.audit (action, happened_at) values \
         ('old.one', now() - interval '400 days'), ('old.two', now() - interval '3 years')",
    );
    let mut client = database.connect();
    // Also a superuser, in a session that disables triggers.
    for setting in ["origin", "replica"] {
        let set = format!("set session_replication_role = {setting}");
        client.batch_execute(&set).unwrap();
        for sql in [
            "update elt.audit set about = 'x'",
            "delete from elt.audit",
            "delete from elt.audit where action = 'account.add'",
            "truncate elt.audit",
            "truncate elt.audit cascade",
            "merge into elt.audit using (select 1) as one on true when matched then delete",
        ] {
            let error = client.batch_execute(sql).unwrap_err();
            let error = error.as_db_error().unwrap();
            assert_eq!(error.message(), "elt.audit is append-only", "{sql}");
        }
    }
    for keep in ["364 days", "-1 day", "0"] {
        let error = client
            .batch_execute(&format!("select elt.prune_audit('{keep}')"))
            .unwrap_err();
        let error = error.as_db_error().unwrap();
        assert!(error.message().contains("at least a year"), "{error}");
    }
    assert_eq!(database.number("select elt.prune_audit('2 years')"), 1);
    assert_eq!(
        entries(&database, "true"),
        "account.add ann, old.one, audit.prune"
    );
    // Failures of unknown accounts, which anyone can add, are deleted after a month.
    database.run(
        "insert into elt.audit (action, about, happened_at) \
         select 'sign_in.fail', about, now() - age from (values (null, interval '29 days'), \
         (null, '31 days'), ('ann', '31 days')) as failed (about, age); select elt.prune('{}')",
    );
    assert_eq!(
        entries(&database, "action = 'sign_in.fail'"),
        "sign_in.fail, sign_in.fail ann"
    );
    for role in ["elt_web", "elt_query"] {
        let mut other = database.connect();
        other.batch_execute(&format!("set role {role}")).unwrap();
        for sql in [
            "table elt.audit",
            "insert into elt.audit (action) values ('a.b')",
        ] {
            let error = other.batch_execute(sql).unwrap_err();
            assert_eq!(error.code().unwrap().code(), "42501", "{role}: {sql}");
        }
    }
}

#[test]
fn others_record_actions_but_not_on_accounts() {
    let database = Database::new();
    let mut web = database.connect();
    web.batch_execute(
        "set role elt_web; begin; set local elt.account = 'ann'; \
         select elt.note_audit('load.publish', 'load 7', '{\"held\": true, \"reason\": null}', '::1'); commit",
    )
    .unwrap();
    let row = "select concat_ws(' ', action, about, account_name, address, detail, role_name = session_user) from elt.audit";
    assert_eq!(
        database.text(row),
        "load.publish load 7 ann ::1 {\"held\": true} t"
    );
    for action in [
        "account.add",
        "token.add",
        "sign_in.succeed",
        "password.set",
        "audit.prune",
    ] {
        let sql = format!("select elt.note_audit('{action}', 'ann')");
        let error = web.batch_execute(&sql).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{action}");
    }
    for action in ["", "publish", "Load.publish", "a.b.c"] {
        let sql = format!("select elt.note_audit('{action}', 'ann')");
        assert!(web.batch_execute(&sql).is_err(), "{action}");
    }
    // An entry belongs to the transaction of its action.
    web.batch_execute("begin; select elt.note_audit('load.publish', 'x'); rollback")
        .unwrap();
    assert_eq!(database.number("select count(*) from elt.audit"), 1);
}

#[test]
fn commands_are_recorded_without_secrets() {
    let database = Database::new();
    add_user(&database, "ann", "viewer");
    let passwd = ["user", "passwd", "ann", "--password-stdin"];
    give_stdin(&database, &passwd, "another horse battery staple", 0);
    let elt = |args: &str| database.elt().args(args.split(' ')).run().ok();
    let token = elt("token new ann --name nightly --change").stdout;
    elt("token revoke 1");
    elt("user disable ann");
    // A refused command leaves no entry.
    database
        .elt()
        .args(["user", "disable", "zoe"])
        .run()
        .exits_with(2);
    assert_eq!(
        entries(&database, "true"),
        "account.add ann, password.set ann, token.add ann, token.revoke ann, account.disable ann"
    );
    let role = "select count(*) from elt.audit where role_name = session_user and account_name is null \
                and address is null and program ~ '^elt (user|token)'";
    assert_eq!(database.number(role), 5);

    elt("load");
    let out = Folder::new();
    let file = out.path().join("rejects.csv");
    let load = "select max(load_id) from elt.load where source = 'appointments'";
    let load = database.number(load).to_string();
    let rejects = database.elt().args(["rejects", &load]);
    rejects.path("--out", &file).run().ok();
    // A rehearsal deletes nothing and is not recorded.
    database
        .elt()
        .args(["purge", "load", &load])
        .run()
        .exits_with(2);
    elt(&format!("purge load {load} --yes"));
    elt("purge key emr_practice_id=1 --yes");
    assert_eq!(
        entries(&database, "audit_id > 5 and action not like 'audit.%'"),
        format!(
            "rejects.download load {load}, purge.load load {load}, purge.key {}",
            sources(&database)
        )
    );
    let all = database.text("select string_agg(audit::text, '') from elt.audit");
    let hash = database.text("select password_hash from elt.account");
    for secret in [
        PASSWORD,
        "another horse",
        token.trim(),
        &hash,
        "emr_practice_id=1",
    ] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    let columns = "select detail::text from elt.audit where action = 'purge.key'";
    assert_eq!(
        database.text(columns),
        "{\"columns\": [\"emr_practice_id\"]}"
    );
}

/// What the purge of a key names.
fn sources(database: &Database) -> String {
    database.text("select about from elt.audit where action = 'purge.key'")
}

#[test]
fn downloads_of_rejects_are_recorded() {
    let database = Database::new();
    let site = Site::start(&database);
    let otto = site.signed_in(&database, "otto", "operator");
    let vera = site.signed_in(&database, "vera", "viewer");
    database.elt().args(["load", "appointments"]).run().ok();
    site.get("/explore/elt.reject/rows.csv", &vera).is(403);
    site.get("/explore/elt.reject/rows.csv?f.reason.has=secret", &otto)
        .is(200);
    site.get("/explore/elt.reject/rows.json?f.load_id.is=1", &otto)
        .is(200);
    site.get("/api/elt.reject/?load_id=1", &otto).is(200);
    site.get("/explore/elt.load/rows.csv", &otto).is(200);
    let sql = "select string_agg(concat_ws(' ', about, account_name, address, detail ->> 'format'), ', ' \
               order by audit_id) from elt.audit where action = 'rejects.download'";
    assert_eq!(
        database.text(sql),
        "all loads otto 127.0.0.1 csv, load 1 otto 127.0.0.1 json, load 1 otto 127.0.0.1 json"
    );
    assert!(
        !database
            .text("select string_agg(audit::text, '') from elt.audit")
            .contains("secret")
    );
}

#[test]
fn failed_sign_ins_are_one_line_each_on_stderr() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "viewer");
    let ann = site.sign_in_as("ann");
    site.sign_in("ann", "wrong").is(422);
    let hostile = "x%22+address%3D6.6.6.6%0D%0Awarning:+sign-in+failed:+time%3D2026-01-01T00:00:00Z+\
                   address%3D6.6.6.6+reason%3Dwrong%1B[2K%E2%80%AE";
    site.sign_in(hostile, "wrong").is(422);
    let body = "{\"username\": \"ann\\nwarning: x\", \"password\": \"wrong\"}";
    site.ask("POST", "/api-token-auth", "", body).is(400);
    let form =
        "old=wrong+wrong+wrong&new=another+horse+battery+staple&again=another+horse+battery+staple";
    site.post("/password", &ann, form).is(422);
    for _ in 0..4 {
        site.sign_in("ann", "wrong");
    }
    site.sign_in("ann", PASSWORD).is(429);
    // The server writes each line before it responds, but the test reads them in another thread.
    crate::support::wait_until("the last line", || {
        site.log().matches("reason=too-many").count() == 2
    });
    let log = site.log();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 9, "{log}");
    let parts = |line: &str| {
        let rest = line
            .strip_prefix("warning: sign-in failed: time=2")
            .unwrap();
        let (_, rest) = rest.split_once("Z address=").unwrap();
        rest.to_string()
    };
    assert_eq!(parts(lines[0]), "127.0.0.1 reason=wrong account=\"ann\"");
    assert_eq!(
        parts(lines[1]),
        "127.0.0.1 reason=wrong account=\"x\\\" address=6.6.6.6\\r\\nwarning: sign-in failed: \
         time=2026-01-01T00:00:00Z address=6.6.6.6 reason=wrong\\u{1b}[2K\\u{202e}\""
    );
    assert_eq!(
        parts(lines[2]),
        "127.0.0.1 reason=wrong account=\"ann\\nwarning: x\""
    );
    assert_eq!(parts(lines[3]), "127.0.0.1 reason=wrong account=\"ann\"");
    assert_eq!(parts(lines[8]), "127.0.0.1 reason=too-many account=\"ann\"");
    assert!(!log.contains("password"), "{log}");
    // The audit has no name that is no account, because it may be a password in the wrong field.
    assert_eq!(
        entries(&database, "action = 'sign_in.fail' and about is null"),
        "sign_in.fail, sign_in.fail"
    );
    assert_eq!(
        entries(&database, "action = 'sign_in.fail' and about is not null"),
        ["sign_in.fail ann"; 5].join(", ")
    );
}

#[test]
fn the_page_filters_the_audit() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    site.post("/accounts", &ann, "name=bob&role=viewer").is(200);
    site.get("/audit", &ann)
        .is(200)
        .says("account.add")
        .says("sign_in.succeed");
    let page = site
        .get("/audit?action=account.add&account=BOB", &ann)
        .is(200);
    assert!(!page.body.contains("<td>sign_in.succeed</td>"));
    page.says("<td>ann</td>");
    site.get("/audit?account=zoe", &ann)
        .is(200)
        .says("No entry matches.");
    site.get("/audit?until=yesterday", &ann)
        .is(200)
        .says("No entry matches.");
    site.get("/audit?since=soon", &ann)
        .is(400)
        .says("value=\"soon\"")
        .says("Write a day");
    for evil in [
        "'%3B+drop+table+elt.audit%3B+--",
        "%00",
        "%25",
        "<script>alert(1)</script>",
    ] {
        let answer = site.get(
            &format!("/audit?action={evil}&account={evil}&since={evil}&before={evil}"),
            &ann,
        );
        assert!([200, 400].contains(&answer.status), "{answer:?}");
        assert!(!answer.body.contains("<script>alert"));
    }
    database.run("insert into elt.audit (action, about) select 'many.rows', n from generate_series(1, 150) as n");
    let first = site.get("/audit?action=many.rows", &ann).is(200);
    let (_, link) = first.body.split_once("rel=\"next\" href=\"").unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    let second = site.get(&link, &ann).is(200);
    assert_eq!(first.body.matches("<td>many.rows</td>").count(), 100);
    assert_eq!(second.body.matches("<td>many.rows</td>").count(), 50);
    assert!(!second.body.contains("rel=\"next\""));
}
