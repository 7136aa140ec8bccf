//! What was recommended and what was decided, day by day, as rows of coloured segments under the curve, on the
//! curve's own time axis. Each segment also says its level by shape (● normal, ◆ partial, ■ all at home, ?
//! not assessable) and, where it fits, by word, so that it reads without colour. The shapes are drawn, not
//! typed: the embedded font need not have them. Not here: which level holds (`assessment`).

use chrono::NaiveDate;

use super::canvas::{self, Anchor, Canvas, Effect, Face, Ink, Part, Point};
use super::frame::Frame;
use super::svg::{Chart, Envelope, Hit, HitRow, finish};
use super::theme::{Theme, Token};
use super::time_axis::{FOOT, TimeAxis};

/// Height of a row's name, of its segments and of the space under them, CSS pixels.
const NAME: f64 = 20.0;
const BAND: f64 = 24.0;
const SPACE: f64 = 8.0;

/// A level as the strip shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelMark {
    /// Step 0: ●.
    Normal,
    /// Step 1: ◆ 75.
    Partial75,
    /// Step 2: ◆ 50.
    Partial50,
    /// Step 3: ◆ 25.
    Partial25,
    /// Step 4: ■.
    FullWfh,
    /// Not assessable: ? on hatching.
    Unknown,
}

/// One day of a row.
#[derive(Debug, Clone)]
pub struct StripDay {
    /// The day.
    pub date: NaiveDate,
    /// The level in force, recommended or decided, depending on the row.
    pub mark: LevelMark,
    /// Ready text for hovering and keyboard reading.
    pub label: String,
    /// Whether it was recorded later than its day: a dotted hem tells.
    pub is_afterwards: bool,
}

/// One row of the strip. Days that are absent stay empty.
#[derive(Debug, Clone)]
pub struct StripRow {
    /// What the row shows, for example "Disarankan, menurut data saat itu".
    pub name: String,
    /// Its days, in any order, none twice.
    pub days: Vec<StripDay>,
    /// Said in the row's place while it has no day.
    pub empty: String,
}

/// What stands round a strip that is a picture of its own.
#[derive(Debug, Clone, Copy)]
pub struct StripFrame<'a> {
    /// What is shown.
    pub subtitle: &'a str,
    /// As-of date and source.
    pub source_line: &'a str,
}

/// The strip, ready to be drawn. Under a curve it has no visible title: the curve has one.
pub struct LevelStrip<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// Accessible name; shown where there is a frame.
    pub title: &'a str,
    /// What stands round it, where no curve does.
    pub frame: Option<StripFrame<'a>>,
    /// The text alternative.
    pub description: &'a str,
    /// Recommended as known each day, recommended on today's data, and decided where anything was.
    pub rows: &'a [StripRow],
    /// First and last day: `Epicurve::range` of the curve above.
    pub range: (NaiveDate, NaiveDate),
    /// Width in CSS pixels, the same as the curve's; the height follows from the rows.
    pub width: u32,
    /// The level in words, for example "Parsial 25" or "WFH 100%".
    pub word: &'a dyn Fn(LevelMark) -> String,
    /// Writes a day of the time axis; `None` leaves the dates to the curve above.
    pub format_date: Option<&'a dyn Fn(NaiveDate) -> String>,
}

/// Height in which the texts round a strip are measured: room for any of them.
const MEASURED: u32 = 1_000;

/// Draws the strip.
#[must_use]
pub fn level_strip(strip: &LevelStrip<'_>, theme: Theme) -> Chart {
    let (head, foot) = strip.margins();
    let size = (strip.width, whole(head + strip.rows_height() + foot));
    let envelope = Envelope { slug: strip.slug, title: strip.title, description: strip.description, size };
    let time = TimeAxis::new(strip.range.0, strip.range.1, strip.width);
    let mut hits = Vec::new();
    let raw = canvas::draw(size, |canvas| {
        if let Some(frame) = strip.framed(size) {
            frame.draw(canvas);
        }
        let mut top = head;
        for row in strip.rows {
            canvas.text(&row.name, (time.left(), top + 14.0), Face::new(13.0, Token::Muted));
            top += NAME;
            canvas.group(Part::Levels, || {
                if row.days.is_empty() {
                    draw_empty(canvas, &row.empty, (&time, top));
                }
                hits.push(strip.draw_row(canvas, row, (&time, top)));
            });
            top += BAND + SPACE;
        }
        if let Some(format_date) = strip.format_date {
            canvas.group(Part::Axis, || time.draw(canvas, top, format_date));
        }
    });
    finish(&raw, &envelope, &hits, theme)
}

