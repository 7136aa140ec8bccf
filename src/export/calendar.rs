//! A calendar that people subscribe to (iCalendar, RFC 5545): whole days, so that no time zone can shift them.
//!
//! Written by hand: what is needed is a dozen lines of text, and the crate for it would build chrono, and with it polars, with
//! other features.

use std::fmt::Write;

use chrono::{Days, NaiveDate};

use crate::epi::Vintage;

/// A whole day in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Tells it from every other for ever; the same for the same thing.
    pub id: String,
    /// The day.
    pub date: NaiveDate,
    /// What is on.
    pub title: String,
    /// More about it, line by line.
    pub lines: Vec<String>,
}

/// Octets of a line, without its end.
const LONGEST: usize = 75;

/// Writes a calendar as known at a moment.
#[must_use]
pub fn write_calendar((title, zone): (&str, &str), days: &[CalendarDay], as_of: Vintage) -> String {
    let mut out = String::new();
    let stamp = as_of.moment().format("%Y%m%dT%H%M%SZ").to_string();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//siaga//siaga//ID");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escaped(title));
    line("X-WR-TIMEZONE", zone);
    for day in days {
        let next = day.date.checked_add_days(Days::new(1)).unwrap_or(day.date);
        line("BEGIN", "VEVENT");
        line("UID", &escaped(&day.id));
        line("DTSTAMP", &stamp);
        line("DTSTART;VALUE=DATE", &day.date.format("%Y%m%d").to_string());
        line("DTEND;VALUE=DATE", &next.format("%Y%m%d").to_string());
        line("SUMMARY", &escaped(&day.title));
        if !day.lines.is_empty() {
            line("DESCRIPTION", &escaped(&day.lines.join("\n")));
        }
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// A text without what ends a value; line ends as two letters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                let _ = write!(out, "\\{c}");
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line of at most 75 octets; what is longer goes on after a blank. No letter is cut in two.
fn fold(out: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as a reader of calendars puts them together again.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").lines().map(str::to_owned).collect()
    }

    #[test]
    fn days_are_whole_lines_are_short_and_texts_come_back() {
        let title = "Piket Dinas Kesehatan; Kota Bogor, é".to_owned() + &"ü".repeat(60);
        let day = CalendarDay {
            id: "2021-06-29/dinkes/p-1@siaga".to_owned(),
            date: "2021-06-29".parse().unwrap(),
            title: title.clone(),
            lines: vec!["telepon 0811".to_owned(), "a\\b".to_owned()],
        };
        let as_of = Vintage::parse_as_of("2021-06-28T12:00:00+07:00", chrono_tz::Asia::Jakarta).unwrap();
        let text = write_calendar(("Jadwal piket", "Asia/Jakarta"), std::slice::from_ref(&day), as_of);
        assert!(text.split("\r\n").all(|line| line.len() <= LONGEST), "no line is longer than 75 octets");
        assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains('\n'));
        let lines = unfolded(&text);
        let value =
            |name: &str| lines.iter().find_map(|line| line.strip_prefix(&format!("{name}:"))).unwrap();
        assert_eq!(value("DTSTART;VALUE=DATE"), "20210629");
        assert_eq!(value("DTEND;VALUE=DATE"), "20210630", "the end is the day after");
        assert_eq!(value("DTSTAMP"), "20210628T050000Z");
        assert_eq!(value("SUMMARY").replace("\\;", ";").replace("\\,", ","), title);
        assert_eq!(value("DESCRIPTION"), "telepon 0811\\na\\\\b");
        assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(), 1);
    }

    #[test]
    fn nothing_that_was_typed_adds_a_line() {
        let day = CalendarDay {
            id: "a".to_owned(),
            date: "2021-06-29".parse().unwrap(),
            title: "x\r\nATTENDEE:mailto:a@b.example".to_owned(),
            lines: Vec::new(),
        };
        let as_of = Vintage::parse_as_of("2021-06-28", chrono_tz::Asia::Jakarta).unwrap();
        let text = write_calendar(("", "Asia/Jakarta"), &[day], as_of);
        assert!(!unfolded(&text).iter().any(|line| line.starts_with("ATTENDEE")));
    }
}
