//! `siaga user` and `siaga token` as the operator types them.

use std::path::Path;
use std::process::Output;

use crate::support::siaga;

fn typed(folder: &Path, args: &[&str]) -> Output {
    let mut command = siaga(folder);
    command.env_remove("SUDO_USER").env("USER", "tuti").args(args).output().expect("the program starts")
}

fn printed(folder: &Path, args: &[&str]) -> String {
    let output = typed(folder, args);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "siaga {args:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// The exit code and what was said.
fn refused(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = typed(folder, args);
    assert!(output.stdout.is_empty(), "siaga {args:?} prints nothing");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn an_account_is_added_changed_and_disabled_at_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let add = ["user", "add", "Tuti", "--role", "owner", "--title", "Tuti Suryani"];
    let link = printed(folder, &add);
    let token = link.trim().strip_prefix("http://127.0.0.1:8080/invitation/").expect("a one-time link");
    assert_eq!(token.len(), 43);
    assert_ne!(printed(folder, &["user", "recover", "tuti"]), link, "another link");
    printed(
        folder,
        &["user", "add", "siti", "--role", "unit_head", "--unit", "dinkes", "--oidc", "Siti@kota.example"],
    );
    printed(folder, &["user", "role", "siti", "analyst"]);
    printed(folder, &["user", "disable", "siti"]);

    let list = printed(folder, &["user", "list", "--format", "json"]);
    assert!(!list.contains(token));
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let row = |n: usize, column: &str| list[n][column].as_str().unwrap_or("").to_owned();
    assert_eq!(
        (row(0, "name"), row(0, "role"), row(0, "state")),
        ("siti".into(), "analyst".into(), "disabled".into())
    );
    assert_eq!((row(0, "unit_id"), row(0, "oidc_name")), (String::new(), "siti@kota.example".into()));
    assert_eq!(
        (row(1, "name"), row(1, "state"), row(1, "second_step")),
        ("tuti".into(), "invited".into(), "missing".into())
    );

    let log = printed(folder, &["audit", "list", "--format", "csv"]);
    for action in ["account_added", "account_recovered", "account_changed", "account_disabled"] {
        assert!(
            log.lines().any(|line| line.contains(action) && line.contains("tuti,operator")),
            "{action}: {log}"
        );
    }
    assert!(!log.contains(token));
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    printed(folder, &["user", "add", "tuti", "--role", "owner"]);
    for (args, code, reason) in [
        (&["user", "add", "siti", "--role", "unit_head"][..], 2, "needs a unit"),
        (&["user", "add", "siti", "--role", "unit_head", "--unit", "dinas-x"], 2, "no such unit"),
        (&["user", "add", "siti", "--role", "mayor", "--unit", "dinkes"], 2, "only a head of unit"),
        (&["user", "add", "siti", "--role", "boss"], 2, "not a role"),
        (&["user", "add", "s t", "--role", "mayor"], 2, "3 to 40"),
        (&["user", "add", "TUTI", "--role", "mayor"], 1, "already"),
        (&["user", "recover", "nobody"], 1, "no account"),
        (&["user", "disable", "tuti"], 1, "last owner"),
        (&["user", "role", "tuti", "analyst"], 1, "last owner"),
        (
            &["token", "add", "--user", "tuti", "--title", "x", "--scope", "decide", "--days", "9"],
            2,
            "no more than",
        ),
        (
            &["token", "add", "--user", "tuti", "--title", "x", "--scope", "all", "--days", "9"],
            2,
            "permitted",
        ),
        (
            &["token", "add", "--user", "tuti", "--title", "x", "--scope", "read_city", "--days", "400"],
            2,
            "366",
        ),
        (&["token", "revoke", "nothing"], 1, "none of that id"),
    ] {
        let (status, said) = refused(folder, args);
        assert_eq!(status, code, "{args:?}: {said}");
        assert!(said.contains(reason), "{args:?}: {said}");
    }
}

#[test]
fn a_token_is_printed_once_listed_without_itself_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    printed(folder, &["user", "add", "siti", "--role", "analyst"]);
    let add =
        ["token", "add", "--user", "siti", "--title", "Dasbor provinsi", "--scope", "export", "--days", "90"];
    let token = printed(folder, &add);
    let token = token.trim();
    assert!(token.starts_with("siaga_") && token.len() == 49, "{token}");
    let listed = || -> serde_json::Value {
        let list = printed(folder, &["token", "list", "--user", "siti", "--format", "json"]);
        assert!(!list.contains(token));
        serde_json::from_str(&list).unwrap()
    };
    let row = &listed()[0];
    assert_eq!((row["account"].as_str(), row["scopes"].as_str()), (Some("siti"), Some("export")));
    assert!(row["revoked_at"].is_null());
    printed(folder, &["token", "revoke", row["id"].as_str().unwrap()]);
    assert!(listed()[0]["revoked_at"].is_string());
}
