//! How many requests the web application answers, how fast, and in how much memory, each in turn with
//! Django's admin and REST framework on the same machine and server: `cargo bench --bench web`.
//! `ELT_BENCH_PYTHON`: a Python that has Django (django_admin.py says how); without it only elt runs.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "program.rs"]
mod program;

use program::{command, elt};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const TASKS: u64 = 10_000;
const PASSWORD: &str = "correct horse battery staple";
/// At once; two cores are shared with the server and PostgreSQL.
const CONNECTIONS: usize = 4;
const LENGTH: Duration = Duration::from_secs(4);
const RUNS: usize = 3;

/// A request of the measurement, and the status that answers it.
struct Ask {
    what: &'static str,
    request: String,
    status: u16,
}

struct Measured {
    per_second: f64,
    median: f64,
    p99: f64,
}

struct Site {
    child: Child,
    asks: Vec<Ask>,
    port: u16,
}

impl Drop for Site {
    fn drop(&mut self) {
        // gunicorn's processes are its children: a signal lets it end them.
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.child.wait();
    }
}

fn main() {
    let python = std::env::var_os("ELT_BENCH_PYTHON").map(PathBuf::from);
    let home = PathBuf::from(format!("/tmp/elt-bench-{}", std::process::id()));
    std::fs::create_dir(&home).unwrap();
    elt(&home, &["db", "start"]);
    elt(
        &home,
        &[
            "load",
            "--data",
            concat!(env!("CARGO_MANIFEST_DIR"), "/data"),
        ],
    );
    let url = elt(&home, &["db", "url"]);
    let fill = format!(
        "insert into tasks (name, start_time) select 'task ' || n, timestamptz '2026-01-01' + n * interval '1 hour' \
         from generate_series(1, {TASKS}) as n"
    );
    elt(
        &home,
        &[
            "db",
            "psql",
            "--",
            "-qc",
            &fill,
            "-c",
            "vacuum analyze tasks",
        ],
    );
    let ours = serve(&home);
    let theirs = python.as_ref().map(|python| django(python, &home, &url));
    let start = memory(ours.child.id());
    for (index, ask) in ours.asks.iter().enumerate() {
        let mut measured = Vec::new();
        let mut other = Vec::new();
        for _ in 0..RUNS {
            measured.push(measure(ours.port, ask));
            if let Some(theirs) = &theirs {
                other.push(measure(theirs.port, &theirs.asks[index]));
            }
        }
        let best = middle(measured);
        print!(
            "{}: {:.0} requests/s, {:.1} ms (median), {:.1} ms (p99)",
            ask.what, best.per_second, best.median, best.p99
        );
        if theirs.is_some() {
            let django = middle(other);
            print!(
                "; Django {:.0}, {:.1} ms, {:.1} ms: {:.1} times as many",
                django.per_second,
                django.median,
                django.p99,
                best.per_second / django.per_second
            );
        }
        println!();
    }
    let after = memory(ours.child.id());
    print!("memory: {start:.0} MiB before, {after:.0} MiB after");
    if let Some(theirs) = &theirs {
        let django = memory(theirs.child.id());
        print!(
            "; Django with two processes {django:.0} MiB: {:.1} times as much",
            django / after
        );
    }
    println!();
    drop(theirs);
    drop(ours);
    elt(&home, &["db", "stop"]);
    std::fs::remove_dir_all(&home).unwrap();
}

/// The one in the middle, by its rate.
fn middle(mut measured: Vec<Measured>) -> Measured {
    measured.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    measured.swap_remove(measured.len() / 2)
}