impl LevelStrip<'_> {
    /// CSS pixels.
    fn rows_height(&self) -> f64 {
        self.rows.iter().map(|_| NAME + BAND + SPACE).sum()
    }

    fn framed(&self, size: (u32, u32)) -> Option<Frame<'_>> {
        let StripFrame { subtitle, source_line } = self.frame?;
        Some(Frame { title: self.title, subtitle, source_line, key: &[], size })
    }

    /// Height of what stands over the rows and under them.
    fn margins(&self) -> (f64, f64) {
        let dates = if self.format_date.is_some() { FOOT } else { 0.0 };
        let Some(frame) = self.framed((self.width, MEASURED)) else { return (0.0, dates) };
        let mut span = (0.0, 0.0);
        canvas::draw((self.width, MEASURED), |canvas| span = frame.draw(canvas));
        (span.0, f64::from(MEASURED) - span.1 - FOOT + dates)
    }

    fn draw_row(&self, canvas: &Canvas<'_>, row: &StripRow, (time, top): (&TimeAxis, f64)) -> HitRow {
        let mut days: Vec<_> = row.days.iter().filter(|day| time.contains(day.date)).collect();
        days.sort_by_key(|day| day.date);
        for segment in days.chunk_by(|day, next| {
            (day.mark, day.is_afterwards) == (next.mark, next.is_afterwards)
                && day.date.succ_opt() == Some(next.date)
        }) {
            if let [first, ..] = segment
                && let [.., last] = segment
            {
                let span = (time.start(first.date), time.end(last.date));
                draw_segment(canvas, first.mark, (span, top), &(self.word)(first.mark));
                if first.is_afterwards {
                    draw_hem(canvas, first.mark, (span, top));
                }
            }
        }
        let hit = |day: &&StripDay| Hit {
            date: day.date,
            left: time.start(day.date),
            width: time.step(),
            label: day.label.clone(),
            value: None,
        };
        HitRow { top, height: BAND, hits: days.iter().map(hit).collect() }
    }
}

/// The place of a row that has no day yet: an outline, and why it is empty.
fn draw_empty(canvas: &Canvas<'_>, words: &str, (time, top): (&TimeAxis, f64)) {
    let (left, right, bottom) = (time.left(), time.right(), top + BAND);
    let outline = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.line(&outline, 1.0, Ink::with(Token::Muted, Effect::Dotted));
    canvas.text(words, (left + 9.0, top + 16.5), Face::new(13.0, Token::Muted));
}

/// What was recorded later than its day bears a dotted hem, which is read in greyscale too.
fn draw_hem(canvas: &Canvas<'_>, mark: LevelMark, (span, top): ((f64, f64), f64)) {
    let bottom = top + BAND - 2.5;
    canvas.line(
        &[(span.0 + 1.0, bottom), (span.1 - 2.0, bottom)],
        2.0,
        Ink::with(mark.text(), Effect::Dotted),
    );
}

/// A run of days of one level: fill, then shape and word, shape and share, or shape alone, as room allows.
fn draw_segment(canvas: &Canvas<'_>, mark: LevelMark, (span, top): ((f64, f64), f64), word: &str) {
    const SHAPE: f64 = 5.5;
    let (left, right) = (span.0, (span.1 - 1.0).max(span.0 + 0.5));
    let width = right - left;
    canvas.rect((left, top), (right, top + BAND), mark.fill());
    let middle = top + BAND / 2.0;
    let face = Face { ink: mark.text().into(), ..Face::new(13.0, Token::Ink).bold() };
    let face = if mark == LevelMark::Unknown { face.with_halo() } else { face };
    // The word with comfortable margins, else the share with tight ones.
    let fits = |(text, pad, gap): &(&str, f64, f64)| {
        !text.is_empty() && face.width(text) + 2.0 * pad + 2.0 * SHAPE + gap <= width
    };
    if let Some((text, pad, gap)) = [(word, 8.0, 6.0), (mark.share(), 3.5, 3.0)].into_iter().find(fits) {
        mark.draw_shape(canvas, (left + pad + SHAPE, middle), SHAPE);
        canvas.text(text, (left + pad + 2.0 * SHAPE + gap, middle + 4.5), face);
    } else if width >= 7.0 {
        mark.draw_shape(canvas, (f64::midpoint(left, right), middle), SHAPE.min(width / 2.0 - 1.5));
    }
}

impl LevelMark {
    pub(super) fn fill(self) -> Ink {
        match self {
            Self::Normal => Token::Level0.into(),
            Self::Partial75 => Token::Level1.into(),
            Self::Partial50 => Token::Level2.into(),
            Self::Partial25 => Token::Level3.into(),
            Self::FullWfh => Token::Level4.into(),
            Self::Unknown => Ink::with(Token::LevelUnknown, Effect::Hatched),
        }
    }

    /// Colour of shape and word on the fill.
    pub(super) fn text(self) -> Token {
        match self {
            Self::Normal => Token::Level0Ink,
            Self::Partial75 => Token::Level1Ink,
            Self::Partial50 => Token::Level2Ink,
            Self::Partial25 => Token::Level3Ink,
            Self::FullWfh => Token::Level4Ink,
            Self::Unknown => Token::Ink,
        }
    }

