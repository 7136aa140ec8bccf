//! Units by week: what was newly reported of each unit, counted at the end of the Monday after, small units joined
//! with others.
//!
//! A period is counted once; what is reported later for its days counts in the period in which it becomes known. So a published
//! period never changes, and a correction cannot give away what the first publication withheld. Staff who belong to
//! no listed unit are a row of their own: the city's total less all units would tell them.
//!
//! Only for those who see the city's staff figures as reported: held against totals that pass a gate, the sum of a week
//! would tell a small change of the city.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, NaiveDate};
use chrono_tz::Tz;

use super::table::{Count, suppress};
use super::{Rules, UnitSize};
use crate::epi::{Status, Vintage};
use crate::observation::{Authority, Measure, Nature, Observation};

/// A unit's cases in a period as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitPeriod {
    /// The unit (OPD) whose row it is; empty for staff of no listed unit.
    pub unit_id: String,
    /// The small units whose counts are in it.
    pub joined: Vec<String>,
    /// A Monday.
    pub from: NaiveDate,
    /// A Sunday.
    pub to: NaiveDate,
    /// When it was counted.
    pub as_of: Vintage,
    /// What is shown.
    pub count: Count,
    /// The weakest status among the figures of the period's table.
    pub status: Status,
}

/// How a table is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Making<'a> {
    pub(super) units: &'a [UnitSize],
    pub(super) as_of: Vintage,
    pub(super) zone: Tz,
    pub(super) threshold: u32,
    /// Which of several sources of the city's total counts.
    pub(super) authority: &'a Authority,
    pub(super) rules: &'a Rules,
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
}

/// The periods that can be published by now, oldest first, units in the order of their ids.
pub(super) fn periods(figures: &[&Observation], making: Making<'_>) -> Vec<UnitPeriod> {
    let mut out = Vec::new();
    let Some(rows) = Rows::new(making.units, making.rules.smallest_unit) else { return out };
    let Some(first) = figures.iter().map(|figure| figure.as_of.local_date(making.zone)).min() else {
        return out;
    };
    // A week earlier: what becomes known on a Monday may be for the Sunday before it.
    let mut sunday = first - Duration::days(i64::from(first.weekday().num_days_from_monday()) + 1);
    let mut before = Known::default();
    loop {
        let counted_at = Vintage::end_of(sunday + Duration::days(1), making.zone);
        if counted_at > making.as_of {
            return out;
        }
        let known = Known::by(figures, &rows, (sunday, counted_at), making.authority);
        // Without an earlier total of the same source this is only where counting starts.
        let has_start = known.total.is_none() || known.risen_since(&before).is_some();
        if has_start {
            out.extend(table(&known, &before, &rows, (sunday, counted_at), making));
        }
        before = known;
        sunday += Duration::days(7);
    }
}

fn table(
    known: &Known,
    before: &Known,
    rows: &Rows,
    (to, as_of): (NaiveDate, Vintage),
    making: Making<'_>,
) -> Vec<UnitPeriod> {
    let from = to - Duration::days(6);
    let names: BTreeSet<&str> = rows.of.values().map(String::as_str).collect();
    // A unit that said nothing for these days has no row: nothing said is not zero.
    let said = |name: &&&str| known.last_day.get(**name).is_some_and(|last| *last >= from);
    let of = |known: &Known, name: &str| known.by_row.get(name).copied().unwrap_or(0);
    let mut counts: Vec<(&str, i64)> =
        names.iter().filter(said).map(|name| (*name, of(known, name) - of(before, name))).collect();
    if counts.is_empty() {
        return Vec::new();
    }
    let in_units: i64 = counts.iter().map(|(_, count)| count).sum();
    // A total that rises by less than its units is not their sum, and tells nothing of the rest.
    if let Some(risen) = known.risen_since(before).filter(|risen| *risen >= in_units) {
        counts.push(("", risen - in_units));
    }
    let new: Vec<i64> = counts.iter().map(|(_, count)| *count).collect();
    let mut shown = suppress(&new, i64::from(making.threshold), making.rules.is_complementary);
    if shown.contains(&Count::Withheld) {
        // Which units said something is withheld too: some say something only when they have a case.
        counts = names.iter().map(|name| (*name, 0)).collect();
        shown = vec![Count::Withheld; counts.len()];
    }
    let period = |((name, _), count): (&(&str, i64), Count)| UnitPeriod {
        unit_id: (*name).to_owned(),
        joined: rows
            .of
            .iter()
            .filter(|(unit, row)| row == name && unit != name)
            .map(|it| it.0.clone())
            .collect(),
        from,
        to,
        as_of,
        count,
        status: known.status.unwrap_or(Status::Derived),
    };
    counts.iter().zip(shown).map(period).collect()
}

