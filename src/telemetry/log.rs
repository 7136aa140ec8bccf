//! Where the log goes: standard error, one line an event, as loud as `-v` says; as text for people or as JSON for
//! programs. docs/logging.md says what a line may hold.

use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;

use super::redact::Guarded;

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For reading.
    #[default]
    Text,
    /// An object a line.
    Json,
}

static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Starts the log: warnings by default, less with `quiet`, more with each `verbose`.
pub fn init((quiet, verbose): (bool, u8), format: LogFormat) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        // The SVG reader warns of empty shapes, which a chart of a short series has.
        (false, 0) => "warn,usvg=error",
        (false, 1) => "warn,usvg=error,siaga=info",
        (false, _) => "info,siaga=debug",
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(Guarded)
        .with_target(false);
    // Started twice (a test in the same process) the second is refused, which does no harm.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    if format == LogFormat::Json {
        // What a panic says would be the one line that is no object.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!(error = %panic, "a part of the program panicked");
        }));
    }
    let _ = FORMAT.set(format);
}

/// Whether standard error holds objects and nothing else.
#[must_use]
pub fn is_json() -> bool {
    FORMAT.get() == Some(&LogFormat::Json)
}
