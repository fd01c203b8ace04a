//! Admins manage accounts in the browser, and only they.

use super::{PASSWORD, Site, add_user};
use crate::support::Database;
use postgres::error::SqlState;

const NEW: &str = "another horse battery staple";

/// The secret of a page that shows one.
pub(super) fn secret(page: &str) -> String {
    let (_, rest) = page.split_once("<code class=\"secret\">").unwrap();
    rest.split('<').next().unwrap().into()
}

/// All that the database keeps about accounts, as text.
pub(super) fn kept(database: &Database) -> String {
    database.text(
        "select concat((select string_agg(account::text, '') from elt.account), \
         (select string_agg(session::text, '') from elt.session), \
         (select string_agg(api_token::text, '') from elt.api_token), \
         (select string_agg(sent_form::text, '') from elt.sent_form), \
         (select string_agg(sign_in::text, '') from elt.sign_in), \
         (select string_agg(audit::text, '') from elt.audit))",
    )
}

fn new_token(database: &Database, more: &[&str]) -> String {
    let new = ["token", "new", "bob", "--name", "x"];
    let made = database.elt().args([&new[..], more].concat()).run().ok();
    format!("Authorization: Token {}\r\n", made.stdout.trim())
}

#[test]
fn a_new_account_chooses_its_password_before_it_does_anything_else() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    site.get("/", &ann).says("href=\"/accounts\"");
    let form = format!("name=bob&role=operator&_form={}", "a".repeat(32));
    let made = site.post("/accounts", &ann, &form).is(200);
    let one_time = secret(&made.body);
    assert!(made.head.contains("cache-control: no-store"));
    assert!(!made.head.contains(&one_time));
    // The same form again makes no account, and the password is not known any more.
    let again = site.post("/accounts", &ann, &form).is(200);
    assert!(!again.body.contains("class=\"secret\""), "{}", again.body);
    again.says("The form was sent before");
    site.post("/accounts", &ann, "name=BOB&role=viewer")
        .is(422)
        .says("already exists")
        .says("value=\"BOB\"");
    site.post("/accounts", &ann, "name=%3Cb%3E&role=viewer")
        .is(422)
        .says("is not a valid account name");
    site.post("/accounts", &ann, "name=eve&role=king")
        .is(422)
        .says("Choose a role.");
    site.get("/accounts", &ann).says("has a one-time password");
    assert!(!kept(&database).contains(&one_time));
    assert!(!site.log().contains(&one_time));

    // It signs in, and every page leads to the new password.
    let bob = site.sign_in("bob", &one_time).is(303).cookie();
    for path in ["/", "/admin/tasks", "/account", "/sql", "/live"] {
        site.get(path, &bob).is(303).leads_to("/password");
    }
    site.post("/admin/tasks/add", &bob, "c.name=x").is(303);
    assert_eq!(database.number("select count(*) from public.tasks"), 0);
    site.get("/api/tasks/", &bob).is(401);
    site.get("/password", &bob)
        .is(200)
        .says("one-time password")
        .says(">bob</a>");
    // It can also leave.
    let other = site.sign_in("bob", &one_time).is(303).cookie();
    site.post("/sign-out", &other, "")
        .is(303)
        .leads_to("/sign-in");
    site.get("/password", &other)
        .is(303)
        .leads_to("/sign-in?next=/password");
    let body = format!("{{\"username\": \"bob\", \"password\": \"{one_time}\"}}");
    site.ask("POST", "/api-token-auth", "", &body).is(400);
    let change = |new: &str| format!("old={one_time}&new={new}&again={new}").replace(' ', "+");
    site.post("/password", &bob, &change(&one_time))
        .is(422)
        .says("The new password is the old one.");
    site.post("/password", &bob, &change(NEW)).is(303);
    site.sign_in("bob", &one_time).is(422);
    let bob = site.sign_in("bob", NEW).is(303).cookie();
    site.get("/account", &bob).is(200).says("Role: operator.");
}

#[test]
fn a_one_time_password_is_valid_for_a_week_and_its_session_for_an_hour() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    let made = site.post("/accounts", &ann, "name=bob&role=viewer").is(200);
    let one_time = secret(&made.body);
    let bob = site.sign_in("bob", &one_time).is(303).cookie();
    let age = "update elt.session set created_at = now() - interval '61 minutes' \
               where account_id = (select account_id from elt.account where name = 'bob')";
    database.run(age);
    site.get("/password", &bob)
        .is(303)
        .leads_to("/sign-in?next=/password");
    database.run(
        "update elt.account set password_set_at = now() - interval '8 days' where name = 'bob'",
    );
    site.sign_in("bob", &one_time).is(422);
    // Other passwords stay valid.
    database.run(
        "update elt.account set password_set_at = now() - interval '8 years' where name = 'ann'",
    );
    site.sign_in("ann", PASSWORD).is(303);
}

