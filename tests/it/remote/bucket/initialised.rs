//! `elt init` with the address of an object: the project that it creates loads it from there.

use super::moto::Moto;
use super::{gzip, line::Line};
use crate::init::init;
use crate::support::{Database, Elt, Folder};

const CSV: &str = "id;name;paid_on\n1;Ann;2026-01-05\n2;Ben;2026-01-06\n";
const EXPORTED: &str = "id,name,paid_on\n1,Ann,2026-01-05\n2,Ben,2026-01-06\n";

fn with_keys(elt: Elt, endpoint: &str) -> Elt {
    elt.env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "some-id")
        .env("AWS_SECRET_ACCESS_KEY", "marker-secret")
}

#[test]
fn a_project_loads_its_file_from_the_bucket() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "a/day%20orders.csv.gz", &gzip(CSV.as_bytes()));
    let line = Line::to(&moto.address, |_| None);
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let address = format!("s3://{bucket}/a/day orders.csv.gz");
    let init = |args: &[&str]| with_keys(init(&project, args), &line.endpoint());
    let outcome = init(&["--json", "--from", &address]).run().ok();
    let document = &outcome.json()["project"];
    assert_eq!(
        (&document["source"], &document["rows"]),
        (&"day_orders".into(), &2.into())
    );
    assert!(document["read_as"].is_null());
    assert!(!project.join("data").exists());
    let migration = "shop/migrations/V0001__create_day_orders.sql";
    let migration = folder.read(migration);
    assert!(
        migration.contains(&format!("'{address}',\n    ';',")),
        "{migration}"
    );
    assert!(
        folder
            .read("shop/README.md")
            .contains("`ELT_DAY_ORDERS_ACCESS_KEY_ID`")
    );
    let database = Database::with_engine();
    let run = |args: &[&str]| {
        let elt = database
            .elt_with(&project, args)
            .path("--out", &folder.path().join("out"));
        with_keys(elt, &line.endpoint()).run().ok();
        assert_eq!(folder.read("out/day_orders.csv"), EXPORTED);
    };
    run(&["run", "--migrate"]);
    run(&["run"]);
    assert_eq!(line.heads().len(), 3);
    assert!(line.heads()[2].contains("if-none-match"));
    let rekey = crate::init::init(&project, &["--rekey", "day_orders", "--no-key"]);
    rekey.run().ok();
    run(&["run", "--migrate"]);
    let found = std::process::Command::new("grep")
        .args(["-r", "marker"])
        .arg(&project)
        .output();
    assert!(found.unwrap().stdout.is_empty());
}

#[test]
fn objects_that_cannot_be_read_are_refused() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let refused = |address: &str, args: &[&str], code: i32, says: &[&str]| {
        let init = init(&project, &["--from", address]).args(args);
        with_keys(init, &moto.endpoint())
            .run()
            .exits_with(code)
            .says(says);
        assert!(!project.exists());
    };
    let missing = format!("s3://{bucket}/orders.csv");
    refused(&missing, &[], 1, &["NoSuchKey", "Check --from"]);
    refused(
        "s3://shop",
        &[],
        2,
        &["Check --from. It is like s3://bucket/folder/file.csv."],
    );
    refused(
        &missing,
        &["--as", "api"],
        2,
        &["--as needs an address: --from https://"],
    );
    moto.put(&bucket, "page.csv", b"<!doctype html><p>");
    let page = format!("s3://{bucket}/page.csv");
    refused(
        &page,
        &[],
        1,
        &["could not read the file at s3://", "a web page (HTML)"],
    );
}
