//! A decision on the pages: three clicks from the recommendation to the signature, what the form says back, and what anybody reads
//! afterwards.

use siaga::account::Role;

use crate::support::house::{Answer, House, Plan};

/// What the form holds, as a browser would send it back.
pub fn filled(page: &str) -> Vec<(String, String)> {
    let form = page.split("action=\"/decisions/write\"").nth(1).unwrap().split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&#x27;", "'"))
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let is_choice = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
        if tag.starts_with("input ") && (!is_choice || tag.contains(" checked")) {
            fields.push((attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap_or_default()));
        }
    }
    for area in form.split("<textarea ").skip(1) {
        let text = area.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        fields.push((attribute(&format!(" {area}"), "name").unwrap(), text.to_owned()));
    }
    for select in form.split("<select ").skip(1) {
        let chosen = select.split("<option ").find(|option| option.contains(" selected")).unwrap();
        fields.push((
            attribute(&format!(" {select}"), "name").unwrap(),
            attribute(&format!(" {chosen}"), "value").unwrap(),
        ));
    }
    fields
}

struct Mayor<'a> {
    house: &'a House,
    cookie: String,
}

impl<'a> Mayor<'a> {
    async fn of(house: &'a House) -> Self {
        Self { house, cookie: house.signed_in("wali-kota", Role::Mayor).await.cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.get(path, &[("cookie", &self.cookie), ("accept-language", "id")]).await
    }

    async fn post(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.house.post(path, &[("cookie", &self.cookie), ("accept-language", "id")], &fields).await
    }
}

/// The same fields with some filled in otherwise.
pub fn with(fields: &[(String, String)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = fields.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

async fn house() -> House {
    House::built(Plan { has_figures: true, ..Plan::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn three_clicks_lead_from_the_recommendation_to_the_signature() {
    let house = house().await;
    let mayor = Mayor::of(&house).await;
    // One: the button on the level card.
    let front = mayor.get("/").await;
    assert!(front.body.contains("href=\"/decisions/new\""), "the way to record a decision");
    let form = mayor.get("/decisions/new").await;
    assert_eq!(form.status, 200);
    let fields = filled(&form.body);
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(value("step"), Some("4"), "as recommended");
    assert_eq!((value("start"), value("last_day")), (Some("2021-06-29"), Some("2021-07-05")));
    assert_eq!(value("decided_on"), Some("Senin, 28 Juni 2021"));
    assert_eq!(value("exemption_list"), Some("kota-bogor-2021-06-28"));
    assert_eq!(value("reason.case_trend"), Some("1"));
    assert!(value("legal_basis").unwrap().contains("Inmendagri 14/2021"));
    assert_eq!(
        (value("decided_by"), value("place")),
        (Some("Bima Arya"), Some("Balai Kota")),
        "as the last time"
    );
    // Two: keep and review. Without a name it comes back as it was sent.
    let without = with(&fields, &[("decided_by", "")]);
    let nameless = mayor.post("/decisions/write", &without).await;
    assert_eq!(nameless.status, 422);
    assert!(nameless.body.contains("Tulis nama orang yang memutuskan."), "{}", nameless.body);
    let (mut back, mut sent) = (filled(&nameless.body), without.clone());
    back.sort();
    sent.sort();
    assert_eq!(back, sent, "all that was filled in is still there");
    let named = with(&fields, &[("place", "Balai Kota <b>")]);
    let kept = mayor.post("/decisions/write", &named).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let draft = kept.header("location").to_owned();
    let review = mayor.get(&draft).await;
    for told in
        ["Selasa, 29 Juni 2021", "Senin, 5 Juli 2021", "masuk kembali Selasa, 6 Juli 2021", "Dinas Kesehatan"]
    {
        assert!(review.body.contains(told), "{told}: {}", review.body);
    }
    assert!(!review.body.contains("Kota <b>"), "what is typed is text");
    assert_eq!(house.get("/decisions", &[]).await.body.matches("/decisions/drafts/").count(), 0);
    assert_eq!(mayor.get("/decisions").await.body.matches("/decisions/drafts/").count(), 1);
    // Three: sign.
    let signed = mayor.post(&format!("{draft}/sign"), &[]).await;
    assert_eq!((signed.status, signed.header("location")), (303, "/decisions/3?done=signed"));
    assert_eq!(mayor.post(&format!("{draft}/sign"), &[]).await.status, 404, "no second time");
    assert_eq!(mayor.get(&draft).await.status, 404);

    // Anybody reads the record, in their language, without the account that signed and without staff figures.
    let record = house.get("/decisions/3", &[("accept-language", "en")]).await;
    assert_eq!(record.status, 200);
    for told in [
        "Decision 3",
        "Bima Arya, Mayor",
        "Tuesday, 29 June 2021",
        "2,083",
        "199.7",
        "follows the recommendation",
    ] {
        assert!(record.body.contains(told), "{told}: {}", record.body);
    }
    assert!(!record.body.contains("wali-kota"), "the account stays inside");
    // The level card says what was decided, for everybody.
    let front = house.get("/", &[("accept-language", "id")]).await.body;
    assert!(front.contains("Sudah diputuskan:") && front.contains("href=\"/decisions/3\""), "{front}");
    let list = house.get("/exports/decisions.csv", &[]).await.body;
    assert_eq!(list.lines().count(), 4, "{list}");
    assert!(list.contains("3,3271,decision,,upcoming,,Bima Arya,mayor,2021-06-28,"), "{list}");
    let api = house.get("/api/v1/decisions", &[]).await.body;
    assert!(api.contains("\"recommended_step\":4") || api.contains("\"recommended_step\": 4"), "{api}");
    for unknown in ["/decisions/4", "/decisions/0", "/decisions/x"] {
        assert_eq!(house.get(unknown, &[]).await.status, 404, "{unknown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_says_everything_that_is_wrong_at_once() {
    let house = house().await;
    let mayor = Mayor::of(&house).await;
    let fields = filled(&mayor.get("/decisions/new").await.body);
    let wrong = with(
        &fields,
        &[
            ("decided_by", "Bima Arya"),
            ("step", "3"),
            ("decided_on", "Senin 26 Juni 2021"),
            ("exemption_list", ""),
            ("exempt_cap", "lima"),
        ],
    );
    let wrong: Vec<_> = wrong.into_iter().filter(|(name, _)| !name.starts_with("reason.")).collect();
    let said = mayor.post("/decisions/write", &wrong).await;
    assert_eq!(said.status, 422);
    for sentence in [
        "tanggal itu jatuh pada Sabtu, 26 Juni 2021",
        "Keputusan tanpa alasan tidak dicatat",
        "Rekomendasi adalah tingkat 4",
        "Sebut unit yang dikecualikan",
        "bukan batas kehadiran",
    ] {
        assert!(said.body.contains(sentence), "{sentence}: {}", said.body);
    }
    let in_english = house
        .post(
            "/decisions/write?lang=en",
            &[("cookie", &mayor.cookie)],
            &wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(),
        )
        .await;
    assert!(in_english.body.contains("A decision without a reason is not recorded"), "{}", in_english.body);
    let list = mayor.get("/decisions").await.body;
    assert!(!list.contains("/decisions/3") && !list.contains("/decisions/drafts/"), "nothing was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_and_the_briefing_are_taken_from_the_record_by_those_inside() {
    let house = house().await;
    let mayor = Mayor::of(&house).await;
    let record = mayor.get("/decisions/2").await.body;
    for file in ["circular.docx", "circular.pdf", "message.txt"] {
        assert!(record.contains(&format!("/decisions/2/{file}")), "{file}");
        assert_eq!(
            house.get(&format!("/decisions/2/{file}"), &[]).await.status,
            303,
            "{file}: sign in first"
        );
        assert_eq!(mayor.get(&format!("/decisions/9/{file}")).await.status, 404);
    }
    let docx = mayor.get("/decisions/2/circular.docx").await;
    assert_eq!((docx.status, docx.header("content-type").contains("wordprocessingml")), (200, true));
    assert!(docx.body.starts_with("PK"));
    if cfg!(feature = "pdf") {
        assert!(mayor.get("/decisions/2/circular.pdf").await.body.starts_with("%PDF-"));
        let brief = mayor.get("/brief.pdf").await;
        assert!(
            brief.body.starts_with("%PDF-") && brief.header("siaga-id").contains("briefing.pdf"),
            "{:?}",
            brief.headers
        );
    }
    let message = mayor.get("/decisions/2/message.txt").await.body;
    assert!(message.chars().count() <= 1_001, "{message}");
    for told in ["Selasa, 29 Juni 2021", "Senin, 5 Juli 2021", "/decisions/2"] {
        assert!(message.contains(told), "{told}: {message}");
    }
    assert!(mayor.get("/").await.body.contains("href=\"/brief\""), "the way to the briefing");
    let screen = mayor.get("/brief").await.body;
    for told in ["href=\"/brief.pdf\"", "WFH 100%", "R2", "Dinas Kesehatan", "Selasa, 29 Juni 2021", "<svg"] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
    assert_eq!(house.get("/brief", &[]).await.status, 303, "for those inside");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_added_on_the_page_binds_the_next_decision() {
    let house = house().await;
    let mayor = Mayor::of(&house).await;
    let order: Vec<(String, String)> = [
        ("instrument", "Instruksi Gubernur 1/2021"),
        ("source", "jabarprov.go.id"),
        ("valid_from", "2021-06-29"),
        ("valid_to", ""),
        ("zones", ""),
        ("non_service_pct", "10"),
        ("essential_pct", ""),
        ("critical_pct", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let broken = mayor.post("/orders", &with(&order, &[("non_service_pct", "banyak")])).await;
    assert_eq!(broken.status, 422);
    assert!(broken.body.contains("Tulis persen 0 sampai 100."), "{}", broken.body);
    assert_eq!(mayor.post("/orders", &order).await.header("location"), "/orders?done=added");
    let page = mayor.get("/orders").await.body;
    assert!(page.contains("Instruksi Gubernur 1/2021") && page.contains("/orders/end"), "{page}");
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let early = [("id".to_owned(), id.clone()), ("last_day".to_owned(), "2021-06-01".to_owned())];
    assert_eq!(mayor.post("/orders/end", &early).await.status, 422);
    let ended = [("id".to_owned(), id), ("last_day".to_owned(), "2021-07-31".to_owned())];
    assert_eq!(mayor.post("/orders/end", &ended).await.header("location"), "/orders?done=ended");
    // Who may not decide sees the list and no form.
    let anybody = house.get("/orders", &[("accept-language", "id")]).await.body;
    assert!(anybody.contains("31 Juli 2021") && !anybody.contains("action=\"/orders\""), "{anybody}");
}
