//! Numbers that are read when a monitor asks, in Prometheus' text format.

use std::fmt::Write as _;

use super::names::Metric;

/// A text of numbers, each with its help and its type.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    /// The city whose numbers these are, where there are several.
    city: Option<String>,
}

impl Exposition {
    /// Begins behind what was counted.
    #[must_use]
    pub fn behind(counted: String) -> Self {
        Self { text: counted, city: None }
    }

    /// The numbers of one city of several: each row bears its name.
    #[must_use]
    pub fn of_city(name: Option<&str>) -> Self {
        Self { text: String::new(), city: name.map(str::to_owned) }
    }

    /// Adds the texts of others, one number after the other: its help and type stand there once.
    pub fn gather(&mut self, texts: &[String]) {
        let mut numbers: Vec<(&str, String)> = Vec::new();
        for text in texts {
            let mut at = 0;
            for line in text.lines().filter(|line| !line.is_empty()) {
                if let Some(head) = line.strip_prefix("# HELP ") {
                    let name = head.split(' ').next().unwrap_or_default();
                    at = numbers.iter().position(|(known, _)| *known == name).unwrap_or(numbers.len());
                    if at == numbers.len() {
                        numbers.push((name, format!("{line}\n")));
                    }
                } else if let Some((_, number)) = numbers.get_mut(at)
                    && !(line.starts_with('#') && number.contains(line))
                {
                    number.push_str(line);
                    number.push('\n');
                }
            }
        }
        for (_, number) in numbers {
            self.text.push_str(&number);
            self.text.push('\n');
        }
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
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {}", kind.as_str());
        for (values, value) in rows {
            let pairs = labels.iter().zip(values);
            let pairs = pairs.map(|(label, value)| (*label, value));
            let pairs = pairs.chain(self.city.as_deref().map(|city| ("city", city)));
            let pairs: Vec<String> =
                pairs.map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            let labels = if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) };
            let _ = writeln!(self.text, "{name}{labels} {value}");
        }
        self.text.push('\n');
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> String {
        self.text
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

    #[test]
    fn numbers_of_several_cities_stand_together_under_one_help_and_type() {
        let of = |name: &str, value: f64| {
            let mut text = Exposition::of_city(Some(name));
            text.add(&SESSIONS, value);
            text.add_rows(&SOURCE_FAILING, [(["dinkes"], value)]);
            text.text()
        };
        let mut all = Exposition::behind("counted 1\n\n".to_owned());
        all.gather(&[of("kota-bogor", 1.0), of("kota-depok", 0.0)]);
        let expected = format!(
            "counted 1\n\n# HELP siaga_sessions {}\n# TYPE siaga_sessions gauge\n\
             siaga_sessions{{city=\"kota-bogor\"}} 1\nsiaga_sessions{{city=\"kota-depok\"}} 0\n\n\
             # HELP siaga_source_failing {}\n# TYPE siaga_source_failing gauge\n\
             siaga_source_failing{{source=\"dinkes\",city=\"kota-bogor\"}} 1\n\
             siaga_source_failing{{source=\"dinkes\",city=\"kota-depok\"}} 0\n\n",
            SESSIONS.help, SOURCE_FAILING.help
        );
        assert_eq!(all.text(), expected);
    }
}
