//! Small numbers in Indonesian words, as letters write them beside the digits: "25% (dua puluh lima persen)".

const UNITS: [&str; 12] = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
];

/// A number in Indonesian words.
///
/// ```
/// use siaga::document::spelled;
/// assert_eq!(spelled(100), "seratus");
/// assert_eq!(spelled(25), "dua puluh lima");
/// assert_eq!(spelled(11), "sebelas");
/// ```
#[must_use]
pub fn spelled(number: u8) -> String {
    let with_rest = |head: String, rest: u8| match rest {
        0 => head,
        rest => format!("{head} {}", spelled(rest)),
    };
    match number {
        0..=11 => UNITS[usize::from(number)].to_owned(),
        12..=19 => format!("{} belas", spelled(number - 10)),
        20..=99 => with_rest(format!("{} puluh", spelled(number / 10)), number % 10),
        100..=199 => with_rest("seratus".to_owned(), number - 100),
        200.. => with_rest(format!("{} ratus", spelled(number / 100)), number % 100),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::spelled;

    #[test]
    fn numbers_are_written_as_they_are_said() {
        for (number, said) in [
            (0, "nol"),
            (1, "satu"),
            (10, "sepuluh"),
            (12, "dua belas"),
            (17, "tujuh belas"),
            (19, "sembilan belas"),
            (20, "dua puluh"),
            (21, "dua puluh satu"),
            (50, "lima puluh"),
            (75, "tujuh puluh lima"),
            (99, "sembilan puluh sembilan"),
            (101, "seratus satu"),
            (255, "dua ratus lima puluh lima"),
        ] {
            assert_eq!(spelled(number), said);
        }
    }

    #[test]
    fn no_two_numbers_sound_alike() {
        let said: BTreeSet<String> = (0..=u8::MAX).map(spelled).collect();
        assert_eq!(said.len(), 256);
    }
}
