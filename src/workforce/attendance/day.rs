//! The counts of a unit on a day: where its staff was, how many reports came.

use chrono::NaiveDate;

/// How somebody worked on a day, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// At the office.
    Office,
    /// At the office, on duty (piket).
    Duty,
    /// Out in the field, with a permit.
    Field,
    /// At home.
    Home,
    /// On leave, ill, in isolation: away with a reason that is not kept.
    Leave,
    /// Away without a reason.
    Absent,
}

impl Mode {
    /// All of them, in the order of columns.
    pub const ALL: [Self; 6] = [Self::Office, Self::Duty, Self::Field, Self::Home, Self::Leave, Self::Absent];

    /// The column's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Duty => "duty",
            Self::Field => "field",
            Self::Home => "home",
            Self::Leave => "leave",
            Self::Absent => "absent",
        }
    }

    /// What lists call it.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Office => &["office", "wfo", "kantor", "hadir", "h"],
            Self::Duty => &["duty", "piket"],
            Self::Field => &["field", "lapangan", "dinas_luar", "dl"],
            Self::Home => &["home", "wfh", "bdr", "rumah"],
            Self::Leave => &["leave", "cuti", "izin", "sakit", "isolasi", "c", "i", "s"],
            Self::Absent => &["absent", "alpa", "alpha", "mangkir", "tanpa_keterangan", "a", "tk"],
        }
    }

    /// Reads a word of a list: `WFO`, `Dinas Luar`, `cuti`.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let plain = word.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|mode| mode.names().contains(&plain.as_str()))
    }
}

/// Where the staff of a unit was on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCounts {
    /// The unit.
    pub unit_id: String,
    /// The day.
    pub date: NaiveDate,
    /// How many, in the order of [`Mode::ALL`].
    pub counts: [u32; 6],
}

impl DayCounts {
    /// How many worked so.
    #[must_use]
    pub fn of(&self, mode: Mode) -> u32 {
        self.counts[mode as usize]
    }

    /// Everybody who was counted.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of the staff at the office, in percent: against the head-count, or, where there is none or more people were
    /// counted than it says, against those counted. Officers on duty and people in the field are counted apart.
    #[must_use]
    pub fn office_share(&self, staff: Option<u32>) -> Option<f64> {
        let against = staff.unwrap_or(0).max(self.total());
        (against > 0).then(|| f64::from(self.of(Mode::Office)) * 100.0 / f64::from(against))
    }

    /// How many represented the unit: at the office or on duty.
    #[must_use]
    pub fn present(&self) -> u32 {
        self.of(Mode::Office) + self.of(Mode::Duty)
    }
}

/// Daily reports of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportCounts {
    /// The unit.
    pub unit_id: String,
    /// The day.
    pub date: NaiveDate,
    /// Reports that were to come.
    pub expected: u32,
    /// Reports that came.
    pub received: u32,
}

/// How many of the reports came, in percent; `None` where none was to come.
#[must_use]
pub fn completeness(reports: &ReportCounts) -> Option<f64> {
    (reports.expected > 0).then(|| f64::from(reports.received) * 100.0 / f64::from(reports.expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_list_is_one_mode() {
        let mut all: Vec<&str> = Mode::ALL.iter().flat_map(|mode| mode.names()).copied().collect();
        for mode in Mode::ALL {
            assert_eq!(Mode::of(mode.as_str()), Some(mode));
        }
        assert_eq!(Mode::of(" Dinas Luar "), Some(Mode::Field));
        assert_eq!(Mode::of("Isolasi"), Some(Mode::Leave), "no health reason is kept");
        assert_eq!((Mode::of(""), Mode::of("positif")), (None, None));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), Mode::ALL.iter().map(|mode| mode.names().len()).sum::<usize>());
    }

    #[test]
    fn shares_stand_on_the_head_count_or_on_who_was_counted() {
        let day = DayCounts {
            unit_id: "setda".to_owned(),
            date: "2021-06-29".parse().unwrap(),
            counts: [10, 2, 3, 20, 4, 1],
        };
        assert_eq!(day.office_share(Some(50)), Some(20.0));
        assert_eq!(day.office_share(None), Some(25.0));
        assert_eq!(day.office_share(Some(5)), Some(25.0), "a head-count below those counted is an old one");
        assert_eq!(day.present(), 12);
        assert_eq!(DayCounts { counts: [0; 6], ..day }.office_share(None), None);
        let none = ReportCounts {
            unit_id: "setda".to_owned(),
            date: "2021-06-29".parse().unwrap(),
            expected: 0,
            received: 0,
        };
        assert_eq!(completeness(&none), None);
        assert_eq!(completeness(&ReportCounts { expected: 40, received: 37, ..none }), Some(92.5));
    }
}
