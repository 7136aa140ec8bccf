//! What attendance and reports say that somebody should hear. Findings are data about units; telling people is the alerts'.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};

use super::day::{DayCounts, ReportCounts, completeness};
use crate::epi::{Calendar, Window};

/// Below this share of reports a reminder is due.
const REMIND_BELOW: f64 = 90.0;
/// Below this one, several days running, the personnel agency hears of it.
const REFER_BELOW: f64 = 75.0;
/// So many working days running.
const REFER_DAYS: usize = 3;
/// Working days above the cap running.
const ABOVE_DAYS: usize = 2;

/// What a unit is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitPlan {
    /// The unit.
    pub unit_id: String,
    /// Its staff, if known.
    pub staff: Option<u32>,
    /// The most of it at the office, in percent.
    pub cap_pct: u8,
    /// How many must be there at least: more than none only where the unit is exempt.
    pub minimum_presence: u32,
    /// How many are planned to be there, where somebody planned.
    pub planned: Option<u32>,
}

/// Who should hear of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// The head of the unit.
    UnitHead,
    /// The personnel agency (BKPSDM).
    Personnel,
    /// The city secretary (Sekda).
    Secretary,
}

/// What is the matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FindingKind {
    /// More at the office than the cap, two working days running.
    AboveCap {
        /// The share of the last day, in percent.
        share_pct: f64,
        /// The cap.
        cap_pct: u8,
    },
    /// Nobody is planned to be in an exempt unit: "harus ada perwakilan".
    NobodyPlanned {
        /// How many must be.
        minimum: u32,
    },
    /// Fewer were there than must be.
    TooFewPresent {
        /// How many were.
        present: u32,
        /// How many must be.
        minimum: u32,
    },
    /// Fewer reports than 90%: a reminder.
    ReportsMissing {
        /// How many came, in percent.
        share_pct: f64,
    },
    /// Fewer than 75% three working days running.
    ReportsReferred {
        /// How many came on the last of them, in percent.
        share_pct: f64,
    },
    /// Nothing was handed in for a working day. Missing is never good news.
    NoAttendance,
    /// No reports were handed in for a working day.
    NoReports,
}

impl FindingKind {
    /// All codes.
    pub const CODES: [&str; 7] = [
        "above-cap",
        "nobody-planned",
        "too-few-present",
        "reports-missing",
        "reports-referred",
        "no-attendance",
        "no-reports",
    ];

    /// The code; its sentence is `finding-` and the code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AboveCap { .. } => "above-cap",
            Self::NobodyPlanned { .. } => "nobody-planned",
            Self::TooFewPresent { .. } => "too-few-present",
            Self::ReportsMissing { .. } => "reports-missing",
            Self::ReportsReferred { .. } => "reports-referred",
            Self::NoAttendance => "no-attendance",
            Self::NoReports => "no-reports",
        }
    }

    /// Who should hear of it.
    #[must_use]
    pub fn told(&self) -> &'static [Told] {
        match self {
            Self::AboveCap { .. } | Self::ReportsReferred { .. } | Self::NoAttendance => {
                &[Told::UnitHead, Told::Personnel]
            }
            Self::NobodyPlanned { .. } | Self::TooFewPresent { .. } => &[Told::UnitHead, Told::Secretary],
            Self::ReportsMissing { .. } | Self::NoReports => &[Told::UnitHead],
        }
    }
}

/// Something that somebody should hear.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The unit.
    pub unit_id: String,
    /// The first day it was so; with the unit and the kind it tells one crossing from the next.
    pub since: NaiveDate,
    /// The day it is about.
    pub date: NaiveDate,
    /// What is the matter.
    pub kind: FindingKind,
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Judging<'a> {
    /// The day, whose own list may still come.
    pub date: NaiveDate,
    /// The units with what binds them. Who is not here is not judged.
    pub units: &'a [UnitPlan],
    /// Attendance of the last days, one row a unit and day.
    pub attendance: &'a [DayCounts],
    /// Reports of the last days.
    pub reports: &'a [ReportCounts],
    /// Which days are worked.
    pub calendar: &'a Calendar,
}

