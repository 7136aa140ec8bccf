//! `siaga serve` as a process of its own, and a PostgreSQL server of a test's own that may fail.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{checkout, siaga};

/// What webhooks are signed with.
pub const SECRET: &str = "rahasia-yang-cukup-panjang";

/// The longest that a test waits for something that is to happen.
pub const LONGEST: Duration = Duration::from_secs(60);

/// `siaga serve` in a folder with settings of its own. It is killed when this is dropped.
pub struct Replica {
    child: Child,
    folder: PathBuf,
    url: String,
    /// Where its pages are.
    pub address: String,
    log: Arc<Mutex<String>>,
    /// What it is started by, if not by itself.
    inside: Vec<String>,
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Replica {
    /// Started with these settings on this database; it answers.
    pub fn start(folder: &Path, url: &str, settings: &str) -> Self {
        Self::start_inside(folder, url, (settings, &[]))
    }

    /// The same by a command that becomes the program in the end.
    pub fn start_inside(folder: &Path, url: &str, (settings, inside): (&str, &[String])) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("siaga.toml"), settings).unwrap();
        let (child, address, log) = started(folder, url, inside);
        let (folder, url, inside) = (folder.to_owned(), url.to_owned(), inside.to_vec());
        Self { child, folder, url, address, log, inside }
    }

    /// Killed outright.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Started once more after it was killed.
    pub fn start_again(&mut self) {
        (self.child, self.address, self.log) = started(&self.folder, &self.url, &self.inside);
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// What a page answers.
    pub async fn get(&self, path: &str) -> Result<reqwest::Response, reqwest::Error> {
        reqwest::get(format!("{}{path}", self.address)).await
    }
}

/// The process, its address as it prints it, and its log.
fn started(folder: &Path, url: &str, inside: &[String]) -> (Child, String, Arc<Mutex<String>>) {
    let mut command = siaga(folder);
    if let [outer, rest @ ..] = inside {
        let mut around = Command::new(outer);
        around.args(rest).arg(command.get_program()).current_dir(folder);
        for (name, _) in command.get_envs() {
            around.env_remove(name);
        }
        command = around;
    }
    command.env("SIAGA_DATABASE_URL", url).env("SIAGA_ALERT_WEBHOOK_SECRET", SECRET);
    let mut child = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let log = Arc::<Mutex<String>>::default();
    let mut address = None;
    for line in lines.by_ref() {
        log.lock().unwrap().push_str(&format!("{line}\n"));
        if line.starts_with("http://127.0.0.1:") {
            address = Some(line.trim_end_matches('/').to_owned());
            break;
        }
    }
    let kept = Arc::clone(&log);
    std::thread::spawn(move || lines.for_each(|line| kept.lock().unwrap().push_str(&format!("{line}\n"))));
    let address = address.unwrap_or_else(|| panic!("it never said where it is: {}", log.lock().unwrap()));
    (child, address, log)
}

/// A PostgreSQL server of its own, in a folder that goes with it.
pub struct OwnServer {
    folder: tempfile::TempDir,
    /// Its only database.
    pub url: String,
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = Self::script("end", self.folder.path()).status();
    }
}

impl OwnServer {
    /// Made and started.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("siaga-pg.").tempdir_in("/tmp").unwrap();
        let output = Self::script("make", folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Self { folder, url }
    }

    /// A hot standby of this one.
    pub fn standby(&self) -> Self {
        let folder = tempfile::Builder::new().prefix("siaga-pg.").tempdir_in("/tmp").unwrap();
        let output = Self::script("standby", folder.path()).arg(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Self { folder, url }
    }

    /// Host and port.
    pub fn name(&self) -> &str {
        self.url.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).unwrap()
    }

    /// `restart`, `down` or `up`; of a standby also `promote`; `freeze` or `thaw`.
    pub fn does(&self, what: &str) {
        let status = Self::script(what, self.folder.path()).status().unwrap();
        assert!(status.success(), "{what}");
    }

    fn script(what: &str, folder: &Path) -> Command {
        let mut command = Command::new("bash");
        command.arg(checkout("tests/support/database.sh")).arg(what).arg(folder).stdin(Stdio::null());
        command
    }
}

/// The numbers that a line of live changes brings.
pub struct Events {
    response: reqwest::Response,
    read: String,
}

impl Events {
    /// Of a replica, from now on.
    pub async fn of(replica: &Replica) -> Self {
        let response = replica.get("/events").await.unwrap();
        assert_eq!(response.status(), 200);
        Self { response, read: String::new() }
    }

    /// The next version of the data; panics when none comes within so long.
    pub async fn next(&mut self, longest: Duration) -> i64 {
        let next = async {
            loop {
                if let Some((event, rest)) = self.read.split_once("\n\n") {
                    let version =
                        event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                    self.read = rest.to_owned();
                    if let Some(version) = version {
                        return version.parse().unwrap();
                    }
                    continue;
                }
                let piece = self.response.chunk().await.unwrap().expect("the line stays open");
                self.read.push_str(&String::from_utf8_lossy(&piece));
            }
        };
        tokio::time::timeout(longest, next).await.expect("something new is told")
    }
}

/// Looks again and again until something is there; how long that took.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    longest: Duration,
    look: impl Fn() -> F,
) -> (T, Duration) {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return (found, started.elapsed());
        }
        assert!(started.elapsed() < longest, "not within {longest:?}: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
