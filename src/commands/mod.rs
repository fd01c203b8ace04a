//! One file or folder per command: it opens the project and the database, calls the module that does the work, and
//! prints. Shared: `as_user`, `confirm`, `error_report` and `shared_output`.

mod as_user;
mod check;
mod completions;
mod confirm;
mod db;
mod diff;
mod discard;
mod distribute;
mod docs;
mod doctor;
mod error_report;
mod export;
mod gc;
mod grants;
mod init;
mod jobs;
mod load;
mod loads;
mod migrate;
mod publish;
mod purge;
mod rejects;
mod rollback;
mod run;
mod serve;
mod shared_difference;
mod shared_freshness;
mod shared_output;
mod shared_preview;
mod shown_views;
mod status;
mod token;
mod user;
mod views;
mod worker;

use crate::cli::{Cli, Command, DbCommand, Global, WorkerDataArgs};
use crate::database::Database;
use crate::failure::{self, CommandProgress, Exit};
use crate::load::Folders;
use crate::project::Project;
use crate::schema;
use crate::signals;
use crate::terminal;
use anyhow::Result;
use error_report::ErrorReporter;
pub(crate) use error_report::flags;

/// The project, the database settings and the error reporter of a command.
struct Context<'a> {
    global: &'a Global,
    project: Project,
    reporter: &'a ErrorReporter<'a>,
    progress: &'a CommandProgress,
}

/// Runs the command and reports its error, if any.
pub(crate) fn run(cli: &Cli) -> Exit {
    let reporter = ErrorReporter::new(&cli.global);
    let outcome = perform(cli, &reporter);
    terminal::progress("");
    outcome.unwrap_or_else(|error| reporter.report(error))
}

fn perform(cli: &Cli, reporter: &ErrorReporter<'_>) -> Result<Exit> {
    // These need no project, which may not exist yet.
    match &cli.command {
        Command::Completions(args) => return completions::run(args),
        Command::Init(args) => return init::run(&cli.global, args),
        _ => {}
    }
    let context = Context {
        global: &cli.global,
        project: Project::open(cli.global.project())?,
        reporter,
        progress: &reporter.progress,
    };
    match &cli.command {
        // psql owns the terminal and handles Ctrl-C.
        Command::Db(DbCommand::Psql { .. }) => signals::ignore()?,
        // They handle signals themselves, to let running jobs finish.
        Command::Worker(_) | Command::Serve(_) => {}
        _ => signals::listen()?,
    }
    match &cli.command {
        Command::Run(args) => run::run(&context, args),
        Command::Load(args) => load::run(&context, args),
        Command::Publish(args) => publish::run(&context, args),
        Command::Discard(args) => discard::run(&context, args),
        Command::Export(args) => export::run(&context, args),
        Command::Check(args) => check::run(&context, args),
        Command::Status => status::run(&context),
        Command::Rejects(args) => rejects::run(&context, args),
        Command::Loads(args) => loads::run(&context, args),
        Command::Diff(args) => diff::run(&context, args),
        Command::Rollback(args) => rollback::run(&context, args),
        Command::Gc(args) => gc::run(&context, args),
        Command::Purge(command) => purge::run(&context, command),
        Command::Views(args) => views::run(&context, args),
        Command::Docs(args) => docs::run(&context, args),
        Command::Init(_) | Command::Completions(_) => Ok(Exit::Done),
        Command::Migrate(args) => migrate::run(&context, args),
        Command::Grants(args) => grants::run(&context, args),
        Command::Distribute(args) => distribute::run(&context, args),
        Command::Doctor => doctor::run(&context),
        Command::Jobs(args) => jobs::run(&context, args),
        Command::Worker(args) => worker::run(&context, args),
        Command::Serve(args) => serve::run(&context, args),
        Command::User(command) => user::run(&context, command),
        Command::Token(command) => token::run(&context, command),
        Command::Db(command) => db::run(&context, command),
    }
}

impl Context<'_> {
    /// Whether no tables are printed, because of --json or --quiet.
    fn has_no_tables(&self) -> bool {
        self.global.json || terminal::is_quiet()
    }

    /// Opens the server and the database. `may_create`: creates the embedded database if it is missing.
    fn open(&self, may_create: bool) -> Result<Database> {
        let url = self.global.database_url.as_deref();
        let database = Database::open(url, &self.project, may_create)?;
        self.reporter.set_database(database.target().describe());
        Ok(database)
    }

    /// For commands that load: migrates the schema on the embedded server, and on an external server if
    /// `migrate` is set.
    fn open_to_load(&self, migrate: bool) -> Result<Database> {
        let database = self.open(migrate)?;
        let mut client = database.connect("migrate")?;
        if migrate || database.is_embedded() {
            match schema::migrate(&database, &mut client, &self.project, self.progress) {
                Ok(report) => migrate::note_removed(&report),
                // The views are in place, and the live data violates a rule. Loading better data fixes
                // that, so the load goes on.
                Err(error) if failure::exit_of(&error) == Exit::RulesFoundRows => {
                    terminal::warn(self.reporter.one_line(&error));
                }
                Err(error) => return Err(error),
            }
        } else {
            schema::require_current(&mut client, &self.project)?;
            schema::warn_to_distribute(&mut client)?;
        }
        Ok(database)
    }

    /// The folders that a worker may read input files from.
    fn worker_folders(&self, args: &WorkerDataArgs) -> Folders {
        Folders::new(
            args.named()
                .unwrap_or_else(|| vec![self.project.data.clone()]),
        )
    }

    /// For commands that do not migrate: fails if the schema is not up to date. Only a new embedded server gets its
    /// schema.
    fn open_current(&self) -> Result<Database> {
        let database = self.open(false)?;
        let mut client = database.connect("migrate")?;
        if database.is_embedded() && schema::is_missing(&mut client)? {
            schema::migrate(&database, &mut client, &self.project, self.progress)?;
        }
        schema::require_current(&mut client, &self.project)?;
        Ok(database)
    }
}
