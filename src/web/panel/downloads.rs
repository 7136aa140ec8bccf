//! Everything this visitor may take away: each dataset in every form with its dictionary, as known at the moment shown; the evidence
//! for the day; and under other panels what they show.

use askama::Template;

use super::Context;
use crate::account::Permission;
use crate::job::{Dataset, Ending};
use crate::text::{Phrases, date_medium};
use crate::web::door::{Rule, rule_of};
use crate::web::visit::Visit;

/// A dataset and the addresses of its files.
pub(in crate::web) struct Download {
    pub(in crate::web) name: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) what: String,
    /// Address and word of each.
    pub(in crate::web) files: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "panel/downloads.html")]
pub(super) struct DownloadsPanel {
    t: Phrases,
    downloads: Vec<Download>,
    dictionary: String,
    /// The evidence for the day shown: its address, and what it is.
    evidence: Option<(String, String)>,
}

pub(super) fn panel(context: Context<'_>) -> DownloadsPanel {
    let (visit, date) = (context.visit, context.view.date);
    let open = Dataset::ALL.into_iter().filter(|dataset| visit.may_pass(rule_of(*dataset)));
    let evidence = visit.may_pass(Rule::May(Permission::Export)).then(|| {
        let path = format!("/exports/evidence/{date}.zip");
        let day = date_medium(date, context.t.locale);
        (visit.to_dataset(&path, &[]), context.t.say_with("downloads-evidence", &[("date", &day)]))
    });
    DownloadsPanel {
        t: context.t,
        downloads: open.map(|dataset| download(visit, dataset)).collect(),
        dictionary: visit.to("/dictionary"),
        evidence,
    }
}

/// A dataset's addresses, keeping the moment shown.
pub(in crate::web) fn download(visit: &Visit, dataset: Dataset) -> Download {
    let name = dataset.name();
    let mut files: Vec<(String, String)> = Vec::new();
    for ending in Ending::ALL {
        let path = visit.to_known(&format!("/exports/{name}.{ending}"));
        let word = match ending {
            Ending::Dictionary => visit.phrases.say("download-dictionary"),
            Ending::Package => visit.phrases.say("download-descriptor"),
            Ending::Parquet => "Parquet".to_owned(),
            Ending::JsonLines => "JSON Lines".to_owned(),
            other => other.as_str().to_uppercase(),
        };
        files.push((path, word));
        if ending == Ending::Csv {
            let path = visit.to_dataset(&format!("/exports/{name}.{ending}"), &[("excel", "1")]);
            files.push((path, visit.phrases.say("download-excel")));
        }
    }
    Download {
        name,
        title: visit.phrases.say(&format!("dataset-{name}")),
        what: visit.phrases.say(&format!("dataset-{name}-what")),
        files,
    }
}

/// What a panel shows of a dataset as files; none for whoever may not take it.
pub(super) fn take_away(visit: &Visit, dataset: Dataset, asked: &[(&str, &str)]) -> Vec<(String, String)> {
    if !visit.may_pass(rule_of(dataset)) {
        return Vec::new();
    }
    let file = |ending: Ending| {
        let label = visit.phrases.say_with("download", &[("form", &ending.as_str().to_uppercase())]);
        (visit.to_dataset(&format!("/exports/{}.{ending}", dataset.name()), asked), label)
    };
    [Ending::Csv, Ending::Xlsx].map(file).to_vec()
}
