//! Entered values survive concurrent changes, deleted rows, ended sessions and errors of the server.

use super::forms::{TYPED, hidden, numbered, tasks};
use super::{PASSWORD, Site};
use crate::support::Database;

#[test]
fn a_row_that_was_deleted_meanwhile_may_be_added_again_from_what_was_typed() {
    let database = Database::new();
    database.run(
        "create table public.tag (tag text primary key, note text); \
         insert into public.tag values ('red', 'warm'); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete) values ('public.tag', true, true, true); \
         select elt.grant_roles(); grant select on public.tag to elt_web",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    site.post("/admin/tasks/add", &cookie, TYPED).is(303);
    let path = "/admin/tasks/change?task_id=1";
    let page = site.get(path, &cookie).is(200);
    database.run("delete from public.tasks");
    let form = format!("{TYPED}&_version={}", hidden(&page, "_version")).replace("lab5", "mine");
    let page = site.post(path, &cookie, &numbered(&page, &form)).is(409);
    let page = page
        .says("This row was deleted since you opened it.")
        .says("action=\"/admin/tasks/add\"")
        .says("value=\"mine\"")
        .says("value=\"2026-11-22T11:30:00\"");
    assert_eq!(tasks(&database), 0);
    let form = numbered(&page, &TYPED.replace("lab5", "mine"));
    site.post("/admin/tasks/add", &cookie, &form).is(303);
    assert_eq!(tasks(&database), 1);
    // For a key that users enter, the key is kept too.
    let path = "/admin/tag/change?tag=red";
    let page = site.get(path, &cookie).is(200);
    database.run("delete from public.tag");
    let form = format!("c.note=hot&_version={}", hidden(&page, "_version"));
    let page = site.post(path, &cookie, &form).is(409);
    page.says("\nhot</textarea>").says("value=\"red\"");
    // An account that may not add rows sees its values as well.
    database.run("update elt.admin_table set may_add = false where table_name = 'public.tag'");
    let site = Site::start(&database);
    let page = site.post(path, &cookie, &form).is(410);
    page.says("was deleted since you opened it")
        .says("<dd>hot</dd>");
}

#[test]
fn input_survives_the_end_of_the_session() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let add = "/admin/tasks/add";
    let page = site.get(add, &cookie).is(200);
    let form =
        numbered(&page, &format!("{TYPED}&_back=q%3Dlab")).replace("lab5", "a+%22%3Cb%3E%22");
    database.run("delete from elt.session");
    let page = site.post(add, &cookie, &form).is(403);
    let page = page
        .says("Your session has ended")
        .says("name=\"kept.c.name\" value=\"a &#34;&#60;b&#62;&#34;\"");
    assert!(!page.head.contains("\nlocation"), "{}", page.head);
    // A browser sends all hidden fields and the password.
    let carried: Vec<String> = form.split('&').map(|pair| format!("kept.{pair}")).collect();
    let sign_in = |password: &str| {
        let password = password.replace(' ', "+");
        let next = hidden(&page, "next").replace('/', "%2F");
        let form = format!(
            "name=ann&password={password}&next={next}&{}",
            carried.join("&")
        );
        site.post("/sign-in", "", &form)
    };
    sign_in("wrong")
        .is(422)
        .says("is wrong, or the account is disabled")
        .says("name=\"kept.c.name\" value=\"a &#34;");
    let shown = sign_in(PASSWORD).is(200);
    let cookie = shown.cookie();
    let shown = shown
        .says("It is not saved yet.")
        .says("action=\"/admin/tasks/add\"")
        .says("name=\"c.name\" type=\"text\" value=\"a &#34;&#60;b&#62;&#34;\"")
        .says("value=\"2026-11-22T11:30:00\"");
    assert!(!shown.body.contains("horse"), "{}", shown.body);
    assert_eq!(tasks(&database), 0);
    // It is still the same form.
    assert!(form.contains(&hidden(&shown, "_form")));
    site.post(add, &cookie, &form).is(303);
    site.post(add, &cookie, &form).is(303);
    assert_eq!(tasks(&database), 1);

    // A change keeps the row version that it was made for.
    let path = "/admin/tasks/change?task_id=1";
    let page = site.get(path, &cookie).is(200);
    let form = format!("{TYPED}&_version={}", hidden(&page, "_version")).replace("lab5", "mine");
    database.run("delete from elt.session; update public.tasks set name = 'theirs'");
    let page = site.post(path, &cookie, &form).is(403);
    let form = format!(
        "name=ann&password={}&next=%2Fadmin%2Ftasks%2Fchange%3Ftask_id%3D1&kept.{}",
        PASSWORD.replace(' ', "+"),
        form.replace('&', "&kept.")
    );
    assert_eq!(hidden(&page, "next"), path);
    site.post("/sign-in", "", &form)
        .is(409)
        .says("Current value: theirs")
        .says("value=\"mine\"");
    // The deletion must be confirmed again.
    let form = format!(
        "name=ann&password={}&next=%2Fadmin%2Ftasks%2Fdelete%3Ftask_id%3D1&kept._version=1",
        PASSWORD.replace(' ', "+")
    );
    site.post("/sign-in", "", &form)
        .is(200)
        .says("Delete “theirs”?");
    assert_eq!(tasks(&database), 1);
    // This leads to no other address.
    for next in ["/password", "//elsewhere/admin/tasks/add", "/jobs/1/cancel"] {
        let form = format!(
            "name=ann&password={}&next={next}&kept.c.name=x",
            PASSWORD.replace(' ', "+")
        );
        site.post("/sign-in", "", &form).is(303);
    }
}

