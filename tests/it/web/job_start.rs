//! The forms that start jobs.

use super::{Answer, Site};
use crate::support::Database;

/// A kind with an argument of each type, one without described arguments, and one that pages do not start.
const KINDS: &str = "
    create function public.count_days(args jsonb) returns jsonb language sql as $$ select args $$;
    insert into elt.job_kind (kind, function_name, web_role, description) values
        ('days', 'public.count_days', 'operator', 'Counts days.'),
        ('free', 'public.count_days', 'operator', 'Takes anything.'),
        ('secret', 'public.count_days', null, 'Not for pages.');
    insert into elt.job_argument (kind, argument, place, type, is_list, is_required, choices, default_value, description)
    values
        ('days', 'first', 1, 'date', false, true, null, null, 'The first day.'),
        ('days', 'count', 2, 'integer', false, false, null, '7', 'How many.'),
        ('days', 'share', 3, 'number', false, false, null, null, 'A share.'),
        ('days', 'mode', 4, 'text', false, false, '{fast,slow}', null, 'How.'),
        ('days', 'names', 5, 'text', true, false, null, null, 'Whose.'),
        ('days', 'moment', 6, 'time', false, false, null, null, 'When.'),
        ('days', 'loud', 7, 'boolean', false, false, null, 'true', 'Whether.'),
        ('days', 'more', 8, 'json', false, false, null, null, 'The rest.'),
        ('days', 'keep', 9, 'interval', false, false, null, null, 'How long.')";

const PATH: &str = "/jobs/start/days";

fn place() -> (Database, Site, String) {
    let database = Database::new();
    database.run(KINDS);
    let site = Site::spawn(database.elt().args([
        "serve",
        "--no-worker",
        "--time-zone",
        "America/New_York",
    ]));
    let cookie = site.signed_in(&database, "ann", "operator");
    (database, site, cookie)
}

fn jobs(database: &Database) -> i64 {
    database.number("select count(*) from elt.job")
}

/// The id of the last form of a page.
fn form_of(page: &Answer) -> String {
    let (_, id) = page.body.rsplit_once("name=\"_form\" value=\"").unwrap();
    id.split('"').next().unwrap().into()
}

#[test]
fn the_form_is_built_from_the_arguments_and_starts_one_job() {
    let (database, site, cookie) = place();
    let list = site.get("/jobs", &cookie).is(200);
    let list = list.says("<a href=\"/jobs/start/days\">days</a>");
    // Not for operators, and not for pages.
    assert!(!list.body.contains("/jobs/start/prune") && !list.body.contains("/jobs/start/secret"));
    let page = site.get(PATH, &cookie).is(200);
    let page = page
        .says("Counts days.")
        .says("name=\"c.first\" type=\"date\" value=\"\" required")
        .says("name=\"c.count\" type=\"number\" value=\"7\" step=\"1\"")
        .says("<option value=\"fast\">fast</option>")
        .says("<option value=\"true\" selected>yes</option>")
        .says("Whose. One value in each line.")
        .says("When. Time zone America/New_York.");
    let form = format!(
        "_form={}&c.first=2026-11-30&c.count=3&c.share=0.5&c.mode=slow&c.names=a%0D%0Ab+c%0D%0A\
         &c.moment=2026-11-30T10:00&c.loud=false&c.more=%7B%22x%22:[1]%7D&c.keep=3+days\
         &c._queue=slow&c._priority=4&c._not_before=2030-01-01T00:00",
        form_of(&page)
    );
    for _ in 0..2 {
        site.post(PATH, &cookie, &form).is(303).leads_to("/jobs/1");
    }
    assert_eq!(jobs(&database), 1);
    let args = "{\"first\": \"2026-11-30\", \"count\": 3, \"share\": 0.5, \"mode\": \"slow\", \"names\": [\"a\", \"b c\"], \
                \"moment\": \"2026-11-30T15:00:00Z\", \"loud\": false, \"more\": {\"x\": [1]}, \"keep\": \"3 days\"}";
    let found = format!(
        "select count(*) from elt.job where args = '{args}' and queue = 'slow' and priority = 4 \
         and run_at = '2030-01-01 05:00+00' and account_name = 'ann' and kind = 'days'"
    );
    assert_eq!(database.number(&found), 1);
    // The same form with other values starts nothing and says so.
    let other = site.post(PATH, &cookie, &form.replace("count=3", "count=4"));
    other
        .is(422)
        .says("This form has started job 1 already.")
        .says("value=\"4\"");
    assert_eq!(jobs(&database), 1);
}

