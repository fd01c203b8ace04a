//! Everything that needs a database, through the program itself, on a PostgreSQL cluster of its own.

#![allow(clippy::unwrap_used)]

mod backup;
mod browser;
mod citus;
mod cli;
mod connections;
mod crash;
mod docs;
mod doctor;
mod documents;
mod embedded;
mod errors;
mod exports;
mod framing;
mod golden;
mod grants;
mod hardening;
mod history;
mod init;
mod interrupts;
mod jobs;
mod layers;
mod links;
mod load;
mod migrate;
mod modes;
mod partitions;
mod pgtap;
mod prepare;
mod projects;
mod property;
mod publish;
mod readers;
mod rejects;
mod remote;
mod rest;
mod rules;
mod schema_file;
mod shrink;
mod support;
mod terminal;
mod upgrade;
mod values;
mod views;
mod web;
