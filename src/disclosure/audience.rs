//! For whom figures are made ready, and how small a count they may see.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How figures of work units are shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UnitView {
    /// Not at all.
    None,
    /// By week, small counts and what would give them away withheld.
    Weekly,
    /// Only this unit, as reported.
    Own(String),
    /// As reported.
    AsReported,
}

/// Whom an output is for. Every output is made from what [`super::disclose()`] leaves for its audience.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Audience {
    /// Counts of people from 1 up to below this are withheld, and so are changes of that size. `None`: nothing is.
    pub threshold: Option<u32>,
    /// How figures of work units are shown.
    pub units: UnitView,
    /// Whether city-wide staff figures are shown as reported although units are not.
    pub has_staff_totals: bool,
}

/// Inside government, and in public files: counts below this are withheld. Agencies print limits from 5 to 16; the
/// two here are the city's own choice (docs/security.md).
pub const GOVERNMENT_THRESHOLD: u32 = 5;
/// See [`GOVERNMENT_THRESHOLD`].
pub const PUBLIC_THRESHOLD: u32 = 10;

impl Audience {
    /// Anybody: city totals and level, no units.
    #[must_use]
    pub fn public() -> Self {
        Self { threshold: Some(PUBLIC_THRESHOLD), units: UnitView::None, has_staff_totals: false }
    }

    /// Inside government without a task that needs units.
    #[must_use]
    pub fn government() -> Self {
        Self { threshold: Some(GOVERNMENT_THRESHOLD), units: UnitView::None, has_staff_totals: false }
    }

    /// Those who decide on the city-wide staff figures: these as reported, units by week.
    #[must_use]
    pub fn executive() -> Self {
        Self { has_staff_totals: true, units: UnitView::Weekly, ..Self::government() }
    }

    /// The head of a unit: the own unit as reported, no other.
    #[must_use]
    pub fn unit_head(unit_id: &str) -> Self {
        Self { units: UnitView::Own(unit_id.to_owned()), ..Self::government() }
    }

    /// Nothing withheld; every look is recorded.
    #[must_use]
    pub fn unsuppressed() -> Self {
        Self { threshold: None, units: UnitView::AsReported, has_staff_totals: true }
    }

    /// Whether staff figures of the whole city are shown as reported, and with them what rules on them call for.
    #[must_use]
    pub fn sees_staff(&self) -> bool {
        self.threshold.is_none() || self.has_staff_totals
    }

    /// The word by which it is asked for, which is read back with [`FromStr`].
    #[must_use]
    pub fn name(&self) -> String {
        match &self.units {
            UnitView::Own(unit_id) => format!("unit:{unit_id}"),
            UnitView::AsReported => "unsuppressed".to_owned(),
            UnitView::Weekly => "executive".to_owned(),
            UnitView::None if self.threshold == Some(GOVERNMENT_THRESHOLD) => "government".to_owned(),
            UnitView::None => "public".to_owned(),
        }
    }

    /// Tells the versions of a file for different audiences apart (not a secret).
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        // FNV-1a over the words that stand beside every export, and the one thing they do not say.
        let words = format!("{self} {}", self.has_staff_totals);
        words.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// Whether figures are shown that others may not see, so that looking at them is recorded.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        matches!(self.units, UnitView::Own(_) | UnitView::AsReported)
    }
}

impl fmt::Display for Audience {
    /// `below 5 withheld, units by week`: stands beside every export.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.threshold {
            None => f.write_str("nothing withheld")?,
            Some(threshold) => write!(f, "below {threshold} withheld")?,
        }
        match &self.units {
            UnitView::None => f.write_str(", no units"),
            UnitView::Weekly => f.write_str(", units by week"),
            UnitView::Own(unit_id) => write!(f, ", only unit {unit_id}"),
            UnitView::AsReported => f.write_str(", units as reported"),
        }
    }
}

/// No audience has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an audience: public, government, executive, unit:ID or unsuppressed")]
pub struct UnknownAudience(pub String);

impl FromStr for Audience {
    type Err = UnknownAudience;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "public" => Ok(Self::public()),
            "government" => Ok(Self::government()),
            "executive" => Ok(Self::executive()),
            "unsuppressed" => Ok(Self::unsuppressed()),
            _ => match text.strip_prefix("unit:") {
                Some(unit_id) if !unit_id.is_empty() => Ok(Self::unit_head(unit_id)),
                _ => Err(UnknownAudience(text.to_owned())),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_says_what_it_does_not_see() {
        let said = |name: &str| name.parse::<Audience>().unwrap().to_string();
        assert_eq!(said("public"), "below 10 withheld, no units");
        assert_eq!(said("government"), "below 5 withheld, no units");
        assert_eq!(said("executive"), "below 5 withheld, units by week");
        assert_eq!(said("unit:setda"), "below 5 withheld, only unit setda");
        assert_eq!(said("unsuppressed"), "nothing withheld, units as reported");
        for wrong in ["", "Public", "unit:", "all"] {
            assert!(wrong.parse::<Audience>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_audience_is_read_back_by_its_name() {
        for name in ["public", "government", "executive", "unit:setda", "unsuppressed"] {
            let audience = name.parse::<Audience>().unwrap();
            assert_eq!(audience.name(), name);
        }
    }

    #[test]
    fn two_audiences_never_share_a_fingerprint() {
        let names = ["public", "government", "executive", "unit:a", "unit:b", "unsuppressed"];
        let prints = names.map(|name| name.parse::<Audience>().unwrap().fingerprint());
        assert_eq!(prints.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    }
}
