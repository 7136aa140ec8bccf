//! What there is to see when alert rules are judged, and how it reads for each rule.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::About;
use super::reading::{Condition, Reading, Readings};
use super::rule::{AlertRule, Line, Side, Watch};
use crate::assessment::{Assessment, FindingStatus, RuleReport, Step, Verdict};
use crate::decision::{ClockState, DueKind};
use crate::epi::IndicatorKind;

/// What figures say beside the assessment; worked out when figures are assessed and remembered until they are again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The assessment that they were worked out with.
    pub assessment_id: String,
    /// Units that count as clusters, with their names; `None` where there are no figures by unit.
    pub clusters: Option<Vec<(String, String)>>,
    /// Staff cases in seven days.
    pub staff_cases: Option<f64>,
    /// Whether they stand out against the days before (EARS C2); `None` where nobody can tell.
    pub staff_stand_out: Option<bool>,
}

/// A source that promised when it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its id.
    pub id: String,
    /// Its title, in the language of the city.
    pub title: String,
    /// What is wrong (`source_late`, `source_stalled`, `source_failing`), and since which day; nothing if nothing is.
    pub trouble: Option<(&'static str, NaiveDate)>,
}

/// Something about a source or a unit that lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The source or the unit.
    pub id: String,
    /// Its name, in the language of the city.
    pub title: String,
    /// What is the matter: the code of a finding; empty where the rule says it.
    pub code: String,
    /// Since which day.
    pub since: NaiveDate,
}

/// Everything that rules are held against. What is `None` was not looked at: it stays as it was.
#[derive(Debug, Default)]
pub struct Sight<'a> {
    /// The city's day.
    pub today: NaiveDate,
    /// The last assessment.
    pub assessment: Option<&'a Assessment>,
    /// What figures say beside it.
    pub figures: Option<&'a Figures>,
    /// Every source that promised when it comes.
    pub sources: Option<Vec<Watched>>,
    /// Sources of which something is held back.
    pub held: Option<Vec<Fact>>,
    /// The decision clock.
    pub clock: Option<ClockState<'a>>,
    /// What attendance and reports say.
    pub findings: Option<Vec<Fact>>,
    /// Units with a turn of the next working day that nobody takes.
    pub open_turns: Option<Vec<Fact>>,
}

impl Sight<'_> {
    /// How what a rule watches stands.
    #[must_use]
    pub fn readings(&self, rule: &AlertRule) -> Readings {
        let of_assessment =
            |read: &dyn Fn(&Assessment) -> Readings| self.assessment.map_or_else(Readings::none, read);
        match &rule.watch {
            Watch::PolicyRules => of_assessment(&|a| Readings::only(a.rules.iter().map(crossing).collect())),
            Watch::NearPolicyRules { share, growth } => of_assessment(&|a| near(a, *share, *growth)),
            Watch::Recommendation => of_assessment(&|a| {
                let happened = Condition::Happened(a.step.number().to_string());
                one("recommendation_changed", happened, About { step: a.step, ..About::default() })
            }),
            Watch::StepDown => of_assessment(&|a| {
                let condition = match a.own_verdict {
                    Verdict::StepDown | Verdict::End => Condition::On(0),
                    Verdict::NotAssessable => Condition::Unknown,
                    _ => Condition::Off,
                };
                one(
                    "may_step_down",
                    condition,
                    About { step: a.step, step_before: a.in_force.step, ..About::default() },
                )
            }),
            Watch::NotAssessable => of_assessment(&|a| {
                let is_unknown =
                    a.verdict == Verdict::NotAssessable || a.own_verdict == Verdict::NotAssessable;
                one("not_assessable", on_if(is_unknown), About { step: a.step, ..About::default() })
            }),
            Watch::Indicators(lines) => of_assessment(&|a| indicators(a, lines)),
            Watch::ZoneDiffers => of_assessment(&zone),
            Watch::StaffSignal { cases } => {
                self.figures.map_or_else(Readings::none, |known| staff(known, *cases))
            }
            Watch::UnitCluster => self.clusters(),
            Watch::Sources => self.sources.as_deref().map_or_else(Readings::none, sources),
            Watch::HeldFigures => facts("figures_held", self.held.as_deref(), None),
            Watch::DecisionDue => self.due(),
            Watch::Attendance(code) => {
                facts(&format!("finding-{code}"), self.findings.as_deref(), Some(code))
            }
            Watch::OpenTurns => facts("turn_open", self.open_turns.as_deref(), None),
        }
    }

    fn clusters(&self) -> Readings {
        let Some(clusters) = self.figures.and_then(|figures| figures.clusters.as_ref()) else {
            return Readings::none();
        };
        let reading = |(unit, title): &(String, String)| Reading {
            condition: Condition::On(0),
            about: About {
                kind: "unit_cluster".to_owned(),
                rule: unit.clone(),
                title: title.clone(),
                unit_id: unit.clone(),
                ..About::default()
            },
        };
        Readings::only(clusters.iter().map(reading).collect())
    }

    /// What is due of the decision in force by today. What was missed while nothing ran is told late rather than never, unless
    /// the next thing is due already.
    fn due(&self) -> Readings {
        let Some(clock) = &self.clock else { return Readings::none() };
        let is_overtaken =
            |date: NaiveDate| clock.due.iter().any(|later| later.date > date && later.date <= self.today);
        let due = clock.due.iter().filter(|due| due.date <= self.today && !is_overtaken(due.date));
        let due = due.filter(|due| due.kind != DueKind::FirstDayBack);
        let reading = |due: &crate::decision::Due| {
            let (number, kind) = (clock.decision.number, due.kind.as_str());
            Reading {
                condition: Condition::Happened(format!("{number}:{kind}")),
                about: About {
                    kind: "decision_due".to_owned(),
                    rule: kind.to_owned(),
                    step: self.assessment.map_or(clock.decision.step, |assessment| assessment.step),
                    step_before: clock.decision.step,
                    title: number.to_string(),
                    since: due.date.to_string(),
                    ..About::default()
                },
            }
        };
        Readings { listed: due.map(reading).collect(), rest: super::reading::Rest::AsItWas }
    }
}

