//! Forms are executed once.

use super::{Answer, PASSWORD, Site};
use crate::support::Database;

pub(super) const TYPED: &str =
    "c.name=lab5&c.start_time=2026-11-22T10:00&c.end_time=2026-11-22T11:30";

/// A hidden field of a page.
#[track_caller]
pub(super) fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .body
        .split_once(&start)
        .unwrap_or_else(|| panic!("no field {name}:\n{}", page.body));
    rest.split('"').next().unwrap().into()
}

pub(super) fn numbered(page: &Answer, fields: &str) -> String {
    format!("{fields}&_form={}", hidden(page, "_form"))
}

pub(super) fn tasks(database: &Database) -> i64 {
    database.number("select count(*) from public.tasks")
}

#[test]
fn a_form_that_is_sent_twice_is_carried_out_once_by_either_of_two_servers() {
    let database = Database::new();
    let sites = [Site::start(&database), Site::start(&database)];
    let cookie = sites[0].signed_in(&database, "ann", "operator");
    for _ in 0..5 {
        let page = sites[0].get("/admin/tasks/add", &cookie).is(200);
        let form = numbered(&page, TYPED);
        let before = tasks(&database);
        let places: Vec<String> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..6)
                .map(|index| {
                    let (site, form, cookie) = (&sites[index % 2], &form, &cookie);
                    scope.spawn(move || site.post("/admin/tasks/add", cookie, form).is(303))
                })
                .collect();
            let answers = asked.into_iter().map(|each| each.join().unwrap());
            let places = answers.map(|answer| {
                let line = answer
                    .head
                    .lines()
                    .find(|line| line.starts_with("location"));
                format!("{} {}", line.unwrap(), answer.cookie())
            });
            places.collect()
        });
        assert_eq!(tasks(&database), before + 1);
        assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    }
    let jobs = database.number("select count(*) from elt.job");
    assert_eq!(jobs, 5);
    // Without an id, each request is another form.
    sites[0].post("/admin/tasks/add", &cookie, TYPED).is(303);
    sites[0].post("/admin/tasks/add", &cookie, TYPED).is(303);
    assert_eq!(tasks(&database), 7);
}

#[test]
fn a_form_that_was_filled_in_anew_and_sent_again_is_asked_about() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let add = "/admin/tasks/add";
    let first = numbered(&site.get(add, &cookie), TYPED);
    site.post(add, &cookie, &first).is(303);
    // The user goes back and sends the same form with other values.
    let second = first.replace("lab5", "second");
    let asked = site.post(add, &cookie, &second).is(409);
    let asked = asked
        .says("Saving it now adds another row.")
        .says("value=\"second\"");
    assert_eq!(tasks(&database), 1);
    let again = numbered(&asked, &TYPED.replace("lab5", "second"));
    site.post(add, &cookie, &again).is(303);
    assert_eq!(tasks(&database), 2);
    // Another account does not see the outcome.
    let other = site.signed_in(&database, "bob", "operator");
    site.post(add, &other, &first)
        .is(403)
        .says("Another account");
    assert_eq!(tasks(&database), 2);
}

#[test]
fn forms_sent_twice_get_the_same_response() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    database.run("insert into public.tasks (name, start_time) select 'task ' || n, '2026-01-01' from generate_series(1, 9) as n");
    let twice = |path: &str, form: &str| {
        let said = |answer: Answer| answer.is(303).cookie();
        let first = said(site.post(path, &cookie, form));
        assert_eq!(said(site.post(path, &cookie, form)), first);
        first
    };
    let path = "/admin/tasks/change?task_id=1";
    let page = site.get(path, &cookie).is(200);
    let fields = "c.name=renamed&c.start_time=2026-01-01T00:00:00&c.end_time=";
    let form = format!("{fields}&_version={}", hidden(&page, "_version"));
    let said = twice(path, &numbered(&page, &form));
    assert!(
        said.contains("changed%20") && said.contains("name."),
        "{said}"
    );
    assert_eq!(
        database.number(
            "select count(*) from elt.change where operation = 'update' and account_name = 'ann'"
        ),
        1
    );

    let path = "/admin/tasks/delete?task_id=2";
    let page = site.get(path, &cookie).is(200);
    let form = format!("_version={}", hidden(&page, "_version"));
    assert!(twice(path, &numbered(&page, &form)).contains("deleted%20"));
    // Without an id there is no error either.
    site.post(path, &cookie, &form)
        .is(303)
        .leads_to("/admin/tasks");

    let ticked = "_action=delete&row=task_id%3D3&row=task_id%3D4";
    let page = site.post("/admin/tasks", &cookie, ticked).is(200);
    let form = numbered(&page, &format!("{ticked}&_confirmed=2"));
    assert!(twice("/admin/tasks", &form).contains("deleted%202%20rows"));
    assert_eq!(tasks(&database), 6);
}

