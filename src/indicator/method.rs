//! The epidemiologist's settings: every number of a method that is a choice, from `data/method/*.toml`.

use serde::Deserialize;
use thiserror::Error;

use super::forecast::{InvalidLogLinear, InvalidNowcasting, LogLinear, Nowcasting};
use super::reproduction::{InvalidPrior, InvalidSerialInterval, Prior, SerialInterval};

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
    /// The serial interval of the reproduction number.
    pub serial_interval: SerialIntervalFile,
    /// Days of the window of the reproduction number.
    pub rt_window_days: usize,
    /// What is thought of the reproduction number beforehand: mean and standard deviation.
    pub rt_prior: MeanAndSd,
    /// Days after which a figure counts as final, in the nowcast.
    pub nowcast_longest_days: u32,
    /// Days over which delays are measured, in the nowcast.
    pub nowcast_window_days: u32,
    /// What of a week's growth goes on in the week after, in the forecast.
    pub forecast_damping: f64,
    /// Over-dispersion of weekly counts in the forecast.
    pub forecast_dispersion: f64,
    /// Up to so many staff cases the interval of a share is exact (Clopper–Pearson), above it is Wilson's.
    pub exact_share_up_to: f64,
}

/// A mean and a standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeanAndSd {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub sd: f64,
}

/// A serial interval as it is written: a discretised gamma distribution in days, or the weight of each day from day 0 on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum SerialIntervalFile {
    /// Mean and standard deviation in days.
    Gamma(MeanAndSd),
    /// Weights, the first of day 0.
    Weights(Vec<f64>),
}

impl SerialIntervalFile {
    /// The distribution itself.
    ///
    /// # Errors
    /// [`InvalidSerialInterval`] with what is wrong.
    pub fn distribution(&self) -> Result<SerialInterval, InvalidSerialInterval> {
        match self {
            Self::Gamma(gamma) => SerialInterval::gamma(gamma.mean, gamma.sd),
            Self::Weights(weights) => SerialInterval::from_weights(weights),
        }
    }
}

impl Default for MethodParameters {
    fn default() -> Self {
        Self {
            growth_dispersion: 5.0,
            positivity_tests_per_1000: 1.0,
            cluster_cases: 2.0,
            cluster_days: 14,
            exact_share_up_to: 5.0,
            serial_interval: SerialIntervalFile::Gamma(MeanAndSd { mean: 4.4, sd: 2.5 }),
            rt_window_days: 7,
            rt_prior: MeanAndSd { mean: 5.0, sd: 5.0 },
            nowcast_longest_days: 14,
            nowcast_window_days: 28,
            forecast_damping: 0.4,
            forecast_dispersion: 5.0,
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
        if !is_sound {
            return Err(InvalidMethod(
                "growth_dispersion and cluster_cases are at least 1, cluster_days 1 to 60, the others not negative"
                    .to_owned(),
            ));
        }
        method.check_models().map_err(InvalidMethod)?;
        Ok(method)
    }

    /// What is wrong with the numbers of the models, in their own words.
    fn check_models(&self) -> Result<(), String> {
        self.serial_interval.distribution().map_err(|fault| fault.to_string())?;
        self.prior().map_err(|fault| fault.to_string())?;
        self.nowcasting().map_err(|fault| fault.to_string())?;
        self.log_linear().map_err(|fault| fault.to_string())?;
        match self.rt_window_days {
            1..=60 => Ok(()),
            days => Err(format!("the window of the reproduction number is {days} days; give 1 to 60")),
        }
    }

    /// The prior of the reproduction number.
    ///
    /// # Errors
    /// [`InvalidPrior`].
    pub fn prior(&self) -> Result<Prior, InvalidPrior> {
        Prior::new(self.rt_prior.mean, self.rt_prior.sd)
    }

    /// The settings of the nowcast.
    ///
    /// # Errors
    /// [`InvalidNowcasting`].
    pub fn nowcasting(&self) -> Result<Nowcasting, InvalidNowcasting> {
        Nowcasting::new(self.nowcast_longest_days, self.nowcast_window_days)
    }

    /// The settings of the forecast.
    ///
    /// # Errors
    /// [`InvalidLogLinear`].
    pub fn log_linear(&self) -> Result<LogLinear, InvalidLogLinear> {
        LogLinear::new(self.forecast_damping, self.forecast_dispersion)
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
        for (from, to, what) in [
            ("growth_dispersion = 5.0", "growth_dispersion = 0.0", "at least 1"),
            (
                "serial_interval = { mean = 4.4, sd = 2.5 }",
                "serial_interval = { mean = 0.9, sd = 2.5 }",
                "serial interval",
            ),
            ("serial_interval = { mean = 4.4, sd = 2.5 }", "serial_interval = [0.5, 0.5]", "serial interval"),
            ("rt_prior = { mean = 5.0, sd = 5.0 }", "rt_prior = { mean = 5.0, sd = 0.0 }", "prior"),
            ("rt_window_days = 7", "rt_window_days = 0", "window of the reproduction number"),
            ("nowcast_window_days = 28", "nowcast_window_days = 5", "looks back"),
            ("forecast_damping = 0.4", "forecast_damping = 1.4", "damping"),
        ] {
            let broken = text.replace(from, to);
            assert_ne!(broken, text, "{from}");
            let told = MethodParameters::parse(&broken).unwrap_err().to_string();
            assert!(told.to_lowercase().contains(what), "{to}: {told}");
        }
    }
}
