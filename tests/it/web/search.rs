//! The search of pages that list tables, views and resources, and the titles of all pages.

use super::Site;
use crate::support::{Database, Folder};

#[test]
fn names_are_searched_without_a_script() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "viewer");
    let pages = [
        // The page, a row that is always found first, and one that a search for "utilization" does not find.
        (
            "/explore",
            "/explore/public.epion_utilization\"",
            "public.appointment_funnel</a></td>",
        ),
        (
            "/lineage",
            "<th scope=\"row\"><a href=\"/explore/public.epion_utilization\"",
            "<th scope=\"row\"><a href=\"/explore/public.appointment_funnel\"",
        ),
        (
            "/api/",
            "<h2 id=\"epion_utilization\">",
            "<h2 id=\"appointment_funnel\">",
        ),
    ];
    let headers = format!("Cookie: {ann}\r\nAccept: text/html\r\n");
    let get = |path: &str| site.ask("GET", path, &headers, "");
    for (path, found, other) in pages {
        get(path)
            .is(200)
            .says(found)
            .says(other)
            .says("type=\"search\"");
        let page = get(&format!("{path}?q=+Epion+UTILIZATION"));
        let page = page.is(200).says(found).says("value=\"Epion UTILIZATION\"");
        assert!(!page.body.contains(other), "{path}: {}", page.body);
        page.says("<a href=\"?\">")
            .says(": Epion UTILIZATION · elt</title>");
        get(&format!("{path}?q=%3Cxyz%3E"))
            .is(200)
            .says("these words in its name")
            .says("value=\"&#60;xyz&#62;\"");
    }
    site.get("/api?q=x", &ann).is(308).leads_to("/api/?q=x");
    // Programs get all names, and no parameter is ignored.
    site.get("/api/?format=json&q=x", &ann).is(400);
}

#[test]
fn each_title_names_what_the_page_shows() {
    let database = Database::new();
    database.load(&Folder::with_data()).ok();
    database.run(
        "insert into public.tasks (name, start_time) values ('lab5', '2026-01-01'), ('lab6', '2026-01-01'); \
         insert into elt.saved_query (saved_query, definition) values ('by_month', 'select 1 as n'); \
         select elt.enqueue('prune', '{}')",
    );
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    let job = database.number("select max(job_id) from elt.job");
    let load =
        database.text("select load_id::text from elt.live_load where source = 'appointments'");
    let titles = [
        ("/", "Overview"),
        ("/explore", "Data"),
        ("/explore/public.tasks", "public.tasks · Data"),
        ("/lineage", "Lineage"),
        ("/sql", "SQL"),
        ("/sql?saved=by_month", "by_month · SQL"),
        ("/loads", "Loads"),
        (
            &format!("/loads/{load}"),
            &format!("Load {load}: appointments"),
        ),
        ("/jobs", "Jobs"),
        (&format!("/jobs/{job}"), &format!("Job {job}: prune")),
        ("/jobs/start/pipeline", "Start a job: pipeline"),
        ("/admin", "Admin"),
        ("/admin/tasks", "tasks · Admin"),
        ("/admin/tasks/add", "Add to tasks"),
        ("/admin/tasks/change?task_id=1", "lab5 · tasks"),
        ("/admin/tasks/delete?task_id=2", "Delete lab6 · tasks"),
        ("/admin/tasks/history?task_id=1", "History of lab5 · tasks"),
        ("/api/", "API"),
        ("/api/tasks/", "tasks · API"),
        ("/api/tasks/1/", "tasks 1 · API"),
        ("/account", "Account ann"),
        ("/accounts", "Accounts"),
        ("/accounts/ann", "Account ann"),
        ("/audit", "Audit"),
        ("/password", "Password"),
        ("/sign-in", "Sign in"),
    ];
    for (path, title) in titles {
        let headers = format!("Cookie: {ann}\r\nAccept: text/html\r\n");
        let page = site.ask("GET", path, &headers, "").is(200);
        page.says(&format!("<title>{title} · elt</title>"));
    }
    site.get("/nowhere/at/all", &ann)
        .is(404)
        .says("<title>Not found · elt</title>");
    site.post(
        "/admin/tasks",
        &ann,
        "_action=delete&row=task_id%3D1&row=task_id%3D2",
    )
    .is(200)
    .says("<title>Delete 2 rows · tasks · elt</title>");
}
