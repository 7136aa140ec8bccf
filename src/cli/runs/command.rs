//! What can be typed of pulls, the list of them, and a person's word on a held one.

use clap::{Args, Subcommand};

use super::show::show;
use crate::account::Visitor;
use crate::cli::args::Format;
use crate::cli::stored::journey;
use crate::cli::{Failure, output, usage};
use crate::config::Config;
use crate::export::{Cell, Table};
use crate::job::{Journey, refuse, release};
use crate::store::{Outcome, Run, RunFilter};
use crate::text::{Phrases, told};

/// `siaga runs`
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// Pulls, newest first
    #[command(after_help = "\
Examples:
  siaga runs list --outcome held                 what waits for a person's word
  siaga runs list --source dinkes-kota-bogor --limit 100 --format csv")]
    List(RunsListArgs),
    /// One pull: its counts, why it is held, what it would change, what was refused
    #[command(after_help = "\
Examples:
  siaga runs show tidy@1624881600000-3f2a9c01                    as tables, to read
  siaga runs show tidy@1624881600000-3f2a9c01 --format json      the same for a program
  siaga runs show tidy@1624881600000-3f2a9c01 --format csv       one table; its first column says what a row is")]
    Show {
        /// Its id, as `siaga runs list` prints it
        run: String,
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Let a held batch in: its payload is read again, running totals may fall in it
    #[command(after_help = "\
Example:
  siaga runs release pikobar-jabar@1624881600000-3f2a9c01 --reason \"the province re-assigned cases; confirmed by telephone\"")]
    Release {
        /// Its id
        run: String,
        /// Why: it is kept beside the figures
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Refuse a held batch: the last good figures stay
    Refuse {
        /// Its id
        run: String,
        /// Why: it is kept
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// `siaga runs list`
#[derive(Debug, Args)]
pub struct RunsListArgs {
    /// Only this source's
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Only those that ended so: changed, unchanged, failed, held, refused
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<Outcome>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Go on after this one
    #[arg(long, value_name = "RUN")]
    pub before: Option<String>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// Where a command comes from, in the audit log.
const ADDRESS: &str = "command line";

/// Runs a runs command.
pub async fn run(config: &Config, command: &RunsCommand, visitor: &Visitor) -> Result<(), Failure> {
    let journey = journey(config).await?;
    match command {
        RunsCommand::List(args) => list(&journey, args).await,
        RunsCommand::Show { run, format } => show(&journey, run, (*format, visitor)).await,
        RunsCommand::Release { run, reason } => {
            let report = release(&journey, run, reason, (visitor, ADDRESS)).await?;
            let run = report.run;
            output::say(&format!(
                "released: {} accepted, {} unchanged, {} rejected ({})",
                run.accepted, run.unchanged, run.rejected, run.id
            ));
            Ok(())
        }
        RunsCommand::Refuse { run, reason } => {
            refuse(&journey, run, reason, (visitor, ADDRESS)).await?;
            output::say("refused: the last good figures stay");
            Ok(())
        }
    }
}

async fn list(journey: &Journey, args: &RunsListArgs) -> Result<(), Failure> {
    if let Some(source) = args.source.as_ref().filter(|name| journey.sources.iter().all(|s| s.id != **name)) {
        return Err(usage(anyhow::anyhow!("--source {source}: there is no source of that name")));
    }
    let filter = RunFilter {
        source: args.source.clone(),
        outcome: args.outcome,
        before: args.before.clone(),
        limit: args.limit,
        ..RunFilter::default()
    };
    let page = journey.store.run_page(&filter).await.map_err(anyhow::Error::from)?;
    let mut table = Table::new(&[
        ("run", ""),
        ("started_at", ""),
        ("outcome", ""),
        ("received", ""),
        ("accepted", ""),
        ("unchanged", ""),
        ("rejected", ""),
        ("held", ""),
        ("message", ""),
    ]);
    let phrases = journey.phrases();
    table.rows = page.rows.iter().map(|run| row(run, phrases)).collect();
    let bytes = output::rendered(&table, output::format_or_default(args.format))?;
    output::print(&String::from_utf8_lossy(&bytes))?;
    if let Some(next) = page.next {
        output::say(&format!("siaga: there are more; go on with --before {next}"));
    }
    Ok(())
}

fn row(run: &Run, phrases: Phrases) -> Vec<Cell> {
    let whole = |count: u64| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    vec![
        run.id.as_str().into(),
        run.started_at.to_string().as_str().into(),
        run.outcome.as_str().into(),
        whole(run.received),
        whole(run.accepted),
        whole(run.unchanged),
        whole(run.rejected),
        whole(run.held),
        told(&run.message, phrases).as_str().into(),
    ]
}
