//! Figures over time: what may follow what was let out before, so that no difference of two gives a small count.
//!
//! A total goes from 41 to 42: who has both knows of one new case. So a further value of the same people is let out
//! only if it differs from *every* value let out before by nothing or by the threshold at least. What is let out is
//! decided in the order in which figures became known, hence the same for whoever asks, whenever they ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};

use super::reason::Reason;
use crate::observation::{Nature, Observation};

/// The values of one group of people that were let out.
#[derive(Debug)]
struct Gate {
    threshold: f64,
    /// None is the same as a published zero.
    released: Vec<f64>,
}

impl Gate {
    fn new(threshold: u32) -> Self {
        Self { threshold: f64::from(threshold), released: vec![0.0] }
    }

    /// Remembers a total that is known from what was let out otherwise.
    fn knows(&mut self, value: f64) {
        if !self.released.contains(&value) {
            self.released.push(value);
        }
    }

    /// Lets the value out, or withholds it.
    fn admits(&mut self, value: f64) -> bool {
        let is_safe = |released: &f64| {
            let step = (value - released).abs();
            step == 0.0 || step >= self.threshold
        };
        let admitted = self.released.iter().all(is_safe);
        if admitted {
            self.knows(value);
        }
        admitted
    }
}

/// Lets the series of one group of people through the gate. `figures` are of one family (a count and its total),
/// in the order in which they became known.
///
/// Daily counts are added up until they make the threshold and let out as one figure for several days. From the first
/// running total on they are withheld: they are its differences.
pub(super) fn release(figures: Vec<Observation>, threshold: u32) -> Vec<Observation> {
    // What flows come to in all is held against totals and nothing else: where none follows, nobody asks.
    let is_summed = |figure: &Observation| matches!(figure.measure.nature(), Nature::Total | Nature::Stock);
    let is_asked = figures.iter().any(is_summed);
    // As far as was known then: what was let out before the first total stays let out.
    let mut has_total = false;
    let mut gate = Gate::new(threshold);
    let mut flows = Flows::new(threshold);
    let mut out = Vec::new();
    let mut days_told = BTreeSet::new();
    for figure in figures {
        let day = (figure.measure, figure.source.clone(), figure.date, figure.days);
        let Some(value) = figure.value else {
            out.push(figure);
            continue;
        };
        has_total |= figure.measure.nature() == Nature::Total;
        match figure.measure.nature() {
            Nature::Total | Nature::Stock => {
                if gate.admits(value) {
                    days_told.insert(day);
                    out.push(figure);
                } else if days_told.insert(day) {
                    out.push(withheld(figure, Reason::SmallChange));
                }
            }
            Nature::Flow if !has_total => {
                let told = flows.take(figure, value);
                if is_asked && told.as_ref().is_some_and(|told| told.value.is_some()) {
                    gate.knows(flows.in_all());
                }
                out.extend(told);
            }
            Nature::Flow => out.push(withheld(figure, Reason::DifferenceOfTotals)),
            Nature::Ordinal | Nature::Published => out.push(withheld(figure, Reason::SmallCell)),
        }
    }
    out
}

/// The figure without remark and address: "20 by PCR and 7 by antigen" tells what the figure does not.
pub(super) fn plain(figure: Observation) -> Observation {
    Observation { note: String::new(), address: String::new(), ..figure }
}

/// The figure without its value, with the reason in its note.
pub(super) fn withheld(figure: Observation, reason: Reason) -> Observation {
    Observation { value: None, note: reason.note(), ..plain(figure) }
}

/// Daily counts on their way out, added up over days that follow each other.
struct Flows {
    threshold: u32,
    /// Only the first source that reports: another one's counts would be a second way to the same people.
    source: Option<String>,
    /// By last day; a figure for several days counts on its last.
    days: BTreeMap<NaiveDate, f64>,
    lumps: Vec<Released>,
    /// First day of the run that is being added up.
    open_from: Option<NaiveDate>,
    last: Option<NaiveDate>,
}

struct Released {
    from: NaiveDate,
    to: NaiveDate,
    gate: Gate,
}

impl Flows {
    fn new(threshold: u32) -> Self {
        Self {
            threshold,
            source: None,
            days: BTreeMap::new(),
            lumps: Vec::new(),
            open_from: None,
            last: None,
        }
    }

