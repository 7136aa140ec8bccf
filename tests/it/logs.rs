//! The log as a program gathers it: an object a line, and nothing in it that opens a door or points at a person.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::support::house::{PASSWORD, encoded};
use crate::support::{run, siaga};

/// What a mail server is told, and how it refuses.
const RECIPIENT: &str = "sekda.pribadi@kotabogor.example";
const SOURCE_SECRET: &str = "kunci-sumber-8731";

/// A program that runs, and everything that it has printed so far.
struct Running {
    child: Child,
    errors: Arc<Mutex<String>>,
    prints: Arc<Mutex<String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gathers a stream until it ends.
fn gathered(mut stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::<Mutex<String>>::default();
    let kept = Arc::clone(&text);
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut piece) {
            kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..length]));
        }
    });
    text
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = gathered(child.stderr.take().unwrap());
        let prints = gathered(child.stdout.take().unwrap());
        Self { child, errors, prints }
    }

    /// What it logged, once that holds so many of these.
    async fn logged(&self, what: &str, times: usize) -> String {
        for _ in 0..600 {
            let text = self.errors.lock().unwrap().clone();
            if text.matches(what).count() >= times {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never logged {what} {times} times: {}", self.errors.lock().unwrap());
    }

    /// Told to stop; everything that it logged.
    fn stopped(mut self) -> (String, String) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
        let text = |kept: &Arc<Mutex<String>>| kept.lock().unwrap().clone();
        (text(&self.errors), text(&self.prints))
    }
}

/// Every line, each an object with a moment, a level and a message.
fn objects(log: &str) -> Vec<serde_json::Value> {
    let object = |line: &str| -> serde_json::Value {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    };
    let lines: Vec<serde_json::Value> = log.lines().map(object).collect();
    for line in &lines {
        for key in ["timestamp", "level", "message"] {
            assert!(line[key].is_string(), "{key}: {line}");
        }
    }
    lines
}

fn settings(folder: &Path, publisher: &str) {
    std::fs::create_dir_all(folder.join("sources")).unwrap();
    let spec = format!(
        "id = \"dinkes\"\ntitle = \"Dinkes\"\naddress = \"{publisher}/data?nik=rahasia-nik\"\n\
         [headers]\nAuthorization = \"Bearer env:SIAGA_SOURCE_DINKES\"\n"
    );
    std::fs::write(folder.join("sources/dinkes.toml"), spec).unwrap();
    let settings = "[server]\nlisten = \"127.0.0.1:0\"\n[source]\nfolder = \"sources\"\ntries = 1\n\
                    private_hosts = [\"127.0.0.1\"]\n[schedule]\ningest = \"* * * * * *\"\n";
    std::fs::write(folder.join("siaga.toml"), settings).unwrap();
}

