//! One evaluation of all alert rules. Pure: how things stand and what was remembered go in; what to tell, what to remember
//! and a receipt for each rule come out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::event::{About, Alert, AlertEvent};
use super::memory::{Memory, NoData, RuleMemory, Standing};
use super::reading::{Condition, Reading, Readings, Rest};
use super::receipt::{Outcome, Receipt};
use super::rule::{AlertRule, AlertRules, Watch};
use super::silence::Silence;
use super::state::{advance, patience};
use crate::assessment::Step;

/// When it is, for the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// In milliseconds after 1970.
    pub at: i64,
    /// The city's day.
    pub date: NaiveDate,
    /// Its day of the week.
    pub weekday: Weekday,
    /// The city's time of day.
    pub time: NaiveTime,
}

/// An episode: rule, subject, and when it fired.
pub type Episode = (String, String, i64);

/// What people did about alerts.
#[derive(Debug, Clone, Default)]
pub struct Answered<'a> {
    /// Silences that hold now.
    pub silences: &'a [Silence],
    /// Episodes that somebody acknowledged.
    pub acknowledged: BTreeSet<Episode>,
}

/// Why nobody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A larger alert is on: the rule that mutes.
    Muted(String),
    /// Somebody silenced it: the number of the silence.
    Silenced(i64),
    /// It is known to be a false alarm: why.
    KnownFalse(String),
    /// It is over, and nobody was told that it began.
    NeverTold,
}

/// Something that became of a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// What to tell.
    pub alert: Alert,
    /// Whether it happened now; not where an alert that was muted or silenced is told at last.
    pub is_new: bool,
    /// Why nobody is told, if so.
    pub kept: Option<Kept>,
}

/// What an evaluation gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What to remember.
    pub memory: Memory,
    /// What happened, rule by rule.
    pub happenings: Vec<Happening>,
    /// One for each rule.
    pub receipts: Vec<Receipt>,
    /// Why nobody is told of what fires, by rule and subject.
    pub kept: BTreeMap<(String, String), Kept>,
}

/// Holds every rule against what it watches.
#[must_use]
pub fn evaluate(
    rules: &AlertRules,
    before: &Memory,
    readings: &dyn Fn(&AlertRule) -> Readings,
    answered: &Answered<'_>,
    now: Moment,
) -> Evaluation {
    let mut memory = before.clone();
    let mut happened = BTreeMap::new();
    for rule in rules.rules.iter().filter(|rule| rule.is_judged(now.weekday, now.time)) {
        let state = memory.rules.entry(rule.id.clone()).or_default();
        happened.insert(rule.id.as_str(), judge(rule, state, readings(rule), now.at));
    }
    // Who mutes whom is seen once all rules stand.
    let standing = memory.clone();
    let case = Case { rules, standing: &standing, answered, now };
    let (mut happenings, mut receipts, mut kept) = (Vec::new(), Vec::new(), BTreeMap::new());
    for rule in &rules.rules {
        let is_judged = happened.contains_key(rule.id.as_str());
        let state = memory.rules.entry(rule.id.clone()).or_default();
        let events = happened.remove(rule.id.as_str()).unwrap_or_default();
        let mut own: Vec<Happening> = events.into_iter().map(|event| case.happening(rule, event)).collect();
        case.mark_told(state, &own);
        own.extend(case.told_late(rule, state));
        own.extend(case.escalated(rule, state));
        receipts.push(receipt(rule, state, &own, is_judged));
        let untold = state.standing.iter().filter(|(_, one)| one.fired_at.is_some() && !one.is_told);
        let reasons = untold.filter_map(|(subject, _)| Some((subject, case.kept(rule, subject)?)));
        kept.extend(reasons.map(|(subject, why)| ((rule.id.clone(), subject.clone()), why)));
        happenings.extend(own);
    }
    memory.rules.retain(|_, rule| *rule != RuleMemory::default());
    Evaluation { memory, happenings, receipts, kept }
}

/// Something that became of a subject, and whether people had been told of it before.
struct Event {
    alert: Alert,
    was_told: bool,
}