    fn take(&mut self, figure: Observation, value: f64) -> Option<Observation> {
        if self.source.get_or_insert_with(|| figure.source.clone()) != &figure.source {
            return Some(withheld(figure, Reason::SmallCell));
        }
        let (first, date) = (figure.date_from(), figure.date);
        if self.last.is_some_and(|last| date <= last) {
            return self.revise(figure, value);
        }
        if self.last.is_some_and(|last| first <= last) {
            // Half of its days were told of before: whatever is said of the rest would tell of them.
            return Some(withheld(figure, Reason::SmallChange));
        }
        self.days.insert(date, value);
        let follows = self.last.is_some_and(|last| last + Duration::days(1) == first);
        self.last = Some(date);
        let from = self.open_from.filter(|_| follows).unwrap_or(first);
        let sum = self.sum(from, date);
        let mut gate = Gate::new(self.threshold);
        if gate.admits(sum) {
            self.open_from = None;
            self.lumps.push(Released { from, to: date, gate });
            return Some(lump(figure, from, date, sum));
        }
        self.open_from = Some(from);
        Some(withheld(figure, Reason::SmallCell))
    }

    /// A day that was told before: its lump is told anew where the change is large enough.
    fn revise(&mut self, figure: Observation, value: f64) -> Option<Observation> {
        let is_within = |lump: &Released| lump.from <= figure.date_from() && figure.date <= lump.to;
        // Also while it is being added up: what is let out later is the sum as known then.
        *self.days.get_mut(&figure.date)? = value;
        let place = self.lumps.iter().position(is_within)?;
        let (from, to) = (self.lumps[place].from, self.lumps[place].to);
        let sum = self.sum(from, to);
        self.lumps[place].gate.admits(sum).then(|| lump(figure, from, to, sum))
    }

    fn in_all(&self) -> f64 {
        self.days.values().sum()
    }

    fn sum(&self, from: NaiveDate, to: NaiveDate) -> f64 {
        self.days.range(from..=to).map(|(_, value)| value).sum()
    }
}

