//! Which dashboards there are: those that ship, and the operator's own out of a folder, which add some or stand over shipped
//! ones. The folder is looked at again from time to time; a file that cannot be used leaves the last good one in place and
//! says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::definition::{Dashboard, Fault, Opens};
use super::file::{NAMES, check, load};
use crate::assessment::Text;
use crate::assets;

/// Letters of a name: it is part of an address.
const LONGEST_NAME: usize = 40;

/// A dashboard that can be shown.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web) struct Board {
    /// The last good one.
    pub(in crate::web) dashboard: Dashboard,
    /// Why its file cannot be used as it is now.
    pub(in crate::web) fault: Option<Fault>,
    /// Whether it is the operator's own.
    is_own: bool,
}

/// All of them by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::web) struct Shelf(BTreeMap<String, Board>);

impl Shelf {
    /// One of them.
    pub(in crate::web) fn get(&self, name: &str) -> Option<&Board> {
        self.0.get(name)
    }

    /// All their names.
    pub(in crate::web) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }

    /// The operator's own that ship under no name, with their names.
    pub(in crate::web) fn added(&self) -> impl Iterator<Item = (&str, &Board)> {
        let all = self.0.iter().map(|(name, board)| (name.as_str(), board));
        all.filter(|(name, _)| !NAMES.contains(name))
    }
}

/// The shelf, and where it is filled from.
#[derive(Debug)]
pub(in crate::web) struct Shelves {
    folder: Option<PathBuf>,
    every: Duration,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    looked: Instant,
    /// What the folder looked like.
    files: Vec<Seen>,
    shelf: Arc<Shelf>,
    /// How often it has become another one.
    turns: u64,
}

/// A file of the folder: changed when, how long.
type Seen = (PathBuf, Option<SystemTime>, u64);

impl Shelves {
    /// Fills the shelf; the folder is looked at again so often.
    ///
    /// # Errors
    /// When a shipped dashboard cannot be used, or the folder cannot be read. A fault in a file of the operator's own is told on
    /// its page.
    pub(in crate::web) fn new(folder: Option<&Path>, every: Duration) -> anyhow::Result<Self> {
        let files = folder.map_or(Ok(Vec::new()), seen)?;
        let shelf = Arc::new(filled(&files, &Shelf::default())?);
        for fault in shelf.0.values().filter_map(|board| board.fault.as_ref()) {
            tracing::warn!(%fault, "a dashboard cannot be used");
        }
        let known = Mutex::new(Known { looked: Instant::now(), files, shelf, turns: 0 });
        Ok(Self { folder: folder.map(Path::to_path_buf), every, known })
    }

    /// The shelf as it is now.
    pub(in crate::web) fn now(&self) -> Arc<Shelf> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.looked.elapsed() < self.every {
            return Arc::clone(&known.shelf);
        }
        known.looked = Instant::now();
        // A folder that is gone for a moment takes nothing away.
        let files =
            self.folder.as_deref().map_or(Ok(Vec::new()), seen).unwrap_or_else(|_| known.files.clone());
        // In a debug build the shipped files are those of the checkout and may have changed too.
        if files != known.files || cfg!(debug_assertions) {
            if let Ok(shelf) = filled(&files, &known.shelf)
                && shelf != *known.shelf
            {
                known.shelf = Arc::new(shelf);
                known.turns += 1;
            }
            known.files = files;
        }
        Arc::clone(&known.shelf)
    }
}

impl Shelves {
    /// How often the shelf has become another one: what was made of it before is out of date.
    pub(in crate::web) fn turns(&self) -> u64 {
        self.now();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).turns
    }
}

/// The dashboards of a folder, in order of their names.
fn seen(folder: &Path) -> anyhow::Result<Vec<Seen>> {
    let entries = std::fs::read_dir(folder);
    let entries =
        entries.map_err(|error| anyhow::anyhow!("read dashboards.folder {}: {error}", folder.display()))?;
    let mut files: Vec<Seen> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let about = std::fs::metadata(&path).ok();
            let changed = about.as_ref().and_then(|about| about.modified().ok());
            (path, changed, about.map_or(0, |about| about.len()))
        })
        .collect();
    files.sort();
    Ok(files)
}

/// The shipped ones with the operator's own over them; what cannot be used stays as it was before.
fn filled(files: &[Seen], before: &Shelf) -> Result<Shelf, Fault> {
    let mut shelf = Shelf::default();
    for name in NAMES {
        shelf.0.insert(name.to_owned(), Board { dashboard: load(name)?, fault: None, is_own: false });
    }
    for (path, ..) in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let last = before.get(&name).filter(|board| board.is_own).or_else(|| shelf.get(&name));
        let board = match own(path, &name) {
            Ok(dashboard) => Board { dashboard, fault: None, is_own: true },
            Err(fault) => {
                let dashboard = last.map_or_else(|| nothing(&name), |board| board.dashboard.clone());
                Board { dashboard, fault: Some(fault), is_own: true }
            }
        };
        shelf.0.insert(name, board);
    }
    Ok(shelf)
}

/// Stands where a file could not be used from the first: a page without panels, for those who may read the city's.
fn nothing(name: &str) -> Dashboard {
    let title = Text { id: name.to_owned(), en: name.to_owned() };
    let (lead, opens) = (None, Opens::default());
    Dashboard { title, lead, opens, is_wall: false, panels: Vec::new(), rows: Vec::new() }
}

