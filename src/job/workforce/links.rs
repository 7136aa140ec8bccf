//! How units' cases belong together: recorded by whoever sees units' cases as they were reported, of days that have cases.

use std::collections::BTreeMap;

use super::fault::WorkforceFault;
use super::register::Register;
use super::standing::case_days;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::disclosure::UnitView;
use crate::epi::Vintage;
use crate::job::{CityView, Focus, Journey, city_view};
use crate::workforce::{CaseDay, CaseLink, LinkFault};

/// Whether a visitor sees the cases of units as they were reported: only they say how cases belong together.
#[must_use]
pub fn sees_cases(visitor: &Visitor) -> bool {
    matches!(visitor, Visitor::Operator { .. }) || visitor.audience().units == UnitView::AsReported
}

/// The days of each unit on which cases are known, in the five weeks to the day of a view.
#[must_use]
pub fn days_with_cases(view: &CityView) -> BTreeMap<String, Vec<CaseDay>> {
    let units = view.grid.units.keys().map(|unit_id| (unit_id.clone(), case_days(view, unit_id)));
    units.filter(|(_, days)| !days.is_empty()).collect()
}

/// Keeps what somebody says of a unit's cases; its number. Nothing that was said before is changed.
///
/// # Errors
/// Why it cannot be kept.
pub async fn link_cases(
    journey: &Journey,
    link: &CaseLink,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<i64, WorkforceFault> {
    if !sees_cases(visitor) {
        return Err(WorkforceFault::Link(LinkFault::NotSeen));
    }
    let register = Register::of(journey).await?;
    let unit_id = register.unit(&link.unit_id)?.unit_id.clone();
    let audience = crate::disclosure::Audience::unsuppressed();
    let view = city_view(&journey.viewing(), Focus { date: None, as_of: None }, &audience).await?;
    let link = CaseLink {
        unit_id,
        reason: link.reason.trim().to_owned(),
        by: visitor.name().to_owned(),
        ..link.clone()
    };
    link.check(&case_days(&view, &link.unit_id)).map_err(WorkforceFault::Link)?;
    let days: Vec<String> = link.days.iter().map(ToString::to_string).collect();
    let entry =
        entry(Action::CasesLinked, &link.unit_id).detail(format!("{}: {}", link.says, days.join(", ")));
    let id = journey.store.add_case_link(&link, &entry).await?;
    journey.announce().await?;
    Ok(id)
}

/// What was said of units' cases by a moment, oldest first; nothing for whoever does not see them.
///
/// # Errors
/// When the store does not answer.
pub async fn case_links(
    journey: &Journey,
    as_of: Option<Vintage>,
    visitor: &Visitor,
) -> Result<Vec<CaseLink>, WorkforceFault> {
    if !sees_cases(visitor) {
        return Err(WorkforceFault::Link(LinkFault::NotSeen));
    }
    Ok(journey.store.case_links(as_of).await?)
}
