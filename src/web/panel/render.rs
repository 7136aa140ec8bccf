//! From a panel of a dashboard's file to ready HTML.

use askama::Template;

use super::{
    alerts, attention, both_views, brief, downloads, facts, figure, filters, indicators, level, revisions,
    runs, sources, units, would_change,
};
use crate::job::{CityView, Journey};
use crate::text::Phrases;
use crate::web::dashboard::Panel;
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::figures::{Subject, beyond};
use crate::web::visit::Visit;

/// What a panel is made from.
#[derive(Clone, Copy)]
pub(in crate::web) struct Context<'a> {
    pub(in crate::web) visit: &'a Visit,
    pub(in crate::web) view: &'a CityView,
    /// The reader's words.
    pub(in crate::web) t: Phrases,
    /// Whether it hangs on a wall.
    pub(in crate::web) is_wall: bool,
}

impl<'a> Context<'a> {
    pub(super) fn journey(&self) -> &'a Journey {
        self.visit.journey()
    }

    pub(super) fn subject(&self) -> Subject<'a> {
        Subject { view: self.view, journey: self.visit.journey(), phrases: self.t }
    }
}

/// Renders the `nth` panel of a page; one that has nothing to say is empty. One that this reader may not read says for whom it
/// is.
pub(in crate::web) async fn render(
    panel: &Panel,
    nth: usize,
    context: Context<'_>,
) -> Result<String, WebError> {
    if let Some(permission) = panel.needs().filter(|needed| !context.visit.may_pass(Rule::May(*needed))) {
        return Ok(brief::not_for(context, permission).render()?);
    }
    Ok(match panel {
        Panel::Level => level::panel(context).render()?,
        Panel::BothViews => optional(both_views::panel(context))?,
        Panel::Sentence => brief::sentence(context).render()?,
        Panel::Countdown => brief::countdown(context, nth).render()?,
        Panel::Freshness => brief::fresh(context, nth).render()?,
        Panel::Table { indicators } => brief::table(context, indicators, nth).render()?,
        Panel::Text { title, text } => brief::text(context, title.as_ref(), text).render()?,
        Panel::Epicurve(settings) => figure::epicurve(context, settings, nth).render()?,
        Panel::Strip { days } => optional(figure::named(context, "level_strip", Some(*days), nth))?,
        Panel::Chart { figure } => {
            read_beyond(context, figure).await?;
            optional(figure::named(context, figure, None, nth))?
        }
        Panel::Facts(facts) => facts::panel(context, facts).render()?,
        Panel::WouldChange { most } => optional(would_change::panel(context, *most))?,
        Panel::Attention(points) => attention::panel(context, points).await?.render()?,
        Panel::Staff { days } => optional(figure::named(context, "staff", Some(*days), nth))?,
        Panel::Line { figure, days } => {
            read_beyond(context, figure).await?;
            optional(figure::named(context, figure, Some(*days), nth))?
        }
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

/// Any chart as a panel of its own: its finding, and ready HTML; `None` for a name that has none.
pub(in crate::web) async fn chart_panel(
    context: Context<'_>,
    name: &str,
) -> Result<Option<(String, String)>, WebError> {
    read_beyond(context, name).await?;
    let Some(panel) = figure::named(context, name, None, 0) else { return Ok(None) };
    Ok(Some((panel.title.clone(), panel.render()?)))
}

/// Some charts need what no other panel does.
async fn read_beyond(context: Context<'_>, name: &str) -> Result<(), WebError> {
    if let Some(beyond) = beyond(name) {
        context.visit.state.know(context.view, beyond).await?;
    }
    Ok(())
}

fn optional(panel: Option<impl Template>) -> Result<String, WebError> {
    Ok(panel.map(|panel| panel.render()).transpose()?.unwrap_or_default())
}