/// What became of a rule's subjects.
fn judge(rule: &AlertRule, state: &mut RuleMemory, readings: Readings, at: i64) -> Vec<Event> {
    let mut listed: BTreeMap<String, Reading> =
        readings.listed.into_iter().map(|reading| (reading.about.rule.clone(), reading)).collect();
    if readings.rest == Rest::Off {
        for (subject, standing) in &state.standing {
            let over = || Reading { condition: Condition::Off, about: standing.about.clone() };
            listed.entry(subject.clone()).or_insert_with(over);
        }
    }
    let mut events = Vec::new();
    for (subject, reading) in listed {
        if let Condition::Happened(key) = &reading.condition {
            events.extend(happened(rule, state, (&subject, key), &reading.about, at));
            continue;
        }
        let is_unknown = reading.condition == Condition::Unknown;
        if !is_unknown && rule.no_data_after.is_some() {
            state.known.insert(subject.clone());
        }
        let lacking = state.no_data.remove(&subject);
        let since = lacking.as_ref().map_or(at, |lacking| lacking.since);
        let (no_data, event) = patience(rule, lacking, is_unknown && state.known.contains(&subject), at);
        state.no_data.extend(no_data.map(|no_data| (subject.clone(), no_data)));
        events.extend(
            event.map(|event| Event { alert: told(rule, &reading.about, event, since), was_told: true }),
        );
        let before = state.standing.remove(&subject);
        let was = before.clone();
        let (next, event) = advance(rule, before, &reading, at);
        if let Some(event) = event {
            let of = next.as_ref().or(was.as_ref());
            let (began, was_told) = of.map_or((at, false), |of| (of.fired_at.unwrap_or(at), of.is_told));
            let mut about = of.filter(|_| event.is_end()).map_or(&reading.about, |of| &of.about).clone();
            if event == AlertEvent::Raised {
                let step = was.as_ref().and_then(|was| Step::try_from(was.grade).ok());
                about.step_before = step.unwrap_or_default();
            }
            events.push(Event { alert: told(rule, &about, event, began), was_told });
        }
        state.standing.extend(next.map(|next| (subject, next)));
    }
    events
}

/// What happened, unless it was told under the same key. That the rules recommend nothing is no news at the very start.
fn happened(
    rule: &AlertRule,
    state: &mut RuleMemory,
    (subject, key): (&str, &str),
    about: &About,
    at: i64,
) -> Option<Event> {
    let before = state.happened.insert(subject.to_owned(), key.to_owned());
    let is_start = before.is_none() && rule.watch == Watch::Recommendation && about.step == Step::NORMAL;
    if is_start || before.as_deref() == Some(key) {
        return None;
    }
    let about = if rule.watch == Watch::Recommendation {
        about.clone().after_step(before.as_ref())
    } else {
        about.clone()
    };
    Some(Event { alert: told(rule, &about, AlertEvent::Fired, at), was_told: false })
}

fn told(rule: &AlertRule, about: &About, event: AlertEvent, began_at: i64) -> Alert {
    Alert { about: about.clone(), alert_rule: rule.id.clone(), event, severity: rule.severity, began_at }
}

/// Everything that decides whether people are told.
struct Case<'a> {
    rules: &'a AlertRules,
    standing: &'a Memory,
    answered: &'a Answered<'a>,
    now: Moment,
}

impl Case<'_> {
    fn happening(&self, rule: &AlertRule, event: Event) -> Happening {
        let kept = match event.alert.event {
            AlertEvent::Resolved => (!event.was_told).then_some(Kept::NeverTold),
            AlertEvent::DataBack => None,
            _ => self.kept(rule, &event.alert.about.rule),
        };
        Happening { alert: event.alert, is_new: true, kept }
    }

    /// Why nobody is told of a subject now.
    fn kept(&self, rule: &AlertRule, subject: &str) -> Option<Kept> {
        let known = self.rules.known.iter().find(|known| known.covers(&rule.id, subject, self.now.date));
        if let Some(known) = known {
            return Some(Kept::KnownFalse(known.reason.clone()));
        }
        let silence = self.answered.silences.iter().find(|silence| silence.covers(&rule.id, subject));
        if let Some(silence) = silence {
            return Some(Kept::Silenced(silence.number));
        }
        let is_firing = |other: &&AlertRule| {
            let standing = self.standing.rules.get(&other.id);
            standing.is_some_and(|state| state.standing.values().any(|one| one.fired_at.is_some()))
        };
        let mutes = |other: &&AlertRule| other.mutes.contains(&rule.id);
        self.rules.rules.iter().filter(mutes).find(is_firing).map(|other| Kept::Muted(other.id.clone()))
    }

    fn mark_told(&self, state: &mut RuleMemory, own: &[Happening]) {
        for happening in own.iter().filter(|happening| happening.kept.is_none()) {
            if let Some(standing) = state.standing.get_mut(&happening.alert.about.rule) {
                standing.is_told = true;
            }
        }
    }

    /// What fires, was kept back and is so no longer.
    fn told_late(&self, rule: &AlertRule, state: &mut RuleMemory) -> Vec<Happening> {
        let mut late = Vec::new();
        for (subject, standing) in &mut state.standing {
            let Some(fired_at) = standing.fired_at.filter(|at| !standing.is_told && *at < self.now.at) else {
                continue;
            };
            if self.kept(rule, subject).is_none() {
                standing.is_told = true;
                let alert = told(rule, &standing.about, AlertEvent::Fired, fired_at);
                late.push(Happening { alert, is_new: false, kept: None });
            }
        }
        late
    }

    /// What fires, was told long ago, and nobody acknowledged.
    fn escalated(&self, rule: &AlertRule, state: &mut RuleMemory) -> Vec<Happening> {
        let Some((after, _)) = &rule.escalate else { return Vec::new() };
        let mut escalated = Vec::new();
        for (subject, standing) in &mut state.standing {
            let is_open = standing.is_told && !standing.is_escalated;
            let Some(fired_at) = standing.fired_at.filter(|_| is_open) else { continue };
            let episode = (rule.id.clone(), subject.clone(), fired_at);
            let is_late = self.now.at - fired_at >= after.num_milliseconds();
            if !is_late || self.answered.acknowledged.contains(&episode) || self.kept(rule, subject).is_some()
            {
                continue;
            }
            standing.is_escalated = true;
            let alert = told(rule, &standing.about, AlertEvent::Escalated, fired_at);
            escalated.push(Happening { alert, is_new: true, kept: None });
        }
        escalated
    }
}

