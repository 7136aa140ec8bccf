//! What the backtest page tells: two rows of levels, and how they differ in numbers.

use crate::assessment::{DayStep, Left, PolicyBook, PolicyComparison};
use crate::chart::{LevelMark, LevelStrip, StripDay, StripRow, Theme, level_strip};
use crate::text::{Phrases, date_long, date_medium, number};
use crate::web::figures::{ladder_mark, mark_word};
use crate::web::visit::Visit;

/// The strip for wide and for narrow screens.
pub(super) struct Drawing {
    pub wide: String,
    pub narrow: String,
    /// What is read out before anybody points at a day: the last one.
    pub readout: String,
}

/// One line of the comparison.
pub(super) struct CompareRow {
    pub what: String,
    pub first: String,
    pub second: String,
    pub difference: String,
}

/// Names and days of both rows.
pub(super) type Rows<'a> = (&'a (String, String), &'a (Vec<DayStep>, Vec<DayStep>));

/// Draws both policies as rows of one strip; nothing where there is no day.
pub(super) fn strip_drawing(
    visit: &Visit,
    books: (&PolicyBook, &PolicyBook),
    (names, days): Rows<'_>,
) -> Option<Drawing> {
    let (t, own) = (visit.phrases, visit.journey().policy());
    let (first, last) = (days.0.first()?.date, days.0.last()?.date);
    let row = |name: &str, book: &PolicyBook, days: &[DayStep]| StripRow {
        name: name.to_owned(),
        days: days
            .iter()
            .map(|day| {
                let level = match day.is_known {
                    true => t.locale.of(&book.on(day.date).step(day.step).name).to_owned(),
                    false => t.say("level-not_assessable"),
                };
                let label = format!("{}: {level}", date_long(day.date, t.locale));
                StripDay {
                    date: day.date,
                    mark: ladder_mark(day.step, day.is_known),
                    label,
                    is_afterwards: false,
                }
            })
            .collect(),
        empty: String::new(),
    };
    let rows = vec![row(&names.0, books.0, &days.0), row(&names.1, books.1, &days.1)];
    let last_of = |row: &StripRow| row.days.last().map_or_else(String::new, |day| day.label.clone());
    let readout =
        rows.iter().map(|row| format!("{}: {}", row.name, last_of(row))).collect::<Vec<_>>().join("; ");
    let (title, description) = (t.say("backtest-strip"), t.say("backtest-strip-description"));
    let word = |mark: LevelMark| mark_word(mark, own, t);
    let format_date = |date| crate::text::date_short(date, t.locale);
    let draw = |slug: &str, width: u32| {
        let strip = LevelStrip {
            slug,
            frame: None,
            title: &title,
            description: &description,
            rows: &rows,
            range: (first, last),
            width,
            word: &word,
            format_date: Some(&format_date),
        };
        level_strip(&strip, Theme::Page).svg
    };
    Some(Drawing { wide: draw("backtest-wide", 960), narrow: draw("backtest-narrow", 360), readout })
}

/// The comparison as a table.
pub(super) fn rows(told: &PolicyComparison, t: Phrases) -> Vec<CompareRow> {
    let locale = t.locale;
    let signed = |value: f64| match value {
        value if value > 0.0 => format!("+{}", number(value, locale)),
        value => number(value, locale).replace('-', "−"),
    };
    let count = |what: String, first: f64, second: f64| CompareRow {
        what,
        first: number(first, locale),
        second: number(second, locale),
        difference: signed(second - first),
    };
    let (one, other) = (&told.first, &told.second);
    let mut rows: Vec<CompareRow> = (0..5)
        .filter(|step| one.days_at[*step] + other.days_at[*step] > 0)
        .map(|step| {
            let what = t.say_with("backtest-days-at", &[("step", &step.to_string())]);
            count(what, f64::from(one.days_at[step]), f64::from(other.days_at[step]))
        })
        .collect();
    for (key, first, second) in [
        ("backtest-unknown", one.unknown_days, other.unknown_days),
        ("backtest-raises", one.raises, other.raises),
        ("backtest-falls", one.falls, other.falls),
        ("backtest-spikes", one.spikes, other.spikes),
    ] {
        rows.push(count(t.say(key), f64::from(first), f64::from(second)));
    }
    if let Some((first, second)) = one.office_days.zip(other.office_days) {
        rows.push(count(t.say("backtest-office-days"), first.round(), second.round()));
    }
    for shift in &told.shifts {
        let day = |day: Option<chrono::NaiveDate>| {
            day.map_or_else(|| t.say("backtest-never"), |day| date_medium(day, locale))
        };
        let later = |days: Option<i64>| match days {
            None => String::new(),
            Some(0) => t.say("backtest-same-day"),
            Some(days) if days > 0 => t.say_with("backtest-later", &[("days", &days.to_string())]),
            Some(days) => t.say_with("backtest-earlier", &[("days", &(-days).to_string())]),
        };
        let step = shift.step.to_string();
        rows.push(CompareRow {
            what: t.say_with("backtest-entered", &[("step", &step)]),
            first: day(shift.first.map(|spell| spell.0)),
            second: day(shift.second.map(|spell| spell.0)),
            difference: later(shift.enter_lag_days()),
        });
        let [first, second] = told.left(shift).map(|left| match left {
            Left::Never => day(None),
            Left::Still => t.say("backtest-still"),
            Left::After(last) => day(Some(last)),
        });
        rows.push(CompareRow {
            what: t.say_with("backtest-left", &[("step", &step)]),
            first,
            second,
            difference: later(told.leave_lag_days(shift)),
        });
    }
    rows
}
