//! The pages as a browser gets them, on the store of the demonstration at the end of 28 June 2021.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName};
use siaga::clock::SteppedClock;
use siaga::job::{Journey, assess};
use siaga::store::Store;
use siaga::web::{self, AppState};

use crate::support::{checkout, journey_on, moment, stdout};

struct Served {
    address: String,
    journey: Arc<Journey>,
    clock: Arc<SteppedClock>,
    _folder: tempfile::TempDir,
}

/// Steps the demonstration to a day and serves its pages with the clock at that day's end.
async fn served(until: &str) -> Served {
    let folder = tempfile::tempdir().unwrap();
    stdout(folder.path(), &["-q", "demo", "--until", until, "--no-wait"]);
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
    serve_store(Store::connect(&url).await.unwrap(), until, folder).await
}

async fn serve_store(store: Store, now: &str, folder: tempfile::TempDir) -> Served {
    let (journey, clock) = journey_on(store, now);
    let journey = Arc::new(journey);
    journey.announce().await.unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let state = AppState::new(Arc::clone(&journey)).unwrap();
    tokio::spawn(web::serve(listener, state, std::future::pending()));
    Served { address, journey, clock, _folder: folder }
}

impl Served {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut request = client.get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(HeaderName::try_from(*name).unwrap(), *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
    }

    async fn text(&self, path: &str) -> String {
        let (status, _, body) = self.get(path, &[]).await;
        assert_eq!(status, 200, "{path}");
        String::from_utf8(body).unwrap()
    }
}