#[test]
fn a_role_ends_sessions_and_tokens_that_write_and_disabling_ends_all() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    let bob = site.signed_in(&database, "bob", "viewer");
    let (reads, writes) = (
        new_token(&database, &[]),
        new_token(&database, &["--change"]),
    );
    let act = |form: &str| site.post("/accounts/bob", &ann, form);
    act("do=role&role=operator")
        .is(303)
        .leads_to("/accounts/bob");
    site.get("/", &bob).is(303);
    assert_eq!(site.status("/api/tasks/", &reads), 200);
    assert_eq!(site.status("/api/tasks/", &writes), 401);
    // The same role again ends nothing.
    let bob = site.sign_in_as("bob");
    act("do=role&role=operator").is(303);
    site.get("/", &bob).is(200);
    act("do=role&role=king").is(422).says("There is no role");
    act("do=disable").is(303);
    site.get("/", &bob).is(303);
    site.sign_in("bob", PASSWORD).is(422);
    assert_eq!(site.status("/api/tasks/", &reads), 401);
    site.get("/accounts/bob", &ann).says("disabled");
    act("do=enable").is(303);
    site.sign_in("bob", PASSWORD).is(303);
    assert_eq!(site.status("/api/tasks/", &reads), 401);

    let reads = new_token(&database, &[]);
    let bob = site.sign_in_as("bob");
    let one_time = secret(&act("do=reset").is(200).body);
    site.get("/", &bob).is(303).leads_to("/sign-in?next=/");
    site.sign_in("bob", PASSWORD).is(422);
    // The token stays, and works again once the password is changed.
    assert_eq!(site.status("/api/tasks/", &reads), 401);
    let bob = site.sign_in("bob", &one_time).is(303).cookie();
    let form = format!("old={one_time}&new={NEW}&again={NEW}").replace(' ', "+");
    site.post("/password", &bob, &form).is(303);
    assert_eq!(site.status("/api/tasks/", &reads), 200);
    act("do=reset&revoke_tokens=yes").is(200);
    assert_eq!(
        database.number("select count(*) from elt.api_token where revoked_at is null"),
        0
    );
}

#[test]
fn a_locked_account_is_unlocked() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    add_user(&database, "bob", "viewer");
    for _ in 0..5 {
        site.sign_in("bob", "wrong").is(422);
    }
    site.sign_in("bob", PASSWORD).is(429);
    site.get("/accounts", &ann).says("enabled, locked");
    site.get("/accounts/bob", &ann).says("value=\"unlock\"");
    site.post("/accounts/bob", &ann, "do=unlock").is(303);
    site.sign_in("bob", PASSWORD).is(303);
    let page = site.get("/accounts/bob", &ann).is(200);
    assert!(!page.body.contains("value=\"unlock\""));
    // The audit keeps the failures.
    let failures = "select count(*) from elt.audit where action = 'sign_in.fail' and about = 'bob'";
    assert_eq!(database.number(failures), 5);
}

#[test]
fn admins_end_sessions_and_tokens_of_others() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    let bob = site.signed_in(&database, "bob", "viewer");
    let token = new_token(&database, &[]);
    let page = site.get("/accounts/bob", &ann).is(200);
    let number = |name: &str| {
        let (_, rest) = page
            .body
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_string()
    };
    let form = format!("do=end-session&session={}", number("session"));
    site.post("/accounts/bob", &ann, &form).is(303);
    site.get("/", &bob).is(303);
    let form = format!("do=revoke-token&token={}", number("token"));
    site.post("/accounts/bob", &ann, &form).is(303);
    assert_eq!(site.status("/api/tasks/", &token), 401);
    site.get("/accounts/bob", &ann)
        .says("No browser is signed in.")
        .says("revoked");
    // A form without a number ends nothing.
    let again = site.sign_in_as("bob");
    site.post("/accounts/bob", &ann, "do=end-session").is(400);
    site.post("/accounts/bob", &ann, "do=revoke-token&token=all")
        .is(400);
    site.post("/accounts/bob", &ann, "do=nothing").is(400);
    site.get("/", &again).is(200);
    site.post("/accounts/bob", &ann, "do=end-sessions").is(303);
    site.get("/", &again).is(303);
    // An admin ends the others of the own account, and stays signed in.
    let other = site.sign_in_as("ann");
    site.post("/accounts/ann", &ann, "do=end-sessions").is(303);
    site.get("/", &other).is(303);
    site.get("/", &ann).is(200);
}

#[test]
fn an_admin_remains_and_does_not_lock_out_itself() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    for form in ["do=disable", "do=role&role=viewer", "do=reset"] {
        site.post("/accounts/ann", &ann, form)
            .is(422)
            .says("is the only enabled admin. Give another account the role admin first.");
    }
    add_user(&database, "eve", "admin");
    for form in ["do=disable", "do=role&role=viewer", "do=reset"] {
        site.post("/accounts/ANN", &ann, form)
            .is(422)
            .says("is your own account. Another admin can change it.");
    }
    let page = site.get("/accounts/ann", &ann).is(200);
    assert!(!page.body.contains("value=\"disable\""));
    site.get("/", &ann).is(200);
    site.post("/accounts/eve", &ann, "do=disable").is(303);
    // A disabled admin does not count.
    site.post("/accounts/ann", &ann, "do=disable")
        .is(422)
        .says("is the only enabled admin");
}

#[test]
fn two_admins_cannot_disable_each_other_at_once() {
    let database = Database::new();
    for name in ["ann", "eve"] {
        add_user(&database, name, "admin");
        let session = format!(
            "insert into elt.session (account_id, token_sha256, address, user_agent) \
             select account_id, sha256('{name}'), '::1', '' from elt.account where name = '{name}'"
        );
        database.run(&session);
    }
    let (mut first, mut second) = (database.connect(), database.connect());
    let mut begun = first.transaction().unwrap();
    begun
        .batch_execute("select elt.admin_disable_account(sha256('ann'), 'eve')")
        .unwrap();
    let waiting = std::thread::spawn(move || {
        second.batch_execute("select elt.admin_disable_account(sha256('eve'), 'ann')")
    });
    database.wait_for(
        "the second admin",
        "select exists (select from pg_stat_activity where datname = current_database() \
         and wait_event_type = 'Lock')",
    );
    begun.commit().unwrap();
    let error = waiting.join().unwrap().unwrap_err();
    let code = error.code().unwrap();
    assert_eq!(*code, SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
    let enabled = "select string_agg(name, ' ') from elt.account where disabled_at is null";
    assert_eq!(database.text(enabled), "ann");
}
