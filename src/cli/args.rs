//! What can be typed. Help teaches by example.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::alert::AlertCommand;
pub use super::args_account::{
    AuditCommand, AuditListArgs, TokenAddArgs, TokenCommand, UserAddArgs, UserCommand,
};
use super::cities::CitiesArgs;
use super::decision::DecisionCommand;
use super::document::{BriefArgs, CircularArgs};
pub use super::export::{ExportArgs, ReproduceArgs};
use super::models::{DetectArgs, ForecastArgs};
use super::publish::PublishArgs;
use super::runs::RunsCommand;
use super::source::SourceCommand;
use super::store::{BackupArgs, RestoreArgs, StoreCommand};
use super::workforce::{AttendanceCommand, RosterCommand, UnitCommand};
use crate::disclosure::Audience;
use crate::telemetry::LogFormat;
use crate::text::Locale;

/// COVID case trend of a city, and what its rules recommend.
#[derive(Debug, Parser)]
#[command(name = "siaga", version, about, long_about = None, propagate_version = true, after_help = "\
Examples:
  siaga demo                                       watch June 2021 happen
  siaga assess --date 2021-06-28 --format json     what the rules say of a day, and why
  siaga indicators --input figures.csv --population 1043070
  siaga export observations --format csv --out figures.csv")]
pub struct Cli {
    /// Settings file [default: siaga.toml if there is one, else the built-in defaults]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The city it is for, where the installation has several
    #[arg(long, global = true, value_name = "NAME")]
    pub city: Option<String>,
    /// Language of words and numbers
    #[arg(long, global = true, value_name = "id|en")]
    pub lang: Option<Lang>,
    /// Say less
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more; twice for still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How the log and all talk on standard error are written: for reading, or an object a line
    #[arg(
        long,
        global = true,
        value_name = "text|json",
        env = "SIAGA_LOG_FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    pub log_format: LogForm,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// How the log is written, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For reading
    Text,
    /// An object a line
    Json,
}

impl LogForm {
    /// What the log takes.
    #[must_use]
    pub fn format(self) -> LogFormat {
        match self {
            Self::Text => LogFormat::Text,
            Self::Json => LogFormat::Json,
        }
    }
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Bahasa Indonesia
    Id,
    /// English
    En,
}

impl Lang {
    /// The language tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Id => Locale::Id.tag(),
            Self::En => Locale::En.tag(),
        }
    }
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading
    Table,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

