//! The work that `bench/charts.sh` times: the mayor's case curve of 56 days with its 7-day mean and three thresholds, to SVG and to
//! PNG, as often as asked. Prints the median of each in milliseconds.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that is run by hand")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

use std::time::Instant;

use siaga::chart::{Epicurve, EpicurveDay, EpicurveWords, Scale, Theme, ThresholdLine, epicurve, png};

const DAYS: u32 = 56;

/// As `bench/charts.py` has them: a slow start and a steep end.
fn cases(day: u32) -> f64 {
    let wave = 12.0 * (f64::from(day) * 0.065).exp();
    (wave * (0.85 + f64::from(day * 7 % 5) * 0.06)).round()
}

fn days() -> Vec<EpicurveDay> {
    let first: chrono::NaiveDate = "2021-05-04".parse().unwrap();
    let mean = |day: u32| (day >= 6).then(|| (day - 6..=day).map(cases).sum::<f64>() / 7.0);
    let of_day = |day: u32| EpicurveDay {
        date: first + chrono::Duration::days(i64::from(day)),
        cases: Some(cases(day)),
        mean_7d: mean(day),
        is_reconstructed: false,
        is_incomplete: false,
        label: format!("{day}: {}", cases(day)),
    };
    (0..DAYS).map(of_day).collect()
}

fn drawn(days: &[EpicurveDay], thresholds: &[ThresholdLine]) -> String {
    let chart = Epicurve {
        slug: "epicurve",
        title: "Kasus harian 447 pada 28 Juni 2021, tertinggi yang tercatat",
        subtitle: "Kasus baru per hari, orang, Kota Bogor",
        description: "Batang: kasus baru per hari.",
        days,
        lumps: &[],
        thresholds,
        markers: &[],
        source_line: "Sumber: Dinas Kesehatan Kota Bogor.",
        words: EpicurveWords {
            cases: "kasus harian",
            mean: "rata-rata 7 hari",
            reconstructed: "rekonstruksi",
            incomplete: "belum lengkap",
            lump: "beberapa hari",
            no_figure: "tidak ada angka",
        },
        size: (960, 420),
        format: &|value| value.to_string(),
        format_date: &|date| date.format("%-d %b").to_string(),
        scale: Scale::Linear,
        is_whole: true,
    };
    epicurve(&chart, Theme::Light).svg
}

/// Milliseconds of the middle one of so many tries.
fn median(tries: usize, mut work: impl FnMut()) -> f64 {
    let mut took: Vec<f64> = (0..tries)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

fn main() {
    let tries: usize = std::env::args().nth(1).map_or(50, |tries| tries.parse().unwrap());
    let days = days();
    let names = [(29.8, "20 per 100.000"), (74.5, "50 per 100.000"), (223.5, "150 per 100.000")];
    let thresholds =
        names.map(|(value_per_day, name)| ThresholdLine { value_per_day, name: name.to_owned() });
    // The first time fonts are read; a server does that once.
    let svg = drawn(&days, &thresholds);
    let file = png(&svg, 2.0).unwrap();
    println!("svg {:.3} {}", median(tries, || drop(drawn(&days, &thresholds))), svg.len());
    println!(
        "png {:.3} {}",
        median(tries, || drop(png(&drawn(&days, &thresholds), 2.0).unwrap())),
        file.len()
    );
}
