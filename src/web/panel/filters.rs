//! The form above the analysts' tables: from, to, as known when. Its fields are the address.

use askama::Template;
use chrono::NaiveDate;

use super::Context;
use crate::epi::Window;
use crate::text::Phrases;
use crate::web::error::WebError;

#[derive(Template)]
#[template(path = "panel/filters.html")]
pub(super) struct FiltersPanel {
    t: Phrases,
    from: NaiveDate,
    to: NaiveDate,
    as_of: String,
    first: NaiveDate,
    last: NaiveDate,
    action: String,
    /// What else the address says.
    unseen: Vec<(String, String)>,
}

pub(super) fn panel(context: Context<'_>, days: u32) -> Result<FiltersPanel, WebError> {
    let window = window(context, days)?;
    let journey = context.journey();
    Ok(FiltersPanel {
        t: context.t,
        from: window.from,
        to: window.to,
        // A moment to the second does not fit a field for days; its day does.
        as_of: context
            .visit
            .focus
            .as_of
            .map(|as_of| as_of.local_date(journey.city.zone).to_string())
            .unwrap_or_default(),
        first: journey.ruled_since(),
        last: journey.today(),
        action: context.visit.path().to_owned(),
        unseen: context.visit.unseen(&["from", "to", "as_of", "date"]),
    })
}

/// The days asked for: up to the day shown, from `from` or as many as the dashboard says.
pub(super) fn window(context: Context<'_>, days: u32) -> Result<Window, WebError> {
    let to = context.view.date;
    let usual = Window::ending(to, u64::from(days));
    Ok(match context.visit.day("from")? {
        Some(from) => Window { from: from.min(to), to },
        None => usual,
    })
}
