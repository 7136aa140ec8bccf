//! Units by week: what was newly reported of each unit, counted at the end of the Monday after, small units joined
//! with others.
//!
//! A week is counted once; what is reported later for its days counts in the week in which it becomes known. So a
//! published week does not change, and a correction cannot give away what the first publication withheld. Staff who
//! belong to no listed unit are a row of their own: the city's total less all units would tell them.
//!
//! Only for those who see the city's staff figures as reported: held against totals that pass a gate, the sum of a week
//! would tell a small change of the city.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, NaiveDate};

use super::table::{Count, suppress};
use super::{Rules, Setting, UnitSize};
use crate::epi::{Status, Vintage};
use crate::observation::{Authority, Measure, Nature, Observation};

/// Days of a week.
pub(super) const DAYS: u32 = 7;

/// A unit's cases in a week as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitWeek {
    /// The unit (OPD) whose row it is; empty for staff of no listed unit.
    pub unit_id: String,
    /// The small units whose counts are in it.
    pub joined: Vec<String>,
    /// The Sunday it ends on.
    pub sunday: NaiveDate,
    /// When it was counted.
    pub as_of: Vintage,
    /// What is shown.
    pub count: Count,
    /// The weakest status among the figures of the week's table.
    pub status: Status,
}

impl UnitWeek {
    /// The day it begins on.
    #[must_use]
    pub fn monday(&self) -> NaiveDate {
        monday(self.sunday)
    }
}

fn monday(sunday: NaiveDate) -> NaiveDate {
    sunday - Duration::days(i64::from(DAYS) - 1)
}

/// Which row each unit's count goes to: its own, its parent's if it is small, else that of the smallest unit that is
/// large enough. `None` when no unit is.
struct Rows {
    of: BTreeMap<String, String>,
    rest: String,
}

impl Rows {
    fn new(units: &[UnitSize], smallest: f64) -> Option<Self> {
        let mut parts: BTreeMap<&str, Vec<&str>> =
            units.iter().map(|unit| (unit.unit_id.as_str(), vec![unit.unit_id.as_str()])).collect();
        let mut staff: BTreeMap<&str, f64> =
            units.iter().map(|unit| (unit.unit_id.as_str(), unit.headcount.unwrap_or(0.0))).collect();
        let parent: BTreeMap<&str, &str> = units
            .iter()
            .filter_map(|unit| Some((unit.unit_id.as_str(), unit.parent.as_deref()?)))
            .filter(|(unit, parent)| unit != parent)
            .collect();
        // A unit that is still too small is joined with its parent, as often as there is one.
        while let Some((small, parent)) =
            staff.iter().filter(|(_, staff)| **staff < smallest).find_map(|(unit, _)| {
                Some((*unit, *parent.get(unit).filter(|parent| staff.contains_key(*parent))?))
            })
        {
            let (joined, added) =
                (parts.remove(small).unwrap_or_default(), staff.remove(small).unwrap_or(0.0));
            parts.entry(parent).or_default().extend(joined);
            *staff.entry(parent).or_default() += added;
        }
        let rest = staff
            .iter()
            .filter(|(_, staff)| **staff >= smallest)
            .min_by(|one, other| one.1.total_cmp(other.1))
            .map(|(unit, _)| (*unit).to_owned())?;
        let mut of = BTreeMap::new();
        for (row, joined) in &parts {
            let row = if staff.get(row).is_some_and(|staff| *staff >= smallest) { *row } else { &rest };
            of.extend(joined.iter().map(|unit| ((*unit).to_owned(), row.to_owned())));
        }
        Some(Self { of, rest })
    }

    fn row(&self, unit_id: &str) -> &str {
        self.of.get(unit_id).unwrap_or(&self.rest)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.of.values().map(String::as_str).collect::<BTreeSet<_>>().into_iter()
    }

    fn joined_with(&self, row: &str) -> Vec<String> {
        let joined = self.of.iter().filter(|(unit, own)| *own == row && *unit != row);
        joined.map(|(unit, _)| unit.clone()).collect()
    }
}

