//! How what is written becomes alert rules; every fault with its line.

use chrono::{Duration, NaiveDate, NaiveTime, Weekday};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::super::recipient::{Office, Severity};
use super::definition::{AlertRule, AlertRules, Group, KnownFalse, Quiet};
use super::watch::{Line, Sign, Watch};
use crate::assessment::Text;
use crate::epi::IndicatorKind;
use crate::workforce::FindingKind;

/// What is wrong with a file of alert rules, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct AlertRuleFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to write.
    pub message: String,
}

/// So many rules a file may have.
const MOST_RULES: usize = 64;
/// Longest of all times.
const LONGEST: Duration = Duration::days(60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(default)]
    quiet: Option<Spanned<QuietFile>>,
    #[serde(default)]
    group: Option<Spanned<GroupFile>>,
    #[serde(default)]
    rule: Vec<Spanned<RuleFile>>,
    #[serde(default)]
    known: Vec<Spanned<KnownFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietFile {
    hours: String,
    spares: Severity,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct GroupFile {
    info: Option<String>,
    warning: Option<String>,
    critical: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFile {
    rule: String,
    #[serde(default = "every")]
    subject: String,
    from: NaiveDate,
    until: NaiveDate,
    reason: String,
}

fn every() -> String {
    "*".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineFile {
    indicator: IndicatorKind,
    at_least: Option<f64>,
    above: Option<f64>,
    at_most: Option<f64>,
    below: Option<f64>,
    leave: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    title: Text,
    watch: String,
    severity: Severity,
    offices: Vec<Office>,
    hold: Option<String>,
    keep: Option<String>,
    no_data_after: Option<String>,
    #[serde(default)]
    mutes: Vec<String>,
    escalate_after: Option<String>,
    #[serde(default)]
    escalate_to: Vec<Office>,
    weekday: Option<String>,
    from: Option<String>,
    share: Option<f64>,
    growth: Option<f64>,
    cases: Option<f64>,
    finding: Option<String>,
    #[serde(default)]
    all: Vec<LineFile>,
}

/// A fault without its line.
type Said<T> = Result<T, String>;

impl AlertRules {
    /// Reads and checks a file of alert rules.
    ///
    /// # Errors
    /// Every [`AlertRuleFault`] that was found.
    pub fn read(text: &str) -> Result<Self, Vec<AlertRuleFault>> {
        let line = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(1, |span| line(span.start));
            vec![AlertRuleFault { line: at, message: error.message().to_owned() }]
        })?;
        let mut faults = Vec::new();
        let mut note = |offset: usize, message: String| {
            faults.push(AlertRuleFault { line: line(offset), message });
        };
        let quiet = file.quiet.and_then(|written| {
            let at = written.span().start;
            quiet(&written.into_inner()).map_err(|message| note(at, message)).ok()
        });
        let group = file.group.map_or(Ok(Group::NONE), |written| {
            let at = written.span().start;
            group(&written.into_inner()).map_err(|message| note(at, message))
        });
        let mut rules: Vec<(usize, AlertRule)> = Vec::new();
        for written in file.rule {
            let at = written.span().start;
            match rule(written.into_inner()) {
                Ok(rule) if rules.iter().any(|(_, known)| known.id == rule.id) => {
                    note(at, format!("there are two rules '{}': give each its own id", rule.id));
                }
                Ok(rule) => rules.push((at, rule)),
                Err(message) => note(at, message),
            }
        }
        if rules.len() > MOST_RULES {
            note(0, format!("there are {} rules: at most {MOST_RULES}", rules.len()));
        }
        let ids: Vec<String> = rules.iter().map(|(_, rule)| rule.id.clone()).collect();
        for (at, rule) in &rules {
            for muted in rule.mutes.iter().filter(|muted| !ids.contains(muted) || **muted == rule.id) {
                note(*at, format!("{}: mutes names '{muted}', which is no other rule of this file", rule.id));
            }
        }
        let mut known = Vec::new();
        for written in file.known {
            let at = written.span().start;
            match known_false(written.into_inner(), &ids) {
                Ok(one) => known.push(one),
                Err(message) => note(at, message),
            }
        }
        match group {
            Ok(group) if faults.is_empty() => {
                let rules = rules.into_iter().map(|(_, rule)| rule).collect();
                Ok(Self { version: file.version, quiet, group, rules, known })
            }
            _ => Err(faults),
        }
    }
}

impl Group {
    /// Nothing waits.
    pub const NONE: Self =
        Self { info: Duration::zero(), warning: Duration::zero(), critical: Duration::zero() };
}

impl Quiet {
    /// Reads hours like `21:00-05:00`.
    ///
    /// # Errors
    /// One sentence.
    pub fn hours(text: &str, spares: Severity) -> Result<Self, String> {
        let wrong = || format!("quiet hours '{text}': write them like 21:00-05:00");
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let (from, until) =
            (time(from.trim()).map_err(|_| wrong())?, time(until.trim()).map_err(|_| wrong())?);
        if from == until {
            return Err(format!(
                "quiet hours '{text}': they end where they begin; leave them out, or write an end"
            ));
        }
        Ok(Self { from, until, spares })
    }
}

fn quiet(written: &QuietFile) -> Said<Quiet> {
    Quiet::hours(&written.hours, written.spares)
}

fn group(written: &GroupFile) -> Said<Group> {
    let of = |key: &str, text: &Option<String>| match text {
        None => Ok(Duration::zero()),
        Some(text) => length(&format!("group.{key}"), text),
    };
    Ok(Group {
        info: of("info", &written.info)?,
        warning: of("warning", &written.warning)?,
        critical: of("critical", &written.critical)?,
    })
}

fn known_false(written: KnownFile, ids: &[String]) -> Said<KnownFalse> {
    let KnownFile { rule, subject, from, until, reason } = written;
    if !ids.contains(&rule) {
        return Err(format!("known: '{rule}' is no rule of this file"));
    }
    if until < from {
        return Err(format!("known {rule}: until {until} is before from {from}"));
    }
    if reason.trim().is_empty() {
        return Err(format!("known {rule}: say why, and who says so"));
    }
    Ok(KnownFalse { rule, subject, from, until, reason })
}

fn time(text: &str) -> Said<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| format!("'{text}' is no time of day: write 15:00"))
}

