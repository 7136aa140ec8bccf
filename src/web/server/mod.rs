//! The server: from a listener to answers, with or without TLS, until told to stop.

mod entrance;
mod listening;
mod serve;
mod tls;

pub use entrance::Entrance;
pub use listening::Listening;
pub use serve::{serve, serve_cities};
pub use tls::check_tls;
