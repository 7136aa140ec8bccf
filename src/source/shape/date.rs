//! What day a text means, in each of the ways publishers write one. Never guessed: a text that does not fit is refused.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::epi::{InvalidDate, Vintage, parse_indonesian_date};
use crate::observation::RejectReason;
use crate::source::read::Cell;
use crate::source::spec::DateFormat;

/// A day, or the last one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    pub(super) days: u32,
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self { date, days: 1 }
    }
}

/// Workbooks count from here, but for a mistake about 1900 that no figure of ours is touched by.
const SERIAL_FIRST: (i32, u32, u32) = (1899, 12, 30);
/// Serial numbers of 1954 to 2173: a number beyond them is no day.
const SERIALS: std::ops::Range<f64> = 20_000.0..100_000.0;

/// Why a cell is no day, and the cell beside an example of what was expected.
pub(super) type NoDay = (RejectReason, String);

/// Reads a cell as a day.
///
/// # Errors
/// [`NoDay`].
pub(super) fn day(cell: Cell<'_>, format: DateFormat, zone: Tz) -> Result<Day, NoDay> {
    match cell {
        Cell::Day(at) => Ok(at.date().into()),
        Cell::Number(number) => of_number(number, format, zone),
        Cell::Text(text) => of_text(text, format, zone),
        Cell::Empty => Err(refused("", format)),
        Cell::Other(what) => Err(refused(what, format)),
    }
}

fn refused(text: &str, format: DateFormat) -> NoDay {
    (RejectReason::NotADay, format!("'{text}' ≠ {}", example(format)))
}

fn wrong_weekday(text: &str, date: NaiveDate, actual: &str) -> NoDay {
    (RejectReason::WrongWeekday, format!("{text} ≠ {actual} ({date})"))
}

fn of_number(number: f64, format: DateFormat, zone: Tz) -> Result<Day, NoDay> {
    let refused = || refused(&number.to_string(), format);
    let whole = whole(number).ok_or_else(refused)?;
    match format {
        DateFormat::EpochMs => epoch(whole, zone).map(Day::from).ok_or_else(refused),
        DateFormat::Iso | DateFormat::IsoOrMonth if whole > 10_000_000 => {
            of_text(&whole.to_string(), format, zone)
        }
        // A workbook's day whose cell was not marked as one.
        _ if SERIALS.contains(&number) => serial(number).map(Day::from).ok_or_else(refused),
        _ => Err(refused()),
    }
}

fn whole(number: f64) -> Option<i64> {
    number.floor().to_string().parse().ok()
}

/// Reads a text as a day.
///
/// # Errors
/// [`NoDay`].
pub(super) fn of_text(text: &str, format: DateFormat, zone: Tz) -> Result<Day, NoDay> {
    let refused = || refused(text, format);
    let read = match format {
        DateFormat::Iso => iso(text, zone).map(Day::from),
        DateFormat::IsoOrMonth => iso(text, zone).map(Day::from).or_else(|| iso_month(text)),
        DateFormat::Indonesian => {
            return parse_indonesian_date(text).map(Day::from).map_err(|error| match error {
                InvalidDate::Unreadable(_) => refused(),
                InvalidDate::Weekday { text, date, actual } => wrong_weekday(&text, date, actual),
            });
        }
        DateFormat::Spreadsheet => {
            if let Some(date) = iso(text, zone) {
                return Ok(date.into());
            }
            return match parse_indonesian_date(&in_indonesian(text)) {
                Ok(date) => Ok(date.into()),
                Err(InvalidDate::Unreadable(_)) => Err(refused()),
                Err(InvalidDate::Weekday { date, actual, .. }) => Err(wrong_weekday(text, date, actual)),
            };
        }
        DateFormat::DayFirst => numbers(text).and_then(|[day, month, year]| ymd(year, month, day)),
        DateFormat::Us => numbers(text).and_then(|[month, day, year]| ymd(year, month, day)),
        DateFormat::German => german(text),
        DateFormat::EpochMs => text.parse().ok().and_then(|millis| epoch(millis, zone)).map(Day::from),
        DateFormat::IsoWeek => iso_week(text).map(Day::from),
        DateFormat::Serial => text.parse().ok().and_then(serial).map(Day::from),
        DateFormat::Received => None,
    };
    read.ok_or_else(refused)
}

