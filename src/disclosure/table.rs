//! One week's counts by unit, published beside their sum: which of them are withheld.
//!
//! Counts from 1 up to below the threshold are. That is not enough where the sum and the other counts are known, so
//! more is withheld, in two steps, until nobody can work out a small count, not even knowing this text:
//!
//! 1. Small counts withheld, all others shown. Stands if each withheld count could still be one of two numbers, and
//!    if no unit is known to hold the whole sum (the city's figure of any single day would then be that unit's).
//! 2. Which units had cases is shown, no count is. Stands if two units had some, and not all the same.
//! 3. Nothing is shown.
//!
//! Why this holds against somebody who knows the rule: whether step 1 stands depends only on what step 1 shows. In
//! step 2 every permutation of the counts over the units with cases gives the same picture, and since they are not
//! all equal, each unit has at least two possible counts. In step 3 "one unit had them all" is always possible, for
//! every unit. Complementary suppression in general: Willenborg and de Waal, *Elements of Statistical Disclosure
//! Control* (2001), chapter 4; here each week is a table of one row of its own, because weeks share no count.

use super::reason::Reason;

/// A unit's count in a week, as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// The count.
    Shown(i64),
    /// From 1 up to below the threshold.
    Small,
    /// How many is withheld.
    AtLeastOne,
    /// Withheld.
    Withheld,
}

impl Count {
    /// The number, where it is shown.
    #[must_use]
    pub fn value(self) -> Option<i64> {
        match self {
            Self::Shown(value) => Some(value),
            _ => None,
        }
    }

    /// The same as a figure.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    pub fn figure(self) -> Option<f64> {
        self.value().map(|value| value as f64)
    }

    /// Why there is no number.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Shown(_) => None,
            Self::Small => Some(Reason::SmallCell),
            Self::AtLeastOne => Some(Reason::Complementary),
            Self::Withheld => Some(Reason::WeekWithheld),
        }
    }
}

/// What is shown of one week's counts. Without `is_complementary` only small counts are withheld, which is not
/// safe: it is there to measure what the rest is worth.
pub(super) fn suppress(counts: &[i64], threshold: i64, is_complementary: bool) -> Vec<Count> {
    let is_small = |count: i64| count > 0 && count < threshold;
    let first: Vec<Count> = counts
        .iter()
        .map(|count| if is_small(*count) { Count::Small } else { Count::Shown(*count) })
        .collect();
    if !is_complementary {
        return first;
    }
    let has_correction = counts.iter().any(|count| *count < 0);
    let sum: i64 = counts.iter().sum();
    if has_correction || counts.len() < 2 {
        return vec![Count::Withheld; counts.len()];
    }
    if sum == 0 || is_safe(&first, sum, threshold) {
        return first;
    }
    let some: Vec<i64> = counts.iter().copied().filter(|count| *count > 0).collect();
    if some.windows(2).any(|pair| pair[0] != pair[1]) {
        return counts
            .iter()
            .map(|count| if *count > 0 { Count::AtLeastOne } else { Count::Shown(0) })
            .collect();
    }
    vec![Count::Withheld; counts.len()]
}

/// Whether each small count could be one of two numbers, and no unit is known to hold the whole sum.
fn is_safe(counts: &[Count], sum: i64, threshold: i64) -> bool {
    let shown: i64 = counts.iter().filter_map(|count| count.value()).sum();
    let hidden = i64::try_from(counts.iter().filter(|count| **count == Count::Small).count()).unwrap_or(0);
    if counts.iter().any(|count| count.value() == Some(sum)) {
        return false;
    }
    if hidden == 0 {
        return true;
    }
    // Each of the others is from 1 to threshold - 1, and so is this one; they add up to `rest`.
    let (rest, most) = (sum - shown, threshold - 1);
    let lower = (rest - (hidden - 1) * most).max(1);
    let upper = (rest - (hidden - 1)).min(most);
    lower < upper
}

