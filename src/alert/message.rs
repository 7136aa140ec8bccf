//! The words of a message: one for everything a recipient is to hear now, in the recipient's language and the channel's form.

use askama::Template;
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::event::Alert;
use super::rule::AlertRules;
use super::sentence::Sayer;
use crate::assessment::{Assessment, Policy};
use crate::epi::Vintage;
use crate::text::{Explained, Phrases, change_line, date_long, explain, moment};

/// A message in every form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The same as HTML, which shows the chart as `cid:chart`.
    pub html: String,
    /// Plain text of a telephone's length.
    pub short: String,
    /// For machines.
    pub json: String,
    /// For Prometheus Alertmanager: one entry for each alert.
    pub alertmanager: String,
}

/// What is told, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// What became of what, the gravest first.
    pub alerts: &'a [Alert],
    /// What somebody says about it, before everything else.
    pub lead: Option<&'a str>,
    /// The rules that tell it.
    pub rules: &'a AlertRules,
    /// The last assessment, as its reader may see it.
    pub assessment: &'a Assessment,
    /// The policy that it rests on.
    pub policy: &'a Policy,
    /// The city's name.
    pub city: &'a str,
    /// Marks every message of the demonstration.
    pub is_demo: bool,
    /// The words.
    pub phrases: Phrases,
    /// The city's time zone.
    pub zone: Tz,
    /// Where the page of alerts is.
    pub link: Option<&'a str>,
}

/// A message as a person reads it; laid out as HTML by its template.
#[derive(Template)]
#[template(path = "mail.html")]
struct Letter<'a> {
    language: &'a str,
    subject: &'a str,
    lead: Option<&'a str>,
    place: String,
    level: &'a str,
    words: &'a Explained,
    lines: &'a [String],
    changes: Vec<String>,
    change_title: String,
    chart_alt: &'a str,
    foot: String,
    demo: Option<String>,
    link: Option<&'a str>,
    link_words: String,
}

/// So many conditions that would change the level are told.
const CHANGES: usize = 2;

/// Says what became of what.
///
/// # Errors
/// When the HTML cannot be made.
pub fn compose(telling: &Telling<'_>) -> Result<Composed, askama::Error> {
    let Telling { assessment, policy, phrases, .. } = *telling;
    let words = explain(assessment, policy, phrases);
    let sayer = Sayer { rules: telling.rules, policy, phrases };
    let lines: Vec<String> = telling.alerts.iter().map(|alert| sayer.line(alert)).collect();
    let subject = subject(telling, &words, &lines);
    let letter = Letter::of(telling, (&subject, &words, &lines));
    Ok(Composed {
        body: letter.body(),
        html: letter.render()?,
        short: letter.short(),
        json: payload(telling, &words).to_string(),
        alertmanager: entries(telling, &lines).to_string(),
        subject,
    })
}

impl<'a> Letter<'a> {
    fn of(telling: &Telling<'a>, (subject, words, lines): (&'a str, &'a Explained, &'a [String])) -> Self {
        let Telling { assessment, policy, phrases, .. } = *telling;
        let as_of = known_at(telling).map(|at| moment(at, telling.zone, phrases.locale));
        // Who sees to a source or a unit is not told what would move the city's level.
        let is_of_level = telling.alerts.is_empty() || telling.alerts.iter().any(is_of_level);
        let changes = assessment.would_change.iter().take(if is_of_level { CHANGES } else { 0 });
        Self {
            language: phrases.locale.tag(),
            subject,
            lead: telling.lead,
            place: format!("{}, {}", telling.city, date_long(assessment.date, phrases.locale)),
            level: &words.level,
            words,
            lines,
            changes: changes.map(|change| change_line(change, policy, phrases)).collect(),
            change_title: phrases.say("mail-would-change"),
            chart_alt: &words.headline,
            foot: phrases.say_with(
                "mail-foot",
                &[
                    ("policy", &format!("{} {}", policy.id, policy.version)),
                    ("as_of", as_of.as_deref().unwrap_or("–")),
                ],
            ),
            demo: telling.is_demo.then(|| phrases.say("mail-demo-foot")),
            link: telling.link,
            link_words: phrases.say("mail-acknowledge"),
        }
    }

    fn acknowledge(&self) -> Option<String> {
        self.link.map(|link| format!("{}: {link}", self.link_words))
    }

    /// The same as plain text.
    fn body(&self) -> String {
        let mut body: Vec<String> = Vec::new();
        body.extend(self.lead.iter().flat_map(|lead| [(*lead).to_owned(), String::new()]));
        body.extend([self.place.clone(), String::new()]);
        body.extend([self.words.headline.clone(), self.words.recommendation.clone()]);
        body.extend(self.words.decided.iter().cloned());
        body.push(String::new());
        body.extend(self.lines.iter().map(|line| format!("- {line}")));
        if !self.changes.is_empty() {
            body.extend([String::new(), self.change_title.clone()]);
            body.extend(self.changes.iter().map(|change| format!("- {change}")));
        }
        body.extend(self.acknowledge().iter().flat_map(|line| [String::new(), line.clone()]));
        body.extend([String::new(), self.foot.clone()]);
        body.extend(self.demo.clone());
        body.join("\n")
    }

    /// What fits a telephone.
    fn short(&self) -> String {
        let mut short = vec![self.subject.to_owned()];
        short.extend(self.lead.map(str::to_owned));
        short.push(self.words.headline.clone());
        short.extend(self.lines.iter().map(|line| format!("• {line}")));
        short.extend(self.acknowledge());
        short.join("\n")
    }
}

