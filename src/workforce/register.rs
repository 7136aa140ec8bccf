//! Reading the register of units as the personnel system (Simpeg) writes it: names, category, head, and dated head-counts
//! by class of staff and position. One row is one unit on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::sheet::{Imported, Row, RowFault, RowReason, Sheet};
use super::tally::Tally;
use super::unit::{Service, Unit, called};
use crate::epi::LocationId;

/// A unit as a row of the register gives it. What the row does not say keeps what was known.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    /// The unit with what the row says of it.
    pub unit: Unit,
    /// The day of its head-count.
    pub date: NaiveDate,
    /// What was counted; empty if nothing was.
    pub counts: BTreeMap<Tally, u32>,
    /// Whether the register did not have it before.
    pub is_new: bool,
}

/// The places of the columns.
struct Columns {
    id: Option<usize>,
    name: Option<usize>,
    name_en: Option<usize>,
    category: Option<usize>,
    parent: Option<usize>,
    aliases: Option<usize>,
    head: Option<usize>,
    superior: Option<usize>,
    contact: Option<usize>,
    date: Option<usize>,
    tallies: Vec<(Tally, usize)>,
}

/// Other names of the columns of head-counts.
const TALLY_NAMES: [(Tally, &[&str]); 10] = [
    (Tally::Asn, &["asn", "headcount", "jumlah", "jumlah_asn", "jumlah_pegawai"]),
    (Tally::Pns, &["pns", "jumlah_pns"]),
    (Tally::Pppk, &["pppk", "p3k", "jumlah_pppk"]),
    (Tally::Tkd, &["tkd", "honorer", "tenaga_kontrak"]),
    (Tally::Bumd, &["bumd"]),
    (Tally::Eselon2, &["eselon_2", "eselon_ii"]),
    (Tally::Eselon3, &["eselon_3", "eselon_iii"]),
    (Tally::Eselon4, &["eselon_4", "eselon_iv"]),
    (Tally::Functional, &["functional", "fungsional", "jf"]),
    (Tally::Staff, &["staff", "pelaksana"]),
];

impl Columns {
    fn of(sheet: &Sheet) -> Result<Self, RowFault> {
        let id = sheet.column(&["unit_id", "kode_unit", "kode_opd", "kode"]);
        let name = sheet.column(&["name", "unit", "nama_unit", "nama_opd", "opd", "unit_kerja"]);
        if id.is_none() && name.is_none() {
            sheet.needed(&["unit_id"])?;
        }
        let tallies = TALLY_NAMES.iter().filter_map(|(tally, names)| Some((*tally, sheet.column(names)?)));
        Ok(Self {
            id,
            name,
            name_en: sheet.column(&["name_en"]),
            category: sheet.column(&["category", "kategori"]),
            parent: sheet.column(&["parent", "induk"]),
            aliases: sheet.column(&["aliases", "alias", "singkatan"]),
            head: sheet.column(&["head", "pimpinan", "kepala"]),
            superior: sheet.column(&["superior", "atasan_langsung", "atasan"]),
            contact: sheet.column(&["contact", "kontak", "telepon"]),
            date: sheet.column(&["date", "headcount_date", "tanggal", "per_tanggal"]),
            tallies: tallies.collect(),
        })
    }
}

/// Reads the register. `known` are the units there are; `day` is the day of counts where the table does not say.
///
/// Refused are rows that name no unit, a category nobody knows, a parent that is not there, numbers that are none, a unit
/// twice on one day, a day ahead of `today`, and an ASN that is not PNS and PPPK together.
pub fn read_units(
    sheet: &Sheet,
    (known, location): (&[Unit], &LocationId),
    (day, today): (NaiveDate, NaiveDate),
) -> Imported<UnitRow> {
    let columns = match Columns::of(sheet) {
        Ok(columns) => columns,
        Err(fault) => return Imported { rows: Vec::new(), faults: vec![fault] },
    };
    let mut all = known.to_vec();
    let mut seen: BTreeMap<(String, NaiveDate), u64> = BTreeMap::new();
    sheet.each(|row| {
        let read = unit_row(row, &columns, (&all, location), (day, today))?;
        let key = (read.unit.unit_id.clone(), read.date);
        if seen.insert(key, row.line).is_some() {
            return Err(row.fault(columns.id.or(columns.name), RowReason::Twice));
        }
        if read.is_new {
            all.push(read.unit.clone());
        }
        Ok(read)
    })
}

