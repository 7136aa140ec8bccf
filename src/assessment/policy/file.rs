//! How what is written becomes a policy; every fault with its line.

use sha2::{Digest, Sha256};
use toml::Spanned;

use super::check;
use super::combination::{Combination, CombinationRow, Settles};
use super::movement::{Counting, Effect, LevelShown, Movement};
use super::rule::{IfMissing, Rule, RuleKind, RuleStep};
use super::written::{
    CarryFile, Counts, IfMissingFile, MovementFile, PolicyFile, RowFile, RuleFile, RuleStepFile, Shown,
    StepFile, When,
};
use super::{Policy, PolicyFault, StepDefinition, UnknownLevel};
use crate::assessment::condition::{ConditionFile, Reach};
use crate::assessment::level::{Caps, Step};
use crate::epi::{Calendar, IndicatorKind};
use crate::indicator::Carry;

/// Faults as they are found, with the text that tells their lines.
struct Faults<'a> {
    text: &'a str,
    found: Vec<PolicyFault>,
}

impl Faults<'_> {
    fn at(&mut self, offset: usize, message: impl Into<String>) {
        self.found.push(PolicyFault { line: line_at(self.text, offset), message: message.into() });
    }

    fn all(&mut self, offset: usize, messages: Vec<String>) {
        for message in messages {
            self.at(offset, message);
        }
    }
}

/// Reads and checks a policy file.
pub(super) fn read(text: &str) -> Result<Policy, Vec<PolicyFault>> {
    let file: PolicyFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        vec![PolicyFault { line, message: check::told(error.message()) }]
    })?;
    let mut faults = Faults { text, found: Vec::new() };
    for name in [&file.id, &file.version] {
        if name.get_ref().trim().is_empty() {
            faults.at(name.span().start, "id and version may not be empty");
        }
    }
    let steps = steps(file.step, &mut faults);
    check_unknown(file.unknown.as_ref(), &steps, &mut faults);
    let at = file.movement.span().start;
    let movement = movement(file.movement.into_inner()).map_err(|messages| faults.all(at, messages)).ok();
    let rules = rules(file.rule, (&steps, file.unknown.is_some()), &mut faults);
    let combination = match file.combination {
        None => Combination::Highest,
        Some(table) => {
            let words = Words { steps: &steps, unknown: file.unknown.as_ref(), rules: &rules };
            rows(table.into_inner().row, &words, &mut faults)
        }
    };
    match movement {
        Some(movement) if faults.found.is_empty() => Ok(Policy {
            id: file.id.into_inner(),
            version: file.version.into_inner(),
            title: file.title,
            valid_from: file.valid_from,
            steps,
            unknown: file.unknown,
            movement,
            rules,
            combination,
            fingerprint: fingerprint(text),
            text: text.to_owned(),
        }),
        _ => Err(faults.found),
    }
}

fn steps(files: Vec<Spanned<StepFile>>, faults: &mut Faults<'_>) -> Vec<StepDefinition> {
    let mut steps: Vec<StepDefinition> = Vec::new();
    if files.is_empty() {
        faults.at(0, "a policy needs [[step]] tables: its ladder, step 0 first");
    }
    for file in files {
        let at = file.span().start;
        let file = file.into_inner();
        let caps = file.caps.unwrap_or_else(|| Caps::of(file.step));
        let step = StepDefinition { step: file.step, level: file.level, name: file.name, caps };
        faults.all(at, check::step(steps.last(), &step));
        if steps.iter().any(|other| other.level == step.level) {
            faults.at(at, format!("the level '{}' is written twice", step.level));
        }
        steps.push(step);
    }
    steps
}

fn check_unknown(unknown: Option<&UnknownLevel>, steps: &[StepDefinition], faults: &mut Faults<'_>) {
    let Some(unknown) = unknown else { return };
    let offset = faults.text.find("[unknown]").unwrap_or(0);
    if !check::is_word(&unknown.level) || steps.iter().any(|step| step.level == unknown.level) {
        faults.at(
            offset,
            format!("unknown.level = '{}' must be a lower-case word of its own, no step's", unknown.level),
        );
    }
}

