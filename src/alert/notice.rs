//! To whom what happened goes, and when: by office and unit, by severity, after quiet hours, together with others.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::event::{Alert, AlertEvent};
use super::recipient::{Office, Recipient};
use super::rule::{AlertRule, AlertRules, Quiet};

/// Why a notice waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// It does not.
    No,
    /// For others to the same recipient.
    Group,
    /// For the end of quiet hours.
    Quiet,
}

impl Wait {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Group => "group",
            Self::Quiet => "quiet",
        }
    }
}

/// That somebody is to be told, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: DateTime<Utc>,
    /// Why it waits.
    pub wait: Wait,
}

/// Whose work it is at this point.
#[must_use]
pub fn offices(rule: &AlertRule, event: AlertEvent) -> &[Office] {
    match (&rule.escalate, event) {
        (Some((_, further)), AlertEvent::Escalated) => further,
        _ => &rule.offices,
    }
}

/// Whether a recipient hears of an alert.
#[must_use]
pub fn hears(recipient: &Recipient, rule: &AlertRule, alert: &Alert) -> bool {
    let wanted = offices(rule, alert.event);
    let is_head = wanted.contains(&Office::UnitHead)
        && recipient.offices.contains(&Office::UnitHead)
        && (is_machine(recipient) || recipient.units.contains(&alert.about.unit_id));
    let holds = |office: &Office| *office != Office::UnitHead && recipient.offices.contains(office);
    alert.severity >= recipient.least && (is_head || wanted.iter().any(holds))
}

/// A machine hears at once, day and night.
fn is_machine(recipient: &Recipient) -> bool {
    recipient.person.is_empty() && recipient.offices.len() == Office::ALL.len()
}

/// When a recipient is told.
#[must_use]
pub fn due(rules: &AlertRules, recipient: &Recipient, alert: &Alert, (at, zone): (DateTime<Utc>, Tz)) -> Due {
    if is_machine(recipient) {
        return Due { at, wait: Wait::No };
    }
    let group = rules.group.of(alert.severity);
    let after_group = at + group;
    let quiet = rules.quiet.filter(|quiet| alert.severity < quiet.spares);
    match quiet.and_then(|quiet| quiet_end(quiet, after_group, zone)) {
        Some(end) => Due { at: end, wait: Wait::Quiet },
        None if group > Duration::zero() => Due { at: after_group, wait: Wait::Group },
        None => Due { at, wait: Wait::No },
    }
}

/// The end of the quiet hours that a moment is in.
fn quiet_end(quiet: Quiet, at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let local = at.with_timezone(&zone);
    if !quiet.holds_at(local.time()) {
        return None;
    }
    let is_next_day = quiet.from > quiet.until && local.time() >= quiet.from;
    let day = local.date_naive() + Duration::days(i64::from(is_next_day));
    // Where clocks are put forward there may be no such minute; the hour after has it.
    let ends = (0..=2).filter_map(|hours| {
        let end = NaiveDateTime::new(day, quiet.until) + Duration::hours(hours);
        zone.from_local_datetime(&end).earliest()
    });
    ends.map(|end| end.with_timezone(&Utc)).find(|end| *end > at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::event::About;
    use crate::alert::{Channel, Severity};

    fn rules() -> AlertRules {
        AlertRules::read(include_str!("../../data/alert/default.toml")).unwrap()
    }

    fn person(office: Office, units: &[&str], least: Severity) -> Recipient {
        Recipient {
            person: "Ani".to_owned(),
            offices: vec![office],
            units: units.iter().map(ToString::to_string).collect(),
            least,
            ..Recipient::of_everything("a@b.example", Channel::Mailbox)
        }
    }

    fn alert(rule: &AlertRule, unit: &str, event: AlertEvent) -> Alert {
        let about = About { unit_id: unit.to_owned(), ..About::default() };
        Alert { about, alert_rule: rule.id.clone(), event, severity: rule.severity, began_at: 0 }
    }

    #[test]
    fn an_office_a_unit_and_a_severity_decide_who_hears() {
        let rules = rules();
        let (cluster, turn) = (rules.rule("unit_cluster").unwrap(), rules.rule("turn_open").unwrap());
        let of = |rule: &AlertRule, unit: &str| alert(rule, unit, AlertEvent::Fired);
        let head = person(Office::UnitHead, &["dinkes"], Severity::Info);
        assert!(hears(&head, cluster, &of(cluster, "dinkes")));
        assert!(!hears(&head, cluster, &of(cluster, "dishub")), "another unit");
        assert!(hears(
            &person(Office::HealthOffice, &[], Severity::Warning),
            cluster,
            &of(cluster, "dishub")
        ));
        assert!(!hears(
            &person(Office::HealthOffice, &[], Severity::Critical),
            cluster,
            &of(cluster, "dishub")
        ));
        assert!(!hears(&person(Office::Mayor, &[], Severity::Info), cluster, &of(cluster, "dishub")));
        let secretary = person(Office::Secretary, &[], Severity::Info);
        assert!(!hears(&secretary, turn, &of(turn, "dinkes")));
        assert!(hears(&secretary, turn, &alert(turn, "dinkes", AlertEvent::Escalated)), "it went further");
        assert!(!hears(&head, turn, &alert(turn, "dinkes", AlertEvent::Escalated)));
        assert!(hears(&Recipient::of_everything("kotak", Channel::Mailbox), turn, &of(turn, "dinkes")));
    }

    #[test]
    fn quiet_hours_hold_what_is_not_critical_until_their_end_in_the_citys_time() {
        let rules = rules();
        let when = |rule: &str, at: &str| {
            let rule = rules.rule(rule).unwrap();
            let at: DateTime<Utc> = DateTime::parse_from_rfc3339(at).unwrap().into();
            let told = due(
                &rules,
                &person(rule.offices[0], &[], Severity::Info),
                &alert(rule, "", AlertEvent::Fired),
                (at, chrono_tz::Asia::Jakarta),
            );
            (told.at.with_timezone(&chrono_tz::Asia::Jakarta).format("%d %H:%M").to_string(), told.wait)
        };
        assert_eq!(when("source_trouble", "2021-06-28T20:59:00+07:00"), ("28 20:59".to_owned(), Wait::No));
        assert_eq!(when("source_trouble", "2021-06-28T21:00:00+07:00"), ("29 05:00".to_owned(), Wait::Quiet));
        assert_eq!(when("source_trouble", "2021-06-29T04:59:00+07:00"), ("29 05:00".to_owned(), Wait::Quiet));
        assert_eq!(when("source_trouble", "2021-06-29T05:00:00+07:00"), ("29 05:00".to_owned(), Wait::No));
        assert_eq!(when("threshold_crossed", "2021-06-28T23:00:00+07:00"), ("28 23:00".to_owned(), Wait::No));
        assert_eq!(when("near_threshold", "2021-06-28T12:00:00+07:00"), ("28 12:15".to_owned(), Wait::Group));
        assert_eq!(when("near_threshold", "2021-06-28T20:50:00+07:00"), ("29 05:00".to_owned(), Wait::Quiet));
    }

    #[test]
    fn where_clocks_are_put_forward_the_morning_still_comes() {
        let quiet = Quiet::hours("22:00-02:30", Severity::Critical).unwrap();
        let at: DateTime<Utc> = DateTime::parse_from_rfc3339("2021-03-27T23:00:00+01:00").unwrap().into();
        let end = quiet_end(quiet, at, chrono_tz::Europe::Berlin).unwrap();
        assert_eq!(end.to_rfc3339(), "2021-03-28T01:30:00+00:00");
    }
}
