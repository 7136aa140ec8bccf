//! The epidemiologist's settings: every number of a method that is a choice, from `data/method/*.toml`.

use serde::Deserialize;
use thiserror::Error;

/// The method file cannot be used.
#[derive(Debug, Error)]
#[error("read the method file: {0}")]
pub struct InvalidMethod(String);

/// Numbers of the methods, each with its reason in the file it comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodParameters {
    /// Over-dispersion φ of reported counts in the interval of the growth ratio; 1 means Poisson.
    pub growth_dispersion: f64,
    /// Positivity is withheld below so many tests per 1,000 residents and week.
    pub positivity_tests_per_1000: f64,
    /// Cases in one unit within [`Self::cluster_days`] that make a cluster.
    pub cluster_cases: f64,
    /// Days in which they must fall.
    pub cluster_days: usize,
    /// Up to so many staff cases the interval of a share is exact (Clopper–Pearson), above it is Wilson's.
    pub exact_share_up_to: f64,
}

impl Default for MethodParameters {
    fn default() -> Self {
        Self {
            growth_dispersion: 5.0,
            positivity_tests_per_1000: 1.0,
            cluster_cases: 2.0,
            cluster_days: 14,
            exact_share_up_to: 5.0,
        }
    }
}

impl MethodParameters {
    /// Reads a method file.
    ///
    /// # Errors
    /// [`InvalidMethod`] with the line, for a key that is unknown, missing, or not of its kind or range.
    pub fn parse(text: &str) -> Result<Self, InvalidMethod> {
        let method: Self = toml::from_str(text).map_err(|error| InvalidMethod(error.to_string()))?;
        let is_sound = method.growth_dispersion >= 1.0
            && method.positivity_tests_per_1000 >= 0.0
            && method.cluster_cases >= 1.0
            && (1..=60).contains(&method.cluster_days)
            && method.exact_share_up_to >= 0.0;
        is_sound.then_some(method).ok_or_else(|| {
            InvalidMethod(
                "growth_dispersion and cluster_cases are at least 1, cluster_days 1 to 60, the others not negative"
                    .to_owned(),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_the_default() {
        let text = include_str!("../../data/method/default.toml");
        assert_eq!(MethodParameters::parse(text).unwrap(), MethodParameters::default());
    }

    #[test]
    fn unknown_keys_and_impossible_numbers_are_refused() {
        let text = include_str!("../../data/method/default.toml");
        assert!(MethodParameters::parse(&format!("{text}\nphi = 5.0")).is_err());
        let zero = text.replace("growth_dispersion = 5.0", "growth_dispersion = 0.0");
        assert!(MethodParameters::parse(&zero).is_err());
    }
}
