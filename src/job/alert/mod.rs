//! Alerts: rules held against what there is to see ([`watch()`]), notices put into messages, messages delivered, what people do
//! about them, the daily sign of life and the monthly report card.

mod answer;
mod deliver;
mod figures;
mod heartbeat;
mod rehearse;
mod release;
mod report_card;
mod resend;
mod route;
mod rows;
mod settings;
mod shown;
mod sight;
mod story;
mod told;
mod trial;
mod watch;

pub use answer::{
    AnswerFault, Silencing, acknowledge, alert_named, hand_over, lift, silence, silence_end, silences,
};
pub use deliver::deliver;
pub use heartbeat::heartbeat;
pub use rehearse::{Rehearsed, rehearse};
pub use release::release;
pub use report_card::{Month, ReportCard, RuleCard, report_card, send_report_card};
pub use resend::send_again;
pub use route::{Route, routes};
pub use settings::{Alerting, Painter};
pub use shown::{PastAlert, ShownAlert, ShownAlerts, past_alerts, rule_title, shown_open_alerts};
pub use story::{AlertTurn, alert_story, sees_addresses, shown_detail, told_to};
pub use told::{OpenAlert, open_alerts};
pub use trial::{Tested, send_test, test_recipients};
pub use watch::{is_behind, watch};
