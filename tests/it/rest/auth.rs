//! Every kind of authentication, and that no secret is shown or kept then.

use super::given::{Answer, Given, Received};
use super::pages_given::PAGES;
use super::{database, staged};
use crate::support::{Database, Elt, Folder, Outcome, postgres_program, run_to_end};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

pub(super) const USER: &str = "marker-user";
/// A password that every encoding changes.
pub(super) const PASSWORD: &str = "marker-p+s \"\u{e9}/%&<:";

pub(super) const KEY: &str = "marker-key";

/// A database with other settings of the API.
pub(super) fn database_with(settings: &str) -> Database {
    let database = database();
    database.run(&format!("update elt.rest_source set {settings}"));
    database
}

/// A load that fetches one page after the other.
pub(super) fn load(database: &Database, server: &Given) -> Elt {
    let load = database.elt().env("ELT_REST_APPOINTMENTS_URL", &server.url);
    load.args(["load", "rest_appointments", "--requests", "1"])
}

pub(super) fn load_as_user(database: &Database, server: &Given) -> Elt {
    load(database, server)
        .env("ELT_REST_APPOINTMENTS_USERNAME", USER)
        .env("ELT_REST_APPOINTMENTS_PASSWORD", PASSWORD)
}

pub(super) fn form_text(text: &str) -> String {
    let pair = serde_urlencoded::to_string([("", text)]).unwrap();
    pair.trim_start_matches('=').to_string()
}

fn basic(pair: String) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}

/// Whether a secret is in the text, also in base64. All secrets begin with this word, which other encodings keep.
pub(super) fn has_marker(text: &str) -> bool {
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/".contains(letter);
    let runs = text.split(|letter| !is_base64(letter)).map(str::as_bytes);
    let mut parts = runs.flat_map(|run| (0..4).filter_map(move |skipped| run.get(skipped..)));
    let is_marked = |part: &[u8]| {
        let whole = &part[..part.len() / 4 * 4];
        let bytes = BASE64_STANDARD.decode(whole).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains("marker-")
    };
    text.contains("marker-") || parts.any(is_marked)
}

/// Checks that no secret is in the output and in the database.
#[track_caller]
pub(super) fn has_no_secret(database: &Database, outcome: &Outcome) {
    assert!(has_marker(&basic(format!("zoe:{PASSWORD}"))));
    let dump =
        run_to_end(postgres_program("pg_dump").args(["--data-only", "--dbname", &database.url()]));
    assert!(dump.contains("rest_appointments"));
    for text in [&outcome.stdout, &outcome.stderr, &dump] {
        assert!(!has_marker(text), "{text}");
    }
}

/// A successful load, and that it has no secret.
#[track_caller]
fn loads(database: &Database, load: Elt) -> Outcome {
    let outcome = load.run().ok();
    has_no_secret(database, &outcome);
    assert_eq!(staged(database) % PAGES as i64, 0);
    assert!(staged(database) > 0);
    outcome
}

/// A failed load, and that it has no secret.
#[track_caller]
pub(super) fn fails(database: &Database, load: Elt, code: i32, says: &[&str]) -> Outcome {
    let outcome = load.run().exits_with(code).says(says);
    has_no_secret(database, &outcome);
    outcome
}

pub(super) fn refusal() -> Answer {
    Answer::status(
        401,
        json!({"error": "denied", "error_description": "Who are you?"}),
    )
}

/// The page, if the header is right.
fn page_for(seen: &Received, authorization: &str) -> Answer {
    if seen.header("authorization") == authorization {
        Answer::page(seen, "")
    } else {
        refusal()
    }
}

pub(super) fn token(key: &str, number: usize, lifetime: f64) -> Answer {
    let body = json!({key: format!("marker-token-{number}"), "expires_in": lifetime});
    Answer::status(200, &body)
}

#[test]
fn signs_in_on_another_host_with_an_object_or_a_form() {
    for kind in ["json", "form"] {
        let tokens = Given::start(|seen, _| {
            let members = seen.members();
            assert_eq!(members["e-mail"], USER);
            assert_eq!(
                (members["pass"].as_str(), members["scope"].as_str()),
                (PASSWORD, "a b")
            );
            Answer::status(200, json!({"data": {"jwt": "marker-token"}}))
        });
        let api = Given::start(|seen, _| page_for(seen, "Bearer marker-token"));
        let database = database_with(&format!(
            "sign_in = '{kind}', sign_in_path = null, sign_in_url = '{}/sign-in', \
             username_parameter = 'e-mail', password_parameter = 'pass', \
             sign_in_parameters = '{{\"scope\": \"a b\"}}', token_at = 'data.jwt', token_prefix = 'Bearer'",
            tokens.url
        ));
        loads(&database, load_as_user(&database, &api));
        assert_eq!(
            (tokens.sign_ins(), api.sign_ins(), api.pages().len()),
            (1, 0, PAGES)
        );
        assert!(tokens.pages().is_empty());
    }
}

