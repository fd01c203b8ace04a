//! Entered and displayed values: years, invisible characters, filters with invalid values.

use super::Site;
use crate::support::Database;
use serde_json::{Value, json};

const UNSEEN: &str = "A name has no control characters and no invisible characters.";

/// Creates a task by the API.
fn create(site: &Site, cookie: &str, task: &Value) -> (u16, Value) {
    let headers = format!(
        "Cookie: {cookie}\r\nOrigin: {}\r\nContent-Type: application/json\r\n",
        site.origin()
    );
    let answer = site.ask("POST", "/api/tasks/", &headers, &task.to_string());
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

#[test]
fn years_have_four_digits() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let page = site.get("/admin/tasks/add", &cookie).is(200);
    page.says("min=\"0001-01-01T00:00:00\" max=\"9999-12-31T23:59:59\" required");
    let said = "The year is from 0001 to 9999, in UTC.";
    for time in [
        "12026-11-22T10:00",
        "10000-01-01T00:00",
        "infinity",
        "0044-03-15 12:00 BC",
    ] {
        let form = format!("c.name=x&c.start_time={}", time.replace(' ', "+"));
        site.post("/admin/tasks/add", &cookie, &form)
            .is(422)
            .says(said);
        let (status, problems) =
            create(&site, &cookie, &json!({ "name": "x", "start_time": time }));
        assert_eq!(
            (status, problems),
            (400, json!({ "start_time": [said] })),
            "{time}"
        );
    }
    let (status, problems) = create(
        &site,
        &cookie,
        &json!({ "name": "x", "start_time": "2026-01-01", "end_time": "10000-01-01T00:00:00Z" }),
    );
    assert_eq!((status, problems), (400, json!({ "end_time": [said] })));
    for time in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let (status, task) = create(&site, &cookie, &json!({ "name": "x", "start_time": time }));
        assert_eq!(status, 201, "{task}");
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
}

#[test]
fn old_rows_do_not_stop_the_migration_that_limits_them() {
    let database = Database::new();
    database.run(
        "alter table public.tasks drop constraint tasks_start_year_in_range; \
         insert into public.tasks (name, start_time) values ('far', '12026-01-01')",
    );
    let migration = |name: &str| {
        let path = crate::support::repository()
            .join("migrations/epion")
            .join(name);
        std::fs::read_to_string(path).unwrap()
    };
    database.run(
        "alter table public.tasks drop constraint tasks_end_year_in_range, drop constraint tasks_name_is_visible",
    );
    database.run(&migration("V0013__limit_tasks.sql"));
    database.run(&migration("V0014__validate_tasks.sql"));
    let far = "update public.tasks set start_time = '12027-01-01'";
    let error = database.connect().batch_execute(far).unwrap_err();
    assert!(
        format!("{error:?}").contains("tasks_start_year_in_range"),
        "{error:?}"
    );
    database.run("update public.tasks set start_time = '2026-01-01'");
}

#[test]
fn names_have_no_invisible_characters() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    for letter in [
        '\u{1}',
        '\u{1b}',
        '\n',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{2028}',
        '\u{3164}',
        '\u{e0041}',
    ] {
        let name = format!("lab{letter}5");
        let task = json!({ "name": name, "start_time": "2026-01-01" });
        let (status, problems) = create(&site, &cookie, &task);
        assert_eq!(
            (status, problems),
            (400, json!({ "name": [UNSEEN] })),
            "{letter:?}"
        );
        let token = ["token", "new", "ann", "--name", &name];
        database.elt().args(token).run().exits_with(2);
        let add = ["user", "add", &name, "--role", "viewer", "--password-stdin"];
        super::give_stdin(&database, &add, super::PASSWORD, 2);
    }
    let form = "c.name=lab%E2%80%AE5&c.start_time=2026-01-01T00:00";
    site.post("/admin/tasks/add", &cookie, form)
        .is(422)
        .says(UNSEEN)
        .says("Contains invisible characters: lab[U+202E]5");
    for name in ["lab5", "é 日本 😀 👍🏽", "a-b_c (d) №1"] {
        let (status, task) = create(
            &site,
            &cookie,
            &json!({ "name": name, "start_time": "2026-01-01" }),
        );
        assert_eq!(status, 201, "{task}");
    }
}

