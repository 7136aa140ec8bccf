//! How somebody wants a chart: over which days, on which scale, in which unit.

use crate::chart::Scale;

/// Most days that may be asked for.
const MOST_DAYS: u32 = 1_100;

/// How a chart is wanted; what is not said is as the dashboards have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// Days up to the day shown.
    pub days: Option<u32>,
    /// Whether counts stand on a logarithmic axis.
    pub is_log: bool,
    /// Counts or rates, for charts that can be either.
    pub per: Option<Per>,
}

/// The unit of charts of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// People.
    Count,
    /// People per 100,000 residents.
    Residents,
}

impl Per {
    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Residents => "100k",
        }
    }
}

impl Asked {
    /// So many days, all else as usual.
    #[must_use]
    pub fn days(days: u32) -> Self {
        Self { days: Some(days), ..Self::default() }
    }

    /// From the words of an address or a command: `log` or `linear`, `100k` or `count`, a number of days.
    ///
    /// # Errors
    /// The name of what is not allowed, and what is.
    pub fn read(
        scale: Option<&str>,
        per: Option<&str>,
        days: Option<&str>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let is_log = match scale {
            None | Some("linear") => false,
            Some("log") => true,
            Some(_) => return Err(("scale", "linear, log")),
        };
        let per = match per {
            None => None,
            Some("count") => Some(Per::Count),
            Some("100k") => Some(Per::Residents),
            Some(_) => return Err(("per", "count, 100k")),
        };
        let days = match days.map(str::parse::<u32>) {
            None => None,
            Some(Ok(days)) if (1..=MOST_DAYS).contains(&days) => Some(days),
            Some(_) => return Err(("days", "1–1100")),
        };
        Ok(Self { days, is_log, per })
    }

    /// Tells files of different wishes apart.
    pub(in crate::web) fn code(self) -> String {
        let per = match self.per {
            None => "",
            Some(Per::Count) => "c",
            Some(Per::Residents) => "r",
        };
        format!("{}{}{per}", self.days.unwrap_or_default(), if self.is_log { "l" } else { "" })
    }

    pub(super) fn scale(self) -> Scale {
        if self.is_log { Scale::Log } else { Scale::Linear }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_others_refused_by_name() {
        let asked = Asked::read(Some("log"), Some("100k"), Some("60"));
        assert_eq!(asked, Ok(Asked { days: Some(60), is_log: true, per: Some(Per::Residents) }));
        assert_eq!(Asked::read(None, None, None), Ok(Asked::default()));
        assert_eq!(Asked::read(Some("linear"), Some("count"), None).unwrap().per, Some(Per::Count));
        assert_eq!(Asked::read(Some("cube"), None, None), Err(("scale", "linear, log")));
        assert_eq!(Asked::read(None, Some("1000"), None), Err(("per", "count, 100k")));
        for days in ["0", "-3", "1101", "many", "1.5", ""] {
            assert_eq!(Asked::read(None, None, Some(days)), Err(("days", "1–1100")), "{days}");
        }
    }
}