fn serve(home: &Path) -> Site {
    let mut add = command(
        home,
        &[
            "user",
            "add",
            "ann",
            "--role",
            "operator",
            "--password-stdin",
        ],
    )
    .stdin(Stdio::piped())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    add.stdin
        .take()
        .unwrap()
        .write_all(PASSWORD.as_bytes())
        .unwrap();
    assert!(add.wait().unwrap().success());
    let mut child = command(home, &["serve", "--no-worker", "--bind", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let port = lines
        .find_map(|line| {
            let line = line.unwrap();
            let port = line.strip_prefix("serving http://127.0.0.1:")?;
            port.trim_end_matches('/').parse().ok()
        })
        .unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    let mut site = Site {
        child,
        port,
        asks: Vec::new(),
    };
    let form = format!("name=ann&password={}", PASSWORD.replace(' ', "+"));
    let cookie = cookies(&once(
        port,
        &post("/sign-in", "Origin: http://127.0.0.1\r\n", &form),
    ));
    let headers = format!("Cookie: {cookie}\r\nOrigin: http://127.0.0.1\r\n");
    let task = "c.name=bench&c.start_time=2025-01-01T10:00:00&c.end_time=";
    site.asks = vec![
        ask("first page", get("/", &headers), 200),
        ask("list of tasks", get("/admin/tasks", &headers), 200),
        ask(
            "a page of the API",
            get("/api/tasks/?page=3", &headers),
            200,
        ),
        ask(
            "a task is created",
            post("/admin/tasks/add", &headers, task),
            303,
        ),
    ];
    site
}

fn django(python: &Path, home: &Path, url: &str) -> Site {
    elt(home, &["db", "psql", "--", "-qc", "create database django"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench");
    let setup = Command::new(python)
        .args([
            "-W",
            "ignore",
            "django_admin.py",
            "setup",
            PASSWORD,
            &TASKS.to_string(),
        ])
        .current_dir(script)
        .env("DATABASE_URL", url)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .status();
    assert!(setup.unwrap().success());
    let port = 8_765;
    let child = Command::new(python)
        .args([
            "-m",
            "gunicorn",
            "django_admin:application",
            "--workers",
            "2",
            "--threads",
            "4",
        ])
        .args([
            "--worker-class",
            "gthread",
            "--keep-alive",
            "60",
            "--log-level",
            "error",
        ])
        .args(["--bind", &format!("127.0.0.1:{port}")])
        .current_dir(script)
        .env("DATABASE_URL", url)
        .env(
            "SECRET",
            "for a benchmark only, and of no use elsewhere at all",
        )
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .spawn()
        .unwrap();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(100));
    }
    let csrf = "a".repeat(32);
    let headers = format!("Cookie: csrftoken={csrf}\r\n");
    let form = format!(
        "username=ann&password={}&csrfmiddlewaretoken={csrf}&next=/admin/",
        PASSWORD.replace(' ', "+")
    );
    let signed_in = cookies(&once(port, &post("/admin/login/", &headers, &form)));
    // Signing in changes the token.
    let csrf = signed_in
        .split("csrftoken=")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_string();
    let headers = format!("Cookie: {signed_in}\r\n");
    let task = format!(
        "csrfmiddlewaretoken={csrf}&name=bench&start_time_0=2025-01-01&start_time_1=10:00:00&end_time_0=&end_time_1=&_save=Save"
    );
    Site {
        child,
        port,
        asks: vec![
            ask("first page", get("/admin/", &headers), 200),
            ask("list of tasks", get("/admin/bench/task/", &headers), 200),
            ask(
                "a page of the API",
                get("/api/tasks/?page=3", &headers),
                200,
            ),
            ask(
                "a task is created",
                post("/admin/bench/task/add/", &headers, &task),
                302,
            ),
        ],
    }
}

fn ask(what: &'static str, request: String, status: u16) -> Ask {
    Ask {
        what,
        request,
        status,
    }
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")
}

fn post(path: &str, headers: &str, form: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// As many as come back in a while, over connections that are kept.
fn measure(port: u16, ask: &Ask) -> Measured {
    let times = Mutex::new(Vec::new());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut mine = Vec::new();
                let mut stream = connect(port);
                while begun.elapsed() < LENGTH {
                    let one = Instant::now();
                    stream.get_mut().write_all(ask.request.as_bytes()).unwrap();
                    let (status, head) = answer(&mut stream);
                    assert_eq!(status, ask.status, "{}: {head}", ask.what);
                    mine.push(one.elapsed().as_secs_f64() * 1_000.0);
                    if head.contains("connection: close") {
                        stream = connect(port);
                    }
                }
                times.lock().unwrap().extend(mine);
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut times = times.into_inner().unwrap();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    Measured {
        per_second: times.len() as f64 / seconds,
        median: at(0.5),
        p99: at(0.99),
    }
}

fn connect(port: u16) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    BufReader::new(stream)
}

fn once(port: u16, request: &str) -> String {
    let mut stream = connect(port);
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    answer(&mut stream).1
}

/// Status and head, in small letters but for cookies; the body is read and dropped.
fn answer(stream: &mut BufReader<TcpStream>) -> (u16, String) {
    let mut head = String::new();
    let (mut length, mut is_chunked) = (0, false);
    loop {
        let mut line = String::new();
        assert!(
            stream.read_line(&mut line).unwrap() > 0,
            "the connection ended"
        );
        let small = line.to_ascii_lowercase();
        if let Some(value) = small.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        is_chunked |= small.starts_with("transfer-encoding: chunked");
        match small.starts_with("set-cookie") {
            true => head.push_str(&line),
            false => head.push_str(&small),
        }
        if line == "\r\n" {
            break;
        }
    }
    loop {
        if is_chunked {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            length = usize::from_str_radix(line.trim(), 16).unwrap();
        }
        let is_last = !is_chunked || length == 0;
        let end = if is_chunked { 2 } else { 0 };
        let mut body = vec![0; length + end];
        stream.read_exact(&mut body).unwrap();
        if is_last {
            let status = head[9..12].parse().unwrap();
            return (status, head);
        }
    }
}

/// What an answer set, for the next request.
fn cookies(head: &str) -> String {
    let set = head
        .lines()
        .filter(|line| line.to_ascii_lowercase().starts_with("set-cookie: "));
    let pairs: Vec<&str> = set
        .map(|line| line["set-cookie: ".len()..].split(';').next().unwrap())
        .collect();
    assert!(!pairs.is_empty(), "not signed in: {head}");
    pairs.join("; ")
}

/// MiB of a process and its children; what they share counts once.
fn memory(pid: u32) -> f64 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let of = |pid: &str| -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib: f64 = line
            .unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap();
        kib / 1_024.0
    };
    of(&pid.to_string()) + children.split_whitespace().map(of).sum::<f64>()
}
