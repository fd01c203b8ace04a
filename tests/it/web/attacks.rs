//! Attacks: SQL and scripts in values, forms of other sites, missing rights.

use super::Site;
use crate::support::Database;
use postgres::error::SqlState;

#[test]
fn sql_in_what_is_asked_for_is_a_value_or_refused() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    database
        .run("insert into public.tasks (name, start_time) values ('one', now()), ('two', now())");
    for evil in [
        "'%3B+drop+table+public.tasks%3B+--",
        "x%22%3B+drop+table+public.tasks%3B+--",
        "1)+or+(1%3D1",
        "%5C'+or+true+--",
        "%00",
        "%25%25%25",
    ] {
        for path in [
            format!("/explore/public.tasks?q={evil}"),
            format!("/explore/public.tasks?sort={evil}"),
            format!("/explore/public.tasks?sort=-{evil}"),
            format!("/explore/public.tasks?f.name.is={evil}"),
            format!("/explore/public.tasks?f.name.has={evil}"),
            format!("/explore/public.tasks?f.task_id.gte={evil}"),
            format!("/explore/public.tasks?f.{evil}.is=1"),
            format!("/explore/public.tasks?f.name.{evil}=1"),
            format!("/explore/public.tasks?page={evil}"),
            format!("/explore/public.tasks/rows.csv?q={evil}&f.name.is={evil}"),
            format!("/explore/public.{evil}"),
            format!("/explore/{evil}.tasks"),
            format!("/explore/{evil}/rows.json"),
            format!("/jobs?state={evil}"),
            format!("/jobs/{evil}"),
            format!("/admin/tasks?q={evil}"),
            format!("/admin/tasks?sort={evil}"),
            format!("/admin/tasks?date={evil}"),
            format!("/admin/tasks?f.start_time.lt={evil}"),
            format!("/admin/tasks/rows.csv?q={evil}&date={evil}"),
            format!("/admin/{evil}"),
            format!("/admin/tasks/change?task_id={evil}"),
            format!("/admin/tasks/delete?task_id={evil}"),
            format!("/admin/tasks/history?task_id={evil}"),
            format!("/api/tasks/?search={evil}"),
            format!("/api/tasks/?ordering={evil}"),
            format!("/api/tasks/?name={evil}&name__{evil}=1"),
            format!("/api/tasks/?name__has={evil}"),
            format!("/api/tasks/?task_id={evil}"),
            format!("/api/tasks/{evil}/"),
            format!("/api/{evil}/"),
        ] {
            let answer = site.get(&path, &cookie);
            assert!(
                [200, 400, 403, 404].contains(&answer.status),
                "{path}: {answer:?}"
            );
            let all = "one</td>";
            let shows_all = answer.body.contains(all) && answer.body.contains("two</td>");
            assert!(
                !shows_all || path.starts_with("/explore/public.tasks?page"),
                "{path}: {answer:?}"
            );
        }
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
    let operator = site.signed_in(&database, "otto", "operator");
    for evil in [
        "'%3B+drop+table+public.tasks%3B+--",
        "1)+or+(1%3D1",
        "%5C'+or+true+--",
    ] {
        for (path, form) in [
            (
                "/admin/tasks/add".to_string(),
                format!("c.name={evil}&c.start_time={evil}"),
            ),
            (
                format!("/admin/tasks/delete?task_id={evil}"),
                "_version=1".into(),
            ),
            (
                "/admin/tasks".into(),
                format!("_action=delete&row=task_id%3D{evil}&_confirmed=2"),
            ),
            (
                "/admin/tasks".into(),
                format!("_action=delete&_all=yes&_confirmed=2&_back=q%3D{evil}"),
            ),
            (
                "/admin/tasks".into(),
                format!("_action=delete&_all=yes&_confirmed=2&_back=sort%3D{evil}"),
            ),
            (
                "/admin/tasks".into(),
                format!("_action={evil}&_all=yes&_confirmed=2"),
            ),
            (
                "/admin/tasks".into(),
                format!("_action=delete&_all=yes&_confirmed={evil}&_back=q%3Dnobody"),
            ),
        ] {
            let answer = site.post(&path, &operator, &form);
            assert!(
                [200, 400, 404, 409, 422].contains(&answer.status),
                "{path} {form}: {answer:?}"
            );
        }
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
}

#[test]
fn scripts_in_the_data_are_text() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    database.run(
        "insert into public.tasks (name, start_time) values ('<script>alert(1)</script>', now()); \
         comment on column public.tasks.name is '\"><script>alert(2)</script>'; \
         select elt.enqueue('pipeline', '{\"<script>alert(3)</script>\": 1}'); \
         update elt.job set error = '<img src=x onerror=alert(4)>'",
    );
    for path in [
        "/explore/public.tasks",
        "/explore/public.tasks?q=%22%3E%3Cscript%3Ealert(5)%3C/script%3E",
        "/explore/public.tasks?f.name.has=%22%3E%3Cscript%3Ealert(6)",
        "/explore/public.tasks?sort=%3Cscript%3Ealert(7)",
        "/jobs",
        "/jobs/1",
        "/admin",
        "/admin/tasks",
        "/admin/tasks?q=%22%3E%3Cscript%3Ealert(10)",
        "/admin/tasks/change?task_id=1",
        "/admin/tasks/change?task_id=1&_back=%22%3E%3Cscript%3Ealert(11)",
        "/admin/tasks/history?task_id=1",
        "/api/",
        "/",
        "/sign-in?next=%22%3E%3Cscript%3Ealert(8)",
        "/%3Cscript%3Ealert(9)",
    ] {
        let answer = site.get(path, &cookie);
        for bad in [
            "<script>alert",
            "<img src=x",
            "<script>",
            "onclick",
            " style=\"",
        ] {
            assert!(
                !answer.body.contains(bad),
                "{path} has {bad}: {}",
                answer.body
            );
        }
        let policy =
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';";
        assert!(answer.head.contains(policy), "{path}: {}", answer.head);
        assert!(
            answer.head.contains("x-content-type-options: nosniff"),
            "{path}"
        );
    }
}

