//! The doubts that nobody has answered yet.

use super::apply::apply;
use super::standing::standing;
use super::verdict::Judgement;
use crate::epi::Vintage;
use crate::observation::doubt::sibling;
use crate::observation::{Doubt, DoubtKind, Observation, Places, doubts};

/// The doubts that are open at a moment. `observations` are as reported.
///
/// A jump or a silence is looked for in the figures as judged: what was spread jumps no more. Figures that should add up are
/// held against each other as reported: what was spread adds up no more, and that is nobody's mistake. A figure that was
/// judged itself is not asked about.
#[must_use]
pub fn open_doubts(
    observations: &[Observation],
    judgements: &[Judgement],
    as_of: Vintage,
    places: Places<'_>,
) -> Vec<Doubt> {
    if judgements.is_empty() {
        return doubts(observations, Some(as_of), places);
    }
    let standing = standing(judgements, observations, as_of);
    let judged = apply(observations.to_vec(), judgements, as_of);
    let mut open = doubts(&judged.observations, Some(as_of), places);
    open.retain(|doubt| is_about_the_shape(doubt.kind));
    let mut sums = doubts(observations, Some(as_of), places);
    sums.retain(|doubt| !is_about_the_shape(doubt.kind));
    open.extend(sums);
    open.retain(|doubt| !standing.iter().any(|judgement| answers(judgement, doubt)));
    open.sort_by(|one, other| {
        (&one.series, one.date, one.days, one.kind).cmp(&(&other.series, other.date, other.days, other.kind))
    });
    open
}

fn is_about_the_shape(kind: DoubtKind) -> bool {
    matches!(kind, DoubtKind::Backlog | DoubtKind::Outlier | DoubtKind::ZeroRun | DoubtKind::FlatTotal)
}

/// A judgement of a figure answers what is asked of that day; one of several days answers what is asked of them.
fn answers(judgement: &Judgement, doubt: &Doubt) -> bool {
    let first = judgement.date - chrono::Duration::days(i64::from(judgement.days.max(1)) - 1);
    let is_its_series = judgement.series == doubt.series
        || sibling(&doubt.series).is_some_and(|other| other == judgement.series);
    is_its_series && (first..=judgement.date).contains(&doubt.date)
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;
    use crate::epi::{LocationId, Locations, Status};
    use crate::observation::{Measure, SeriesKey};
    use std::collections::BTreeMap;

    fn figures() -> Vec<Observation> {
        let figure = |(day, value): (u32, f64)| Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::Cases,
            source: "pikobar".to_owned(),
            date: chrono::NaiveDate::from_ymd_opt(2021, 1, day).unwrap(),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::from_millis(1).unwrap(),
            note: String::new(),
            address: String::new(),
        };
        [(21, 40.0), (22, 45.0), (23, 38.0), (24, 41.0), (25, 40.0), (26, 400.0)].map(figure).to_vec()
    }

    fn open(verdict: Verdict) -> usize {
        let told = figures();
        let at = Vintage::from_millis(10).unwrap();
        let judgement = Judgement {
            id: 1,
            at,
            by: "sari".to_owned(),
            role: "data_officer".to_owned(),
            series: SeriesKey::of(&told[5]),
            date: told[5].date,
            days: 1,
            verdict,
            spread_from: (verdict == Verdict::Spread).then(|| told[0].date),
            public_note: "late".to_owned(),
            internal_note: String::new(),
        };
        let none = BTreeMap::new();
        let places = Places { locations: &Locations::default(), unidentified: &none };
        assert_eq!(open_doubts(&told, &[], at, places).len(), 1);
        open_doubts(&told, &[judgement], at, places).len()
    }

    #[test]
    fn whatever_was_said_of_a_figure_answers_its_doubt_and_withdrawing_asks_again() {
        assert_eq!(Verdict::ALL.map(open), [0, 0, 0, 1]);
    }
}
