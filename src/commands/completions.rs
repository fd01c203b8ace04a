//! `elt completions`: prints a shell completion script.

use crate::cli::{Cli, CompletionsArgs};
use crate::failure::Exit;
use crate::terminal;
use anyhow::Result;
use clap::CommandFactory;

pub(super) fn run(args: &CompletionsArgs) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "elt", &mut script);
    terminal::bytes(&script)?;
    Ok(Exit::Done)
}
