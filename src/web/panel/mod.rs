//! The panels of a dashboard, one file each with its template of the same name. A panel takes what it needs from the
//! view, says it in the reader's words and gives ready HTML; order and settings come from the dashboard's file.

mod alerts;
mod attention;
mod both_views;
pub(super) mod downloads;
mod facts;
mod figure;
mod filters;
pub(super) mod freshness;
mod indicators;
mod level;
mod revisions;
mod runs;
mod sources;
mod units;
mod would_change;

use askama::Template;

use super::dashboard::Panel;
use super::error::WebError;
use super::figures::Subject;
use super::visit::Visit;
use crate::job::{CityView, Journey};
use crate::text::Phrases;

/// What a panel is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) visit: &'a Visit,
    pub(super) view: &'a CityView,
    /// The reader's words.
    pub(super) t: Phrases,
}

impl<'a> Context<'a> {
    fn journey(&self) -> &'a Journey {
        self.visit.journey()
    }

    fn subject(&self) -> Subject<'a> {
        Subject { view: self.view, journey: self.visit.journey(), phrases: self.t }
    }
}

/// Renders the `nth` panel of a page; one that has nothing to say is empty.
pub(super) async fn render(panel: &Panel, nth: usize, context: Context<'_>) -> Result<String, WebError> {
    Ok(match panel {
        Panel::Level => level::panel(context).render()?,
        Panel::BothViews => optional(both_views::panel(context))?,
        Panel::Epicurve(settings) => figure::epicurve(context, settings, nth).render()?,
        Panel::Facts(facts) => facts::panel(context, facts).render()?,
        Panel::WouldChange { most } => optional(would_change::panel(context, *most))?,
        Panel::Attention(points) => attention::panel(context, points).render()?,
        Panel::Staff { days } => figure::staff(context, *days, nth).render()?,
        Panel::Line { figure, days } => optional(figure::line(context, figure, *days, nth))?,
        Panel::Alerts { most } => alerts::panel(context, *most).render()?,
        Panel::Units => units::panel(context).render()?,
        Panel::Sources => sources::panel(context).render()?,
        Panel::Runs { most } => runs::panel(context, *most).await?.render()?,
        Panel::Filters { days } => filters::panel(context, *days)?.render()?,
        Panel::Indicators { days, columns } => indicators::panel(context, *days, columns)?.render()?,
        Panel::Revisions { most } => revisions::panel(context, *most).render()?,
        Panel::Downloads => downloads::panel(context).render()?,
    })
}

fn optional(panel: Option<impl Template>) -> Result<String, WebError> {
    Ok(panel.map(|panel| panel.render()).transpose()?.unwrap_or_default())
}