    /// The share in the office, in per cent, where that tells partial levels apart.
    fn share(self) -> &'static str {
        match self {
            Self::Partial75 => "75",
            Self::Partial50 => "50",
            Self::Partial25 => "25",
            Self::Normal | Self::FullWfh | Self::Unknown => "",
        }
    }

    pub(super) fn draw_shape(self, canvas: &Canvas<'_>, (x, y): Point, radius: f64) {
        let ink = self.text();
        match self {
            Self::Normal => canvas.disc((x, y), radius - 0.5, ink),
            Self::Partial75 | Self::Partial50 | Self::Partial25 => {
                canvas.polygon(&[(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], ink);
            }
            Self::FullWfh => {
                let half = radius - 0.8;
                canvas.rect((x - half, y - half), (x + half, y + half), ink);
            }
            Self::Unknown => {
                let face = Face::new(13.0, ink).bold().anchored(Anchor::Middle).with_halo();
                canvas.text("?", (x, y + 4.5), face);
            }
        }
    }
}

/// The heights above are whole numbers far below a million.
fn whole(length: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1,000,000")]
    let whole = length.clamp(0.0, 1_000_000.0) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(marks: &[(u32, LevelMark)]) -> StripRow {
        let day = |(day, mark): &(u32, LevelMark)| StripDay {
            date: NaiveDate::from_ymd_opt(2021, 6, *day).unwrap(),
            mark: *mark,
            label: format!("hari {day}"),
            is_afterwards: false,
        };
        StripRow {
            name: "Disarankan".to_owned(),
            days: marks.iter().map(day).collect(),
            empty: String::new(),
        }
    }

    fn draw(rows: &[StripRow], width: u32) -> String {
        let range =
            (NaiveDate::from_ymd_opt(2021, 6, 1).unwrap(), NaiveDate::from_ymd_opt(2021, 6, 30).unwrap());
        let strip = LevelStrip {
            slug: "strip",
            title: "Level",
            frame: None,
            description: "Level per hari.",
            rows,
            range,
            width,
            word: &|mark| format!("{mark:?}"),
            format_date: None,
        };
        level_strip(&strip, Theme::Page).svg
    }

    #[test]
    fn days_of_one_level_are_one_segment_and_a_missing_day_parts_them() {
        let marks: Vec<_> = (1..=20).filter(|day| *day != 8).map(|day| (day, LevelMark::Normal)).collect();
        let svg = draw(&[row(&marks)], 960);
        assert_eq!(svg.matches("fill=\"var(--level-0)\"").count(), 2);
        assert_eq!(svg.matches("data-label=").count(), 19);
    }

    #[test]
    fn a_level_reads_without_colour() {
        let wide: Vec<_> = (1..=20).map(|day| (day, LevelMark::FullWfh)).collect();
        assert!(draw(&[row(&wide)], 960).contains("FullWfh"), "the word where it fits");
        let narrow: Vec<_> = (1..=4).map(|day| (day, LevelMark::Partial25)).collect();
        let svg = draw(&[row(&narrow)], 390);
        assert!(svg.contains("\n25\n") && !svg.contains("Partial25"), "the share where the word does not");
        assert!(svg.contains("<polygon fill=\"var(--on-level-3)\""), "with its shape");
        assert!(draw(&[row(&[(3, LevelMark::Unknown)])], 390).contains("hatch"));
    }

    #[test]
    fn it_stands_on_the_axis_of_the_curve_above() {
        let svg = draw(&[row(&[(1, LevelMark::Normal)])], 960);
        assert!(svg.contains("<rect x=\"480\""), "the left gutter of 48 px");
    }

    #[test]
    fn a_strip_alone_has_its_texts_and_a_row_to_come_its_place() {
        let rows = [
            row(&[(1, LevelMark::Normal)]),
            StripRow { name: "Keputusan".to_owned(), days: Vec::new(), empty: "belum ada".to_owned() },
        ];
        let range =
            (NaiveDate::from_ymd_opt(2021, 6, 1).unwrap(), NaiveDate::from_ymd_opt(2021, 6, 30).unwrap());
        let strip = LevelStrip {
            slug: "strip",
            title: "WFH sejak 22 Juni",
            frame: Some(StripFrame { subtitle: "Anjuran per hari", source_line: "Dinkes" }),
            description: "",
            rows: &rows,
            range,
            width: 390,
            word: &|mark| format!("{mark:?}"),
            format_date: Some(&|date| date.to_string()),
        };
        let svg = level_strip(&strip, Theme::Page).svg;
        for text in ["WFH sejak 22 Juni", "Anjuran per hari", "Keputusan", "belum ada", "Dinkes"] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}");
        }
        assert_eq!(svg.matches("class=\"part-levels\"").count(), 2);
    }

    #[test]
    fn no_rows_and_unsorted_rows_are_drawn() {
        assert!(draw(&[], 960).contains("viewBox=\"0 0 960 0\""));
        let svg = draw(&[row(&[(2, LevelMark::Normal), (1, LevelMark::Normal)])], 960);
        assert_eq!(svg.matches("fill=\"var(--level-0)\"").count(), 1);
    }
}
