//! The level strip: what the rules recommended each day as known then, and what they say of each day on the figures
//! of the view. Both are right; they differ where figures came late.

use chrono::NaiveDate;

use super::figure::{Cell, Row, Table};
use super::{Look, Subject};
use crate::assessment::{Evaluation, Mode, Policy, Step};
use crate::chart::{Chart, LevelMark, LevelStrip, StripDay, StripFrame, StripRow, level_strip};
use crate::epi::Window;
use crate::text::{Phrases, date_long, date_medium};

/// The strip's rows and their days.
pub(in crate::web) struct Strip {
    title: String,
    /// The level now and since when.
    pub(super) finding: String,
    description: String,
    source_line: String,
    rows: Vec<StripRow>,
    range: (NaiveDate, NaiveDate),
}

impl Strip {
    /// The strip over the days of the curve above it.
    pub(in crate::web) fn new(subject: Subject<'_>, range: (NaiveDate, NaiveDate)) -> Self {
        let (view, t) = (subject.view, subject.phrases);
        let row = |key: &str, days: Vec<(NaiveDate, LevelMark)>| StripRow {
            name: t.say(key),
            days: days
                .into_iter()
                .filter(|(date, _)| (range.0..=range.1).contains(date))
                .map(|marked| day(subject, marked))
                .collect(),
            empty: String::new(),
        };
        let known_then = view.ledger.iter().map(|evening| (evening.date, mark((evening.step, evening.mode))));
        let on_these = view.backtest.iter().map(|day| (day.date, mark((day.step, day.mode))));
        let mut rows =
            vec![row("strip-as-known", known_then.collect()), row("strip-on-these", on_these.collect())];
        rows.push(decided(subject, range));
        Self {
            title: t.say("strip-title"),
            finding: finding(subject),
            source_line: subject.source_line("cases", range),
            description: t.say("strip-description"),
            rows: rows.into_iter().filter(|row| !row.days.is_empty()).collect(),
            range,
        }
    }

    pub(in crate::web) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn readout(&self) -> String {
        let last = self.rows.first().and_then(|row| row.days.last());
        last.map_or_else(String::new, |day| day.label.clone())
    }

    /// The rows side by side, newest day first.
    pub(super) fn table(&self, subject: Subject<'_>) -> Table {
        let t = subject.phrases;
        let days = Window { from: self.range.0, to: self.range.1 }.days().rev();
        let cell = |row: &StripRow, date: NaiveDate| {
            let day = row.days.iter().find(|day| day.date == date);
            let said = day.map(|day| {
                let said = word(day.mark, subject);
                if day.is_afterwards { format!("{said} ({})", t.say("decision-afterwards")) } else { said }
            });
            Cell::said(said.unwrap_or_else(|| "–".to_owned()))
        };
        let row =
            |date: NaiveDate| Row::of(date, subject, self.rows.iter().map(|row| cell(row, date)).collect());
        Table {
            caption: self.title.clone(),
            unit: t.say("strip-description"),
            columns: self.rows.iter().map(|row| row.name.clone()).collect(),
            rows: days.map(row).collect(),
        }
    }

    /// Under a curve without dates and title; alone with both, and with the place of what was decided.
    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>, is_alone: bool) -> Chart {
        let t = subject.phrases;
        let mut rows = self.rows.clone();
        if is_alone && rows.iter().all(|row| row.name != t.say("strip-decided")) {
            rows.push(StripRow {
                name: t.say("strip-decided"),
                days: Vec::new(),
                empty: t.say("strip-decided-none"),
            });
        }
        let subtitle = t.say_with("strip-subtitle", &[("city", &subject.journey.city.name)]);
        let short = |date| subject.short(date);
        let word = |mark| word(mark, subject);
        let strip = LevelStrip {
            slug: look.slug,
            title: if is_alone { &self.finding } else { &self.title },
            frame: is_alone.then_some(StripFrame { subtitle: &subtitle, source_line: &self.source_line }),
            description: &self.description,
            rows: &rows,
            range: self.range,
            width: look.size.0,
            word: &word,
            format_date: is_alone.then_some(&short as &dyn Fn(NaiveDate) -> String),
        };
        level_strip(&strip, look.theme)
    }
}

/// "WFH 100% disarankan sejak 26 Juni 2021": the run of days of the level that was recommended last.
fn finding(subject: Subject<'_>) -> String {
    let t = subject.phrases;
    let until = subject.view.date;
    let mut evenings = subject.view.ledger.iter().rev().filter(|evening| evening.date <= until).peekable();
    let Some(last) = evenings.peek().copied() else { return t.say("strip-title-none") };
    let shown = |evening: &Evaluation| mark((evening.step, evening.mode));
    let since = evenings.take_while(|other| shown(other) == shown(last)).last().unwrap_or(last);
    let level = word(shown(last), subject);
    let date = date_medium(since.date, t.locale);
    let key = if shown(last) == LevelMark::Unknown { "strip-title-unknown" } else { "strip-title-since" };
    t.say_with(key, &[("level", &level), ("date", &date)])
}

fn day(subject: Subject<'_>, (date, mark): (NaiveDate, LevelMark)) -> StripDay {
    let label = format!("{}: {}", date_long(date, subject.locale()), word(mark, subject));
    StripDay { date, mark, label, is_afterwards: false }
}

/// What people had decided for each day, up to the day of the view: nothing is drawn for days to come.
fn decided(subject: Subject<'_>, range: (NaiveDate, NaiveDate)) -> StripRow {
    let (view, t) = (subject.view, subject.phrases);
    let days = Window { from: range.0, to: range.1.min(view.as_of.local_date(subject.journey.city.zone)) };
    let day = |date: NaiveDate| {
        let decision = view.journal.in_force(date)?;
        let mark = ladder_mark(decision.step, true);
        let number = decision.number.to_string();
        let args = [
            ("date", &*date_long(date, subject.locale())),
            ("level", &*word(mark, subject)),
            ("number", &*number),
        ];
        let is_afterwards = decision.afterwards.is_some();
        let key = if is_afterwards { "strip-decided-afterwards" } else { "strip-decided-day" };
        Some(StripDay { date, mark, label: t.say_with(key, &args), is_afterwards })
    };
    StripRow {
        name: t.say("strip-decided"),
        days: days.days().filter_map(day).collect(),
        empty: String::new(),
    }
}

const LADDER: [LevelMark; 5] =
    [LevelMark::Normal, LevelMark::Partial75, LevelMark::Partial50, LevelMark::Partial25, LevelMark::FullWfh];

/// How a recommended level looks.
pub(super) fn mark((step, mode): (Step, Mode)) -> LevelMark {
    ladder_mark(step, mode != Mode::NotAssessable)
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
