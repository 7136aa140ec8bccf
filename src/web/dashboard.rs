//! A dashboard as a file: its title in both languages and its panels from top to bottom.
//!
//! Unknown keys, keys that do not belong to a panel's kind and impossible numbers are faults with file and line.

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::figures;
use crate::assessment::Text;
use crate::assets;
use crate::epi::IndicatorKind;

/// The dashboards that have a page.
pub(super) const NAMES: [&str; 4] = ["mayor", "public", "officials", "analyst"];

/// A dashboard file that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}, line {line}: {message}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its title, also its name in the menu.
    pub title: Text,
    /// A sentence under the title; without one the title is not shown on the page.
    pub lead: Option<Text>,
    pub(super) panels: Vec<Panel>,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Panel {
    Level,
    BothViews,
    Epicurve(CurveSettings),
    Facts(Vec<Fact>),
    WouldChange { most: usize },
    Attention(Vec<Attention>),
    Staff { days: u32 },
    Line { figure: String, days: u32 },
    Alerts { most: usize },
    Units,
    Sources,
    Runs { most: usize },
    Filters { days: u32 },
    Indicators { days: u32, columns: Vec<IndicatorKind> },
    Revisions { most: usize },
    Downloads,
}

/// What the epidemic curve shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CurveSettings {
    /// How many days up to the day shown.
    pub(super) days: u32,
    /// Cases per 100,000 residents in seven days, lowest first.
    pub(super) thresholds_per_100k: Vec<f64>,
    /// Whether the level strip stands under it.
    pub(super) has_strip: bool,
}

/// One of the numbers beside the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    Staff,
    Beds,
    Zone,
}

/// One of the things to keep in mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Attention {
    Evaluation,
    Clusters,
    Ceiling,
    Doubts,
    Sources,
    /// Batches that wait for a person's word; not named while there are none.
    Held,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DashboardFile {
    title: Text,
    lead: Option<Text>,
    panels: Vec<Spanned<PanelFile>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Level,
    BothViews,
    Epicurve,
    LevelStrip,
    Facts,
    WouldChange,
    Attention,
    Staff,
    Line,
    Alerts,
    Units,
    Sources,
    Runs,
    Filters,
    Indicators,
    Revisions,
    Downloads,
}

/// Flat on purpose: an enum tagged by `kind` would lose the lines of its faults.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PanelFile {
    kind: Kind,
    days: Option<u32>,
    thresholds_per_100k: Option<Vec<f64>>,
    facts: Option<Vec<Fact>>,
    points: Option<Vec<Attention>>,
    most: Option<usize>,
    figure: Option<String>,
    columns: Option<Vec<IndicatorKind>>,
}

/// Reads and checks a dashboard; `name` is that of its file, for the fault.
///
/// # Errors
/// [`Fault`] with file and line.
pub fn check(name: &str, text: &str) -> Result<Dashboard, Fault> {
    let line_at = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    let fault = |line: usize, message: String| Fault { file: name.to_owned(), line, message };
    let file: DashboardFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(span.start));
        fault(line, error.message().to_owned())
    })?;
    let mut panels: Vec<Panel> = Vec::new();
    for row in file.panels {
        let line = line_at(row.span().start);
        match (row.into_inner(), panels.last_mut()) {
            (PanelFile { kind: Kind::LevelStrip, .. }, Some(Panel::Epicurve(curve))) => {
                curve.has_strip = true
            }
            (PanelFile { kind: Kind::LevelStrip, .. }, _) => {
                return Err(fault(
                    line,
                    "level_strip stands under an epicurve: put it right after one".to_owned(),
                ));
            }
            (row, _) => panels.push(row.check().map_err(|message| fault(line, message))?),
        }
    }
    Ok(Dashboard { title: file.title, lead: file.lead, panels })
}

