//! The list of jobs: order, filters, pages, causes, workers and files.

use super::Site;
use crate::support::{Database, Folder, wait_until};

/// A running, a dead, a queued and a cancelled job, and 120 that succeeded. Numbers 1 to 124.
const JOBS: &str = "
    insert into elt.worker (host, process_id, elt_version, queues, concurrency, holds_lock)
    values ('machine', 7, '0', '{default,slow}', 2, false);
    insert into elt.job (kind, queue, args, state, created_at, run_at, started_at, finished_at, max_attempts,
        attempt_count, claim_count, time_limit, worker_id, lease_until, error, progress)
    select
        case when n <= 2 then 'pipeline' else 'prune' end, case n when 3 then 'slow' else 'default' end,
        jsonb_build_object('n', n), state, '2026-11-30 10:00+00', '2026-11-30 10:00+00',
        case when state = 'running' then now() - interval '125 seconds'
            when state not in ('queued', 'cancelled') then '2026-11-30 10:01+00'::timestamptz end,
        case when state in ('succeeded', 'dead', 'cancelled') then '2026-11-30 10:02:05+00'::timestamptz end,
        3, 0, 0, '1 hour',
        case when state = 'running' then 1 end, case when state = 'running' then now() + interval '1 hour' end,
        case when state = 'dead' then 'The disk is 100% full; more' end,
        case when state = 'running' then '{\"step\": \"step five\"}'::jsonb end
    from generate_series(1, 124) as n
    cross join lateral (
        select case n when 1 then 'running' when 2 then 'dead' when 3 then 'queued' when 4 then 'cancelled'
            else 'succeeded' end as state
    ) as states";

fn place() -> (Database, Site, String) {
    let database = Database::new();
    database.run(JOBS);
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    (database, site, cookie)
}

/// Numbers of the jobs that a page lists.
fn listed(body: &str) -> Vec<i64> {
    let list = body.split("id=\"live\"").nth(1).unwrap();
    let list = list.split("</form>").next().unwrap();
    let cells = list.split("<td class=\"number\"><a href=\"/jobs/");
    let numbers = cells.skip(1).map(|cell| cell.split('"').next().unwrap());
    numbers.map(|number| number.parse().unwrap()).collect()
}

#[test]
fn running_and_dead_jobs_are_first_and_the_last_page_is_shown_beyond_the_end() {
    let (_database, site, cookie) = place();
    let first = site.get("/jobs", &cookie).is(200);
    assert_eq!(listed(&first.body)[..4], [1, 2, 124, 123]);
    assert_eq!(listed(&first.body).len(), 50);
    let first = first
        .says("124 jobs, 1 to 50 shown.")
        .says("Page 1 of 3")
        .says("<a rel=\"next\" href=\"/jobs?page=2\">");
    assert!(!first.body.contains("rel=\"prev\""));
    let last = site.get("/jobs?page=3", &cookie).is(200);
    assert_eq!(listed(&last.body).last(), Some(&3));
    for page in ["4", "99999999999"] {
        let beyond = site.get(&format!("/jobs?page={page}"), &cookie).is(200);
        assert_eq!(listed(&beyond.body), listed(&last.body));
    }
    site.get("/jobs?page=0", &cookie).is(400);
    // Only the first page changes under the reader's eyes.
    assert!(first.body.contains("id=\"live\" data-live"));
    assert!(!last.body.contains("id=\"live\" data-live"));
}

#[test]
fn filters_are_kept_in_the_address_and_states_are_counted() {
    let (_database, site, cookie) = place();
    let get = |query: &str| site.get(&format!("/jobs?{query}"), &cookie).is(200);
    for (query, jobs) in [
        ("state=dead&state=queued", vec![2, 3]),
        ("kind=pipeline", vec![1, 2]),
        ("queue=slow", vec![3]),
        ("q=DISK+IS+100%25", vec![2]),
        ("q=%22n%22:+77", vec![77]),
        ("q=100_", vec![]),
        ("since=2026-11-30T10:01", vec![]),
        ("until=2026-11-29", vec![]),
        (
            "kind=pipeline&since=2026-11-30&until=2026-11-30",
            vec![1, 2],
        ),
        ("kind=pipeline&state=dead&q=disk", vec![2]),
    ] {
        assert_eq!(listed(&get(query).body), jobs, "{query}");
    }
    // The counts do not depend on the chosen states, but on the other filters.
    let page = get("state=dead&kind=pipeline");
    let chip = "<a href=\"/jobs?kind=pipeline&amp;state=running\">running <span class=\"quiet\">1</span></a>";
    let page = page.says(&chip.replace("&amp;", "&#38;"));
    page.says("value=\"dead\" checked>")
        .says("<option selected>pipeline</option>");
    let page = get("state=succeeded&page=2");
    page.says("href=\"/jobs?state=succeeded&#38;page=3\"");
}

