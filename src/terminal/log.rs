//! Messages on stderr: lines of text, or one JSON object per line.

use super::clear_progress;
use super::escape::for_stream;
use crate::failure::sentence::{Flags, Sentence};
use std::fmt;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{FmtSpan, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// The format of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Which messages are printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verbosity {
    /// Only warnings and errors, and no summaries.
    Quiet,
    Usual,
    /// Each step.
    Verbose,
}

static IS_JSON: AtomicBool = AtomicBool::new(false);
static IS_QUIET: AtomicBool = AtomicBool::new(false);
/// The flags of this program's command line, for the commands in its messages.
static FLAGS: OnceLock<Vec<String>> = OnceLock::new();

/// Sets up messages. Called once, before the first message.
pub(crate) fn begin(format: LogFormat, verbosity: Verbosity, flags: Vec<String>) {
    // A second call would have the same flags.
    let _ = FLAGS.set(flags);
    IS_JSON.store(format == LogFormat::Json, Ordering::Relaxed);
    IS_QUIET.store(verbosity == Verbosity::Quiet, Ordering::Relaxed);
    let level = match verbosity {
        Verbosity::Quiet => Level::WARN,
        Verbosity::Usual => Level::INFO,
        Verbosity::Verbose => Level::DEBUG,
    };
    // Messages of libraries are not for users.
    let ours = Targets::new().with_target("elt", level);
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Stderr)
        .with_span_events(FmtSpan::NONE)
        .with_ansi(false);
    let registry = tracing_subscriber::registry().with(ours);
    match format {
        LogFormat::Text => registry.with(layer.event_format(Plain)).init(),
        LogFormat::Json => registry
            .with(layer.json().flatten_event(true).with_target(false))
            .init(),
    }
}

pub(super) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// A sentence as text, its commands with the flags in effect.
pub(crate) fn typed(sentence: impl Into<Sentence>) -> String {
    let flags: &Flags = FLAGS.get().map_or(&[], Vec::as_slice);
    sentence.into().text(flags)
}

pub(crate) fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Prints the message alone, and `warning: ` before a warning.
struct Plain;

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut message = Message::default();
        event.record(&mut message);
        if *event.metadata().level() == Level::WARN {
            writer.write_str("warning: ")?;
        }
        writeln!(writer, "{}", message.0)
    }
}

#[derive(Default)]
struct Message(String);

impl tracing::field::Visit for Message {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

/// stderr. Clears the line of progress before each message.
struct Stderr;

impl<'a> MakeWriter<'a> for Stderr {
    type Writer = Stderr;

    fn make_writer(&'a self) -> Stderr {
        Stderr
    }
}

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        clear_progress();
        let mut stderr = std::io::stderr();
        let text = String::from_utf8_lossy(bytes);
        let text = for_stream(&stderr, &text);
        // If stderr is closed, messages are dropped.
        let _ = stderr.write_all(text.as_bytes());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
