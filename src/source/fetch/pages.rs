//! A publisher that answers in pages of JSON: each is asked for in turn, and together they are one payload, an array of
//! the pages' documents in order. A reader finds a record at `/*/…` of it.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::time::timeout;

use super::fault::Fault;
use super::http::{Answer, Ask, Asked};
use super::{Fetcher, Validators};
use crate::source::Request;
use crate::source::guard::check_url;
use crate::source::read::not_json;
use crate::source::request::Pages;
use crate::text::Reason;

/// All pages together take so many times as long as one at most.
const TIMES_AS_LONG: u32 = 10;

impl Fetcher {
    /// Every page, or none.
    pub(super) async fn pages(
        &self,
        text: &str,
        (request, pages): (&Request, &Pages),
    ) -> Result<Answer, Fault> {
        let longest: Duration = self.limits.timeout * TIMES_AS_LONG;
        let every = timeout(longest, self.every_page(self.url(text)?, request, pages)).await;
        let documents = every
            .map_err(|_| Fault::passing(Reason::new("pages-slow").count("seconds", longest.as_secs())))??;
        Ok(Answer {
            body: joined(&documents),
            content_type: "application/json".to_owned(),
            // What the first page says of itself says nothing of the others.
            validators: Validators::default(),
        })
    }

    async fn every_page(&self, start: Url, request: &Request, pages: &Pages) -> Result<Vec<Vec<u8>>, Fault> {
        let (mut documents, mut seen) = (Vec::<Vec<u8>>::new(), BTreeSet::new());
        let mut left = self.limits.max_bytes;
        let mut url = counted(&start, pages, 0);
        for place in 0..pages.most {
            let page = u64::from(place) + 1;
            if !seen.insert(url.to_string()) {
                return Err(Fault::lasting(Reason::new("pages-circle")).at_page(page));
            }
            let body = self.page(&url, request, left).await.map_err(|fault| fault.at_page(page))?;
            left = left.saturating_sub(body.len() + 1);
            let document: Value = serde_json::from_slice(&body)
                .map_err(|error| Fault::lasting(not_json(&error)).at_page(page))?;
            let is_end = pages.parameter.is_some() && is_empty(&document, &pages.records);
            if is_end && place > 0 {
                return Ok(documents);
            }
            if documents.last() == Some(&body) {
                return Err(Fault::lasting(Reason::new("page-repeats")).at_page(page));
            }
            documents.push(body);
            match next(&url, (&start, pages, place), &document).map_err(|fault| fault.at_page(page))? {
                Some(next) if !is_end => {
                    check_url(&next, &self.limits.private).map_err(Fault::lasting)?;
                    url = next;
                }
                _ => return Ok(documents),
            }
        }
        Err(Fault::lasting(Reason::new("pages-many").count("most", pages.most)))
    }

    async fn page(&self, url: &Url, request: &Request, most: usize) -> Result<Vec<u8>, Fault> {
        let known = Validators::default();
        match self.asked(&Ask { url: url.clone(), request, known: &known, most }).await? {
            Asked::Answer(answer) => Ok(answer.body),
            Asked::NotModified => Err(Fault::lasting(Reason::new("answered-unasked"))),
        }
    }
}

/// The address of a page that is counted; the address itself where pages are linked.
fn counted(start: &Url, pages: &Pages, place: u32) -> Url {
    let Some(parameter) = &pages.parameter else {
        return start.clone();
    };
    let count = u64::from(pages.first) + u64::from(place) * u64::from(pages.step);
    let others: Vec<(String, String)> = start
        .query_pairs()
        .filter(|(name, _)| name.as_ref() != parameter.as_str())
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    let mut url = start.clone();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(parameter, &count.to_string());
    url
}

/// Where the next page is; nowhere after the last. It is on the same host: a page does not lead elsewhere.
fn next(
    here: &Url,
    (start, pages, place): (&Url, &Pages, u32),
    document: &Value,
) -> Result<Option<Url>, Fault> {
    let Some(path) = &pages.next else {
        return Ok(Some(counted(start, pages, place + 1)));
    };
    let url = match document.pointer(path) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => {
            here.join(text).map_err(|_| Fault::lasting(Reason::new("link-not-address").text("path", path)))?
        }
        Some(_) => return Err(Fault::lasting(Reason::new("link-not-address").text("path", path))),
    };
    if url.origin() != start.origin() {
        return Err(Fault::lasting(Reason::new("link-elsewhere").text("path", path)));
    }
    Ok(Some(url))
}

/// Whether a page has no record.
fn is_empty(document: &Value, records: &str) -> bool {
    match document.pointer(records) {
        Some(Value::Array(records)) => records.is_empty(),
        Some(Value::Object(records)) => records.is_empty(),
        None | Some(Value::Null) => true,
        Some(_) => false,
    }
}

fn joined(documents: &[Vec<u8>]) -> Vec<u8> {
    let mut body = vec![b'['];
    body.extend(documents.join(&b','));
    body.push(b']');
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_in_the_address() {
        let start: Url = "https://example.org/api?per=50&page=9".parse().unwrap();
        let pages: Pages = toml::from_str("parameter = \"page\"\nfirst = 0\nstep = 50").unwrap();
        assert_eq!(counted(&start, &pages, 2).as_str(), "https://example.org/api?per=50&page=100");
    }

    #[test]
    fn a_page_leads_to_the_next_on_the_same_host() {
        let pages: Pages = toml::from_str("next = \"/links/next\"").unwrap();
        let here: Url = "https://example.org/api?page=1".parse().unwrap();
        let to = |text: &str| {
            next(&here, (&here, &pages, 0), &serde_json::from_str(text).unwrap())
                .map(|url| url.map(String::from))
                .map_err(|fault| fault.reason.to_string())
        };
        let second = Ok(Some("https://example.org/api?page=2".to_owned()));
        assert_eq!(to("{\"links\":{\"next\":\"?page=2\"}}"), second);
        assert_eq!(to("{\"links\":{\"next\":null}}"), Ok(None));
        assert_eq!((to("{}"), to("{\"links\":{\"next\":\"\"}}")), (Ok(None), Ok(None)));
        assert!(to("{\"links\":{\"next\":2}}").is_err());
        assert!(to("{\"links\":{\"next\":\"https://example.net/\"}}").unwrap_err().contains("another host"));
    }

    #[test]
    fn pages_are_one_array() {
        assert_eq!(joined(&[b"{\"a\":1}".to_vec(), b"[2]".to_vec()]), b"[{\"a\":1},[2]]");
    }
}