/// The weeks that can be published by now, oldest first, units in the order of their ids.
pub(super) fn weeks(
    figures: &[&Observation],
    setting: Setting<'_>,
    threshold: u32,
    rules: &Rules,
) -> Vec<UnitWeek> {
    let mut out = Vec::new();
    let Some(rows) = Rows::new(setting.units, rules.smallest_unit) else { return out };
    let Some(first) = figures.iter().map(|figure| figure.as_of.local_date(setting.zone)).min() else {
        return out;
    };
    // What becomes known on a Monday may be for the Sunday before it.
    let mut sunday = first - Duration::days(i64::from(first.weekday().num_days_from_monday()) + 1);
    let mut before = Known::default();
    loop {
        let as_of = Vintage::end_of(sunday + Duration::days(1), setting.zone);
        if as_of > setting.as_of {
            return out;
        }
        let known = Known::by(figures, (sunday, as_of), setting.authority);
        // Without an earlier total of the same source this is only where counting starts.
        let has_start = known.total.is_none() || known.risen_since(&before).is_some();
        let new = known.new_since(&before, &rows, sunday);
        if has_start && !new.is_empty() {
            let risen = known.risen_since(&before);
            let counts = table(new, risen, &rows, |counts| {
                suppress(counts, i64::from(threshold), rules.is_complementary)
            });
            let status = known.status.unwrap_or(Status::Derived);
            out.extend(counts.into_iter().map(|(unit_id, count)| UnitWeek {
                joined: rows.joined_with(&unit_id),
                unit_id,
                sunday,
                as_of,
                count,
                status,
            }));
        }
        before = known;
        sunday += Duration::days(i64::from(DAYS));
    }
}

/// What is shown of a week's new cases, with staff of no listed unit as a row where the city's figure tells them.
fn table(
    mut new: BTreeMap<String, i64>,
    risen: Option<i64>,
    rows: &Rows,
    suppress: impl Fn(&[i64]) -> Vec<Count>,
) -> Vec<(String, Count)> {
    let in_units: i64 = new.values().sum();
    // A total that rises by less than its units is not their sum, and tells nothing of the rest.
    if let Some(risen) = risen.filter(|risen| *risen >= in_units) {
        new.insert(String::new(), risen - in_units);
    }
    let counts: Vec<i64> = new.values().copied().collect();
    let shown = suppress(&counts);
    if shown.contains(&Count::Withheld) {
        // Which units said something is withheld too: some say something only when they have a case.
        return rows.names().map(|name| (name.to_owned(), Count::Withheld)).collect();
    }
    new.into_keys().zip(shown).collect()
}

/// What one unit reported by a moment.
#[derive(Debug, Clone)]
struct UnitTotal {
    /// The source: of two sources no difference is taken.
    source: String,
    /// Cases in all.
    in_all: i64,
    /// Cases of the last week; `None` where only running totals of unknown start are reported.
    in_week: Option<i64>,
    /// The last day it said something for.
    last_day: NaiveDate,
}

/// What is known by a moment.
#[derive(Debug, Default)]
struct Known {
    by_unit: BTreeMap<String, UnitTotal>,
    /// The city's figure in all and its source: the last running total, or the daily counts added up.
    total: Option<(String, i64)>,
    status: Option<Status>,
}

