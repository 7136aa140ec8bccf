//! Numbers that are read when a monitor asks, in Prometheus' text format.

use std::fmt::Write as _;

use super::names::Metric;

/// A text of numbers, each with its help and its type.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins behind what was counted.
    #[must_use]
    pub fn behind(counted: String) -> Self {
        Self(counted)
    }

    /// Adds a number without labels.
    pub fn add(&mut self, metric: &Metric, value: f64) {
        self.add_rows(metric, [([], value)]);
    }

    /// Adds the rows of a number, each with the values of its labels in the order of their names.
    pub fn add_rows<'a, const N: usize>(
        &mut self,
        metric: &Metric,
        rows: impl IntoIterator<Item = ([&'a str; N], f64)>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return;
        }
        let Metric { name, kind, help, labels } = metric;
        // Writing to a text does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {}", kind.as_str());
        for (values, value) in rows {
            let pairs = labels.iter().zip(values);
            let pairs: Vec<String> =
                pairs.map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            let labels = if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) };
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
        self.0.push('\n');
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> String {
        self.0
    }
}

/// A label's value as the format wants it between its quotes.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{SESSIONS, SOURCE_FAILING, SOURCE_LAST_PULL};

    #[test]
    fn a_number_has_its_help_its_type_and_its_rows_and_nothing_without_rows() {
        let mut text = Exposition::default();
        text.add(&SESSIONS, 3.0);
        text.add_rows(&SOURCE_FAILING, [(["dinkes"], 0.0), (["a\"b\\c\n"], 1.0)]);
        text.add_rows(&SOURCE_LAST_PULL, std::iter::empty::<([&str; 1], f64)>());
        let expected = format!(
            "# HELP siaga_sessions {}\n# TYPE siaga_sessions gauge\nsiaga_sessions 3\n\n\
             # HELP siaga_source_failing {}\n# TYPE siaga_source_failing gauge\n\
             siaga_source_failing{{source=\"dinkes\"}} 0\n\
             siaga_source_failing{{source=\"a\\\"b\\\\c\\n\"}} 1\n\n",
            SESSIONS.help, SOURCE_FAILING.help
        );
        assert_eq!(text.text(), expected);
    }
}
