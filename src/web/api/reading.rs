//! The page on which people read what programs may ask.

use askama::Template;
use axum::response::Response;

use super::collection::Collection;
use super::paging::MOST;
use crate::export::Column;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;

struct Read {
    path: String,
    summary: &'static str,
    filters: String,
    /// Whether this visitor may read it; the others say what it takes.
    is_open: bool,
    columns: Vec<Column>,
}

#[derive(Template)]
#[template(path = "api.html")]
struct Reading {
    frame: Frame,
    address: String,
    most: String,
    collections: Vec<Read>,
}

/// `/api`
pub(in crate::web) async fn reading(visit: Visit) -> Result<Response, WebError> {
    let t = visit.phrases;
    let of = |collection: Collection| Read {
        path: collection.path(),
        summary: collection.summary(),
        filters: collection
            .filters()
            .iter()
            .copied()
            .chain(["as_of", "limit", "cursor"])
            .collect::<Vec<_>>()
            .join(", "),
        is_open: visit.may_pass(collection.rule()),
        columns: collection.columns(),
    };
    html(&Reading {
        frame: Frame::plain(&visit, (&t.say("api-title"), "/api")),
        address: visit.state.settings.public_url.clone(),
        most: crate::web::words::whole(MOST as u64, t.locale),
        collections: Collection::ALL.into_iter().map(of).collect(),
    })
}