fn unit_row(
    row: &Row<'_>,
    columns: &Columns,
    (known, location): (&[Unit], &LocationId),
    (day, today): (NaiveDate, NaiveDate),
) -> Result<UnitRow, RowFault> {
    let found = [columns.id, columns.name]
        .into_iter()
        .find_map(|place| called(known, row.text(place)).filter(|_| !row.text(place).is_empty()));
    let mut unit = match found {
        Some(unit) => unit.clone(),
        None => new_unit(row, columns, location)?,
    };
    let fill = |place: Option<usize>, field: &mut String| -> Result<(), RowFault> {
        let text = row.short(place)?;
        if !text.is_empty() {
            *field = text;
        }
        Ok(())
    };
    if found.is_none_or(|unit| columns.id.is_some() && row.text(columns.id) == unit.unit_id) {
        fill(columns.name, &mut unit.name)?;
    }
    fill(columns.name_en, &mut unit.name_en)?;
    fill(columns.aliases, &mut unit.aliases)?;
    fill(columns.head, &mut unit.head)?;
    fill(columns.superior, &mut unit.superior)?;
    fill(columns.contact, &mut unit.contact)?;
    if !row.text(columns.category).is_empty() {
        let service = Service::of(row.text(columns.category));
        let service = service.ok_or_else(|| row.fault(columns.category, RowReason::UnknownCategory))?;
        service.as_str().clone_into(&mut unit.category);
    }
    if !row.text(columns.parent).is_empty() {
        let parent = called(known, row.text(columns.parent)).filter(|parent| parent.unit_id != unit.unit_id);
        let parent = parent.ok_or_else(|| row.fault(columns.parent, RowReason::UnknownUnit))?;
        unit.parent = Some(parent.unit_id.clone());
    }
    let date = if row.text(columns.date).is_empty() { day } else { row.day(columns.date)? };
    if date > today {
        return Err(row.fault(columns.date, RowReason::InFuture));
    }
    Ok(UnitRow { counts: counted(row, columns)?, unit, date, is_new: found.is_none() })
}

/// A unit that the register does not have: it needs an id, a name and a category.
fn new_unit(row: &Row<'_>, columns: &Columns, location: &LocationId) -> Result<Unit, RowFault> {
    let id =
        row.said(columns.id).map_err(|_| row.fault(columns.id.or(columns.name), RowReason::UnknownUnit))?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if !id.chars().all(is_plain) {
        return Err(row.fault(columns.id, RowReason::UnknownUnit));
    }
    let category = row.said(columns.category)?;
    Ok(Unit {
        unit_id: id,
        location: location.clone(),
        name: row.said(columns.name)?,
        name_en: String::new(),
        category,
        parent: None,
        headcount: None,
        headcount_date: None,
        headcount_status: String::new(),
        source: "register".to_owned(),
        aliases: String::new(),
        head: String::new(),
        superior: String::new(),
        contact: String::new(),
    })
}

