//! Everything a page shows of the city, gathered once; pages only put it into words.

use chrono::{Duration, NaiveDate};

use super::Journey;
use super::assess::indicators_as_of;
use crate::assessment::{Assessment, assess, assess_on, backtest};
use crate::epi::{Vintage, Window};
use crate::indicator::{IndicatorTable, UnitCases, daily_cases, unit_cases};
use crate::observation::{Cell, Grid, Observation, Snapshot};
use crate::store::{AlertRow, Message, Run, SavedAssessment, SourceState};

/// What the reader asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Focus {
    /// The day; the last one known if `None`.
    pub date: Option<NaiveDate>,
    /// As known when; now if `None`.
    pub as_of: Option<Vintage>,
}

/// The city at one moment.
#[derive(Debug)]
pub struct CityView {
    /// The day shown.
    pub date: NaiveDate,
    /// As known when.
    pub as_of: Vintage,
    /// Figures by day.
    pub grid: Grid,
    /// Daily new cases by slot of the grid.
    pub daily: Vec<Option<Cell>>,
    /// Indicators by day.
    pub table: IndicatorTable,
    /// The assessment of the day: as it was made then, if one was, else on these figures.
    pub assessment: Assessment,
    /// Whether that assessment was made then (and not just now).
    pub is_as_made: bool,
    /// The same day assessed on the figures of `as_of`.
    pub on_these_figures: Assessment,
    /// What the rules said each day as known then: the last evaluation of each day, oldest first.
    pub ledger: Vec<SavedAssessment>,
    /// What they say of each day on the figures of `as_of`.
    pub backtest: Vec<Assessment>,
    /// Alerts, newest first.
    pub alerts: Vec<AlertRow>,
    /// Pulls, newest first.
    pub runs: Vec<Run>,
    /// Each source and what it said last.
    pub sources: Vec<(String, SourceState)>,
    /// Messages, newest first.
    pub messages: Vec<Message>,
    /// Cases by unit in the fourteen days to the day shown.
    pub unit_cases: Vec<UnitCases>,
    /// Every vintage known, for tables of figures.
    pub observations: Vec<Observation>,
    /// Rises whenever anything is added.
    pub version: i64,
}

/// Gathers the view.
///
/// # Errors
/// When the store does not answer.
pub async fn city_view(journey: &Journey, focus: Focus) -> anyhow::Result<CityView> {
    let now = journey.clock.now();
    let as_of = focus.as_of.unwrap_or(now);
    let location = &journey.city.location;
    let made = journey.store.assessments(location, Some(as_of)).await?;
    let known_until = as_of.local_date(journey.city.zone);
    let date = focus.date.or(made.last().map(|saved| saved.assessment.date));
    let table = indicators_as_of(journey, as_of, date.unwrap_or(known_until).min(known_until)).await?;
    let date = date.unwrap_or_else(|| last_day(&table, known_until));
    let observations = journey.observations(as_of).await?;
    let (observations, grid) = grid_as_of(journey, observations, as_of, date).await?;
    let ledger = last_of_each_day(made);
    let on_these_figures = assessed(journey, &table, focus, (date, &ledger));
    let saved = ledger.iter().find(|saved| saved.assessment.date == date);
    let mut sources = Vec::new();
    for spec in &journey.sources {
        sources.push((spec.id.clone(), journey.store.source_state(&spec.id).await?));
    }
    Ok(CityView {
        date,
        as_of,
        daily: daily_cases(&grid),
        assessment: saved.map_or_else(|| on_these_figures.clone(), |saved| saved.assessment.clone()),
        is_as_made: saved.is_some(),
        on_these_figures,
        backtest: backtest(journey.case(&table), Window::between(table.first, date), None),
        unit_cases: grid
            .index(date)
            .map_or_else(Vec::new, |slot| unit_cases(&grid, slot, journey.method.cluster_days)),
        grid,
        table,
        ledger,
        alerts: journey.store.alerts(Some(as_of)).await?,
        runs: journey.store.runs(60).await?,
        sources,
        messages: journey.store.messages(100).await?,
        observations,
        version: journey.store.data_version().await?,
    })
}

/// The day on the figures of the moment. Asked "as known then", what stood is what was recommended then; asked of
/// today's figures, it is worked out from the days before.
fn assessed(
    journey: &Journey,
    table: &IndicatorTable,
    focus: Focus,
    (date, ledger): (NaiveDate, &[SavedAssessment]),
) -> Assessment {
    let is_same_policy = |saved: &&SavedAssessment| {
        let policy = &saved.assessment.policy;
        policy.id == journey.policy.id && policy.version == journey.policy.version
    };
    let earlier = ledger.iter().rev().filter(is_same_policy).find(|saved| saved.assessment.date < date);
    match earlier.filter(|_| focus.as_of.is_some()) {
        Some(saved) => assess(journey.case(table), date, Some(&saved.standing)).0,
        None => assess_on(journey.case(table), date),
    }
}

/// The city's figures by day; an empty grid of the day when nothing is known.
async fn grid_as_of(
    journey: &Journey,
    observations: Vec<Observation>,
    as_of: Vintage,
    date: NaiveDate,
) -> anyhow::Result<(Vec<Observation>, Grid)> {
    let (authority, location) = (journey.authority(), journey.city.location.clone());
    super::off_the_runtime(move || {
        let grids = Snapshot::new(&observations, Some(as_of), &authority)?.grids(Some(date))?;
        let own = grids.into_iter().find(|grid| grid.location == location);
        Ok((observations, own.unwrap_or_else(|| Grid::new(location, date, date))))
    })
    .await
}

/// The last day with a case figure, or the day known until when there is none.
fn last_day(table: &IndicatorTable, known_until: NaiveDate) -> NaiveDate {
    let age = table.at(crate::epi::IndicatorKind::DataAgeDays, known_until).value();
    #[expect(clippy::cast_possible_truncation, reason = "an age in days is a small whole number")]
    age.map_or(known_until, |age| known_until - Duration::days(age as i64))
}

fn last_of_each_day(made: Vec<SavedAssessment>) -> Vec<SavedAssessment> {
    let mut ledger: Vec<SavedAssessment> = Vec::new();
    for saved in made {
        if ledger.last().is_some_and(|last| last.assessment.date == saved.assessment.date) {
            ledger.pop();
        }
        ledger.push(saved);
    }
    ledger
}