#[test]
fn forms_of_other_sites_do_nothing() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let job = database.number("select elt.enqueue('pipeline')");
    let path = format!("/jobs/{job}/cancel");
    for headers in [
        "Origin: http://elsewhere.example\r\n".to_string(),
        "Sec-Fetch-Site: cross-site\r\n".to_string(),
        "Sec-Fetch-Site: same-site\r\n".to_string(),
        "Origin: null\r\n".to_string(),
        // An old browser, or a program with a stolen cookie.
        String::new(),
    ] {
        let headers = format!("Cookie: {cookie}\r\n{headers}");
        site.ask("POST", &path, &headers, "").is(403);
        site.ask("POST", "/sign-out", &headers, "").is(403);
        for path in [
            "/admin/tasks/add",
            "/admin/tasks",
            "/schedules/nightly/run",
            "/api/tasks/",
        ] {
            let form = "Content-Type: application/x-www-form-urlencoded\r\n";
            site.ask(
                "POST",
                path,
                &format!("{headers}{form}"),
                "c.name=x&c.start_time=2026-01-01T00:00",
            )
            .is(403);
        }
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 0);
    assert_eq!(database.text("select state from elt.job"), "queued");
    site.get(&path, &cookie).is(405);
    site.post(&path, &cookie, "").is(303);
    assert_eq!(database.text("select state from elt.job"), "cancelled");
    site.post(&path, &cookie, "")
        .is(400)
        .says("is already cancelled");
}

#[test]
fn each_role_may_what_it_may() {
    let database = Database::new();
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "vera", "viewer");
    let operator = site.signed_in(&database, "otto", "operator");
    let job = database.number("select elt.enqueue('pipeline')");
    let page = format!("/jobs/{job}");
    let cancel = format!("{page}/cancel");
    assert!(!site.get(&page, &viewer).is(200).body.contains("/cancel"));
    site.post(&cancel, &viewer, "").is(403);
    site.post(&cancel, "elt_session=0000", "")
        .is(303)
        .leads_to(&format!("/sign-in?next={page}"));
    site.get(&page, &operator).is(200).says("/cancel");
    site.post(&cancel, &operator, "").is(303);
    // The account is recorded for pages, commands and the API.
    site.get(&page, &viewer)
        .is(200)
        .says("<td>cancel</td><td>otto</td>");
    database
        .elt()
        .args(["jobs", "retry", &job.to_string()])
        .run()
        .ok();
    let new = ["token", "new", "otto", "--name", "x", "--change"];
    let token = database.elt().args(new).run().ok();
    let token = format!("Authorization: Token {}\r\n", token.stdout.trim());
    let path = format!("/api/jobs/{job}/cancel");
    site.ask("POST", &path, &token, "").is(202);
    let who = "select string_agg(request || ' by ' || requested_by, ', ' order by requested_at) from elt.job_request";
    assert_eq!(
        database.text(who),
        "cancel by otto, retry by postgres, cancel by otto"
    );
    let shown = database.elt().args(["jobs", "show", &job.to_string()]);
    let shown = shown.run().ok().stdout;
    assert!(shown.contains("retry    postgres"), "{shown}");
}

#[test]
fn the_pages_role_sees_no_secret_and_changes_nothing() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    for table in ["account", "session", "api_token", "sign_in"] {
        site.get(&format!("/explore/elt.{table}"), &cookie).is(404);
    }
    let mut client = database.connect();
    client.batch_execute("set role elt_web").unwrap();
    for sql in [
        "table elt.account",
        "table elt.session",
        "table elt.api_token",
        "table elt.sign_in",
        "delete from core.appointments",
        "update public.tasks set created_at = now()",
        "truncate public.tasks",
        "update elt.schedule set args = '{\"out\": \"/etc\"}'",
        "delete from elt.schedule",
        "insert into elt.task_job (task_name, kind, args, description) values ('x', 'pipeline', '{}', 'x')",
        "update elt.admin_table set role = 'operator'",
        "delete from elt.change",
        "insert into elt.api_endpoint (path, relation, order_by, description) values ('x', 'elt.account', 'name', 'x')",
        "update elt.job set state = 'cancelled'",
        "select elt.set_password(1, '$argon2id$')",
        "select elt.add_account('x', 'admin', null)",
        "select elt.claim_jobs(1, '{default}', 1)",
        "create table public.mine ()",
        "insert into elt.job_kind (kind, function_name, description) values ('x', 'pg_catalog.pg_read_file', 'x')",
    ] {
        let error = client.batch_execute(sql).unwrap_err();
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{sql}"
        );
    }
}

#[test]
fn large_requests_and_paths_outside_the_assets_are_refused() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let huge = "x".repeat(300 * 1024);
    site.post("/sign-in", "", &format!("name={huge}&password=x"))
        .is(413);
    let answer = site.get(&format!("/{huge}"), &cookie);
    assert!(
        [400, 414, 431].contains(&answer.status),
        "{}",
        answer.status
    );
    for path in [
        "/assets/../src/main.rs",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/x",
    ] {
        site.get(path, &cookie).is(404);
    }
}