impl Known {
    /// Figures for days up to a Sunday, as known by a moment.
    fn by(figures: &[&Observation], (sunday, as_of): (NaiveDate, Vintage), authority: &Authority) -> Self {
        // The last vintage of each figure, by unit (empty: the city) and source.
        let mut latest: BTreeMap<(&str, &str, Measure, NaiveDate, u32), &Observation> = BTreeMap::new();
        for figure in figures.iter().filter(|figure| figure.as_of <= as_of && figure.date <= sunday) {
            let unit = figure.unit_id.as_deref().unwrap_or_default();
            let key = (unit, figure.source.as_str(), figure.measure, figure.date, figure.days);
            let kept = latest.entry(key).or_insert(figure);
            if figure.as_of >= kept.as_of {
                *kept = figure;
            }
        }
        let mut by_unit: BTreeMap<&str, BTreeMap<&str, Vec<&Observation>>> = BTreeMap::new();
        for ((unit, source, ..), figure) in latest {
            by_unit.entry(unit).or_default().entry(source).or_default().push(figure);
        }
        let mut known = Self::default();
        for (unit, sources) in by_unit {
            // Several sources are never added up: the one that counts everywhere else counts here.
            let rank = |source: &str, figures: &[&Observation]| {
                let place = figures.first().map(|figure| &figure.location);
                let rank = place.map(|place| authority.rank_on(source, place, sunday));
                (rank, std::cmp::Reverse(source.to_owned()))
            };
            let best = sources.into_iter().max_by_key(|(source, figures)| rank(source, figures));
            let Some((source, figures)) = best else {
                continue;
            };
            let Some(total) = UnitTotal::of((source, &figures), sunday) else { continue };
            if unit.is_empty() {
                known.total = Some((source.to_owned(), total.in_all));
                continue;
            }
            known.status = figures.iter().map(|figure| Some(figure.status)).fold(known.status, Option::max);
            known.by_unit.insert(unit.to_owned(), total);
        }
        known
    }

    /// By how much the city's figure has risen; `None` where there were not two of one source.
    fn risen_since(&self, before: &Self) -> Option<i64> {
        let ((source, now), (earlier, then)) = (self.total.as_ref()?, before.total.as_ref()?);
        (source == earlier).then(|| now - then)
    }

    /// New cases of each row that said something: of this week, or late of an earlier one. Nothing said is not zero.
    fn new_since(&self, before: &Self, rows: &Rows, sunday: NaiveDate) -> BTreeMap<String, i64> {
        let mut new = BTreeMap::new();
        for (unit, now) in &self.by_unit {
            let count = match before.by_unit.get(unit).filter(|then| then.source == now.source) {
                Some(then) => Some(now.in_all - then.in_all),
                // What it reports of the time before it was heard of first is not of this week.
                None => now.in_week,
            };
            if let Some(count) = count.filter(|count| *count != 0 || now.last_day >= monday(sunday)) {
                *new.entry(rows.row(unit).to_owned()).or_insert(0) += count;
            }
        }
        new
    }
}

impl UnitTotal {
    /// From the figures of one source: its last running total, or its counts added up.
    fn of((source, figures): (&str, &[&Observation]), sunday: NaiveDate) -> Option<Self> {
        let source = source.to_owned();
        let last_day = figures.iter().map(|figure| figure.date).max()?;
        let totals = figures.iter().filter(|figure| figure.measure.nature() == Nature::Total);
        if let Some(total) = totals.max_by_key(|figure| figure.date) {
            return Some(Self { source, in_all: whole(total.value.unwrap_or(0.0)), in_week: None, last_day });
        }
        let sum = |from: NaiveDate| {
            let inside = figures.iter().filter(|figure| figure.date_from() >= from);
            inside.filter_map(|figure| figure.value).map(whole).sum()
        };
        Some(Self { source, in_all: sum(NaiveDate::MIN), in_week: Some(sum(monday(sunday))), last_day })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people, checked when taken in")]
fn whole(count: f64) -> i64 {
    count.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{LocationId, Locations};
    use chrono_tz::Asia::Jakarta;

    fn unit(unit_id: &str, parent: Option<&str>, headcount: f64) -> UnitSize {
        UnitSize {
            unit_id: unit_id.to_owned(),
            parent: parent.map(str::to_owned),
            headcount: Some(headcount),
        }
    }

    fn cases(unit: &str, date: &str, value: f64, known: &str) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: Some(unit.to_owned()),
            measure: Measure::StaffCases,
            source: "bkpsdm".to_owned(),
            date: date.parse().unwrap(),
            days: 1,
            value: Some(value),
            status: Status::Printed,
            as_of: Vintage::parse_known(known, Jakarta).unwrap(),
            note: String::new(),
            address: String::new(),
        }
    }

