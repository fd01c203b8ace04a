//! Everyone manages own sessions and tokens, and only own ones; attacks on the functions behind the pages.

use super::accounts_admin::{kept, secret};
use super::{PASSWORD, Site, add_user};
use crate::support::Database;

#[test]
fn a_token_is_shown_once_and_kept_as_its_hash() {
    let database = Database::new();
    let site = Site::start(&database);
    let bob = site.signed_in(&database, "bob", "operator");
    site.get("/account", &bob)
        .is(200)
        .says("There are no tokens.");
    let form = format!(
        "do=new-token&name=nightly+%3Cb%3E&days=30&access=read&_form={}",
        "b".repeat(32)
    );
    let made = site.post("/account", &bob, &form).is(200);
    let token = secret(&made.body);
    assert!(token.starts_with("elt_") && token.len() == 68, "{token}");
    assert!(made.head.contains("cache-control: no-store"));
    assert!(!made.head.contains(&token));
    let again = site.post("/account", &bob, &form).is(200);
    assert!(!again.body.contains("class=\"secret\""));
    assert_eq!(database.number("select count(*) from elt.api_token"), 1);
    let page = site.get("/account", &bob).is(200);
    assert!(!page.body.contains(&token));
    page.says("nightly &#60;b&#62;")
        .says("<td>read</td>")
        .says("in 29 d");
    assert!(!kept(&database).contains(&token));
    assert!(!site.log().contains(&token));

    let headers = format!("Authorization: Token {token}\r\nContent-Type: application/json\r\n");
    assert_eq!(site.status("/api/tasks/", &headers), 200);
    let task = "{\"name\": \"x\", \"start_time\": \"2026-01-01T00:00:00Z\"}";
    site.ask("POST", "/api/tasks/", &headers, task).is(403);
    let form = "do=new-token&name=writes&days=1&access=write";
    let writes = secret(&site.post("/account", &bob, form).is(200).body);
    let headers = format!("Authorization: Token {writes}\r\nContent-Type: application/json\r\n");
    site.ask("POST", "/api/tasks/", &headers, task).is(201);

    site.post("/account", &bob, "do=revoke-token&token=1")
        .is(303);
    let headers = format!("Authorization: Token {token}\r\n");
    assert_eq!(site.status("/api/tasks/", &headers), 401);
    site.post("/account", &bob, "do=revoke-tokens").is(303);
    assert_eq!(
        database.number("select count(*) from elt.api_token where revoked_at is null"),
        0
    );
    for (form, reason) in [
        ("name=x&days=0", "1 to 3660 days"),
        ("name=x&days=99999999999", "1 to 3660 days"),
        ("name=x&days=", "1 to 3660 days"),
        ("name=+&days=1", "1 to 150 letters"),
        ("name=%00&days=1", "1 to 150 letters"),
        (
            &format!("name={}&days=1", "x".repeat(151)),
            "1 to 150 letters",
        ),
    ] {
        let form = format!("do=new-token&{form}");
        site.post("/account", &bob, &form).is(422).says(reason);
    }
}

#[test]
fn own_sessions_are_listed_and_ended_but_not_those_of_others() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "admin");
    add_user(&database, "bob", "viewer");
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0 <script>alert(1)</script>";
    let headers = format!(
        "Origin: {}\r\nUser-Agent: {agent}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
        site.origin()
    );
    let form = format!("name=bob&password={}", PASSWORD.replace(' ', "+"));
    let bob = site
        .ask("POST", "/sign-in", &headers, &form)
        .is(303)
        .cookie();
    let page = site.get("/account", &bob).is(200);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    page.says(">Firefox on Linux</td>")
        .says("this browser")
        .says("127.0.0.1");
    let number = |name: &str| {
        database.number(&format!(
            "select max(session_id) from elt.session inner join elt.account using (account_id) \
             where name = '{name}'"
        ))
    };
    // Neither the session of another account, nor the own one by mistake.
    let own = number("bob");
    for (session, page) in [(number("ann"), "/account"), (own, "/account")] {
        let form = format!("do=end-session&session={session}");
        site.post(page, &bob, &form).is(303);
        site.get("/", &ann).is(200);
        site.get("/", &bob).is(200);
    }
    let other = site.sign_in_as("bob");
    let form = format!("do=end-session&session={}", number("bob"));
    site.post("/account", &bob, &form).is(303);
    site.get("/", &other).is(303);
    let other = site.sign_in_as("bob");
    site.post("/account", &bob, "do=end-sessions").is(303);
    site.get("/", &other).is(303);
    site.get("/", &bob).is(200);
}

