//! What programs read: every row once, of one moment, described by a document that is true.

use std::collections::BTreeSet;

use serde_json::Value;
use siaga::account::{Permission, Role};
use siaga::job::ingest_payload;
use siaga::source::Payload;
use siaga::web::doors;

use crate::support::house::{House, Plan};
use crate::support::tidy;

/// A city with its figures to 28 June 2021, not the demonstration.
async fn filled() -> House {
    House::built(Plan { has_figures: true, ..Plan::default() }).await
}

async fn json(house: &House, path: &str, headers: &[(&str, &str)]) -> Value {
    let answer = house.get(path, headers).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json", "{path}");
    serde_json::from_str(&answer.body).unwrap()
}

/// All rows from a page on, and how many pages there were.
async fn all(house: &House, first: &str, between: impl AsyncFn()) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut next) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(path) = next {
        let page = json(house, &path, &[]).await;
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        pages += 1;
        assert_eq!(page["page"]["is_truncated"].as_bool().unwrap(), !page["page"]["next"].is_null());
        next = page["page"]["next"].as_str().map(str::to_owned);
        between().await;
    }
    (rows, pages)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_row_once_whatever_comes_meanwhile() {
    let house = filled().await;
    let (whole, pages) = all(&house, "/api/v1/observations?limit=5000", async || {}).await;
    assert_eq!(pages, 1);
    let come = async || {
        let now = house.journey.clock.now().moment();
        house.clock.advance_to(siaga::epi::Vintage::new(now + chrono::Duration::seconds(1)));
        let figures = "date,location,measure,value\n2021-06-27,3271,inpatients,512\n";
        let payload = Payload::from_file("in.csv", figures.as_bytes().to_vec());
        ingest_payload(&house.journey, &tidy(), &payload, false).await.unwrap();
    };
    let (parts, pages) = all(&house, "/api/v1/observations?limit=37", come).await;
    assert!(pages > 3);
    assert_eq!(parts, whole, "all pages are of the moment of the first");
    let now = json(&house, "/api/v1/observations?limit=5000&measure=inpatients", &[]).await;
    assert!(now["data"].as_array().unwrap().iter().any(|row| row["value"] == 512.0));
    let then = json(&house, "/api/v1/observations?limit=5000&as_of=2021-06-20", &[]).await;
    assert!(then["data"].as_array().unwrap().len() < whole.len());
    assert!(then["about"]["as_of"].as_str().unwrap().starts_with("2021-06-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_those_of_the_files() {
    let house = filled().await;
    for name in ["observations", "indicators", "assessments"] {
        let page = json(&house, &format!("/api/v1/{name}?limit=5000"), &[]).await;
        let file = house.get(&format!("/exports/{name}.json"), &[]).await.body;
        let file: Value = serde_json::from_str(&file).unwrap();
        assert_eq!(page["data"], file, "{name}");
        assert_eq!(page["page"]["total"].as_u64().unwrap(), file.as_array().unwrap().len() as u64);
    }
    let latest = json(&house, "/api/v1/assessments/latest", &[]).await;
    assert!(latest["level"].is_string() && latest["rules"].is_array() && latest["step"].is_u64());
    let exports = json(&house, "/api/v1/exports", &[]).await;
    let address = exports["data"][0]["address"].as_str().unwrap();
    assert_eq!(house.get(address, &[]).await.status, 200);
    let places = json(&house, "/api/v1/locations", &[]).await;
    assert!(places["data"].as_array().unwrap().iter().any(|row| row["location"] == "3271"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_as_a_problem() {
    let house = filled().await;
    for path in [
        "/api/v1/observations?limit=0",
        "/api/v1/observations?limit=5001",
        "/api/v1/observations?limit=x",
        "/api/v1/observations?cursor=x",
        "/api/v1/observations?cursor=17a-1&as_of=2021-06-20",
        "/api/v1/observations?cursor=ffffffffffff-0",
        "/api/v1/observations?cursor=17a-ffffffffffffffff",
        "/api/v1/observations?as_of=%2B262142-12-31",
        "/api/v1/assessments/latest?dat=2021-06-20",
        "/api/v1/observations?mesure=cases",
        "/api/v1/observations?measure=kasus",
        "/api/v1/observations?from=2021-06-20&to=2021-06-10",
        "/api/v1/observations?as_of=2099-01-01",
        "/api/v1/locations?from=2021-06-20",
        "/api/v1/assessments/latest?date=1999-01-01",
    ] {
        let answer = house.get(path, &[]).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (400, "application/problem+json"),
            "{path}"
        );
        let problem: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["status"], 400);
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{path}: {problem}");
        let english = house.get(path, &[("accept-language", "en")]).await.body;
        assert_ne!(english, answer.body, "{path}: in the reader's language");
    }
    for (path, status) in [("/api/v1/nothing", 404), ("/api/v1/runs", 401), ("/api/v1/revisions", 401)] {
        let answer = house.get(path, &[]).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_token_reads_what_its_role_sees_and_is_recorded() {
    let house = filled().await;
    house.signed_in("analis", Role::Analyst).await;
    let token = format!("Bearer {}", house.token("analis", Permission::Export).await);
    let page = json(&house, "/api/v1/revisions", &[("authorization", &token)]).await;
    assert!(page["page"]["total"].as_u64().unwrap() > 0);
    let refused = house.get("/api/v1/runs", &[("authorization", &token)]).await;
    assert_eq!(refused.status, 403);
    let log = house.journey.store.audit(&siaga::store::AuditFilter::default()).await.unwrap();
    assert!(format!("{log:?}").contains("api revisions"), "taking away is recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_may_read_and_bring_nothing() {
    let house = filled().await;
    let answer = house.get("/api/v1/indicators", &[("origin", "https://kompas.example")]).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, "*"));
    assert!(answer.header("access-control-allow-credentials").is_empty());
    let asked = [("origin", "https://kompas.example"), ("access-control-request-method", "GET")];
    let question = house.ask("OPTIONS", "/api/v1/indicators", &asked).await;
    assert_eq!((question.status, question.header("access-control-allow-methods")), (204, "GET, HEAD"));
    let page = house.get("/public", &[("origin", "https://kompas.example")]).await;
    assert!(page.header("access-control-allow-origin").is_empty());
    let tag = answer.header("etag").to_owned();
    assert_eq!(house.get("/api/v1/indicators", &[("if-none-match", &tag)]).await.status, 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_names_every_door_for_programs_and_no_other() {
    let house = filled().await;
    let document = json(&house, "/api/openapi.json", &[]).await;
    let told: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let hung: BTreeSet<String> =
        doors().into_iter().map(|door| door.path).filter(|path| path.starts_with("/api/v1/")).collect();
    assert_eq!(told, hung);
    let page = house.get("/api?lang=en", &[]).await;
    assert_eq!(page.status, 200);
    for path in &hung {
        assert!(page.body.contains(path.as_str()) || path.ends_with("/latest"), "{path} can be read about");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_tells_each_change_of_the_recommendation_once() {
    let house = filled().await;
    let feed = house.get("/feed.atom?lang=en", &[]).await;
    assert_eq!((feed.status, feed.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
    let document = roxmltree::Document::parse(&feed.body).unwrap();
    let atom = |name: &'static str| {
        move |node: &roxmltree::Node<'_, '_>| node.has_tag_name(("http://www.w3.org/2005/Atom", name))
    };
    let text = |node: roxmltree::Node<'_, '_>, name: &'static str| {
        node.children().find(atom(name)).and_then(|child| child.text()).unwrap_or_default().to_owned()
    };
    let root = document.root_element();
    assert!(atom("feed")(&root));
    let entries: Vec<_> = root.children().filter(atom("entry")).collect();
    let ids: Vec<String> = entries.iter().map(|entry| text(*entry, "id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each once: {ids:?}");
    let (alerts, days): (Vec<_>, Vec<_>) = ids.iter().partition(|id| id.contains("/alert/"));
    assert!(days.len() > 2 && !alerts.is_empty(), "{ids:?}");
    let stored = house.journey.store.alerts(None).await.unwrap();
    for id in alerts {
        let episode = id.rsplit('/').next().unwrap();
        let begun =
            stored.iter().find(|row| row.id == episode).expect("an id is that of the alert that began");
        assert_eq!(begun.kind, "threshold_crossed", "no source, no unit, no staff");
    }
    let staff = house.journey.policy().rules.iter().filter(|rule| rule.title.en.contains("staff"));
    for rule in staff {
        assert!(
            entries.iter().all(|entry| !text(*entry, "title").contains(&format!("({})", rule.id))),
            "{}",
            rule.id
        );
    }
    let updated: Vec<String> = entries.iter().map(|entry| text(*entry, "updated")).collect();
    assert!(updated.iter().all(|at| at.parse::<chrono::DateTime<chrono::Utc>>().is_ok()), "{updated:?}");
    assert!(
        updated.is_sorted_by(|one, other| one >= other) && text(root, "updated") == updated[0],
        "newest first"
    );
    assert!(feed.body.contains("100% WFH") || feed.body.contains("WFH 100%"), "{}", feed.body);
    let again = house.get("/feed.atom?lang=en", &[("if-none-match", feed.header("etag"))]).await;
    assert!(again.status == 304 && again.body.is_empty(), "known is not sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_charts_are_taken_away_and_pictures_looked_at() {
    let house = filled().await;
    let analyst = house.signed_in("analis", Role::Analyst).await;
    let keeper = house.signed_in("petugas", Role::DataOfficer).await;
    let of = |cookie: &str| [("cookie", cookie.to_owned())];
    let taken = async |cookie: &str, path: &str| {
        let headers = of(cookie);
        house.get(path, &[(headers[0].0, &headers[0].1)]).await
    };
    assert_eq!(taken(&analyst.cookie, "/charts/staff.csv").await.status, 200);
    assert_eq!(taken(&analyst.cookie, "/charts/staff.svg").await.status, 200);
    let log = house.journey.store.audit(&siaga::store::AuditFilter::default()).await.unwrap();
    let told = format!("{log:?}");
    assert!(told.contains("charts/staff.csv") && !told.contains("charts/staff.svg\""), "{told}");
    // Whoever takes nothing away gets what anybody does.
    let anybody = house.get("/charts/staff.csv?lang=id", &[]).await.body;
    assert_eq!(taken(&keeper.cookie, "/charts/staff.csv?lang=id").await.body, anybody);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_of_another_version_tell_nothing_of_staff() {
    use siaga::disclosure::{Audience, disclose_assessment};
    let house = filled().await;
    let location = &house.journey.city.location;
    let made = house.journey.store.assessments(location, None).await.unwrap();
    let policy = house.journey.policy();
    let staff = |assessment: &siaga::assessment::Assessment| {
        assessment.rules.iter().find(|rule| rule.id == "R6").unwrap().enter
    };
    let last = made.last().unwrap().assessment.clone();
    assert!(staff(&disclose_assessment(last.clone(), policy, &Audience::unsuppressed())).is_some());
    let mut other = last.clone();
    other.policy.version = "0".to_owned();
    for (which, assessment) in [("the same", last), ("another", other)] {
        let seen = disclose_assessment(assessment, policy, &Audience::public());
        assert_eq!(staff(&seen), None, "{which} version");
    }
}

/// Requests made up by software that is not ours from the document alone.
mod needs_python {
    use std::process::Command;

    use crate::support::house::{House, Plan};

    /// No failure of ours, no status, type, header or body that the document does not tell of.
    const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
        response_schema_conformance,response_headers_conformance,unsupported_method";

    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_the_document_allows_is_answered_as_it_says() {
        let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
        let python = std::env::var("SIAGA_TEST_PYTHON").expect("tests/run.sh says where Python is");
        let (address, folder) = (house.address.clone(), house.folder.path().to_owned());
        let run = move || {
            Command::new(python)
                .args(["-m", "schemathesis.cli", "--no-color", "run"])
                .arg(format!("{address}/api/openapi.json"))
                .args(["--url", &address, "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
                .args([
                    "--max-examples",
                    "40",
                    "--generation-deterministic",
                    "--suppress-health-check",
                    "all",
                ])
                .args(["--warnings", "off"])
                .current_dir(folder)
                .output()
                .unwrap()
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
        let tested = siaga::web::doors().into_iter().filter(|door| door.path.starts_with("/api/v1/")).count();
        assert!(told.contains(&format!("{tested} selected")), "every door for programs was tried: {told}");
    }
}
