//! From an empty folder to a working city, through the pages only.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use reqwest::Client;
use reqwest::redirect::Policy;

use crate::support::house::{PASSWORD, encoded};
use crate::support::{looked_at, siaga};

/// A server that was started in a folder, and what it prints.
struct Started {
    child: Child,
    lines: Box<dyn Iterator<Item = String>>,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Started {
    fn in_folder(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = siaga(folder);
        command.env("SIAGA_SERVER_LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
        let mut child = command.args(["-q", "serve"]).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        Self { child, lines: Box::new(lines) }
    }

    /// The next line that holds this.
    fn said(&mut self, what: &str) -> String {
        self.lines.find(|line| line.contains(what)).unwrap_or_else(|| panic!("it never said {what}"))
    }

    /// The link of the first start, and the address before it.
    fn link(&mut self) -> (String, String) {
        let link = self.said("/set-up/");
        let address = link.split("/set-up/").next().unwrap().to_owned();
        (link, address)
    }
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).build().unwrap()
}

struct Said {
    status: u16,
    location: String,
    cookie: String,
    body: String,
}

async fn get(client: &Client, url: &str) -> Said {
    said(client.get(url)).await
}

async fn post(client: &Client, url: &str, fields: &[(&str, &str)]) -> Said {
    let form = encoded(fields);
    said(client.post(url).header("content-type", "application/x-www-form-urlencoded").body(form)).await
}

async fn said(request: reqwest::RequestBuilder) -> Said {
    let request = request.header("accept-language", "id");
    let answer = request.send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map_or("", |it| it.to_str().unwrap()).to_owned();
    let (status, location, cookie) = (answer.status().as_u16(), header("location"), header("set-cookie"));
    Said { status, location, cookie, body: answer.text().await.unwrap() }
}

const BONTANG: [(&str, &str); 3] =
    [("location", "6474"), ("population", "190.000"), ("zone", "Asia/Makassar")];

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_becomes_a_city_without_a_file_and_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut started = Started::in_folder(folder.path(), &[]);
    let (link, address) = started.link();
    let client = client();
    // A stranger is told, and let in nowhere.
    for path in [
        "/",
        "/sign-in",
        "/readyz",
        "/set-up/",
        "/set-up/AAAA",
        "/set-up/AAAA/account",
        "/exports/observations.csv",
    ] {
        let told = get(&client, &format!("{address}{path}")).await;
        assert_eq!(told.status, 503, "{path}");
        assert!(told.body.contains("sedang disiapkan"), "{path}: {}", told.body);
    }
    assert_eq!(get(&client, &format!("{address}/healthz")).await.status, 200);
    let foreign =
        client.post(format!("{link}/city")).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    // The city: found by its name, refused with words, taken.
    assert_eq!(get(&client, &link).await.location, format!("{}/city", link.replace(&address, "")));
    let found = get(&client, &format!("{link}/city?q=bontang")).await;
    assert!(found.location.ends_with("/city?pick=6474"), "{}", found.location);
    let asked = get(&client, &format!("{address}{}", found.location)).await.body;
    assert!(asked.contains("value=\"181.618\"") && asked.contains("Kalimantan Timur"), "{asked}");
    assert!(asked.contains("value=\"Asia/Makassar\" checked"), "{asked}");
    let none = get(&client, &format!("{link}/city?q=atlantis")).await;
    assert!(none.body.contains("Tidak ada kota atau kabupaten bernama “atlantis”"));
    for (population, words) in [
        ("181,618", "dibaca dua cara"),
        ("", "Ketik jumlah penduduk"),
        ("banyak", "bukan jumlah"),
        ("0", "antara 1 dan"),
    ] {
        let refused = post(
            &client,
            &format!("{link}/city"),
            &[("location", "6474"), ("population", population), ("zone", "Asia/Makassar")],
        )
        .await;
        assert_eq!(refused.status, 422, "{population}");
        assert!(
            refused.body.contains(words) && refused.body.contains("aria-invalid"),
            "{population}: {}",
            refused.body
        );
    }
    assert!(post(&client, &format!("{link}/city"), &BONTANG).await.location.ends_with("/policy"));
    // Cut off here, the next start goes on with the policy; the old link is worthless.
    drop(started);
    let mut started = Started::in_folder(folder.path(), &[]);
    let (again, address) = started.link();
    assert_ne!(link.rsplit('/').next(), again.rsplit('/').next());
    let old = link.rsplit('/').next().unwrap();
    assert_eq!(get(&client, &format!("{address}/set-up/{old}")).await.status, 503);
    assert!(get(&client, &again).await.location.ends_with("/policy"));
    let policies = get(&client, &format!("{again}/policy")).await.body;
    assert!(policies.contains("value=\"kota-bogor\" checked"), "{policies}");
    assert_eq!(post(&client, &format!("{again}/policy"), &[("policy", "../x")]).await.status, 400);
    assert!(
        post(&client, &format!("{again}/policy"), &[("policy", "kota-bogor")])
            .await
            .location
            .ends_with("/account")
    );
    // The owner: refused beside the field, then made and signed in.
    let page = get(&client, &format!("{again}/account")).await.body;
    for shown in ["Kota Bontang", "190.000", "WITA", "Kota Bogor"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let owner = |name: &'static str, password: &'static str, repeated: &'static str| {
        [("name", name), ("person", "Siti Aminah"), ("password", password), ("repeated", repeated)]
    };
    for (fields, words) in [
        (owner("s", PASSWORD, PASSWORD), "name-fault"),
        (owner("siti", "pendek", "pendek"), "password-fault"),
        (owner("siti", PASSWORD, "lain"), "repeated-fault"),
    ] {
        let refused = post(&client, &format!("{again}/account"), &fields).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains(words) && !refused.body.contains(PASSWORD),
            "{words}: {}",
            refused.body
        );
    }
    let made = post(&client, &format!("{again}/account"), &owner("siti", PASSWORD, PASSWORD)).await;
    assert_eq!((made.status, made.location.as_str()), (303, "/sign-in/enrol?next=%2Ffigures"));
    assert!(made.cookie.starts_with("__Host-siaga="));
    // The same process, the same address: nothing was started again.
    let cookie = made.cookie.split(';').next().unwrap();
    let enrol = said(client.get(format!("{address}{}", made.location)).header("cookie", cookie)).await;
    assert_eq!(enrol.status, 200);
    assert!(enrol.body.contains("Kota%20Bontang") || enrol.body.contains("Kota Bontang"), "{}", enrol.body);
    assert_eq!(get(&client, &again).await.location, "/", "the link is over");
    assert_eq!(get(&client, &format!("{address}/readyz")).await.status, 200);
    assert!(started.child.try_wait().unwrap().is_none(), "it still runs");
    drop(started);
    // Started again: no set-up; the settings say where they come from; the log says who answered.
    let mut started = Started::in_folder(folder.path(), &[]);
    let line = started.said("http://");
    assert!(!line.contains("set-up"), "{line}");
    let checked = crate::support::stdout(folder.path(), &["check"]);
    for line in [
        "location = \"6474\"  # set-up",
        "population = 190000  # set-up",
        "policy = \"kota-bogor\"  # set-up",
        "tries = 3  # built in",
    ] {
        assert!(checked.contains(line), "{line}: {checked}");
    }
    let typed = checked.lines().find(|line| line.starts_with("population_source")).unwrap();
    assert!(typed.contains("typed at set-up on ") && typed.contains(" by siti"), "{typed}");
    let log = crate::support::stdout(folder.path(), &["audit", "list"]);
    assert!(log.contains("settings_changed") && log.contains("set-up"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settings_file_or_a_variable_that_names_the_city_means_no_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut started = Started::in_folder(folder.path(), &[("SIAGA_CITY_LOCATION", "6474")]);
    assert!(started.said("http").ends_with('/'), "the address, then the link of the owner as ever");
    started.said("/invitation/");
    drop(started);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("siaga.toml"), "[city]\nlocation = \"6474\"\npopulation = 181618\n")
        .unwrap();
    let mut started = Started::in_folder(folder.path(), &[]);
    started.said("/invitation/");
    let checked = crate::support::stdout(folder.path(), &["check"]);
    assert!(checked.contains("location = \"6474\"  # siaga.toml"), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_that_came_before_the_first_start_stay_and_what_is_missing_is_still_asked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("juni.csv"),
        "date,location,measure,value\n2021-06-28,3271,cases,447\n",
    )
    .unwrap();
    let output = crate::support::run(folder.path(), &["ingest", "--file", "juni.csv"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("siaga is not set up here: figures are taken in for Kota Bogor"), "{said}");
    let dry = crate::support::run(folder.path(), &["ingest", "--file", "juni.csv", "--dry-run"]);
    assert!(!String::from_utf8_lossy(&dry.stderr).contains("not set up"));

    let mut started = Started::in_folder(folder.path(), &[]);
    let address = started.said("http://").trim().trim_end_matches('/').to_owned();
    started.said("it runs for Kota Bogor, the city that is built in");
    let link = started.said("/set-up/").trim().to_owned();
    let client = client();
    // The pages are there for everybody; the questions only for whoever holds the link.
    assert!(get(&client, &format!("{address}/")).await.body.contains("Kota Bogor"));
    assert_eq!(get(&client, &format!("{address}/readyz")).await.status, 200);
    for path in ["/set-up/AAAA", "/set-up/AAAA/city", "/set-up/AAAA/account"] {
        let elsewhere = get(&client, &format!("{address}{path}")).await;
        assert_eq!((elsewhere.status, elsewhere.location.as_str()), (303, "/"), "{path}");
    }
    let stolen = post(&client, &format!("{address}/set-up/AAAA/city"), &BONTANG).await;
    assert_eq!((stolen.status, stolen.location.as_str()), (303, "/"));
    let asked = get(&client, &format!("{link}/city")).await.body;
    assert!(
        asked.contains("Sudah ada angkanya") && asked.contains("?pick=3271\"><b>Kota Bogor</b>"),
        "{asked}"
    );
    // Another city than the one that is built in; then policy and owner, as ever.
    assert!(post(&client, &format!("{link}/city"), &BONTANG).await.location.ends_with("/policy"));
    let policy = post(&client, &format!("{link}/policy"), &[("policy", "kota-bogor")]).await;
    assert!(policy.location.ends_with("/account"), "{}", policy.location);
    let owner = [("name", "siti"), ("person", ""), ("password", PASSWORD), ("repeated", PASSWORD)];
    let made = post(&client, &format!("{link}/account"), &owner).await;
    assert_eq!(
        (made.status, made.location.as_str()),
        (303, "/sign-in/enrol?next=%2Ffigures"),
        "{}",
        made.body
    );
    // The same process goes on with what was answered.
    started.said("http://");
    assert!(get(&client, &format!("{address}/")).await.body.contains("Kota Bontang"));
    assert_eq!(get(&client, &link).await.location, "/", "the link is over");
    assert!(started.child.try_wait().unwrap().is_none(), "it still runs");
    drop(started);
    let checked = crate::support::stdout(folder.path(), &["check"]);
    assert!(checked.contains("location = \"6474\"  # set-up"), "{checked}");
    // What came in is still there, and a command says nothing of it any more.
    let listed = crate::support::stdout(folder.path(), &["runs", "list", "--format", "csv"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let again = crate::support::run(folder.path(), &["ingest", "--file", "juni.csv"]);
    assert!(!String::from_utf8_lossy(&again.stderr).contains("not set up"));
    let mut started = Started::in_folder(folder.path(), &[]);
    assert!(started.said("http").ends_with('/'));
}

/// One line to a server, kept open from one question to the next.
struct Line(tokio::io::BufStream<tokio::net::TcpStream>);

impl Line {
    async fn open(address: &str) -> Self {
        let stream = tokio::net::TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
        Self(tokio::io::BufStream::new(stream))
    }

    /// Status and body of what is answered on it.
    async fn asks(&mut self, path: &str) -> (u16, String) {
        use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
        let question = format!("GET {path} HTTP/1.1\r\nhost: siaga\r\naccept-language: id\r\n\r\n");
        self.0.write_all(question.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            assert!(self.0.read_until(b'\n', &mut head).await.unwrap() > 0, "{path}: the line was closed");
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), String::from_utf8(body).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_stay_open_when_other_pages_follow_and_whoever_asks_in_that_instant_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let figures = "date,location,measure,value\n2021-06-28,3271,cases,447\n";
    std::fs::write(folder.path().join("juni.csv"), figures).unwrap();
    crate::support::stdout(folder.path(), &["-q", "ingest", "--file", "juni.csv"]);
    let mut started = Started::in_folder(folder.path(), &[]);
    let address = started.said("http://").trim().trim_end_matches('/').to_owned();
    let link = started.said("/set-up/").trim().to_owned();
    let client = client();
    // One line that has carried something, one that has carried nothing, and a stream of live changes.
    let (mut silent, mut used) = (Line::open(&address).await, Line::open(&address).await);
    let (status, page) = used.asks("/").await;
    assert!(status == 200 && page.contains("Kota Bogor"), "{page}");
    let live = client.get(format!("{address}/events")).send().await.unwrap();
    assert_eq!(live.status(), 200);
    // Others who go on asking all the while, on lines that they keep and on new ones.
    let is_over = tokio_util::sync::CancellationToken::new();
    let visitors: Vec<_> = (0..6)
        .map(|nth| {
            let (address, is_over) = (address.clone(), is_over.clone());
            tokio::spawn(async move {
                let (mut line, mut answers) = (Line::open(&address).await, 0);
                while !is_over.is_cancelled() {
                    assert_eq!(line.asks("/").await.0, 200);
                    answers += 1;
                    if nth % 2 == 0 {
                        line = Line::open(&address).await;
                    }
                }
                answers
            })
        })
        .collect();
    assert!(post(&client, &format!("{link}/city"), &BONTANG).await.location.ends_with("/policy"));
    post(&client, &format!("{link}/policy"), &[("policy", "kota-bogor")]).await;
    let owner = [("name", "siti"), ("person", ""), ("password", PASSWORD), ("repeated", PASSWORD)];
    assert_eq!(post(&client, &format!("{link}/account"), &owner).await.status, 303);
    // Whoever was told that it is done finds the pages that follow.
    for line in [&mut silent, &mut used, &mut Line::open(&address).await] {
        let (status, page) = line.asks("/").await;
        assert!(status == 200 && page.contains("Kota Bontang"), "{page}");
    }
    // What was live ends, so that browsers ask the pages that follow.
    let told = tokio::time::timeout(std::time::Duration::from_secs(30), live.text()).await;
    assert!(told.unwrap().is_ok());
    is_over.cancel();
    for visitor in visitors {
        assert!(visitor.await.unwrap() > 0);
    }
}

/// Twenty-one days of cases of Kota Bontang up to yesterday, and two rows that cannot be believed.
fn figures() -> String {
    let today = siaga::clock::Clock::now(&siaga::clock::SystemClock).local_date(chrono_tz::Asia::Makassar);
    let mut text = "date,location,measure,value\n".to_owned();
    for back in (1..=21).rev() {
        let date = today - chrono::Duration::days(back);
        text += &format!("{date},6474,cases,{}\n", 20 + (21 - back) * 3);
    }
    text + &format!("{today},6474,cases,-4\n{today},3201,cases,12 orang\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_chromium_kota_bontang_comes_from_an_empty_folder_to_its_first_level() {
    let folder = tempfile::tempdir().unwrap();
    let mut started = Started::in_folder(folder.path(), &[]);
    let (link, _) = started.link();
    let asked = serde_json::json!({ "link": link, "password": PASSWORD, "figures": figures() });
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("first-start");
    let seen = tokio::task::spawn_blocking(move || looked_at("look-first-start.mjs", &asked, &pictures))
        .await
        .unwrap();
    for (what, expected) in [
        ("console", serde_json::json!([])),
        ("foreign", serde_json::json!([])),
        ("overflow", serde_json::json!([])),
        ("stranger", "siaga sedang disiapkan".into()),
        ("search_focus", "q".into()),
        ("none_described", "q-hint q-fault".into()),
        ("city", "Kota Bontang".into()),
        ("zone", "Asia/Makassar".into()),
        ("population_focus", "population".into()),
        ("policy", "/set-up/policy".into()),
        ("account", "/set-up/account".into()),
        ("name_kept", "siti".into()),
        ("enrol", "/sign-in/enrol".into()),
        ("figures", "/figures".into()),
        ("typed_fault", 1.into()),
        ("days", 14.into()),
        ("days_columns", 4.into()),
        ("slips", 1.into()),
        ("slips_focus", "alert".into()),
        ("slip_leads_to", "1,833".into()),
        ("days_button", "Simpan 9 angka".into()),
        ("template", "siaga-kota-bontang-DAY.xlsx".into()),
        ("unread", "pegawai.csv tidak dapat dibaca".into()),
        ("taken", "2 angka yang sudah diketahui akan hilang".into()),
        ("who", serde_json::json!(["Tambah Epidemiolog", "Tambah Petugas data"])),
        ("role_meant", "data_officer".into()),
        ("button", "Simpan 21 angka".into()),
        ("refused_rows", 2.into()),
        ("kept", "Tersimpan.".into()),
        ("brand", "siaga · Kota Bontang".into()),
        ("owner_may_decide", 0.into()),
        ("told", 1.into()),
        ("reason_fault", "reason".into()),
        ("released", "Dilepas. Angkanya sekarang berlaku.".into()),
        ("link_over", "/".into()),
        ("without_script", "/".into()),
    ] {
        assert_eq!(seen[what], expected, "{what}");
    }
    assert!(seen["recognised"].as_str().unwrap().contains("Formulir siaga"), "{}", seen["recognised"]);
    let level = seen["level"].as_str().unwrap();
    assert!(level.contains("WFH 100%"), "56 cases a day among 181.618 people: {level}");
}

/// Somebody who has signed in, at a server.
struct Person {
    client: Client,
    address: String,
    cookie: String,
}

impl Person {
    /// Takes the owner's link: a password, a telephone, signed in.
    async fn owner(link: &str) -> Self {
        let client = client();
        let address = link.split("/invitation/").next().unwrap().to_owned();
        let accepted = post(&client, link, &[("password", PASSWORD), ("repeated", PASSWORD)]).await;
        assert_eq!(accepted.location, "/sign-in/enrol?next=%2Faccount");
        let cookie = accepted.cookie.split(';').next().unwrap().to_owned();
        let mut person = Self { client, address, cookie };
        let page = person.get("/sign-in/enrol").await.body;
        let secret =
            page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
        let seconds = siaga::clock::Clock::now(&siaga::clock::SystemClock).millis() / 1000;
        let code = siaga::account::TotpKey::kept(&secret, "siaga", "x").unwrap().code_at(seconds);
        let enrolled = person.post("/sign-in/enrol", &[("code", &code)]).await;
        assert_eq!(enrolled.status, 200, "{}", enrolled.body);
        person.cookie = enrolled.cookie.split(';').next().unwrap().to_owned();
        person
    }

    async fn get(&self, path: &str) -> Said {
        said(self.client.get(format!("{}{path}", self.address)).header("cookie", &self.cookie)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        let request = self.client.post(format!("{}{path}", self.address)).header("cookie", &self.cookie);
        said(request.header("content-type", "application/x-www-form-urlencoded").body(encoded(fields))).await
    }
}

/// A publisher on loopback that answers everybody with the same figures.
async fn publisher(body: String) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/harian.csv?kunci=rahasia", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\nconnection: close";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_settings_file_an_address_becomes_figures_a_level_and_a_source_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "[city]\nlocation = \"6474\"\npopulation = 181618\n[source]\nprivate_hosts = [\"127.0.0.1\"]\ntries = 1\n";
    std::fs::write(folder.path().join("siaga.toml"), settings).unwrap();
    let mut started = Started::in_folder(folder.path(), &[]);
    let owner = Person::owner(&started.said("/invitation/")).await;
    assert!(owner.get("/").await.body.contains("href=\"/figures\""), "the way to the first figures");
    let nowhere =
        owner.post("/figures/address", &[("address", "http://127.0.0.1:9/x.csv"), ("spec", "tidy")]).await;
    assert_eq!(nowhere.status, 422);
    assert!(nowhere.body.contains("Alamat ini tidak memberi apa-apa"), "{}", nowhere.body);
    let address = publisher(figures()).await;
    let looked = owner.post("/figures/address", &[("address", &address), ("spec", "tidy")]).await;
    assert!(
        looked.body.contains("Simpan 21 angka") && looked.body.contains("name=\"keep\""),
        "{}",
        looked.body
    );
    let sha256 = looked.body.split("name=\"sha256\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for shown in [
        "<option value=\"17:00\">Setiap hari, paling lambat pukul 17.00</option>",
        "Melanjutkan CSV rapi: dibawa orang",
    ] {
        assert!(looked.body.contains(shown), "{shown}: {}", looked.body);
    }
    let kept = |by: &'static str| {
        [("source", "tidy"), ("sha256", sha256), ("address", address.as_str()), ("keep", "1"), ("by", by)]
    };
    for wrong in ["17", "25:00", "17:30"] {
        assert_eq!(owner.post("/figures/commit", &kept(wrong)).await.status, 400, "{wrong}");
    }
    // Another process on the same database.
    let mut other = Started::in_folder(folder.path(), &[]);
    let elsewhere = other.said("http://").trim().trim_end_matches('/').to_owned();
    let taken = owner.post("/figures/commit", &kept("17:00")).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    // The program goes on with the new source; whoever asks meanwhile waits and is answered.
    assert_eq!(owner.get(&taken.location).await.status, 200);
    let level = owner.get("/").await.body;
    assert!(level.contains("WFH 100%") && level.contains("Kota Bontang"), "{level}");
    started.said("http://");
    let cards = owner.get("/sources").await.body;
    assert!(cards.contains("/harian.csv") && !cards.contains("rahasia"), "{cards}");
    assert!(cards.contains("setiap hari, paling lambat pukul 17.00"), "{cards}");
    assert!(!cards.contains("class=\"fault\""), "what was kept just now is late in nothing: {cards}");
    assert!(started.child.try_wait().unwrap().is_none(), "the same process");
    // The other one hears of it and goes on with it, without a restart.
    other.said("http://");
    let there = Person { address: elsewhere, client: owner.client.clone(), cookie: owner.cookie.clone() };
    let cards = there.get("/sources").await.body;
    assert!(cards.contains("/harian.csv"), "{cards}");
    assert!(other.child.try_wait().unwrap().is_none(), "the same process");
    drop(other);
    // Tried again it brings nothing new, and can be kept all the same, with another hour.
    let looked = owner.post("/figures/address", &[("address", &address), ("spec", "tidy")]).await;
    assert!(
        looked.body.contains("Simpan alamat ini</button>") && !looked.body.contains("Simpan 21"),
        "{}",
        looked.body
    );
    let again = owner.post("/figures/commit", &kept("08:00")).await;
    assert_eq!(again.status, 303, "{}", again.body);
    started.said("http://");
    let cards = owner.get("/sources").await.body;
    assert!(cards.contains("paling lambat pukul 08.00") && !cards.contains("17.00"), "{cards}");
    drop(started);
    // It is asked on schedule, and after a restart.
    let ingested = crate::support::stdout(folder.path(), &["ingest", "--format", "csv"]);
    assert!(ingested.contains("tidy-"), "{ingested}");
    // What it brings is what the page took in: one series, and nothing twice.
    assert!(ingested.contains(",changed,") || ingested.contains(",unchanged,"), "{ingested}");
    let exported =
        crate::support::stdout(folder.path(), &["export", "observations", "--audience", "unsuppressed"]);
    assert_eq!(exported.lines().count(), 22, "{exported}");
    assert!(!exported.contains(",tidy-"), "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_chromium_an_address_is_kept_with_its_hour_and_looks_right_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "[city]\nlocation = \"6474\"\npopulation = 181618\n[source]\nprivate_hosts = [\"127.0.0.1\"]\ntries = 1\n";
    std::fs::write(folder.path().join("siaga.toml"), settings).unwrap();
    let mut started = Started::in_folder(folder.path(), &[]);
    let invitation = started.said("/invitation/");
    let publisher = publisher(figures()).await;
    let asked = serde_json::json!({ "invitation": invitation, "password": PASSWORD, "publisher": publisher });
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("address");
    let seen =
        tokio::task::spawn_blocking(move || looked_at("look-address.mjs", &asked, &pictures)).await.unwrap();
    for (what, expected) in [
        ("console", serde_json::json!([])),
        ("foreign", serde_json::json!([])),
        ("overflow", serde_json::json!([])),
        ("button", "Simpan 21 angka".into()),
        ("kept", "Tersimpan; alamatnya ditanya terus menurut jadwal.".into()),
        ("late", 0.into()),
        ("only", "Simpan alamat ini".into()),
        ("described", "by-hint".into()),
        ("cadence", "setiap hari, paling lambat pukul 08.00".into()),
    ] {
        assert_eq!(seen[what], expected, "{what}");
    }
    let nothing = seen["nothing"].as_str().unwrap();
    assert!(nothing.contains("Alamat ini tidak memberi apa-apa: tidak tersambung"), "{nothing}");
}
