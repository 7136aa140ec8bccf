//! Backups by the program itself: taken while another process writes, restored on either database, and everything that is
//! refused instead of restored.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use sha2::{Digest, Sha256};
use siaga::job::Dataset;
use siaga::store::{Filter, Store};

use crate::audit::{does, intruder, verify};
use crate::support::{fresh_postgres, siaga, stdout};
use crate::upgrades;

/// A key that signs chains.
const KEY: &str = "kunci-audit-yang-cukup-panjang-sekali-4711";

fn asked(folder: &Path, url: &str, args: &[&str]) -> Output {
    siaga(folder).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the command tells of a backup.
fn backed_up(folder: &Path, url: &str, to: &str) -> serde_json::Value {
    let output = asked(folder, url, &["backup", "--to", to, "--format", "json"]);
    assert!(output.status.success(), "{}", said(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    told[0].clone()
}

fn restored(folder: &Path, from: &Path, url: &str) {
    let output = asked(folder, url, &["restore", "--from", from.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(from.to_str().unwrap()));
    let (code, chains) = verify(folder, url, &[]);
    assert_eq!(code, Some(0), "{chains}");
}

/// Every dataset as a file; as many rows as there are.
fn exports(folder: &Path, url: &str) -> Vec<(String, String)> {
    let whole = |dataset: Dataset| {
        let name = dataset.name();
        let output = asked(folder, url, &["-q", "export", name, "--audience", "unsuppressed"]);
        assert!(output.status.success(), "{name}: {}", said(&output));
        (name.to_owned(), String::from_utf8(output.stdout).unwrap())
    };
    Dataset::ALL.into_iter().map(whole).collect()
}

fn same(found: &[(String, String)], expected: &[(String, String)], what: &str) {
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        let is_empty_here = ["decisions", "revisions", "roster", "attendance"].contains(&name.as_str());
        assert!(is_empty_here || expected.lines().count() > 1, "{what}: {name} says something");
        assert!(found == expected, "{what}: {name} has {} and {} bytes", found.len(), expected.len());
    }
}

/// A backup and the version of the data in it.
struct Taken {
    file: PathBuf,
    version: i64,
}

/// The demonstration runs to a day as a process of its own; backups are taken all the while, the last one after its end.
fn written_meanwhile(folder: &Path, url: &str, until: &str) -> Vec<Taken> {
    let mut command = siaga(folder);
    command.env("SIAGA_DATABASE_URL", url).args(["-q", "demo", "--no-wait", "--until", until]);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut taken: Vec<Taken> = Vec::new();
    loop {
        let ended = running.try_wait().unwrap();
        let file = folder.join(format!("{until}-{}.sqlite", taken.len()));
        let told = backed_up(folder, url, file.to_str().unwrap());
        taken.push(Taken { file, version: told["data_version"].as_i64().unwrap() });
        if let Some(status) = ended {
            assert!(status.success());
            return taken;
        }
    }
}

/// The demonstration runs to one day, then to the other; `fresh` makes addresses of empty databases.
fn comes_back(folder: &Path, url: &str, days: [&str; 2], fresh: &mut dyn FnMut() -> String) {
    assert!(asked(folder, url, &["migrate"]).status.success());
    let first = written_meanwhile(folder, url, days[0]).pop().unwrap();
    let known = exports(folder, url);
    let during = written_meanwhile(folder, url, days[1]);
    let end = exports(folder, url);
    let last = during.last().unwrap();
    for (backup, expected) in [(&first, &known), (last, &end)] {
        let target = fresh();
        restored(folder, &backup.file, &target);
        same(&exports(folder, &target), expected, "as it was at that version of the data");
    }
    // Taken in the midst of a day's imports and messages: what it holds belongs together, so that the days that are missing end
    // as they ended without it.
    let midst = during.iter().filter(|taken| taken.version > first.version && taken.version < last.version);
    let midst: Vec<&Taken> = midst.collect();
    let one = midst.get(midst.len() / 2).expect("some were taken while the program wrote");
    let target = fresh();
    restored(folder, &one.file, &target);
    let goes_on = ["-q", "demo", "--no-wait", "--until", days[1]];
    let output = asked(folder, &target, &goes_on);
    assert!(output.status.success(), "{}", said(&output));
    // The evidence of a decision that is signed after it names the version of the data, in which the backups since do not count.
    let others = |files: Vec<(String, String)>| -> Vec<(String, String)> {
        files.into_iter().filter(|(name, _)| name != Dataset::Decisions.name()).collect()
    };
    same(&others(exports(folder, &target)), &others(end), "gone on from the midst");
    println!("{} backups, {} of them in the midst", during.len(), midst.len());
}

#[test]
fn a_backup_taken_while_the_program_writes_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| format!("sqlite://{}/{name}.sqlite", folder.path().display());
    let mut number = 0;
    comes_back(folder.path(), &file("origin"), ["2021-05-20", "2021-06-25"], &mut || {
        number += 1;
        file(&format!("restored-{number}"))
    });
}

#[test]
fn needs_postgres_a_backup_of_a_server_comes_back_there_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    comes_back(folder.path(), &fresh_postgres(), ["2021-05-08", "2021-05-24"], &mut || {
        number += 1;
        match number {
            // The backup in the midst goes on in a file.
            3 => format!("sqlite://{}/restored.sqlite", folder.path().display()),
            _ => fresh_postgres(),
        }
    });
}

#[test]
fn needs_postgres_a_backup_of_a_file_comes_back_on_a_server() {
    let folder = tempfile::tempdir().unwrap();
    stdout(folder.path(), &["-q", "demo", "--until", "2021-05-20", "--no-wait"]);
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
    let file = folder.path().join("b.sqlite");
    backed_up(folder.path(), &url, file.to_str().unwrap());
    let server = fresh_postgres();
    restored(folder.path(), &file, &server);
    same(&exports(folder.path(), &server), &exports(folder.path(), &url), "from a file to a server");
}

/// A store that was lived in, and a backup of it.
fn lived_in(folder: &Path) -> (String, PathBuf) {
    stdout(folder, &["-q", "demo", "--until", "2021-05-08", "--no-wait"]);
    let file = folder.join("b.sqlite");
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.display());
    backed_up(folder, &url, file.to_str().unwrap());
    (url, file)
}

