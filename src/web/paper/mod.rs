//! A dashboard as files that need no server: the same panels in the same words, both languages, with style, fonts, script and
//! charts beside them, and no link that leads to where there is nothing (`write.rs`); and what anybody may see, for any web server
//! (`publish.rs`).

mod publish;
mod unlinked;
mod write;

pub use publish::{LIST, Published, published};
pub use write::{PaperAsk, paper};