#[cfg(test)]
mod tests {
    use super::*;
    use Count::{AtLeastOne, Shown, Small, Withheld};

    /// Every vector of counts with the same sum that looks the same.
    fn look_alikes(counts: &[i64], threshold: i64, is_complementary: bool) -> Vec<Vec<i64>> {
        fn fill(left: i64, places: usize, so_far: &mut Vec<i64>, out: &mut Vec<Vec<i64>>) {
            if places == 1 {
                so_far.push(left);
                out.push(so_far.clone());
                so_far.pop();
                return;
            }
            for value in 0..=left {
                so_far.push(value);
                fill(left - value, places - 1, so_far, out);
                so_far.pop();
            }
        }
        let mut all = Vec::new();
        fill(counts.iter().sum(), counts.len(), &mut Vec::new(), &mut all);
        let picture = suppress(counts, threshold, is_complementary);
        all.retain(|other| suppress(other, threshold, is_complementary) == picture);
        all
    }

    /// Whether somebody who knows the rule can work out a count that is withheld, or that one unit has them all.
    fn gives_away(counts: &[i64], threshold: i64, is_complementary: bool) -> bool {
        let alike = look_alikes(counts, threshold, is_complementary);
        assert!(alike.contains(&counts.to_vec()), "the truth is among them");
        let picture = suppress(counts, threshold, is_complementary);
        let sum: i64 = counts.iter().sum();
        (0..counts.len()).any(|place| {
            let is_one_number = alike.iter().all(|other| other[place] == counts[place]);
            let is_withheld = picture[place].value().is_none();
            is_one_number && (is_withheld || (counts[place] == sum && sum > 0))
        })
    }

    fn every_table(units: usize, most: i64, check: &mut dyn FnMut(&[i64])) {
        let mut counts = vec![0; units];
        loop {
            check(&counts);
            let Some(place) = counts.iter().position(|count| *count < most) else { return };
            counts[place] += 1;
            counts[..place].fill(0);
        }
    }

    #[test]
    fn nobody_who_knows_the_rule_can_work_out_a_withheld_count() {
        for (units, most, threshold) in [(2, 14, 5), (3, 9, 5), (4, 5, 5), (2, 24, 10), (4, 4, 3)] {
            every_table(units, most, &mut |counts| {
                assert!(!gives_away(counts, threshold, true), "{counts:?} below {threshold}");
            });
        }
    }

    #[test]
    fn small_counts_alone_withheld_would_be_given_away() {
        let mut given_away = 0;
        every_table(3, 9, &mut |counts| given_away += u32::from(gives_away(counts, 5, false)));
        assert!(given_away > 200, "{given_away} of 1000");
    }

    #[test]
    fn no_more_is_withheld_than_needed() {
        assert_eq!(suppress(&[7, 6, 0, 0], 5, true), [Shown(7), Shown(6), Shown(0), Shown(0)]);
        assert_eq!(suppress(&[7, 1, 2, 0], 5, true), [Shown(7), Small, Small, Shown(0)]);
        assert_eq!(suppress(&[0, 0, 0], 5, true), [Shown(0), Shown(0), Shown(0)]);
    }

    #[test]
    fn one_small_count_takes_the_others_with_it() {
        assert_eq!(suppress(&[7, 2, 0], 5, true), [AtLeastOne, AtLeastOne, Shown(0)]);
        assert_eq!(suppress(&[1, 1, 0], 5, true), [Withheld; 3]);
        assert_eq!(suppress(&[4, 4, 9], 5, true), [AtLeastOne; 3]);
    }

    #[test]
    fn a_single_unit_with_all_cases_is_not_told() {
        assert_eq!(suppress(&[9, 0, 0], 5, true), [Withheld; 3]);
        assert_eq!(suppress(&[9], 5, true), [Withheld]);
        assert_eq!(suppress(&[9, -1, 4], 5, true), [Withheld; 3]);
    }
}
