//! Commands of the data's way: in, published, checked, out.

use super::values::{folder, jobs, limit, one_of};
use crate::export::Format;
use crate::load::rejects::MaxRejects;
use clap::Args;
use clap::builder::FalseyValueParser;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt load                              all files of data/
  elt load SOURCE --data /some/folder   one source of elt.source, from elsewhere
  zcat f.gz | elt load SOURCE --data -  from stdin (.gz and .zst are read as they are, too)
  elt load 7 --replay corrected.csv        corrected rejects of load 7 (elt rejects 7 --out corrected.csv)

Of several sources all are published, or none. The same bytes again are nothing to do.")]
pub(crate) struct LoadArgs {
    /// Sources to load; all of them when none is named. With --replay, a source or a load
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,

    /// Folder of the input files, or - for stdin [default: data, or the project's data folder]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_parser = folder(""))]
    data: Option<PathBuf>,

    /// Rows that may be rejected: N or P% [default: 1%; of fewer than 1,000 rows a fifth, up to 10; never all]
    #[arg(
        long,
        env = "ELT_MAX_REJECTS",
        value_name = "N|P%",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) max_rejects: MaxRejects,

    /// Pages of a REST API that are fetched at once, where they are numbered
    #[arg(long, env = "ELT_REQUESTS", value_name = "N", default_value_t = crate::load::USUAL_REQUESTS, value_parser = jobs)]
    requests: usize,

    /// The former name of --requests
    #[arg(long, env = "ELT_JOBS", value_name = "N", hide = true, value_parser = jobs)]
    jobs: Option<usize>,

    /// Add corrected rejects to their load, which is live, and mark them as replaced: what elt rejects --out
    /// wrote, record for record
    #[arg(long, env = "ELT_REPLAY", value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,

    /// Load even if the same bytes are live already
    #[arg(long, env = "ELT_FORCE", value_parser = FalseyValueParser::new())]
    pub(crate) force: bool,

    /// Load even if that removes more rows than elt.source.max_shrink allows
    #[arg(long, env = "ELT_ALLOW_SHRINK", value_parser = FalseyValueParser::new())]
    pub(crate) allow_shrink: bool,

    /// Wait for another load of the same source instead of giving up
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,

    /// Apply pending migrations first, also on a server of your own
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
  elt export                     all exports to out/, with the manifest elt-export.json
  elt export NAME --out results  one of them, elsewhere
  elt export NAME --out - | head one of them, to stdout
  elt export --format ndjson     one JSON object a line")]
pub(crate) struct ExportArgs {
    /// Exports to write; all of them when none is named
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Args)]
pub(crate) struct FormatArgs {
    /// What the files are: csv (RFC 4180, with a header) or ndjson (one JSON object a line)
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
    /// Folder below which jobs may read input files, several with the flag again [default: data]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_delimiter = ':', value_parser = folder(""))]
    data: Vec<PathBuf>,
}

impl WorkerDataArgs {
    /// None where none is named.
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
  elt run --data in --out results -q   the same elsewhere, saying only what is wrong
  elt run --json                       one document of all that was done")]
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
  elt check                what each rule says, and how many rows it finds
  elt check RULE           the rows that one of them finds, with file and line
  elt check --json

Exit code 3 if a rule of level error finds rows.")]
pub(crate) struct CheckArgs {
    /// Rule whose rows to show
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,

    /// Show at most this many rows
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt rejects                       of what is live, and of loads that failed since
  elt rejects SOURCE                the same of one source
  elt rejects 7 --limit 100         of load 7
  elt rejects 7 --out bad.csv       their bytes as they were, behind the header: correct them, then
                                    elt load 7 --replay bad.csv")]
pub(crate) struct RejectsArgs {
    /// Source or load to show [default: the live loads of each source, and those that failed since]
    #[arg(value_name = "SOURCE|LOAD")]
    pub(crate) of: Option<String>,

    /// Show at most this many of a load
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,

    /// Write all of them to a file, byte for byte; - for stdout
    #[arg(long, env = "ELT_REJECTS_OUT", value_name = "FILE", requires = "of")]
    pub(crate) out: Option<PathBuf>,
}
