//! Connections that break or stall: the load goes on after the last byte, of the same file only.

use super::file_server::{FileServer, Reply};
use super::{configure, csv, database, gzip, load, loads, positions, staged};
use crate::support::wait_until;

const EARLIER: &str = "Mon, 30 Nov 2026 08:00:00 GMT";
const LATER: &str = "Mon, 30 Nov 2026 09:00:00 GMT";

#[test]
fn a_broken_connection_is_resumed_after_the_last_byte() {
    let bytes = gzip(&csv(20_000));
    let half = bytes.len() / 2;
    let file = bytes.clone();
    let server = FileServer::start(move |asked| {
        let reply = Reply::file(asked, &file, "v1");
        match asked.before {
            0 => reply.cut(half),
            // The whole head of an answer, and nothing else.
            1 => reply.cut(0),
            _ => reply,
        }
    });
    let database = database(&server.at("/orders.csv.gz"));
    loads(&database, 20_000).says(&[
        "the connection broke",
        "retrying in",
        "(2 of 5)",
        "(3 of 5)",
    ]);
    assert_eq!(positions(&server), [None, Some(half), Some(half)]);
    let size = database.number("select size_bytes from elt.load");
    assert_eq!(size, bytes.len() as i64);
}

#[test]
fn a_stalled_connection_is_resumed() {
    let bytes = csv(2_000);
    let half = bytes.len() / 2;
    let server = FileServer::start(move |asked| {
        let reply = Reply::file(asked, &bytes, "v1");
        if asked.before == 0 {
            reply.stall(half)
        } else {
            reply
        }
    });
    let database = database(&server.at("/orders.csv"));
    let columns = "retry_delay, response_timeout";
    configure(&database, columns, "'1 millisecond', '300 milliseconds'");
    loads(&database, 2_000).says(&["no bytes for 0.3 s"]);
    assert_eq!(positions(&server), [None, Some(half)]);
}

#[test]
fn a_date_resumes_only_if_it_is_older_than_the_response() {
    for (date, second) in [(LATER, true), (EARLIER, false)] {
        let bytes = csv(2_000);
        let half = bytes.len() / 2;
        let server = FileServer::start(move |asked| {
            let reply = match asked.from() {
                Some(from) => {
                    assert_eq!(asked.header("if-range"), EARLIER);
                    let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
                    Reply::new(206, &bytes[from..]).with("content-range", &range)
                }
                None => Reply::new(200, bytes.clone()),
            };
            let reply = reply.with("last-modified", EARLIER).with("date", date);
            if asked.before == 0 {
                reply.cut(half)
            } else {
                reply
            }
        });
        let database = database(&server.at("/orders.csv"));
        loads(&database, 2_000);
        assert_eq!(positions(&server), [None, second.then_some(half)]);
    }
}

#[test]
fn a_server_that_ignores_ranges_sends_the_file_again_and_it_is_compared() {
    let bytes = csv(2_000);
    let half = bytes.len() / 2;
    for tag in ["\"v1\"", "W/\"v1\"", ""] {
        let file = bytes.clone();
        let server = FileServer::start(move |asked| {
            let reply = Reply::new(200, file.clone()).with("etag", tag);
            match asked.before {
                0 => reply.cut(half),
                // It breaks again before the byte that is needed.
                1 => reply.cut(half / 2),
                _ => reply,
            }
        });
        let database = database(&server.at("/orders.csv"));
        loads(&database, 2_000);
        assert_eq!(server.asked().len(), 3);
    }
}

#[test]
fn a_file_that_changes_in_the_middle_is_refused() {
    let first = csv(2_000);
    let half = first.len() / 2;
    let mut other = first.clone();
    let digit = first.iter().position(|byte| *byte == b'7').unwrap();
    other[digit] = b'8';
    let longer = csv(2_001);
    // What a good server, and one without versions, answers after the break.
    for (tags, after) in [
        (["\"v1\"", "\"v2\""], first.clone()),
        (["\"v1\"", "\"v2\""], other.clone()),
        (["\"v1\"", "\"v1\""], other.clone()),
        (["", ""], other.clone()),
        (["", ""], longer),
        (["", ""], first[..half / 2].to_vec()),
    ] {
        let before = first.clone();
        let server = FileServer::start(move |asked| match asked.before {
            0 => Reply::new(200, csv(30)).with("etag", "\"v0\""),
            1 => Reply::new(200, before.clone())
                .with("etag", tags[0])
                .cut(half),
            _ => Reply::new(200, after.clone()).with("etag", tags[1]),
        });
        let database = database(&server.at("/orders.csv"));
        loads(&database, 30);
        let outcome = load(&database).run().exits_with(1);
        outcome.says(&[
            "could not load file",
            "it changed while it was read",
            "Load it again.",
        ]);
        assert_eq!(staged(&database), 30, "the old state stays");
        let state = database.text("select state from elt.load order by load_id desc limit 1");
        assert_eq!(state, "failed");
    }
}

