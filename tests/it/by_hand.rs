//! Figures that come by hand: looked at with every check, taken in once, released or refused when they are held.

use siaga::account::Role;
use siaga::audit::Action;
use siaga::store::{AuditFilter, Outcome};

use crate::support::house::{Answer, House, Plan};
use crate::support::moment;

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().replace("&#38;", "&").replace("&#x27;", "'")
}

/// Somebody who takes figures in.
struct Officer<'a> {
    house: &'a House,
    cookie: String,
}

impl<'a> Officer<'a> {
    async fn of(house: &'a House) -> Self {
        let cookie = house.signed_in("petugas", Role::DataOfficer).await.cookie;
        Self { house, cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.get(path, &[("cookie", &self.cookie), ("accept-language", "id")]).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.house.post(path, &[("cookie", &self.cookie), ("accept-language", "id")], fields).await
    }

    /// Drops a file.
    async fn drop_file(&self, (name, body): (&str, &str), fields: &[(&str, &str)]) -> (u16, String) {
        const BETWEEN: &str = "----siaga-tests";
        let mut form = String::new();
        for (name, value) in fields {
            form +=
                &format!("--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        let about = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
        form +=
            &format!("--{BETWEEN}\r\n{about}\r\ncontent-type: text/csv\r\n\r\n{body}\r\n--{BETWEEN}--\r\n");
        let request = self.house.client.post(format!("{}/figures/file", self.house.address)).body(form);
        let request = request.header("content-type", format!("multipart/form-data; boundary={BETWEEN}"));
        let request = request.header("cookie", &self.cookie).header("origin", &self.house.address);
        let answer = request.header("accept-language", "id").send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Takes in what a preview shows; gives the page of the pull.
    async fn commit(&self, preview: &str) -> String {
        let (source, sha256) = (hidden(preview, "source"), hidden(preview, "sha256"));
        let mut fields = vec![("source", source.as_str()), ("sha256", sha256.as_str())];
        let told: Vec<(&str, String)> = ["date", "as_of"]
            .into_iter()
            .filter(|name| preview.contains(&format!("<input type=\"hidden\" name=\"{name}\"")))
            .map(|name| (name, hidden(preview, name)))
            .collect();
        fields.extend(told.iter().map(|(name, value)| (*name, value.as_str())));
        let gone = self.post("/figures/commit", &fields).await;
        assert_eq!(gone.status, 303, "{}", gone.body);
        let there = gone.header("location").to_owned();
        let page = self.get(&there).await;
        assert_eq!(page.status, 200, "{there}: {}", page.body);
        page.body
    }
}

/// Cases of Kota Bogor from 1 June 2021, one number a day.
fn tidy(cases: &[&str]) -> String {
    let mut text = "date,location,measure,value\n".to_owned();
    for (nth, value) in cases.iter().enumerate() {
        text.push_str(&format!("2021-06-{:02},3271,cases,{value}\n", nth + 1));
    }
    text
}

fn typed<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("date", "2021-06-28"), ("publisher", "Dinkes, \"siaran pers\"")], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_figures_are_looked_at_then_taken_in_once() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let first = officer.get("/figures").await;
    assert!(
        first.body.contains("Angka pertama") && first.body.contains("value=\"2021-06-28\""),
        "{}",
        first.body
    );
    let looked = officer.post("/figures/typed", &typed(&[("cases", "1.833"), ("deaths_total", "412")])).await;
    assert_eq!(looked.status, 200, "{}", looked.body);
    for shown in ["Simpan 2 angka", "Kasus baru", "1.833", "28 Juni 2021", "Isian petugas"] {
        assert!(looked.body.contains(shown), "{shown}: {}", looked.body);
    }
    assert!(house.journey.store.runs(9).await.unwrap().is_empty(), "looking keeps nothing");
    let page = officer.commit(&looked.body).await;
    assert!(page.contains("Tersimpan.") && page.contains("Lihat tingkat hari ini"), "{page}");
    house.clock.advance_to(moment("2021-06-29T00:30:00+07:00"));
    let again = officer.commit(&looked.body).await;
    assert!(again.contains("Tidak ada yang baru"), "{again}");
    let runs = house.journey.store.runs(9).await.unwrap();
    let accepted: Vec<u64> = runs.iter().map(|run| run.accepted).collect();
    assert_eq!(accepted.iter().sum::<u64>(), 2, "{runs:?}");
    assert!(runs.iter().all(|run| run.received == run.accepted + run.unchanged + run.rejected + run.held));
    let filter = AuditFilter { action: Some(Action::FiguresTaken), limit: 9, ..AuditFilter::default() };
    let noted = house.journey.store.audit(&filter).await.unwrap().rows;
    assert!(noted.iter().all(|row| row.entry.actor == "petugas" && row.entry.object == "entry"), "{noted:?}");
    assert_eq!(noted.len(), 2);
    let location = &house.journey.city.location;
    assert!(
        house.journey.store.last_assessment(location, None).await.unwrap().is_some(),
        "a level follows at once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_never_guessed_and_the_fault_stands_beside_it() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    for (fields, fault, words) in [
        (typed(&[("cases", "1,833")]), "cases-fault", "dibaca dua cara"),
        (typed(&[("active", "1.83")]), "active-fault", "dibaca dua cara"),
        (typed(&[("tests", "banyak")]), "tests-fault", "bukan jumlah"),
        (typed(&[]), "role=\"alert\"", "Isi sedikitnya satu"),
        (vec![("date", "2021-06-29"), ("publisher", "x"), ("cases", "1")], "date-fault", "sampai hari ini"),
        (vec![("date", "2021-06-28"), ("publisher", " "), ("cases", "1")], "publisher-fault", "siapa yang"),
    ] {
        let refused = officer.post("/figures/typed", &fields).await;
        assert_eq!(refused.status, 422, "{fault}");
        assert!(refused.body.contains(fault) && refused.body.contains(words), "{fault}: {}", refused.body);
        for (_, value) in fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let kept = value.replace('"', "&#34;");
            assert!(refused.body.contains(&format!("value=\"{kept}\"")), "{value} stays: {}", refused.body);
        }
    }
    assert!(house.journey.store.runs(9).await.unwrap().is_empty());
}

/// The fields of a table that was typed: of each day so many new cases.
fn fortnight<'a>(cells: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let about = [("days", "14"), ("to", "2021-06-28"), ("m-cases", "1"), ("publisher", "Dinkes")];
    let cells = cells.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    about.into_iter().chain(cells).chain(more.iter().copied()).collect()
}

