//! Prometheus itself reads the numbers: it finds the server up, answers questions about it, and takes the rules that ship.
#![allow(clippy::float_cmp, reason = "counts are whole")]

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::checkout;
use crate::support::house::{House, Plan};

/// The program of the run, or Debian's.
fn prometheus() -> String {
    std::env::var("SIAGA_TEST_PROMETHEUS").expect("tests/run.sh says where Prometheus is")
}

/// A Prometheus of this test alone: own folder, own port on loopback.
struct Monitor {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Monitor {
    /// Reads a server every second, with the rules that ship.
    fn of(server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, rules) = (folder.path().join("prometheus.yml"), checkout("docs/prometheus-rules.yml"));
        // YAML may be written as JSON is.
        let text = serde_json::json!({
            "global": { "scrape_interval": "1s", "evaluation_interval": "1s" },
            "rule_files": [rules],
            "scrape_configs": [{
                "job_name": "siaga",
                "static_configs": [{ "targets": [server.trim_start_matches("http://")] }],
            }],
        });
        std::fs::write(&config, text.to_string()).unwrap();
        let mut child = Command::new(prometheus())
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg("--web.listen-address=127.0.0.1:0")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Prometheus starts");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let line =
            lines.find(|line| line.contains("msg=\"Listening on\"")).expect("it says where it listens");
        let address = line.rsplit_once("address=").unwrap().1.split(' ').next().unwrap().to_owned();
        // Read on, so that it is never held up by a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: format!("http://{address}"), _folder: folder }
    }

    async fn ask(&self, path: &str) -> serde_json::Value {
        match reqwest::get(format!("{}{path}", self.address)).await {
            Ok(answer) => serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default(),
            Err(_) => serde_json::Value::Null,
        }
    }

    /// The value of a question, once there is one: a minute at most.
    async fn value(&self, question: &str) -> f64 {
        for _ in 0..300 {
            let told = self.ask(&format!("/api/v1/query?query={question}")).await;
            if let Some(value) = told["data"]["result"][0]["value"][1].as_str() {
                return value.parse().unwrap();
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("no answer to {question}: {}", self.ask("/api/v1/targets").await);
    }
}

/// Runs promtool; what it printed, if it has nothing to complain of.
fn promtool(args: &[&str], input: &str) -> String {
    let tool = Path::new(&prometheus()).with_file_name("promtool");
    let mut child = Command::new(tool)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool starts");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {args:?}: {told}\n{input}");
    told.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_prometheus_finds_the_server_up_and_answers_questions_about_it() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    house.get("/public", &[]).await;
    let monitor = Monitor::of(&house.address);
    assert_eq!(monitor.value("up%7Bjob=%22siaga%22%7D").await, 1.0);
    assert_eq!(monitor.value("siaga_recommended_step").await, 4.0);
    assert_eq!(monitor.value("siaga_store_up").await, 1.0);
    let question = "sum(siaga_http_requests_total%7Broute=%22/public%22,status=%222xx%22%7D)";
    assert!(monitor.value(question).await >= 1.0);
    let targets = monitor.ask("/api/v1/targets").await;
    let target = &targets["data"]["activeTargets"][0];
    assert_eq!((&target["health"], &target["lastError"]), (&"up".into(), &"".into()), "{target}");
    let rules = monitor.ask("/api/v1/rules").await;
    let rules = rules["data"]["groups"][0]["rules"].as_array().unwrap().clone();
    assert!(rules.len() >= 10, "{rules:?}");
    for rule in rules {
        assert_ne!(rule["health"], "err", "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_prometheus_tools_have_nothing_to_complain_of() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    house.get("/", &[]).await;
    let tally = siaga::telemetry::Tally::default();
    tally.job_ended("ingest", true, Duration::from_secs(1));
    tally.pulled("dinkes", "changed");
    tally.figures_taken("dinkes", 27, 1);
    tally.evaluated([("threshold_crossed", "fired")].into_iter());
    tally.message_tried("email", "sent");
    let scraped = house.get("/metrics", &[]).await.body;
    assert_eq!(promtool(&["check", "metrics"], &scraped).trim(), "");
    let rules = checkout("docs/prometheus-rules.yml");
    let told = promtool(&["check", "rules", rules.to_str().unwrap()], "");
    assert!(told.contains("SUCCESS"), "{told}");
    let tests = checkout("tests/support/prometheus-rules-test.yml");
    let told = promtool(&["test", "rules", tests.to_str().unwrap()], "");
    assert!(told.contains("SUCCESS"), "{told}");
}
