//! When cases in a unit are a cluster, and for how long its staff stays at home.
//!
//! A cluster is at least two cases of fourteen days that belong together, three that do not, or a tenth of a unit of fewer
//! than thirty. Where nobody said whether cases belong together, two are enough: not knowing is never good news.

use chrono::{Duration, NaiveDate};

/// Days that are looked back, this one included.
const WINDOW: i64 = 14;
/// Cases from which on a unit is closed.
const CLOSING: u32 = 5;
/// A unit of fewer has the rule of the tenth.
const SMALL: u32 = 30;

/// New cases of a unit on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseDay {
    /// The day.
    pub date: NaiveDate,
    /// How many.
    pub cases: u32,
}

/// What is known of how cases belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// Nothing.
    #[default]
    Unknown,
    /// The largest group of linked cases, and in how many generations one gave it to the next.
    Known {
        /// Cases in that group.
        largest: u32,
        /// 1 where all have it from outside.
        generations: u32,
    },
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterKind {
    /// A cluster: the unit works from home with officers on duty.
    Cluster,
    /// Five cases or two generations: the unit is closed.
    Closing,
}

/// A cluster and the days it keeps a unit at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cluster {
    /// How bad it is.
    pub kind: ClusterKind,
    /// First day at home: the one after the last case.
    pub from: NaiveDate,
    /// Last day at home.
    pub until: NaiveDate,
}

/// Whether the cases of the fourteen days that end on `date` are a cluster.
#[must_use]
pub fn cluster_flag(days: &[CaseDay], links: Links, (staff, date): (Option<u32>, NaiveDate)) -> bool {
    is_cluster(in_window(days, date), links, staff)
}

fn in_window(days: &[CaseDay], date: NaiveDate) -> u32 {
    let first = date - Duration::days(WINDOW - 1);
    days.iter().filter(|day| first <= day.date && day.date <= date).map(|day| day.cases).sum()
}

fn is_cluster(cases: u32, links: Links, staff: Option<u32>) -> bool {
    let by_links = match links {
        Links::Unknown => cases >= 2,
        Links::Known { largest, .. } => (largest >= 2 && cases >= 2) || cases >= 3,
    };
    let is_tenth = staff.is_some_and(|staff| staff > 0 && staff < SMALL && cases * 10 >= staff && cases > 0);
    by_links || is_tenth
}

/// The cluster that keeps a unit at home on `date`, if one does.
///
/// It runs from the day after the last case that was part of one: five days, seven from city step 3 on, seven for five
/// cases or two generations. A new case while it runs begins it again.
#[must_use]
pub fn cluster_on(
    days: &[CaseDay],
    links: Links,
    staff_and_step: (Option<u32>, u8),
    date: NaiveDate,
) -> Option<Cluster> {
    cluster_by(days, &|_| links, staff_and_step, date)
}

/// The same where how cases belong together is told for each day on which fourteen days end.
#[must_use]
pub fn cluster_by(
    days: &[CaseDay],
    links: &dyn Fn(NaiveDate) -> Links,
    (staff, step): (Option<u32>, u8),
    date: NaiveDate,
) -> Option<Cluster> {
    let mut with_cases: Vec<NaiveDate> =
        days.iter().filter(|day| day.cases > 0 && day.date < date).map(|day| day.date).collect();
    with_cases.sort_unstable();
    let last =
        with_cases.into_iter().rev().find(|day| is_cluster(in_window(days, *day), links(*day), staff))?;
    let generations = match links(last) {
        Links::Unknown => 1,
        Links::Known { generations, .. } => generations,
    };
    let is_closing = in_window(days, last) >= CLOSING || generations >= 2;
    let length = if is_closing || step >= 3 { 7 } else { 5 };
    let kind = if is_closing { ClusterKind::Closing } else { ClusterKind::Cluster };
    let (from, until) = (last + Duration::days(1), last + Duration::days(length));
    (date <= until).then_some(Cluster { kind, from, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(cases: &[(&str, u32)]) -> Vec<CaseDay> {
        cases.iter().map(|(date, cases)| CaseDay { date: date.parse().unwrap(), cases: *cases }).collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn twenty_seven_cases_in_nine_units_flag_exactly_those_with_two_or_more() {
        let counts = [3, 6, 1, 4, 2, 1, 5, 4, 1];
        assert_eq!(counts.iter().sum::<u32>(), 27);
        let flagged: Vec<u32> = counts
            .into_iter()
            .filter(|cases| {
                let of_unit = days(&[("2021-06-15", 1), ("2021-06-22", cases - 1)]);
                cluster_flag(&of_unit, Links::Unknown, (Some(60), day("2021-06-22")))
            })
            .collect();
        assert_eq!(flagged, [3, 6, 4, 2, 5, 4]);
    }

    #[test]
    fn links_and_the_size_of_a_unit_count() {
        let two = days(&[("2021-06-20", 2)]);
        let on = |links, staff| cluster_flag(&two, links, (staff, day("2021-06-22")));
        let apart = Links::Known { largest: 1, generations: 1 };
        assert!(on(Links::Unknown, None) && on(Links::Known { largest: 2, generations: 1 }, None));
        assert!(!on(apart, Some(60)), "two that have nothing to do with each other");
        assert!(on(apart, Some(20)) && !on(apart, Some(29)), "a tenth of twenty, not of twenty-nine");
        let three = days(&[("2021-06-09", 1), ("2021-06-20", 2)]);
        assert!(cluster_flag(&three, apart, (None, day("2021-06-22"))));
        assert!(!cluster_flag(&three, apart, (None, day("2021-06-23"))), "the first is fifteen days ago");
        assert!(!cluster_flag(&[], Links::Unknown, (Some(5), day("2021-06-22"))));
    }

    #[test]
    fn a_cluster_runs_five_days_from_the_day_after_and_seven_in_a_bad_week() {
        let cases = days(&[("2021-06-18", 1), ("2021-06-22", 1)]);
        let on = |step, date: &str| cluster_on(&cases, Links::Unknown, (Some(60), step), day(date));
        assert_eq!(on(2, "2021-06-22"), None, "it begins on the next day");
        let cluster = on(2, "2021-06-23").unwrap();
        assert_eq!((cluster.from, cluster.until), (day("2021-06-23"), day("2021-06-27")));
        assert!(
            on(2, "2021-06-28").is_none() && on(3, "2021-06-29").is_some() && on(3, "2021-06-30").is_none()
        );
        assert_eq!(cluster.kind, ClusterKind::Cluster);
        let five = days(&[("2021-06-18", 2), ("2021-06-22", 3)]);
        let closing = cluster_on(&five, Links::Unknown, (Some(60), 0), day("2021-06-29")).unwrap();
        assert_eq!((closing.kind, closing.until), (ClusterKind::Closing, day("2021-06-29")));
        let handed_on = Links::Known { largest: 2, generations: 2 };
        let closing = cluster_on(&cases, handed_on, (Some(60), 0), day("2021-06-29"));
        assert_eq!(closing.map(|cluster| cluster.kind), Some(ClusterKind::Closing));
    }
}
