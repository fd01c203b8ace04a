//! Limits of what accounts can do with forms, jobs, tokens, views and charts.

use super::Site;
use crate::support::Database;

#[test]
fn a_form_that_was_sent_with_other_values_does_nothing_and_says_so() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    site.signed_in(&database, "bob", "viewer");
    let id = "0123456789abcdef0123456789abcde1";
    let role = |role: &str| {
        let form = format!("_form={id}&do=role&role={role}");
        site.post("/accounts/bob", &cookie, &form)
    };
    let now = || database.text("select role from elt.account where name = 'bob'");
    role("operator").is(303);
    assert_eq!(now(), "operator");
    // The same form again has the same answer.
    role("operator").is(303);
    role("admin").says("sent before with other values");
    assert_eq!(now(), "operator");
    let disable = format!("_form={id}&do=disable");
    site.post("/accounts/bob", &cookie, &disable)
        .says("sent before with other values");
    assert_eq!(
        database.number("select count(*) from elt.account where disabled_at is not null"),
        0
    );
}

#[test]
fn operators_neither_run_nor_retry_what_only_admins_may_start() {
    let database = Database::new();
    let site = Site::start(&database);
    let operator = site.signed_in(&database, "bob", "operator");
    let admin = site.signed_in(&database, "ann", "admin");
    let queued = || database.number("select count(*) from elt.job where state = 'queued'");
    site.post("/schedules/prune/run", &operator, "")
        .is(403)
        .says("Only admins start jobs of this kind.");
    database.run("select elt.cancel_job(elt.enqueue('prune'))");
    site.post("/jobs/1/retry", &operator, "").is(403);
    site.post("/jobs/selected", &operator, "row=1&c.request=retry");
    assert_eq!(queued(), 0);
    // In psql, the rights are those of the role.
    database.run("select elt.retry_job(1)");
    assert_eq!(queued(), 1);
    database.run("select elt.cancel_job(1)");
    site.post("/jobs/1/retry", &admin, "").is(303);
    site.post("/schedules/prune/run", &admin, "").is(303);
    assert_eq!(queued(), 2);
    site.post("/schedules/nightly/run", &operator, "").is(303);
    assert_eq!(queued(), 3);
}

#[test]
fn an_account_has_at_most_a_hundred_tokens_so_that_none_is_hidden() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    database.run(
        "insert into elt.api_token (account_id, name, token_sha256, may_change, expires_at) \
         select account_id, 'n' || n, sha256(n::text::bytea), false, \
         now() + case when n > 1 then interval '1 day' else '-1 day' end \
         from elt.account, generate_series(1, 100) as n",
    );
    let form = "do=new-token&name=more&days=3&access=read";
    let count = || database.number("select count(*) from elt.api_token where name = 'more'");
    site.post("/account", &cookie, form).is(200);
    assert_eq!(count(), 1);
    site.post("/account", &cookie, form)
        .says("An account has at most 100 tokens.");
    assert_eq!(count(), 1);
}

#[test]
fn views_of_rejects_are_not_saved_because_all_accounts_see_them() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let form = "c.relation_name=elt.reject&c.view_name=mine&c.query=f.raw.has=Jane&c.description=";
    site.post("/admin/elt.saved_view/add", &cookie, form)
        .is(422)
        .says("Lists of rejects are not saved");
}

#[test]
fn the_first_page_draws_a_limited_number_of_charts() {
    let database = Database::new();
    database.run(
        "insert into elt.chart (chart, place, kind, title, relation, label_column, value_column, unit) \
         select 'c' || n, n, 'bars', 'Chart ' || n, 'elt.load_fact', 'load_id', 'load_id', 'x' \
         from generate_series(1, 40) as n",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/", &cookie).is(200);
    // Two charts are those of the project.
    assert_eq!(page.body.matches("draws at most 40 charts").count(), 2);
}
