//! Connections that break, and objects that are replaced meanwhile.

use super::line::Line;
use super::moto::Moto;
use super::{configure, csv, database, gzip, load, load_count, loads};

#[test]
fn a_broken_connection_is_resumed_after_the_last_byte() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    let bytes = gzip(&csv(20_000));
    moto.put(&bucket, "orders.csv.gz", &bytes);
    let half = bytes.len() / 2;
    let line = Line::to(&moto.address, move |before| match before {
        0 => Some(half),
        // Not even an answer.
        1 => Some(0),
        _ => None,
    });
    let database = database(&format!("s3://{bucket}/orders.csv.gz"));
    loads(&database, &line.endpoint(), 20_000).says(&[
        &format!("object (s3://{bucket}/orders.csv.gz): the connection broke"),
        "(2 of 5)",
        "(3 of 5)",
    ]);
    let heads = line.heads();
    assert!(!heads[0].contains("\r\nrange:"));
    let tag = database.text("select entity_tag from elt.load");
    for head in &heads[1..] {
        assert!(
            head.contains("\r\nrange: bytes=") && head.contains(&format!("if-match: {tag}")),
            "{head}"
        );
    }
    let size = database.number("select size_bytes from elt.load");
    assert_eq!((heads.len(), size), (3, bytes.len() as i64));
}

#[test]
fn an_object_that_is_replaced_while_it_is_read_fails_the_load() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(30));
    let database = database(&format!("s3://{bucket}/orders.csv"));
    loads(&database, &moto.endpoint(), 30);
    moto.put(&bucket, "orders.csv", &csv(2_000));
    let name = bucket.clone();
    let line = Line::to(&moto.address, move |before| {
        if before == 1 {
            Moto::shared().put(&name, "orders.csv", &csv(3_000));
        }
        (before == 0).then_some(4_000)
    });
    load(&database, &line.endpoint())
        .run()
        .exits_with(1)
        .says(&[
            "it changed while it was read",
            "the bucket has another version",
            "Load it again.",
        ]);
    assert_eq!(
        database
            .number("select rows_staged from elt.live_load inner join elt.load using (load_id)"),
        30
    );
    assert_eq!(
        database.text("select state from elt.load where load_id = 2"),
        "failed"
    );
    loads(&database, &line.endpoint(), 3_000);
}

#[test]
fn a_connection_that_always_breaks_fails_the_load() {
    let moto = Moto::shared();
    let bucket = moto.bucket();
    moto.put(&bucket, "orders.csv", &csv(2_000));
    let line = Line::to(&moto.address, |_| Some(600));
    let database = database(&format!("s3://{bucket}/orders.csv"));
    configure(&database, "retry_delay, max_attempts", "'1 millisecond', 3");
    let outcome = load(&database, &line.endpoint()).run().exits_with(1);
    outcome.says(&["the connection broke", ", 3 times", "Try again later."]);
    assert_eq!((line.heads().len(), load_count(&database)), (3, 1));
    assert_eq!(database.number("select count(*) from elt.live_load"), 0);
}
