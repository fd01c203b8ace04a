//! Lists of objects, with moto as the server.

use super::access::{Access, Credentials, Keys};
use super::*;
use crate::extract::rest::Secret;

#[path = "../../../tests/moto/mod.rs"]
mod moto;

use moto::{Moto, PAGE};

fn access() -> Access {
    Access {
        settings: Settings::with_columns("orders", []).unwrap(),
        endpoint: Some(Moto::shared().endpoint().parse().unwrap()),
        region: None,
        credentials: Credentials::Keys(Keys {
            variables: "AWS".into(),
            id: "some-id".into(),
            secret: Secret::new("some-secret"),
            session_token: None,
        }),
        tls_roots: None,
    }
}

fn listed(bucket: &str, pattern: &str, matches: &dyn Fn(&str) -> bool) -> Result<Vec<ObjectInfo>> {
    let address = ObjectAddress::parse(&format!("s3://{bucket}/{pattern}")).unwrap();
    let bucket = Bucket {
        access: access(),
        address,
        setting: "elt.source.file",
    };
    bucket.list(matches)
}

fn keys(bucket: &str, pattern: &str, matches: &dyn Fn(&str) -> bool) -> Vec<String> {
    let objects = listed(bucket, pattern, matches).unwrap();
    objects.into_iter().map(|object| object.key).collect()
}

#[test]
fn all_pages_are_listed_sorted_by_key() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    let count = 3 * PAGE + 1;
    for number in (0..count).rev() {
        moto.put(
            &bucket,
            &format!("2026/orders-{number}.csv"),
            number.to_string().as_bytes(),
        );
    }
    moto.put(&bucket, "2027/orders-1.csv", b"x");
    let mut expected: Vec<String> = (0..count)
        .map(|number| format!("2026/orders-{number}.csv"))
        .collect();
    expected.sort();
    assert_eq!(keys(&bucket, "2026/orders-*.csv", &|_| true), expected);
    assert_eq!(
        keys(&bucket, "**/orders-1.csv", &|key| key
            .ends_with("/orders-1.csv")),
        ["2026/orders-1.csv", "2027/orders-1.csv"]
    );
    let objects = listed(&bucket, "2026/orders-1?.csv", &|key| {
        key == "2026/orders-11.csv"
    })
    .unwrap();
    let [object] = &objects[..] else {
        panic!("{objects:?}")
    };
    // The MD5 of "11".
    let tag = "\"6512bd43d9caa6e02c990b0a82652dca\"";
    assert_eq!((object.size, object.entity_tag.as_deref()), (2, Some(tag)));
    let age = chrono::Utc::now() - object.last_modified;
    assert!(age.num_minutes() < 10, "{age}");
    assert!(keys(&bucket, "2028/*", &|_| true).is_empty());
}

#[test]
fn empty_files_are_listed_and_folders_are_not() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    for (key, bytes) in [
        ("a/", &b""[..]),
        ("a/b/", b""),
        ("a/empty.csv", b""),
        ("a/b/%5B1%5D%20%C3%A9.csv", b"x"),
    ] {
        moto.put(&bucket, key, bytes);
    }
    assert_eq!(
        keys(&bucket, "*", &|_| true),
        ["a/b/[1] \u{e9}.csv", "a/empty.csv"]
    );
}

#[test]
fn a_bucket_that_cannot_be_listed_is_reported() {
    let failure = listed("no-such-bucket", "*.csv", &|_| true).unwrap_err();
    let message = failure.to_string();
    assert!(
        message.starts_with("list of objects (s3://no-such-bucket/*.csv): the server answered 404"),
        "{message}"
    );
    let failure = failure.downcast::<Failure>().unwrap();
    let hint = failure
        .hint
        .map(|hint| format!("{hint:?}"))
        .unwrap_or_default();
    assert!(
        hint.contains("Check the bucket in elt.source.file"),
        "{hint}"
    );
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "a//b.csv", b"x");
    assert!(listed(&bucket, "*.csv", &|_| true).is_err());
}
