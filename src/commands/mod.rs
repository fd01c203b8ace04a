//! One file per command: it opens what it needs, calls the module that does the work, and prints.

mod as_user;
mod check;
mod completions;
mod db;
mod docs;
mod doctor;
mod export;
mod gc;
mod grants;
mod init;
mod jobs;
mod load;
mod loads;
mod migrate;
mod purge;
mod rejects;
mod rollback;
mod run;
mod serve;
mod show;
mod status;
mod token;
mod user;
mod views;
mod worker;

use crate::cli::{Cli, Command, DbCommand, Global, WorkerDataArgs};
use crate::db::{Database, conninfo, explain};
use crate::failure::{self, Exit};
use crate::interrupt;
use crate::load::Folders;
use crate::project::Project;
use crate::schema;
use crate::terminal;
use anyhow::Result;
use serde_json::{Value, json};
use std::ffi::OsStr;

/// The flags that say what is worked on, for the commands that are proposed: those of the command line. What
/// a variable says holds for them as well.
pub(crate) fn flags(global: &Global) -> Vec<String> {
    let is_from =
        |name: &str, value: &OsStr| std::env::var_os(name).is_some_and(|set| set == value);
    let project = global.project();
    let project = project.filter(|dir| !is_from("ELT_PROJECT", dir.as_os_str()));
    let project = project.map(|dir| ["--project".into(), dir.display().to_string()]);
    let url = global.database_url.as_deref();
    let url = url.filter(|url| !is_from("DATABASE_URL", url.as_ref()));
    let url = url.and_then(conninfo::without_password);
    let url = url.map(|url| ["--database-url".into(), url]);
    project.into_iter().chain(url).flatten().collect()
}

/// What a command works on.
struct Context<'a> {
    global: &'a Global,
    project: Project,
}

pub(crate) fn run(cli: &Cli) -> Result<Exit> {
    // These need no project, which may not be there yet.
    match &cli.command {
        Command::Completions(args) => return completions::run(args),
        Command::Init(args) => return init::run(&cli.global, args),
        _ => {}
    }
    let context = Context {
        global: &cli.global,
        project: Project::open(cli.global.project())?,
    };
    match &cli.command {
        // psql has the terminal, and Ctrl-C is its own.
        Command::Db(DbCommand::Psql { .. }) => interrupt::ignore()?,
        // It lets running jobs end.
        Command::Worker(_) | Command::Serve(_) => {}
        _ => interrupt::listen()?,
    }
    match &cli.command {
        Command::Run(args) => run::run(&context, args),
        Command::Load(args) => load::run(&context, args),
        Command::Export(args) => export::run(&context, args),
        Command::Check(args) => check::run(&context, args),
        Command::Status => status::run(&context),
        Command::Rejects(args) => rejects::run(&context, args),
        Command::Loads(args) => loads::run(&context, args),
        Command::Rollback(args) => rollback::run(&context, args),
        Command::Gc(args) => gc::run(&context, args),
        Command::Purge(command) => purge::run(&context, command),
        Command::Views(args) => views::run(&context, args),
        Command::Docs(args) => docs::run(&context, args),
        Command::Init(_) | Command::Completions(_) => Ok(Exit::Done),
        Command::Migrate(args) => migrate::run(&context, args),
        Command::Grants(args) => grants::run(&context, args),
        Command::Doctor => doctor::run(&context),
        Command::Jobs(args) => jobs::run(&context, args),
        Command::Worker(args) => worker::run(&context, args),
        Command::Serve(args) => serve::run(&context, args),
        Command::User(command) => user::run(&context, command),
        Command::Token(command) => token::run(&context, command),
        Command::Db(command) => db::run(&context, command),
    }
}

/// What went wrong: in words on stderr; also as the one document, where that was asked for.
pub(crate) fn say_failure(global: &Global, error: &anyhow::Error) {
    say_failure_in(json!({ "schema_version": 1 }), global, error);
}

/// The same, where the document has more to tell. With what the program then ends.
fn say_failure_in(mut document: Value, global: &Global, error: &anyhow::Error) -> Exit {
    let said = explain::Explanation::of(error);
    let exit = failure::exit_of(error);
    if global.json {
        document["exit_code"] = json!(exit as u8);
        document["error"] = json!(said);
        // Whoever has closed the output has the exit code.
        let _ = terminal::json(&document);
    }
    terminal::failure(&said, exit as u8);
    exit
}

impl Context<'_> {
    /// Whether results are not printed as tables: they are a JSON document, or not wanted.
    fn has_no_tables(&self) -> bool {
        self.global.json || terminal::is_quiet()
    }

    /// For commands that load: the embedded server's schema is brought up to date; that of a server
    /// of the user's own only if they say so.
    fn open_to_load(&self, migrate: bool) -> Result<Database> {
        let database = Database::open(self.global, &self.project, migrate)?;
        let mut client = database.connect("migrate")?;
        if migrate || database.is_embedded() {
            match schema::migrate(&mut client, &self.project) {
                Ok(report) => migrate::say_removed(&report),
                // The views are in place, and what is live breaks a rule under them: a load of better
                // data is the way out.
                Err(error) if failure::exit_of(&error) == Exit::RulesFoundRows => {
                    terminal::warn(explain::in_a_line(&error));
                }
                Err(error) => return Err(error),
            }
        } else {
            schema::require_current(&mut client, &self.project)?;
        }
        Ok(database)
    }

    /// Below which a worker reads.
    fn worker_folders(&self, args: &WorkerDataArgs) -> Folders {
        Folders::new(
            args.named()
                .unwrap_or_else(|| vec![self.project.data.clone()]),
        )
    }

    /// For commands that look: nothing is changed, but a new embedded server is given its schema.
    fn open_to_look(&self) -> Result<Database> {
        let database = Database::open(self.global, &self.project, false)?;
        let mut client = database.connect("migrate")?;
        if database.is_embedded() && schema::is_missing(&mut client)? {
            schema::migrate(&mut client, &self.project)?;
        }
        schema::require_current(&mut client, &self.project)?;
        Ok(database)
    }
}
