//! What anybody may see, as a folder for any web server: the public dashboard in both languages, what it lets people take away,
//! the feed, assets under names that change with them, and a list of it all.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;

use super::write::{PaperAsk, paper_with};
use crate::access::Client;
use crate::account::Visitor;
use crate::disclosure::Audience;
use crate::export::hex;
use crate::job::{Asking, Dataset, Ending, Focus, Wanted, made, take};
use crate::text::Phrases;
use crate::web::AppState;
use crate::web::api::feed_in_a_folder;
use crate::web::door::{Rule, rule_of};
use crate::web::visit::Visit;
use crate::web::visitor::Guest;

/// The list of all files, by which the folder is known as one of ours.
pub const LIST: &str = "siaga.json";

/// The dashboard that is published.
const DASHBOARD: &str = "public";
/// The forms of its datasets: those that say nothing of when they were made, so that a file changes with its figures only.
const ENDINGS: [Ending; 3] = [Ending::Csv, Ending::Json, Ending::Dictionary];
/// Digits of a file's hash in its name.
const PRINT: usize = 10;

/// A folder that is to be published.
#[derive(Debug)]
pub struct Published {
    /// Its files by their path.
    pub files: Vec<(String, Vec<u8>)>,
    /// The version of the data that they show.
    pub data_version: i64,
}

/// Makes the folder.
///
/// # Errors
/// When there is no figure to show, or the store does not answer.
pub async fn published(state: &AppState) -> anyhow::Result<Published> {
    let focus = Focus::default();
    let view = state.view(focus, &Audience::public()).await?;
    let ask = PaperAsk {
        name: DASHBOARD.to_owned(),
        focus,
        audience: Audience::public(),
        visitor: Visitor::Public,
    };
    let exports = exports(state, view.as_of).await?;
    let mut files: BTreeMap<String, Vec<u8>> = paper_with(state, &ask, &exports).await?.into_iter().collect();
    files.extend(exports);
    let mut files = under_names_of_their_own(files)?;
    let guest = Guest { visitor: Visitor::Public, client: Client::new("command line", ""), session: None };
    let phrases = Phrases::new(state.journey.locale);
    let visit = Visit::to_paper(state, phrases, (focus, Audience::public()), guest);
    files.insert("feed.atom".to_owned(), feed_in_a_folder(&visit, &view).await?.into_bytes());
    let told: serde_json::Map<String, serde_json::Value> = files
        .iter()
        .map(|(path, bytes)| {
            (path.clone(), serde_json::json!({ "bytes": bytes.len(), "sha256": sha256(bytes) }))
        })
        .collect();
    let list = serde_json::json!({
        "program": concat!("siaga ", env!("CARGO_PKG_VERSION")),
        "city": state.journey.city.name,
        "data_version": view.version,
        "as_of": view.as_of.to_string(),
        "files": told,
    });
    files.insert(LIST.to_owned(), serde_json::to_vec_pretty(&list).context("write the list of files")?);
    Ok(Published { files: files.into_iter().collect(), data_version: view.version })
}

/// Every dataset that is open to anybody, as anybody may see it.
async fn exports(state: &AppState, as_of: crate::epi::Vintage) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for dataset in Dataset::ALL.into_iter().filter(|dataset| rule_of(*dataset) == Rule::Open) {
        for ending in ENDINGS {
            let asking = Asking {
                dataset,
                ending,
                wanted: Wanted::default(),
                besides: Vec::new(),
                as_of,
                audience: Audience::public(),
                locale: state.journey.locale,
            };
            let taken = Arc::new(take(&state.journey.viewing(), &asking).await?);
            let mut bytes = Vec::new();
            made(taken, ending)?.write(&mut bytes)?;
            files.insert(format!("exports/{}.{ending}", dataset.name()), bytes);
        }
    }
    Ok(files)
}

/// Assets named after what they hold, so that a web server may let readers keep them for ever; and the pages that ask for them so.
fn under_names_of_their_own(files: BTreeMap<String, Vec<u8>>) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let is_page = |path: &str| path.ends_with(".html");
    let is_asset =
        |path: &str| path.starts_with("font/") || path.starts_with("siaga.") || path.starts_with("favicon.");
    let (mut named, mut renamed) = (BTreeMap::new(), Vec::new());
    // Fonts first: the style sheet names them.
    let order = |path: &str| u8::from(!path.starts_with("font/"));
    let mut assets: Vec<(&String, &Vec<u8>)> = files.iter().filter(|(path, _)| is_asset(path)).collect();
    assets.sort_by_key(|(path, _)| order(path));
    for (path, bytes) in assets {
        let mut bytes = bytes.clone();
        if path.ends_with(".css") {
            let mut text = String::from_utf8(bytes).context("read the style sheet")?;
            for (old, new) in &renamed {
                text = text.replace(&format!("url({old})"), &format!("url({new})"));
            }
            bytes = text.into_bytes();
        }
        let (stem, end) = path.rsplit_once('.').unwrap_or((path, ""));
        let print: String = sha256(&bytes).chars().take(PRINT).collect();
        let new = if end == "txt" { path.clone() } else { format!("{stem}.{print}.{end}") };
        named.insert(format!("assets/{new}"), bytes);
        renamed.push((path.clone(), new));
    }
    for (path, bytes) in files.iter().filter(|(path, _)| !is_asset(path)) {
        let mut bytes = bytes.clone();
        if is_page(path) {
            let mut text = String::from_utf8(bytes).context("read a page")?;
            for (old, new) in &renamed {
                text = text.replace(&format!("\"{old}\""), &format!("\"assets/{new}\""));
            }
            let feed = "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"feed.atom\">\n</head>";
            bytes = text.replacen("</head>", feed, 1).into_bytes();
        }
        named.insert(path.clone(), bytes);
    }
    Ok(named)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}
