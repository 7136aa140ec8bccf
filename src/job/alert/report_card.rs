//! The monthly report card of the alerts: how many, how soon somebody saw to them, and how many led to nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, NaiveDate};

use super::release::blank;
use super::rows::hash;
use crate::alert::{Alert, Form, Recipient};
use crate::epi::Vintage;
use crate::export::{Cell, Table};
use crate::job::Journey;
use crate::job::decision::journal;
use crate::store::{AlertRow, Answer, Message, ReceiptRow};
use crate::text::{Phrases, decimal};

/// An alert led to something where somebody answered it, or decided, within so many days.
const LED_DAYS: i64 = 7;

/// A month of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
}

impl Month {
    /// Reads `2021-06`.
    ///
    /// # Errors
    /// One sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
        first.map(|first| Self { first }).map_err(|_| format!("'{text}' is no month: write 2021-06"))
    }

    /// The month before the one a day is in.
    #[must_use]
    pub fn before(day: NaiveDate) -> Self {
        let last = day - Duration::days(i64::from(day.day()));
        Self { first: last - Duration::days(i64::from(last.day()) - 1) }
    }

    /// From its first moment to that of the next, in the city's time.
    fn span(self, zone: chrono_tz::Tz) -> (Vintage, Vintage) {
        let next = self.first + chrono::Months::new(1);
        (Vintage::start_of(self.first, zone), Vintage::start_of(next, zone))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

/// One rule in a month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleCard {
    /// The rule.
    pub rule: String,
    /// How often it was looked at.
    pub evaluations: i64,
    /// Alerts that began.
    pub fired: usize,
    /// Of them, told to nobody: muted, silenced, known to be false.
    pub kept_back: usize,
    /// Of them, gone further for want of an answer.
    pub escalated: usize,
    /// Of them, answered.
    pub answered: usize,
    /// Hours until the answer, in the middle.
    pub median_hours: Option<f64>,
    /// Of them, told, and followed by neither an answer nor a decision within seven days.
    pub led_to_nothing: usize,
}

/// A month.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportCard {
    /// Which.
    pub month: Month,
    /// Rule by rule; those that were looked at.
    pub rules: Vec<RuleCard>,
    /// Messages that were accepted.
    pub sent: i64,
    /// Messages that were given up.
    pub failed: i64,
    /// Days with a sign of life.
    pub heartbeats: i64,
}

/// The report card of a month.
///
/// # Errors
/// When the store does not answer.
pub async fn report_card(journey: &Journey, month: Month) -> anyhow::Result<ReportCard> {
    let (from, before) = month.span(journey.city.zone);
    let counts = journey.store.receipt_counts((from, before)).await?;
    let outcome =
        |name: &str| counts.iter().filter(|(_, known, _)| known == name).map(|(_, _, count)| *count).sum();
    let alerts = journey.store.alerts(None).await?;
    let answers = journey.store.answers(None).await?;
    let decided: Vec<Vintage> = journal(&journey.viewing(), None)
        .await?
        .entries()
        .iter()
        .filter_map(|decision| Vintage::parse_as_of(&decision.signed_at, journey.city.zone).ok())
        .collect();
    let mut rules: BTreeMap<String, RuleCard> = BTreeMap::new();
    for (rule, _, count) in counts.iter().filter(|(rule, _, _)| journey.alerting.rules.rule(rule).is_some()) {
        let card = rules.entry(rule.clone()).or_default();
        card.rule.clone_from(rule);
        card.evaluations += count;
    }
    let escalated: BTreeSet<&str> =
        alerts.iter().filter(|row| row.event == "escalated").map(|row| row.episode.as_str()).collect();
    let mut hours: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in
        alerts.iter().filter(|row| row.event == "fired" && from <= row.created_at && row.created_at < before)
    {
        let alert: Alert = serde_json::from_str(&row.json)?;
        let card = rules.entry(alert.alert_rule.clone()).or_default();
        card.rule.clone_from(&alert.alert_rule);
        card.fired += 1;
        card.kept_back += usize::from(!row.kept.is_empty());
        card.escalated += usize::from(escalated.contains(row.id.as_str()));
        let answered = answers.iter().find(|answer| answer.episode == row.episode);
        if let Some(answer) = answered {
            card.answered += 1;
            hours.entry(alert.alert_rule).or_default().push(hours_between(row, answer));
        }
        let until = Vintage::new(row.created_at.moment() + Duration::days(LED_DAYS));
        let is_decided = decided.iter().any(|at| row.created_at <= *at && *at <= until);
        card.led_to_nothing += usize::from(row.kept.is_empty() && answered.is_none() && !is_decided);
    }
    for (rule, hours) in &mut hours {
        if let Some(card) = rules.get_mut(rule) {
            card.median_hours = median(hours);
        }
    }
    let rules = rules.into_values().filter(|card| !card.rule.is_empty()).collect();
    Ok(ReportCard {
        month,
        rules,
        sent: outcome("sent"),
        failed: outcome("failed"),
        heartbeats: outcome("heartbeat"),
    })
}