/// The 28th of June 2021 as each format writes it: an example needs no language.
fn example(format: DateFormat) -> &'static str {
    match format {
        DateFormat::Iso => "2021-06-28",
        DateFormat::IsoOrMonth => "2021-06-28, 2021-06",
        DateFormat::Indonesian => "28 Juni 2021, Senin (28/6/2021)",
        DateFormat::Spreadsheet => "28 Juni 2021, 28/6/2021, 2021-06-28",
        DateFormat::DayFirst => "28/6/2021",
        DateFormat::Us => "6/28/2021",
        DateFormat::German => "28.06.2021",
        DateFormat::EpochMs => "1624838400000",
        DateFormat::IsoWeek => "2021-W26",
        DateFormat::Serial => "44375",
        DateFormat::Received => "–",
    }
}

/// English names of months and days, as a spreadsheet in English writes them, and their Indonesian names.
const IN_INDONESIAN: [(&str, &str); 22] = [
    ("january", "januari"),
    ("february", "februari"),
    ("march", "maret"),
    ("may", "mei"),
    ("june", "juni"),
    ("july", "juli"),
    ("august", "agustus"),
    ("aug", "agustus"),
    ("october", "oktober"),
    ("oct", "oktober"),
    ("december", "desember"),
    ("dec", "desember"),
    ("monday", "senin"),
    ("tuesday", "selasa"),
    ("wednesday", "rabu"),
    ("thursday", "kamis"),
    ("friday", "jumat"),
    ("saturday", "sabtu"),
    ("sunday", "minggu"),
    ("mon", "senin"),
    ("jum", "jumat"),
    ("min", "minggu"),
];

/// A date of a spreadsheet as Indonesian papers write it: months by their Indonesian names, the year in full, without a time.
fn in_indonesian(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || "-/.,".contains(c)).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.filter(|word| !word.contains(':')).map(str::to_lowercase).collect();
    for word in &mut words {
        if let Some((_, known)) = IN_INDONESIAN.iter().find(|(english, _)| *english == word.as_str()) {
            *word = (*known).to_owned();
        }
    }
    if let Some(year) =
        words.last_mut().filter(|year| year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit()))
    {
        *year = format!("20{year}");
    }
    words.join(" ")
}

/// Whether a text is a day by numbers only: which of them is the month, the text does not say.
pub(super) fn is_by_numbers(text: &str) -> bool {
    numbers(text).is_some()
}

/// Whether a text is a day only if its month comes first: 6/28/2021.
pub(super) fn is_month_first(text: &str) -> bool {
    numbers(text).is_some_and(|[month, day, year]| day > 12 && ymd(year, month, day).is_some())
}

/// Years outside these are typing errors.
fn valid(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..=2200).contains(&year))
}

fn ymd(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = if year < 100 { 2000 + year } else { year };
    valid(i32::try_from(year).ok()?, month, day).map(Day::from)
}

/// `2021-06-28`, `2021/06/28` or `20210628`, alone or with a time. A time with an offset is a moment, and the day is the
/// city's; one without belongs to the day as it is written.
fn iso(text: &str, zone: Tz) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return valid(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    let (day, time) = (text.get(..10)?, &text[10..]);
    let separator = char::from(*day.as_bytes().get(4)?);
    let mut parts = day.split(separator).filter(|_| separator == '-' || separator == '/');
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    let is_digits =
        |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_digits(year, 4) && is_digits(month, 2) && is_digits(date, 2)) || parts.next().is_some() {
        return None;
    }
    let date = valid(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?)?;
    if time.is_empty() {
        return Some(date);
    }
    if separator == '-'
        && let Ok(moment) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1))
    {
        return Some(moment.with_timezone(&zone).date_naive());
    }
    let is_time = |c: char| c.is_ascii_digit() || ":.+Z".contains(c);
    let rest = time.strip_prefix(['T', ' '])?;
    (!rest.is_empty() && rest.chars().all(is_time)).then_some(date)
}

fn iso_month(text: &str) -> Option<Day> {
    let (year, month) = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
    month_of(year.parse().ok()?, month.parse().ok()?)
}

/// A whole month: its last day, and how many it has.
pub(super) fn month_of(year: i32, month: u32) -> Option<Day> {
    let first = valid(year, month, 1)?;
    let last = first.checked_add_months(chrono::Months::new(1))?.checked_sub_days(Days::new(1))?;
    Some(Day { date: last, days: last.day() })
}

