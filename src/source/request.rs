//! What a spec says of the request: address or file, method, body, headers, pages. Checked here, sent by `fetch`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Variables that a spec may ask for begin so.
pub const SECRET_PREFIX: &str = "SIAGA_SOURCE_";
/// Where a header's text goes on from the environment.
const FROM_ENVIRONMENT: &str = "env:";
/// Most pages of one pull.
const MOST_PAGES: u32 = 1000;
/// Headers that siaga writes itself.
const OWN_HEADERS: [&str; 10] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "range",
    "te",
    "upgrade",
];
/// Words in the names of headers that carry secrets.
const SECRET_WORDS: [&str; 6] = ["authorization", "cookie", "key", "token", "secret", "password"];

/// How a publisher is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Method {
    /// The usual one.
    #[default]
    #[serde(rename = "GET")]
    Get,
    /// With a body, for interfaces that take a query so.
    #[serde(rename = "POST")]
    Post,
}

/// How the pages of a publisher that answers in JSON are gone through. They become one payload: an array of the pages'
/// documents, in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Path in the document to the next page's address (`/links/next`); absent, null or empty at the last page.
    #[serde(default)]
    pub next: Option<String>,
    /// Name of the parameter that counts pages.
    #[serde(default)]
    pub parameter: Option<String>,
    /// Its first value.
    #[serde(default = "one")]
    pub first: u32,
    /// What it rises by: 1 where it counts pages, the size of a page where it counts records.
    #[serde(default = "one")]
    pub step: u32,
    /// Path to the array of records: a page where it is empty or absent ends the count. `""` is the document itself.
    #[serde(default)]
    pub records: String,
    /// Most pages. Where there are more the pull fails; it never stops half-way in silence.
    #[serde(default = "hundred")]
    pub most: u32,
}

fn one() -> u32 {
    1
}

fn hundred() -> u32 {
    100
}

/// A request as a spec says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The address asked.
    pub address: Option<String>,
    /// A file instead, or the newest whose name fits a pattern (`kasus-*.csv`).
    pub path: Option<String>,
    /// How it is asked.
    pub method: Method,
    /// What is sent along with POST.
    pub body: String,
    /// Headers: text, or `env:SIAGA_SOURCE_…` (also behind a word: `Bearer env:SIAGA_SOURCE_…`).
    pub headers: BTreeMap<String, String>,
    /// Pages to go through.
    pub pages: Option<Pages>,
}

impl Request {
    /// Asks for an address and says nothing else.
    #[must_use]
    pub fn get(address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..Self::default() }
    }

    /// The variables its headers take from the environment.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.headers.values().filter_map(|value| secret_in(value).map(|(_, name)| name))
    }

    /// Whether the request can be sent at all.
    ///
    /// # Errors
    /// The key at fault, and a sentence.
    pub fn check(&self) -> Result<(), (String, String)> {
        let wrong = |key: &str, message: &str| Err((key.to_owned(), message.to_owned()));
        if self.address.is_some() && self.path.is_some() {
            return wrong("path", "a source has an address or a path, not both");
        }
        if let Some(address) = &self.address {
            super::fetch::check_address(address)
                .map_err(|reason| ("address".to_owned(), reason.to_string()))?;
        }
        if let Some(path) = &self.path {
            check_path(path)?;
            if self.pages.is_some() || !self.headers.is_empty() || !self.body.is_empty() {
                return wrong("path", "a file takes no headers, body or pages");
            }
        }
        if !self.body.is_empty() && self.method == Method::Get {
            return wrong("body", "a body takes method = \"POST\"");
        }
        for (name, value) in &self.headers {
            check_header(name, value)?;
        }
        self.pages.as_ref().map_or(Ok(()), check_pages)
    }
}

/// The text before a secret, and the secret's variable.
pub(super) fn secret_in(value: &str) -> Option<(&str, &str)> {
    value.split_once(FROM_ENVIRONMENT)
}

fn check_path(path: &str) -> Result<(), (String, String)> {
    let wrong = |message: &str| Err(("path".to_owned(), message.to_owned()));
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    if parts.last().is_none_or(|name| name.is_empty()) {
        return wrong("write a file, or a pattern of files: in/kasus-*.csv");
    }
    if parts.contains(&"..") {
        return wrong("a path does not lead out of its folder: leave out '..'");
    }
    if parts[..parts.len() - 1].iter().any(|folder| folder.contains('*')) {
        return wrong("* stands in the name of the file, not in a folder");
    }
    Ok(())
}

fn check_header(name: &str, value: &str) -> Result<(), (String, String)> {
    let wrong = |message: String| Err((name.to_owned(), message));
    let lower = name.to_ascii_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return wrong(format!("'{name}' is not the name of a header"));
    }
    if OWN_HEADERS.contains(&lower.as_str()) {
        return wrong(format!("siaga writes the header {name} itself: leave it out"));
    }
    if !value.chars().all(|c| (' '..='~').contains(&c)) {
        return wrong(format!("the header {name} is not plain text on one line"));
    }
    match secret_in(value) {
        Some((_, variable)) => {
            let rest = variable.strip_prefix(SECRET_PREFIX).unwrap_or_default();
            let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if rest.is_empty() || rest == "FOLDER" || !rest.chars().all(is_letter) {
                return wrong(format!(
                    "a secret's variable begins with {SECRET_PREFIX}: env:{SECRET_PREFIX}KEY"
                ));
            }
            Ok(())
        }
        None if SECRET_WORDS.iter().any(|word| lower.contains(word)) => wrong(format!(
            "a secret does not stand in a file: write {name} = \"env:{SECRET_PREFIX}KEY\" and set that variable"
        )),
        None => Ok(()),
    }
}

