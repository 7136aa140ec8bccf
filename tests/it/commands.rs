//! Who may run which command, and what it shows to whom: the program itself, with and without a token.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use siaga::access::{Access, AccessSettings, Client, SignIn};
use siaga::account::{NewAccount, NewToken, Permission, Role, Visitor};
use siaga::clock::SystemClock;
use siaga::store::Store;

use crate::support::siaga;

/// A command and what it takes. `demo`, `policy`, `circular` and whatever reads only the files it is given take nothing.
pub const COMMANDS: &[(&[&str], Permission)] = &[
    (&["indicators", "--date", "2021-06-20"], Permission::ReadAnalysis),
    (&["assess", "--date", "2021-06-20"], Permission::ReadCity),
    (&["detect", "--date", "2021-06-20"], Permission::ReadAnalysis),
    (&["forecast", "--date", "2021-06-20"], Permission::ReadAnalysis),
    (&["chart", "epicurve", "--out", "c.svg"], Permission::ReadCity),
    (&["dashboard", "public", "--out", "d"], Permission::Export),
    (&["publish", "--to", "w"], Permission::Export),
    (&["brief", "--date", "2021-06-28", "--out", "b.pdf"], Permission::ReadCity),
    (&["export", "observations"], Permission::Export),
    (&["export", "units"], Permission::Export),
    (&["export", "evidence", "--date", "2021-06-28"], Permission::Export),
    (&["reproduce", "none"], Permission::Export),
    (&["ingest", "--file", "none.csv"], Permission::Ingest),
    (&["runs", "list"], Permission::ReadAnalysis),
    (&["runs", "show", "none"], Permission::ReadAnalysis),
    (&["runs", "release", "none", "--reason", "confirmed"], Permission::Release),
    (&["runs", "refuse", "none", "--reason", "confirmed"], Permission::Release),
    (&["source", "list"], Permission::ReadOfficials),
    (&["decision", "list"], Permission::ReadCity),
    (&["decision", "show", "1"], Permission::ReadCity),
    (&["decision", "clock"], Permission::ReadCity),
    (&["decision", "lists"], Permission::ReadCity),
    (&["decision", "compare", "kota-bogor-2020", "kota-bogor-2021-06-28"], Permission::ReadCity),
    (&["decision", "orders"], Permission::ReadCity),
    (&["circular", "--decision", "2", "--out", "c.txt"], Permission::ReadCity),
    (&["decision", "draft"], Permission::Decide),
    (&["decision", "drafts"], Permission::Decide),
    (&["decision", "sign", "none"], Permission::Decide),
    (&["decision", "discard", "none"], Permission::Decide),
    (&["decision", "letter", "9", "--number", "1/2", "--date", "2021-06-28"], Permission::Decide),
    (&["decision", "letters"], Permission::ReadCity),
    (&["decision", "order-end", "none", "--last-day", "2021-07-20"], Permission::Decide),
    (&["user", "list"], Permission::ManageAccounts),
    (&["user", "add", "someone", "--role", "owner"], Permission::ManageAccounts),
    (&["token", "list"], Permission::ManageAccounts),
    (&["audit", "list"], Permission::ReadAudit),
    (&["audit", "verify"], Permission::ReadAudit),
    (&["audit", "seal"], Permission::Operate),
    (&["check"], Permission::Operate),
    (&["cities"], Permission::Operate),
    (&["migrate"], Permission::Operate),
    (&["backup", "--to", "b.sqlite", "--replace"], Permission::Operate),
    (&["restore", "--from", "none.sqlite"], Permission::Operate),
];

