//! Parts of a spec: what a column of figures holds, days as columns, a date in pieces.

use serde::Deserialize;

use crate::source::number::NumberFormat;

/// What the figures of a column, or of a word in the measure column, are.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The measure.
    pub measure: String,
    /// What they are multiplied by: a share in 0 to 1 times 100 is percent.
    pub times: f64,
    /// How many days each covers, the last of them being its date.
    pub days: u32,
    /// How they are written, if not as the rest of the payload.
    pub numbers: Option<NumberFormat>,
}

impl<'de> Deserialize<'de> for Figure {
    /// `"cases"`, or a table with the measure and what else there is to say.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Said {
            measure: String,
            times: Option<f64>,
            days: Option<u32>,
            numbers: Option<NumberFormat>,
        }
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Figure;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a measure, or { measure = \"…\", times = 100, days = 7, numbers = \"…\" }")
            }

            fn visit_str<E: serde::de::Error>(self, measure: &str) -> Result<Figure, E> {
                Ok(Figure { measure: measure.to_owned(), times: 1.0, days: 1, numbers: None })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Figure, A::Error> {
                let said = Said::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Figure {
                    measure: said.measure,
                    times: said.times.unwrap_or(1.0),
                    days: said.days.unwrap_or(1),
                    numbers: said.numbers,
                })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A table with a column a day: every column whose name is a date of the spec's format.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatesAcross {
    /// What its figures are.
    pub measure: String,
    /// How many days lie between two columns; fewer columns than that are missed by name.
    #[serde(default = "one")]
    pub step_days: u32,
}

/// A date in several columns.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateParts {
    /// The column of the year.
    pub year: String,
    /// The column of the month: a number or its Indonesian name.
    pub month: String,
    /// The column of the day; without one a figure is for the whole month.
    pub day: Option<String>,
}

fn one() -> u32 {
    1
}
