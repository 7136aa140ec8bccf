//! From a payload to figures: bytes and a spec in, rows and refusals out. Pure.
//!
//! The bytes are looked at first, then a reader makes records of them, then the records are shaped into figures. Tidy CSV
//! (one figure a row) is the spec's default.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::SourceError;
use super::read::{read_csv, read_json, read_xlsx};
use super::shape::Shaper;
use super::sniff::Looks;
use super::spec::{PayloadFormat, SourceSpec};
use crate::epi::{Locations, Vintage};
use crate::observation::{Figures, Rejection};
use crate::text::Reason;

/// How a payload came, and the names it may use.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// When.
    pub at: Vintage,
    /// The city's time zone.
    pub zone: Tz,
    /// Its address or the name of its file.
    pub name: &'a str,
    /// The day its figures are for, told by hand where the payload does not say.
    pub date: Option<NaiveDate>,
    /// The places that are known, by code and by name.
    pub locations: &'a Locations,
    /// The work units that are known: name, in lower case and with single blanks, and id.
    pub units: &'a BTreeMap<String, String>,
}

/// What a payload holds.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Figures that can be read.
    pub rows: Figures,
    /// Figures that cannot.
    pub rejected: Vec<Rejection>,
    /// Rows that the spec says to leave out.
    pub skipped: u64,
    /// The payload's shape: its column names, sorted. Columns that are days count as one, `<date>`; those that the
    /// spec names and may be left out do not count.
    pub columns: Vec<String>,
}

impl Parsed {
    /// How many figures the payload holds, readable or not.
    #[must_use]
    pub fn received(&self) -> usize {
        self.rows.len() + self.rejected.len()
    }
}

