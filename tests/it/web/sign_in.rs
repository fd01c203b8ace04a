//! Sign-in: counting of attempts, delays, and the rights of the role that pages use.

use super::{PASSWORD, Site, add_user, give_stdin};
use crate::support::Database;
use serde_json::json;

const NEW: &str = "another horse battery staple";

fn proxied(site: &Site, forwarded: &[&str], name: &str, password: &str) -> super::Answer {
    let lines: String = forwarded
        .iter()
        .map(|value| format!("X-Forwarded-For: {value}\r\n"))
        .collect();
    let headers = format!(
        "Origin: {}\r\n{lines}Content-Type: application/x-www-form-urlencoded\r\n",
        site.origin()
    );
    let form = format!("name={name}&password={}", password.replace(' ', "+"));
    site.ask("POST", "/sign-in", &headers, &form)
}

/// Signs in with user name and password over the API.
fn token(site: &Site, name: &str, password: &str) -> String {
    let body = json!({ "username": name, "password": password }).to_string();
    let answer = site.ask("POST", "/api-token-auth", "", &body).is(200);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    body["token"].as_str().unwrap().into()
}

fn works(site: &Site, token: &str) -> bool {
    let headers = format!("Authorization: Token {token}\r\n");
    match site.ask("GET", "/api/tasks/", &headers, "").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[test]
fn a_browser_that_signed_in_before_is_not_locked_out_by_others() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "viewer");
    let known = site.sign_in("ann", PASSWORD).is(303).cookies();
    assert!(known.contains("elt_device="), "{known}");
    for _ in 0..5 {
        site.sign_in("ann", "wrong").is(422);
    }
    site.sign_in("ann", PASSWORD).is(429);
    let form = |password: &str| format!("name=ann&password={}", password.replace(' ', "+"));
    let again = site
        .post("/sign-in", &known, &form(PASSWORD))
        .is(303)
        .cookies();
    // A used token is no longer valid: each sign-in sets a new one.
    site.post("/sign-in", &known, &form(PASSWORD)).is(429);
    // Failed attempts of the browser count.
    for _ in 0..5 {
        site.post("/sign-in", &again, &form("wrong")).is(422);
    }
    site.post("/sign-in", &again, &form(PASSWORD)).is(429);
    // The browser is known for one account only.
    add_user(&database, "bob", "viewer");
    for _ in 0..5 {
        site.sign_in("bob", "wrong").is(422);
    }
    let bob = form(PASSWORD).replace("ann", "bob");
    site.post("/sign-in", &again, &bob).is(429);
}

#[test]
fn one_who_guesses_locks_out_no_colleague_of_the_same_network() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "ann", "viewer");
    add_user(&database, "new", "viewer");
    site.sign_in("ann", PASSWORD).is(303);
    for number in 0..30 {
        site.sign_in(&format!("guess{number}"), "wrong").is(422);
    }
    site.sign_in("guess30", "wrong").is(429);
    site.sign_in("new", PASSWORD).is(429);
    site.sign_in("ann", PASSWORD).is(303);
}

#[test]
fn only_named_proxies_may_forward_client_addresses() {
    let database = Database::new();
    add_user(&database, "ann", "viewer");
    let addresses = |what: &str| {
        let sql = "select coalesce(string_agg(distinct address, ' ' order by address), '') from elt.sign_in";
        let found = database.text(sql);
        database.run("truncate elt.sign_in");
        (what.to_string(), found)
    };
    let own = Site::spawn(
        database
            .elt()
            .args(["serve", "--no-worker", "--behind-proxy"]),
    );
    proxied(&own, &["6.6.6.6, 203.0.113.7"], "ann", "x").is(422);
    assert_eq!(addresses("one header").1, "203.0.113.7");
    proxied(&own, &["203.0.113.7", "6.6.6.6, 203.0.113.8"], "ann", "x").is(422);
    assert_eq!(addresses("the last header").1, "203.0.113.8");
    proxied(&own, &["2001:db8:1:2:3::4"], "ann", "x").is(422);
    proxied(&own, &["[2001:db8:1:2:ffff::1]:4000"], "ann", "x").is(422);
    assert_eq!(addresses("one network").1, "2001:db8:1:2::/64");
    proxied(&own, &["<script>"], "ann", "x").is(422);
    assert_eq!(addresses("nonsense").1, "127.0.0.1");
    for proxy in ["203.0.113.1", "10.0.0.0/8"] {
        let serve = ["serve", "--no-worker", "--behind-proxy", proxy];
        let other = Site::spawn(database.elt().args(serve));
        proxied(&other, &["6.6.6.6"], "ann", "x").is(422);
        assert_eq!(addresses("not the proxy").1, "127.0.0.1", "{proxy}");
    }
    let wrong = database
        .elt()
        .args(["serve", "--behind-proxy", "proxy.example"]);
    wrong
        .run()
        .exits_with(2)
        .says(&["is not a network address"]);
}