/// A length of time: `0m`, `90s`, `30m`, `4h`, `2d`.
fn length(key: &str, text: &str) -> Said<Duration> {
    let wrong = || format!("{key} = '{text}': write a number with s, m, h or d, at most 60d: 30m");
    let unit = text.chars().last().filter(char::is_ascii).ok_or_else(wrong)?;
    let number: i64 =
        text[..text.len() - 1].parse().ok().filter(|n| (0..=10_000_000).contains(n)).ok_or_else(wrong)?;
    let length = match unit {
        's' => Duration::seconds(number),
        'm' => Duration::minutes(number),
        'h' => Duration::hours(number),
        'd' => Duration::days(number),
        _ => return Err(wrong()),
    };
    if length > LONGEST { Err(wrong()) } else { Ok(length) }
}

fn rule(written: RuleFile) -> Said<AlertRule> {
    let id = written.id.clone();
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if id.is_empty() || id.len() > 40 || !id.chars().all(is_word) {
        return Err(format!("id = '{id}' must be a word of lower-case letters, digits and _"));
    }
    fill(written).map_err(|message| format!("{id}: {message}"))
}

fn fill(written: RuleFile) -> Said<AlertRule> {
    if written.offices.is_empty() {
        return Err("offices is empty: name whose work it is".to_owned());
    }
    let optional = |key: &str, text: &Option<String>| text.as_ref().map(|text| length(key, text)).transpose();
    let escalate_after = optional("escalate_after", &written.escalate_after)?;
    let escalate = match (escalate_after, written.escalate_to.is_empty()) {
        (None, true) => None,
        (Some(after), false) if after > Duration::zero() => Some((after, written.escalate_to.clone())),
        (Some(_), false) => return Err("escalate_after must be longer than nothing".to_owned()),
        _ => return Err("escalate_after and escalate_to belong together: write both, or neither".to_owned()),
    };
    let weekday = written.weekday.as_ref().map(|day| {
        day.parse::<Weekday>().map_err(|_| format!("weekday = '{day}' is no day of the week: write monday"))
    });
    let watch = watch(&written)?;
    let of_unit = written.offices.contains(&Office::UnitHead);
    if of_unit && !watch.is_of_units() {
        return Err(format!("{} is about no unit, so it can go to no unit_head", watch.as_str()));
    }
    let hold = optional("hold", &written.hold)?.unwrap_or_default();
    let keep = optional("keep", &written.keep)?.unwrap_or_default();
    if watch.is_momentary() && (hold > Duration::zero() || keep > Duration::zero()) {
        return Err(format!("{} happens and is over: hold and keep mean nothing", watch.as_str()));
    }
    Ok(AlertRule {
        title: written.title,
        severity: written.severity,
        hold,
        keep,
        no_data_after: optional("no_data_after", &written.no_data_after)?,
        escalate,
        weekday: weekday.transpose()?,
        from: written.from.as_deref().map(time).transpose()?,
        id: written.id,
        offices: written.offices,
        mutes: written.mutes,
        watch,
    })
}

