//! Other clients with the same connection settings: psql run by elt, psql with the URL that elt prints, the web
//! pages, a worker.

use super::servers::{PASSWORD, psql};
use super::tls::{NAME, encrypted_server};
use super::write_private;
use crate::support::{Elt, Folder};
use crate::web::Site;
use std::io::{Read, Write};
use std::net::TcpStream;

const IDENTITY: &str =
    "select current_user, current_database(), ssl from pg_stat_ssl where pid = pg_backend_pid()";

#[test]
fn psql_the_url_the_pages_and_a_worker_connect_like_commands() {
    let (server, ours) = encrypted_server();
    let (home, out) = (Folder::new(), Folder::new());
    write_private(&home, ".postgresql/root.crt", &ours.pem(), 0o644);
    let password = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    write_private(
        &home,
        ".pgpass",
        &format!("{NAME}:*:*:keeper:{password}\n"),
        0o600,
    );
    let service = format!(
        "[keep]\nhost=none.invalid,{NAME}\nhostaddr=127.0.0.1,{}\nport=1,\nuser=keeper\ndbname=epiondw\nsslmode=verify-full\n",
        server.address
    );
    write_private(&home, ".pg_service.conf", &service, 0o644);
    server
        .owner()
        .batch_execute("create role keeper superuser login password 'ma:rk\\er'")
        .unwrap();
    let elt = || {
        let elt = Elt::bare()
            .env("PGSERVICE", "keep")
            .env("HOME", home.path());
        elt.env("ELT_OUT", out.path())
    };
    elt().args(["run", "--migrate"]).run().ok();
    elt().args(["jobs", "enqueue", "pipeline"]).run().ok();
    elt().args(["worker", "--until-empty"]).run().ok();

    let under = elt()
        .args(["db", "psql", "--", "-XAtwc", IDENTITY])
        .run()
        .ok();
    assert_eq!(under.stdout.trim(), "keeper|epiondw|t");

    let url = elt().args(["db", "url"]).run().ok().stdout;
    assert!(!url.contains(PASSWORD), "{url}");
    let mut psql = psql();
    psql.args(["-XAtwc", IDENTITY, "-d", url.trim()])
        .env("HOME", home.path());
    let output = psql.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), "keeper|epiondw|t", "{url}{output:?}");

    let site = Site::spawn(elt().args(["serve", "--no-worker"]));
    let address = site.origin().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    // A request with a session cookie makes the web server query the database.
    let request = format!("GET / HTTP/1.0\r\nHost: {address}\r\nCookie: elt_session=none\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 303"), "{answer}");
    let sql = "select count(*), bool_and(ssl) from pg_stat_activity inner join pg_stat_ssl using (pid) \
               where application_name like 'elt serve (%'";
    let row = server.owner().query_one(sql, &[]).unwrap();
    assert!(row.get::<_, i64>(0) > 0);
    assert!(row.get::<_, bool>(1));
}