fn on_if(is_on: bool) -> Condition {
    if is_on { Condition::On(0) } else { Condition::Off }
}

/// The readings of a rule about the city as a whole.
fn one(kind: &str, condition: Condition, about: About) -> Readings {
    Readings::only(vec![Reading { condition, about: About { kind: kind.to_owned(), ..about } }])
}

fn crossing(rule: &RuleReport) -> Reading {
    let condition = match (rule.status, rule.step) {
        (FindingStatus::Fires, Some(step)) => Condition::On(step.number()),
        (FindingStatus::Quiet, _) if has_let_go(rule) => Condition::Off,
        (FindingStatus::Quiet, _) => Condition::Between,
        _ => Condition::Unknown,
    };
    let about = About {
        kind: "threshold_crossed".to_owned(),
        rule: rule.id.clone(),
        step: rule.step.unwrap_or_default(),
        value: rule.value.or(rule.lower),
        threshold: rule.enter,
        ..About::default()
    };
    Reading { condition, about }
}

/// Between the leave and the enter value a rule is quiet but not over: told again there, it would flap.
fn has_let_go(rule: &RuleReport) -> bool {
    match (rule.value, rule.leave) {
        (Some(value), Some(leave)) => value < leave,
        _ => true,
    }
}

/// Rules that are quiet at `share` of their entry value or more while cases grow by `growth` a week or more. One that fires
/// stays as it was: it is past being near, not back from it.
fn near(assessment: &Assessment, share: f64, least_growth: f64) -> Readings {
    let growth = value_of(assessment, IndicatorKind::GrowthRatio);
    let reading = |rule: &RuleReport| {
        let enter =
            rule.enter.filter(|enter| *enter > 0.0 && rule.leave.is_none_or(|leave| leave <= *enter))?;
        let condition = match (rule.status, rule.value, growth) {
            (FindingStatus::Fires, _, _) => Condition::Between,
            (FindingStatus::Quiet, Some(value), Some(growth)) => {
                on_if(value >= share * enter && growth >= least_growth)
            }
            _ => Condition::Unknown,
        };
        let about = About {
            kind: "near_threshold".to_owned(),
            rule: rule.id.clone(),
            step: assessment.step,
            value: rule.value,
            threshold: Some(enter),
            ..About::default()
        };
        Some(Reading { condition, about })
    };
    Readings::only(assessment.rules.iter().filter_map(reading).collect())
}

