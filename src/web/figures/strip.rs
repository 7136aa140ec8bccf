//! The level strip: what the rules recommended each day as known then, and what they say of each day on the figures
//! of the view. Both are right; they differ where figures came late.

use chrono::NaiveDate;

use super::{Look, Subject};
use crate::assessment::{Assessment, Mode, Policy, Step};
use crate::chart::{Chart, LevelMark, LevelStrip, StripDay, StripRow, level_strip};
use crate::text::{Phrases, date_long};

/// The strip's rows and their days.
pub(in crate::web) struct Strip {
    title: String,
    description: String,
    pub(in crate::web) rows: Vec<StripRow>,
    range: (NaiveDate, NaiveDate),
}

impl Strip {
    /// The strip over the days of the curve above it.
    pub(in crate::web) fn new(subject: Subject<'_>, range: (NaiveDate, NaiveDate)) -> Self {
        let (view, t) = (subject.view, subject.phrases);
        let row = |key: &str, days: Vec<&Assessment>| StripRow {
            name: t.say(key),
            days: days
                .into_iter()
                .filter(|made| (range.0..=range.1).contains(&made.date))
                .map(|made| day(subject, made))
                .collect(),
        };
        let ledger = view.ledger.iter().map(|saved| &saved.assessment).collect();
        let rows = vec![row("strip-as-known", ledger), row("strip-on-these", view.backtest.iter().collect())];
        Self {
            title: t.say("strip-title"),
            description: t.say("strip-description"),
            rows: rows.into_iter().filter(|row| !row.days.is_empty()).collect(),
            range,
        }
    }

    pub(in crate::web) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>, has_dates: bool) -> Chart {
        let short = |date| subject.short(date);
        let word = |mark| word(mark, subject);
        let strip = LevelStrip {
            slug: look.slug,
            title: &self.title,
            description: &self.description,
            rows: &self.rows,
            range: self.range,
            width: look.size.0,
            word: &word,
            format_date: has_dates.then_some(&short as &dyn Fn(NaiveDate) -> String),
        };
        level_strip(&strip, look.theme)
    }
}

fn day(subject: Subject<'_>, made: &Assessment) -> StripDay {
    let mark = mark(made);
    let label = format!("{}: {}", date_long(made.date, subject.locale()), word(mark, subject));
    StripDay { date: made.date, mark, label }
}

const LADDER: [LevelMark; 5] =
    [LevelMark::Normal, LevelMark::Partial75, LevelMark::Partial50, LevelMark::Partial25, LevelMark::FullWfh];

fn mark(made: &Assessment) -> LevelMark {
    ladder_mark(made.step, made.mode != Mode::NotAssessable)
}

/// How a step looks on the strip.
pub(in crate::web) fn ladder_mark(step: Step, is_known: bool) -> LevelMark {
    match LADDER.get(usize::from(step.number())) {
        _ if !is_known => LevelMark::Unknown,
        Some(mark) => *mark,
        None => LevelMark::FullWfh,
    }
}

/// The policy's name for what the strip shows.
pub(in crate::web) fn mark_word(mark: LevelMark, policy: &Policy, t: Phrases) -> String {
    let place = LADDER.iter().position(|known| *known == mark);
    match place.and_then(|place| Step::all().nth(place)) {
        Some(step) => t.locale.of(&policy.step(step).name).to_owned(),
        None => t.say("level-not_assessable"),
    }
}

fn word(mark: LevelMark, subject: Subject<'_>) -> String {
    mark_word(mark, subject.journey.policy(), subject.phrases)
}
