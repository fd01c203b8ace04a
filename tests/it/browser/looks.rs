//! The look of the pages: axe-core finds no violation, and the screenshots are in `target/screenshots`.

use super::Browser;
use super::look::LOOKS;
use crate::support::{Database, Folder, wait_until};
use crate::web::{PASSWORD, Site, add_user};

/// Name of the screenshot, and address.
const PAGES: [(&str, &str); 35] = [
    ("overview", "/"),
    ("data", "/explore"),
    (
        "relation",
        "/explore/public.valid_appointments?f.is_epion.is=true&sort=-appointment_date",
    ),
    ("rule", "/explore/quality.appointments_without_date"),
    ("source", "/explore/staging.practices"),
    ("nothing", "/explore/public.tasks?q=nothing"),
    ("lineage", "/lineage"),
    ("lineage-found", "/lineage?q=epion"),
    ("loads", "/loads"),
    ("loads-filtered", "/loads?state=great&since=soon"),
    ("load", "/loads/1"),
    ("jobs", "/jobs"),
    ("jobs-filtered", "/jobs?state=great&since=soon&kind=nothing"),
    ("job-start", "/jobs/start/pipeline"),
    ("job", "/jobs/1"),
    ("dead-job", "/jobs/2"),
    ("admin", "/admin"),
    ("list", "/admin/tasks"),
    (
        "narrowed",
        "/admin/tasks?q=task&date=2026-03&f.end_time.empty=",
    ),
    ("add", "/admin/tasks/add"),
    ("change", "/admin/tasks/change?task_id=1"),
    ("schedule", "/admin/elt.schedule/change?schedule=nightly"),
    ("history", "/admin/tasks/history?task_id=1"),
    ("delete", "/admin/tasks/delete?task_id=2"),
    ("sql", "/sql"),
    (
        "sql-rows",
        "/sql?sql=select+n,+n+*+:f::bigint+as+times,+repeat('word+',+30)+as+text+from+generate_series(1,+9)+as+n\
         &p.f=3&chart=line",
    ),
    (
        "sql-error",
        "/sql?sql=select+1,%0A++nothing%0Afrom+public.tasks",
    ),
    ("api", "/api/"),
    ("api-found", "/api/?q=tasks"),
    ("password", "/password"),
    ("account", "/account"),
    ("accounts", "/accounts"),
    ("account-admin", "/accounts/bob"),
    ("audit", "/audit?since=soon"),
    ("not-found", "/no/such/page"),
];

#[test]
fn every_page_is_for_everybody_and_can_be_looked_at() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    add_user(&database, "ann", "admin");
    add_user(&database, "bob", "operator");
    let token = ["token", "new", "bob", "--name", "nightly import"];
    database.elt().args(token).run().ok();
    let serve = database.elt().args(["serve"]);
    let site = Site::spawn(serve.path("--data", data.path()).path("--out", out.path()));
    database.run(
        "insert into public.tasks (name, start_time, end_time) values ('lab5', '2026-11-22 10:00+00', null); \
         insert into public.tasks (name, start_time, end_time) \
         select 'task ' || n, '2026-01-05 09:00+00'::timestamptz + n * interval '31 hours', \
         case when n % 3 = 0 then '2027-01-01'::timestamptz end from generate_series(1, 70) as n; \
         update public.tasks set name = 'lab5, renamed' where task_id = 1; \
         select elt.enqueue('pipeline', '{\"sources\": [\"nothing\"]}')",
    );
    wait_until("the jobs to be done", || {
        database.number("select count(*) from elt.job where state in ('succeeded', 'dead')") == 2
    });
    // A second publish, for the trends of rules and sources.
    let again = database.elt().args(["load", "practices", "--force"]);
    again.path("--data", data.path()).run().ok();
    let browser = Browser::open(&site.origin());
    browser.goto("/sign-in");
    let mut wrong = browser.problems("sign-in", &LOOKS);
    browser.sign_in("ann", PASSWORD);
    for (name, path) in PAGES {
        browser.goto(path);
        wrong.extend(browser.problems(name, &LOOKS));
    }
    browser.goto("/admin/tasks/add");
    browser.wait(browser.find("#c-start_time").send_keys("11222026101500AM"));
    browser.wait(browser.find("#c-end_time").send_keys("11212026101500AM"));
    browser.follow("[name=_save]");
    wrong.extend(browser.problems("errors", &LOOKS));
    browser.goto("/audit");
    wrong.extend(browser.problems("audit-entries", &LOOKS));
    browser.goto("/account");
    browser.type_into("#token-name", "nightly import");
    browser.follow("[value=new-token]");
    wrong.extend(browser.problems("secret", &LOOKS));
    browser.goto("/account");
    wrong.extend(browser.problems("account-token", &LOOKS));
    browser.type_into("#zone", "Mars/Base");
    browser.follow("[value=time-zone]");
    wrong.extend(browser.problems("account-zone", &LOOKS));
    browser.goto("/jobs/start/prune");
    browser.type_into("#c-keep", "long");
    browser.follow(".fields .actions button");
    wrong.extend(browser.problems("job-start-errors", &LOOKS));
    browser.goto("/jobs");
    // In one step, because a live update may replace the box.
    browser.run("document.querySelector('[name=row]').click()");
    browser.follow("button[value=retry]");
    wrong.extend(browser.problems("job-results", &LOOKS));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
