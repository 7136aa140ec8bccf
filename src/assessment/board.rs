//! A policy laid out over the days of one location: what each rule reads, and what it says, day by day.
//!
//! Everything that does not depend on what stands is worked out here, in columns, so that a backtest of years costs little
//! more than reading them. What stands and how it moves is in `weigh`.

use std::cell::OnceCell;

use chrono::{Duration, NaiveDate};

use super::case::Case;
use super::condition::{Bound, Comparison, Condition, Reach, Truth, usable_slot};
use super::level::Step;
use super::policy::{Combination, CombinationRow, IfMissing, Policy, Rule, RuleKind, Settles};
use crate::epi::{Estimate, IndicatorKind, Missing, Window};
use crate::indicator::IndicatorTable;

/// One indicator as a rule may read it, day by day.
#[derive(Debug)]
pub(super) struct Reading {
    pub kind: IndicatorKind,
    reach: Reach,
    /// The day it is first given, counted from the first of the board.
    pub first_given: i64,
    /// Slot of the table on each day, or why there is none.
    pub slots: Vec<Result<u32, Missing>>,
    /// What the value is at least and at most; NaN where there is none.
    least: Vec<f64>,
    most: Vec<f64>,
}

/// What if the figures of the last day were others than they are?
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Tilt {
    /// They are as they are.
    None,
    /// Each at the lower end of its interval.
    Lower,
    /// Each at the upper end.
    Upper,
    /// Counts of the last week, and what is made from them, times a factor: what late reports would do.
    Times(f64),
}

impl Tilt {
    /// A value as it would be.
    fn of(self, kind: IndicatorKind, estimate: &Estimate, value: f64) -> f64 {
        let tilted = match self {
            Self::None => None,
            Self::Lower => estimate.lower(),
            Self::Upper => estimate.upper(),
            Self::Times(factor) if kind.is_net_count() || kind == IndicatorKind::GrowthRatio => {
                Some(value * factor)
            }
            Self::Times(_) => None,
        };
        tilted.filter(|tilted| tilted.is_finite()).unwrap_or(value)
    }
}

/// A condition whose indicators have been looked up.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    Compare { reading: usize, bound: Bound, comparison: Comparison },
    IsUnknown(usize),
    IsKnown(usize),
    All(Vec<Plan>),
    Any(Vec<Plan>),
}

/// When a rule lets go of a step.
#[derive(Debug)]
pub(super) struct Leave {
    /// On the day assessed, whose value may be the last one known.
    pub today: Plan,
    /// On a day in the past.
    past: Plan,
    /// First days of the indicators it reads.
    firsts: Vec<i64>,
    truths: [OnceCell<Vec<Truth>>; 2],
}

/// One step a rule may call for.
#[derive(Debug)]
pub(super) struct Edge {
    step: Step,
    /// What calls for it, and whether it did, day by day.
    pub plan: Plan,
    pub enter: Vec<Truth>,
    pub leave: Leave,
    /// The day from which on it could ever be called for.
    reachable_from: Option<i64>,
}

/// What a rule says on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vote {
    /// The place of the step among the rule's own.
    pub edge: Option<usize>,
    /// The step it calls for.
    pub step: Option<Step>,
    /// What is missing, if anything.
    pub missing: Option<(IndicatorKind, Missing)>,
}

/// What the rules together call for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Called {
    /// At least this step.
    pub at_least: Step,
    /// Whether the level can be told.
    pub is_known: bool,
}

/// A policy over some days of one location.
#[derive(Debug)]
pub(super) struct Board<'a> {
    /// What is assessed.
    pub case: Case<'a>,
    /// The version of the policy that holds for all its days.
    pub policy: &'a Policy,
    /// The first day.
    from: NaiveDate,
    days: usize,
    /// The day of each place: rules ask for it again and again.
    dates: Vec<NaiveDate>,
    /// What if, on the last day.
    tilt: Tilt,
    pub readings: Vec<Reading>,
    pub rules: Vec<Vec<Edge>>,
    primary: Option<usize>,
}