/// Those of the workforce: a test of its own, because each is a process started by each role.
pub const OF_THE_WORKFORCE: &[(&[&str], Permission)] = &[
    (&["unit", "list", "--date", "2021-06-20"], Permission::ReadWorkforce),
    (&["unit", "show", "dinkes", "--date", "2021-06-20"], Permission::ReadWorkforce),
    (&["unit", "log"], Permission::ReadWorkforce),
    (&["unit", "links"], Permission::JudgeFigures),
    (
        &["unit", "link", "none", "2021-06-20", "--says", "linked", "--reason", "asked"],
        Permission::JudgeFigures,
    ),
    (&["unit", "note", "own_cap", "dinkes", "--text", "rooms", "--number", "101"], Permission::KeepWorkforce),
    (&["unit", "import", "none.csv"], Permission::KeepUnits),
    (&["unit", "head-count", "none", "--date", "2021-06-01", "--asn", "5"], Permission::KeepUnits),
    (
        &["unit", "close", "none", "--from", "2021-06-22", "--reason", "ill", "--substitute", "online"],
        Permission::KeepUnits,
    ),
    (&["unit", "reopen", "none", "--from", "2021-06-28"], Permission::KeepUnits),
    (&["roster", "show"], Permission::ReadWorkforce),
    (&["roster", "holes"], Permission::ReadWorkforce),
    (&["roster", "export", "--out", "r.ics"], Permission::ReadWorkforce),
    (&["export", "roster"], Permission::ReadWorkforce),
    (&["export", "attendance"], Permission::ReadWorkforce),
    (&["reproduce", "roster.csv"], Permission::ReadWorkforce),
    (&["roster", "officers", "none.csv"], Permission::KeepWorkforce),
    (&["roster", "away", "none.csv"], Permission::KeepWorkforce),
    (&["roster", "forget", "none"], Permission::KeepWorkforce),
    (&["roster", "plan", "--from", "2021-07-02", "--to", "2021-07-01"], Permission::KeepWorkforce),
    (
        &["roster", "swap", "none", "2021-07-01", "--comes", "a", "--reason", "a meeting"],
        Permission::KeepWorkforce,
    ),
    (&["attendance", "show"], Permission::ReadWorkforce),
    (&["attendance", "missing", "--date", "2021-06-20"], Permission::ReadWorkforce),
    (&["attendance", "import", "none.csv"], Permission::KeepWorkforce),
];

/// Those of alerts: likewise.
pub const OF_ALERTS: &[(&[&str], Permission)] = &[
    (&["alert", "list"], Permission::ReadOfficials),
    (&["alert", "silences"], Permission::ReadOfficials),
    (&["alert", "receipts", "--alert", "none"], Permission::ReadOfficials),
    (&["alert", "report", "--month", "none"], Permission::ReadOfficials),
    (&["alert", "dry-run"], Permission::ReadOfficials),
    (&["alert", "route", "--rule", "none"], Permission::ReadOfficials),
    (&["alert", "acknowledge", "none"], Permission::Acknowledge),
    (&["alert", "hand-over", "none", "--to", "nobody"], Permission::Acknowledge),
    (&["alert", "silence", "--rule", "none", "--until", "none", "--reason", "none"], Permission::Acknowledge),
    (&["alert", "lift", "99"], Permission::Acknowledge),
    (&["alert", "resend", "none"], Permission::Operate),
    (&["alert", "test", "--to", "nobody"], Permission::Operate),
];

struct Office {
    folder: tempfile::TempDir,
    url: String,
    access: Access,
}

