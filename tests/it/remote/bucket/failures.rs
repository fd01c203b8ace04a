//! Failures of buckets: the message and the hint.

use super::moto::Moto;
use super::{csv, database, load};
use crate::remote::file_server::{FileServer, Reply};

#[test]
fn a_missing_bucket_and_a_missing_key_are_reported() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    for (address, says) in [
        (
            "s3://no-such-bucket/orders.csv".to_string(),
            [
                "NoSuchBucket",
                "Check the bucket in elt.source.file, and ELT_APPOINTMENTS_ENDPOINT",
            ],
        ),
        (
            format!("s3://{bucket}/Orders.csv"),
            ["NoSuchKey", "Check elt.source.file: capital letters"],
        ),
    ] {
        let database = database(&address);
        let outcome = load(&database, &moto.endpoint()).run().exits_with(1);
        outcome.says(&[
            &format!("object ({address}): the server answered 404"),
            says[0],
            says[1],
        ]);
        let error = database.text("select error from elt.load where state = 'failed'");
        assert!(error.contains(says[0]), "{error}");
    }
}

#[test]
fn refusals_are_explained() {
    let xml = |code: &str| format!("<Error><Code>{code}</Code><Message>No.</Message></Error>");
    let cases: [(Reply, &[&str]); 7] = [
        (
            Reply::new(301, xml("PermanentRedirect")).with("x-amz-bucket-region", "eu-west-1"),
            &["another region: set ELT_APPOINTMENTS_REGION to eu-west-1."],
        ),
        (
            Reply::new(
                400,
                "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-2</Region></Error>",
            ),
            &["set ELT_APPOINTMENTS_REGION to eu-west-2."],
        ),
        (
            Reply::new(403, xml("AccessDenied")),
            &["403 Forbidden: AccessDenied: No.", "the right s3:GetObject"],
        ),
        (
            Reply::new(403, xml("SignatureDoesNotMatch")),
            &["Check ELT_APPOINTMENTS_ACCESS_KEY_ID and ELT_APPOINTMENTS_SECRET_ACCESS_KEY."],
        ),
        (
            Reply::new(400, xml("ExpiredToken")),
            &["The session token is no longer valid"],
        ),
        (
            Reply::new(403, xml("RequestTimeTooSkewed")),
            &["Check the clock of this machine."],
        ),
        (
            Reply::new(
                403,
                "<Error><Code>AccessDenied</Code><Message>marker-secret</Message></Error>",
            ),
            &["403 Forbidden"],
        ),
    ];
    for (reply, says) in cases {
        let server = FileServer::start(move |_| reply.clone());
        let database = database("s3://shop/orders.csv");
        let outcome = load(&database, &server.at(""))
            .run()
            .exits_with(1)
            .says(says);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
        assert_eq!(server.asked().len(), 1, "it is not repeated");
    }
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = FileServer::start(|asked| match asked.before {
        0 => Reply::new(503, "<Error><Code>SlowDown</Code></Error>"),
        _ => Reply::file(asked, &csv(30), "v1")
            .with("last-modified", "Mon, 30 Nov 2026 08:00:00 GMT"),
    });
    let database = database("s3://shop/orders.csv");
    super::loads(&database, &server.at(""), 30).says(&["503", "SlowDown", "(2 of 5)"]);
}

#[test]
fn a_server_that_is_not_there_is_reported() {
    let database = database("s3://shop/orders.csv");
    let outcome = load(&database, "http://127.0.0.1:9").run().exits_with(1);
    outcome.says(&["no connection", "Check ELT_APPOINTMENTS_ENDPOINT"]);
}

#[test]
fn settings_that_cannot_be_used_are_refused_before_the_load() {
    let database = database("s3://shop/orders.csv");
    let refused = |variables: &[(&str, &str)], says: &[&str]| {
        let load = variables
            .iter()
            .fold(crate::remote::load(&database), |load, (name, value)| {
                load.env(name, value)
            });
        let outcome = load.run().exits_with(2).says(says);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    };
    refused(
        &[("ELT_APPOINTMENTS_ACCESS_KEY_ID", "id")],
        &["ELT_APPOINTMENTS_SECRET_ACCESS_KEY is missing"],
    );
    refused(
        &[("AWS_SECRET_ACCESS_KEY", "marker")],
        &["AWS_ACCESS_KEY_ID is missing"],
    );
    refused(
        &[("ELT_APPOINTMENTS_SESSION_TOKEN", "marker")],
        &["ELT_APPOINTMENTS_ACCESS_KEY_ID and ELT_APPOINTMENTS_SECRET_ACCESS_KEY is missing"],
    );
    for (endpoint, says) in [
        ("s3.example.org", "is not an address"),
        ("ftp://host", "is neither an http nor an https address"),
        ("https://ann:marker@host", "has a user in it"),
        ("https://host/?a=marker", "has a query or a fragment"),
    ] {
        refused(
            &[("AWS_ENDPOINT_URL", endpoint)],
            &["AWS_ENDPOINT_URL ", says],
        );
    }
    assert_eq!(super::load_count(&database), 0);
    for key in ["a//b.csv", "a/../b.csv", "a.csv/"] {
        let sql =
            format!("update elt.source set file = 's3://shop/{key}' where source = 'appointments'");
        database.run(&sql);
        let outcome = load(&database, "http://127.0.0.1:9").run().exits_with(2);
        outcome.says(&[&format!("key \"{key}\" cannot be read"), "another key"]);
    }
}

#[test]
fn without_credentials_and_without_a_role_a_public_bucket_is_read() {
    let server = FileServer::start(|asked| {
        assert_eq!(asked.header("authorization"), "");
        match asked.target.as_str() {
            "/public/orders.csv" => Reply::file(asked, &csv(30), "v1")
                .with("last-modified", "Mon, 30 Nov 2026 08:00:00 GMT"),
            _ => Reply::new(403, "<Error><Code>AccessDenied</Code></Error>"),
        }
    });
    let public = database("s3://public/orders.csv");
    let load = |database: &crate::support::Database| {
        crate::remote::load(database).env("AWS_ENDPOINT_URL_S3", server.at(""))
    };
    load(&public).run().ok();
    let private = database("s3://private/orders.csv");
    load(&private).run().exits_with(1).says(&[
        "AccessDenied",
        "set ELT_APPOINTMENTS_ACCESS_KEY_ID and ELT_APPOINTMENTS_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID",
        "~/.aws are not read",
    ]);
}
