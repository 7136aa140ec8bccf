//! The installation's own pages, at every host that is no city's: which cities there are, and what a monitor asks.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::hosts::Gate;
use super::list::Known;
use super::slot::Slot;
use crate::text::{Phrases, date_medium};
use crate::web::door::Rule;
use crate::web::page::{Frame, html};
use crate::web::state::AppState;
use crate::web::visitor::is_here;
use crate::web::words::Chip;
use crate::web::{asset, health, locale};

/// A page of the installation's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Cities,
    Asset,
    Alive,
    Ready,
    Numbers,
}

/// Which page stands at a path, and who may see it.
fn door(path: &str) -> Option<(Page, Rule)> {
    Some(match path {
        "/" => (Page::Cities, Rule::Open),
        "/healthz" => (Page::Alive, Rule::Open),
        "/readyz" => (Page::Ready, Rule::Open),
        // Nobody has a token for all cities.
        "/metrics" => (Page::Numbers, Rule::Near),
        path if path.starts_with("/assets/") => (Page::Asset, Rule::Open),
        _ => return None,
    })
}

/// A request for no city.
pub(super) async fn page(State(gate): State<Gate>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let is_near = is_here(&request);
    let (uri, headers) = (request.uri(), request.headers());
    match door(uri.path()) {
        Some((_, rule)) if rule == Rule::Near && !is_near => {
            let why =
                "403: the numbers of all cities are for programs of this machine; each city has its own\n";
            (StatusCode::FORBIDDEN, why).into_response()
        }
        Some((Page::Cities, _)) => cities(&gate, (uri, headers), StatusCode::OK).await,
        Some((Page::Asset, _)) => {
            let path = uri.path().trim_start_matches("/assets/").to_owned();
            asset::asset(Path(path), uri.clone(), headers.clone()).await.into_response()
        }
        Some((Page::Alive, _)) => health::all_alive(&states(&gate), headers),
        Some((Page::Ready, _)) => health::all_ready(&states(&gate), headers).await,
        Some((Page::Numbers, _)) => {
            let states: Vec<AppState> = gate.slots().iter().filter_map(Slot::state).collect();
            health::scrape_all(&states).await
        }
        None => cities(&gate, (uri, headers), StatusCode::NOT_FOUND).await,
    }
}

fn states(gate: &Gate) -> Vec<(String, Option<AppState>)> {
    gate.slots().iter().map(|slot| (slot.name().to_owned(), slot.state())).collect()
}

struct Row {
    name: String,
    href: String,
    level: Chip,
    /// The step, for sorting; empty where none is known.
    step: String,
    newest: String,
    /// The same for sorting.
    day: String,
}

#[derive(Template)]
#[template(path = "cities.html")]
struct CitiesPage {
    frame: Frame,
    title: String,
    paragraph: String,
    rows: Vec<Row>,
}

async fn cities(gate: &Gate, (uri, headers): (&Uri, &HeaderMap), status: StatusCode) -> Response {
    let t = Phrases::new(locale::of(uri, headers, gate.locale()));
    let known = gate.list().of(gate.slots()).await;
    let mut rows: Vec<Row> =
        gate.slots().iter().zip(&*known).map(|(slot, known)| row(slot, known, t)).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let is_found = status == StatusCode::OK;
    let paragraph = t.say(if is_found { "cities-what" } else { "cities-nothing" });
    let title = t.say(if is_found { "cities-title" } else { "cities-nothing-title" });
    let frame = frame(gate, t, &title);
    answer(&CitiesPage { frame, title, paragraph, rows }, status)
}

fn frame(gate: &Gate, t: Phrases, title: &str) -> Frame {
    let name = if gate.title().is_empty() { t.say("cities-menu") } else { gate.title().to_owned() };
    Frame::apart(t, &name, title)
}

fn answer(page: &CitiesPage, status: StatusCode) -> Response {
    let mut response = html(page).into_response();
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn row(slot: &Slot, known: &Known, t: Phrases) -> Row {
    let href = format!("{}/", slot.url());
    let without = |name: &str, key: &str| Row {
        name: name.to_owned(),
        href: href.clone(),
        level: Chip::unknown(t.say(key)),
        step: String::new(),
        newest: "–".to_owned(),
        day: String::new(),
    };
    match known {
        Known::Away => without(slot.name(), "cities-away"),
        Known::BeingSetUp => without(slot.name(), "cities-set-up"),
        Known::Seen(journey, view) => match view.newest_day() {
            None => without(&journey.city.name, "cities-no-figures"),
            Some(newest) => Row {
                name: journey.city.name.clone(),
                href,
                level: Chip::recommended(
                    (view.assessment.step, view.assessment.mode),
                    journey.policies.on(view.date),
                    t,
                ),
                step: view.assessment.step.to_string(),
                newest: date_medium(newest, t.locale),
                day: newest.to_string(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_cities_are_for_this_machine_and_nothing_else_is_there() {
        assert_eq!(door("/metrics"), Some((Page::Numbers, Rule::Near)));
        for (path, page) in [
            ("/", Page::Cities),
            ("/assets/siaga.css", Page::Asset),
            ("/healthz", Page::Alive),
            ("/readyz", Page::Ready),
        ] {
            assert_eq!(door(path), Some((page, Rule::Open)), "{path}");
        }
        for path in ["/sign-in", "/exports/observations.csv", "/api", "/decisions", "//", "/assets"] {
            assert_eq!(door(path), None, "{path}");
        }
    }
}
