//! Roster and attendance as datasets: as known at a moment, by unit and day. Who may see the workforce has all of it, the head of a
//! unit the own one; a file for others names no officer and shows no small count of people.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::wanted::Wanted;
use crate::disclosure::{Audience, Reason, UnitView};
use crate::epi::{Vintage, Window};
use crate::export::{Cell, Column, Kind, Table};
use crate::job::{Register, Viewing};
use crate::workforce::{DayCounts, Mode, Officer, ReportCounts, completeness};

/// What is withheld from a reader.
enum Shown<'a> {
    /// Nothing.
    All,
    /// Every other unit.
    Own(&'a str),
    /// Names of officers, and counts of people from 1 up to below this.
    Without(u32),
}

impl<'a> Shown<'a> {
    fn to(audience: &'a Audience) -> Self {
        match (&audience.units, audience.threshold) {
            (UnitView::Own(unit), _) => Self::Own(unit),
            (UnitView::AsReported, None) => Self::All,
            (_, threshold) => Self::Without(threshold.unwrap_or(u32::MAX)),
        }
    }

    fn unit(&self) -> Option<&'a str> {
        match self {
            Self::Own(unit) => Some(unit),
            Self::All | Self::Without(_) => None,
        }
    }
}

/// The columns of the duty roster.
pub(super) fn roster_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Date, "date", "day on duty"),
        Column::needed(Kind::Text, "unit_id", "work unit (OPD)"),
        Column::new("officer_id", "who is on duty, after every swap"),
        Column::new("name", "the officer's name; empty once they have left"),
        Column::new("phone", "the telephone that is not switched off"),
        Column::new("substitute_id", "who stands in"),
        Column::new("substitute", "that officer's name"),
        Column::new("note", "\"withheld: \" and a code where officers are not for this reader"),
    ]
}

/// Turns on duty, one row each.
pub(super) async fn roster_rows(
    journey: &Viewing<'_>,
    wanted: &Wanted,
    (as_of, audience): (Vintage, &Audience),
) -> anyhow::Result<Table> {
    let shown = Shown::to(audience);
    let duties = journey.store.duties_known(window(wanted), shown.unit(), as_of).await?;
    let officers: BTreeMap<String, Officer> = journey
        .store
        .officers(shown.unit())
        .await?
        .into_iter()
        .map(|officer| (officer.id.clone(), officer))
        .collect();
    let name = |id: &str| officers.get(id).map_or(Cell::Empty, |officer| officer.name.as_str().into());
    let mut table = Table { columns: roster_columns(), rows: Vec::with_capacity(duties.len()) };
    for duty in duties {
        let mut row = vec![duty.date.into(), duty.unit_id.as_str().into()];
        if let Shown::Without(_) = shown {
            row.extend(vec![Cell::Empty; 5]);
            row.push(Reason::Person.note().into());
        } else {
            let substitute = duty.substitute.as_deref();
            let phone = officers.get(&duty.officer_id).map_or("", |officer| officer.phone.as_str());
            row.extend([
                duty.officer_id.as_str().into(),
                name(&duty.officer_id),
                phone.into(),
                substitute.unwrap_or_default().into(),
                substitute.map_or(Cell::Empty, name),
                Cell::Empty,
            ]);
        }
        table.rows.push(row);
    }
    Ok(table)
}

/// The columns of attendance and reports. Under these names a list of attendance and one of reports are taken in.
pub(super) fn attendance_columns() -> Vec<Column> {
    let people = |mode: Mode| match mode {
        Mode::Office => "people at the office, those on duty not among them",
        Mode::Duty => "people on duty (piket)",
        Mode::Field => "people in the field with a permit",
        Mode::Home => "people working at home",
        Mode::Leave => "people away with a reason, which is not kept",
        Mode::Absent => "people away without a reason",
    };
    let mut columns = vec![
        Column::needed(Kind::Date, "date", "the day"),
        Column::needed(Kind::Text, "unit_id", "work unit (OPD)"),
        Column::of(Kind::Whole, "staff", "staff (ASN) of the unit on that day"),
    ];
    columns.extend(Mode::ALL.map(|mode| Column::of(Kind::Whole, mode.as_str(), people(mode))));
    columns.extend([
        Column::of(Kind::Number, "office_pct", "people at the office among the staff, in percent"),
        Column::of(Kind::Whole, "reports_expected", "daily reports that were to come"),
        Column::of(Kind::Whole, "reports_received", "daily reports that came"),
        Column::of(
            Kind::Number,
            "reports_pct",
            "reports that came among those that were to come, in percent",
        ),
        Column::new("note", "\"withheld: \" and a code where counts are not for this reader"),
    ]);
    columns
}

/// What a unit handed in of a day.
type Handed = (Option<DayCounts>, Option<ReportCounts>);

