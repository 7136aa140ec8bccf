//! Names the build: the version, and a number made of everything the program is compiled from. Two programs of one name give the
//! same bytes for the same question; of two names nobody can promise it (`siaga reproduce`).

#![expect(clippy::disallowed_methods, reason = "cargo tells a build script by variables what it builds")]

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// What is compiled in always, and what only in a release: a debug build reads it from the checkout while it runs.
const ALWAYS: [&str; 3] = ["src", "Cargo.lock", "dashboards/text"];
const IN_A_RELEASE: [&str; 2] = ["data", "dashboards"];

fn main() -> std::io::Result<()> {
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let mut files = Vec::new();
    for root in ALWAYS.iter().chain(IN_A_RELEASE.iter().filter(|_| is_release)) {
        println!("cargo:rerun-if-changed={root}");
        find(Path::new(root), &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut hasher = DefaultHasher::new();
    for file in files {
        hasher.write(file.to_string_lossy().as_bytes());
        hasher.write(&std::fs::read(&file)?);
    }
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo:rustc-env=SIAGA_BUILD={version}-{:08x}", hasher.finish() >> 32);
    Ok(())
}

/// The files of a folder and the folders in it.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        find(&entry?.path(), files)?;
    }
    Ok(())
}
