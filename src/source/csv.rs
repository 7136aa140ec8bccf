//! CSV payloads: bytes and a spec in, rows and refusals out. Pure.
//!
//! Tidy CSV (one figure a row) is the spec's default; a file with several figures a row names its columns under
//! `[values]`. Every refusal says line, column and reason; nothing is dropped silently.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::SourceError;
use super::number::parse_number;
use super::sniff::Looks;
use super::spec::{DateFormat, SourceSpec};
use crate::epi::{LocationId, Locations, Status, Vintage, parse_indonesian_date};
use crate::observation::{Measure, Observation, RawObservation, RejectReason, Rejection};

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
    pub rows: Vec<RawObservation>,
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

type Refusal = (String, RejectReason, String);

struct Reader<'a> {
    spec: &'a SourceSpec,
    zone: Tz,
    received_at: Vintage,
    place: HashMap<String, usize>,
}

/// Parses a CSV payload; figures that say nothing else became known when it was received.
///
/// # Errors
/// [`SourceError::Unreadable`] when the payload as a whole is not what the spec describes: not text, a web
/// page, a column missing.
pub fn parse(bytes: &[u8], spec: &SourceSpec, received: &Received<'_>) -> Result<Parsed, SourceError> {
    let (received_at, zone) = (received.at, received.zone);
    let unreadable = |reason: String| SourceError::Unreadable { spec: spec.id.clone(), reason };
    if let Some(refusal) = Looks::of(bytes).refusal() {
        return Err(unreadable(refusal.to_owned()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| unreadable(format!("it is not UTF-8 text (byte {})", error.valid_up_to())))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut table = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(spec.delimiter).unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = table.headers().map_err(|error| unreadable(error.to_string()))?;
    let place: HashMap<String, usize> =
        header.iter().enumerate().map(|(index, name)| (name.trim().to_owned(), index)).collect();
    if place.len() != header.len() {
        return Err(unreadable("two of its columns have the same name".to_owned()));
    }
    let columns = header.len();
    let reader = Reader { spec, zone, received_at, place };
    reader.check_header().map_err(unreadable)?;
    let mut parsed = Parsed { columns: reader.shape(), ..Parsed::default() };
    for record in table.records() {
        match record {
            Ok(record) => reader.record(&record, columns, &mut parsed),
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                parsed
                    .rejected
                    .push(refusal(row, (String::new(), RejectReason::Unreadable, error.to_string())));
            }
        }
    }
    Ok(parsed)
}

fn refusal(row: u64, (column, reason, detail): Refusal) -> Rejection {
    Rejection { row, column, reason, detail }
}

impl Reader<'_> {
    fn check_header(&self) -> Result<(), String> {
        let columns = &self.spec.columns;
        let mut needed = vec![&columns.date];
        if self.spec.is_wide() {
            needed.extend(self.spec.values.keys());
        } else {
            needed.extend([&columns.measure, &columns.value]);
        }
        if self.spec.location.is_none() {
            needed.push(&columns.location);
        }
        let missing: Vec<&str> =
            needed.into_iter().filter(|name| !self.place.contains_key(*name)).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut found: Vec<&str> = self.place.keys().map(String::as_str).collect();
        found.sort_unstable();
        Err(format!("it has no column {}; it has {}", missing.join(", "), found.join(", ")))
    }

    fn shape(&self) -> Vec<String> {
        let columns = &self.spec.columns;
        let optional = [
            &columns.as_of,
            &columns.source,
            &columns.unit_id,
            &columns.note,
            &columns.date_from,
            &columns.status,
            &columns.address,
        ];
        let mut shape: Vec<String> =
            self.place.keys().filter(|name| !optional.contains(name)).cloned().collect();
        shape.sort_unstable();
        shape
    }

    fn record(&self, record: &csv::StringRecord, columns: usize, parsed: &mut Parsed) {
        let row = record.position().map_or(0, csv::Position::line);
        if record.len() != columns {
            let detail = format!("{} of {columns} cells", record.len());
            parsed.rejected.push(refusal(row, (String::new(), RejectReason::ColumnMissing, detail)));
            return;
        }
        let figures: Vec<(&str, &str)> = if self.spec.is_wide() {
            let cells = self.spec.values.iter().map(|(column, measure)| (column.as_str(), measure.as_str()));
            cells.filter(|(column, _)| !self.cell(record, column).is_empty()).collect()
        } else {
            vec![(self.spec.columns.value.as_str(), self.cell(record, &self.spec.columns.measure))]
        };
        for (column, measure) in figures {
            match self.figure(record, column, measure) {
                Ok(observation) => parsed.rows.push(RawObservation { row, observation }),
                Err(fault) => parsed.rejected.push(refusal(row, fault)),
            }
        }
    }

    fn cell<'r>(&self, record: &'r csv::StringRecord, column: &str) -> &'r str {
        let index = self.place.get(column).copied();
        index.and_then(|index| record.get(index)).unwrap_or_default().trim()
    }

    fn figure(
        &self,
        record: &csv::StringRecord,
        column: &str,
        measure: &str,
    ) -> Result<Observation, Refusal> {
        let columns = &self.spec.columns;
        let unreadable =
            |column: &str, text: &str| (column.to_owned(), RejectReason::Unreadable, text.to_owned());
        let text = |name: &String| self.cell(record, name);
        let date = self.date(&columns.date, text(&columns.date))?;
        let days = match text(&columns.date_from) {
            "" => 1,
            from => self.days(from, date)?,
        };
        let mapped = self.spec.measure_names.get(measure).map_or(measure, String::as_str);
        let measure: Measure = mapped.parse().map_err(|_| unreadable(&columns.measure, mapped))?;
        let value = match self.cell(record, column) {
            "" => None,
            cell => Some(parse_number(cell, self.spec.numbers).ok_or_else(|| unreadable(column, cell))?),
        };
        let as_of = match text(&columns.as_of) {
            "" => self.received_at,
            known => Vintage::parse_known(known, self.zone).map_err(|_| unreadable(&columns.as_of, known))?,
        };
        let status = match text(&columns.status) {
            "" => self.spec.status,
            word => Status::parse(word).ok_or_else(|| unreadable(&columns.status, word))?,
        };
        Ok(Observation {
            location: self.location(text(&columns.location))?,
            unit_id: Some(text(&columns.unit_id)).filter(|unit| !unit.is_empty()).map(str::to_owned),
            measure,
            source: self.source(text(&columns.source))?,
            date,
            days,
            value,
            status,
            as_of,
            note: text(&columns.note).to_owned(),
            address: text(&columns.address).to_owned(),
        })
    }

    fn date(&self, column: &str, text: &str) -> Result<NaiveDate, Refusal> {
        let refused = |detail: String| (column.to_owned(), RejectReason::Unreadable, detail);
        match self.spec.dates {
            DateFormat::Iso => text.parse().map_err(|_| refused(format!("'{text}' (YYYY-MM-DD)"))),
            DateFormat::Indonesian => parse_indonesian_date(text).map_err(|error| refused(error.to_string())),
        }
    }

    fn days(&self, from: &str, to: NaiveDate) -> Result<u32, Refusal> {
        let column = &self.spec.columns.date_from;
        let from = self.date(column, from)?;
        let days = (to - from).num_days() + 1;
        u32::try_from(days)
            .ok()
            .filter(|days| (1..=366).contains(days))
            .ok_or_else(|| (column.clone(), RejectReason::Unreadable, format!("{from} … {to}")))
    }

    fn location(&self, text: &str) -> Result<LocationId, Refusal> {
        if let Some(id) = self.spec.location_names.get(text) {
            return Ok(id.clone());
        }
        match &self.spec.location {
            Some(id) if text.is_empty() => Ok(id.clone()),
            _ if text.is_empty() => {
                Err((self.spec.columns.location.clone(), RejectReason::ColumnMissing, String::new()))
            }
            _ => Ok(LocationId::new(text)),
        }
    }

    fn source(&self, text: &str) -> Result<String, Refusal> {
        let is_known =
            text == self.spec.id || self.spec.sources.is_empty() || self.spec.sources.contains(text);
        match text {
            "" => Ok(self.spec.id.clone()),
            _ if is_known => Ok(text.to_owned()),
            _ => Err((self.spec.columns.source.clone(), RejectReason::Unreadable, text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let values: Vec<_> = parsed.rows.iter().map(|raw| raw.observation.value).collect();
        assert_eq!(values, [Some(81.6), Some(1_833.0)]);
        assert_eq!(parsed.rows[0].observation.date.to_string(), "2021-06-28");
    }

    #[test]
    fn a_weekday_that_does_not_fit_is_refused_with_the_reason() {
        let parsed = read(PAPER, "Tanggal,Positif,BOR\nSenin 26 Juni 2021,1.833,\n").unwrap();
        assert_eq!((parsed.rows.len(), parsed.received()), (0, 1));
        assert!(parsed.rejected[0].detail.contains("2021-06-26 was a Sabtu"));
    }

    #[test]
    fn a_row_that_cannot_be_read_names_its_line_and_column() {
        let payload = "date,location,measure,value\n2021-06-28,3271,cases,447\n28/6/2021,3271,cases,1\n\
            2021-06-27,3271,kasus,1\n2021-06-26,3271,cases,\"1,833\"\n2021-06-25,,cases,1\n2021-06-24,3271\n\
            2021-06-23,3271,cases,\n";
        let parsed = read("", payload).unwrap();
        let refused: Vec<(u64, &str)> = parsed.rejected.iter().map(|r| (r.row, r.column.as_str())).collect();
        assert_eq!(refused, [(3, "date"), (4, "measure"), (5, "value"), (6, "location"), (7, "")]);
        assert_eq!(parsed.rows.iter().map(|r| r.observation.value).collect::<Vec<_>>(), [Some(447.0), None]);
    }

    #[test]
    fn a_payload_of_another_kind_is_refused_whole() {
        assert!(read("", "<!DOCTYPE html><p>502").is_err());
        assert!(read("", "tanggal,nilai\n2021-06-28,5\n").is_err());
        let spec = SourceSpec::parse("id = \"t\"\ntitle = \"t\"").unwrap();
        assert!(received(b"date,\xff\xfe", &spec).is_err());
    }
}
