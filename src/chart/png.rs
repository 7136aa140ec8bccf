//! A finished SVG as PNG, for mail, chat and paper, set in the embedded font only: the same bytes on every
//! machine, whatever fonts it has. Not here: drawing. Give it a chart of `Theme::Light` or `Theme::Dark`; the CSS
//! variables of `Theme::Page` mean nothing outside a page.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::canvas::{REGULAR, SEMIBOLD};

/// More pixels than any screen or A4 page needs; beyond it memory is at risk.
const MOST_PIXELS: f32 = 40_000_000.0;

/// The family's name inside the embedded files.
const FAMILY_NAME: &str = "Siaga Sans";

/// Why there is no PNG.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The text is not an SVG.
    #[error("read the chart's SVG")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture would have no or too many pixels.
    #[error("draw a chart of {0} by {1} pixels")]
    Size(f32, f32),
    /// The pixels could not be packed.
    #[error("pack the chart as PNG: {0}")]
    Pack(String),
}

/// Renders `svg` with `scale` picture pixels per CSS pixel: 1 for a small preview, 2 for sharp screens and paper.
///
/// # Errors
///
/// When the SVG cannot be read, or the size times `scale` is empty or beyond 40 million pixels.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, ChartError> {
    pack(&drawn(svg, scale)?).map_err(|error| ChartError::Pack(error.to_string()))
}

fn drawn(svg: &str, scale: f32) -> Result<Pixmap, ChartError> {
    let options = Options { fontdb: fonts(), font_family: FAMILY_NAME.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let (width, height) = ((size.width() * scale).round(), (size.height() * scale).round());
    let fits = width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS;
    let pixmap = if fits { Pixmap::new(pixels(width), pixels(height)) } else { None };
    let mut pixmap = pixmap.ok_or(ChartError::Size(width, height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// Whether a picture shows nothing: it cannot be read, or all its pixels are of one colour.
#[must_use]
pub fn is_blank(bytes: &[u8]) -> bool {
    let Ok(mut reader) = png::Decoder::new(std::io::Cursor::new(bytes)).read_info() else { return true };
    let Some(size) = reader.output_buffer_size() else { return true };
    let mut data = vec![0; size];
    let Ok(frame) = reader.next_frame(&mut data) else { return true };
    let bytes_of_pixel = frame.color_type.samples();
    let mut pixels = data[..frame.buffer_size()].chunks_exact(bytes_of_pixel);
    let first = pixels.next();
    pixels.all(|pixel| Some(pixel) == first)
}

/// Packs for speed. A chart of few colours keeps one byte a pixel and a list of the colours; others what nothing shines through without its
/// fourth byte.
fn pack(pixmap: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let (pixels, _) = pixmap.data().as_chunks::<4>();
    let data = if let Some((colours, numbers)) = in_few_colours(pixels) {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(colours);
        // Numbers of colours have no slope that a filter could take out.
        encoder.set_filter(png::Filter::NoFilter);
        numbers
    } else if pixels.iter().all(|[_, _, _, alpha]| *alpha == u8::MAX) {
        encoder.set_color(png::ColorType::Rgb);
        let mut data = vec![0; pixels.len() * 3];
        for (place, [red, green, blue, _]) in data.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
            *place = [*red, *green, *blue];
        }
        data
    } else {
        encoder.set_color(png::ColorType::Rgba);
        let apart = pixmap.pixels().iter().map(|pixel| pixel.demultiply());
        apart.flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]).collect()
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

/// The colours, three bytes each, and the number of each pixel's colour; `None` if there are more than 256, or something shines through.
fn in_few_colours(pixels: &[[u8; 4]]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut colours, mut known) = (Vec::new(), HashMap::new());
    let mut last = None;
    let mut number_of = |pixel: [u8; 4]| {
        // Neighbours are alike nearly everywhere.
        if let Some((_, number)) = last.filter(|(colour, _)| *colour == pixel) {
            return Some(number);
        }
        let number = match known.get(&pixel) {
            Some(number) => *number,
            None => {
                let [red, green, blue, alpha] = pixel;
                let number = u8::try_from(known.len()).ok().filter(|_| alpha == u8::MAX)?;
                colours.extend([red, green, blue]);
                known.insert(pixel, number);
                number
            }
        };
        last = Some((pixel, number));
        Some(number)
    };
    let numbers: Option<Vec<u8>> = pixels.iter().map(|pixel| number_of(*pixel)).collect();
    numbers.map(|numbers| (colours, numbers))
}

/// The embedded fonts, read once per process. They also stand for every generic family an SVG may name.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut database = Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(SEMIBOLD.to_vec());
        database.set_sans_serif_family(FAMILY_NAME);
        Arc::new(database)
    };
    Arc::clone(FONTS.get_or_init(load))
}

