//! Commands that load, check and export data.

use super::values::{connections, folder, jobs, limit, one_of};
use crate::export::Format;
use crate::load::rejects::MaxRejects;
use clap::Args;
use clap::builder::FalseyValueParser;
use std::path::{Path, PathBuf};

/// The arguments of `elt load`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  elt load                              load all files of data/
  elt load SOURCE --data /some/folder   load one source of elt.source from another folder
  zcat f.gz | elt load SOURCE --data -  read stdin (.gz, .zst, .xz, .bz2 and .zip are also read directly)
  elt load SOURCE --full                read all records of an API that is loaded incrementally
  elt load --dry-run                    show what the load would change, and change nothing
  elt load SOURCE --hold                show it, and wait for elt publish or elt discard
  elt load --watch                      load files of the folder as they arrive
  elt load 7 --replay corrected.csv     load corrected rejects of load 7 (elt rejects 7 --out corrected.csv)

Several sources are published together: all or none. Reloading an unchanged file is a no-op.")]
pub(crate) struct LoadCommandArgs {
    #[command(flatten)]
    pub(crate) load: LoadArgs,

    /// Keep running, and load files when they are complete: not changed for elt.source.settle_seconds. Ctrl-C stops
    #[arg(long, env = "ELT_WATCH", value_parser = FalseyValueParser::new())]
    pub(crate) watch: bool,

    /// Show what the load would change in core, results and rules, and roll it back. Exits as the load would
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new(), conflicts_with = "watch")]
    pub(crate) dry_run: bool,

    /// Show what the load would change, and hold it until elt publish or elt discard
    #[arg(long, env = "ELT_HOLD", value_parser = FalseyValueParser::new())]
    pub(crate) hold: bool,

    /// With --dry-run or --hold: compare only core tables, not the results computed from them
    #[arg(long, env = "ELT_CORE_ONLY", value_parser = FalseyValueParser::new())]
    pub(crate) core_only: bool,

    /// With --dry-run or --hold: changed rows to show of each kind
    #[arg(long, env = "ELT_ROWS", value_name = "N", default_value_t = crate::load::preview::DEFAULT_ROWS, value_parser = limit)]
    pub(crate) rows: i64,
}

/// The arguments of `elt publish`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  elt loads --state held     list the held loads
  elt loads 7                show what load 7 changes
  elt publish 7 8            publish them together: both, or none
  elt publish 7 --force      publish it although a later load of its source is live")]
pub(crate) struct PublishArgs {
    /// Held loads
    #[arg(value_name = "LOAD", required = true)]
    pub(crate) loads: Vec<i64>,

    /// Publish a load that is older than the live one that it replaces
    #[arg(long, env = "ELT_FORCE", value_parser = FalseyValueParser::new())]
    pub(crate) force: bool,

    /// Wait for a load of the same source instead of failing
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,

    /// Connections to the server for a large load, 1 to 4 [default: 2]
    #[arg(long, env = "ELT_CONNECTIONS", value_name = "N", value_parser = connections)]
    pub(crate) connections: Option<usize>,
}

/// The arguments of `elt discard`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  elt loads --state held     list the held loads
  elt discard 7              give up load 7: its rows are dropped, its record and its rejects are kept")]
pub(crate) struct DiscardArgs {
    /// Held loads
    #[arg(value_name = "LOAD", required = true)]
    pub(crate) loads: Vec<i64>,

    /// Wait for a load of the same source instead of failing
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,
}

#[derive(Args)]
pub(crate) struct LoadArgs {
    /// Sources to load [default: all]. With --replay, a source or a load
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,

    /// Folder of the input files, or - for stdin; files at addresses are not in it [default: data, or the project's data folder]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_parser = folder(""))]
    data: Option<PathBuf>,

