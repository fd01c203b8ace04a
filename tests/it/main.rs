//! Everything that needs a database, through the program itself, on a PostgreSQL cluster of its own.

#![allow(clippy::unwrap_used)]

mod browser;
mod cli;
mod crash;
mod embedded;
mod errors;
mod golden;
mod jobs;
mod load;
mod migrate;
mod projects;
mod property;
mod publish;
mod readers;
mod rejects;
mod rest;
mod support;
mod values;
mod views;
mod web;