/// What siaga can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Publish Kota Bogor's printed figures of 2021 on loopback and run a full siaga against them
    Demo(DemoArgs),
    /// Serve pages and run the schedule
    Serve,
    /// The cities of this installation, and how they stand
    Cities(CitiesArgs),
    /// Pull sources now, or take in one file
    Ingest(IngestArgs),
    /// Indicators from the store, or from a tidy CSV
    Indicators(IndicatorArgs),
    /// Level, verdict, deciding rule and reasons, from the store or from a tidy CSV
    Assess(AssessArgs),
    /// A level for every day and location by one policy or several, and two held against each other
    Backtest(BacktestArgs),
    /// Days and work units that stand out: EARS, cumulative sum, observed over expected
    Detect(DetectArgs),
    /// Cases of the next two weeks as quantiles, and how such forecasts did
    Forecast(ForecastArgs),
    /// Publishers: how they do, what a file makes of a payload, where they disagree, what is doubtful
    Source {
        /// What to do
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// Look at policies
    Policy {
        /// What to do
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// What people decide: drafts, signing, the journal, the clock, exempt units, orders of the centre
    Decision {
        /// What to do
        #[command(subcommand)]
        command: DecisionCommand,
    },
    /// Alerts: what is on, acknowledging and silencing it, receipts, the rules, a test message
    Alert {
        /// What to do
        #[command(subcommand)]
        command: AlertCommand,
    },
    /// Draw a chart as SVG or PNG, or write what it shows
    Chart(ChartArgs),
    /// Write a dashboard as pages that need no server
    Dashboard(DashboardArgs),
    /// Write what anybody may see as a folder for any web server
    Publish(PublishArgs),
    /// Write the one-page briefing of a day as PDF
    Brief(BriefArgs),
    /// Draft a circular from a decision, to edit (DOCX) or to read (PDF), or its message for a chat
    Circular(CircularArgs),
    /// Write a dataset: observations, indicators, assessments, decisions, revisions, alerts, units; or the evidence for a day
    Export(ExportArgs),
    /// Make a file that was taken away again, byte by byte, from the id it bears
    Reproduce(ReproduceArgs),
    /// Add people, give them another role, disable them, let them in again
    User {
        /// What to do
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Tokens for programs
    Token {
        /// What to do
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Check settings, policies, sources and dashboards, then print the effective settings
    Check {
        /// Print a commented settings file instead
        #[arg(long)]
        example: bool,
    },
    /// Bring the database's tables up to date
    Migrate,
    /// Pulls: what came, what was refused, what is held
    Runs {
        /// What to do
        #[command(subcommand)]
        command: RunsCommand,
    },
    /// Write the store into one file, while the program runs
    Backup(BackupArgs),
    /// Fill an empty database from such a file
    Restore(RestoreArgs),
    /// Move the store to another database
    Store {
        /// What to do
        #[command(subcommand)]
        command: StoreCommand,
    },
    /// Work units: head-counts, what binds them, closures, notes
    Unit {
        /// What to do
        #[command(subcommand)]
        command: UnitCommand,
    },
    /// The duty roster (piket)
    Roster {
        /// What to do
        #[command(subcommand)]
        command: RosterCommand,
    },
    /// Attendance and daily reports, by unit and day
    Attendance {
        /// What to do
        #[command(subcommand)]
        command: AttendanceCommand,
    },
    /// Read the audit log, and see whether anybody changed it
    Audit {
        /// What to do
        #[command(subcommand)]
        command: AuditCommand,
    },
}

/// `siaga demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Stop after this day
    #[arg(long, value_name = "DATE", default_value = "2021-07-31")]
    pub until: NaiveDate,
    /// How fast days pass
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub days_per_second: f64,
    /// Step through the days at once, print a summary and exit
    #[arg(long)]
    pub no_wait: bool,
    /// Start over instead of going on where the last demonstration stopped
    #[arg(long)]
    pub fresh: bool,
}

/// `siaga ingest`
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// Only this source (may be repeated)
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub source: Vec<String>,
    /// Take in this file
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How the file is to be read: a shipped name or a file [default: recognised: tidy CSV, or the form of the page of figures]
    #[arg(long, value_name = "SPEC", requires = "file")]
    pub source_spec: Option<String>,
    /// The day of the file's figures, where it does not say
    #[arg(long, value_name = "DATE", requires = "file")]
    pub date: Option<NaiveDate>,
    /// Since when the file's figures were known, where it does not say: a day (its start) or a moment with an offset
    #[arg(long, value_name = "MOMENT", requires = "file")]
    pub as_of: Option<String>,
    /// Read every archived payload again, as it came: after a source's file was mended
    #[arg(long, conflicts_with = "file")]
    pub replay_archive: bool,
    /// Show what would be accepted and refused; keep nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to write the report
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// A tidy CSV given instead of the store, and how to read it.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Tidy CSV: date,location,measure,value and optionally as_of,source,unit_id,note,…
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Residents of every location in the input
    #[arg(long, value_name = "N", requires = "input", conflicts_with = "locations")]
    pub population: Option<f64>,
    /// Locations with their population: location,name,level,parent,population,time_zone,valid_from,source
    #[arg(long, value_name = "FILE", requires = "input")]
    pub locations: Option<PathBuf>,
    /// Only this source, where the input has several of one measure
    #[arg(long, value_name = "NAME", requires = "input")]
    pub source: Option<String>,
    /// As known then: a day (its end) or a moment with an offset
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// For whom, of the store's figures: public, government, executive, unit:ID or unsuppressed (recorded)
    /// [default: executive; with a token what its role sees]
    #[arg(long, value_name = "WHO", conflicts_with = "input")]
    pub audience: Option<Audience>,
}

/// `siaga indicators`
#[derive(Debug, Args)]
pub struct IndicatorArgs {
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// Only this day
    #[arg(long, value_name = "DATE", conflicts_with_all = ["from", "to"])]
    pub date: Option<NaiveDate>,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Serial interval of rt: mean and standard deviation in days, or a file of weights from day 0 on [default: the method's]
    #[arg(long, value_name = "MEAN,SD")]
    pub serial_interval: Option<String>,
    /// Days of the window of rt [default: the method's]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u8).range(1..=60))]
    pub rt_window: Option<u8>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga assess`
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// The day [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// The policy: a shipped name or a file [default: the settings']
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    /// Which location, where the input has several
    #[arg(long, value_name = "CODE")]
    pub location: Option<String>,
    /// Orders of the centre: a file, `shipped`, or `none` [default: the settings' for the store, none for --input]
    #[arg(long, value_name = "FILE")]
    pub orders: Option<String>,
    /// What is in force: STEP,SINCE or none [default: worked out from the days before]
    #[arg(long, value_name = "STEP,DATE")]
    pub in_force: Option<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// `siaga backtest`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga backtest --policy kota-bogor --policy kmk-4805-2021               the city's own history, two rules
  siaga backtest --policy mine.toml --as-of-each-day --format csv         as each day knew it
  siaga backtest --policy cdc-community-levels-2022 --input weekly.csv --rules
  siaga backtest --policy kota-bogor --policy mine.toml --compare         only how they differ")]
pub struct BacktestArgs {
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// A policy: a shipped name, a file, or a folder of versions (may be repeated) [default: the settings']
    #[arg(long, value_name = "POLICY")]
    pub policy: Vec<String>,
    /// First day [default: the first one known]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Each day on the figures that were known at its end
    #[arg(long, conflicts_with = "as_of")]
    pub as_of_each_day: bool,
    /// A column for each rule, with its own word
    #[arg(long)]
    pub rules: bool,
    /// Only how the two policies differ: days per level, switches, spikes, who was earlier, days at the office
    #[arg(long)]
    pub compare: bool,
    /// Orders of the centre: a file, `shipped`, or `none` [default: the settings' for the store, none for --input]
    #[arg(long, value_name = "FILE")]
    pub orders: Option<String>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga policy`
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// The policies that ship
    List,
    /// One policy: its ladder, rules and sources
    Show {
        /// A shipped name or a file
        policy: String,
        /// Its newest version as the file it is, to copy and change
        #[arg(long)]
        file: bool,
    },
    /// Check a policy file: every fault with its line
    Check {
        /// The file
        file: PathBuf,
    },
    /// What two policies say differently, and what that would have done to the same months
    Diff(PolicyDiffArgs),
}

/// `siaga policy diff`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga policy diff kota-bogor mine.toml                        the rules, and the city's own history if there is one
  siaga policy diff kota-bogor kmk-4805-2021 --input figures.csv --population 1043070")]
pub struct PolicyDiffArgs {
    /// The one
    pub one: String,
    /// The other
    pub other: String,
    /// Where the figures come from
    #[command(flatten)]
    pub input: InputArgs,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Each day on the figures that were known at its end
    #[arg(long, conflicts_with = "as_of")]
    pub as_of_each_day: bool,
}

/// `siaga chart`
#[derive(Debug, Args)]
pub struct ChartArgs {
    /// The chart: epicurve, incidence, growth, rt, forecast, revisions, … (a wrong name lists all)
    pub name: String,
    /// Where to: a file that ends in .svg or .png; in .csv or .xlsx for what the chart shows
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The day it ends on [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// As known then
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// Days up to that day [default: as the dashboards have it]
    #[arg(long, value_name = "DAYS")]
    pub days: Option<String>,
    /// linear or log: how counts and rates are spaced
    #[arg(long, value_name = "SCALE")]
    pub scale: Option<String>,
    /// count or 100k: people, or people per 100,000 residents
    #[arg(long, value_name = "UNIT")]
    pub per: Option<String>,
    /// Narrow, as on a phone
    #[arg(long)]
    pub phone: bool,
    /// Dark instead of light
    #[arg(long)]
    pub dark: bool,
    /// For whom: public, government, executive, unit:ID or unsuppressed (recorded) [default: executive; with a token what its role sees]
    #[arg(long, value_name = "WHO")]
    pub audience: Option<Audience>,
}

/// `siaga dashboard`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga dashboard public --out public_html             both languages, to be put on any web server or opened from a disk
  siaga dashboard mayor --audience executive --as-of 2021-06-28 --out rapat")]
pub struct DashboardArgs {
    /// The dashboard: mayor, public, officials, analyst, wall, or one of your own
    pub name: String,
    /// Where to: a folder that is not there yet, is empty, or was written by this command
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The day it is about [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// As known then
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// For whom: public, government, executive, unit:ID or unsuppressed (recorded)
    #[arg(long, value_name = "WHO", default_value = "public")]
    pub audience: Audience,
}
