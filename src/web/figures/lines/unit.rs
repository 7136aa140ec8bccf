//! The units of charts over days, and how their values are written.

use crate::text::{Locale, Phrases, decimal, number};

/// In what a chart's values are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// People, units.
    Count,
    /// Per 100,000 residents.
    Rate,
    /// Percent of a whole.
    Percent,
    /// Percent of a whole, of which a few hundredths matter.
    Share,
    /// A change in percent, with its sign.
    Change,
    /// A ratio.
    Ratio,
}

impl Unit {
    /// A value as it is read.
    pub(super) fn value(self, value: f64, locale: Locale) -> String {
        match self {
            Self::Count => decimal(value, usize::from(value.fract() != 0.0 && value.abs() < 100.0), locale),
            Self::Rate => decimal(value, 1, locale),
            Self::Percent => format!("{}%", decimal(value, usize::from(value.fract() != 0.0), locale)),
            Self::Share => format!("{}%", decimal(value, 2, locale)),
            Self::Change => signed(value, 0, locale),
            Self::Ratio => decimal(value, 2, locale),
        }
    }

    /// A number of the axis: as few digits as tell it from its neighbours.
    pub(super) fn tick(self, value: f64, locale: Locale) -> String {
        let decimals = [0, 1, 2].into_iter().find(|places| {
            let scaled = value * 10_f64.powi(*places);
            (scaled - scaled.round()).abs() < 1e-6
        });
        let decimals = usize::try_from(decimals.unwrap_or(2)).unwrap_or(2);
        match self {
            Self::Count if decimals == 0 => number(value, locale),
            Self::Count | Self::Rate => decimal(value, decimals, locale),
            Self::Percent | Self::Share => format!("{}%", decimal(value, decimals, locale)),
            Self::Change => signed(value, decimals, locale),
            Self::Ratio => decimal(value, decimals.max(1), locale),
        }
    }

    /// A value with its interval: "0,66% (0,49–0,89)".
    pub(super) fn with_interval(self, value: f64, interval: Option<(f64, f64)>, t: Phrases) -> String {
        let Some((lower, upper)) = interval else { return self.value(value, t.locale) };
        let [value, lower, upper] = [value, lower, upper].map(|bound| self.value(bound, t.locale));
        let key = if self == Self::Change { "chart-interval-signed" } else { "chart-interval" };
        // The unit is said once; a sign needs it at each number.
        let bare = |bound: &str| match self {
            Self::Change => bound.to_owned(),
            _ => bound.trim_end_matches('%').to_owned(),
        };
        t.say_with(key, &[("value", &value), ("lower", &bare(&lower)), ("upper", &bare(&upper))])
    }
}

/// "+82%", "−12%", "0%".
fn signed(value: f64, decimals: usize, locale: Locale) -> String {
    let text = decimal(value, decimals, locale);
    let is_zero = text.chars().all(|letter| !letter.is_ascii_digit() || letter == '0');
    let sign = if value > 0.0 && !is_zero { "+" } else { "" };
    format!("{sign}{text}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_the_readers_form() {
        let id = Phrases::new(Locale::Id);
        assert_eq!(Unit::Rate.value(199.698, id.locale), "199,7");
        assert_eq!(Unit::Count.value(2083.0, id.locale), "2.083");
        assert_eq!(Unit::Change.value(80.66, id.locale), "+81%");
        assert_eq!(Unit::Change.value(-12.4, Locale::En), "−12%");
        assert_eq!(Unit::Change.value(0.3, Locale::En), "0%");
        assert_eq!(Unit::Change.value(-0.3, Locale::En), "0%");
        assert_eq!(Unit::Share.with_interval(0.66, Some((0.489, 0.891)), id), "0,66% (0,49–0,89)");
        assert_eq!(Unit::Change.with_interval(5.0, Some((-3.0, 12.0)), id), "+5% (−3% sampai +12%)");
    }

    #[test]
    fn ticks_have_as_few_digits_as_they_need() {
        let shown = |unit: Unit, value| unit.tick(value, Locale::En);
        assert_eq!(shown(Unit::Rate, 50.0), "50");
        assert_eq!(shown(Unit::Rate, 2.5), "2.5");
        assert_eq!(shown(Unit::Ratio, 1.0), "1.0");
        assert_eq!(shown(Unit::Ratio, 1.25), "1.25");
        assert_eq!(shown(Unit::Share, 0.25), "0.25%");
        assert_eq!(shown(Unit::Change, 50.0), "+50%");
        assert_eq!(shown(Unit::Change, 0.0), "0%");
    }
}
