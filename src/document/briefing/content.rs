//! What a briefing says: how bad, what is advised and why, what would change it, what was decided, who stays, what is missing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decided::{BriefingClock, BriefingDecision, decided};
use crate::assessment::{Assessment, Mode, Policy, RuleReport, Step, Verdict};
use crate::decision::{ClockState, Decision};
use crate::document::dossier::Programme;
use crate::epi::IndicatorKind;
use crate::text::{Phrases, change_line, date_long, explain, indicator_value, rule_line, sensitivity_lines};

/// The most lines of what would change the level.
const MOST_CHANGES: usize = 6;
/// Words that stand on the page and are no data, by their keys in `document.ftl`.
const LABELS: [&str; 17] = [
    "title",
    "advised",
    "curve",
    "rules",
    "rule",
    "value",
    "threshold",
    "says",
    "changes",
    "outside",
    "decision",
    "exempt",
    "duty",
    "programmes",
    "sources",
    "scale",
    "deciding",
];

/// What a briefing is made from. Everything is what its reader may see.
#[derive(Debug, Clone)]
pub struct BriefingInput<'a> {
    /// The recommendation.
    pub assessment: &'a Assessment,
    /// The policy it was made by.
    pub policy: &'a Policy,
    /// In whose words.
    pub phrases: Phrases,
    /// The city.
    pub city: &'a str,
    /// As known when, in words.
    pub as_of: String,
    /// The case curve.
    pub curve: Option<BriefingCurve>,
    /// The decision in force, or the one that is signed for the days to come.
    pub decision: Option<&'a Decision>,
    /// Its clock, once it runs.
    pub clock: Option<&'a ClockState<'a>>,
    /// Names of units by id.
    pub unit_names: &'a BTreeMap<String, String>,
    /// Holes of the duty roster, a line each; `None` where no roster is kept.
    pub duty_gaps: Option<Vec<String>>,
    /// Priority programmes.
    pub programmes: &'a [Programme],
    /// Who reported what, a line each.
    pub sources: Vec<String>,
    /// The id by which the figures are found again.
    pub id: String,
}

/// The case curve as it is drawn for paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingCurve {
    /// Its finding.
    pub title: String,
    /// The drawing.
    #[serde(skip)]
    pub svg: String,
    /// What it shows, for those who cannot see it.
    pub text_alternative: String,
}

/// The level: word, shape and share, so that colour may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingLevel {
    /// "WFH 100%".
    pub word: String,
    /// "■", "◆", "●" or "?".
    pub mark: String,
    /// The step; `None` where it cannot be assessed.
    pub step: Option<u8>,
    /// Every level of the policy, lowest first, and whether it is this one.
    pub scale: Vec<(String, bool)>,
}

/// One rule of the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingRule {
    /// Its id.
    pub id: String,
    /// What it watches.
    pub title: String,
    /// Its value.
    pub value: String,
    /// Its threshold.
    pub threshold: String,
    /// `fires`, `quiet` or `not_assessed`.
    pub status: String,
    /// The level it calls for, or why it says nothing.
    pub says: String,
    /// Whether it decides.
    pub is_deciding: bool,
}

/// A priority programme on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Priority {
    /// Its name.
    pub name: String,
    /// Who sees to it, and how it stands.
    pub note: String,
}

/// A list, or the sentence that stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingList {
    /// What is said before it; the whole where the list is empty.
    pub lead: String,
    /// Its items.
    pub items: Vec<String>,
}

/// A briefing as data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Briefing {
    /// The language's tag.
    pub language: &'static str,
    /// Words of the page that are no data.
    pub labels: BTreeMap<&'static str, String>,
    /// The city.
    pub city: String,
    /// The day, in words.
    pub day: String,
    /// The day.
    pub date: chrono::NaiveDate,
    /// As known when.
    pub as_of: String,
    /// The recommended level.
    pub level: BriefingLevel,
    /// How bad, which way.
    pub headline: String,
    /// What is advised, from when.
    pub recommendation: String,
    /// Which rule decides, which agree, what binds from above.
    pub reasons: Vec<String>,
    /// The case curve.
    pub curve: Option<BriefingCurve>,
    /// Every rule.
    pub rules: Vec<BriefingRule>,
    /// What would change it, and how firmly it stands.
    pub changes: Vec<String>,
    /// The official zone and the ceiling of a higher order, and where they differ from the city's own rules.
    pub outside: Vec<String>,
    /// What was decided.
    pub decision: BriefingDecision,
    /// Its clock.
    pub clock: Option<BriefingClock>,
    /// Units and posts at the office.
    pub exempt: BriefingList,
    /// Holes of the duty roster.
    pub duty: BriefingList,
    /// Priority programmes.
    pub programmes: Vec<Priority>,
    /// Who reported what.
    pub sources: Vec<String>,
    /// The id.
    pub id: String,
}

