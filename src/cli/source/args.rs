//! What can be typed after `siaga source`.

use clap::Subcommand;

use super::check::CheckArgs;
use super::figures::{JudgeArgs, ReportArgs};
use crate::cli::args::Format;

/// `siaga source`
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Read a payload as the source file says and tell what comes out: columns, figures, refusals, places, measures
    #[command(
        after_help = "Exit: 0 read, 1 nothing could be read, 2 the source file cannot be used (file and line)"
    )]
    Check(CheckArgs),
    /// The sources in use: fresh, due, late, stalled or failing, and when the next figures are expected
    List {
        /// Also those that can be read and were never used
        #[arg(long)]
        all: bool,
        /// How to write the list [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },

    /// Where sources disagree, how their figures change and settle, what is doubtful, what was judged
    #[command(after_help = "\
Examples:
  siaga source report doubts                                  what should be looked at
  siaga source report disagreement --as-of 2021-06-28
  siaga source report completeness --complete 90              how much of a day is known after so many days")]
    Report(ReportArgs),
    /// Confirm a doubtful figure, spread it over days, exclude it, or withdraw what was said
    #[command(after_help = "\
Examples:
  siaga source judge spread --location 3271 --measure cases --source pikobar-jabar --date 2021-01-26 \\
    --from 2021-01-01 --public-note \"late reports of January\"
  siaga source judge withdraw --location 3271 --measure cases --source pikobar-jabar --date 2021-01-26")]
    Judge(JudgeArgs),
}