/// Parses a payload; figures that say nothing else became known when it was received.
///
/// # Errors
/// [`SourceError::Unreadable`] when the payload as a whole is not what the spec describes: another form, a web page, a
/// column missing.
pub fn parse(bytes: &[u8], spec: &SourceSpec, received: &Received<'_>) -> Result<Parsed, SourceError> {
    let unreadable = |reason: Reason| SourceError::Unreadable { spec: spec.id.clone(), reason };
    let looks = Looks::of(bytes);
    if let Some(refusal) = looks.refusal(spec.format) {
        return Err(unreadable(refusal));
    }
    let mut shaper = Shaper::new(spec, received).map_err(unreadable)?;
    match spec.format {
        PayloadFormat::Table if looks == Looks::Archive => read_xlsx(bytes, spec, &mut shaper),
        PayloadFormat::Csv | PayloadFormat::Table => read_csv(bytes, spec, &mut shaper),
        PayloadFormat::Json => read_json(bytes, &spec.records, &spec.named_columns(), &mut shaper),
        PayloadFormat::Xlsx => read_xlsx(bytes, spec, &mut shaper),
    }
    .map_err(unreadable)?;
    Ok(shaper.parsed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::RejectReason;
    use chrono_tz::Asia::Jakarta;

    fn received(payload: &[u8], spec: &SourceSpec) -> Result<Parsed, SourceError> {
        let received = Received {
            at: Vintage::parse_as_of("2021-06-30", Jakarta).unwrap(),
            zone: Jakarta,
            name: "figures.csv",
            date: None,
            locations: &Locations::default(),
            units: &BTreeMap::new(),
        };
        parse(payload, spec, &received)
    }

    fn read(spec: &str, payload: &str) -> Result<Parsed, SourceError> {
        let spec = SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\n{spec}")).unwrap();
        received(payload.as_bytes(), &spec)
    }

    const PAPER: &str = "dates = \"indonesian\"\nnumbers = \"indonesian\"\nlocation = \"3271\"\n\
        [columns]\ndate = \"Tanggal\"\n[values]\n\"Positif\" = \"cases_total\"\n\"BOR\" = \"bed_occupancy_pct\"\n";

    #[test]
    fn indonesian_numbers_and_dates_are_read() {
        let parsed = read(PAPER, "Tanggal,Positif,BOR\n\"Senin, 28 Juni 2021\",1.833,\"81,6\"\n").unwrap();
        let values: Vec<_> = parsed.rows.raw().map(|raw| raw.observation.value).collect();
        assert_eq!(values, [Some(81.6), Some(1_833.0)]);
        assert_eq!(parsed.rows.raw().next().unwrap().observation.date.to_string(), "2021-06-28");
    }

    #[test]
    fn a_weekday_that_does_not_fit_is_refused_with_the_reason() {
        let parsed = read(PAPER, "Tanggal,Positif,BOR\nSenin 26 Juni 2021,1.833,\n").unwrap();
        assert_eq!((parsed.rows.len(), parsed.received()), (0, 1));
        let refused = &parsed.rejected[0];
        assert_eq!(refused.reason, RejectReason::WrongWeekday);
        assert_eq!(refused.detail, "Senin 26 Juni 2021 ≠ Sabtu (2021-06-26)");
    }

    #[test]
    fn a_row_that_cannot_be_read_names_its_line_and_column() {
        let payload = "date,location,measure,value\n2021-06-28,3271,cases,447\n28/6/2021,3271,cases,1\n\
            2021-06-27,3271,kasus,1\n2021-06-26,3271,cases,\"1,833\"\n2021-06-25,,cases,1\n2021-06-24,3271\n\
            2021-06-23,3271,cases,\n";
        let parsed = read("", payload).unwrap();
        let refused: Vec<(u64, &str)> = parsed.rejected.iter().map(|r| (r.row, r.column.as_str())).collect();
        assert_eq!(refused, [(3, "date"), (4, "measure"), (5, "value"), (6, "location"), (7, "")]);
        assert_eq!(parsed.rows.raw().map(|r| r.observation.value).collect::<Vec<_>>(), [Some(447.0), None]);
    }

    #[test]
    fn a_payload_of_another_kind_is_refused_whole() {
        assert!(read("", "<!DOCTYPE html><p>502").is_err());
        assert!(read("", "tanggal,nilai\n2021-06-28,5\n").is_err());
        let spec = SourceSpec::parse("id = \"t\"\ntitle = \"t\"").unwrap();
        assert!(received(b"date,\xff\xfe", &spec).is_err());
    }

    fn refused(spec: &str, payload: &[u8]) -> String {
        let spec = SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\n{spec}")).unwrap();
        received(payload, &spec).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn what_the_format_does_not_expect_is_refused_by_name() {
        let tidy = "date,location,measure,value\n".as_bytes();
        assert!(refused("format = \"xlsx\"", tidy).contains("it is plain text, not a workbook"));
        assert!(refused("format = \"json\"", tidy).contains("it is not JSON"));
        assert!(refused("", b"{\"data\": []}").contains("it is JSON, not a CSV table"));
        assert!(refused("", b"PK\x03\x04rest").contains("a workbook (XLSX), not a CSV table"));
        assert!(refused("format = \"xlsx\"", b"PK\x03\x04rest").contains("it is no workbook"));
        assert!(refused("format = \"json\"", b"<html>").contains("a web page, not JSON"));
        assert!(refused("", b"").contains("it has no column names"));
    }

    #[test]
    fn csv_of_any_make_is_read() {
        let wide = "location = \"3271\"\n[values]\n\"Kasus baru\" = \"cases\"\n";
        let cases = |spec: &str, payload: &[u8]| -> Vec<(u64, Option<f64>)> {
            let spec = SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\n{spec}{wide}")).unwrap();
            let parsed = received(payload, &spec).unwrap();
            assert!(parsed.rejected.is_empty(), "{:?}", parsed.rejected);
            parsed.rows.raw().map(|raw| (raw.row, raw.observation.value)).collect()
        };
        let both = [(2, Some(1.0)), (3, Some(2.0))];
        // Line ends of three kinds in one file, and a mark at its start.
        assert_eq!(cases("", b"\xef\xbb\xbfdate,Kasus baru\r\n2021-06-01,1\r2021-06-02,2\n"), both);
        assert_eq!(
            cases("delimiter = \";\"\nquote = \"'\"\n", b"date;Kasus baru\n'2021-06-01';1\n2021-06-02;'2'"),
            both
        );
        let old = b"date,Kasus baru,Caf\xe9\n2021-06-01,1,\n2021-06-02,2,\n";
        assert_eq!(cases("encoding = \"windows-1252\"\n", old), both);
        // Titles above the names; a cell with a line break counts as two lines.
        let titled = b"Laporan\n\ndate,Kasus baru,x\n2021-06-01,1,\"a\nb\"\n2021-06-02,2,\n";
        assert_eq!(cases("header_row = 3\n", titled), [(4, Some(1.0)), (6, Some(2.0))]);
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_save_it() {
        let table = "format = \"table\"\ndelimiters = [\";\", \",\", \"\\t\"]\nencoding = \"utf-8-or-windows-1252\"\n\
            dates = \"spreadsheet\"\nnumbers = \"indonesian\"\nlocation = \"3271\"\noptional_values = true\n\
            others_refused = true\ncolumns_left_out = [\"No\"]\n[columns]\ndate = \"Tanggal\"\n\
            [also_called]\nTanggal = [\"Hari\"]\nBaru = [\"Kasus baru\"]\n[values]\nBaru = \"cases\"\nAktif = \"active\"\n";
        let spec = SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\n{table}")).unwrap();
        let read = |payload: &[u8]| {
            let parsed = received(payload, &spec).unwrap();
            let values: Vec<_> =
                parsed.rows.rows().iter().map(|figure| (u64::from(figure.row), figure.value)).collect();
            let refused: Vec<_> =
                parsed.rejected.iter().map(|r| (r.row, r.reason, r.detail.clone())).collect();
            (values, refused)
        };
        use RejectReason::{CellCount, UnknownColumn};
        // A row that ends early, one of blanks, one touched beyond the table, and one that has a cell too many.
        let ragged = b"No;TANGGAL;kasus-baru\n1;28 Juni 2021;1.833\n2;27/6/2021\n;;\n3;26-Jun-21;5;;\n4;25/6/2021;5;;x\n";
        assert_eq!(
            read(ragged),
            (vec![(2, Some(1_833.0)), (5, Some(5.0))], vec![(6, CellCount, "5 / 3".to_owned())])
        );
        let named = b"Hari,\"Aktif\",Suspek\n2021-06-28,\"1,0\",3\n";
        assert_eq!(read(named), (vec![(2, Some(1.0))], vec![(1, UnknownColumn, "Suspek".to_owned())]));
        let old = b"Hari\tAktif\tNo\n2021-06-28\t7\tn\xb0 1\n";
        assert_eq!(read(old), (vec![(2, Some(7.0))], vec![]));
        let refusal = |payload: &[u8]| received(payload, &spec).map(|_| ()).unwrap_err().to_string();
        assert!(
            refusal(b"Hari;Suspek\n").contains("no column of figures that is known; it has Hari, Suspek")
        );
        assert!(refusal(b"Baru;Aktif\n").contains("no column Tanggal"));
        assert!(refusal(b"Hari;Baru;Kasus Baru\n").contains("two of its columns are Baru"));
        assert!(refusal(b"{\"data\": []}").contains("it is JSON, not a table (CSV or XLSX)"));
    }

    #[test]
    fn columns_without_names_are_counted() {
        let spec = "header_row = 0\ndelimiter = \"\\t\"\ndates = \"received\"\nlocations_by = \"code\"\n\
            [columns]\nlocation = \"#1\"\n[values]\n\"#2\" = \"zone\"\n[value_names]\n\"RISIKO SEDANG\" = 2\n";
        let parsed = read(spec, "3271\tRISIKO SEDANG\n6474\tRISIKO SEDANG").unwrap();
        assert_eq!(parsed.rows.len(), 2);
        assert_eq!(
            (parsed.rows.raw().next().unwrap().row, parsed.rows.raw().next().unwrap().observation.value),
            (1, Some(2.0))
        );
        assert_eq!(parsed.rows.raw().next().unwrap().observation.date.to_string(), "2021-06-30");
        assert_eq!(parsed.columns, ["#1", "#2"]);
    }

    #[test]
    fn json_is_read_by_paths() {
        let spec = "format = \"json\"\nrecords = \"/data/*\"\ndates = \"epoch_ms\"\nmissing = [\"NA\"]\n\
            [columns]\nlocation = \"@key\"\ndate = \"at\"\nas_of = \"/made\"\n\
            [values]\n\"new/value\" = \"cases\"\nall = \"cases_total\"\n";
        let payload = r#"{"made": "2021-06-29", "data": {
            "3271": [{"at": 1624838400000, "new": {"value": 447}, "all": 20015}, {"at": 1624752000000, "new": {"value": null}, "all": "NA"}],
            "6474": [{"at": 1624838400000, "new": {"value": true}, "all": "x"}]}}"#;
        let parsed = read(spec, payload).unwrap();
        let said: Vec<_> = parsed.rows.iter().map(|o| (o.location.to_string(), o.value)).collect();
        assert_eq!(said, [("3271".to_owned(), Some(20_015.0)), ("3271".to_owned(), Some(447.0))]);
        assert_eq!(parsed.rows.raw().next().unwrap().observation.date.to_string(), "2021-06-28");
        assert_eq!(parsed.rows.raw().next().unwrap().observation.as_of.to_string(), "2021-06-28T17:00:00Z");
        let refused: Vec<_> =
            parsed.rejected.iter().map(|r| (r.row, r.column.as_str(), r.detail.as_str())).collect();
        assert_eq!(refused, [(3, "all", "x"), (3, "new/value", "true")]);
        assert_eq!(parsed.columns, ["@key", "all", "at", "new/value"]);
        let moved = payload.replace("\"new\"", "\"baru\"");
        assert!(self::refused(spec, moved.as_bytes()).contains("no column new/value"));
        assert!(self::refused(spec, b"{\"data\": []}").contains("no records at '/data/*'"));
        assert!(self::refused(spec, b"{\"data\": ").contains("it is not JSON"));
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(self::refused(spec, deep.as_bytes()).contains("it is not JSON"));
    }

    #[test]
    fn rows_are_kept_skipped_and_counted() {
        let spec = "skip_rows_like = [\"total\"]\n[keep]\nkind = [\"kota\"]\n[skip]\nnote = [\"wrong\"]\n";
        let payload = "location,kind,date,measure,value,note\n3271,kota,2021-06-01,cases,1,\n\
            3271,kab,2021-06-02,cases,1,\n3271,kota,2021-06-03,cases,1,wrong\nTOTAL JABAR,kota,2021-06-04,cases,1,\n";
        let parsed = read(spec, payload).unwrap();
        assert_eq!((parsed.rows.len(), parsed.skipped, parsed.rejected.len()), (1, 3, 0));
    }

    #[test]
    fn lumps_months_and_weeks_say_how_many_days_they_cover() {
        let days = |spec: &str, payload: &str| -> Vec<(String, u32)> {
            let parsed = read(spec, payload).unwrap();
            parsed.rows.raw().map(|raw| (raw.observation.date.to_string(), raw.observation.days)).collect()
        };
        let parts = "location = \"3271\"\n[date_parts]\nyear = \"Tahun\"\nmonth = \"Bulan\"\n[values]\nBaru = \"cases\"\n";
        assert_eq!(
            days(parts, "Tahun,Bulan,Baru\n2021,2,3321\n2021,JUNI,3133\n"),
            [("2021-02-28".to_owned(), 28), ("2021-06-30".to_owned(), 30)]
        );
        let whole = read(parts, "Tahun,Bulan,Baru\n2021,13,1\n").unwrap();
        assert_eq!(whole.rejected[0].detail, "2021 13");
        let week = "dates = \"iso_week\"\nlocation = \"3271\"\n[columns]\ndate = \"w\"\n[values]\na = { measure = \"deaths\", days = 7 }\n";
        assert_eq!(days(week, "w,a\n2021-05,8\n"), [("2021-02-07".to_owned(), 7)]);
        let shifted = "dates = \"day_first\"\ndate_shift_days = -1\nlocation = \"3271\"\n[columns]\ndate = \"d\"\n[values]\na = \"cases_7d\"\n";
        assert_eq!(days(shifted, "d,a\n08/02/2021,8\n"), [("2021-02-07".to_owned(), 1)]);
    }

    #[test]
    fn the_day_may_stand_in_the_name_or_be_told() {
        let spec = SourceSpec::parse(
            "id = \"t\"\ntitle = \"t\"\nlocation = \"3271\"\ndate_from_name = '_(\\d{8})\\.'\n[values]\na = \"cases\"\n",
        )
        .unwrap();
        let at = Vintage::parse_as_of("2021-06-30", Jakarta).unwrap();
        let named = |name: &str, date: Option<&str>| {
            let (locations, units) = (Locations::default(), BTreeMap::new());
            let date = date.map(|date| date.parse().unwrap());
            let received = Received { at, zone: Jakarta, name, date, locations: &locations, units: &units };
            let parsed = parse(b"a\n5\n", &spec, &received);
            parsed
                .map(|parsed| parsed.rows.raw().next().unwrap().observation.date.to_string())
                .map_err(|error| error.to_string())
        };
        assert_eq!(named("kasus_20210628.csv", None), Ok("2021-06-28".to_owned()));
        assert_eq!(named("kasus.csv", Some("2021-06-27")), Ok("2021-06-27".to_owned()));
        assert!(named("kasus.csv", None).unwrap_err().contains("does not say the day"));
        assert!(named("kasus_20211328.csv", None).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn units_are_found_by_name_and_unknown_ones_refused() {
        let spec = SourceSpec::parse(
            "id = \"t\"\ntitle = \"t\"\nlocation = \"3271\"\nunits_by = \"name\"\n[unit_names]\nDinkes = \"dinkes\"\n\
             [columns]\nunit_id = \"OPD\"\n[values]\na = \"staff_cases\"\n",
        )
        .unwrap();
        let units = BTreeMap::from([("dinas perhubungan".to_owned(), "dishub".to_owned())]);
        let locations = Locations::default();
        let at = Vintage::parse_as_of("2021-06-30", Jakarta).unwrap();
        let received =
            Received { at, zone: Jakarta, name: "", date: None, locations: &locations, units: &units };
        let payload =
            b"date,OPD,a\n2021-06-28,Dinkes,1\n2021-06-28,DINAS  PERHUBUNGAN,2\n2021-06-28,Dinas Lain,3\n";
        let parsed = parse(payload, &spec, &received).unwrap();
        let units: Vec<_> = parsed.rows.raw().map(|raw| raw.observation.unit_id.clone().unwrap()).collect();
        assert_eq!(units, ["dinkes", "dishub"]);
        assert_eq!((parsed.rejected[0].row, parsed.rejected[0].reason), (4, RejectReason::UnknownUnit));
    }
}