impl Briefing {
    /// Makes a briefing.
    #[must_use]
    pub fn new(input: &BriefingInput<'_>) -> Self {
        let (assessment, phrases) = (input.assessment, input.phrases);
        let words = explain(assessment, input.policy, phrases);
        let label = |name: &'static str| (name, phrases.say(&format!("brief-{name}")));
        let decision = decided(input);
        Self {
            language: phrases.locale.tag(),
            labels: LABELS.into_iter().map(label).collect(),
            city: input.city.to_owned(),
            day: date_long(assessment.date, phrases.locale),
            date: assessment.date,
            as_of: phrases.say_with("brief-as-of", &[("moment", &input.as_of)]),
            level: level(assessment, input.policy, phrases),
            headline: words.headline,
            recommendation: capitalised(&words.recommendation),
            reasons: words.decided,
            curve: input.curve.clone(),
            rules: rules(assessment, input.policy, phrases),
            changes: changes(assessment, input.policy, phrases),
            outside: outside(assessment, input.policy, phrases),
            decision: decision.decision,
            clock: decision.clock,
            exempt: decision.exempt,
            duty: duty(input),
            programmes: programmes(input.programmes, phrases),
            sources: input.sources.clone(),
            id: phrases.say_with("brief-id", &[("id", &input.id)]),
        }
    }
}

/// The mark of a mode: round, askew or square, so that it is told apart without colour.
pub(super) fn mark(mode: Mode) -> &'static str {
    match mode {
        Mode::Normal => "●",
        Mode::Partial => "◆",
        Mode::Wfh => "■",
        Mode::NotAssessable => "?",
    }
}

fn level(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> BriefingLevel {
    let is_known = assessment.verdict != Verdict::NotAssessable;
    let mode = if is_known { assessment.mode } else { Mode::NotAssessable };
    let step = is_known.then_some(assessment.step);
    let scale = policy
        .steps
        .iter()
        .map(|known| (phrases.locale.of(&known.name).to_owned(), step == Some(known.step)));
    BriefingLevel {
        word: match step {
            Some(step) => phrases.locale.of(&policy.step(step).name).to_owned(),
            None => phrases.say("level-not_assessable"),
        },
        mark: mark(mode).to_owned(),
        step: step.map(Step::number),
        scale: scale.collect(),
    }
}

fn rules(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Vec<BriefingRule> {
    let line = |report: &RuleReport| {
        let line = rule_line(report, policy, phrases);
        BriefingRule {
            is_deciding: assessment.deciding_rule.as_ref() == Some(&line.id),
            id: line.id,
            title: line.title,
            value: line.value,
            threshold: line.threshold,
            status: report.status.as_str().to_owned(),
            says: line.says,
        }
    };
    assessment.rules.iter().map(line).collect()
}

/// What would change the level, the nearest first as the assessment has it, and how firmly it stands.
fn changes(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Vec<String> {
    let mut lines: Vec<String> = assessment
        .would_change
        .iter()
        .take(MOST_CHANGES)
        .map(|change| change_line(change, policy, phrases))
        .collect();
    if lines.is_empty() {
        lines.push(phrases.say("brief-no-change"));
    }
    lines.extend(sensitivity_lines(assessment, policy, phrases));
    lines
}

/// The official zone and the higher order beside the city's own rules.
fn outside(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Vec<String> {
    let mut lines = Vec::new();
    let own = phrases.locale.of(&policy.step(assessment.step).name);
    // The zone is told once a week: where the day itself has none, the rule's last one stands.
    let on_the_day = assessment.indicators.get(IndicatorKind::Zone.name()).and_then(|zone| zone.value);
    let of_the_rule = || {
        assessment
            .rules
            .iter()
            .find(|rule| rule.indicator == Some(IndicatorKind::Zone))
            .and_then(|rule| rule.value)
    };
    if let Some(zone) = on_the_day.or_else(of_the_rule) {
        let zone = indicator_value(Some(IndicatorKind::Zone), zone, phrases);
        let asks = assessment
            .rules
            .iter()
            .filter(|rule| rule.indicator == Some(IndicatorKind::Zone))
            .find_map(|rule| rule.step)
            .unwrap_or(Step::NORMAL);
        let asked = phrases.locale.of(&policy.step(asks).name);
        let key = if asks < assessment.step { "brief-zone-lower" } else { "brief-zone" };
        lines.push(phrases.say_with(key, &[("zone", &zone), ("asks", asked), ("own", own)]));
    } else {
        lines.push(phrases.say("brief-zone-none"));
    }
    lines.push(match &assessment.ceiling {
        Some(ceiling) => phrases
            .say_with("brief-ceiling", &[("pct", &ceiling.pct.to_string()), ("instrument", &ceiling.source)]),
        None => phrases.say("brief-ceiling-none"),
    });
    lines
}

fn duty(input: &BriefingInput<'_>) -> BriefingList {
    let say = |key: &str| BriefingList { lead: input.phrases.say(key), items: Vec::new() };
    match &input.duty_gaps {
        None => say("brief-duty-unknown"),
        Some(gaps) if gaps.is_empty() => say("brief-duty-whole"),
        Some(gaps) => {
            let count = gaps.len().to_string();
            let lead = input.phrases.say_with("brief-duty-gaps", &[("count", &count)]);
            BriefingList { lead, items: gaps.clone() }
        }
    }
}

fn programmes(programmes: &[Programme], phrases: Phrases) -> Vec<Priority> {
    let note = |programme: &Programme| match (programme.unit.as_str(), programme.status.as_str()) {
        ("", "") => String::new(),
        (unit, "") => unit.to_owned(),
        ("", status) => status.to_owned(),
        (unit, status) => phrases.say_with("brief-programme", &[("unit", unit), ("status", status)]),
    };
    programmes.iter().map(|one| Priority { name: one.name.clone(), note: note(one) }).collect()
}

/// A phrase as a sentence of its own.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '?', '!']) || text.is_empty() { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