fn counted(row: &Row<'_>, columns: &Columns) -> Result<BTreeMap<Tally, u32>, RowFault> {
    let mut counts = BTreeMap::new();
    for (tally, place) in &columns.tallies {
        if let Some(count) = row.count(Some(*place))? {
            counts.insert(*tally, count);
        }
    }
    let of = |tally: Tally| counts.get(&tally).copied();
    if let (Some(asn), Some(pns), Some(pppk)) = (of(Tally::Asn), of(Tally::Pns), of(Tally::Pppk))
        && asn != pns + pppk
    {
        let place = columns.tallies.iter().find(|(tally, _)| *tally == Tally::Asn).map(|(_, place)| *place);
        return Err(row.fault(place, RowReason::DoesNotAddUp));
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::super::sheet::tests::sheet;
    use super::super::unit::tests::unit;
    use super::*;

    fn read(text: &str) -> Imported<UnitRow> {
        let mut bkpsdm = unit("bkpsdm", "N");
        bkpsdm.aliases = "BKPSDA".to_owned();
        let known = [bkpsdm, unit("dinkes", "K")];
        let days = ("2021-06-01".parse().unwrap(), "2021-06-28".parse().unwrap());
        read_units(&sheet(text), (&known, &LocationId::new("3271")), days)
    }

    #[test]
    fn a_simpeg_list_is_read_by_code_or_name_with_counts_by_class() {
        let read = read(
            "kode_unit,nama_unit,kategori,induk,pimpinan,atasan_langsung,tanggal,PNS,PPPK,TKD,Eselon II,pelaksana\n\
             ,BKPSDA,,,Kepala BKPSDM,Sekda,2021-05-01,40,2,5,1,20\n\
             puskesmas,Puskesmas,k,dinkes,,,,300,,,,\n",
        );
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        let one = &read.rows[0];
        assert_eq!(
            (one.unit.unit_id.as_str(), one.unit.name.as_str(), one.is_new),
            ("bkpsdm", "bkpsdm", false)
        );
        assert_eq!((one.unit.head.as_str(), one.unit.superior.as_str()), ("Kepala BKPSDM", "Sekda"));
        assert_eq!(one.date.to_string(), "2021-05-01");
        let counts =
            [(Tally::Pns, 40), (Tally::Pppk, 2), (Tally::Tkd, 5), (Tally::Eselon2, 1), (Tally::Staff, 20)];
        assert_eq!(one.counts, counts.into_iter().collect());
        let two = &read.rows[1];
        assert_eq!((two.unit.category.as_str(), two.unit.parent.as_deref()), ("K", Some("dinkes")));
        assert!(two.is_new && two.date.to_string() == "2021-06-01", "the day that was said for the file");
        assert_eq!(two.counts.len(), 1, "an empty cell was not counted");
    }

    #[test]
    fn every_row_that_cannot_be_is_refused_with_its_line_and_reason() {
        let read = read(
            "unit_id,name,category,parent,date,asn,pns,pppk\n\
             nowhere,,N,,,1,,\n\
             dinkes,,Q,,,1,,\n\
             dinkes,,,setda,,1,,\n\
             dinkes,,,dinkes,,1,,\n\
             dinkes,,,,2021-07-01,1,,\n\
             dinkes,,,,31 Juni 2021,1,,\n\
             dinkes,,,,,1.5,,\n\
             dinkes,,,,,10,5,4\n\
             dinkes,,,,,10,5,5\n\
             dinkes,,,,,11,,\n\
             Big Office,Big,N,,,1,,\n",
        );
        let refused: Vec<_> =
            read.faults.iter().map(|f| (f.line, f.column.as_str(), f.reason.code())).collect();
        assert_eq!(
            refused,
            [
                (2, "name", "empty"),
                (3, "category", "unknown-category"),
                (4, "parent", "unknown-unit"),
                (5, "parent", "unknown-unit"),
                (6, "date", "in-future"),
                (7, "date", "not-a-day"),
                (8, "asn", "not-a-count"),
                (9, "asn", "does-not-add-up"),
                (11, "unit_id", "twice"),
                (12, "unit_id", "unknown-unit"),
            ]
        );
        assert_eq!(read.rows.len(), 1);
    }

    #[test]
    fn a_table_without_units_is_refused_as_a_whole() {
        let read = read("tanggal,pns\n2021-05-01,3\n");
        assert_eq!((read.rows.len(), read.faults.len()), (0, 1));
        assert_eq!((read.faults[0].line, read.faults[0].reason.code()), (1, "no-column"));
    }
}
