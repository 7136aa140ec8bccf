//! Units, roster and attendance on pages: forms that refuse and explain, and each role sees what is its own.

use siaga::account::Role;

use crate::support::house::{Answer, House, Plan, UNIT};

/// Somebody who signed in.
struct Person<'a> {
    house: &'a House,
    cookie: String,
    lang: &'static str,
}

impl<'a> Person<'a> {
    async fn of(house: &'a House, name: &str, role: Role, lang: &'static str) -> Self {
        Self { house, cookie: house.signed_in(name, role).await.cookie, lang }
    }

    fn headers(&self) -> [(&str, &str); 2] {
        [("cookie", &self.cookie), ("accept-language", self.lang)]
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.get(path, &self.headers()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.house.post(path, &self.headers(), fields).await
    }

    /// Sends a file with a form.
    async fn send(&self, path: &str, body: &str, fields: &[(&str, &str)]) -> (u16, String) {
        const BETWEEN: &str = "----siaga-tests";
        let mut form = String::new();
        for (name, value) in fields {
            form +=
                &format!("--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        let about = "content-disposition: form-data; name=\"file\"; filename=\"list.csv\"";
        form +=
            &format!("--{BETWEEN}\r\n{about}\r\ncontent-type: text/csv\r\n\r\n{body}\r\n--{BETWEEN}--\r\n");
        let request = self.house.client.post(format!("{}{path}", self.house.address)).body(form);
        let request = request.header("content-type", format!("multipart/form-data; boundary={BETWEEN}"));
        let request = request.header("cookie", &self.cookie).header("origin", &self.house.address);
        let answer = request.header("accept-language", self.lang).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// A form that is done: it leads to a page that says so.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        let there = answer.header("location").to_owned();
        let page = self.get(&there).await;
        assert_eq!(page.status, 200, "{there}");
        page.body
    }
}

fn has(page: &str, words: &[&str]) {
    for word in words {
        assert!(page.contains(word), "{word}: {page}");
    }
}

const OFFICERS: &str = "officer_id,unit,name,title,position,phone\n\
    s-1,setda,Petugas Satu,Kasubbag,eselon_4,0811 111111\ns-2,setda,Petugas Dua,,staff,0811 222222\n\
    s-3,setda,Petugas Tiga,,staff,0811 333333\nd-1,dinkes,Petugas Dinkes,,staff,0811 444444\n\
    x-1,nowhere,Petugas,,staff,0811 555555\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_office_is_told_with_its_substitute_and_a_critical_one_stays_open() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let sekda = Person::of(&house, "sekda", Role::Mayor, "en").await;
    let all = sekda.get("/units").await.body;
    has(&all, &["/units/disdukcapil", "category at the city&#39;s step", "at most 25% at the office"]);
    let close =
        [("close_from", "2021-06-22"), ("close_reason", "positive staff"), ("substitute", "kecamatan")];
    let page = sekda.done("/units/disdukcapil/close", &close).await;
    has(&page, &["The unit is closed.", "0% at the office: closed", "service: kecamatan", "sekda"]);
    has(&sekda.get("/units").await.body, &["service: kecamatan"]);
    let critical = sekda.post("/units/dinkes/close", &close).await;
    assert_eq!(critical.status, 422);
    has(&critical.body, &["A critical unit is never closed: split its teams", "value=\"positive staff\""]);
    let twice = sekda.post("/units/disdukcapil/close", &close).await;
    has(&twice.body, &["closed already from 22 June 2021"]);
    let bare = sekda.post("/units/bappeda/close", &[("close_from", "22 Juni")]).await;
    assert_eq!(bare.status, 422);
    has(&bare.body, &["Give a day."]);
    let page = sekda.done("/units/disdukcapil/reopen", &[("reopen_from", "2021-06-28")]).await;
    has(&page, &["The unit opens again."]);
    assert!(!page.contains("at the office: closed"), "{page}");
    let page = sekda
        .done("/units/dinkes/count", &[("count_date", "2021-06-01"), ("pns", "240"), ("pppk", "12")])
        .await;
    has(&page, &["PNS 240, PPPK 12", "<dd>252</dd>"]);
    let none = sekda.post("/units/dinkes/count", &[("count_date", "2021-06-01")]).await;
    has(&none.body, &["Count somebody"]);
    assert_eq!(sekda.get("/units/nowhere").await.status, 404);
    assert_eq!(
        sekda.post("/units/dinkes/note", &[("kind", "recall")]).await.status,
        403,
        "notes are others'"
    );
    let (status, page) = sekda
        .send("/units/register", "kode_unit,nama_unit,kategori,PNS\nsatgas,Satgas,N,9\n,X,N,1\n", &[])
        .await;
    assert_eq!(status, 200);
    has(&page, &["2 rows: 1 new, 0 unchanged, 1 rows refused", "line 3", "Satgas"]);
    let (status, page) = sekda.send("/units/register", "tanggal\n2021-06-01\n", &[]).await;
    assert_eq!(status, 422);
    has(&page, &["That was not done", "the table has no such column"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_personnel_agency_lays_out_turns_and_people_swap_them() {
    let house = House::new().await;
    let bkpsdm = Person::of(&house, "bkpsdm", Role::Personnel, "id").await;
    let empty = bkpsdm.get("/roster").await.body;
    has(&empty, &["Belum ada yang piket", "belum dijadwalkan"]);
    let (status, page) = bkpsdm.send("/roster/officers", OFFICERS, &[("list", "officers")]).await;
    assert_eq!(status, 200);
    has(&page, &["5 baris: 4 baru, 0 tetap, 1 baris ditolak", "baris 6"]);
    let away = "officer_id,from,to\ns-3,2021-07-05,2021-07-09\n";
    assert_eq!(bkpsdm.send("/roster/officers", away, &[("list", "away")]).await.0, 200);
    let plan =
        [("plan_from", "2021-06-29"), ("plan_to", "2021-07-09"), ("plan_unit", "setda"), ("officers", "1")];
    has(&bkpsdm.done("/roster/plan", &plan).await, &["Hari-hari itu sudah dijadwalkan."]);
    let again = bkpsdm.post("/roster/plan", &plan).await;
    assert_eq!(again.status, 422);
    has(&again.body, &["sudah dijadwalkan sampai 9 Juli 2021", "value=\"2021-06-29\""]);
    let shown = bkpsdm.get("/roster?from=2021-06-29&to=2021-07-09&unit=setda").await.body;
    has(&shown, &["Petugas Satu", "0811 111111", "Selasa, 29 Juni 2021", "Petugas semua unit lengkap"]);
    let many = bkpsdm
        .post("/roster/plan", &[("plan_from", "2021-08-01"), ("plan_to", "2021-08-02"), ("officers", "9")])
        .await;
    has(&many.body, &["9 petugas per hari tidak dapat diminta"]);
    let swap = |comes: &'static str, reason: &'static str| {
        [("swap_unit", "setda"), ("swap_date", "2021-07-06"), ("comes", comes), ("swap_reason", reason)]
    };
    has(
        &bkpsdm.post("/roster/swap", &swap("s-3", "rapat provinsi")).await.body,
        &["Petugas s-3 tidak tersedia"],
    );
    has(
        &bkpsdm.post("/roster/swap", &swap("d-1", "rapat provinsi")).await.body,
        &["Petugas d-1 bukan petugas unit ini"],
    );
    has(&bkpsdm.post("/roster/swap", &swap("s-1", "")).await.body, &["Tulis alasannya", "<details open>"]);
    let csv = bkpsdm.get("/roster.csv?from=2021-07-01&to=2021-07-01&unit=setda").await;
    let row = csv.body.lines().nth(1).unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
    let (relieved, comes) = (row[2].as_str(), row[5].as_str());
    let fields =
        [("swap_unit", "setda"), ("swap_date", "2021-07-01"), ("relieved", relieved), ("comes", comes)];
    let swapped =
        bkpsdm.post("/roster/swap", &[&fields[..], &[("swap_reason", "rapat provinsi")]].concat()).await;
    match swapped.status {
        303 => {
            let page = bkpsdm.get("/roster?from=2021-07-01&to=2021-07-01").await.body;
            has(&page, &["Pertukaran", "menggantikan", "rapat provinsi", "bkpsdm"]);
        }
        // Who stands in may be one who was on duty on both neighbouring days.
        status => {
            assert_eq!(status, 422);
            has(&swapped.body, &["akan piket tiga hari kerja berturut-turut"]);
        }
    }
    let calendar = bkpsdm.get("/calendar.ics?from=2021-06-29&to=2021-07-09&unit=setda").await;
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(calendar.body.matches("BEGIN:VEVENT").count(), 9);
    for wrong in [
        "/roster?from=kemarin",
        "/roster?from=2021-01-01&to=2021-12-31",
        "/roster?from=2021-07-02&to=2021-07-01",
    ] {
        assert_eq!(bkpsdm.get(wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_a_unit_sees_and_keeps_the_own_one_only() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let bkpsdm = Person::of(&house, "bkpsdm", Role::Personnel, "en").await;
    bkpsdm.send("/roster/officers", OFFICERS, &[("list", "officers")]).await;
    for unit in ["setda", "dinkes"] {
        let plan =
            [("plan_from", "2021-06-29"), ("plan_to", "2021-07-02"), ("plan_unit", unit), ("officers", "1")];
        bkpsdm.done("/roster/plan", &plan).await;
    }
    let head = Person::of(&house, "kabag", Role::UnitHead, "en").await;
    let own = head.get("/units").await.body;
    has(&own, &["/units/setda\""]);
    assert!(!own.contains("/units/dinkes"), "no other unit");
    assert_eq!(head.get("/units/dinkes").await.status, 403);
    let note = [("kind", "field_permit"), ("subject", "Alun-alun"), ("text", "inspection"), ("number", "3")];
    has(
        &head.done(&format!("/units/{UNIT}/note"), &note).await,
        &["It is noted.", "Alun-alun", "Field permit"],
    );
    assert_eq!(head.post("/units/dinkes/note", &note).await.status, 403);
    let silent = head.post(&format!("/units/{UNIT}/note"), &[("kind", "referral"), ("text", "late")]).await;
    has(&silent.body, &["Say what it is about"]);
    assert_eq!(silent.status, 422);
    let roster = head.get("/roster?from=2021-06-29&to=2021-07-02").await.body;
    has(&roster, &["Petugas Satu"]);
    assert!(!roster.contains("Petugas Dinkes") && !roster.contains("0811 444444"));
    assert_eq!(head.get("/roster?unit=dinkes").await.status, 403);
    assert!(!head.get("/calendar.ics").await.body.contains("Petugas Dinkes"));
    let (status, page) = head
        .send(
            "/attendance/list",
            "date,unit,wfo,wfh\n2021-06-28,setda,20,18\n2021-06-28,dinkes,5,5\n",
            &[("list", "attendance")],
        )
        .await;
    assert_eq!(status, 200);
    has(&page, &["1 new", "1 rows refused", "no unit, or more than one"]);
    bkpsdm
        .send("/attendance/list", "date,unit,wfo,wfh\n2021-06-28,dinkes,5,5\n", &[("list", "attendance")])
        .await;
    let own = head.get("/attendance").await.body;
    assert!(own.contains("/units/setda") && !own.contains("/units/dinkes"), "{own}");
    let csv = head.get("/attendance.csv").await.body;
    assert!(csv.contains(",setda,") && !csv.contains(",dinkes,"), "{csv}");
    let (status, _) = head
        .send(
            "/roster/officers",
            "officer_id,unit,name,phone\nd-1,setda,Lain,0811 99999\n",
            &[("list", "officers")],
        )
        .await;
    assert_ne!(status, 200, "another unit's officer cannot be taken over");
    let all = bkpsdm.get("/attendance").await.body;
    has(&all, &["/units/setda", "/units/dinkes", "above the cap"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn test_results_and_attendance_stay_apart() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let bkpsdm = Person::of(&house, "bkpsdm", Role::Personnel, "en").await;
    let seen = bkpsdm.get("/units").await.body + &bkpsdm.get("/units/bapenda").await.body;
    assert!(
        !seen.contains("cluster") && !seen.contains("contacts at home"),
        "no cases are told by what binds a unit"
    );
    let head = Person::of(&house, "kabag", Role::UnitHead, "en").await;
    has(&head.get(&format!("/units/{UNIT}")).await.body, &["contacts at home until tested"]);
    for role in [Role::Epidemiologist, Role::Analyst, Role::DataOfficer, Role::Auditor, Role::Owner] {
        let other = Person::of(&house, role.as_str().replace('_', "-").as_str(), role, "en").await;
        for path in ["/units", "/roster", "/attendance", "/calendar.ics", "/attendance.csv"] {
            assert_eq!(other.get(path).await.status, 403, "{role}: {path}");
        }
    }
    let log = siaga::store::AuditFilter {
        action: Some(siaga::audit::Action::FiguresViewed),
        ..siaga::store::AuditFilter::default()
    };
    let rows = house.journey.store.audit(&log).await.unwrap().rows;
    assert!(rows.iter().any(|row| row.entry.actor == "kabag"), "a look at the own unit's cases is recorded");
}
