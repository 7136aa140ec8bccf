//! What can be typed of decisions.

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::{letter, order, show, write};
use crate::account::Visitor;
use crate::cli::Failure;
use crate::cli::args::Format;
use crate::cli::stored::journey;
use crate::config::Config;
use crate::decision::NumberAnswer;

/// `siaga decision`
#[derive(Debug, Subcommand)]
pub enum DecisionCommand {
    /// Decisions, oldest first
    List(FormatArgs),
    /// One decision as it was signed, with what it rested on
    Show {
        /// Its number
        number: u32,
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Write a draft: it is held against everything a decision must be, and nothing is in force yet
    #[command(after_help = "\
Examples:
  siaga decision draft --step 4 --start 2021-06-29 --last-day \"Senin, 5 Juli 2021\" --by \"Bima Arya\" --office mayor \\
      --place \"Balai Kota\" --reason case_trend --reason \"protect_staff=ASN adalah garda terdepan\" \\
      --exempt kota-bogor-2021-06-28
  siaga decision draft --kind extension --changes 3 --last-day 2021-07-12 --by \"Bima Arya\" --office mayor --reason case_trend
  siaga decision draft --decided-on 2020-03-20 --paper \"SE 800/1104-BKPSDM\" --step 4 --start 2020-03-21 --last-day 2020-03-31 \\
      --by \"Dedie A. Rachim\" --office deputy_mayor --reason single_event --exempt kota-bogor-2020")]
    Draft(Box<DraftArgs>),
    /// Drafts that wait for a signature
    Drafts(FormatArgs),
    /// Sign a draft: it goes into the journal, and nobody can change it any more
    Sign {
        /// Its id, as `siaga decision drafts` prints it
        draft: String,
    },
    /// Throw a draft away
    Discard {
        /// Its id
        draft: String,
    },
    /// Record the number and the day that an office gave a decision's circular
    #[command(after_help = "\
Examples:
  siaga decision letter 1 --number 800/3214-BKPSDM --date \"Senin, 28 Juni 2021\"
  siaga decision letter 1 --number 800/3124-BKPSDM --date 2021-06-28 --reason \"two digits were exchanged\"

