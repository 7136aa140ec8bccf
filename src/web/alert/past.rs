//! What became of what, by days and rule; the report card of a month.

use chrono::{Duration, NaiveDate};

use crate::epi::Window;
use crate::job::{Month, PastAlert, ReportCard, RuleCard, past_alerts, report_card, rule_title};
use crate::text::{Phrases, decimal};
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::words::{count, full_sentence, moment_short, sentence};
use crate::web::workforce::Choice;

/// Days that are shown where nobody asks for others.
const USUAL_DAYS: i64 = 28;
/// So many rows are shown; the file has all.
const MOST: usize = 200;

/// One thing that became of something.
pub(super) struct Row {
    pub(super) at: String,
    pub(super) event: String,
    pub(super) words: String,
    /// Why nobody was told.
    pub(super) kept: String,
    pub(super) href: String,
}

/// What became of what.
pub(super) struct History {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) rules: Vec<Choice>,
    pub(super) rows: Vec<Row>,
    /// How many there are, if more than are shown.
    pub(super) more: Option<String>,
}

impl History {
    pub(super) async fn of(visit: &Visit) -> Result<Self, WebError> {
        let (t, journey) = (visit.phrases, visit.journey());
        let today = journey.today();
        let to = visit.day("to")?.unwrap_or(today);
        let from = visit.day("from")?.unwrap_or(to - Duration::days(USUAL_DAYS - 1));
        if from > to {
            return Err(WebError::Parameter { name: "from" });
        }
        let rules = &journey.alerting.rules;
        let asked = visit.parameter("rule");
        if asked.is_some_and(|id| rules.rule(id).is_none()) {
            return Err(WebError::Parameter { name: "rule" });
        }
        let past = past_alerts(journey, (Window { from, to }, asked), (&visit.guest.visitor, t)).await?;
        let args = [("shown", &*count(MOST, t.locale)), ("total", &*count(past.len(), t.locale))];
        let choice = |rule: &crate::alert::AlertRule| Choice {
            value: rule.id.clone(),
            label: sentence(t.locale.of(&rule.title)),
            is_chosen: asked == Some(&rule.id),
        };
        Ok(Self {
            from,
            to,
            last: today,
            rules: rules.rules.iter().map(choice).collect(),
            more: (past.len() > MOST).then(|| t.say_with("shown-of", &args)),
            rows: past.iter().take(MOST).map(|past| row(visit, past)).collect(),
        })
    }
}

fn row(visit: &Visit, past: &PastAlert) -> Row {
    let (t, row) = (visit.phrases, &past.row);
    Row {
        at: moment_short(row.created_at, visit.journey().city.zone, t.locale),
        event: t.say(&format!("alerts-turn-{}", row.event)),
        words: full_sentence(&past.words),
        kept: kept(&row.kept, t),
        href: visit.to(&format!("/alerts/{}", row.episode)),
    }
}

/// Why nobody was told; nothing where people were.
pub(super) fn kept(code: &str, t: Phrases) -> String {
    if code.is_empty() { String::new() } else { t.say(&format!("alerts-kept-{code}")) }
}

/// One rule in a month.
pub(super) struct CardRow {
    pub(super) title: String,
    pub(super) counts: [String; 5],
    pub(super) hours: String,
}

/// The report card.
pub(super) struct Card {
    pub(super) month: String,
    pub(super) last: String,
    pub(super) rows: Vec<CardRow>,
    pub(super) messages: String,
    /// Whether the rules were looked at in that month at all.
    pub(super) was_watched: bool,
}

impl Card {
    pub(super) async fn of(visit: &Visit) -> Result<Self, WebError> {
        let (t, journey) = (visit.phrases, visit.journey());
        let today = journey.today();
        let month = match visit.parameter("month") {
            Some(text) => Month::parse(text).map_err(|_| WebError::Parameter { name: "month" })?,
            None => Month::before(today),
        };
        let card: ReportCard = report_card(journey, month).await?;
        let number = |number: i64| count(usize::try_from(number).unwrap_or(0), t.locale);
        Ok(Self {
            month: month.to_string(),
            last: today.format("%Y-%m").to_string(),
            was_watched: !card.rules.is_empty(),
            rows: card.rules.iter().filter(|rule| rule.fired > 0).map(|rule| card_row(visit, rule)).collect(),
            messages: t.say_with(
                "alerts-card-messages",
                &[
                    ("sent", &number(card.sent)),
                    ("failed", &number(card.failed)),
                    ("days", &number(card.heartbeats)),
                ],
            ),
        })
    }
}

fn card_row(visit: &Visit, rule: &RuleCard) -> CardRow {
    let t = visit.phrases;
    let counts = [rule.fired, rule.kept_back, rule.escalated, rule.answered, rule.led_to_nothing];
    CardRow {
        title: sentence(&rule_title(visit.journey(), &rule.rule, t)),
        counts: counts.map(|number| count(number, t.locale)),
        hours: rule.median_hours.map_or_else(|| "–".to_owned(), |hours| decimal(hours, 1, t.locale)),
    }
}
