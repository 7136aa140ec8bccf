//! The stories of `tests/scenarios/over_time/`: a value a day in, a level a day out, under any policy that ships.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use siaga::assessment::{Case, Orders, backtest, backtest_levels};
use siaga::epi::{Calendar, Estimate, IndicatorKind, Known, LocationId, Missing, Status, Window};
use siaga::indicator::IndicatorTable;
use siaga::job::load_policies;

use crate::support::checkout;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    story: String,
    /// A policy that ships.
    policy: String,
    /// The first day.
    from: NaiveDate,
    /// Public holidays of the city.
    #[serde(default)]
    holidays: Vec<NaiveDate>,
    /// A value a day for each indicator, `-` where there is none.
    values: BTreeMap<String, String>,
    expect: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The policy's own word for each day.
    levels: String,
    /// For days on which something was called for: the day it takes effect.
    #[serde(default)]
    in_force_from: BTreeMap<NaiveDate, NaiveDate>,
}

fn table(story: &Story) -> IndicatorTable {
    let length = story.values.values().map(|values| values.split_whitespace().count()).max().unwrap();
    let mut table = IndicatorTable::new(LocationId::new("3271"), story.from, length);
    for (name, values) in &story.values {
        let kind: IndicatorKind = name.parse().unwrap_or_else(|error| panic!("{error}"));
        for (index, word) in values.split_whitespace().enumerate() {
            let estimate = match word {
                "-" => Estimate::Missing(Missing::NoFigure),
                value => Estimate::Known(Known::plain(
                    value.parse().unwrap_or_else(|_| panic!("{value} is a number")),
                    Status::Printed,
                    table.date(index),
                )),
            };
            table.set(kind, index, estimate);
        }
    }
    table
}

fn check(name: &str, story: &Story) -> Result<(), String> {
    let (table, policies) = (table(story), load_policies(&story.policy).unwrap());
    let (orders, calendar) = (Orders::default(), Calendar::new(story.holidays.iter().copied()));
    let lineage = [table.location.clone()];
    let case =
        Case { policies: &policies, table: &table, orders: &orders, lineage: &lineage, calendar: &calendar };
    let window = Window { from: story.from, to: table.last() };
    let told = backtest_levels(case, window, None, true);
    let levels: Vec<&str> = told.iter().map(|day| day.level.as_str()).collect();
    let expected: Vec<&str> = story.expect.levels.split_whitespace().collect();
    let about = format!("{name}: {}", story.story);
    if levels != expected {
        let days = table.len;
        let differ = (0..days).filter(|day| levels.get(*day) != expected.get(*day));
        let told = differ.map(|day| {
            let word = |words: &[&str]| words.get(day).map_or_else(String::new, |word| (*word).to_owned());
            format!("{} told {}, expected {}", table.date(day), word(&levels), word(&expected))
        });
        return Err(format!("{about}\n  {}", told.collect::<Vec<_>>().join("\n  ")));
    }
    // With all reasons the same is said.
    let whole = backtest(case, window, None);
    let again: Vec<&str> = whole.iter().map(|day| day.level.as_str()).collect();
    assert_eq!(again, expected, "with reasons, {about}");
    for (date, from) in &story.expect.in_force_from {
        let day = whole.iter().find(|day| day.date == *date).unwrap();
        assert_eq!(day.effective_from, Some(*from), "{about}");
    }
    Ok(())
}

#[test]
fn every_story_over_time_ends_as_it_says() {
    let folder = checkout("tests/scenarios/over_time");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "the stories are there: {}", files.len());
    let mut failed = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let story: Story = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        failed.extend(check(&name, &story).err());
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
