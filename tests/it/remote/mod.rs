//! Sources whose file is at an address, with a real server on loopback.

mod bucket;
mod failures;
pub(crate) mod file_server;
mod initialised;
mod redirects;
mod resumed;
mod secrets;
mod settings;
mod unchanged;

use crate::support::{Database, Elt, HEADER, Outcome};
use file_server::{Asked, FileServer, Reply};
use std::io::Write;

/// A CSV file of appointments.
fn csv(rows: usize) -> Vec<u8> {
    let rows =
        (0..rows).map(|id| format!("1,{id},12,3,4,,CHECKEDOUT,2023-01-{:02}\n", id % 28 + 1));
    (HEADER.to_string() + &rows.collect::<String>()).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A database whose source is at the address, and whose requests are retried quickly.
fn database(address: &str) -> Database {
    let database = Database::new();
    database.run(&format!(
        "update elt.source set file = '{address}' where source = 'appointments'"
    ));
    configure(&database, "retry_delay", "'1 millisecond'");
    database
}

/// Sets columns of the source's row in `elt.rest_source`.
fn configure(database: &Database, columns: &str, values: &str) {
    database.run(&format!(
        "delete from elt.rest_source where source = 'appointments'; \
         insert into elt.rest_source (source, path, {columns}) values ('appointments', '/', {values})"
    ));
}

fn load(database: &Database) -> Elt {
    database.elt().args(["load", "appointments"])
}

fn staged(database: &Database) -> i64 {
    database.number("select count(*) from staging.appointments")
}

/// A load that stages these rows.
#[track_caller]
fn loads(database: &Database, rows: usize) -> Outcome {
    let outcome = load(database).run().ok();
    let live = "select rows_staged from elt.live_load inner join elt.load using (load_id) \
                where live_load.source = 'appointments'";
    assert_eq!(database.number(live), rows as i64);
    outcome
}

/// A good server of one file.
fn server(bytes: &[u8], tag: &'static str) -> FileServer {
    let bytes = bytes.to_vec();
    FileServer::start(move |asked| Reply::file(asked, &bytes, tag))
}

/// The position of the first byte in each request; none for the whole file.
fn positions(server: &FileServer) -> Vec<Option<usize>> {
    server.asked().iter().map(Asked::from).collect()
}

#[test]
fn a_file_at_an_address_is_loaded_like_a_file_on_disk() {
    for (path, bytes) in [
        ("/a/orders.csv", csv(30)),
        ("/a/orders.csv.gz?day=1", gzip(&csv(30))),
    ] {
        let server = server(&bytes, "v1");
        let database = database(&server.at(path));
        loads(&database, 30);
        let folder = crate::support::Folder::new();
        let file = folder.write("local.csv", &bytes);
        let local = load(&database).args(["--data", "-", "--force"]);
        let mut local = local.command();
        local.stdin(std::fs::File::open(file).unwrap());
        assert!(local.output().unwrap().status.success());
        let facts =
            "select count(distinct (size_bytes, sha256, compression, rows_read)) from elt.load";
        assert_eq!(
            database.number(facts),
            1,
            "the facts are those of the same file"
        );
        let location = database.text("select location from elt.load where load_id = 1");
        assert_eq!(location, server.at(path.split('?').next().unwrap()));
        assert_eq!(server.asked()[0].target, path);
        assert_eq!(server.asked()[0].header("accept-encoding"), "identity");
    }
}

#[test]
fn a_file_may_be_packed_for_the_way() {
    let bytes = gzip(&csv(30));
    let server = FileServer::start(move |asked| {
        Reply::file(asked, &bytes, "v1").with("content-encoding", "gzip")
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    assert_eq!(database.text("select compression from elt.load"), "gzip");
}

#[test]
fn documents_are_read_from_an_address_too() {
    let server = server(
        b"[{\"epion_practice_id\": 1}, {\"epion_practice_id\": 2}]",
        "v1",
    );
    let database = Database::new();
    let address = server.at("/practices.json");
    database.run(&format!(
        "update elt.source set file = '{address}' where source = 'practices'"
    ));
    database.elt().args(["load", "practices"]).run().ok();
    assert_eq!(database.number("select count(*) from staging.practices"), 2);
}

#[test]
fn all_sources_are_loaded_without_names_and_data_names_no_address() {
    let server = server(&csv(30), "v1");
    let database = database(&server.at("/orders.csv"));
    let data = crate::support::Folder::with_data();
    std::fs::remove_file(data.path().join("lab1_appointments.csv")).unwrap();
    database.load(&data).ok();
    assert_eq!(staged(&database), 30);
    let sources = "select count(distinct source) from elt.live_load";
    assert_eq!(database.number(sources), 4);
}

#[test]
fn a_large_file_takes_little_memory() {
    let row = format!("1,7,12,3,{},,CHECKEDOUT,2023-01-05\n", "x".repeat(400));
    let bytes = (HEADER.to_string() + &row.repeat(150_000)).into_bytes();
    let size = bytes.len();
    let cut = bytes.clone();
    let server = FileServer::start(move |asked| {
        let reply = Reply::file(asked, &cut, "v1").without("etag");
        // It is read again from its start, to compare it.
        if asked.before == 0 {
            reply.cut(size / 2)
        } else {
            reply
        }
    });
    let database = database(&server.at("/orders.csv"));
    let outcome = load(&database).args(["--json"]).run().ok();
    let report = &outcome.json()["load"];
    assert_eq!(report["sources"][0]["rows"], 150_000);
    assert_eq!(report["sources"][0]["bytes"], size);
    let peak = report["peak_memory_bytes"].as_u64().unwrap();
    assert!(
        peak < 48 * 1024 * 1024 && size > 60 * 1024 * 1024,
        "{peak} of {size}"
    );
}
