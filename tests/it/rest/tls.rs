//! HTTPS with a private authority.

use super::server::{Options, Server};
use super::{database, options, staged};
use crate::support::Folder;

#[test]
fn trusts_a_private_authority_only_if_it_is_named() {
    let (database, folder) = (database(), Folder::new());
    let server = Server::start(Options {
        tls: true,
        ..options(30)
    })
    .unwrap();
    let other = Server::start(Options {
        tls: true,
        ..options(30)
    })
    .unwrap();
    let load = || {
        database
            .elt()
            .api(&server.url())
            .args(["load", "rest_appointments"])
    };
    load().run().exits_with(1).says(&[
        "no trusted connection: invalid peer certificate",
        "ELT_REST_APPOINTMENTS_TLS_ROOTS",
    ]);
    let wrong = folder.write("wrong.pem", other.root.as_ref().unwrap());
    let outcome = load().env("ELT_REST_APPOINTMENTS_TLS_ROOTS", &wrong).run();
    outcome.exits_with(1).says(&["no trusted connection"]);
    let empty = folder.write("empty.pem", "");
    let outcome = load().env("ELT_REST_APPOINTMENTS_TLS_ROOTS", &empty).run();
    outcome
        .exits_with(2)
        .says(&["no certificate to trust", "PEM"]);
    let missing = load().env(
        "ELT_REST_APPOINTMENTS_TLS_ROOTS",
        folder.path().join("none"),
    );
    missing
        .run()
        .exits_with(1)
        .says(&["ELT_REST_APPOINTMENTS_TLS_ROOTS names"]);
    assert!(
        server.requests().is_empty(),
        "no request was sent to an untrusted server"
    );
    let root = server.root.as_ref().unwrap();
    let file = folder.write("root.pem", root);
    load()
        .env("ELT_REST_APPOINTMENTS_TLS_ROOTS", &file)
        .run()
        .ok();
    assert_eq!(staged(&database), 30);
    database.run(&format!("update elt.rest_source set tls_roots = '{root}'"));
    load().run().ok();
    assert_eq!(server.pages().len(), 6);
}

#[test]
fn without_certificates_http_works_and_https_fails_with_a_hint() {
    let database = database();
    let load = |url: &str| {
        let load = database.elt().api(url).args(["load", "rest_appointments"]);
        load.env("SSL_CERT_FILE", "/none")
            .env("SSL_CERT_DIR", "/none")
            .run()
    };
    let server = Server::start(options(30)).unwrap();
    load(&server.url()).ok();
    let outcome = load("https://127.0.0.1:9").exits_with(1);
    outcome.says(&["could not prepare for https", "ca-certificates"]);
}

#[test]
fn explains_http_and_https_mixed_up() {
    let database = database();
    let plain = Server::start(options(30)).unwrap();
    let secure = Server::start(Options {
        tls: true,
        ..options(30)
    })
    .unwrap();
    let load = |url: String| {
        let load = database.elt().api(&url);
        load.args(["load", "rest_appointments"]).run().exits_with(1)
    };
    load(plain.url().replace("http:", "https:"))
        .says(&["hint: The server does not seem to use https"]);
    load(secure.url().replace("https:", "http:")).says(&["hint: "]);
}