/// Seals a backup that was changed, as somebody would who knows how it is done.
fn sealed(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[60..64].fill(0);
    let seal = Sha256::digest(&bytes);
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(60)).unwrap();
    file.write_all(&seal[..4]).unwrap();
}

/// A backup in which a statement was run.
fn changed(folder: &Path, backup: &Path, statement: &str) -> PathBuf {
    let file = folder.join("changed.sqlite");
    std::fs::copy(backup, &file).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = intruder(&format!("sqlite://{}", file.display())).await;
        does(&mut connection, statement).await;
        sqlx::Connection::close(connection).await.unwrap();
    });
    sealed(&file);
    file
}

/// Refused with this in its sentence, by this exit code, and no database was made.
fn refused(folder: &Path, args: &[&str], (code, sentence): (i32, &str)) {
    let url = format!("sqlite://{}/never.sqlite", folder.display());
    let output = asked(folder, &url, &[&["restore"], args].concat());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(said.contains(sentence), "{args:?}: {said}");
    assert_eq!(said.trim_end().lines().count(), 1, "one sentence: {said}");
    assert!(
        output.stdout.is_empty() && !folder.join("never.sqlite").exists(),
        "{args:?}: nothing is written"
    );
}

#[test]
fn what_is_no_whole_backup_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (url, backup) = lived_in(folder.path());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let own = folder.path();
    refused(own, &["--from", &at("none.sqlite")], (1, "read "));
    std::fs::write(at("figures.csv"), "date,location,measure,value\n2021-06-20,3271,cases,5\n").unwrap();
    refused(own, &["--from", &at("figures.csv")], (2, "it is no backup of siaga"));
    let store = url.strip_prefix("sqlite://").unwrap();
    refused(own, &["--from", store], (2, "it is no backup of siaga"));
    // A byte in the midst, where no chain goes.
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(at("damaged.sqlite"), &bytes).unwrap();
    refused(own, &["--from", &at("damaged.sqlite")], (2, "it is damaged"));
    bytes.truncate(middle);
    std::fs::write(at("damaged.sqlite"), &bytes).unwrap();
    refused(own, &["--from", &at("damaged.sqlite")], (2, "it is damaged"));
    for (statement, sentence) in [
        (
            "delete from observation where date = (select max(date) from observation)",
            "the rows that were saved",
        ),
        ("update recommendation set level = 'low' where seq = 2", "chain recommendation, sequence number 2"),
        (
            "update backup_stamp set value = '9999' where name = 'schema'",
            "tables of version 9999, and this siaga",
        ),
        (
            "update backup_stamp set value = 'x' where name = 'made_at'",
            "what a backup says of itself: made_at",
        ),
        ("create table somebodys (id bigint primary key)", "does not know its table somebodys"),
    ] {
        let file = changed(own, &backup, statement);
        let code = if sentence.contains("of itself") || sentence.contains("somebodys") { 1 } else { 2 };
        refused(own, &["--from", file.to_str().unwrap()], (code, sentence));
    }
    let (from, other) = (backup.to_str().unwrap(), "ab".repeat(32));
    refused(own, &["--from", from, "--sha256", &other], (2, "its SHA-256 is"));
    refused(own, &["--from", from, "--sha256", "1a2b"], (2, "write 64 hexadecimal digits"));
}

