//! The server: its worker, HTTPS, proxies and shutdown.

use super::{Answer, PASSWORD, Site, add_user};
use crate::support::{Database, Folder, Home, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

#[test]
fn a_worker_works_beside_the_pages_and_both_end_in_order() {
    let database = Database::new();
    let mut site = Site::spawn(database.elt().args(["serve"]));
    database.run("select elt.enqueue('prune')");
    wait_until("the job to be done", || {
        database.number("select count(*) from elt.job where state = 'succeeded'") == 1
    });
    kill(
        Pid::from_raw(i32::try_from(site.child.id()).unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    assert!(site.child.wait().unwrap().success());
    let stopped = "select count(*) from elt.worker where stopped_at is not null";
    assert_eq!(database.number(stopped), 1);
}

#[test]
fn on_the_embedded_server_pages_have_a_login_of_their_own() {
    let home = Home::started();
    let site = Site::spawn(home.elt().args(["serve", "--no-worker"]));
    assert_eq!(site.get("/", "").status, 303);
    assert_eq!(site.get("/healthz", "").body, "ok\n");
    // A session cookie makes the server query the database.
    site.get("/", "elt_session=none").is(303);
    let mut client = postgres::Client::connect(&home.url(), postgres::NoTls).unwrap();
    let sql = "select distinct usename::text from pg_stat_activity where application_name like 'elt serve (%'";
    let rows = client.query(sql, &[]).unwrap();
    let users: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(users, ["elt_web"]);
}

#[test]
fn https_is_served_with_cookies_for_it_alone() {
    let (database, folder) = (Database::new(), Folder::new());
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).unwrap();
    let cert = folder.write("cert.pem", made.cert.pem());
    let key = folder.write("key.pem", made.signing_key.serialize_pem());
    add_user(&database, "ann", "viewer");
    let serve = database.elt().args(["serve", "--no-worker"]);
    let site = Site::spawn(serve.path("--tls-cert", &cert).path("--tls-key", &key));
    let form = format!("name=ann&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.0\r\nHost: localhost:{0}\r\nOrigin: https://localhost:{0}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{form}",
        site.port,
        form.len()
    );
    let answer = ask_by_tls(site.port, &cert, &request).is(303);
    assert!(
        answer.head.contains("strict-transport-security: "),
        "{}",
        answer.head
    );
    assert!(
        answer.head.contains("set-cookie: __host-elt_session="),
        "{}",
        answer.head
    );
    assert!(answer.head.contains("; secure"), "{}", answer.head);
    let cookie = format!(
        "GET / HTTP/1.0\r\nHost: localhost\r\nCookie: {}\r\n\r\n",
        answer.cookie()
    )
    .replace("__host-", "__Host-");
    ask_by_tls(site.port, &cert, &cookie).is(200);
}

fn ask_by_tls(port: u16, root: &Path, request: &str) -> Answer {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(root).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // The connection may end without a close notification.
    let _ = stream.read_to_end(&mut answer);
    Answer::parse(&answer)
}
