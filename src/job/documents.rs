//! Templates, sentences, fonts and emblem of documents: the shipped ones, and over them those of the operator's folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::assets;
use crate::document::{Templates, Words};

/// The folder of the shipped files.
const SHIPPED: &str = "document/";
/// The sentences of circulars.
const WORDS: &str = "circular.toml";
/// The fonts of the pages, which paper is set in as well.
const FONTS: [&str; 2] = ["assets/font/siaga-sans-400.ttf", "assets/font/siaga-sans-600.ttf"];
/// What of the operator's folder is read: templates and what they may show.
const READ: [&str; 5] = ["typ", "png", "jpg", "jpeg", "svg"];
/// The most that is read of it: fonts have a few megabytes.
const LARGEST: u64 = 32 * 1024 * 1024;

/// What documents are made with.
#[derive(Debug, Clone)]
pub struct DocumentFiles {
    /// Templates and fonts.
    pub templates: Templates,
    /// The sentences of circulars.
    pub words: Words,
    /// The emblem.
    pub logo: Option<Vec<u8>>,
}

impl DocumentFiles {
    /// The shipped files, those of the operator's folder over them, and the emblem.
    ///
    /// # Errors
    /// When a file cannot be read, the folder holds too much, or its sentences cannot be used; the file is named.
    pub fn read(folder: Option<&Path>, logo: Option<&Path>) -> anyhow::Result<Self> {
        let mut templates = Templates::default();
        let shipped_words = assets::data(&format!("{SHIPPED}{WORDS}")).context("find data/document")?;
        for name in assets::data_files(SHIPPED).iter().filter(|name| name.ends_with(".typ")) {
            let text = assets::data(name).with_context(|| format!("find data/{name}"))?;
            templates.files.insert(name.trim_start_matches(SHIPPED).to_owned(), text.into_bytes());
        }
        for name in FONTS {
            let font = assets::dashboard_file(name).with_context(|| format!("find dashboards/{name}"))?;
            templates.fonts.push(font.data.into_owned());
        }
        let own_words = folder.map(|folder| own_files(folder, &mut templates)).transpose()?.flatten();
        let words = match own_words {
            None => Words::parse(&shipped_words, None)?,
            Some((path, text)) => Words::parse(&shipped_words, Some(&text))
                .with_context(|| format!("documents.folder: {}", path.display()))?,
        };
        let logo = logo.map(|path| {
            std::fs::read(path).with_context(|| format!("documents.logo: read {}", path.display()))
        });
        Ok(Self { templates, words, logo: logo.transpose()? })
    }
}

/// Puts the operator's files over the shipped ones; tells of their sentences, if they have some.
fn own_files(folder: &Path, templates: &mut Templates) -> anyhow::Result<Option<(PathBuf, String)>> {
    let named = || format!("documents.folder: read {}", folder.display());
    let mut paths = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>())
        .with_context(named)?;
    paths.sort();
    let (mut words, mut total, mut fonts) = (None, 0, Vec::new());
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
        let is_font = ["ttf", "otf"].contains(&end.as_str());
        if !(path.is_file() && (is_font || name == WORDS || READ.contains(&end.as_str()))) {
            continue;
        }
        total += path.metadata().with_context(named)?.len();
        if total > LARGEST {
            bail!("documents.folder: {} holds more than {} MiB", folder.display(), LARGEST / 1024 / 1024);
        }
        let bytes =
            std::fs::read(&path).with_context(|| format!("documents.folder: read {}", path.display()))?;
        if is_font {
            fonts.push(bytes);
        } else if name == WORDS {
            let text = String::from_utf8(bytes)
                .with_context(|| format!("documents.folder: {} is not UTF-8", path.display()))?;
            words = Some((path, text));
        } else {
            templates.files.insert(name, bytes);
        }
    }
    // Where a template names no font, the city's own come first.
    fonts.append(&mut templates.fonts);
    templates.fonts = fonts;
    Ok(words)
}