/// What the evaluation made of a rule: the most notable of what became of its subjects, and how many of each.
fn receipt(rule: &AlertRule, state: &RuleMemory, own: &[Happening], is_judged: bool) -> Receipt {
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for happening in own {
        *counts.entry(Outcome::of(happening)).or_default() += 1;
    }
    let is_told_now = |subject: &str| own.iter().any(|happening| happening.alert.about.rule == subject);
    for (_, standing) in state.standing.iter().filter(|(subject, _)| !is_told_now(subject)) {
        let outcome = match standing {
            Standing { fired_at: None, .. } => Outcome::Pending,
            Standing { is_told: true, .. } => Outcome::Firing,
            _ => Outcome::KeptBack,
        };
        *counts.entry(outcome).or_default() += 1;
    }
    let is_lasting = |(subject, no_data): &(&String, &NoData)| no_data.is_told && !is_told_now(subject);
    let lacking = state.no_data.iter().filter(is_lasting).count();
    if lacking > 0 {
        counts.insert(Outcome::StillNoData, lacking);
    }
    let nothing = if is_judged { Outcome::Quiet } else { Outcome::NotJudged };
    let outcome = counts.keys().next().copied().unwrap_or(nothing);
    Receipt { rule: rule.id.clone(), outcome, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "version = \"1\"\n\
        [[rule]]\nid = \"large\"\ntitle = { id = \"a\", en = \"a\" }\nwatch = \"policy_rules\"\nseverity = \"critical\"\n\
        offices = [\"mayor\"]\nmutes = [\"small\"]\nescalate_after = \"2m\"\nescalate_to = [\"secretary\"]\n\
        [[rule]]\nid = \"small\"\ntitle = { id = \"b\", en = \"b\" }\nwatch = \"sources\"\nseverity = \"info\"\n\
        offices = [\"mayor\"]\n\
        [[known]]\nrule = \"small\"\nsubject = \"k\"\nfrom = \"2021-06-28\"\nuntil = \"2021-06-28\"\nreason = \"uji\"\n";

    /// An evaluation a minute; what each says of subjects on or off, and what is told: `event subject kept`.
    struct Story {
        rules: AlertRules,
        memory: Memory,
        minute: i64,
        silences: Vec<Silence>,
        acknowledged: BTreeSet<Episode>,
    }

    impl Story {
        fn new() -> Self {
            Self {
                rules: AlertRules::read(RULES).unwrap(),
                memory: Memory::default(),
                minute: 0,
                silences: Vec::new(),
                acknowledged: BTreeSet::new(),
            }
        }

        fn minute(&mut self, large: &[&str], small: &[&str]) -> Vec<String> {
            let on = |subjects: &[&str]| {
                let reading = |subject: &&str| Reading {
                    condition: Condition::On(1),
                    about: About { rule: (*subject).to_owned(), ..About::default() },
                };
                Readings::only(subjects.iter().map(reading).collect())
            };
            let readings = |rule: &AlertRule| if rule.id == "large" { on(large) } else { on(small) };
            let now = Moment {
                at: self.minute * 60_000,
                date: "2021-06-28".parse().unwrap(),
                weekday: Weekday::Mon,
                time: NaiveTime::MIN,
            };
            self.minute += 1;
            let answered = Answered { silences: &self.silences, acknowledged: self.acknowledged.clone() };
            let evaluation = evaluate(&self.rules, &self.memory, &readings, &answered, now);
            assert_eq!(evaluation.receipts.len(), 2, "a receipt for each rule");
            self.memory = evaluation.memory;
            let told = |happening: &Happening| {
                let alert = &happening.alert;
                let kept = match &happening.kept {
                    None => "",
                    Some(Kept::Muted(_)) => " muted",
                    Some(Kept::Silenced(_)) => " silenced",
                    Some(Kept::KnownFalse(_)) => " known",
                    Some(Kept::NeverTold) => " never told",
                };
                format!("{} {}{kept}", alert.event.as_str(), alert.about.rule)
            };
            evaluation.happenings.iter().map(told).collect()
        }
    }

    #[test]
    fn a_larger_alert_mutes_a_smaller_until_it_is_over() {
        let mut story = Story::new();
        assert_eq!(story.minute(&["R2"], &["s"]), ["fired R2", "fired s muted"]);
        assert_eq!(story.minute(&["R2"], &["s"]), [""; 0]);
        assert_eq!(story.minute(&[], &["s"]), ["resolved R2", "fired s"], "what still holds is told then");
        assert_eq!(story.minute(&[], &["s"]), [""; 0]);
        assert_eq!(story.minute(&["R2"], &[]), ["fired R2", "resolved s"]);
        assert_eq!(story.minute(&["R2"], &["s"]), ["fired s muted"]);
        let mut over = story.minute(&["R2"], &[]);
        over.retain(|told| !told.starts_with("escalated"));
        assert_eq!(over, ["resolved s never told"]);
    }

    #[test]
    fn a_silence_keeps_back_until_its_end_and_a_known_false_alarm_always() {
        let mut story = Story::new();
        story.silences.push(Silence::of_rule(1, "small", "*"));
        assert_eq!(story.minute(&[], &["k", "s"]), ["fired k known", "fired s silenced"]);
        assert_eq!(story.minute(&[], &["k", "s"]), [""; 0]);
        story.silences.clear();
        assert_eq!(story.minute(&[], &["k", "s"]), ["fired s"]);
        assert_eq!(story.minute(&[], &["k"]), ["resolved s"]);
    }

    #[test]
    fn what_never_came_is_not_missing_and_what_came_once_is() {
        let rules = AlertRules::read(
            "version = \"1\"\n[[rule]]\nid = \"a\"\ntitle = { id = \"a\", en = \"a\" }\nwatch = \"policy_rules\"\n\
             severity = \"info\"\noffices = [\"mayor\"]\nno_data_after = \"1m\"\n",
        )
        .unwrap();
        let (mut memory, mut told) = (Memory::default(), Vec::new());
        let minutes =
            [Condition::Unknown, Condition::Unknown, Condition::Off, Condition::Unknown, Condition::Unknown];
        for (minute, condition) in (0..).zip(minutes.into_iter().chain([Condition::Off])) {
            let about = About { rule: "R5".to_owned(), ..About::default() };
            let readings = |_: &AlertRule| {
                Readings::only(vec![Reading { condition: condition.clone(), about: about.clone() }])
            };
            let now = Moment {
                at: minute * 60_000,
                date: "2021-06-28".parse().unwrap(),
                weekday: Weekday::Mon,
                time: NaiveTime::MIN,
            };
            let evaluation = evaluate(&rules, &memory, &readings, &Answered::default(), now);
            memory = evaluation.memory;
            told.extend(evaluation.happenings.iter().map(|one| (minute, one.alert.event)));
        }
        assert_eq!(told, [(4, AlertEvent::NoData), (5, AlertEvent::DataBack)]);
    }

    #[test]
    fn what_nobody_acknowledges_goes_further_once() {
        let mut story = Story::new();
        assert_eq!(story.minute(&["R2"], &[]), ["fired R2"]);
        assert_eq!(story.minute(&["R2"], &[]), [""; 0]);
        assert_eq!(story.minute(&["R2"], &[]), ["escalated R2"]);
        assert_eq!(story.minute(&["R2"], &[]), [""; 0]);
        assert_eq!(story.minute(&[], &[]), ["resolved R2"]);
        story.minute(&["R2"], &[]);
        story.acknowledged.insert(("large".to_owned(), "R2".to_owned(), 5 * 60_000));
        for _ in 0..4 {
            assert_eq!(story.minute(&["R2"], &[]), [""; 0], "acknowledged");
        }
    }
}
