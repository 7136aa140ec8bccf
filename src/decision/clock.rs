//! The decision clock: what is due when while a decision runs, and how it looks on the way to its evaluation.

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use super::draft::MOST_EXTENSIONS;
use super::journal::{Journal, State};
use super::period::Period;
use super::record::Decision;
use crate::assessment::{Assessment, Mode, Step, Verdict};
use crate::epi::Calendar;

/// When people are reminded. The numbers are own choices; that a decision is evaluated before it ends is in every circular seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockRules {
    /// The day of the period on which the mayor's office is reminded.
    pub reminder_day: u32,
    /// How many days before the evaluation the recommendation is ready.
    pub ready_days: u32,
    /// How many days after a lapse it is still shown.
    pub lapse_days: u32,
}

impl Default for ClockRules {
    fn default() -> Self {
        Self { reminder_day: 5, ready_days: 2, lapse_days: 14 }
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// The mayor's office is reminded that the end comes near.
    Reminder,
    /// The recommendation for the evaluation is ready to be read.
    Ready,
    /// The evaluation.
    Evaluation,
    /// The last day, and nothing was decided for the day after: the secretary is told.
    Escalation,
    /// The decision has run out with nothing after it.
    Lapse,
    /// Everybody is back at the office.
    FirstDayBack,
}

impl DueKind {
    /// The word in files and phrases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Ready => "ready",
            Self::Evaluation => "evaluation",
            Self::Escalation => "escalation",
            Self::Lapse => "lapse",
            Self::FirstDayBack => "first_day_back",
        }
    }
}

/// One thing that is due on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// What.
    pub kind: DueKind,
    /// When.
    pub date: NaiveDate,
}

/// What today's figures would make of the decision in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// Back to normal.
    End,
    /// One step or more down.
    StepDown,
    /// The same for another period.
    Extend,
    /// A higher step.
    Tighten,
    /// A higher order has taken its place.
    Superseded,
    /// The figures do not say.
    NotAssessable,
}

impl Outlook {
    /// The word in files and phrases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::StepDown => "step_down",
            Self::Extend => "extend",
            Self::Tighten => "tighten",
            Self::Superseded => "superseded",
            Self::NotAssessable => "not_assessable",
        }
    }
}

/// Where the clock stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockState<'a> {
    /// The decision in force, or the one that lapsed.
    pub decision: &'a Decision,
    /// Which day of the period today is, from 1.
    pub day: i64,
    /// Days after today until the last day; below 0 once it lapsed.
    pub days_left: i64,
    /// Everything due, by date.
    pub due: Vec<Due>,
    /// The verdict; `None` where the rules have not been applied.
    pub outlook: Option<Outlook>,
    /// What the city's own rules say, beside a higher order.
    pub own_outlook: Option<Outlook>,
    /// The days an extension would have.
    pub extension: Period,
    /// Extensions it has had.
    pub extensions: usize,
    /// Whether another one needs words of its own.
    pub needs_words: bool,
    /// Since when nothing is in force though nobody ended it.
    pub lapsed_since: Option<NaiveDate>,
}

/// Where the clock stands on a day: of the decision in force, or of the one that lapsed not long ago.
#[must_use]
pub fn run_clock<'a>(
    journal: &'a Journal,
    today: NaiveDate,
    assessment: Option<&Assessment>,
    (calendar, rules): (&Calendar, ClockRules),
) -> Option<ClockState<'a>> {
    let lapsed = || {
        let last = journal.last_by(today)?;
        let is_lapsed = journal.state(last, today) == State::Over
            && last.step > Step::NORMAL
            && last.kind != super::record::DecisionKind::End
            && (today - last.period.last_day).num_days() <= i64::from(rules.lapse_days);
        is_lapsed.then_some(last)
    };
    let in_force = journal.in_force(today);
    let decision = in_force.or_else(lapsed)?;
    let has_next = has_next(journal, decision);
    let extensions = journal.extensions(decision);
    let (outlook, own_outlook) = outlooks(decision, assessment);
    Some(ClockState {
        decision,
        day: (today - decision.period.start).num_days() + 1,
        days_left: (decision.period.last_day - today).num_days(),
        due: due(decision, has_next, rules),
        outlook,
        own_outlook,
        extension: extension(decision, calendar),
        extensions,
        needs_words: extensions >= MOST_EXTENSIONS,
        lapsed_since: in_force.is_none().then(|| decision.period.last_day + Duration::days(1)),
    })
}

/// Whether something is signed for the day after the last.
fn has_next(journal: &Journal, decision: &Decision) -> bool {
    let after = decision.period.last_day + Duration::days(1);
    journal.in_force(after).is_some() || decision.kind == super::record::DecisionKind::End
}

/// As many days again as the part that this entry added.
fn extension(decision: &Decision, calendar: &Calendar) -> Period {
    Period { start: decision.effective_from, ..decision.period }.next(calendar)
}

fn due(decision: &Decision, has_next: bool, rules: ClockRules) -> Vec<Due> {
    let period = decision.period;
    let days = |days: u32| Duration::days(i64::from(days));
    let reminder = decision.effective_from + days(rules.reminder_day.saturating_sub(1));
    let ready = (decision.evaluation_date - days(rules.ready_days)).max(decision.effective_from);
    let mut all = vec![
        Due { kind: DueKind::Reminder, date: reminder.min(decision.evaluation_date) },
        Due { kind: DueKind::Ready, date: ready },
        Due { kind: DueKind::Evaluation, date: decision.evaluation_date },
    ];
    if !has_next {
        all.push(Due { kind: DueKind::Escalation, date: period.last_day });
        all.push(Due { kind: DueKind::Lapse, date: period.last_day + Duration::days(1) });
        all.push(Due { kind: DueKind::FirstDayBack, date: period.first_day_back });
    }
    all.sort_by_key(|due| due.date);
    all
}

/// What the figures make of a decision, and what the city's own rules make of it beside a higher order.
fn outlooks(decision: &Decision, assessment: Option<&Assessment>) -> (Option<Outlook>, Option<Outlook>) {
    let Some(assessment) = assessment else { return (None, None) };
    if assessment.mode == Mode::NotAssessable {
        return (Some(Outlook::NotAssessable), Some(Outlook::NotAssessable));
    }
    if assessment.verdict == Verdict::Superseded {
        let own = match assessment.own_verdict {
            Verdict::Raise => Outlook::Tighten,
            Verdict::StepDown => Outlook::StepDown,
            Verdict::End => Outlook::End,
            Verdict::NotAssessable => Outlook::NotAssessable,
            Verdict::Hold | Verdict::Extend | Verdict::Superseded => Outlook::Extend,
        };
        return (Some(Outlook::Superseded), Some(own));
    }
    let outlook = match assessment.step.cmp(&decision.step) {
        std::cmp::Ordering::Greater => Outlook::Tighten,
        std::cmp::Ordering::Equal => Outlook::Extend,
        std::cmp::Ordering::Less if assessment.step == Step::NORMAL => Outlook::End,
        std::cmp::Ordering::Less => Outlook::StepDown,
    };
    (Some(outlook), Some(outlook))
}