#[test]
fn an_invalid_filter_stays_in_its_field_with_an_error() {
    let (_database, site, cookie) = place();
    let query = "/jobs?kind=nothing&queue=fast&state=great&since=soon&until=2026-11-30T10:00";
    let page = site.get(query, &cookie).is(400);
    let page = page
        .says("There is no such kind.")
        .says("<option selected>nothing</option>")
        .says("No job has this queue.")
        .says("There is no state “great”.")
        .says("type=\"text\" value=\"soon\" aria-invalid=\"true\"")
        .says("type=\"datetime-local\" value=\"2026-11-30T10:00\"");
    assert!(listed(&page.body).is_empty());
    let long = format!("/jobs?q={}", "x".repeat(400));
    site.get(&long, &cookie).is(400).says("at most 300 letters");
}

#[test]
fn workers_show_what_they_do_and_jobs_how_long_they_took() {
    let (_database, site, cookie) = place();
    let page = site.get("/jobs", &cookie).is(200);
    let page = page
        .says("<a href=\"/jobs/1\">job 1</a> pipeline: step five")
        .says("1 of 2")
        .says("<h2 id=\"workers\">")
        .says("for 2 min ");
    // From 10:01 to 10:02:05.
    page.says("<td class=\"number time\">1 min 5 s</td>");
    site.get("/jobs/2", &cookie)
        .is(200)
        .says("<dt>took</dt><dd>1 min 5 s</dd>");
}

#[test]
fn causes_are_shown_and_lead_to_their_rows() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    site.post(
        "/admin/tasks/add",
        &cookie,
        "c.name=lab5&c.start_time=2026-11-22T10:00",
    )
    .is(303);
    site.post("/schedules/nightly/run", &cookie, "").is(303);
    database.run("select elt.enqueue('prune')");
    let page = site.get("/jobs", &cookie).is(200);
    let row = "<a href=\"/admin/tasks/change?task_id=1\">row 1 of public.tasks, account ann</a>";
    page.says(row)
        .says("schedule nightly, account ann")
        .says("role postgres");
    site.get("/jobs/1", &cookie).is(200).says(row);
    let shown = database.elt().args(["jobs", "show", "2"]).run().ok();
    let cause = shown.stdout.lines().find(|line| line.starts_with("cause "));
    assert!(cause.is_some_and(|line| line.ends_with("schedule nightly, account ann")));
    let listed = database.elt().args(["jobs"]).run().ok();
    assert!(listed.stdout.contains("row 1 of public.tasks, account ann"));
}

#[test]
fn files_that_a_later_job_replaced_are_marked() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    let serve = database.elt().args(["serve"]);
    let site = Site::spawn(serve.path("--data", data.path()).path("--out", out.path()));
    let cookie = site.signed_in(&database, "ann", "viewer");
    let run = |jobs: i64| {
        database.run("select elt.enqueue('pipeline')");
        wait_until("the job to be done", || {
            database.number("select count(*) from elt.job where state = 'succeeded'") == jobs
        });
    };
    run(1);
    let first = out.read("valid_appts.csv");
    run(2);
    // Both jobs wrote the same bytes.
    let link = "<a href=\"/jobs/1/files/valid_appts.csv\" download>";
    site.get("/jobs", &cookie).is(200).says(link);
    site.get("/jobs/1/files/valid_appts.csv", &cookie).is(200);
    let rows = std::fs::read(data.path().join("lab1_appointments.csv")).unwrap();
    let fewer: Vec<&[u8]> = rows
        .split_inclusive(|byte| *byte == b'\n')
        .take(300)
        .collect();
    data.write("lab1_appointments.csv", fewer.concat());
    run(3);
    assert_ne!(out.read("valid_appts.csv"), first);
    let marked = "valid_appts.csv <span class=\"quiet\">replaced by <a href=\"/jobs/3\">job 3</a>";
    for path in ["/jobs", "/jobs/1", "/jobs/2", "/"] {
        let page = site.get(path, &cookie).is(200).says(marked);
        assert!(!page.body.contains(link), "{path}");
    }
    site.get("/jobs/1/files/valid_appts.csv", &cookie).is(410);
    site.get("/jobs/3", &cookie)
        .is(200)
        .says("<a href=\"/jobs/3/files/valid_appts.csv\" download>");
    // A run without a job replaces it too.
    out.write("valid_appts.csv", "x");
    let page = site.get("/jobs/3", &cookie).is(200);
    page.says("valid_appts.csv <span class=\"quiet\">replaced by a run without a job");
}
