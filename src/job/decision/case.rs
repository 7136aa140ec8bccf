//! What a decision is held against on a day: the journal, what the rules say, the ladder, ceilings, units.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;

use crate::assessment::{Assessment, Ceiling, Orders, Policy};
use crate::decision::{
    Answer, CeilingOn, Circumstances, ClockRules, ClockState, Draft, Journal, Recommended, Refusal, check,
    run_clock,
};
use crate::epi::{LocationId, Vintage};
use crate::job::{Gear, Viewing};
use crate::store::SavedAssessment;

/// The city's journal, as it was at a moment.
///
/// # Errors
/// When the store does not answer, or its journal cannot be.
pub async fn journal(journey: &Viewing<'_>, as_of: Option<Vintage>) -> anyhow::Result<Journal> {
    let decisions = journey.store.decisions(&journey.city.location, as_of).await;
    Journal::new(decisions.context("read the decisions")?).context("read the journal of decisions")
}

/// Everything that a decision of today is held against.
#[derive(Debug)]
pub struct Deciding {
    /// Today, in the city.
    pub today: NaiveDate,
    /// What was decided before.
    pub journal: Journal,
    /// The last evaluation: what the rules say, and what they rest on.
    pub last: Option<SavedAssessment>,
    recommended: Option<Recommended>,
    policy: Policy,
    ceilings: Ceilings,
    units: BTreeMap<String, String>,
}

/// So many days an evaluation counts for a decision: rules are held against new figures once a week at least, and what nobody has
/// evaluated since is no recommendation any more.
const COUNTS_FOR: i64 = 7;

/// Gathers what a decision of now is held against.
///
/// # Errors
/// When the store does not answer.
pub async fn deciding(journey: &Viewing<'_>) -> anyhow::Result<Deciding> {
    deciding_of(journey, &Answer::default()).await
}

/// The same for an answer: of a decision that is recorded from paper, what the rules had said by the end of its day.
///
/// # Errors
/// When the store does not answer.
pub async fn deciding_of(journey: &Viewing<'_>, answer: &Answer) -> anyhow::Result<Deciding> {
    let today = journey.today();
    let journal = journal(journey, None).await?;
    let now = journey.clock.now();
    let taken_on = answer.taken_on().filter(|day| *day < today);
    let by = taken_on.map_or(now, |day| Vintage::end_of(day, journey.city.zone));
    let decided_on = taken_on.unwrap_or(today);
    let last = journey.store.last_assessment(&journey.city.location, Some(by)).await?;
    let last = last.filter(|saved| (decided_on - saved.assessment.date).num_days() <= COUNTS_FOR);
    let zone = last.as_ref().and_then(|saved| saved.assessment.indicators.get("zone")?.value);
    let (orders, lineage) = (journey.city.orders.clone(), journey.city.lineage.clone());
    let units = journey.city.unit_names();
    Ok(Deciding {
        today,
        journal,
        recommended: last.as_ref().map(recommended),
        last,
        policy: taken_on.map_or_else(|| journey.policy(), |day| journey.policies.on(day)).clone(),
        ceilings: Ceilings { orders, lineage, zone },
        units,
    })
}

impl Deciding {
    /// Holds what was filled in against it.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn check(&self, journey: &Gear, answer: &Answer) -> Result<Draft, Vec<Refusal>> {
        check(
            answer,
            Circumstances {
                location: journey.city.location.as_str(),
                today: self.today,
                calendar: &journey.city.calendar,
                journal: &self.journal,
                recommended: self.recommended.as_ref(),
                policy: &self.policy,
                ceiling: &self.ceilings,
                lists: &journey.city.exemption_lists,
                units: &self.units,
            },
        )
    }

    /// The rules that it is decided by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the rules say, where they have been applied.
    #[must_use]
    pub fn assessment(&self) -> Option<&Assessment> {
        self.last.as_ref().map(|saved| &saved.assessment)
    }

    /// The same, as a decision keeps it.
    #[must_use]
    pub fn recommended(&self) -> Option<&Recommended> {
        self.recommended.as_ref()
    }

    /// The ceiling of a higher order on a day.
    #[must_use]
    pub fn ceiling(&self, date: NaiveDate) -> Option<Ceiling> {
        self.ceilings.ceiling(date)
    }

    /// Names of the city's units by id.
    #[must_use]
    pub fn units(&self) -> &BTreeMap<String, String> {
        &self.units
    }

    /// Where the clock stands today.
    #[must_use]
    pub fn clock<'a>(&'a self, journey: &Gear) -> Option<ClockState<'a>> {
        decision_clock(journey, &self.journal, self.today, self.assessment())
    }
}

/// Where the clock stands on a day.
#[must_use]
pub fn decision_clock<'a>(
    journey: &Gear,
    journal: &'a Journal,
    date: NaiveDate,
    assessment: Option<&Assessment>,
) -> Option<ClockState<'a>> {
    run_clock(journal, date, assessment, (&journey.city.calendar, ClockRules::default()))
}

fn recommended(saved: &SavedAssessment) -> Recommended {
    let said = &saved.assessment;
    Recommended {
        id: saved.id.clone(),
        date: said.date,
        as_of: saved.as_of.to_string(),
        step: said.step,
        mode: said.mode,
        verdict: said.verdict,
        deciding_rule: said.deciding_rule.clone(),
        policy: said.policy.clone(),
    }
}

/// The orders that bind the city, with its official zone as last known.
#[derive(Debug)]
struct Ceilings {
    orders: Orders,
    lineage: Vec<LocationId>,
    zone: Option<f64>,
}

impl CeilingOn for Ceilings {
    fn ceiling(&self, date: NaiveDate) -> Option<Ceiling> {
        let order = self.orders.in_force(&self.lineage, date, self.zone)?;
        let pct = order.wfo_non_service_pct?;
        Some(Ceiling { pct, source: order.instrument.clone() })
    }
}