/// Everything that should be told on a day, unit by unit. A day whose list has not come is looked at on the next one.
#[must_use]
pub fn findings(judging: &Judging<'_>) -> Vec<Finding> {
    let last = judging.calendar.last_working_day(judging.date);
    let is_worked = judging.calendar.is_working_day(judging.date);
    // Today counts as soon as its list is there.
    let newest = |has_today: bool| if is_worked && has_today { judging.date } else { last };
    let attendance: BTreeMap<(&str, NaiveDate), &DayCounts> =
        judging.attendance.iter().map(|day| ((day.unit_id.as_str(), day.date), day)).collect();
    let reports: BTreeMap<(&str, NaiveDate), &ReportCounts> =
        judging.reports.iter().map(|day| ((day.unit_id.as_str(), day.date), day)).collect();
    let mut found = Vec::new();
    for unit in judging.units {
        let mut tell = |since: NaiveDate, date: NaiveDate, kind: FindingKind| {
            found.push(Finding { unit_id: unit.unit_id.clone(), since, date, kind });
        };
        if unit.minimum_presence > 0 && unit.planned == Some(0) {
            let kind = FindingKind::NobodyPlanned { minimum: unit.minimum_presence };
            tell(judging.date, judging.date, kind);
        }
        let day_of = |date: NaiveDate| attendance.get(&(unit.unit_id.as_str(), date)).copied();
        let date = newest(day_of(judging.date).is_some());
        let above = |day: NaiveDate| {
            let share = day_of(day)?.office_share(unit.staff)?;
            (share > f64::from(unit.cap_pct)).then_some(share)
        };
        let run = run_of(judging.calendar, date, &|day| above(day).is_some());
        if let (Some(share_pct), Some(since)) = (above(date), run.get(ABOVE_DAYS - 1).and(run.last())) {
            tell(*since, date, FindingKind::AboveCap { share_pct, cap_pct: unit.cap_pct });
        }
        match day_of(date) {
            None => tell(date, date, FindingKind::NoAttendance),
            Some(day) if day.present() < unit.minimum_presence => {
                let (present, minimum) = (day.present(), unit.minimum_presence);
                tell(date, date, FindingKind::TooFewPresent { present, minimum });
            }
            Some(_) => {}
        }
        let report_of = |date: NaiveDate| reports.get(&(unit.unit_id.as_str(), date)).copied();
        let date = newest(report_of(judging.date).is_some());
        of_reports((judging.calendar, date), &report_of, &mut tell);
    }
    found
}

/// What reports say of the newest day that counts.
fn of_reports<'a>(
    (calendar, date): (&Calendar, NaiveDate),
    day_of: &dyn Fn(NaiveDate) -> Option<&'a ReportCounts>,
    tell: &mut dyn FnMut(NaiveDate, NaiveDate, FindingKind),
) {
    let share = |date: NaiveDate| day_of(date).and_then(completeness);
    let Some(share_pct) = share(date) else {
        if day_of(date).is_none() {
            tell(date, date, FindingKind::NoReports);
        }
        return;
    };
    let run = run_of(calendar, date, &|day| share(day).is_some_and(|share| share < REFER_BELOW));
    match run.get(REFER_DAYS - 1).and(run.last()) {
        Some(since) => tell(*since, date, FindingKind::ReportsReferred { share_pct }),
        None if share_pct < REMIND_BELOW => tell(date, date, FindingKind::ReportsMissing { share_pct }),
        None => {}
    }
}

