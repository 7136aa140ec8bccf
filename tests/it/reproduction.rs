//! The reproduction number against EpiEstim's own saved results and printed snapshots. The data are not part of the project:
//! `SIAGA_REFERENCE_DATA` says where they are (see `reference.rs`).

use std::path::Path;

use siaga::epi::normal_share_below;
use siaga::indicator::reproduction::{
    CaseSeries, NoReproduction, Posterior, Prior, SerialInterval, reproduction_numbers,
};

use crate::reference::reference;

const FOLDER: &str = "reference/epiestim/published_outputs";

/// The columns of a saved result, and the quantile each of the last seven stands for.
const MEAN: &str = "Mean(R)";
const SD: &str = "Std(R)";
const QUANTILES: [(&str, f64); 7] = [
    ("Quantile.0.025(R)", 0.025),
    ("Quantile.0.05(R)", 0.05),
    ("Quantile.0.25(R)", 0.25),
    ("Median(R)", 0.5),
    ("Quantile.0.75(R)", 0.75),
    ("Quantile.0.95(R)", 0.95),
    ("Quantile.0.975(R)", 0.975),
];

type Row = std::collections::HashMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn numbers(path: &Path, column: &str) -> Vec<f64> {
    rows(path).iter().map(|row| row[column].parse().unwrap()).collect()
}

/// All cases and imported cases of an example.
fn cases(example: &str) -> Option<(Vec<Option<f64>>, Vec<f64>)> {
    let path = reference(&format!("{FOLDER}/{example}_incidence.csv"))?;
    Some((numbers(&path, "I").into_iter().map(Some).collect(), numbers(&path, "imported")))
}

fn estimates(
    (total, imported): &(Vec<Option<f64>>, Vec<f64>),
    interval: &SerialInterval,
) -> Vec<Result<Posterior, NoReproduction>> {
    let series = CaseSeries { total, imported };
    reproduction_numbers(series, interval, 7.try_into().unwrap(), Prior::default())
}

/// Every number of every window of a saved result with ours; `far` says how far two may lie apart.
fn compare(path: &Path, ours: &[Result<Posterior, NoReproduction>], far: impl Fn(&str, f64) -> f64) -> usize {
    let mut compared = 0;
    for row in rows(path) {
        let window = ours[row["t_end"].parse::<usize>().unwrap() - 1].unwrap();
        let of_quantile = QUANTILES.map(|(column, p)| (column, window.quantile(p).unwrap()));
        for (column, value) in [(MEAN, window.mean()), (SD, window.sd())].into_iter().chain(of_quantile) {
            let published: f64 = row[column].parse().unwrap();
            let apart = (value - published).abs();
            let allowed = far(&row[column], published);
            assert!(apart <= allowed, "{} {} {column}: {value} {published}", path.display(), row["t_end"]);
            compared += 1;
        }
    }
    compared
}

/// A saved result has all digits.
fn saved(_: &str, published: f64) -> f64 {
    1e-9 * published.abs()
}

/// A printed one is right to half a unit of its last digit, and one more for what was rounded twice.
fn printed(text: &str, _: f64) -> f64 {
    let decimals = text.split('.').nth(1).map_or(0, str::len);
    0.6 * 10.0_f64.powi(-i32::try_from(decimals).unwrap())
}

#[test]
fn weights_by_day_give_the_saved_and_the_printed_numbers() {
    let (Some(cases), Some(weights)) =
        (cases("Example1"), reference(&format!("{FOLDER}/Example1_si_distr.csv")))
    else {
        return;
    };
    let interval = SerialInterval::from_weights(&numbers(&weights, "w")).unwrap();
    let ours = estimates(&cases, &interval);
    for name in
        ["Example1_expected_rds", "backcompat_x1_Flu2009", "backcompat_x2_Flu2009", "backcompat_x3_Flu2009"]
    {
        let path = reference(&format!("{FOLDER}/{name}.csv")).unwrap();
        assert_eq!(compare(&path, &ours, saved), 225, "{name}");
    }
    let path = reference(&format!("{FOLDER}/Example1_snapshot.csv")).unwrap();
    assert_eq!(compare(&path, &ours, printed), 225);
}

