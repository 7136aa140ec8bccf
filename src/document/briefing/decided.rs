//! What was decided, as a briefing tells it: level and days, its clock, who stays at the office.

use serde::Serialize;

use super::content::{BriefingInput, BriefingList, mark};
use crate::decision::{ClockState, Decision, Exemption};
use crate::document::dossier::{common_cap, name_of};
use crate::text::{Phrases, date_long, date_medium};

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingDecision {
    /// The level with its mark; empty where nothing was decided.
    pub level: String,
    /// Days, who decided, whether it follows the recommendation: sentences.
    pub lines: Vec<String>,
}

/// The clock of a decision in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingClock {
    /// Which day of its period it is, and how many are left.
    pub now: String,
    /// What today's figures would make of it.
    pub outlook: String,
    /// What is due, by date.
    pub due: Vec<String>,
}

/// What the part about the decision says.
pub(super) struct Decided {
    pub decision: BriefingDecision,
    pub clock: Option<BriefingClock>,
    pub exempt: BriefingList,
}

pub(super) fn decided(input: &BriefingInput<'_>) -> Decided {
    let phrases = input.phrases;
    let nothing = |key: &str| BriefingList { lead: phrases.say(key), items: Vec::new() };
    let Some(decision) = input.decision else {
        let lines = vec![phrases.say("brief-decision-none")];
        let decision = BriefingDecision { level: String::new(), lines };
        return Decided { decision, clock: None, exempt: nothing("brief-exempt-undecided") };
    };
    Decided {
        decision: told(decision, input),
        clock: input.clock.map(|clock| running(clock, phrases)),
        exempt: exempt(decision, input).unwrap_or_else(|| nothing("brief-exempt-none")),
    }
}

fn told(decision: &Decision, input: &BriefingInput<'_>) -> BriefingDecision {
    let phrases = input.phrases;
    let day = |date| date_long(date, phrases.locale);
    let period = decision.period;
    let level = phrases.locale.of(&input.policy.step(decision.step).name);
    let gaps = [
        ("start", day(period.start)),
        ("last", day(period.last_day)),
        ("days", period.days().to_string()),
        ("back", day(period.first_day_back)),
    ];
    let gaps: Vec<(&'static str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let signed = [
        ("number", decision.number.to_string()),
        ("who", decision.decided_by.clone()),
        ("day", date_medium(decision.decided_on, phrases.locale)),
    ];
    let signed: Vec<(&'static str, &str)> =
        signed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let evaluation = day(decision.evaluation_date);
    let follows = match decision.follows() {
        Some(true) => Some("brief-follows"),
        Some(false) => Some("brief-departs"),
        None => None,
    };
    let mut lines = vec![
        phrases.say_with("brief-period", &gaps),
        phrases.say_with("brief-evaluated", &[("day", &evaluation)]),
        phrases.say_with("brief-signed", &signed),
    ];
    lines.extend(follows.map(|key| phrases.say_with(key, &[("reason", &decision.departure)])));
    BriefingDecision { level: format!("{} {level}", mark(decision.mode)), lines }
}

fn running(clock: &ClockState<'_>, phrases: Phrases) -> BriefingClock {
    let now = match clock.lapsed_since {
        Some(since) => phrases.say_with("brief-clock-lapsed", &[("day", &date_long(since, phrases.locale))]),
        None if clock.day < 1 => phrases.say("brief-clock-upcoming"),
        None => {
            let (day, days) = (clock.day.to_string(), clock.decision.period.days().to_string());
            let left = clock.days_left.to_string();
            phrases.say_with("brief-clock-day", &[("day", &day), ("days", &days), ("left", &left)])
        }
    };
    let outlook = clock.outlook.map_or_else(String::new, |outlook| {
        let said = phrases.say(&format!("brief-outlook-{}", outlook.as_str()));
        phrases.say_with("brief-outlook", &[("outlook", &said)])
    });
    let due = clock.due.iter().map(|due| {
        let what = phrases.say(&format!("brief-due-{}", due.kind.as_str()));
        let day = date_long(due.date, phrases.locale);
        phrases.say_with("brief-due", &[("what", &what), ("day", &day)])
    });
    BriefingClock { now, outlook, due: due.collect() }
}

/// Units at the office, then posts.
fn exempt(decision: &Decision, input: &BriefingInput<'_>) -> Option<BriefingList> {
    let phrases = input.phrases;
    let units = &decision.exemptions;
    let common = common_cap(units);
    let mut items: Vec<String> = units.iter().map(|unit| named(unit, common.is_none(), input)).collect();
    items.extend(decision.positions.iter().map(|post| post.title.clone()));
    if items.is_empty() {
        return None;
    }
    let count = units.len().to_string();
    let lead = match common {
        _ if units.is_empty() => phrases.say("brief-exempt-posts"),
        Some(cap) => phrases.say_with("brief-exempt-cap", &[("count", &count), ("cap", &cap.to_string())]),
        None => phrases.say_with("brief-exempt-units", &[("count", &count)]),
    };
    Some(BriefingList { lead, items })
}

fn named(unit: &Exemption, with_cap: bool, input: &BriefingInput<'_>) -> String {
    let name = name_of(unit, input.unit_names);
    let service = if unit.service.is_empty() { String::new() } else { format!(" ({})", unit.service) };
    let cap = unit.cap_pct.filter(|_| with_cap).map_or_else(String::new, |cap| format!(" {cap}%"));
    format!("{name}{service}{cap}")
}