#[test]
fn a_store_with_rows_in_it_is_left_alone_and_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let (url, backup) = lived_in(folder.path());
    let before = exports(folder.path(), &url);
    let output = asked(folder.path(), &url, &["restore", "--from", backup.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let told = said(&output);
    assert!(told.contains("it is not empty, its table") && told.contains("set database.url"), "{told}");
    same(&exports(folder.path(), &url), &before, "left alone");
    // The file of an earlier backup likewise.
    let kept = std::fs::read(&backup).unwrap();
    let again = ["backup", "--to", backup.to_str().unwrap()];
    let output = asked(folder.path(), &url, &again);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("is there already; name another file, or add --replace"),
        "{}",
        said(&output)
    );
    assert_eq!(std::fs::read(&backup).unwrap(), kept);
    let output = asked(folder.path(), &url, &[&again[..], &["--replace"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert_ne!(std::fs::read(&backup).unwrap(), kept, "its log has grown");
    // In a folder it is named by the moment, and is its owner's alone.
    let shelf = folder.path().join("shelf");
    std::fs::create_dir(&shelf).unwrap();
    let told = backed_up(folder.path(), &url, shelf.to_str().unwrap());
    let files: Vec<_> = std::fs::read_dir(&shelf).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "nothing else is left there: {files:?}");
    let name = files[0].file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("siaga-20") && name.ends_with("Z.sqlite"), "{name}");
    let bytes = std::fs::read(&files[0]).unwrap();
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((told["bytes"].as_u64(), told["sha256"].as_str()), (Some(bytes.len() as u64), Some(&*sha256)));
    assert!(told["rows"].as_i64().unwrap() > 100);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // With the hash that was told it comes back.
    let target = format!("sqlite://{}/restored.sqlite", folder.path().display());
    let from = files[0].to_str().unwrap();
    let output = asked(folder.path(), &target, &["restore", "--from", from, "--sha256", &sha256]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(std::fs::read(&files[0]).unwrap(), bytes, "a backup is only read");
    // Both are in the log.
    let log =
        asked(folder.path(), &target, &["audit", "list", "--action", "store_restored", "--format", "csv"]);
    assert!(String::from_utf8_lossy(&log.stdout).contains(name), "the restored store says so");
    let log = asked(folder.path(), &url, &["audit", "list", "--action", "backup_made", "--format", "csv"]);
    assert!(String::from_utf8_lossy(&log.stdout).contains(&sha256), "the other says what was taken");
}

#[test]
fn a_backup_of_nothing_and_into_nowhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let none = format!("sqlite://{}/none.sqlite", folder.path().display());
    let output = asked(folder.path(), &none, &["backup", "--to", "b.sqlite"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no such file; set database.url"), "{}", said(&output));
    assert!(!folder.path().join("none.sqlite").exists(), "and none is made");
    assert!(asked(folder.path(), &none, &["migrate"]).status.success());
    let output = asked(folder.path(), &none, &["backup", "--to", "nowhere/"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("there is no such folder"));
    let output = asked(folder.path(), &none, &["backup", "--to", "nowhere/b.sqlite"]);
    assert!(output.status.code() == Some(1) && said(&output).contains("write nowhere/"), "{}", said(&output));
    // A program that ends may leave SQLite's own files beside the store; nothing else may be there.
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let others: Vec<_> = names.filter(|name| !name.to_string_lossy().starts_with("none.sqlite")).collect();
    assert!(others.is_empty(), "only the store is there, not {others:?}");
}

#[test]
fn signed_chains_come_back_with_their_key_only_and_the_anchor_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let settings = |name: &str| {
        let mut command = siaga(folder.path());
        command.env("SIAGA_DATABASE_URL", format!("sqlite://{}", at(name))).env("SIAGA_AUDIT_KEY", KEY);
        command.env("SIAGA_AUDIT_ANCHOR", at("anchor.log"));
        command
    };
    let figures = "date,location,measure,value\n2021-06-20,3271,cases,55\n";
    std::fs::write(at("in.csv"), figures).unwrap();
    assert!(settings("one.sqlite").args(["ingest", "--file", "in.csv"]).output().unwrap().status.success());
    assert!(settings("one.sqlite").args(["audit", "seal"]).output().unwrap().status.success());
    let output = settings("one.sqlite").args(["backup", "--to", "b.sqlite"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("the anchor file is not in it: keep"), "{}", said(&output));
    let keyless =
        asked(folder.path(), &format!("sqlite://{}", at("two.sqlite")), &["restore", "--from", "b.sqlite"]);
    assert_eq!(keyless.status.code(), Some(2));
    assert!(said(&keyless).contains("there is no SIAGA_AUDIT_KEY to check it with"), "{}", said(&keyless));
    let output = settings("two.sqlite").args(["restore", "--from", "b.sqlite"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("aside if it is there, then run siaga audit seal"), "{}", said(&output));
    // As it says: the old file aside, then sealed.
    std::fs::rename(at("anchor.log"), at("anchor-before.log")).unwrap();
    assert!(settings("two.sqlite").args(["audit", "seal"]).output().unwrap().status.success());
    let output = settings("two.sqlite").args(["audit", "verify"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("signed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_older_siaga_is_brought_up_while_it_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let older = folder.path().join("older.sqlite");
    let url = format!("sqlite://{}", older.display());
    upgrades::as_version(&url, 8).await;
    let mut connection = intruder(&url).await;
    for statement in [
        "create table backup_stamp (name text primary key, value text not null)",
        "insert into backup_stamp values ('made_at', '1624900000000'), ('program', '0.0.8'), ('schema', '8'), \
         ('data_version', '2')",
        "pragma application_id = 1936286055",
    ] {
        does(&mut connection, statement).await;
    }
    sqlx::Connection::close(connection).await.unwrap();
    sealed(&older);
    let before = std::fs::read(&older).unwrap();
    let target = format!("sqlite://{}/target.sqlite", folder.path().display());
    restored(folder.path(), &older, &target);
    assert_eq!(std::fs::read(&older).unwrap(), before, "the backup stays as it was");
    assert!(
        !std::fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().contains("part") })
    );
    let store = Store::connect(&target).await.unwrap();
    let schema = store.schema().await.unwrap();
    assert_eq!(schema.found, schema.needed);
    assert_eq!(store.observations(&Filter::default()).await.unwrap().len(), 1);
}