#[test]
fn a_part_of_another_version_is_refused() {
    let bytes = csv(2_000);
    let half = bytes.len() / 2;
    for shifted in [0, 1] {
        let bytes = bytes.clone();
        let server = FileServer::start(move |asked| {
            let total = bytes.len();
            let Some(from) = asked.from() else {
                return Reply::new(200, bytes.clone())
                    .with("etag", "\"v1\"")
                    .cut(half);
            };
            let (from, tag) = (
                from - shifted,
                if shifted == 0 { "\"v2\"" } else { "\"v1\"" },
            );
            let range = format!("bytes {from}-{}/{total}", total - 1);
            let reply = Reply::new(206, &bytes[from..]);
            reply.with("content-range", &range).with("etag", tag)
        });
        let database = database(&server.at("/orders.csv"));
        load(&database)
            .run()
            .exits_with(1)
            .says(&["it changed while it was read"]);
    }
}

#[test]
fn a_body_shorter_than_its_length_is_never_the_end() {
    let bytes = csv(2_000);
    let length = (bytes.len() + 1).to_string();
    let server = FileServer::start(move |asked| {
        let total = bytes.len() + 1;
        match asked.from() {
            // The server has no such byte.
            Some(from) if from == bytes.len() => {
                let range = format!("bytes {from}-{}/{total}", total - 1);
                Reply::new(206, "").with("content-range", &range)
            }
            _ => Reply::new(200, bytes.clone()).with("content-length", &length),
        }
        .with("etag", "\"v1\"")
    });
    let database = database(&server.at("/orders.csv"));
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&[
        "the connection broke: it ended after",
        ", 5 times",
        "Try again later.",
    ]);
    assert_eq!(server.asked().len(), 5);
    assert_eq!(staged(&database), 0);
}

#[test]
fn a_file_without_length_is_read_to_its_end() {
    let bytes = csv(100);
    let mut chunked = Vec::new();
    for part in bytes.chunks(1_000) {
        chunked.extend(format!("{:x}\r\n", part.len()).bytes());
        chunked.extend(part);
        chunked.extend(b"\r\n");
    }
    let cut = chunked.len() - 500;
    chunked.extend(b"0\r\n\r\n");
    let server = FileServer::start(move |asked| {
        let reply = Reply::new(200, chunked.clone()).without("content-length");
        let reply = reply.with("transfer-encoding", "chunked");
        if asked.before == 0 {
            reply.cut(cut)
        } else {
            reply
        }
    });
    let database = database(&server.at("/orders.csv"));
    let outcome = loads(&database, 100);
    assert_eq!(server.asked().len(), 2);
    assert!(!outcome.stderr.contains("how long"), "{}", outcome.stderr);
    let bytes = csv(50);
    let server =
        FileServer::start(move |_| Reply::new(200, bytes.clone()).without("content-length"));
    let database = super::database(&server.at("/orders.csv"));
    loads(&database, 50).says(&["does not say how long the file is"]);
}

#[test]
fn a_killed_load_changes_nothing_and_the_next_one_succeeds() {
    let bytes = csv(20_000);
    let half = bytes.len() / 2;
    let server = FileServer::start(move |asked| match asked.before {
        0 => Reply::file(asked, &csv(30), "v0"),
        1 => Reply::file(asked, &bytes, "v1").stall(half),
        _ => Reply::file(asked, &bytes, "v1"),
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    let running = load(&database).start();
    wait_until("the file to be requested", || server.asked().len() == 2);
    database.wait_for(
        "the load to begin",
        "select exists (select 1 from elt.load where state = 'copying')",
    );
    running.kill();
    assert_eq!(
        database.number("select count(*) from staging.appointments where _load_id = 1"),
        30
    );
    loads(&database, 20_000);
}

#[test]
fn a_load_that_waits_for_bytes_can_be_interrupted() {
    let bytes = csv(20_000);
    let server = FileServer::start(move |asked| Reply::file(asked, &bytes, "v1").stall(1_000));
    let database = database(&server.at("/orders.csv"));
    let running = load(&database).start();
    database.wait_for(
        "the load to begin",
        "select exists (select 1 from elt.load where state = 'copying')",
    );
    running.interrupt();
    running.finish().exits_with(130);
    assert_eq!(database.text("select error from elt.load"), "interrupted");
}
