//! What a circular says, as data: every paragraph made from the record, with the figures that stand in it.

use serde::Serialize;

use super::figures::figures;
use super::paragraph::{Figure, Paragraph};
use crate::decision::{DecisionKind, Office};
use crate::document::dossier::{Dossier, Form};
use crate::document::letterhead::{Letterhead, Recipients};
use crate::document::spelled;
use crate::document::words::Words;
use crate::text::{Locale, date_long, date_medium};

/// Which letter it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CircularKind {
    /// Surat edaran.
    Circular,
    /// Perubahan atas surat edaran.
    Amendment,
    /// Perpanjangan masa berlaku.
    Extension,
    /// Pencabutan.
    Revocation,
    /// Instruksi wali kota.
    Instruction,
}

/// A lettered part: "B. Ketentuan".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// "B", or "KESATU" of an instruction.
    pub label: String,
    /// "Ketentuan"; empty in an instruction.
    pub heading: String,
    /// Its paragraphs; more than one are numbered.
    pub paragraphs: Vec<Paragraph>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// The lines over the signature.
    pub title: Vec<String>,
    /// The name under it.
    pub name: String,
    /// Rank and number.
    pub rank: Vec<String>,
}

/// An enclosed table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// "Lampiran".
    pub label: String,
    /// What it holds.
    pub title: String,
    /// Its heads.
    pub columns: Vec<String>,
    /// Its rows, as many cells as heads.
    pub rows: Vec<Vec<String>>,
}

/// A circular as data. Number and day are in it once they are recorded; the signature never is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CircularContent {
    /// Which letter.
    pub kind: CircularKind,
    /// The decision's number in the journal.
    pub decision: u32,
    /// The day of the decision: the day of the file, whatever the letter bears.
    pub decided_on: chrono::NaiveDate,
    /// "KONSEP", and what is missing: on every page.
    pub draft: (String, String),
    /// The letterhead's lines and the small ones under them.
    pub letterhead: (Vec<String>, Vec<String>),
    /// The emblem (PNG).
    #[serde(skip)]
    pub logo: Option<Vec<u8>>,
    /// "Bogor, 28 Juni 2021"; "Bogor," as long as the letter has no day.
    pub place: String,
    /// "Kepada Yth.", "di" and the place; of an instruction "Kepada", "Untuk" and the place.
    pub address_words: (String, String, String),
    /// To whom, and who gets a copy.
    pub recipients: Recipients,
    /// "SURAT EDARAN".
    pub title: String,
    /// "NOMOR: 800/1104-BKPSDM", or the form of the number as long as it has none.
    pub number: String,
    /// "TENTANG".
    pub about: String,
    /// What it is about, as it is said in a sentence.
    pub subject: String,
    /// "Dasar", and what it rests on.
    pub basis: (String, Vec<String>),
    /// The opening.
    pub opening: Paragraph,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Who signs.
    pub signatory: Signatory,
    /// "Tembusan".
    pub copies: String,
    /// The duty roster, where it is enclosed.
    pub enclosure: Option<Table>,
    /// What stands at the foot of each page: where the decision is found.
    pub foot: String,
    /// "Halaman", "dari" and what stands behind: round the page's number and the number of pages.
    pub page: [String; 3],
}

/// All that a circular is being made from.
pub(super) struct Making<'a> {
    pub dossier: &'a Dossier,
    pub letterhead: &'a Letterhead,
    pub words: &'a Words,
}

impl CircularContent {
    /// Makes a circular from the record; `link` is where the decision is found.
    #[must_use]
    pub fn new(dossier: &Dossier, letterhead: &Letterhead, words: &Words, link: &str) -> Self {
        let making = Making { dossier, letterhead, words };
        let decision = &dossier.decision;
        let number = decision.number.to_string();
        Self {
            kind: kind(dossier),
            decision: decision.number,
            decided_on: decision.decided_on,
            draft: (words.say("draft"), making.draft_note()),
            letterhead: (letterhead.lines(decision.office), letterhead.address().to_vec()),
            logo: letterhead.logo.clone(),
            place: making.place(),
            address_words: making.address_words(),
            recipients: letterhead.recipients.clone(),
            title: making.title().to_uppercase(),
            number: making.number(),
            about: words.say("about").to_uppercase(),
            subject: making.subject(),
            basis: (words.say("basis"), making.basis()),
            opening: making.opening(),
            parts: making.parts(),
            signatory: making.signatory(),
            copies: words.say("copies"),
            enclosure: making.enclosure(),
            foot: words.say_with("foot", &[("nomor", &number), ("tautan", link)]),
            page: making.page(),
        }
    }

