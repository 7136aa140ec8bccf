//! Circulars, briefings and messages held against the record that they were made from.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use siaga::assessment::Assessment;
use siaga::config::Documents;
use siaga::decision::{Exemption, Journal, Reason, ReasonCode};
use siaga::document::{
    Briefing, BriefingInput, CircularContent, CircularKind, Dossier, DutyDay, Form, LONGEST_MESSAGE,
    Letterhead, MessageInput, Paragraph, message,
};
use siaga::job::{DocumentFiles, load_policies};
use siaga::text::{Locale, Phrases, date_long};

use crate::support::{checkout, siaga};

const LINK: &str = "https://siaga.example.org/decisions/1";

/// Kota Bogor, 28 June 2021.
fn bogor() -> Dossier {
    from_file("data/sample/kota_bogor_decision.json")
}

/// Kota Bontang: circular 504 of March 2020, amended by 527.
fn bontang() -> Dossier {
    from_file("tests/documents/kota_bontang_amendment.json")
}

fn from_file(path: &str) -> Dossier {
    serde_json::from_str(&std::fs::read_to_string(checkout(path)).unwrap()).unwrap()
}

fn files() -> DocumentFiles {
    DocumentFiles::read(None, None).unwrap()
}

fn content_of(dossier: &Dossier, city: (&str, &str)) -> CircularContent {
    let letterhead = Letterhead::new(&Documents::default(), (city.0, Some(city.1)), None).unwrap();
    CircularContent::new(dossier, &letterhead, &files().words, LINK)
}

fn of_bogor(dossier: &Dossier) -> CircularContent {
    content_of(dossier, ("Kota Bogor", "Jawa Barat"))
}

