//! A policy over the past: every day assessed given the days before it.

use chrono::NaiveDate;

use super::assess::reported;
use super::board::Board;
use super::case::Case;
use super::compare::DayStep;
use super::level::{Mode, Step};
use super::memory::Memory;
use super::policy::Policy;
use super::report::{Assessment, Verdict};
use super::standing::Standing;
use super::weigh::Weighed;
use crate::epi::Window;

/// What a policy says of one day, without the reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct DayLevel {
    /// The day.
    pub date: NaiveDate,
    /// The version of the policy then in force.
    pub version: String,
    /// The policy's own word.
    pub level: String,
    /// The step.
    pub step: Step,
    /// How it is shown.
    pub mode: Mode,
    /// What to do.
    pub verdict: Verdict,
    /// The first rule of the file that calls for the step, or holds it.
    pub deciding_rule: Option<String>,
    /// What each rule says, in its own word, in the order of the file.
    pub rules: Vec<String>,
}

/// Assesses every day of a window in order, starting with nothing in force (or with `standing`).
#[must_use]
pub fn backtest(case: Case<'_>, window: Window, standing: Option<Standing>) -> Vec<Assessment> {
    let mut told = Vec::new();
    walk(case, window, standing.as_ref(), |board, place, weighed| told.push(reported(board, place, weighed)));
    told
}

/// The level of every day of a window, without reasons: thousands of days in the time of one assessment. `with_rules` adds
/// what each rule says.
#[must_use]
pub fn backtest_levels(
    case: Case<'_>,
    window: Window,
    standing: Option<&Standing>,
    with_rules: bool,
) -> Vec<DayLevel> {
    let mut told = Vec::new();
    walk(case, window, standing, |board, place, weighed| {
        told.push(day_level(board, place, weighed, with_rules));
    });
    told
}

/// The step of every day of a window, and whether it can be told: all that a comparison of policies needs.
#[must_use]
pub fn backtest_steps(case: Case<'_>, window: Window, standing: Option<&Standing>) -> Vec<DayStep> {
    let mut told = Vec::new();
    walk(case, window, standing, |board, place, weighed| {
        let is_known = weighed.verdict != Verdict::NotAssessable;
        told.push(DayStep { date: board.date(place), step: weighed.step, is_known });
    });
    told
}

/// The level of one day given what stands, without reasons, and what stands after it: for the days of a backtest that are each
/// seen on the figures of that very day.
#[must_use]
pub fn assess_level(
    case: Case<'_>,
    date: NaiveDate,
    standing: Option<&Standing>,
    with_rules: bool,
) -> (DayLevel, Standing) {
    let policy = case.policies.on(date);
    let board = Board::new(case, policy, Window { from: date, to: date });
    let memory = standing.map(|standing| Memory::of(standing, policy));
    let place = board.place(date);
    let weighed = board.weigh(place, memory.as_ref());
    (day_level(&board, place, &weighed, with_rules), weighed.own.memory.standing(policy))
}

/// Assesses one day on what is known now: the days before it are assessed first, for the memory of the rules.
#[must_use]
pub fn assess_on(case: Case<'_>, date: NaiveDate) -> Assessment {
    let earliest = case.policies.versions().first().map_or(date, |policy| policy.valid_from);
    let first = case.table.first.max(earliest).min(date);
    let before = date.pred_opt().filter(|before| *before >= first);
    let standing = before.map(|to| standing_after(case, Window { from: first, to }));
    super::assess::assess(case, date, standing.as_ref()).0
}

/// What stands after the last day of a window that began with nothing in force.
fn standing_after(case: Case<'_>, window: Window) -> Standing {
    let mut standing = Standing::new(Step::NORMAL, window.from);
    walk(case, window, None, |board, place, weighed| {
        if board.date(place) == window.to {
            standing = weighed.own.memory.standing(board.policy);
        }
    });
    standing
}

/// Goes through a window day by day, under the version in force on each.
fn walk<'a>(
    case: Case<'a>,
    window: Window,
    standing: Option<&Standing>,
    mut tell: impl FnMut(&Board<'a>, usize, &Weighed<'a>),
) {
    let mut standing = standing.cloned();
    for (policy, part) in by_version(case, window) {
        let board = Board::new(case, policy, part);
        let mut memory = standing.as_ref().map(|standing| Memory::of(standing, policy));
        for place in board.place(part.from)..=board.place(part.to) {
            let weighed = board.weigh(place, memory.as_ref());
            tell(&board, place, &weighed);
            memory = Some(weighed.own.memory);
        }
        standing = memory.map(|memory| memory.standing(policy));
    }
}

/// A window cut where a new version of the policy begins.
fn by_version<'a>(case: Case<'a>, window: Window) -> Vec<(&'a Policy, Window)> {
    let mut parts: Vec<(&Policy, Window)> = Vec::new();
    let begins = case.policies.versions().iter().map(|policy| policy.valid_from);
    let mut starts: Vec<NaiveDate> = begins.filter(|from| window.contains(*from)).collect();
    starts.retain(|from| *from > window.from);
    starts.insert(0, window.from);
    for (place, from) in starts.iter().enumerate() {
        let next = starts.get(place + 1).and_then(NaiveDate::pred_opt);
        parts.push((case.policies.on(*from), Window { from: *from, to: next.unwrap_or(window.to) }));
    }
    parts
}

fn day_level(board: &Board<'_>, place: usize, weighed: &Weighed<'_>, with_rules: bool) -> DayLevel {
    let policy = board.policy;
    let is_told = weighed.verdict != Verdict::NotAssessable;
    let rules = if with_rules { 0..policy.rules.len() } else { 0..0 };
    let word = |rule: usize| match (board.is_order(rule), weighed.forced) {
        (true, Some(step)) => policy.step(step).level.clone(),
        (true, None) => policy.steps[0].level.clone(),
        (false, _) => board.word(rule, &board.vote(rule, place)).to_owned(),
    };
    DayLevel {
        date: board.date(place),
        version: policy.version.clone(),
        level: if is_told {
            policy.step(weighed.step).level.clone()
        } else {
            policy.unknown_word().to_owned()
        },
        step: weighed.step,
        mode: if is_told { Mode::of(weighed.step) } else { Mode::NotAssessable },
        verdict: weighed.verdict,
        deciding_rule: board
            .deciding_rule(place, weighed)
            .filter(|_| is_told)
            .map(|rule| policy.rules[rule].id.clone()),
        rules: rules.map(word).collect(),
    }
}