    fn counted(figures: &[Observation], units: &[UnitSize], as_of: &str) -> Vec<(String, String, Count)> {
        let figures: Vec<&Observation> = figures.iter().collect();
        let (locations, authority) = (Locations::default(), Authority::default());
        let as_of = Vintage::parse_as_of(as_of, Jakarta).unwrap();
        let setting = Setting { locations: &locations, units, authority: &authority, zone: Jakarta, as_of };
        let weeks = weeks(&figures, setting, 5, &Rules::default());
        weeks.into_iter().map(|row| (row.sunday.to_string(), row.unit_id, row.count)).collect()
    }

    #[test]
    fn no_difference_is_taken_between_two_sources_of_a_unit() {
        let total = |source: &str, date: &str, value: f64| Observation {
            measure: Measure::StaffCasesTotal,
            source: source.to_owned(),
            ..cases("dinkes", date, value, date)
        };
        let told = [
            total("a", "2021-06-06", 40.0),
            total("a", "2021-06-13", 49.0),
            total("b", "2021-06-20", 12.0),
            total("b", "2021-06-27", 21.0),
        ];
        let told: Vec<&Observation> = told.iter().collect();
        let bogor = LocationId::new("3271");
        let from = ("2021-06-20".parse().unwrap(), NaiveDate::MAX);
        let authority = Authority::default().in_period("b", bogor, from, 1);
        let setting = Setting {
            locations: &Locations::default(),
            units: &[unit("dinkes", None, 90.0)],
            authority: &authority,
            zone: Jakarta,
            as_of: Vintage::parse_as_of("2021-06-30", Jakarta).unwrap(),
        };
        let weeks = weeks(&told, setting, 5, &Rules::default());
        let sundays: Vec<String> = weeks.iter().map(|week| week.sunday.to_string()).collect();
        assert_eq!(
            sundays,
            ["2021-06-13", "2021-06-27"],
            "49 of the one and 12 of the other say nothing together"
        );
    }

    #[test]
    fn small_units_are_joined_with_their_parent_and_orphans_with_the_smallest_large_unit() {
        let units = [
            unit("setda", None, 38.0),
            unit("setda-hukum", Some("setda"), 18.0),
            unit("arsip", None, 12.0),
            unit("dinkes", None, 90.0),
        ];
        let rows = Rows::new(&units, 20.0).unwrap();
        let row = |unit| rows.row(unit).to_owned();
        assert_eq!(
            ["setda", "setda-hukum", "arsip", "dinkes", "never heard of"].map(row),
            ["setda", "setda", "setda", "dinkes", "setda"]
        );
        assert!(Rows::new(&[unit("arsip", None, 12.0)], 20.0).is_none());
    }

    #[test]
    fn two_small_units_that_are_each_others_parent_do_not_loop() {
        let units = [unit("a", Some("b"), 5.0), unit("b", Some("a"), 5.0), unit("c", None, 30.0)];
        assert_eq!(Rows::new(&units, 20.0).unwrap().row("a"), "c");
    }

    #[test]
    fn a_week_is_counted_once_and_late_reports_count_when_they_come() {
        let units = [unit("dinkes", None, 90.0), unit("setda", None, 38.0)];
        let mut figures = vec![
            cases("dinkes", "2021-06-22", 6.0, "2021-06-22"),
            cases("setda", "2021-06-23", 8.0, "2021-06-23"),
        ];
        assert_eq!(counted(&figures, &units, "2021-06-27"), []);
        let told = counted(&figures, &units, "2021-06-28");
        assert_eq!(told[0], ("2021-06-27".to_owned(), "dinkes".to_owned(), Count::Shown(6)));
        // A later correction of the same day changes the later week only.
        figures.push(cases("dinkes", "2021-06-22", 13.0, "2021-06-30"));
        figures.push(cases("dinkes", "2021-06-29", 0.0, "2021-06-30"));
        figures.push(cases("setda", "2021-06-29", 5.0, "2021-06-30"));
        let later = counted(&figures, &units, "2021-07-05");
        assert_eq!(later[..2], told[..2]);
        assert_eq!(later[2], ("2021-07-04".to_owned(), "dinkes".to_owned(), Count::Shown(7)));
    }

