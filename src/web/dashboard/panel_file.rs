//! One panel as it is written in a dashboard's file: every key checked, each fault at the key's own place.

use serde::Deserialize;
use toml::Spanned;

use super::definition::{Attention, CurveSettings, Fact, Panel};
use crate::assessment::{Text, unknown_name};
use crate::epi::IndicatorKind;
use crate::web::figures;

/// Days of a chart where its panel does not say how many.
const DAYS: u32 = 56;
/// Characters of a text of the operator's own.
const LONGEST_TEXT: usize = 4000;

/// A place in the file, and what is wrong there.
pub(super) type At = (usize, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Level,
    BothViews,
    Sentence,
    Chart,
    Epicurve,
    LevelStrip,
    Facts,
    WouldChange,
    Attention,
    Countdown,
    Freshness,
    Staff,
    Line,
    Alerts,
    Units,
    Sources,
    Runs,
    Filters,
    Indicators,
    Table,
    Revisions,
    Downloads,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ruler {
    Linear,
    Log,
}

/// Flat on purpose: an enum tagged by `kind` would lose the lines of its faults.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PanelFile {
    kind: Spanned<Kind>,
    chart: Option<Spanned<String>>,
    days: Option<Spanned<u32>>,
    scale: Option<Spanned<Ruler>>,
    thresholds_per_100k: Option<Spanned<Vec<f64>>>,
    facts: Option<Spanned<Vec<Fact>>>,
    points: Option<Spanned<Vec<Attention>>>,
    most: Option<Spanned<usize>>,
    figure: Option<Spanned<String>>,
    columns: Option<Spanned<Vec<IndicatorKind>>>,
    indicators: Option<Spanned<Vec<IndicatorKind>>>,
    title: Option<Spanned<Text>>,
    text: Option<Spanned<Text>>,
}

impl PanelFile {
    /// Whether it is the strip that stands under the curve before it.
    pub(super) fn is_strip(&self) -> bool {
        *self.kind.get_ref() == Kind::LevelStrip
    }

    /// The panel, or the place of the fault and a sentence.
    pub(super) fn check(self) -> Result<Panel, At> {
        self.refuse_strangers()?;
        let at = self.kind.span().start;
        let missing = |what: &str| (at, what.to_owned());
        Ok(match *self.kind.get_ref() {
            Kind::Level => Panel::Level,
            Kind::BothViews => Panel::BothViews,
            Kind::Sentence => Panel::Sentence,
            Kind::Chart => self.chart()?,
            Kind::Epicurve => Panel::Epicurve(self.curve()?),
            Kind::LevelStrip => return Err(missing("level_strip stands under an epicurve")),
            Kind::Facts => {
                Panel::Facts(several(self.facts, missing("facts: name some of staff, beds, zone"))?)
            }
            Kind::WouldChange => Panel::WouldChange { most: self.most()? },
            Kind::Attention => Panel::Attention(several(
                self.points,
                missing("points: name some of evaluation, clusters, ceiling, doubts, sources, held"),
            )?),
            Kind::Countdown => Panel::Countdown,
            Kind::Freshness => Panel::Freshness,
            Kind::Staff => Panel::Staff { days: self.days()? },
            Kind::Line => Panel::Line { days: self.days()?, figure: self.line_figure()? },
            Kind::Alerts => Panel::Alerts { most: self.most()? },
            Kind::Units => Panel::Units,
            Kind::Sources => Panel::Sources,
            Kind::Runs => Panel::Runs { most: self.most()? },
            Kind::Filters => Panel::Filters { days: self.days()? },
            Kind::Indicators => Panel::Indicators {
                days: self.days()?,
                columns: several(self.columns, missing("columns: name the indicators"))?,
            },
            Kind::Table => Panel::Table {
                indicators: several(self.indicators, missing("indicators: name the indicators"))?,
            },
            Kind::Revisions => Panel::Revisions { most: self.most()? },
            Kind::Downloads => Panel::Downloads,
            Kind::Text => self.text(missing("text: write { id = \"…\", en = \"…\" }"))?,
        })
    }