impl<'a> Board<'a> {
    /// Lays a policy out over a window and the days before it that have a say.
    pub(super) fn new(case: Case<'a>, policy: &'a Policy, window: Window) -> Self {
        Self::tilted(case, policy, window, Tilt::None)
    }

    /// The same with other figures on the last day.
    pub(super) fn tilted(case: Case<'a>, policy: &'a Policy, window: Window, tilt: Tilt) -> Self {
        let from = window.from - Duration::days(i64::from(policy.movement.looks_back_days()));
        let days = usize::try_from((window.to - from).num_days() + 1).unwrap_or(1);
        let dates = from.iter_days().take(days).collect();
        let mut board = Self {
            case,
            policy,
            from,
            days,
            dates,
            tilt,
            readings: Vec::new(),
            rules: Vec::new(),
            primary: None,
        };
        let reach = Reach::days(policy.movement.primary_max_age_days);
        board.primary = policy.movement.primary.map(|kind| board.reading(kind, reach));
        for rule in &policy.rules {
            let edges = edges(rule).into_iter().map(|edge| board.edge(rule, edge)).collect();
            board.rules.push(edges);
        }
        board
    }

    fn table(&self) -> &'a IndicatorTable {
        self.case.table
    }

    /// The place of a day on the board.
    pub(super) fn place(&self, date: NaiveDate) -> usize {
        usize::try_from((date - self.from).num_days()).unwrap_or(0).min(self.days - 1)
    }

    /// The day of a place.
    pub(super) fn date(&self, place: usize) -> NaiveDate {
        match self.dates.get(place) {
            Some(date) => *date,
            None => self.from + Duration::days(i64::try_from(place).unwrap_or(0)),
        }
    }

    fn reading(&mut self, kind: IndicatorKind, reach: Reach) -> usize {
        if let Some(known) = self.readings.iter().position(|r| r.kind == kind && r.reach == reach) {
            return known;
        }
        let table = self.table();
        let column = table.column(kind).unwrap_or_default();
        let (mut slots, mut least, mut most) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..self.days {
            let slot = usable_slot(table, kind, self.date(place), reach);
            let estimate = slot.ok().and_then(|slot| column.get(slot));
            let tilt = if place + 1 == self.days { self.tilt } else { Tilt::None };
            let end = |of: fn(&Estimate) -> Option<f64>| {
                let value = estimate.and_then(|estimate| Some((estimate, of(estimate)?)));
                value.map_or(f64::NAN, |(estimate, value)| tilt.of(kind, estimate, value))
            };
            least.push(end(Estimate::at_least));
            most.push(end(Estimate::at_most));
            slots.push(slot.map(|slot| u32::try_from(slot).unwrap_or(u32::MAX)));
        }
        let first = table.first_given(kind).map_or(i64::MAX, |date| (date - self.from).num_days());
        self.readings.push(Reading { kind, reach, first_given: first, slots, least, most });
        self.readings.len() - 1
    }

    fn plan(&mut self, condition: &Condition, reach: Reach) -> Plan {
        match condition {
            Condition::Compare { indicator, bound, comparison, max_age_days } => {
                let own = max_age_days.unwrap_or(reach.max_age_days).min(reach.max_age_days);
                let reading = self.reading(*indicator, Reach { max_age_days: own, ..reach });
                Plan::Compare { reading, bound: *bound, comparison: *comparison }
            }
            Condition::IsUnknown(indicator) => Plan::IsUnknown(self.reading(*indicator, reach)),
            Condition::IsKnown(indicator) => Plan::IsKnown(self.reading(*indicator, reach)),
            Condition::All(parts) => Plan::All(parts.iter().map(|part| self.plan(part, reach)).collect()),
            Condition::Any(parts) => Plan::Any(parts.iter().map(|part| self.plan(part, reach)).collect()),
        }
    }

    fn edge(&mut self, rule: &Rule, (step, enter, leave): RuleEdge<'_>) -> Edge {
        let plan = self.plan(enter, rule.reach);
        let truths = (0..self.days).map(|place| self.truth(&plan, place)).collect();
        let firsts = |board: &Self, condition: &Condition| -> Vec<i64> {
            let first =
                |kind| board.readings.iter().find(|r| r.kind == kind).map_or(i64::MAX, |r| r.first_given);
            condition.indicators().into_iter().map(first).collect()
        };
        let today = self.plan(leave, rule.reach);
        let past = self.plan(leave, rule.past_reach());
        let leave_firsts = firsts(self, leave);
        // Reachable from the start of time, or from the day an indicator is first given.
        let table = self.table();
        let first_of = |kind| table.first_given(kind).map_or(i64::MAX, |date| (date - self.from).num_days());
        let mut candidates = firsts(self, enter);
        candidates.push(i64::MIN);
        candidates.sort_unstable();
        let reachable = |day: &i64| *day < i64::MAX && enter.is_reachable(&|kind| first_of(kind) > *day);
        let reachable_from = candidates.into_iter().find(reachable);
        let leave = Leave { today, past, firsts: leave_firsts, truths: [OnceCell::new(), OnceCell::new()] };
        Edge { step, plan, enter: truths, leave, reachable_from }
    }

    /// What a condition says on a day.
    pub(super) fn truth(&self, plan: &Plan, place: usize) -> Truth {
        match plan {
            Plan::Compare { reading, bound, comparison } => {
                self.compare(*reading, *bound, *comparison, place)
            }
            Plan::IsUnknown(reading) => settled(self.readings[*reading].slots[place].is_err()),
            Plan::IsKnown(reading) => settled(self.readings[*reading].slots[place].is_ok()),
            Plan::All(parts) => combine(parts.iter().map(|part| self.truth(part, place)), Truth::False),
            Plan::Any(parts) => combine(parts.iter().map(|part| self.truth(part, place)), Truth::True),
        }
    }

    fn compare(&self, reading: usize, bound: Bound, comparison: Comparison, place: usize) -> Truth {
        let reading = &self.readings[reading];
        let reason = || match reading.slots[place] {
            Err(reason) => reason,
            Ok(slot) => self.estimate(reading.kind, slot).reason().unwrap_or(Missing::NoFigure),
        };
        // The near end makes it true, the far end makes it false.
        let (near, far) = match bound {
            Bound::Value if comparison.is_upward() => (reading.least[place], reading.most[place]),
            Bound::Value => (reading.most[place], reading.least[place]),
            Bound::Lower | Bound::Upper => {
                let estimate = reading.slots[place].ok().map(|slot| self.estimate(reading.kind, slot));
                let end = if bound == Bound::Lower { Estimate::lower } else { Estimate::upper };
                let value = estimate.as_ref().and_then(end).unwrap_or(f64::NAN);
                (value, value)
            }
        };
        if comparison.holds(near) {
            Truth::True
        } else if far.is_nan() || comparison.holds(far) {
            Truth::Unknown(reading.kind, reason())
        } else {
            Truth::False
        }
    }

    pub(super) fn estimate(&self, kind: IndicatorKind, slot: u32) -> Estimate {
        let column = self.table().column(kind).unwrap_or_default();
        column.get(slot as usize).copied().unwrap_or(Estimate::Missing(Missing::NoFigure))
    }

    /// The same without the indicators that were never given up to the day `until`: a figure that was never reported cannot be
    /// waited for. `None` if nothing is left.
    fn truth_of_reported(&self, plan: &Plan, place: usize, until: i64) -> Option<Truth> {
        let is_reported = |reading: &usize| self.readings[*reading].first_given <= until;
        let parts = |parts: &[Plan], deciding: Truth| {
            let mut told =
                parts.iter().filter_map(|part| self.truth_of_reported(part, place, until)).peekable();
            told.peek()?;
            Some(combine(told, deciding))
        };
        match plan {
            Plan::Compare { reading, .. } | Plan::IsKnown(reading) => {
                is_reported(reading).then(|| self.truth(plan, place))
            }
            Plan::IsUnknown(_) => Some(self.truth(plan, place)),
            Plan::All(list) => parts(list, Truth::False),
            Plan::Any(list) => parts(list, Truth::True),
        }
    }

    fn leaving(&self, plan: &Plan, place: usize, until: i64) -> Truth {
        self.truth_of_reported(plan, place, until).unwrap_or_else(|| self.truth(plan, place))
    }

    /// Whether an edge's leave value held on the day `place`, asked on the day `today`.
    fn left(&self, leave: &Leave, place: usize, today: usize) -> Truth {
        let plan = if place == today { &leave.today } else { &leave.past };
        let as_place = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
        let (day, until) = (as_place(place), as_place(today));
        if leave.firsts.iter().any(|first| day < *first && *first <= until) {
            return self.leaving(plan, place, until);
        }
        let truths = leave.truths[usize::from(place != today)]
            .get_or_init(|| (0..self.days).map(|place| self.leaving(plan, place, as_place(place))).collect());
        truths[place]
    }

    /// Whether a rule has a say at a step on the day `today`, and if it does, whether it let go on the day `place`.
    pub(super) fn let_go(&self, rule: usize, step: Step, (place, today): (usize, usize)) -> Option<Truth> {
        let truths = self.concerned(rule, step, today).map(|edge| self.left(&edge.leave, place, today));
        truths.reduce(|all, truth| match (all, truth) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, truth) => truth,
            (unknown, _) => unknown,
        })
    }

    /// The steps of a rule that must be let go of before the level may be lower than `step`.
    pub(super) fn concerned(&self, rule: usize, step: Step, today: usize) -> impl Iterator<Item = &Edge> {
        let until = i64::try_from(today).unwrap_or(i64::MAX);
        self.rules[rule].iter().filter(move |edge| {
            self.step_of_edge(rule, edge) >= step && edge.reachable_from.is_some_and(|from| from <= until)
        })
    }

    fn step_of_edge(&self, rule: usize, edge: &Edge) -> Step {
        match &self.policy.rules[rule].kind {
            RuleKind::Above { at_most, .. } => *at_most,
            _ => edge.step,
        }
    }

    /// What a rule says on a day. Orders are not told here: they are not the city's own rules.
    pub(super) fn vote(&self, rule: usize, place: usize) -> Vote {
        self.vote_if(rule, place, None)
    }

    /// The same if one step of one rule (both by their place) were called for as well.
    pub(super) fn vote_if(&self, rule: usize, place: usize, also: Option<(usize, usize)>) -> Vote {
        let quiet = Vote { edge: None, step: None, missing: None };
        let own = &self.policy.rules[rule];
        if !own.is_valid_on(self.date(place)) {
            return quiet;
        }
        let mut vote = quiet;
        for (edge, known) in self.rules[rule].iter().enumerate() {
            match known.enter[place] {
                _ if also == Some((rule, edge)) => (vote.edge, vote.step) = (Some(edge), Some(known.step)),
                Truth::True => (vote.edge, vote.step) = (Some(edge), Some(known.step)),
                Truth::Unknown(kind, reason) => vote.missing = vote.missing.or(Some((kind, reason))),
                Truth::False => {}
            }
        }
        match &own.kind {
            RuleKind::Dated(step) => Vote { step: Some(*step), ..quiet },
            RuleKind::Above { rule: other, at_least, at_most, .. } if vote.step.is_some() => {
                let other = self.policy.rules.iter().position(|rule| rule.id == *other);
                let below = other.and_then(|other| self.vote_if(other, place, also).step);
                let step = self.policy.higher(below.unwrap_or(Step::NORMAL)).clamp(*at_least, *at_most);
                Vote { step: Some(step), ..vote }
            }
            _ => vote,
        }
    }

    /// A rule's own word for what it says.
    pub(super) fn word(&self, rule: usize, vote: &Vote) -> &str {
        let own = &self.policy.rules[rule];
        match (vote.step, vote.missing) {
            (Some(step), _) => {
                let of_edge = match (&own.kind, vote.edge) {
                    (RuleKind::Steps(steps), Some(edge)) => steps[edge].word.as_deref(),
                    _ => None,
                };
                of_edge.unwrap_or(&self.policy.step(step).level)
            }
            (None, Some(_)) if own.if_missing == IfMissing::Unknown => self.policy.unknown_word(),
            (None, Some(_)) => "not_assessed",
            (None, None) => own.quiet.as_deref().unwrap_or(&self.policy.steps[0].level),
        }
    }

    /// What the city's own rules call for together.
    pub(super) fn called(&self, place: usize) -> Called {
        self.called_if(place, None)
    }

    /// The same if one step of one rule (both by their place) were called for as well.
    pub(super) fn called_if(&self, place: usize, also: Option<(usize, usize)>) -> Called {
        let mut called = Called { at_least: Step::NORMAL, is_known: self.primary.is_some() };
        let mut is_assessable =
            self.primary.is_none_or(|reading| self.readings[reading].slots[place].is_ok());
        for (rule, own) in self.policy.rules.iter().enumerate() {
            if matches!(own.kind, RuleKind::Order) {
                continue;
            }
            let vote = self.vote_if(rule, place, also);
            called.at_least = called.at_least.max(vote.step.unwrap_or(Step::NORMAL));
            let is_told = vote.step.is_some() || vote.missing.is_none();
            called.is_known |= is_told;
            is_assessable &= is_told || own.if_missing != IfMissing::NotAssessable;
        }
        if let Combination::Table(rows) = &self.policy.combination {
            called = self.settled_by(rows, &|rule| self.vote_if(rule, place, also));
        }
        called.is_known &= is_assessable;
        called
    }

    fn settled_by(&self, rows: &[CombinationRow], vote: &dyn Fn(usize) -> Vote) -> Called {
        let says = |rule: usize| self.word(rule, &vote(rule));
        let fits = |row: &&CombinationRow| {
            row.when.iter().all(|(rule, words)| words.iter().any(|word| word == says(*rule)))
        };
        match rows.iter().find(fits).map(|row| &row.then) {
            Some(Settles::Step(step)) => Called { at_least: *step, is_known: true },
            Some(Settles::HighestOf(rules)) => {
                let votes = rules.iter().map(|rule| vote(*rule));
                let is_told = |vote: &Vote| vote.step.is_some() || vote.missing.is_none();
                votes.filter(is_told).fold(Called { at_least: Step::NORMAL, is_known: false }, |all, vote| {
                    Called { at_least: all.at_least.max(vote.step.unwrap_or(Step::NORMAL)), is_known: true }
                })
            }
            Some(Settles::Unknown) | None => Called { at_least: Step::NORMAL, is_known: false },
        }
    }

    /// The step that enough counted days in a row have called for. A day that cannot be told neither confirms nor breaks the
    /// row.
    pub(super) fn confirmed(&self, place: usize) -> Step {
        let movement = &self.policy.movement;
        let needed = movement.enter_days as usize;
        if needed <= 1 {
            return self.called(place).at_least;
        }
        let counted = (0..=place)
            .rev()
            .filter(|day| movement.counts(movement.enter_counts, self.date(*day), self.case.calendar));
        let known = counted.map(|day| self.called(day)).filter(|called| called.is_known);
        let row: Vec<Step> = known.take(needed).map(|called| called.at_least).collect();
        if row.len() < needed { Step::NORMAL } else { row.into_iter().min().unwrap_or(Step::NORMAL) }
    }
}

type RuleEdge<'a> = (Step, &'a Condition, &'a Condition);

fn edges(rule: &Rule) -> Vec<RuleEdge<'_>> {
    match &rule.kind {
        RuleKind::Order | RuleKind::Dated(_) => Vec::new(),
        RuleKind::Steps(steps) => steps.iter().map(|s| (s.step, &s.enter, &s.leave)).collect(),
        RuleKind::Above { at_least, enter, leave, .. } => vec![(*at_least, enter, leave)],
    }
}

fn settled(is_true: bool) -> Truth {
    if is_true { Truth::True } else { Truth::False }
}

/// `deciding` settles it wherever it appears; otherwise an unknown outweighs the rest.
fn combine(parts: impl Iterator<Item = Truth>, deciding: Truth) -> Truth {
    let mut unknown = None;
    for truth in parts {
        match truth {
            truth if truth == deciding => return deciding,
            Truth::Unknown(..) => unknown = unknown.or(Some(truth)),
            _ => {}
        }
    }
    let otherwise = if deciding == Truth::True { Truth::False } else { Truth::True };
    unknown.unwrap_or(otherwise)
}
