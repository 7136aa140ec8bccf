//! Classes of positions, and rules on who takes a turn. A title counts before its class: a lurah stands among those of
//! eselon II and III where a rule names lurah.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What somebody's position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Eselon II (JPT pratama).
    Eselon2,
    /// Eselon III (administrator).
    Eselon3,
    /// Eselon IV (pengawas).
    Eselon4,
    /// Jabatan fungsional.
    Functional,
    /// Pelaksana.
    Staff,
}

/// No class has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a class of positions: eselon_2, eselon_3, eselon_4, functional, staff")]
pub struct UnknownPosition(pub String);

impl Position {
    /// All of them, highest first.
    pub const ALL: [Self; 5] = [Self::Eselon2, Self::Eselon3, Self::Eselon4, Self::Functional, Self::Staff];

    /// The name in lists and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eselon2 => "eselon_2",
            Self::Eselon3 => "eselon_3",
            Self::Eselon4 => "eselon_4",
            Self::Functional => "functional",
            Self::Staff => "staff",
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Position {
    type Err = UnknownPosition;

    /// Reads the name, and how lists of staff write it: `II.b`, `Eselon III`, `JFT`, `pelaksana`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String =
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let level = plain.trim_start_matches("eselon").trim_end_matches(['a', 'b']);
        match (level, plain.as_str()) {
            ("2" | "ii", _) | (_, "jptpratama") => Ok(Self::Eselon2),
            ("3" | "iii", _) | (_, "administrator") => Ok(Self::Eselon3),
            ("4" | "iv", _) | (_, "pengawas") => Ok(Self::Eselon4),
            (_, "functional" | "fungsional" | "jf" | "jft") => Ok(Self::Functional),
            (_, "staff" | "staf" | "pelaksana" | "jfu") => Ok(Self::Staff),
            _ => Err(UnknownPosition(text.trim().to_owned())),
        }
    }
}

/// Who takes a turn: those of a title, else those of a class. An empty rule lets everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PositionRule {
    /// Titles that are in, in any case.
    pub titles: Vec<String>,
    /// Classes that are in.
    pub classes: Vec<Position>,
}

impl PositionRule {
    /// Whether somebody of this title and class is in.
    #[must_use]
    pub fn lets_in(&self, title: &str, class: Position) -> bool {
        let is_open = self.titles.is_empty() && self.classes.is_empty();
        is_open
            || self.titles.iter().any(|known| known.trim().eq_ignore_ascii_case(title.trim()))
            || self.classes.contains(&class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_lists_write_them() {
        for class in Position::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        for (text, class) in [
            ("Eselon II.b", Position::Eselon2),
            ("IIIa", Position::Eselon3),
            ("iv.a", Position::Eselon4),
            ("JFT", Position::Functional),
            ("Pelaksana", Position::Staff),
        ] {
            assert_eq!(text.parse(), Ok(class), "{text}");
        }
        for wrong in ["", "eselon", "eselon V", "kepala"] {
            assert!(wrong.parse::<Position>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_title_counts_before_its_class() {
        let bontang = PositionRule {
            titles: vec!["Lurah".to_owned()],
            classes: vec![Position::Eselon2, Position::Eselon3],
        };
        assert!(bontang.lets_in("lurah", Position::Eselon4), "named, whatever its eselon");
        assert!(bontang.lets_in("Camat", Position::Eselon3));
        assert!(!bontang.lets_in("Kepala Seksi", Position::Eselon4));
        assert!(PositionRule::default().lets_in("", Position::Staff));
    }
}
