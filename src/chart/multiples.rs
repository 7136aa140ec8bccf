//! Small multiples: the same line for several places, on one scale, side by side; the city's own in colour, the others grey. Each
//! panel is named and says its latest value. Not here: which places (the caller).

use chrono::NaiveDate;

use super::canvas::{self, Anchor, Canvas, Face, Ink, Part};
use super::frame::Frame;
use super::svg::{Chart, Envelope, Hit, HitRow, finish};
use super::theme::{Theme, Token};
use super::time_axis::{is_narrow, runs};

/// Height of a panel's name and the space under the panel, CSS pixels.
const NAME: f64 = 20.0;
const UNDER: f64 = 14.0;
/// Space between panels.
const BETWEEN: f64 = 22.0;

/// Several places over the same days, ready to be drawn. Texts are in the reader's language.
pub struct Multiples<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// The finding.
    pub title: &'a str,
    /// What is shown and its unit.
    pub subtitle: &'a str,
    /// The text alternative.
    pub description: &'a str,
    /// As-of date and source.
    pub source_line: &'a str,
    /// The places, the city itself first.
    pub panels: &'a [Panel],
    /// First and last day shown.
    pub range: (NaiveDate, NaiveDate),
    /// Said where there is no other place.
    pub nothing: &'a str,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// Writes the top of the scale.
    pub format: &'a dyn Fn(f64) -> String,
    /// Writes a day of the time axis.
    pub format_date: &'a dyn Fn(NaiveDate) -> String,
}

/// One place.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its name.
    pub name: String,
    /// Its latest value in words, or a dash.
    pub latest: String,
    /// A value a day of the range; `None` where there is none.
    pub values: Vec<Option<f64>>,
    /// Whether it is the city itself.
    pub is_own: bool,
    /// Ready text for pointing, touching and keyboard reading.
    pub label: String,
}

/// Where the panels stand.
struct Grid {
    columns: u32,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// Draws the panels.
#[must_use]
pub fn multiples(chart: &Multiples<'_>, theme: Theme) -> Chart {
    let envelope =
        Envelope { slug: chart.slug, title: chart.title, description: chart.description, size: chart.size };
    let mut hits = Vec::new();
    let raw = canvas::draw(chart.size, |canvas| {
        let frame = Frame {
            title: chart.title,
            subtitle: chart.subtitle,
            source_line: chart.source_line,
            key: &[],
            size: chart.size,
        };
        let span = frame.draw(canvas);
        if chart.panels.is_empty() {
            let middle = (f64::from(chart.size.0) / 2.0, f64::midpoint(span.0, span.1));
            let face = Face::new(15.0, Token::Muted).anchored(Anchor::Middle);
            canvas.text(chart.nothing, middle, face);
            return;
        }
        let grid = chart.grid((span.0, span.1 + 30.0));
        let high = chart.high();
        for (nth, panel) in (0_u32..).zip(chart.panels) {
            let corner = grid.corner(nth);
            chart.draw_panel(canvas, (panel, nth), (corner, &grid, high));
            let hit = Hit {
                date: chart.range.1,
                left: corner.0,
                width: grid.width,
                label: panel.label.clone(),
                value: panel.values.last().copied().flatten(),
            };
            hits.push(HitRow { top: corner.1, height: grid.height, hits: vec![hit] });
        }
    });
    finish(&raw, &envelope, &hits, theme)
}

impl Grid {
    fn corner(&self, nth: u32) -> (f64, f64) {
        let (row, column) = (f64::from(nth / self.columns), f64::from(nth % self.columns));
        (self.left + column * (self.width + BETWEEN), self.top + row * (self.height + BETWEEN / 2.0))
    }
}

impl Multiples<'_> {
    fn grid(&self, (top, bottom): (f64, f64)) -> Grid {
        let count = u32::try_from(self.panels.len()).unwrap_or(u32::MAX).max(1);
        let columns = if is_narrow(self.size.0) { 2 } else { 4 }.min(count);
        let rows = f64::from(count.div_ceil(columns));
        let left = 4.0;
        let width =
            (f64::from(self.size.0) - 2.0 * left - BETWEEN * f64::from(columns - 1)) / f64::from(columns);
        let height = ((bottom - top - BETWEEN / 2.0 * (rows - 1.0)) / rows).max(36.0);
        Grid { columns, left, top, width, height }
    }

