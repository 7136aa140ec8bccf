//! The file that a backup is: written under a name of its own, sealed, on the disk, and only then given the name that was
//! asked for.
//!
//! The seal is the first four bytes of the SHA-256 of the file in which they are zero. They stand where SQLite leaves a number
//! to the program (`user_version`), so that one file holds everything, and a byte that the disk lost is found before a row is
//! believed. Against people there are the chains, their key, and the whole SHA-256 that is told when the backup is made.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::store::StoreError;

/// "siag", where SQLite keeps who made a file (`application_id`).
pub(super) const MARK: u32 = u32::from_be_bytes(*b"siag");

/// How an SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Its header: the seal and the mark lie in it.
const HEADER: usize = 100;
const SEAL: Range<usize> = 60..64;
const MARKED: Range<usize> = 68..72;

/// The file before it has its name; it goes if it never gets it.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
}

impl Part {
    /// An empty file beside the one that is to be, for its owner alone: a backup holds what the store holds.
    pub(super) fn beside(to: &Path) -> Result<Self, StoreError> {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let path = to.with_file_name(format!(".{name}.part-{}", std::process::id()));
        let part = Self { path };
        // One of a process that had this number before and was killed.
        part.remove();
        make_private(&part.path).map_err(|error| failed("write", &part.path, error))?;
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name. Nothing is written over unless that was asked for, also not what came there meanwhile.
    pub(super) fn finish(self, to: &Path, may_replace: bool) -> Result<(), StoreError> {
        let named = match may_replace {
            true => std::fs::rename(&self.path, to),
            false => match std::fs::hard_link(&self.path, to) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(is_there(to)),
                // Not every file system knows a second name.
                Err(_) if to.symlink_metadata().is_ok() => return Err(is_there(to)),
                Err(_) => std::fs::rename(&self.path, to),
                Ok(()) => Ok(()),
            },
        };
        named.and_then(|()| keep_name(to)).map_err(|error| failed("write", to, error))
    }

    fn remove(&self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.remove();
    }
}

/// That a file is there already.
pub(super) fn is_there(file: &Path) -> StoreError {
    StoreError::Conflict { what: file.display().to_string() }
}

/// What could not be done to a file.
pub(super) fn failed(what: &str, file: &Path, error: io::Error) -> StoreError {
    StoreError::File { doing: format!("{what} {}", file.display()), error }
}

/// Seals a file that nobody has open, brings it to the disk, and tells its length and SHA-256.
pub(super) fn seal(path: &Path) -> io::Result<(u64, String)> {
    let seal = digest(path, true)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(SEAL.start as u64))?;
    file.write_all(seal.get(..SEAL.len()).unwrap_or_default())?;
    file.sync_all()?;
    Ok((file.metadata()?.len(), hex(&digest(path, false)?)))
}

/// SHA-256 of a file, in hex.
///
/// # Errors
/// [`StoreError::File`] when it cannot be read.
pub fn file_sha256(path: &Path) -> Result<String, StoreError> {
    digest(path, false).map(|digest| hex(&digest)).map_err(|error| failed("read", path, error))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a file is no backup, or not as it was when it was made; `None` for one that is.
pub(super) fn fault(path: &Path) -> io::Result<Option<String>> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    let (Some(seal), Some(mark)) = (header.get(SEAL), header.get(MARKED)) else {
        return Ok(Some("it is no backup of siaga".to_owned()));
    };
    if !header.starts_with(MAGIC) || mark != MARK.to_be_bytes() {
        return Ok(Some("it is no backup of siaga".to_owned()));
    }
    let is_whole = digest(path, true)?.starts_with(seal);
    Ok((!is_whole).then(|| "it is damaged: it is not as it was when it was made".to_owned()))
}

/// SHA-256 of a file, as it is or with a seal of zeros.
fn digest(path: &Path, unsealed: bool) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let (mut hasher, mut piece, mut is_first) = (Sha256::new(), vec![0; 1 << 20], true);
    loop {
        let mut filled = 0;
        while let Some(rest) = piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read(rest)? {
                0 => break,
                read => filled += read,
            }
        }
        let read = piece.get_mut(..filled).unwrap_or_default();
        if read.is_empty() {
            return Ok(hasher.finalize().into());
        }
        if let Some(seal) = read.get_mut(SEAL).filter(|_| is_first && unsealed) {
            seal.fill(0);
        }
        hasher.update(&*read);
        is_first = false;
    }
}

/// A new file that its owner alone may read.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// A name is on the disk once its folder is.
#[cfg(unix)]
fn keep_name(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Where folders cannot be opened, their names are kept by the system.
#[cfg(not(unix))]
fn keep_name(_file: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of an SQLite file with siaga's mark, and something behind it.
    fn marked(folder: &Path, length: usize) -> PathBuf {
        let mut bytes = vec![7; length];
        bytes[..MAGIC.len()].copy_from_slice(MAGIC);
        bytes[MARKED].copy_from_slice(&MARK.to_be_bytes());
        let path = folder.join(format!("{length}.sqlite"));
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_byte_that_changed_anywhere_is_found() {
        let folder = tempfile::tempdir().unwrap();
        // Shorter than a piece that is read at once, as long, and longer.
        for length in [HEADER, 5_000, 1 << 20, (1 << 20) + 1] {
            let path = marked(folder.path(), length);
            assert!(fault(&path).unwrap().unwrap().contains("damaged"), "not sealed yet");
            let (bytes, sha256) = seal(&path).unwrap();
            assert_eq!((bytes, sha256.len()), (length as u64, 64));
            assert_eq!(fault(&path).unwrap(), None);
            let whole = std::fs::read(&path).unwrap();
            for place in [16, SEAL.start, SEAL.end - 1, HEADER - 1, length - 1] {
                let mut other = whole.clone();
                other[place] ^= 1;
                std::fs::write(&path, other).unwrap();
                assert!(fault(&path).unwrap().unwrap().contains("damaged"), "{place} of {length}");
            }
            std::fs::write(&path, &whole[..length - 1]).unwrap();
            assert!(fault(&path).unwrap().is_some(), "cut off");
        }
    }

    #[test]
    fn what_is_no_backup_is_told_from_one_that_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let mut unmarked = std::fs::read(marked(folder.path(), 200)).unwrap();
        unmarked[MARKED].fill(0);
        for bytes in [vec![], b"SQLite format 3".to_vec(), b"date,location\n".repeat(40), unmarked] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(fault(&path).unwrap().unwrap(), "it is no backup of siaga");
        }
        assert!(fault(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_name_that_is_taken_is_left_unless_told() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("b.sqlite");
        let part = Part::beside(&to).unwrap();
        std::fs::write(part.path(), "one").unwrap();
        // It came there while the backup was being made.
        std::fs::write(&to, "theirs").unwrap();
        assert!(part.finish(&to, false).unwrap_err().to_string().contains("is there already"));
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "theirs");
        let part = Part::beside(&to).unwrap();
        std::fs::write(part.path(), "two").unwrap();
        part.finish(&to, true).unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(
            Part::beside(Path::new("/nowhere/at/all.sqlite")).unwrap_err().to_string().contains("/nowhere")
        );
    }
}
