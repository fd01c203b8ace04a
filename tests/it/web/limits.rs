//! Limits: one client or account cannot block others.

use super::{Answer, Site, add_user};
use crate::support::{Database, wait_until};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A connection from another address of this machine.
fn connect_from(address: &str, site: &Site) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let to = SocketAddr::from(([127, 0, 0, 1], site.port));
    let connected = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket
            .bind(format!("{address}:0").parse().unwrap())
            .unwrap();
        socket.connect(to).await.unwrap().into_std().unwrap()
    });
    connected.set_nonblocking(false).unwrap();
    connected
}

/// Sends a request without reading the response.
fn ask(site: &Site, path: &str, cookie: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// The start of the response.
fn beginning(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 12];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn half_sent_requests_of_one_client_stop_no_other() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let half_sent: Vec<TcpStream> = (0..640)
        .map(|_| {
            let mut stream = connect_from("127.0.0.9", &site);
            // The connection may already be closed.
            let _ = stream.write_all(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n");
            stream
        })
        .collect();
    site.get("/", &cookie).is(200);
    site.sign_in("ann", super::PASSWORD).is(303);
    drop(half_sent);
}

#[test]
fn live_pages_of_one_account_leave_room_for_others() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "viewer");
    let bob = site.signed_in(&database, "bob", "viewer");
    let mut streams: Vec<TcpStream> = (0..20).map(|_| ask(&site, "/live", &ann)).collect();
    let answers: Vec<String> = streams.iter_mut().map(beginning).collect();
    let refused = answers.iter().filter(|answer| answer.contains("503"));
    assert_eq!(refused.count(), 4, "{answers:?}");
    assert_eq!(beginning(&mut ask(&site, "/live", &bob)), "HTTP/1.0 200");
}

#[test]
fn slow_searches_of_one_account_hold_up_no_other_and_no_sign_in() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "viewer");
    let bob = site.signed_in(&database, "bob", "viewer");
    add_user(&database, "carl", "viewer");
    let held = database.hold("public.tasks");
    let mut slow: Vec<TcpStream> = (0..40)
        .map(|_| ask(&site, "/explore/public.tasks?q=x", &ann))
        .collect();
    let waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' \
                   and query like '%tasks%' and datname = current_database()";
    wait_until("some of them to wait for the table", || {
        database.number(waiting) > 0
    });
    site.get("/explore/core.offices", &bob).is(200);
    site.sign_in("carl", super::PASSWORD).is(303);
    assert!(database.number(waiting) <= 4, "of one account");
    held.release();
    let answers: Vec<String> = slow.iter_mut().map(beginning).collect();
    assert!(
        answers.iter().any(|answer| answer.contains("200")),
        "{answers:?}"
    );
}

#[test]
fn slow_downloads_of_one_account_leave_room_for_others() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "viewer");
    let bob = site.signed_in(&database, "bob", "viewer");
    // More than the buffers between server and client hold.
    database.run(
        "insert into public.tasks (name, start_time) \
         select repeat('x', 100) || number, now() from generate_series(1, 200000) as number",
    );
    let path = "/explore/public.tasks/rows.csv";
    let mut unread: Vec<TcpStream> = (0..2).map(|_| ask(&site, path, &ann)).collect();
    for stream in &mut unread {
        assert!(beginning(stream).contains("200"));
    }
    site.get(path, &ann).is(503).says("downloads files already");
    let whole: Answer = site.get(path, &bob).is(200);
    assert_eq!(whole.body.lines().count(), 200_001);
    drop(unread);
    wait_until("their turns to be given back", || {
        site.get(path, &ann).status == 200
    });
}

#[test]
fn a_page_of_records_has_a_limit_in_bytes() {
    let database = Database::new();
    let site = Site::start(&database);
    let ann = site.signed_in(&database, "ann", "viewer");
    database.run(
        "create table public.wide (wide_id bigint primary key, text text); \
         grant select on public.wide to elt_web; \
         insert into public.wide select number, repeat('x', 1024 * 1024) from generate_series(1, 20) as number",
    );
    site.get("/api/wide/?page_size=20", &ann)
        .is(413)
        .says("more than 16 MiB");
    let few = site.get("/api/wide/?page_size=15", &ann).is(200);
    assert!(few.body.len() > 15 * 1024 * 1024);
    let page = site.get("/explore/public.wide", &ann).is(200);
    assert!(page.body.len() < 100 * 1024, "{}", page.body.len());
}
