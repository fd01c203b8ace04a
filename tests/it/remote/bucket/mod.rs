//! Sources whose file is in a bucket, with moto as the server.

mod failures;
mod initialised;
mod line;
#[path = "../../../moto/mod.rs"]
mod moto;
mod patterns;
mod resumed;
mod roles;
mod secrets;

use super::file_server::{FileServer, Reply};
use super::{configure, csv, gzip, staged};
use crate::support::{Database, Elt, HEADER, Outcome};
use moto::Moto;

/// A database whose source is an object.
fn database(address: &str) -> Database {
    super::database(&address.replace('\'', "''"))
}

/// With credentials that moto takes.
fn load(database: &Database, endpoint: &str) -> Elt {
    with_keys(super::load(database), endpoint)
}

fn with_keys(elt: Elt, endpoint: &str) -> Elt {
    with_keys_of(elt, "APPOINTMENTS", endpoint)
}

/// `source`: in capital letters.
fn with_keys_of(elt: Elt, source: &str, endpoint: &str) -> Elt {
    elt.env(&format!("ELT_{source}_ENDPOINT"), endpoint)
        .env(&format!("ELT_{source}_ACCESS_KEY_ID"), "some-id")
        .env(&format!("ELT_{source}_SECRET_ACCESS_KEY"), "marker-secret")
}

/// A load that stages these rows.
#[track_caller]
fn loads(database: &Database, endpoint: &str, rows: usize) -> Outcome {
    let outcome = load(database, endpoint).run().ok();
    let live = "select rows_staged from elt.live_load inner join elt.load using (load_id) \
                where live_load.source = 'appointments'";
    assert_eq!(database.number(live), rows as i64);
    outcome
}

fn load_count(database: &Database) -> i64 {
    database.number("select count(*) from elt.load")
}

#[test]
fn an_object_is_loaded_like_a_file_on_disk() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    for (key, encoded, bytes) in [
        ("2026/orders.csv", "2026/orders.csv", csv(30)),
        ("2026/orders.csv.gz", "2026/orders.csv.gz", gzip(&csv(30))),
        (
            "a b/[1] 'x'#%20~+&=é.csv",
            "a%20b/%5B1%5D%20'x'%23%2520~%2B%26%3D%C3%A9.csv",
            csv(30),
        ),
    ] {
        moto.put(&bucket, encoded, &bytes);
        let address = format!("s3://{bucket}/{key}");
        let database = database(&address);
        loads(&database, &moto.endpoint(), 30);
        let folder = crate::support::Folder::new();
        let file = folder.write("local.csv", &bytes);
        let mut local = super::load(&database)
            .args(["--data", "-", "--force"])
            .command();
        local.stdin(std::fs::File::open(file).unwrap());
        assert!(local.output().unwrap().status.success());
        let facts =
            "select count(distinct (size_bytes, sha256, compression, rows_read)) from elt.load";
        assert_eq!(
            database.number(facts),
            1,
            "the facts are those of the same file"
        );
        assert_eq!(
            database.text("select location from elt.load where load_id = 1"),
            address
        );
    }
}

#[test]
fn an_unchanged_object_is_not_sent_again_and_a_changed_one_is_loaded() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    let line = line::Line::to(&moto.address, |_| None);
    moto.put(&bucket, "orders.csv", &csv(30));
    let database = database(&format!("s3://{bucket}/orders.csv"));
    loads(&database, &line.endpoint(), 30);
    let outcome = load(&database, &line.endpoint())
        .args(["--json"])
        .run()
        .ok();
    let report = &outcome.json()["load"]["sources"][0];
    assert_eq!(
        (&report["outcome"], &report["rows"]),
        (&"unchanged".into(), &30.into())
    );
    assert_eq!(load_count(&database), 1, "nothing was loaded");
    let tag = database.text("select entity_tag from elt.load");
    assert!(
        line.heads()[1].contains(&format!("if-none-match: {tag}\r\n")),
        "{:?}",
        line.heads()
    );
    moto.put(&bucket, "orders.csv", &csv(40));
    loads(&database, &line.endpoint(), 40);
    assert_eq!((line.heads().len(), load_count(&database)), (3, 2));
    load(&database, &line.endpoint())
        .args(["--force"])
        .run()
        .ok();
    assert!(!line.heads()[3].contains("if-none-match"));
    // Another server has other objects.
    loads(&database, &moto.endpoint(), 40);
    let of_servers = "select count(distinct address_sha256) from elt.load";
    assert_eq!(database.number(of_servers), 2);
}

#[test]
fn objects_are_loaded_without_names_of_sources() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(30));
    let database = database(&format!("s3://{bucket}/orders.csv"));
    let data = crate::support::Folder::with_data();
    std::fs::remove_file(data.path().join("lab1_appointments.csv")).unwrap();
    let elt = database.elt().args(["load"]).path("--data", data.path());
    with_keys(elt, &moto.endpoint()).run().ok();
    assert_eq!(staged(&database), 30);
}

#[test]
fn a_large_object_takes_little_memory() {
    let row = format!("1,7,12,3,{},,CHECKEDOUT,2023-01-05\n", "x".repeat(400));
    let bytes = (HEADER.to_string() + &row.repeat(150_000)).into_bytes();
    let size = bytes.len();
    let server = FileServer::start(move |asked| {
        Reply::file(asked, &bytes, "v1").with("last-modified", "Mon, 30 Nov 2026 08:00:00 GMT")
    });
    let database = database("s3://shop/orders.csv");
    let outcome = load(&database, &server.at("")).args(["--json"]).run().ok();
    let report = &outcome.json()["load"];
    assert_eq!(report["sources"][0]["rows"], 150_000);
    let peak = report["peak_memory_bytes"].as_u64().unwrap();
    assert!(
        peak < 48 * 1024 * 1024 && size > 60 * 1024 * 1024,
        "{peak} of {size}"
    );
}
