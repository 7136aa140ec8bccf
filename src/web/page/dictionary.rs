//! The dictionary: every column of every dataset, the same as in the files that travel with them.

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::export::Column;
use crate::job::Dataset;
use crate::web::door::rule_of;
use crate::web::error::WebError;
use crate::web::panel::downloads::{Download, download};
use crate::web::visit::Visit;

struct Described {
    download: Download,
    columns: Vec<Column>,
}

#[derive(Template)]
#[template(path = "dictionary.html")]
struct Dictionary {
    frame: Frame,
    datasets: Vec<Described>,
}

/// The columns of every dataset.
pub(in crate::web) async fn dictionary(visit: Visit) -> Result<Response, WebError> {
    let view = visit.view().await?;
    let title = visit.phrases.say("dictionary-title");
    let frame = Frame::of(&visit, &view, (&title, "/dictionary"));
    let mut datasets = Vec::new();
    for dataset in Dataset::ALL.into_iter().filter(|dataset| visit.may_pass(rule_of(*dataset))) {
        datasets.push(Described { columns: dataset.columns(), download: download(&visit, dataset) });
    }
    html(&Dictionary { frame, datasets })
}