#[test]
fn invisible_characters_of_the_data_are_seen_on_every_page() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "admin");
    database.run(
        "alter table public.tasks drop constraint tasks_name_is_visible; \
         insert into public.tasks (name, start_time) values (E'gpj.\\u202Eexe', '2026-01-01'); \
         update public.tasks set name = name || E'\\u200B'; \
         select elt.enqueue('pipeline', '{\"sources\": [\"\\u2066\"]}'); \
         update elt.job set error = E'\\u0007bell'",
    );
    let mark =
        |name: &str| format!("<span class=\"unseen\" title=\"Invisible character\">{name}</span>");
    for (path, name) in [
        ("/explore/public.tasks", "U+202E"),
        ("/explore/public.tasks?f.name.has=%E2%80%AE", "U+202E"),
        ("/admin", "U+202E"),
        ("/admin/tasks", "U+202E"),
        ("/admin/tasks/change?task_id=1", "U+202E"),
        ("/admin/tasks/delete?task_id=1", "U+202E"),
        ("/admin/tasks/history?task_id=1", "U+200B"),
        ("/jobs", "U+0007"),
        ("/jobs/1", "U+0007"),
        ("/jobs/1", "U+2066"),
    ] {
        site.get(path, &cookie).is(200).says(&mark(name));
    }
    let page = site.get("/admin/tasks/change?task_id=1", &cookie).is(200);
    // The field keeps the value, so that saving changes nothing.
    page.says("value=\"gpj.\u{202e}exe\u{200b}\"")
        .says("<title>gpj.[U+202E]exe[U+200B] ");
}

#[test]
fn a_filter_of_the_wrong_type_stays_in_its_field() {
    let database = Database::new();
    database.run("insert into public.tasks (name, start_time) values ('one', '2026-01-01')");
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    for list in ["/admin/tasks", "/explore/public.tasks"] {
        // As the form sends it.
        let asked = format!("{list}?f.name.is=one&column=task_id&op=not&value=a%22bc");
        let to = format!("{list}?f.name.is=one&f.task_id.not=a%22bc");
        site.get(&asked, &cookie).is(303).leads_to(&to);
        let page = site.get(&to, &cookie).is(400);
        page.says("value=\"a&#34;bc\" aria-invalid=\"true\" aria-describedby=\"value-error\"")
            .says("id=\"value-error\" role=\"alert\">This is not a whole number.")
            .says("<option value=\"task_id\" selected>")
            .says("<option value=\"not\" selected>")
            .says("name=\"f.name.is\" value=\"one\"")
            .says("No rows are listed");
        site.get(&format!("{list}?f.start_time.lt=soon"), &cookie)
            .is(400)
            .says("This is not a date with a time such as 2026-11-22 17:30.");
        let files = site.get(&format!("{list}/rows.csv?f.task_id.is=abc"), &cookie);
        files.is(400).says("task_id: This is not a whole number.");
        let long = "word+".repeat(13);
        site.get(&format!("{list}?q={long}"), &cookie)
            .is(400)
            .says("value=\"word word ")
            .says("A search has at most 12 words");
        site.get(&format!("{list}?f.task_id.gte=1&q=one"), &cookie)
            .is(200)
            .says("1 row, 1 to 1 shown");
    }
    let asked = "/api/tasks/?task_id=abc&start_time__lt=soon&name__has=one";
    let answer = site.get(asked, &cookie).is(400);
    assert_eq!(
        serde_json::from_str::<Value>(&answer.body).unwrap(),
        json!({ "task_id": ["This is not a whole number."],
                "start_time__lt": ["This is not a date with a time such as 2026-11-22 17:30."] })
    );
    let csv = format!("Cookie: {cookie}\r\nAccept: text/csv\r\n");
    site.ask("GET", "/api/tasks/?task_id=abc", &csv, "")
        .is(400)
        .says("task_id");
    // Deleting all rows of such a list deletes nothing.
    let all = "_action=delete&_all=yes&_confirmed=1&_back=f.task_id.is%3Dabc";
    site.post("/admin/tasks", &cookie, all).is(400);
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
}
