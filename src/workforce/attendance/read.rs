//! Reading lists of attendance and of reports: a row a unit and day, or a row a person and day. Persons are told apart only
//! while a file is read, so that nobody counts twice; then they are gone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::day::{DayCounts, Mode, ReportCounts};
use crate::workforce::officer::unit_of;
use crate::workforce::sheet::{Imported, Row, RowFault, RowReason, Sheet};
use crate::workforce::unit::Unit;

const DATE: [&str; 2] = ["date", "tanggal"];
const UNIT: [&str; 5] = ["unit", "unit_id", "opd", "unit_kerja", "nama_opd"];
const PERSON: [&str; 6] = ["person", "nip", "pegawai", "id_pegawai", "nama", "name"];

/// A unit and a day.
type Key = (String, NaiveDate);

/// Where rows stand and what they are held against.
struct Frame<'a> {
    date: Option<usize>,
    unit: Option<usize>,
    person: Option<usize>,
    units: &'a [Unit],
    today: NaiveDate,
}

impl<'a> Frame<'a> {
    fn of(sheet: &Sheet, units: &'a [Unit], today: NaiveDate) -> Result<Self, Vec<RowFault>> {
        let places = [sheet.needed(&DATE), sheet.needed(&UNIT)];
        let [Ok(date), Ok(unit)] = places else {
            return Err(places.into_iter().filter_map(Result::err).collect());
        };
        Ok(Self { date: Some(date), unit: Some(unit), person: sheet.column(&PERSON), units, today })
    }

    fn key(&self, row: &Row<'_>) -> Result<Key, RowFault> {
        let date = row.day(self.date)?;
        if date > self.today {
            return Err(row.fault(self.date, RowReason::InFuture));
        }
        Ok((unit_of(row, self.unit, self.units)?, date))
    }
}

/// What holds rows apart while a file is read.
#[derive(Default)]
struct Seen {
    days: BTreeSet<Key>,
    persons: BTreeSet<(NaiveDate, String)>,
}

impl Seen {
    /// The same unit and day twice.
    fn day(&mut self, row: &Row<'_>, frame: &Frame<'_>, key: &Key) -> Result<(), RowFault> {
        match self.days.insert(key.clone()) {
            true => Ok(()),
            false => Err(row.fault(frame.unit, RowReason::Twice)),
        }
    }

    /// The same person on the same day twice. Lists without persons are believed. The refusal does not repeat who it was.
    fn person(&mut self, row: &Row<'_>, frame: &Frame<'_>, date: NaiveDate) -> Result<(), RowFault> {
        let person = row.text(frame.person);
        if person.is_empty() || self.persons.insert((date, person.to_lowercase())) {
            return Ok(());
        }
        Err(RowFault::new(row.line, "person", RowReason::Twice, ""))
    }
}

/// Reads attendance: `date,unit,office,duty,field,home,leave,absent`, or `date,unit,person,mode` with a row a person.
pub fn read_attendance(sheet: &Sheet, units: &[Unit], today: NaiveDate) -> Imported<DayCounts> {
    let frame = match Frame::of(sheet, units, today) {
        Ok(frame) => frame,
        Err(faults) => return Imported { rows: Vec::new(), faults },
    };
    let mut seen = Seen::default();
    if let Some(mode) = sheet.column(&["mode", "status", "kehadiran", "keterangan"]) {
        let mut days: BTreeMap<Key, [u32; 6]> = BTreeMap::new();
        let read = sheet.each(|row| {
            let key = frame.key(row)?;
            let word = Mode::of(row.text(Some(mode)));
            let word = word.ok_or_else(|| row.fault(Some(mode), RowReason::UnknownMode))?;
            seen.person(row, &frame, key.1)?;
            days.entry(key).or_default()[word as usize] += 1;
            Ok(())
        });
        let rows = days.into_iter().map(|((unit_id, date), counts)| DayCounts { unit_id, date, counts });
        return Imported { rows: rows.collect(), faults: read.faults };
    }
    let columns = Mode::ALL.map(|mode| sheet.column(mode.names()));
    if columns.iter().all(Option::is_none) {
        let fault = sheet.needed(&["mode"]).err();
        return Imported { rows: Vec::new(), faults: fault.into_iter().collect() };
    }
    sheet.each(|row| {
        let key = frame.key(row)?;
        let mut counts = [0; 6];
        let mut is_counted = false;
        for (count, place) in counts.iter_mut().zip(columns) {
            let cell = row.count(place)?;
            is_counted |= cell.is_some();
            *count = cell.unwrap_or(0);
        }
        if !is_counted {
            return Err(row.fault(frame.unit, RowReason::NothingCounted));
        }
        seen.day(row, &frame, &key)?;
        Ok(DayCounts { unit_id: key.0, date: key.1, counts })
    })
}