/// Three numbers with `/`, `-` or `.` between them, and perhaps a time behind.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let day = text.split([' ', 'T', ',']).next()?;
    let mut parts = day.split(['/', '-', '.']).map(|part| {
        let is_short = part.len() <= 4 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_short.then(|| part.parse::<u32>().ok()).flatten()
    });
    let read = [parts.next()??, parts.next()??, parts.next()??];
    let year = day.rsplit(['/', '-', '.']).next()?;
    (parts.next().is_none() && (year.len() == 2 || year.len() == 4)).then_some(read)
}

fn german(text: &str) -> Option<Day> {
    let day = text.split([' ', ',']).next()?;
    if day.contains(['/', '-']) {
        return None;
    }
    let [day, month, year] = numbers(day)?;
    ymd(year, month, day)
}

fn epoch(millis: i64, zone: Tz) -> Option<NaiveDate> {
    let date = Vintage::from_millis(millis)?.moment().with_timezone(&zone).date_naive();
    valid(date.year(), date.month(), date.day())
}

fn serial(number: f64) -> Option<NaiveDate> {
    let (year, month, day) = SERIAL_FIRST;
    let days = u64::try_from(whole(number)?).ok().filter(|_| SERIALS.contains(&number))?;
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(days))
}

fn iso_week(text: &str) -> Option<NaiveDate> {
    let (year, week) = text.split_once('-')?;
    let week = week.strip_prefix(['W', 'w']).unwrap_or(week);
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || week.is_empty() || week.len() > 2 || !is_digits(year) || !is_digits(week) {
        return None;
    }
    let date = NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Sun)?;
    valid(date.year(), date.month(), date.day())
}

/// The number of a month, or its Indonesian or English name.
pub(super) fn month_number(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return (1..=12).contains(&number).then_some(number);
    }
    parse_indonesian_date(&format!("1 {text} 2020")).ok().map(|date| date.month())
}

/// When a figure became known: a day (its start), a moment with an offset, one without (the city's), milliseconds.
pub(super) fn vintage(cell: Cell<'_>, zone: Tz) -> Option<Vintage> {
    match cell {
        Cell::Number(millis) if millis > 1e11 => Vintage::from_millis(whole(millis)?),
        Cell::Day(at) if at.time() == NaiveTime::MIN => {
            Vintage::parse_known(&at.date().to_string(), zone).ok()
        }
        Cell::Day(at) => of_city(at, zone),
        Cell::Text(text) => Vintage::parse_known(text, zone).ok().or_else(|| {
            let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f"];
            let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
            of_city(local, zone)
        }),
        _ => None,
    }
}

