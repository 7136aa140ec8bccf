//! A disk that is full under a running program: a real one, a file system of a few megabytes in a name space of its own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::replica::{LONGEST, Replica, until};
use crate::support::{siaga, stdout};

/// The program behind a small disk at `disk`, which has the store on it.
const BEHIND: &str =
    "mount -t tmpfs -o size=24m tmpfs \"$1\" && cp \"$2\" \"$1/siaga.sqlite\" && shift 2 && exec \"$@\"";

const SETTINGS: &str = "[server]\nlisten = \"127.0.0.1:0\"\n\n[database]\nlease_seconds = 5\n\n[source]\nfolder = \"sources\"\n\n\
                        [schedule]\ningest = \"* * * * * *\"\n";

const SPEC: &str = "id = \"pusat\"\ntitle = \"pusat\"\nany_location = true\npath = \"in.csv\"\n";

/// Figures of many places that take more room than is left.
fn figures(days: u32) -> String {
    let mut text = "date,location,measure,value,note\n".to_owned();
    let places = (0..200).map(|place| (place, format!("kota-{place}"))).chain([(200, "3271".to_owned())]);
    for (place, name) in places {
        for day in 0..days {
            let date = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap() + chrono::Days::new(day.into());
            text.push_str(&format!("{date},{name},cases,{},laporan {place} {day}\n", place + day % 7));
        }
    }
    text
}

/// Whether this machine lets a test have a file system of its own.
fn has_name_spaces() -> bool {
    let tried = Command::new("unshare").args(["-rm", "true"]).status();
    let is_so = tried.is_ok_and(|status| status.success());
    if !is_so {
        println!("skipped: this machine lets nobody have a file system of their own (unshare -rm)");
    }
    is_so
}

struct Disk {
    folder: PathBuf,
    process: u32,
}

impl Disk {
    /// A command that sees the disk.
    fn run(&self, args: &[&str]) -> Output {
        let inner = siaga(&self.folder);
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.process.to_string(), "-U", "-m", "--preserve-credentials", "sh", "-c"]);
        command.arg("cd \"$1\" && shift && exec \"$@\"").arg("sh").arg(&self.folder);
        command.arg(inner.get_program()).args(args);
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("SIAGA_DATABASE_URL", "sqlite://disk/siaga.sqlite").output().unwrap()
    }

    /// A file on it, as it is seen from outside.
    fn path(&self, name: &str) -> PathBuf {
        let inside = self.folder.join("disk").join(name);
        Path::new(&format!("/proc/{}/root", self.process)).join(inside.strip_prefix("/").unwrap())
    }

    /// Writes until there is no room for another byte.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.path("filling")).unwrap();
        let mut piece = 1 << 20;
        while piece > 0 {
            if file.write_all(&vec![1; piece]).is_err() {
                piece /= 2;
            }
        }
    }

    /// The pulls that are kept; looking at them keeps nothing.
    fn pulls(&self) -> String {
        let output = self.run(&["-q", "runs", "list", "--format", "csv"]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_what_cannot_be_kept_and_goes_on_when_there_is_room() {
    if !has_name_spaces() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    for name in ["disk", "sources"] {
        std::fs::create_dir_all(own.join(name)).unwrap();
    }
    stdout(folder.path(), &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
    let store = folder.path().join("var/demo/siaga.sqlite");
    let copy = ["backup", "--to", "whole.sqlite"];
    let url = format!("sqlite://{}", store.display());
    assert!(siaga(folder.path()).env("SIAGA_DATABASE_URL", &url).args(copy).status().unwrap().success());
    std::fs::write(own.join("sources/pusat.toml"), SPEC).unwrap();
    std::fs::write(own.join("sources/in.csv"), figures(1)).unwrap();
    let inside = ["unshare", "-rm", "sh", "-c", BEHIND, "sh"];
    let inside = inside.into_iter().map(str::to_owned);
    let disk = own.join("disk").display().to_string();
    let whole = folder.path().join("whole.sqlite").display().to_string();
    let inside: Vec<String> = inside.chain([disk, whole]).collect();
    let program = Replica::start_inside(&own, "sqlite://disk/siaga.sqlite", (SETTINGS, &inside));
    let disk = Disk { folder: own.clone(), process: program.process() };
    let status = async |path: &str| program.get(path).await.unwrap().status().as_u16();
    until("its first figures are in", LONGEST, async || disk.pulls().contains(",changed,201,").then_some(()))
        .await;
    assert_eq!((status("/public").await, status("/readyz").await), (200, 200));

    disk.fill();
    // What came under way fits nowhere.
    std::fs::write(own.join("sources/in.csv"), figures(200)).unwrap();
    let log = || program.log().contains("disk is full").then_some(());
    until("the log says so", LONGEST, || async { log() }).await;
    let ready = program.get("/readyz").await.unwrap();
    assert_eq!(ready.status(), 503);
    let told = ready.text().await.unwrap();
    assert!(told.contains("room: the disk of the database has ") && told.contains("store: ok"), "{told}");
    for path in
        ["/public", "/?lang=en", "/public?date=2021-06-20", "/charts/epicurve.svg", "/api/v1/indicators"]
    {
        assert_eq!(status(path).await, 200, "{path} is read, and goes on");
    }
    std::fs::write(own.join("more.csv"), figures(200)).unwrap();
    let refused = disk.run(&["ingest", "--file", "more.csv", "--source-spec", "sources/pusat.toml"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("its disk is full; nothing was saved"), "{}", said(&refused));
    assert!(!disk.pulls().contains("40200"), "no pull of it is there, and so no figure");
    let (code, chains) = {
        let output = disk.run(&["audit", "verify"]);
        (output.status.code(), said(&output))
    };
    assert_eq!(code, Some(0), "{chains}");

    // Somebody makes room, and nobody does anything else.
    std::fs::remove_file(disk.path("filling")).unwrap();
    until("what waited is taken in", LONGEST, || async {
        disk.pulls().contains(",changed,40200,39999,").then_some(())
    })
    .await;
    assert_eq!((status("/public").await, status("/readyz").await), (200, 200));
    let output = disk.run(&["audit", "verify"]);
    assert!(output.status.success(), "{}", said(&output));
}
