//! The figures of one payload as a table of numbers: a text that comes again and again (where, by whom, a remark) is held
//! once and named by its number.
//!
//! Millions of figures pass through it on their way from the parser to the store; [`Observation`] is one of them written out.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Observation, RawObservation, SeriesKey};
use crate::epi::{Status, Vintage};

/// One figure; what it is of stands in the table it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Line of the payload, counted from 1.
    pub row: u32,
    /// The number of its series.
    pub series: u32,
    /// The number of the remark for readers.
    pub note: u32,
    /// The number of the page it was taken from.
    pub address: u32,
    /// The day it is for; of a lump, the last day.
    pub date: NaiveDate,
    /// How many days it covers.
    pub days: u32,
    /// When it became known.
    pub as_of: Vintage,
    /// The figure; `None` is "reported as missing".
    pub value: Option<f64>,
    /// Printed, derived or reconstructed.
    pub status: Status,
}

impl Figure {
    /// Where its series stands in [`Figures::series`].
    #[must_use]
    pub fn series_at(&self) -> usize {
        self.series as usize
    }
}

/// Figures, and what they are of.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    series: Vec<SeriesKey>,
    series_numbers: HashMap<SeriesKey, u32>,
    texts: Vec<String>,
    text_numbers: HashMap<String, u32>,
    rows: Vec<Figure>,
}

impl Figures {
    /// The number of a series; a new one if it has none.
    pub fn series_number(&mut self, key: SeriesKey) -> u32 {
        if let Some(number) = self.series_numbers.get(&key) {
            return *number;
        }
        let number = numbered(self.series.len());
        self.series.push(key.clone());
        self.series_numbers.insert(key, number);
        number
    }

    /// The number of a text; a new one if it has none. The empty text is 0.
    pub fn text_number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.text_numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = numbered(self.texts.len());
        self.text_numbers.insert(text.to_owned(), number);
        number
    }

    /// The same figures with some series named otherwise; two series that are one then are one.
    #[must_use]
    pub fn renamed(self, rename: impl Fn(&mut SeriesKey)) -> Self {
        let mut named = Self { texts: self.texts, text_numbers: self.text_numbers, ..Self::default() };
        let number = |mut key: SeriesKey| {
            rename(&mut key);
            named.series_number(key)
        };
        let numbers: Vec<u32> = self.series.into_iter().map(number).collect();
        let rows = self.rows.into_iter();
        named.rows = rows.map(|figure| Figure { series: numbers[figure.series_at()], ..figure }).collect();
        named
    }

    /// Adds a figure made with this table's numbers.
    pub fn push(&mut self, figure: Figure) {
        self.rows.push(figure);
    }

    /// Adds a figure written out, of a line of the payload.
    pub fn add(&mut self, row: u32, o: &Observation) {
        let series = self.series_number(SeriesKey::of(o));
        let (note, address) = (self.text_number(&o.note), self.text_number(&o.address));
        let Observation { date, days, as_of, value, status, .. } = *o;
        self.push(Figure { row, series, note, address, date, days, as_of, value, status });
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The figures.
    #[must_use]
    pub fn rows(&self) -> &[Figure] {
        &self.rows
    }

    /// Every series by its number; of some there may be no figure any more.
    #[must_use]
    pub fn series(&self) -> &[SeriesKey] {
        &self.series
    }

    /// The series of which there are figures, by number.
    pub fn series_in_use(&self) -> impl Iterator<Item = &SeriesKey> {
        let mut is_used = vec![false; self.series.len()];
        for figure in &self.rows {
            is_used[figure.series_at()] = true;
        }
        self.series.iter().zip(is_used).filter_map(|(key, is_used)| is_used.then_some(key))
    }

    /// The series a figure belongs to.
    #[must_use]
    pub fn key(&self, figure: &Figure) -> &SeriesKey {
        &self.series[figure.series_at()]
    }

    /// A text by its number.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        let place = (number as usize).checked_sub(1);
        place.and_then(|place| self.texts.get(place)).map_or("", String::as_str)
    }

    /// The figures written out, one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Observation> {
        self.rows.iter().map(|figure| self.written_out(figure))
    }

    /// Those that were known by a moment, written out.
    pub fn known_by(&self, as_of: Vintage) -> impl Iterator<Item = Observation> {
        let known = self.rows.iter().filter(move |figure| figure.as_of <= as_of);
        known.map(|figure| self.written_out(figure))
    }

    /// The same with the line of the payload that each stands in.
    pub fn raw(&self) -> impl ExactSizeIterator<Item = RawObservation> {
        let raw = |figure: &Figure| RawObservation {
            row: u64::from(figure.row),
            observation: self.written_out(figure),
        };
        self.rows.iter().map(raw)
    }

    /// Keeps the figures that something is true of.
    pub fn retain(&mut self, is_kept: impl FnMut(&Figure) -> bool) {
        self.rows.retain(is_kept);
    }

    /// The figures apart from what they are of, to be judged in any order.
    pub(super) fn parts(&mut self) -> (&[SeriesKey], &mut Vec<Figure>) {
        (&self.series, &mut self.rows)
    }

    fn written_out(&self, figure: &Figure) -> Observation {
        let SeriesKey { location, unit_id, measure, source } = self.key(figure).clone();
        let Figure { date, days, as_of, value, status, .. } = *figure;
        let (note, address) = (self.text(figure.note).to_owned(), self.text(figure.address).to_owned());
        Observation { location, unit_id, measure, source, date, days, value, status, as_of, note, address }
    }
}

impl FromIterator<RawObservation> for Figures {
    fn from_iter<I: IntoIterator<Item = RawObservation>>(rows: I) -> Self {
        let mut figures = Self::default();
        for RawObservation { row, observation } in rows {
            figures.add(u32::try_from(row).unwrap_or(u32::MAX), &observation);
        }
        figures
    }
}

impl FromIterator<Observation> for Figures {
    fn from_iter<I: IntoIterator<Item = Observation>>(observations: I) -> Self {
        let mut figures = Self::default();
        for observation in observations {
            figures.add(0, &observation);
        }
        figures
    }
}

/// A number of a table that has so many already. A payload of four thousand million texts does not fit into memory.
fn numbered(many: usize) -> u32 {
    u32::try_from(many).expect("a payload in memory has fewer than 2^32 texts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;

    fn figure(location: &str, value: Option<f64>, note: &str) -> Observation {
        Observation {
            location: LocationId::new(location),
            unit_id: None,
            measure: "cases".parse().unwrap(),
            source: "dinkes".to_owned(),
            date: "2021-06-28".parse().unwrap(),
            days: 1,
            value,
            status: Status::Derived,
            as_of: Vintage::from_millis(1).unwrap(),
            note: note.to_owned(),
            address: String::new(),
        }
    }

    #[test]
    fn what_goes_in_comes_out_and_texts_are_held_once() {
        let told = vec![
            figure("3271", Some(447.0), "late"),
            figure("3201", None, ""),
            figure("3271", Some(0.0), "late"),
        ];
        let mut figures: Figures = told.iter().cloned().collect();
        assert_eq!(figures.iter().collect::<Vec<_>>(), told);
        assert_eq!((figures.series.len(), figures.texts.len(), figures.text(0)), (2, 1, ""));
        figures.retain(|figure| figure.value.is_some());
        assert_eq!(figures.series_in_use().map(|key| key.location.as_str()).collect::<Vec<_>>(), ["3271"]);
        assert_eq!((figures.len(), figures.is_empty()), (2, false));
    }
}
