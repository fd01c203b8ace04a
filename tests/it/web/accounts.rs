//! Accounts, sessions and tokens.

use super::{PASSWORD, Site, add_user, give_stdin};
use crate::support::Database;

#[test]
fn sign_in_leads_back_to_the_requested_page() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "viewer");
    let first = site.get("/explore?x=1", "");
    first.is(303).leads_to("/sign-in?next=/explore%3fx%3d1");
    site.sign_in("ann", "wrong")
        .is(422)
        .says("is wrong, or the account is disabled");
    site.sign_in("nobody", PASSWORD)
        .is(422)
        .says("is wrong, or the account is disabled");
    let signed_in = site.sign_in("ANN", PASSWORD).is(303).leads_to("/jobs");
    let set = signed_in
        .head
        .lines()
        .find(|line| line.starts_with("set-cookie"));
    assert!(set.unwrap().contains("httponly; samesite=lax"), "{set:?}");
    let cookie = signed_in.cookie();
    for path in ["/", "/explore", "/loads", "/jobs", "/password"] {
        site.get(path, &cookie).is(200).says(">ann</a>");
    }
    site.post("/sign-out", &cookie, "")
        .is(303)
        .leads_to("/sign-in");
    site.get("/", &cookie).is(303);
    // The database has neither password nor token.
    let everything = database.text(
        "select (select string_agg(account::text, '') from elt.account) \
         || coalesce((select string_agg(session::text, '') from elt.session), '')",
    );
    assert!(!everything.contains(PASSWORD));
    assert!(!everything.contains(cookie.split_once('=').unwrap().1));
}

#[test]
fn guesses_are_throttled_without_locking_out_others() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "viewer");
    add_user(&database, "bob", "viewer");
    for _ in 0..5 {
        site.sign_in("ann", "wrong").is(422);
    }
    let answer = site
        .sign_in("ann", PASSWORD)
        .is(429)
        .says("Too many attempts");
    assert!(answer.head.contains("retry-after: "), "{}", answer.head);
    site.sign_in("bob", PASSWORD).is(303);
    database.run("update elt.sign_in set attempted_at = attempted_at - interval '16 minutes'");
    site.sign_in("ann", PASSWORD).is(303);
}

#[test]
fn sessions_end_with_their_account_their_password_and_their_time() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    database.elt().args(["user", "disable", "ann"]).run().ok();
    site.get("/", &cookie).is(303);
    site.sign_in("ann", PASSWORD).is(422);
    give_stdin(
        &database,
        &["user", "passwd", "ann", "--password-stdin"],
        PASSWORD,
        0,
    );
    let cookie = site.sign_in("ann", PASSWORD).is(303).cookie();
    let new = "another horse battery staple";
    let form = |old: &str| format!("old={old}&new={new}&again={new}").replace(' ', "+");
    site.post("/password", &cookie, &form("wrong"))
        .is(422)
        .says("The old password is wrong");
    site.post("/password", &cookie, &form(PASSWORD)).is(303);
    site.get("/", &cookie).is(303);
    site.sign_in("ann", PASSWORD).is(422);
    let cookie = site.sign_in("ann", new).is(303).cookie();
    database.run("update elt.session set seen_at = now() - interval '13 hours'");
    site.get("/", &cookie).is(303);
}

#[test]
fn accounts_and_tokens_are_kept_by_commands() {
    let database = Database::new();
    let add = ["user", "add", "ann", "--role", "viewer", "--password-stdin"];
    assert!(give_stdin(&database, &add, "short", 2).contains("needs at least 15"));
    give_stdin(&database, &add, PASSWORD, 0);
    let again = ["user", "add", "Ann", "--role", "viewer", "--password-stdin"];
    assert!(give_stdin(&database, &again, PASSWORD, 2).contains("already"));
    let odd = ["user", "add", "a b", "--role", "viewer", "--password-stdin"];
    assert!(give_stdin(&database, &odd, PASSWORD, 2).contains("is not a valid account name"));
    let none = database.elt().args(["user", "passwd", "nobody"]).run();
    none.exits_with(2).says(&["there is no account \"nobody\""]);
    let none = database
        .elt()
        .args(["user", "add", "bob", "--role", "viewer"])
        .run();
    none.exits_with(2)
        .says(&["no terminal", "--password-stdin"]);
    let new = ["token", "new", "ann", "--name", "for the nightly copy"];
    let token = database.elt().args(new).run().ok();
    let token = token.stdout.trim();
    assert!(token.starts_with("elt_") && token.len() == 68, "{token}");
    let listed = database.elt().args(["token", "list"]).run().ok();
    assert!(listed.stdout.contains("for the nightly copy") && !listed.stdout.contains(token));
    database.elt().args(["token", "revoke", "1"]).run().ok();
    let listed = database.elt().args(["token", "list"]).run().ok();
    assert!(listed.stdout.contains("revoked"), "{}", listed.stdout);
    let none = database.elt().args(["token", "revoke", "7"]).run();
    none.exits_with(2).says(&["there is no token 7"]);
    let users = database.elt().args(["user", "list"]).run().ok();
    assert!(users.stdout.contains("ann"), "{}", users.stdout);
}

#[test]
fn a_port_in_use_is_reported() {
    let database = Database::new();
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bind = occupied.local_addr().unwrap().to_string();
    let elt = database
        .elt()
        .args(["serve", "--no-worker", "--bind", &bind]);
    elt.run()
        .exits_with(1)
        .says(&["could not listen on", "--bind"]);
}