/// Reads reports: `date,unit,expected,received`, or `date,unit,person,reported` with a row a person.
pub fn read_reports(sheet: &Sheet, units: &[Unit], today: NaiveDate) -> Imported<ReportCounts> {
    let frame = match Frame::of(sheet, units, today) {
        Ok(frame) => frame,
        Err(faults) => return Imported { rows: Vec::new(), faults },
    };
    let mut seen = Seen::default();
    if let Some(reported) = sheet.column(&["reported", "lapor", "melapor", "laporan", "terisi"]) {
        let mut days: BTreeMap<Key, (u32, u32)> = BTreeMap::new();
        let read = sheet.each(|row| {
            let key = frame.key(row)?;
            let has_reported = yes_or_no(row.text(Some(reported)));
            let has_reported = has_reported.ok_or_else(|| row.fault(Some(reported), RowReason::NotYesNo))?;
            seen.person(row, &frame, key.1)?;
            let (expected, received) = days.entry(key).or_default();
            *expected += 1;
            *received += u32::from(has_reported);
            Ok(())
        });
        let rows = days.into_iter().map(|((unit_id, date), (expected, received))| ReportCounts {
            unit_id,
            date,
            expected,
            received,
        });
        return Imported { rows: rows.collect(), faults: read.faults };
    }
    let places = [
        sheet.needed(&["expected", "wajib", "wajib_lapor", "reports_expected"]),
        sheet.needed(&["received", "masuk", "sudah", "reports_received"]),
    ];
    let [Ok(expected), Ok(received)] = places else {
        return Imported { rows: Vec::new(), faults: places.into_iter().filter_map(Result::err).collect() };
    };
    sheet.each(|row| {
        let key = frame.key(row)?;
        let count =
            |place: usize| row.count(Some(place))?.ok_or_else(|| row.fault(Some(place), RowReason::Empty));
        let (due, came) = (count(expected)?, count(received)?);
        if came > due {
            return Err(row.fault(Some(received), RowReason::MoreThanExpected));
        }
        seen.day(row, &frame, &key)?;
        Ok(ReportCounts { unit_id: key.0, date: key.1, expected: due, received: came })
    })
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "ya" | "yes" | "y" | "1" | "sudah" | "true" => Some(true),
        "tidak" | "no" | "n" | "0" | "belum" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workforce::sheet::tests::sheet;
    use crate::workforce::unit::tests::unit;

    fn units() -> Vec<Unit> {
        vec![unit("setda", "N"), unit("dinkes", "K")]
    }

    fn today() -> NaiveDate {
        "2021-06-30".parse().unwrap()
    }

    fn refused<T>(read: &Imported<T>) -> Vec<(u64, &str, &'static str)> {
        read.faults.iter().map(|fault| (fault.line, fault.column.as_str(), fault.reason.code())).collect()
    }

    #[test]
    fn a_row_a_person_becomes_counts_and_nothing_of_the_person_is_left() {
        let read = read_attendance(
            &sheet(
                "tanggal,opd,nip,kehadiran\n\
                 2021-06-29,setda,1,WFH\n2021-06-29,setda,2,Piket\n2021-06-29,setda,3,WFO\n\
                 2021-06-29,setda,3,WFO\n2021-06-29,dinkes,9,Dinas Luar\n2021-06-29,setda,4,isolasi\n\
                 2021-06-29,setda,5,positif\n2021-06-29,nowhere,6,WFO\n2021-07-29,setda,6,WFO\n,setda,7,WFO\n",
            ),
            &units(),
            today(),
        );
        assert_eq!(read.rows.len(), 2);
        assert_eq!((read.rows[1].unit_id.as_str(), read.rows[1].counts), ("setda", [1, 1, 0, 1, 1, 0]));
        assert_eq!(
            refused(&read),
            [
                (5, "person", "twice"),
                (8, "kehadiran", "unknown-mode"),
                (9, "opd", "unknown-unit"),
                (10, "tanggal", "in-future"),
                (11, "tanggal", "empty"),
            ]
        );
        assert_eq!(read.faults[0].found, "", "a refusal does not say who");
    }

    #[test]
    fn a_row_a_unit_is_taken_as_it_is() {
        let read = read_attendance(
            &sheet(
                "date,unit,WFO,piket,lapangan,WFH,cuti,alpa\n\
                 2021-06-29,setda,4,1,2,30,1,0\n2021-06-29,setda,4,1,2,30,1,0\n\
                 2021-06-30,setda,,,,,,\n2021-06-30,dinkes,12,,,,,\n2021-06-28,setda,-1,,,,,\n",
            ),
            &units(),
            today(),
        );
        assert_eq!(read.rows.len(), 2);
        assert_eq!(read.rows[0].counts, [4, 1, 2, 30, 1, 0]);
        assert_eq!(
            refused(&read),
            [(3, "unit", "twice"), (4, "unit", "nothing-counted"), (6, "WFO", "not-a-count")]
        );
        let none = read_attendance(&sheet("date,unit,total\n2021-06-29,setda,4"), &units(), today());
        assert_eq!(refused(&none), [(1, "mode", "no-column")]);
        let none = read_attendance(&sheet("hari,wfo\nSenin,4"), &units(), today());
        assert_eq!(refused(&none), [(1, "date", "no-column"), (1, "unit", "no-column")]);
    }

    #[test]
    fn reports_are_counted_from_persons_or_taken_by_unit() {
        let persons = read_reports(
            &sheet(
                "date,unit,nip,lapor\n2021-06-29,setda,1,ya\n2021-06-29,setda,2,belum\n2021-06-29,setda,2,ya\n2021-06-29,setda,3,mungkin",
            ),
            &units(),
            today(),
        );
        assert_eq!((persons.rows[0].expected, persons.rows[0].received), (2, 1));
        assert_eq!(refused(&persons), [(4, "person", "twice"), (5, "lapor", "not-yes-no")]);
        let by_unit = read_reports(
            &sheet(
                "date,unit,wajib,masuk\n2021-06-29,setda,40,37\n2021-06-29,dinkes,4,5\n2021-06-30,dinkes,,5",
            ),
            &units(),
            today(),
        );
        assert_eq!((by_unit.rows[0].expected, by_unit.rows[0].received), (40, 37));
        assert_eq!(refused(&by_unit), [(3, "masuk", "more-than-expected"), (4, "wajib", "empty")]);
        let none = read_reports(&sheet("date,unit\n2021-06-29,setda"), &units(), today());
        assert_eq!(refused(&none), [(1, "expected", "no-column"), (1, "received", "no-column")]);
    }
}
