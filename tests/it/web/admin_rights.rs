//! The admin changes only what the account may change, and what the form offers.

use super::Site;
use super::admin::{FORM, version};
use crate::support::Database;

#[test]
fn viewers_change_nothing() {
    let database = Database::new();
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "vic", "viewer");
    let operator = site.signed_in(&database, "ann", "operator");
    site.post("/admin/tasks/add", &operator, FORM).is(303);
    site.get("/admin/tasks/add", &viewer).is(403);
    for (path, form) in [
        ("/admin/tasks/add", FORM),
        ("/admin/tasks/change?task_id=1", FORM),
        ("/admin/tasks/delete?task_id=1", ""),
        ("/admin/tasks", "_action=delete&_all=yes&_confirmed=1"),
    ] {
        site.post(path, &viewer, form).is(403);
    }
    let page = site.get("/admin/tasks/change?task_id=1", &viewer).is(200);
    assert!(
        !page.body.contains("<button name=\"_save\""),
        "{}",
        page.body
    );
    // No account can change rows that loads write. Only admins can change schedules.
    let admin = site.signed_in(&database, "eve", "admin");
    for who in [&viewer, &operator, &admin] {
        site.get("/admin/epion_practices", who).is(200);
        site.get("/admin/epion_practices/add", who).is(403);
        site.post("/admin/epion_practices", who, "_action=delete&_all=yes")
            .is(403);
    }
    let schedule = "/admin/elt.schedule/change?schedule=nightly";
    site.post(schedule, &operator, "c.cron=1+2+3+4+5").is(403);
    let form = format!(
        "c.cron=1+2+3+4+5&_version={}",
        version(&site.get(schedule, &admin))
    );
    site.post(schedule, &admin, &form).is(303);
    assert_eq!(
        database.number("select count(*) from elt.schedule where cron = '1 2 3 4 5'"),
        1
    );
    // Tables that are not registered, secret or missing.
    for table in [
        "elt.account",
        "elt.session",
        "core.appointments",
        "nothing",
        "pg_catalog.pg_authid",
    ] {
        site.get(&format!("/admin/{table}"), &admin).is(404);
        site.post(&format!("/admin/{table}/add"), &admin, "c.name=x")
            .is(404);
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
}

#[test]
fn fields_that_a_form_does_not_offer_are_ignored() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    let form = format!("{FORM}&c.task_id=77&c.created_at=2000-01-01T00:00&c.nothing=1");
    site.post("/admin/tasks/add", &cookie, &form).is(303);
    let own = "select count(*) from public.tasks where task_id = 1 and created_at > '2020-01-01'";
    assert_eq!(database.number(own), 1);
    let schedule = "/admin/elt.schedule/change?schedule=nightly";
    let seen = version(&site.get(schedule, &cookie));
    let form =
        format!("c.args=%7B%22out%22%3A%22/etc%22%7D&c.kind=prune&c.schedule=x&_version={seen}");
    site.post(schedule, &cookie, &form).is(303);
    let same = "select count(*) from elt.schedule where schedule = 'nightly' and args = '{}' and kind = 'pipeline'";
    assert_eq!(database.number(same), 1);
}