/// The text of a page without its tags, blanks folded.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mayors_page_of_28_june_says_how_bad_which_way_and_what_is_advised() {
    let served = served("2021-06-28").await;
    let indonesian = words(&served.text("/").await);
    for said in [
        "Demonstrasi",
        "WFH 100%",
        "disarankan mulai Selasa, 29 Juni 2021",
        "Parsial 25",
        "2.083 kasus dalam 7 hari, naik 81% dari pekan sebelumnya",
        "199,7 per 100.000 penduduk melewati ambang 150",
        "Penentu: R2",
        "42 orang",
        "0,66%",
    ] {
        assert!(indonesian.contains(said), "{said}");
    }
    let english = words(&served.text("/?lang=en").await);
    for said in [
        "recommended from Tuesday, 29 June 2021",
        "2,083 cases in 7 days, up 81% on the week before",
        "199.7 per 100,000",
    ] {
        assert!(english.contains(said), "{said}");
    }
    let officials = words(&served.text("/officials?lang=en").await);
    assert!(
        officials.contains("Kota Bogor health office: cases")
            && !officials.contains("Dinas Kesehatan Kota Bogor:")
    );
    let by_browser = served.get("/", &[("accept-language", "en-GB,en;q=0.9")]).await.2;
    assert!(words(&String::from_utf8(by_browser).unwrap()).contains("2,083 cases"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_is_shown_as_it_was_known_and_as_it_is_known_now() {
    let served = served("2021-06-30").await;
    let page = words(&served.text("/?date=2021-06-27").await);
    assert!(page.contains("Tidak dapat dinilai"), "as known on the day");
    assert!(page.contains("WFH 100%"), "and on today's figures");
    let then = words(&served.text("/?as_of=2021-06-27").await);
    assert!(then.contains("Tidak dapat dinilai") && !then.contains("19.568"));
    let analyst = words(&served.text("/analyst").await);
    assert!(analyst.contains("3.023") && analyst.contains("3.003"), "the correction is among the revisions");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded_and_nothing_is_inline() {
    let served = served("2021-06-28").await;
    for path in
        ["/", "/officials", "/analyst", "/mailbox", "/dictionary", "/?date=2021-06-24&lang=en", "/nothing"]
    {
        let (_, headers, body) = served.get(path, &[]).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let html = String::from_utf8(body).unwrap();
        assert!(!html.contains(" style=") && !html.contains("<style"), "{path} has inline style");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/assets/"), "{path} has inline script");
        }
        let foreign =
            html.split("href=\"").chain(html.split("src=\"")).skip(1).filter(|rest| rest.starts_with("http"));
        assert_eq!(foreign.count(), 0, "{path} points to another host");
        assert!(html.contains("lang=\"id\"") || html.contains("lang=\"en\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_address_gets_one_clear_sentence() {
    let served = served("2021-05-20").await;
    for (path, status, says) in [
        ("/?date=28-06-2021", 400, "date"),
        ("/?as_of=yesterday", 400, "as_of"),
        ("/nothing", 404, ""),
        ("/charts/pie.svg", 404, ""),
        ("/charts/epicurve.gif", 404, ""),
        ("/exports/everything.csv", 404, ""),
        ("/exports/observations.exe", 404, ""),
        ("/assets/../Cargo.toml", 404, ""),
        ("/assets/%2e%2e/%2e%2e/Cargo.toml", 404, ""),
    ] {
        let (got, _, body) = served.get(path, &[]).await;
        let page = words(&String::from_utf8(body).unwrap());
        assert_eq!(got, status, "{path}: {page}");
        assert!(page.contains(says), "{path}: {page}");
        assert!(!page.contains("[package]"), "{path}");
    }
    let hostile = served.text("/analyst?from=2021-05-01&to=2021-05-20").await;
    assert!(hostile.contains("2021-05-01"));
    let (status, _, body) = served.get("/?date=%3Cscript%3Ealert(1)%3C/script%3E", &[]).await;
    assert_eq!(status, 400);
    assert!(!String::from_utf8(body).unwrap().contains("<script>alert"), "escaped");
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_and_charts_have_stable_addresses() {
    let served = served("2021-06-28").await;
    let csv = served.text("/exports/observations.csv").await;
    assert!(
        csv.starts_with("date,location,measure,value,as_of,source,unit_id,note,date_from,status,address")
    );
    assert!(csv.contains("2021-06-27,3271,active,3003,"));
    let then = served.text("/exports/observations.csv?as_of=2021-06-28T12:00:00%2B07:00").await;
    assert!(then.contains("2021-06-27,3271,active,3023,") && !then.contains("active,3003"));
    let json: serde_json::Value =
        serde_json::from_str(&served.text("/exports/assessments.json").await).unwrap();
    let last = json.as_array().unwrap().last().unwrap();
    assert_eq!((last["date"].as_str(), last["step"].as_u64()), (Some("2021-06-28"), Some(4)));
    assert!(served.text("/exports/indicators.dictionary.csv").await.contains("growth_ratio,"));
    let (_, headers, _) = served.get("/exports/observations.csv", &[]).await;
    let etag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(served.get("/exports/observations.csv", &[("if-none-match", &etag)]).await.0, 304);
    for name in web::figures::NAMES {
        let svg = served.text(&format!("/charts/{name}.svg")).await;
        assert!(svg.starts_with("<svg") && svg.contains("<title"), "{name}");
    }
    for name in ["epicurve", "forecast", "card"] {
        let (status, headers, png) = served.get(&format!("/charts/{name}.png"), &[]).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/png"), "{name}");
        assert!(png.starts_with(b"\x89PNG"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_stands_alone_for_other_sites_and_a_link_shows_the_card() {
    let served = served("2021-06-28").await;
    let (status, headers, body) = served.get("/embed/incidence?lang=en", &[]).await;
    let page = String::from_utf8(body).unwrap();
    assert_eq!(status, 200);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "no site was named: {policy}");
    assert!(page.contains("Cases per 100,000 in 7 days rose to 199.7") && page.contains("<svg"));
    assert!(page.contains("data-sortable") && page.contains("Open siaga Kota Bogor"), "table and way home");
    assert!(!page.contains("<nav") && !page.contains("<form"));
    let withheld = served.text("/embed/unit_clusters?lang=en").await;
    assert!(withheld.contains("Withheld: too small a count"), "as anybody may see it, whoever asks");
    assert_eq!(served.get("/embed/card", &[]).await.0, 404);
    let home = served.text("/?lang=en").await;
    assert!(
        home.contains("property=\"og:image\" content=\"http") && home.contains("/charts/card.png?lang=en")
    );
    assert!(home.contains("property=\"og:description\" content=\"2,083 cases in 7 days"));
    assert!(!served.text("/analyst").await.contains("og:image"), "a page that takes signing in has none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_as_the_address_asks_and_a_wrong_wish_is_refused() {
    let served = served("2021-06-28").await;
    let phone = served.text("/charts/rt.svg?size=phone").await;
    assert!(phone.contains("viewBox=\"0 0 360 400\""));
    let rate = served.text("/charts/epicurve.svg?per=100k&days=28&lang=en").await;
    assert!(rate.contains("New cases a day per 100,000 residents"));
    assert_ne!(
        served.text("/charts/epicurve.svg?scale=log").await,
        served.text("/charts/epicurve.svg").await
    );
    for wish in ["scale=cube", "per=1000", "days=0", "days=x", "size=huge", "theme=pink"] {
        assert_eq!(served.get(&format!("/charts/epicurve.svg?{wish}"), &[]).await.0, 400, "{wish}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_hear_of_something_new() {
    use futures_util::StreamExt;
    let served = served("2021-06-27").await;
    let answer = reqwest::get(format!("{}/events", served.address)).await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    let mut lines = answer.bytes_stream();
    let mut next = async || String::from_utf8(lines.next().await.unwrap().unwrap().to_vec()).unwrap();
    let opened = next().await;
    assert!(opened.contains("event: update"), "{opened}");
    served.clock.advance_to(moment("2021-06-28T20:00:00+07:00"));
    assess(&served.journey, "2021-06-28".parse().unwrap()).await.unwrap();
    let told = next().await;
    assert!(told.contains("event: update") && told != opened, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_figures_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await.unwrap();
    let served = serve_store(store, "2021-06-28", folder).await;
    for path in ["/", "/officials", "/analyst"] {
        let page = served.text(path).await;
        assert!(page.contains("siaga ingest"), "{path}");
    }
    assert_eq!(served.get("/healthz", &[]).await.0, 200);
    assert_eq!(served.get("/readyz", &[]).await.0, 200);
}

/// Node drives Chromium; what it saw comes back as JSON, the pictures stay in the target folder.
fn looked_at(address: &str, pictures: &Path) -> serde_json::Value {
    std::fs::create_dir_all(pictures).unwrap();
    let output = Command::new("node")
        .arg(checkout("tests/browser/look.mjs"))
        .args([address, pictures.to_str().unwrap()])
        .output()
        .expect("node starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_chromium_the_pages_look_right_on_phone_desktop_dark_and_paper() {
    let served = served("2021-06-28").await;
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    let (address, folder) = (served.address.clone(), pictures.clone());
    let seen = tokio::task::spawn_blocking(move || looked_at(&address, &folder)).await.unwrap();
    assert_eq!(seen["console"], serde_json::json!([]), "no console error");
    assert_eq!(seen["foreign"], serde_json::json!([]), "no request to another host");
    assert_eq!(seen["overflow"], serde_json::json!([]), "no page is wider than its screen");
    assert_eq!(seen["print_pages"], 1, "one A4");
    assert_eq!(seen["level_in_first_screen"], true, "the level card is the phone's first screen");
    assert_eq!(seen["readout_by_keyboard"], true, "the chart can be read with the arrow keys");
    assert_eq!(seen["readout_is_the_sliders_text"], true, "and a screen reader hears the same");
    assert_eq!(seen["readout_by_pointer"], true, "pointing at a day reads that day");
    assert_eq!(seen["without_script"], true, "the page reads without script");
    for picture in ["mayor-phone", "mayor-desktop", "mayor-dark", "mayor-print"] {
        let png = std::fs::read(pictures.join(format!("{picture}.png"))).unwrap();
        assert!(png.len() > 10_000, "{picture}");
    }
    assert!(seen["first_paint_bytes"].as_u64().unwrap() < 100_000, "{}", seen["first_paint_bytes"]);
}
