//! Credentials of buckets, and that they are nowhere else.

use super::line::Line;
use super::moto::Moto;
use super::{csv, database};
use crate::remote::file_server::{FileServer, Reply};
use crate::support::{Database, Folder, Outcome, postgres_program, run_to_end};

/// The credentials of a user of moto who may read objects, and not list them.
struct User {
    id: String,
    secret: String,
}

/// A server that checks signatures and rights, a user, and the address of an object.
fn strict() -> (Moto, User, String) {
    // For the requests below, which it does not check.
    let moto = Moto::start(&[("INITIAL_NO_AUTH_ACTION_COUNT", "5")]);
    let policy = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
    // The credential says which service is meant.
    let head = "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, \
                Signature=x\r\n";
    let ask = |action: &[(&str, &str)]| {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("Version", "2010-05-08"), ("UserName", "ann")])
            .extend_pairs(action)
            .finish();
        moto.ask(head, form.as_bytes())
    };
    ask(&[("Action", "CreateUser")]);
    ask(&[
        ("Action", "PutUserPolicy"),
        ("PolicyName", "read"),
        ("PolicyDocument", policy),
    ]);
    let key = ask(&[("Action", "CreateAccessKey")]);
    let element = |name: &str| {
        let text = key.split(&format!("<{name}>")).nth(1).unwrap();
        text.split('<').next().unwrap().to_string()
    };
    let user = User {
        id: element("AccessKeyId"),
        secret: element("SecretAccessKey"),
    };
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(30));
    (moto, user, format!("s3://{bucket}/orders.csv"))
}

#[track_caller]
fn has_no_secret(database: &Database, outcome: &Outcome, secrets: &[&str]) {
    let dump = run_to_end(postgres_program("pg_dump").args(["--dbname", &database.url()]));
    assert!(dump.contains("orders.csv"));
    for text in [&outcome.stdout, &outcome.stderr, &dump] {
        for secret in secrets {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_request_is_signed_with_the_secret() {
    let (moto, user, address) = strict();
    let database = database(&address);
    let folder = Folder::new();
    let file = folder.write("secret", format!("{}\n", user.secret));
    let (file, wrong) = (file.to_str().unwrap(), "marker-wrong-secret");
    let own: &[(&str, &str)] = &[
        ("ELT_APPOINTMENTS_ACCESS_KEY_ID", &user.id),
        ("ELT_APPOINTMENTS_SECRET_ACCESS_KEY_FILE", file),
        // Those of the source are used, and not mixed with these.
        ("AWS_ACCESS_KEY_ID", "other"),
        ("AWS_SECRET_ACCESS_KEY", wrong),
        ("AWS_SESSION_TOKEN", wrong),
    ];
    let of_aws: &[(&str, &str)] = &[
        ("AWS_ACCESS_KEY_ID", &user.id),
        ("AWS_SECRET_ACCESS_KEY", &user.secret),
    ];
    let run = |variables: &[(&str, &str)]| {
        let load = crate::remote::load(&database).args(["-v", "--force"]);
        let load = load.env("AWS_ENDPOINT_URL", moto.endpoint());
        let load = variables
            .iter()
            .fold(load, |load, (name, value)| load.env(name, value));
        load.run()
    };
    for variables in [own, of_aws] {
        let outcome = run(variables).ok();
        has_no_secret(&database, &outcome, &[&user.secret, wrong]);
    }
    for (id, secret, says) in [
        (user.id.as_str(), wrong, "SignatureDoesNotMatch"),
        ("AKIAWRONG", user.secret.as_str(), "InvalidAccessKeyId"),
    ] {
        let outcome = run(&[("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)]);
        let outcome = outcome.exits_with(1);
        let outcome = outcome.says(&[
            "403",
            says,
            "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        ]);
        has_no_secret(&database, &outcome, &[&user.secret, wrong]);
    }
    // This user may not list, so that a missing key looks like a missing right.
    database.run(&format!(
        "update elt.source set file = '{address}.gz' where source = 'appointments'"
    ));
    run(of_aws).exits_with(1).says(&["NoSuchKey"]);
}

#[test]
fn a_session_token_is_sent_and_shown_nowhere() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(30));
    let line = Line::to(&moto.address, |before| (before == 0).then_some(0));
    let database = database(&format!("s3://{bucket}/orders.csv"));
    let load = super::load(&database, &line.endpoint()).args(["-v"]);
    let outcome = load
        .env("ELT_APPOINTMENTS_SESSION_TOKEN", "marker-token")
        .run()
        .ok();
    let head = &line.heads()[1];
    assert!(
        head.contains("x-amz-security-token: marker-token\r\n"),
        "{head}"
    );
    assert!(
        head.contains("credential=some-id/") && !head.contains("marker-secret"),
        "{head}"
    );
    has_no_secret(&database, &outcome, &["marker-"]);
}

#[test]
fn a_server_that_repeats_a_secret_shows_and_stores_none() {
    let server = FileServer::start(|asked| match asked.before {
        0 => Reply::new(200, csv(30))
            .with("etag", "\"marker-token\"")
            .with("last-modified", "Mon, 30 Nov 2026 08:00:00 GMT"),
        1 => Reply::new(
            400,
            "<Error><Code>Bad</Code><Message>marker-secret</Message></Error>",
        ),
        _ => Reply::new(301, "").with("x-amz-bucket-region", "marker-token"),
    });
    let database = database("s3://shop/orders.csv");
    let load = || {
        let load = super::load(&database, &server.at("")).args(["-v", "--force"]);
        load.env("ELT_APPOINTMENTS_SESSION_TOKEN", "marker-token")
    };
    has_no_secret(&database, &load().run().ok(), &["marker-"]);
    for _ in 0..2 {
        has_no_secret(&database, &load().run().exits_with(1), &["marker-"]);
    }
}
