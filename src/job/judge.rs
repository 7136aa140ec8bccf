//! A named person's word on a figure: confirm it, spread it over days, exclude it, or withdraw what was said.

use chrono::NaiveDate;
use thiserror::Error;

use super::Journey;
use crate::account::{Permission, Visitor};
use crate::audit::{Action, Entry};
use crate::disclosure::is_about_staff;
use crate::epi::{LocationId, Vintage};
use crate::observation::{Judgement, Measure, Nature, Observation, SeriesKey, Verdict, standing};
use crate::store::{Filter, StoreError};

/// Characters of a note at most.
pub const NOTE_LENGTH: usize = 500;
/// Days a figure may be spread over at most: what comes later than two months is no late report but another count.
const SPREAD_DAYS: i64 = 62;

/// What somebody wants to say of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judging {
    /// Where.
    pub location: LocationId,
    /// What is counted.
    pub measure: Measure,
    /// By whom.
    pub source: String,
    /// The day; of a figure for several days, the last.
    pub date: NaiveDate,
    /// How many days it covers: 1, or more for a figure (or a doubt) of several days.
    pub days: u32,
    /// What is done with it.
    pub verdict: Verdict,
    /// The first of the days it is spread over.
    pub spread_from: Option<NaiveDate>,
    /// Why, for every reader.
    pub public_note: String,
    /// Why, for those who judge.
    pub internal_note: String,
}

/// Why a judgement is not taken.
#[derive(Debug, Error)]
pub enum JudgeFault {
    /// The person's work is another.
    #[error("{0} may not judge figures: it takes the permission judge_figures")]
    NotPermitted(String),
    /// There is no such figure.
    #[error(
        "{0} has no figure of {1} for {2} on {3}: `siaga source report doubts` names those that are doubted"
    )]
    NoFigure(String, Measure, LocationId, NaiveDate),
    /// A figure of staff.
    #[error("{0} is a figure of staff: it is judged by those who hold it, not here")]
    OfStaff(Measure),
    /// A note that cannot be kept.
    #[error("{0}")]
    Note(String),
    /// A spread that cannot be meant.
    #[error("{0}")]
    Spread(String),
    /// Nothing to withdraw.
    #[error("nothing is said of {0} on {1}: there is nothing to withdraw")]
    NothingToWithdraw(Measure, NaiveDate),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The pages could not be told.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Writes down a judgement, with an entry in the audit log, and tells the pages. The next evaluation goes by it.
///
/// # Errors
/// [`JudgeFault`]; nothing is kept then.
pub async fn judge(
    journey: &Journey,
    judging: Judging,
    (visitor, address): (&Visitor, &str),
) -> Result<Judgement, JudgeFault> {
    if !visitor.may(Permission::JudgeFigures) {
        return Err(JudgeFault::NotPermitted(visitor.name().to_owned()));
    }
    let now = journey.clock.now();
    let filter = Filter { location: Some(judging.location.clone()), as_of: Some(now) };
    let told = journey.store.observations(&filter).await?;
    let said = journey.store.judgements(Some(&judging.location), Some(now)).await?;
    let judging = checked(judging)?;
    let judgement = Judgement {
        id: 0,
        at: now,
        by: visitor.name().to_owned(),
        role: visitor.role().to_owned(),
        series: SeriesKey {
            location: judging.location,
            unit_id: None,
            measure: judging.measure,
            source: judging.source,
        },
        date: judging.date,
        days: judging.days,
        verdict: judging.verdict,
        spread_from: judging.spread_from,
        public_note: judging.public_note,
        internal_note: judging.internal_note,
    };
    check_figure(&judgement, told, &said, now)?;
    let entry = Entry::new(now, (visitor.name(), visitor.role()), Action::FigureJudged, &object(&judgement))
        .detail(judgement.note())
        .address(address);
    let id = journey.store.add_judgement(&judgement, &entry).await?;
    journey.announce().await?;
    Ok(Judgement { id, ..judgement })
}

/// The figure as the audit log names it.
fn object(judgement: &Judgement) -> String {
    let series = &judgement.series;
    format!(
        "{} {} {} {} {}",
        judgement.verdict, series.location, series.measure, judgement.date, series.source
    )
}

