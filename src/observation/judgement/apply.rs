//! What becomes of the figures by the judgements that hold.

use std::collections::{BTreeMap, HashMap};

use chrono::{Duration, NaiveDate};

use super::marks::{Mark, Marks};
use super::standing::standing;
use super::verdict::{Judgement, Verdict};
use crate::epi::{Status, Vintage};
use crate::observation::{Observation, SeriesKey};

/// Figures with what was judged of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Everything that was reported, and after it one further vintage of each figure that a judgement changes.
    pub observations: Vec<Observation>,
    /// The days that were judged.
    pub marks: Marks,
}

/// The figures as judged by a moment. Every reported vintage stays; a figure that a judgement changes has one more, which is
/// the last: without a value if it is excluded, with its shares (and marked derived) if it is one of the days that a figure
/// was spread over.
///
/// *Spread*: the figure `v` of day *D* is shared out over the days *F … D* in whole cases ([`shares`]) and added to what those
/// days have; day *D* keeps its own share only. A day without a figure has its share. The sum over the days stays.
///
/// ```
/// use siaga::observation::{Judgement, Observation, SeriesKey, Verdict, apply};
/// # use siaga::epi::{LocationId, Status, Vintage};
/// # let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2021, 1, day).unwrap();
/// # let figure = |at: u32, value: f64| Observation {
/// #     location: LocationId::new("3271"), unit_id: None, measure: "cases".parse().unwrap(),
/// #     source: "pikobar".to_owned(), date: day(at), days: 1, value: Some(value),
/// #     status: Status::Printed, as_of: Vintage::from_millis(0).unwrap(), note: String::new(), address: String::new(),
/// # };
/// let told = vec![figure(25, 270.0), figure(26, 1_047.0)];
/// let judgement = Judgement {
///     verdict: Verdict::Spread,
///     spread_from: Some(day(25)),
///     public_note: "late reports of two laboratories".to_owned(),
/// #   id: 1, at: Vintage::from_millis(9).unwrap(), by: "sari".to_owned(), role: "data_officer".to_owned(),
/// #   series: SeriesKey::of(&told[1]), date: day(26), days: 1, internal_note: String::new(),
///     // …
/// };
/// let judged = apply(told, &[judgement], Vintage::from_millis(10).unwrap());
/// let values: Vec<_> = judged.observations[2..].iter().filter_map(|o| o.value).collect();
/// assert_eq!(values, [270.0 + 524.0, 523.0]);
/// ```
#[must_use]
pub fn apply(observations: Vec<Observation>, judgements: &[Judgement], as_of: Vintage) -> Judged {
    let standing: Vec<Judgement> = standing(judgements, &observations, as_of).into_iter().cloned().collect();
    if standing.is_empty() {
        return Judged { observations, marks: Marks::default() };
    }
    let mut observations = noted(observations, &standing, as_of);
    let (marks, changed) = changed(&observations, &standing, as_of);
    observations.extend(changed);
    Judged { observations, marks }
}

/// What was reported, with the public notes of the judgements that hold in the `note` of the figures they are about. No
/// value is other than reported.
#[must_use]
pub fn annotate(
    observations: Vec<Observation>,
    judgements: &[Judgement],
    as_of: Vintage,
) -> Vec<Observation> {
    let standing: Vec<Judgement> = standing(judgements, &observations, as_of).into_iter().cloned().collect();
    if standing.is_empty() { observations } else { noted(observations, &standing, as_of) }
}

/// `whole` shared out evenly over `days` in whole cases: what is left over goes to the first days, one each (largest
/// remainders, all of which are equal here). The shares add up to `whole`.
///
/// ```
/// assert_eq!(siaga::observation::shares(1_047.0, 4), [262.0, 262.0, 262.0, 261.0]);
/// ```
#[must_use]
pub fn shares(whole: f64, days: u32) -> Vec<f64> {
    let even = (whole / f64::from(days.max(1))).floor();
    let left = whole - even * f64::from(days);
    (0..days).map(|day| even + (left - f64::from(day)).clamp(0.0, 1.0)).collect()
}

type Place = (SeriesKey, NaiveDate, u32);

