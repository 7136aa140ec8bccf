//! What a rule asks for, as it stands on a day: its conditions with the value of each, and whether it is met.
//!
//! Made from the plans of the board, so that what is told is what was weighed. Which of them are told is in `distance`.

use super::board::{Board, Plan};
use super::condition::{Bound, Comparison, Truth};
use super::level::Step;
use super::report::{Compared, Requirement};
use crate::epi::{Estimate, IndicatorKind};

impl Board<'_> {
    /// What calls for a step of a rule (both by their place).
    pub(super) fn to_enter(&self, rule: usize, edge: usize, place: usize) -> Vec<Requirement> {
        self.told(vec![self.rules[rule][edge].plan.clone()], place)
    }

    /// What a rule must show to let go of a step. Figures that were never reported have no part in it.
    pub(super) fn to_leave(&self, rule: usize, step: Step, place: usize) -> Vec<Requirement> {
        let today = self.concerned(rule, step, place).map(|edge| &edge.leave.today);
        let plans = today.map(|plan| self.of_reported(plan, place).unwrap_or_else(|| plan.clone()));
        self.told(plans.collect(), place)
    }

    /// Plans that must all hold, without those that another one brings with it.
    fn told(&self, plans: Vec<Plan>, place: usize) -> Vec<Requirement> {
        let mut needed: Vec<Plan> = Vec::new();
        for plan in plans.into_iter().flat_map(Plan::into_parts) {
            if !needed.iter().any(|other| other.implies(&plan)) {
                needed.retain(|other| !plan.implies(other));
                needed.push(plan);
            }
        }
        needed.iter().map(|plan| self.requirement(plan, place)).collect()
    }

    /// A plan without the indicators that were never given up to the day; `None` if nothing is left of it.
    fn of_reported(&self, plan: &Plan, place: usize) -> Option<Plan> {
        let until = i64::try_from(place).unwrap_or(i64::MAX);
        let kept = |parts: &[Plan]| -> Option<Vec<Plan>> {
            let kept: Vec<Plan> = parts.iter().filter_map(|part| self.of_reported(part, place)).collect();
            (!kept.is_empty()).then_some(kept)
        };
        match plan {
            Plan::Compare { reading, .. } | Plan::IsKnown(reading) => {
                (self.readings[*reading].first_given <= until).then(|| plan.clone())
            }
            Plan::IsUnknown(_) => Some(plan.clone()),
            Plan::All(parts) => kept(parts).map(Plan::All),
            Plan::Any(parts) => kept(parts).map(Plan::Any),
        }
    }

    fn requirement(&self, plan: &Plan, place: usize) -> Requirement {
        let met = match self.truth(plan, place) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown(..) => None,
        };
        let each = |parts: &[Plan]| parts.iter().map(|part| self.requirement(part, place)).collect();
        let known =
            |reading: usize, known| Requirement::Known { indicator: self.readings[reading].kind, known, met };
        match plan {
            Plan::All(parts) => Requirement::All { all: each(parts), met },
            Plan::Any(parts) => Requirement::Any { any: each(parts), met },
            Plan::IsKnown(reading) => known(*reading, true),
            Plan::IsUnknown(reading) => known(*reading, false),
            Plan::Compare { reading, bound, comparison } => {
                let reading = &self.readings[*reading];
                let estimate = match reading.slots[place] {
                    Ok(slot) => self.estimate(reading.kind, slot),
                    Err(reason) => Estimate::Missing(reason),
                };
                let compared = compared(reading.kind, &estimate, (*bound, *comparison), met);
                Requirement::Compare(Compared { cases_more: self.cases_more(&compared), ..compared })
            }
        }
    }

    /// Cases this week between an incidence that is to rise and its threshold, rounded up.
    fn cases_more(&self, compared: &Compared) -> Option<i64> {
        let is_to_rise = compared.met != Some(true) && matches!(compared.sign.as_str(), "≥" | ">");
        let is_incidence = compared.indicator == IndicatorKind::Incidence7dPer100k;
        let population = self.case.table.population.filter(|_| is_incidence && is_to_rise)?;
        let from = compared.value.or(compared.lower)?;
        let cases = ((compared.threshold - from) * population / 1e5).ceil();
        #[expect(clippy::cast_possible_truncation, reason = "checked to be a small whole number just here")]
        (0.0..1e12).contains(&cases).then_some(cases as i64)
    }
}

/// An estimate against a threshold.
pub(super) fn compared(
    indicator: IndicatorKind,
    estimate: &Estimate,
    (bound, comparison): (Bound, Comparison),
    met: Option<bool>,
) -> Compared {
    let value = match bound {
        Bound::Value => estimate.value(),
        Bound::Lower => estimate.lower(),
        Bound::Upper => estimate.upper(),
    };
    // An interval says how sure a value is; only a range without one stands in for it.
    let is_range = value.is_none() && bound == Bound::Value;
    Compared {
        indicator,
        bound,
        sign: comparison.sign().to_owned(),
        threshold: comparison.threshold(),
        value,
        lower: estimate.lower().filter(|_| is_range),
        upper: estimate.upper().filter(|_| is_range),
        reason: if value.is_none() { estimate.reason() } else { None },
        met,
        cases_more: None,
    }
}

impl Plan {
    /// Parts that must all hold.
    fn into_parts(self) -> Vec<Self> {
        match self {
            Self::All(parts) => parts.into_iter().flat_map(Self::into_parts).collect(),
            Self::Any(mut parts) if parts.len() == 1 => parts.remove(0).into_parts(),
            plan => vec![plan],
        }
    }

    /// Whether it can be seen from the two alone that one never holds without the other.
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any(parts), _) => parts.iter().all(|part| part.implies(other)),
            (_, Self::All(parts)) => parts.iter().all(|part| self.implies(part)),
            (_, Self::Any(parts)) if parts.iter().any(|part| self.implies(part)) => true,
            (Self::All(parts), _) => parts.iter().any(|part| part.implies(other)),
            (
                Self::Compare { reading, bound, comparison },
                Self::Compare { reading: other, bound: of_other, comparison: near },
            ) => reading == other && bound == of_other && comparison.implies(*near),
            _ => self == other,
        }
    }
}
