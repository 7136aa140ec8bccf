//! Files as people and their spreadsheets make them: the form that siaga hands out, filled in and dropped; tables in Bahasa
//! Indonesia; and what is said of files that are neither.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use siaga::account::Role;
use siaga::observation::Measure;
use siaga::store::Filter;
use siaga::text::{Locale, Phrases};

use crate::support::house::House;
use crate::support::moment;

/// Somebody who takes figures in, in a language.
struct Officer {
    house: House,
    cookie: String,
    language: &'static str,
}

/// What a file shows before it is kept.
struct Looked {
    status: u16,
    page: String,
}

impl Officer {
    async fn new(language: &'static str) -> Self {
        let house = House::new().await;
        let cookie = house.signed_in("petugas", Role::DataOfficer).await.cookie;
        Self { house, cookie, language }
    }

    async fn download(&self, path: &str) -> (String, Vec<u8>) {
        let request = self.house.client.get(format!("{}{path}", self.house.address));
        let request = request.header("cookie", &self.cookie).header("accept-language", self.language);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        let name = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        (name, answer.bytes().await.unwrap().to_vec())
    }

    async fn drop_file(&self, name: &str, body: &[u8], fields: &[(&str, &str)]) -> Looked {
        const BETWEEN: &str = "----siaga-tests";
        let mut form = Vec::new();
        for (name, value) in fields {
            let field = format!("content-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            form.extend(format!("--{BETWEEN}\r\n{field}").into_bytes());
        }
        let about = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
        form.extend(
            format!("--{BETWEEN}\r\n{about}\r\ncontent-type: application/octet-stream\r\n\r\n").into_bytes(),
        );
        form.extend(body);
        form.extend(format!("\r\n--{BETWEEN}--\r\n").into_bytes());
        let request = self.house.client.post(format!("{}/figures/file", self.house.address)).body(form);
        let request = request.header("content-type", format!("multipart/form-data; boundary={BETWEEN}"));
        let request = request.header("cookie", &self.cookie).header("origin", &self.house.address);
        let answer = request.header("accept-language", self.language).send().await.unwrap();
        Looked { status: answer.status().as_u16(), page: answer.text().await.unwrap() }
    }

    /// Takes in what a file shows; gives the page of the pull.
    async fn commit(&self, looked: &Looked) -> String {
        let hidden = |name: &str| {
            let rest = looked.page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
            Some(rest.split('"').next().unwrap().to_owned())
        };
        let names = ["source", "sha256", "series"];
        let fields: Vec<(&str, String)> =
            names.into_iter().filter_map(|name| Some((name, hidden(name)?))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let about = [("cookie", self.cookie.as_str()), ("accept-language", self.language)];
        let gone = self.house.post("/figures/commit", &about, &fields).await;
        assert_eq!(gone.status, 303, "{}", gone.body);
        self.house.get(gone.header("location"), &about).await.body
    }

    /// What is known: series, measure, day, value.
    async fn known(&self) -> Vec<(String, String, String, Option<f64>)> {
        let known = self.house.journey.store.observations(&Filter::default()).await.unwrap();
        known.into_iter().map(|o| (o.source, o.measure.to_string(), o.date.to_string(), o.value)).collect()
    }
}

/// The template with figures typed into it: of each day so many new cases, and nothing else.
fn filled(template: &[u8], cases: impl Fn(usize) -> Option<f64>) -> Vec<u8> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(template.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    let sheet = book.worksheet_range(&name).unwrap();
    let mut out = Workbook::new();
    let day = Format::new().set_num_format("d mmmm yyyy");
    let written = out.add_worksheet().set_name(&name).unwrap();
    for (row, cells) in (0..).zip(sheet.rows()) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Data::String(text) => {
                    written.write_string(row, column, text).unwrap();
                }
                Data::DateTime(at) => {
                    let (year, month, date, ..) = at.to_ymd_hms_milli();
                    let at = ExcelDateTime::from_ymd(year, month, date).unwrap();
                    written.write_datetime_with_format(row, column, &at, &day).unwrap();
                }
                _ => {}
            }
        }
        if let Some(count) = row.checked_sub(1).and_then(|nth| cases(nth as usize)) {
            written.write_number(row, 2, count).unwrap();
        }
    }
    out.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_filled_in_and_dropped_is_taken_in() {
    for (language, head, sheet) in [("id", "Kasus baru", "Angka"), ("en", "New cases", "Figures")] {
        let officer = Officer::new(language).await;
        let (name, template) = officer.download("/figures/template.xlsx").await;
        assert_eq!(name, "attachment; filename=\"siaga-kota-bogor-2021-06-28.xlsx\"");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(template.clone())).unwrap();
        let range = book.worksheet_range(sheet).unwrap();
        assert_eq!(range.height(), 15, "a line of names and fourteen days");
        assert_eq!(range.get((0, 2)), Some(&Data::String(head.to_owned())));
        assert_eq!(range.get((1, 1)), Some(&Data::String("Kota Bogor".to_owned())));
        assert!(
            book.worksheet_range("Petunjuk").or_else(|_| book.worksheet_range("How to fill it in")).is_ok()
        );
        // As it comes there is nothing in it, and nothing is refused.
        let empty = officer.drop_file("templat.xlsx", &template, &[("spec", "")]).await;
        assert_eq!(empty.status, 200, "{}", empty.page);
        assert!(!empty.page.contains("btn-primary\" type=\"submit\"") && !empty.page.contains("refused-h"));
        let body = filled(&template, |nth| (nth != 3).then_some(100.0 + nth as f64));
        let looked = officer.drop_file("terisi.xlsx", &body, &[("spec", "")]).await;
        assert_eq!(looked.status, 200, "{}", looked.page);
        let said = if language == "id" { "Simpan 13 angka" } else { "Keep 13 figures" };
        assert!(looked.page.contains(said) && looked.page.contains(head), "{}", looked.page);
        officer.commit(&looked).await;
        let known = officer.known().await;
        assert_eq!(known.len(), 13, "an empty cell is not told: {known:?}");
        assert_eq!(known[0], ("tidy".into(), "cases".into(), "2021-06-15".into(), Some(100.0)));
        assert_eq!(known[12].2, "2021-06-28");
        // The same as separated columns, saved by a spreadsheet that writes days by numbers: it is all known.
        let (_, csv) = officer.download("/figures/template.csv").await;
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with('\u{feff}') && csv.contains(";Kota Bogor;"), "{csv}");
        let months = if language == "id" { " Juni 2021;Kota Bogor;" } else { " June 2021;Kota Bogor;" };
        let mut nth = 99;
        let lines = csv.lines().map(|line| {
            nth += 1;
            let is_gap = nth == 104;
            let cases = if is_gap { String::new() } else { (nth - 1).to_string() };
            line.replace(&format!("{months};"), &format!("/06/2021;Kota Bogor;{cases};"))
        });
        let resaved = lines.collect::<Vec<_>>().join("\r\n");
        assert!(resaved.contains("15/06/2021;Kota Bogor;100;"), "{resaved}");
        let looked = officer.drop_file("terisi.csv", resaved.as_bytes(), &[("spec", "")]).await;
        let nothing = if language == "id" { "Tidak ada yang baru" } else { "There is nothing new" };
        assert!(looked.status == 200 && looked.page.contains(nothing), "{}", looked.page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_as_indonesian_spreadsheets_save_them_are_recognised() {
    let officer = Officer::new("id").await;
    for (name, body, source, figures) in [
        (
            "hari.csv",
            "Tgl;Kasus Baru;BOR;Catatan\r\n28/6/2021;1.447;81,6;rilis Dinkes\r\n;;;\r\n",
            "Formulir siaga",
            2,
        ),
        (
            "nama.csv",
            "Tanggal,Kota,KASUS AKTIF\n\"Minggu, 27 Juni 2021\",Kota Bogor,\"3.003\"\n",
            "Formulir siaga",
            1,
        ),
        ("excel.csv", "tanggal\twilayah\tKasus kumulatif\n26-Jun-21\t32.71\t19000\n", "Formulir siaga", 1),
        (
            "rapi.csv",
            "tanggal;wilayah;ukuran;nilai\n25 Juni 2021;Kota Bogor;Kasus baru;1.212\n25/06/2021;3271;zone;2\n",
            "Tabel rapi",
            2,
        ),
        ("tidy.csv", "date,location,measure,value\n24/6/2021,Kota Bogor,cases,300\n", "Tabel rapi", 1),
        (
            "polos.csv",
            "date,location,measure,value\n2021-06-23,3271,cases,310\nx,3271,cases,1\n",
            "CSV rapi",
            1,
        ),
    ] {
        let looked = officer.drop_file(name, body.as_bytes(), &[("spec", "")]).await;
        assert_eq!(looked.status, 200, "{name}: {}", looked.page);
        assert!(looked.page.contains(&format!("Dikenali sebagai “{source}")), "{name}: {}", looked.page);
        assert!(looked.page.contains(&format!("Simpan {figures} angka")), "{name}: {}", looked.page);
        officer.commit(&looked).await;
        // As another second: a run is named by its moment.
        let now = siaga::clock::Clock::now(&*officer.house.clock).millis();
        officer.house.clock.advance_to(siaga::epi::Vintage::from_millis(now + 1_000).unwrap());
    }
    let known = officer.known().await;
    for expected in [
        ("tidy", "cases", "2021-06-28", 1_447.0),
        ("tidy", "bed_occupancy_pct", "2021-06-28", 81.6),
        ("tidy", "active", "2021-06-27", 3_003.0),
        ("tidy", "cases_total", "2021-06-26", 19_000.0),
        ("tidy", "zone", "2021-06-25", 2.0),
        ("tidy", "cases", "2021-06-24", 300.0),
    ] {
        let is_known = known.iter().any(|(source, measure, day, value)| {
            (source.as_str(), measure.as_str(), day.as_str(), *value)
                == (expected.0, expected.1, expected.2, Some(expected.3))
        });
        assert!(is_known, "{expected:?}: {known:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_certain_is_refused_row_by_row() {
    let officer = Officer::new("id").await;
    for (name, body, taken, refused) in [
        // A column that nobody knows is named, and the others are taken in.
        (
            "kolom.csv",
            "Tanggal;Kasus baru;Suspek\n28/6/2021;447;12\n",
            1,
            vec!["kolom yang tidak dikenal", "Suspek"],
        ),
        // An English spreadsheet puts the month first: one day gives all of them away.
        (
            "bulan.csv",
            "Date;New cases\n6/11/2021;1\n6/12/2021;2\n6/13/2021;3\n",
            0,
            vec!["hari dan bulan tertukar", "2021-11-06 ↔ 2021-06-11", "bukan tanggal", "6/13/2021"],
        ),
        ("bulan2.csv", "Date;New cases\n1/6/2021;1\n2/6/2021;2\n3/6/2021;3\n28/6/2021;4\n", 4, vec![]),
        (
            "bulan3.csv",
            "Date;New cases\n6/1/2021;1\n6/2/2021;2\n6/3/2021;3\n",
            0,
            vec!["hari dan bulan tertukar"],
        ),
        (
            "angka.csv",
            "Tanggal;Kasus baru;Meninggal baru\n28/6/2021;1,5;banyak\n",
            0,
            vec!["bilangan bulat", "banyak"],
        ),
        ("hari.csv", "Tanggal;Kasus baru\nSelasa, 28 Juni 2021;4\n", 0, vec!["nama harinya tidak cocok"]),
        (
            "kota.csv",
            "Tanggal;Wilayah;Kasus baru\n28/6/2021;Kota Boggor;4\n",
            0,
            vec!["tidak ada dalam daftar"],
        ),
        ("esok.csv", "Tanggal;Kasus baru\n29/6/2021;4\n", 0, vec!["tanggal sesudah hari diterima"]),
    ] {
        let looked = officer.drop_file(name, body.as_bytes(), &[("spec", "")]).await;
        assert_eq!(looked.status, 200, "{name}: {}", looked.page);
        for words in refused {
            assert!(looked.page.contains(words), "{name}, {words}: {}", looked.page);
        }
        let button = format!("Simpan {taken} angka");
        assert_eq!(looked.page.contains(&button), taken > 0, "{name}: {}", looked.page);
    }
    // Another city's form is held, as another city's file is.
    let looked = officer
        .drop_file("lain.csv", b"Tanggal;Wilayah;Kasus baru\n28/6/2021;Kabupaten Bogor;4\n", &[("spec", "")])
        .await;
    assert!(
        looked.page.contains("Kiriman ini akan ditahan") && looked.page.contains("3201"),
        "{}",
        looked.page
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_neither_is_told_what_is_wrong_and_what_to_do() {
    let officer = Officer::new("id").await;
    for (name, body, words) in [
        (
            "lain.csv",
            "Nama;Umur\nSiti;30\n",
            "Kolomnya Nama, Umur; untuk formulir siaga kurang Tanggal, untuk tabel rapi kurang Tanggal, Ukuran, Nilai.",
        ),
        (
            "tanpa.csv",
            "Tanggal;Suspek\n28/6/2021;30\n",
            "untuk formulir siaga kurang kolom angka, misalnya Kasus baru",
        ),
        (
            "dua.csv",
            "Tanggal;Kasus baru;New cases\n28/6/2021;1;1\n",
            "Dua kolomnya berarti Kasus baru: sisakan satu.",
        ),
        ("halaman.xlsx", "<!doctype html><p>502", "Isinya halaman web, bukan tabel (CSV atau XLSX)."),
        ("rusak.xlsx", "PK\u{3}\u{4} tidak lebih", "Isinya bukan buku kerja"),
        ("lama.xls", "\u{d0}", "kolom"),
    ] {
        let looked = officer.drop_file(name, body.as_bytes(), &[("spec", "")]).await;
        assert_eq!(looked.status, 422, "{name}: {}", looked.page);
        for shown in [
            &format!("{name} tidak dapat dibaca"),
            words,
            "href=\"/figures/template.xlsx\"",
            "pilih penerbitnya",
            "Tidak ada angka yang berubah.",
        ] {
            assert!(looked.page.contains(shown), "{name}, {shown}: {}", looked.page);
        }
    }
    // Chosen by hand, the same is said of what was chosen.
    let looked = officer.drop_file("lain.csv", b"Nama;Umur\nSiti;30\n", &[("spec", "tidy")]).await;
    assert!(looked.status == 422 && looked.page.contains("Tidak ada kolom date"), "{}", looked.page);
    assert!(looked.page.contains("href=\"/figures/template.xlsx\""), "{}", looked.page);
    let analyst = officer.house.signed_in("siti", Role::Analyst).await.cookie;
    for path in ["/figures/template.xlsx", "/figures/template.csv"] {
        let refused = officer.house.get(path, &[("cookie", &analyst)]).await;
        assert_eq!(refused.status, 403, "{path}");
        assert_eq!(officer.house.get(path, &[]).await.status, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_goes_on_with_the_series_that_counts() {
    let officer = Officer::new("id").await;
    let dinkes = "date,location,measure,value,source\n2021-06-27,3271,cases,300,dinkes-kota-bogor\n";
    let looked = officer.drop_file("dinkes.csv", dinkes.as_bytes(), &[("spec", "dinkes-kota-bogor")]).await;
    officer.commit(&looked).await;
    officer.house.clock.advance_to(moment("2021-06-29T00:00:30+07:00"));
    let form = "Tanggal;Kasus baru;Kasus aktif\n28/6/2021;447;3391\n";
    let looked = officer.drop_file("form.csv", form.as_bytes(), &[("spec", "")]).await;
    assert!(
        looked.page.contains("melanjutkan Dinas Kesehatan Kota Bogor: kasus"),
        "it says whose series it is: {}",
        looked.page
    );
    assert!(looked.page.contains("name=\"series\" value=\"cases=dinkes-kota-bogor\""), "{}", looked.page);
    officer.commit(&looked).await;
    let known = officer.known().await;
    let of = |measure: &str, day: &str| {
        let found = known.iter().find(|known| known.1 == measure && known.2 == day);
        found.map(|known| known.0.clone()).unwrap()
    };
    assert_eq!(
        (of("cases", "2021-06-28"), of("active", "2021-06-28")),
        ("dinkes-kota-bogor".into(), "tidy".into())
    );
    // What a form carries is read as it was made, or refused.
    let about = [("cookie", officer.cookie.as_str())];
    let sha256 = looked.page.split("name=\"sha256\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for series in ["cases", "kasus=dinkes", "cases=%zz;"] {
        let fields = [("source", "siaga-form"), ("sha256", sha256), ("series", series)];
        assert_eq!(officer.house.post("/figures/commit", &about, &fields).await.status, 400, "{series}");
    }
}

#[test]
fn the_command_recognises_what_the_page_recognises() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("form.csv"), "Tanggal;Kasus baru\n28/6/2021;1.447\n").unwrap();
    std::fs::write(folder.join("lain.csv"), "Nama;Umur\nSiti;30\n").unwrap();
    let told = crate::support::stdout(folder, &["ingest", "--file", "form.csv", "--format", "csv"]);
    assert!(told.contains("siaga-form,changed,1,1,0,0,0"), "{told}");
    let exported = crate::support::stdout(folder, &["export", "observations"]);
    assert!(exported.contains("2021-06-28,3271,cases,1447,") && exported.contains(",tidy,"), "{exported}");
    let refused = crate::support::run(folder, &["ingest", "--file", "lain.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("tidak ada kolom date, location, measure, value; yang ada Nama;Umur"), "{said}");
}

#[test]
fn the_form_and_the_table_know_every_measure_by_its_name_in_both_languages() {
    let text = |id: &str| {
        std::fs::read_to_string(crate::support::checkout(&format!("data/source/{id}.toml"))).unwrap()
    };
    let form = siaga::source::SourceSpec::parse(&text("siaga-form")).unwrap();
    let table = siaga::source::SourceSpec::parse(&text("tidy-table")).unwrap();
    let [id, en] = [Locale::Id, Locale::En].map(Phrases::new);
    for measure in Measure::reported() {
        let key = format!("measure-{measure}");
        let (indonesian, english) = (id.say(&key), en.say(&key));
        assert_eq!(
            form.values.get(&indonesian).map(|it| it.measure.as_str()),
            Some(measure.name()),
            "{indonesian}"
        );
        let others = form.also_called.get(&indonesian);
        assert!(others.is_some_and(|others| others.contains(&english)), "{english}");
        for name in [indonesian, english] {
            assert_eq!(
                table.measure_names.get(&name).map(|it| it.measure.as_str()),
                Some(measure.name()),
                "{name}"
            );
        }
    }
    for (name, key) in [("Tanggal", "template-date"), ("Wilayah", "template-location")] {
        assert_eq!(id.say(key), name);
        assert!(form.also_called[name].contains(&en.say(key)), "{name}");
    }
}
