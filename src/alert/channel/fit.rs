//! Text as long as a telephone's channel takes it.

/// The text if it is no longer than `most`, else its beginning up to the end of a line or a word, and the note. Lengths
/// are UTF-16 units, as the services count at their strictest.
pub(super) fn fit(text: &str, most: usize, note: &str) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(width(note) + 1);
    let mut used = 0;
    let end = text.char_indices().find_map(|(place, c)| {
        used += c.len_utf16();
        (used > room).then_some(place)
    });
    let (head, rest) = text.split_at(end.unwrap_or(text.len()));
    let ends_at = |c: char| if rest.starts_with(c) { Some(head.len()) } else { head.rfind(c) };
    // A line or a word that ends in the first half would lose more than a word that is cut.
    let end = ['\n', ' '].into_iter().filter_map(ends_at).find(|place| *place > head.len() / 2);
    let joined = if text.contains('\n') { '\n' } else { ' ' };
    format!("{}{joined}{note}", head[..end.unwrap_or(head.len())].trim_end())
}

/// How long a text is for the services.
pub(super) fn width(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text in one line: lines are parted by a dot, white space is one space.
pub(super) fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        assert_eq!(fit("satu\ndua", 8, "…"), "satu\ndua");
        assert_eq!(width("a😷"), 3, "as UTF-16 has it");
    }

    #[test]
    fn a_text_that_is_too_long_ends_at_a_line_a_word_or_a_letter() {
        assert_eq!(fit("satu dua\ntiga empat lima", 18, "(cut)"), "satu dua\n(cut)");
        assert_eq!(fit("satu dua tiga empat", 15, "…"), "satu dua tiga …");
        assert_eq!(fit(&"x".repeat(20), 10, "…"), "xxxxxxxx …");
        assert_eq!(fit(&"😷".repeat(20), 10, "…"), "😷😷😷😷 …");
        for most in [12, 13, 14, 40, 4096] {
            let long = "baris pertama\nbaris kedua yang panjang\n".repeat(200);
            assert!(width(&fit(&long, most, "(dipotong)")) <= most, "{most}");
        }
    }

    #[test]
    fn lines_and_tabs_become_one_line() {
        assert_eq!(in_one_line("Kota Bogor\n\n- R2:\t150     kasus\r\n"), "Kota Bogor · - R2: 150 kasus");
    }
}
