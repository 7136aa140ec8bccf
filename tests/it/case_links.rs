//! Whether a unit's cases belong together, as those who see them say: what binds the unit follows, and nothing that was said is lost.

use siaga::account::{Role, Visitor};
use siaga::audit::{Action, Entry};
use siaga::disclosure::Audience;
use siaga::epi::{Status, Vintage};
use siaga::job::{Focus, Journey, Register, WorkforceFault, case_links, city_view, link_cases, standings};
use siaga::observation::Observation;
use siaga::workforce::{CaseLink, Ground, LinkFault, LinkSays};

use crate::support::house::{House, Plan};
use crate::support::{bogor, journey, moment, pulled, save_run};

fn operator() -> Visitor {
    Visitor::Operator { name: "epidemiolog".to_owned() }
}

fn link(journey: &Journey, days: &[&str], says: LinkSays) -> CaseLink {
    CaseLink {
        id: 0,
        unit_id: "bapenda".to_owned(),
        days: days.iter().map(|day| day.parse().unwrap()).collect(),
        says,
        generations: 1,
        reason: "rumah tangga berbeda".to_owned(),
        by: String::new(),
        at: journey.clock.now(),
    }
}

async fn say(journey: &Journey, link: &CaseLink, visitor: &Visitor) -> Result<i64, WorkforceFault> {
    let now = journey.clock.now();
    let entry =
        |action: Action, object: &str| Entry::new(now, (visitor.name(), visitor.role()), action, object);
    link_cases(journey, link, (visitor, entry)).await
}

/// Whether a cluster is weighed for the unit, as known at a moment.
async fn has_cluster(journey: &Journey, as_of: Option<Vintage>) -> bool {
    let view =
        city_view(&journey.viewing(), Focus { date: None, as_of }, &Audience::unsuppressed()).await.unwrap();
    let register = Register::of(journey).await.unwrap();
    let all = standings(journey, (&register, &view), &operator()).await.unwrap();
    let unit = all.iter().find(|standing| standing.unit.unit_id == "bapenda").unwrap();
    unit.measure.weighed.iter().any(|proposal| proposal.ground == Ground::Cluster)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_cases_that_have_nothing_to_do_with_each_other_are_no_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = journey(folder.path(), "2021-06-28T12:00:00+07:00").await;
    let figure = |measure: &str, unit: Option<&str>, date: &str, value: f64| Observation {
        location: bogor(),
        unit_id: unit.map(str::to_owned),
        measure: measure.parse().unwrap(),
        source: "bkpsdm-kota-bogor".to_owned(),
        date: date.parse().unwrap(),
        days: 1,
        value: Some(value),
        status: Status::Printed,
        as_of: moment("2021-06-28T08:00:00+07:00"),
        note: String::new(),
        address: String::new(),
    };
    let figures = [
        figure("staff_cases", Some("bapenda"), "2021-06-24", 1.0),
        figure("staff_cases", Some("bapenda"), "2021-06-26", 1.0),
        figure("cases", None, "2021-06-28", 400.0),
    ];
    let run = pulled("bkpsdm@1", "bkpsdm-kota-bogor", "2021-06-28");
    save_run(&journey.store, &run, &[], &figures).await.unwrap();
    assert!(has_cluster(&journey, None).await, "as long as nobody says otherwise");
    let both = ["2021-06-24", "2021-06-26"];
    let refused = async |link: CaseLink, visitor: &Visitor| match say(&journey, &link, visitor).await {
        Err(WorkforceFault::Link(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let analyst =
        Visitor::Account { name: "analis".to_owned(), role: Role::DataOfficer, unit_id: None, scopes: None };
    let apart = link(&journey, &both, LinkSays::NotLinked);
    assert_eq!(refused(apart.clone(), &analyst).await, LinkFault::NotSeen);
    let wrong = link(&journey, &["2021-06-24", "2021-06-25"], LinkSays::NotLinked);
    assert_eq!(refused(wrong, &operator()).await, LinkFault::NoCase("2021-06-25".parse().unwrap()));
    assert!(case_links(&journey, None, &operator()).await.unwrap().is_empty());
    clock.advance_to(moment("2021-06-28T13:00:00+07:00"));
    assert_eq!(say(&journey, &apart, &operator()).await.unwrap(), 1);
    assert!(!has_cluster(&journey, None).await, "two that are not linked");
    assert!(has_cluster(&journey, Some(moment("2021-06-28T12:30:00+07:00"))).await, "as it was known then");
    clock.advance_to(moment("2021-06-28T14:00:00+07:00"));
    let linked = CaseLink { generations: 2, ..link(&journey, &both, LinkSays::Linked) };
    assert_eq!(say(&journey, &linked, &operator()).await.unwrap(), 2);
    assert!(has_cluster(&journey, None).await, "the newer word counts");
    let said = case_links(&journey, None, &operator()).await.unwrap();
    let words: Vec<_> = said.iter().map(|link| (link.says, link.generations, link.by.as_str())).collect();
    assert_eq!(
        words,
        [(LinkSays::NotLinked, 1, "epidemiolog"), (LinkSays::Linked, 2, "epidemiolog")],
        "nothing is lost"
    );
    let rows = journey.store.audit(&siaga::store::AuditFilter::default()).await.unwrap().rows;
    let told: Vec<&str> = rows
        .iter()
        .filter(|row| row.entry.action == Action::CasesLinked)
        .map(|row| row.entry.detail.as_str())
        .collect();
    assert_eq!(told, ["linked: 2021-06-24, 2021-06-26", "not_linked: 2021-06-24, 2021-06-26"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_for_those_who_see_cases_of_units() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let epidemiologist = house.signed_in("epi", Role::Epidemiologist).await.cookie;
    let officer = house.signed_in("data", Role::DataOfficer).await.cookie;
    let get = async |cookie: &str, path: &str| {
        house.get(path, &[("cookie", cookie), ("accept-language", "en")]).await
    };
    let page = get(&epidemiologist, "/links").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("never persons") && page.body.contains("action=\"/links\""), "{}", page.body);
    assert!(get(&epidemiologist, "/officials").await.body.contains("href=\"/links\""), "the way there");
    let other = get(&officer, "/links").await;
    assert!(other.body.contains("not for this role") && !other.body.contains("action=\"/links\""));
    let unit = page.body.split("name=\"unit\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let send = async |cookie: &str, fields: &[(&str, &str)]| {
        house.post("/links", &[("cookie", cookie), ("accept-language", "en")], fields).await
    };
    let nothing = [("unit", unit), ("says", "linked"), ("reason", "same room"), ("generations", "")];
    let said = send(&epidemiologist, &nothing).await;
    assert_eq!(said.status, 422);
    assert!(said.body.contains("Choose the days of the cases") && said.body.contains("value=\"same room\""));
    assert_eq!(send(&officer, &nothing).await.status, 422, "who does not see cases says nothing of them");
    assert_eq!(send(&epidemiologist, &[("unit", unit), ("says", "maybe")]).await.status, 400);
}
