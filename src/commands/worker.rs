//! `elt worker`: runs jobs from the queue.

use super::{Context, as_user};
use crate::cli::WorkerArgs;
use crate::failure::Exit;
use crate::jobs::{self, Options, Until};
use anyhow::Result;
use std::time::Duration;

pub(super) fn run(context: &Context<'_>, args: &WorkerArgs) -> Result<Exit> {
    as_user::switch_to(args.service.user.as_deref())?;
    let database = context.open_to_load(args.service.migrate)?;
    let until = match (args.once, args.until_empty) {
        (true, _) => Until::Once,
        (_, true) => Until::Empty,
        _ => Until::Stopped,
    };
    let grace = Duration::from_secs(args.grace);
    jobs::work(
        &database,
        &context.project,
        &Options {
            queues: args.queues.clone(),
            concurrency: if until == Until::Once {
                1
            } else {
                args.concurrency
            },
            grace,
            listens: !args.no_listen,
            until,
            health_file: args.health_file.clone(),
            data: context.worker_folders(&args.service.data),
            out: args.service.out.out.clone(),
        },
        jobs::stop_on_signal(grace)?,
    )?;
    Ok(Exit::Done)
}
