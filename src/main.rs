//! `elt` loads raw files into PostgreSQL, computes with SQL views, and exports the results.

mod accounts;
mod cli;
mod commands;
mod copy;
mod database;
mod db;
mod difference;
mod docs;
mod embedded;
mod export;
mod extract;
mod failure;
mod history;
mod init;
mod jobs;
mod load;
mod pipeline;
mod project;
mod quality;
mod schema;
mod signals;
mod terminal;
mod web;
mod whole_file;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let global = &cli.global;
    let flags = commands::flags(global);
    terminal::begin(global.log_format, global.verbosity(), flags);
    ExitCode::from(commands::run(&cli) as u8)
}