/// Attendance and reports, one row a unit and day: the newest known at that moment.
pub(super) async fn attendance_rows(
    journey: &Viewing<'_>,
    wanted: &Wanted,
    (as_of, audience): (Vintage, &Audience),
) -> anyhow::Result<Table> {
    let (shown, store, window) = (Shown::to(audience), &journey.store, window(wanted));
    let mut register = Register::seen(journey).await?;
    register.counts.retain(|count| count.at <= as_of);
    let mut days: BTreeMap<(NaiveDate, String), Handed> = BTreeMap::new();
    for day in store.attendance_known(window, shown.unit(), as_of).await? {
        let key = (day.date, day.unit_id.clone());
        days.entry(key).or_default().0 = Some(day);
    }
    for day in store.reports_known(window, shown.unit(), as_of).await? {
        let key = (day.date, day.unit_id.clone());
        days.entry(key).or_default().1 = Some(day);
    }
    let mut table = Table { columns: attendance_columns(), rows: Vec::with_capacity(days.len()) };
    for ((date, unit_id), handed) in days {
        let unit = register.units.iter().find(|unit| unit.unit_id == unit_id);
        let staff = unit.and_then(|unit| register.staff(unit, date));
        let mut row = vec![date.into(), unit_id.as_str().into(), whole(staff)];
        row.extend(counts(handed, staff, &shown));
        table.rows.push(row);
    }
    Ok(table)
}

/// A unit's counts of a day. Where one is small, none of its kind is shown: the others and the staff would give it away.
fn counts((day, report): Handed, staff: Option<u32>, shown: &Shown<'_>) -> Vec<Cell> {
    let is_small = |count: u32| matches!(shown, Shown::Without(below) if (1..*below).contains(&count));
    let told = day.clone().filter(|day| !Mode::ALL.iter().any(|mode| is_small(day.of(*mode))));
    let reported = report.clone().filter(|report| {
        let missing = report.expected.saturating_sub(report.received);
        ![report.expected, report.received, missing].into_iter().any(is_small)
    });
    let is_withheld = told.is_none() && day.is_some() || reported.is_none() && report.is_some();
    let mut cells: Vec<Cell> = Mode::ALL.map(|mode| whole(told.as_ref().map(|day| day.of(mode)))).into();
    cells.extend([
        told.as_ref().and_then(|day| day.office_share(staff)).into(),
        whole(reported.as_ref().map(|report| report.expected)),
        whole(reported.as_ref().map(|report| report.received)),
        reported.as_ref().and_then(completeness).into(),
        if is_withheld { Reason::SmallCell.note().into() } else { Cell::Empty },
    ]);
    cells
}

fn whole(number: Option<u32>) -> Cell {
    number.map_or(Cell::Empty, |number| Cell::Whole(number.into()))
}

/// The days that are wanted.
fn window(wanted: &Wanted) -> Window {
    // Days that any database can count.
    let (first, last) = (NaiveDate::from_ymd_opt(1970, 1, 2), NaiveDate::from_ymd_opt(9999, 12, 31));
    Window {
        from: wanted.from.or(first).unwrap_or(NaiveDate::MIN),
        to: wanted.to.or(last).unwrap_or(NaiveDate::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(counts: [u32; 6]) -> DayCounts {
        DayCounts { unit_id: "dinkes".to_owned(), date: "2021-06-28".parse().unwrap_or_default(), counts }
    }

    fn report(expected: u32, received: u32) -> ReportCounts {
        let DayCounts { unit_id, date, .. } = day([0; 6]);
        ReportCounts { unit_id, date, expected, received }
    }

    #[test]
    fn a_small_count_takes_everything_with_it_that_would_give_it_away() {
        let public = Audience::public();
        let told = |counted, reports| counts((Some(counted), Some(reports)), Some(60), &Shown::to(&public));
        let open = told(day([20, 0, 10, 30, 0, 0]), report(60, 50));
        assert_eq!(open[0], Cell::Whole(20));
        assert_eq!((&open[7], &open[10]), (&Cell::Whole(60), &Cell::Empty));
        // One person on leave: nobody finds them by taking the others from the staff.
        let shut = told(day([20, 0, 10, 29, 1, 0]), report(60, 50));
        assert_eq!(shut[..7], vec![Cell::Empty; 7]);
        assert_eq!((&shut[7], &shut[10]), (&Cell::Whole(60), &Cell::from("withheld: small_cell")));
        // Two reports that are missing are as small as two that came.
        let missing = told(day([20, 0, 10, 30, 0, 0]), report(60, 58));
        assert_eq!((&missing[0], &missing[7], &missing[8]), (&Cell::Whole(20), &Cell::Empty, &Cell::Empty));
        let all = Audience::unsuppressed();
        assert_eq!(counts((Some(day([1; 6])), None), None, &Shown::to(&all))[4], Cell::Whole(1));
    }
}