fn movement(file: MovementFile) -> Result<Movement, Vec<String>> {
    let mut messages = check::memory(
        file.memory,
        &[
            ("enter_days", file.enter_days.is_some() || file.enter_counts.is_some()),
            ("one_step_up", file.one_step_up.is_some()),
            ("raise_takes_effect", file.raise_takes_effect.is_some()),
            ("minimum_stay_days", file.minimum_stay_days.is_some()),
            ("leave_days", file.leave_days.is_some() || file.leave_valid_days.is_some()),
            ("leave_counts", file.leave_counts.is_some()),
            ("one_step_down", file.one_step_down.is_some()),
            ("lower_takes_effect", file.lower_takes_effect.is_some()),
            ("leave_growth_below", file.leave_growth_below.is_some()),
        ],
    );
    let leave_growth = match (file.leave_growth_from_step, file.leave_growth_below) {
        (Some(step), Some(below)) => Some((step, below)),
        (None, None) => None,
        _ => {
            messages.push("leave_growth_from_step and leave_growth_below go together".to_owned());
            None
        }
    };
    let counting = |counts: Option<Counts>| match counts {
        None | Some(Counts::Calendar) => Counting::Calendar,
        Some(Counts::Working) => Counting::Working,
        Some(Counts::MondayToSaturday) => Counting::MondayToSaturday,
        Some(Counts::Evaluations) => Counting::Evaluations,
    };
    let effect = |when: Option<When>| match when {
        None | Some(When::NextWorkingDay) => Effect::NextWorkingDay,
        Some(When::SameDay) => Effect::AfterDays(0),
        Some(When::NextDay) => Effect::AfterDays(1),
        Some(When::DayAfterNext) => Effect::AfterDays(2),
        Some(When::Days { days }) => Effect::AfterDays(days),
    };
    let leave_days = file.leave_days.unwrap_or(1);
    let movement = Movement {
        has_memory: file.memory,
        primary: file.primary,
        primary_max_age_days: file.primary_max_age_days,
        evaluate_on: file.evaluate_on,
        enter_days: file.enter_days.unwrap_or(1),
        enter_counts: counting(file.enter_counts),
        is_one_step_up: file.one_step_up.unwrap_or(false),
        raise_effect: effect(file.raise_takes_effect),
        minimum_stay_days: file.minimum_stay_days.unwrap_or(1),
        leave_days,
        leave_valid_days: file.leave_valid_days.unwrap_or(leave_days),
        leave_counts: counting(file.leave_counts),
        is_one_step_down: file.one_step_down.unwrap_or(true),
        lower_effect: effect(file.lower_takes_effect),
        leave_growth,
        shown: match file.level_shown {
            Shown::Recommended => LevelShown::Recommended,
            Shown::InForce => LevelShown::InForce,
        },
        holidays: file.holidays.map(Calendar::new),
    };
    messages.extend(check::movement(&movement));
    if messages.is_empty() { Ok(movement) } else { Err(messages) }
}

type Ladder<'a> = (&'a [StepDefinition], bool);

fn rules(files: Vec<Spanned<RuleFile>>, ladder: Ladder<'_>, faults: &mut Faults<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    if files.is_empty() || files.len() > check::MOST_RULES {
        faults.at(0, format!("a policy has 1 to {} rules, this one {}", check::MOST_RULES, files.len()));
    }
    for file in files {
        let at = file.span().start;
        let file = file.into_inner();
        if ids.contains(&file.id) {
            faults.at(at, format!("rule {} is written twice", file.id));
        }
        let earlier: Vec<&str> = ids.iter().map(String::as_str).collect();
        let id = file.id.clone();
        let read = rule(file, at, (&earlier, ladder));
        ids.push(id);
        match read {
            Ok(rule) => {
                faults.all(at, check::rule(&rule, ladder));
                rules.push(rule);
            }
            Err((at, message)) => faults.at(at, message),
        }
    }
    rules
}

type Located = (usize, String);

fn rule(file: RuleFile, at: usize, (earlier, ladder): (&[&str], Ladder<'_>)) -> Result<Rule, Located> {
    let id = file.id.clone();
    let here = |message: String| (at, format!("rule {id}: {message}"));
    let kind = match (file.order, file.dated, file.above, file.enter, file.leave) {
        (true, None, None, None, None) if file.step.is_empty() => RuleKind::Order,
        (false, Some(step), None, None, None) if file.step.is_empty() => RuleKind::Dated(step),
        (false, None, Some(above), Some(enter), leave) if file.step.is_empty() => {
            check::above(&above.rule, (above.at_least, above.at_most), earlier).map_err(here)?;
            let enter = enter.check().map_err(here)?;
            let leave = leave.map_or_else(|| Ok(enter.negated()), ConditionFile::check).map_err(here)?;
            let (at_least, at_most) = (above.at_least, above.at_most);
            RuleKind::Above { rule: above.rule, at_least, at_most, enter, leave }
        }
        (false, None, None, None, None) if !file.step.is_empty() => {
            RuleKind::Steps(rule_steps((&id, file.indicator), file.step, ladder)?)
        }
        _ => {
            let message =
                "needs exactly one of: [[rule.step]] tables, above with enter, dated = STEP, order = true";
            return Err(here(message.to_owned()));
        }
    };
    let carry = match file.carry {
        CarryFile::AtTheEnd => Carry::AtTheEnd,
        CarryFile::OverGaps => Carry::OverGaps,
    };
    Ok(Rule {
        id: file.id,
        title: file.title,
        source: file.source,
        is_unverified: file.unverified,
        note: file.note,
        indicator: file.indicator,
        reach: Reach { max_age_days: file.max_age_days, lag_days: file.lag_days, carry },
        if_missing: match file.if_missing {
            IfMissingFile::Hold => IfMissing::Hold,
            IfMissingFile::NoVote => IfMissing::NoVote,
            IfMissingFile::NotAssessable => IfMissing::NotAssessable,
            IfMissingFile::Unknown => IfMissing::Unknown,
        },
        valid_from: file.valid_from,
        valid_to: file.valid_to,
        quiet: file.quiet,
        kind,
    })
}

fn rule_steps(
    (id, main): (&str, Option<IndicatorKind>),
    files: Vec<Spanned<RuleStepFile>>,
    (ladder, _): Ladder<'_>,
) -> Result<Vec<RuleStep>, Located> {
    let mut steps: Vec<RuleStep> = Vec::new();
    for file in files {
        let at = file.span().start;
        let file = file.into_inner();
        let here = |message: String| (at, format!("rule {id}, step {}: {message}", file.step));
        let enter = file.enter.check().map_err(here)?;
        let is_own = file.leave.is_some();
        let leave = file.leave.map_or_else(|| Ok(enter.negated()), ConditionFile::check).map_err(here)?;
        let step = RuleStep { step: file.step, word: file.word, enter, leave };
        check::rule_step((main, is_own), steps.last(), &step).map_err(here)?;
        if !ladder.iter().any(|own| own.step == step.step) {
            return Err(here("the ladder has no such step".to_owned()));
        }
        steps.push(step);
    }
    Ok(steps)
}

/// What the rows of a combination may name.
struct Words<'a> {
    steps: &'a [StepDefinition],
    unknown: Option<&'a UnknownLevel>,
    rules: &'a [Rule],
}

