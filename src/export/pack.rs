//! Several files as one: a zip whose bytes are the same for the same files, with a list of their hashes in it.

use std::io::{Cursor, Write};

use anyhow::Context;
use serde_json::json;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::recipe::{Recipe, hex};

/// The list of the files.
pub const MANIFEST: &str = "manifest.json";

/// A file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Its path in the pack, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl PackFile {
    /// A file.
    #[must_use]
    pub fn new(path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.to_owned(), bytes: bytes.into() }
    }
}

/// A fingerprint of files, whatever order they come in.
#[must_use]
pub fn fingerprint_of(files: &[PackFile]) -> String {
    let mut lines: Vec<String> =
        files.iter().map(|file| format!("{} {}\n", hex(&Sha256::digest(&file.bytes)), file.path)).collect();
    lines.sort();
    super::recipe::fingerprint(lines.concat().as_bytes())
}

/// The files in order of their paths, and before them their list.
///
/// # Errors
/// What the writer refuses.
pub fn pack(mut files: Vec<PackFile>, recipe: &Recipe) -> anyhow::Result<Vec<u8>> {
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let listed: Vec<_> = files
        .iter()
        .map(|file| {
            json!({
                "path": file.path,
                "bytes": file.bytes.len(),
                "sha256": hex(&Sha256::digest(&file.bytes)),
            })
        })
        .collect();
    let manifest = json!({
        "id": recipe.to_string(),
        "as_of": recipe.as_of.to_string(),
        "suppression": recipe.audience.to_string(),
        "policy": recipe.policy,
        "data": recipe.data,
        "build": recipe.build,
        "files": listed,
    });
    let manifest = serde_json::to_vec_pretty(&manifest).context("list the files of the pack")?;
    files.insert(0, PackFile::new(MANIFEST, manifest));
    // Neither the hour nor the machine leaves a trace: the same files are the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &files {
        zip.start_file(&file.path, options).and_then(|()| Ok(zip.write_all(&file.bytes)?)).context("pack")?;
    }
    Ok(zip.finish().context("pack")?.into_inner())
}
