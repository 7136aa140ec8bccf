//! What ships inside the one binary: `data/` and `dashboards/`. In a debug build they are read from the checkout,
//! so that a change shows at once.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// The files of `data/`.
#[derive(RustEmbed)]
#[folder = "data/"]
struct Data;

/// The dashboards and the files that pages ask for.
#[derive(RustEmbed)]
#[folder = "dashboards/"]
#[include = "*.toml"]
#[include = "assets/*"]
#[include = "assets/font/*"]
struct Dashboards;

/// A text file of `data/`.
#[must_use]
pub fn data(path: &str) -> Option<String> {
    Data::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// The names of the files in a folder of `data/`, in order.
#[must_use]
pub fn data_files(folder: &str) -> Vec<String> {
    let mut names: Vec<String> =
        Data::iter().map(Cow::into_owned).filter(|name| name.starts_with(folder)).collect();
    names.sort();
    names
}

/// A file of `dashboards/`: a dashboard, a style sheet, a font.
#[must_use]
pub fn dashboard_file(path: &str) -> Option<EmbeddedFile> {
    Dashboards::get(path)
}

/// The names of the dashboards, in order.
#[must_use]
pub fn dashboard_names() -> Vec<String> {
    let mut names: Vec<String> =
        Dashboards::iter().filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    names.sort();
    names
}
