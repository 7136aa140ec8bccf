//! A count as somebody types it: plain, or with the dots of an Indonesian print. What could be read in two ways is refused.

/// Why a text is not taken for a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountFault {
    /// It could be read in two ways: `1,833`, `1.83`.
    Ambiguous,
    /// It is no count at all.
    NotACount,
}

/// The longest count: more digits are a slip.
const DIGITS: usize = 12;

/// Reads a count; an empty text is none.
///
/// # Errors
/// [`CountFault`].
///
/// ```
/// use siaga::text::{CountFault, read_count};
/// assert_eq!(read_count(" 1.833 "), Ok(Some(1833)));
/// assert_eq!(read_count("1833"), Ok(Some(1833)));
/// assert_eq!(read_count(""), Ok(None));
/// assert_eq!(read_count("1,833"), Err(CountFault::Ambiguous));
/// ```
pub fn read_count(text: &str) -> Result<Option<u64>, CountFault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = text.split(['.', ' ', '\u{a0}', '\u{202f}']).collect();
    let is_grouped = match groups.as_slice() {
        [whole] => is_digits(whole),
        [first, rest @ ..] => {
            is_digits(first)
                && first.len() <= 3
                && !first.starts_with('0')
                && rest.iter().all(|group| group.len() == 3 && is_digits(group))
        }
        [] => false,
    };
    let digits = groups.concat();
    if is_grouped && digits.len() <= DIGITS {
        return digits.parse().map(Some).map_err(|_| CountFault::NotACount);
    }
    let is_number = text.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
        && text.contains(|c: char| c.is_ascii_digit());
    Err(if is_number && !is_grouped { CountFault::Ambiguous } else { CountFault::NotACount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_read_as_printed_and_never_guessed() {
        for (text, count) in
            [("0", 0), ("007", 7), ("1.043.070", 1_043_070), ("12 500", 12_500), ("181618", 181_618)]
        {
            assert_eq!(read_count(text), Ok(Some(count)), "{text}");
        }
        for text in ["1,833", "1.83", "0.123", "81,6", "1.8333", "1..833", ".5", "1,043,070"] {
            assert_eq!(read_count(text), Err(CountFault::Ambiguous), "{text}");
        }
        for text in ["-3", "12a", "satu", "1e3", ".", "9999999999999", "½"] {
            assert_eq!(read_count(text), Err(CountFault::NotACount), "{text}");
        }
    }
}
