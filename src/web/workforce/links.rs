//! How units' cases belong together: the days that have cases, what was said of them, and the form of whoever sees them.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::said::{Choice, Said, answered, entries, name, number, refusal, visitor};
use crate::account::Permission;
use crate::job::{Register, case_links, days_with_cases, link_cases, sees_cases};
use crate::text::{Phrases, date_medium};
use crate::web::entry::{Field, unkept};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::{moment_short, sentence, whole};
use crate::workforce::{CaseLink, LinkSays};

/// The start of the names of ticked days.
const DAY: &str = "day.";

/// A day with cases, to be ticked.
struct Day {
    value: String,
    label: String,
    is_chosen: bool,
}

struct Word {
    days: String,
    what: String,
    by: String,
}

struct OfUnit {
    id: String,
    name: String,
    days: Vec<Day>,
    words: Vec<Word>,
    is_open: bool,
    fields: Vec<String>,
    says: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "workforce/links.html")]
struct LinksPage {
    frame: Frame,
    said: Said,
    /// Whether this visitor sees cases of units at all.
    is_seen: bool,
    units: Vec<OfUnit>,
}

/// The page.
pub(in crate::web) async fn links(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::JudgeFigures).await?;
    page(&visit, Said::asked(&visit)).await
}

/// Keeps what is said of some days.
pub(in crate::web) async fn link(mut visit: Visit, fields: Fields) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::JudgeFigures).await?;
    let says = fields.text("says").parse().map_err(|_| WebError::Field("says"))?;
    let days = fields.ticked(DAY).map(|day| day.parse().map_err(|_| WebError::Field("day")));
    let generations = match number(&visit, &fields, "generations") {
        Ok(generations) => generations.unwrap_or(1),
        Err(said) => return page(&visit, said).await,
    };
    let link = CaseLink {
        id: 0,
        unit_id: fields.text("unit").to_owned(),
        days: days.collect::<Result<_, _>>()?,
        says,
        generations,
        reason: fields.text("reason").to_owned(),
        by: String::new(),
        at: visit.journey().clock.now(),
    };
    match link_cases(visit.journey(), &link, (visitor(&visit), entries(&visit))).await {
        Ok(_) => Ok(see_other("/links?done=linked")),
        Err(fault) => page(&visit, Said::refused(&visit, fault, &fields)?).await,
    }
}

async fn page(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let is_seen = sees_cases(visitor(visit));
    let mut units = Vec::new();
    if is_seen {
        let register = Register::of(journey).await.map_err(refusal)?;
        let view = visit.view().await?;
        let words = case_links(journey, Some(view.as_of), visitor(visit)).await.map_err(refusal)?;
        for (unit_id, days) in days_with_cases(&view) {
            let known = register.units.iter().find(|unit| unit.unit_id == unit_id);
            let is_open = said.is_of("says") && said.value("unit") == unit_id;
            let nothing = Said::default();
            let filled = if is_open { &said } else { &nothing };
            let day = |day: &crate::workforce::CaseDay| Day {
                value: day.date.to_string(),
                label: t.say_with(
                    "link-day",
                    &[
                        ("date", &date_medium(day.date, t.locale)),
                        ("cases", &whole(day.cases.into(), t.locale)),
                    ],
                ),
                is_chosen: !filled.value(&format!("{DAY}{}", day.date)).is_empty(),
            };
            let own = words.iter().rev().filter(|word| word.unit_id == unit_id);
            units.push(OfUnit {
                name: known.map_or_else(|| unit_id.clone(), |unit| name(unit, t).to_owned()),
                days: days.iter().map(day).collect(),
                words: own.map(|word| told(visit, word)).collect(),
                fields: fields(filled, t)?,
                says: says(filled, t),
                is_open,
                id: unit_id,
            });
        }
    }
    let title = said.title(&t.say("links-title"), t);
    let has_fault = said.fault.is_some();
    let page = html(&LinksPage { frame: Frame::plain(visit, (&title, "/officials")), said, is_seen, units })?;
    Ok(answered(unkept(page), has_fault))
}

fn told(visit: &Visit, word: &CaseLink) -> Word {
    let t = visit.phrases;
    let days: Vec<String> = word.days.iter().map(|day: &NaiveDate| date_medium(*day, t.locale)).collect();
    let at = moment_short(word.at, visit.journey().city.zone, t.locale);
    let what = sentence(&t.say(&format!("link-{}", word.says)));
    let generations = match word.generations {
        1 => String::new(),
        more => format!(", {}", t.say_with("link-generations-said", &[("count", &more.to_string())])),
    };
    Word {
        days: days.join(", "),
        what: format!("{what}{generations}: {}", word.reason),
        by: format!("{}, {at}", word.by),
    }
}

fn says(filled: &Said, t: Phrases) -> Vec<Choice> {
    let choice = |says: LinkSays| Choice {
        value: says.to_string(),
        label: sentence(&t.say(&format!("link-{says}"))),
        is_chosen: filled.value("says") == says.as_str(),
    };
    LinkSays::ALL.into_iter().map(choice).collect()
}

fn fields(filled: &Said, t: Phrases) -> Result<Vec<String>, WebError> {
    let fields = [
        Field::text("reason", "link-reason", t)
            .hint(t.say("link-reason-hint"))
            .extra("maxlength=\"300\"")
            .value(filled.value("reason")),
        Field::text("generations", "link-generations-field", t)
            .optional()
            .hint(t.say("link-generations-hint"))
            .extra("inputmode=\"numeric\" maxlength=\"1\"")
            .value(filled.value("generations")),
    ];
    fields.iter().map(|field| Ok(field.render()?)).collect()
}
