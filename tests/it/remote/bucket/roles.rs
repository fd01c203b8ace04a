//! Credentials of the role that the program has where it runs.

use super::line::Line;
use super::moto::Moto;
use super::{csv, database};
use crate::remote::file_server::{FileServer, Reply};
use crate::support::{Elt, Folder};
use std::time::{Duration, Instant};

const CREDENTIALS: &str = r#"{"AccessKeyId": "role-id", "SecretAccessKey": "marker-secret",
    "Token": "marker-token", "Expiration": "2099-01-01T00:00:00Z", "Code": "Success", "Type": "AWS-HMAC",
    "LastUpdated": "2026-11-30T00:00:00Z"}"#;

/// Loads an object with the role, and checks the request for it.
fn loads_with_role(role: impl Fn(Elt) -> Elt) {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(30));
    let line = Line::to(&moto.address, |_| None);
    let database = database(&format!("s3://{bucket}/orders.csv"));
    let load = crate::remote::load(&database).env("AWS_ENDPOINT_URL", line.endpoint());
    let outcome = role(load).args(["-v"]).run().ok();
    let head = &line.heads()[0];
    assert!(head.contains("credential=role-id/"), "{head}");
    assert!(
        head.contains("x-amz-security-token: marker-token"),
        "{head}"
    );
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
}

#[test]
fn a_container_and_a_machine_have_roles() {
    let folder = Folder::new();
    let token = folder.write("token", "marker-container");
    let service = FileServer::start(|asked| match asked.header("authorization") {
        "marker-container" => Reply::new(200, CREDENTIALS),
        _ => Reply::new(403, ""),
    });
    loads_with_role(|load| {
        load.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", service.at("/role"))
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token)
    });
    let service = FileServer::start(|asked| match asked.target.as_str() {
        "/latest/api/token" => Reply::new(200, "marker-machine"),
        _ if asked.header("x-aws-ec2-metadata-token") != "marker-machine" => Reply::new(401, ""),
        "/latest/meta-data/iam/security-credentials/" => Reply::new(200, "reader"),
        "/latest/meta-data/iam/security-credentials/reader" => Reply::new(200, CREDENTIALS),
        _ => Reply::new(404, ""),
    });
    loads_with_role(|load| load.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", service.at("")));
}

#[test]
fn a_role_whose_credentials_cannot_be_had_is_named() {
    let folder = Folder::new();
    let token = folder.write("token", "marker");
    let service = FileServer::start(|_| Reply::new(403, "No."));
    let database = database("s3://shop/orders.csv");
    let load = crate::remote::load(&database)
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", service.at("/role"))
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token);
    load.run().exits_with(1).says(&[
        "The credentials of the role of the container are used, because no others are set",
        "set ELT_APPOINTMENTS_ACCESS_KEY_ID",
    ]);
}

#[test]
fn a_machine_without_a_role_is_not_waited_for() {
    let database = database("s3://shop/orders.csv");
    let begun = Instant::now();
    let load = crate::remote::load(&database)
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")
        // No request leaves this machine.
        .env("HTTPS_PROXY", "http://127.0.0.1:9");
    load.run()
        .exits_with(1)
        .says(&["no connection", "Check the proxy"]);
    assert!(begun.elapsed() < Duration::from_secs(30));
}
