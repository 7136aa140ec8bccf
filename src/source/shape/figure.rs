//! What number a cell is.

use crate::observation::{Measure, RejectReason};
use crate::source::number::{NumberFormat, parse_number};
use crate::source::read::Cell;
use crate::source::spec::{Figure, SourceSpec};

/// How the figures of a column are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) measure: Measure,
    pub(super) times: f64,
    pub(super) days: u32,
    pub(super) numbers: NumberFormat,
}

impl Reading {
    /// Nothing for a measure that does not exist; a checked spec names none.
    pub(super) fn of(figure: &Figure, spec: &SourceSpec) -> Option<Self> {
        let measure = figure.measure.parse().ok()?;
        let numbers = figure.numbers.unwrap_or(spec.numbers);
        Some(Self { measure, times: figure.times, days: figure.days, numbers })
    }

    /// The figure of a cell; nothing where it is reported as missing.
    ///
    /// # Errors
    /// Why, and the cell, if it is no number.
    pub(super) fn value(
        &self,
        cell: Cell<'_>,
        spec: &SourceSpec,
    ) -> Result<Option<f64>, (RejectReason, String)> {
        let unreadable = |text: &str| (RejectReason::Unreadable, text.to_owned());
        let value = match cell {
            Cell::Empty => return Ok(None),
            Cell::Number(value) if value.is_finite() => value,
            Cell::Text(text) => {
                if spec.missing.contains(text) {
                    return Ok(None);
                }
                match spec.value_names.get(text) {
                    Some(value) => return Ok(Some(*value)),
                    None if self.is_ambiguous(text) => {
                        return Err((RejectReason::Ambiguous, text.to_owned()));
                    }
                    None => parse_number(text, self.numbers).ok_or_else(|| unreadable(text))?,
                }
            }
            other => return Err(unreadable(&other.text())),
        };
        Ok(Some(if self.times.to_bits() == 1.0_f64.to_bits() { value } else { times(value, self.times) }))
    }

    /// Whether a count looks like one with a thousands dot where dots are decimal points: 1.000, 20.015.
    fn is_ambiguous(&self, text: &str) -> bool {
        let mut groups = text.trim_start_matches('-').split('.');
        let is_digits = |group: &str, most: usize| {
            (1..=most).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
        };
        self.numbers == NumberFormat::Plain
            && self.measure.is_count()
            && groups.next().is_some_and(|first| first != "0" && is_digits(first, 3))
            && groups.next().is_some_and(|second| second.len() == 3 && is_digits(second, 3))
            && groups.next().is_none()
    }
}

/// A product without the noise of the last binary digit: 0.07 times 100 is 7.
fn times(value: f64, times: f64) -> f64 {
    let product = value * times;
    format!("{product:.13e}").parse().unwrap_or(product)
}

/// Whether a cell holds no figure at all.
pub(super) fn is_missing(cell: Cell<'_>, spec: &SourceSpec) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => spec.missing.contains(text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_shares_are_figures() {
        let spec = SourceSpec::parse(
            "id = \"x\"\ntitle = \"t\"\nmissing = [\"NA\", \"-\"]\n[value_names]\n\"RISIKO SEDANG\" = 2\n\
             [values]\na = \"zone\"\nb = { measure = \"bed_occupancy_pct\", times = 100 }\n\
             c = { measure = \"bed_occupancy_pct\", numbers = \"indonesian\" }\n",
        )
        .unwrap();
        let read = |column: &str, cell| Reading::of(&spec.values[column], &spec).unwrap().value(cell, &spec);
        assert_eq!(read("a", Cell::Text("RISIKO SEDANG")), Ok(Some(2.0)));
        assert_eq!(read("a", Cell::Text("NA")), Ok(None));
        assert_eq!(read("a", Cell::Empty), Ok(None));
        assert_eq!(read("a", Cell::Text("UNGU")), Err((RejectReason::Unreadable, "UNGU".to_owned())));
        assert_eq!(read("a", Cell::Other("TRUE")), Err((RejectReason::Unreadable, "TRUE".to_owned())));
        assert_eq!(read("a", Cell::Number(f64::NAN)), Err((RejectReason::Unreadable, "NaN".to_owned())));
        assert_eq!(read("b", Cell::Number(0.07)), Ok(Some(7.0)));
        assert_eq!(read("c", Cell::Text("81,6")), Ok(Some(81.6)));
        assert!(read("b", Cell::Text("1.000")).is_ok(), "a share may have three decimals");
        let counts = SourceSpec::parse("id = \"x\"\ntitle = \"t\"\n[values]\na = \"cases\"\n").unwrap();
        let count =
            |text| Reading::of(&counts.values["a"], &counts).unwrap().value(Cell::Text(text), &counts);
        assert_eq!(count("1.000"), Err((RejectReason::Ambiguous, "1.000".to_owned())));
        assert!(count("20.015").is_err() && count("-1.000").is_err());
        assert_eq!(count("0.000"), Ok(Some(0.0)));
        assert_eq!(
            (count("1000.000"), count("13347.0"), count("12.50")),
            (Ok(Some(1000.0)), Ok(Some(13347.0)), Ok(Some(12.5)))
        );
        assert!(is_missing(Cell::Text("-"), &spec) && !is_missing(Cell::Text("0"), &spec));
    }
}