#[expect(clippy::cast_precision_loss, reason = "hours in a month are few")]
fn hours_between(row: &AlertRow, answer: &Answer) -> f64 {
    (answer.at.millis() - row.created_at.millis()) as f64 / 3_600_000.0
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

impl ReportCard {
    /// One row a rule.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new(&[
            ("month", "the month, in the city's time"),
            ("alert_rule", "the alert rule"),
            ("evaluations", "how often it was looked at: its receipts"),
            ("fired", "alerts that began"),
            ("kept_back", "of them, told to nobody: muted, silenced, known to be false"),
            ("escalated", "of them, gone further for want of an answer"),
            ("answered", "of them, acknowledged or handed over"),
            ("median_hours", "hours until the answer, in the middle"),
            (
                "led_to_nothing",
                "of them, told, and followed by neither an answer nor a decision within seven days",
            ),
        ]);
        let whole = |count: usize| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
        table.rows = self
            .rules
            .iter()
            .map(|card| {
                vec![
                    Cell::from(self.month.to_string().as_str()),
                    card.rule.as_str().into(),
                    Cell::Whole(card.evaluations),
                    whole(card.fired),
                    whole(card.kept_back),
                    whole(card.escalated),
                    whole(card.answered),
                    card.median_hours.into(),
                    whole(card.led_to_nothing),
                ]
            })
            .collect();
        table
    }

    /// In words, for a message.
    fn words(&self, t: Phrases) -> String {
        let mut lines = vec![t.say_with(
            "report-card-messages",
            &[
                ("sent", &self.sent.to_string()),
                ("failed", &self.failed.to_string()),
                ("days", &self.heartbeats.to_string()),
            ],
        )];
        let fired = self.rules.iter().filter(|card| card.fired > 0);
        lines.extend(fired.map(|card| {
            let hours = card.median_hours.map_or_else(|| "–".to_owned(), |hours| decimal(hours, 1, t.locale));
            t.say_with(
                "report-card-rule",
                &[
                    ("rule", &card.rule),
                    ("fired", &card.fired.to_string()),
                    ("answered", &card.answered.to_string()),
                    ("hours", &hours),
                    ("nothing", &card.led_to_nothing.to_string()),
                ],
            )
        }));
        lines.join("\n")
    }
}

/// Sends the report card of the month before to whoever gets the daily sign of life; returns how many messages that is.
///
/// # Errors
/// When the store does not answer.
pub async fn send_report_card(journey: &Journey) -> anyhow::Result<usize> {
    let now = journey.clock.now();
    let card = report_card(journey, Month::before(now.local_date(journey.city.zone))).await?;
    let hears =
        |to: &&Recipient| to.hears_of_health() && matches!(to.channel.form(), Form::Mail | Form::Short);
    let message = |recipient: &Recipient| {
        let t = Phrases::new(recipient.language);
        let (channel, name) = (recipient.channel.name(), recipient.name.as_str());
        let id =
            hash(&[journey.city.location.as_str(), "report_card", &card.month.to_string(), channel, name]);
        let month = card.month.to_string();
        let subject = t.say_with("report-card-subject", &[("city", &journey.city.name), ("month", &month)]);
        Message { subject, body: card.words(t), ..blank((id, "report_card"), (channel, name), now) }
    };
    let messages: Vec<Message> = journey.channels.recipients().iter().filter(hears).map(message).collect();
    let detail = format!("month {}, messages {}", card.month, messages.len());
    let key = hash(&[journey.city.location.as_str(), "report_card", &card.month.to_string()]);
    let receipt = ReceiptRow::of_message(now, &key, "report_card", detail);
    let is_new = journey.store.send_once(&messages, &receipt).await?;
    Ok(if is_new { messages.len() } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_and_the_one_before_is_found() {
        let june = Month::parse("2021-06").unwrap();
        assert_eq!(june.to_string(), "2021-06");
        assert_eq!(Month::before("2021-07-01".parse().unwrap()), june);
        assert_eq!(Month::before("2021-07-31".parse().unwrap()), june);
        assert_eq!(Month::before("2021-01-15".parse().unwrap()).to_string(), "2020-12");
        for text in ["", "2021", "2021-13", "Juni 2021", "2021-06-01"] {
            assert!(Month::parse(text).unwrap_err().contains("write 2021-06"), "{text}");
        }
        let (from, before) = june.span(chrono_tz::Asia::Jakarta);
        assert_eq!(
            (from.to_string(), before.to_string()),
            ("2021-05-31T17:00:00Z".to_owned(), "2021-06-30T17:00:00Z".to_owned())
        );
    }

    #[test]
    fn the_middle_of_even_and_odd() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
