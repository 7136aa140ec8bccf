//! Gathers what alert rules are held against.

use chrono::{Duration, NaiveDate};

use crate::account::Visitor;
use crate::alert::Fact;
use crate::disclosure::Audience;
use crate::epi::{Vintage, Window};
use crate::job::{Focus, Journey, Register, city_view, open_findings, roster_view, standings};
use crate::text::Locale;
use crate::workforce::Unit;

/// Days of the workforce that are looked back at: a city that kept nothing in them keeps nothing.
const BACK: i64 = 14;

/// Sources of which something is held back.
pub(super) async fn held(journey: &Journey) -> anyhow::Result<Vec<Fact>> {
    let mut facts: Vec<Fact> = Vec::new();
    for hold in journey.store.open_holds().await? {
        let spec = journey.sources.iter().find(|spec| spec.id == hold.source);
        let title = spec.map_or(hold.source.as_str(), |spec| spec.title_in(journey.locale == Locale::En));
        let since = hold.at.local_date(journey.city.zone);
        match facts.iter_mut().find(|fact| fact.id == hold.source) {
            Some(known) => known.since = known.since.min(since),
            None => facts.push(Fact {
                id: hold.source.clone(),
                title: title.to_owned(),
                code: String::new(),
                since,
            }),
        }
    }
    Ok(facts)
}

/// What attendance and reports say, and turns of the next working day that nobody takes.
pub(super) struct Workforce {
    pub findings: Vec<Fact>,
    pub open_turns: Vec<Fact>,
}

/// The program looks for everybody: who is told of what is the rules' affair.
pub(super) fn program() -> Visitor {
    Visitor::Operator { name: "siaga".to_owned() }
}

/// What there is to see of the workforce; `None` where nothing was kept of it lately.
pub(super) async fn workforce(journey: &Journey, now: Vintage) -> anyhow::Result<Option<Workforce>> {
    let today = now.local_date(journey.city.zone);
    let back = Window { from: today - Duration::days(BACK), to: today + Duration::days(BACK) };
    let store = &journey.store;
    let has_lists =
        !store.attendance(back, None).await?.is_empty() || !store.reports(back, None).await?.is_empty();
    let has_turns = !store.duties(back, None).await?.is_empty();
    if !has_lists && !has_turns {
        return Ok(None);
    }
    let register = Register::of(journey).await?;
    let program = program();
    let focus = Focus { date: Some(today), as_of: None };
    let view = city_view(&journey.viewing(), focus, &Audience::unsuppressed()).await?;
    let standings = standings(journey, (&register, &view), &program).await?;
    let mut findings = Vec::new();
    for finding in open_findings(journey, &standings, (today, &program)).await? {
        findings.push(Fact {
            title: name(
                journey,
                register.units.iter().find(|unit| unit.unit_id == finding.unit_id),
                &finding.unit_id,
            ),
            code: finding.kind.code().to_owned(),
            since: finding.since,
            id: finding.unit_id,
        });
    }
    let open_turns =
        if has_turns { open_turns(journey, &register, (today, &program)).await? } else { Vec::new() };
    Ok(Some(Workforce { findings, open_turns }))
}

/// A unit's name in the language of the city; its id where nobody knows it.
pub(super) fn name(journey: &Journey, unit: Option<&Unit>, id: &str) -> String {
    unit.map_or(id, |unit| unit.name_in(journey.locale == Locale::En)).to_owned()
}

/// Units whose turn of the next working day is open.
async fn open_turns(
    journey: &Journey,
    register: &Register,
    (today, program): (NaiveDate, &Visitor),
) -> anyhow::Result<Vec<Fact>> {
    let next = journey.city.calendar.next_working_day(today);
    let view = roster_view(journey, (Window { from: next, to: next }, None), program).await?;
    let fact = |id: &str| Fact {
        id: id.to_owned(),
        title: name(journey, register.units.iter().find(|unit| unit.unit_id == id), id),
        code: String::new(),
        since: next,
    };
    // Units that nobody laid out count only where somebody laid out others for the day: without a roster nobody is missing.
    let is_laid_out = !view.duties.is_empty() || !view.holes.is_empty();
    let holes = view.holes.iter().map(|hole| hole.unit_id.as_str());
    let mut units: Vec<&str> = holes.collect();
    if is_laid_out {
        units.extend(view.unplanned.iter().map(|(unit_id, _)| unit_id.as_str()));
    }
    units.sort_unstable();
    units.dedup();
    Ok(units.into_iter().map(fact).collect())
}