#[test]
fn viewers_and_operators_manage_no_other_account() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "admin");
    let new = ["token", "new", "ann", "--name", "x"];
    database.elt().args(new).run().ok();
    site.sign_in_as("ann");
    for role in ["viewer", "operator"] {
        let cookie = site.signed_in(&database, role, role);
        let page = site.get("/", &cookie).is(200);
        assert!(!page.body.contains("/accounts"));
        for path in ["/accounts", "/accounts/ann", "/audit"] {
            site.get(path, &cookie).is(403).says("Only admins");
        }
        site.post("/accounts", &cookie, "name=eve&role=admin")
            .is(403);
        for form in [
            "do=role&role=viewer",
            "do=disable",
            "do=enable",
            "do=reset",
            "do=unlock",
            "do=end-sessions",
            "do=revoke-tokens",
            "do=end-session&session=1",
            "do=revoke-token&token=1",
        ] {
            site.post("/accounts/ann", &cookie, form).is(403);
            site.post(&format!("/accounts/{role}"), &cookie, form)
                .is(403);
        }
        // The number of a token of another account.
        site.post("/account", &cookie, "do=revoke-token&token=1")
            .is(303);
    }
    let left = "select count(*) from elt.account inner join elt.session using (account_id) \
                inner join elt.api_token using (account_id) \
                where account.name = 'ann' and role = 'admin' and revoked_at is null";
    assert_eq!(database.number(left), 1);
    // A form of another site, and one without a session.
    let ann = site.sign_in_as("ann");
    let headers = format!(
        "Cookie: {ann}\r\nOrigin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    site.ask("POST", "/accounts", &headers, "name=eve&role=admin")
        .is(403);
    site.post("/accounts", "", "name=eve&role=admin")
        .is(303)
        .leads_to("/sign-in?next=/accounts");
    assert_eq!(database.number("select count(*) from elt.account"), 3);
}

#[test]
fn the_role_of_the_pages_acts_only_for_a_session() {
    let database = Database::new();
    for (name, role) in [("ann", "admin"), ("bob", "viewer"), ("otto", "operator")] {
        add_user(&database, name, role);
        let session = format!(
            "insert into elt.session (account_id, token_sha256, address, user_agent) \
             select account_id, sha256('{name}'), '::1', '' from elt.account where name = '{name}'"
        );
        database.run(&session);
    }
    database.run(
        "insert into elt.session (account_id, token_sha256, address, user_agent, created_at) \
         select account_id, sha256('old'), '::1', '', now() - interval '8 days' \
         from elt.account where name = 'ann'",
    );
    let hash = database.text("select password_hash from elt.account where name = 'ann'");
    let calls = |session: &str| {
        [
            format!("elt.list_accounts({session})"),
            format!("elt.admin_add_account({session}, 'eve', 'admin', '{hash}')"),
            format!("elt.admin_set_role({session}, 'bob', 'admin')"),
            format!("elt.admin_disable_account({session}, 'otto')"),
            format!("elt.admin_enable_account({session}, 'otto')"),
            format!("elt.admin_reset_password({session}, 'ann', '{hash}', true)"),
            format!("elt.admin_unlock_account({session}, 'ann')"),
            format!("elt.list_sessions({session}, 'ann')"),
            format!("elt.list_tokens({session}, 'ann')"),
            format!("elt.end_session({session}, 'ann', null)"),
            format!("elt.end_token({session}, 'ann', null)"),
            format!("elt.list_audit({session}, null, null, null, null, null, 10)"),
        ]
    };
    let code = |client: &mut postgres::Client, call: &str| {
        let error = client.batch_execute(&format!("select * from {call}"));
        error
            .err()
            .and_then(|error| Some(error.code()?.code().to_string()))
    };
    let mut web = database.connect();
    // A caller cannot pretend to be an admin with a setting.
    web.batch_execute("set role elt_web; set elt.account = 'ann'")
        .unwrap();
    const ENDED: &str = "28000";
    const DENIED: &str = "42501";
    for (session, expected) in [
        ("null", ENDED),
        ("'\\x00'", ENDED),
        ("sha256('guess')", ENDED),
        ("sha256('old')", ENDED),
        ("sha256('bob')", DENIED),
        ("sha256('otto')", DENIED),
    ] {
        for call in calls(session) {
            assert_eq!(code(&mut web, &call).as_deref(), Some(expected), "{call}");
        }
    }
    let token = "elt.new_token(null, 'x', sha256('x'), true, 1)";
    assert_eq!(code(&mut web, token).as_deref(), Some(ENDED));
    for sql in [
        "elt.add_account('eve', 'admin', null)",
        "elt.disable_account(1)",
        "elt.require_admin(sha256('ann'))",
        "elt.require_other(sha256('ann'), 'bob')",
        "elt.act_as('ann', '::1')",
        "elt.add_audit('account.add', 'ann')",
        "elt.prune_audit('2 years')",
        "elt.account",
        "elt.session",
        "elt.api_token",
        "elt.audit",
    ] {
        assert_eq!(code(&mut web, sql).as_deref(), Some(DENIED), "{sql}");
    }
    // Queries of users call none of them, even with the session of an admin.
    let mut query = database.connect_as("elt_query");
    for call in calls("sha256('ann')") {
        assert_eq!(code(&mut query, &call).as_deref(), Some(DENIED), "{call}");
    }
    let accounts = "select string_agg(name || role || (disabled_at is null), ' ' order by name) from elt.account";
    assert_eq!(
        database.text(accounts),
        "annadmintrue bobviewertrue ottooperatortrue"
    );
    // With the session of an admin, they work, and the audit names the admin.
    for call in calls("sha256('ann')") {
        let expected = call.contains("reset_password").then_some("55000");
        assert_eq!(code(&mut web, &call).as_deref(), expected, "{call}");
    }
    let by = "select string_agg(distinct account_name, ' ') from elt.audit";
    assert_eq!(database.text(by), "ann");
}