fn value_of(assessment: &Assessment, kind: IndicatorKind) -> Option<f64> {
    assessment.indicators.get(kind.name()).and_then(|indicator| indicator.value)
}

/// On while every line is crossed, off as soon as one has let go.
fn indicators(assessment: &Assessment, lines: &[Line]) -> Readings {
    let values: Vec<Option<f64>> = lines.iter().map(|line| value_of(assessment, line.indicator)).collect();
    let sides = lines.iter().zip(&values).filter_map(|(line, value)| Some(line.side((*value)?)));
    let worst = sides.min();
    let is_unknown = values.iter().any(Option::is_none);
    let condition = match worst {
        Some(Side::Off) => Condition::Off,
        _ if is_unknown => Condition::Unknown,
        Some(Side::Between) => Condition::Between,
        _ => Condition::On(0),
    };
    let about = About {
        rule: lines.first().map_or_else(String::new, |line| line.indicator.name().to_owned()),
        step: assessment.step,
        value: values.first().copied().flatten(),
        threshold: lines.first().map(|line| line.enter),
        ..About::default()
    };
    one("indicator_crossed", condition, about)
}

/// The zones of the national task force stand for the steps of the same number: 0 green to 3 red.
fn zone(assessment: &Assessment) -> Readings {
    let zone = value_of(assessment, IndicatorKind::Zone);
    let step = f64::from(assessment.step.number().min(3));
    let condition = zone.map_or(Condition::Unknown, |zone| on_if((zone - step).abs() > 0.5));
    one("zone_differs", condition, About { step: assessment.step, value: zone, ..About::default() })
}

fn staff(known: &Figures, least: f64) -> Readings {
    let condition = match (known.staff_cases, known.staff_stand_out) {
        (Some(cases), _) if cases < least => Condition::Off,
        (Some(_), Some(stand_out)) => on_if(stand_out),
        _ => Condition::Unknown,
    };
    let about = About { value: known.staff_cases, threshold: Some(least), ..About::default() };
    one("staff_signal", condition, about)
}

fn sources(watched: &[Watched]) -> Readings {
    let reading = |source: &Watched| {
        let (kind, since) =
            source.trouble.map_or(("source_late", String::new()), |(kind, since)| (kind, since.to_string()));
        Reading {
            condition: on_if(source.trouble.is_some()),
            about: About {
                kind: kind.to_owned(),
                rule: source.id.clone(),
                title: source.title.clone(),
                since,
                ..About::default()
            },
        }
    };
    Readings::only(watched.iter().map(reading).collect())
}

fn facts(kind: &str, known: Option<&[Fact]>, code: Option<&str>) -> Readings {
    let Some(known) = known else { return Readings::none() };
    let is_meant = |fact: &&Fact| code.is_none_or(|code| fact.code == code);
    let is_of_unit = kind != "figures_held";
    let reading = |fact: &Fact| Reading {
        condition: Condition::On(0),
        about: About {
            kind: kind.to_owned(),
            rule: fact.id.clone(),
            title: fact.title.clone(),
            since: fact.since.to_string(),
            unit_id: if is_of_unit { fact.id.clone() } else { String::new() },
            ..About::default()
        },
    };
    Readings::only(known.iter().filter(is_meant).map(reading).collect())
}

