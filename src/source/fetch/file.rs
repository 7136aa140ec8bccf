//! A file of the operator's instead of an address: one by name, or the newest whose name fits a pattern.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::body::too_large;
use super::fault::Fault;
use super::fetcher::Fetched;
use super::{Payload, Validators, sha256_hex};
use crate::text::Reason;

/// Reads the file, unless it is the one that is known.
pub(super) fn read(
    path: &str,
    base: Option<&Path>,
    most: usize,
    known: &Validators,
) -> Result<Fetched, Fault> {
    let path = Path::new(path);
    let (root, full) = if path.is_absolute() {
        (path.parent().unwrap_or(path).to_owned(), path.to_owned())
    } else {
        let base = base.ok_or_else(|| Fault::lasting(Reason::new("no-folder")))?;
        (base.to_owned(), base.join(path))
    };
    let found = find(&full)?;
    let real = fs::canonicalize(&found).map_err(|error| unreadable(&found, &error))?;
    let root = fs::canonicalize(&root).map_err(|error| unreadable(&root, &error))?;
    if !real.starts_with(&root) {
        return Err(Fault::lasting(Reason::new("leads-out").text("path", found.display())));
    }
    let before = fs::metadata(&real).map_err(|error| unreadable(&found, &error))?;
    if !before.is_file() {
        return Err(Fault::lasting(Reason::new("no-file").text("path", found.display())));
    }
    let mark = mark(&found, &before);
    if mark == known.etag {
        return Ok(Fetched::NotModified);
    }
    let body = whole(&real, most).map_err(|error| unreadable(&found, &error))?;
    if body.len() > most {
        return Err(too_large(most));
    }
    let after = fs::metadata(&real).map_err(|error| unreadable(&found, &error))?;
    if self::mark(&found, &after) != mark {
        return Err(Fault::passing(Reason::new("being-written").text("path", found.display())));
    }
    Ok(Fetched::Payload(Payload {
        address: found.display().to_string(),
        sha256: sha256_hex(&body),
        body,
        content_type: String::new(),
        validators: Validators { etag: mark, last_modified: String::new() },
    }))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    Fault::passing(Reason::new("file-unreadable").text("path", path.display()).text("detail", error))
}

fn whole(path: &Path, most: usize) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut body)?;
    Ok(body)
}

/// Name, size and time of the last change: another file, or the same one written again, has another.
fn mark(path: &Path, about: &Metadata) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}:{}:{}", about.len(), changed(about))
}

fn changed(about: &Metadata) -> u128 {
    let since = about.modified().ok().and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos())
}

/// The file, or of those that fit a pattern the one written last; of two of the same moment the last by name.
fn find(path: &Path) -> Result<PathBuf, Fault> {
    let pattern = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !pattern.contains('*') {
        return Ok(path.to_owned());
    }
    let folder = path.parent().unwrap_or(path);
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let fitting = entries.filter_map(Result::ok).filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let about = fs::metadata(entry.path()).ok()?;
        (fits(&pattern, &name) && about.is_file()).then(|| (changed(&about), name, entry.path()))
    });
    fitting.max().map(|(.., path)| path).ok_or_else(|| {
        Fault::passing(Reason::new("no-file-fits").text("pattern", &pattern).text("folder", folder.display()))
    })
}

/// Whether a name fits a pattern in which `*` stands for any letters. Hidden files never do.
fn fits(pattern: &str, name: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let (Some((first, rest)), false) = (parts.split_first(), name.starts_with('.')) else {
        return false;
    };
    let Some(mut left) = name.strip_prefix(first) else {
        return false;
    };
    let Some((last, middle)) = rest.split_last() else {
        return left.is_empty();
    };
    for part in middle {
        let Some(place) = left.find(part) else {
            return false;
        };
        left = &left[place + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1000;

    fn body(fetched: Result<Fetched, Fault>) -> Result<(String, Validators), String> {
        match fetched.map_err(|fault| fault.reason.to_string())? {
            Fetched::NotModified => Err("not modified".to_owned()),
            Fetched::Payload(payload) => Ok((String::from_utf8(payload.body).unwrap(), payload.validators)),
        }
    }

    #[test]
    fn the_newest_file_that_fits_is_read_and_the_same_one_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str, second: u64| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            let at = UNIX_EPOCH + std::time::Duration::from_secs(second);
            File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
        };
        let none = Validators::default();
        let read = |known: &Validators| body(read("kasus-*.csv", Some(folder.path()), MOST, known));
        assert!(read(&none).unwrap_err().contains("no file fits kasus-*.csv"));
        write("kasus-1.csv", "one", 100);
        write("kasus-2.csv", "two", 300);
        write("kasus-3.csv", "three", 200);
        write("kasus-4.xlsx", "four", 400);
        write(".kasus-5.csv", "five", 500);
        let (text, known) = read(&none).unwrap();
        assert_eq!(text, "two");
        assert_eq!(read(&known).unwrap_err(), "not modified");
        write("kasus-2.csv", "owt", 301);
        assert_eq!(read(&known).unwrap().0, "owt");
        write("kasus-9.csv", &"x".repeat(MOST + 1), 900);
        assert!(read(&none).unwrap_err().starts_with("it is larger than 1,000 bytes"));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_the_folder_is_read() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(other.path().join("secret.csv"), "secret").unwrap();
        std::os::unix::fs::symlink(other.path().join("secret.csv"), folder.path().join("kasus.csv")).unwrap();
        std::os::unix::fs::symlink(other.path(), folder.path().join("in")).unwrap();
        fs::create_dir(folder.path().join("kasus-folder")).unwrap();
        let none = Validators::default();
        for path in ["kasus.csv", "kasus*", "in/secret.csv", "in/*.csv"] {
            let said = body(read(path, Some(folder.path()), MOST, &none)).unwrap_err();
            assert!(said.contains("leads out of its folder"), "{path}: {said}");
        }
        let whole = folder.path().join("kasus.csv").display().to_string();
        assert!(body(read(&whole, None, MOST, &none)).unwrap_err().contains("leads out"));
        assert!(
            body(read("kasus-folder", Some(folder.path()), MOST, &none)).unwrap_err().contains("not a file")
        );
        assert!(
            body(read("gone.csv", Some(folder.path()), MOST, &none)).unwrap_err().contains("cannot be read")
        );
        assert!(body(read("gone.csv", None, MOST, &none)).unwrap_err().contains("source.folder"));
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name) in
            [("*", "a"), ("a*", "a"), ("*.csv", "a.csv"), ("a*b*c", "axxbyyc"), ("a*a", "aa")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*.csv", "a.xlsx"), ("a*a", "a"), ("a*b*c", "acb"), ("*", ".a"), ("a", "ab")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
