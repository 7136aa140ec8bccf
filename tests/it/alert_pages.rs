//! `/alerts` as officials see it: what is on, forms, silences, the story, the report card; and what is refused to whom.

use siaga::account::Role;
use siaga::job::shown_open_alerts;
use siaga::text::{Locale, Phrases};

use crate::support::house::{Answer, House, Plan, operator};

/// The demonstration's figures to 28 June 2021, on which lines are crossed.
async fn house() -> House {
    House::built(Plan { has_figures: true, ..Plan::default() }).await
}

async fn get(house: &House, cookie: &str, path: &str) -> Answer {
    house.get(path, &[("cookie", cookie), ("accept-language", "en")]).await
}

async fn post(house: &House, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    house.post(path, &[("cookie", cookie), ("accept-language", "en")], fields).await
}

/// The id of a line that is crossed.
async fn crossed(house: &House) -> String {
    let shown = shown_open_alerts(&house.journey, (&operator(), Phrases::new(Locale::En))).await.unwrap();
    let alert = shown.alerts.into_iter().find(|alert| alert.open.alert_rule == "threshold_crossed").unwrap();
    alert.open.id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_acknowledged_handed_over_silenced_and_its_story_tells_it() {
    let house = house().await;
    let epi = house.signed_in("epi", Role::Epidemiologist).await.cookie;
    let id = crossed(&house).await;
    let page = get(&house, &epi, "/alerts").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Nobody has said that they see to it") && page.body.contains("calls for"));
    assert!(
        page.body.contains("severity-critical") && page.body.contains("Last looked at: "),
        "{}",
        page.body
    );
    assert!(page.body.contains("Nothing is silenced.") && page.body.contains("Who hears of what."));

    let done =
        post(&house, &epi, "/alerts/acknowledge", &[("alert", &id), ("note", "calling\r\nDinkes")]).await;
    assert_eq!((done.status, done.header("location")), (303, "/alerts?done=acknowledged"));
    let page = get(&house, &epi, "/alerts?done=acknowledged").await.body;
    assert!(page.contains("epi has seen to it since") && page.contains("<q>calling Dinkes</q>"), "{page}");
    assert!(page.contains("It is recorded that you see to it."));

    let fields = [
        ("alert", id.as_str()),
        ("rule", "threshold_crossed"),
        ("subject", "*"),
        ("until", "4h"),
        ("reason", "the mayor is told"),
    ];
    assert_eq!(post(&house, &epi, "/alerts/silence", &fields).await.status, 303);
    let page = get(&house, &epi, "/alerts").await.body;
    assert!(
        page.contains("epi silenced it until") && page.contains("name=\"silence\" value=\"1\""),
        "{page}"
    );
    assert_eq!(post(&house, &epi, "/alerts/lift", &[("silence", "1")]).await.status, 303);
    assert!(get(&house, &epi, "/alerts").await.body.contains("Nothing is silenced."));
    let again = post(&house, &epi, "/alerts/lift", &[("silence", "1")]).await;
    assert!(again.status == 422 && again.body.contains("No silence 1 holds"), "{}", again.body);

    let story = get(&house, &epi, &format!("/alerts/{id}")).await;
    assert_eq!(story.status, 200);
    let at = |word: &str| story.body.find(word).unwrap_or_else(|| panic!("{word}: {}", story.body));
    assert!(at("<h3>Fired</h3>") < at("<h3>Told</h3>") && at("<h3>Told</h3>") < at("<h3>Acknowledged</h3>"));
    assert!(story.body.contains("calling Dinkes"));
    assert_eq!(get(&house, &epi, "/alerts/0123").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_told_beside_the_form_and_stays_filled_in() {
    let house = house().await;
    let epi = house.signed_in("epi", Role::Epidemiologist).await.cookie;
    let id = crossed(&house).await;
    let silencing = |until: &'static str, reason: &'static str| {
        [
            ("alert", id.clone()),
            ("rule", "threshold_crossed".to_owned()),
            ("subject", "*".to_owned()),
            ("until", until.to_owned()),
            ("reason", reason.to_owned()),
        ]
    };
    for (until, reason, said) in
        [("never", "because", "30 days ahead"), ("40d", "because", "30 days ahead"), ("4h", "", "Say why")]
    {
        let fields = silencing(until, reason);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = post(&house, &epi, "/alerts/silence", &fields).await;
        assert!(answer.status == 422 && answer.body.contains(said), "{until}: {}", answer.body);
        assert!(
            answer.body.contains("<details open>") && answer.body.contains(&format!("value=\"{reason}\""))
        );
    }
    for (path, fields, status) in [
        ("/alerts/acknowledge", &[("alert", "none")][..], 422),
        ("/alerts/hand-over", &[("alert", id.as_str()), ("to", "Nobody")], 422),
        ("/alerts/silence", &[("rule", "*"), ("subject", "*"), ("until", "4h"), ("reason", "x")], 422),
        ("/alerts/lift", &[("silence", "one")], 400),
        ("/alerts/acknowledge", &[("alert", "a"), ("alert", "b")], 400),
    ] {
        assert_eq!(post(&house, &epi, path, fields).await.status, status, "{path} {fields:?}");
    }
    for query in [
        "from=x",
        "to=2030-01-01",
        "from=2021-06-20&to=2021-06-01",
        "rule=luck",
        "month=June",
        "month=2021-13",
    ] {
        assert_eq!(get(&house, &epi, &format!("/alerts?{query}")).await.status, 400, "{query}");
    }
    assert!(house.journey.store.answers(None).await.unwrap().is_empty(), "nothing of it was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn history_and_report_card_are_asked_for_by_address() {
    let house = house().await;
    let epi = house.signed_in("epi", Role::Epidemiologist).await.cookie;
    let past = get(&house, &epi, "/alerts?from=2021-06-01&to=2021-06-28&rule=threshold_crossed").await.body;
    assert!(past.contains("value=\"threshold_crossed\" selected") && past.contains(">fired</a>"), "{past}");
    let nothing = get(&house, &epi, "/alerts?from=2021-05-01&to=2021-05-01&rule=unit_cluster").await.body;
    assert!(nothing.contains("Nothing happened on these days."));
    let card = get(&house, &epi, "/alerts?month=2021-06").await.body;
    assert!(
        card.contains("value=\"2021-06\"")
            && card.contains("Led to nothing")
            && card.contains("Messages sent")
    );
    let before = get(&house, &epi, "/alerts?month=2020-01").await.body;
    assert!(
        before.contains("In this month the rules were not held against anything."),
        "not good news: nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_for_those_who_answer_and_a_head_of_unit_answers_for_the_own_unit() {
    let house = house().await;
    let id = crossed(&house).await;
    let owner = house.signed_in("owner", Role::Owner).await.cookie;
    let page = get(&house, &owner, "/alerts").await;
    assert!(page.status == 200 && !page.body.contains("action=\"/alerts/acknowledge\""), "an owner looks");
    assert!(page.body.contains("href=\"/alerts\" aria-current=\"page\""), "the way there");
    assert_eq!(post(&house, &owner, "/alerts/acknowledge", &[("alert", &id)]).await.status, 403);
    let head = house.signed_in("kepala", Role::UnitHead).await.cookie;
    let page = get(&house, &head, "/alerts").await.body;
    assert!(!page.contains("action=\"/alerts/acknowledge\"") && !page.contains("action=\"/alerts/silence\""));
    for (path, fields) in [
        ("/alerts/acknowledge", &[("alert", id.as_str())][..]),
        ("/alerts/silence", &[("rule", "figures_held"), ("subject", "*"), ("until", "4h"), ("reason", "x")]),
        ("/alerts/lift", &[("silence", "1")]),
    ] {
        assert_eq!(post(&house, &head, path, fields).await.status, 403, "{path}");
    }
    let public = house.get("/alerts", &[]).await;
    assert_eq!((public.status, public.header("location")), (303, "/sign-in?next=%2Falerts"));
    let home = house.get("/public", &[]).await.body;
    assert!(!home.contains("/alerts"), "the public hears nothing of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_figure_nothing_is_known_and_that_is_said() {
    let house = House::new().await;
    let epi = house.signed_in("epi", Role::Epidemiologist).await.cookie;
    let page = get(&house, &epi, "/alerts").await.body;
    assert!(page.contains("The rules have not been held against any figures yet."), "{page}");
    assert!(page.contains("Nothing is known: without an assessment") && !page.contains("No line is crossed"));
}