    /// Every figure and day in it, in the order in which they are read.
    #[must_use]
    pub fn figures(&self) -> Vec<&Figure> {
        let parts = self.parts.iter().flat_map(|part| &part.paragraphs);
        std::iter::once(&self.opening).chain(parts).flat_map(Paragraph::all_figures).collect()
    }
}

fn kind(dossier: &Dossier) -> CircularKind {
    match (dossier.form, dossier.decision.kind) {
        (Form::Instruction, _) => CircularKind::Instruction,
        (Form::Circular, DecisionKind::Decision) => CircularKind::Circular,
        (Form::Circular, DecisionKind::Amendment) => CircularKind::Amendment,
        (Form::Circular, DecisionKind::Extension) => CircularKind::Extension,
        (Form::Circular, DecisionKind::End) => CircularKind::Revocation,
    }
}

impl Making<'_> {
    fn title(&self) -> String {
        match self.dossier.form {
            Form::Circular => self.words.say("title_circular"),
            Form::Instruction => {
                self.words.say_with("title_instruction", &[("kepala", &self.letterhead.head)])
            }
        }
    }

    /// What is still missing: it stands beside the mark of a draft.
    fn draft_note(&self) -> String {
        let is_numbered = self.dossier.number.is_some() && self.dossier.dated.is_some();
        self.words.say(if is_numbered { "draft_note_numbered" } else { "draft_note" })
    }

    fn place(&self) -> String {
        let place = self.letterhead.place.as_str();
        match self.dossier.dated {
            Some(dated) => {
                let dated = date_medium(dated, Locale::Id);
                self.words.say_with("signed_at_day", &[("tempat", place), ("tanggal", &dated)])
            }
            None => self.words.say_with("signed_at", &[("tempat", place)]),
        }
    }

    /// The words in capitals, the number as it was given.
    fn number(&self) -> String {
        let number = self.dossier.number.as_ref().unwrap_or(&self.letterhead.number);
        self.words.say_with("number", &[("nomor", "\u{1}")]).to_uppercase().replace('\u{1}', number)
    }

    fn address_words(&self) -> (String, String, String) {
        let (to, at) = match self.dossier.form {
            Form::Circular => ("to", "at"),
            Form::Instruction => ("instructed_to", "instructed_for"),
        };
        (self.words.say(to), self.words.say(at), self.letterhead.place.clone())
    }

    /// What the record names, and the letters that it changes.
    fn basis(&self) -> Vec<String> {
        let cited = self.dossier.earlier.iter().map(|earlier| {
            let cited = self.cite(earlier);
            self.words.say_with("about_it", &[("surat", &cited.letter), ("judul", &cited.title)])
        });
        let mut basis = self.dossier.decision.legal_basis.clone();
        basis.extend(cited);
        basis
    }

    fn opening(&self) -> Paragraph {
        let figures = self.dossier.assessment.as_ref().and_then(|told| figures(told, self.words));
        let announced = match self.dossier.form {
            Form::Circular => "announced",
            Form::Instruction => "instructed",
        };
        let announced = Figure::text("ajakan", &self.words.say(announced));
        let mut gaps = vec![Figure::text("kota", &self.letterhead.city), announced];
        let mut phrase = "opening".to_owned();
        if let Some(first) = self.first_letter() {
            phrase.push_str("_after");
            gaps.extend([Figure::text("surat", &first.letter), Figure::text("judul", &first.title)]);
        }
        let Some((date, told)) = figures else {
            return self.words.fill(&format!("{phrase}_bare"), &gaps);
        };
        gaps.extend([Figure::date("tanggal", date), Figure::text("angka", &told.text)]);
        let filled = self.words.fill(&phrase, &gaps);
        Paragraph { figures: [filled.figures, told.figures].concat(), ..filled }
    }

    fn parts(&self) -> Vec<Part> {
        if self.dossier.form == Form::Instruction {
            return self.dicta();
        }
        let part = |heading: &str, paragraphs: Vec<Paragraph>| (self.words.say(heading), paragraphs);
        let mut parts = vec![part("purpose", self.purpose()), part("rules", self.rules())];
        if self.dossier.decision.kind != DecisionKind::End {
            parts.push(part("evaluation", vec![self.evaluation()]));
        }
        parts.push(part("closing", vec![Paragraph::plain(self.words.say("closing_circular"))]));
        ('A'..='Z')
            .zip(parts)
            .map(|(label, (heading, paragraphs))| Part { label: label.to_string(), heading, paragraphs })
            .collect()
    }

    /// An instruction's parts have no headings: KESATU, KEDUA, …
    fn dicta(&self) -> Vec<Part> {
        let mut paragraphs = self.rules();
        if self.dossier.decision.kind != DecisionKind::End {
            paragraphs.push(self.evaluation());
        }
        paragraphs.push(Paragraph::plain(self.words.say("closing_instruction")));
        let dictum = |(place, paragraph)| Part {
            label: dictum(place + 1),
            heading: String::new(),
            paragraphs: vec![paragraph],
        };
        paragraphs.into_iter().enumerate().map(dictum).collect()
    }

    fn signatory(&self) -> Signatory {
        let (title, name, rank) = self.letterhead.signatory();
        let head = &self.letterhead.head;
        let on_behalf = || self.words.say_with("on_behalf", &[("kepala", &head.to_uppercase())]);
        let built_in = match self.dossier.decision.office {
            Office::Mayor => vec![head.to_uppercase()],
            Office::DeputyMayor => {
                vec![on_behalf(), self.words.say_with("deputy", &[("kepala", head)]).to_uppercase()]
            }
            Office::Secretary => vec![on_behalf(), self.words.say("secretary").to_uppercase()],
        };
        let decided_by = &self.dossier.decision.decided_by;
        Signatory {
            title: if title.is_empty() { built_in } else { title.to_vec() },
            name: name.map_or_else(|| decided_by.clone(), str::to_owned),
            rank: rank.to_vec(),
        }
    }

    fn enclosure(&self) -> Option<Table> {
        let (first, last) = (self.dossier.roster.first()?, self.dossier.roster.last()?);
        let day = |date| date_long(date, Locale::Id);
        let title = self.words.say_with("roster", &[("mulai", &day(first.date)), ("akhir", &day(last.date))]);
        let nobody = self.words.say("roster_nobody");
        let rows = self.dossier.roster.iter().map(|duty| {
            let officer = if duty.officer.is_empty() { &nobody } else { &duty.officer };
            vec![day(duty.date), duty.unit.clone(), officer.clone(), duty.contact.clone()]
        });
        let columns = ["roster_day", "roster_unit", "roster_officer", "roster_contact"];
        Some(Table {
            label: self.words.say("enclosure"),
            title,
            columns: columns.iter().map(|column| self.words.say(column)).collect(),
            rows: rows.collect(),
        })
    }

    /// The words round the page's number, whatever their order.
    fn page(&self) -> [String; 3] {
        let marked = self.words.say_with("page", &[("halaman", "\u{1}"), ("jumlah", "\u{2}")]);
        let (before, rest) = marked.split_once('\u{1}').unwrap_or((&marked, "\u{2}"));
        let (between, after) = rest.split_once('\u{2}').unwrap_or((rest, ""));
        [before, between, after].map(str::to_owned)
    }
}

/// The name of a dictum: KESATU, KEDUA, KESEBELAS.
pub(super) fn dictum(number: usize) -> String {
    let said = u8::try_from(number).map_or_else(|_| number.to_string(), spelled);
    format!("KE{}", said.to_uppercase())
}

/// "a", "a dan b", "a, b, dan c".
pub(super) fn listed(items: &[String], words: &Words) -> String {
    let and = words.say("and");
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} {and} {other}"),
        [rest @ .., last] => format!("{}, {and} {last}", rest.join(", ")),
    }
}