impl Words<'_> {
    fn rule(&self, id: &str) -> Result<usize, String> {
        let known = || self.rules.iter().map(|rule| rule.id.as_str());
        known().position(|own| own == id).ok_or_else(|| check::unknown_name("rule", id, known()))
    }

    /// What a rule may say.
    fn of_rule(&self, rule: usize) -> Vec<&str> {
        let own = &self.rules[rule];
        let level = |step: Step| {
            self.steps.iter().rev().find(|known| known.step <= step).map_or("", |known| known.level.as_str())
        };
        let quiet = own.quiet.as_deref().unwrap_or_else(|| level(Step::NORMAL));
        let missing = match (own.if_missing, self.unknown) {
            (IfMissing::Unknown, Some(unknown)) => unknown.level.as_str(),
            _ => "not_assessed",
        };
        let mut words = vec![quiet, missing];
        match &own.kind {
            RuleKind::Steps(steps) => {
                words.extend(steps.iter().map(|s| s.word.as_deref().unwrap_or_else(|| level(s.step))));
            }
            RuleKind::Dated(step) => words.push(level(*step)),
            RuleKind::Above { .. } | RuleKind::Order => {
                words.extend(self.steps.iter().map(|step| step.level.as_str()));
            }
        }
        words
    }

    fn row(&self, row: RowFile) -> Result<CombinationRow, String> {
        let mut when = Vec::new();
        for (id, words) in row.when {
            let rule = self.rule(&id)?;
            let may_say = self.of_rule(rule);
            if let Some(word) = words.iter().find(|word| !may_say.contains(&word.as_str())) {
                return Err(check::unknown_name(&format!("word of rule {id}"), word, may_say.into_iter()));
            }
            when.push((rule, words));
        }
        let then = match (row.level, row.highest_of) {
            (Some(level), None) if self.unknown.is_some_and(|own| own.level == level) => Settles::Unknown,
            (Some(level), None) => {
                let known = || self.steps.iter().map(|step| step.level.as_str());
                let step = self.steps.iter().find(|step| step.level == level);
                Settles::Step(step.ok_or_else(|| check::unknown_name("level", &level, known()))?.step)
            }
            (None, Some(rules)) if !rules.is_empty() => {
                Settles::HighestOf(rules.iter().map(|id| self.rule(id)).collect::<Result<_, _>>()?)
            }
            _ => return Err("a row settles either a level or highest_of some rules".to_owned()),
        };
        Ok(CombinationRow { when, then })
    }
}

fn rows(files: Vec<Spanned<RowFile>>, words: &Words<'_>, faults: &mut Faults<'_>) -> Combination {
    let mut rows = Vec::new();
    let last_at = files.last().map_or(0, |row| row.span().start);
    for file in files {
        let at = file.span().start;
        match words.row(file.into_inner()) {
            Ok(row) => rows.push(row),
            Err(message) => faults.at(at, message),
        }
    }
    if !rows.last().is_some_and(|row: &CombinationRow| row.when.is_empty()) {
        faults.at(last_at, "the last row of the combination must fit always: it may have no when");
    }
    Combination::Table(rows)
}

/// The same for files that say the same: keys in order, no comments.
fn fingerprint(text: &str) -> String {
    let said = toml::from_str::<serde_json::Value>(text).map(|said| ordered(&said)).unwrap_or_default();
    let hash = Sha256::digest(said.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON with its keys in the order of the alphabet.
fn ordered(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(fields) => {
            let mut fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("{key:?}:{}", ordered(value))).collect();
            fields.sort();
            format!("{{{}}}", fields.join(","))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(ordered).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
}