#[test]
fn input_survives_errors_of_the_server() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let add = "/admin/tasks/add";
    for (code, status, said) in [
        ("query_canceled", 503, "took too long"),
        ("lock_not_available", 503, "Another session is changing it"),
        ("internal_error", 500, "The request failed."),
    ] {
        database.run(&format!(
            "create or replace function public.fail() returns trigger language plpgsql as \
             $$begin raise exception 'no' using errcode = '{code}'; end$$; \
             create or replace trigger fail before insert on public.tasks for each row execute function public.fail()"
        ));
        let page = site.post(add, &cookie, TYPED).is(status);
        let page = page
            .says(said)
            .says("name=\"c.name\" value=\"lab5\"")
            .says("<dd>2026-11-22T11:30</dd>")
            .says(">ann</a>");
        assert_eq!(hidden(&page, "_fill"), "yes");
    }
    database.run("drop trigger fail on public.tasks");
    // The link back shows the form without saving it.
    site.post(add, &cookie, &format!("{TYPED}&_fill=yes"))
        .is(200)
        .says("It is not saved yet.")
        .says("value=\"lab5\"");
    assert_eq!(tasks(&database), 0);
    // A browser that does not send the origin of the form.
    let headers =
        format!("Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    site.ask("POST", add, &headers, TYPED)
        .is(403)
        .says("The form does not say which page it is from.")
        .says("name=\"c.name\" value=\"lab5\"");
    // A text that is too large is shown again, so that the user can shorten it.
    let long = TYPED.replace("lab5", &"x".repeat(300 * 1024));
    let page = site.post(add, &cookie, &long).is(413);
    page.says("larger than 256 KiB").says("value=\"xxx");
    site.post(add, &cookie, &format!("{long}&_fill=yes"))
        .is(200)
        .says("value=\"xxx");
    // The values of another site's form are not shown.
    let foreign = format!("{headers}Sec-Fetch-Site: cross-site\r\n");
    let page = site.ask("POST", add, &foreign, TYPED).is(403);
    assert!(!page.body.contains("lab5"), "{}", page.body);
    // An account that lost the right to change rows sees its values.
    database.run("update elt.account set role = 'viewer'");
    site.post(add, &cookie, TYPED).is(403).says("<dd>lab5</dd>");
    assert_eq!(tasks(&database), 0);
}
