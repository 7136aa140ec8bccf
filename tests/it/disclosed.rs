//! What each role is shown of the figures: on pages in both languages, in charts and in files, over the real server.

use std::collections::BTreeMap;

use siaga::account::{Permission, Role};
use siaga::assessment::{Assessment, FindingStatus};
use siaga::audit::Action;
use siaga::disclosure::Audience;
use siaga::epi::Missing;
use siaga::job::{Focus, city_view, ingest_payload};
use siaga::source::Payload;
use siaga::store::AuditFilter;

use crate::support::house::{House, Plan, UNIT};
use crate::support::{checkout, journey, tidy};

const LANGUAGES: [&str; 2] = ["id", "en"];

/// Cases of each unit in the two weeks to 27 June, by the place of the unit in the city's list.
const CASES: [[i64; 6]; 2] = [[2, 0, 7, 0, 1, 0], [0, 3, 6, 0, 1, 4]];

/// Kota Bogor with its printed cases, and staff figures in which small counts are many.
async fn house() -> House {
    let house = House::built(Plan::default()).await;
    let printed = std::fs::read(checkout("data/sample/kota_bogor_cases.csv")).unwrap();
    let mut staff = "date,location,measure,value,as_of,source,unit_id\n".to_owned();
    let mut total = 40;
    for day in 6..=27 {
        let date = format!("2021-06-{day:02}");
        let mut row = |measure: &str, value: i64, unit: &str| {
            staff +=
                &format!("{date},3271,{measure},{value},{date}T19:00:00+07:00,bkpsdm-kota-bogor,{unit}\n");
        };
        for (place, unit) in house.journey.city.units.iter().enumerate() {
            let cases = match day {
                16 => CASES[0][place % 6],
                23 => CASES[1][place % 6],
                _ => continue,
            };
            total += cases;
            row("staff_cases", cases, &unit.unit_id);
        }
        row("staff_cases_total", total, "");
    }
    for (name, body) in [("cases", printed), ("staff", staff.into_bytes())] {
        let report =
            ingest_payload(&house.journey, &tidy(), &Payload::from_file(name, body), false).await.unwrap();
        assert!(
            report.run.accepted > 60,
            "{name}: {:?}",
            &report.rejections[..report.rejections.len().min(3)]
        );
    }
    house.journey.announce().await.unwrap();
    house
}

/// Unit and cases of the table of units, as text.
fn units(page: &str) -> BTreeMap<String, String> {
    let start = page.find("<table data-sortable id=\"units-t\">").expect("the table of units");
    let table = &page[start..start + page[start..].find("</table>").unwrap()];
    let text = |html: &str| {
        let html = html.split("<span role=\"tooltip\">").next().unwrap();
        let mut is_tag = false;
        let plain = html.chars().filter(|c| {
            is_tag = *c == '<' || is_tag && *c != '>';
            !is_tag && *c != '>'
        });
        plain.collect::<String>().replace('≈', "").replace("&#60;", "<").trim().to_owned()
    };
    let rows = table.split("<tr><th scope=\"row\">").skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split("</td>").collect();
        let cases = cells[2].split_once('>').unwrap().1;
        let cases =
            cases.split_once('>').filter(|(tag, _)| tag.contains("data-value")).map_or(cases, |it| it.1);
        (text(row.split("</th>").next().unwrap()), text(cases))
    })
    .collect()
}