/// A publisher that refuses, and says again what it was sent.
async fn publisher() -> String {
    let refuse = |headers: axum::http::HeaderMap| async move {
        (StatusCode::FORBIDDEN, format!("{:?}", headers.get("authorization")))
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/data", get(refuse))).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_an_object_and_none_holds_a_secret_or_a_person() {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), &publisher().await);
    let added =
        run(folder.path(), &["user", "add", "siti.rahayu", "--role", "analyst", "--title", "Siti Rahayu"]);
    let link = String::from_utf8(added.stdout).unwrap() + &String::from_utf8(added.stderr).unwrap();
    let link = link.split_whitespace().find(|word| word.contains("/invitation/")).unwrap().to_owned();
    let path = link[link.find("/invitation/").unwrap()..].to_owned();
    let mut command = siaga(folder.path());
    command.env("SIAGA_SOURCE_DINKES", SOURCE_SECRET);
    let program = Running::start({
        command.args(["-vv", "--log-format", "json", "serve"]);
        command
    });
    let log = program.logged("http://", 1).await;
    let first = objects(log.lines().next().unwrap()).remove(0);
    let address = first["message"].as_str().unwrap().trim_end_matches('/').to_owned();

    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let form = client.post(format!("{address}{path}")).header("origin", &address);
        let form = form.header("content-type", "application/x-www-form-urlencoded").body(encoded(fields));
        form.send().await.unwrap()
    };
    let accepted = post(&path, &[("password", PASSWORD), ("repeated", PASSWORD)]).await;
    assert_eq!(accepted.status(), 303);
    let wrong = post("/sign-in", &[("name", "siti.rahayu"), ("password", "salah-sekali-0815")]).await;
    assert!(wrong.status().is_client_error(), "{}", wrong.status());
    let right = post("/sign-in", &[("name", "siti.rahayu"), ("password", PASSWORD)]).await;
    let cookie = right.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let made = run(
        folder.path(),
        &["token", "add", "--user", "siti.rahayu", "--title", "uji", "--scope", "export", "--days", "30"],
    );
    let made = String::from_utf8(made.stdout).unwrap() + &String::from_utf8(made.stderr).unwrap();
    let token = made.split_whitespace().find(|word| word.starts_with("siaga_")).unwrap().to_owned();
    for (path, header, value) in [
        ("/analyst?from=2021-05-01&cari=rahasia-kueri", "cookie", cookie.clone()),
        ("/accounts?cari=rahasia-kueri", "cookie", cookie.clone()),
        ("/exports/units.csv?cari=rahasia-kueri", "authorization", format!("Bearer {token}")),
        ("/exports/units.csv", "authorization", "Bearer siaga_BukanTokenYangAdaDiSini0123456789".to_owned()),
    ] {
        client.get(format!("{address}{path}")).header(header, value).send().await.unwrap();
    }
    let asked = client.get(format!("{address}/accounts")).header("cookie", &cookie);
    let refused = asked.header("x-request-id", "permintaan-0001").send().await.unwrap();
    assert_eq!(refused.status(), 403);
    program.logged("a source gave nothing", 2).await;
    program.logged("permintaan-0001", 1).await;
    let (log, prints) = program.stopped();

    let lines = objects(&log);
    let said = |message: &str| {
        lines.iter().find(|line| line["message"] == message).unwrap_or_else(|| panic!("{message}: {log}"))
    };
    let refusal = lines.iter().find(|line| line["span"]["request.id"] == "permintaan-0001").unwrap();
    assert_eq!((&refusal["path"], &refusal["span"]["route"]), (&"/accounts".into(), &"/accounts".into()));
    assert_eq!(said("a source gave nothing")["span"]["source.id"], "dinkes");
    for secret in [
        PASSWORD,
        "salah-sekali-0815",
        cookie.split_once('=').unwrap().1,
        &token,
        "BukanTokenYangAdaDiSini",
        &path["/invitation/".len()..],
        SOURCE_SECRET,
        "rahasia-nik",
        "rahasia-kueri",
        "siti",
        "Siti",
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(prints.is_empty(), "{prints}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_the_first_owner_is_handed_over_and_not_logged() {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), &publisher().await);
    let mut command = siaga(folder.path());
    command.env("SIAGA_LOG_FORMAT", "json").arg("serve");
    let program = Running::start(command);
    program.logged("Nobody has an account yet", 1).await;
    // Its pages answer only after the link was printed.
    let log = program.logged("http://", 1).await;
    assert!(!log.contains("/invitation/"), "{log}");
    let (log, prints) = program.stopped();
    objects(&log);
    assert!(!log.contains("/invitation/") && prints.contains("/invitation/"), "{prints}: {log}");
}

/// A mail server that knows nobody and says whom.
async fn mail_server() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                let _ = writer.write_all(b"220 mail.example\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                        "RCPT" => format!("550 5.1.1 <{RECIPIENT}>: nobody of this name\r\n"),
                        "QUIT" => return,
                        _ => "250 mail.example\r\n".to_owned(),
                    };
                    let _ = writer.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    address.port().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_is_logged_without_its_recipient() {
    let folder = tempfile::tempdir().unwrap();
    let port = mail_server().await;
    let settings = format!(
        "[alert]\nrecipients = [\"{RECIPIENT}\"]\n[alert.smtp]\nhost = \"127.0.0.1\"\nport = {port}\n\
         security = \"none\"\nfrom = \"siaga@kotabogor.example\"\n"
    );
    std::fs::write(folder.path().join("siaga.toml"), settings).unwrap();
    for format in ["json", "text"] {
        let args = ["-vv", "--log-format", format, "demo", "--until", "2021-06-28", "--no-wait", "--fresh"];
        let mut command = siaga(folder.path());
        command.args(args);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        assert!(log.contains("gave up a message"), "{log}");
        assert!(!log.contains("kotabogor.example") && !log.contains("pribadi"), "{log}");
        if format == "json" {
            let lines = objects(&log);
            let given_up = lines.iter().find(|line| line["message"] == "gave up a message").unwrap();
            assert_eq!((&given_up["channel"], &given_up["level"]), (&"email".into(), &"ERROR".into()));
            assert!(given_up["reason"].as_str().unwrap().contains("(hidden)"), "{given_up}");
            let ingested = lines.iter().find(|line| line["message"] == "ingested").unwrap();
            assert_eq!(ingested["span"]["source.id"], ingested["source.id"]);
            // Around it is the job that pulled it.
            let spans: Vec<_> =
                ingested["spans"].as_array().unwrap().iter().map(|span| &span["name"]).collect();
            assert_eq!(spans, ["job", "source"]);
            assert_eq!(ingested["spans"][0]["job"], "ingest");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_says_of_which_city_it_is() {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), &publisher().await);
    let own = std::fs::read_to_string(folder.path().join("siaga.toml")).unwrap();
    let own = own.replace("[server]", "[server]\npublic_url = \"http://{city}.siaga.example\"");
    let own = format!("[installation]\n[database]\nurl = \"sqlite://{{city}}.sqlite\"\n{own}");
    std::fs::write(folder.path().join("siaga.toml"), own).unwrap();
    std::fs::create_dir(folder.path().join("cities")).unwrap();
    let cities = [("kota-bogor", "3271"), ("kota-depok", "3276")];
    for (name, code) in cities {
        let city = format!("[city]\nlocation = \"{code}\"\n");
        std::fs::write(folder.path().join(format!("cities/{name}.toml")), city).unwrap();
    }
    let mut command = siaga(folder.path());
    command.env("SIAGA_SOURCE_DINKES", SOURCE_SECRET).args(["--log-format", "json", "serve"]);
    let program = Running::start(command);
    for (name, _) in cities {
        let around = format!("\"spans\":[{{\"city\":\"{name}\",\"name\":\"city\"}},{{");
        program.logged(&around, 1).await;
    }
    let (log, _) = program.stopped();
    let lines = objects(&log);
    let failed = lines.iter().filter(|line| line["message"] == "a source gave nothing");
    let whose: std::collections::BTreeSet<_> =
        failed.map(|line| line["spans"][0]["city"].as_str().unwrap()).collect();
    assert_eq!(whose.into_iter().collect::<Vec<_>>(), ["kota-bogor", "kota-depok"]);
}

#[test]
fn a_format_that_is_none_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["--log-format", "xml", "check"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("xml") && told.contains("text") && told.contains("json"), "{told}");
    let mut command = siaga(folder.path());
    let refused = command.env("SIAGA_LOG_FORMAT", "yaml").arg("check").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    // What is wrong with the settings is an object too.
    let failed = run(folder.path(), &["--log-format", "json", "--config", "none.toml", "check"]);
    let told = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(
        (failed.status.code(), objects(&told)[0]["level"].as_str()),
        (Some(2), Some("ERROR")),
        "{told}"
    );
}
