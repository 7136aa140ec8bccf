//! What programs read: every collection a page at a time, the document that describes it, and the feed of what was recommended.
//!
//! `collection.rs` has the collections with their columns, `paging.rs` what makes a page, `answer.rs` one request, `document.rs` the
//! OpenAPI document made from the same columns, `reading.rs` the page on which people read it.

mod answer;
mod collection;
mod cross_origin;
mod document;
mod feed;
mod paging;
mod reading;
mod rows;

pub(super) use answer::{collection, latest};
pub(super) use collection::Collection;
pub(super) use cross_origin::cross_origin;
pub(super) use document::openapi;
pub(super) use feed::{feed, feed_in_a_folder};
pub(super) use reading::reading;