async fn page(house: &House, cookie: &str, path: &str, language: &str) -> String {
    let answer = house.get(&format!("{path}?lang={language}"), &[("cookie", cookie)]).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn units_are_shown_to_each_role_as_its_work_needs() {
    let house = house().await;
    let epidemiologist = house.signed_in("surveilans", Role::Epidemiologist).await.cookie;
    let mayor = house.signed_in("sekda", Role::Mayor).await.cookie;
    let personnel = house.signed_in("bkpsdm", Role::Personnel).await.cookie;
    let head = house.signed_in("kepala", Role::UnitHead).await.cookie;
    for language in LANGUAGES {
        let as_reported = units(&page(&house, &epidemiologist, "/officials", language).await);
        let small =
            as_reported.values().filter(|cases| ["1", "2", "3", "4"].contains(&cases.as_str())).count();
        assert!(small >= 3, "there are small counts to hide: {as_reported:?}");

        let weekly = units(&page(&house, &mayor, "/officials", language).await);
        assert_eq!(weekly.len(), as_reported.len());
        assert!(weekly.values().any(|cases| cases == "<5"), "{weekly:?}");
        for (unit, cases) in &weekly {
            let is_number = cases.parse::<u32>();
            assert!(
                is_number.is_err() || is_number.is_ok_and(|cases| cases == 0 || cases >= 5),
                "{unit}: {cases}"
            );
        }

        let none = units(&page(&house, &personnel, "/officials", language).await);
        assert!(none.values().all(|cases| cases == "–"), "{none:?}");

        let own = units(&page(&house, &head, "/officials", language).await);
        let expected: Vec<String> = {
            let city = &house.journey.city;
            let is_own =
                |unit: &&siaga::city::Unit| unit.unit_id == UNIT || unit.parent.as_deref() == Some(UNIT);
            let name = |unit: &siaga::city::Unit| {
                if language == "id" { unit.name.clone() } else { unit.name_en.clone() }
            };
            city.units.iter().filter(is_own).map(name).collect()
        };
        assert_eq!(own.len(), expected.len());
        for name in &expected {
            let name = name.replace('\'', "&#39;");
            assert_eq!(own.get(&name), as_reported.get(&name), "{name}: as reported to its head");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_say_no_more_of_units_than_files_and_the_same_in_both_languages() {
    let house = house().await;
    let mayor = house.signed_in("sekda", Role::Mayor).await.cookie;
    let file = house.get("/exports/observations.csv", &[("cookie", &mayor)]).await.body;
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    for line in file.lines().filter(|line| line.contains(",staff_cases,") && line.starts_with("2021-06-27")) {
        let cells: Vec<&str> = line.split(',').collect();
        last.insert(cells[6], if cells[3].is_empty() { cells[7] } else { cells[3] });
    }
    assert!(last.len() > 10, "{last:?}");
    let names = |language: &str| -> Vec<(String, String)> {
        let own = |unit: &siaga::city::Unit| {
            if language == "id" { unit.name.clone() } else { unit.name_en.clone() }
        };
        house.journey.city.units.iter().map(|unit| (unit.unit_id.clone(), own(unit))).collect()
    };
    for language in LANGUAGES {
        let shown = units(&page(&house, &mayor, "/officials", language).await);
        for (unit_id, name) in names(language) {
            let cases = &shown[&name.replace('\'', "&#39;")];
            match last.get(unit_id.as_str()) {
                Some(&"withheld: small_cell") => assert_eq!(cases, "<5", "{name}"),
                Some(&"withheld: complementary") => assert_eq!(cases, "≥1", "{name}"),
                Some(&"withheld: week_withheld") => {
                    assert!(["ditahan", "withheld"].contains(&cases.as_str()))
                }
                Some(count) => assert_eq!(cases, count, "{name}"),
                None => {
                    assert!(cases.starts_with("bersama ") || cases.starts_with("with "), "{name}: {cases}")
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_sees_the_city_and_nothing_that_names_an_office() {
    let house = house().await;
    let owner = house.signed_in("pemilik", Role::Owner).await.cookie;
    for (path, cookie) in [("/", ""), ("/public", ""), ("/public", owner.as_str())] {
        for language in LANGUAGES {
            let page = page(&house, cookie, path, language).await;
            // An office that publishes figures is named as their source.
            let titles: String = house.journey.sources.iter().map(|s| format!("{:?}", s.title)).collect();
            let others = house
                .journey
                .city
                .units
                .iter()
                .filter(|unit| !titles.contains(&unit.name) && !titles.contains(&unit.name_en));
            for unit in others {
                assert!(!page.contains(&unit.name) && !page.contains(&unit.name_en), "{path}: {}", unit.name);
            }
            assert!(page.contains("id=\"epicurve") || page.contains("<svg"), "{path}: the curve is there");
        }
    }
    let file = house.get("/exports/observations.csv", &[]).await;
    let with_unit = file.body.lines().skip(1).filter(|line| !line.split(',').nth(6).unwrap_or("").is_empty());
    assert_eq!(with_unit.count(), 0, "no row of a unit");
    assert_eq!(file.header("siaga-suppression"), "below 10 withheld, no units");
    assert_eq!(file.header("siaga-taken-by"), "public");
    for path in ["/exports/units.csv", "/exports/alerts.csv", "/exports/revisions.json"] {
        assert_eq!(house.get(path, &[]).await.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_the_scope_gets_what_anybody_gets() {
    let house = house().await;
    house.signed_in("surveilans", Role::Epidemiologist).await;
    let house = &house;
    let of = |token: String| async move {
        let bearer = format!("Bearer {token}");
        house.get("/exports/observations.csv", &[("authorization", bearer.as_str())]).await
    };
    let reader = of(house.token("surveilans", Permission::ReadCity).await).await;
    assert_eq!(reader.header("siaga-suppression"), "below 10 withheld, no units");
    let exporter = of(house.token("surveilans", Permission::Export).await).await;
    assert_eq!(exporter.header("siaga-suppression"), "nothing withheld, units as reported");
    assert_ne!(reader.header("etag"), exporter.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_look_at_what_others_may_not_see_is_recorded() {
    let house = house().await;
    let recorded = |action: Action| {
        let store = house.journey.store.clone();
        async move {
            let filter = AuditFilter { action: Some(action), limit: 50, ..AuditFilter::default() };
            let page = store.audit(&filter).await.unwrap();
            page.rows
                .into_iter()
                .map(|row| (row.entry.actor, row.entry.object, row.entry.detail))
                .collect::<Vec<_>>()
        }
    };
    let epidemiologist = house.signed_in("surveilans", Role::Epidemiologist).await.cookie;
    let head = house.signed_in("kepala", Role::UnitHead).await.cookie;
    let analyst = house.signed_in("analis", Role::Analyst).await.cookie;
    for (cookie, path) in [
        (&analyst, "/analyst"),
        (&epidemiologist, "/officials"),
        (&head, "/officials"),
        (&epidemiologist, "/charts/staff.svg"),
    ] {
        assert_eq!(house.get(path, &[("cookie", cookie)]).await.status, 200, "{path}");
    }
    let viewed = recorded(Action::FiguresViewed).await;
    let who: Vec<(&str, &str)> = viewed.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
    assert_eq!(
        who,
        [("surveilans", "/charts/staff.svg"), ("kepala", "/officials"), ("surveilans", "/officials")]
    );
    assert_eq!(viewed[1].2, format!("below 5 withheld, only unit {UNIT}"));
    house.get("/exports/revisions.csv", &[("cookie", &analyst)]).await;
    house.get("/exports/observations.json", &[("cookie", &epidemiologist)]).await;
    let taken = recorded(Action::FiguresExported).await;
    assert_eq!((taken[1].0.as_str(), taken[1].1.as_str()), ("analis", "revisions.csv"));
    assert!(taken[1].2.starts_with("below 5 withheld, no units; as of 2021-06-28"), "{}", taken[1].2);
    assert!(taken[0].2.starts_with("nothing withheld, units as reported"), "{}", taken[0].2);
    assert!(house.journey.store.verify_chains().await.unwrap().iter().all(|chain| chain.fault.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_keeps_its_level_and_loses_what_its_reader_may_not_see() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2021-06-28").await;
    let mut csv = "date,location,measure,value,as_of,source,unit_id\n".to_owned();
    for (day, total) in [("2021-06-13", 1_000), ("2021-06-20", 1_500), ("2021-06-27", 2_500)] {
        csv += &format!("{day},3271,cases_total,{total},{day}T19:00:00+07:00,dinkes-kota-bogor,\n");
    }
    for (day, total) in [("2021-06-13", 20), ("2021-06-20", 23), ("2021-06-27", 47)] {
        csv += &format!("{day},3271,staff_cases_total,{total},{day}T19:00:00+07:00,bkpsdm-kota-bogor,\n");
    }
    for unit in ["dinkes", "setda", "bappeda", "bapenda", "diskominfo", "disdukcapil"] {
        csv += &format!("2021-06-24,3271,staff_cases,4,2021-06-24T19:00:00+07:00,bkpsdm-kota-bogor,{unit}\n");
    }
    csv += "2021-06-01,3271,staff_headcount,6000,2021-06-01,bkpsdm-kota-bogor,\n";
    let payload = Payload::from_file("figures", csv.into_bytes());
    assert_eq!(ingest_payload(&journey, &tidy(), &payload, false).await.unwrap().run.accepted, 13);
    let seen = |name: &str| {
        let audience: Audience = name.parse().unwrap();
        let journey = &journey;
        async move { city_view(&journey.viewing(), Focus::default(), &audience).await.unwrap() }
    };
    let full = seen("unsuppressed").await.assessment;
    let value = |assessment: &Assessment, name: &str| assessment.indicators[name].value;
    assert_eq!(value(&full, "unit_clusters"), Some(6.0));
    assert_eq!(value(&full, "staff_cases_14d"), Some(27.0));
    for (name, staff) in [("executive", Some(27.0)), ("government", None), ("public", None)] {
        let shown = seen(name).await.assessment;
        assert_eq!(
            (shown.step, shown.verdict, &shown.deciding_rule),
            (full.step, full.verdict, &full.deciding_rule)
        );
        assert_eq!(value(&shown, "incidence_7d_per_100k"), value(&full, "incidence_7d_per_100k"));
        assert_eq!(value(&shown, "unit_clusters"), None, "{name}");
        assert_eq!(shown.indicators["unit_clusters"].reason, Some(Missing::Withheld), "{name}");
        assert_eq!(value(&shown, "staff_cases_14d"), staff, "{name}");
        assert_eq!(value(&shown, "staff_prevalence_14d_pct").is_some(), staff.is_some(), "{name}");
        let told = |assessment: &Assessment| {
            let rules = assessment.rules.iter().filter(|rule| rule.id != "R6");
            rules.map(|rule| (rule.status, rule.step)).collect::<Vec<_>>()
        };
        assert_eq!(told(&shown), told(&full));
        let of_staff = full.rules.iter().find(|rule| rule.id == "R6").unwrap();
        assert_eq!(of_staff.status, FindingStatus::Fires, "the rule on staff and offices");
        let of_staff = shown.rules.iter().find(|rule| rule.id == "R6").unwrap();
        assert_eq!(of_staff.value.is_some(), staff.is_some(), "{name}");
        assert_eq!(
            of_staff.status == FindingStatus::Fires,
            staff.is_some(),
            "{name}: that it fires bounds a count"
        );
        assert_eq!(of_staff.step.is_some(), staff.is_some(), "{name}");
    }
}