/// A moment by the city's clocks.
fn of_city(at: NaiveDateTime, zone: Tz) -> Option<Vintage> {
    at.and_local_timezone(zone).earliest().map(|moment| Vintage::new(moment.with_timezone(&Utc)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    fn read(text: &str, format: DateFormat) -> Option<(String, u32)> {
        of_text(text, format, Jakarta).ok().map(|day| (day.date.to_string(), day.days))
    }

    #[test]
    fn each_format_reads_its_own_dates() {
        use DateFormat as F;
        for (text, format, date) in [
            ("2021-06-28", F::Iso, "2021-06-28"),
            ("20210628", F::Iso, "2021-06-28"),
            ("2021/01/18 23:00:00", F::Iso, "2021-01-18"),
            ("2021/02/04 23:00:00+00", F::Iso, "2021-02-04"),
            ("2021-06-28 00:00:00", F::Iso, "2021-06-28"),
            ("2020-03-02T00:00:00.000Z", F::Iso, "2020-03-02"),
            ("2021-06-27T17:00:00Z", F::Iso, "2021-06-28"),
            ("RABU (23/6/2021)", F::Indonesian, "2021-06-23"),
            ("Ahad, 27 JUNI 2021", F::Indonesian, "2021-06-27"),
            ("3 Agt 2021", F::Indonesian, "2021-08-03"),
            ("28 Juni 2021", F::Spreadsheet, "2021-06-28"),
            ("Monday, 28 June 2021", F::Spreadsheet, "2021-06-28"),
            ("28-Jun-21", F::Spreadsheet, "2021-06-28"),
            ("3-Agu-21", F::Spreadsheet, "2021-08-03"),
            ("28/06/2021 00:00:00", F::Spreadsheet, "2021-06-28"),
            ("28.6.2021", F::Spreadsheet, "2021-06-28"),
            ("2021-06-28", F::Spreadsheet, "2021-06-28"),
            ("13/6/2021", F::DayFirst, "2021-06-13"),
            ("01-02-21", F::DayFirst, "2021-02-01"),
            ("08/02/2021", F::DayFirst, "2021-02-08"),
            ("2/29/20", F::Us, "2020-02-29"),
            ("06/25/2021", F::Us, "2021-06-25"),
            ("19.04.2021, 00:00 Uhr", F::German, "2021-04-19"),
            ("1583193600000", F::EpochMs, "2020-03-03"),
            ("2021-05", F::IsoWeek, "2021-02-07"),
            ("2020-W53", F::IsoWeek, "2021-01-03"),
            ("44375", F::Serial, "2021-06-28"),
        ] {
            assert_eq!(read(text, format), Some((date.to_owned(), 1)), "{text}");
        }
        assert_eq!(read("2020-02", F::IsoOrMonth), Some(("2020-02-29".to_owned(), 29)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        use DateFormat as F;
        for (text, format) in [
            ("2021-6-28", F::Iso),
            ("28-06-2021", F::Iso),
            ("2021-06-31", F::Iso),
            ("2021-06", F::Iso),
            ("2021-06-28Tnoon", F::Iso),
            ("2021-06-2é", F::Iso),
            ("99991231", F::Iso),
            ("2021-13", F::IsoOrMonth),
            ("Senin (23/6/2021)", F::Indonesian),
            ("6/28/2021", F::Spreadsheet),
            ("Selasa, 28 Juni 2021", F::Spreadsheet),
            ("June 28, 2021", F::Spreadsheet),
            ("28 6", F::Spreadsheet),
            ("13/6", F::DayFirst),
            ("1/1/1/2021", F::DayFirst),
            ("6/13/2021", F::DayFirst),
            ("1/2/3", F::DayFirst),
            ("13/6/2021", F::Us),
            ("19/04/2021", F::German),
            ("yesterday", F::EpochMs),
            ("9999999999999999", F::EpochMs),
            ("2021-54", F::IsoWeek),
            ("2021-W", F::IsoWeek),
            ("12", F::Serial),
            ("2021-06-28", F::Received),
        ] {
            assert_eq!(read(text, format), None, "{text}");
        }
    }

    #[test]
    fn cells_of_workbooks_are_days_too() {
        let read = |cell, format| day(cell, format, Jakarta).map(|day| day.date.to_string());
        let told: NaiveDateTime = "2021-06-28T17:30:00".parse().unwrap();
        // The time of day says when something became known, by the city's clocks; without one it is the start of the day.
        let known = vintage(Cell::Day(told), Jakarta).unwrap();
        assert_eq!(known.to_string(), "2021-06-28T10:30:00Z");
        let day_alone = vintage(Cell::Day(told.date().into()), Jakarta);
        assert_eq!(day_alone, Vintage::parse_known("2021-06-28", Jakarta).ok());
        assert_eq!(read(Cell::Day(told), DateFormat::DayFirst).as_deref(), Ok("2021-06-28"));
        assert_eq!(read(Cell::Number(44_375.5), DateFormat::DayFirst).as_deref(), Ok("2021-06-28"));
        assert_eq!(read(Cell::Number(20_210_628.0), DateFormat::Iso).as_deref(), Ok("2021-06-28"));
        assert_eq!(read(Cell::Number(1.583_193_6e12), DateFormat::EpochMs).as_deref(), Ok("2020-03-03"));
        assert!(read(Cell::Number(6.0), DateFormat::DayFirst).is_err());
        assert!(read(Cell::Number(f64::NAN), DateFormat::Serial).is_err());
        assert!(read(Cell::Other("TRUE"), DateFormat::Iso).is_err());
    }

    #[test]
    fn months_and_moments() {
        assert_eq!(
            (month_number("6"), month_number("JUNI"), month_number("agt")),
            (Some(6), Some(6), Some(8))
        );
        assert_eq!((month_number("13"), month_number("bulan")), (None, None));
        let said = |text| vintage(Cell::Text(text), Jakarta).map(|at| at.to_string());
        assert_eq!(said("2020-05-01T16:13:41-04:00").as_deref(), Some("2020-05-01T20:13:41Z"));
        assert_eq!(said("2021-06-28 17:00:00").as_deref(), Some("2021-06-28T10:00:00Z"));
        assert_eq!(said("later"), None);
    }
}
