//! `elt serve`: runs the web application and a worker.

use super::{Context, as_user};
use crate::cli::ServeArgs;
use crate::failure::Exit;
use crate::jobs::{self, Until};
use crate::web::{self, Listen};
use anyhow::Result;
use std::time::Duration;

/// Time that running jobs and requests have to finish after the first signal.
const GRACE: Duration = Duration::from_secs(10);
/// Jobs that the built-in worker runs in parallel. `elt worker` can run more.
const CONCURRENCY: usize = 2;

pub(super) fn run(context: &Context<'_>, args: &ServeArgs) -> Result<Exit> {
    as_user::switch_to(args.service.user.as_deref())?;
    let database = context.open_to_load(args.service.migrate)?;
    let is_stopping = jobs::stop_on_signal(GRACE)?;
    let listen = Listen {
        address: args.bind,
        tls: args.tls_cert.as_deref().zip(args.tls_key.as_deref()),
        proxies: args.behind_proxy.clone().unwrap_or_default(),
        allowed_hosts: &args.allowed_hosts,
        time_zone: &args.time_zone,
    };
    let server = web::Server::open(&database, &listen)?;
    let worker = jobs::Options {
        queues: vec!["default".into()],
        concurrency: CONCURRENCY,
        grace: GRACE,
        listens: true,
        until: Until::Stopped,
        health_file: None,
        data: context.worker_folders(&args.service.data),
        out: args.service.out.out.clone(),
    };
    std::thread::scope(|scope| {
        let working = (!args.no_worker)
            .then(|| scope.spawn(|| jobs::work(&database, &context.project, &worker, is_stopping)));
        let served = server.run(is_stopping);
        // When the server ends, the worker ends too.
        is_stopping.store(true, std::sync::atomic::Ordering::SeqCst);
        if let Some(Ok(worked)) = working.map(|thread| thread.join()) {
            worked?;
        }
        served
    })?;
    Ok(Exit::Done)
}