/// What is known by a moment.
#[derive(Debug, Default)]
struct Known {
    /// Cases of each row in all.
    by_row: BTreeMap<String, i64>,
    /// The last day each row said something for.
    last_day: BTreeMap<String, NaiveDate>,
    /// The city's figure in all: the last running total, or the daily counts added up.
    total: Option<Observation>,
    status: Option<Status>,
}

impl Known {
    /// Figures for days up to `last`, as known by `moment`.
    fn by(
        figures: &[&Observation],
        rows: &Rows,
        (last, moment): (NaiveDate, Vintage),
        authority: &Authority,
    ) -> Self {
        // The last vintage of each figure, by unit (empty: the city) and source.
        let mut latest: BTreeMap<(&str, &str, Measure, NaiveDate, u32), &Observation> = BTreeMap::new();
        for figure in figures.iter().filter(|figure| figure.as_of <= moment && figure.date <= last) {
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
        let total = by_unit.remove("").and_then(|sources| city_total(&sources, authority));
        let mut known = Self { total, ..Self::default() };
        for (unit, sources) in by_unit {
            // Several sources of one unit are never added up: the one that tells most counts.
            let most = sources.values().map(|figures| in_all(figures)).max().unwrap_or(0);
            known.status =
                sources.values().flatten().map(|figure| Some(figure.status)).fold(known.status, Option::max);
            let last = sources.values().flatten().map(|figure| figure.date).max().unwrap_or(last);
            let row = rows.row(unit).to_owned();
            known.last_day.entry(row.clone()).and_modify(|day| *day = last.max(*day)).or_insert(last);
            *known.by_row.entry(row).or_insert(0) += most;
        }
        known
    }

    /// By how much the city's figure has risen; `None` where there were not two of one source.
    fn risen_since(&self, before: &Self) -> Option<i64> {
        let (now, then) = (self.total.as_ref()?, before.total.as_ref()?);
        (now.source == then.source).then(|| whole(now.value.unwrap_or(0.0) - then.value.unwrap_or(0.0)))
    }
}

/// The city's figure: of several sources the one that counts, as everywhere else.
fn city_total(sources: &BTreeMap<&str, Vec<&Observation>>, authority: &Authority) -> Option<Observation> {
    let last = |figures: &[&Observation]| {
        let is_total = figures.iter().any(|figure| figure.measure.nature() == Nature::Total);
        let of_kind = figures.iter().filter(|figure| !is_total || figure.measure.nature() == Nature::Total);
        of_kind.max_by_key(|figure| (figure.date, figure.as_of)).map(|figure| (**figure).clone())
    };
    let rank = |source: &str| (authority.rank(source), std::cmp::Reverse(source.to_owned()));
    let (_, figures) = sources.iter().max_by_key(|(source, _)| rank(source))?;
    let figure = last(figures)?;
    let value = as_f64(in_all(figures));
    Some(Observation { measure: Measure::StaffCasesTotal, days: 1, value: Some(value), ..figure })
}

/// Cases in all by one source: its last running total, or its counts added up.
fn in_all(figures: &[&Observation]) -> i64 {
    let totals = figures.iter().filter(|figure| figure.measure.nature() == Nature::Total);
    match totals.max_by_key(|figure| figure.date) {
        Some(total) => whole(total.value.unwrap_or(0.0)),
        None => figures.iter().filter_map(|figure| figure.value).map(whole).sum(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people, checked when taken in")]
fn whole(count: f64) -> i64 {
    count.round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "counts of people")]
pub(super) fn as_f64(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;
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

    fn making<'a>(units: &'a [UnitSize], as_of: &str, rules: &'a Rules) -> Making<'a> {
        let as_of = Vintage::parse_as_of(as_of, Jakarta).unwrap();
        let authority = Box::leak(Box::default());
        Making { units, as_of, zone: Jakarta, threshold: 5, authority, rules }
    }

    fn counted(figures: &[Observation], units: &[UnitSize], as_of: &str) -> Vec<(String, String, Count)> {
        let figures: Vec<&Observation> = figures.iter().collect();
        let periods = periods(&figures, making(units, as_of, &Rules::default()));
        periods.into_iter().map(|row| (row.to.to_string(), row.unit_id, row.count)).collect()
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
        assert_eq!(shown, [("dinkes", Count::Some), ("setda", Count::Some), ("", Count::Some)]);
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
}
