//! From plotters' raw SVG to the finished chart: accessible names, hatching, dashes, hover targets, size.
//! Nothing here knows what a chart is about, and no `style` attribute is ever written (the pages' security policy
//! forbids them). Colours are put in last by `theme::paint`. Next: `epicurve.rs`, which shows the whole path.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::canvas::{Effect, FAMILY, GROUP_END, GROUP_MARK, Part, UNITS};
use super::theme::{SENTINEL_RED, Theme, Token, paint};

/// The family as CSS must read it: a name with a digit of its own needs the inner quotes, or browsers drop it.
const FONT_STACK: &str = "'Siaga Sans', sans-serif";

/// A finished chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The SVG element. For [`Theme::Page`] without width and height (it fills its container, 100 % wide);
    /// otherwise a complete file of fixed size in CSS pixels.
    pub svg: String,
    /// The text alternative: title and description, unescaped.
    pub alt: String,
}

/// What a chart is called and how large it is.
pub(super) struct Envelope<'a> {
    /// Makes ids unique in a page; anything but ASCII letters, digits and `-` is replaced.
    pub(super) slug: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    /// CSS pixels.
    pub(super) size: (u32, u32),
}

/// What a reader gets when pointing at one day.
pub(super) struct Hit {
    pub(super) date: NaiveDate,
    /// Left edge and width, CSS pixels.
    pub(super) left: f64,
    pub(super) width: f64,
    pub(super) label: String,
    /// The figure itself, where the day has one of its own.
    pub(super) value: Option<f64>,
}

/// Hover targets that share one height.
pub(super) struct HitRow {
    /// CSS pixels from the top.
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) hits: Vec<Hit>,
}

/// Puts the drawing into its envelope.
pub(super) fn finish(raw: &str, envelope: &Envelope<'_>, hits: &[HitRow], theme: Theme) -> Chart {
    let id = safe_id(envelope.slug);
    let (body, hatched) = tidy(inner(raw), &id);
    let mut svg = String::with_capacity(body.len() * 2);
    open(&mut svg, envelope, &id, theme);
    define_hatching(&mut svg, &id, &hatched);
    if theme != Theme::Page {
        let _ =
            writeln!(svg, "<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>", Token::Surface.sentinel());
    }
    let scale = 1.0 / UNITS;
    let _ =
        writeln!(svg, "<g transform=\"scale({scale})\" stroke-linejoin=\"round\" stroke-linecap=\"round\">");
    svg.push_str(&body);
    svg.push_str("</g>\n");
    write_hits(&mut svg, hits);
    svg.push_str("</svg>\n");
    let alt = [envelope.title, envelope.description].join(". ").replace(".. ", ". ");
    Chart { svg: paint(&svg, theme), alt }
}

/// Text that may stand between tags or inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

fn open(svg: &mut String, envelope: &Envelope<'_>, id: &str, theme: Theme) {
    let (width, height) = envelope.size;
    let fixed = match theme {
        Theme::Page => String::new(),
        Theme::Light | Theme::Dark => format!(" width=\"{width}\" height=\"{height}\""),
    };
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\"{fixed} \
         role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" font-family=\"{FONT_STACK}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>",
        escape(envelope.title),
        escape(envelope.description),
    );
}

/// The drawing without plotters' own `svg` element.
fn inner(raw: &str) -> &str {
    let start = raw.find('>').map_or(0, |at| at + 1);
    let end = raw.rfind("</svg>").unwrap_or(raw.len());
    raw.get(start..end).unwrap_or_default().trim_start()
}