#[test]
fn clients_get_a_token_with_their_credentials_in_a_header_or_in_the_form() {
    let in_header = |seen: &Received| {
        let header = basic(format!("{}:{}", form_text(USER), form_text(PASSWORD)));
        seen.header("authorization") == header && seen.members().len() == 2
    };
    let in_form = |seen: &Received| {
        let members = seen.members();
        members["client_id"] == USER
            && members["client_secret"] == PASSWORD
            && seen.header("authorization").is_empty()
    };
    type Check = fn(&Received) -> bool;
    let kinds: [(&str, Check); 2] = [
        ("client_credentials", in_header),
        ("client_credentials_in_body", in_form),
    ];
    for (kind, is_right) in kinds {
        let server = Given::start(move |seen, _| {
            if seen.is_page() {
                return page_for(seen, "Bearer marker-token-7");
            }
            let members = seen.members();
            let is_right = is_right(seen)
                && members["grant_type"] == "client_credentials"
                && members["audience"] == "appointments";
            if is_right {
                token("access_token", 7, 3_600.0)
            } else {
                refusal()
            }
        });
        let database = database_with(&format!(
            "sign_in = '{kind}', sign_in_path = '/oauth/token', \
             sign_in_parameters = '{{\"audience\": \"appointments\"}}'"
        ));
        loads(&database, load_as_user(&database, &server));
        assert_eq!((server.sign_ins(), server.pages().len()), (1, PAGES));
        let wrong = load_as_user(&database, &server).env("ELT_REST_APPOINTMENTS_PASSWORD", "no");
        let says = [
            "signing in at http://127.0.0.1:",
            "/oauth/token: the server answered 401 Unauthorized: Who are you?",
            "hint: Check ELT_REST_APPOINTMENTS_USERNAME and ELT_REST_APPOINTMENTS_PASSWORD",
        ];
        fails(&database, wrong, 1, &says);
    }
}

#[test]
fn a_token_is_renewed_before_it_expires() {
    let database = database_with("sign_in = 'client_credentials', sign_in_path = '/token'");
    for (lifetime, is_short) in [(0.000_001, true), (3_600.0, false)] {
        let server = Given::start(move |seen, _| {
            if seen.is_page() {
                Answer::page(seen, "")
            } else {
                token("access_token", seen.times, lifetime)
            }
        });
        loads(&database, load_as_user(&database, &server));
        let pages = server.pages();
        let mut used: Vec<&str> = pages
            .iter()
            .map(|page| page.header("authorization"))
            .collect();
        used.dedup();
        assert_eq!(used.len(), if is_short { PAGES } else { 1 }, "{used:?}");
        assert_eq!(server.sign_ins() >= PAGES, is_short);
    }
}

#[test]
fn a_token_that_is_refused_is_renewed_once() {
    let database = database_with("sign_in = 'client_credentials', sign_in_path = '/token'");
    let server = |refused: &'static [&'static str]| {
        Given::start(move |seen, _| match seen.header("authorization") {
            _ if !seen.is_page() => token("access_token", seen.times, 3_600.0),
            header if seen.page() == 2 && refused.contains(&header) => refusal(),
            _ => Answer::page(seen, ""),
        })
    };
    let once = server(&["Bearer marker-token-0"]);
    loads(&database, load_as_user(&database, &once));
    assert_eq!((once.sign_ins(), once.pages().len()), (2, PAGES + 1));
    let twice = server(&["Bearer marker-token-0", "Bearer marker-token-1"]);
    let says = [
        "page 2 (",
        "401 Unauthorized: Who are you?",
        "\"Authorization: Bearer ...\"",
    ];
    fails(&database, load_as_user(&database, &twice), 1, &says);
    assert_eq!((twice.sign_ins(), twice.pages().len()), (2, 3));
}

