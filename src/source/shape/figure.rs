//! What number a cell is.

use crate::observation::Measure;
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
    /// The cell, if it is no number.
    pub(super) fn value(&self, cell: Cell<'_>, spec: &SourceSpec) -> Result<Option<f64>, String> {
        let value = match cell {
            Cell::Empty => return Ok(None),
            Cell::Number(value) if value.is_finite() => value,
            Cell::Text(text) => {
                if spec.missing.contains(text) {
                    return Ok(None);
                }
                match spec.value_names.get(text) {
                    Some(value) => return Ok(Some(*value)),
                    None => parse_number(text, self.numbers).ok_or_else(|| text.to_owned())?,
                }
            }
            other => return Err(other.text().into_owned()),
        };
        Ok(Some(if self.times.to_bits() == 1.0_f64.to_bits() { value } else { times(value, self.times) }))
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
        assert_eq!(read("a", Cell::Text("UNGU")), Err("UNGU".to_owned()));
        assert_eq!(read("a", Cell::Other("TRUE")), Err("TRUE".to_owned()));
        assert_eq!(read("a", Cell::Number(f64::NAN)), Err("NaN".to_owned()));
        assert_eq!(read("b", Cell::Number(0.07)), Ok(Some(7.0)));
        assert_eq!(read("c", Cell::Text("81,6")), Ok(Some(81.6)));
        assert!(is_missing(Cell::Text("-"), &spec) && !is_missing(Cell::Text("0"), &spec));
    }
}