fn cells(value: impl Fn(u32) -> String) -> Vec<(String, String)> {
    (15..=28).map(|day| (format!("cases.2021-06-{day}"), value(day))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fourteen_days_are_typed_at_once_and_make_a_level() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let one = officer.get("/figures").await.body;
    assert!(one.contains("name=\"cases\"") && !one.contains("cases.2021-06-28"), "one day is the usual");
    assert!(one.contains("href=\"/figures?days=14#typed-h\">Ketik 14 hari</a>"), "{one}");
    let table = officer.get("/figures?days=14").await.body;
    assert!(table.contains("<option value=\"14\" selected>"), "{table}");
    for day in 15..=28 {
        assert!(table.contains(&format!("name=\"cases.2021-06-{day}\"")), "{day}");
    }
    assert!(!table.contains("cases.2021-06-14") && !table.contains("name=\"deaths_total.2021"), "{table}");
    assert!(table.contains("aria-label=\"Kasus baru, 28 Juni 2021\""), "{table}");
    let other = officer.get("/figures?days=2&to=2021-06-20&m-active=1&m-tests=1").await.body;
    for shown in ["active.2021-06-19", "tests.2021-06-20", "name=\"m-tests\" value=\"1\" checked"] {
        assert!(other.contains(shown), "{shown}: {other}");
    }
    assert!(!other.contains("cases.2021-06-20"), "{other}");

    let typed = cells(|day| if day == 20 { String::new() } else { format!("1.{day}0") });
    let looked = officer.post("/figures/typed", &fortnight(&typed, &[])).await;
    assert_eq!(looked.status, 200, "{}", looked.body);
    for shown in ["Simpan 13 angka", "15 Juni 2021 – 28 Juni 2021", "diketik untuk 15–28 Jun", "1.280"] {
        assert!(looked.body.contains(shown), "{shown}: {}", looked.body);
    }
    let page = officer.commit(&looked.body).await;
    assert!(page.contains("Tersimpan."), "{page}");
    let known = house.journey.store.observations(&siaga::store::Filter::default()).await.unwrap();
    assert_eq!(known.len(), 13, "an empty cell is not told");
    assert!(known.iter().all(|o| o.source == "tidy" && o.note == "Dinkes"), "{known:?}");
    // What is known stands grey in the table; left empty it stays.
    let table = officer.get("/figures?days=14").await.body;
    assert!(table.contains("placeholder=\"1.150\"") && table.contains("placeholder=\"\""), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_the_table_leads_to_its_cell_and_nothing_typed_is_lost() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let typed = cells(|day| match day {
        16 => "1,833".to_owned(),
        17 => "banyak".to_owned(),
        day => day.to_string(),
    });
    let refused = officer.post("/figures/typed", &fortnight(&typed, &[])).await;
    assert_eq!(refused.status, 422);
    for shown in [
        "href=\"#cases.2021-06-16\">Kasus baru, 16 Juni 2021: Angka ini dapat dibaca dua cara",
        "href=\"#cases.2021-06-17\">Kasus baru, 17 Juni 2021: Ini bukan jumlah",
        "value=\"1,833\"",
        "value=\"banyak\"",
        "value=\"28\"",
        "value=\"Dinkes\"",
    ] {
        assert!(refused.body.contains(shown), "{shown}: {}", refused.body);
    }
    assert_eq!(refused.body.matches("aria-invalid").count(), 2, "{}", refused.body);
    let none = officer.post("/figures/typed", &fortnight(&[], &[])).await;
    assert!(none.status == 422 && none.body.contains("Isi sedikitnya satu"), "{}", none.body);
    let nobody: Vec<(&str, &str)> = vec![("days", "14"), ("publisher", ""), ("cases.2021-06-28", "4")];
    let refused = officer.post("/figures/typed", &nobody).await;
    assert!(refused.status == 422 && refused.body.contains("publisher-fault"), "{}", refused.body);
    assert!(refused.body.contains("name=\"cases.2021-06-28\"") && refused.body.contains("value=\"4\""));
    // What no form of ours sends.
    for (name, value) in
        [("days", "15"), ("days", "0"), ("days", "x"), ("to", "2021-06-29"), ("series", "nobody")]
    {
        let mut fields = fortnight(&typed, &[]);
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        assert_eq!(officer.post("/figures/typed", &fields).await.status, 400, "{name}={value}");
    }
    for days in ["0", "15", "x"] {
        assert_eq!(officer.get(&format!("/figures?days={days}")).await.status, 400, "{days}");
    }
    let later = officer.get("/figures?days=7&to=2021-06-29").await;
    assert!(later.status == 200 && later.body.contains("to-fault"), "{}", later.body);
    assert!(house.journey.store.runs(9).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_figures_go_on_with_the_series_that_is_chosen() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let dinkes = "date,location,measure,value,source\n2021-06-26,3271,cases,300,dinkes-kota-bogor\n\
        2021-06-26,3271,cases,290,pikobar-jabar\n";
    let (_, page) = officer.drop_file(("dinkes.csv", dinkes), &[("spec", "dinkes-kota-bogor")]).await;
    officer.commit(&page).await;
    let form = officer.get("/figures").await.body;
    for shown in [
        "<option value=\"\" selected>Seri yang berlaku untuk tiap ukuran</option>",
        "<option value=\"pikobar-jabar\">",
        "<option value=\"entry\">Seri sendiri; berlaku hanya bila tidak ada seri lain</option>",
    ] {
        assert!(form.contains(shown), "{shown}: {form}");
    }
    for (series, told, expected, second) in [
        ("", "melanjutkan Dinas Kesehatan Kota Bogor: kasus", "dinkes-kota-bogor", 10),
        ("pikobar-jabar", "melanjutkan ", "pikobar-jabar", 20),
        ("entry", "Kasus baru", "entry", 30),
    ] {
        house.clock.advance_to(moment(&format!("2021-06-29T00:00:{second}+07:00")));
        let fields = typed(&[("cases", "447"), ("series", series)]);
        let looked = officer.post("/figures/typed", &fields).await;
        assert!(looked.body.contains(told), "{series}: {}", looked.body);
        officer.commit(&looked.body).await;
        let known = house.journey.store.observations(&siaga::store::Filter::default()).await.unwrap();
        let of_day =
            |source: &str| known.iter().any(|o| o.source == source && o.date.to_string() == "2021-06-28");
        assert!(of_day(expected), "{series}: {known:?}");
    }
    // A series of one's own does not count while there is another.
    let level = house.journey.authority();
    let city = &house.journey.city.location;
    let day = "2021-06-28".parse().unwrap();
    assert!(level.rank_on("entry", city, day) < level.rank_on("tidy", city, day));
    let refused =
        officer.post("/figures/typed", &typed(&[("cases", "1"), ("series", "jhu-countries")])).await;
    assert_eq!(refused.status, 400, "a source that reports nothing of the city");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_shows_each_refusal_with_its_row_and_the_rest_is_taken_in() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let body = tidy(&["12", "-3", "x", "14", "15.5", "<script>"]);
    let (status, page) = officer.drop_file(("<b>juni</b>.csv", &body), &[("spec", "tidy")]).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("Simpan 2 angka") && !page.contains("<b>juni") && !page.contains("<script>x"),
        "{page}"
    );
    for (row, reason) in
        [("3", "di bawah nol"), ("4", "tidak dapat dibaca"), ("6", "bilangan bulat"), ("7", "tidak dapat")]
    {
        assert!(
            page.contains(&format!("class=\"num\">{row}</th>")) && page.contains(reason),
            "{row}: {page}"
        );
    }
    let taken = officer.commit(&page).await;
    assert!(taken.contains("Baris yang ditolak"), "{taken}");
    let list = officer.get("/runs?source=tidy&outcome=changed").await.body;
    assert!(list.contains("CSV rapi: dibawa orang") && list.contains("/runs/tidy"), "{list}");
    assert!(officer.get("/runs?outcome=failed").await.body.contains("Tidak ada tarikan yang cocok"));
    assert_eq!(officer.get("/runs?outcome=lost").await.status, 400);
    // An old file: known since a day, not since now.
    let (status, page) =
        officer.drop_file(("lama.csv", &tidy(&["10"])), &[("spec", "tidy"), ("as_of", "2021-06-02")]).await;
    assert_eq!((status, hidden(&page, "as_of").get(..4)), (200, Some("2021")), "{page}");
    // What cannot be read at all, and what is no file.
    let (status, page) = officer.drop_file(("halaman.csv", "<!doctype html><p>x"), &[("spec", "tidy")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("<p>Isinya halaman web, bukan tabel CSV.</p>"), "{page}");
    assert!(page.contains("tidak dapat dibaca") && !page.contains("/figures/commit"), "{page}");
    assert_eq!(officer.drop_file(("kosong.csv", ""), &[("spec", "tidy")]).await.0, 422);
    assert_eq!(officer.drop_file(("x.csv", "x"), &[("spec", "nowhere")]).await.0, 400);
    let far = [("spec", "tidy"), ("as_of", "2031-01-01")];
    assert_eq!(officer.drop_file(("x.csv", &tidy(&["1"])), &far).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_takes_figures_in_and_no_more_than_a_payload() {
    let mut plan = Plan::default();
    plan.settings.limits.file_bytes = 90 * 1024;
    let house = House::built(plan).await;
    let officer = Officer::of(&house).await;
    let above_a_form = tidy(&["1"]) + &"2021-06-01,3271,cases,1\n".repeat(3000);
    assert_eq!(officer.drop_file(("sedang.csv", &above_a_form), &[("spec", "tidy")]).await.0, 200);
    let foreign = [
        ("cookie", officer.cookie.as_str()),
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ];
    let refused =
        house.send("POST", "/figures/commit", &foreign, Some("source=tidy&sha256=x".to_owned())).await;
    assert_eq!(refused.status, 403);
    for fields in [
        [("source", "tidy"), ("sha256", "x")],
        [("source", "nowhere"), ("sha256", "x")],
        [("source", "tidy"), ("sha256", "0000000000000000000000000000000000000000000000000000000000000000")],
    ] {
        assert_eq!(officer.post("/figures/commit", &fields).await.status, 400, "{fields:?}");
    }
    let analyst = house.signed_in("siti", Role::Analyst).await.cookie;
    let tried = house.post("/figures/typed", &[("cookie", &analyst)], &typed(&[("cases", "1")])).await;
    assert_eq!(tried.status, 403);
    assert_eq!(house.post("/figures/typed", &[], &typed(&[("cases", "1")])).await.status, 401);
    // Last: the server closes the line on whoever sends too much.
    let large = tidy(&["1"]) + &"#".repeat(100 * 1024);
    assert_eq!(officer.drop_file(("besar.csv", &large), &[("spec", "tidy")]).await.0, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_batch_waits_for_a_word_with_a_reason() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let totals = |values: &[u32]| {
        let rows = values.iter().enumerate();
        let rows = rows.map(|(nth, value)| format!("2021-06-{:02},3271,cases_total,{value}\n", nth + 1));
        format!("date,location,measure,value\n{}", rows.collect::<String>())
    };
    let first: Vec<u32> = (1..=20).map(|day| 10_000 + day * 100).collect();
    let (_, page) = officer.drop_file(("satu.csv", &totals(&first)), &[("spec", "tidy")]).await;
    officer.commit(&page).await;
    house.clock.advance_to(moment("2021-06-29T00:30:00+07:00"));
    let fallen: Vec<u32> = first.iter().map(|value| value / 2).collect();
    let (status, page) = officer.drop_file(("dua.csv", &totals(&fallen)), &[("spec", "tidy")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Kiriman ini akan ditahan") && page.contains("Perubahan terbesar"), "{page}");
    let held = officer.commit(&page).await;
    assert!(held.contains("Ditahan: perlu keputusan"), "{held}");
    let runs = house.journey.store.runs(9).await.unwrap();
    let run = runs.iter().find(|run| run.outcome == Outcome::Held).expect("it is held");
    let path = format!("/runs/{}", run.id);
    let short = officer.post(&format!("{path}/release"), &[("reason", "ya")]).await;
    assert_eq!(short.status, 422);
    assert!(short.body.contains("reason-fault") && short.body.contains(">ya</textarea>"), "{}", short.body);
    let mayor = house.signed_in("sekda", Role::Mayor).await.cookie;
    let tried =
        house.post(&format!("{path}/release"), &[("cookie", &mayor)], &[("reason", "karena saya")]).await;
    assert_eq!(tried.status, 403);
    let seen = house.get(&path, &[("cookie", &mayor), ("accept-language", "id")]).await.body;
    assert!(seen.contains("Epidemiolog atau Petugas data") && !seen.contains("<textarea"), "{seen}");
    assert!(seen.contains("Pemilik sistem dapat menambahkan") && !seen.contains("/accounts"), "{seen}");
    let released =
        officer.post(&format!("{path}/release"), &[("reason", "Dinkes menghapus data ganda")]).await;
    assert_eq!(released.header("location"), format!("{}?done=released", path.replace('@', "%40")));
    let page = officer.get(&path).await.body;
    assert!(page.contains("Dilepas oleh petugas") && page.contains("Dinkes menghapus data ganda"), "{page}");
    let twice = officer.post(&format!("{path}/refuse"), &[("reason", "sesudah itu ditolak")]).await;
    assert_eq!(twice.status, 303);
    assert!(officer.get(&path).await.body.contains("Dilepas oleh petugas"), "a word once given stays");
    assert_eq!(officer.post("/runs/nowhere/refuse", &[("reason", "tidak ada")]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_may_not_release_is_led_to_adding_somebody_who_may() {
    let house = House::new().await;
    let owner = house.signed_in("pemilik", Role::Owner).await.cookie;
    let owner = Officer { house: &house, cookie: owner };
    let rows = |times: u32| {
        let days = (1..=20).map(|day| format!("2021-06-{day:02},3271,cases,{}\n", day * times));
        format!("date,location,measure,value\n{}", days.collect::<String>())
    };
    let (_, page) = owner.drop_file(("satu.csv", &rows(1)), &[("spec", "tidy")]).await;
    owner.commit(&page).await;
    house.clock.advance_to(moment("2021-06-29T00:30:00+07:00"));
    let (_, page) = owner.drop_file(("dua.csv", &rows(3)), &[("spec", "tidy")]).await;
    for page in [page.clone(), owner.commit(&page).await] {
        for shown in [
            "Yang dapat melepas atau menolaknya: Epidemiolog atau Petugas data.",
            "Belum ada orang dengan peran itu.",
            "href=\"/accounts?role=epidemiologist#add\"",
            "href=\"/accounts?role=data_officer#add\">Tambah Petugas data</a>",
        ] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("<textarea"), "{page}");
    }
    let adding = owner.get("/accounts?role=data_officer").await.body;
    assert!(adding.contains("<details id=\"add\" open>"), "{adding}");
    assert!(adding.contains("<option value=\"data_officer\" selected>Petugas data</option>"), "{adding}");
    let unknown = owner.get("/accounts?role=king").await;
    assert!(unknown.status == 200 && !unknown.body.contains("<details id=\"add\" open>"), "{}", unknown.body);
    // With somebody who may, the page names them; they themselves are asked for their word.
    let officer = Officer::of(&house).await;
    let held = house.journey.store.open_holds().await.unwrap().remove(0).run_id;
    let seen = owner.get(&format!("/runs/{held}")).await.body;
    assert!(seen.contains("Sudah ada: petugas."), "{seen}");
    let seen = officer.get(&format!("/runs/{held}")).await.body;
    assert!(seen.contains("<textarea") && !seen.contains("Yang dapat melepas"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_cell_of_a_known_day_is_shown_as_what_it_takes_away() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let (_, page) = officer.drop_file(("satu.csv", &tidy(&["12", "14", "9"])), &[("spec", "tidy")]).await;
    assert!(!page.contains("taken-h"), "nothing was known: {page}");
    officer.commit(&page).await;
    house.clock.advance_to(moment("2021-06-29T00:30:00+07:00"));
    let (status, page) =
        officer.drop_file(("dua.csv", &tidy(&["", "14", "", "7"])), &[("spec", "tidy")]).await;
    assert_eq!(status, 200, "{page}");
    for shown in [
        "2 angka yang sudah diketahui akan hilang",
        "Sel kosong berarti “tidak ada data”",
        "<td>12 → tidak ada data</td>",
        "<td>9 → tidak ada data</td>",
        "Simpan 3 angka; 2 di antaranya menjadi kosong",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    officer.commit(&page).await;
    let filter = AuditFilter { action: Some(Action::FiguresTaken), limit: 9, ..AuditFilter::default() };
    let noted = house.journey.store.audit(&filter).await.unwrap().rows;
    assert!(noted[0].entry.detail.contains("2 taken away"), "{noted:?}");
    let known = house.journey.store.observations(&siaga::store::Filter::default()).await.unwrap();
    let told: Vec<_> = known.iter().map(|o| (o.date.to_string(), o.value)).collect();
    assert_eq!(told.len(), 6, "what was known stays in the history: {told:?}");
    // What is typed takes nothing away: an empty cell is not told.
    house.clock.advance_to(moment("2021-06-29T00:30:30+07:00"));
    let fields = [("date", "2021-06-02"), ("publisher", "Dinkes"), ("cases", ""), ("active", "31")];
    let looked = officer.post("/figures/typed", &fields).await;
    assert!(looked.body.contains("Simpan 1 angka<") && !looked.body.contains("taken-h"), "{}", looked.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_source_has_its_card_and_an_address_is_shown_without_its_key() {
    let house = House::new().await;
    let officer = Officer::of(&house).await;
    let page = officer.get("/sources").await.body;
    for shown in ["Dinas Kesehatan Kota Bogor", "Isian petugas", "bentuk lain yang dapat dibaca"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}