/// Drops what plotters writes but SVG assumes anyway, sets weight and family once, and turns effects into
/// attributes. Returns the tokens that need a hatching pattern.
fn tidy(body: &str, id: &str) -> (String, Vec<Token>) {
    let lean = body
        .replace(" opacity=\"1\"", "")
        .replace(" stroke=\"none\"", "")
        .replace(&format!(" font-family=\"{FAMILY}\""), "")
        .replace(" text-anchor=\"start\"", "")
        .replace("font-weight=\"bold\"", "font-weight=\"600\"")
        .replace(" \"/>", "\"/>");
    let lean = grouped(&lean);
    let mark = format!("=\"#{SENTINEL_RED:02X}");
    let mut hatched = Vec::new();
    let mut tidied = String::with_capacity(lean.len());
    let mut rest = lean.as_str();
    while let Some(at) = rest.find(&mark) {
        let (before, found) = rest.split_at(at);
        tidied.push_str(before);
        let code = |from: usize| found.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let effect = code(mark.len()).and_then(Effect::from_code);
        let token = code(mark.len() + 2).and_then(Token::from_index);
        let (Some(effect), Some(token)) = (effect, token) else {
            tidied.push_str(&mark);
            rest = &found[mark.len()..];
            continue;
        };
        tidied.push_str(&attribute(effect, token, id));
        if effect == Effect::Hatched && !hatched.contains(&token) {
            hatched.push(token);
        }
        rest = &found[mark.len() + 4..];
    }
    tidied.push_str(rest);
    (tidied, hatched)
}

/// Puts tags where the drawing marked the beginnings and ends of groups; a group in which nothing was drawn goes.
fn grouped(body: &str) -> String {
    let mark = format!("fill=\"#{SENTINEL_RED:02X}{GROUP_MARK:02X}");
    let code = |line: &str| {
        let at = line.find(&mark)? + mark.len();
        u8::from_str_radix(line.get(at..at + 2)?, 16).ok()
    };
    let mut grouped = String::with_capacity(body.len());
    let mut opened: Vec<usize> = Vec::new();
    for line in body.split_inclusive('\n') {
        match line.starts_with("<circle").then(|| code(line)).flatten() {
            None => {
                grouped.push_str(line);
                opened.clear();
            }
            Some(GROUP_END) => match opened.pop() {
                Some(start) => grouped.truncate(start),
                None => grouped.push_str("</g>\n"),
            },
            Some(code) => {
                opened.push(grouped.len());
                let name = Part::name(code).unwrap_or("other");
                let _ = writeln!(grouped, "<g class=\"part-{name}\">");
            }
        }
    }
    grouped
}

/// `="value` and whatever must follow it, up to the closing quote that plotters wrote.
fn attribute(effect: Effect, token: Token, id: &str) -> String {
    let colour = token.sentinel();
    match effect {
        Effect::Plain => format!("=\"{colour}"),
        Effect::Dashed => format!("=\"{colour}\" stroke-dasharray=\"50 45"),
        Effect::Dotted => format!("=\"{colour}\" stroke-dasharray=\"1 35"),
        Effect::Hatched => format!("=\"url(#{id}-hatch-{})", token.index()),
        Effect::Halo => format!(
            "=\"{colour}\" stroke=\"{}\" stroke-width=\"35\" paint-order=\"stroke",
            Token::Surface.sentinel()
        ),
    }
}

/// Stripes: 45° one way for what is not complete yet, the other way for what stands for several days.
fn define_hatching(svg: &mut String, id: &str, hatched: &[Token]) {
    if hatched.is_empty() {
        return;
    }
    svg.push_str("<defs>");
    for token in hatched {
        let (turn, period, stripe) = match token {
            Token::Lump => (-45, 50, 14),
            _ => (45, 40, 22),
        };
        let _ = write!(
            svg,
            "<pattern id=\"{id}-hatch-{}\" width=\"{period}\" height=\"{period}\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate({turn})\"><rect width=\"{period}\" height=\"{period}\" fill=\"{}\"/>\
             <rect width=\"{stripe}\" height=\"{period}\" fill=\"{}\"/></pattern>",
            token.index(),
            Token::Surface.sentinel(),
            token.sentinel(),
        );
    }
    svg.push_str("</defs>\n");
}

/// Days that share one target: a target narrower than a fingertip's aim is no use, and thousands weigh.
fn days_per_target(days: usize) -> usize {
    match days {
        0..=120 => 1,
        121..=400 => 3,
        _ => 7,
    }
}