fn lump(figure: Observation, from: NaiveDate, to: NaiveDate, sum: f64) -> Observation {
    let days = u32::try_from((to - from).num_days() + 1).unwrap_or(1);
    Observation { date: to, days, value: Some(sum), ..figure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{LocationId, Status, Vintage};

    fn figure(measure: &str, day: u32, value: f64, known: u32) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: measure.parse().unwrap(),
            source: "bkpsdm".to_owned(),
            date: NaiveDate::from_ymd_opt(2021, 6, day).unwrap(),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::from_millis(i64::from(known) * 1000).unwrap(),
            note: String::new(),
            address: String::new(),
        }
    }

    fn told(figures: &[(&str, u32, f64)], threshold: u32) -> Vec<(u32, u32, Option<f64>)> {
        use chrono::Datelike;
        let known = |(place, (measure, day, value)): (usize, &(&str, u32, f64))| {
            figure(measure, *day, *value, u32::try_from(place).unwrap())
        };
        let figures = figures.iter().enumerate().map(known).collect();
        release(figures, threshold).iter().map(|o| (o.date.day(), o.days, o.value)).collect()
    }

    #[test]
    fn a_total_that_rises_by_one_is_withheld_until_five_have_gathered() {
        let totals = [41.0, 42.0, 45.0, 46.0, 46.0].map(|total| ("staff_cases_total", total));
        let days: Vec<(&str, u32, f64)> =
            totals.iter().zip(1..).map(|((measure, total), day)| (*measure, day, *total)).collect();
        let expected =
            [(1, 1, Some(41.0)), (2, 1, None), (3, 1, None), (4, 1, Some(46.0)), (5, 1, Some(46.0))];
        assert_eq!(told(&days, 5), expected);
    }

    #[test]
    fn a_correction_by_one_leaves_the_earlier_figure_standing() {
        let corrected = [("staff_cases_total", 1, 42.0), ("staff_cases_total", 1, 41.0)];
        assert_eq!(told(&corrected, 5), [(1, 1, Some(42.0))]);
        let larger = [("staff_cases_total", 1, 42.0), ("staff_cases_total", 1, 37.0)];
        assert_eq!(told(&larger, 5), [(1, 1, Some(42.0)), (1, 1, Some(37.0))]);
        // 37 is far enough from 42 but 41 would lie between: every pair counts, not only neighbours in time.
        let back =
            [("staff_cases_total", 1, 42.0), ("staff_cases_total", 1, 37.0), ("staff_cases_total", 2, 41.0)];
        assert_eq!(told(&back, 5)[2], (2, 1, None));
    }

    #[test]
    fn daily_counts_gather_to_a_figure_for_several_days() {
        let days = [0.0, 2.0, 1.0, 3.0, 0.0, 7.0].map(|count| ("staff_cases", count));
        let days: Vec<_> =
            days.iter().zip(1..).map(|((measure, count), day)| (*measure, day, *count)).collect();
        let expected = [
            (1, 1, Some(0.0)),
            (2, 1, None),
            (3, 1, None),
            (4, 3, Some(6.0)),
            (5, 1, Some(0.0)),
            (6, 1, Some(7.0)),
        ];
        assert_eq!(told(&days, 5), expected);
    }

    #[test]
    fn a_gap_is_never_bridged_and_a_small_correction_not_told() {
        let gap = [("staff_cases", 1, 3.0), ("staff_cases", 3, 3.0), ("staff_cases", 4, 3.0)];
        assert_eq!(told(&gap, 5), [(1, 1, None), (3, 1, None), (4, 2, Some(6.0))]);
        let corrected = [("staff_cases", 1, 7.0), ("staff_cases", 1, 8.0), ("staff_cases", 1, 13.0)];
        assert_eq!(told(&corrected, 5), [(1, 1, Some(7.0)), (1, 1, Some(13.0))]);
    }

    #[test]
    fn what_is_corrected_while_it_gathers_is_let_out_corrected() {
        let days = [("staff_cases", 1, 3.0), ("staff_cases", 1, 1.0), ("staff_cases", 2, 5.0)];
        assert_eq!(told(&days, 5), [(1, 1, None), (2, 2, Some(6.0))]);
    }

    #[test]
    fn the_public_is_told_nothing_that_those_inside_are_not_told_too() {
        let totals = [6.0, 10.0, 11.0, 16.0, 21.0];
        let figures: Vec<Observation> = totals
            .iter()
            .zip(1..)
            .map(|(total, day)| figure("staff_cases_total", day, *total, day))
            .collect();
        let values = |told: &[Observation]| told.iter().filter_map(|o| o.value).collect::<Vec<_>>();
        let inside = release(figures, 5);
        assert_eq!(values(&inside), [6.0, 11.0, 16.0, 21.0]);
        assert_eq!(values(&release(inside, 10)), [11.0, 21.0], "10 would lie one below 11");
        let days: Vec<Observation> = (1..=6).map(|day| figure("staff_cases", day, 3.0, day)).collect();
        let inside = release(days, 5);
        assert_eq!(values(&inside), [6.0, 6.0, 6.0]);
        let public = release(inside, 10);
        assert_eq!(
            public.iter().filter(|o| o.value.is_some()).map(|o| (o.date_from(), o.date, o.value)).next(),
            Some((figure("staff_cases", 1, 0.0, 1).date, figure("staff_cases", 4, 0.0, 4).date, Some(12.0)))
        );
    }

    #[test]
    fn what_was_let_out_before_the_first_total_stays() {
        let figures: Vec<Observation> =
            [("staff_cases", 3, 12.0), ("staff_cases_total", 4, 13.0), ("staff_cases_total", 5, 17.0)]
                .iter()
                .zip(1..)
                .map(|((measure, day, value), known)| figure(measure, *day, *value, known))
                .collect();
        let values =
            |known: usize| release(figures[..known].to_vec(), 5).iter().map(|o| o.value).collect::<Vec<_>>();
        assert_eq!(values(1), [Some(12.0)]);
        assert_eq!(
            values(3),
            [Some(12.0), None, Some(17.0)],
            "13 is one more than the twelve of the day before"
        );
    }

    #[test]
    fn counts_beside_a_total_are_withheld() {
        let both = [("staff_cases_total", 1, 41.0), ("staff_cases", 1, 6.0)];
        assert_eq!(told(&both, 5), [(1, 1, Some(41.0)), (1, 1, None)]);
    }
}