    /// A key that a panel does not have would be silently without effect.
    fn refuse_strangers(&self) -> Result<(), At> {
        use Kind as K;
        fn place<T>(key: Option<&Spanned<T>>) -> Option<usize> {
            key.map(|key| key.span().start)
        }
        let kind = *self.kind.get_ref();
        let has_days =
            matches!(kind, K::Chart | K::Epicurve | K::Staff | K::Line | K::Filters | K::Indicators);
        let has_most = matches!(kind, K::WouldChange | K::Alerts | K::Runs | K::Revisions);
        let is_curve = kind == K::Epicurve
            || kind == K::Chart && self.chart.as_ref().is_some_and(|name| name.get_ref() == "epicurve");
        let keys = [
            ("days", place(self.days.as_ref()), has_days),
            ("most", place(self.most.as_ref()), has_most),
            ("chart", place(self.chart.as_ref()), kind == K::Chart),
            ("scale", place(self.scale.as_ref()), is_curve),
            ("thresholds_per_100k", place(self.thresholds_per_100k.as_ref()), is_curve),
            ("facts", place(self.facts.as_ref()), kind == K::Facts),
            ("points", place(self.points.as_ref()), kind == K::Attention),
            ("figure", place(self.figure.as_ref()), kind == K::Line),
            ("columns", place(self.columns.as_ref()), kind == K::Indicators),
            ("indicators", place(self.indicators.as_ref()), kind == K::Table),
            ("title", place(self.title.as_ref()), kind == K::Text),
            ("text", place(self.text.as_ref()), kind == K::Text),
        ];
        let stranger =
            keys.into_iter().find_map(|(key, at, belongs)| at.filter(|_| !belongs).map(|at| (key, at)));
        stranger.map_or(Ok(()), |(key, at)| Err((at, format!("{key} does not belong to this kind of panel"))))
    }

    fn chart(self) -> Result<Panel, At> {
        let at = self.kind.span().start;
        let Some(name) = &self.chart else {
            return Err((at, format!("chart: write one of {}", figures::NAMES.join(", "))));
        };
        let (place, name) = (name.span().start, name.get_ref().clone());
        if !figures::NAMES.contains(&name.as_str()) {
            return Err((place, unknown_name("chart", &name, figures::NAMES.iter().copied())));
        }
        let days = if self.days.is_some() { self.days()? } else { DAYS };
        Ok(match name.as_str() {
            "epicurve" => Panel::Epicurve(CurveSettings { days, ..self.curve()? }),
            "level_strip" => Panel::Strip { days },
            "staff" => Panel::Staff { days },
            line if figures::line_names().any(|known| known == line) => Panel::Line { figure: name, days },
            _ => Panel::Chart { figure: name },
        })
    }

    fn curve(&self) -> Result<CurveSettings, At> {
        let days = if *self.kind.get_ref() == Kind::Chart { DAYS } else { self.days()? };
        let thresholds = self.thresholds_per_100k.as_ref();
        let thresholds = thresholds.map(|values| (values.span().start, values.get_ref().clone()));
        Ok(CurveSettings {
            days,
            thresholds_per_100k: thresholds
                .map_or(Ok(Vec::new()), |(at, values)| self::thresholds(at, values))?,
            has_strip: false,
            is_log: self.scale.as_ref().is_some_and(|scale| *scale.get_ref() == Ruler::Log),
        })
    }

    fn days(&self) -> Result<u32, At> {
        self.number(self.days.as_ref(), 7..=1100, "days: write 7 to 1100")
    }

    fn most(&self) -> Result<usize, At> {
        self.number(self.most.as_ref(), 1..=500, "most: write 1 to 500")
    }

    fn number<T: PartialOrd + Copy>(
        &self,
        key: Option<&Spanned<T>>,
        allowed: std::ops::RangeInclusive<T>,
        message: &str,
    ) -> Result<T, At> {
        let at = key.map_or(self.kind.span().start, |key| key.span().start);
        let value = key.map(|key| *key.get_ref()).filter(|value| allowed.contains(value));
        value.ok_or_else(|| (at, message.to_owned()))
    }

    fn line_figure(&self) -> Result<String, At> {
        let known: Vec<&str> = figures::line_names().collect();
        match &self.figure {
            Some(name) if known.contains(&name.get_ref().as_str()) => Ok(name.get_ref().clone()),
            Some(name) => Err((
                name.span().start,
                format!("figure: {}", unknown_name("line", name.get_ref(), known.iter().copied())),
            )),
            None => Err((self.kind.span().start, format!("figure: write one of {}", known.join(", ")))),
        }
    }

    fn text(self, missing: At) -> Result<Panel, At> {
        let text = self.text.ok_or(missing)?;
        let at = text.span().start;
        let text = text.into_inner();
        for words in [&text.id, &text.en] {
            if words.trim().is_empty() || words.chars().count() > LONGEST_TEXT {
                return Err((at, format!("text: write up to {LONGEST_TEXT} characters in both languages")));
            }
        }
        Ok(Panel::Text { title: self.title.map(Spanned::into_inner), text })
    }
}

/// A list with something in it.
fn several<T>(list: Option<Spanned<Vec<T>>>, missing: At) -> Result<Vec<T>, At> {
    let Some(list) = list else { return Err(missing) };
    let at = list.span().start;
    Some(list.into_inner()).filter(|list| !list.is_empty()).ok_or((at, missing.1))
}

fn thresholds(at: usize, values: Vec<f64>) -> Result<Vec<f64>, At> {
    let rises = values.windows(2).all(|pair| pair[0] < pair[1]);
    if rises && values.len() <= 3 && values.iter().all(|value| value.is_finite() && *value > 0.0) {
        return Ok(values);
    }
    Err((at, "thresholds_per_100k: write at most three numbers above zero, lowest first".to_owned()))
}
