//! The colours of charts and levels, as people see them: contrast by WCAG 2.2, order in greyscale, and differences that survive
//! the three colour-vision deficiencies. One source of truth: the style sheet must say what the charts are painted with.
//!
//! Deficiencies are simulated by the matrices of G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, *IEEE Transactions on
//! Visualization and Computer Graphics* 15 (2009) 1291, at full severity, on linear RGB; differences are CIE 1976 ΔE*ab under D65,
//! where about 2.3 is just noticeable side by side.

use siaga::chart::{Theme, Token, variables};

type Matrix = [[f64; 3]; 3];

const SEEN_AS: [(&str, Matrix); 5] = [
    ("usual", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deutan",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritan",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
    ("grey", [[0.2126, 0.7152, 0.0722]; 3]),
];

const LEVELS: [Token; 5] = [Token::Level0, Token::Level1, Token::Level2, Token::Level3, Token::Level4];
const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

fn linear(hex: &str) -> [f64; 3] {
    [1, 3, 5].map(|at| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |hex: &str| {
        let [red, green, blue] = linear(hex);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// CIE L*a*b* of a colour as somebody sees it.
fn lab(hex: &str, seen_as: &Matrix) -> [f64; 3] {
    let rgb = linear(hex);
    let [red, green, blue] = seen_as.map(|row| {
        row.iter().zip(rgb).map(|(weight, channel)| weight * channel).sum::<f64>().clamp(0.0, 1.0)
    });
    let xyz = [
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.950_47,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.088_83,
    ];
    let [x, y, z] = xyz.map(|t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn difference(one: &str, other: &str, seen_as: &Matrix) -> f64 {
    let (one, other) = (lab(one, seen_as), lab(other, seen_as));
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn the_simulation_leaves_white_white_and_the_published_reds_apart() {
    for (name, matrix) in &SEEN_AS {
        for row in matrix {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 2e-6, "{name}: white stays white");
        }
    }
    // What everybody knows of the deficiencies: red and green come near each other, blue and yellow do not.
    let far = |matrix: &Matrix| difference("#ff0000", "#00a000", matrix);
    assert!(far(&SEEN_AS[2].1) < 0.5 * far(&SEEN_AS[0].1));
    assert!(difference("#0000ff", "#ffff00", &SEEN_AS[2].1) > 100.0);
}

#[test]
fn words_have_four_and_a_half_to_one_and_marks_three_to_one() {
    let words = [
        Token::Ink,
        Token::Muted,
        Token::Line,
        Token::Beside,
        Token::Threshold1,
        Token::Threshold2,
        Token::Threshold3,
    ];
    let marks = [Token::Bar, Token::BarIncomplete, Token::Lump, Token::Line, Token::Beside, Token::Muted];
    for theme in THEMES {
        let ground = Token::Surface.value(theme);
        for token in words {
            let ratio = contrast(&token.value(theme), &ground);
            assert!(ratio >= 4.5, "{token:?} as words, {theme:?}: {ratio:.2}");
        }
        for token in marks {
            let ratio = contrast(&token.value(theme), &ground);
            assert!(ratio >= 3.0, "{token:?} as a mark, {theme:?}: {ratio:.2}");
        }
    }
}

#[test]
fn levels_can_be_told_apart_by_everybody_and_in_greyscale() {
    for theme in THEMES {
        for (name, matrix) in &SEEN_AS {
            // In greyscale shapes and words carry the level; the order must still be seen.
            let least = if *name == "grey" { 5.0 } else { 10.0 };
            for (place, one) in LEVELS.iter().enumerate() {
                for other in &LEVELS[place + 1..] {
                    let far = difference(&one.value(theme), &other.value(theme), matrix);
                    assert!(far >= least, "{one:?} and {other:?} as {name}, {theme:?}: {far:.1}");
                }
            }
        }
        let grey = &SEEN_AS[4].1;
        let shades = LEVELS.map(|level| lab(&level.value(theme), grey)[0]);
        let is_rising = |a: &f64, b: &f64| if theme == Theme::Dark { a < b } else { a > b };
        assert!(shades.is_sorted_by(is_rising), "{theme:?}: {shades:?}");
    }
}

#[test]
fn what_is_compared_in_one_chart_differs_for_everybody() {
    let pairs = [
        (Token::Line, Token::Beside),
        (Token::Line, Token::Bar),
        (Token::Line, Token::Muted),
        (Token::Line, Token::Band),
        (Token::Beside, Token::Band),
    ];
    for theme in THEMES {
        for (name, matrix) in &SEEN_AS {
            for (one, other) in pairs {
                let far = difference(&one.value(theme), &other.value(theme), matrix);
                assert!(far >= 8.0, "{one:?} and {other:?} as {name}, {theme:?}: {far:.1}");
            }
        }
    }
}

#[test]
fn the_style_sheet_says_what_charts_are_painted_with() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/assets/siaga.css");
    let sheet = std::fs::read_to_string(path).unwrap().replace("#fff;", "#ffffff;");
    let (light, rest) = sheet.split_once("prefers-color-scheme: dark").unwrap();
    for (theme, part) in [(Theme::Light, light), (Theme::Dark, rest)] {
        for declaration in variables(theme).lines() {
            assert!(part.contains(declaration), "{theme:?}: {declaration}");
        }
    }
}
