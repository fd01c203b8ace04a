//! Views served as endpoints, and their tokens.

use super::{PASSWORD, Site, add_user};
use crate::support::{Database, Folder};

#[test]
fn one_elt_loads_from_another() {
    let (there, here, data, out) = (
        Database::new(),
        Database::new(),
        Folder::with_data(),
        Folder::new(),
    );
    let load = |database: &Database| database.elt().args(["load"]).path("--data", data.path());
    load(&there).run().ok();
    add_user(&there, "user", "viewer");
    let site = Site::start(&there);
    load(&here).run().ok();
    here.elt()
        .env("ELT_REST_APPOINTMENTS_URL", site.origin())
        .env("ELT_REST_APPOINTMENTS_USERNAME", "user")
        .env("ELT_REST_APPOINTMENTS_PASSWORD", PASSWORD)
        .args(["load", "rest_appointments"])
        .run()
        .ok();
    let agreement = here.text("select rest_agreement::text from public.rest_agreement");
    let rows = there.number("select count(*) from core.appointment_records");
    assert!(rows > 3_000, "{rows}");
    assert_eq!(agreement, format!("({rows},{rows},0,t)"));
    here.elt()
        .args(["export", "rest_appointments"])
        .path("--out", out.path())
        .run()
        .ok();
    let lines = out.read("rest_appointments.csv").lines().count() as i64;
    assert!(lines > rows, "{lines}");
}

#[test]
fn a_token_opens_pages_of_records_and_nothing_else() {
    let (database, data) = (Database::new(), Folder::with_data());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    add_user(&database, "ann", "viewer");
    let site = Site::start(&database);
    let sign_in = |body: &str| {
        site.ask(
            "POST",
            "/api-token-auth",
            "Content-Type: application/json\r\n",
            body,
        )
    };
    let refused = sign_in("{\"username\": \"ann\", \"password\": \"wrong\"}").is(400);
    refused.says("Unable to log in with provided credentials.");
    sign_in("not json").is(400);
    let given = sign_in(&format!(
        "{{\"username\": \"ann\", \"password\": \"{PASSWORD}\"}}"
    ))
    .is(200);
    let given: serde_json::Value = serde_json::from_str(&given.body).unwrap();
    let token = given["token"].as_str().unwrap();
    let ask = |path: &str, token: &str| {
        site.ask(
            "GET",
            path,
            &format!("Authorization: Token {token}\r\n"),
            "",
        )
    };
    let first: serde_json::Value =
        serde_json::from_str(&ask("/appointments/?page_size=2", token).is(200).body).unwrap();
    assert_eq!(first["results"].as_array().unwrap().len(), 2);
    assert_eq!(first["prev"], serde_json::Value::Null);
    let next = first["next"].as_str().unwrap();
    assert_eq!(next, "/appointments/?page_size=2&page=2");
    let second = ask(next, token).is(200);
    let second: serde_json::Value = serde_json::from_str(&second.body).unwrap();
    assert_ne!(first["results"], second["results"]);
    let keys: Vec<&String> = first["results"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 8, "{keys:?}");
    let count = database.number("select count(*) from core.appointment_records");
    assert_eq!(first["count"], count);
    for page in ["0", "-1", "x", "99999", "1%20or%201=1"] {
        ask(&format!("/appointments/?page={page}"), token)
            .is(404)
            .says("Invalid page.");
    }
    ask("/account/", token).is(404);
    // A token does not work as a session.
    site.get("/explore", &format!("elt_session={token}"))
        .is(303);
    ask("/explore", token).is(303);
    let refused = ask("/appointments/", "elt_0000")
        .is(401)
        .says("Invalid token.");
    assert!(
        refused.head.contains("www-authenticate: token"),
        "{}",
        refused.head
    );
    site.get("/appointments/", "")
        .is(401)
        .says("were not provided");
    database.elt().args(["user", "disable", "ann"]).run().ok();
    ask("/appointments/", token).is(401);
    for _ in 0..4 {
        sign_in("{\"username\": \"ann\", \"password\": \"wrong\"}").is(400);
    }
    sign_in("{\"username\": \"ann\", \"password\": \"wrong\"}").is(429);
}