#[test]
fn a_new_password_that_cannot_be_is_no_failure() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    for _ in 0..6 {
        let form = format!("old={PASSWORD}&new=short&again=short").replace(' ', "+");
        site.post("/password", &cookie, &form)
            .is(422)
            .says("needs at least 15");
    }
    assert_eq!(
        database.number("select count(*) from elt.sign_in where not is_success"),
        0
    );
    site.sign_in("ann", PASSWORD).is(303);
}

#[test]
fn tokens_end_with_the_password_they_were_given_for() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let kept = || {
        let new = ["token", "new", "ann", "--name", "nightly"];
        let made = database.elt().args(new).run().ok();
        made.stdout.trim().to_string()
    };
    let (made, given) = (kept(), token(&site, "ann", PASSWORD));
    let form = |old: &str, new: &str, more: &str| {
        format!("old={old}&new={new}&again={new}{more}").replace(' ', "+")
    };
    site.post("/password", &cookie, &form(PASSWORD, NEW, ""))
        .is(303);
    assert!(works(&site, &made) && !works(&site, &given));
    let cookie = site.sign_in("ann", NEW).is(303).cookie();
    site.get("/password", &cookie).says("revoke_tokens");
    site.post(
        "/password",
        &cookie,
        &form(NEW, PASSWORD, "&revoke_tokens=on"),
    )
    .is(303);
    assert!(!works(&site, &made));
    let (made, given) = (kept(), token(&site, "ann", PASSWORD));
    let passwd = ["user", "passwd", "ann", "--password-stdin"];
    give_stdin(&database, &passwd, NEW, 0);
    assert!(works(&site, &made) && !works(&site, &given));
    let all = [&passwd[..], &["--revoke-tokens"]].concat();
    give_stdin(&database, &all, PASSWORD, 0);
    assert!(!works(&site, &made));
}

