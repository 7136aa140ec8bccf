//! What several processes on one database agree upon through it: who has a scheduled job (`job_run.rs`) and for how long
//! (`lease.rs`), and that there is something new (`news.rs`).

mod job_run;
mod lease;
mod news;

pub use job_run::{Claim, CutOff, JobRun};
pub use lease::Lease;
pub(super) use lease::{fence, fence_writer, who};
pub use news::News;
