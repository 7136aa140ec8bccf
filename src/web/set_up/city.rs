//! The first question: which city or regency, how many residents, which time zone. Found by any words of its name.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use chrono_tz::Tz;

use super::progress::{Progress, Step, frame};
use super::state::{answers, keep_answers};
use crate::city::{Place, places};
use crate::config::Answers;
use crate::text::{CountFault, Locale, Phrases, number, read_count};
use crate::web::entry::{Field, Said, unkept, with_fault};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};

/// So many places found are shown; whoever finds more types another word.
const MOST_FOUND: usize = 20;
/// The most residents a city can have: more is a slip.
const MOST_RESIDENTS: u64 = 100_000_000;

/// The time zones of Indonesia: their usual name, and the name their rules are kept under.
const ZONES: [(&str, &str); 3] =
    [("WIB", "Asia/Jakarta"), ("WITA", "Asia/Makassar"), ("WIT", "Asia/Jayapura")];

struct Found {
    href: String,
    name: String,
    about: String,
}

struct Zone {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "set_up/find.html")]
struct FindPage {
    frame: Frame,
    progress: Progress,
    here: String,
    search: String,
    fault: String,
    /// Names that a browser may offer while one types.
    names: Vec<String>,
    found: Vec<Found>,
    more: Option<String>,
    /// Cities of which figures are there already.
    there: Vec<Found>,
}

#[derive(Template)]
#[template(path = "set_up/city.html")]
struct CityPage {
    frame: Frame,
    progress: Progress,
    here: String,
    other: String,
    name: String,
    about: String,
    location: String,
    population: Field,
    zones: Vec<Zone>,
    zone_fault: String,
}

/// Looks for a city, or asks about the one that was chosen.
pub(in crate::web) async fn city(Path(token): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let answers = answers(&visit.journey().store).await?;
    let places = all(&visit)?;
    let search = visit.parameter("q");
    let picked = visit.parameter("pick").or(answers.location.as_deref().filter(|_| search.is_none()));
    let picked = picked.filter(|code| *code != "other").and_then(|code| with_code(&places, code));
    let page = match picked {
        Some(place) => about_page(&visit, &token, place, (&answers, &Filled::default()))?,
        None => find_page(&visit, (&token, &answers), &places).await?,
    };
    Ok(unkept(page))
}

fn all(visit: &Visit) -> Result<Vec<Place>, WebError> {
    let Some(set_up) = &visit.state.set_up else { return Ok(Vec::new()) };
    let mut places = places(&set_up.config)?;
    places.retain(|place| !set_up.is_taken(place.location.id.as_str()));
    Ok(places)
}

fn with_code<'a>(places: &'a [Place], code: &str) -> Option<&'a Place> {
    places.iter().find(|place| place.location.id.as_str() == code)
}

async fn find_page(
    visit: &Visit,
    (token, answers): (&str, &Answers),
    places: &[Place],
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let here = Step::City.address(token);
    let search = visit.parameter("q").unwrap_or_default();
    let is_meant = |place: &&Place| !search.is_empty() && place.is_meant(search);
    let exact = places.iter().find(|place| {
        named(place).eq_ignore_ascii_case(search) || place.location.name.eq_ignore_ascii_case(search)
    });
    let found: Vec<&Place> = exact.map_or_else(|| places.iter().filter(is_meant).collect(), |one| vec![one]);
    if let [one] = found.as_slice() {
        return Ok(see_other(&format!("{here}?pick={}", encoded(one.location.id.as_str()))));
    }
    let fault = match (search.is_empty(), found.is_empty()) {
        (false, true) => t.say_with("set-up-city-none", &[("search", search)]),
        _ => String::new(),
    };
    let row = |place: &&Place| Found {
        href: format!("{here}?pick={}", encoded(place.location.id.as_str())),
        name: place.location.name.clone(),
        about: about(place, t),
    };
    let rows = found.iter().take(MOST_FOUND).map(row).collect();
    let known = with_figures(visit, places).await?;
    let there = known.iter().take(MOST_FOUND).map(row).collect();
    let left = found.len().saturating_sub(MOST_FOUND);
    html(&FindPage {
        frame: frame(visit, (&t.say("set-up-city"), &here), !fault.is_empty()),
        progress: Progress::new(token, Step::City, answers, t),
        here: here.clone(),
        search: search.to_owned(),
        fault,
        names: places.iter().map(named).collect(),
        found: rows,
        more: (left > 0).then(|| t.say_with("set-up-city-more", &[("count", &left.to_string())])),
        there,
    })
}

/// The cities of which figures came in before anybody was asked.
async fn with_figures<'a>(visit: &Visit, places: &'a [Place]) -> Result<Vec<&'a Place>, WebError> {
    let reported = visit.journey().store.reported_locations().await.map_err(anyhow::Error::from)?;
    Ok(places.iter().filter(|place| reported.contains(&place.location.id)).collect())
}

/// "Kota Bontang, Kalimantan Timur": names of regencies repeat from province to province.
fn named(place: &Place) -> String {
    match place.province.as_str() {
        "" => place.location.name.clone(),
        province => format!("{}, {province}", place.location.name),
    }
}

