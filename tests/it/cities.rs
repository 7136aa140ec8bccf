//! Several cities in one installation: one process, each city by its host with figures, rules, pages and people of its own;
//! what refuses the start; what happens to one and not to the others.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use futures_util::FutureExt;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use siaga::access::{Access, AccessSettings};
use siaga::account::{NewAccount, NewToken, Permission, Role};
use siaga::clock::SystemClock;
use siaga::store::{Claim, Store};

use crate::audit::{does, intruder};
use crate::support::house::{PASSWORD, encoded, operator};
use crate::support::replica::{LONGEST, Replica, until};
use crate::support::{fresh_postgres, moment, siaga};

/// Never, as far as a test goes: 29 February.
const NEVER: &str = "0 0 0 29 2 *";

const BOGOR: &str = "kota-bogor.siaga.example";
const DEPOK: &str = "siaga.depok.example";
const BONTANG: &str = "kota-bontang.siaga.example";

/// An installation's own settings.
fn own(database: &str) -> String {
    format!(
        "[installation]\ntitle = \"Tiga Kota\"\n[database]\n{database}\npoll_ms = 200\n[server]\nlisten = \"127.0.0.1:0\"\n\
         public_url = \"http://{{city}}.siaga.example\"\n[city]\npolicy = \"kota-bogor\"\n[schedule]\ningest = \"{NEVER}\"\n\
         assess = \"{NEVER}\"\nwatch = \"{NEVER}\"\nheartbeat = \"{NEVER}\"\nreport_card = \"{NEVER}\"\nretain = \"{NEVER}\"\n"
    )
}

const CITIES: [(&str, &str); 3] = [
    ("kota-bogor", "[city]\nlocation = \"3271\"\n"),
    (
        "kota-depok",
        "[city]\nlocation = \"3276\"\npolicy = \"kmk-4805-2021\"\n[dashboards]\nfolder = \"own\"\n\
         [server]\npublic_url = \"http://siaga.depok.example\"\n",
    ),
    ("kota-bontang", "[city]\nlocation = \"6474\"\npolicy = \"kota-bontang-2020\"\nlanguage = \"en\"\n"),
];

