//! Parts of a spec: when a publisher publishes.

use chrono::{NaiveTime, Weekday};
use serde::Deserialize;
use serde::de::Error;

/// When figures are to be expected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cadence {
    /// Days of the week it publishes on; empty: every day.
    #[serde(deserialize_with = "weekdays")]
    pub days: Vec<Weekday>,
    /// The hour by which it has, in the city's time.
    #[serde(deserialize_with = "time")]
    pub by: Option<NaiveTime>,
    /// So long after that hour figures are late.
    #[serde(deserialize_with = "duration")]
    pub late_after: chrono::Duration,
    /// After so many days without anything new the source has stalled; 0: never.
    pub stalled_after_days: u32,
}

impl Default for Cadence {
    fn default() -> Self {
        Self { days: Vec::new(), by: None, late_after: chrono::Duration::hours(6), stalled_after_days: 3 }
    }
}

fn weekdays<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let weekday = |word: &String| {
        word.parse().map_err(|_| D::Error::custom(format!("'{word}' is no day: write mon, tue, wed …")))
    };
    words.iter().map(weekday).collect()
}

fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map(Some)
        .map_err(|_| D::Error::custom(format!("'{text}' is no time of day: write 17:00")))
}

fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<chrono::Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || D::Error::custom(format!("'{text}' is no duration: write 30m, 6h or 2d"));
    let unit = text.chars().last().ok_or_else(wrong)?;
    let count: i64 =
        text.strip_suffix(unit).and_then(|count| count.parse::<u16>().ok()).ok_or_else(wrong)?.into();
    match unit {
        'm' => Ok(chrono::Duration::minutes(count)),
        'h' => Ok(chrono::Duration::hours(count)),
        'd' => Ok(chrono::Duration::days(count)),
        _ => Err(wrong()),
    }
}
