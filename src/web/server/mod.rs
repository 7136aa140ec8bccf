//! The server: from a listener to answers, with or without TLS, until told to stop (`serve.rs`, `tls.rs`). A city's pages stand on a
//! stage (`stage.rs`), where others may follow them; what is said while there are none is `away.rs`. A city has a server of its own
//! (`listening.rs`) or a host at the gate of an installation with several; to the rest of the program that is an `Entrance`.

mod away;
mod entrance;
mod everything;
mod listening;
mod serve;
mod stage;
mod tls;

pub(super) use away::away;
pub use entrance::Entrance;
pub(super) use everything::{Answers, Everything};
pub use listening::Listening;
pub use serve::{serve, serve_cities};
pub(super) use stage::Stage;
pub use tls::check_tls;