fn about(place: &Place, t: Phrases) -> String {
    let code = t.say_with("set-up-city-code", &[("code", place.location.id.as_str())]);
    if place.province.is_empty() { code } else { format!("{} · {code}", place.province) }
}

/// What was filled in, and what is wrong with it.
#[derive(Default)]
struct Filled {
    population: Option<String>,
    zone: Option<String>,
    population_fault: Option<String>,
    zone_fault: Option<String>,
}

fn about_page(
    visit: &Visit,
    token: &str,
    place: &Place,
    (answers, filled): (&Answers, &Filled),
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let row = &place.location;
    let here = Step::City.address(token);
    let is_same = answers.location.as_deref() == Some(row.id.as_str());
    let shown = |count: f64| number(count, t.locale);
    // As it can be read back: an English thousands mark would be refused.
    let typed =
        |count: f64| if t.locale == Locale::Id { number(count, t.locale) } else { format!("{count:.0}") };
    let known =
        answers.population.filter(|_| is_same).and_then(|count| u32::try_from(count).ok()).map(f64::from);
    let value = filled.population.clone().or_else(|| known.or(row.population).map(typed)).unwrap_or_default();
    let hint = match row.population {
        Some(count) => t.say_with(
            "set-up-population-list",
            &[("count", &shown(count)), ("year", &row.valid_from.format("%Y").to_string())],
        ),
        None => t.say("set-up-population-missing"),
    };
    let zone = filled.zone.clone().or_else(|| answers.time_zone.clone().filter(|_| is_same));
    let zone = zone.unwrap_or_else(|| row.time_zone.clone());
    let choice = |(short, name): &(&'static str, &'static str)| Zone {
        value: name,
        label: t.say(&format!("set-up-zone-{}", short.to_lowercase())),
        is_chosen: is_zone(&zone, name),
    };
    let has_fault = filled.population_fault.is_some() || filled.zone_fault.is_some();
    html(&CityPage {
        frame: frame(visit, (&row.name, &here), has_fault),
        progress: Progress::new(token, Step::City, answers, t),
        other: format!("{here}?pick=other"),
        here,
        name: row.name.clone(),
        about: about(place, t),
        location: row.id.to_string(),
        population: Field::text("population", "set-up-population", t)
            .extra("inputmode=\"numeric\" maxlength=\"20\"")
            .hint(hint)
            .value(&value)
            .fault(filled.population_fault.as_deref()),
        zones: ZONES.iter().map(choice).collect(),
        zone_fault: filled.zone_fault.clone().unwrap_or_default(),
    })
}

/// Whether two names of time zones mean the same clock: Pontianak's is Jakarta's.
fn is_zone(one: &str, other: &str) -> bool {
    let offset = |name: &str| {
        let zone: Tz = name.parse().ok()?;
        let noon = chrono::NaiveDate::from_ymd_opt(2021, 1, 1)?.and_hms_opt(12, 0, 0)?;
        use chrono::{Offset, TimeZone};
        Some(zone.offset_from_utc_datetime(&noon).fix().local_minus_utc())
    };
    one == other || (offset(one).is_some() && offset(one) == offset(other))
}

/// Takes the city. Only what differs from the list is kept beside its code.
pub(in crate::web) async fn choose_city(
    Path(token): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let (places, t) = (all(&visit)?, visit.phrases);
    let place = with_code(&places, fields.text("location")).ok_or(WebError::Field("location"))?;
    let before = answers(&visit.journey().store).await?;
    let population = read_residents(fields.text("population"));
    let zone = ZONES.iter().find(|(_, name)| *name == fields.text("zone")).map(|(_, name)| *name);
    let (Ok(population), Some(zone)) = (&population, zone) else {
        let filled = Filled {
            population: Some(fields.text("population").to_owned()),
            zone: Some(fields.text("zone").to_owned()),
            population_fault: population.err().map(|fault| t.say(fault)),
            zone_fault: zone.is_none().then(|| t.say("set-up-zone-missing")),
        };
        let page = about_page(&visit, &token, place, (&before, &filled))?;
        return Ok(with_fault(&Said::slip(String::new()), page));
    };
    let row = &place.location;
    let is_listed = u32::try_from(*population).ok().map(f64::from) == row.population;
    let answers = Answers {
        location: Some(row.id.to_string()),
        population: (!is_listed).then_some(*population),
        time_zone: (!is_zone(&row.time_zone, zone)).then(|| zone.to_owned()),
        language: Some(t.locale.tag().to_owned()),
        ..before
    };
    keep_answers(&visit.journey().store, &answers).await?;
    Ok(see_other(&Step::Policy.address(&token)))
}

/// The number of residents, or the phrase that says what is wrong with it.
fn read_residents(text: &str) -> Result<u64, &'static str> {
    match read_count(text) {
        Ok(Some(count)) if (1..=MOST_RESIDENTS).contains(&count) => Ok(count),
        Ok(Some(_)) => Err("set-up-population-range"),
        Ok(None) => Err("set-up-population-empty"),
        Err(CountFault::Ambiguous) => Err("count-ambiguous"),
        Err(CountFault::NotACount) => Err("count-unreadable"),
    }
}
