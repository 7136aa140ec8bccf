//! Officers who take turns on duty: who they are, how they are reached, and on which days they are not available. Why
//! somebody is not available is kept nowhere.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::position::Position;
use super::sheet::{Imported, Row, RowFault, RowReason, Sheet};
use super::unit::{Unit, called};
use crate::epi::Window;

/// An officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The city's own id of a person; not a NIP or NIK.
    pub id: String,
    /// The unit.
    pub unit_id: String,
    /// The name that stands on the roster.
    pub name: String,
    /// The title of the position.
    pub title: String,
    /// Its class.
    pub position: Position,
    /// The telephone that is not switched off.
    pub phone: String,
    /// Days of leave, of a posting, of anything: not available.
    pub away: Vec<Window>,
}

impl Officer {
    /// Whether the officer can be on duty on a day.
    #[must_use]
    pub fn is_available(&self, date: NaiveDate) -> bool {
        !self.away.iter().any(|days| days.contains(date))
    }
}

/// Days on which somebody is not available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// The officer.
    pub officer_id: String,
    /// The days.
    pub days: Window,
}

/// Reads a list of officers: `officer_id,unit,name,title,position,phone`.
///
/// Refused are rows without an id, a name or a telephone, units and positions that nobody knows, and an id twice.
pub fn read_officers(sheet: &Sheet, units: &[Unit]) -> Imported<Officer> {
    let place = |names: &[&str]| sheet.column(names);
    let id = match sheet.needed(&["officer_id", "id", "id_petugas"]) {
        Ok(place) => Some(place),
        Err(fault) => return Imported { rows: Vec::new(), faults: vec![fault] },
    };
    let unit = place(&["unit", "unit_id", "opd", "unit_kerja"]);
    let name = place(&["name", "nama"]);
    let title = place(&["title", "jabatan"]);
    let position = place(&["position", "kelas_jabatan", "eselon"]);
    let phone = place(&["phone", "telepon", "hp", "no_hp"]);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    sheet.each(|row| {
        let officer = Officer {
            id: officer_id(row, id)?,
            unit_id: unit_of(row, unit, units)?,
            name: row.said(name)?,
            title: row.short(title)?,
            position: match row.text(position) {
                "" => Position::Staff,
                text => text.parse().map_err(|_| row.fault(position, RowReason::UnknownPosition))?,
            },
            phone: phone_of(row, phone)?,
            away: Vec::new(),
        };
        match seen.insert(officer.id.clone(), row.line) {
            Some(_) => Err(row.fault(id, RowReason::Twice)),
            None => Ok(officer),
        }
    })
}

/// Reads days on which officers are not available: `officer_id,from,to`. No reason is read.
pub fn read_away(sheet: &Sheet, officers: &[Officer]) -> Imported<Away> {
    let places =
        [&["officer_id", "id", "id_petugas"][..], &["from", "dari", "mulai"], &["to", "sampai", "selesai"]]
            .map(|names| sheet.needed(names));
    let [Ok(id), Ok(from), Ok(to)] = places else {
        let faults = places.into_iter().filter_map(Result::err).collect();
        return Imported { rows: Vec::new(), faults };
    };
    let (id, from, to) = (Some(id), Some(from), Some(to));
    sheet.each(|row| {
        let officer_id = row.said(id)?;
        if !officers.iter().any(|officer| officer.id == officer_id) {
            return Err(row.fault(id, RowReason::UnknownOfficer));
        }
        let days = Window { from: row.day(from)?, to: row.day(to)? };
        if days.to < days.from {
            return Err(row.fault(to, RowReason::EndBeforeStart));
        }
        Ok(Away { officer_id, days })
    })
}

/// An id of letters, digits, dots, hyphens. A NIP (18 digits) or a NIK (16) is none: neither is kept.
fn officer_id(row: &Row<'_>, place: Option<usize>) -> Result<String, RowFault> {
    let id = row.said(place)?;
    let is_plain = id.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)) && id.len() <= 40;
    let is_number_of_a_person = id.len() >= 16 && id.chars().all(|c| c.is_ascii_digit());
    match is_plain && !is_number_of_a_person {
        true => Ok(id),
        false => Err(row.fault(place, RowReason::UnknownOfficer)),
    }
}

/// The unit of a row, by its id or one of its names.
pub(super) fn unit_of(row: &Row<'_>, place: Option<usize>, units: &[Unit]) -> Result<String, RowFault> {
    let name = row.said(place)?;
    let unit = called(units, &name).ok_or_else(|| row.fault(place, RowReason::UnknownUnit))?;
    Ok(unit.unit_id.clone())
}

/// A telephone number: an officer who cannot be called is no officer on duty.
fn phone_of(row: &Row<'_>, place: Option<usize>) -> Result<String, RowFault> {
    let phone = row.said(place)?;
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let is_one = phone.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    match is_one && (5..=15).contains(&digits) {
        true => Ok(phone),
        false => Err(row.fault(place, RowReason::NotAPhone)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::tests::sheet;
    use super::super::unit::tests::unit;
    use super::*;

    #[test]
    fn officers_are_read_and_what_cannot_be_one_is_refused() {
        let units = [unit("setda", "N"), unit("dinkes", "K")];
        let read = read_officers(
            &sheet(
                "id_petugas,opd,nama,jabatan,eselon,hp\n\
                 p-1,setda,Petugas Satu,Kabag Umum,III.a,+62 811 1234567\n\
                 p-2,Dinkes,Petugas Dua,,,0811-222222\n\
                 p-2,dinkes,Petugas Dua,,,0811-222222\n\
                 p-3,nowhere,Petugas,,,081122\n\
                 p-4,setda,,,,081122\n\
                 p-5,setda,Petugas,,kepala,081122\n\
                 p-6,setda,Petugas,,,tidak ada\n\
                 196501011990031001,setda,Petugas,,,081122\n",
            ),
            &units,
        );
        assert_eq!(read.rows.len(), 2);
        assert_eq!((read.rows[0].position, read.rows[1].position), (Position::Eselon3, Position::Staff));
        let refused: Vec<_> = read.faults.iter().map(|fault| (fault.line, fault.reason.code())).collect();
        assert_eq!(
            refused,
            [
                (4, "twice"),
                (5, "unknown-unit"),
                (6, "empty"),
                (7, "unknown-position"),
                (8, "not-a-phone"),
                (9, "unknown-officer"),
            ]
        );
        let away = read_away(
            &sheet(
                "id,dari,sampai\np-1,2021-07-01,2021-07-05\np-9,2021-07-01,2021-07-05\np-1,2021-07-05,2021-07-01",
            ),
            &read.rows,
        );
        assert_eq!(away.rows.len(), 1);
        let refused: Vec<_> = away.faults.iter().map(|fault| (fault.line, fault.reason.code())).collect();
        assert_eq!(refused, [(3, "unknown-officer"), (4, "end-before-start")]);
        let none = read_away(&sheet("id\np-1"), &read.rows);
        assert_eq!(none.faults.iter().map(|fault| fault.column.as_str()).collect::<Vec<_>>(), ["from", "to"]);
        let officer = Officer { away: vec![away.rows[0].days], ..read.rows[0].clone() };
        let is_there = |day: &str| officer.is_available(day.parse().unwrap());
        assert!(is_there("2021-06-30") && !is_there("2021-07-01") && !is_there("2021-07-05"));
    }
}
