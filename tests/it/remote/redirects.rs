//! Redirects, which may lead to another host, but take no credentials there.

use super::file_server::{FileServer, Reply};
use super::{configure, csv, database, load, loads};

#[test]
fn a_redirect_to_another_host_gets_no_credentials() {
    let bytes = csv(2_000);
    let half = bytes.len() / 2;
    let store = FileServer::start(move |asked| {
        let reply = Reply::file(asked, &bytes, "v1");
        if asked.before == 0 {
            reply.cut(half)
        } else {
            reply
        }
    });
    let to = store.elsewhere("/store?signature=marker-signed");
    let server = FileServer::start(move |asked| match asked.target.as_str() {
        "/orders.csv?token_of=marker" => Reply::redirect("/moved?a=b"),
        "/orders.csv" => Reply::redirect("/moved"),
        _ => Reply::redirect(&to),
    });
    let database = database(&server.at("/orders.csv"));
    configure(
        &database,
        "retry_delay, headers",
        "'1 millisecond', '{\"x-account\": \"me\"}'",
    );
    let outcome = load(&database)
        .env("ELT_APPOINTMENTS_TOKEN", "marker-token")
        .run()
        .ok();
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        2_000
    );
    for asked in server.asked() {
        assert_eq!(asked.header("authorization"), "Bearer marker-token");
        assert_eq!(asked.header("x-account"), "me");
    }
    assert_eq!(store.asked().len(), 2);
    for asked in store.asked() {
        assert_eq!(
            (asked.header("authorization"), asked.header("x-account")),
            ("", "")
        );
        assert_eq!(asked.target, "/store?signature=marker-signed");
    }
    assert_eq!(store.asked()[1].from(), Some(half));
    load(&database)
        .env("ELT_APPOINTMENTS_TOKEN", "marker-token")
        .run()
        .ok();
    assert_eq!(store.asked()[2].header("if-none-match"), "\"v1\"");
}

#[test]
fn a_redirect_back_from_another_host_gets_no_credentials() {
    let server = FileServer::start(|asked| {
        let port = asked
            .header("host")
            .split(':')
            .next_back()
            .unwrap()
            .to_string();
        match asked.target.as_str() {
            "/orders.csv" => Reply::redirect(&format!("http://localhost:{port}/there")),
            "/there" => Reply::redirect(&format!("http://127.0.0.1:{port}/back")),
            _ => Reply::file(asked, &csv(30), "v1"),
        }
    });
    let database = database(&server.at("/orders.csv"));
    load(&database)
        .env("ELT_APPOINTMENTS_TOKEN", "marker")
        .run()
        .ok();
    let sent: Vec<bool> = server
        .asked()
        .iter()
        .map(|asked| !asked.header("authorization").is_empty())
        .collect();
    assert_eq!(sent, [true, false, false]);
}

#[test]
fn redirects_end() {
    let server = FileServer::start(|asked| Reply::redirect(&format!("/{}", asked.before)));
    let database = database(&server.at("/orders.csv"));
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&["/orders.csv): too many redirects", "elt.source.file"]);
    assert_eq!(server.asked().len(), 6);
    for (to, says) in [
        ("file:///etc/passwd", "without an address"),
        ("ftp://example.org/marker", "redirects to ftp://example.org"),
        (
            "http://ann:marker@example.org/",
            "an address with a user: example.org",
        ),
    ] {
        let server = FileServer::start(move |_| Reply::redirect(to));
        let database = super::database(&server.at("/orders.csv"));
        let outcome = load(&database).run().exits_with(1).says(&[says]);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    }
}

#[test]
fn five_redirects_are_followed() {
    let server = FileServer::start(|asked| match asked.before {
        5 => Reply::file(asked, &csv(30), "v1"),
        before => Reply::redirect(&format!("/{before}")),
    });
    loads(&database(&server.at("/orders.csv")), 30);
}
