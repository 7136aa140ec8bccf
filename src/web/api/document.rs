//! The OpenAPI document, made from the collections themselves: a column that is added stands in it.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    PathItem, PathsBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};

use super::collection::Collection;
use super::paging::{MOST, USUAL};
use crate::export::{Column, Kind, fingerprint};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// What each parameter means; `lang`, `as_of`, `limit` and `cursor` belong to every collection.
const PARAMETERS: [(&str, &str); 9] = [
    ("from", "first day, YYYY-MM-DD"),
    ("to", "last day, YYYY-MM-DD"),
    ("measure", "only these measures, with commas between them"),
    ("indicator", "only these indicators, with commas between them"),
    ("location", "only this location; the city's own code"),
    ("as_of", "as known then: a day (its end) or a moment with an offset; now if absent"),
    ("limit", "rows of the page"),
    ("cursor", "the page that `page.next` of the page before names; it keeps the moment of the first page"),
    ("lang", "language of titles and refusals: id or en"),
];

/// `/api/openapi.json`
pub(in crate::web) async fn openapi(visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    let bytes = document(&visit.state.settings.public_url).to_json().map_err(anyhow::Error::from)?;
    let tag = format!("\"{}\"", fingerprint(bytes.as_bytes()));
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if crate::web::asset::is_known(&headers, &tag) {
        return Ok((axum::http::StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// The whole document.
pub(super) fn document(public_url: &str) -> OpenApi {
    let licence = LicenseBuilder::new().name("EUPL-1.2").build();
    let info = InfoBuilder::new()
        .title("siaga")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "COVID case trend of a city, and what its rules recommend. Every answer is what its reader may see; small counts of \
             staff are withheld. Numbers are at full precision; null means missing, never zero.",
        ))
        .license(Some(licence))
        .build();
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new()
        .schema("Problem", problem())
        .schema("About", about())
        .schema("Page", page())
        .schema("FullAssessment", assessment())
        .security_scheme(
            "token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
    for collection in Collection::ALL {
        components = components.schema(
            schema_name(collection),
            row(&collection.columns(), collection.filters().contains(&"indicator")),
        );
        paths = paths.path(collection.path(), PathItem::new(HttpMethod::Get, operation(collection)));
    }
    paths = paths.path("/api/v1/assessments/latest", PathItem::new(HttpMethod::Get, latest()));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([utoipa::openapi::Server::new(public_url)]))
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn operation(collection: Collection) -> OperationBuilder {
    let words = collection.filters().iter().copied().chain(["as_of", "limit", "cursor", "lang"]);
    let whole = ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(Ref::from_schema_name(schema_name(collection))))
        .required("data")
        .property("page", Ref::from_schema_name("Page"))
        .required("page")
        .property("about", Ref::from_schema_name("About"))
        .required("about");
    let operation = asked(collection.name(), collection.summary(), words, whole.build().into());
    match collection.rule() {
        Rule::Open => operation,
        _ => with_token(operation),
    }
}

fn latest() -> OperationBuilder {
    let summary = "Level, verdict, deciding rule and every rule's value, of the latest day or of `date`";
    let answer = RefOr::Ref(Ref::from_schema_name("FullAssessment"));
    let date = ParameterBuilder::new()
        .name("date")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("the day, YYYY-MM-DD"))
        .schema(Some(text(Some(KnownFormat::Date))));
    asked("latest_assessment", summary, ["as_of", "lang"].into_iter(), answer).parameter(date)
}

/// An operation with its parameters, and with what it answers and how it refuses.
fn asked(
    id: &str,
    summary: &str,
    words: impl Iterator<Item = &'static str>,
    answer: RefOr<Schema>,
) -> OperationBuilder {
    let mut operation = OperationBuilder::new().operation_id(Some(id)).summary(Some(summary)).tag("siaga");
    let words: Vec<&str> = words.collect();
    for (name, meaning) in PARAMETERS.iter().filter(|(name, _)| words.contains(name)) {
        operation = operation.parameter(
            ParameterBuilder::new()
                .name(*name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(*meaning))
                .schema(Some(parameter_schema(name))),
        );
    }
    let refusals = [
        ("400", "A parameter cannot be read, or is none of this address"),
        ("401", "Somebody has to sign in first, or the token is not known"),
        ("403", "Whoever asks may not read this"),
        ("429", "Too much was asked; Retry-After says when to come again"),
        ("503", "Not ready, or no answer in time"),
    ];
    operation = operation
        .response(
            "200",
            ResponseBuilder::new()
                .description("What was asked for")
                .content("application/json", ContentBuilder::new().schema(Some(answer)).build()),
        )
        .response("304", ResponseBuilder::new().description("The same as the reader has (If-None-Match)"));
    for (status, meaning) in refusals {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(meaning).content("application/problem+json", content);
        operation = operation.response(status, response);
    }
    operation
}

fn with_token(operation: OperationBuilder) -> OperationBuilder {
    operation.security(SecurityRequirement::new("token", Vec::<String>::new()))
}

fn schema_name(collection: Collection) -> String {
    let name = collection.name();
    let (first, rest) = name.split_at(1);
    let rest = rest.strip_suffix('s').unwrap_or(rest);
    format!("{}{rest}", first.to_uppercase())
}

fn text(format: Option<KnownFormat>) -> Schema {
    Schema::Object(
        ObjectBuilder::new().schema_type(Type::String).format(format.map(SchemaFormat::KnownFormat)).build(),
    )
}

fn parameter_schema(name: &str) -> Schema {
    match name {
        "from" | "to" => text(Some(KnownFormat::Date)),
        "limit" => Schema::Object(
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .maximum(Some(MOST))
                .default(Some(json!(USUAL)))
                .build(),
        ),
        "lang" => Schema::Object(
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["id", "en"])).build(),
        ),
        _ => text(None),
    }
}