#[test]
fn the_role_of_the_pages_opens_nothing_without_a_password() {
    let database = Database::new();
    add_user(&database, "ann", "admin");
    add_user(&database, "bob", "viewer");
    let mut client = database.connect();
    client.batch_execute("set role elt_web").unwrap();
    let mut ask = |sql: &str| -> Result<String, String> {
        let row = client.query_one(sql, &[]);
        row.map(|row| row.get(0)).map_err(|error| {
            error
                .code()
                .map_or(error.to_string(), |code| code.code().to_string())
        })
    };
    const DENIED: &str = "42501";
    // The role can neither read the hash nor avoid it.
    for sql in [
        "select password_hash from elt.account",
        "select elt.use_sign_in(1, 'x')::text",
        "select elt.set_password(1, 'x')::text",
        "select elt.add_token(1, 'x', '\\x00', true, '1 day')::text",
        "select elt.close_sessions(1)::text",
        "select token_sha256::text from elt.device",
        "select elt.enqueue('pipeline', '{\"out\": \"/etc\"}')::text",
    ] {
        assert_eq!(ask(sql), Err(DENIED.into()), "{sql}");
    }
    let begin =
        "select format('%s|%s', sign_in_id, password_salt) from elt.begin_sign_in('ann', '::1')";
    let begun = ask(begin).unwrap();
    let (number, salt) = begun.split_once('|').unwrap();
    assert_eq!(salt.matches('$').count(), 4, "all but the hash: {salt}");
    let open = |number: &str, hash: &str| {
        format!(
            "select elt.open_session({number}, '{hash}', sha256('a'), '::1', '', null, sha256('b'))::text"
        )
    };
    // A wrong hash ends the attempt, so the right one no longer works.
    assert_eq!(
        ask(&open(number, &format!("{salt}$AAAA"))),
        Ok("false".into())
    );
    let right = database.text("select password_hash from elt.account where name = 'ann'");
    assert_eq!(ask(&open(number, &right)), Ok("false".into()));
    let fresh = |ask: &mut dyn FnMut(&str) -> Result<String, String>, name: &str| {
        let sql = begin.replace("'ann'", &format!("'{name}'"));
        ask(&sql).unwrap().split_once('|').unwrap().0.to_string()
    };
    // An attempt of another account.
    let number = fresh(&mut ask, "bob");
    assert_eq!(ask(&open(&number, &right)), Ok("false".into()));
    // An expired attempt.
    let number = fresh(&mut ask, "ann");
    database.run("update elt.sign_in set attempted_at = now() - interval '3 minutes'");
    assert_eq!(ask(&open(&number, &right)), Ok("false".into()));
    // An attempt works once.
    let number = fresh(&mut ask, "ann");
    assert_eq!(ask(&open(&number, &right)), Ok("true".into()));
    assert_eq!(ask(&open(&number, &right)), Ok("false".into()));
    assert_eq!(database.number("select count(*) from elt.session"), 1);
    let change = |session: &str, number: &str, old: &str| {
        format!(
            "select elt.change_password(sha256('{session}'), {number}, '{old}', '{right}', true)::text"
        )
    };
    // The session of one account with the password of another.
    let bobs = database.text("select password_hash from elt.account where name = 'bob'");
    let number = fresh(&mut ask, "bob");
    assert_eq!(ask(&change("a", &number, &bobs)), Ok("false".into()));
    let number = fresh(&mut ask, "ann");
    assert_eq!(
        ask(&change("no session", &number, &right)),
        Ok("false".into())
    );
    let number = fresh(&mut ask, "ann");
    assert_eq!(ask(&change("a", &number, &right)), Ok("true".into()));
    let number = fresh(&mut ask, "ann");
    let open_token = |hash: &str| {
        format!("select elt.open_token({number}, '{hash}', sha256('c'), '100 years')::text")
    };
    assert_eq!(ask(&open_token("x")), Ok("false".into()));
    assert_eq!(database.number("select count(*) from elt.api_token"), 0);
}

#[test]
fn cookies_do_not_affect_requests_with_a_token() {
    let database = Database::new();
    let site = Site::start(&database);
    add_user(&database, "otto", "operator");
    let new = ["token", "new", "otto", "--name", "x", "--change"];
    let made = database.elt().args(new).run().ok();
    let token = format!("Authorization: Token {}\r\n", made.stdout.trim());
    let task = json!({ "name": "x", "start_time": "2026-01-01T00:00:00Z" }).to_string();
    let post = |headers: &str| {
        let kind = "Content-Type: application/json\r\n";
        site.ask("POST", "/api/tasks/", &format!("{headers}{kind}"), &task)
    };
    // A cookie of a load balancer.
    post(&format!("{token}Cookie: AWSALB=abc\r\n")).is(201);
    let session = site.sign_in("otto", PASSWORD).is(303).cookie();
    post(&format!("{token}Cookie: {session}\r\n")).is(201);
    for refused in [
        format!("Cookie: {session}\r\n"),
        format!("Cookie: {session}\r\nOrigin: https://evil.example\r\n"),
        format!("Cookie: {session}\r\nSec-Fetch-Site: cross-site\r\n"),
    ] {
        let answer = post(&refused).is(403);
        let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(said["detail"].is_string(), "{said}");
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
}

#[test]
fn a_name_that_was_not_allowed_leads_nowhere() {
    let database = Database::new();
    let allowed = ["serve", "--no-worker", "--allowed-host", "elt.example"];
    let site = Site::spawn(database.elt().args(allowed));
    let cookie = site.signed_in(&database, "ann", "viewer");
    let get = |host: &str| {
        let port = site.port;
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!(
            "GET /api/tasks/?page_size=1 HTTP/1.0\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
        );
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut answer).unwrap();
        super::Answer::parse(&answer)
    };
    database.run(
        "insert into public.tasks (name, start_time) select 'x', now() from generate_series(1, 3)",
    );
    get("rebound.example").is(421).says("--allowed-host");
    get("elt.example")
        .is(200)
        .says("\"next\":\"http://elt.example/api/tasks/?");
    for host in ["127.0.0.1", "localhost:1", "[::1]"] {
        get(host).is(200).says("\"next\":\"/api/tasks/?");
    }
}