Nothing that was recorded is changed: a correction stands beside it, with its reason. The circular is printed with the last one, and
later circulars cite it by that.")]
    Letter {
        /// The decision's number, as `siaga decision list` prints it
        decision: String,
        /// The circular's number
        #[arg(long, value_name = "NUMBER")]
        number: String,
        /// The day that the circular bears; a weekday written beside it is checked
        #[arg(long, value_name = "DATE")]
        date: String,
        /// Why it is otherwise than it was recorded before
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Every number of a circular that was recorded, with what was corrected
    Letters(FormatArgs),
    /// Where the decision in force stands: what is due when, and what today's figures would make of it
    Clock {
        /// The day [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Lists of exempt units that documents had
    Lists(FormatArgs),
    /// Hold one list of exempt units against another; a number means that decision's
    #[command(after_help = "\
Example:
  siaga decision compare kota-bogor-2020 kota-bogor-2021-06-28")]
    Compare {
        /// The first: an id of `siaga decision lists`, or a number
        one: String,
        /// The second
        other: String,
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Orders of the centre and the province that bind the city, and its status (KLB, PSBB, PPKM)
    Orders {
        /// The day [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
        /// Every one that is known, whatever the day
        #[arg(long, conflicts_with = "date")]
        all: bool,
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Add an order: the rules heed it from the next evaluation on
    #[command(after_help = "\
Example:
  siaga decision order --instrument \"Inmendagri 15/2021\" --source https://example.go.id/15 \\
      --from 2021-07-03 --to 2021-07-20 --non-service 0 --essential 25 --critical 100")]
    Order(Box<OrderArgs>),
    /// Give an order that was added here its last day
    OrderEnd {
        /// Its id, as `siaga decision orders` prints it
        order: String,
        /// Its last day
        #[arg(long, value_name = "DATE")]
        last_day: NaiveDate,
    },
}

/// Only how to write it.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// How to write it [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga decision draft`
#[derive(Debug, Args)]
pub struct DraftArgs {
    /// decision, amendment, extension or end
    #[arg(long, value_name = "KIND", default_value = "decision")]
    pub kind: String,
    /// The number of the decision that it changes
    #[arg(long, value_name = "NUMBER", default_value = "")]
    pub changes: String,
    /// The step, 0 to 4
    #[arg(long, value_name = "STEP", default_value = "")]
    pub step: String,
    /// Who decides
    #[arg(long, value_name = "NAME", default_value = "")]
    pub by: String,
    /// In which office: mayor, deputy_mayor, secretary
    #[arg(long, value_name = "OFFICE", default_value = "")]
    pub office: String,
    /// The day of the decision: today, or with --paper an earlier one; a weekday written beside it is checked
    #[arg(long, value_name = "DATE", default_value = "")]
    pub decided_on: String,
    /// The paper that it is recorded from afterwards, where it was taken on an earlier day and is not signed here
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub paper: String,
    /// Where it was decided
    #[arg(long, value_name = "PLACE", default_value = "")]
    pub place: String,
    /// The first day
    #[arg(long, value_name = "DATE", default_value = "")]
    pub start: String,
    /// The last day
    #[arg(long, value_name = "DATE", default_value = "")]
    pub last_day: String,
    /// The day of its evaluation [default: the last day]
    #[arg(long, value_name = "DATE", default_value = "")]
    pub evaluation: String,
    /// A reason: a code, or code=words; several times
    #[arg(long, value_name = "CODE[=TEXT]")]
    pub reason: Vec<String>,
    /// Why it departs from the recommendation
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub departure: String,
    /// What it rests on: a circular, an instruction; several times
    #[arg(long, value_name = "TEXT")]
    pub basis: Vec<String>,
    /// The list of exempt units, or none
    #[arg(long, value_name = "LIST", default_value = "")]
    pub exempt: String,
    /// A cap in percent for every unit of the list
    #[arg(long, value_name = "PERCENT", default_value = "")]
    pub exempt_cap: String,
    /// A unit that is exempt besides, with or without a cap; several times
    #[arg(long, value_name = "UNIT[=PERCENT]")]
    pub exempt_also: Vec<String>,
    /// A unit of the list that is not exempt; several times
    #[arg(long, value_name = "UNIT")]
    pub not_exempt: Vec<String>,
    /// What continues: a programme, a service; several times
    #[arg(long, value_name = "TEXT")]
    pub continues: Vec<String>,
}

/// `siaga decision order`
#[derive(Debug, Args)]
pub struct OrderArgs {
    /// Its instrument
    #[arg(long, value_name = "TEXT")]
    pub instrument: String,
    /// Where its text was read
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// Last day; without one it binds until it is given one
    #[arg(long, value_name = "DATE", default_value = "")]
    pub to: String,
    /// Where it binds [default: the city]
    #[arg(long, value_name = "CODE", default_value = "")]
    pub location: String,
    /// Official zones it binds, with commas [default: any]
    #[arg(long, value_name = "ZONES", default_value = "")]
    pub zones: String,
    /// At most so many percent at the office in non-service units
    #[arg(long, value_name = "PERCENT")]
    pub non_service: String,
    /// In essential services
    #[arg(long, value_name = "PERCENT", default_value = "")]
    pub essential: String,
    /// In critical services
    #[arg(long, value_name = "PERCENT", default_value = "")]
    pub critical: String,
}

/// Where a command comes from, in the audit log.
pub(super) const ADDRESS: &str = "command line";

/// Runs a decision command.
pub async fn run(config: &Config, command: &DecisionCommand, visitor: &Visitor) -> Result<(), Failure> {
    let journey = journey(config).await?;
    match command {
        DecisionCommand::List(args) => show::list(&journey, args.format).await,
        DecisionCommand::Show { number, format } => show::show(&journey, *number, (*format, visitor)).await,
        DecisionCommand::Draft(args) => write::draft(&journey, args, visitor).await,
        DecisionCommand::Drafts(args) => write::drafts(&journey, args.format).await,
        DecisionCommand::Sign { draft } => write::sign(&journey, draft, visitor).await,
        DecisionCommand::Discard { draft } => write::discard(&journey, draft).await,
        DecisionCommand::Letter { decision, number, date, reason } => {
            let answer = NumberAnswer { number: number.clone(), dated: date.clone(), reason: reason.clone() };
            letter::number(&journey, (decision, &answer), visitor).await
        }
        DecisionCommand::Letters(args) => letter::numbers(&journey, args.format).await,
        DecisionCommand::Clock { date, format } => show::clock(&journey, *date, *format).await,
        DecisionCommand::Lists(args) => show::lists(&journey, args.format),
        DecisionCommand::Compare { one, other, format } => {
            show::compare(&journey, (one, other), *format).await
        }
        DecisionCommand::Orders { date, all, format } => {
            order::orders(&journey, (!all).then(|| date.unwrap_or_else(|| journey.today())), *format)
        }
        DecisionCommand::Order(args) => order::add(&journey, args, visitor).await,
        DecisionCommand::OrderEnd { order, last_day } => {
            order::end(&journey, (order, *last_day), visitor).await
        }
    }
}
