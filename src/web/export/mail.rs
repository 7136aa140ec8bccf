//! The chart of a mail: the case curve as those who decide may see it, on what was known when the mail was made.

use anyhow::{Context, bail};

use crate::chart::{self, Theme};
use crate::disclosure::Audience;
use crate::epi::Vintage;
use crate::job::{Focus, Journey, city_view};
use crate::text::{Locale, Phrases};
use crate::web::figures::{self, Asked, Look, Subject};

/// CSS pixels of the curve: as wide as a mail, on a telephone still readable.
const SIZE: (u32, u32) = (640, 300);
/// Pixels for each of them.
const SCALE: f32 = 2.0;
/// Days that it shows.
const DAYS: u32 = 42;

/// Draws the chart of a mail as PNG.
///
/// # Errors
/// When there is nothing to draw, or the picture came out empty: a mail that shows nothing would say that nothing is the matter.
pub async fn mail_chart(journey: &Journey, as_of: Vintage, language: Locale) -> anyhow::Result<Vec<u8>> {
    let audience = if journey.is_demo { Audience::unsuppressed() } else { Audience::executive() };
    let focus = Focus { date: None, as_of: Some(as_of) };
    let view = city_view(&journey.viewing(), focus, &audience).await?;
    if view.daily.iter().all(Option::is_none) {
        bail!("there is no day with a figure to draw");
    }
    let subject = Subject { view: &view, journey, phrases: Phrases::new(language) };
    let asked = Asked { days: Some(DAYS), ..Asked::default() };
    let figure = figures::figure("epicurve", subject, asked).context("the curve has no days")?;
    let drawn = figure.draw(subject, Look { slug: "mail", theme: Theme::Light, size: SIZE });
    let png = chart::png(&drawn.svg, SCALE)?;
    if chart::is_blank(&png) {
        bail!("the picture came out empty");
    }
    Ok(png)
}