#[test]
fn mean_and_deviation_of_the_interval_give_the_saved_and_the_printed_numbers() {
    // Example 2 has imported cases; 3 is example 1 with another interval.
    for (example, of_cases, compared) in [("Example2", "Example2", 180), ("Example3", "Example1", 225)] {
        let Some(cases) = cases(of_cases) else { return };
        let interval = SerialInterval::gamma(2.6, 1.5).unwrap();
        let weights = numbers(&reference(&format!("{FOLDER}/{example}_si_distr.csv")).unwrap(), "w");
        for (ours, theirs) in interval.weights().iter().zip(&weights[..weights.len() - 1]) {
            assert!((ours - theirs).abs() < 1e-12, "{example}: {ours} {theirs}");
        }
        let ours = estimates(&cases, &interval);
        let path = reference(&format!("{FOLDER}/{example}_expected_rds.csv")).unwrap();
        assert_eq!(compare(&path, &ours, saved), compared, "{example}");
        let path = reference(&format!("{FOLDER}/{example}_snapshot.csv")).unwrap();
        assert_eq!(compare(&path, &ours, printed), compared, "{example}");
    }
}

/// The middle of each of `parts` equal shares of a normal distribution that is cut off at both ends.
fn parts_of_normal((mean, sd): (f64, f64), (from, to): (f64, f64), parts: u32) -> Vec<f64> {
    let (low, high) = (normal_share_below((from - mean) / sd), normal_share_below((to - mean) / sd));
    let share = |part: u32| low + (high - low) * (f64::from(part) + 0.5) / f64::from(parts);
    let middle = |part| mean + sd * siaga::epi::normal_quantile(share(part)).unwrap();
    (0..parts).map(middle).collect()
}

#[test]
fn an_uncertain_interval_has_the_mean_and_deviation_that_sampling_found() {
    // Example 4 draws 100 serial intervals, mean 2.6 ± 1 within 1 to 4.2, standard deviation 1.5 ± 0.5 within 0.5 to 2.5, and 100
    // reproduction numbers for each. Here the draws are replaced by 30 × 30 equal parts of the same distributions.
    let (Some(cases), Some(path)) =
        (cases("Example1"), reference(&format!("{FOLDER}/Example4_expected_rds.csv")))
    else {
        return;
    };
    let means = parts_of_normal((2.6, 1.0), (1.0, 4.2), 30);
    let deviations = parts_of_normal((1.5, 0.5), (0.5, 2.5), 30);
    let pairs = means.iter().flat_map(|mean| deviations.iter().map(move |sd| (*mean, *sd)));
    let all: Vec<_> =
        pairs.map(|(mean, sd)| estimates(&cases, &SerialInterval::gamma(mean, sd).unwrap())).collect();
    let count = f64::from(u32::try_from(all.len()).unwrap());
    let mut compared = 0;
    for row in rows(&path) {
        let last = row["t_end"].parse::<usize>().unwrap() - 1;
        let windows: Vec<Posterior> = all.iter().map(|ours| ours[last].unwrap()).collect();
        let mean = windows.iter().map(|window| window.mean()).sum::<f64>() / count;
        let between = windows.iter().map(|window| (window.mean() - mean).powi(2)).sum::<f64>() / count;
        let within = windows.iter().map(|window| window.sd().powi(2)).sum::<f64>() / count;
        let error = (between / 100.0 + within / 10_000.0).sqrt();
        let (published, sd): (f64, f64) = (row[MEAN].parse().unwrap(), row[SD].parse().unwrap());
        assert!((published - mean).abs() < 4.0 * error, "{last}: {mean} {published} ± {error}");
        assert!((sd / (between + within).sqrt() - 1.0).abs() < 0.25, "{last}: {sd}");
        compared += 1;
    }
    assert_eq!(compared, 25);
}