/// What is watched, with no key that means nothing to it.
fn watch(written: &RuleFile) -> Said<Watch> {
    let watch = watched(written)?;
    let extra = [
        ("share", written.share.is_some() && !matches!(watch, Watch::NearPolicyRules { .. })),
        ("growth", written.growth.is_some() && !matches!(watch, Watch::NearPolicyRules { .. })),
        ("cases", written.cases.is_some() && !matches!(watch, Watch::StaffSignal { .. })),
        ("finding", written.finding.is_some() && !matches!(watch, Watch::Attendance(_))),
        ("all", !written.all.is_empty() && !matches!(watch, Watch::Indicators(_))),
    ];
    match extra.iter().find(|(_, is_extra)| *is_extra) {
        Some((key, _)) => Err(format!("{key} means nothing with watch = '{}'", watch.as_str())),
        None => Ok(watch),
    }
}

fn watched(written: &RuleFile) -> Said<Watch> {
    let positive = |key: &str, number: Option<f64>| {
        number
            .filter(|number| number.is_finite() && *number > 0.0)
            .ok_or_else(|| format!("{key} must be a number above 0"))
    };
    Ok(match written.watch.as_str() {
        "policy_rules" => Watch::PolicyRules,
        "near_policy_rules" => {
            let share = positive("share", written.share)?;
            if share >= 1.0 {
                return Err("share must be below 1: near is not over".to_owned());
            }
            Watch::NearPolicyRules { share, growth: positive("growth", written.growth)? }
        }
        "recommendation" => Watch::Recommendation,
        "step_down" => Watch::StepDown,
        "not_assessable" => Watch::NotAssessable,
        "indicators" if written.all.is_empty() => {
            return Err("all is empty: write at least one line, all = [{ indicator = \"…\", at_least = 5 }]"
                .to_owned());
        }
        "indicators" => Watch::Indicators(written.all.iter().map(line).collect::<Said<_>>()?),
        "staff_signal" => Watch::StaffSignal { cases: positive("cases", written.cases)? },
        "sources" => Watch::Sources,
        "held_figures" => Watch::HeldFigures,
        "decision_due" => Watch::DecisionDue,
        "unit_cluster" => Watch::UnitCluster,
        "zone_differs" => Watch::ZoneDiffers,
        "attendance" => {
            let code = written.finding.clone().unwrap_or_default();
            if !FindingKind::CODES.contains(&code.as_str()) {
                return Err(format!("finding = '{code}': write one of {}", FindingKind::CODES.join(", ")));
            }
            Watch::Attendance(code)
        }
        "open_turns" => Watch::OpenTurns,
        other => {
            return Err(format!(
                "watch = '{other}' is nothing to watch: policy_rules, near_policy_rules, recommendation, step_down, \
                 not_assessable, indicators, staff_signal, sources, held_figures, decision_due, unit_cluster, \
                 zone_differs, attendance, open_turns"
            ));
        }
    })
}

