//! A store as one file that can be put away, and such a file as a store again: the file itself with its seal (`file.rs`), what
//! it says of itself (`stamp.rs`), making one while others write (`make.rs`), filling an empty database from one (`restore.rs`).
//!
//! A backup is an SQLite file whatever the store is, so that what was taken from a server goes into a file and the other way
//! round. Rows are carried by `bulk/copy.rs`.

mod file;
mod make;
mod restore;
mod stamp;

pub use file::file_sha256;
pub use make::Backup;
pub use restore::OpenBackup;
pub use stamp::{STAMP, Stamp};