fn of_bontang(dossier: &Dossier) -> CircularContent {
    content_of(dossier, ("Kota Bontang", "Kalimantan Timur"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Every text of a circular in the order in which it is read.
fn texts(content: &CircularContent) -> Vec<String> {
    fn of(paragraph: &Paragraph) -> Vec<String> {
        let under = paragraph.items.iter().flat_map(of);
        std::iter::once(paragraph.text.clone()).chain(under).collect()
    }
    let mut texts = vec![content.title.clone(), content.number.clone(), content.about.clone()];
    texts.push(content.subject.to_uppercase());
    texts.extend(content.basis.1.clone());
    texts.push(content.opening.text.clone());
    for part in &content.parts {
        texts.push(part.heading.clone());
        texts.extend(part.paragraphs.iter().flat_map(of));
    }
    texts.extend(content.signatory.title.clone());
    texts.push(content.signatory.name.clone());
    texts.extend(content.recipients.to.clone());
    texts.extend(content.recipients.copies.clone());
    if let Some(table) = &content.enclosure {
        texts.push(table.title.clone());
        texts.extend(table.rows.iter().flatten().cloned());
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// Without blanks, which every reader sets as it likes.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A figure in a circular: gap, value, as written.
fn figure(name: &str, value: impl Into<Value>, shown: &str) -> (String, Value, String) {
    (name.to_owned(), value.into(), shown.to_owned())
}

#[test]
fn the_circular_of_28_june_says_what_the_record_says_and_nothing_else() {
    let content = of_bogor(&bogor());
    assert_eq!(content.kind, CircularKind::Circular);
    let figures: Vec<_> = content
        .figures()
        .into_iter()
        .map(|figure| (figure.name.clone(), figure.value.clone(), figure.shown.clone()))
        .collect();
    assert_eq!(
        figures,
        [
            figure("tanggal", "2021-06-28", "28 Juni 2021"),
            figure("kasus", 2083.0, "2.083"),
            figure("insiden", 199.698_965_553_606_17, "199,7"),
            figure("pertumbuhan", 81.0, "81"),
            figure("bor", 81.6, "81,6"),
            figure("jumlah", 42.0, "42"),
            figure("sedikitnya", 15.0, "15"),
            figure("persen", 100, "100% (seratus persen)"),
            figure("mulai", "2021-06-29", "Selasa, 29 Juni 2021"),
            figure("akhir", "2021-07-05", "Senin, 5 Juli 2021"),
            figure("hari", 7, "7"),
            figure("kembali", "2021-07-06", "Selasa, 6 Juli 2021"),
            figure("persen", 25, "25% (dua puluh lima persen)"),
            figure("jumlah", 12, "12 (dua belas)"),
            figure("persen", 50, "50% (lima puluh persen)"),
            figure("tanggal", "2021-07-05", "Senin, 5 Juli 2021"),
        ]
    );
    // No digit stands in it that is neither such a figure, nor a name of the record, nor a fixed phrase of seven or fourteen days.
    let mut said = [content.opening.text.clone()].concat();
    said.extend(content.parts.iter().flat_map(|part| &part.paragraphs).map(|p| p.text.clone()));
    for figure in content.figures() {
        said = said.replacen(&figure.shown, "", 1);
    }
    for fixed in ["Covid-19", "7 hari", "14 hari", "100.000", "angka 1", "Inmendagri 14/2021"] {
        said = said.replace(fixed, "");
    }
    assert!(!said.contains(|c: char| c.is_ascii_digit()), "{said}");
    // Nothing of what people put in is there.
    assert!(content.number.ends_with("......") && content.place == "Bogor,");
    assert_eq!(content.draft.0, "KONSEP");
    assert!(content.foot.ends_with(LINK) && content.foot.contains("nomor 1 "));
}

#[test]
fn a_figure_that_is_missing_is_left_out_of_the_sentence() {
    let opening = |change: &dyn Fn(&mut Assessment)| {
        let mut dossier = bogor();
        change(dossier.assessment.as_mut().unwrap());
        of_bogor(&dossier).opening.text
    };
    let whole = opening(&|_| {});
    assert!(whole.contains("tempat tidur") && whole.contains("42 pegawai"), "{whole}");
    let gone = |name: &'static str| {
        opening(&move |told| {
            told.indicators.remove(name);
        })
    };
    assert!(!gone("bed_occupancy_pct").contains("tempat tidur"));
    assert!(!gone("growth_pct").contains("pekan sebelumnya"));
    let no_rate = gone("incidence_7d_per_100k");
    assert!(no_rate.contains("yaitu 2.083 kasus dalam 7 hari, naik"), "{no_rate}");
    assert!(gone("cases_7d").contains("yaitu 199,7 kasus per 100.000 penduduk dalam 7 hari"));
    // What was filled in by an assumption is no figure of a letter.
    let assumed = opening(&|told| {
        told.indicators.get_mut("growth_pct").unwrap().status = Some(siaga::epi::Status::Reconstructed);
    });
    assert!(!assumed.contains("pekan sebelumnya"));
    // Few cases have no percentage, few staff are not told of, and neither is the rest of a total.
    let few = opening(&|told| told.indicators.get_mut("cases_prev_7d").unwrap().value = Some(9.0));
    assert!(!few.contains("naik"));
    for (lower, upper) in [(3.0, 42.0), (15.0, 18.0), (4.0, 4.0)] {
        let few = opening(&|told| {
            let staff = told.indicators.get_mut("staff_cases_14d").unwrap();
            (staff.lower, staff.upper) = (Some(lower), Some(upper));
        });
        assert!(!few.contains("pegawai terkonfirmasi"), "{few}");
    }
    // A figure of another day says so.
    let older = opening(&|told| {
        told.indicators.get_mut("bed_occupancy_pct").unwrap().date = Some(day("2021-06-27"));
    });
    assert!(older.contains("81,6 persen (per 27 Juni 2021)"), "{older}");
    let mut bare = bogor();
    bare.assessment = None;
    let bare = of_bogor(&bare);
    assert_eq!(
        bare.opening.text,
        "Mempertimbangkan perkembangan kasus Covid-19 di Kota Bogor, dengan ini disampaikan hal-hal sebagai berikut:"
    );
    assert!(bare.opening.figures.is_empty());
}

#[test]
fn the_amendment_of_bontang_cites_the_first_circular_and_gives_both_ends() {
    let content = of_bontang(&bontang());
    assert_eq!(content.kind, CircularKind::Amendment);
    let first = "Surat Edaran Wali Kota Bontang Nomor 188.65/504/ORG/2020";
    let title = "Penyesuaian Sistem Kerja Pegawai Negeri Sipil dan TKD";
    assert_eq!(content.subject, format!("Perubahan atas {first} tentang {title}"));
    assert_eq!(content.basis.1[1], format!("{first} tentang {title}"));
    assert!(content.opening.text.starts_with(&format!("Menindaklanjuti {first} tentang {title}, dan")));
    let rules = &content.parts[1].paragraphs;
    assert_eq!(
        rules[0].text,
        format!(
            "Masa berlaku {first}, yang semula Senin, 23 Maret 2020 sampai dengan Sabtu, 4 April 2020, diubah menjadi \
             Senin, 23 Maret 2020 sampai dengan Selasa, 21 April 2020."
        )
    );
    assert!(
        rules[1]
            .text
            .contains("sampai dengan Selasa, 21 April 2020 (30 hari); masuk kembali Rabu, 22 April 2020.")
    );
    assert_eq!(
        rules[2].text,
        "Pejabat eselon II dan III, yaitu Sekretaris Daerah, Asisten, Staf Ahli, Kepala Perangkat Daerah, Kepala Bagian, \
         Camat, Sekretaris Dinas/Badan, Kepala Bidang, dan Lurah, tetap melaksanakan tugas kedinasan di kantor dengan \
         menyesuaikan situasi terkini."
    );
    assert!(rules.iter().any(|rule| rule.text.starts_with(&format!("Ketentuan lain dalam {first} tetap"))));
    assert_eq!(content.recipients.copies[0], "Gubernur Kalimantan Timur");
    // Contract staff are named where the first letter's own title is not.
    let mut untitled = bontang();
    untitled.earlier[0].title = None;
    let said = of_bontang(&untitled);
    let staff = "Pegawai Aparatur Sipil Negara dan Tenaga Kontrak Daerah (TKD)";
    assert!(said.subject.ends_with(&format!(
        "Penyesuaian Sistem Kerja {staff} di Lingkungan Pemerintah Daerah Kota Bontang"
    )));
    // Without its number the first is named by its day.
    untitled.earlier[0].number = None;
    let said = of_bontang(&untitled);
    assert!(
        said.subject
            .starts_with("Perubahan atas Surat Edaran Wali Kota Bontang tanggal 20 Maret 2020 tentang")
    );
    // The first circular alone changes nothing.
    let mut first = Dossier::from(bontang().earlier[0].decision.clone());
    first.also = vec!["TKD".to_owned()];
    let first = of_bontang(&first);
    assert_eq!(first.kind, CircularKind::Circular);
    assert!(
        first.parts[1].paragraphs[0]
            .text
            .contains("terhitung Senin, 23 Maret 2020 sampai dengan Sabtu, 4 April 2020 (13 hari)")
    );
    assert!(first.subject.contains(staff));
}

/// The same decision as another kind, which changes the first.
fn changing(kind: &str) -> Dossier {
    let first = bogor().decision;
    let mut record = serde_json::to_value(&first).unwrap();
    record["number"] = json!(2);
    record["amends"] = json!(1);
    record["kind"] = json!(kind);
    record["period"] =
        json!({"start": "2021-06-29", "last_day": "2021-07-12", "first_day_back": "2021-07-13"});
    record["effective_from"] = json!("2021-07-06");
    record["evaluation_date"] = json!("2021-07-12");
    let earlier = json!([{"decision": first, "number": "800/2300-BKPSDM"}]);
    serde_json::from_value(json!({"decision": record, "earlier": earlier})).unwrap()
}

#[test]
fn extension_revocation_and_changed_lists_say_what_changes() {
    let extension = of_bogor(&changing("extension"));
    assert_eq!(extension.kind, CircularKind::Extension);
    assert!(
        extension
            .subject
            .starts_with("Perpanjangan Masa Berlaku Surat Edaran Wali Kota Bogor Nomor 800/2300-BKPSDM")
    );
    let rules = &extension.parts[1].paragraphs;
    assert!(rules[0].text.contains(
        "yang semula sampai dengan Senin, 5 Juli 2021, diperpanjang 7 hari terhitung Selasa, 6 Juli 2021"
    ));
    assert!(
        rules[1].text.contains("terhitung Selasa, 6 Juli 2021 sampai dengan Senin, 12 Juli 2021 (7 hari)")
    );
    assert!(rules[2].text.starts_with("Dikecualikan dari angka 2,"), "{}", rules[2].text);

    let mut amendment = changing("amendment");
    amendment.decision.exemptions.remove(0);
    amendment.decision.exemptions.push(Exemption {
        unit_id: "disdukcapil".to_owned(),
        name: String::new(),
        service: "di lapangan".to_owned(),
        cap_pct: Some(50),
        minimum_presence: Some(2),
    });
    amendment.unit_names.insert("disdukcapil".to_owned(), "Disdukcapil".to_owned());
    let amendment = of_bogor(&amendment);
    let said = texts(&amendment).join("\n");
    assert!(
        said.contains("ditambahkan sebagai unit yang dikecualikan: Disdukcapil (di lapangan)."),
        "{said}"
    );
    assert!(said.contains("tidak lagi dikecualikan: Dinas Kesehatan."));
    // Where caps differ, each unit has its own.
    assert!(said.contains("Disdukcapil (di lapangan), paling banyak 50% (lima puluh persen), sedikitnya 2 orang setiap hari kerja"));
    assert!(said.contains("BPBD, paling banyak 25% (dua puluh lima persen)"));

    let end = of_bogor(&changing("end"));
    assert_eq!(end.kind, CircularKind::Revocation);
    let rules: Vec<&str> = end.parts[1].paragraphs.iter().map(|rule| rule.text.as_str()).collect();
    assert_eq!(
        rules,
        [
            "Surat Edaran Wali Kota Bogor Nomor 800/2300-BKPSDM dicabut dan dinyatakan tidak berlaku terhitung Selasa, 6 Juli 2021.",
            "Pegawai melaksanakan tugas kedinasan di kantor kembali mulai Selasa, 13 Juli 2021.",
        ]
    );
    assert_eq!(end.parts.len(), 3, "nothing is left to be evaluated");
}

#[test]
fn instructions_offices_and_levels_have_their_own_words() {
    let mut dossier = bogor();
    dossier.form = Form::Instruction;
    let instruction = of_bogor(&dossier);
    assert_eq!(
        (instruction.kind, instruction.title.as_str()),
        (CircularKind::Instruction, "INSTRUKSI WALI KOTA BOGOR")
    );
    let labels: Vec<&str> = instruction.parts.iter().map(|part| part.label.as_str()).collect();
    assert_eq!(&labels[..3], ["KESATU", "KEDUA", "KETIGA"]);
    assert!(instruction.opening.text.ends_with("dengan ini menginstruksikan:"));
    assert!(instruction.parts[1].paragraphs[0].text.starts_with("Dikecualikan dari diktum KESATU,"));

    let mut secretary = bogor();
    secretary.decision.office = siaga::decision::Office::Secretary;
    let secretary = of_bogor(&secretary);
    assert_eq!(secretary.signatory.title, ["a.n. WALI KOTA BOGOR", "SEKRETARIS DAERAH"]);
    assert_eq!(secretary.letterhead.0, ["PEMERINTAH DAERAH KOTA BOGOR", "SEKRETARIAT DAERAH"]);
    let mut deputy = bogor();
    deputy.decision.office = siaga::decision::Office::DeputyMayor;
    assert_eq!(of_bogor(&deputy).signatory.title, ["a.n. WALI KOTA BOGOR", "WAKIL WALI KOTA BOGOR"]);

    let partial = |step: u8, at_office: u8| {
        let mut record = serde_json::to_value(bogor().decision).unwrap();
        record["step"] = json!(step);
        record["mode"] = json!(if step == 0 { "normal" } else { "partial" });
        record["caps"] =
            json!({"non_service": at_office, "essential": 50, "critical": 100, "critical_desk": 100});
        record["exemptions"] = json!([]);
        of_bogor(&Dossier::from(serde_json::from_value::<siaga::decision::Decision>(record).unwrap()))
    };
    let said = texts(&partial(3, 25)).join("\n");
    assert!(
        said.contains("Paling banyak 25% (dua puluh lima persen) pegawai pada setiap unit kerja"),
        "{said}"
    );
    assert!(said.contains("pelayanan esensial paling banyak 50% (lima puluh persen)"));
    let normal = texts(&partial(0, 100)).join("\n");
    assert!(normal.contains("Pegawai melaksanakan tugas kedinasan di kantor terhitung Selasa, 29 Juni 2021"));
    assert!(!normal.contains("piket") && !normal.contains("tidak bepergian"));
}

#[test]
fn programmes_clusters_and_the_roster_stand_where_they_belong() {
    let mut dossier = bogor();
    dossier.programmes[0].unit = "Bagian Pengadaan Barang dan Jasa".to_owned();
    dossier.programmes.push(serde_json::from_value(json!({"name": "Vaksinasi", "unit": "Dinkes"})).unwrap());
    dossier.cluster_clause = "Unit kerja dengan klaster ditutup sementara.".to_owned();
    dossier.roster = roster(90);
    let content = of_bogor(&dossier);
    let said = texts(&content);
    assert_eq!(said.iter().filter(|text| text.contains("Masjid Agung")).count(), 1, "named once");
    assert!(said.contains(&"Vaksinasi (Dinkes)".to_owned()));
    assert!(said.contains(&"Unit kerja dengan klaster ditutup sementara.".to_owned()));
    assert!(said.iter().any(|text| text.contains("jadwal piket tercantum dalam lampiran")));
    let table = content.enclosure.unwrap();
    assert_eq!((table.columns.len(), table.rows.len()), (4, 90));
    assert_eq!(table.rows[1][2], "belum ditunjuk");
    assert_eq!(table.title, "Jadwal petugas piket Selasa, 29 Juni 2021 sampai dengan Senin, 5 Juli 2021");
}

/// A roster of several pages; of every second day nobody is named.
fn roster(rows: u32) -> Vec<DutyDay> {
    let duty = |row: u32| DutyDay {
        date: day("2021-06-29") + chrono::Duration::days(i64::from(row * 7 / rows)),
        unit: format!("Unit kerja {row}"),
        officer: if row.is_multiple_of(2) { format!("Petugas {row}") } else { String::new() },
        contact: "0251".to_owned(),
    };
    (0..rows).map(duty).collect()
}

/// A reason that would be a command, a tag or a gap, were it ever read as one.
const NASTY: &str = "#import \"x\" ] } $x$ @y *b* _c_ </w:t> & <script> {persen} // `z` \\ ~";

fn nasty() -> Dossier {
    let mut dossier = bogor();
    dossier.decision.reasons = vec![Reason { code: ReasonCode::Other, text: NASTY.to_owned() }];
    dossier.decision.exemptions[0].name = NASTY.to_owned();
    dossier
}

/// The parts of a DOCX as text, without tags.
fn docx_texts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = BTreeMap::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = part.name().unwrap().into_owned();
        if !name.ends_with(".xml") {
            continue;
        }
        let mut xml = String::new();
        part.read_to_string(&mut xml).unwrap();
        let text: Vec<&str> =
            xml.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        let text = text.concat().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        texts.insert(name, text.replace("&apos;", "'").replace("&amp;", "&"));
    }
    texts
}

#[test]
fn the_docx_holds_every_word_and_bears_its_draft_mark_on_each_page() {
    for (content, name) in [
        (of_bogor(&bogor()), "bogor"),
        (of_bontang(&bontang()), "bontang"),
        (of_bogor(&nasty()), "nasty"),
        (of_bogor(&Dossier { form: Form::Instruction, ..bogor() }), "instruction"),
        (of_bogor(&Dossier { roster: roster(90), ..bogor() }), "roster"),
    ] {
        let bytes = content.docx().unwrap();
        assert_eq!(content.docx().unwrap(), bytes, "{name}: the same bytes");
        let parts = docx_texts(&bytes);
        let body = bare(&parts["word/document.xml"]);
        for text in texts(&content) {
            assert!(body.contains(&bare(&text)), "{name}: {text}");
        }
        assert!(parts["word/header1.xml"].contains("KONSEP"), "{name}");
        assert!(parts["word/footer1.xml"].contains(&content.foot), "{name}");
    }
    let roster = of_bogor(&Dossier { roster: roster(90), ..bogor() }).docx().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(roster)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    assert_eq!(xml.matches("<w:tblHeader />").count(), 1, "the roster's head is repeated");
}

#[test]
fn the_citys_own_letterhead_stands_over_and_under_the_letter() {
    let emblem =
        siaga::chart::png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"30\"/>", 2.0)
            .unwrap();
    let settings = Documents {
        letterhead: vec!["PEMERINTAH KOTA BOGOR".to_owned(), "BAGIAN ORGANISASI".to_owned()],
        address: vec!["Jalan Juanda".to_owned()],
        number: Some("800/........-BKPSDM".to_owned()),
        signatory_title: vec!["Plt. WALI KOTA BOGOR".to_owned()],
        signatory_name: Some("Nama, S.H.".to_owned()),
        signatory_rank: vec!["Pembina".to_owned()],
        copies: vec!["Ketua DPRD".to_owned()],
        personnel_agency: Some("BKD".to_owned()),
        ..Documents::default()
    };
    let letterhead = Letterhead::new(&settings, ("Kota Bogor", None), Some(emblem.clone())).unwrap();
    let content = CircularContent::new(&bogor(), &letterhead, &files().words, LINK);
    let bytes = content.docx().unwrap();
    let body = bare(&docx_texts(&bytes)["word/document.xml"]);
    for line in [
        "PEMERINTAH KOTA BOGOR",
        "BAGIAN ORGANISASI",
        "Jalan Juanda",
        "NOMOR: 800/........-BKPSDM",
        "Plt. WALI KOTA BOGOR,",
    ] {
        assert!(body.contains(&bare(line)), "{line}");
    }
    for line in ["Nama, S.H.", "Pembina", "Ketua DPRD", "disampaikan kepada BKD"] {
        assert!(body.contains(&bare(line)), "{line}");
    }
    assert!(!body.contains("Gubernur"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let pictures = (0..archive.len()).filter(|place| {
        let mut part = archive.by_index(*place).unwrap();
        let mut held = Vec::new();
        part.read_to_end(&mut held).unwrap();
        held == emblem
    });
    assert_eq!(pictures.count(), 1, "the emblem is in it, once");
    assert_eq!(content.docx().unwrap(), content.docx().unwrap());
    #[cfg(feature = "pdf")]
    content.pdf(&files().templates).unwrap();
}

fn message_of(dossier: &Dossier, locale: Locale) -> String {
    message(&MessageInput {
        decision: &dossier.decision,
        level: "WFH 100%",
        city: "Kota Bogor",
        unit_names: &dossier.unit_names,
        link: LINK,
        phrases: Phrases::new(locale),
    })
}

#[test]
fn the_message_says_level_days_units_reasons_and_where_to_look() {
    let dossier = bogor();
    let said = message_of(&dossier, Locale::Id);
    assert!(said.starts_with("*WFH 100%* – Kota Bogor\n"));
    assert!(said.contains(
        "Selasa, 29 Juni 2021 s.d. Senin, 5 Juli 2021 (7 hari). Masuk kembali: Selasa, 6 Juli 2021."
    ));
    assert!(said.contains("paling banyak 25%: Dinas Kesehatan,") && said.ends_with(LINK));
    for unit in &dossier.decision.exemptions {
        assert!(said.contains(&unit.name), "{}", unit.name);
    }
    assert!(
        said.contains("grafik penambahan kasus semakin tajam")
            && said.contains("Evaluasi paling lambat Senin, 5 Juli 2021.")
    );
    let english = message_of(&dossier, Locale::En);
    assert!(english.contains("Tuesday, 29 June 2021 to Monday, 5 July 2021 (7 days)"), "{english}");

    let mut long = bogor();
    for number in 0..40 {
        let name = format!("Dinas dengan nama yang sangat panjang nomor {number}");
        long.decision.exemptions.push(Exemption { name, ..long.decision.exemptions[0].clone() });
    }
    let said = message_of(&long, Locale::Id);
    assert!(said.encode_utf16().count() <= LONGEST_MESSAGE);
    assert!(said.contains(" unit lain.") && said.contains("Masuk kembali: Selasa, 6 Juli 2021."), "{said}");
    let posts = message_of(&bontang(), Locale::Id);
    assert!(posts.contains("Tetap di kantor: Sekretaris Daerah,"), "{posts}");
    assert!(message_of(&changing("end"), Locale::Id).contains("diakhiri"));
    assert!(
        message_of(&changing("extension"), Locale::Id)
            .contains("Selasa, 6 Juli 2021 s.d. Senin, 12 Juli 2021 (7 hari)")
    );
}

proptest! {
    #[test]
    fn no_message_is_too_long_or_cuts_a_word(
        units in prop::collection::vec("[a-zé😷]{1,40}( [a-zé]{1,30}){0,8}", 0..60),
        posts in prop::collection::vec("[A-Z]{1,60}", 0..20),
        own in "[a-z]{1,12}( [a-z😷]{1,14}){0,120}",
        (city, level) in ("[A-Za-z]{1,60}( [a-z]{1,80}){0,12}", "[A-Z]{1,80}( [0-9%]{1,20}){0,20}"),
        link in "https://[a-z]{1,900}",
        is_english in any::<bool>(),
    ) {
        let mut dossier = bogor();
        let unit = dossier.decision.exemptions[0].clone();
        dossier.decision.exemptions = units.iter().map(|name| Exemption { name: name.clone(), ..unit.clone() }).collect();
        dossier.decision.positions = posts
            .iter()
            .map(|title| siaga::decision::PositionRule { title: title.clone(), class: String::new() })
            .collect();
        dossier.decision.reasons.push(Reason { code: ReasonCode::Other, text: own.clone() });
        let locale = if is_english { Locale::En } else { Locale::Id };
        let phrases = Phrases::new(locale);
        let (decision, unit_names) = (&dossier.decision, &dossier.unit_names);
        let said = message(&MessageInput { decision, level: &level, city: &city, unit_names, link: &link, phrases });
        prop_assert!(said.encode_utf16().count() <= LONGEST_MESSAGE, "{}", said.len());
        prop_assert!(!said.trim().is_empty());
        // Every word is one of what it was made from, or of the phrases.
        let kept: BTreeSet<&str> = said.split_whitespace().map(|word| word.trim_matches(['…', '.', ',', ';', ':', '*', '(', ')'])).collect();
        let whole = [units.join(" "), posts.join(" "), own, city, level, link].join(" ");
        let known: BTreeSet<&str> = whole.split_whitespace().collect();
        for word in kept.iter().filter(|word| word.contains(['é', '😷']) || word.len() > 24) {
            prop_assert!(known.contains(word), "{word} was cut");
        }
    }
}

fn briefing(dossier: &Dossier, locale: Locale, today: &str) -> Briefing {
    let policies = load_policies("kota-bogor").unwrap();
    let assessment = dossier.assessment.as_ref().unwrap();
    let journal = Journal::new(vec![dossier.decision.clone()]).unwrap();
    let rules = siaga::decision::ClockRules::default();
    let calendar = siaga::epi::Calendar::default();
    let clock = siaga::decision::run_clock(&journal, day(today), Some(assessment), (&calendar, rules));
    Briefing::new(&BriefingInput {
        assessment,
        policy: policies.on(assessment.date),
        phrases: Phrases::new(locale),
        city: "Kota Bogor",
        as_of: "Senin, 28 Juni 2021 20.00 WIB".to_owned(),
        curve: Some(siaga::document::BriefingCurve {
            title: "Kasus harian 447".to_owned(),
            svg: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"276\"><rect width=\"99\" height=\"99\"/></svg>"
                .to_owned(),
            text_alternative: "Kasus harian naik".to_owned(),
        }),
        decision: Some(&dossier.decision),
        clock: clock.as_ref(),
        unit_names: &dossier.unit_names,
        duty_gaps: Some(vec!["Bappeda, Rabu 30 Juni".to_owned(), "Setda, Kamis 1 Juli".to_owned()]),
        programmes: &dossier.programmes,
        sources: vec!["Dinas Kesehatan Kota Bogor (28 Jun 19.30 WIB)".to_owned()],
        id: "briefing.pdf,date=2021-06-28".to_owned(),
    })
}

#[test]
fn the_briefing_says_level_reasons_decision_clock_and_what_is_missing() {
    let briefing = briefing(&bogor(), Locale::Id, "2021-07-01");
    assert_eq!((briefing.level.mark.as_str(), briefing.level.word.as_str()), ("■", "WFH 100%"));
    assert!(
        briefing
            .headline
            .starts_with("2.083 kasus dalam 7 hari, naik 81% dari pekan sebelumnya; 199,7 per 100.000")
    );
    assert_eq!(briefing.rules.len(), 9);
    let deciding: Vec<&str> =
        briefing.rules.iter().filter(|rule| rule.is_deciding).map(|rule| rule.id.as_str()).collect();
    assert_eq!(deciding, ["R2"]);
    let unknown = briefing.rules.iter().find(|rule| rule.id == "R5").unwrap();
    assert_eq!((unknown.status.as_str(), unknown.says.as_str()), ("not_assessed", "belum pernah dilaporkan"));
    assert_eq!(
        briefing.outside[0],
        "Zona risiko resmi oranye, yang hanya meminta Parsial 50; aturan kota meminta WFH 100%."
    );
    assert!(briefing.outside[1].contains("paling banyak 50%"));
    assert_eq!(briefing.decision.level, "■ WFH 100%");
    assert!(briefing.decision.lines[0].contains(&date_long(day("2021-07-06"), Locale::Id)));
    let clock = briefing.clock.as_ref().unwrap();
    assert_eq!(clock.now, "Hari ke-3 dari 7; tersisa 4 hari.");
    assert_eq!(clock.outlook, "Menurut angka hari ini: perpanjang.");
    assert!(clock.due.contains(&"Evaluasi: Senin, 5 Juli 2021".to_owned()), "{:?}", clock.due);
    assert_eq!((briefing.exempt.items.len(), briefing.duty.items.len()), (12, 2));
    assert!(briefing.exempt.lead.starts_with("12 unit, paling banyak 25%"));
    assert_eq!(briefing.programmes.len(), 3);
    let mut nothing = bogor();
    nothing.assessment.as_mut().unwrap().verdict = siaga::assessment::Verdict::NotAssessable;
    let nothing = self::briefing(&nothing, Locale::En, "2021-07-01");
    assert_eq!((nothing.level.mark.as_str(), nothing.level.step), ("?", None));
    // No phrase is missing in either language.
    for locale in Locale::ALL {
        let text = serde_json::to_string(&self::briefing(&bogor(), locale, "2021-07-21")).unwrap();
        assert!(!text.contains("brief-"), "{text}");
        assert!(!message_of(&bogor(), locale).contains("message-"));
    }
}

#[test]
fn the_command_refuses_what_it_cannot_make() {
    let folder = tempfile::tempdir().unwrap();
    let sample = checkout("data/sample/kota_bogor_decision.json");
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        let output = siaga(folder.path()).envs(variables.iter().copied()).args(args).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let from = sample.to_str().unwrap();
    let (code, told) = run(&["circular", "--from", from, "--out", "good.docx"], &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(!folder.path().join("var").exists(), "a file needs no store");
    let (code, told) = run(&["circular", "--decision", "7", "--out", "e.docx"], &[]);
    assert_eq!((code, told.contains("there is no decision 7")), (Some(1), true), "{told}");
    let (code, told) = run(&["circular", "--from", from, "--out", "e.doc"], &[]);
    assert_eq!((code, told.contains("must end in .docx, .pdf or .txt")), (Some(2), true), "{told}");
    let (code, told) = run(&["circular", "--from", "none.json", "--out", "e.docx"], &[]);
    assert_eq!((code, told.contains("read none.json")), (Some(2), true), "{told}");
    let (code, told) =
        run(&["circular", "--from", from, "--out", "e.docx"], &[("SIAGA_CITY_LOCATION", "6474")]);
    assert_eq!(
        (code, told.contains("it decides for 3271, and the settings name 6474")),
        (Some(2), true),
        "{told}"
    );
    let (code, told) = run(&["circular", "--from", from, "--form", "letter", "--out", "e.docx"], &[]);
    assert_eq!((code, told.contains("'letter' is not a form")), (Some(2), true), "{told}");
    std::fs::write(folder.path().join("odd.json"), "{\"decision\": {\"number\": 1}}").unwrap();
    let (code, told) = run(&["circular", "--from", "odd.json", "--out", "e.docx"], &[]);
    assert_eq!((code, told.contains("odd.json: missing field `location`")), (Some(2), true), "{told}");
    let (code, told) = run(&["brief", "--out", "b.png"], &[]);
    assert_eq!((code, told.contains("must end in .pdf")), (Some(2), true), "{told}");
    assert!(!folder.path().join("e.docx").exists());

    let (code, told) = run(&["circular", "--from", from, "--out", "e.docx"], &[]);
    assert_eq!(code, Some(0), "{told}");
    let saved = std::fs::read(folder.path().join("e.docx")).unwrap();
    assert!(docx_texts(&saved)["word/document.xml"].contains("Selasa, 29 Juni 2021"));
    let (code, told) = run(&["circular", "--from", from, "--out", "e.txt"], &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(std::fs::read_to_string(folder.path().join("e.txt")).unwrap().starts_with("*WFH 100%*"));
    // A decision alone has a circular, too.
    let alone = serde_json::to_string(&bogor().decision).unwrap();
    std::fs::write(folder.path().join("alone.json"), alone).unwrap();
    assert_eq!(run(&["circular", "--from", "alone.json", "--out", "a.docx"], &[]).0, Some(0));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_program_without_pdf_says_so() {
    let told = of_bogor(&bogor()).pdf(&files().templates).unwrap_err().to_string();
    assert_eq!(told, "this siaga was built without PDF (the feature 'pdf'); write a .docx instead");
}

#[cfg(feature = "pdf")]
mod set {
    use std::path::Path;

    use super::*;

    /// The operator's folder with one file.
    fn own(name: &str, text: &str) -> (tempfile::TempDir, anyhow::Result<DocumentFiles>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let files = DocumentFiles::read(Some(folder.path()), None);
        (folder, files)
    }

    #[test]
    fn a_city_changes_its_template_and_its_sentences() {
        let (_folder, own_files) = own("circular.typ", "#let d = json(\"data.json\")\n#d.subject\n");
        let content = of_bogor(&bogor());
        let (shipped, changed) =
            (content.pdf(&files().templates).unwrap(), content.pdf(&own_files.unwrap().templates).unwrap());
        assert!(changed.len() < shipped.len() && changed.starts_with(b"%PDF"));
        let (_folder, own_files) = own("circular.toml", "rule_discipline = \"Aturan kota.\"\n");
        let letterhead = Letterhead::new(&Documents::default(), ("Kota Bogor", None), None).unwrap();
        let content = CircularContent::new(&bogor(), &letterhead, &own_files.unwrap().words, LINK);
        assert!(texts(&content).contains(&"Aturan kota.".to_owned()));
    }

    #[test]
    fn a_template_that_does_not_work_is_named_with_its_line_and_reaches_nothing_outside() {
        let fault = |text: &str| {
            let (_folder, files) = own("circular.typ", text);
            of_bogor(&bogor()).pdf(&files.unwrap().templates).unwrap_err().to_string()
        };
        assert!(fault("= A\n\n#nothing()\n").starts_with("circular.typ, line 3: unknown variable: nothing"));
        assert!(
            fault("#read(\"/etc/passwd\")").contains("file not found"),
            "{}",
            fault("#read(\"/etc/passwd\")")
        );
        assert!(fault("#read(\"../secret\")").starts_with("circular.typ, line 1: "));
        let package = fault("#import \"@preview/cetz:0.3.0\": *");
        assert!(package.contains("not found"), "{package}");
        let (_folder, files) = own("circular.toml", "rule_dicipline = \"x\"\n");
        let told = format!("{:#}", files.unwrap_err());
        assert!(told.contains("circular.toml: 'rule_dicipline' is not a phrase"), "{told}");
        let told = format!("{:#}", DocumentFiles::read(Some(Path::new("/none/here")), None).unwrap_err());
        assert!(told.starts_with("documents.folder: read /none/here"), "{told}");
    }

    #[test]
    fn the_same_record_gives_the_same_bytes_tagged_and_dated_by_the_decision() {
        let content = of_bogor(&bogor());
        let templates = files().templates;
        let first = content.pdf(&templates).unwrap();
        // Another document between them changes nothing.
        of_bontang(&bontang()).pdf(&templates).unwrap();
        assert_eq!(content.pdf(&templates).unwrap(), first);
        let text = String::from_utf8_lossy(&first);
        assert!(
            text.contains("/MarkInfo") && text.contains("D:20210628000000Z"),
            "tagged, and of the decision's day"
        );
        let briefing = briefing(&bogor(), Locale::Id, "2021-07-01");
        assert_eq!(briefing.pdf(&templates).unwrap(), briefing.pdf(&templates).unwrap());
    }

    #[test]
    fn a_briefing_is_made_again_from_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let demo =
            siaga(folder.path()).args(["-q", "demo", "--until", "2021-06-20", "--no-wait"]).output().unwrap();
        assert!(demo.status.success());
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
        let run = |args: &[&str]| {
            let output = siaga(folder.path()).env("SIAGA_DATABASE_URL", &url).args(args).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{args:?}: {told}");
            told
        };
        let told = run(&[
            "--lang",
            "en",
            "brief",
            "--date",
            "2021-06-19",
            "--audience",
            "public",
            "--out",
            "one.pdf",
        ]);
        let id = told.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        assert!(
            id.starts_with("briefing.pdf,date=2021-06-19,") && id.contains("audience=public,lang=en"),
            "{id}"
        );
        run(&["reproduce", id, "--out", "two.pdf"]);
        let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        assert_eq!(bytes("one.pdf"), bytes("two.pdf"));
    }

    #[test]
    fn settings_with_a_template_that_does_not_work_are_refused_by_the_check() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("surat");
        std::fs::create_dir(&own).unwrap();
        let check = || {
            let mut command = siaga(folder.path());
            let output = command.env("SIAGA_DOCUMENTS_FOLDER", &own).arg("check").output().unwrap();
            (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        assert_eq!(check().0, Some(0), "{}", check().1);
        std::fs::write(own.join("briefing.typ"), "#let d = json(\"data.json\")\n#d.nothing\n").unwrap();
        let (code, told) = check();
        assert_eq!((code, told.contains("briefing.typ, line 2: ")), (Some(2), true), "{told}");
    }
}

#[cfg(feature = "pdf")]
mod needs_documents {
    use std::process::Command;

    use siaga::disclosure::Audience;
    use siaga::job::{Focus, city_view};
    use siaga::web::export::{BriefingBesides, briefing as briefing_of};
    use siaga::web::figures::Subject;

    use super::*;
    use crate::support::house::{House, Plan};

    /// What a reader of PDF makes of a file: its text as it lies on the page, page by page.
    fn pages(bytes: &[u8]) -> Vec<String> {
        read(bytes, "-layout")
    }

    /// The same in the order in which it was set: of columns one after the other.
    fn in_order(bytes: &[u8]) -> String {
        read(bytes, "-raw").concat()
    }

    fn read(bytes: &[u8], how: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("d.pdf");
        std::fs::write(&file, bytes).unwrap();
        let output =
            Command::new("pdftotext").args([how, "-enc", "UTF-8"]).arg(&file).arg("-").output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(str::to_owned).collect()
    }

    fn tool(name: &str, bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("d.pdf");
        std::fs::write(&file, bytes).unwrap();
        String::from_utf8(Command::new(name).arg(&file).output().unwrap().stdout).unwrap()
    }

    /// The texts of a page without the lists' letters, which stand before the texts.
    fn holds(page: &str, text: &str) -> bool {
        bare(page).contains(&bare(text))
    }

    #[test]
    fn every_figure_of_the_record_is_read_in_the_pdf() {
        let templates = files().templates;
        for (content, name) in [
            (of_bogor(&bogor()), "bogor"),
            (of_bontang(&bontang()), "bontang"),
            (of_bogor(&changing("extension")), "extension"),
            (of_bogor(&Dossier { form: Form::Instruction, ..bogor() }), "instruction"),
        ] {
            let pages = pages(&content.pdf(&templates).unwrap());
            let whole = pages.concat();
            for figure in content.figures() {
                assert!(holds(&whole, &figure.shown), "{name}: {}", figure.shown);
            }
            for text in [content.title.clone(), content.number.clone(), content.signatory.name.clone()] {
                assert!(holds(&whole, &text), "{name}: {text}");
            }
            for page in &pages {
                assert!(page.contains("KONSEP") && holds(page, &content.foot), "{name}: {page}");
            }
        }
    }

    #[test]
    fn what_a_person_wrote_is_read_as_they_wrote_it() {
        let pages = pages(&of_bogor(&nasty()).pdf(&files().templates).unwrap());
        assert_eq!(bare(&pages.concat()).matches(&bare(NASTY)).count(), 2, "{pages:#?}");
    }

    #[test]
    fn a_long_roster_has_its_heads_on_every_page() {
        let content = of_bogor(&Dossier { roster: roster(120), ..bogor() });
        let pages = pages(&content.pdf(&files().templates).unwrap());
        let enclosed: Vec<&String> = pages.iter().filter(|page| page.contains("Unit kerja 1")).collect();
        assert!(enclosed.len() >= 2, "{}", pages.len());
        let heads =
            pages.iter().filter(|page| page.contains("Hari, tanggal") && page.contains("Kontak")).count();
        assert_eq!(heads, pages.iter().filter(|page| page.contains("0251")).count());
        assert!(heads >= 3, "{heads}");
        assert!(holds(&pages.concat(), "Unit kerja 119"));
    }

    #[test]
    fn fonts_are_inside_and_the_structure_is_tagged() {
        let bytes = of_bogor(&bogor()).pdf(&files().templates).unwrap();
        let about = tool("pdfinfo", &bytes);
        assert!(
            about.contains("Tagged:          yes") && about.contains("Creator:         siaga"),
            "{about}"
        );
        let fonts = tool("pdffonts", &bytes);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(
            rows.len() == 2 && rows.iter().all(|row| row.contains("SiagaSans") && row.contains("yes yes")),
            "{fonts}"
        );
    }

    #[test]
    fn the_briefing_has_one_page_however_much_there_is_to_tell() {
        let templates = files().templates;
        for locale in Locale::ALL {
            let briefing = briefing(&bogor(), locale, "2021-07-01");
            let bytes = briefing.pdf(&templates).unwrap();
            assert!(tool("pdfinfo", &bytes).contains("Pages:           1"), "{locale:?}");
            let page = in_order(&bytes);
            for unit in &bogor().decision.exemptions {
                assert!(page.contains(unit.name.split(' ').next().unwrap()), "{}: {page}", unit.name);
            }
            let mut wanted = vec!["■ WFH 100%".to_owned(), "199,7".to_owned(), "81,6%".to_owned()];
            wanted.extend(briefing.rules.iter().map(|rule| rule.id.clone()));
            for text in wanted {
                let text = if locale == Locale::En { text.replace(',', ".") } else { text };
                assert!(holds(&page, &text), "{text}: {page}");
            }
        }
        let mut much = bogor();
        let unit = much.decision.exemptions[0].clone();
        much.decision.exemptions = (0..200)
            .map(|n| Exemption { name: format!("Dinas dengan nama panjang {n}"), ..unit.clone() })
            .collect();
        let bytes = briefing(&much, Locale::Id, "2021-07-01").pdf(&templates).unwrap();
        assert!(tool("pdfinfo", &bytes).contains("Pages:           1"));
        assert!(in_order(&bytes).contains("lagi"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_briefing_of_28_june_with_its_curve_decision_and_twelve_units_has_one_page() {
        let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
        let focus = Focus { date: Some(day("2021-06-28")), as_of: None };
        let view = city_view(&house.journey.viewing(), focus, &Audience::executive()).await.unwrap();
        let dossier = bogor();
        let besides = BriefingBesides {
            duty_gaps: Some(vec!["Bappeda, Rabu 30 Juni".to_owned(), "Setda, Kamis 1 Juli".to_owned()]),
            programmes: dossier.programmes.clone(),
        };
        for locale in Locale::ALL {
            let subject = Subject { view: &view, journey: &house.journey, phrases: Phrases::new(locale) };
            let (recipe, told) = briefing_of(subject, &besides).unwrap();
            let bytes = told.pdf(&files().templates).unwrap();
            assert!(tool("pdfinfo", &bytes).contains("Pages:           1"));
            let page = in_order(&bytes);
            assert!(holds(&page, &told.headline) && holds(&page, &recipe.to_string()), "{page}");
            // The curve's own words are text, not outlines: it can be searched and read out.
            assert!(holds(&page, &told.curve.as_ref().unwrap().title), "{page}");
            for line in [&told.decision.lines, &told.changes, &told.outside].into_iter().flatten() {
                assert!(holds(&page, line), "{line}: {page}");
            }
            // Asked again it is the same, and another roster is another briefing.
            assert_eq!(briefing_of(subject, &besides).unwrap().0, recipe);
            assert_ne!(briefing_of(subject, &BriefingBesides::default()).unwrap().0, recipe);
        }
    }

    #[test]
    fn libreoffice_opens_the_docx_and_reads_the_same() {
        let soffice =
            std::env::var("SIAGA_TEST_SOFFICE").expect("SIAGA_TEST_SOFFICE says where LibreOffice is");
        let folder = tempfile::tempdir().unwrap();
        let dossier = Dossier { roster: roster(60), ..bogor() };
        let contents = [
            ("bogor", of_bogor(&dossier)),
            ("bontang", of_bontang(&bontang())),
            ("nasty", of_bogor(&nasty())),
        ];
        for (name, content) in &contents {
            std::fs::write(folder.path().join(format!("{name}.docx")), content.docx().unwrap()).unwrap();
        }
        let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
        let mut command = Command::new(soffice);
        command.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder.path());
        let output = command
            .args(contents.iter().map(|(name, _)| folder.path().join(format!("{name}.docx"))))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for (name, content) in &contents {
            let pages = pages(&std::fs::read(folder.path().join(format!("{name}.pdf"))).unwrap());
            let whole = pages.concat();
            for figure in content.figures() {
                assert!(holds(&whole, &figure.shown), "{name}: {}", figure.shown);
            }
            for page in &pages {
                assert!(page.contains("KONSEP") && holds(page, &content.foot), "{name}: {page}");
            }
            let last = format!("Halaman {0} dari {0}", pages.len());
            assert!(holds(&whole, &last), "{name}: pages are counted");
        }
        assert!(pages(&std::fs::read(folder.path().join("bogor.pdf")).unwrap()).len() >= 4);
    }
}