fn write_hits(svg: &mut String, rows: &[HitRow]) {
    if rows.iter().all(|row| row.hits.is_empty()) {
        return;
    }
    svg.push_str("<g class=\"hits\" fill=\"none\" pointer-events=\"all\">\n");
    for row in rows {
        for group in row.hits.chunks(days_per_target(row.hits.len())) {
            let [first, ..] = group else { continue };
            let labels: Vec<_> = group.iter().map(|hit| escape(&hit.label)).collect();
            let label = labels.join("&#10;");
            let width: f64 = group.iter().map(|hit| hit.width).sum();
            let value = match group {
                [Hit { value: Some(value), .. }] if value.is_finite() => format!(" data-value=\"{value}\""),
                _ => String::new(),
            };
            let _ = writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\" data-date=\"{}\"{value} \
                 data-label=\"{label}\"><title>{label}</title></rect>",
                first.left, row.top, row.height, first.date,
            );
        }
    }
    svg.push_str("</g>\n");
}

fn safe_id(slug: &str) -> String {
    let id: String = slug.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("chart-{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::canvas::{Face, Ink, draw};

    fn envelope<'a>() -> Envelope<'a> {
        Envelope { slug: "kasus 7/\"hari", title: "A <b> & \"c\"", description: "Baris.", size: (200, 100) }
    }

    fn drawing() -> String {
        draw((200, 100), |canvas| {
            canvas.rect((0.0, 0.0), (10.0, 10.0), Ink::with(Token::Lump, Effect::Hatched));
            canvas.line(&[(0.0, 5.0), (9.0, 5.0)], 1.0, Ink::with(Token::Threshold1, Effect::Dashed));
            canvas.text("halo", (5.0, 50.0), Face::new(14.0, Token::Ink).with_halo());
        })
    }

    #[test]
    fn the_page_follows_css_and_has_no_style_attribute() {
        let chart = finish(&drawing(), &envelope(), &[], Theme::Page);
        assert!(chart.svg.contains("fill=\"url(#kasus-7--hari-hatch-5)\""), "{}", chart.svg);
        assert!(chart.svg.contains("stroke=\"var(--chart-threshold-1)\" stroke-dasharray"));
        assert!(chart.svg.contains("paint-order=\"stroke\""));
        assert!(!chart.svg.contains("style="));
        assert!(!chart.svg.contains("#5A"), "no sentinel is left");
        assert!(!chart.svg.contains(" width=\"200\""), "the page decides the size");
        assert!(chart.svg.contains("font-family=\"'Siaga Sans', sans-serif\""));
    }

    #[test]
    fn a_file_has_its_size_and_a_ground() {
        let chart = finish(&drawing(), &envelope(), &[], Theme::Dark);
        assert!(chart.svg.contains("width=\"200\" height=\"100\""));
        assert!(chart.svg.contains("<rect width=\"100%\" height=\"100%\" fill=\"#181f26\"/>"));
        assert!(!chart.svg.contains("var("));
    }

    #[test]
    fn names_are_escaped_in_the_svg_and_plain_in_the_alternative() {
        let chart = finish(&drawing(), &envelope(), &[], Theme::Page);
        assert!(chart.svg.contains(">A &lt;b&gt; &amp; &quot;c&quot;</title>"));
        assert_eq!(chart.alt, "A <b> & \"c\". Baris.");
    }

    #[test]
    fn long_ranges_share_targets_and_lose_no_label() {
        let day = NaiveDate::from_ymd_opt(2021, 6, 1).unwrap();
        let hits = |count: u32| {
            let hits = (0..count).map(|n| Hit {
                date: day,
                left: f64::from(n),
                width: 1.0,
                label: format!("d{n}."),
                value: Some(f64::from(n)),
            });
            let row = HitRow { top: 0.0, height: 50.0, hits: hits.collect() };
            finish(&drawing(), &envelope(), &[row], Theme::Page).svg
        };
        assert_eq!(hits(61).matches("<rect x=").count(), 61 + 1, "one a day, and the drawn rectangle");
        assert_eq!(hits(61).matches("data-value=").count(), 61);
        let long = hits(1000);
        assert!(!long.contains("data-value="), "days that share a target have no figure of their own");
        assert_eq!(long.matches("data-label=").count(), 143);
        assert!((0..1000).all(|n| long.contains(&format!("d{n}."))));
    }

    #[test]
    fn an_id_starts_with_a_letter() {
        assert_eq!(safe_id("2021"), "chart-2021");
        assert_eq!(safe_id(""), "chart-");
    }
}