impl PanelFile {
    fn check(self) -> Result<Panel, String> {
        self.refuse_strangers()?;
        let days = || self.days.filter(|days| (7..=1100).contains(days)).ok_or("days: write 7 to 1100");
        let most = || self.most.filter(|most| (1..=500).contains(most)).ok_or("most: write 1 to 500");
        Ok(match self.kind {
            Kind::Level => Panel::Level,
            Kind::BothViews => Panel::BothViews,
            Kind::Epicurve => Panel::Epicurve(CurveSettings {
                days: days()?,
                thresholds_per_100k: thresholds(self.thresholds_per_100k.unwrap_or_default())?,
                has_strip: false,
            }),
            Kind::LevelStrip => return Err("level_strip stands under an epicurve".to_owned()),
            Kind::Facts => Panel::Facts(self.facts.ok_or("facts: name some of staff, beds, zone")?),
            Kind::WouldChange => Panel::WouldChange { most: most()? },
            Kind::Attention => Panel::Attention(
                self.points.ok_or("points: name some of evaluation, clusters, ceiling, doubts, sources")?,
            ),
            Kind::Staff => Panel::Staff { days: days()? },
            Kind::Line => Panel::Line { days: days()?, figure: line_figure(self.figure)? },
            Kind::Alerts => Panel::Alerts { most: most()? },
            Kind::Units => Panel::Units,
            Kind::Sources => Panel::Sources,
            Kind::Runs => Panel::Runs { most: most()? },
            Kind::Filters => Panel::Filters { days: days()? },
            Kind::Indicators => Panel::Indicators {
                days: days()?,
                columns: self.columns.ok_or("columns: name the indicators")?,
            },
            Kind::Revisions => Panel::Revisions { most: most()? },
            Kind::Downloads => Panel::Downloads,
        })
    }

    /// A key that a panel does not have would be silently without effect.
    fn refuse_strangers(&self) -> Result<(), String> {
        use Kind as K;
        let kind = self.kind;
        let has_days = matches!(kind, K::Epicurve | K::Staff | K::Line | K::Filters | K::Indicators);
        let has_most = matches!(kind, K::WouldChange | K::Alerts | K::Runs | K::Revisions);
        let keys = [
            ("days", self.days.is_some(), has_days),
            ("most", self.most.is_some(), has_most),
            ("thresholds_per_100k", self.thresholds_per_100k.is_some(), kind == K::Epicurve),
            ("facts", self.facts.is_some(), kind == K::Facts),
            ("points", self.points.is_some(), kind == K::Attention),
            ("figure", self.figure.is_some(), kind == K::Line),
            ("columns", self.columns.is_some(), kind == K::Indicators),
        ];
        match keys.into_iter().find(|(_, is_there, belongs)| *is_there && !belongs) {
            Some((key, ..)) => Err(format!("{key} does not belong to this kind of panel")),
            None => Ok(()),
        }
    }
}

fn thresholds(values: Vec<f64>) -> Result<Vec<f64>, String> {
    let rises = values.windows(2).all(|pair| pair[0] < pair[1]);
    if rises && values.len() <= 3 && values.iter().all(|value| value.is_finite() && *value > 0.0) {
        return Ok(values);
    }
    Err("thresholds_per_100k: write at most three numbers above zero, lowest first".to_owned())
}

fn line_figure(figure: Option<String>) -> Result<String, String> {
    let known = figures::line_names().collect::<Vec<_>>();
    figure
        .filter(|name| known.contains(&name.as_str()))
        .ok_or_else(|| format!("figure: write one of {}", known.join(", ")))
}

/// Reads and checks a shipped dashboard by its name.
///
/// # Errors
/// [`Fault`] with file and line.
pub fn check_dashboard(name: &str) -> anyhow::Result<Dashboard> {
    Ok(load(name)?)
}

/// The shipped file of a dashboard.
pub(super) fn load(name: &str) -> Result<Dashboard, Fault> {
    let path = format!("{name}.toml");
    let shown = format!("dashboards/{path}");
    let missing = || Fault { file: shown.clone(), line: 1, message: "the file is missing".to_owned() };
    let file = assets::dashboard_file(&path).ok_or_else(missing)?;
    check(&shown, &String::from_utf8_lossy(&file.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title = { id = \"a\", en = \"b\" }\npanels = [\n";

    fn line(panels: &str) -> Result<usize, usize> {
        check("x.toml", &format!("{HEAD}{panels}\n]\n")).map(|it| it.panels.len()).map_err(|fault| fault.line)
    }

    #[test]
    fn the_shipped_dashboards_are_sound() {
        for name in NAMES {
            assert!(load(name).is_ok(), "{:?}", load(name).err());
        }
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(
            line("{ kind = \"level\" },\n{ kind = \"epicurve\", days = 56 },\n{ kind = \"level_strip\" }"),
            Ok(2)
        );
        assert_eq!(line("{ kind = \"level\" },\n{ kind = \"levle\" }"), Err(4));
        assert_eq!(line("{ kind = \"level\" },\n{ kind = \"level\", days = 7 }"), Err(4));
        assert_eq!(line("{ kind = \"level\", color = 7 }"), Err(3));
        assert_eq!(line("{ kind = \"level_strip\" }"), Err(3));
        assert_eq!(line("{ kind = \"epicurve\", days = 56, thresholds_per_100k = [50, 20] }"), Err(3));
        assert_eq!(line("{ kind = \"line\", days = 56, figure = \"nonsense\" }"), Err(3));
    }
}
