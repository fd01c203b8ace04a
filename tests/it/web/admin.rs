//! The forms of the admin.

use super::{Answer, Site};
use crate::support::Database;

pub(super) const FORM: &str =
    "c.name=lab4&c.start_time=2026-11-22T10:00&c.end_time=2026-11-22T11:30";

/// The row version in the form of a page.
pub(super) fn version(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("name=\"_version\" value=\"").unwrap();
    rest.split('"').next().unwrap().into()
}

#[test]
fn a_task_is_added_changed_and_deleted_and_all_of_it_is_noted() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let added = site.post("/admin/tasks/add", &cookie, FORM).is(303);
    let flash = added.leads_to("/admin/tasks").cookie();
    let list = site.get("/admin/tasks", &format!("{cookie}; {flash}"));
    let list = list.is(200).says("dded “lab4”.").says(">lab4</a>");
    assert!(
        list.head.contains("set-cookie: elt_said=; "),
        "{}",
        list.head
    );

    let path = "/admin/tasks/change?task_id=1";
    let page = site
        .get(path, &cookie)
        .is(200)
        .says("value=\"2026-11-22T10:00:00\"");
    let form = format!("{FORM}&_version={}", version(&page)).replace("11:30", "12:30");
    site.post(path, &cookie, &format!("{form}&_continue=yes"))
        .is(303)
        .leads_to(path);
    let end = "select count(*) from public.tasks where end_time = '2026-11-22 12:30+00'";
    assert_eq!(database.number(end), 1);

    let page = site.get("/admin/tasks/delete?task_id=1", &cookie);
    let page = page.is(200).says("Delete “lab4”?");
    let form = format!("_version={}", version(&page));
    site.post("/admin/tasks/delete?task_id=1", &cookie, &form)
        .is(303)
        .leads_to("/admin/tasks");
    assert_eq!(database.number("select count(*) from public.tasks"), 0);

    let history = site.get("/admin/tasks/history?task_id=1", &cookie).is(200);
    history
        .says("<td>ann</td>")
        .says("added to tasks: ")
        .says("<del>2026-11-22T11:30:00+00:00</del> → <ins>2026-11-22T12:30:00+00:00</ins>")
        .says("deleted from tasks: ");
    let noted = "select count(*) from elt.change where account_name = 'ann' and table_name = 'public.tasks'";
    assert_eq!(database.number(noted), 3);
    site.get("/admin", &cookie)
        .is(200)
        .says("deleted from tasks: ");
}

#[test]
fn changes_from_psql_are_in_the_history_too() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    database.run("set application_name = 'psql'; insert into public.tasks (name, start_time) values ('x', now())");
    let page = site.get("/admin/tasks/history?task_id=1", &cookie);
    page.is(200).says("(psql)</td>");
}

#[test]
fn errors_are_shown_beside_fields_and_input_is_kept() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let long = "x".repeat(201);
    for (form, said) in [
        (
            "c.name=&c.start_time=".to_string(),
            vec![
                ("name", "This field is required."),
                ("start_time", "This field is required."),
            ],
        ),
        (
            format!("c.name={long}&c.start_time=2026-11-22T10:00"),
            vec![("name", "A name has at most 200 characters.")],
        ),
        (
            "c.name=%20&c.start_time=2026-11-22T10:00&c.end_time=2026-11-21T10:00".into(),
            vec![
                ("name", "A name is not blank."),
                ("end_time", "The end is not before the start."),
            ],
        ),
        (
            "c.name=mine&c.start_time=soon&c.end_time=2026-02-30T10:00".into(),
            vec![
                (
                    "start_time",
                    "This is not a date with a time such as 2026-11-22 17:30.",
                ),
                (
                    "end_time",
                    "This is not a date with a time such as 2026-11-22 17:30.",
                ),
            ],
        ),
        (
            "c.name=a%00b&c.start_time=2026-11-22T10:00".into(),
            vec![(
                "name",
                "This contains a character that is not allowed in text.",
            )],
        ),
    ] {
        let page = site.post("/admin/tasks/add", &cookie, &form).is(422);
        for (field, words) in &said {
            let summary = format!("<a href=\"#c-{field}\">{field}</a>: {words}");
            assert!(
                page.body.contains(&summary),
                "{form}: {summary}\n{}",
                page.body
            );
            let (_, rest) = page.body.split_once(&format!("id=\"h-{field}\"")).unwrap();
            let beside = rest.split("</div>").next().unwrap();
            assert!(beside.contains(words), "{form}: {beside}");
        }
        let wrong = page.body.matches("field wrong").count();
        assert_eq!(wrong, said.len(), "{form}: {}", page.body);
    }
    let kept = site.post("/admin/tasks/add", &cookie, "c.name=mine&c.start_time=soon");
    kept.says("value=\"mine\"").says("value=\"soon\"");
    assert_eq!(database.number("select count(*) from public.tasks"), 0);
}

#[test]
fn a_row_that_somebody_else_changed_is_not_overwritten_unseen() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    site.post("/admin/tasks/add", &cookie, FORM).is(303);
    let path = "/admin/tasks/change?task_id=1";
    let old = version(&site.get(path, &cookie));
    database.run("update public.tasks set name = 'theirs'");
    let form = format!("{FORM}&_version={old}").replace("lab4", "mine");
    let page = site.post(path, &cookie, &form).is(409);
    let page = page.says("Current value: theirs").says("value=\"mine\"");
    assert_eq!(
        database.number("select count(*) from public.tasks where name = 'theirs'"),
        1
    );
    // After the current values were shown, saving succeeds.
    let form = format!("{FORM}&_version={}", version(&page)).replace("lab4", "mine");
    site.post(path, &cookie, &form).is(303);
    assert_eq!(
        database.number("select count(*) from public.tasks where name = 'mine'"),
        1
    );
    // Deleting a row that has changed must be confirmed again.
    let confirm = "/admin/tasks/delete?task_id=1";
    site.post(confirm, &cookie, &format!("_version={old}"))
        .is(409);
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
}

