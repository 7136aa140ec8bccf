//! Sentences from an assessment: how bad, which way, why, what would change it.

use chrono::NaiveDate;

use super::locale::Locale;
use super::number::{date_long, date_medium, decimal, number};
use super::phrase::Phrases;
use crate::assessment::{Assessment, FindingStatus, Policy, RuleReport, Step, Verdict};
use crate::epi::IndicatorKind;

/// An assessment in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The level's name: "WFH 100%".
    pub level: String,
    /// How bad and which way.
    pub headline: String,
    /// What is advised, from when.
    pub recommendation: String,
    /// The name of the level in force, and since when.
    pub in_force: (String, Option<String>),
    /// Which rule decides, and which ones agree.
    pub decided: Vec<String>,
}

/// Below this many cases in either week no percentage is given, only the two counts.
const PERCENT_FROM: f64 = 10.0;

/// Says an assessment in a language.
#[must_use]
pub fn explain(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Explained {
    let name = |step: Step| phrases.locale.of(&policy.step(step).name).to_owned();
    let is_unknown = assessment.verdict == Verdict::NotAssessable;
    Explained {
        level: if is_unknown { phrases.say("level-not_assessable") } else { name(assessment.step) },
        headline: headline(assessment, phrases),
        recommendation: recommendation(assessment, phrases),
        in_force: (
            name(assessment.in_force.step),
            assessment.in_force.since.map(|since| {
                phrases.say_with("in-force-since", &[("date", &date_medium(since, phrases.locale))])
            }),
        ),
        decided: decided(assessment, policy, phrases),
    }
}

/// The latest figures used may be of an earlier day than the one assessed; then that day's are told.
fn value_of(assessment: &Assessment, kind: IndicatorKind) -> Option<f64> {
    assessment.indicators.get(kind.name()).and_then(|report| report.value)
}

/// How bad, which way: one sentence.
#[must_use]
pub fn headline(assessment: &Assessment, phrases: Phrases) -> String {
    use IndicatorKind as K;
    let locale = phrases.locale;
    let Some(cases) = value_of(assessment, K::Cases7d) else {
        if let Some(sentence) = carried_incidence(assessment, phrases) {
            return sentence;
        }
        let reason = assessment.indicators.get(K::Cases7d.name()).and_then(|report| report.reason);
        let reason =
            reason.map_or_else(String::new, |reason| phrases.say(&format!("missing-{}", reason.code())));
        let date = date_medium(assessment.date, locale);
        return phrases.say_with("headline-missing", &[("date", &date), ("reason", &reason)]);
    };
    let mut sentence = phrases.say_with("headline-cases", &[("cases", &number(cases, locale))]);
    if let Some(trend) = trend(assessment, cases, phrases) {
        sentence = format!("{sentence}, {trend}");
    }
    let Some(incidence) = value_of(assessment, K::Incidence7dPer100k) else {
        return format!("{sentence}.");
    };
    let shown = decimal(incidence, 1, locale);
    let fired = assessment
        .rules
        .iter()
        .filter(|rule| rule.indicator == Some(K::Incidence7dPer100k) && rule.status == FindingStatus::Fires);
    let rate = match fired.filter_map(|rule| rule.enter).max_by(f64::total_cmp) {
        Some(threshold) => phrases.say_with(
            "headline-incidence-over",
            &[("incidence", &shown), ("threshold", &number(threshold, locale))],
        ),
        None => phrases.say_with("headline-incidence", &[("incidence", &shown)]),
    };
    format!("{sentence}; {rate}.")
}

/// The week's cases are not known for the day, but the rules rest on an incidence: a ready-made one, or the last.
fn carried_incidence(assessment: &Assessment, phrases: Phrases) -> Option<String> {
    let is_incidence = |rule: &&RuleReport| rule.indicator == Some(IndicatorKind::Incidence7dPer100k);
    let rule = assessment.rules.iter().filter(is_incidence).find(|rule| rule.value.is_some())?;
    let incidence = decimal(rule.value?, 1, phrases.locale);
    let date = date_medium(rule.date?, phrases.locale);
    Some(phrases.say_with("headline-last", &[("incidence", &incidence), ("date", &date)]))
}

fn trend(assessment: &Assessment, cases: f64, phrases: Phrases) -> Option<String> {
    let before = value_of(assessment, IndicatorKind::CasesPrev7d)?;
    if cases < PERCENT_FROM || before < PERCENT_FROM {
        return Some(phrases.say_with("headline-from", &[("before", &number(before, phrases.locale))]));
    }
    let change = value_of(assessment, IndicatorKind::GrowthPct)?;
    let pct = format!("{}%", number(change.abs(), phrases.locale));
    let key = match change.round() {
        rounded if rounded > 0.0 => "headline-rise",
        rounded if rounded < 0.0 => "headline-fall",
        _ => "headline-same",
    };
    Some(phrases.say_with(key, &[("pct", &pct)]))
}

fn recommendation(assessment: &Assessment, phrases: Phrases) -> String {
    match assessment.verdict {
        Verdict::Hold => phrases.say("recommend-hold"),
        Verdict::Extend => phrases.say("recommend-extend"),
        Verdict::NotAssessable => phrases.say("recommend-not_assessable"),
        Verdict::Superseded => {
            let own = phrases.say(&format!("verdict-{}", assessment.own_verdict.as_str()));
            phrases.say_with("recommend-superseded", &[("own", &own)])
        }
        Verdict::Raise | Verdict::StepDown | Verdict::End => {
            let from = assessment.effective_from.unwrap_or(assessment.date);
            phrases.say_with("recommend-from", &[("date", &date_long(from, phrases.locale))])
        }
    }
}

fn decided(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Vec<String> {
    let mut sentences = Vec::new();
    let title = |id: &str| {
        let rule = policy.rules.iter().find(|rule| rule.id == id);
        rule.map_or_else(String::new, |rule| phrases.locale.of(&rule.title).to_owned())
    };
    if let Some(order) = &assessment.ceiling {
        let pct = order.pct.to_string();
        sentences.push(phrases.say_with("decided-order", &[("instrument", &order.source), ("pct", &pct)]));
    }
    let calls = |rule: &&RuleReport| rule.step.is_some_and(|step| step >= assessment.step);
    let calling: Vec<&str> = assessment.rules.iter().filter(calls).map(|rule| rule.id.as_str()).collect();
    match &assessment.deciding_rule {
        Some(id) => {
            let key = if calling.contains(&id.as_str()) { "decided-by" } else { "decided-holds" };
            sentences.push(phrases.say_with(key, &[("rule", id), ("title", &title(id))]));
            let also: Vec<&str> = calling.into_iter().filter(|other| other != id).collect();
            if !also.is_empty() && assessment.step > Step::NORMAL {
                sentences.push(phrases.say_with("decided-also", &[("rules", &also.join(", "))]));
            }
        }
        None if assessment.verdict != Verdict::NotAssessable && assessment.step == Step::NORMAL => {
            sentences.push(phrases.say("decided-none"));
        }
        None => {}
    }
    sentences
}

/// One rule's line in a table of reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// What it watches.
    pub title: String,
    /// Its value in the reader's form, "–" if there is none.
    pub value: String,
    /// Its threshold.
    pub threshold: String,
    /// The step it calls for.
    pub step: Option<Step>,
    /// The name of that step, or why it says nothing.
    pub says: String,
    /// The remark of the policy, if it fires.
    pub note: String,
}

/// Says one rule's part.
#[must_use]
pub fn rule_line(report: &RuleReport, policy: &Policy, phrases: Phrases) -> RuleLine {
    let locale = phrases.locale;
    let rule = policy.rules.iter().find(|rule| rule.id == report.id);
    let shown = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |v| indicator_value(report.indicator, v, phrases))
    };
    let value = match (report.value, report.lower, report.upper) {
        (None, Some(lower), Some(upper)) => {
            format!("{}–{}", shown(Some(lower)), shown(Some(upper)))
        }
        (value, ..) => shown(value),
    };
    let says = match (report.step, report.reason) {
        (Some(step), _) => locale.of(&policy.step(step).name).to_owned(),
        (None, Some(reason)) if report.status == FindingStatus::NotAssessed => {
            phrases.say(&format!("missing-{}", reason.code()))
        }
        _ => phrases.say("rule-quiet"),
    };
    let note = rule.and_then(|rule| rule.note.as_ref()).filter(|_| report.status == FindingStatus::Fires);
    RuleLine {
        id: report.id.clone(),
        title: rule.map_or_else(String::new, |rule| locale.of(&rule.title).to_owned()),
        value,
        threshold: shown(report.enter),
        step: report.step,
        says,
        note: note.map_or_else(String::new, |note| locale.of(note).to_owned()),
    }
}

