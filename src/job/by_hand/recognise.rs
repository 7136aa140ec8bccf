//! Which form a file is of that somebody drops without saying so: a tidy file, siaga's own form, or a tidy table as a
//! spreadsheet saves it. By the names of its columns, and by whether its first rows can be read; nothing else is guessed.

use super::BY_HAND;
use crate::job::unit_names;
use crate::job::{Journey, Told};
use crate::source::{Parsed, Received, SourceError, SourceSpec, parse};
use crate::text::Reason;

/// The form that siaga hands out.
pub const FORM: &str = "siaga-form";
/// The tidy table of a spreadsheet.
const TABLE: &str = "tidy-table";
/// So much of a text is looked at.
const LOOKED_AT: usize = 64 * 1024;

/// The source that a file is read as.
///
/// # Errors
/// What its columns lack, when it is none of them.
pub fn recognise<'a>(
    journey: &'a Journey,
    (name, body): (&str, &[u8]),
    told: &Told,
) -> Result<&'a SourceSpec, Reason> {
    let units = unit_names(&journey.city);
    let at = told.as_of.unwrap_or_else(|| journey.clock.now());
    let (zone, locations) = (journey.city.zone, &journey.city.locations);
    let received = Received { at, zone, name, date: told.date, locations, units: &units };
    let candidates = [BY_HAND, FORM, TABLE].map(|id| journey.sources.iter().find(|spec| spec.id == id));
    let mut fitting: Vec<(&SourceSpec, Parsed)> = Vec::new();
    let mut lacks: Vec<Reason> = Vec::new();
    for spec in candidates.into_iter().flatten() {
        match parse(head(body), spec, &received) {
            Ok(parsed) => fitting.push((spec, parsed)),
            Err(SourceError::Unreadable { reason, .. }) => lacks.push(reason),
            Err(error) => lacks.push(error.reason()),
        }
    }
    // One of whose rows nothing can be read is not what its names say: an Indonesian table under tidy names.
    let is_read = |(_, parsed): &&(&SourceSpec, Parsed)| !parsed.rows.is_empty();
    let found = fitting.iter().find(is_read).or_else(|| fitting.first());
    found.map(|(spec, _)| *spec).ok_or_else(|| neither(&lacks))
}

/// The beginning of a text in whole lines; a workbook whole.
fn head(body: &[u8]) -> &[u8] {
    let start = body.get(..LOOKED_AT).unwrap_or(body);
    if start.len() == body.len() || start.contains(&0) || start.starts_with(b"PK") {
        return body;
    }
    let end = start.iter().rposition(|byte| *byte == b'\n').map_or(start.len(), |at| at + 1);
    &start[..end]
}

/// Why a file is none of them: what it lacks as the form and as a table, or what is wrong with it as either.
fn neither(lacks: &[Reason]) -> Reason {
    let lack = |reason: &Reason| match reason.code() {
        "no-column" => reason.found("wanted").map(|wanted| Reason::new("lacks").text("names", wanted)),
        "no-figures" => Some(Reason::new("lacks-figures")),
        _ => None,
    };
    // The tidy file's own columns are among those that a table may have.
    let [.., form, table] = lacks else {
        return lacks.last().cloned().unwrap_or_else(|| Reason::new("empty"));
    };
    match (lack(form), lack(table), form.found("found")) {
        (Some(lacking), Some(missing), Some(found)) => Reason::new("unrecognised")
            .text("found", found)
            .because("form", lacking)
            .because("table", missing),
        (None, ..) => form.clone(),
        _ => table.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_lacks_is_told_of_the_form_and_of_a_table() {
        let column = |wanted: &str| Reason::new("no-column").text("wanted", wanted).text("found", "a, b");
        let told =
            neither(&[column("date"), column("Tanggal"), column("Tanggal, Ukuran, Nilai")]).to_string();
        assert_eq!(
            told,
            "its columns are a, b; for siaga's form it lacks Tanggal, for a tidy table it lacks Tanggal, Ukuran, Nilai"
        );
        let page = || Reason::new("is-page").because("wanted", Reason::new("form-table"));
        assert_eq!(neither(&[column("date"), page(), page()]), page());
        assert_eq!(neither(&[]).code(), "empty");
    }

    #[test]
    fn a_text_is_looked_at_in_whole_lines_and_a_workbook_whole() {
        let text = "2021-06-01,3271,cases,1\n".repeat(5_000);
        let start = head(text.as_bytes());
        assert!(start.len() <= LOOKED_AT && start.len() > LOOKED_AT - 30 && start.ends_with(b"\n"));
        let workbook = [b"PK\x03\x04".as_slice(), &[1; 100_000]].concat();
        assert_eq!(head(&workbook).len(), workbook.len());
        assert_eq!(head(b"a"), b"a");
    }
}