#[test]
fn other_tables_say_what_they_must_keep_and_what_refers_to_them() {
    let database = Database::new();
    database.run(
        "create type public.colour as enum ('red', 'green'); \
         create table public.shelf (shelf_id bigint generated always as identity primary key, \
             label text not null unique, colour public.colour not null default 'green', \
             depth numeric check (depth > 0), is_open boolean not null default false, tags text[]); \
         create table public.book (shelf_id bigint not null references public.shelf (shelf_id) on delete cascade, \
             place integer not null, title text not null, primary key (shelf_id, place)); \
         create table public.lent (shelf_id bigint references public.shelf (shelf_id)); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete, title_column, filter_columns) \
         values ('public.shelf', true, true, true, 'label', '{colour,is_open}'), \
         ('public.book', true, true, true, 'title', '{}'); \
         select elt.grant_roles()",
    );
    database.run("grant select on public.shelf, public.book, public.lent to elt_web");
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let add = |table: &str, form: &str| site.post(&format!("/admin/{table}/add"), &cookie, form);
    add(
        "shelf",
        "c.label=top&c.colour=&c.is_open=&c.depth=1.5&c.tags=%7Ba,b%7D",
    )
    .is(303);
    assert_eq!(
        database
            .number("select count(*) from public.shelf where colour = 'green' and tags[2] = 'b'"),
        1
    );
    add("shelf", "c.label=top&c.colour=red")
        .is(422)
        .says("A row with this value already exists.");
    add("shelf", "c.label=low&c.colour=blue&c.depth=-1")
        .is(422)
        .says("Invalid input value for enum colour: &#34;blue&#34;.")
        .says("This must be true: (depth &#62; (0)::numeric)");
    add("book", "c.shelf_id=1&c.place=1&c.title=One").is(303);
    add("book", "c.shelf_id=9&c.place=1&c.title=One")
        .is(422)
        .says("There is no such row in public.shelf.");
    site.get("/admin/book/add", &cookie)
        .is(200)
        .says("<option value=\"1\">1</option>");
    site.get("/admin/book/change?shelf_id=1&place=1", &cookie)
        .is(200)
        .says("\nOne</textarea>");
    site.get("/admin/book/change?shelf_id=1", &cookie).is(404);
    let page = site.get("/admin/shelf", &cookie).is(200);
    page.says(">green</a> <span class=\"quiet\">1</span>");
    let page = site.get("/admin/shelf/delete?shelf_id=1", &cookie).is(200);
    let page = page
        .says("<dt>label</dt><dd>top</dd>")
        .says("1 row of <a href=\"/admin/book\">public.book</a> (One): deleted too");
    database.run("insert into public.lent values (1)");
    let form = format!("_version={}", version(&page));
    let refused = site
        .post("/admin/shelf/delete?shelf_id=1", &cookie, &form)
        .is(422);
    refused
        .says("It cannot be deleted because rows of lent refer to it.")
        .says("1 row of <a href=\"/explore/public.lent\">public.lent</a> ((1)): they prevent the deletion");
    assert_eq!(database.number("select count(*) from public.shelf"), 1);
}

#[test]
fn untouched_values_stay_unchanged() {
    let database = Database::new();
    database.run(
        "create table public.odd (k text primary key, note text, nick varchar(20) not null default '', \
             lines text, n numeric, at timestamptz, other text); \
         insert into public.odd values (repeat('a', 1000), '', '', E'a\\r\\nb', 'NaN', '0044-03-15 12:00 BC', 'x'), \
             (repeat('a', 1000) || 'b', '', '', 'c', 1.5, 'infinity', 'y'); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete) values ('public.odd', true, true, true); \
         select elt.grant_roles(); grant select on public.odd to elt_web",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let key = "a".repeat(1000);
    let path = format!("/admin/odd/change?k={key}");
    let page = site.get(&path, &cookie).is(200);
    let page = page.says("type=\"text\" value=\"NaN\"").says("BC\"");
    let at = database.text(&format!(
        "select at::text from public.odd where k = '{key}'"
    ));
    let form = format!(
        "c.note=&c.nick=&c.lines=a%0D%0Ab&c.n=NaN&c.at={}&c.other=changed&_version={}",
        at.replace('+', "%2B").replace(' ', "+"),
        version(&page)
    );
    site.post(&path, &cookie, &form).is(303);
    let same = "select count(*) from public.odd where note = '' and nick = '' and lines = E'a\\r\\nb' \
                and n = 'NaN' and at = '0044-03-15 12:00 BC' and other = 'changed'";
    assert_eq!(database.number(same), 1);
    // The longer key is not truncated to the shorter one.
    let list = site.get("/admin/odd", &cookie).is(200);
    list.says(&format!("name=\"row\" value=\"k={key}b\""));
    let ticked = format!("_action=delete&_confirmed=1&row=k%3D{key}b");
    site.post("/admin/odd", &cookie, &ticked).is(303);
    assert_eq!(database.text("select k from public.odd"), key);
}
