//! Every door, tried by everybody: eight roles, anybody, the demonstration, programs with a token.

use std::collections::BTreeMap;
use std::sync::Arc;

use siaga::account::{Permission, Role, Visitor};
use siaga::web::{Door, Rule, doors};

use crate::support::house::{House, Plan, UNIT, operator};

/// Who tries.
struct Who {
    name: String,
    visitor: Visitor,
    /// The header that says so, if there is one.
    header: Option<(&'static str, String)>,
}

impl Who {
    fn headers(&self) -> Vec<(&str, &str)> {
        self.header.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn is_somebody(&self) -> bool {
        matches!(self.visitor, Visitor::Account { .. })
    }

    fn is_person(&self) -> bool {
        matches!(self.visitor, Visitor::Account { scopes: None, .. })
    }
}

fn account(name: &str, role: Role, scopes: Option<Vec<Permission>>) -> Visitor {
    let unit_id = (role == Role::UnitHead).then(|| UNIT.to_owned());
    Visitor::Account { name: name.to_owned(), role, unit_id, scopes }
}

/// Eight roles, anybody, a token that may export and one that may not.
async fn everybody(house: &House) -> Vec<Who> {
    let mut all = vec![Who { name: "public".to_owned(), visitor: Visitor::Public, header: None }];
    for role in Role::ALL {
        let name = role.as_str().replace('_', "-");
        let person = house.signed_in(&name, role).await;
        let header = Some(("cookie", person.cookie));
        all.push(Who { visitor: account(&name, role, None), name: role.to_string(), header });
    }
    for scope in [Permission::Export, Permission::ReadCity] {
        let token = house.token("analyst", scope).await;
        let visitor = account("analyst", Role::Analyst, Some(vec![scope]));
        let header = Some(("authorization", format!("Bearer {token}")));
        all.push(Who { name: format!("token {scope}"), visitor, header });
    }
    all
}

/// What the rule of a door says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Pass,
    SignIn,
    Refused,
}

fn says(rule: Rule, path: &str, who: &Who) -> Says {
    // The file of the wall that ships says nothing, which means the city's; one that is not there is open and says so.
    let rule = match (rule, path) {
        (Rule::Board, "/wall") => Rule::May(Permission::ReadCity),
        (Rule::Board, _) => Rule::Open,
        _ => rule,
    };
    let may_pass = match rule {
        Rule::Open | Rule::Link | Rule::Board => true,
        // Whoever tries here tries from this machine.
        Rule::Near => true,
        Rule::SignedIn => who.is_person(),
        Rule::May(permission) => match &who.visitor {
            Visitor::Account { role, scopes, .. } => {
                role.may(permission) && scopes.as_ref().is_none_or(|scopes| scopes.contains(&permission))
            }
            Visitor::Demo => {
                let readable = [
                    "read_city",
                    "read_officials",
                    "read_analysis",
                    "export",
                    "read_audit",
                    "read_workforce",
                ];
                readable.contains(&permission.as_str())
            }
            _ => false,
        },
    };
    match (may_pass, who.is_somebody()) {
        (true, _) => Says::Pass,
        (false, true) => Says::Refused,
        (false, false) => Says::SignIn,
    }
}

/// What a page behind a door answers to somebody who may pass it and sends nothing else.
fn behind(path: &str, who: &Who) -> u16 {
    let has_second_step = |role: Role| role.needs_second_step();
    match (path, &who.visitor) {
        ("/mailbox", Visitor::Account { .. }) => 404, // only the demonstration has one
        ("/set-up/{token}", _) => 303,                // over: it leads home
        ("/sign-in", Visitor::Account { .. }) => 303,
        ("/runs/{id}", _) => 404,            // there is no pull of that id
        ("/dashboard/{name}", _) => 404,     // nor a dashboard of that name
        ("/brief" | "/brief.pdf", _) => 404, // nor a figure to tell of
        (path, _) if path.starts_with("/decisions/{number}") || path == "/decisions/drafts/{id}" => 404,
        ("/units/{id}", _) => 404,              // nor a unit
        ("/alerts/{id}", _) => 404,             // nor an alert
        ("/exports/evidence/{file}", _) => 404, // asked without a day
        ("/sign-in/second-step", _) => 303,
        ("/sign-in/enrol", Visitor::Account { role, scopes: None, .. }) if !has_second_step(*role) => 200,
        ("/sign-in/enrol", _) => 303,
        ("/sign-in/oidc" | "/sign-in/oidc/callback", _) => 404, // no provider is set up
        (path, _) if path.starts_with("/charts/") => 400,       // asked with a theme that there is not
        _ => 200,
    }
}

/// A door's path as somebody asks for it.
fn address(path: &str, invitation: &str) -> String {
    let path = path.replace("{token}", invitation).replace("{*path}", "siaga.css");
    if path.starts_with("/charts/") { format!("{path}?theme=none") } else { path }
}

async fn status(house: &House, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request =
        house.client.request(method.parse().unwrap(), format!("{}{path}", house.address)).body("");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

/// Tries every door in five ways and says what was not as the rule says.
async fn tried(house: Arc<House>, who: Who, invitation: String) -> Vec<String> {
    let mut by_path: BTreeMap<String, Vec<Door>> = BTreeMap::new();
    for door in doors() {
        by_path.entry(door.path.clone()).or_default().push(door);
    }
    let mut wrong = Vec::new();
    // Signing out ends the tries; it has a test of its own.
    for (path, doors) in by_path.iter().filter(|(path, _)| *path != "/sign-out") {
        let asked = address(path, &invitation);
        let is_data = ["/exports/", "/api/"].iter().any(|start| path.starts_with(start))
            || who.headers().iter().any(|it| it.0 == "authorization");
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE"] {
            let is_reading = method == "GET" || method == "HEAD";
            let wanted = if is_reading { "GET" } else { method };
            let door = doors.iter().find(|door| door.method.as_str() == wanted);
            let expected = match door.map(|door| says(door.rule, path, &who)) {
                None => 405,
                Some(Says::Pass) if is_reading => behind(path, &who),
                Some(Says::Pass) => 400, // what was sent is no form
                Some(Says::SignIn) if is_reading && !is_data => 303,
                Some(Says::SignIn) => 401,
                Some(Says::Refused) => 403,
            };
            let got = status(&house, method, &asked, &who.headers()).await;
            if got != expected {
                wrong.push(format!("{method} {path} by {}: {got} instead of {expected}", who.name));
            }
        }
    }
    wrong
}

async fn all_tried(house: House, everybody: Vec<Who>) {
    let new = siaga::account::NewAccount {
        name: "invited".to_owned(),
        title: String::new(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: String::new(),
    };
    let invitation = house.access.invite(&operator(), &new).await.unwrap().token.reveal().to_owned();
    let house = Arc::new(house);
    let tries: Vec<_> = everybody
        .into_iter()
        .map(|who| tokio::spawn(tried(Arc::clone(&house), who, invitation.clone())))
        .collect();
    let mut wrong = Vec::new();
    for tried in tries {
        wrong.extend(tried.await.unwrap());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_answers_everybody_as_its_rule_says() {
    let house = House::new().await;
    let everybody = everybody(&house).await;
    assert_eq!(everybody.len(), 11);
    all_tried(house, everybody).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_demonstration_everything_readable_is_open_and_nothing_else() {
    let house = House::built(Plan { is_demo: true, ..Plan::default() }).await;
    let anybody = Who { name: "demo".to_owned(), visitor: Visitor::Demo, header: None };
    let page = house.get("/", &[]).await.body;
    assert!(!page.contains("/sign-in"), "nobody is asked to sign in");
    all_tried(house, vec![anybody]).await;
}

/// The most important rows, written by hand: who may read what.
const ROWS: [(&str, &str); 28] = [
    ("/decisions/new", "mayor"),
    (
        "/decisions",
        "public owner mayor unit_head epidemiologist personnel analyst data_officer auditor token-export token-read_city",
    ),
    ("/alerts", "owner mayor unit_head epidemiologist personnel data_officer"),
    ("/units", "mayor unit_head personnel"),
    ("/roster", "mayor unit_head personnel"),
    ("/attendance", "mayor unit_head personnel"),
    ("/calendar.ics", "mayor unit_head personnel"),
    ("/attendance.csv", "mayor unit_head personnel"),
    ("/links", "epidemiologist data_officer"),
    ("/exports/roster.csv", "mayor unit_head personnel"),
    ("/api/v1/attendance", "mayor unit_head personnel"),
    ("/wall", "owner mayor unit_head epidemiologist personnel analyst data_officer token-read_city"),
    ("/figures", "owner data_officer"),
    ("/runs", "owner mayor unit_head epidemiologist personnel data_officer"),
    ("/sources", "owner mayor unit_head epidemiologist personnel data_officer"),
    ("/officials", "owner mayor unit_head epidemiologist personnel data_officer"),
    ("/analyst", "owner mayor epidemiologist analyst data_officer"),
    ("/accounts", "owner"),
    ("/audit", "owner auditor"),
    ("/audit.csv", "owner auditor"),
    ("/account", "owner mayor unit_head epidemiologist personnel analyst data_officer auditor"),
    ("/exports/units.csv", "mayor epidemiologist analyst token-export"),
    ("/exports/units.json", "mayor epidemiologist analyst token-export"),
    ("/exports/units.dictionary.csv", "mayor epidemiologist analyst token-export"),
    ("/exports/alerts.csv", "mayor epidemiologist analyst token-export"),
    ("/exports/revisions.csv", "mayor epidemiologist analyst token-export"),
    (
        "/exports/observations.csv",
        "public owner mayor unit_head epidemiologist personnel analyst data_officer auditor token-export token-read_city",
    ),
    (
        "/privacy",
        "public owner mayor unit_head epidemiologist personnel analyst data_officer auditor token-export token-read_city",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_that_matter_most_are_as_written_here() {
    let house = House::new().await;
    for who in everybody(&house).await {
        let name = who.name.replace("token ", "token-");
        for (path, those) in ROWS {
            let got = status(&house, "GET", path, &who.headers()).await;
            let may = those.split(' ').any(|one| one == name);
            assert_eq!(got == 200, may, "{path} by {name}: {got}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_shown_the_way_in_and_an_official_who_may_pass() {
    let house = House::new().await;
    let away = house.get("/analyst?from=2021-05-01", &[]).await;
    assert_eq!(away.header("location"), "/sign-in?next=%2Fanalyst%3Ffrom%3D2021-05-01");
    let person = house.signed_in("arsip", Role::Personnel).await;
    let headers = [("cookie", person.cookie.as_str())];
    let refused = house.get("/analyst?lang=en", &headers).await;
    assert_eq!(refused.status, 403);
    for word in ["Not for your role", "Mayor&#39;s office", "Analyst", "Epidemiologist"] {
        assert!(refused.body.contains(word), "{word}: {}", refused.body);
    }
    assert!(
        refused.body.contains("arsip") && !refused.body.contains("href=\"/analyst\""),
        "the menu is theirs"
    );
    let file = house.get("/exports/units.csv", &headers).await;
    assert_eq!((file.status, file.header("content-type")), (403, "application/problem+json"));
    let problem: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(problem["status"], 403);
    assert!(problem["reference"].is_string());
    let nobody = house.get("/exports/units.csv", &[]).await;
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, "Bearer realm=\"siaga\""));
    let program = house.get("/officials", &[("accept", "application/json")]).await;
    assert_eq!((program.status, program.header("content-type")), (401, "application/problem+json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_page_shows_the_city_and_no_unit_and_no_staff() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let public = house.get("/?lang=en", &[]).await;
    assert_eq!(public.header("cache-control"), "no-cache");
    assert!(public.header("vary").contains("cookie"));
    for shown in ["WFH 100%", "2,083 cases", "/exports/observations.csv", "/sign-in", "/privacy"] {
        assert!(public.body.contains(shown), "{shown}");
    }
    for hidden in
        ["/officials", "/analyst", "/exports/units.csv", "/exports/alerts.csv", "42 people", "Running total"]
    {
        let main = public.body.split("<main").nth(1).unwrap();
        assert!(!main.contains(hidden), "{hidden}");
    }
    let mayor = house.signed_in("sekda", Role::Mayor).await;
    let own = house.get("/?lang=en", &[("cookie", &mayor.cookie)]).await;
    assert_eq!(own.header("cache-control"), "no-store");
    for shown in ["/officials", "/analyst", "sekda", "/sign-out"] {
        assert!(own.body.contains(shown), "{shown}");
    }
    assert!(!own.body.contains("href=\"/sign-in"));
    let unit_head = house.signed_in("kabag", Role::UnitHead).await;
    let own = house.get("/officials", &[("cookie", &unit_head.cookie)]).await;
    assert_eq!((own.status, own.header("cache-control")), (200, "no-store"));
}

#[test]
fn the_first_start_prints_a_link_that_makes_the_owner() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("siaga.toml"), "[server]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    let mut command = crate::support::siaga(folder.path());
    let mut serving = command.args(["-q", "serve"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(serving.stderr.take().unwrap()).lines().map(Result::unwrap);
    let link = lines.into_iter().find(|line| line.contains("/invitation/")).expect("a link is printed");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let page = runtime.block_on(async { reqwest::get(&link).await.unwrap().text().await.unwrap() });
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(page.contains("value=\"owner\"") && page.contains("new-password"), "{page}");
}