/// A row, each column with its type and meaning; one that may be missing may be null.
fn row(columns: &[Column], is_chosen: bool) -> Schema {
    let mut object = ObjectBuilder::new();
    for column in columns {
        let (of, format) = match column.kind {
            Kind::Text => (Type::String, None),
            Kind::Date => (Type::String, Some(KnownFormat::Date)),
            Kind::Moment => (Type::String, Some(KnownFormat::DateTime)),
            Kind::Whole => (Type::Integer, Some(KnownFormat::Int64)),
            Kind::Number => (Type::Number, Some(KnownFormat::Double)),
        };
        let kind: SchemaType =
            if column.is_required { of.into() } else { SchemaType::from_iter([of, Type::Null]) };
        let property = ObjectBuilder::new()
            .schema_type(kind)
            .format(format.map(SchemaFormat::KnownFormat))
            .description(Some(column.description.as_str()));
        object = object.property(column.name.as_str(), property);
        // Columns of indicators can be left out by those who ask.
        if column.is_required || !is_chosen {
            object = object.required(column.name.as_str());
        }
    }
    Schema::Object(object.build())
}

fn page() -> Schema {
    let whole = |meaning: &str| ObjectBuilder::new().schema_type(Type::Integer).description(Some(meaning));
    Schema::Object(
        ObjectBuilder::new()
            .property("total", whole("rows of all pages"))
            .required("total")
            .property("from", whole("the place of the first row of this page, from 0"))
            .required("from")
            .property("limit", whole("rows of a page"))
            .required("limit")
            .property(
                "is_truncated",
                ObjectBuilder::new().schema_type(Type::Boolean).description(Some("whether more rows follow")),
            )
            .required("is_truncated")
            .property(
                "next",
                ObjectBuilder::new()
                    .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                    .description(Some("the address of the page that follows")),
            )
            .required("next")
            .build(),
    )
}

fn about() -> Schema {
    let said = |meaning: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(meaning));
    Schema::Object(
        ObjectBuilder::new()
            .property("location", said("the city's code"))
            .required("location")
            .property("as_of", said("as known when, RFC 3339"))
            .required("as_of")
            .property("suppression", said("what is withheld from this reader"))
            .required("suppression")
            .build(),
    )
}

/// RFC 9457.
fn problem() -> Schema {
    let said = |meaning: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(meaning));
    Schema::Object(
        ObjectBuilder::new()
            .property("type", said("about:blank"))
            .required("type")
            .property("title", said("what is wrong, in the reader's language"))
            .required("title")
            .property("status", ObjectBuilder::new().schema_type(Type::Integer))
            .required("status")
            .property("detail", said("what happened, what was kept, what to do"))
            .required("detail")
            .property("reference", said("under which the log has it"))
            .build(),
    )
}

/// The stable form of an assessment: the fields that are always there.
fn assessment() -> Schema {
    let said = || ObjectBuilder::new().schema_type(Type::String);
    let mut object = ObjectBuilder::new();
    for name in ["date", "location", "level", "mode", "verdict", "own_verdict"] {
        object = object.property(name, said()).required(name);
    }
    Schema::Object(
        object
            .property(
                "step",
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(4)),
            )
            .required("step")
            .property("rules", ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::Object)))
            .required("rules")
            .property("indicators", ObjectBuilder::new().schema_type(Type::Object))
            .required("indicators")
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_stands_in_the_document_with_its_columns() {
        let document = serde_json::to_value(document("https://siaga.example")).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        for collection in Collection::ALL {
            let get = &document["paths"][collection.path()]["get"];
            assert_eq!(get["operationId"], collection.name());
            let schema = &document["components"]["schemas"][schema_name(collection)];
            for column in collection.columns() {
                let told = &schema["properties"][&column.name];
                assert_eq!(told["description"], column.description, "{} {}", collection.name(), column.name);
            }
            assert_eq!(get["security"].is_null(), collection.rule() == Rule::Open);
        }
    }
}
