//! A chart as a file: SVG for documents, PNG for mail and chat, and what it shows as a table; each with the id by which the same is
//! made again.

use std::fmt;
use std::str::FromStr;

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::shown::shown;
use crate::chart::{Theme, png};
use crate::export::{About, BUILD, Recipe, Table, fingerprint, hex, mark_png, mark_svg, write_csv, xlsx};
use crate::job::policy_name;
use crate::web::figures::{self, Asked, Subject};

/// A form in which a chart is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureForm {
    /// A drawing.
    Svg,
    /// A picture.
    Png,
    /// What it shows, as tidy CSV.
    Csv,
    /// What it shows, as a workbook.
    Xlsx,
}

impl PictureForm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Svg, Self::Png, Self::Csv, Self::Xlsx];

    /// How the file's name ends.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// What browsers are told that it is.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl fmt::Display for PictureForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PictureForm {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|form| form.as_str() == text).ok_or(())
    }
}

/// Which chart, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The chart's name.
    pub name: String,
    /// As what.
    pub form: PictureForm,
    /// Whether it is for a dark page.
    pub is_dark: bool,
    /// Whether it is for a phone.
    pub is_narrow: bool,
    /// Days, scale and unit; what is not said is as the dashboards have it.
    pub asked: Asked,
}

impl Picture {
    /// The file that an id names, `charts/epicurve.svg`; `None` for another file.
    #[must_use]
    pub fn of(recipe: &Recipe) -> Option<Self> {
        let (name, form) = recipe.what.strip_prefix("charts/")?.rsplit_once('.')?;
        figures::NAMES.contains(&name).then_some(())?;
        let asked = Asked::read(recipe.asked("scale"), recipe.asked("per"), recipe.asked("days"));
        Some(Self {
            name: name.to_owned(),
            form: form.parse().ok().filter(|form| Self::has(name, *form))?,
            is_dark: recipe.asked("theme") == Some("dark"),
            is_narrow: recipe.asked("size") == Some("phone"),
            asked: asked.ok()?,
        })
    }

    /// Whether a chart is given out in a form: what is drawn very small, and the card of a link, have no table of their own.
    #[must_use]
    pub fn has(name: &str, form: PictureForm) -> bool {
        let is_drawn = matches!(form, PictureForm::Svg | PictureForm::Png);
        is_drawn || !["sparkline", "card"].contains(&name)
    }

    fn size(&self) -> (u32, u32) {
        if self.is_narrow { figures::PHONE } else { figures::usual_size(&self.name) }
    }

    fn recipe(&self, subject: Subject<'_>, shown: &[u8]) -> Recipe {
        let mut asked = vec![("date".to_owned(), subject.view.date.to_string())];
        asked.extend(self.asked.days.map(|days| ("days".to_owned(), days.to_string())));
        asked.extend(self.asked.is_log.then(|| ("scale".to_owned(), "log".to_owned())));
        asked.extend(self.asked.per.map(|per| ("per".to_owned(), per.as_str().to_owned())));
        asked.extend(self.is_narrow.then(|| ("size".to_owned(), "phone".to_owned())));
        asked.extend(self.is_dark.then(|| ("theme".to_owned(), "dark".to_owned())));
        Recipe {
            what: format!("charts/{}.{}", self.name, self.form),
            asked,
            as_of: subject.view.as_of,
            audience: subject.view.audience.clone(),
            locale: subject.phrases.locale,
            policy: policy_name(subject.journey),
            data: fingerprint(shown),
            build: BUILD.to_owned(),
        }
    }
}

/// Makes a chart's file, and tells how it is made again.
///
/// # Errors
/// When there is no chart of this name, or it cannot be packed.
pub fn picture(subject: Subject<'_>, asked: &Picture) -> anyhow::Result<(Recipe, Vec<u8>)> {
    let none = || format!("draw {}", asked.name);
    if matches!(asked.form, PictureForm::Csv | PictureForm::Xlsx) {
        let table = shown(&asked.name, subject, asked.asked).with_context(none)?;
        return as_table(subject, asked, &table);
    }
    let theme = if asked.is_dark { Theme::Dark } else { Theme::Light };
    let chart = figures::draw(&asked.name, subject, asked.asked, theme, asked.size());
    let svg = chart.with_context(none)?.svg;
    let recipe = asked.recipe(subject, svg.as_bytes());
    let id = recipe.to_string();
    let bytes = match asked.form {
        PictureForm::Png => mark_png(&png(&svg, figures::sharpness(&asked.name))?, &id),
        _ => mark_svg(&svg, &id).into_bytes(),
    };
    Ok((recipe, bytes))
}

fn as_table(subject: Subject<'_>, asked: &Picture, table: &Table) -> anyhow::Result<(Recipe, Vec<u8>)> {
    let mut csv = Vec::new();
    write_csv(table, &mut csv)?;
    let recipe = asked.recipe(subject, &csv);
    if asked.form == PictureForm::Csv {
        return Ok((recipe, csv));
    }
    let city = &subject.journey.city;
    let about = About {
        title: format!("{}: {}", city.name, asked.name),
        holds: subject.phrases.say("export-chart-holds"),
        name: asked.name.clone(),
        place: (city.location.as_str().to_owned(), city.name.clone()),
        zone: city.zone,
        recipe: recipe.clone(),
        sources: Vec::new(),
        sha256: hex(&Sha256::digest(&csv)),
        bytes: csv.len() as u64,
        rows: table.rows.len(),
    };
    Ok((recipe, xlsx(table, &about)?))
}
