//! `siaga source report` and `siaga source judge`: what vintages tell of sources, and a person's word on a figure.

use chrono::NaiveDate;
use clap::Args;

use crate::account::{Permission, Visitor};
use crate::cli::args::Format;
use crate::cli::{Failure, door, input, output, stored, usage};
use crate::config::Config;
use crate::disclosure::Audience;
use crate::epi::LocationId;
use crate::job::{FigureReport, FiguresWanted, JudgeFault, Judging, judge};
use crate::observation::{Measure, Verdict};

/// `siaga source report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// disagreement, revisions, triangle, completeness, doubts or judgements
    pub report: FigureReport,
    /// Only this source
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// As known then: a day (its end) or a moment with an offset
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// Share of a day's figure that must be known for the day to be evaluated, in percent
    #[arg(long, value_name = "PCT", default_value_t = 95.0)]
    pub complete: f64,
    /// For whom: public, government, executive, unit:ID or unsuppressed (recorded)
    /// [default: executive; with a token what its role sees]
    #[arg(long, value_name = "WHO")]
    pub audience: Option<Audience>,
    /// How to write the report [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga source judge`
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// confirm, spread, exclude or withdraw
    pub verdict: Verdict,
    /// Where: a code
    #[arg(long, value_name = "CODE")]
    pub location: String,
    /// What is counted: cases, cases_total, beds_occupied, …
    #[arg(long, value_name = "NAME")]
    pub measure: Measure,
    /// The day; of a figure for several days, the last
    #[arg(long, value_name = "DATE")]
    pub date: NaiveDate,
    /// How many days the figure (or the doubt) covers
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=62))]
    pub days: u32,
    /// Who reports the figure
    #[arg(long, value_name = "NAME")]
    pub source: String,
    /// First of the days it is spread over (spread)
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Why, for every reader (spread and exclude ask for one)
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub public_note: String,
    /// Why, for those who judge
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub internal_note: String,
}

/// `siaga source report`
pub async fn report(config: &Config, args: &ReportArgs, visitor: &Visitor) -> Result<(), Failure> {
    if !(0.0..=100.0).contains(&args.complete) {
        return Err(usage(anyhow::anyhow!(
            "--complete {}: write a share in percent, 0 to 100",
            args.complete
        )));
    }
    let journey = stored::journey(config).await?;
    let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
    let audience = door::audience(visitor, args.audience.as_ref())?;
    let wanted = FiguresWanted {
        source: args.source.clone(),
        as_of,
        audience: audience.clone(),
        complete_pct: args.complete,
        with_internal_notes: visitor.may(Permission::JudgeFigures),
    };
    let table = args.report.table(&journey, &wanted).await?;
    door::note_view(&journey, visitor, &audience, &format!("source report {}", args.report)).await?;
    let bytes = output::rendered(&table, output::format_or_default(args.format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

/// `siaga source judge`
pub async fn judged(config: &Config, args: &JudgeArgs, visitor: &Visitor) -> Result<(), Failure> {
    let journey = stored::journey(config).await?;
    let judging = Judging {
        location: LocationId::new(&args.location),
        measure: args.measure,
        source: args.source.clone(),
        date: args.date,
        days: args.days,
        verdict: args.verdict,
        spread_from: args.from,
        public_note: args.public_note.clone(),
        internal_note: args.internal_note.clone(),
    };
    let judgement = judge(&journey, judging, (visitor, "")).await.map_err(|fault| match fault {
        JudgeFault::Store(_) | JudgeFault::Other(_) | JudgeFault::NotPermitted(_) => {
            Failure::Failed(fault.into())
        }
        fault => usage(fault),
    })?;
    output::say(&format!("judgement {}: {}", judgement.id, judgement.note()));
    Ok(())
}
