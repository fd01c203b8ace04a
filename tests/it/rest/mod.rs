//! Sources that are REST APIs, with a real server on loopback.

mod auth;
mod changes;
mod explanations;
mod faults;
pub(crate) mod given;
mod incremental;
mod kinds;
mod limits;
mod pages;
mod pages_given;
mod secrets;
mod sequences;
#[path = "../../rest/server/mod.rs"]
mod server;
mod shapes;
mod stock;
mod tls;

use crate::support::{Database, Folder, HEADER};
use server::fault::Fault;
use server::{Options, Server, records};

/// Appointments with every kind of value. Every tenth has the key of the one before.
fn csv(rows: usize) -> String {
    let mut text = HEADER.to_string();
    for row in 0..rows {
        let id = row - usize::from(row % 10 == 9);
        let status = [
            "4",
            "x",
            "\"a, b\"",
            "\"line\nbreak\"",
            " padded ",
            "é\"\"é",
        ][id % 6];
        let status = if id % 6 == 5 {
            format!("\"{status}\"")
        } else {
            status.into()
        };
        let provider = ["12", "007", "n/a", ""][id % 4];
        text += &format!(
            "1,{id},{provider},3,{status},,CHECKEDOUT,2023-01-{:02}\n",
            id % 28 + 1
        );
    }
    text
}

fn options(rows: usize) -> Options {
    let (records, left_out) = records::from_csv(csv(rows).as_bytes());
    assert_eq!((records.len(), left_out), (rows, 0));
    Options {
        page_size: 10,
        retry_after: 0,
        ..Options::new(records)
    }
}

/// A server with a private authority.
pub(crate) fn served_with_tls() -> Server {
    let options = Options {
        tls: true,
        ..options(30)
    };
    Server::start(options).unwrap()
}

fn faults(texts: &[&str]) -> Vec<Fault> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A database whose source retries quickly.
fn database() -> Database {
    let database = Database::new();
    database.run("update elt.rest_source set retry_delay = '1 millisecond'");
    database
}

/// Loads the file and the API. Returns whether they agree.
fn load_both(database: &Database, server: &Server, rows: usize) -> bool {
    let data = Folder::new();
    data.write("lab1_appointments.csv", csv(rows));
    let load =
        database
            .elt()
            .api(&server.url())
            .args(["load", "appointments", "rest_appointments"]);
    load.path("--data", data.path()).run().ok();
    let agreement = "select is_agreed from public.rest_agreement";
    database.connect().query_one(agreement, &[]).unwrap().get(0)
}

fn staged(database: &Database) -> i64 {
    database.number("select count(*) from staging.rest_appointments")
}
