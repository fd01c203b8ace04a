//! Pages that follow running jobs, and the files of finished jobs.

use super::Site;
use crate::support::{Database, Folder, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Opens a stream of events.
fn watch(site: &Site, cookie: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let request = format!("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream)
}

/// The number of the next event.
fn event(stream: &mut BufReader<TcpStream>) -> u64 {
    let mut lines = stream.lines().map(Result::unwrap);
    lines
        .find_map(|line| {
            line.strip_prefix("data: ")
                .map(|number| number.parse().unwrap())
        })
        .unwrap()
}

#[test]
fn watchers_are_notified_and_no_notifications_are_sent_without_them() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let mut client = database.connect();
    client.batch_execute("listen elt_job_change").unwrap();
    let heard = |client: &mut postgres::Client| {
        use fallible_iterator::FallibleIterator;
        // A notification arrives before the result of a later statement.
        client.batch_execute("select 1").unwrap();
        client.notifications().iter().count().unwrap()
    };
    database.run("select elt.enqueue('prune')");
    assert_eq!(heard(&mut client), 0);

    let mut stream = watch(&site, &cookie);
    event(&mut stream);
    wait_until("the listener to have its lock", || {
        database.number(
            "select count(*) from pg_locks where locktype = 'advisory' and classid = 6646905",
        ) == 1
    });
    database.run("select elt.cancel_job(1)");
    event(&mut stream);
    assert_eq!(heard(&mut client), 1);

    drop(stream);
    wait_until("the listener to have left", || {
        database.number(
            "select count(*) from pg_locks where locktype = 'advisory' and classid = 6646905",
        ) == 0
    });
    database.run("select elt.retry_job(1)");
    assert_eq!(heard(&mut client), 0);
    site.get("/live", "").is(303);
}

#[test]
fn an_open_stream_does_not_keep_the_server_from_ending() {
    let database = Database::new();
    let mut site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let mut stream = watch(&site, &cookie);
    event(&mut stream);
    let process = Pid::from_raw(i32::try_from(site.child.id()).unwrap());
    kill(process, Signal::SIGTERM).unwrap();
    assert!(site.child.wait().unwrap().success());
    // An empty last chunk means that the stream ended in order.
    let rest: Vec<String> = stream.lines().map_while(Result::ok).collect();
    assert!(rest.iter().any(|line| line == "0"), "{rest:?}");
}

#[test]
fn the_task_lab5_shows_its_job_and_then_its_files() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    let serve = database.elt().args(["serve"]);
    let site = Site::spawn(serve.path("--data", data.path()).path("--out", out.path()));
    let cookie = site.signed_in(&database, "ann", "operator");
    let added = site.post(
        "/admin/tasks/add",
        &cookie,
        "c.name=lab5&c.start_time=2026-11-22T10:00",
    );
    let added = added.is(303).leads_to("/admin/tasks/change?task_id=1");
    let cookies = format!("{cookie}; {}", added.cookie());
    let page = site.get("/admin/tasks/change?task_id=1", &cookies).is(200);
    page.says("dded “lab5”.").says("<a href=\"/jobs/1\">1</a>");
    wait_until("the job to be done", || {
        database.number("select count(*) from elt.job where state = 'succeeded'") == 1
    });
    let link = "<a href=\"/jobs/1/files/valid_appts.csv\" download>";
    site.get("/admin/tasks/change?task_id=1", &cookie)
        .is(200)
        .says(link);
    site.get("/jobs/1", &cookie).is(200).says(link);
    let file = site.get("/jobs/1/files/valid_appts.csv", &cookie).is(200);
    assert!(
        file.head
            .contains("attachment; filename=\"valid_appts.csv\""),
        "{}",
        file.head
    );
    assert_eq!(file.body, out.read("valid_appts.csv"));
    for path in [
        "/jobs/1/files/valid_appts.csv",
        "/explore/public.valid_appointments/rows.csv",
    ] {
        let headers = format!("Cookie: {cookie}\r\nAccept-Encoding: gzip\r\n");
        let packed = site.ask("GET", path, &headers, "").is(200);
        assert!(
            packed.head.contains("content-encoding: gzip"),
            "{}",
            packed.head
        );
    }
    site.get("/jobs/1/files/valid_appts.csv", "").is(303);
    for name in [
        "..%2fvalid_appts.csv",
        "%2fetc%2fpasswd",
        "elt-export.json",
        "..",
        ".",
        "%00",
        "nothing.csv",
    ] {
        site.get(&format!("/jobs/1/files/{name}"), &cookie).is(404);
    }
    site.get("/jobs/2/files/valid_appts.csv", &cookie).is(404);
    site.get("/jobs/none", &cookie).is(404).says("Sign out");
    // Another job has replaced the file with one of the same length.
    let other = "x".repeat(out.read("valid_appts.csv").len());
    out.write("valid_appts.csv", other);
    site.get("/jobs/1/files/valid_appts.csv", &cookie)
        .is(410)
        .says("later job has replaced it");
    std::fs::remove_file(out.path().join("valid_appts.csv")).unwrap();
    site.get("/jobs/1/files/valid_appts.csv", &cookie).is(410);
    // A job with a manipulated result gives no access to other files.
    database.run("update elt.job set result = jsonb_set(result, '{folder}', '\"/etc\"')");
    database.run(
        "update elt.job set result = jsonb_set(result, '{export,files,0,file}', '\"passwd\"')",
    );
    site.get("/jobs/1/files/passwd", &cookie).is(410);
}

#[test]
fn a_schedule_is_run_now_by_operators() {
    let database = Database::new();
    let site = Site::start(&database);
    let (viewer, operator) = (
        site.signed_in(&database, "vic", "viewer"),
        site.signed_in(&database, "ann", "operator"),
    );
    let page = site.get("/jobs", &viewer).is(200);
    assert!(!page.body.contains("Run now"));
    site.post("/schedules/nightly/run", &viewer, "").is(403);
    site.get("/jobs", &operator).is(200).says("Run now");
    site.post("/schedules/nightly/run", &operator, "")
        .is(303)
        .leads_to("/jobs/1");
    // While the job waits, the schedule enqueues no other.
    site.post("/schedules/nightly/run", &operator, "")
        .is(303)
        .leads_to("/jobs/1");
    site.post("/schedules/nothing/run", &operator, "").is(404);
    assert_eq!(
        database.number("select count(*) from elt.job where kind = 'pipeline'"),
        1
    );
}