fn line(written: &LineFile) -> Said<Line> {
    let signs = [
        (Sign::AtLeast, written.at_least),
        (Sign::Above, written.above),
        (Sign::AtMost, written.at_most),
        (Sign::Below, written.below),
    ];
    let name = written.indicator.name();
    let mut given = signs.into_iter().filter_map(|(sign, value)| Some((sign, value?)));
    let (Some((sign, enter)), None) = (given.next(), given.next()) else {
        return Err(format!("{name}: write one of at_least, above, at_most, below"));
    };
    let leave = written.leave.unwrap_or(enter);
    let is_up = matches!(sign, Sign::AtLeast | Sign::Above);
    if !enter.is_finite() || !leave.is_finite() {
        return Err(format!("{name}: values must be numbers"));
    }
    if (is_up && leave > enter) || (!is_up && leave < enter) {
        return Err(format!(
            "{name}: leave = {leave} lies beyond {enter}: it would come on and let go at once"
        ));
    }
    Ok(Line { indicator: written.indicator, sign, enter, leave })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rule: &str) -> String {
        let text = format!("version = \"1\"\n\n{rule}");
        let faults = AlertRules::read(&text).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    }

    const HEAD: &str = "[[rule]]\nid = \"a\"\ntitle = { id = \"a\", en = \"a\" }\nseverity = \"info\"\noffices = [\"secretary\"]\n";

    #[test]
    fn the_shipped_rules_are_sound() {
        let rules = AlertRules::read(include_str!("../../../data/alert/default.toml")).unwrap();
        assert!(rules.rules.len() >= 12, "{}", rules.rules.len());
        assert_eq!(rules.rule("threshold_crossed").unwrap().mutes, ["near_threshold"]);
        assert!(rules.quiet.is_some());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_line() {
        let wrong = [
            ("watch = \"everything\"", "is nothing to watch"),
            ("watch = \"policy_rules\"\nshare = 0.5", "share means nothing"),
            ("watch = \"near_policy_rules\"\nshare = 1.0\ngrowth = 1.1", "below 1"),
            ("watch = \"near_policy_rules\"\nshare = 0.8", "growth must be a number above 0"),
            ("watch = \"staff_signal\"\ncases = -1", "cases must be"),
            ("watch = \"attendance\"\nfinding = \"x\"", "above-cap"),
            ("watch = \"attendance\"", "finding = ''"),
            ("watch = \"indicators\"", "all is empty"),
            ("watch = \"indicators\"\nall = [{ indicator = \"growth_ratio\" }]", "one of at_least"),
            (
                "watch = \"indicators\"\nall = [{ indicator = \"growth_ratio\", above = 1, below = 2 }]",
                "one of at_least",
            ),
            (
                "watch = \"indicators\"\nall = [{ indicator = \"growth_ratio\", above = 1, leave = 2 }]",
                "lies beyond",
            ),
            (
                "watch = \"indicators\"\nall = [{ indicator = \"growth_ratio\", below = 1, leave = 0.5 }]",
                "lies beyond",
            ),
            ("watch = \"indicators\"\nall = [{ indicator = \"luck\", above = 1 }]", "luck"),
            ("watch = \"sources\"\nhold = \"5\"", "hold = '5'"),
            ("watch = \"sources\"\nhold = \"90d\"", "at most 60d"),
            ("watch = \"sources\"\nhold = \"\"", "hold = ''"),
            ("watch = \"sources\"\nhold = \"5µ\"", "hold = '5µ'"),
            ("watch = \"recommendation\"\nhold = \"5m\"", "happens and is over"),
            ("watch = \"sources\"\nescalate_after = \"4h\"", "belong together"),
            ("watch = \"sources\"\nescalate_to = [\"mayor\"]", "belong together"),
            (
                "watch = \"sources\"\nescalate_after = \"0h\"\nescalate_to = [\"mayor\"]",
                "longer than nothing",
            ),
            ("watch = \"sources\"\nweekday = \"someday\"", "no day of the week"),
            ("watch = \"sources\"\nfrom = \"25:00\"", "no time of day"),
            ("watch = \"sources\"\nmutes = [\"b\"]", "no other rule"),
            ("watch = \"sources\"\nmutes = [\"a\"]", "no other rule"),
            ("watch = \"sources\"\ncolour = \"red\"", "colour"),
        ];
        for (rest, message) in wrong {
            let told = faults(&format!("{HEAD}{rest}"));
            assert!(told.contains(message) && told.starts_with("line "), "{rest}: {told}");
        }
        assert!(faults(&HEAD.replace("secretary", "janitor")).contains("janitor"));
        let nobody = faults(&format!("{}watch = \"sources\"", HEAD.replace("\"secretary\"", "")));
        assert_eq!(nobody, "line 3: a: offices is empty: name whose work it is");
        let head = faults(&format!("{}watch = \"sources\"", HEAD.replace("secretary", "unit_head")));
        assert!(head.contains("no unit_head"), "{head}");
        let twice = format!("{HEAD}watch = \"sources\"\n{HEAD}watch = \"sources\"");
        assert!(faults(&twice).contains("two rules 'a'"));
        assert!(
            faults(&format!("{}watch = \"sources\"", HEAD.replace("\"a\"\nt", "\"A b\"\nt")))
                .contains("lower-case")
        );
    }

    #[test]
    fn quiet_hours_and_known_false_alarms_are_checked() {
        for (hours, message) in
            [("21-5", "21:00-05:00"), ("21:00", "21:00-05:00"), ("21:00-21:00", "end where they begin")]
        {
            let told = faults(&format!("[quiet]\nhours = \"{hours}\"\nspares = \"critical\""));
            assert!(told.contains(message), "{told}");
        }
        let rule = format!("{HEAD}watch = \"sources\"\n");
        let known = |rest: &str| faults(&format!("{rule}[[known]]\n{rest}"));
        assert!(
            known("rule = \"b\"\nfrom = \"2021-01-01\"\nuntil = \"2021-01-02\"\nreason = \"x\"")
                .contains("no rule")
        );
        assert!(
            known("rule = \"a\"\nfrom = \"2021-01-03\"\nuntil = \"2021-01-02\"\nreason = \"x\"")
                .contains("before from")
        );
        assert!(
            known("rule = \"a\"\nfrom = \"2021-01-01\"\nuntil = \"2021-01-02\"\nreason = \" \"")
                .contains("say why")
        );
        assert!(faults("[group]\ninfo = \"soon\"").contains("group.info"));
    }
}
