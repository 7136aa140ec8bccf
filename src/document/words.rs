//! The sentences of circulars: a file of phrases with gaps, which a city may change. Every gap is filled from the record;
//! a phrase that names a gap we do not fill, and one that is missing, is refused before anything is made.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use super::circular::{Figure, Paragraph};

/// The phrases and the gaps that each may have.
const PHRASES: &[(&str, &[&str])] = &[
    ("draft", &[]),
    ("draft_note", &[]),
    ("draft_note_numbered", &[]),
    ("foot", &["nomor", "tautan"]),
    ("page", &["halaman", "jumlah"]),
    ("title_circular", &[]),
    ("title_instruction", &["kepala"]),
    ("number", &["nomor"]),
    ("about", &[]),
    ("to", &[]),
    ("at", &[]),
    ("subject", &["pegawai", "pemda"]),
    ("subject_amendment", &["surat", "judul"]),
    ("subject_extension", &["surat", "judul"]),
    ("subject_end", &["surat", "judul"]),
    ("staff", &[]),
    ("staff_and", &["pegawai", "lain"]),
    ("staff_tkd", &[]),
    ("government", &["kota"]),
    ("letter", &["penerbit", "nomor"]),
    ("letter_without_number", &["penerbit", "tanggal"]),
    ("instruction", &["penerbit", "nomor"]),
    ("instruction_without_number", &["penerbit", "tanggal"]),
    ("about_it", &["surat", "judul"]),
    ("basis", &[]),
    ("opening", &["kota", "tanggal", "angka", "ajakan"]),
    ("opening_bare", &["kota", "ajakan"]),
    ("opening_after", &["surat", "judul", "kota", "tanggal", "angka", "ajakan"]),
    ("opening_after_bare", &["surat", "judul", "kota", "ajakan"]),
    ("announced", &[]),
    ("instructed", &[]),
    ("instructed_to", &[]),
    ("instructed_for", &[]),
    ("figure_cases", &["kasus", "insiden"]),
    ("figure_cases_alone", &["kasus"]),
    ("figure_incidence_alone", &["insiden"]),
    ("figure_rise", &["pertumbuhan"]),
    ("figure_fall", &["pertumbuhan"]),
    ("figure_beds", &["bor"]),
    ("figure_staff", &["jumlah"]),
    ("figure_staff_total", &["jumlah", "sedikitnya"]),
    ("figure_dated", &["angka", "tanggal"]),
    ("purpose", &[]),
    ("purpose_why", &[]),
    ("purpose_aim", &[]),
    ("purpose_plain", &["pegawai", "pemda"]),
    ("reason_words", &["alasan", "kata"]),
    ("reason_case_trend", &[]),
    ("reason_hospital_load", &[]),
    ("reason_staff_infections", &[]),
    ("reason_higher_order", &[]),
    ("reason_single_event", &[]),
    ("reason_national_situation", &[]),
    ("reason_cases_fell", &[]),
    ("reason_protect_staff", &[]),
    ("reason_reduce_mobility", &[]),
    ("reason_set_example", &[]),
    ("reason_service_continuity", &[]),
    ("rules", &[]),
    ("rule_period_changed", &["surat", "mulai", "akhir_lama", "akhir"]),
    ("rule_period_extended", &["surat", "akhir_lama", "mulai", "akhir", "hari"]),
    ("rule_end", &["surat", "mulai"]),
    ("rule_end_back", &["kembali"]),
    ("rule_home", &["persen", "mulai", "akhir", "hari", "kembali"]),
    ("rule_partial", &["persen", "mulai", "akhir", "hari", "kembali"]),
    ("rule_office", &["mulai", "akhir", "hari"]),
    ("rule_service_caps", &["esensial", "kritikal"]),
    ("reference_item", &["nomor"]),
    ("reference_dictum", &["nomor"]),
    ("rule_exempt_one_cap", &["ketentuan", "persen", "jumlah"]),
    ("rule_exempt", &["ketentuan", "jumlah"]),
    ("unit_service", &["unit", "layanan"]),
    ("unit_cap", &["unit", "persen"]),
    ("unit_presence", &["unit", "orang"]),
    ("rule_exempt_added", &["daftar"]),
    ("rule_exempt_removed", &["daftar"]),
    ("rule_positions", &["kelas", "daftar"]),
    ("rule_positions_bare", &["daftar"]),
    ("rule_duty", &["bkpsdm"]),
    ("rule_duty_enclosed", &["bkpsdm"]),
    ("rule_home_duties", &[]),
    ("rule_continues", &[]),
    ("programme_unit", &["program", "unit"]),
    ("rule_ceiling", &["persen", "dasar"]),
    ("rule_rest_stays", &["surat"]),
    ("rule_discipline", &[]),
    ("evaluation", &[]),
    ("evaluation_by", &["tanggal"]),
    ("closing", &[]),
    ("closing_circular", &[]),
    ("closing_instruction", &[]),
    ("signed_at", &["tempat"]),
    ("signed_at_day", &["tempat", "tanggal"]),
    ("on_behalf", &["kepala"]),
    ("deputy", &["kepala"]),
    ("secretary", &[]),
    ("secretary_of", &["kota"]),
    ("copies", &[]),
    ("enclosure", &[]),
    ("roster", &["mulai", "akhir"]),
    ("roster_day", &[]),
    ("roster_unit", &[]),
    ("roster_officer", &[]),
    ("roster_contact", &[]),
    ("roster_nobody", &[]),
    ("and", &[]),
];

