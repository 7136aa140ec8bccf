//! One decision as anybody may read it: what was decided, by whom, why, on what; and what today's figures say of the same week.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::numbering::{Circular, Sent};
use super::paper::Letter;
use super::words::{Body, name, state};
use crate::account::Permission;
use crate::assessment::Assessment;
use crate::disclosure::disclose_assessment;
use crate::epi::{IndicatorKind, Vintage};
use crate::job::{Focus, circular_numbers, evidence_of, journal};
use crate::text::{Phrases, date_medium, indicator_value};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::moment;

/// What a decision is usually explained by.
const SHOWN: [IndicatorKind; 4] = [
    IndicatorKind::Cases7d,
    IndicatorKind::Incidence7dPer100k,
    IndicatorKind::GrowthPct,
    IndicatorKind::BedOccupancyPct,
];

struct Then {
    what: String,
    then: String,
    now: String,
}

struct Linked {
    href: String,
    name: String,
    what: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "decision/record.html")]
struct RecordPage {
    frame: Frame,
    name: String,
    kind: String,
    state: String,
    body: String,
    figures: Vec<Then>,
    assessed: String,
    chain: Vec<Linked>,
    evidence: String,
    signed: String,
    is_recorded: bool,
    done: Option<String>,
    /// Letters, for those inside.
    letters: Vec<(String, String)>,
    /// Its number, and the form for it.
    circular: Circular,
    number: u32,
}

/// By the city's clocks. A decision keeps the moment as it was signed, which is no day for people.
fn signed_at(visit: &Visit, kept: &str) -> String {
    let zone = visit.journey().city.zone;
    Vintage::parse_as_of(kept, zone)
        .map_or_else(|_| kept.to_owned(), |at| moment(at, zone, visit.phrases.locale))
}

/// A decision by its number.
pub(in crate::web) async fn record(Path(number): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let number = number.parse().map_err(|_| WebError::NotFound)?;
    page(number, visit, &Sent::default()).await
}

/// A decision's page, with what was sent of its circular where something of that is wrong.
pub(super) async fn page(number: u32, mut visit: Visit, sent: &Sent) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadCity).await?;
    let (t, journey) = (visit.phrases, visit.journey());
    let (newest, as_of) = (visit.state.newest().await?, visit.focus.as_of);
    let found = visit.state.gathered(Some(newest), |viewing| async move {
        let book = journal(&viewing, as_of).await?;
        let Some(decision) = book.get(number) else { return Ok(None) };
        let evidence = evidence_of(&viewing, decision).await?;
        Ok(Some((evidence, circular_numbers(&viewing, as_of).await?, book)))
    });
    let (evidence, numbers, book) = found.await?.ok_or(WebError::NotFound)?;
    let decision = book.get(number).ok_or(WebError::NotFound)?;
    let policy = journey.policies.on(decision.decided_on);
    let said = evidence.assessment.map(|said| disclose_assessment(said, policy, &visit.audience));
    let now = match &said {
        Some(said) => {
            let focus = Focus { date: Some(said.date), as_of: visit.focus.as_of };
            Some(visit.state.view(focus, &visit.audience).await?)
        }
        None => None,
    };
    let figures = said.as_ref().zip(now.as_ref()).map_or_else(Vec::new, |(then, now)| {
        SHOWN.into_iter().filter_map(|kind| figure(kind, (then, &now.on_these_figures), t)).collect()
    });
    let chain = whole_chain(&book, decision);
    let done = visit.parameter("done").filter(|done| ["signed", "recorded", "numbered"].contains(done));
    let name_here = name(decision.number, t);
    let html = html(&RecordPage {
        frame: Frame::plain(&visit, (&name_here, "/decisions")),
        kind: t.say(&format!("decision-kind-{}", decision.kind)),
        state: state(book.state(decision, journey.today()), t),
        body: Body::of(journey, decision, t).render()?,
        figures,
        assessed: said.map_or_else(String::new, |said| date_medium(said.date, t.locale)),
        chain: chain
            .into_iter()
            .map(|entry| Linked {
                href: format!("/decisions/{}", entry.number),
                name: name(entry.number, t),
                what: format!(
                    "{}, {}–{}",
                    t.say(&format!("decision-kind-{}", entry.kind)),
                    date_medium(entry.period.start, t.locale),
                    date_medium(entry.period.last_day, t.locale)
                ),
                is_here: entry.number == decision.number,
            })
            .collect(),
        evidence: decision.evidence.clone(),
        signed: signed_at(&visit, &decision.signed_at),
        is_recorded: decision.afterwards.is_some(),
        letters: letters(&visit, decision.number),
        circular: Circular::of(&visit, (&numbers, number), sent)?,
        number,
        done: done.map(|done| t.say(&format!("decision-done-{done}"))),
        name: name_here,
    })?;
    Ok(html)
}

/// The letters of a decision with their addresses, for those who may take them.
fn letters(visit: &Visit, number: u32) -> Vec<(String, String)> {
    if !visit.may_pass(Rule::May(Permission::ReadCity)) {
        return Vec::new();
    }
    let letter = |letter: Letter| {
        let file = letter.file();
        let word = visit.phrases.say(&format!("decision-letter-{}", file.replace('.', "-")));
        (format!("/decisions/{number}/{file}"), word)
    };
    Letter::ALL.map(letter).into()
}

/// The decision that this one belongs to, with everything that changed it, before and after.
fn whole_chain<'a>(
    book: &'a crate::decision::Journal,
    decision: &crate::decision::Decision,
) -> Vec<&'a crate::decision::Decision> {
    let mut chain = book.chain(decision);
    while let Some(next) = chain.last().and_then(|last| book.changed_by(last.number)) {
        chain.push(next);
    }
    if chain.len() > 1 { chain } else { Vec::new() }
}

/// One figure then and now; nothing where it was not known then.
fn figure(kind: IndicatorKind, (then, now): (&Assessment, &Assessment), t: Phrases) -> Option<Then> {
    let value = |made: &Assessment| made.indicators.get(kind.name()).and_then(|known| known.value);
    let told = |value: f64| indicator_value(Some(kind), value, t);
    Some(Then {
        what: t.say(&format!("indicator-{}", kind.name())),
        then: told(value(then)?),
        now: value(now).map_or_else(|| "–".to_owned(), told),
    })
}
