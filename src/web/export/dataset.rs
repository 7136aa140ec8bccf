//! Datasets as files: in every form, filtered as the address says, named by what they are and when they were known.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::body;
use crate::audit::Action;
use crate::job::{Asking, Dataset, Ending, FILTERS, Wanted, made, off_the_runtime, take};
use crate::text::Reason;
use crate::web::asset::is_known;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// What a file carries along: who took it, as known when, what was withheld, and how it is made again.
const TAKEN_BY: HeaderName = HeaderName::from_static("siaga-taken-by");
const AS_OF: HeaderName = HeaderName::from_static("siaga-as-of");
const SUPPRESSION: HeaderName = HeaderName::from_static("siaga-suppression");
pub(in crate::web) const ID: HeaderName = HeaderName::from_static("siaga-id");

/// `/exports/observations.csv`, `/exports/observations.xlsx`, `/exports/observations.datapackage.json`, …
pub(in crate::web) async fn export(
    (dataset, ending): (Dataset, Ending),
    mut visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    visit.as_taken_away(Some(dataset)).await?;
    let (newest, known_since) = visit.state.known_since().await?;
    // What is about people at work changes without a new version of the figures: it is made anew each time.
    let is_alive = dataset.is_of_the_workforce();
    let known_since = if is_alive { visit.journey().clock.now() } else { known_since };
    let asking = asking(&visit, (dataset, ending), known_since)?;
    let tag = format!("\"{}-{}\"", newest.version, asking.recipe(visit.journey()).question());
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, if is_alive { "no-store" } else { "no-cache" }.to_owned()),
        (header::VARY, "accept-language, cookie, authorization".to_owned()),
    ];
    if !is_alive && is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let _place = visit.state.place().await?;
    let (counted, asked) = ((!is_alive).then_some(newest), &asking);
    let taken = visit.state.gathered(counted, |viewing| async move { take(&viewing, asked).await });
    let taken = Arc::new(taken.await?);
    let recipe = &taken.about.recipe;
    let (name, rows) = (dataset.name(), taken.about.rows);
    if !matches!(ending, Ending::Dictionary | Ending::Package) {
        let what = format!("{}; as of {}; {rows} rows", visit.audience, recipe.as_of);
        visit.note(Action::FiguresExported, &format!("{name}.{ending}"), &what).await?;
    }
    let saved_as = format!("attachment; filename=\"{}\"", taken.saved_as(ending));
    let file =
        [(header::CONTENT_TYPE, ending.content_type().to_owned()), (header::CONTENT_DISPOSITION, saved_as)];
    let carried = [
        (TAKEN_BY, visit.guest.visitor.name().to_owned()),
        (AS_OF, recipe.as_of.to_string()),
        (SUPPRESSION, visit.audience.to_string()),
        (ID, recipe.to_string()),
    ];
    let making = off_the_runtime(move || made(taken, ending)).await?;
    Ok((about, file, carried, body(making)).into_response())
}

/// What the address asks for. A word that means nothing here is refused: a filter that is mistyped would give everything.
fn asking(
    visit: &Visit,
    (dataset, ending): (Dataset, Ending),
    known_since: crate::epi::Vintage,
) -> Result<Asking, WebError> {
    let mut known = dataset.filters().to_vec();
    known.extend(["as_of", "lang"]);
    known.extend((ending == Ending::Csv).then_some("excel"));
    let is_unknown = |name: &&str| !known.contains(name) && !FILTERS.contains(name);
    if let Some(other) = visit.names().find(is_unknown) {
        let reason = Reason::new("filter-unknown").text("asked", other).text("names", known.join(", "));
        return Err(WebError::Refused(reason));
    }
    let asked = |name: &'static str| visit.parameter(name).map(str::to_owned);
    let wanted = Wanted::read(dataset, &visit.journey().city.location, &asked).map_err(WebError::Refused)?;
    let excel = match visit.parameter("excel") {
        None => None,
        Some("1") => Some(("excel".to_owned(), "1".to_owned())),
        Some(_) => return Err(WebError::Choice { name: "excel", allowed: "1" }),
    };
    Ok(Asking {
        dataset,
        ending,
        wanted,
        besides: excel.into_iter().collect(),
        as_of: visit.focus.as_of.unwrap_or(known_since),
        audience: visit.audience.clone(),
        locale: visit.phrases.locale,
    })
}
