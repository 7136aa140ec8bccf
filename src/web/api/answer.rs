//! One request of a program: which rows, as known when, for whom.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::collection::Collection;
use super::paging::{MOST, Paging};
use super::rows;
use crate::account::Permission;
use crate::audit::Action;
use crate::epi::Vintage;
use crate::export::{Object, Table, hex, objects};
use crate::job::{Asking, Dataset, Ending, FILTERS, Wanted, page};
use crate::store::{Newest, RunFilter};
use crate::text::Reason;
use crate::web::asset::is_known;
use crate::web::error::WebError;
use crate::web::pulls::sees_values;
use crate::web::visit::Visit;

/// Says how many rows a page may have.
const PAGE_LIMIT: HeaderName = HeaderName::from_static("siaga-page-limit");

/// What a page of rows is written as.
#[derive(Serialize)]
struct Body<'t> {
    data: Vec<Object<'t>>,
    page: Value,
    about: Value,
}

/// `/api/v1/observations`, `/api/v1/indicators`, …: a page of rows.
pub(in crate::web) async fn collection(
    collection: Collection,
    mut visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let dataset = match collection {
        Collection::Data(dataset) => Some(dataset),
        _ => None,
    };
    visit.as_taken_away(dataset).await?;
    only_known_words(collection, &visit)?;
    let paging = Paging::of(&visit)?;
    // What is about people at work is counted by no version.
    let (newest, since) = match dataset.is_some_and(Dataset::is_of_the_workforce) {
        true => (None, visit.journey().clock.now()),
        false => {
            let (newest, since) = visit.state.known_since().await?;
            (Some(newest), since)
        }
    };
    let as_of = paging.as_of.or(visit.focus.as_of).unwrap_or(since);
    let (table, total) = match collection {
        Collection::Data(dataset) => data((dataset, &visit), paging, (newest, as_of)).await?,
        Collection::Locations => part(rows::locations(&visit), paging),
        Collection::Exports => part(rows::exports(&visit), paging),
        Collection::Sources => part(rows::sources(&visit, (newest, as_of)).await?, paging),
        Collection::Runs => runs(&visit, paging, (newest, as_of)).await?,
    };
    let next = paging.next(total, as_of);
    let next = next.map(|cursor| visit.with("cursor", &cursor));
    let body = Body {
        data: objects(&table),
        page: json!({ "total": total, "from": paging.from, "limit": paging.limit, "is_truncated": next.is_some(), "next": next }),
        about: json!({
            "location": visit.journey().city.location.as_str(),
            "as_of": as_of.to_string(),
            "suppression": visit.audience.to_string(),
        }),
    };
    let mut response = told(&body, &headers)?;
    if let Some(next) = next
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// `/api/v1/assessments/latest`: level, verdict and reasons of the latest day, or of `date`, in the stable form.
pub(in crate::web) async fn latest(mut visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadCity).await?;
    known_words(&visit, &["date", "as_of", "lang"])?;
    let view = visit.view().await?;
    told(&view.assessment, &headers)
}

/// A word that means nothing to a collection is refused.
fn only_known_words(collection: Collection, visit: &Visit) -> Result<(), WebError> {
    // A dataset names its own filters when it refuses another's.
    let others: &[&str] = if matches!(collection, Collection::Data(_)) { &FILTERS } else { &[] };
    let known = [collection.filters(), &["as_of", "limit", "cursor", "lang"]].concat();
    known_words(visit, &[known.as_slice(), others].concat())
}

/// A filter that is mistyped would give everything.
fn known_words(visit: &Visit, known: &[&str]) -> Result<(), WebError> {
    visit.names().find(|name| !known.contains(name)).map_or(Ok(()), |other| {
        let reason = Reason::new("filter-unknown").text("asked", other).text("names", known.join(", "));
        Err(WebError::Refused(reason))
    })
}

async fn data(
    (dataset, visit): (Dataset, &Visit),
    paging: Paging,
    (newest, as_of): (Option<Newest>, Vintage),
) -> Result<(Table, usize), WebError> {
    let asked = |name: &'static str| visit.parameter(name).map(str::to_owned);
    let asking = Asking {
        dataset,
        ending: Ending::Json,
        wanted: Wanted::read(dataset, &visit.journey().city.location, &asked).map_err(WebError::Refused)?,
        besides: Vec::new(),
        as_of,
        audience: visit.audience.clone(),
        locale: visit.phrases.locale,
    };
    let _place = visit.state.place().await?;
    let (asked, from, limit) = (&asking, paging.from, paging.limit);
    let taken =
        visit.state.gathered(newest, |viewing| async move { page(&viewing, asked, from, limit).await });
    let (table, total) = taken.await?;
    let what = format!("{}; as of {as_of}; {} rows", visit.audience, table.rows.len());
    visit.note(Action::FiguresExported, &format!("api {}", dataset.name()), &what).await?;
    Ok((table, total))
}

fn part(whole: Table, paging: Paging) -> (Table, usize) {
    let total = whole.rows.len();
    let rows = whole.rows.into_iter().skip(paging.from).take(paging.limit).collect();
    (Table { rows, columns: whole.columns }, total)
}

async fn runs(
    visit: &Visit,
    paging: Paging,
    (newest, as_of): (Option<Newest>, Vintage),
) -> Result<(Table, usize), WebError> {
    let filter = RunFilter {
        until: Some(as_of),
        limit: u32::try_from(paging.limit).unwrap_or(u32::MAX),
        skip: u32::try_from(paging.from).unwrap_or(u32::MAX),
        ..RunFilter::default()
    };
    let filter = &filter;
    let found = visit.state.gathered(newest, |viewing| async move {
        Ok((viewing.store.run_page(filter).await?, viewing.store.run_count(as_of).await?))
    });
    let (found, total) = found.await?;
    let rows = found.rows.iter().map(|run| rows::run_row(run, sees_values(visit))).collect();
    Ok((Table { columns: rows::run_columns(), rows }, usize::try_from(total).unwrap_or(usize::MAX)))
}

/// An answer in JSON with a tag of its very bytes.
fn told(body: &impl Serialize, headers: &HeaderMap) -> Result<Response, WebError> {
    let bytes = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
    let tag = format!("\"{}\"", hex(&Sha256::digest(&bytes)[..16]));
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie, authorization".to_owned()),
        (PAGE_LIMIT, MOST.to_string()),
    ];
    if is_known(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}