/// One file of the operator's own.
fn own(path: &Path, name: &str) -> Result<Dashboard, Fault> {
    let fault = |message: String| Fault { file: path.display().to_string(), line: 1, message };
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_letter) {
        let message =
            format!("name it with up to {LONGEST_NAME} of a-z, 0-9, - and _: it is part of an address");
        return Err(fault(message));
    }
    let text = std::fs::read_to_string(path).map_err(|error| fault(format!("it cannot be read: {error}")))?;
    let dashboard = check(&path.display().to_string(), &text)?;
    let shipped = load(name).ok().filter(|_| has_fixed_door(name));
    match shipped.filter(|shipped| shipped.opens != dashboard.opens) {
        Some(shipped) => Err(fault(format!(
            "the page {name} is opened by the same people whatever its file says: write audience = \"{}\"",
            shipped.opens.as_str()
        ))),
        None => Ok(dashboard),
    }
}

/// These pages' doors are in the table of doors; the wall's is as its file says.
fn has_fixed_door(name: &str) -> bool {
    NAMES.contains(&name) && name != "wall"
}

/// Every fault of the shipped dashboards and of a folder of the operator's own.
///
/// # Errors
/// When the folder cannot be read.
pub fn check_dashboards(folder: Option<&Path>) -> anyhow::Result<Vec<Fault>> {
    let shipped = assets::dashboard_names();
    let mut faults: Vec<Fault> = shipped.iter().filter_map(|name| load(name).err()).collect();
    for (path, ..) in folder.map_or(Ok(Vec::new()), seen)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        faults.extend(own(&path, &name).err());
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title = { id = \"Rapat\", en = \"Meeting\" }\n";
    const SOUND: &str = "panels = [{ kind = \"level\" }]\n";

    fn written(folder: &Path, name: &str, text: &str) {
        std::fs::write(folder.join(name), format!("{HEAD}{text}")).unwrap();
    }

    #[test]
    fn a_broken_edit_keeps_the_last_good_one_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), "rapat.toml", SOUND);
        let shelves = Shelves::new(Some(folder.path()), Duration::ZERO).unwrap();
        let good = shelves.now().get("rapat").unwrap().clone();
        assert_eq!((good.fault.as_ref(), good.dashboard.panels.len()), (None, 1));
        written(folder.path(), "rapat.toml", "panels = [{ kind = \"levle\" }]\n");
        let broken = shelves.now().get("rapat").unwrap().clone();
        assert_eq!(broken.dashboard, good.dashboard);
        assert_eq!(broken.fault.unwrap().line, 2);
        written(folder.path(), "rapat.toml", "panels = [{ kind = \"level\" }, { kind = \"countdown\" }]\n");
        let mended = shelves.now().get("rapat").unwrap().clone();
        assert_eq!((mended.fault, mended.dashboard.panels.len()), (None, 2));
        std::fs::remove_file(folder.path().join("rapat.toml")).unwrap();
        assert!(shelves.now().get("rapat").is_none());
    }

    #[test]
    fn an_own_file_stands_over_a_shipped_one_and_cannot_open_its_door() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), "wall.toml", &format!("audience = \"public\"\n{SOUND}"));
        written(folder.path(), "mayor.toml", SOUND);
        written(folder.path(), "officials.toml", &format!("audience = \"public\"\n{SOUND}"));
        let shelf = Shelves::new(Some(folder.path()), Duration::ZERO).unwrap().now();
        assert_eq!(shelf.get("wall").unwrap().dashboard.opens, Opens::Public);
        assert_eq!(shelf.get("mayor").unwrap().dashboard.panels.len(), 1);
        let officials = shelf.get("officials").unwrap();
        assert_eq!(officials.dashboard, load("officials").unwrap(), "the shipped one is still shown");
        assert!(officials.fault.as_ref().unwrap().message.contains("audience = \"officials\""));
        assert_eq!(shelf.added().count(), 0);
        assert_eq!(check_dashboards(Some(folder.path())).unwrap().len(), 1);
    }

    #[test]
    fn names_are_parts_of_addresses_and_a_folder_that_is_not_there_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Rapat.toml", "rapat pagi.toml", "rapat.pagi.toml"] {
            written(folder.path(), name, SOUND);
        }
        written(folder.path(), "catatan.txt", "no dashboard");
        let faults = check_dashboards(Some(folder.path())).unwrap();
        assert_eq!(faults.len(), 3);
        assert!(faults.iter().all(|fault| fault.message.starts_with("name it with")));
        let gone = folder.path().join("gone");
        let said = Shelves::new(Some(&gone), Duration::ZERO).unwrap_err().to_string();
        assert!(said.starts_with("read dashboards.folder") && check_dashboards(Some(&gone)).is_err());
    }

    #[test]
    fn the_folder_is_not_looked_at_for_each_page() {
        let folder = tempfile::tempdir().unwrap();
        let shelves = Shelves::new(Some(folder.path()), Duration::from_secs(3600)).unwrap();
        written(folder.path(), "rapat.toml", SOUND);
        assert!(shelves.now().get("rapat").is_none(), "not yet");
    }
}