    /// Reject limit: N rows or P% [default: 1%; below 1,000 rows a fifth, at most 10; never all rows]
    #[arg(
        long,
        env = "ELT_MAX_REJECTS",
        value_name = "N|P%",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) max_rejects: MaxRejects,

    /// Pages of a REST API to fetch in parallel, if the pages are numbered
    #[arg(long, env = "ELT_REQUESTS", value_name = "N", default_value_t = crate::load::DEFAULT_REQUESTS, value_parser = jobs)]
    requests: usize,

    /// Connections to the server for a large load, 1 to 4 [default: 2; to copy rows, 4 if there are four cores]
    #[arg(long, env = "ELT_CONNECTIONS", value_name = "N", value_parser = connections)]
    pub(crate) connections: Option<usize>,

    /// The former name of --requests
    #[arg(long, env = "ELT_JOBS", value_name = "N", hide = true, value_parser = jobs)]
    jobs: Option<usize>,

    /// Load corrected rejects into the live load they came from and mark the rejects as replaced. FILE must
    /// have the records that elt rejects --out wrote, in the same order
    #[arg(long, env = "ELT_REPLAY", value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,

    /// Load even if the file is unchanged
    #[arg(long, env = "ELT_FORCE", value_parser = FalseyValueParser::new())]
    pub(crate) force: bool,

    /// Load the files of a pattern that follow one that cannot be loaded; the exit code still reports it
    #[arg(long, env = "ELT_KEEP_GOING", value_parser = FalseyValueParser::new())]
    pub(crate) keep_going: bool,

    /// Request all records of an API, and not only those that are newer than the live ones
    #[arg(long, env = "ELT_FULL", value_parser = FalseyValueParser::new())]
    pub(crate) full: bool,

    /// Load even if this removes more rows than elt.source.max_shrink allows
    #[arg(long, env = "ELT_ALLOW_SHRINK", value_parser = FalseyValueParser::new())]
    pub(crate) allow_shrink: bool,

    /// Wait for another load of the same source instead of failing
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,

    /// Apply pending migrations first, even on an external server
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

impl LoadArgs {
    pub(crate) fn requests(&self) -> usize {
        self.jobs.unwrap_or(self.requests)
    }

    pub(crate) fn data(&self) -> Option<&Path> {
        self.data
            .as_deref()
            .filter(|path| !path.as_os_str().is_empty())
    }
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt export                     write all exports to out/, with the manifest elt-export.json
  elt export NAME --out results  write one export to another folder
  elt export NAME --out - | head write one export to stdout
  elt export --format ndjson     write one JSON object per line")]
pub(crate) struct ExportArgs {
    /// Exports to write [default: all]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Args)]
pub(crate) struct FormatArgs {
    /// File format: csv (RFC 4180, with a header) or ndjson (one JSON object per line)
    #[arg(
        long,
        env = "ELT_FORMAT",
        value_name = "FORMAT",
        default_value = "csv",
        value_parser = one_of::<Format>
    )]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct WorkerDataArgs {
    /// Folder that jobs may read input files from; may be repeated [default: data]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_delimiter = ':', value_parser = folder(""))]
    data: Vec<PathBuf>,
}

impl WorkerDataArgs {
    /// None if no folder is named.
    pub(crate) fn named(&self) -> Option<Vec<PathBuf>> {
        let named = self.data.iter().filter(|path| !path.as_os_str().is_empty());
        let named: Vec<PathBuf> = named.cloned().collect();
        (!named.is_empty()).then_some(named)
    }
}

#[derive(Args)]
pub(crate) struct OutArgs {
    /// Folder to write to
    #[arg(long, env = "ELT_OUT", value_name = "DIR", default_value = "out", value_parser = folder("out"))]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt run                              load data/, check, export to out/
  elt run --data in --out results -q   use other folders, print only warnings and errors
  elt run --json                       print one JSON document with all results")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) load: LoadArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt check                show all rules and their number of violations
  elt check RULE           show the violations of one rule, with file and line
  elt check --json

The exit code is 3 if a rule of level error has violations.")]
pub(crate) struct CheckArgs {
    /// Rule whose violations to show
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,

    /// Check only whether sources have new data as often, and as many rows, as elt.source expects
    #[arg(long, env = "ELT_FRESHNESS", value_parser = FalseyValueParser::new(), conflicts_with = "rule")]
    pub(crate) freshness: bool,

    /// Show at most this many rows
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt rejects                       show rejects of live loads and of later loads that failed
  elt rejects SOURCE                show rejects of one source
  elt rejects 7 --limit 100         show rejects of load 7
  elt rejects 7 --out bad.csv       write the rejected records after the file's header; correct them, then run
                                    elt load 7 --replay bad.csv")]
pub(crate) struct RejectsArgs {
    /// Source or load to show [default: the live loads of each source and later loads that failed]
    #[arg(value_name = "SOURCE|LOAD")]
    pub(crate) selection: Option<String>,

    /// Show at most this many rejects per load
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,

    /// Write all rejects to a file, byte for byte; - for stdout
    #[arg(
        long,
        env = "ELT_REJECTS_OUT",
        value_name = "FILE",
        requires = "selection"
    )]
    pub(crate) out: Option<PathBuf>,
}
