//! Cancelling and retrying several jobs at once.

use super::{Answer, Site};
use crate::support::Database;

fn place() -> (Database, Site, String) {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    (database, site, cookie)
}

/// The id of the form around the list.
fn form_of(page: &Answer) -> String {
    let (_, form) = page.body.split_once("action=\"/jobs/selected\"").unwrap();
    let (_, id) = form.split_once("name=\"_form\" value=\"").unwrap();
    id.split('"').next().unwrap().into()
}

fn states(database: &Database) -> String {
    database.text("select string_agg(state, ' ' order by job_id) from elt.job")
}

#[test]
fn each_selected_job_has_a_result_and_the_form_is_executed_once() {
    let (database, site, cookie) = place();
    database.run(
        "select elt.enqueue('prune') from generate_series(1, 4); \
         select elt.cancel_job(2); \
         select elt.start_worker('here', 1, '0', '{default}', 2, false); \
         select elt.claim_jobs(1, '{default}', 1)",
    );
    assert_eq!(states(&database), "running cancelled queued queued");
    let page = site.get("/jobs", &cookie).is(200);
    let page = page.says("name=\"row\" value=\"3\" aria-label=\"Select job 3\"");
    let form = form_of(&page);
    let sent = format!("_form={form}&row=1&row=2&row=3&row=99&c.request=cancel");
    for _ in 0..2 {
        site.post("/jobs/selected", &cookie, &sent)
            .is(303)
            .leads_to(&format!("/jobs/results/{form}"));
    }
    let results = site.get(&format!("/jobs/results/{form}"), &cookie).is(200);
    results
        .says("2 jobs were changed, 2 were not")
        .says("its worker was asked to cancel it")
        .says("not changed: job 2 is already cancelled")
        .says("not changed: there is no job 99");
    assert_eq!(states(&database), "running cancelled cancelled queued");
    assert_eq!(
        database.number("select count(*) from elt.job_request where requested_by = 'ann'"),
        2
    );
    // The same form with another selection or action.
    for other in [sent.replace("&row=99", ""), sent.replace("cancel", "retry")] {
        site.post("/jobs/selected", &cookie, &other)
            .is(400)
            .says("This form was sent before");
    }
    let other = site.signed_in(&database, "eve", "admin");
    site.get(&format!("/jobs/results/{form}"), &other).is(404);
    let retry = site.post("/jobs/selected", &cookie, "row=2&row=3&c.request=retry");
    retry.is(200).says("2 jobs were changed</h1>");
    assert_eq!(states(&database), "running queued queued queued");
}

#[test]
fn all_jobs_of_a_list_can_be_selected() {
    let (database, site, cookie) = place();
    database.run(
        "select elt.enqueue('prune') from generate_series(1, 60); \
         select elt.enqueue('pipeline'); select elt.cancel_job(1)",
    );
    let all = |back: &str, request: &str| {
        let form = format!("c.all=yes&c.back={back}&c.request={request}");
        site.post("/jobs/selected", &cookie, &form)
    };
    all("kind=prune%26page=2", "cancel")
        .is(200)
        .says("59 jobs were changed</h1>");
    let of = |state: &str| {
        database.number(&format!(
            "select count(*) from elt.job where state = '{state}'"
        ))
    };
    assert_eq!((of("cancelled"), of("queued")), (60, 1));
    all("state=queued", "retry")
        .is(303)
        .leads_to("/jobs?state=queued");
    all("state=great", "retry").is(400);
    all("", "delete").is(400);
    all("", "retry").is(200).says("60 jobs were changed</h1>");
    assert_eq!(of("queued"), 61);
}

#[test]
fn viewers_select_nothing() {
    let (database, site, _) = place();
    database.run("select elt.enqueue('prune')");
    let viewer = site.signed_in(&database, "vic", "viewer");
    let page = site.get("/jobs", &viewer).is(200);
    assert!(!page.body.contains("Cancel jobs") && !page.body.contains("name=\"row\""));
    site.post("/jobs/selected", &viewer, "row=1&c.request=cancel")
        .is(403);
    assert_eq!(states(&database), "queued");
    site.post("/jobs/selected", "", "row=1&c.request=cancel")
        .is(303);
}
