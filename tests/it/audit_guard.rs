//! The audit log's key and its anchor outside the database, held against somebody who may write to the database, and
//! knows how hashes are made.

use std::path::Path;

use siaga::audit::{ChainKey, FIRST, canonical, link_hash};
use siaga::store::{Guard, Store};
use sqlx::Row;

use super::audit::{does, entry, fill, intruder, verify};
use crate::support::siaga;

const KEY: &str = "a key of the operator's, at least 32 characters";

fn address(folder: &Path) -> String {
    format!("sqlite://{}/siaga.sqlite", folder.display())
}

async fn guarded(folder: &Path, key: Option<&str>, anchor: Option<&Path>) -> Store {
    let key = key.map(|key| ChainKey::new(key).unwrap());
    Store::connect_guarded(&address(folder), Guard::new(key, anchor)).await.unwrap()
}

/// Changes the actor of a row and works out every later hash anew, and the head: as good as it gets without the key.
async fn rewrite(url: &str, from: i64) {
    let mut connection = intruder(url).await;
    does(&mut connection, &format!("update audit set actor = 'nobody' where seq = {from}")).await;
    let rows = sqlx::query("select * from audit order by seq").fetch_all(&mut connection).await.unwrap();
    let mut previous = FIRST.to_owned();
    for row in rows {
        let seq: i64 = row.get("seq");
        let mut values = vec![serde_json::Value::from(row.get::<i64, _>("at"))];
        for column in ["actor", "role", "action", "object", "detail", "address"] {
            values.push(row.get::<String, _>(column).into());
        }
        let hash = link_hash(&previous, &canonical("audit", seq, &values));
        does(
            &mut connection,
            &format!("update audit set previous = '{previous}', hash = '{hash}' where seq = {seq}"),
        )
        .await;
        previous = hash;
    }
    does(&mut connection, &format!("update chain set hash = '{previous}' where name = 'audit'")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_key_and_anchor_a_chain_written_anew_is_not_seen_and_with_the_key_it_is() {
    let (plain, signed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(&guarded(plain.path(), None, None).await).await;
    rewrite(&address(plain.path()), 3).await;
    assert_eq!(verify(plain.path(), &address(plain.path()), &[]).0, Some(0), "the rewriting itself is right");

    let (url, key) = (address(signed.path()), [("SIAGA_AUDIT_KEY", KEY)]);
    let store = guarded(signed.path(), Some(KEY), None).await;
    fill(&store).await;
    let (code, said) = verify(signed.path(), &url, &key);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("  signed").count(), 2, "{said}");
    rewrite(&url, 3).await;
    let unsigned = "chain audit, sequence number 6: the head of the chain is not signed";
    assert!(verify(signed.path(), &url, &key).1.contains(unsigned));
    // What is appended later does not wash it clean.
    store.record(&entry(7)).await.unwrap();
    let (code, said) = verify(signed.path(), &url, &key);
    assert!(
        code == Some(1) && said.contains("sequence number 7: the head of the chain is not signed"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_taken_away_or_made_with_another_key_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let url = address(folder.path());
    fill(&guarded(folder.path(), Some(KEY), None).await).await;
    let other = [("SIAGA_AUDIT_KEY", "another key of at least 32 characters!")];
    assert_eq!(verify(folder.path(), &url, &other).0, Some(1));
    assert_eq!(verify(folder.path(), &url, &[("SIAGA_AUDIT_KEY", KEY)]).0, Some(0));
    let mut connection = intruder(&url).await;
    let was: (String,) = sqlx::query_as("select mac from chain where name = 'recommendation'")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    for mac in ["", "zz", &was.0.replace(&was.0[..1], "x")] {
        does(&mut connection, &format!("update chain set mac = '{mac}' where name = 'recommendation'")).await;
        let (code, said) = verify(folder.path(), &url, &[("SIAGA_AUDIT_KEY", KEY)]);
        assert!(code == Some(1) && said.contains("chain recommendation, sequence number 6"), "{mac}: {said}");
    }
    assert_eq!(
        verify(folder.path(), &url, &[]).0,
        Some(0),
        "without the key hashes alone are held against each other"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_appended_to_a_signed_chain_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    fill(&guarded(folder.path(), Some(KEY), None).await).await;
    let refused = guarded(folder.path(), None, None).await.record(&entry(7)).await.unwrap_err().to_string();
    assert!(refused.contains("SIAGA_AUDIT_KEY"), "{refused}");
    assert_eq!(verify(folder.path(), &address(folder.path()), &[("SIAGA_AUDIT_KEY", KEY)]).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_set_by_sealing_what_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let url = address(folder.path());
    fill(&guarded(folder.path(), None, None).await).await;
    let seal = || {
        let mut command = siaga(folder.path());
        command.env("SIAGA_DATABASE_URL", &url).env("SIAGA_AUDIT_KEY", KEY).args(["audit", "seal"]);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    assert_eq!(verify(folder.path(), &url, &[("SIAGA_AUDIT_KEY", KEY)]).0, Some(1), "not signed yet");
    let mut connection = intruder(&url).await;
    does(&mut connection, "update audit set actor = 'Sekda' where seq = 2").await;
    let (code, said) = seal();
    assert!(code == Some(1) && said.contains("chain audit, sequence number 2"), "{said}");
    does(&mut connection, "update audit set actor = 'sekda' where seq = 2").await;
    let (code, said) = seal();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("  signed").count(), 3, "{said}");
    assert_eq!(verify(folder.path(), &url, &[("SIAGA_AUDIT_KEY", KEY)]).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_of_the_database_put_back_is_seen_by_the_anchor() {
    let folder = tempfile::tempdir().unwrap();
    let (anchor, url) = (folder.path().join("elsewhere/anchor.log"), address(folder.path()));
    let named = anchor.display().to_string();
    let settings = [("SIAGA_AUDIT_ANCHOR", named.as_str())];
    let store = guarded(folder.path(), None, Some(&anchor)).await;
    fill(&store).await;
    let copy = folder.path().join("older.sqlite");
    does(&mut intruder(&url).await, &format!("vacuum into '{}'", copy.display())).await;
    for minute in 7..=9 {
        store.record(&entry(minute)).await.unwrap();
    }
    drop(store);
    let (code, said) = verify(folder.path(), &url, &settings);
    assert_eq!(code, Some(0), "{said}");
    let lines = std::fs::read_to_string(&anchor).unwrap();
    assert_eq!(lines.lines().filter(|line| line.starts_with("audit ")).count(), 9, "a line a row: {lines}");
    let older = format!("sqlite://{}", copy.display());
    assert_eq!(verify(folder.path(), &older, &[]).0, Some(0), "whole in itself");
    let (code, said) = verify(folder.path(), &older, &settings);
    assert!(code == Some(1) && said.contains("chain audit, sequence number 7: the chain was cut"), "{said}");
    // Going on from the older copy: another row 7.
    let guard = Guard::new(None, Some(&anchor));
    let store = Store::connect_guarded(&older, guard).await.unwrap();
    for minute in 20..=25 {
        store.record(&entry(minute)).await.unwrap();
    }
    let (code, said) = verify(folder.path(), &older, &settings);
    assert!(
        code == Some(1) && said.contains("chain audit, sequence number 7: the chain was written anew"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_written_anew_is_seen_by_the_anchor() {
    let folder = tempfile::tempdir().unwrap();
    let (anchor, url) = (folder.path().join("anchor.log"), address(folder.path()));
    let named = anchor.display().to_string();
    fill(&guarded(folder.path(), None, Some(&anchor)).await).await;
    assert_eq!(verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]).0, Some(0));
    rewrite(&url, 3).await;
    let (code, said) = verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]);
    assert!(
        code == Some(1) && said.contains("chain audit, sequence number 3: the chain was written anew"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anchor_that_cannot_be_written_loses_no_row_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let (anchor, url) = (folder.path().join("file/anchor.log"), address(folder.path()));
    let named = anchor.display().to_string();
    let store = guarded(folder.path(), None, Some(&anchor)).await;
    assert_eq!(
        verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]).0,
        Some(0),
        "nothing to remember yet"
    );
    store.record(&entry(1)).await.unwrap();
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0));
    let (code, said) = verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]);
    assert!(
        code == Some(1) && said.contains("chain audit, sequence number 1: the anchor file does not hold"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_anchor_cut_away_is_told_and_a_start_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let (anchor, url) = (folder.path().join("anchor.log"), address(folder.path()));
    let named = anchor.display().to_string();
    let store = guarded(folder.path(), None, Some(&anchor)).await;
    fill(&store).await;
    let lines = std::fs::read_to_string(&anchor).unwrap();
    let most: Vec<&str> = lines.lines().filter(|line| !line.contains(" 6 ")).collect();
    std::fs::write(&anchor, most.join("\n") + "\n").unwrap();
    assert_eq!(verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]).0, Some(1));
    store.anchor_heads(entry(9).at).await.unwrap();
    let (code, said) = verify(folder.path(), &url, &[("SIAGA_AUDIT_ANCHOR", &named)]);
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn verifying_while_others_append_raises_no_alarm() {
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("anchor.log");
    let store = guarded(folder.path(), Some(KEY), Some(&anchor)).await;
    let other = guarded(folder.path(), Some(KEY), Some(&anchor)).await;
    let appending = [store.clone(), other].map(|store| {
        tokio::spawn(async move {
            for minute in 0..100 {
                store.record(&entry(minute)).await.unwrap();
                if minute % 40 == 39 {
                    store.delete_logs(entry(minute - 20).at, entry(minute).at).await.unwrap();
                }
            }
        })
    });
    let mut verified = 0;
    while verified < 5 || !appending.iter().all(tokio::task::JoinHandle::is_finished) {
        for report in store.verify_chains().await.unwrap() {
            assert_eq!(report.fault, None, "after {verified} times");
        }
        verified += 1;
    }
    for task in appending {
        task.await.unwrap();
    }
    let report = store.verify_chains().await.unwrap().remove(0);
    assert!(report.is_signed && report.first > 1 && report.last > 200, "{report:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_and_a_new_anchor_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("anchor.log");
    let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    let store = Store::connect_guarded(&url, Guard::new(None, Some(&anchor))).await.unwrap();
    store.record(&entry(1)).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", file.path().display());
    }
    assert!(anchor.exists() && folder.path().join("siaga.sqlite").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn verifying_signed_chains_without_the_key_says_that_signatures_were_not_checked() {
    let folder = tempfile::tempdir().unwrap();
    let url = address(folder.path());
    fill(&guarded(folder.path(), Some(KEY), None).await).await;
    let (code, said) = verify(folder.path(), &url, &[]);
    assert!(code == Some(0) && said.contains("signatures were not checked: audit, recommendation"), "{said}");
    let (code, said) = verify(folder.path(), &url, &[("SIAGA_AUDIT_KEY", KEY)]);
    assert!(code == Some(0) && !said.contains("not checked"), "{said}");
}