/// What can be checked without looking at figures.
fn checked(judging: Judging) -> Result<Judging, JudgeFault> {
    let is_of_staff = match judging.measure {
        Measure::Published(kind) => is_about_staff(kind),
        measure => measure.name().starts_with("staff_"),
    };
    if is_of_staff {
        return Err(JudgeFault::OfStaff(judging.measure));
    }
    let public_note = note("the public note", &judging.public_note)?;
    let internal_note = note("the internal note", &judging.internal_note)?;
    if judging.verdict.needs_public_note() && public_note.is_empty() {
        let message =
            format!("{}: readers see other figures by it, so a public note must say why", judging.verdict);
        return Err(JudgeFault::Note(message));
    }
    match (judging.verdict, judging.spread_from) {
        (Verdict::Spread, None) => {
            return Err(JudgeFault::Spread("spread: say the first of the days it is spread over".to_owned()));
        }
        (Verdict::Spread, Some(from)) => check_spread(&judging, from)?,
        (verdict, Some(_)) => {
            return Err(JudgeFault::Spread(format!(
                "{verdict}: only a figure that is spread has a first day"
            )));
        }
        (_, None) => {}
    }
    Ok(Judging { public_note, internal_note, ..judging })
}

fn note(what: &str, text: &str) -> Result<String, JudgeFault> {
    let text = text.trim();
    if text.chars().count() > NOTE_LENGTH || text.chars().any(char::is_control) {
        return Err(JudgeFault::Note(format!("{what}: write at most {NOTE_LENGTH} characters on one line")));
    }
    Ok(text.to_owned())
}

fn check_spread(judging: &Judging, from: NaiveDate) -> Result<(), JudgeFault> {
    let days = (judging.date - from).num_days();
    if judging.measure.nature() != Nature::Flow || judging.days != 1 {
        return Err(JudgeFault::Spread(format!(
            "spread: only new counts of one day can be spread, and {} over {} days is none",
            judging.measure, judging.days
        )));
    }
    if !(1..SPREAD_DAYS).contains(&days) {
        return Err(JudgeFault::Spread(format!(
            "spread from {from}: write a day before {}, at most {SPREAD_DAYS} days with it",
            judging.date
        )));
    }
    Ok(())
}

/// What has to be true of the figure.
fn check_figure(
    judgement: &Judgement,
    told: Vec<Observation>,
    said: &[Judgement],
    now: Vintage,
) -> Result<(), JudgeFault> {
    let series = &judgement.series;
    let standing = standing(said, &told, now);
    let is_same = |other: &&Judgement| {
        other.series == *series && other.date == judgement.date && other.days == judgement.days
    };
    if judgement.verdict == Verdict::Withdraw {
        let is_said = standing.iter().any(is_same);
        let fault = || JudgeFault::NothingToWithdraw(series.measure, judgement.date);
        return is_said.then_some(()).ok_or_else(fault);
    }
    let is_meant = |o: &&Observation| SeriesKey::of(o) == *series && o.date == judgement.date;
    // A doubt may be about a week of single days; then the week is confirmed, not a figure.
    let is_of_days =
        |o: &&Observation| o.days == judgement.days || (judgement.verdict == Verdict::Confirm && o.days == 1);
    let figure = told.iter().filter(is_meant).filter(is_of_days).max_by_key(|o| o.as_of);
    let value = figure.and_then(|figure| figure.value).ok_or_else(|| {
        let (measure, location) = (series.measure, series.location.clone());
        JudgeFault::NoFigure(series.source.clone(), measure, location, judgement.date)
    })?;
    if judgement.verdict == Verdict::Spread && value < 0.0 {
        return Err(JudgeFault::Spread(format!("spread: {value} is below zero; a wrong figure is excluded")));
    }
    // An excluded day stays missing: a share given to it would be lost.
    let others = || standing.iter().filter(|other| !is_same(other) && other.series == *series);
    if let Some(from) = judgement.spread_from {
        let excluded = others()
            .find(|other| other.verdict == Verdict::Exclude && (from..=judgement.date).contains(&other.date));
        if let Some(other) = excluded {
            return Err(JudgeFault::Spread(format!(
                "spread from {from}: {} is excluded, and its share would be lost; withdraw that first",
                other.date
            )));
        }
    }
    if judgement.verdict == Verdict::Exclude {
        let given = others().find(|other| {
            other.spread_from.is_some_and(|from| (from..=other.date).contains(&judgement.date))
        });
        if let Some(other) = given {
            return Err(JudgeFault::Spread(format!(
                "exclude: the figure of {} is spread over this day, and its share would be lost; withdraw that first",
                other.date
            )));
        }
    }
    Ok(())
}