/// An indicator's value in the reader's form, with its unit where it is a percentage or a zone.
#[must_use]
pub fn indicator_value(kind: Option<IndicatorKind>, value: f64, phrases: Phrases) -> String {
    let locale = phrases.locale;
    let Some(kind) = kind else {
        return decimal(value, 1, locale);
    };
    match kind {
        IndicatorKind::Zone => phrases.say(&format!("zone-{}", decimal(value, 0, Locale::En))),
        IndicatorKind::GrowthRatio
        | IndicatorKind::StaffPrevalence14dPct
        | IndicatorKind::StaffPrevalenceTotalPct => {
            let unit = if kind == IndicatorKind::GrowthRatio { "" } else { "%" };
            format!("{}{unit}", decimal(value, 2, locale))
        }
        _ if kind.name().ends_with("_pct") => {
            format!("{}%", decimal(value, if value.fract() == 0.0 { 0 } else { 1 }, locale))
        }
        _ if value.fract() == 0.0 => number(value, locale),
        _ => decimal(value, 1, locale),
    }
}

/// Says how firmly the level stands; nothing where it is not told.
#[must_use]
pub fn sensitivity_lines(assessment: &Assessment, policy: &Policy, phrases: Phrases) -> Vec<String> {
    let Some(sensitivity) = &assessment.sensitivity else { return Vec::new() };
    if assessment.verdict == Verdict::NotAssessable {
        return Vec::new();
    }
    let step = assessment.step;
    let level = |step: Step| phrases.locale.of(&policy.step(step).name).to_owned();
    let mut lines = Vec::new();
    if sensitivity.step_at_upper != step {
        lines.push(phrases.say_with("sensitivity-upper", &[("level", &level(sensitivity.step_at_upper))]));
    }
    if sensitivity.step_at_lower != step {
        lines.push(phrases.say_with("sensitivity-lower", &[("level", &level(sensitivity.step_at_lower))]));
    }
    if lines.is_empty() {
        lines.push(phrases.say("sensitivity-firm"));
    }
    if let Some(late) = sensitivity.late_reports.filter(|late| late.weeks > 0) {
        let percent = decimal(100.0 * (late.factor - 1.0), 0, phrases.locale);
        let (raised, weeks) = (late.raised_weeks.to_string(), late.weeks.to_string());
        let key = if late.raised_weeks == 0 { "sensitivity-late-none" } else { "sensitivity-late" };
        lines.push(phrases.say_with(key, &[("percent", &percent), ("raised", &raised), ("weeks", &weeks)]));
    }
    lines
}

/// The last day whose case figures an assessment rests on.
#[must_use]
pub fn figures_of(assessment: &Assessment) -> Option<NaiveDate> {
    let age = value_of(assessment, IndicatorKind::DataAgeDays)?;
    #[expect(clippy::cast_possible_truncation, reason = "an age in days is a small whole number")]
    Some(assessment.date - chrono::Duration::days(age as i64))
}
