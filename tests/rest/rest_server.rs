//! A REST API to try `elt load` with: `cargo run --example rest_server -- data/lab1_appointments.csv`.

#![allow(clippy::unwrap_used)]

// Only the tests use all of it.
#[allow(dead_code)]
mod server;

use clap::Parser;
use server::fault::Fault;
use server::{Options, Server, records};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Serve a CSV file as a REST API, page by page.
///
/// The user name and the password are in ELT_REST_APPOINTMENTS_USERNAME and _PASSWORD, which elt load
/// reads too.
#[derive(Parser)]
struct Args {
    /// CSV file with a header
    file: PathBuf,

    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8001")]
    bind: SocketAddr,

    /// Records per page
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    page_size: u32,

    /// Delay before each page, in milliseconds
    #[arg(long, default_value_t = 0)]
    latency: u64,

    /// Fault, such as error, error@3 (on page 3) or error@3*2 (twice): one of
    /// throttle, unavailable, error, forbid, echo, expire, reset, slow, drip, truncate, html, huge,
    /// missing, short, recount, repeat, circle, elsewhere, redirect, moved, see-other, cursor, unfit
    #[arg(long, value_name = "FAULT[@PAGE][*TIMES]")]
    fault: Vec<Fault>,

    /// Seconds of Retry-After, for throttle and unavailable
    #[arg(long, default_value_t = 1)]
    retry_after: u64,

    /// Name the previous page "previous", as Django REST framework does, instead of "prev"
    #[arg(long)]
    previous: bool,

    /// Serve HTTPS, and write the private authority's certificate here (for
    /// ELT_REST_APPOINTMENTS_TLS_ROOTS)
    #[arg(long, value_name = "FILE")]
    tls_root: Option<PathBuf>,
}

fn main() {
    let args = Args::parse();
    let variable = |what: &str| {
        let name = format!("ELT_REST_APPOINTMENTS_{what}");
        std::env::var(&name).unwrap_or_else(|_| exit(&format!("{name} is not set")))
    };
    let text = std::fs::read(&args.file)
        .unwrap_or_else(|error| exit(&format!("could not read {}: {error}", args.file.display())));
    let (records, left_out) = records::from_csv(&text);
    let count = records.len();
    let server = Server::start(Options {
        bind: args.bind,
        username: variable("USERNAME"),
        password: variable("PASSWORD"),
        page_size: args.page_size as usize,
        faults: args.fault,
        latency: Duration::from_millis(args.latency),
        retry_after: args.retry_after,
        is_previous: args.previous,
        tls: args.tls_root.is_some(),
        ..Options::new(records)
    })
    .unwrap_or_else(|error| exit(&format!("could not listen on {}: {error}", args.bind)));
    if let (Some(file), Some(root)) = (&args.tls_root, &server.root) {
        std::fs::write(file, root)
            .unwrap_or_else(|error| exit(&format!("could not write {}: {error}", file.display())));
    }
    eprintln!(
        "{count} records at {}/appointments/ ({left_out} lines left out); press Ctrl-C to stop",
        server.url()
    );
    loop {
        std::thread::park();
    }
}

fn exit(problem: &str) -> ! {
    eprintln!("rest_server: {problem}");
    std::process::exit(2);
}
