//! How a letter names another: by number and title, or by its day where the number is not known.

use super::content::Making;
use crate::decision::{DecisionKind, Office};
use crate::document::dossier::{Earlier, Form};
use crate::text::{Locale, date_medium};

/// An earlier letter as later ones name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Citation {
    /// "Surat Edaran Wali Kota Bontang Nomor 188.65/504/ORG/2020".
    pub letter: String,
    /// What it is about.
    pub title: String,
}

impl Making<'_> {
    /// The first letter of those that this one changes.
    pub(super) fn first_letter(&self) -> Option<Citation> {
        self.dossier.earlier.first().map(|earlier| self.cite(earlier))
    }

    /// A letter that was given out before.
    pub(super) fn cite(&self, earlier: &Earlier) -> Citation {
        let issuer = self.issuer(earlier.decision.office);
        let kind = match self.dossier.form {
            Form::Circular => "letter",
            Form::Instruction => "instruction",
        };
        let letter = match &earlier.number {
            Some(number) => self.words.say_with(kind, &[("penerbit", &issuer), ("nomor", number)]),
            None => {
                let dated = date_medium(earlier.dated.unwrap_or(earlier.decision.decided_on), Locale::Id);
                let phrase = format!("{kind}_without_number");
                self.words.say_with(&phrase, &[("penerbit", &issuer), ("tanggal", &dated)])
            }
        };
        Citation { letter, title: earlier.title.clone().unwrap_or_else(|| self.own_subject()) }
    }

    /// In whose name letters of an office go out.
    pub(super) fn issuer(&self, office: Office) -> String {
        match office {
            Office::Mayor | Office::DeputyMayor => self.letterhead.head.clone(),
            Office::Secretary => self.words.say_with("secretary_of", &[("kota", &self.letterhead.city)]),
        }
    }

    /// What a letter is about that changes nothing.
    fn own_subject(&self) -> String {
        let (staff, government) = (self.staff(), self.government());
        self.words.say_with("subject", &[("pegawai", &staff), ("pemda", &government)])
    }

    /// What this letter is about.
    pub(super) fn subject(&self) -> String {
        let phrase = match self.dossier.decision.kind {
            DecisionKind::Decision => return self.own_subject(),
            DecisionKind::Amendment => "subject_amendment",
            DecisionKind::Extension => "subject_extension",
            DecisionKind::End => "subject_end",
        };
        match self.first_letter() {
            None => self.own_subject(),
            Some(first) => self.words.say_with(phrase, &[("surat", &first.letter), ("judul", &first.title)]),
        }
    }

    /// Whom it is about: civil servants, and whoever is named besides.
    pub(super) fn staff(&self) -> String {
        let own = self.words.say("staff");
        let others = self.dossier.also.iter().map(|group| {
            let phrase = format!("staff_{}", group.to_lowercase());
            if self.words.has(&phrase) { self.words.say(&phrase) } else { group.clone() }
        });
        let others: Vec<String> = others.collect();
        match others.as_slice() {
            [] => own,
            others => {
                let others = super::content::listed(others, self.words);
                self.words.say_with("staff_and", &[("pegawai", &own), ("lain", &others)])
            }
        }
    }

    pub(super) fn government(&self) -> String {
        self.words.say_with("government", &[("kota", &self.letterhead.city)])
    }
}
