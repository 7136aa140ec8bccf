//! The provisions of a circular: each a sentence of `circular.toml` filled from the record, and only those that the record calls for.

use super::content::{Making, dictum, listed};
use super::paragraph::{Figure, Paragraph};
use crate::assessment::{Mode, Step};
use crate::decision::{Decision, DecisionKind, Exemption, ListChange, ReasonCode, diff_lists};
use crate::document::dossier::{Form, common_cap, name_of};

/// Reasons that say what for; the others say what because of.
const AIMS: [ReasonCode; 4] = [
    ReasonCode::ProtectStaff,
    ReasonCode::ReduceMobility,
    ReasonCode::SetExample,
    ReasonCode::ServiceContinuity,
];

impl Making<'_> {
    fn decision(&self) -> &Decision {
        &self.dossier.decision
    }

    /// A. Why, and what for.
    pub(super) fn purpose(&self) -> Vec<Paragraph> {
        let (aims, causes): (Vec<_>, Vec<_>) =
            self.decision().reasons.iter().partition(|reason| AIMS.contains(&reason.code));
        let said = |reasons: Vec<&crate::decision::Reason>| -> Vec<Paragraph> {
            reasons.into_iter().map(|reason| Paragraph::plain(self.reason(reason))).collect()
        };
        let mut paragraphs = Vec::new();
        for (phrase, reasons) in [("purpose_why", said(causes)), ("purpose_aim", said(aims))] {
            if !reasons.is_empty() {
                paragraphs.push(Paragraph::plain(self.words.say(phrase)).with(reasons));
            }
        }
        if paragraphs.is_empty() {
            let (staff, government) = (self.staff(), self.government());
            let gaps = [("pegawai", staff.as_str()), ("pemda", government.as_str())];
            paragraphs.push(Paragraph::plain(self.words.say_with("purpose_plain", &gaps)));
        }
        paragraphs
    }

    fn reason(&self, reason: &crate::decision::Reason) -> String {
        let phrase = format!("reason_{}", reason.code);
        match (self.words.has(&phrase), reason.text.as_str()) {
            (false, own) => own.to_owned(),
            (true, "") => self.words.say(&phrase),
            (true, own) => {
                let said = self.words.say(&phrase);
                self.words.say_with("reason_words", &[("alasan", &said), ("kata", own)])
            }
        }
    }

    /// B. What holds.
    pub(super) fn rules(&self) -> Vec<Paragraph> {
        if self.decision().kind == DecisionKind::End {
            return self.end();
        }
        let mut rules: Vec<Paragraph> = self.period_changed().into_iter().collect();
        let main = rules.len() + 1;
        rules.push(self.main());
        rules.extend(self.list_changed());
        rules.extend(self.exempt(main));
        rules.extend(self.service_caps());
        rules.extend(self.positions());
        if self.decision().step > Step::NORMAL {
            rules.push(self.duty());
            rules.push(Paragraph::plain(self.words.say("rule_home_duties")));
        }
        rules.extend(self.continues());
        if !self.dossier.cluster_clause.trim().is_empty() {
            rules.push(Paragraph::plain(self.dossier.cluster_clause.trim()));
        }
        rules.extend(self.decision().ceiling.as_ref().map(|ceiling| {
            let gaps = [Figure::percent("persen", ceiling.pct), Figure::text("dasar", &ceiling.source)];
            self.words.fill("rule_ceiling", &gaps)
        }));
        if let Some(first) = self.first_letter() {
            rules.push(Paragraph::plain(self.words.say_with("rule_rest_stays", &[("surat", &first.letter)])));
        }
        if self.decision().step > Step::NORMAL {
            rules.push(Paragraph::plain(self.words.say("rule_discipline")));
        }
        rules
    }

    fn end(&self) -> Vec<Paragraph> {
        let letter =
            self.first_letter().map_or_else(|| self.words.say("title_circular"), |first| first.letter);
        let from = Figure::day("mulai", self.decision().effective_from);
        let back = Figure::day("kembali", self.decision().period.first_day_back);
        vec![
            self.words.fill("rule_end", &[Figure::text("surat", &letter), from]),
            self.words.fill("rule_end_back", &[back]),
        ]
    }

    /// The last day before and now, where an amendment or an extension moves it.
    fn period_changed(&self) -> Option<Paragraph> {
        let (before, first) = (&self.dossier.earlier.last()?.decision, self.first_letter()?);
        let (decision, period) = (self.decision(), self.decision().period);
        let mut gaps = vec![
            Figure::text("surat", &first.letter),
            Figure::day("akhir_lama", before.period.last_day),
            Figure::day("akhir", period.last_day),
        ];
        let phrase = match decision.kind {
            DecisionKind::Extension => {
                let days = (period.last_day - decision.effective_from).num_days() + 1;
                gaps.push(Figure::day("mulai", decision.effective_from));
                gaps.push(Figure::count("hari", usize::try_from(days).unwrap_or(0)));
                "rule_period_extended"
            }
            _ if before.period.last_day == period.last_day => return None,
            _ => {
                gaps.push(Figure::day("mulai", period.start));
                "rule_period_changed"
            }
        };
        Some(self.words.fill(phrase, &gaps))
    }

    /// Who works where, from when to when.
    fn main(&self) -> Paragraph {
        let decision = self.decision();
        let at_office = decision.caps.non_service.min(100);
        let (phrase, percent) = match decision.mode {
            _ if at_office == 100 => ("rule_office", 100),
            Mode::Wfh => ("rule_home", 100 - at_office),
            Mode::Normal | Mode::Partial | Mode::NotAssessable => ("rule_partial", at_office),
        };
        let start = self.first_day();
        let days = (decision.period.last_day - start).num_days() + 1;
        self.words.fill(
            phrase,
            &[
                Figure::percent("persen", percent),
                Figure::day("mulai", start),
                Figure::day("akhir", decision.period.last_day),
                Figure::count("hari", usize::try_from(days).unwrap_or(0)),
                Figure::day("kembali", decision.period.first_day_back),
            ],
        )
    }

    /// The first day of what is said: of a changed level the day it changes, else the first of the whole period.
    fn first_day(&self) -> chrono::NaiveDate {
        let decision = self.decision();
        let is_same_level = |before: &Decision| (before.step, before.caps) == (decision.step, decision.caps);
        match self.dossier.earlier.last() {
            Some(before) if decision.kind == DecisionKind::Amendment && is_same_level(&before.decision) => {
                decision.period.start
            }
            Some(_) => decision.effective_from,
            None => decision.period.start,
        }
    }

    /// Units that an amendment adds to the exempt ones, or takes out.
    fn list_changed(&self) -> Vec<Paragraph> {
        let Some(before) = self.dossier.earlier.last() else { return Vec::new() };
        let changes = diff_lists(&before.decision.exemptions, &self.decision().exemptions);
        let names = |wanted: fn(&ListChange) -> Option<&Exemption>| -> Vec<String> {
            changes.iter().filter_map(wanted).map(|unit| self.unit(unit)).collect()
        };
        let added = names(|change| match change {
            ListChange::Added(unit) => Some(unit),
            _ => None,
        });
        let removed = names(|change| match change {
            ListChange::Removed(unit) => Some(unit),
            _ => None,
        });
        [("rule_exempt_added", added), ("rule_exempt_removed", removed)]
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(phrase, names)| {
                let names = listed(&names, self.words);
                Paragraph::plain(self.words.say_with(phrase, &[("daftar", &names)]))
            })
            .collect()
    }

    /// The exempt units; where all have one cap it is said once.
    fn exempt(&self, main: usize) -> Option<Paragraph> {
        let units = &self.decision().exemptions;
        if units.is_empty() {
            return None;
        }
        let common = common_cap(units);
        let referred = match self.dossier.form {
            Form::Circular => self.words.fill("reference_item", &[Figure::count("nomor", main)]).text,
            Form::Instruction => self.words.say_with("reference_dictum", &[("nomor", &dictum(main))]),
        };
        let mut gaps =
            vec![Figure::text("ketentuan", &referred), Figure::spelled_count("jumlah", units.len())];
        let phrase = match common {
            Some(cap) => {
                gaps.push(Figure::percent("persen", cap));
                "rule_exempt_one_cap"
            }
            None => "rule_exempt",
        };
        let items = units.iter().map(|unit| self.exempt_unit(unit, common.is_none())).collect();
        Some(self.words.fill(phrase, &gaps).with(items))
    }

    fn exempt_unit(&self, unit: &Exemption, with_cap: bool) -> Paragraph {
        let mut said = Paragraph::plain(self.unit(unit));
        let more = [
            unit.cap_pct.filter(|_| with_cap).map(|cap| ("unit_cap", Figure::percent("persen", cap))),
            unit.minimum_presence
                .map(|people| ("unit_presence", Figure::count("orang", usize::from(people)))),
        ];
        for (phrase, figure) in more.into_iter().flatten() {
            let filled = self.words.fill(phrase, &[Figure::text("unit", &said.text), figure]);
            said = Paragraph { figures: [said.figures, filled.figures.clone()].concat(), ..filled };
        }
        said
    }

    /// A unit's name as the document writes it, with the service where only that is exempt.
    fn unit(&self, unit: &Exemption) -> String {
        let name = name_of(unit, &self.dossier.unit_names);
        match unit.service.as_str() {
            "" => name.to_owned(),
            service => self.words.say_with("unit_service", &[("unit", name), ("layanan", service)]),
        }
    }

    /// Where no unit is exempt by name, what the level asks of services.
    fn service_caps(&self) -> Option<Paragraph> {
        let (decision, caps) = (self.decision(), self.decision().caps);
        let is_told = decision.exemptions.is_empty() && decision.positions.is_empty();
        if !is_told || caps.essential == caps.non_service || decision.step == Step::NORMAL {
            return None;
        }
        let gaps = [Figure::percent("esensial", caps.essential), Figure::percent("kritikal", caps.critical)];
        Some(self.words.fill("rule_service_caps", &gaps))
    }

    /// Posts that stay at the office, in the document's own words.
    fn positions(&self) -> Vec<Paragraph> {
        let mut classes: Vec<(&str, Vec<String>)> = Vec::new();
        for post in &self.decision().positions {
            match classes.iter_mut().find(|(class, _)| *class == post.class) {
                Some((_, titles)) => titles.push(post.title.clone()),
                None => classes.push((&post.class, vec![post.title.clone()])),
            }
        }
        let said = |(class, titles): (&str, Vec<String>)| {
            let titles = listed(&titles, self.words);
            match class {
                "" => self.words.say_with("rule_positions_bare", &[("daftar", &titles)]),
                class => self.words.say_with("rule_positions", &[("kelas", class), ("daftar", &titles)]),
            }
        };
        classes.into_iter().map(|class| Paragraph::plain(said(class))).collect()
    }

    fn duty(&self) -> Paragraph {
        let phrase = if self.dossier.roster.is_empty() { "rule_duty" } else { "rule_duty_enclosed" };
        let agency = &self.letterhead.personnel_agency;
        Paragraph::plain(self.words.say_with(phrase, &[("bkpsdm", agency)]))
    }

    /// What the record says that continues, and the priority programmes that it does not name.
    fn continues(&self) -> Option<Paragraph> {
        let named = &self.decision().continues;
        let programmes = self
            .dossier
            .programmes
            .iter()
            .filter(|programme| !named.iter().any(|name| name.eq_ignore_ascii_case(&programme.name)));
        let programmes = programmes.map(|programme| match programme.unit.as_str() {
            "" => programme.name.clone(),
            unit => self.words.say_with("programme_unit", &[("program", &programme.name), ("unit", unit)]),
        });
        let items: Vec<Paragraph> = named.iter().cloned().chain(programmes).map(Paragraph::plain).collect();
        (!items.is_empty()).then(|| Paragraph::plain(self.words.say("rule_continues")).with(items))
    }

    /// C. By when it is looked at again.
    pub(super) fn evaluation(&self) -> Paragraph {
        self.words.fill("evaluation_by", &[Figure::day("tanggal", self.decision().evaluation_date)])
    }
}