impl Office {
    /// A store that the demonstration filled up to 28 June 2021.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let demo = siaga(folder.path()).args(["-q", "demo", "--until", "2021-06-28", "--no-wait"]).output();
        assert!(demo.unwrap().status.success());
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
        let store = Store::connect(&url).await.unwrap();
        let access = Access::new(store, Arc::new(SystemClock), AccessSettings::default());
        Self { folder, url, access }
    }

    /// A token of somebody of this role, with these scopes.
    async fn token(&self, role: Role, scopes: &[Permission]) -> String {
        let operator = Visitor::Operator { name: "operator".to_owned() };
        let name = format!("{role}-{}", scopes.len());
        let new = NewAccount {
            name: name.clone(),
            title: String::new(),
            role,
            unit_id: (role == Role::UnitHead).then(|| "dinkes".to_owned()),
            oidc_name: String::new(),
        };
        let invitation = self.access.invite(&operator, &new).await.unwrap();
        let client = Client { address: "127.0.0.1".to_owned(), agent: String::new() };
        let password = "kereta malam ke sukabumi";
        let accepted = self.access.accept(invitation.token.reveal(), password, &client).await.unwrap();
        assert!(matches!(accepted, SignIn::Done(_) | SignIn::Enrol(_)));
        let token = NewToken { account: name, title: "script".to_owned(), scopes: scopes.to_vec(), days: 30 };
        self.access.make_token(&operator, &token).await.unwrap().0.reveal().to_owned()
    }

    fn run(&self, token: Option<&str>, args: &[&str]) -> Output {
        let mut command = siaga(self.folder.path());
        command.env("SIAGA_DATABASE_URL", &self.url).args(args);
        if let Some(token) = token {
            command.env("SIAGA_TOKEN", token);
        }
        command.output().unwrap()
    }

    fn is_let_in(&self, token: &str, args: &[&str]) -> bool {
        let output = self.run(Some(token), args);
        let told = String::from_utf8_lossy(&output.stderr);
        let is_refused = told.contains("may not do this");
        assert!(!is_refused || output.status.code() == Some(1), "{args:?}: {told}");
        assert!(!told.contains(token), "a token never shows");
        !is_refused
    }
}

