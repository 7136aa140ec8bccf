//! `siaga publish`: what anybody may see, on any web server.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use crate::support::{siaga, stdout};

struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    /// A store that the demonstration filled up to 28 June 2021.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        stdout(folder.path(), &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
        Self { folder }
    }

    fn run(&self, args: &[&str]) -> Output {
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", self.folder.path().display());
        siaga(self.folder.path()).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap()
    }

    fn published(&self) -> PathBuf {
        let ended = self.run(&["publish", "--to", "www"]);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        self.folder.path().join("www")
    }
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What a file asks for and leads to.
fn targets(text: &str) -> Vec<String> {
    let between = |start: &'static str, end: char| {
        text.split(start).skip(1).map(move |rest| rest.split(end).next().unwrap().to_owned())
    };
    between("href=\"", '"').chain(between("src=\"", '"')).chain(between("url(", ')')).collect()
}

#[test]
fn every_link_of_the_folder_leads_to_a_file_of_it() {
    let office = Office::new();
    let folder = office.published();
    let files = files(&folder);
    let mut followed = 0;
    for (name, bytes) in
        files.iter().filter(|(name, _)| [".html", ".css", ".atom"].iter().any(|end| name.ends_with(end)))
    {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let base = Path::new(name).parent().unwrap();
        for target in
            targets(&text).iter().filter(|target| !target.starts_with('#') && !target.starts_with("data:"))
        {
            let path = base.join(target.split(['#', '?']).next().unwrap());
            assert!(!target.starts_with('/') && !target.contains("://"), "{name} leads to {target}");
            assert!(
                files.contains_key(path.to_str().unwrap()),
                "{name} leads to {target}, which is not there"
            );
            followed += 1;
        }
    }
    assert!(followed > 40, "{followed}");
    let page = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(
        page("index.html").contains("<html lang=\"id\"")
            && page("index.html").contains("exports/observations.csv")
    );
    assert!(page("en.html").contains("2,083 cases") && page("en.html").contains("href=\"feed.atom\""));
    assert!(page("feed.atom").contains("<entry>") && page("feed.atom").contains("href=\"index.html\""));
    for kind in [".css", ".js", ".woff2", ".svg"] {
        let asset = files.keys().find(|name| name.starts_with("assets/") && name.ends_with(kind)).unwrap();
        let print = asset.trim_end_matches(kind).rsplit('.').next().unwrap();
        assert_eq!(print.len(), 10, "{asset} has its hash in its name");
    }
    let list: serde_json::Value = serde_json::from_slice(&files["siaga.json"]).unwrap();
    assert!(list["data_version"].as_i64().unwrap() > 50 && list["as_of"].as_str().unwrap().starts_with("20"));
    let listed = list["files"].as_object().unwrap();
    assert_eq!(listed.len() + 1, files.len(), "each is in the list, but for the list");
    for (name, told) in listed {
        let sha256 = told["sha256"].as_str().unwrap();
        assert_eq!(siaga::source::sha256_hex(&files[name]), sha256, "{name}");
        assert_eq!(told["bytes"].as_u64(), Some(files[name].len() as u64), "{name}");
    }
}

#[test]
fn nothing_in_it_is_withheld_from_the_public() {
    let office = Office::new();
    let folder = office.published();
    for dataset in ["observations", "indicators", "assessments", "decisions"] {
        let public = office.run(&["-q", "export", dataset, "--audience", "public"]);
        let own = std::fs::read(folder.join(format!("exports/{dataset}.csv"))).unwrap();
        assert!(own == public.stdout, "{dataset} is as the public may take it away");
    }
    let all = files(&folder);
    for closed in ["revisions", "alerts", "units", "roster", "attendance"] {
        assert!(!all.keys().any(|name| name.contains(closed)), "{closed}");
    }
    // What executives see of staff, and what only officials hear of.
    let pages = ["index.html", "en.html"].map(|name| String::from_utf8(all[name].clone()).unwrap()).concat();
    for closed in
        ["0,24%–0,66%", "id=\"alerts\"", "id=\"units\"", "id=\"runs\"", "<form", "data-events", "/officials"]
    {
        assert!(!pages.contains(closed), "{closed}");
    }
    let observations = String::from_utf8(all["exports/observations.csv"].clone()).unwrap();
    let of_units =
        observations.lines().skip(1).filter(|line| !line.split(',').nth(6).unwrap_or("").is_empty());
    assert_eq!(of_units.count(), 0, "no row of a unit");
    let log = office.run(&["audit", "list", "--action", "figures_exported", "--format", "csv"]);
    assert!(String::from_utf8_lossy(&log.stdout).contains("published pages"));
}

#[test]
fn what_did_not_change_keeps_its_time_and_others_files_are_left() {
    let office = Office::new();
    let folder = office.published();
    let before = files(&folder);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    for name in before.keys() {
        let file = std::fs::File::options().write(true).open(folder.join(name)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    std::fs::write(folder.join("index.html"), "somebody's own words").unwrap();
    std::fs::write(folder.join("left-over.html"), "of an older siaga").unwrap();
    office.published();
    let after = files(&folder);
    assert!(after.keys().eq(before.keys()), "replaced whole");
    let is_old = |name: &str| std::fs::metadata(folder.join(name)).unwrap().modified().unwrap() == long_ago;
    for (name, bytes) in &after {
        assert_eq!(is_old(name), before[name] == *bytes && name != "index.html", "{name}");
    }
    assert!(is_old("exports/observations.csv") && !is_old("index.html"));
    let theirs = office.folder.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("index.html"), "keep me").unwrap();
    let refused = office.run(&["publish", "--to", "theirs"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("choose an empty or a new folder"));
    assert_eq!(std::fs::read_to_string(theirs.join("index.html")).unwrap(), "keep me");
    let empty = tempfile::tempdir().unwrap();
    let refused = siaga(empty.path()).args(["publish", "--to", "www"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the store has no figure"));
    assert!(!empty.path().join("www").exists(), "nothing is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_web_server_serves_the_same_pages() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let office = Office::new();
    let folder = office.published();
    let mut server = Command::new("python3");
    server.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]).current_dir(&folder);
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("python3 starts");
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.split("port ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let mut served = 0;
    for (name, bytes) in files(&folder) {
        let answer = reqwest::get(format!("http://127.0.0.1:{port}/{name}")).await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        assert!(answer.bytes().await.unwrap() == bytes, "{name}");
        served += 1;
    }
    let opened = reqwest::get(format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert!(opened.bytes().await.unwrap() == std::fs::read(folder.join("index.html")).unwrap());
    assert!(served > 15, "{served}");
    server.kill().unwrap();
    server.wait().unwrap();
}
