//! Parts of a spec: how the publisher is asked.

use serde::Deserialize;

/// How an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Only looks.
    #[default]
    Get,
    /// Sends the spec's body.
    Post,
}

/// An answer in several pages: either each names the next, or they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Where in a page (JSON) the address of the next one stands.
    pub next: Option<String>,
    /// The parameter of the address that counts pages.
    pub parameter: Option<String>,
    /// The first page's number.
    #[serde(default = "first")]
    pub first: u32,
    /// At most so many pages are asked for.
    #[serde(default = "most")]
    pub most: u32,
}

fn first() -> u32 {
    1
}

fn most() -> u32 {
    100
}
