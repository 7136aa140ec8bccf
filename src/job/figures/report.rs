//! Reports on sources: where they disagree, how their figures change and settle, what is doubtful. Figures of staff and of work
//! units are never in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use anyhow::{Context, bail};

use crate::disclosure::{Audience, is_about_staff};
use crate::epi::{LocationId, Vintage};
use crate::export::{Cell, Table};
use crate::job::Journey;
use crate::observation::{
    Completeness, Judgement, Measure, NOISE, Observation, Places, Settling, TriangleRow, Typical,
    Unidentified, completeness, disagreements, last_complete_day, open_doubts, reporting_triangle,
    revision_statistics,
};
use crate::store::Filter;
use crate::text::Phrases;

/// A report on sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureReport {
    /// Where several sources of one measure differ.
    Disagreement,
    /// How often, how far and how late figures change.
    Revisions,
    /// What was known of each day after so many days.
    Triangle,
    /// How much of the final figure is known after so many days.
    Completeness,
    /// What is doubtful and not answered.
    Doubts,
    /// What people said of figures.
    Judgements,
}

impl FigureReport {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Disagreement,
        Self::Revisions,
        Self::Triangle,
        Self::Completeness,
        Self::Doubts,
        Self::Judgements,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disagreement => "disagreement",
            Self::Revisions => "revisions",
            Self::Triangle => "triangle",
            Self::Completeness => "completeness",
            Self::Doubts => "doubts",
            Self::Judgements => "judgements",
        }
    }
}

impl fmt::Display for FigureReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FigureReport {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::ALL.into_iter().find(|report| report.as_str() == text) {
            Some(report) => Ok(report),
            None => bail!("'{text}' is not a report: {}", Self::ALL.map(Self::as_str).join(", ")),
        }
    }
}

/// Which figures, as known when, for whom.
#[derive(Debug, Clone)]
pub struct FiguresWanted {
    /// Only this source; of disagreements those that it takes part in.
    pub source: Option<String>,
    /// As known when; now if `None`.
    pub as_of: Option<Vintage>,
    /// For whom.
    pub audience: Audience,
    /// The share that a day must have to be evaluated, in percent.
    pub complete_pct: f64,
    /// Whether internal notes are shown.
    pub with_internal_notes: bool,
}

/// Days of delay in the triangle.
const LONGEST: u32 = 28;

impl FigureReport {
    /// The report as a table.
    ///
    /// # Errors
    /// When the store does not answer, or nobody knows the source.
    pub async fn table(self, journey: &Journey, wanted: &FiguresWanted) -> anyhow::Result<Table> {
        let as_of = wanted.as_of.unwrap_or_else(|| journey.clock.now());
        let filter = Filter { location: None, as_of: Some(as_of) };
        let told = journey.store.observations(&filter).await.context("read the figures")?;
        if let Some(source) = &wanted.source {
            let is_known = journey.sources.iter().any(|spec| spec.id == *source);
            if !is_known && !told.iter().any(|o| o.source == *source) {
                bail!("there is no source '{source}', and no figure of one");
            }
        }
        let judgements = journey.store.judgements(None, Some(as_of)).await.context("read what was judged")?;
        let journey_parts = Parts::of(journey, as_of);
        let told = shown(journey, told, as_of, &wanted.audience);
        let wanted = wanted.clone();
        crate::job::off_the_runtime(move || Ok(journey_parts.table(self, told, &judgements, &wanted))).await
    }
}

/// What the reports need of a journey.
struct Parts {
    authority: crate::observation::Authority,
    locations: crate::epi::Locations,
    unidentified: BTreeMap<String, Unidentified>,
    zone: chrono_tz::Tz,
    as_of: Vintage,
    phrases: Phrases,
}

impl Parts {
    fn of(journey: &Journey, as_of: Vintage) -> Self {
        let key = |spec: &crate::source::SourceSpec| {
            let location = spec.checks.unidentified.clone()?;
            Some((spec.id.clone(), Unidentified { location, at_most_pct: spec.checks.unidentified_pct }))
        };
        Self {
            authority: journey.authority(),
            locations: journey.city.locations.clone(),
            unidentified: journey.sources.iter().filter_map(key).collect(),
            zone: journey.city.zone,
            as_of,
            phrases: journey.phrases(),
        }
    }

