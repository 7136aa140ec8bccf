//! An alert as one sentence, the same in messages, on pages and in commands.

use super::event::{Alert, AlertEvent};
use super::rule::AlertRules;
use crate::assessment::{Policy, Step};
use crate::text::{Phrases, date_long, indicator_value};

/// Says alerts in a language.
#[derive(Debug, Clone, Copy)]
pub struct Sayer<'a> {
    /// The alert rules, which have names.
    pub rules: &'a AlertRules,
    /// The policy, whose rules and steps have names.
    pub policy: &'a Policy,
    /// The words.
    pub phrases: Phrases,
}

impl Sayer<'_> {
    /// The name of the rule that tells an alert; its id where there is no such rule any more.
    #[must_use]
    pub fn rule(&self, alert: &Alert) -> String {
        let rule = self.rules.rule(&alert.alert_rule);
        rule.map_or(alert.alert_rule.as_str(), |rule| self.phrases.locale.of(&rule.title)).to_owned()
    }

    /// The name of its rule and of its subject.
    #[must_use]
    pub fn title(&self, alert: &Alert) -> String {
        let name = self.rule(alert);
        let subject = if alert.about.title.is_empty() { &alert.about.rule } else { &alert.about.title };
        if subject.is_empty() { name } else { format!("{name} ({subject})") }
    }

    /// What became of what, as one sentence.
    #[must_use]
    pub fn line(&self, alert: &Alert) -> String {
        let said = self.sentence(alert);
        match alert.event {
            AlertEvent::Escalated => self.phrases.say_with("alert-escalated", &[("line", &said)]),
            _ => said,
        }
    }

    fn sentence(&self, alert: &Alert) -> String {
        let Self { policy, phrases, .. } = *self;
        let about = &alert.about;
        let name = |step: Step| phrases.locale.of(&policy.step(step).name).to_owned();
        let rule = policy.rules.iter().find(|rule| rule.id == about.rule);
        let kind = rule.and_then(|rule| rule.indicator);
        let shown = |value: Option<f64>| {
            value.map_or_else(|| "–".to_owned(), |value| indicator_value(kind, value, phrases))
        };
        let rule_title = rule.map_or_else(String::new, |rule| phrases.locale.of(&rule.title).to_owned());
        let since =
            about.since.parse().map_or_else(|_| about.since.clone(), |day| date_long(day, phrases.locale));
        let what = match about.kind.as_str() {
            "decision_due" => phrases.say(&format!("decision-due-{}", about.rule)),
            _ => self.title(alert),
        };
        phrases.say_first(
            &[&key(alert), "alert-fired"],
            &[
                ("rule", &about.rule),
                ("title", &rule_title),
                ("what", &what),
                ("value", &shown(about.value)),
                ("threshold", &shown(about.threshold)),
                ("level", &name(about.step)),
                ("before", &name(about.step_before)),
                ("source", &about.title),
                ("unit", &about.title),
                ("number", &about.title),
                ("since", &since),
                ("date", &since),
            ],
        )
    }
}

/// Which phrase says it, where the language has it.
fn key(alert: &Alert) -> String {
    match (alert.event, alert.about.kind.as_str()) {
        (AlertEvent::NoData, _) => "alert-no_data".to_owned(),
        (AlertEvent::DataBack, _) => "alert-data_back".to_owned(),
        (AlertEvent::Resolved, kind) if kind.starts_with("source_") => "alert-source_back".to_owned(),
        (AlertEvent::Resolved, _) => "alert-over".to_owned(),
        (_, "threshold_crossed") if alert.about.threshold.is_none() => "alert-order".to_owned(),
        (_, kind) => format!("alert-{kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{About, Severity};
    use crate::text::Locale;

    fn said(kind: &str, event: AlertEvent, locale: Locale) -> String {
        let rules = AlertRules::read(include_str!("../../data/alert/default.toml")).unwrap();
        let policy = Policy::parse(include_str!("../../data/policy/kota-bogor.toml")).unwrap();
        let about = About {
            kind: kind.to_owned(),
            rule: "R2".to_owned(),
            step: Step::try_from(4).unwrap(),
            value: Some(199.7),
            threshold: Some(150.0),
            title: "Dinas Kesehatan".to_owned(),
            since: "2021-06-28".to_owned(),
            ..About::default()
        };
        let alert = Alert {
            about,
            alert_rule: "unit_cluster".to_owned(),
            event,
            severity: Severity::Warning,
            began_at: 0,
        };
        Sayer { rules: &rules, policy: &policy, phrases: Phrases::new(locale) }.line(&alert)
    }

    #[test]
    fn what_is_told_is_one_sentence_in_either_language() {
        let kinds = [
            "threshold_crossed",
            "near_threshold",
            "recommendation_changed",
            "may_step_down",
            "not_assessable",
        ];
        let others = [
            "source_late",
            "source_stalled",
            "source_failing",
            "figures_held",
            "unit_cluster",
            "staff_signal",
        ];
        let last =
            ["zone_differs", "indicator_crossed", "turn_open", "finding-above-cap", "finding-no-reports"];
        for kind in kinds.into_iter().chain(others).chain(last) {
            for locale in [Locale::Id, Locale::En] {
                let said = said(kind, AlertEvent::Fired, locale);
                assert!(said.ends_with('.') && !said.contains(['{', '$']), "{kind}: {said}");
                assert!(
                    kind == "recommendation_changed" || said != "klaster unit (Dinas Kesehatan).",
                    "{kind}"
                );
            }
        }
    }

    #[test]
    fn a_beginning_an_end_and_missing_figures_do_not_read_alike() {
        let id = |kind: &str, event| said(kind, event, Locale::Id);
        assert!(id("threshold_crossed", AlertEvent::Fired).contains("199,7"));
        assert!(id("threshold_crossed", AlertEvent::Escalated).contains("199,7"));
        assert_ne!(
            id("threshold_crossed", AlertEvent::Escalated),
            id("threshold_crossed", AlertEvent::Fired)
        );
        assert!(
            !id("threshold_crossed", AlertEvent::Resolved).contains("199,7"),
            "no old value as if it held"
        );
        assert!(id("unit_cluster", AlertEvent::Resolved).contains("klaster unit (Dinas Kesehatan)"));
        assert_ne!(id("unit_cluster", AlertEvent::NoData), id("unit_cluster", AlertEvent::DataBack));
        assert_eq!(id("of_tomorrow", AlertEvent::Fired), "klaster unit (Dinas Kesehatan).");
    }
}
