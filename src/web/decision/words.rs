//! Wordings that several pages about decisions share.

use askama::Template;
use chrono::NaiveDate;

use crate::decision::{Decision, Exemption, Journal, Recommended, State};
use crate::job::Journey;
use crate::text::{Phrases, date_long, date_medium};
use crate::web::words::{Chip, cap};

/// The decision in force, said in one line.
#[derive(Debug, Clone)]
pub(in crate::web) struct Line {
    pub(in crate::web) chip: Chip,
    /// "sejak Selasa, 29 Juni 2021 sampai Senin, 5 Juli 2021".
    pub(in crate::web) period: String,
    /// "sampai 5 Juli 2021".
    pub(in crate::web) until: String,
    pub(in crate::web) href: String,
    /// "Keputusan 1".
    pub(in crate::web) name: String,
    /// Whether it is still to come.
    pub(in crate::web) is_upcoming: bool,
}

/// The decision in force on a day, or the one signed for a day after it.
pub(in crate::web) fn in_force_line(
    journey: &Journey,
    journal: &Journal,
    date: NaiveDate,
    t: Phrases,
) -> Option<Line> {
    let upcoming = journal.upcoming(date);
    let decision = upcoming.or_else(|| journal.in_force(date))?;
    Some(Line { is_upcoming: upcoming.is_some(), ..Line::of(journey, decision, t) })
}

impl Line {
    /// A decision in one line.
    pub(super) fn of(journey: &Journey, decision: &Decision, t: Phrases) -> Self {
        Self {
            chip: Chip::of(decision.step, journey.policies.on(decision.decided_on), t),
            period: period(decision, t),
            until: t
                .say_with("decision-until", &[("date", &date_medium(decision.period.last_day, t.locale))]),
            href: format!("/decisions/{}", decision.number),
            name: name(decision.number, t),
            is_upcoming: false,
        }
    }
}

/// "Keputusan 1".
pub(super) fn name(number: u32, t: Phrases) -> String {
    t.say_with("decision-name", &[("number", &number.to_string())])
}

/// "Selasa, 29 Juni 2021 sampai dengan Senin, 5 Juli 2021".
pub(super) fn period(decision: &Decision, t: Phrases) -> String {
    let (from, to) =
        (date_long(decision.period.start, t.locale), date_long(decision.period.last_day, t.locale));
    t.say_with("decision-period", &[("from", &from), ("to", &to)])
}

/// "berlaku", "diperpanjang oleh keputusan 2".
pub(super) fn state(state: State, t: Phrases) -> String {
    let by = state.by().map_or_else(String::new, |by| by.to_string());
    t.say_with(&format!("decision-state-{}", state.as_str()), &[("by", &by)])
}

/// One sentence: what holds, from when to when, and the day back.
pub(super) fn sentence(decision: &Decision, level: &str, t: Phrases) -> String {
    let back = date_long(decision.period.first_day_back, t.locale);
    let period = period(decision, t);
    t.say_with("decision-sentence", &[("level", level), ("period", &period), ("back", &back)])
}

/// "Bima Arya, Wali Kota".
pub(super) fn who(decision: &Decision, t: Phrases) -> String {
    format!("{}, {}", decision.decided_by, t.say(&format!("decision-office-{}", decision.office)))
}

/// From which paper a decision was recorded afterwards; empty of one that was signed here.
fn afterwards(decision: &Decision, t: Phrases) -> String {
    let Some(from) = &decision.afterwards else { return String::new() };
    t.say_with("decision-afterwards-from", &[("paper", &from.paper)])
}

/// A reason with its own words.
pub(super) fn reasons(decision: &Decision, t: Phrases) -> Vec<String> {
    let said = |reason: &crate::decision::Reason| {
        let code = t.say(&format!("decision-reason-{}", reason.code));
        if reason.text.is_empty() { code } else { format!("{code}: {}", reason.text) }
    };
    decision.reasons.iter().map(said).collect()
}

/// One exempt unit as a row.
pub(super) struct ExemptRow {
    pub(super) name: String,
    pub(super) service: String,
    pub(super) cap: String,
    pub(super) least: String,
}

impl ExemptRow {
    pub(super) fn all(units: &[Exemption], t: Phrases) -> Vec<Self> {
        units
            .iter()
            .map(|unit| Self {
                name: unit.name.clone(),
                service: unit.service.clone(),
                cap: unit.cap_pct.map_or_else(|| t.say("decision-cap-open"), |pct| cap(pct, t)),
                least: unit.minimum_presence.map_or_else(|| "–".to_owned(), |least| least.to_string()),
            })
            .collect()
    }
}

/// A decision as draft and record show it.
#[derive(Template)]
#[template(path = "decision/body.html")]
pub(super) struct Body {
    pub(super) t: Phrases,
    pub(super) chip: Chip,
    pub(super) sentence: String,
    pub(super) who: String,
    pub(super) decided_on: String,
    /// What stands over a decision that was not signed here; empty of others.
    pub(super) afterwards: String,
    pub(super) place: String,
    pub(super) evaluation: String,
    pub(super) reasons: Vec<String>,
    pub(super) departure: String,
    pub(super) recommended: Option<Chip>,
    pub(super) recommended_what: String,
    pub(super) ceiling: String,
    pub(super) caps: Vec<(String, String)>,
    pub(super) exempt: Vec<ExemptRow>,
    pub(super) positions: Vec<String>,
    pub(super) continues: Vec<String>,
    pub(super) legal_basis: Vec<String>,
}

impl Body {
    pub(super) fn of(journey: &Journey, decision: &Decision, t: Phrases) -> Self {
        let policy = journey.policies.on(decision.decided_on);
        let chip = Chip::of(decision.step, policy, t);
        let recommended = decision.recommended.as_ref().and_then(Recommended::assessed_step);
        let caps = decision.caps;
        Self {
            t,
            sentence: sentence(decision, &chip.word, t),
            who: who(decision, t),
            decided_on: date_long(decision.decided_on, t.locale),
            afterwards: afterwards(decision, t),
            place: decision.place.clone(),
            evaluation: date_long(decision.evaluation_date, t.locale),
            reasons: reasons(decision, t),
            departure: decision.departure.clone(),
            recommended: recommended.map(|step| Chip::of(step, policy, t)),
            recommended_what: match decision.follows() {
                Some(true) => t.say("decision-follows"),
                Some(false) => t.say("decision-departs"),
                None => t.say("decision-no-recommendation"),
            },
            ceiling: decision.ceiling.as_ref().map_or_else(
                || t.say("missing-no_order"),
                |ceiling| format!("{}, {}", cap(ceiling.pct, t), ceiling.source),
            ),
            caps: vec![
                (t.say("category-N"), cap(caps.non_service, t)),
                (t.say("category-E"), cap(caps.essential, t)),
                (t.say("category-K-field"), cap(caps.critical, t)),
                (t.say("category-K-desk"), cap(caps.critical_desk, t)),
            ],
            exempt: ExemptRow::all(&decision.exemptions, t),
            positions: decision.positions.iter().map(|post| post.title.clone()).collect(),
            continues: decision.continues.clone(),
            legal_basis: decision.legal_basis.clone(),
            chip,
        }
    }
}