/// A size that was checked to be at least 1 and at most [`MOST_PIXELS`].
fn pixels(length: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked by the caller, see above"
    )]
    let whole = length as u32;
    whole
}

/// Width of a text as it is finally set, for the test that holds the measuring in `canvas.rs` to it.
#[cfg(test)]
pub(super) fn text_width(text: &str, size: f64, weight: u16) -> f64 {
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"50\"><text y=\"30\" font-size=\"{size}\" \
         font-weight=\"{weight}\" font-family=\"sans-serif\">{text}</text></svg>"
    );
    let options = Options { fontdb: fonts(), ..Options::default() };
    Tree::from_str(&svg, &options).map_or(0.0, |tree| f64::from(tree.root().bounding_box().width()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">
        <text x="2" y="15" font-size="14" font-family="'Siaga Sans', sans-serif" fill="#000">Kasus</text></svg>"##;

    #[test]
    fn a_chart_becomes_a_png_with_its_text() {
        let with_text = png(TEXT, 2.0).unwrap();
        assert_eq!(&with_text[1..4], b"PNG");
        let without = png(&TEXT.replace("Kasus", ""), 2.0).unwrap();
        assert!(with_text.len() > without.len() + 100, "the embedded font was found");
    }

    #[test]
    fn every_pixel_is_packed_as_it_was_drawn() {
        let ground = TEXT.replace("<text", "<rect width=\"60\" height=\"20\" fill=\"#fff\"/><text");
        let patch = |n: u32| {
            let (x, y) = (n % 30, n / 30);
            format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" fill=\"rgb({}, {}, 9)\"/>",
                x * 8,
                y * 12
            )
        };
        let patches: String = (0..300).map(patch).collect();
        let many = ground.replace("</svg>", &format!("{patches}</svg>"));
        // Colours with a fourth byte, by number, and with three bytes.
        for (svg, kind) in [(TEXT, 6), (&ground, 3), (&many, 2)] {
            let drawn = drawn(svg, 2.0).unwrap();
            let bytes = pack(&drawn).unwrap();
            assert_eq!(bytes[25], kind);
            assert!(Pixmap::decode_png(&bytes).unwrap() == drawn, "every pixel, of kind {kind}");
            let dark = drawn.pixels().iter().filter(|pixel| pixel.alpha() == 255 && pixel.red() < 50).count();
            assert!(dark > 50, "the word is there: {dark}");
            assert!(!is_blank(&bytes), "it shows something");
        }
    }

    #[test]
    fn a_picture_of_one_colour_is_blank_however_it_is_packed() {
        for fill in ["<rect width=\"60\" height=\"20\" fill=\"#fff\"/>", ""] {
            let svg =
                format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"20\">{fill}</svg>");
            assert!(is_blank(&png(&svg, 2.0).unwrap()), "{fill}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(matches!(png("<p>", 1.0), Err(ChartError::Svg(_))));
        assert!(matches!(png(TEXT, 0.0), Err(ChartError::Size(..))));
        assert!(matches!(png(TEXT, 10_000.0), Err(ChartError::Size(..))));
        assert!(matches!(png(TEXT, f32::NAN), Err(ChartError::Size(..))));
    }
}