/// The sentences of circulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(BTreeMap<String, String>);

/// A file of sentences that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WordsFault {
    /// It is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// A phrase that circulars do not have.
    #[error("'{0}' is not a phrase of a circular: the shipped circular.toml has them all")]
    Unknown(String),
    /// A phrase that is nowhere.
    #[error("the phrase '{0}' is missing")]
    Missing(String),
    /// A gap that is never filled.
    #[error("{phrase}: '{{{gap}}}' is not filled there; {known}")]
    Gap {
        /// The phrase.
        phrase: String,
        /// The gap.
        gap: String,
        /// What may stand there instead.
        known: String,
    },
}

impl Words {
    /// Reads the shipped sentences, and over them those of a city: what it leaves out stays as shipped.
    ///
    /// # Errors
    /// [`WordsFault`] in one sentence.
    pub fn parse(shipped: &str, own: Option<&str>) -> Result<Self, WordsFault> {
        let read = |text: &str| {
            toml::from_str::<BTreeMap<String, String>>(text)
                .map_err(|error| WordsFault::Form(error.to_string()))
        };
        let mut words = read(shipped)?;
        words.extend(own.map(read).transpose()?.unwrap_or_default());
        for (phrase, text) in &words {
            let Some((_, known)) = PHRASES.iter().find(|(name, _)| name == phrase) else {
                return Err(WordsFault::Unknown(phrase.clone()));
            };
            if let Some(gap) = gaps(text).find(|gap| !known.contains(gap)) {
                let known = if known.is_empty() {
                    "it has no gaps".to_owned()
                } else {
                    format!("{{{}}} may stand there", known.join("}, {"))
                };
                return Err(WordsFault::Gap { phrase: phrase.clone(), gap: gap.to_owned(), known });
            }
        }
        match PHRASES.iter().find(|(name, _)| !words.contains_key(*name)) {
            Some((name, _)) => Err(WordsFault::Missing((*name).to_owned())),
            None => Ok(Self(words)),
        }
    }

    /// Whether there is such a phrase.
    pub(super) fn has(&self, phrase: &str) -> bool {
        self.0.contains_key(phrase)
    }

    /// A phrase without gaps.
    pub(super) fn say(&self, phrase: &str) -> String {
        self.fill(phrase, &[]).text
    }

    /// A phrase whose gaps are texts.
    pub(super) fn say_with(&self, phrase: &str, texts: &[(&str, &str)]) -> String {
        let figures: Vec<Figure> = texts.iter().map(|(name, text)| Figure::text(name, text)).collect();
        self.fill(phrase, &figures).text
    }

    /// A phrase with its gaps filled, and the figures that stand in it. What is filled in is never read for gaps again.
    pub(super) fn fill(&self, phrase: &str, figures: &[Figure]) -> Paragraph {
        let template = self.0.get(phrase).map_or(phrase, String::as_str);
        let (mut text, mut used) = (String::new(), Vec::new());
        let mut rest = template;
        while let Some((before, gap, after)) = next_gap(rest) {
            text.push_str(before);
            if let Some(figure) = figures.iter().find(|figure| figure.name == gap) {
                text.push_str(&figure.shown);
                if !matches!(figure.value, Value::Null) {
                    used.push(figure.clone());
                }
            }
            rest = after;
        }
        text.push_str(rest);
        Paragraph { text, figures: used, items: Vec::new() }
    }
}

/// The next gap of a template: what stands before it, its name, what stands after it.
fn next_gap(template: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = template.split_once('{')?;
    let (gap, after) = rest.split_once('}')?;
    Some((before, gap, after))
}

fn gaps(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, gap, after) = next_gap(rest)?;
        rest = after;
        Some(gap)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../data/document/circular.toml");

    #[test]
    fn the_shipped_sentences_are_whole() {
        Words::parse(SHIPPED, None).unwrap();
    }

    #[test]
    fn a_city_changes_what_it_wants_and_keeps_the_rest() {
        let words = Words::parse(SHIPPED, Some("rule_discipline = \"Aturan kami.\"")).unwrap();
        assert_eq!(words.say("rule_discipline"), "Aturan kami.");
        assert_eq!(words.say("draft"), "KONSEP");
    }

    #[test]
    fn sentences_that_cannot_be_filled_are_refused() {
        let own = |text: &str| Words::parse(SHIPPED, Some(text)).unwrap_err().to_string();
        assert!(own("rule_dicipline = \"x\"").starts_with("'rule_dicipline' is not a phrase"));
        assert_eq!(
            own("evaluation_by = \"sebelum {akhir}\""),
            "evaluation_by: '{akhir}' is not filled there; {tanggal} may stand there"
        );
        assert_eq!(own("draft = \"{x}\""), "draft: '{x}' is not filled there; it has no gaps");
        assert!(own("draft = 1").contains("draft"));
        let short = SHIPPED.replace("draft = ", "# ");
        assert_eq!(Words::parse(&short, None).unwrap_err(), WordsFault::Missing("draft".to_owned()));
    }

    #[test]
    fn what_is_filled_in_is_not_read_for_gaps_again() {
        let words = Words::parse(SHIPPED, Some("evaluation_by = \"{tanggal}, {tanggal}\"")).unwrap();
        let paragraph = words.fill("evaluation_by", &[Figure::text("tanggal", "{tanggal}")]);
        assert_eq!(paragraph.text, "{tanggal}, {tanggal}");
    }
}