/// The working days running that end on `date` and are so, newest first.
fn run_of(calendar: &Calendar, date: NaiveDate, is_so: &dyn Fn(NaiveDate) -> bool) -> Vec<NaiveDate> {
    let window = Window { from: date - Duration::days(60), to: date };
    let worked = window.days().rev().filter(|day| calendar.is_working_day(*day));
    worked.take_while(|day| is_so(*day)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn attendance(date: &str, office: u32) -> DayCounts {
        DayCounts { unit_id: "setda".to_owned(), date: day(date), counts: [office, 1, 5, 30, 0, 0] }
    }

    fn reports(date: &str, received: u32) -> ReportCounts {
        ReportCounts { unit_id: "setda".to_owned(), date: day(date), expected: 100, received }
    }

    fn unit(cap_pct: u8, minimum_presence: u32, planned: Option<u32>) -> UnitPlan {
        UnitPlan { unit_id: "setda".to_owned(), staff: Some(100), cap_pct, minimum_presence, planned }
    }

    fn codes(
        date: &str,
        unit: UnitPlan,
        (attendance, reports): (&[DayCounts], &[ReportCounts]),
    ) -> Vec<(&'static str, NaiveDate)> {
        let calendar = Calendar::default();
        let units = [unit];
        let judging = Judging { date: day(date), units: &units, attendance, reports, calendar: &calendar };
        findings(&judging).into_iter().map(|finding| (finding.kind.code(), finding.since)).collect()
    }

    const ALL_IN: fn(&str) -> Vec<ReportCounts> = |date| vec![reports(date, 100)];

    #[test]
    fn two_days_above_the_cap_are_told_with_the_first_of_them() {
        // Friday and Monday: two working days running.
        let days = [attendance("2021-06-25", 30), attendance("2021-06-28", 26)];
        let told = codes("2021-06-28", unit(25, 0, None), (&days, &ALL_IN("2021-06-28")));
        assert_eq!(told, [("above-cap", day("2021-06-25"))]);
        let told = codes("2021-06-28", unit(26, 0, None), (&days, &ALL_IN("2021-06-28")));
        assert_eq!(told, [], "26 of 100 are not above 26%");
        let gap = [attendance("2021-06-24", 30), attendance("2021-06-28", 30)];
        assert_eq!(codes("2021-06-28", unit(25, 0, None), (&gap, &ALL_IN("2021-06-28"))), []);
        // On the morning of the 29th Monday's list is still the newest.
        let told = codes("2021-06-29", unit(25, 0, None), (&days, &ALL_IN("2021-06-28")));
        assert_eq!(told, [("above-cap", day("2021-06-25"))]);
    }

    #[test]
    fn an_exempt_unit_without_anybody_is_told() {
        let nobody = DayCounts { counts: [0, 0, 9, 30, 0, 0], ..attendance("2021-06-28", 0) };
        let told = codes("2021-06-28", unit(25, 1, Some(0)), (&[nobody], &ALL_IN("2021-06-28")));
        assert_eq!(told, [("nobody-planned", day("2021-06-28")), ("too-few-present", day("2021-06-28"))]);
        let some = [attendance("2021-06-28", 1)];
        assert_eq!(codes("2021-06-28", unit(25, 1, Some(1)), (&some, &ALL_IN("2021-06-28"))), []);
        assert_eq!(
            codes("2021-06-28", unit(25, 0, Some(0)), (&some, &ALL_IN("2021-06-28"))),
            [],
            "not exempt"
        );
    }

    #[test]
    fn missing_reports_are_a_reminder_and_three_bad_days_a_referral() {
        let there = [attendance("2021-06-30", 1)];
        let on = |reports: &[ReportCounts]| codes("2021-06-30", unit(25, 0, None), (&there, reports));
        assert_eq!(on(&[reports("2021-06-30", 90)]), []);
        assert_eq!(on(&[reports("2021-06-30", 89)]), [("reports-missing", day("2021-06-30"))]);
        let bad = [reports("2021-06-28", 74), reports("2021-06-29", 10), reports("2021-06-30", 74)];
        assert_eq!(on(&bad), [("reports-referred", day("2021-06-28"))]);
        let better = [reports("2021-06-28", 74), reports("2021-06-29", 75), reports("2021-06-30", 74)];
        assert_eq!(on(&better), [("reports-missing", day("2021-06-30"))]);
        let none_due = [ReportCounts { expected: 0, received: 0, ..reports("2021-06-30", 0) }];
        assert_eq!(on(&none_due), []);
    }

    #[test]
    fn a_list_that_did_not_come_is_told_on_the_next_day_and_not_on_a_sunday_for_sunday() {
        let told = codes("2021-06-28", unit(100, 0, None), (&[], &[]));
        assert_eq!(told, [("no-attendance", day("2021-06-25")), ("no-reports", day("2021-06-25"))]);
        let friday = [attendance("2021-06-25", 1)];
        assert_eq!(codes("2021-06-27", unit(100, 0, None), (&friday, &ALL_IN("2021-06-25"))), []);
    }

    #[test]
    fn a_finding_says_who_should_hear_it() {
        assert_eq!(FindingKind::NoReports.told(), [Told::UnitHead]);
        assert!(FindingKind::NobodyPlanned { minimum: 1 }.told().contains(&Told::Secretary));
        assert!(FindingKind::ReportsReferred { share_pct: 1.0 }.told().contains(&Told::Personnel));
    }
}