/// Which observation is the last known of each figure.
fn last_of(
    observations: &[Observation],
    as_of: Vintage,
    wanted: &dyn Fn(&SeriesKey) -> bool,
) -> HashMap<Place, usize> {
    let mut last: HashMap<Place, usize> = HashMap::new();
    for (index, o) in observations.iter().enumerate().filter(|(_, o)| o.as_of <= as_of) {
        let series = SeriesKey::of(o);
        if !wanted(&series) {
            continue;
        }
        let known = last.entry((series, o.date, o.days)).or_insert(index);
        if observations[*known].as_of <= o.as_of {
            *known = index;
        }
    }
    last
}

fn noted(mut observations: Vec<Observation>, standing: &[Judgement], as_of: Vintage) -> Vec<Observation> {
    let is_judged = |series: &SeriesKey| standing.iter().any(|judgement| judgement.series == *series);
    let last = last_of(&observations, as_of, &is_judged);
    for judgement in standing {
        let place = (judgement.series.clone(), judgement.date, judgement.days);
        let Some(figure) = last.get(&place).and_then(|index| observations.get_mut(*index)) else { continue };
        let before = if figure.note.is_empty() { String::new() } else { format!("{}; ", figure.note) };
        figure.note = before + &judgement.note();
    }
    observations
}

/// A day that gets shares: how many cases, since when, and why.
struct Share<'a> {
    cases: f64,
    of: &'a Judgement,
}

fn changed(
    observations: &[Observation],
    standing: &[Judgement],
    as_of: Vintage,
) -> (Marks, Vec<Observation>) {
    let is_judged = |series: &SeriesKey| standing.iter().any(|judgement| judgement.series == *series);
    let last = last_of(observations, as_of, &is_judged);
    let told = |place: &Place| last.get(place).map(|index| &observations[*index]);
    let mut marks = Marks::default();
    let mut out = Vec::new();
    let mut given: BTreeMap<(SeriesKey, NaiveDate), Vec<Share<'_>>> = BTreeMap::new();
    let mut spread: BTreeMap<(SeriesKey, NaiveDate), &Judgement> = BTreeMap::new();
    for judgement in standing {
        let (series, date) = (&judgement.series, judgement.date);
        let place = (series.clone(), date, judgement.days);
        match (judgement.verdict, told(&place)) {
            (Verdict::Exclude, Some(figure)) => {
                for day in days_of(date, judgement.days) {
                    marks.put(series, day, Mark::Excluded);
                }
                out.push(Observation {
                    value: None,
                    as_of: judgement.at.max(figure.as_of),
                    ..figure.clone()
                });
            }
            (Verdict::Spread, Some(figure)) => {
                let (Some(from), Some(value)) = (judgement.spread_from, figure.value) else { continue };
                let days = u32::try_from((date - from).num_days() + 1).unwrap_or(1);
                spread.insert((series.clone(), date), judgement);
                for (day, cases) in days_of(date, days).zip(shares(value, days)) {
                    marks.put(series, day, Mark::Spread);
                    given.entry((series.clone(), day)).or_default().push(Share { cases, of: judgement });
                }
            }
            (Verdict::Confirm, _) => {
                for day in days_of(date, judgement.days) {
                    marks.put(series, day, Mark::Confirmed);
                }
            }
            _ => {}
        }
    }
    for ((series, day), shares) in given {
        if marks.at(&series, day) == Some(Mark::Excluded) {
            continue;
        }
        let own = told(&(series.clone(), day, 1));
        let is_spread = spread.contains_key(&(series.clone(), day));
        let before = own.and_then(|own| own.value).filter(|_| !is_spread).unwrap_or(0.0);
        out.extend(with_shares(own, (&series, day), before, &shares, &told));
    }
    (marks, out)
}