    fn table(
        &self,
        report: FigureReport,
        told: Vec<Observation>,
        judgements: &[Judgement],
        wanted: &FiguresWanted,
    ) -> Table {
        let source = wanted.source.as_deref();
        let is_wanted = |name: &str| source.is_none_or(|source| source == name);
        match report {
            FigureReport::Disagreement => self.disagreement(&told, source),
            FigureReport::Judgements => judged(judgements, &is_wanted, wanted.with_internal_notes),
            _ => {
                let told: Vec<Observation> = told.into_iter().filter(|o| is_wanted(&o.source)).collect();
                match report {
                    FigureReport::Revisions => revisions(&told, self.as_of),
                    FigureReport::Triangle => triangle(&self.rows(&told)),
                    FigureReport::Completeness => self.completeness(&told, wanted.complete_pct),
                    _ => self.doubts(&told, judgements),
                }
            }
        }
    }

    fn rows(&self, told: &[Observation]) -> Vec<TriangleRow> {
        reporting_triangle(told, self.as_of, self.zone, LONGEST)
    }

    fn disagreement(&self, told: &[Observation], source: Option<&str>) -> Table {
        let mut table = Table::new(&[
            ("date", "day the figures are for"),
            ("location", "Kemendagri code without dots"),
            ("measure", "what is counted"),
            ("authority", "the source that counts"),
            ("value", "what it tells"),
            ("source", "the other source"),
            ("other_value", "what that one tells"),
            ("difference", "the other's less that of the source that counts"),
            ("relative", "the difference as a share of the source that counts"),
            ("agreed_on", "last earlier day on which both told the same"),
        ]);
        for d in disagreements(told, self.as_of, &self.authority) {
            if source.is_some_and(|source| source != d.authority && source != d.other) {
                continue;
            }
            table.rows.push(vec![
                d.date.into(),
                d.location.as_str().into(),
                d.measure.name().into(),
                d.authority.into(),
                Cell::Number(d.value),
                d.other.into(),
                Cell::Number(d.other_value),
                Cell::Number(d.difference),
                d.relative.into(),
                d.agreed_on.map_or(Cell::Empty, Cell::from),
            ]);
        }
        table
    }

    fn completeness(&self, told: &[Observation], complete_pct: f64) -> Table {
        let settling = Settling::default();
        let measured = completeness(&self.rows(told), &settling);
        let mut table = Table::new(&[
            ("source", "who reports"),
            ("measure", "what is counted"),
            ("weekday", "of the figures' days; empty for all"),
            ("delay", "days after the figure's day"),
            ("figures", "figures measured"),
            ("mean", "mean share of the final figure (28 days later) that was known"),
            ("p10", "one in ten was no more complete"),
            ("median", "half were no more complete"),
            ("p90", "nine in ten were no more complete"),
            ("evaluation_day", "last day known to the share asked for, by this source and measure"),
        ]);
        let today = self.as_of.local_date(self.zone);
        let keys: BTreeSet<(String, Measure)> =
            measured.iter().map(|c| (c.source.clone(), c.measure)).collect();
        for (source, measure) in keys {
            let of_it: Vec<Completeness> =
                measured.iter().filter(|c| c.source == source && c.measure == measure).cloned().collect();
            let day = last_complete_day(&of_it, today, complete_pct / 100.0, &settling);
            table.rows.extend(of_it.iter().map(|c| {
                vec![
                    c.source.as_str().into(),
                    c.measure.name().into(),
                    c.weekday.map_or(Cell::Empty, |day| weekday(day).into()),
                    Cell::Whole(i64::from(c.delay)),
                    count(c.figures),
                    Cell::Number(c.mean),
                    Cell::Number(c.p10),
                    Cell::Number(c.median),
                    Cell::Number(c.p90),
                    day.map_or(Cell::Empty, Cell::from),
                ]
            }));
        }
        table
    }

    fn doubts(&self, told: &[Observation], judgements: &[Judgement]) -> Table {
        let mut table = Table::new(&[
            ("date", "day the doubt is about; of several days, the last"),
            ("days", "how many days it is about"),
            ("location", "Kemendagri code without dots"),
            ("measure", "what is counted"),
            ("source", "who reports it"),
            ("kind", "what is doubtful"),
            ("detail", "the figures and what they were held against"),
            ("meaning", "the kind in words"),
        ]);
        let places = Places { locations: &self.locations, unidentified: &self.unidentified };
        for doubt in open_doubts(told, judgements, self.as_of, places) {
            table.rows.push(vec![
                doubt.date.into(),
                Cell::Whole(i64::from(doubt.days)),
                doubt.series.location.as_str().into(),
                doubt.series.measure.name().into(),
                doubt.series.source.as_str().into(),
                doubt.kind.code().into(),
                doubt.detail.as_str().into(),
                self.phrases.say(&format!("doubt-{}", doubt.kind)).into(),
            ]);
        }
        table
    }
}

