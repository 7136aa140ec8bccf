//! What can be typed of alerts.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::alert::Severity;
use crate::cli::args::Format;

/// `siaga alert`
#[derive(Debug, Subcommand)]
pub enum AlertCommand {
    /// What is on now, the gravest first; with days, what became of what
    #[command(after_help = "\
Examples:
  siaga alert list                                     what is on, and who sees to it
  siaga alert list --from 2021-06-21 --to 2021-06-28   what fired, rose, went further, was over
  siaga alert list --all --format csv > alerts.csv")]
    List(ListArgs),
    /// Say that you see to an alert: it goes no further
    #[command(after_help = "\
Example:
  siaga alert acknowledge 3f2a9c01 --note \"calling the health office\"")]
    Acknowledge {
        /// Its id, or the first six letters of it or more, as `siaga alert list` prints it
        alert: String,
        /// What there is to say, on one line
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Give an alert to a person of the settings, who is told of it at once
    HandOver {
        /// Its id, or the first six letters of it or more
        alert: String,
        /// To whom: a name of `alert.person`
        #[arg(long, value_name = "NAME")]
        to: String,
        /// What there is to say, on one line
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Keep alerts back until an end, with a reason
    #[command(after_help = "\
Examples:
  siaga alert silence --rule source_trouble --subject dinkes --until 2021-06-30 --reason \"maintenance, announced by letter\"
  siaga alert silence --rule near_threshold --until 4h --reason \"the mayor is told already\"")]
    Silence(SilenceArgs),
    /// End a silence before its time
    Lift {
        /// Its number, as `siaga alert silences` prints it
        number: i64,
    },
    /// Silences, newest first: who, why, until when
    Silences {
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// What became of every evaluation, alert and message: fired, held, muted, silenced, sent, failed, acknowledged …
    #[command(after_help = "\
Examples:
  siaga alert receipts --alert 3f2a9c01                who was told of it, and who acknowledged it
  siaga alert receipts --outcome failed --from 2021-06-01
  siaga alert receipts --rule threshold_crossed --all  also the evaluations that told nothing")]
    Receipts(ReceiptArgs),
    /// The report card of a month: how many alerts, how soon somebody saw to them, how many led to nothing
    Report {
        /// The month [default: the last whole one]
        #[arg(long, value_name = "YYYY-MM")]
        month: Option<String>,
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Check a file of alert rules: every fault with its line
    Check {
        /// The file
        file: PathBuf,
    },
    /// What the rules would make of now, and who would hear of it; nothing is kept, nobody is told
    DryRun {
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Who hears of what over which channel: every rule and event, and those that nobody hears of
    Route(RouteArgs),
    /// Send messages again that were given up, each under its own key; exit 1 if one is not accepted
    #[command(after_help = "\
Examples:
  siaga alert receipts --outcome failed                what was given up, and why
  siaga alert resend 3f2a9c01                          one of them, once the reason is mended
  siaga alert resend --all                             all of them; signs of life and tests are not sent again")]
    Resend(ResendArgs),
    /// Send a test message over the real channels; exit 1 if one is not accepted
    #[command(after_help = "\
Examples:
  siaga alert test --to \"Sekda Kota Bogor\"             at each of that person's addresses
  siaga alert test --to sekda@kotabogor.go.id
  siaga alert test --channel telegram                  everybody on that channel")]
    Test(TestArgs),
}

/// `siaga alert list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// What became of what, from the first day on
    #[arg(long)]
    pub all: bool,
    /// The same from this day on
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// The same up to this day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Only of this alert rule
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga alert silence`
#[derive(Debug, Args)]
pub struct SilenceArgs {
    /// Which alert rule; * for all
    #[arg(long, value_name = "RULE")]
    pub rule: String,
    /// Which subject: a rule of the policy, a source, a unit; * for all
    #[arg(long, value_name = "SUBJECT", default_value = "*")]
    pub subject: String,
    /// Until when: 4h, 2d, a day (its end), a moment
    #[arg(long, value_name = "WHEN")]
    pub until: String,
    /// Why: it is kept beside the silence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `siaga alert receipts`
#[derive(Debug, Args)]
pub struct ReceiptArgs {
    /// Only of this alert rule
    #[arg(long, value_name = "RULE", conflicts_with = "alert")]
    pub rule: Option<String>,
    /// Only of this alert and of the messages that told of it
    #[arg(long, value_name = "ID", conflicts_with_all = ["outcome", "from", "to", "all"])]
    pub alert: Option<String>,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Only those that ended so
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<String>,
    /// Also those of evaluations that told nothing
    #[arg(long)]
    pub all: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga alert route`
#[derive(Debug, Args)]
pub struct RouteArgs {
    /// Only this alert rule
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Only rules at least so severe: info, warning, critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga alert resend`
#[derive(Debug, Args)]
pub struct ResendArgs {
    /// Their ids, or the first six letters of them or more, as `siaga alert receipts` prints them
    #[arg(value_name = "MESSAGE", required_unless_present = "all")]
    pub messages: Vec<String>,
    /// Every message that was given up
    #[arg(long, conflicts_with = "messages")]
    pub all: bool,
}

/// `siaga alert test`
#[derive(Debug, Args)]
pub struct TestArgs {
    /// To whom: a name of `alert.person`, an address, or the name of a webhook or Alertmanager [default: everybody]
    #[arg(long, value_name = "NAME|ADDRESS")]
    pub to: Option<String>,
    /// Only over this channel
    #[arg(long, value_name = "CHANNEL", value_parser = ["email", "telegram", "whatsapp", "webhook", "alertmanager"])]
    pub channel: Option<String>,
}
