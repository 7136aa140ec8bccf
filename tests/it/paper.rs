//! `siaga dashboard`: pages that need no server.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::{looked_at, siaga};

struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    /// A store that the demonstration filled up to 28 June 2021.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = siaga(folder.path()).args(["-q", "demo", "--until", "2021-06-28", "--no-wait"]).output();
        assert!(demo.unwrap().status.success());
        Self { folder }
    }

    fn run(&self, args: &[&str]) -> Output {
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", self.folder.path().display());
        siaga(self.folder.path()).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap()
    }

    fn written(&self, args: &[&str], out: &str) -> PathBuf {
        let ended = self.run(&[&["dashboard"], args, &["--out", out]].concat());
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        self.folder.path().join(out)
    }

    fn refused(&self, args: &[&str], code: i32) -> String {
        let ended = self.run(args);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(code), "{said}");
        said
    }
}

fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// What the pages of a folder ask for and lead to.
fn targets(html: &str) -> Vec<String> {
    let values = ["href=\"", "src=\"", "action=\""].into_iter().flat_map(|start| html.split(start).skip(1));
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn a_dashboard_is_a_folder_that_needs_nothing_else() {
    let office = Office::new();
    let folder = office.written(&["mayor"], "out");
    for file in ["index.html", "en.html"] {
        let page = text(&folder, file);
        assert!(page.contains("WFH 100%") && page.contains("<svg") && page.contains("<table"), "{file}");
        for target in targets(&page).iter().filter(|target| !target.starts_with('#')) {
            assert!(!target.starts_with('/') && !target.contains("://"), "{file} leads to {target}");
            assert!(folder.join(target).is_file(), "{file} leads to {target}, which is not there");
        }
        for gone in ["<form", "data-events", "/exports/", "/officials"] {
            assert!(!page.contains(gone), "{file} has {gone}");
        }
    }
    assert!(
        text(&folder, "index.html").contains("2.083 kasus")
            && text(&folder, "en.html").contains("2,083 cases")
    );
    assert!(text(&folder, "charts/epicurve-id.svg").starts_with("<svg"));
    assert!(std::fs::read(folder.join("charts/epicurve-en.png")).unwrap().starts_with(b"\x89PNG"));
    let style = text(&folder, "siaga.css");
    assert!(
        style.contains("url(font/siaga-sans-400.woff2)")
            && folder.join("font/siaga-sans-400.woff2").is_file()
    );
}

#[test]
fn it_is_made_for_the_public_unless_somebody_says_otherwise_and_recorded() {
    let office = Office::new();
    let public = text(&office.written(&["mayor"], "public"), "index.html");
    let (withheld, shown) = ("ditahan: jumlahnya terlalu kecil", "0,24%–0,66%");
    assert!(public.contains(withheld) && !public.contains(shown), "small counts of staff are withheld");
    let own = text(&office.written(&["mayor", "--audience", "executive"], "own"), "index.html");
    assert!(own.contains(shown));
    let officials = text(&office.written(&["officials"], "officials"), "index.html");
    for closed in ["id=\"alerts\"", "id=\"units\"", "id=\"runs\"", "bukan untuk peran"] {
        assert!(!officials.contains(closed), "{closed}");
    }
    let boards = office.folder.path().join("boards");
    std::fs::create_dir(&boards).unwrap();
    let closed = "title = { id = \"a\", en = \"b\" }\npanels = [{ kind = \"units\" }]\n";
    std::fs::write(boards.join("opd.toml"), closed).unwrap();
    let settings = "[dashboards]\nfolder = \"boards\"\n";
    std::fs::write(office.folder.path().join("siaga.toml"), settings).unwrap();
    let said = office.refused(&["dashboard", "opd", "--out", "x"], 1);
    assert!(said.contains("has nothing for this audience: choose another --audience"), "{said}");
    assert!(!office.folder.path().join("x").exists());
    office.written(&["opd", "--audience", "executive"], "x");
    let listed = office.run(&["audit", "list", "--action", "figures_exported", "--format", "csv"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("dashboard mayor") && listed.contains("below 10 withheld"), "{listed}");
    let then = text(&office.written(&["public", "--as-of", "2021-06-24"], "then"), "en.html");
    assert!(then.contains("as known on Thursday, 24 June 2021") && !then.contains("2,083 cases"));
    let first = office.run(&["--lang", "en", "dashboard", "public", "--out", "first"]);
    assert!(first.status.success());
    assert!(text(&office.folder.path().join("first"), "index.html").contains("<html lang=\"en\""));
}

#[test]
fn the_folder_is_written_whole_or_not_at_all() {
    let office = Office::new();
    let folder = office.written(&["public"], "out");
    std::fs::write(folder.join("old.html"), "from before").unwrap();
    office.written(&["public"], "out");
    assert!(!folder.join("old.html").exists(), "replaced whole");
    let theirs = office.folder.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("letter.txt"), "keep me").unwrap();
    let said = office.refused(&["dashboard", "public", "--out", "theirs"], 1);
    assert!(said.contains("choose an empty or a new folder"), "{said}");
    assert_eq!(text(&theirs, "letter.txt"), "keep me");
    std::fs::write(office.folder.path().join("file"), "x").unwrap();
    office.refused(&["dashboard", "public", "--out", "file/out"], 1);
    office.refused(&["dashboard", "public", "--out", "file"], 1);
    let names: Vec<String> = std::fs::read_dir(office.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".part") || name.ends_with(".old"))
        .collect();
    assert!(names.is_empty(), "nothing is left beside: {names:?}");
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_one_that_was_meant() {
    let office = Office::new();
    let said = office.refused(&["dashboard", "publik", "--out", "out"], 2);
    assert!(said.contains("there is no dashboard 'publik'; did you mean 'public'?"), "{said}");
    let said = office.refused(&["dashboard", "public", "--out", "out", "--audience", "everybody"], 2);
    assert!(said.contains("is not an audience"), "{said}");
    let said = office.refused(&["dashboard", "public", "--out", "out", "--as-of", "kemarin"], 2);
    assert!(said.contains("kemarin"), "{said}");
    assert!(!office.folder.path().join("out").exists());
}

#[test]
fn needs_chromium_the_pages_work_from_a_disk_without_any_network() {
    let office = Office::new();
    let folder = office.written(&["public"], "out");
    let asked = serde_json::json!({ "page": format!("file://{}/index.html", folder.display()) });
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots/paper");
    let seen = looked_at("look-paper.mjs", &asked, &pictures);
    for what in ["console", "foreign", "overflow", "axe"] {
        assert_eq!(seen[what], serde_json::json!([]), "{what}");
    }
    assert_eq!(seen["languages"], serde_json::json!(["id", "en", "id", "en"]));
    for what in ["fonts", "readout"] {
        assert_eq!(seen[what], serde_json::json!([true, true, true, true]), "{what}");
    }
    assert_eq!(seen["plain"], true, "the data table opens without script");
}