fn check_pages(pages: &Pages) -> Result<(), (String, String)> {
    let wrong = |message: &str| Err(("pages".to_owned(), message.to_owned()));
    if pages.next.is_some() == pages.parameter.is_some() {
        return wrong(
            "pages have next (a path to the next address) or parameter (which counts them), one of the two",
        );
    }
    let paths = pages.next.iter().chain(Some(&pages.records).filter(|path| !path.is_empty()));
    if paths.into_iter().any(|path| !path.starts_with('/')) {
        return wrong("a path in the document begins with a slash: /links/next");
    }
    if pages.parameter.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return wrong("parameter names what counts the pages: page");
    }
    if !(1..=MOST_PAGES).contains(&pages.most) || pages.step == 0 {
        return wrong("most is 1 to 1000 pages, step 1 or more");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: impl Fn(&mut Request)) -> String {
        let mut request = Request::get("https://example.org/data");
        change(&mut request);
        request.check().err().map_or_else(String::new, |(key, message)| format!("{key}: {message}"))
    }

    fn header(name: &str, value: &str) -> String {
        fault(|request| drop(request.headers.insert(name.to_owned(), value.to_owned())))
    }

    fn at(path: &str) -> String {
        fault(|request| (request.address, request.path) = (None, Some(path.to_owned())))
    }

    fn pages(text: &str) -> String {
        let pages: Pages = toml::from_str(text).unwrap();
        fault(|request| request.pages = Some(pages.clone()))
    }

    #[test]
    fn a_secret_comes_from_the_environment_and_from_nowhere_else() {
        assert_eq!(header("X-Api-Key", "env:SIAGA_SOURCE_DINKES"), "");
        assert_eq!(header("Authorization", "Bearer env:SIAGA_SOURCE_DINKES"), "");
        assert_eq!(header("Accept", "text/csv"), "");
        for (name, value) in [
            ("Authorization", "Bearer abc"),
            ("X-Api-Key", "abc"),
            ("X-Api-Key", "env:PATH"),
            ("X-Api-Key", "env:SIAGA_SOURCE_"),
            ("X-Api-Key", "env:SIAGA_SOURCE_FOLDER"),
            ("X-Api-Key", "env:SIAGA_AUDIT_KEY"),
            ("Host", "internal"),
            ("Accept", "text/csv\r\nHost: x"),
            ("A b", "c"),
        ] {
            let said = header(name, value);
            assert!(said.starts_with(name), "{name} = {value}: {said}");
            assert!(!said.contains("abc"), "{said}");
        }
        let mut request = Request::get("https://example.org");
        request.headers.insert("Authorization".to_owned(), "Bearer env:SIAGA_SOURCE_A".to_owned());
        assert_eq!(request.secrets().collect::<Vec<_>>(), ["SIAGA_SOURCE_A"]);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_its_key() {
        assert!(fault(|request| request.path = Some("a.csv".to_owned())).contains("not both"));
        assert!(fault(|request| request.body = "a=b".to_owned()).starts_with("body: "));
        for address in
            ["file:///etc/passwd", "https://user:secret@example.org/", "example.org", "ftp://example.org/"]
        {
            let said = fault(|request| request.address = Some(address.to_owned()));
            assert!(said.starts_with("address: ") && !said.contains("secret"), "{address}: {said}");
        }
        assert_eq!(
            fault(|request| request.address = Some("http://10.0.0.1/".to_owned())),
            "",
            "checked when asked"
        );
    }

    #[test]
    fn a_path_stays_in_its_folder() {
        assert_eq!((at("kasus-*.csv"), at("/srv/in/kasus.csv")), (String::new(), String::new()));
        for path in ["", "in/", "../kasus.csv", "in/../../etc/passwd", "*/kasus.csv", "in\\..\\x"] {
            assert!(at(path).starts_with("path: "), "{path}");
        }
    }

    #[test]
    fn pages_are_counted_or_linked() {
        assert_eq!(pages("next = \"/links/next\""), "");
        assert_eq!(pages("parameter = \"page\"\nrecords = \"/data\""), "");
        for text in [
            "",
            "next = \"/a\"\nparameter = \"b\"",
            "next = \"links/next\"",
            "parameter = \" \"",
            "parameter = \"page\"\nrecords = \"data\"",
            "next = \"/n\"\nmost = 0",
            "next = \"/n\"\nmost = 1001",
            "parameter = \"page\"\nstep = 0",
        ] {
            assert!(pages(text).starts_with("pages: "), "{text}");
        }
    }
}
