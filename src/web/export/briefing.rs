//! The briefing of a day, gathered from a view: what paper and screen say alike, and the id by which it is made again.

use anyhow::Context;

use crate::chart::Theme;
use crate::document::{Briefing, BriefingCurve, BriefingInput, Programme};
use crate::export::{BUILD, Recipe, fingerprint};
use crate::job::{SourceFreshness, decision_clock, duty_gaps, policy_name, programmes};
use crate::text::Locale;
use crate::web::figures::{self, Asked, Look, Subject};
use crate::web::words::{moment, moment_short};

/// CSS pixels of the curve: the width of the page, as high as the page has room for.
const CURVE: (u32, u32) = (720, 276);
/// Days that it shows.
const DAYS: u32 = 42;

/// What a briefing tells of the city's own doings beside figures and decisions; all of it may be missing.
#[derive(Debug, Clone, Default)]
pub struct BriefingBesides {
    /// Holes of the duty roster; `None` where none is kept.
    pub duty_gaps: Option<Vec<String>>,
    /// Priority programmes.
    pub programmes: Vec<Programme>,
}

impl BriefingBesides {
    /// What is kept of the days of a view, in its reader's words.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(subject: Subject<'_>) -> anyhow::Result<Self> {
        let Subject { view, journey, phrases } = subject;
        Ok(Self {
            duty_gaps: duty_gaps(journey, view.date, phrases).await?,
            programmes: programmes(journey, view.date).await?,
        })
    }
}

/// The briefing of the day of a view.
///
/// # Errors
/// When the day's figures have no curve.
pub fn briefing(subject: Subject<'_>, besides: &BriefingBesides) -> anyhow::Result<(Recipe, Briefing)> {
    let Subject { view, journey, phrases } = subject;
    let assessment = &view.assessment;
    let curve = curve(subject)?;
    let decision = view.journal.upcoming(view.date).or_else(|| view.journal.in_force(view.date));
    let clock = decision_clock(journey, &view.journal, view.date, Some(assessment));
    let units = journey.city.unit_names();
    let input = BriefingInput {
        assessment,
        policy: journey.policies.on(assessment.date),
        phrases,
        city: &journey.city.name,
        as_of: moment(view.as_of, journey.city.zone, phrases.locale),
        curve: Some(curve),
        decision,
        clock: clock.as_ref(),
        unit_names: &units,
        duty_gaps: besides.duty_gaps.clone(),
        programmes: &besides.programmes,
        sources: sources(subject),
        id: String::new(),
    };
    let bare = Briefing::new(&input);
    let drawn = bare.curve.as_ref().map_or("", |curve| &curve.svg);
    let data = serde_json::to_string(&bare).context("write the briefing")?;
    let recipe = Recipe {
        what: "briefing.pdf".to_owned(),
        asked: vec![("date".to_owned(), view.date.to_string())],
        as_of: view.as_of,
        audience: view.audience.clone(),
        locale: phrases.locale,
        policy: policy_name(journey),
        data: fingerprint(format!("{data}{drawn}").as_bytes()),
        build: BUILD.to_owned(),
    };
    let briefing = Briefing::new(&BriefingInput { id: recipe.to_string(), ..input });
    Ok((recipe, briefing))
}

fn curve(subject: Subject<'_>) -> anyhow::Result<BriefingCurve> {
    let asked = Asked { days: Some(DAYS), ..Asked::default() };
    let figure = figures::figure("epicurve", subject, asked).context("draw the curve")?;
    let look = Look { slug: "briefing", theme: Theme::Light, size: CURVE };
    let chart = figure.draw(subject, look);
    Ok(BriefingCurve { title: figure.title, svg: chart.svg, text_alternative: chart.alt })
}

/// Each source that ever brought something, and when it last did.
fn sources(subject: Subject<'_>) -> Vec<String> {
    let Subject { view, journey, phrases } = subject;
    let zone = journey.city.zone;
    let told = |fresh: &SourceFreshness| {
        let spec = journey.sources.iter().find(|spec| spec.id == fresh.id)?;
        let title = spec.title_in(phrases.locale == Locale::En);
        let at = moment_short(fresh.changed_at?, zone, phrases.locale);
        Some(format!("{title} ({at})"))
    };
    view.freshness.iter().filter_map(told).collect()
}
