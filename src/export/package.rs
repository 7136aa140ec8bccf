//! The descriptor that travels beside a CSV: a Frictionless Data Package, which tells programs the types, what is missing, who
//! reports, under which terms, how it was filtered, as known when, what was withheld, and the hash of the bytes.

use serde_json::{Value, json};

use super::about::{About, SourceNote};
use super::table::{Column, Kind};

/// The descriptor of the CSV at a path.
#[must_use]
pub fn package(columns: &[Column], about: &About, path: &str) -> Value {
    let recipe = &about.recipe;
    let mut package = json!({
        "profile": "tabular-data-package",
        "name": format!("siaga-{}", about.name),
        "id": recipe.to_string(),
        "title": about.title,
        "description": about.holds,
        "version": recipe.data,
        "created": recipe.as_of.to_string(),
        "sources": about.sources.iter().map(source).collect::<Vec<_>>(),
        "siaga": {
            "location": about.place.0,
            "location_name": about.place.1,
            "time_zone": about.zone.name(),
            "as_of": recipe.as_of.to_string(),
            "filters": recipe.asked.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<serde_json::Map<_, _>>(),
            "audience": recipe.audience.name(),
            "suppression": recipe.audience.to_string(),
            "policy": recipe.policy,
            "data": recipe.data,
            "build": recipe.build,
            "rows": about.rows,
        },
        "resources": [{
            "profile": "tabular-data-resource",
            "name": about.name,
            "path": path,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": about.bytes,
            "hash": format!("sha256:{}", about.sha256),
            "dialect": { "delimiter": ",", "header": true },
            "schema": {
                "fields": columns.iter().map(field).collect::<Vec<_>>(),
                "missingValues": [""],
            },
        }],
    });
    let licences = licences(&about.sources);
    // The standard has no empty list: what is not known is left out.
    if !licences.is_empty() {
        package["licenses"] = licences.into();
    }
    if about.sources.is_empty() {
        package.as_object_mut().map(|package| package.shift_remove("sources"));
    }
    package
}

fn field(column: &Column) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Date => "date",
        Kind::Moment => "datetime",
        Kind::Whole => "integer",
        Kind::Number => "number",
    };
    let mut field = json!({ "name": column.name, "type": kind, "description": column.description });
    let mut constraints = serde_json::Map::new();
    if column.is_required {
        constraints.insert("required".to_owned(), json!(true));
    }
    if !column.allowed.is_empty() {
        constraints.insert("enum".to_owned(), json!(column.allowed));
    }
    if !constraints.is_empty() {
        field["constraints"] = constraints.into();
    }
    field
}

/// The terms of the sources, each once.
fn licences(sources: &[SourceNote]) -> Vec<Value> {
    let mut terms: Vec<&str> = sources.iter().map(|source| source.licence.as_str()).collect();
    terms.retain(|terms| !terms.is_empty());
    terms.sort_unstable();
    terms.dedup();
    terms.into_iter().map(|terms| json!({ "name": "other", "title": terms })).collect()
}

fn source(note: &SourceNote) -> Value {
    json!({ "title": note.title, "licence": note.licence })
}
