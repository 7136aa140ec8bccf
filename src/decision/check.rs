//! Everything that would make a decision wrong, found at once and each at its field.

use chrono::{Duration, NaiveDate};

use super::draft::{Answer, Circumstances, Draft, MOST_DAYS, MOST_EXTENSIONS};
use super::exemption::{Exemption, PositionRule};
use super::journal::{Journal, State};
use super::period::Period;
use super::reason::{Reason, ReasonCode};
use super::record::{Afterwards, Decision, DecisionKind, Office, Recommended};
use super::refusal::Refusal;
use super::typed::{one_line, read_share, said_day};
use crate::assessment::{Ceiling, Mode, Policy, Step, StepDefinition};
use crate::epi::Window;

/// The longest name, place or line of the legal basis.
const LONGEST_LINE: usize = 300;
/// The longest reason.
const LONGEST_REASON: usize = 1_000;
/// The most lines of one kind.
const MOST_LINES: usize = 40;
/// A longer decision is refused anyway.
const MOST_DAYS_WALKED: usize = 400;
/// What is written where no unit is exempt.
const NO_LIST: &str = "none";

/// Collects what is wrong while reading on, so that a person hears all of it at once.
struct Check<'a> {
    answer: &'a Answer,
    case: Circumstances<'a>,
    /// The day of the decision: today, unless it is recorded from paper.
    taken_on: NaiveDate,
    /// Whether it is recorded from paper.
    is_recorded: bool,
    refused: Vec<Refusal>,
}

/// The days of an entry.
struct Days {
    decided_on: NaiveDate,
    effective_from: NaiveDate,
    period: Period,
    evaluation_date: NaiveDate,
}

/// Holds what was filled in against everything that a decision must be.
///
/// # Errors
/// Every [`Refusal`], in the order of the form.
pub fn check(answer: &Answer, case: Circumstances<'_>) -> Result<Draft, Vec<Refusal>> {
    let (taken_on, is_recorded) = (answer.taken_on(), !answer.paper.trim().is_empty());
    let taken_on = taken_on.unwrap_or(case.today);
    let mut check = Check { answer, case, taken_on, is_recorded, refused: Vec::new() };
    let kind = check.kind();
    let changed = check.changed(kind);
    let step = check.step(kind, changed);
    let decided_by = check.line("decided_by", &answer.decided_by, "who");
    let office = check.office();
    let days = check.days(kind, changed);
    let afterwards = check.afterwards(days.as_ref(), changed);
    let reasons = check.reasons(kind, changed);
    let departure = check.departure(kind, step);
    let ceiling = days.as_ref().and_then(|days| case.ceiling.ceiling(days.effective_from));
    check.ceiling(step, ceiling.as_ref());
    let (exemptions, positions) = check.exemptions(kind, (step, changed));
    let legal_basis = check.lines("legal_basis", &answer.legal_basis);
    let continues = check.lines("continues", &answer.continues);
    let place = check.optional("place", &answer.place);
    match (step, office, days) {
        (Some(step), Some(office), Some(days)) if check.refused.is_empty() => Ok(Draft(Decision {
            number: 0,
            location: case.location.to_owned(),
            kind,
            amends: changed.map(|entry| entry.number),
            decided_by,
            office,
            recorded_by: String::new(),
            decided_on: days.decided_on,
            signed_at: String::new(),
            place,
            step: step.step,
            level: step.level.clone(),
            mode: Mode::of(step.step),
            caps: step.caps,
            period: days.period,
            effective_from: days.effective_from,
            evaluation_date: days.evaluation_date,
            reasons,
            departure,
            legal_basis,
            exemption_list: answer.exemption_list.trim().to_owned(),
            exemptions,
            positions,
            continues,
            ceiling,
            recommended: case.recommended.cloned(),
            evidence: String::new(),
            afterwards,
        })),
        _ => Err(check.refused),
    }
}

impl<'a> Check<'a> {
    fn refuse(&mut self, refusal: Refusal) {
        self.refused.push(refusal);
    }

    fn kind(&mut self) -> DecisionKind {
        match self.answer.kind.trim() {
            "" => DecisionKind::Decision,
            text => text.parse().unwrap_or_else(|_| {
                self.refuse(Refusal::new("kind", "kind").text("text", text));
                DecisionKind::Decision
            }),
        }
    }