/// Whether it is about the city's level.
fn is_of_level(alert: &Alert) -> bool {
    matches!(alert.about.kind.as_str(), "threshold_crossed" | "recommendation_changed" | "not_assessable")
}

/// The level where the level is the matter, else what is.
fn subject(telling: &Telling<'_>, words: &Explained, lines: &[String]) -> String {
    let phrases = telling.phrases;
    let is_level_told = |alert: &Alert| is_of_level(alert) && !alert.event.is_end();
    let subject = if telling.alerts.iter().any(is_level_told) || lines.is_empty() {
        phrases.say_with("mail-subject", &[("level", &words.level), ("city", telling.city)])
    } else {
        let first = lines[0].split(['.', ':', ';']).next().unwrap_or_default();
        let more = if lines.len() > 1 { format!(" (+{})", lines.len() - 1) } else { String::new() };
        phrases.say_with("mail-subject", &[("level", &format!("{first}{more}")), ("city", telling.city)])
    };
    if telling.is_demo { format!("[{}] {subject}", phrases.say("mail-demo")) } else { subject }
}

/// When what is told was known.
fn known_at(telling: &Telling<'_>) -> Option<Vintage> {
    telling.assessment.as_of.as_deref().and_then(|at| Vintage::parse_as_of(at, telling.zone).ok())
}

fn payload(telling: &Telling<'_>, words: &Explained) -> Value {
    let assessment = telling.assessment;
    json!({
        "city": telling.city,
        "demo": telling.is_demo,
        "date": assessment.date,
        "as_of": assessment.as_of,
        "step": assessment.step,
        "mode": assessment.mode,
        "verdict": assessment.verdict,
        "deciding_rule": assessment.deciding_rule,
        "policy": assessment.policy,
        "sentence": words.headline,
        "lead": telling.lead,
        "alerts": telling.alerts,
        "would_change": assessment.would_change,
    })
}

/// After so long Alertmanager forgets an alert of which it hears no more; ours says itself when it is over.
const FORGET_AFTER: chrono::Duration = chrono::Duration::days(400);

fn entries(telling: &Telling<'_>, lines: &[String]) -> Value {
    let moment = |millis: i64| chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    let as_of = known_at(telling).map(Vintage::moment);
    let entry = |(alert, line): (&Alert, &String)| {
        let starts = moment(alert.began_at);
        // An end lies after the beginning, whatever the clock did.
        let over = as_of.unwrap_or(starts).max(starts + chrono::Duration::seconds(1));
        let ends = if alert.event.is_end() { over } else { starts + FORGET_AFTER };
        json!({
            "labels": {
                "alertname": alert.alert_rule,
                "severity": alert.severity,
                "city": telling.city,
                "subject": alert.about.rule,
                "kind": alert.about.kind,
            },
            "annotations": { "summary": line, "event": alert.event },
            "startsAt": starts.to_rfc3339(),
            "endsAt": ends.to_rfc3339(),
            "generatorURL": telling.link.unwrap_or_default(),
        })
    };
    telling.alerts.iter().zip(lines).map(entry).collect()
}
