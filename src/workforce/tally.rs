//! Head-counts of a unit: dated, by class of staff and of position where known. A count is never changed: a later one of
//! the same day stands beside it with the moment it became known, and one of an earlier day stays what it was.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::epi::Vintage;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tally {
    /// ASN, undivided.
    Asn,
    /// Civil servants.
    Pns,
    /// Contract civil servants.
    Pppk,
    /// Regional contract staff; not ASN.
    Tkd,
    /// Staff of enterprises the city owns; not ASN.
    Bumd,
    /// Eselon II.
    Eselon2,
    /// Eselon III.
    Eselon3,
    /// Eselon IV.
    Eselon4,
    /// Jabatan fungsional.
    Functional,
    /// Pelaksana.
    Staff,
}

impl Tally {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Asn,
        Self::Pns,
        Self::Pppk,
        Self::Tkd,
        Self::Bumd,
        Self::Eselon2,
        Self::Eselon3,
        Self::Eselon4,
        Self::Functional,
        Self::Staff,
    ];

    /// The column's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asn => "asn",
            Self::Pns => "pns",
            Self::Pppk => "pppk",
            Self::Tkd => "tkd",
            Self::Bumd => "bumd",
            Self::Eselon2 => "eselon_2",
            Self::Eselon3 => "eselon_3",
            Self::Eselon4 => "eselon_4",
            Self::Functional => "functional",
            Self::Staff => "staff",
        }
    }

    /// Reads a column's name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tally| tally.as_str() == name)
    }
}

/// Whose number a share is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StaffScope {
    /// PNS and PPPK.
    #[default]
    Asn,
    /// Contract staff too.
    WithContract,
}

/// The staff of a unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadCount {
    /// The unit.
    pub unit_id: String,
    /// The day it was counted.
    pub date: NaiveDate,
    /// Since when it is known.
    pub at: Vintage,
    /// What was counted; what is not there was not.
    pub counts: BTreeMap<Tally, u32>,
    /// Where it comes from.
    pub source: String,
}

impl HeadCount {
    /// The staff that counts; `None` where nobody counted them. Enterprises' staff is in no denominator of ASN.
    #[must_use]
    pub fn staff(&self, scope: StaffScope) -> Option<u32> {
        let of = |tally: Tally| self.counts.get(&tally).copied();
        let divided = match (of(Tally::Pns), of(Tally::Pppk)) {
            (None, None) => None,
            (pns, pppk) => Some(pns.unwrap_or(0) + pppk.unwrap_or(0)),
        };
        let asn = of(Tally::Asn).or(divided)?;
        Some(match scope {
            StaffScope::Asn => asn,
            StaffScope::WithContract => asn + of(Tally::Tkd).unwrap_or(0),
        })
    }
}

/// The count that holds on a day: of the last day counted up to then, the one known last.
///
/// A count of 1 June does not change what a share of May was held against.
#[must_use]
pub fn head_count_at<'a>(counts: &'a [HeadCount], unit_id: &str, date: NaiveDate) -> Option<&'a HeadCount> {
    counts
        .iter()
        .filter(|count| count.unit_id == unit_id && count.date <= date)
        .max_by_key(|count| (count.date, count.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(date: &str, at: &str, counts: &[(Tally, u32)]) -> HeadCount {
        HeadCount {
            unit_id: "dinkes".to_owned(),
            date: date.parse().unwrap(),
            at: Vintage::parse_as_of(at, chrono_tz::Asia::Jakarta).unwrap(),
            counts: counts.iter().copied().collect(),
            source: "simpeg".to_owned(),
        }
    }

    #[test]
    fn a_denominator_of_an_earlier_day_stays_what_it_was() {
        let counts = [
            count("2021-05-01", "2021-05-02", &[(Tally::Asn, 100)]),
            count("2021-06-01", "2021-06-02", &[(Tally::Asn, 90)]),
            count("2021-05-01", "2021-06-03", &[(Tally::Asn, 101)]),
        ];
        let staff = |date: &str| {
            let found = head_count_at(&counts, "dinkes", date.parse().unwrap());
            found.and_then(|count| count.staff(StaffScope::Asn))
        };
        assert_eq!(staff("2021-04-30"), None, "nobody had counted yet");
        assert_eq!(staff("2021-05-31"), Some(101), "corrected, and still May's");
        assert_eq!(staff("2021-06-28"), Some(90));
        assert!(head_count_at(&counts, "setda", "2021-06-28".parse().unwrap()).is_none());
    }

    #[test]
    fn contract_staff_counts_if_chosen_and_enterprises_never() {
        let all = [(Tally::Pns, 60), (Tally::Pppk, 5), (Tally::Tkd, 20), (Tally::Bumd, 300)];
        let divided = count("2021-05-01", "2021-05-01", &all);
        assert_eq!(divided.staff(StaffScope::Asn), Some(65));
        assert_eq!(divided.staff(StaffScope::WithContract), Some(85));
        let only_positions = count("2021-05-01", "2021-05-01", &[(Tally::Eselon2, 1)]);
        assert_eq!(only_positions.staff(StaffScope::Asn), None, "positions are no head-count");
    }

    #[test]
    fn every_column_reads_back() {
        for tally in Tally::ALL {
            assert_eq!(Tally::of(tally.as_str()), Some(tally));
        }
        assert_eq!(Tally::of("honorer"), None);
    }
}
