//! A dashboard as files that need no server: the same panels in the same words, both languages, with style, fonts, script and
//! charts beside them, and no link that leads to where there is nothing.

mod unlinked;
mod write;

pub use write::{PaperAsk, paper};