#[test]
fn basic_sends_user_name_and_password_with_each_request() {
    let database = database_with("sign_in = 'basic', sign_in_path = null");
    let server = Given::start(|seen, _| page_for(seen, &basic(format!("{USER}:{PASSWORD}"))));
    loads(&database, load_as_user(&database, &server));
    assert_eq!((server.sign_ins(), server.pages().len()), (0, PAGES));
    let wrong = load_as_user(&database, &server).env("ELT_REST_APPOINTMENTS_PASSWORD", "no");
    let says = [
        "page 1 (",
        "401 Unauthorized: Who are you?",
        "hint: Check ELT_REST_APPOINTMENTS_USERNAME and ELT_REST_APPOINTMENTS_PASSWORD.",
    ];
    fails(&database, wrong, 1, &says);
    let colon = load_as_user(&database, &server).env("ELT_REST_APPOINTMENTS_USERNAME", "marker:1");
    fails(&database, colon, 2, &["the user name has a colon"]);
    // The credentials go to a proxy here, which is the server.
    let plain = load_as_user(&database, &server)
        .env("ELT_REST_APPOINTMENTS_URL", "http://api.invalid")
        .env("http_proxy", &server.url);
    let outcome = loads(&database, plain);
    outcome.says(&["credentials go to http://api.invalid/ unencrypted"]);
}

#[test]
fn basic_allows_an_empty_password_or_user_name_that_is_set() {
    let (database, folder) = (
        database_with("sign_in = 'basic', sign_in_path = null"),
        Folder::new(),
    );
    let key = Given::start(|seen, _| page_for(seen, &basic(format!("{USER}:"))));
    let with_key = || load(&database, &key).env("ELT_REST_APPOINTMENTS_USERNAME", USER);
    loads(
        &database,
        with_key().env("ELT_REST_APPOINTMENTS_PASSWORD", ""),
    );
    let empty = folder.write("empty", "\n");
    loads(
        &database,
        with_key().env("ELT_REST_APPOINTMENTS_PASSWORD_FILE", &empty),
    );
    let requests = key.received().len();
    let says = [
        "needs a password",
        "set ELT_REST_APPOINTMENTS_PASSWORD to an empty text",
    ];
    fails(&database, with_key(), 2, &says);
    let nothing = load(&database, &key)
        .env("ELT_REST_APPOINTMENTS_USERNAME", "")
        .env("ELT_REST_APPOINTMENTS_PASSWORD", "");
    fails(&database, nothing, 2, &["needs a user name and a password"]);
    assert_eq!(key.received().len(), requests);
    let server = Given::start(|seen, _| page_for(seen, &basic(format!(":{PASSWORD}"))));
    let without_user = load_as_user(&database, &server).env("ELT_REST_APPOINTMENTS_USERNAME", "");
    loads(&database, without_user);
}

#[test]
fn a_key_may_be_in_a_header_of_any_name() {
    let database =
        database_with("sign_in_path = null, token_header = 'X-Api-Key', token_prefix = ''");
    let server = Given::start(|seen, _| match seen.header("x-api-key") {
        KEY => Answer::page(seen, ""),
        _ => refusal(),
    });
    loads(
        &database,
        load(&database, &server).env("ELT_REST_APPOINTMENTS_TOKEN", KEY),
    );
    let anonymous = fails(
        &database,
        load(&database, &server),
        1,
        &["The API requires a sign-in"],
    );
    assert!(!anonymous.stderr.contains("X-Api-Key"));
}

#[test]
fn a_key_may_be_a_parameter_that_no_other_host_gets() {
    let database = database_with("sign_in_path = null, token_parameter = 'api key'");
    let load =
        |server: &Given| load(&database, server).env("ELT_REST_APPOINTMENTS_TOKEN", PASSWORD);
    // The server repeats the parameter in the next address and in a redirect.
    let echo = format!("&api%20key={}", form_text(PASSWORD));
    let server = Given::start(move |seen, _| {
        assert!(seen.header("authorization").is_empty());
        match seen.only_parameter("api key").as_deref() {
            Some(PASSWORD) if seen.page() == 2 && seen.times == 0 => {
                Answer::redirect(&format!("/appointments/?page=2{echo}"))
            }
            Some(PASSWORD) => Answer::page(seen, &echo),
            _ => refusal(),
        }
    });
    loads(&database, load(&server));
    assert_eq!(server.pages().len(), PAGES + 1);
    let wrong = load(&server).env("ELT_REST_APPOINTMENTS_TOKEN", "wrong");
    fails(
        &database,
        wrong,
        1,
        &["the parameter of the token: \"api key\""],
    );
    let other = Given::start(|seen, _| Answer::page(seen, ""));
    let elsewhere = other.url.clone();
    let server = Given::start(move |seen, _| match seen.raw_query.as_str() {
        query if seen.page() == 2 => Answer::redirect(&format!("{elsewhere}/{query}?{query}")),
        _ => Answer::page(seen, ""),
    });
    fails(
        &database,
        load(&server),
        1,
        &["page 2", "the server redirects to another host"],
    );
    assert!(other.received().is_empty());
}
