//! Held loads: what their page shows, and who may decide about them.

use super::Site;
use crate::support::{Database, Folder, load_rows, with_held_load};

fn work(database: &Database) {
    let out = Folder::new();
    let worker = database.elt().args(["worker", "--until-empty"]);
    worker.path("--out", out.path()).run().ok();
}

/// The id of the form with this address.
fn form<'b>(body: &'b str, action: &str) -> &'b str {
    let (_, form) = body.split_once(&format!("action=\"{action}\"")).unwrap();
    let (_, id) = form.split_once("name=\"_form\" value=\"").unwrap();
    &id[..32]
}

fn jobs(database: &Database) -> i64 {
    database.number("select count(*) from elt.job")
}

#[test]
fn viewers_see_what_a_held_load_changes_and_decide_nothing() {
    let (database, _data) = with_held_load();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site
        .get("/loads/2", &cookie)
        .is(200)
        .says("it waits until a person publishes or discards it")
        .says("<td>core.appointments</td>")
        .says("<td class=\"said\">encounter_state 1</td>")
        .says("&#60;b&#62;x&#60;/b&#62;")
        .says("lab1_appointments.csv, line 2");
    for text in ["<b>x", "<button>Publish", "came after", "is older than"] {
        assert!(!page.body.contains(text), "{text}: {}", page.body);
    }
    site.get("/", &cookie)
        .is(200)
        .says("1 load waits for approval</a>")
        .says("<a href=\"/loads/2\">load 2</a> of appointments");
    site.get("/loads?state=held", &cookie)
        .is(200)
        .says("<span class=\"state held\">held</span>")
        .says("1 load,");
    for kind in ["publish", "discard"] {
        let address = format!("/loads/2/{kind}");
        site.post(&address, &cookie, "row=2").is(403);
        site.post(&address, "", "row=2").is(303);
    }
    assert_eq!(jobs(&database), 0);
    // Other loads have no such part.
    let live = site.get("/loads/1", &cookie).is(200);
    assert!(!live.body.contains("What publishing changes"));
}

#[test]
fn an_operator_publishes_once_and_the_audit_says_who() {
    let (database, _data) = with_held_load();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "bob", "operator");
    let page = site.get("/loads/2", &cookie).is(200);
    let id = form(&page.body, "/loads/2/publish");
    let sent = format!("_form={id}&row=2");
    let headers = format!(
        "Cookie: {cookie}\r\nOrigin: http://other.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    site.ask("POST", "/loads/2/publish", &headers, &sent)
        .is(403);
    for wrong in ["", "row=1", "row=2&row=x", "row=2&row=77"] {
        site.post("/loads/2/publish", &cookie, wrong).is(400);
    }
    assert_eq!(jobs(&database), 0);
    for _ in 0..2 {
        let answer = site.post("/loads/2/publish", &cookie, &sent);
        answer.is(303).leads_to("/jobs/1");
    }
    let other = format!("{sent}&c.force=yes");
    site.post("/loads/2/publish", &cookie, &other).is(400);
    assert_eq!(jobs(&database), 1);
    work(&database);
    site.get("/jobs/1", &cookie)
        .is(200)
        .says("<a href=\"/loads/2\">load 2</a> <span class=\"state live\">live</span>")
        .says("Publish 3 made them live.");
    let audit =
        "select concat_ws(' ', account_name, about) from elt.audit where action = 'load.publish'";
    assert_eq!(database.text(audit), "bob load 2");
    // The page of the form is old.
    site.post("/loads/2/publish", &cookie, "row=2").is(400);
    assert_eq!(jobs(&database), 1);
}

#[test]
fn an_operator_discards() {
    let (database, _data) = with_held_load();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "bob", "operator");
    let page = site.get("/loads/2", &cookie).is(200);
    let sent = format!("_form={}&row=2", form(&page.body, "/loads/2/discard"));
    site.post("/loads/2/discard", &cookie, &sent).is(303);
    work(&database);
    site.get("/loads/2", &cookie).is(200).says("discarded");
    let audit =
        "select concat_ws(' ', account_name, about) from elt.audit where action = 'load.discard'";
    assert_eq!(database.text(audit), "bob load 2");
}

#[test]
fn later_publishes_are_named_and_an_older_load_needs_a_tick() {
    let (database, data) = with_held_load();
    let rows = "1,9,,4,4,,,2023-02-01\n1,8,,4,4,,,2023-02-01\n";
    load_rows(&database, &data, rows, &[]);
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "bob", "operator");
    let page = site
        .get("/loads/2", &cookie)
        .is(200)
        .says("Publish 3 came after the comparison.")
        .says("Load 2 is older than <a href=\"/loads/3\">load 3</a>")
        .says("publish although load 3 is newer");
    let sent = format!("_form={}&row=2", form(&page.body, "/loads/2/publish"));
    site.post("/loads/2/publish", &cookie, &sent).is(303);
    work(&database);
    site.get("/jobs/1", &cookie)
        .is(200)
        .says("is older than load 3");
    let sent = format!(
        "row=2&c.force=yes&_form={}",
        form(&site.get("/loads/2", &cookie).body, "/loads/2/publish")
    );
    site.post("/loads/2/publish", &cookie, &sent).is(303);
    work(&database);
    let state = "select state from elt.job where job_id = 2";
    assert_eq!(database.text(state), "succeeded");
}

#[test]
fn the_terminal_metrics_and_doctor_know_held_loads() {
    let (database, _data) = with_held_load();
    let elt = |args: &[&str]| database.elt().args(args).run().ok();
    let shown = elt(&["loads", "2"]).stdout;
    for text in ["changes", "<b>x</b>", "to make it live: elt publish 2"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let shown = elt(&["loads", "2", "--json"]).json();
    assert_eq!(shown["preview"]["load_ids"][0], 2);
    assert_eq!(elt(&["loads", "1", "--json"]).json().get("preview"), None);
    let shown = elt(&["status"]).stdout;
    let waits = "held: load 2 of appointments waits for approval, since";
    for text in [waits, "elt discard 2"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let status = elt(&["status", "--json"]).json();
    assert_eq!(status["held"][0]["load_id"], 2);
    let metric = "select value::bigint from elt.metric \
                  where metric = 'elt_loads_held' and labels ->> 'source' = 'appointments'";
    assert_eq!(database.number(metric), 1);
    let found = "select count(*) from elt.load_finding where what like '%held%'";
    assert_eq!(database.number(found), 0);
    database.run("update elt.load set finished_at = now() - interval '8 days' where load_id = 2");
    assert_eq!(database.number(found), 1);
}

/// It has samples of rows that are not live.
#[test]
fn roles_that_read_only_live_rows_cannot_read_previews() {
    let database = Database::new();
    let sql = "select count(*) from elt.role_right \
               where role_name in ('elt_read', 'elt_query') and schema_name = 'elt' and privilege = 'select' \
               and (only_names = '{}' or 'preview' = any(only_names))";
    assert_eq!(database.number(sql), 0);
}
