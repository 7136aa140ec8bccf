//! The reproduction number as a ratio of cases: those of some days over those of as many days one generation earlier.

use super::NoReproduction;

/// Days from a case to those it infects that both ratios assume.
const GENERATION_DAYS: usize = 4;

/// The seven-day ratio of the Robert Koch Institute, a value for each day.
///
/// `R_{t−1} = Σ_{i=0..6} n_{t−i} / Σ_{i=4..10} n_{t−i}`: the cases of seven days over those of the seven days that lie four days
/// earlier, dated back by one day. `n` are cases by day of onset, corrected for late reports. The last day of a series has no value,
/// since the window reaches one day beyond the day it stands for.
///
/// Assumes a constant generation time of four days. References: M. an der Heiden and O. Hamouda, *Epidemiologisches Bulletin* 17/2020,
/// 10; for the seven-day value doi 10.25646/8164.
///
/// ```
/// use siaga::indicator::reproduction::ratio_7d;
/// // Twice as many from one day to the next, for four days: 16 times as many.
/// let cases: Vec<_> = (0..12).map(|day| Some(f64::from(1 << day))).collect();
/// let ratio = ratio_7d(&cases);
/// assert_eq!(ratio[9], Ok(16.0));
/// assert!(ratio[8].is_err() && ratio[11].is_err());
/// ```
#[must_use]
pub fn ratio_7d(cases: &[Option<f64>]) -> Vec<Result<f64, NoReproduction>> {
    let by_last_day = ratios(cases, 7);
    let dated_back = by_last_day.into_iter().skip(1);
    dated_back.chain(std::iter::once(Err(NoReproduction::DayMissing))).take(cases.len()).collect()
}

/// The four-day ratio of the Robert Koch Institute, a value for each day: `R_t = Σ_{i=0..3} n_{t−i} / Σ_{i=4..7} n_{t−i}`.
///
/// More nervous than [`ratio_7d`], and moved by the day of the week; not dated back. Assumptions and reference as there.
///
/// ```
/// use siaga::indicator::reproduction::ratio_4d;
/// let cases = [10.0, 10.0, 10.0, 10.0, 12.0, 12.0, 12.0, 12.0].map(Some);
/// assert_eq!(ratio_4d(&cases)[7], Ok(1.2));
/// ```
#[must_use]
pub fn ratio_4d(cases: &[Option<f64>]) -> Vec<Result<f64, NoReproduction>> {
    ratios(cases, 4)
}

/// Cases of the `days` days that end on each day over those of as many days that end one generation earlier.
fn ratios(cases: &[Option<f64>], days: usize) -> Vec<Result<f64, NoReproduction>> {
    let of_day = |last: usize| {
        let first = (last + 1).checked_sub(days + GENERATION_DAYS).ok_or(NoReproduction::TooEarly)?;
        let now = sum(&cases[last + 1 - days..=last]).ok_or(NoReproduction::DayMissing)?;
        let earlier = sum(&cases[first..first + days]).ok_or(NoReproduction::EarlierDayMissing)?;
        if earlier > 0.0 { Ok(now / earlier) } else { Err(NoReproduction::NoEarlierCases) }
    };
    (0..cases.len()).map(of_day).collect()
}

fn sum(cases: &[Option<f64>]) -> Option<f64> {
    cases.iter().map(|cases| cases.filter(|cases| *cases >= 0.0 && cases.is_finite())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Cases by day of onset in Germany from 2 March 2020 and the values that the Robert Koch Institute published for them on 20
    // June 2021 (SARS-CoV-2-Nowcasting und -R-Schaetzung, CC BY 4.0), in hundredths.
    const ONSETS: [u32; 26] = [
        304, 321, 448, 503, 757, 984, 1336, 2021, 2573, 3237, 3601, 4356, 4433, 4678, 6016, 5235, 5288, 4725,
        5329, 4442, 3818, 5157, 4076, 4418, 3998, 4122,
    ];
    const SEVEN_DAYS: [u32; 16] = [312, 284, 250, 218, 199, 174, 156, 139, 124, 113, 104, 98, 92, 90, 90, 88];
    const FOUR_DAYS: [u32; 19] =
        [323, 341, 341, 319, 270, 226, 186, 170, 148, 136, 125, 106, 97, 86, 88, 85, 88, 96, 89];

    fn onsets() -> Vec<Option<f64>> {
        ONSETS.iter().map(|cases| Some(f64::from(*cases))).collect()
    }

    #[test]
    fn germanys_first_wave_has_the_published_ratios() {
        let seven = ratio_7d(&onsets());
        for (day, published) in (9..).zip(SEVEN_DAYS) {
            let ours = seven[day].unwrap();
            assert!((ours - f64::from(published) / 100.0).abs() < 0.0051, "day {day}: {ours} {published}");
        }
        let four = ratio_4d(&onsets());
        for (day, published) in (7..).zip(FOUR_DAYS) {
            let ours = four[day].unwrap();
            assert!((ours - f64::from(published) / 100.0).abs() < 0.0101, "day {day}: {ours} {published}");
        }
    }

    #[test]
    fn a_missing_day_has_no_ratio_and_says_which_part_lacks_it() {
        let mut cases = onsets();
        cases[12] = None;
        assert_eq!(ratio_4d(&cases)[12], Err(NoReproduction::DayMissing));
        assert_eq!(ratio_4d(&cases)[17], Err(NoReproduction::EarlierDayMissing));
        assert!(ratio_4d(&cases)[20].is_ok());
        assert_eq!(ratio_4d(&cases)[6], Err(NoReproduction::TooEarly));
        assert_eq!(ratio_7d(&cases)[25], Err(NoReproduction::DayMissing), "a day ahead is needed");
        assert_eq!(ratio_7d(&[]), []);
    }

    #[test]
    fn what_is_no_count_is_missing_and_nothing_before_gives_no_ratio() {
        let below = [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0].map(Some);
        assert_eq!(ratio_4d(&below)[7], Err(NoReproduction::DayMissing));
        let nothing = [0.0, 0.0, 0.0, 0.0, 5.0, 6.0, 7.0, 8.0].map(Some);
        assert_eq!(ratio_4d(&nothing)[7], Err(NoReproduction::NoEarlierCases));
    }

    proptest! {
        #[test]
        fn a_ratio_does_not_know_how_large_the_place_is(
            cases in prop::collection::vec(1.0_f64..1e4, 12..40), times in 0.1_f64..50.0,
        ) {
            let known: Vec<_> = cases.iter().map(|n| Some(*n)).collect();
            let larger: Vec<_> = cases.iter().map(|n| Some(times * n)).collect();
            for (one, other) in ratio_7d(&known).iter().zip(ratio_7d(&larger)) {
                match (one, other) {
                    (Ok(one), Ok(other)) => prop_assert!((one / other - 1.0).abs() < 1e-12),
                    (one, other) => prop_assert_eq!(*one, other),
                }
            }
        }

        #[test]
        fn later_days_change_no_ratio_that_was_known(
            cases in prop::collection::vec(prop::option::weighted(0.9, 0.0_f64..1e4), 12..40), cut in 0_usize..12,
        ) {
            let then = &cases[..cases.len() - cut];
            prop_assert_eq!(&ratio_4d(&cases)[..then.len()], &ratio_4d(then)[..]);
        }
    }
}
