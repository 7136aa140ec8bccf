//! The store as a whole: into another database (`copy.rs`), into a file and back (`backup.rs`).

mod args;
mod backup;
mod copy;

pub use args::{BackupArgs, RestoreArgs, StoreCommand};
pub use backup::{back_up, restore};
pub use copy::run;