async fn tried_by_every_role(commands: &[(&[&str], Permission)]) {
    let office = Office::new().await;
    for role in Role::ALL {
        let may =
            |permission: &&Permission| role.may(**permission) && **permission != Permission::ManageAccounts;
        let scopes: Vec<Permission> = Permission::ALL.iter().filter(may).copied().collect();
        let token = office.token(role, &scopes).await;
        for (args, permission) in commands {
            let expected = scopes.contains(permission);
            assert_eq!(office.is_let_in(&token, args), expected, "{role}: siaga {args:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_is_tried_by_every_role() {
    tried_by_every_role(COMMANDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_workforce_is_tried_by_every_role() {
    tried_by_every_role(OF_THE_WORKFORCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_alerts_is_tried_by_every_role() {
    tried_by_every_role(OF_ALERTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_scopes_say_and_sees_what_its_role_sees() {
    let office = Office::new().await;
    let token = office.token(Role::Analyst, &[Permission::Export]).await;
    assert!(office.is_let_in(&token, &["export", "observations"]));
    assert!(!office.is_let_in(&token, &["indicators", "--date", "2021-06-20"]));
    let more = office.run(Some(&token), &["export", "observations", "--audience", "unsuppressed"]);
    assert_eq!(more.status.code(), Some(2));
    let told = String::from_utf8_lossy(&more.stderr);
    assert!(told.contains("may not see more than 'below 5 withheld, no units'"), "{told}");
    let exported = String::from_utf8(office.run(Some(&token), &["export", "observations"]).stdout).unwrap();
    assert!(exported.contains("withheld: "), "small changes are withheld");
    let of_units = exported.lines().skip(1).filter(|line| !line.split(',').nth(6).unwrap_or("").is_empty());
    assert_eq!(of_units.count(), 0, "no row of a unit");
    // The id of a file opens nothing: who asks for it again sees what they may see.
    let all = office.run(None, &["export", "observations", "--audience", "unsuppressed"]);
    let all = String::from_utf8(all.stderr).unwrap();
    let id = all.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id is told");
    let again = office.run(Some(&token), &["reproduce", id]);
    let told = String::from_utf8_lossy(&again.stderr);
    assert!(again.status.code() == Some(2) && again.stdout.is_empty(), "{told}");
    assert!(told.contains("may not see more than 'below 5 withheld, no units'"), "{told}");
    let own = office.run(Some(&token), &["export", "observations"]);
    let told = String::from_utf8(own.stderr).unwrap();
    let id = told.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id is told");
    let again = office.run(Some(&token), &["reproduce", id]);
    assert!(again.status.success() && again.stdout == own.stdout, "one's own file comes again");
    let wrong = office.run(Some("siaga_wrong"), &["export", "observations"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("SIAGA_TOKEN is not known"));
}

fn audit(office: &Office, action: &str) -> String {
    let args = ["audit", "list", "--action", action, "--format", "csv"];
    String::from_utf8(office.run(None, &args).stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_figures_away_is_recorded_with_who_for_whom_and_as_of_when() {
    let office = Office::new().await;
    let out = Path::new("all.csv");
    let args = ["export", "observations", "--audience", "unsuppressed", "--out", "all.csv"];
    assert!(office.run(None, &args).status.success());
    let all = std::fs::read_to_string(office.folder.path().join(out)).unwrap();
    assert!(all.contains(",staff_cases,1,") && !all.contains("withheld"), "as reported");
    let row = audit(&office, "figures_exported");
    assert!(row.contains("observations,\"nothing withheld") || row.contains("nothing withheld"), "{row}");
    assert!(row.contains("as of 20") && row.contains("operator"), "{row}");
    assert_eq!(audit(&office, "figures_viewed").lines().count(), 1, "only a heading");
    let look = ["assess", "--date", "2021-06-20", "--audience", "unsuppressed"];
    assert!(office.run(None, &look).status.success());
    assert_eq!(audit(&office, "figures_viewed").lines().count(), 2);
    let unknown = office.run(None, &["export", "observations", "--audience", "everybody"]);
    assert_eq!(unknown.status.code(), Some(2));
}

/// A policy that asks for everything to close from so many infected staff on.
fn on_staff(at_least: u32) -> String {
    format!(
        r#"id = "mine"
version = "1"
valid_from = "2021-01-01"
title = {{ id = "Punyaku", en = "Mine" }}

[[step]]
step = 0
level = "low"
name = {{ id = "Rendah", en = "Low" }}

[[step]]
step = 4
level = "high"
name = {{ id = "Tinggi", en = "High" }}
caps = {{ non_service = 0, essential = 25, critical = 100, critical_desk = 25 }}

[movement]
memory = false

[[rule]]
id = "staff"
title = {{ id = "pegawai", en = "staff" }}
source = "own choice"
indicator = "staff_cases_14d"

[[rule.step]]
step = 4
enter = {{ indicator = "staff_cases_14d", at_least = {at_least} }}
"#
    )
}

#[test]
fn own_rules_tell_nothing_that_their_reader_may_not_see() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = siaga(folder.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    // Three infected in a month: a count that is withheld from the public.
    let mut figures = String::from("date,location,measure,value\n");
    for day in 1..=28 {
        let cases = if day == 20 { 3 } else { 0 };
        figures.push_str(&format!(
            "2021-06-{day:02},3271,staff_cases,{cases}\n2021-06-{day:02},3271,cases,200\n"
        ));
    }
    std::fs::write(folder.path().join("june.csv"), figures).unwrap();
    run(&["ingest", "--file", "june.csv"]);
    let assessed = |at_least: u32, audience: &str| {
        std::fs::write(folder.path().join("mine.toml"), on_staff(at_least)).unwrap();
        let mine = ["assess", "--policy", "mine.toml", "--date", "2021-06-28"];
        let told = run(&[&mine[..], &["--audience", audience, "--format", "json"]].concat());
        let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
        (told["step"].clone(), told["verdict"].clone())
    };
    assert_ne!(assessed(1, "unsuppressed"), assessed(5_000, "unsuppressed"), "three are infected");
    assert_eq!(assessed(1, "public"), assessed(5_000, "public"), "moving the number finds nothing out");
}
