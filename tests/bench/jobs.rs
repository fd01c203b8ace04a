//! Jobs per second, and how long a job waits for an idle worker: `cargo bench --bench jobs`. Each job is one insert,
//! so that the queue dominates the time.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "program.rs"]
mod program;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{Client, NoTls};
use program::{command, elt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

const JOBS: i64 = 5_000;
const RUNS: usize = 3;
const WAKE_UPS: usize = 300;

fn main() {
    let home = PathBuf::from(format!("/tmp/elt-bench-{}", std::process::id()));
    std::fs::create_dir(&home).unwrap();
    elt(&home, &["db", "start"]);
    elt(&home, &["migrate"]);
    let mut client = Client::connect(&elt(&home, &["db", "url"]), NoTls).unwrap();
    client
        .batch_execute(
            "create table public.done (n bigint, waited_ms float);
             create function public.note(args jsonb) returns jsonb language sql as $$
                 insert into public.done values ((args ->> 'n')::bigint,
                     extract(epoch from clock_timestamp() - (args ->> 'at')::timestamptz) * 1000)
                 returning null::jsonb $$;
             insert into elt.job_kind (kind, function_name, description) values ('note', 'public.note', 'x')",
        )
        .unwrap();
    for concurrency in ["1", "2", "4"] {
        let mut rates: Vec<f64> = (0..RUNS)
            .map(|_| rate(&home, &mut client, concurrency))
            .collect();
        let rate = middle(&mut rates, 0.5);
        println!("{JOBS} jobs, one worker with --concurrency {concurrency}: {rate:.0} jobs/s");
    }
    for flags in [
        &["--concurrency", "1"][..],
        &["--concurrency", "1", "--no-listen"][..],
    ] {
        let mut waits = wake_ups(&home, &mut client, flags);
        println!(
            "one job at a time, elt worker {}: it waits {:.1} ms (median), {:.1} ms (p99)",
            flags.join(" "),
            middle(&mut waits, 0.5),
            middle(&mut waits, 0.99)
        );
    }
    drop(client);
    elt(&home, &["db", "stop"]);
    std::fs::remove_dir_all(&home).unwrap();
}

fn rate(home: &Path, client: &mut Client, concurrency: &str) -> f64 {
    let enqueue = format!(
        "select count(elt.enqueue('note', jsonb_build_object('n', n, 'at', now()))) \
         from generate_series(1, {JOBS}) as n"
    );
    client.batch_execute(&enqueue).unwrap();
    let begun = Instant::now();
    elt(
        home,
        &["worker", "--until-empty", "--concurrency", concurrency],
    );
    let rate = JOBS as f64 / begun.elapsed().as_secs_f64();
    let done = "delete from public.done";
    assert_eq!(client.execute(done, &[]).unwrap(), JOBS as u64);
    client.batch_execute("delete from elt.job").unwrap();
    rate
}

/// Milliseconds between enqueueing and the job's own beginning.
fn wake_ups(home: &Path, client: &mut Client, flags: &[&str]) -> Vec<f64> {
    let mut worker = command(home, &["worker"])
        .args(flags)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Polling costs up to a second each.
    let count = if flags.contains(&"--no-listen") {
        20
    } else {
        WAKE_UPS
    };
    let mut waits = Vec::new();
    for n in 0..=count {
        client
            .batch_execute(&format!(
                "select elt.enqueue('note', jsonb_build_object('n', {n}, 'at', clock_timestamp()))"
            ))
            .unwrap();
        let row = loop {
            let sql = "delete from public.done returning waited_ms";
            match client.query_opt(sql, &[]).unwrap() {
                Some(row) => break row,
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        // The first one waits for the worker to start.
        if n > 0 {
            waits.push(row.get(0));
        }
    }
    kill(
        Pid::from_raw(i32::try_from(worker.id()).unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    worker.wait().unwrap();
    waits
}

fn middle(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).round() as usize]
}
