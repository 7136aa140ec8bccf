//! Where the log goes: standard error, one line an event, as loud as `-v` says. Nothing else.

use tracing_subscriber::EnvFilter;

/// Starts the log: warnings by default, less with `quiet`, more with each `verbose`.
pub fn init(quiet: bool, verbose: u8) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        // The SVG reader warns of empty shapes, which a chart of a short series has.
        (false, 0) => "warn,usvg=error",
        (false, 1) => "warn,usvg=error,siaga=info",
        (false, _) => "info,siaga=debug",
    };
    let filter = EnvFilter::new(level);
    // Started twice (a test in the same process) the second is refused, which does no harm.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
