//! What `siaga detect` and `siaga forecast` take.

use chrono::NaiveDate;
use clap::Args;

use crate::cli::args::{Format, InputArgs};

/// `siaga detect`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga detect --from 2021-06-01                            days of the city that stand out
  siaga detect --measure staff_cases --audience unsuppressed --alarms
  siaga detect --units --date 2021-06-28 --audience unsuppressed
  siaga detect --input figures.csv --measure admissions --format csv")]
pub struct DetectArgs {
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// What is counted: a measure that is new in the day [default: cases, with --units staff_cases]
    #[arg(long, value_name = "MEASURE", conflicts_with = "units")]
    pub measure: Option<String>,
    /// Units against the city's rate in the fourteen days to the last day, instead of days against days before
    #[arg(long)]
    pub units: bool,
    /// Only days on which something stands out
    #[arg(long, conflicts_with = "units")]
    pub alarms: bool,
    /// Only this day
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    pub date: Option<NaiveDate>,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Days of the EARS baseline
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u8).range(3..=60))]
    pub baseline_days: u8,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga forecast`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga forecast                                      the next two weeks, as quantiles, beside the baseline
  siaga forecast --date 2021-06-20                    as if that were the last day known
  siaga forecast --score --as-of-each-week            how such forecasts did, on what each week knew
  siaga forecast --input figures.csv --score")]
pub struct ForecastArgs {
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// The last day that counts as known [default: the last one with a figure]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// How forecasts of every past week did instead: weighted interval score, coverage
    #[arg(long)]
    pub score: bool,
    /// Each past week on the figures that were known at its end
    #[arg(long, requires = "score", conflicts_with = "as_of")]
    pub as_of_each_week: bool,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}