#[test]
fn jobs_are_started_cancelled_and_tried_again_once_by_each_form() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let path = "/schedules/nightly/run";
    let form = numbered(&site.get("/jobs", &cookie).is(200), "");
    site.post(path, &cookie, &form).is(303).leads_to("/jobs/1");
    // The job finishes before the second click arrives.
    database.run("update elt.job set state = 'cancelled', finished_at = now()");
    site.post(path, &cookie, &form).is(303).leads_to("/jobs/1");
    assert_eq!(database.number("select count(*) from elt.job"), 1);

    let retry = numbered(&site.get("/jobs/1", &cookie).is(200), "");
    site.post("/jobs/1/retry", &cookie, &retry).is(303);
    let cancel = numbered(&site.get("/jobs/1", &cookie).is(200), "");
    for _ in 0..2 {
        site.post("/jobs/1/cancel", &cookie, &cancel)
            .is(303)
            .leads_to("/jobs/1");
    }
    site.post("/jobs/1/retry", &cookie, &retry).is(303);
    assert_eq!(database.text("select state from elt.job"), "cancelled");
    site.post("/schedules/nothing/run", &cookie, "").is(404);
}

#[test]
fn a_password_is_changed_once_and_is_in_no_page_and_no_table() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/password", &cookie).is(200);
    let new = "another horse battery staple".replace(' ', "+");
    let form = format!("old={}&new={new}&again={new}", PASSWORD.replace(' ', "+"));
    let form = numbered(&page, &form);
    site.post("/password", &cookie, &form)
        .is(303)
        .leads_to("/sign-in");
    let again = site.post("/password", &cookie, &form).is(303);
    let again = again.leads_to("/sign-in?next=/password");
    assert!(!again.head.contains("horse") && !again.body.contains("horse"));
    assert_eq!(database.number("select count(*) from elt.sent_form"), 1);
    // The same form, sent from a session that is still valid.
    let other =
        "select content_sha256 = sha256(convert_to('/password', 'UTF8')) from elt.sent_form";
    assert_eq!(database.text(&format!("select ({other})::text")), "true");
}

#[test]
fn a_time_is_removed_only_on_purpose() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    site.post("/admin/tasks/add", &cookie, TYPED).is(303);
    let path = "/admin/tasks/change?task_id=1";
    let page = site
        .get(path, &cookie)
        .is(200)
        .says("name=\"empty.end_time\"");
    assert!(!page.body.contains("novalidate"), "{}", page.body);
    let version = hidden(&page, "_version");
    // Browsers send an empty value for an incomplete date.
    let form = format!("c.name=lab5&c.start_time=2026-11-22T10:00&c.end_time=&_version={version}");
    let page = site.post(path, &cookie, &form).is(422);
    page.says("It was 2026-11-22 11:30:00. Enter a value, or tick “no value” to remove it.");
    let kept = "select count(*) from public.tasks where end_time is not null";
    assert_eq!(database.number(kept), 1);
    let both = form.replace("end_time=", "end_time=2026-11-23T10:00&empty.end_time=yes");
    site.post(path, &cookie, &both).is(422).says("not both");
    site.post(path, &cookie, &format!("{form}&empty.end_time=yes"))
        .is(303);
    assert_eq!(database.number(kept), 0);
    // Fields that were already empty stay empty without an error.
    let page = site.get(path, &cookie).is(200);
    assert!(!page.body.contains("empty.end_time"), "{}", page.body);
    let form = format!(
        "c.name=x&c.start_time=2026-11-22T10:00&c.end_time=&_version={}",
        hidden(&page, "_version")
    );
    site.post(path, &cookie, &form).is(303);
}