/// A day's figure with its shares. A day without a figure looks like the one that was spread.
fn with_shares<'a>(
    own: Option<&'a Observation>,
    (series, day): (&SeriesKey, NaiveDate),
    before: f64,
    shares: &[Share<'_>],
    told: &dyn Fn(&Place) -> Option<&'a Observation>,
) -> Option<Observation> {
    let last = shares.iter().max_by_key(|share| (share.of.at, share.of.id))?;
    let pattern = own.or_else(|| told(&(series.clone(), last.of.date, 1)))?;
    Some(Observation {
        date: day,
        value: Some(before + shares.iter().map(|share| share.cases).sum::<f64>()),
        status: pattern.status.max(Status::Derived),
        as_of: pattern.as_of.max(last.of.at),
        note: last.of.note(),
        ..pattern.clone()
    })
}

fn days_of(last: NaiveDate, days: u32) -> impl Iterator<Item = NaiveDate> {
    let first = last - Duration::days(i64::from(days.max(1)) - 1);
    first.iter_days().take_while(move |day| *day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;
    use crate::observation::Measure;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 1, day).unwrap()
    }

    fn at(millis: i64) -> Vintage {
        Vintage::from_millis(millis).unwrap()
    }

    fn figure(on: u32, value: f64, known: i64) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::Cases,
            source: "pikobar".to_owned(),
            date: day(on),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: at(known),
            note: String::new(),
            address: String::new(),
        }
    }

    fn judgement(id: i64, on: u32, verdict: Verdict, spread_from: Option<u32>) -> Judgement {
        Judgement {
            id,
            at: at(100 + id),
            by: "sari".to_owned(),
            role: "data_officer".to_owned(),
            series: SeriesKey::of(&figure(on, 0.0, 0)),
            date: day(on),
            days: 1,
            verdict,
            spread_from: spread_from.map(day),
            public_note: "late reports".to_owned(),
            internal_note: "laboratory X called".to_owned(),
        }
    }

    /// What counts for each day: the last vintage.
    fn counts(judged: &Judged) -> Vec<(u32, Option<f64>)> {
        let mut last: BTreeMap<NaiveDate, (Vintage, Option<f64>)> = BTreeMap::new();
        for o in &judged.observations {
            if last.get(&o.date).is_none_or(|known| known.0 <= o.as_of) {
                last.insert(o.date, (o.as_of, o.value));
            }
        }
        last.into_iter().map(|(date, (_, value))| (chrono::Datelike::day(&date), value)).collect()
    }

    #[test]
    fn a_spread_figure_keeps_its_cases_and_says_so() {
        let told = vec![figure(25, 10.0, 1), figure(27, 20.0, 1), figure(28, 103.0, 1)];
        let judged = apply(told.clone(), &[judgement(1, 28, Verdict::Spread, Some(25))], at(200));
        assert_eq!(counts(&judged), [(25, Some(36.0)), (26, Some(26.0)), (27, Some(46.0)), (28, Some(25.0))]);
        assert_eq!(counts(&judged).iter().filter_map(|day| day.1).sum::<f64>(), 133.0);
        let share = judged.observations.iter().find(|o| o.date == day(26)).unwrap();
        assert_eq!(share.status, Status::Derived);
        assert_eq!(share.note, "spread over 2021-01-25 to 2021-01-28: late reports");
        assert_eq!(judged.marks.at(&share_key(), day(26)), Some(Mark::Spread));
        // What was reported is all there, unchanged but for the remark on the figure judged.
        let reported = &judged.observations[..told.len()];
        assert!(
            reported.iter().zip(&told).all(|(now, then)| now.value == then.value && now.as_of == then.as_of)
        );
        assert_eq!((reported[0].note.as_str(), reported[2].note.is_empty()), ("", false));
    }

    fn share_key() -> SeriesKey {
        SeriesKey::of(&figure(1, 0.0, 0))
    }

    #[test]
    fn spreads_that_overlap_add_up_in_any_order() {
        let told = vec![figure(25, 10.0, 1), figure(26, 100.0, 1), figure(27, 200.0, 1)];
        let both = [judgement(1, 26, Verdict::Spread, Some(25)), judgement(2, 27, Verdict::Spread, Some(26))];
        let other =
            [judgement(2, 26, Verdict::Spread, Some(25)), judgement(1, 27, Verdict::Spread, Some(26))];
        let expected = [(25, Some(60.0)), (26, Some(150.0)), (27, Some(100.0))];
        assert_eq!(counts(&apply(told.clone(), &both, at(200))), expected);
        assert_eq!(counts(&apply(told, &other, at(200))), expected);
    }

    #[test]
    fn an_excluded_figure_is_missing_and_stays_so_under_a_spread() {
        let told = vec![figure(25, 10.0, 1), figure(26, 100.0, 1)];
        let both = [judgement(1, 25, Verdict::Exclude, None), judgement(2, 26, Verdict::Spread, Some(25))];
        let judged = apply(told, &both, at(200));
        assert_eq!(counts(&judged), [(25, None), (26, Some(50.0))]);
        assert_eq!(judged.marks.at(&share_key(), day(25)), Some(Mark::Excluded));
    }

    #[test]
    fn a_judgement_holds_from_its_moment_until_it_is_withdrawn() {
        let told = vec![figure(26, 100.0, 1)];
        let made = [
            judgement(1, 26, Verdict::Exclude, None),
            judgement(2, 26, Verdict::Spread, Some(25)),
            judgement(3, 26, Verdict::Withdraw, None),
            judgement(4, 26, Verdict::Withdraw, None),
            judgement(5, 26, Verdict::Withdraw, None),
        ];
        let known = |moment: i64| counts(&apply(told.clone(), &made, at(moment)));
        assert_eq!(known(100), [(26, Some(100.0))], "a past moment knows nothing of later judgements");
        assert_eq!(known(101), [(26, None)]);
        assert_eq!(known(102), [(25, Some(50.0)), (26, Some(50.0))]);
        assert_eq!(known(103), [(26, None)], "the judgement before is back");
        assert_eq!(known(104), [(26, Some(100.0))]);
        assert_eq!(known(105), [(26, Some(100.0))], "nothing is left to withdraw");
    }

    #[test]
    fn a_corrected_figure_is_no_longer_the_one_that_was_judged() {
        let made = [judgement(1, 26, Verdict::Exclude, None)];
        let corrected = vec![figure(26, 100.0, 1), figure(26, 12.0, 150)];
        assert_eq!(counts(&apply(corrected[..1].to_vec(), &made, at(120))), [(26, None)]);
        assert_eq!(counts(&apply(corrected, &made, at(200))), [(26, Some(12.0))]);
        let repeated = vec![figure(26, 100.0, 1), figure(26, 100.0, 150)];
        assert_eq!(counts(&apply(repeated, &made, at(200))), [(26, None)], "told again is not told anew");
        // A day that shares were given to keeps them when its own figure is corrected.
        let made = [judgement(1, 26, Verdict::Spread, Some(25))];
        let told = vec![figure(25, 10.0, 1), figure(26, 100.0, 1), figure(25, 14.0, 150)];
        assert_eq!(counts(&apply(told, &made, at(200))), [(25, Some(64.0)), (26, Some(50.0))]);
    }

    #[test]
    fn remarks_are_added_and_no_value_is_changed() {
        let mut told = vec![figure(26, 100.0, 1), figure(26, 90.0, 2)];
        told[1].note = "as printed".to_owned();
        let noted = annotate(told.clone(), &[judgement(1, 26, Verdict::Exclude, None)], at(200));
        assert_eq!(noted[0], told[0]);
        assert_eq!(noted[1].note, "as printed; excluded: late reports");
        assert!(noted.len() == 2 && noted[1].value == Some(90.0) && !noted[1].note.contains("laboratory"));
        assert_eq!(annotate(told.clone(), &[judgement(1, 26, Verdict::Exclude, None)], at(50)), told);
    }

    #[test]
    fn shares_are_whole_and_add_up() {
        for (whole, days) in [(0.0, 3), (2.0, 5), (4_457.0, 28), (7.0, 7), (1.0, 1)] {
            let shares = shares(whole, days);
            assert_eq!(shares.iter().sum::<f64>(), whole);
            assert!(shares.iter().all(|share| share.fract() == 0.0));
            let (most, least) =
                (shares.iter().copied().reduce(f64::max), shares.iter().copied().reduce(f64::min));
            assert!(most.unwrap() - least.unwrap() <= 1.0, "{shares:?}");
        }
    }
}