    /// The entry that this one changes: the last of its chain, and not over.
    fn changed(&mut self, kind: DecisionKind) -> Option<&'a Decision> {
        let text = self.answer.amends.trim();
        if kind == DecisionKind::Decision {
            if !text.is_empty() {
                self.refuse(Refusal::new("amends", "amends-nothing").text("text", text));
            }
            return None;
        }
        let journal: &'a Journal = self.case.journal;
        let Some(entry) = text.parse().ok().and_then(|number| journal.get(number)) else {
            self.refuse(Refusal::new("amends", "amends-unknown").text("text", text));
            return None;
        };
        match journal.state(entry, self.taken_on) {
            State::Upcoming | State::InForce => Some(entry),
            State::Over => {
                let last_day = entry.period.last_day;
                self.refuse(
                    Refusal::new("amends", "amends-over").number("number", entry.number).day("day", last_day),
                );
                None
            }
            state => {
                let by = state.by().unwrap_or(entry.number);
                self.refuse(
                    Refusal::new("amends", "amends-changed").number("number", entry.number).number("by", by),
                );
                None
            }
        }
    }

    fn step(&mut self, kind: DecisionKind, changed: Option<&Decision>) -> Option<&'a StepDefinition> {
        let policy: &'a Policy = self.case.policy;
        let text = self.answer.step.trim();
        if let (DecisionKind::Extension | DecisionKind::End, Some(changed)) = (kind, changed) {
            if !text.is_empty() && text != changed.step.to_string() {
                self.refuse(Refusal::new("step", "step-changed").number("step", changed.step.number()));
            }
            return Some(policy.step(changed.step));
        }
        let step = text.parse::<u8>().ok().and_then(|number| Step::try_from(number).ok());
        let known = step.and_then(|step| policy.steps.iter().find(|known| known.step == step));
        if known.is_none() {
            let code = if text.is_empty() { "step-none" } else { "step-unknown" };
            self.refuse(Refusal::new("step", code).text("text", text));
        }
        known
    }

    fn office(&mut self) -> Option<Office> {
        let office = self.answer.office.trim().parse().ok();
        if office.is_none() {
            self.refuse(Refusal::new("office", "office").text("text", self.answer.office.trim()));
        }
        office
    }

    /// A day as it was typed; a weekday beside it must be its own.
    fn day(&mut self, field: &'static str, text: &str) -> Option<NaiveDate> {
        said_day(field, text).map_err(|refusal| self.refuse(refusal)).ok()
    }

    fn decided_on(&mut self) -> Option<NaiveDate> {
        let today = self.case.today;
        if self.answer.decided_on.trim().is_empty() && !self.is_recorded {
            return Some(today);
        }
        let day = self.day("decided_on", &self.answer.decided_on)?;
        if self.is_recorded && day == today {
            self.refuse(Refusal::new("paper", "afterwards-today").day("today", today));
            return None;
        }
        if day != today && !(self.is_recorded && day < today) {
            let code = if day < today { "backdated" } else { "postdated" };
            self.refuse(Refusal::new("decided_on", code).day("day", day).day("today", today));
            return None;
        }
        Some(day)
    }

    fn days(&mut self, kind: DecisionKind, changed: Option<&Decision>) -> Option<Days> {
        let decided_on = self.decided_on();
        // An extension begins where what it extends ends; an end counts from the day it is signed.
        let effective_from = match (kind, changed) {
            (DecisionKind::Extension, changed) => {
                changed.map(|entry| entry.period.last_day + Duration::days(1))
            }
            (DecisionKind::End, _) => Some(self.taken_on),
            (DecisionKind::Decision | DecisionKind::Amendment, _) => self.day("start", &self.answer.start),
        };
        let last_day = self.day("last_day", &self.answer.last_day);
        let (effective_from, last_day) = (effective_from?, last_day?);
        self.in_order(kind, (effective_from, last_day), changed);
        let start = changed.map_or(effective_from, |entry| entry.period.start.min(effective_from));
        let period = Period::new(start, last_day, self.case.calendar);
        let evaluation_date = match self.answer.evaluation_date.trim() {
            "" => last_day,
            text => self.day("evaluation_date", text)?,
        };
        if !(effective_from..=last_day).contains(&evaluation_date) {
            self.refuse(
                Refusal::new("evaluation_date", "evaluation-outside")
                    .day("day", evaluation_date)
                    .day("first", effective_from)
                    .day("last", last_day),
            );
        }
        Some(Days { decided_on: decided_on?, effective_from, period, evaluation_date })
    }

    fn in_order(&mut self, kind: DecisionKind, days: (NaiveDate, NaiveDate), changed: Option<&Decision>) {
        let (first, last) = days;
        let taken_on = self.taken_on;
        if first < taken_on {
            let code = if self.is_recorded { "afterwards-start" } else { "start-past" };
            self.refuse(Refusal::new("start", code).day("day", first).day("today", taken_on));
        }
        let ended = changed.map(|entry| entry.period.last_day);
        match (kind, ended) {
            (DecisionKind::Extension, Some(ended)) if last <= ended => {
                self.refuse(
                    Refusal::new("last_day", "extension-shorter").day("day", last).day("last", ended),
                );
            }
            (DecisionKind::End, Some(ended)) if last >= ended => {
                self.refuse(Refusal::new("last_day", "end-later").day("day", last).day("last", ended));
            }
            _ if last < first => {
                self.refuse(
                    Refusal::new("last_day", "last-before-first").day("day", last).day("first", first),
                );
            }
            _ if (last - first).num_days() >= MOST_DAYS => {
                self.refuse(Refusal::new("last_day", "too-long").number("days", MOST_DAYS));
            }
            _ => {}
        }
    }

    /// The paper of a decision that is recorded from it: it fills days on which nothing was decided, and changes nothing that was
    /// signed here.
    fn afterwards(&mut self, days: Option<&Days>, changed: Option<&Decision>) -> Option<Afterwards> {
        if !self.is_recorded {
            return None;
        }
        let paper = self.optional("paper", &self.answer.paper);
        if let Some(signed) = changed.filter(|entry| entry.afterwards.is_none()) {
            self.refuse(Refusal::new("amends", "afterwards-changes").number("number", signed.number));
        }
        let journal = self.case.journal;
        let covered = days.and_then(|days| {
            let all = Window { from: days.effective_from, to: days.period.last_day };
            let is_other = |other: &&Decision| Some(other.number) != changed.map(|entry| entry.number);
            all.days()
                .take(MOST_DAYS_WALKED)
                .find_map(|day| Some((day, journal.in_force(day).filter(is_other)?.number)))
        });
        if let Some((day, number)) = covered {
            self.refuse(Refusal::new("start", "afterwards-overlap").day("day", day).number("number", number));
        }
        Some(Afterwards { paper })
    }

    fn reasons(&mut self, kind: DecisionKind, changed: Option<&Decision>) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for (code, text) in &self.answer.reasons {
            let text = one_line(text);
            let Ok(code) = code.trim().parse::<ReasonCode>() else {
                self.refuse(Refusal::new("reasons", "reason-unknown").text("text", code.trim()));
                continue;
            };
            if text.chars().count() > LONGEST_REASON {
                self.refuse(Refusal::new("reasons", "too-much-text").number("most", LONGEST_REASON));
            }
            if code == ReasonCode::Other && text.is_empty() {
                self.refuse(Refusal::new("reasons", "reason-other"));
            }
            if !reasons.iter().any(|known| known.code == code) {
                reasons.push(Reason { code, text });
            }
        }
        if self.answer.reasons.is_empty() {
            self.refuse(Refusal::new("reasons", "reason-none"));
        }
        let extensions = changed.map_or(0, |entry| self.case.journal.extensions(entry));
        let has_words = reasons.iter().any(|reason| !reason.text.is_empty());
        if kind == DecisionKind::Extension && extensions >= MOST_EXTENSIONS && !has_words {
            self.refuse(Refusal::new("reasons", "extensions").number("count", extensions));
        }
        reasons
    }

    /// A step that the rules did not recommend needs words, also where they could not say.
    fn departure(&mut self, kind: DecisionKind, step: Option<&StepDefinition>) -> String {
        let text = one_line(&self.answer.departure);
        if text.chars().count() > LONGEST_REASON {
            self.refuse(Refusal::new("departure", "too-much-text").number("most", LONGEST_REASON));
        }
        let recommended = self.case.recommended;
        let is_departing =
            step.is_some_and(|step| recommended.and_then(Recommended::assessed_step) != Some(step.step));
        // What was argued on paper is in the paper.
        if kind == DecisionKind::End || !is_departing || self.is_recorded {
            return text;
        }
        if text.is_empty() {
            self.refuse(match recommended.and_then(Recommended::assessed_step) {
                Some(said) => Refusal::new("departure", "departure").number("step", said.number()),
                None => Refusal::new("departure", "departure-unknown"),
            });
        }
        text
    }

    /// A city may be stricter than a higher order, not looser. What was done on paper is recorded as it was.
    fn ceiling(&mut self, step: Option<&StepDefinition>, ceiling: Option<&Ceiling>) {
        if let (Some(step), Some(ceiling)) = (step, ceiling)
            && step.caps.non_service > ceiling.pct
            && !self.is_recorded
        {
            self.refuse(
                Refusal::new("step", "ceiling")
                    .number("cap", step.caps.non_service)
                    .number("ceiling", ceiling.pct)
                    .text("source", ceiling.source.clone()),
            );
        }
    }

    /// The exempt units: named, or said to be none. An extension and an end keep those of what they change.
    fn exemptions(
        &mut self,
        kind: DecisionKind,
        (step, changed): (Option<&StepDefinition>, Option<&Decision>),
    ) -> (Vec<Exemption>, Vec<PositionRule>) {
        if let (DecisionKind::Extension | DecisionKind::End, Some(changed)) = (kind, changed) {
            return (changed.exemptions.clone(), changed.positions.clone());
        }
        let id = self.answer.exemption_list.trim();
        let list = self.case.lists.iter().find(|list| list.id == id);
        match list {
            None if id.is_empty() && step.is_some_and(|step| step.step > Step::NORMAL) => {
                self.refuse(Refusal::new("exemption_list", "exemptions-unnamed"));
            }
            None if !id.is_empty() && id != NO_LIST => {
                self.refuse(Refusal::new("exemption_list", "list-unknown").text("text", id));
            }
            _ => {}
        }
        let mut units = list.map(|list| list.units.clone()).unwrap_or_default();
        self.cap_all(&mut units);
        for name in self.named(&self.answer.not_exempt) {
            let before = units.len();
            units.retain(|unit| unit.unit_id != name && !unit.name.eq_ignore_ascii_case(&name));
            if units.len() == before {
                self.refuse(Refusal::new("not_exempt", "unit-not-listed").text("text", name));
            }
        }
        for also in self.named(&self.answer.exempt_also) {
            self.also(&mut units, &also);
        }
        (units, list.map(|list| list.positions.clone()).unwrap_or_default())
    }

    fn named(&self, lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect()
    }

    fn cap_all(&mut self, units: &mut [Exemption]) {
        let text = self.answer.exempt_cap.trim();
        if text.is_empty() {
            return;
        }
        match read_share(text) {
            Some(cap) => units.iter_mut().for_each(|unit| unit.cap_pct = Some(cap)),
            None => self.refuse(Refusal::new("exempt_cap", "cap").text("text", text)),
        }
    }

    /// `dinsos` or `dinsos=25`: a unit of the register that is exempt besides those of the list.
    fn also(&mut self, units: &mut Vec<Exemption>, text: &str) {
        let (id, cap) = text.split_once('=').map_or((text, None), |(id, cap)| (id.trim(), Some(cap)));
        let cap_pct = match cap.map(|cap| (cap, read_share(cap))) {
            Some((cap, None)) => return self.refuse(Refusal::new("exempt_also", "cap").text("text", cap)),
            Some((_, cap)) => cap,
            None => None,
        };
        let Some(name) = self.case.units.get(id) else {
            return self.refuse(Refusal::new("exempt_also", "unit-unknown").text("text", id));
        };
        units.retain(|unit| unit.unit_id != id);
        units.push(Exemption {
            unit_id: id.to_owned(),
            name: name.clone(),
            service: String::new(),
            cap_pct,
            minimum_presence: None,
        });
    }

    /// A line that must be there.
    fn line(&mut self, field: &'static str, text: &str, code: &'static str) -> String {
        let line = self.optional(field, text);
        if line.is_empty() {
            self.refuse(Refusal::new(field, code));
        }
        line
    }

    fn optional(&mut self, field: &'static str, text: &str) -> String {
        let line = one_line(text);
        if line.chars().count() > LONGEST_LINE {
            self.refuse(Refusal::new(field, "too-much-text").number("most", LONGEST_LINE));
        }
        line
    }

    fn lines(&mut self, field: &'static str, lines: &[String]) -> Vec<String> {
        let lines = self.named(lines);
        if lines.len() > MOST_LINES {
            self.refuse(Refusal::new(field, "too-many-lines").number("most", MOST_LINES));
        }
        if lines.iter().any(|line| line.chars().count() > LONGEST_LINE) {
            self.refuse(Refusal::new(field, "too-much-text").number("most", LONGEST_LINE));
        }
        lines
    }
}
