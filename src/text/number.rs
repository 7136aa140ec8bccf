//! Numbers and dates in the reader's form: "1.833", "175,7", "Senin, 28 Juni 2021".

use chrono::{Datelike, NaiveDate};

use super::Locale;

/// A number with so many decimals, thousands separated.
///
/// ```
/// use siaga::text::{Locale, decimal};
/// assert_eq!(decimal(175.732, 1, Locale::Id), "175,7");
/// assert_eq!(decimal(1_043_070.0, 0, Locale::Id), "1.043.070");
/// assert_eq!(decimal(1_833.0, 0, Locale::En), "1,833");
/// assert_eq!(decimal(-8.44, 1, Locale::En), "−8.4");
/// ```
#[must_use]
pub fn decimal(value: f64, decimals: usize, locale: Locale) -> String {
    let (thousands, point) = match locale {
        Locale::Id => ('.', ','),
        Locale::En => (',', '.'),
    };
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let is_zero = plain.chars().all(|c| c == '0' || c == '.');
    let mut text = String::new();
    if value < 0.0 && !is_zero {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// A whole number.
#[must_use]
pub fn number(value: f64, locale: Locale) -> String {
    decimal(value, 0, locale)
}

const DAYS: [[&str; 7]; 2] = [
    ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

const MONTHS: [[&str; 12]; 2] = [
    [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

const SHORT: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];

fn place(locale: Locale) -> usize {
    match locale {
        Locale::Id => 0,
        Locale::En => 1,
    }
}

fn month0(date: NaiveDate) -> usize {
    usize::try_from(date.month0()).unwrap_or(0)
}

/// "Senin, 28 Juni 2021".
#[must_use]
pub fn date_long(date: NaiveDate, locale: Locale) -> String {
    let weekday = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
    let day = DAYS[place(locale)][weekday];
    format!("{day}, {}", date_medium(date, locale))
}

/// "28 Juni 2021".
#[must_use]
pub fn date_medium(date: NaiveDate, locale: Locale) -> String {
    format!("{} {} {}", date.day(), MONTHS[place(locale)][month0(date)], date.year())
}

/// "28 Jun".
#[must_use]
pub fn date_short(date: NaiveDate, locale: Locale) -> String {
    format!("{} {}", date.day(), SHORT[place(locale)][month0(date)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_offices_write_them() {
        let date = NaiveDate::from_ymd_opt(2021, 6, 28).unwrap();
        assert_eq!(date_long(date, Locale::Id), "Senin, 28 Juni 2021");
        assert_eq!(date_long(date, Locale::En), "Monday, 28 June 2021");
        assert_eq!(date_short(NaiveDate::from_ymd_opt(2021, 8, 1).unwrap(), Locale::Id), "1 Agu");
    }

    #[test]
    fn a_rounded_zero_has_no_sign() {
        assert_eq!(decimal(-0.04, 1, Locale::En), "0.0");
    }
}
