//! `/backtest`: an analyst moves a number and sees the levels change; what is no number is refused and kept.

use siaga::account::Role;

use crate::support::house::{House, Person, Plan, percent};

async fn analyst() -> (House, Person) {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let person = house.signed_in("analis", Role::Analyst).await;
    (house, person)
}

/// The names and values of the numbers of the form.
fn numbers(page: &str) -> Vec<(String, String)> {
    let fields = page.split("<input class=\"short\"").skip(1).map(|rest| rest.split('>').next().unwrap());
    let quoted = |field: &str, key: &str| {
        field.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    fields.map(|field| (quoted(field, " name"), quoted(field, " value"))).collect()
}

/// The days of the strip with their levels, both rows.
fn strip(page: &str) -> Vec<String> {
    let wide = page.split("class=\"chart chart-wide\"").nth(1).unwrap().split("</svg>").next().unwrap();
    wide.split("data-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_number_changes_the_strip_and_stands_in_the_address() {
    let (house, person) = analyst().await;
    let cookie = [("cookie", person.cookie.as_str())];
    let page = house.get("/backtest?lang=en", &cookie).await;
    assert_eq!(page.status, 200);
    let fields = numbers(&page.body);
    assert!(fields.len() > 4, "{fields:?}");
    let own = strip(&page.body);
    let once: std::collections::BTreeSet<&String> = own.iter().collect();
    assert_eq!(once.len(), own.len(), "nothing is held against it: each day stands there once");
    assert!(page.body.contains("What the policy in force says") && !page.body.contains(">Difference<"));
    assert!(page.body.contains("Days at Partial 25"), "levels bear the policy's names");
    assert!(own.last().unwrap().contains("2021"), "it ends with what is known: {:?}", own.last());
    let (name, value) =
        fields.iter().find(|(name, value)| name.starts_with("R1.3.enter") && value == "50").unwrap();
    let asked = format!("/backtest?lang=en&{name}=140");
    let page = house.get(&asked, &cookie).await;
    assert!(page.body.contains("How they differ") && page.body.contains(">Difference<"));
    let other = strip(&page.body);
    let (still, moved) = other.split_at(other.len() / 2);
    assert_eq!(still, own, "the policy in force is what it was");
    let top = |days: &[String]| days.iter().filter(|day| day.contains("Partial 25")).count();
    assert!(
        top(moved) < top(still),
        "a higher line is crossed on fewer days: {} and {}",
        top(moved),
        top(still)
    );
    assert!(numbers(&page.body).contains(&(name.clone(), "140".to_owned())), "the form shows what was asked");
    assert!(page.body.contains(&format!("was {value}")), "and what it was");
    let comma = house.get(&format!("/backtest?lang=en&{name}=140,0"), &cookie).await;
    assert_eq!(strip(&comma.body), other, "a comma of an Indonesian keyboard is read alike");
    let then = house.get(&format!("{asked}&as_of=2021-06-20"), &cookie).await;
    assert_ne!(strip(&then.body), other, "as known on an earlier day");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_is_refused_in_both_languages_and_nothing_typed_is_lost() {
    let (house, person) = analyst().await;
    let cookie = [("cookie", person.cookie.as_str())];
    let page = house.get("/backtest", &cookie).await;
    let fields = numbers(&page.body);
    let (first, second) = (&fields[0].0, &fields[1].0);
    for (lang, says) in [("id", "bukan angka"), ("en", "is not a number")] {
        for typed in ["seratus", "1.2.3", "<b>", "NaN"] {
            let asked = format!(
                "/backtest?lang={lang}&from=2021-06-01&to=2021-06-20&{first}=77&{second}={}",
                percent(typed)
            );
            let refused = house.get(&asked, &cookie).await;
            assert_eq!(refused.status, 422, "{typed}");
            assert!(refused.body.contains(says) && !refused.body.contains("<b>”"), "{typed} in {lang}");
            let kept = numbers(&refused.body);
            let escaped = typed.replace('<', "&#60;").replace('>', "&#62;");
            assert!(kept.contains(&(first.clone(), "77".to_owned())), "the other number stays: {kept:?}");
            assert!(kept.contains(&(second.clone(), escaped)), "{typed} stays to be mended: {kept:?}");
            assert_eq!(refused.body.matches("aria-invalid=\"true\"").count(), 1);
            for day in ["value=\"2021-06-01\"", "value=\"2021-06-20\""] {
                assert!(refused.body.contains(day), "{day} stays");
            }
            let days = strip(&refused.body);
            let (own, other) = days.split_at(days.len() / 2);
            assert_eq!(own, other, "what is shown is the policy in force");
        }
    }
    assert_eq!(house.get("/backtest", &[]).await.status, 303, "only for analysts");
}
