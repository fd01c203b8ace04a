//! Settings of a source whose file is at an address.

use super::database;
use crate::rest::served_with_tls;
use crate::support::Folder;

#[test]
fn a_private_authority_is_trusted_only_if_it_is_named() {
    let server = served_with_tls();
    let database = database(&format!("{}/appointments/", server.url()));
    let load = || super::load(&database);
    load().run().exits_with(1).says(&[
        "no trusted connection: invalid peer certificate",
        "ELT_APPOINTMENTS_TLS_ROOTS",
    ]);
    assert!(server.requests().is_empty());
    let folder = Folder::new();
    let file = folder.write("root.pem", server.root.as_ref().unwrap());
    let outcome = load().env("ELT_APPOINTMENTS_TLS_ROOTS", &file).run();
    outcome.exits_with(1).says(&["the server answered 415"]);
}

#[test]
fn unencrypted_credentials_are_warned_of() {
    let database = database("http://no-such-host.invalid/orders.csv");
    let load = super::load(&database).env("ELT_APPOINTMENTS_TOKEN", "marker");
    let outcome = load.run().exits_with(1);
    let outcome = outcome.says(&["credentials go to http://no-such-host.invalid/ unencrypted"]);
    assert!(!outcome.stderr.contains("marker"));
}
