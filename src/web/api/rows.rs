//! The collections that are no datasets: places, publishers, pulls, files.

use crate::epi::Vintage;
use crate::export::{Cell, Column, Kind, Table};
use crate::job::{Dataset, Ending, source_freshness};
use crate::store::{Newest, Run};
use crate::web::door::rule_of;
use crate::web::error::WebError;
use crate::web::visit::Visit;

pub(super) fn location_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Text, "location", "Kemendagri code without dots"),
        Column::needed(Kind::Text, "name", "its name"),
        Column::needed(Kind::Text, "level", "country, province, regency or city"),
        Column::new("parent", "code of what it is part of"),
        Column::of(Kind::Number, "population", "residents; empty where they are not known"),
        Column::needed(Kind::Text, "time_zone", "time zone of its days"),
        Column::needed(Kind::Date, "valid_from", "since when this row holds"),
        Column::new("source", "where the number of residents comes from"),
    ]
}

/// The city, what it is part of, and the others of the settings' list.
pub(super) fn locations(visit: &Visit) -> Table {
    let rows = visit.journey().city.locations.newest().map(|place| {
        vec![
            place.id.as_str().into(),
            place.name.as_str().into(),
            place.level.as_str().into(),
            place.parent.as_ref().map_or(Cell::Empty, |parent| parent.as_str().into()),
            place.population.into(),
            place.time_zone.as_str().into(),
            place.valid_from.into(),
            place.source.as_str().into(),
        ]
    });
    Table { columns: location_columns(), rows: rows.collect() }
}

pub(super) fn source_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Text, "source", "its id, as in observations"),
        Column::needed(Kind::Text, "title", "its name and what it brings"),
        Column::needed(Kind::Text, "standing", "never, fresh, due, late, stalled or failing"),
        Column::of(Kind::Moment, "changed_at", "when it last had something new"),
        Column::of(Kind::Moment, "expected", "by when the next is expected"),
        Column::new("licence", "under which terms it publishes"),
        Column::new("contact", "whom to ask"),
        Column::needed(
            Kind::Text,
            "last_answered",
            "when its address was last seen to answer while its file was written; never",
        ),
    ]
}

/// The publishers in use, as they stand at a moment.
pub(super) async fn sources(
    visit: &Visit,
    (newest, as_of): (Option<Newest>, Vintage),
) -> Result<Table, WebError> {
    let is_english = visit.phrases.locale == crate::text::Locale::En;
    let mut rows = Vec::new();
    let found = visit.state.gathered(newest, |viewing| async move {
        Ok((viewing.sources_in_use().await?, source_freshness(&viewing, as_of).await?))
    });
    let (in_use, freshness) = found.await?;
    for told in freshness {
        let Some((spec, _)) = in_use.iter().find(|(spec, _)| spec.id == told.id) else { continue };
        rows.push(vec![
            told.id.into(),
            spec.title_in(is_english).into(),
            told.standing.as_str().into(),
            told.changed_at.map_or(Cell::Empty, Cell::Moment),
            told.expected.map_or(Cell::Empty, Cell::Moment),
            spec.licence.as_str().into(),
            spec.contact.as_str().into(),
            spec.last_answered.as_str().into(),
        ]);
    }
    Ok(Table { columns: source_columns(), rows })
}

pub(super) fn run_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Text, "id", "source and moment"),
        Column::needed(Kind::Text, "source", "the publisher"),
        Column::needed(Kind::Moment, "started_at", "when it started"),
        Column::needed(Kind::Moment, "finished_at", "when it ended"),
        Column::needed(Kind::Text, "outcome", "changed, unchanged, held, failed, …"),
        Column::needed(Kind::Whole, "received", "figures received: accepted + unchanged + rejected + held"),
        Column::needed(Kind::Whole, "accepted", "new or changed"),
        Column::needed(Kind::Whole, "unchanged", "known already"),
        Column::needed(Kind::Whole, "rejected", "refused, each with line, column and reason"),
        Column::needed(Kind::Whole, "held", "waiting for a person's word"),
        Column::new("payload", "SHA-256 of what came, as it is archived; for those who see its figures"),
    ]
}

/// Pulls, the newest first. A few small counts could be guessed until their hash fits.
pub(super) fn run_row(run: &Run, sees_values: bool) -> Vec<Cell> {
    let whole = |count: u64| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    vec![
        run.id.as_str().into(),
        run.source.as_str().into(),
        run.started_at.into(),
        run.finished_at.into(),
        run.outcome.as_str().into(),
        whole(run.received),
        whole(run.accepted),
        whole(run.unchanged),
        whole(run.rejected),
        whole(run.held),
        if sees_values { run.payload.as_str().into() } else { Cell::Empty },
    ]
}

pub(super) fn export_columns() -> Vec<Column> {
    vec![
        Column::needed(Kind::Text, "dataset", "which dataset"),
        Column::needed(Kind::Text, "form", "which form"),
        Column::needed(Kind::Text, "media_type", "its media type"),
        Column::needed(Kind::Text, "address", "the fixed address of the latest"),
    ]
}

/// The files this visitor may take.
pub(super) fn exports(visit: &Visit) -> Table {
    let datasets = Dataset::ALL.into_iter().filter(|dataset| visit.may_pass(rule_of(*dataset)));
    let of_dataset = |dataset: Dataset| {
        Ending::ALL.into_iter().map(move |ending| {
            let address = format!("/exports/{}.{ending}", dataset.name());
            vec![dataset.name().into(), ending.as_str().into(), ending.content_type().into(), address.into()]
        })
    };
    Table { columns: export_columns(), rows: datasets.flat_map(of_dataset).collect() }
}
