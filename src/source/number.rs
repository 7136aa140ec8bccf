//! Numbers as publishers write them: plain, or with thousands dots and a decimal comma.

use serde::Deserialize;

/// How a source writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `1833`, `81.6`: decimal point, no thousands marks.
    #[default]
    Plain,
    /// `1.833`, `81,6`: thousands dot, decimal comma.
    Indonesian,
    /// `1,833`, `81.6`: thousands comma, decimal point.
    English,
}

/// Reads a number; `None` when the text is not one in this format. Never guesses: "12.5" is no Indonesian number
/// and "1,833" no plain one.
///
/// ```
/// use siaga::source::{NumberFormat, parse_number};
/// assert_eq!(parse_number("1.833", NumberFormat::Indonesian), Some(1833.0));
/// assert_eq!(parse_number("81,6", NumberFormat::Indonesian), Some(81.6));
/// assert_eq!(parse_number("12.5", NumberFormat::Indonesian), None);
/// assert_eq!(parse_number("1,833", NumberFormat::Plain), None);
/// ```
#[must_use]
pub fn parse_number(text: &str, format: NumberFormat) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let value = match format {
        NumberFormat::Plain => plain(digits)?,
        NumberFormat::Indonesian => plain(&ungrouped(digits, '.', ',')?)?,
        NumberFormat::English => plain(&ungrouped(digits, ',', '.')?)?,
    };
    value.is_finite().then_some(sign * value)
}

fn plain(digits: &str) -> Option<f64> {
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if is_number { digits.parse().ok() } else { None }
}

/// The digits without their thousands marks, with a decimal point.
fn ungrouped(text: &str, thousands: char, decimal: char) -> Option<String> {
    let (whole, fraction) = text.split_once(decimal).map_or((text, None), |(w, f)| (w, Some(f)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(thousands).collect();
    let is_grouped =
        groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
    if !is_grouped || !groups.iter().all(|group| all_digits(group)) || !fraction.is_none_or(all_digits) {
        return None;
    }
    let whole = groups.concat();
    Some(fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_numbers_are_read() {
        let read = |text| parse_number(text, NumberFormat::Indonesian);
        assert_eq!(read("1.043.070"), Some(1_043_070.0));
        assert_eq!(read("447"), Some(447.0));
        assert_eq!(read("-1,5"), Some(-1.5));
        for wrong in ["1.83", "1.8333", ",5", "5,", "1,2,3", "seribu", "", "1.833.5", "NaN", "inf", "1 833"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let english = |text| parse_number(text, NumberFormat::English);
        assert_eq!(
            (english("1,043,070"), english("81.6"), english("-1,234.5")),
            (Some(1_043_070.0), Some(81.6), Some(-1_234.5))
        );
        for wrong in ["1.043.070", "81,6", "1,83", ",5", "5."] {
            assert_eq!(english(wrong), None, "{wrong}");
        }
        let plain = |text| parse_number(text, NumberFormat::Plain);
        assert_eq!((plain("81.6"), plain("1e3")), (Some(81.6), Some(1000.0)));
        for wrong in ["81,6", "NaN", "inf", "+5", "0x10", "", "1_000", "1e999"] {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
    }
}
