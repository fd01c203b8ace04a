//! `elt` loads raw files into PostgreSQL, lets SQL say what they mean, and exports the answers.

mod accounts;
mod cli;
mod commands;
mod copy;
mod db;
mod docs;
mod embedded;
mod export;
mod extract;
mod failure;
mod history;
mod init;
mod interrupt;
mod jobs;
mod load;
mod pipeline;
mod project;
mod quality;
mod schema;
mod sentence;
mod terminal;
mod web;
mod whole_file;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let global = &cli.global;
    terminal::begin(
        global.log_format,
        global.verbosity(),
        commands::flags(global),
    );
    let outcome = commands::run(&cli);
    terminal::progress("");
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        // Whoever read our output has read enough: `elt rejects | head`.
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let failure = match interrupt::happened() {
                true => &interrupt::failure().into(),
                false => &error,
            };
            commands::say_failure(global, failure);
            ExitCode::from(failure::exit_of(failure) as u8)
        }
    }
}
