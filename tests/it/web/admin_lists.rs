//! Lists of the admin: search, order, filters, walking by date, and deleting several rows.

use super::Site;
use crate::support::Database;

#[test]
fn several_are_deleted_after_a_confirmation_and_only_the_ones_that_were_seen() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    database.run("insert into public.tasks (name, start_time) select 'task ' || n, '2026-01-01' from generate_series(1, 120) as n");
    let ticked = "_action=delete&row=task_id%3D1&row=task_id%3D2&_back=q%3Dtask";
    site.post("/admin/tasks", &cookie, ticked)
        .is(200)
        .says("Delete 2 rows?")
        .says("<li>task 1</li>")
        .says("name=\"row\" value=\"task_id=2\"");
    assert_eq!(database.number("select count(*) from public.tasks"), 120);
    site.post("/admin/tasks", &cookie, &format!("{ticked}&_confirmed=2"))
        .is(303)
        .leads_to("/admin/tasks?q=task");
    assert_eq!(database.number("select count(*) from public.tasks"), 118);
    // The row is deleted by now.
    site.post("/admin/tasks", &cookie, &format!("{ticked}&_confirmed=2"))
        .is(409);

    let all = "_action=delete&_all=yes&_back=q%3Dtask+1%26f.name.not%3Dtask+11";
    let asked = site.post("/admin/tasks", &cookie, all).is(200);
    let matching =
        database.number("select count(*) from public.tasks where name ~ '1' and name <> 'task 11'");
    asked.says(&format!("Delete {matching} rows?"));
    site.post("/admin/tasks", &cookie, &format!("{all}&_confirmed=1"))
        .is(409);
    site.post(
        "/admin/tasks",
        &cookie,
        &format!("{all}&_confirmed={matching}"),
    )
    .is(303);
    assert_eq!(
        database.number("select count(*) from public.tasks where name ~ '1'"),
        1
    );
    site.post("/admin/tasks", &cookie, "_action=delete").is(303);
    assert_eq!(
        database.number(
            "select count(*) from elt.change where operation = 'delete' and account_name = 'ann'"
        ),
        2 + matching
    );
}

#[test]
fn the_list_is_searched_sorted_narrowed_down_and_walked_by_date() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    // Other tables accept times that tasks refuse.
    database.run("alter table public.tasks drop constraint tasks_start_year_in_range");
    database.run(
        "insert into public.tasks (name, start_time, end_time) values \
         ('alpha', '2025-03-04 10:00+00', null), ('beta', '2026-03-04 10:00+00', '2026-03-05'), \
         ('gamma', '2026-11-22 10:00+00', null), ('later', 'infinity', null)",
    );
    let listed = |query: &str| -> Vec<&'static str> {
        let page = site.get(&format!("/admin/tasks?{query}"), &cookie).is(200);
        let names = ["alpha", "beta", "gamma", "later"];
        let mut found: Vec<(usize, &str)> = names
            .into_iter()
            .filter_map(|name| Some((page.body.find(&format!(">{name}</a>"))?, name)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    };
    assert_eq!(listed(""), ["later", "gamma", "beta", "alpha"]);
    assert_eq!(listed("sort=name"), ["alpha", "beta", "gamma", "later"]);
    assert_eq!(listed("q=AL"), ["alpha"]);
    assert_eq!(listed("date=2026"), ["gamma", "beta"]);
    assert_eq!(listed("date=2026-03"), ["beta"]);
    assert_eq!(listed("date=2026-03-05"), Vec::<&str>::new());
    assert_eq!(listed("f.end_time.filled="), ["beta"]);
    assert_eq!(
        listed("f.start_time.gte=2026-01-01&f.start_time.lt=2026-04-01"),
        ["beta"]
    );
    let page = site.get("/admin/tasks", &cookie);
    page.says("date=2026\">2026 <span class=\"quiet\">2</span>");
    let csv = site
        .get("/admin/tasks/rows.csv?date=2026&sort=name", &cookie)
        .is(200);
    let names: Vec<&str> = csv
        .body
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(names, ["name", "beta", "gamma"]);
    // A time that no picker can show is kept as text.
    let page = site.get("/admin/tasks/change?task_id=4", &cookie).is(200);
    page.says("<dd>infinity</dd>");
}
