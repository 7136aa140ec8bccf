//! Text that a spreadsheet would take for a formula: written with an apostrophe before it, and read back without.
//!
//! The two undo each other for every text: one that carries apostrophes already, and then begins like a formula, gets one more.

use std::borrow::Cow;

/// How a cell begins that some spreadsheets open as a formula.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as it is put into a file that spreadsheets open.
///
/// ```
/// use siaga::text::{defused, undefused};
/// assert_eq!(defused("=1+1"), "'=1+1");
/// assert_eq!(undefused("'=1+1"), "=1+1");
/// assert_eq!(defused("Jum'at"), "Jum'at");
/// ```
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was put into such a file.
#[must_use]
pub fn undefused(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "=1+1",
            "'=1+1",
            "''@x",
            "-",
            "+62 251",
            "\tx",
            "\rx",
            "'",
            "''",
            "Jum'at",
            "'Aisyiyah",
            "",
            "a=b",
        ] {
            let written = defused(text);
            assert_eq!(undefused(&written), text, "{written}");
            assert!(!written.starts_with(STARTS), "{written}");
        }
    }
}
