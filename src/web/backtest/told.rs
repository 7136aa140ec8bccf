//! What the backtest page tells: a row of levels for each policy, and how they differ in numbers.

use crate::assessment::{DayStep, Left, Policy, PolicyBook, PolicyComparison, Shift, Step};
use crate::chart::{LevelMark, LevelStrip, StripDay, StripRow, Theme, level_strip};
use crate::text::{Locale, Phrases, date_long, date_medium, number};
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

/// Draws the policy in force as a row of levels, and the other one under it if there is one; nothing where there is no day.
pub(super) fn strip_drawing(
    visit: &Visit,
    books: (&PolicyBook, Option<&PolicyBook>),
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
    let mut rows = vec![row(&names.0, books.0, &days.0)];
    rows.extend(books.1.map(|other| row(&names.1, other, &days.1)));
    let last_of = |row: &StripRow| row.days.last().map_or_else(String::new, |day| day.label.clone());
    let readout =
        rows.iter().map(|row| format!("{}: {}", row.name, last_of(row))).collect::<Vec<_>>().join("; ");
    let (title, description) = match books.1 {
        Some(_) => (t.say("backtest-strip"), t.say("backtest-strip-description")),
        None => (t.say("backtest-strip-own"), t.say("backtest-strip-own-description")),
    };
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

/// What the policies call a step: one name where they agree, both where not, nothing where neither ladder has it (one of three levels has
/// no word for a step between them).
fn level(step: Step, (one, other): (&Policy, &Policy), locale: Locale) -> String {
    let own = |policy: &Policy| {
        let is_defined = policy.steps.iter().any(|definition| definition.step == step);
        is_defined.then(|| locale.of(&policy.step(step).name).to_owned())
    };
    match (own(one), own(other)) {
        (Some(one), Some(other)) if one != other => format!("{one} / {other}"),
        (one, other) => one.or(other).unwrap_or_default(),
    }
}

/// The comparison as a table; levels bear the names that the policies give them.
pub(super) fn rows(told: &PolicyComparison, policies: (&Policy, &Policy), t: Phrases) -> Vec<CompareRow> {
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
    let days_at = Step::all().zip(one.days_at.iter().zip(&other.days_at));
    let mut rows: Vec<CompareRow> = days_at
        .filter(|(_, (first, second))| **first + **second > 0)
        .map(|(step, (first, second))| {
            let what = t.say_with("backtest-days-at", &[("level", &level(step, policies, locale))]);
            count(what, f64::from(*first), f64::from(*second))
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
        let name = level(shift.step, policies, locale);
        if !name.is_empty() {
            rows.extend(shifted(told, shift, (&name, t)));
        }
    }
    rows
}

/// When a level was entered and left by each policy.
fn shifted(told: &PolicyComparison, shift: &Shift, (level, t): (&str, Phrases)) -> [CompareRow; 2] {
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| t.say("backtest-never"), |day| date_medium(day, t.locale))
    };
    let later = |days: Option<i64>| match days {
        None => String::new(),
        Some(0) => t.say("backtest-same-day"),
        Some(days) if days > 0 => t.say_with("backtest-later", &[("days", &days.to_string())]),
        Some(days) => t.say_with("backtest-earlier", &[("days", &(-days).to_string())]),
    };
    let entered = CompareRow {
        what: t.say_with("backtest-entered", &[("level", level)]),
        first: day(shift.first.map(|spell| spell.0)),
        second: day(shift.second.map(|spell| spell.0)),
        difference: later(shift.enter_lag_days()),
    };
    let [first, second] = told.left(shift).map(|left| match left {
        Left::Never => day(None),
        Left::Still => t.say("backtest-still"),
        Left::After(last) => day(Some(last)),
    });
    let what = t.say_with("backtest-left", &[("level", level)]);
    [entered, CompareRow { what, first, second, difference: later(told.leave_lag_days(shift)) }]
}
