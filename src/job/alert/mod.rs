//! Alerts: rules held against what there is to see ([`watch()`]), notices put into messages, messages delivered, what people do
//! about them, the daily sign of life and the monthly report card.

mod answer;
mod deliver;
mod figures;
mod heartbeat;
mod release;
mod report_card;
mod rows;
mod settings;
mod sight;
mod told;
mod watch;

pub use answer::{AnswerFault, Silencing, acknowledge, alert_named, hand_over, lift, silence, silences};
pub use deliver::deliver;
pub use heartbeat::heartbeat;
pub use release::release;
pub use report_card::{Month, ReportCard, RuleCard, report_card, send_report_card};
pub use settings::{Alerting, Painter};
pub use told::{DryRun, OpenAlert, dry_run, open_alerts};
pub use watch::{is_behind, watch};