/// The figures of places as the audience may see them, each place for itself; never staff, never units.
fn shown(journey: &Journey, told: Vec<Observation>, as_of: Vintage, audience: &Audience) -> Vec<Observation> {
    let mut by_place: BTreeMap<LocationId, Vec<Observation>> = BTreeMap::new();
    for o in told.into_iter().filter(|o| o.unit_id.is_none() && !is_of_staff(o.measure)) {
        by_place.entry(o.location.clone()).or_default().push(o);
    }
    let disclosed = by_place.into_values().map(|told| journey.disclose(told, as_of, audience).observations);
    disclosed.flatten().filter(|o| !o.is_withheld()).collect()
}

fn is_of_staff(measure: Measure) -> bool {
    match measure {
        Measure::Published(kind) => is_about_staff(kind),
        measure => measure.name().starts_with("staff_"),
    }
}

fn count(count: usize) -> Cell {
    Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}

fn weekday(day: chrono::Weekday) -> &'static str {
    use chrono::Weekday as W;
    match day {
        W::Mon => "mon",
        W::Tue => "tue",
        W::Wed => "wed",
        W::Thu => "thu",
        W::Fri => "fri",
        W::Sat => "sat",
        W::Sun => "sun",
    }
}

fn revisions(told: &[Observation], as_of: Vintage) -> Table {
    let mut table = Table::new(&[
        ("source", "who reports"),
        ("measure", "what is counted"),
        ("figures", "figures with a value"),
        ("changed", "figures that changed at least once"),
        ("share_changed", "the same as a share of all"),
        ("share_changed_much", "share of figures whose last value is more than 5% from the first"),
        ("changes", "changes in all"),
        ("noise", "changes smaller than 0.00001, not counted"),
        ("absolute_median", "last less first value of those that changed, half no larger"),
        ("absolute_p90", "the same, nine in ten no larger"),
        ("relative_median", "the same as a share of the first value, half no larger"),
        ("relative_p90", "the same, nine in ten no larger"),
        ("days_median", "days from first value to last change, half no longer"),
        ("days_p90", "the same, nine in ten no longer"),
    ]);
    let two = |typical: Option<Typical>| [typical.map(|t| t.median).into(), typical.map(|t| t.p90).into()];
    for s in revision_statistics(told, Some(as_of), NOISE) {
        let mut row = vec![
            s.source.as_str().into(),
            s.measure.name().into(),
            count(s.figures),
            count(s.changed),
            Cell::Number(s.share_changed()),
            Cell::Number(s.share_changed_much()),
            count(s.changes),
            count(s.noise),
        ];
        row.extend([s.absolute, s.relative, s.days].into_iter().flat_map(two));
        table.rows.push(row);
    }
    table
}

fn triangle(rows: &[TriangleRow]) -> Table {
    let mut table = Table::new(&[
        ("date", "day the figure is for"),
        ("weekday", "its weekday"),
        ("location", "Kemendagri code without dots"),
        ("measure", "what is counted"),
        ("source", "who reports it"),
        ("delay", "days after the figure's day"),
        ("value", "what was known at the end of that day; empty for nothing"),
        ("last", "what is known at last"),
    ]);
    for row in rows {
        for (delay, value) in (0_i64..).zip(&row.values) {
            table.rows.push(vec![
                row.date.into(),
                weekday(row.weekday).into(),
                row.series.location.as_str().into(),
                row.series.measure.name().into(),
                row.series.source.as_str().into(),
                Cell::Whole(delay),
                (*value).into(),
                row.last.into(),
            ]);
        }
    }
    table
}

fn judged(judgements: &[Judgement], is_wanted: &dyn Fn(&str) -> bool, with_internal_notes: bool) -> Table {
    let mut table = Table::new(&[
        ("id", "its number"),
        ("at", "when, RFC 3339"),
        ("by", "who"),
        ("role", "in which role"),
        ("verdict", "confirm, spread, exclude, withdraw"),
        ("date", "day the figure is for"),
        ("days", "how many days it is about"),
        ("location", "Kemendagri code without dots"),
        ("measure", "what is counted"),
        ("source", "who reports it"),
        ("spread_from", "first of the days it is spread over"),
        ("public_note", "why, for every reader"),
        ("internal_note", "why, for those who judge"),
    ]);
    for j in judgements.iter().filter(|j| is_wanted(&j.series.source)) {
        table.rows.push(vec![
            Cell::Whole(j.id),
            j.at.to_string().into(),
            j.by.as_str().into(),
            j.role.as_str().into(),
            j.verdict.as_str().into(),
            j.date.into(),
            Cell::Whole(i64::from(j.days)),
            j.series.location.as_str().into(),
            j.series.measure.name().into(),
            j.series.source.as_str().into(),
            j.spread_from.map_or(Cell::Empty, Cell::from),
            j.public_note.as_str().into(),
            if with_internal_notes { j.internal_note.as_str().into() } else { Cell::Empty },
        ]);
    }
    table
}