#[test]
fn invalid_values_stay_in_their_fields_with_an_error() {
    let (database, site, cookie) = place();
    let form = "c.first=&c.count=many&c.share=half&c.mode=odd&c.moment=soon&c.loud=maybe&c.more=%7B&c.keep=long\
                &c._queue=NO&c._priority=high";
    let page = site.post(PATH, &cookie, form).is(422);
    for (argument, value, problem) in [
        ("first", "value=\"\"", "This argument is required."),
        (
            "count",
            "type=\"text\" value=\"many\"",
            "This must be a whole number.",
        ),
        ("share", "value=\"half\"", "This must be a number."),
        (
            "mode",
            "<option value=\"odd\" selected>",
            "There is no choice",
        ),
        ("moment", "value=\"soon\"", "Write a day such as"),
        (
            "loud",
            "<option value=\"maybe\" selected>",
            "This must be true or false.",
        ),
        ("more", ">\n{</textarea>", "This is not JSON"),
        ("keep", "value=\"long\"", "This must be a time span"),
        (
            "_queue",
            "value=\"NO\"",
            "Use at most 63 lower-case letters",
        ),
        (
            "_priority",
            "value=\"high\"",
            "This must be a whole number.",
        ),
    ] {
        let field = page
            .body
            .split("<div class=\"field")
            .find(|field| field.contains(&format!("id=\"h-{argument}\"")));
        let field = field.unwrap();
        assert!(
            field.contains(value) && field.contains(problem),
            "{argument}: {field}"
        );
    }
    assert_eq!(jobs(&database), 0);
    // The command refuses the same arguments, and reports the same problems.
    let args = "{\"first\": \"2026-02-30\", \"count\": 1.5, \"names\": \"a\", \"other\": 1}";
    database
        .elt()
        .args(["jobs", "enqueue", "days", "--args", args])
        .run()
        .exits_with(2)
        .says(&[
            "count: This must be a whole number.",
            "first: This must be a day",
            "names: This must be a list.",
            "other: There is no such argument.",
            "elt jobs kinds",
        ]);
    assert_eq!(jobs(&database), 0);
}

#[test]
fn a_kind_without_described_arguments_takes_an_object() {
    let (database, site, cookie) = place();
    let path = "/jobs/start/free";
    site.get(path, &cookie).is(200).says("name=\"c._args\"");
    for bad in ["[1]", "1", "{", "{\"a\": \"\\u0000\"}"] {
        let form = format!("c._args={bad}");
        site.post(path, &cookie, &form)
            .is(422)
            .says("No job was started.");
    }
    site.post(path, &cookie, "c._args={\"a\": [1, 2]}").is(303);
    site.post(path, &cookie, "").is(303);
    assert_eq!(
        database.text("select string_agg(args::text, ' ' order by job_id) from elt.job"),
        "{\"a\": [1, 2]} {}"
    );
}

#[test]
fn only_accounts_with_the_right_role_start_a_kind() {
    let (database, site, operator) = place();
    let viewer = site.signed_in(&database, "vic", "viewer");
    let admin = site.signed_in(&database, "bob", "admin");
    let starts = |path: &str, cookie: &str, status: u16| {
        site.get(path, cookie)
            .is(if status == 303 { 200 } else { status });
        site.post(path, cookie, "c.first=2026-11-30").is(status);
    };
    starts(PATH, &viewer, 403);
    starts(PATH, &operator, 303);
    starts("/jobs/start/prune", &operator, 403);
    site.post("/jobs/start/prune", &admin, "c.keep=10+days")
        .is(303);
    starts("/jobs/start/secret", &admin, 403);
    starts("/jobs/start/nothing", &admin, 404);
    assert!(
        !site
            .get("/jobs", &viewer)
            .is(200)
            .body
            .contains("Start a job")
    );
    assert_eq!(jobs(&database), 2);
    // The role of pages cannot start more than that, whatever a page would ask for.
    let mut web = database.connect();
    web.batch_execute("set role elt_web").unwrap();
    let mut refused = |account: &str, call: &str| {
        let sql =
            format!("select set_config('elt.account', '{account}', false); select elt.{call}");
        let error = web.batch_execute(&sql).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{call}: {error}");
    };
    let start = |kind: &str| format!("start_job('{kind}', '{{}}', 'default', 0, null)");
    refused("ann", &start("prune"));
    refused("vic", &start("free"));
    refused("bob", &start("secret"));
    refused("nobody", &start("free"));
    refused("bob", "enqueue('free')");
}

#[test]
fn a_form_survives_the_end_of_the_session() {
    let (database, site, cookie) = place();
    let form = "c.first=2026-11-30&c.count=12";
    let page = site.post(PATH, "", form).is(403);
    page.says("name=\"kept.c.count\" value=\"12\"");
    let carried = "name=ann&password=correct+horse+battery+staple&next=/jobs/start/days\
                   &kept.c.first=2026-11-30&kept.c.count=12";
    let page = site.post("/sign-in", &cookie, carried).is(200);
    page.says("The job is not started yet.")
        .says("value=\"12\"");
    assert_eq!(jobs(&database), 0);
}
