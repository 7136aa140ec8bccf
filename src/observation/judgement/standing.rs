//! Which judgements hold at a moment.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::verdict::{Judgement, Verdict};
use crate::epi::Vintage;
use crate::observation::{Observation, SeriesKey};

/// The figure a judgement is about.
type Figure = (SeriesKey, NaiveDate, u32);

/// The judgements that hold at a moment, in the order in which they were made.
///
/// Of each figure the last one that was not withdrawn holds; withdrawing it brings back the one before. A judgement is about
/// the figure as it was known then: once its publisher tells another value, it holds no longer and the doubt is asked anew.
#[must_use]
pub fn standing<'a>(
    judgements: &'a [Judgement],
    observations: &[Observation],
    as_of: Vintage,
) -> Vec<&'a Judgement> {
    let mut made: Vec<&Judgement> = judgements.iter().filter(|judgement| judgement.at <= as_of).collect();
    made.sort_by_key(|judgement| (judgement.at, judgement.id));
    let mut stacks: BTreeMap<Figure, Vec<&Judgement>> = BTreeMap::new();
    for judgement in made {
        let stack = stacks.entry((judgement.series.clone(), judgement.date, judgement.days)).or_default();
        match judgement.verdict {
            Verdict::Withdraw => drop(stack.pop()),
            _ => stack.push(judgement),
        }
    }
    stacks.retain(|_, stack| !stack.is_empty());
    let told = told(observations, &stacks);
    let nothing = Vec::new();
    let holds = |figure: &Figure, judgement: &Judgement| {
        let told = told.get(figure).unwrap_or(&nothing);
        known_at(told, judgement.at) == known_at(told, as_of)
    };
    let mut standing: Vec<&Judgement> = stacks
        .iter()
        .filter_map(|(figure, stack)| stack.last().copied().filter(|judgement| holds(figure, judgement)))
        .collect();
    standing.sort_by_key(|judgement| (judgement.at, judgement.id));
    standing
}

/// What was told of the judged figures, in the order in which it became known.
fn told(
    observations: &[Observation],
    stacks: &BTreeMap<Figure, Vec<&Judgement>>,
) -> BTreeMap<Figure, Vec<(Vintage, Option<f64>)>> {
    let mut told: BTreeMap<Figure, Vec<(Vintage, Option<f64>)>> = BTreeMap::new();
    if stacks.is_empty() {
        return told;
    }
    for o in observations {
        let figure = (SeriesKey::of(o), o.date, o.days);
        if stacks.contains_key(&figure) {
            told.entry(figure).or_default().push((o.as_of, o.value));
        }
    }
    for vintages in told.values_mut() {
        vintages.sort_by_key(|(as_of, _)| *as_of);
    }
    told
}

fn known_at(told: &[(Vintage, Option<f64>)], as_of: Vintage) -> Option<f64> {
    told.iter().rev().find(|(known, _)| *known <= as_of).and_then(|(_, value)| *value)
}
