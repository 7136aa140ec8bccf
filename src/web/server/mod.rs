//! The server: from a listener to answers, with or without TLS, until told to stop.

mod serve;
mod tls;

pub use serve::serve;
pub use tls::check_tls;
