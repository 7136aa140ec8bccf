//! From a dashboard's name to the files of a folder.

use std::collections::BTreeMap;

use anyhow::Context;
use askama::Template;

use super::unlinked::unlinked;
use crate::access::Client;
use crate::account::Visitor;
use crate::assets;
use crate::chart::{Theme, png};
use crate::disclosure::Audience;
use crate::job::{CityView, Focus};
use crate::text::{Locale, Phrases};
use crate::web::AppState;
use crate::web::dashboard::{Dashboard, Panel};
use crate::web::door::Rule;
use crate::web::figures::{Asked, Subject, draw};
use crate::web::page::{Frame, filled};
use crate::web::visit::Visit;
use crate::web::visitor::Guest;

/// What every page asks for, out of `dashboards/assets/`.
const ASSETS: [&str; 6] = [
    "siaga.css",
    "siaga.js",
    "favicon.svg",
    "font/siaga-sans-400.woff2",
    "font/siaga-sans-600.woff2",
    "font/OFL.txt",
];
/// CSS pixels of a chart in a file, and picture pixels per CSS pixel.
const SIZE: (u32, u32) = (960, 420);
const SCALE: f32 = 2.0;

/// What is to be written.
#[derive(Debug, Clone)]
pub struct PaperAsk {
    /// The dashboard.
    pub name: String,
    /// The day, and as known when.
    pub focus: Focus,
    /// For whom.
    pub audience: Audience,
    /// Who has it written.
    pub visitor: Visitor,
}

/// The files of a dashboard by their path in a folder; `index.html` is in the first language.
///
/// # Errors
/// When there is no such dashboard, its file cannot be used, or there is no figure to show.
pub async fn paper(state: &AppState, ask: &PaperAsk) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    paper_with(state, ask, &Files::new()).await
}

/// The same beside files of datasets, which its pages lead to.
pub(super) async fn paper_with(
    state: &AppState,
    ask: &PaperAsk,
    exports: &Files,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let board = state.shelf().get(&ask.name).cloned();
    let board = board.with_context(|| format!("there is no dashboard '{}'", ask.name))?;
    let view = state.view(ask.focus, &ask.audience).await?;
    if view.observations.is_empty() {
        anyhow::bail!("the store has no figure that a dashboard could show");
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for locale in Locale::ALL {
        let (page, charts) = page(state, (ask, exports), (&view, &board.dashboard), locale).await?;
        files.insert(file_of(state.journey.locale, locale.tag()), page.into_bytes());
        files.extend(charts);
    }
    for path in ASSETS {
        let asset = assets::dashboard_file(&format!("assets/{path}"));
        let asset = asset.with_context(|| format!("find dashboards/assets/{path}"))?;
        files.insert(path.to_owned(), asset.data.into_owned());
    }
    Ok(files.into_iter().collect())
}

/// The file of a language: the first one's is what a folder is opened by.
fn file_of(first: Locale, tag: &str) -> String {
    if tag == first.tag() { "index.html".to_owned() } else { format!("{tag}.html") }
}

pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The page in one language, and the charts that it links to.
async fn page(
    state: &AppState,
    (ask, exports): (&PaperAsk, &Files),
    (view, dashboard): (&CityView, &Dashboard),
    locale: Locale,
) -> anyhow::Result<(String, Files)> {
    // What is made for anybody is made as by nobody.
    let visitor = if ask.audience == Audience::public() { Visitor::Public } else { ask.visitor.clone() };
    let guest = Guest { visitor, client: Client::new("command line", ""), session: None };
    let phrases = Phrases::new(locale);
    let visit = Visit::to_paper(state, phrases, (ask.focus, ask.audience.clone()), guest);
    let dashboard = on_paper(dashboard, &visit, !exports.is_empty());
    if dashboard.panels.is_empty() {
        anyhow::bail!("the dashboard {} has nothing for this audience: choose another --audience", ask.name);
    }
    let first = state.journey.locale;
    let frame = Frame::of(&visit, view, (locale.of(&dashboard.title), "/"));
    let frame = frame.on_paper(&|tag| file_of(first, tag));
    let page = filled(&visit, view, frame, &dashboard).await?.render().context("make the page")?;
    let subject = Subject { view, journey: &state.journey, phrases };
    let mut charts = Files::new();
    let html = unlinked(&page, |address| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if let Some(file) = export_of(address).filter(|file| exports.contains_key(*file)) {
            return Some(file.to_owned());
        }
        let (name, end) = path.strip_prefix("/charts/")?.rsplit_once('.')?;
        let chart = draw(name, subject, Asked::default(), Theme::Light, SIZE)?.svg;
        let bytes = match end {
            "svg" => chart.into_bytes(),
            "png" => png(&chart, SCALE).ok()?,
            _ => return None,
        };
        let file = format!("charts/{name}-{}.{end}", locale.tag());
        charts.insert(file.clone(), bytes);
        Some(file)
    });
    if html.contains("=\"/") {
        anyhow::bail!("the page still points to a server: this is a fault of siaga's own");
    }
    Ok((html, charts))
}

/// The file of a whole dataset that an address asks for; none where only some of it is asked for, or in another form.
fn export_of(address: &str) -> Option<&str> {
    let (path, asked) = address.split_once('?').unwrap_or((address, ""));
    let is_whole = asked.split('&').all(|pair| pair.is_empty() || pair.starts_with("lang="));
    path.strip_prefix('/').filter(|path| is_whole && path.starts_with("exports/"))
}

/// Without what only a server can answer, and what this reader may not read.
fn on_paper(dashboard: &Dashboard, visit: &Visit, has_files: bool) -> Dashboard {
    let stays = |panel: &&Panel| {
        !matches!(panel, Panel::Filters { .. })
            && (has_files || !matches!(panel, Panel::Downloads))
            && panel.needs().is_none_or(|permission| visit.may_pass(Rule::May(permission)))
    };
    let (mut panels, mut rows, mut nth) = (Vec::new(), Vec::new(), 0);
    for width in &dashboard.rows {
        let row = dashboard.panels.iter().skip(nth).take(*width).filter(stays);
        let before = panels.len();
        panels.extend(row.cloned());
        rows.push(panels.len() - before);
        nth += width;
    }
    rows.retain(|width| *width > 0);
    Dashboard { panels, rows, ..dashboard.clone() }
}

#[cfg(test)]
mod tests {
    use super::export_of;

    #[test]
    fn only_a_whole_dataset_is_the_file_beside_the_page() {
        for (address, file) in [
            ("/exports/observations.csv", Some("exports/observations.csv")),
            ("/exports/observations.csv?lang=en", Some("exports/observations.csv")),
            ("/exports/observations.csv?excel=1&lang=en", None),
            ("/exports/observations.csv?measure=cases", None),
            ("/exports/observations.csv?as_of=2021-06-24", None),
            ("/charts/epicurve.svg", None),
            ("exports/observations.csv", None),
        ] {
            assert_eq!(export_of(address), file, "{address}");
        }
    }
}