    #[test]
    fn staff_of_no_listed_unit_are_a_row_of_their_own() {
        let units = [unit("dinkes", None, 90.0), unit("setda", None, 38.0)];
        let total = |date: &str, value: f64| Observation {
            unit_id: None,
            measure: Measure::StaffCasesTotal,
            ..cases("", date, value, date)
        };
        let figures = [
            total("2021-07-02", 46.0),
            cases("dinkes", "2021-07-06", 5.0, "2021-07-06"),
            cases("setda", "2021-07-06", 6.0, "2021-07-06"),
            total("2021-07-08", 58.0),
        ];
        // One member of the staff belongs to no unit: told beside 5 and 6, the total would give that away.
        let told = counted(&figures, &units, "2021-07-12");
        let shown: Vec<_> = told.iter().map(|(_, unit, count)| (unit.as_str(), *count)).collect();
        assert_eq!(
            shown,
            [("", Count::AtLeastOne), ("dinkes", Count::AtLeastOne), ("setda", Count::AtLeastOne)]
        );
    }

    #[test]
    fn a_unit_that_says_nothing_is_not_at_zero() {
        let units = [unit("dinkes", None, 90.0), unit("setda", None, 38.0), unit("arsip", None, 30.0)];
        let figures = [
            cases("dinkes", "2021-06-22", 6.0, "2021-06-22"),
            cases("setda", "2021-06-23", 8.0, "2021-06-23"),
        ];
        let told = counted(&figures, &units, "2021-07-12");
        assert_eq!(told.iter().filter(|(_, unit, _)| unit == "arsip").count(), 0);
        assert_eq!(told.len(), 2, "and the weeks after have no row at all: {told:?}");
    }

    #[test]
    fn a_late_report_of_a_unit_that_is_silent_now_is_not_lost() {
        let units = [unit("dinkes", None, 90.0), unit("setda", None, 38.0)];
        let figures = [
            cases("dinkes", "2021-06-22", 6.0, "2021-06-22"),
            cases("setda", "2021-06-23", 8.0, "2021-06-23"),
            // Known a week later, for a day of the week before, and nothing for the week itself.
            cases("dinkes", "2021-06-24", 5.0, "2021-06-30"),
            cases("setda", "2021-06-29", 7.0, "2021-06-30"),
        ];
        let told = counted(&figures, &units, "2021-07-05");
        assert_eq!(told[2], ("2021-07-04".to_owned(), "dinkes".to_owned(), Count::Shown(5)));
    }

    #[test]
    fn what_was_before_a_unit_was_heard_of_first_is_not_of_that_week() {
        let units = [unit("dinkes", None, 90.0), unit("setda", None, 38.0), unit("rsud", None, 400.0)];
        let total = Observation {
            measure: Measure::StaffCasesTotal,
            ..cases("rsud", "2021-06-24", 31.0, "2021-06-24")
        };
        let figures = [
            cases("dinkes", "2021-03-01", 40.0, "2021-06-22"),
            cases("dinkes", "2021-06-22", 6.0, "2021-06-22"),
            cases("setda", "2021-06-23", 8.0, "2021-06-23"),
            total,
        ];
        let told = counted(&figures, &units, "2021-06-28");
        let shown: Vec<_> = told.iter().map(|(_, unit, count)| (unit.as_str(), *count)).collect();
        assert_eq!(
            shown,
            [("dinkes", Count::Shown(6)), ("setda", Count::Shown(8))],
            "31 is of no known start"
        );
    }
}
