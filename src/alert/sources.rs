//! What is worth telling of sources that promised when they come: each trouble once, and once when it is over.

use super::detect::{Alert, AlertKind, Memory};
use crate::assessment::Step;

/// A source whose lateness is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its id.
    pub id: String,
    /// Its title, in the language of messages.
    pub title: String,
    /// What is wrong, and since when in words; nothing if nothing is.
    pub trouble: Option<(AlertKind, String)>,
}

/// What to tell of sources; what was told is remembered until the source is well again, whatever else befalls it.
#[must_use]
pub fn detect_sources(memory: &mut Memory, watched: &[Watched], step: Step) -> Vec<Alert> {
    let mut alerts = Vec::new();
    for source in watched {
        let told = memory.sources.get(&source.id).copied();
        let (kind, since) = match (&source.trouble, told) {
            (Some((kind, since)), None) => (*kind, since.clone()),
            (None, Some(_)) => (AlertKind::SourceBack, String::new()),
            _ => continue,
        };
        if kind == AlertKind::SourceBack {
            memory.sources.remove(&source.id);
        } else {
            memory.sources.insert(source.id.clone(), kind);
        }
        alerts.push(Alert {
            kind,
            rule: source.id.clone(),
            step,
            step_before: step,
            value: None,
            threshold: None,
            title: source.title.clone(),
            since,
        });
    }
    alerts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_told_once_and_its_end_once() {
        let mut memory = Memory::default();
        let mut tell = |trouble: Option<AlertKind>| {
            let watched = Watched {
                id: "dinkes".to_owned(),
                title: "Dinkes".to_owned(),
                trouble: trouble.map(|kind| (kind, "28 Jun".to_owned())),
            };
            let told = detect_sources(&mut memory, &[watched], Step::NORMAL);
            told.into_iter().map(|alert| (alert.kind, alert.since)).collect::<Vec<_>>()
        };
        assert_eq!(tell(None), []);
        assert_eq!(tell(Some(AlertKind::SourceLate)), [(AlertKind::SourceLate, "28 Jun".to_owned())]);
        assert_eq!(tell(Some(AlertKind::SourceLate)), []);
        assert_eq!(tell(Some(AlertKind::SourceFailing)), [], "the same episode");
        assert_eq!(tell(None), [(AlertKind::SourceBack, String::new())]);
        assert_eq!(tell(None), []);
        assert_eq!(tell(Some(AlertKind::SourceStalled)).len(), 1);
    }

    #[test]
    fn what_was_told_before_sources_were_watched_reads_back() {
        let old = "{\"firing\":{},\"step\":0,\"is_unknown\":false}";
        assert_eq!(serde_json::from_str::<Memory>(old).unwrap(), Memory::default());
    }
}