/// Writes the settings of these cities, and of the installation.
fn written(folder: &Path, own: &str, cities: &[(&str, &str)]) {
    std::fs::create_dir_all(folder.join("cities")).unwrap();
    std::fs::write(folder.join("siaga.toml"), own).unwrap();
    for (name, text) in cities {
        std::fs::write(folder.join("cities").join(format!("{name}.toml")), text).unwrap();
    }
    std::fs::create_dir_all(folder.join("own")).unwrap();
    let page = "audience = \"public\"\ntitle = { id = \"Rapat Depok\", en = \"Meeting\" }\npanels = [{ kind = \"level\" }]\n";
    std::fs::write(folder.join("own/rapat.toml"), page).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> Output {
    siaga(folder).args(args).output().unwrap()
}

/// What it printed, after it ended well.
fn printed(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it said when it was refused as wrong usage.
fn refused(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    said
}

/// Takes in July 2021 of a city, so many cases a day.
fn takes_in(folder: &Path, city: &str, (code, cases): (&str, u32)) {
    let mut text = "date,location,measure,value\n".to_owned();
    for day in 1..=31 {
        writeln!(text, "2021-07-{day:02},{code},cases,{cases}").unwrap();
    }
    std::fs::write(folder.join("figures.csv"), text).unwrap();
    printed(folder, &["-q", "--city", city, "ingest", "--file", "figures.csv"]);
}

/// A browser that finds these hosts where the process is.
fn browser(replica: &Replica, is_http2: bool) -> (Client, u16) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address: SocketAddr = replica.address.trim_start_matches("http://").parse().unwrap();
    let hosts = [BOGOR, DEPOK, BONTANG, "siaga.example", "kota-baru.siaga.example"];
    let client =
        hosts.iter().fold(Client::builder().redirect(Policy::none()), |it, host| it.resolve(host, address));
    let client = if is_http2 { client.http2_prior_knowledge() } else { client };
    (client.build().unwrap(), address.port())
}

/// The process and two ways to ask it.
struct Installation {
    replica: Replica,
    client: Client,
    http2: Client,
    port: u16,
}

impl Installation {
    fn started(folder: &Path, own: &str) -> Self {
        // The address of the stores stands in the settings.
        let replica = Replica::start(folder, "", own);
        let (client, port) = browser(&replica, false);
        let http2 = browser(&replica, true).0;
        Self { replica, client, http2, port }
    }

    async fn asks(&self, host: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.get(format!("http://{host}:{}{path}", self.port));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    async fn get(&self, host: &str, path: &str) -> (u16, String) {
        let answer = self.asks(host, path, &[("accept-language", "id")]).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn post(&self, host: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let request = self.client.post(format!("http://{host}:{}{path}", self.port));
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(encoded(fields));
        let answer = request.send().await.unwrap();
        let there = answer.headers().get("location").map_or("", |it| it.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), there + &answer.text().await.unwrap())
    }
}

/// Three cities, each looked at from outside and by commands. `store` is the address of a city's store.
async fn each_has_its_own(database: &str, store: impl Fn(&str, &Path) -> String) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let own = own(database);
    written(folder, &own, &CITIES);
    takes_in(folder, "kota-bogor", ("3271", 190));
    takes_in(folder, "kota-depok", ("3276", 8));
    let there = Installation::started(folder, &own);
    // Each host shows its own city, over HTTP/1.1 and HTTP/2 alike.
    for (host, name, others) in [
        (BOGOR, "Kota Bogor", ["Kota Depok", "Kota Bontang"]),
        (DEPOK, "Kota Depok", ["Kota Bogor", "Kota Bontang"]),
        (BONTANG, "Kota Bontang", ["Kota Bogor", "Kota Depok"]),
    ] {
        let (status, page) = there.get(host, "/").await;
        assert_eq!(status, 200, "{host}: {page}");
        assert!(page.contains(&format!("siaga {name}</title>")), "{host}: {page}");
        assert!(others.iter().all(|other| !page.contains(other)), "{host}: {page}");
        let again = there.http2.get(format!("http://{host}:{}/", there.port)).send().await.unwrap();
        assert_eq!(again.version(), reqwest::Version::HTTP_2);
        assert!(again.text().await.unwrap().contains(&format!("siaga {name}</title>")), "{host}");
    }
    // Another way of writing the same host is the same.
    let whole = there.asks("siaga.example", "/", &[("host", "Kota-BOGOR.siaga.example.:8443")]).await;
    assert!(whole.text().await.unwrap().contains("siaga Kota Bogor</title>"));
    // Figures, rules, language, time zone.
    let (_, bogors) = there.get(BOGOR, "/exports/observations.csv").await;
    let (_, depoks) = there.get(DEPOK, "/exports/observations.csv").await;
    assert!(bogors.contains(",3271,") && !bogors.contains(",3276,"), "{bogors}");
    assert!(depoks.contains(",3276,") && !depoks.contains(",3271,"), "{depoks}");
    let rules = async |host| there.get(host, "/exports/assessments.csv").await.1;
    assert!(!rules(BOGOR).await.contains("kmk-4805-2021") && !rules(DEPOK).await.contains("kota-bogor@"));
    let unasked = there.asks(BONTANG, "/", &[]).await.text().await.unwrap();
    assert!(unasked.contains("<html lang=\"en\""), "the city's own language: {unasked}");
    // A page of one city's own.
    assert_eq!(there.get(DEPOK, "/dashboard/rapat").await.0, 200);
    assert_eq!(there.get(BOGOR, "/dashboard/rapat").await.0, 404);
    people_of_one_are_nobody_in_another(&there, &store("kota-bogor", folder)).await;
    the_list_is_shown_to_whoever_asks_for_none(&there).await;
    one_whose_store_fails_leaves_the_others(&there, &store("kota-depok", folder)).await;
    // Told to stop, all of it stops.
    let process = there.replica.process().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    let gone = async || there.replica.get("/healthz").await.is_err().then_some(());
    until("nobody is let in any more", LONGEST, gone).await;
    commands_are_for_one(folder);
}

async fn people_of_one_are_nobody_in_another(there: &Installation, store: &str) {
    let store = Store::connect(store).await.unwrap();
    let access = Access::new(store, Arc::new(SystemClock), AccessSettings::default());
    let new = NewAccount {
        name: "analis".to_owned(),
        title: String::new(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: String::new(),
    };
    let invitation = access.invite(&operator(), &new).await.unwrap();
    let link = format!("/invitation/{}", invitation.token.reveal());
    assert_eq!((there.get(BOGOR, &link).await.0, there.get(DEPOK, &link).await.0), (200, 410));
    let client = siaga::access::Client::new("192.0.2.9", "tests");
    access.accept(invitation.token.reveal(), PASSWORD, &client).await.unwrap();
    let new = NewToken {
        account: "analis".to_owned(),
        title: "uji".to_owned(),
        scopes: vec![Permission::Export],
        days: 30,
    };
    let token = access.make_token(&operator(), &new).await.unwrap().0.reveal().to_owned();
    let bearer = format!("Bearer {token}");
    for (host, expected) in [(BOGOR, 200), (DEPOK, 401), (BONTANG, 401)] {
        let answer = there.asks(host, "/exports/revisions.csv", &[("authorization", &bearer)]).await;
        assert_eq!(answer.status().as_u16(), expected, "{host}");
    }
    let fields = [("name", "analis"), ("password", PASSWORD)];
    assert_ne!(
        there.post(BOGOR, "/sign-in", &fields).await.0,
        there.post(DEPOK, "/sign-in", &fields).await.0
    );
}

async fn the_list_is_shown_to_whoever_asks_for_none(there: &Installation) {
    let look = async || {
        let (status, page) = there.get("siaga.example", "/").await;
        assert_eq!(status, 200, "{page}");
        // A look is short of patience with a store that was just opened.
        (page.matches("31 Juli 2021").count() == 2 && page.contains("belum ada angka")).then_some(page)
    };
    let (page, _) = until("every city is in the list", LONGEST, look).await;
    assert!(
        page.contains("siaga <span>· Tiga Kota</span>") && page.contains("Kota atau kabupaten mana?"),
        "{page}"
    );
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}: {page}"));
    let link = |host: &str, name: &str| format!("<a href=\"http://{host}/\">{name}</a>");
    let rows = [link(BOGOR, "Kota Bogor"), link(BONTANG, "Kota Bontang"), link(DEPOK, "Kota Depok")];
    assert!(rows.windows(2).all(|pair| at(&pair[0]) < at(&pair[1])), "{page}");
    assert!(page.contains("chip-4") || page.contains("chip-3"), "Bogor's level: {page}");
    let english = there.get("siaga.example", "/?lang=en").await.1;
    for words in ["Which city or regency?", "no figures", "31 July 2021", "<html lang=\"en\""] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let answer = there.asks("siaga.example", "/", &[]).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(
        (header("cache-control").as_str(), header("x-content-type-options").as_str()),
        ("no-store", "nosniff")
    );
    let style = page.split("href=\"").find(|part| part.starts_with("/assets/siaga.css")).unwrap();
    assert_eq!(there.get("siaga.example", style.split('"').next().unwrap()).await.0, 200);
    for path in ["/sign-in", "/exports/observations.csv", "/decisions", "/assets/../siaga.toml"] {
        let (status, page) = there.get("siaga.example", path).await;
        assert_eq!(status, 404, "{path}");
        assert!(
            path.contains("assets") || page.contains("Tidak ada halaman di alamat ini"),
            "{path}: {page}"
        );
    }
    assert_eq!(there.post("siaga.example", "/sign-in", &[]).await.0, 405);
    monitors_are_told_of_every_city(there).await;
}

async fn monitors_are_told_of_every_city(there: &Installation) {
    assert_eq!(there.get("siaga.example", "/healthz").await.0, 200);
    let (status, ready) = there.get("siaga.example", "/readyz").await;
    assert_eq!((status, ready.as_str()), (200, "ready\nkota-bogor: ok\nkota-bontang: ok\nkota-depok: ok\n"));
    let (_, all) = there.get("siaga.example", "/metrics").await;
    let (_, bogors) = there.get(BOGOR, "/metrics").await;
    for city in ["kota-bogor", "kota-bontang", "kota-depok"] {
        let row = format!("siaga_store_up{{city=\"{city}\"}} 1");
        let zero = format!("siaga_jobs_total{{job=\"ingest\",outcome=\"failed\",city=\"{city}\"}} 0");
        assert!(all.contains(&row) && all.contains(&zero), "{city}: {all}");
        assert_eq!(bogors.contains(&row) && bogors.contains(&zero), city == "kota-bogor", "{city}: {bogors}");
    }
    assert_eq!(all.matches("# TYPE siaga_store_up gauge").count(), 1, "{all}");
    assert!(bogors.contains("siaga_http_requests_total{route=\"/\"") && bogors.contains("process_open_fds"));
    let afar = there.asks("siaga.example", "/metrics", &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(afar.status(), 403);
}

async fn one_whose_store_fails_leaves_the_others(there: &Installation, store: &str) {
    let mut hand = intruder(store).await;
    does(&mut hand, "alter table _sqlx_migrations rename to elsewhere").await;
    let unready = async || (there.get(DEPOK, "/readyz").await.0 == 503).then_some(());
    until("Depok is not ready", LONGEST, unready).await;
    assert_eq!(there.get(BOGOR, "/readyz").await.0, 200);
    let (status, ready) = there.get("siaga.example", "/readyz").await;
    assert_eq!(status, 200, "whoever sends visitors elsewhere would take Bogor away too: {ready}");
    assert!(
        ready.starts_with("ready, but not all\nkota-bogor: ok\nkota-bontang: ok\nkota-depok: store: "),
        "{ready}"
    );
    does(&mut hand, "alter table elsewhere rename to _sqlx_migrations").await;
    let ready = async || (there.get(DEPOK, "/readyz").await.0 == 200).then_some(());
    until("Depok is ready again", LONGEST, ready).await;
}

fn commands_are_for_one(folder: &Path) {
    let list: serde_json::Value =
        serde_json::from_str(&printed(folder, &["-q", "cities", "--format", "json"])).unwrap();
    let told = |nth: usize, column: &str| list[nth][column].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = (0..3).map(|nth| told(nth, "name")).collect();
    assert_eq!(names, ["kota-bogor", "kota-bontang", "kota-depok"], "{list}");
    assert_eq!(
        (told(0, "location"), told(0, "newest"), told(0, "state")),
        ("3271".into(), "2021-07-31".into(), "ok".into())
    );
    assert_eq!((told(1, "city"), told(1, "state")), ("Kota Bontang".into(), "no figures".into()));
    assert_eq!((told(2, "address"), told(2, "policy")), (format!("http://{DEPOK}"), "kmk-4805-2021".into()));
    assert!(!told(0, "level").is_empty() && told(1, "level").is_empty(), "{list}");
    let people = |city| printed(folder, &["-q", "--city", city, "user", "list", "--format", "csv"]);
    assert!(people("kota-bogor").contains("analis") && !people("kota-depok").contains("analis"));
    let checked = printed(folder, &["check"]);
    for line in [
        "# cities/kota-bogor.toml",
        "policy = \"kmk-4805-2021\"  # cities/kota-depok.toml",
        "location = \"6474\"  # cities/kota-bontang.toml",
    ] {
        assert!(checked.contains(line), "{line}: {checked}");
    }
    let one = printed(folder, &["--city", "kota-depok", "check"]);
    assert!(one.contains("location = \"3276\"") && !one.contains("3271"), "{one}");
    let migrated = run(folder, &["migrate"]);
    assert_eq!(String::from_utf8_lossy(&migrated.stderr).matches("the tables are up to date").count(), 3);
    // What needs no city says nothing of cities.
    assert!(printed(folder, &["policy", "list"]).contains("kota-bogor"));
    let none = refused(folder, &["runs", "list"]);
    let known = "kota-bogor, kota-bontang, kota-depok";
    assert_eq!(
        none,
        format!(
            "siaga: the installation has several cities: say which city with --city NAME, one of {known}\n"
        )
    );
    let unknown = refused(folder, &["--city", "kota-bandung", "runs", "list"]);
    assert_eq!(unknown, format!("siaga: --city kota-bandung: siaga.toml has no such city: {known}\n"));
    for args in [&["--city", "kota-bogor", "serve"][..], &["--city", "kota-bogor", "cities"]] {
        assert!(refused(folder, args).contains("--city kota-bogor: it is done for all cities"), "{args:?}");
    }
    let demo = refused(folder, &["demo", "--no-wait"]);
    assert!(demo.contains("say which city with --city NAME"), "{demo}");
    let token = siaga(folder).env("SIAGA_TOKEN", "siaga_x").args(["cities"]).output().unwrap();
    let said = String::from_utf8_lossy(&token.stderr).into_owned();
    assert!(
        token.status.code() == Some(2) && said.contains("the token of SIAGA_TOKEN is one city's"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_cities_in_one_process_have_figures_rules_pages_and_people_of_their_own() {
    let store = |city: &str, folder: &Path| format!("sqlite://{}/var/{city}.sqlite", folder.display());
    each_has_its_own("url = \"sqlite://var/{city}.sqlite\"", store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_three_cities_in_one_database_each_in_a_schema_of_its_own() {
    let url = fresh_postgres();
    let database = format!("url = \"{url}\"\nschema = \"{{city}}\"");
    each_has_its_own(&database, |city, _| in_schema(&url, city)).await;
}

fn in_schema(url: &str, city: &str) -> String {
    format!("{url}?options[search_path]=%22{city}%22")
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_schemas_of_one_database_share_neither_news_nor_leases() {
    let url = fresh_postgres();
    let (bogor, depok) = (in_schema(&url, "kota-bogor"), in_schema(&url, "kota-depok"));
    let (bogor, depok) = (Store::connect(&bogor).await.unwrap(), Store::connect(&depok).await.unwrap());
    assert_ne!(bogor.identity().await.unwrap(), depok.identity().await.unwrap());
    let mut news = bogor.news().await.unwrap().unwrap();
    depok.tell_news().await.unwrap();
    bogor.tell_news().await.unwrap();
    news.next().await.unwrap();
    assert!(news.next().now_or_never().is_none(), "the other city's word was not heard");
    let due = moment("2021-07-31T20:00:00+07:00");
    for store in [&bogor, &depok] {
        let claim = store.claim_job("assess", due, due).await.unwrap();
        assert!(matches!(claim, Claim::Ours(_)), "{claim:?}");
    }
    assert_eq!(bogor.claim_job("assess", due, due).await.unwrap(), Claim::Held);
    bogor.set_meta("x", "bogor").await.unwrap();
    assert_eq!(depok.meta("x").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_two_ways_of_writing_one_database_are_found_out_at_the_start() {
    let url = fresh_postgres();
    let other = url.replace("127.0.0.1", "localhost");
    assert_ne!(url, other, "the test run's server is on 127.0.0.1");
    let folder = tempfile::tempdir().unwrap();
    let one = format!("[city]\nlocation = \"3271\"\n[database]\nurl = \"{url}\"\n");
    let two = format!("[city]\nlocation = \"3276\"\n[database]\nurl = \"{other}\"\n");
    written(folder.path(), &own(""), &[("a", &one), ("b", &two)]);
    let said = refused(folder.path(), &["serve"]);
    assert!(
        said.contains("cities/a.toml and cities/b.toml: both are kept in one store, postgres://localhost"),
        "{said}"
    );
}

#[test]
fn whatever_is_wrong_with_a_city_refuses_the_start_and_all_of_it_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, own) = (folder.path(), own("url = \"sqlite://var/{city}.sqlite\""));
    written(
        folder,
        &own,
        &[CITIES[0], ("a", "[city]\nlangauge = \"id\"\n"), ("b", "[city]\nlanguage = \"fr\"\n")],
    );
    for command in ["serve", "check", "migrate", "cities"] {
        let said = refused(folder, &[command]);
        let first = "siaga: cities/a.toml, line 2: unknown field `langauge`";
        assert!(said.starts_with(first), "{command}: {said}");
        assert!(
            said.contains("\n       cities/b.toml, city.language: write id or en\n"),
            "{command}: {said}"
        );
    }
    // Another city's command is not kept up by that.
    assert!(printed(folder, &["--city", "kota-bogor", "policy", "list"]).contains("kota-bogor"));
    let depok = |more: &str| format!("[city]\nlocation = \"3276\"\n{more}");
    std::fs::remove_file(folder.join("cities/a.toml")).unwrap();
    let wrong = |text: &str| {
        std::fs::write(folder.join("cities/b.toml"), text).unwrap();
        refused(folder, &["serve"])
    };
    let store = wrong(&depok("[database]\nurl = \"sqlite://var/kota-bogor.sqlite\"\n"));
    assert!(
        store.starts_with("siaga: cities/b.toml and cities/kota-bogor.toml: both are kept in "),
        "{store}"
    );
    let host = wrong(&depok("[server]\npublic_url = \"http://kota-bogor.siaga.example\"\n"));
    assert!(host.contains(": both have the host kota-bogor.siaga.example: "), "{host}");
    assert!(wrong("[city]\nlocation = \"3271\"\n").contains(": both are the location 3271: "));
    let listen = wrong(&depok("[server]\nlisten = \"127.0.0.1:1\"\n"));
    assert!(
        listen.starts_with("siaga: cities/b.toml, server.listen: one listener serves all cities; "),
        "{listen}"
    );
    // What only opening the city tells.
    for (text, said) in [
        (depok("[database]\nurl = \"sqlite://cities\"\n"), "cities/b.toml: "),
        ("[city]\nlocation = \"9999\"\n".to_owned(), "cities/b.toml: city.location: '9999' is neither"),
        (depok("[schedule]\nassess = \"often\"\n"), "cities/b.toml: schedule.assess"),
        (depok("[dashboards]\nfolder = \"none\"\n"), "cities/b.toml: "),
        (depok("policy = \"none\"\n"), "cities/b.toml: find the policy 'none'"),
    ] {
        let told = wrong(&text);
        assert!(told.contains(said), "{text}: {told}");
    }
    // Without the section it is one city's installation, and has none to name.
    std::fs::write(folder.join("siaga.toml"), "[city]\nlocation = \"3271\"\n").unwrap();
    let alone = refused(folder, &["--city", "kota-bogor", "runs", "list"]);
    assert!(
        alone.contains("--city kota-bogor: the settings are one city's, they have no [installation]"),
        "{alone}"
    );
    let list: serde_json::Value =
        serde_json::from_str(&printed(folder, &["-q", "cities", "--format", "json"])).unwrap();
    assert_eq!(
        (list[0]["name"].as_str(), list[0]["location"].as_str()),
        (None, Some("3271")),
        "it has no name: {list}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_city_is_set_up_at_its_own_address_while_the_others_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let (folder, own) = (folder.path(), own("url = \"sqlite://var/{city}.sqlite\""));
    written(folder, &own, &[CITIES[0], ("kota-baru", "")]);
    const NEW: &str = "kota-baru.siaga.example";
    let there = Installation::started(folder, &own);
    let links = async || {
        let log = there.replica.log();
        let link = |start: &str| log.lines().find(|line| line.starts_with(start)).map(str::to_owned);
        Some((link(&format!("http://{NEW}/set-up/"))?, link(&format!("http://{BOGOR}/invitation/"))?))
    };
    let ((link, _), _) = until("each city's link is printed", LONGEST, links).await;
    let path = link.trim_start_matches(&format!("http://{NEW}")).to_owned();
    let open = async || (there.get(BOGOR, "/readyz").await.0 == 200).then_some(());
    until("Bogor is served", LONGEST, open).await;
    assert_eq!(
        (there.get(NEW, "/").await.0, there.get(BOGOR, &path).await.0),
        (503, 303),
        "only at its own host"
    );
    assert!(there.get("siaga.example", "/").await.1.contains("sedang disiapkan"));
    // The other city's location is not offered.
    assert!(
        there
            .get(NEW, &format!("{path}/city?q=kota%20bogor"))
            .await
            .1
            .contains("Tidak ada kota atau kabupaten bernama")
    );
    let zone = ("zone", "Asia/Makassar");
    let taken = [("location", "3271"), ("population", "1.000.000"), zone];
    assert_eq!(there.post(NEW, &format!("{path}/city"), &taken).await.0, 400);
    let city = [("location", "6474"), ("population", "181.618"), zone];
    assert_eq!(there.post(NEW, &format!("{path}/city"), &city).await.0, 303);
    assert_eq!(there.post(NEW, &format!("{path}/policy"), &[("policy", "kota-bogor")]).await.0, 303);
    let owner = [("name", "siti"), ("person", "Siti Aminah"), ("password", PASSWORD), ("repeated", PASSWORD)];
    assert_eq!(there.post(NEW, &format!("{path}/account"), &owner).await.0, 303);
    // Visitors wait for the pages that follow and are not turned away.
    let (status, page) = there.get(NEW, "/").await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("siaga Kota Bontang</title>"), "{page}");
    assert_eq!(there.get(BOGOR, "/readyz").await.0, 200);
    let people = |city| printed(folder, &["-q", "--city", city, "user", "list", "--format", "csv"]);
    assert!(people("kota-baru").contains("siti") && !people("kota-bogor").contains("siti"));
}
