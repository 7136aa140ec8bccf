//! Everything this visitor may take away: each dataset as CSV and JSON with its dictionary, as known at the moment shown.

use askama::Template;

use super::Context;
use crate::job::Dataset;
use crate::text::Phrases;
use crate::web::door::rule_of;
use crate::web::visit::Visit;

/// A dataset and the addresses of its files.
pub(in crate::web) struct Download {
    pub(in crate::web) name: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) what: String,
    pub(in crate::web) csv: String,
    pub(in crate::web) json: String,
    pub(in crate::web) dictionary: String,
}

#[derive(Template)]
#[template(path = "panel/downloads.html")]
pub(super) struct DownloadsPanel {
    t: Phrases,
    downloads: Vec<Download>,
    dictionary: String,
}

pub(super) fn panel(context: Context<'_>) -> DownloadsPanel {
    let open = Dataset::ALL.into_iter().filter(|dataset| context.visit.may_pass(rule_of(*dataset)));
    DownloadsPanel {
        t: context.t,
        downloads: open.map(|dataset| download(context.visit, dataset)).collect(),
        dictionary: context.visit.to("/dictionary"),
    }
}

/// A dataset's addresses, keeping the moment shown.
pub(in crate::web) fn download(visit: &Visit, dataset: Dataset) -> Download {
    let name = dataset.name();
    let file = |end: &str| visit.to_known(&format!("/exports/{name}.{end}"));
    Download {
        name,
        title: visit.phrases.say(&format!("dataset-{name}")),
        what: visit.phrases.say(&format!("dataset-{name}-what")),
        csv: file("csv"),
        json: file("json"),
        dictionary: file("dictionary.csv"),
    }
}