impl About {
    /// The step before, from the key under which the last one was told.
    pub(super) fn after_step(mut self, key: Option<&String>) -> Self {
        let before = key.and_then(|key| Step::try_from(key.parse::<u8>().ok()?).ok());
        self.step_before = before.unwrap_or(self.step_before);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{AlertRules, Answered, Memory, Moment, evaluate};
    use crate::decision::{
        Answer, CeilingOn, Circumstances, ClockRules, Journal, check, parse_exemption_list, run_clock,
    };
    use crate::epi::Calendar;
    use crate::indicator::IndicatorTable;

    #[derive(Debug)]
    struct NoOrder;

    impl CeilingOn for NoOrder {
        fn ceiling(&self, _: NaiveDate) -> Option<crate::assessment::Ceiling> {
            None
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn book() -> Journal {
        let policy =
            crate::assessment::Policy::parse(include_str!("../../data/policy/kota-bogor.toml")).unwrap();
        let list =
            parse_exemption_list(include_str!("../../data/exemption/kota-bogor-2021-06-28.toml")).unwrap();
        let (calendar, journal, units) =
            (Calendar::default(), Journal::default(), std::collections::BTreeMap::new());
        let answer = Answer {
            step: "4".to_owned(),
            decided_by: "Bima Arya".to_owned(),
            office: "mayor".to_owned(),
            start: "2021-06-29".to_owned(),
            last_day: "2021-07-05".to_owned(),
            reasons: vec![("case_trend".to_owned(), String::new())],
            departure: "percobaan".to_owned(),
            exemption_list: list.id.clone(),
            ..Answer::default()
        };
        let case = Circumstances {
            location: "3271",
            today: day("2021-06-28"),
            calendar: &calendar,
            journal: &journal,
            recommended: None,
            policy: &policy,
            ceiling: &NoOrder,
            lists: &[list],
            units: &units,
        };
        let decision = check(&answer, case).unwrap().signed(1, ("sekda", "2021-06-28T13:00:00Z"), "0");
        Journal::new(vec![decision]).unwrap()
    }

    /// The shipped rules, held against one sight a day; what is told of one of them.
    struct Days {
        rules: AlertRules,
        memory: Memory,
    }

    impl Days {
        fn of(rule: &str) -> Self {
            let mut rules = AlertRules::read(include_str!("../../data/alert/default.toml")).unwrap();
            rules.rules.retain(|known| known.id == rule);
            Self { rules, memory: Memory::default() }
        }

        fn told(&mut self, date: &str, sight: &Sight<'_>) -> Vec<String> {
            let at = day(date).and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
            let now = Moment {
                at,
                date: day(date),
                weekday: chrono::Datelike::weekday(&day(date)),
                time: chrono::NaiveTime::from_hms_opt(20, 0, 0).unwrap(),
            };
            let read = |rule: &AlertRule| sight.readings(rule);
            let evaluation = evaluate(&self.rules, &self.memory, &read, &Answered::default(), now);
            self.memory = evaluation.memory;
            let said = |alert: &crate::alert::Alert| format!("{} {}", alert.event.as_str(), alert.about.rule);
            evaluation.happenings.iter().map(|one| said(&one.alert)).collect()
        }
    }

    #[test]
    fn each_thing_that_falls_due_is_told_once_and_a_day_late_rather_than_never() {
        let (book, calendar) = (book(), Calendar::default());
        let mut days = Days::of("decision_due");
        let mut told = |date: &str| {
            let clock = run_clock(&book, day(date), None, (&calendar, ClockRules::default()));
            days.told(date, &Sight { today: day(date), clock, ..Sight::default() })
        };
        assert_eq!(told("2021-06-30"), Vec::<String>::new());
        assert_eq!(told("2021-07-03"), ["fired ready", "fired reminder"]);
        assert_eq!(told("2021-07-04"), Vec::<String>::new());
        // Nothing was evaluated on the 5th: that it lapsed takes the place of what came before.
        assert_eq!(told("2021-07-06"), ["fired lapse"]);
        assert_eq!(told("2021-07-07"), Vec::<String>::new());
    }

    /// The assessment of a day without figures, to be filled in.
    fn assessment() -> Assessment {
        let policy = crate::assessment::PolicyBook::new(vec![
            crate::assessment::Policy::parse(include_str!("../../data/policy/kota-bogor.toml")).unwrap(),
        ])
        .unwrap();
        let location = crate::epi::LocationId::new("3271");
        let table = IndicatorTable::new(location.clone(), day("2021-06-28"), 1);
        let (orders, lineage, calendar) =
            (crate::assessment::Orders::default(), [location], Calendar::default());
        let case = crate::assessment::Case {
            policies: &policy,
            table: &table,
            orders: &orders,
            lineage: &lineage,
            calendar: &calendar,
        };
        crate::assessment::assess(case, day("2021-06-28"), None).0
    }

    fn report(value: Option<f64>, step: Option<u8>, status: FindingStatus) -> RuleReport {
        RuleReport {
            level: String::new(),
            id: "R1".to_owned(),
            indicator: None,
            value,
            lower: None,
            upper: None,
            enter: Some(50.0),
            leave: Some(40.0),
            step: step.and_then(|step| Step::try_from(step).ok()),
            status,
            reason: None,
            date: None,
        }
    }

    #[test]
    fn a_crossing_is_told_once_until_it_has_let_go() {
        use FindingStatus::{Fires, NotAssessed, Quiet};
        let (mut days, mut assessment) = (Days::of("threshold_crossed"), assessment());
        let values = [
            (Some(55.0), Some(3), Fires, Some("fired")),
            (Some(60.0), Some(3), Fires, None),
            (None, None, NotAssessed, None),
            (Some(52.0), Some(3), Fires, None),
            (Some(45.0), None, Quiet, None),
            (Some(40.0), None, Quiet, None),
            (Some(51.0), Some(3), Fires, None),
            (Some(39.0), None, Quiet, Some("resolved")),
            (Some(50.0), Some(3), Fires, Some("fired")),
            (Some(160.0), Some(4), Fires, Some("raised")),
        ];
        for (minute, (value, step, status, expected)) in values.into_iter().enumerate() {
            assessment.rules = vec![report(value, step, status)];
            let date = (day("2021-06-28") + chrono::Days::new(minute as u64)).to_string();
            let mut told = days.told(&date, &Sight { assessment: Some(&assessment), ..Sight::default() });
            // Nobody answers, which is told to others and is not the matter here.
            told.retain(|line| !line.starts_with("escalated"));
            let expected: Vec<String> = expected.iter().map(|event| format!("{event} R1")).collect();
            assert_eq!(told, expected, "evaluation {minute}");
        }
    }

    #[test]
    fn near_is_from_its_share_on_while_cases_grow_and_never_where_the_rule_fires() {
        let mut seen = assessment();
        let growth = |seen: &mut Assessment, value: Option<f64>| {
            let growth = seen.indicators.get_mut(IndicatorKind::GrowthRatio.name()).unwrap();
            growth.value = value;
        };
        let condition = |seen: &Assessment| near(seen, 0.85, 1.1).listed[0].condition.clone();
        seen.rules = vec![report(Some(42.5), None, FindingStatus::Quiet)];
        growth(&mut seen, Some(1.1));
        assert_eq!(condition(&seen), Condition::On(0), "on the line itself");
        growth(&mut seen, Some(1.09));
        assert_eq!(condition(&seen), Condition::Off);
        growth(&mut seen, None);
        assert_eq!(condition(&seen), Condition::Unknown, "missing figures end nothing");
        growth(&mut seen, Some(2.0));
        seen.rules = vec![report(Some(42.4), None, FindingStatus::Quiet)];
        assert_eq!(condition(&seen), Condition::Off);
        seen.rules = vec![report(Some(55.0), Some(3), FindingStatus::Fires)];
        assert_eq!(condition(&seen), Condition::Between);
    }

    #[test]
    fn staff_cases_are_enough_and_stand_out_or_nobody_can_tell() {
        let seen = |staff_cases, staff_stand_out| {
            let figures = Figures { staff_cases, staff_stand_out, ..Figures::default() };
            staff(&figures, 5.0).listed[0].condition.clone()
        };
        assert_eq!(seen(Some(5.0), Some(true)), Condition::On(0));
        assert_eq!(seen(Some(5.0), Some(false)), Condition::Off);
        assert_eq!(seen(Some(4.0), None), Condition::Off);
        assert_eq!(seen(Some(5.0), None), Condition::Unknown);
        assert_eq!(seen(None, Some(true)), Condition::Unknown);
    }

    #[test]
    fn what_was_not_looked_at_stays_as_it_was() {
        let mut days = Days::of("source_trouble");
        let trouble = |kind| {
            let title = "Dinkes".to_owned();
            vec![Watched { id: "dinkes".to_owned(), title, trouble: Some((kind, day("2021-06-28"))) }]
        };
        let seen = |sources| Sight { sources, ..Sight::default() };
        assert_eq!(days.told("2021-06-28", &seen(Some(trouble("source_late")))), ["fired dinkes"]);
        assert!(days.told("2021-06-29", &seen(None)).is_empty());
        assert!(
            days.told("2021-06-30", &seen(Some(trouble("source_failing")))).is_empty(),
            "the same trouble"
        );
        assert_eq!(days.told("2021-07-01", &seen(Some(Vec::new()))), ["resolved dinkes"]);
    }
}