    /// The top of the scale that all panels share.
    fn high(&self) -> f64 {
        let values = self.panels.iter().flat_map(|panel| &panel.values).flatten();
        values.copied().filter(|value| value.is_finite()).fold(1.0, f64::max)
    }

    fn draw_panel(
        &self,
        canvas: &Canvas<'_>,
        (panel, nth): (&Panel, u32),
        ((left, top), grid, high): ((f64, f64), &Grid, f64),
    ) {
        let (right, base) = (left + grid.width, top + grid.height - UNDER);
        let token = if panel.is_own { Token::Line } else { Token::Muted };
        let value = Face::new(13.0, token).bold().anchored(Anchor::End);
        canvas.text(&panel.latest, (right, top + 13.0), value);
        let mut face = Face::new(13.0, if panel.is_own { Token::Ink } else { Token::Muted });
        face.bold = panel.is_own;
        let room = grid.width - value.width(&panel.latest) - 8.0;
        face.size = (face.size * room / face.width(&panel.name).max(1.0)).clamp(8.0, face.size);
        canvas.text(&panel.name, (left, top + 13.0), face);
        canvas.line(&[(left, base), (right, base)], 1.0, Token::Muted);
        let plot = base - top - NAME;
        let steps =
            f64::from(u32::try_from(panel.values.len().saturating_sub(1)).unwrap_or(u32::MAX)).max(1.0);
        let points = (0_u32..).zip(&panel.values).map(|(day, value)| {
            let value = value.filter(|value| value.is_finite())?;
            let y = base - (value / high).clamp(0.0, 1.0) * plot;
            Some((left + f64::from(day) / steps * grid.width, y))
        });
        canvas.group(if panel.is_own { Part::Line } else { Part::Others }, || {
            for run in runs(points) {
                match run.as_slice() {
                    [only] => canvas.disc(*only, 2.0, token),
                    line => canvas.line(line, if panel.is_own { 2.4 } else { 1.6 }, token),
                }
            }
        });
        if nth == 0 {
            self.draw_scale(canvas, (left, right), (base - plot, base, high));
        }
    }

    /// The first panel says the scale and the days that all share.
    fn draw_scale(&self, canvas: &Canvas<'_>, (left, right): (f64, f64), (top, base, high): (f64, f64, f64)) {
        let face = Face::new(11.0, Token::Muted);
        canvas.line(&[(left, top), (right, top)], 1.0, Ink::from(Token::Grid));
        canvas.text(&(self.format)(high), (left, top + 11.0), face.with_halo());
        canvas.text(&(self.format_date)(self.range.0), (left, base + 12.0), face);
        canvas.text(&(self.format_date)(self.range.1), (right, base + 12.0), face.anchored(Anchor::End));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(panels: &[Panel], size: (u32, u32)) -> String {
        let day = |day| NaiveDate::from_ymd_opt(2021, 6, day).unwrap();
        let chart = Multiples {
            slug: "tetangga",
            title: "Kota Bogor tertinggi",
            subtitle: "per 100.000",
            description: "Dua tempat.",
            source_line: "Dinkes",
            panels,
            range: (day(1), day(4)),
            nothing: "tidak ada tempat lain",
            size,
            format: &|value| value.to_string(),
            format_date: &|date| date.to_string(),
        };
        multiples(&chart, Theme::Page).svg
    }

    fn panel(name: &str, is_own: bool, values: &[Option<f64>]) -> Panel {
        Panel {
            name: name.to_owned(),
            latest: "9".to_owned(),
            values: values.to_vec(),
            is_own,
            label: format!("{name}: 9"),
        }
    }

    #[test]
    fn the_own_city_is_in_colour_and_gaps_stay_gaps() {
        let panels = [
            panel("Kota Bogor", true, &[Some(1.0), Some(2.0), Some(3.0), Some(4.0)]),
            panel("Kota Depok", false, &[Some(1.0), Some(2.0), None, Some(9.0)]),
        ];
        for size in [(960, 420), (360, 400), (0, 0)] {
            let svg = draw(&panels, size);
            assert_eq!(svg.matches("part-line").count(), 1);
            let others = svg.split("part-others").nth(1).unwrap().split("</g>").next().unwrap();
            assert_eq!((others.matches("<polyline").count(), others.matches("<circle").count()), (1, 1));
            assert_eq!(svg.matches("data-label=").count(), 2);
            assert!(!svg.contains("NaN"));
        }
    }

    #[test]
    fn without_other_places_it_says_so() {
        assert!(draw(&[], (960, 420)).contains("tidak ada tempat lain"));
    }
}
