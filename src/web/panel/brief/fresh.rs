//! How fresh the sources are, a line each: what it brings, when it last had something new, what is wrong.

use askama::Template;

use crate::text::Phrases;
use crate::web::panel::Context;
use crate::web::panel::freshness::{Freshness, freshness};

#[derive(Template)]
#[template(path = "panel/freshness.html")]
pub(in crate::web::panel) struct FreshPanel {
    t: Phrases,
    id: String,
    sources: Vec<Freshness>,
}

pub(in crate::web::panel) fn panel(context: Context<'_>, nth: usize) -> FreshPanel {
    let today = context.visit.as_of().local_date(context.journey().city.zone);
    let sources = freshness(context.journey(), context.view, today, context.t);
    FreshPanel { t: context.t, id: format!("fresh-{nth}"), sources }
}
