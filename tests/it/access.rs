//! The doors as somebody tries them who should not come in, and as those who should: on SQLite and on PostgreSQL.

use std::sync::Arc;

use siaga::access::{Access, AccessError, AccessSettings, Client, Conflict, SignIn, Ticket};
use siaga::account::{
    NewAccount, NewToken, Permission, Role, Session, SessionState, Token, TotpKey, Visitor,
};
use siaga::audit::Action;
use siaga::clock::{Clock, SteppedClock};
use siaga::epi::Vintage;
use siaga::store::{AuditFilter, NewSession, Proof, Store};

use crate::support::{fresh_postgres, moment};

const PASSWORD: &str = "kereta malam ke sukabumi";
const OTHER_PASSWORD: &str = "hujan sore di kebun raya";
const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

/// A store of its own with its doors, and a clock that a test moves.
struct House {
    url: String,
    store: Store,
    clock: Arc<SteppedClock>,
    access: Access,
    _folder: Option<tempfile::TempDir>,
}

impl House {
    async fn on(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let clock = Arc::new(SteppedClock::new(moment("2021-06-28T08:00:00+07:00")));
        let store = Store::connect(&url).await.unwrap();
        let access = Access::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>, settings());
        Self { url, store, clock, access, _folder: folder }
    }

    async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(format!("sqlite://{}/siaga.sqlite", folder.path().display()), Some(folder)).await
    }

    async fn on_postgres() -> Self {
        Self::on(fresh_postgres(), None).await
    }

    /// What another process would be: connections of its own to the same database.
    async fn another(&self) -> Access {
        let store = Store::connect(&self.url).await.unwrap();
        Access::new(store, Arc::clone(&self.clock) as Arc<dyn Clock>, settings())
    }

    /// A token that may take files away.
    async fn report_token(&self, account: &str) -> Token {
        let new = NewToken {
            account: account.to_owned(),
            title: "laporan".to_owned(),
            scopes: vec![Permission::Export],
            days: 30,
        };
        self.access.make_token(&operator(), &new).await.unwrap().0
    }

    fn pass(&self, seconds: i64) {
        let now = self.clock.now().millis();
        self.clock.advance_to(Vintage::from_millis(now + seconds * 1000).unwrap());
    }

    fn code(&self, key: &str) -> String {
        TotpKey::kept(key, "siaga", "x").unwrap().code_at(self.clock.now().millis() / 1000)
    }

    /// Adds somebody and uses the one-time link.
    async fn add(&self, name: &str, role: Role) -> SignIn {
        let unit_id = (role == Role::UnitHead).then(|| "dinkes".to_owned());
        let new =
            NewAccount { name: name.into(), title: String::new(), role, unit_id, oidc_name: String::new() };
        let invitation = self.access.invite(&operator(), &new).await.unwrap();
        self.access.accept(invitation.token.reveal(), PASSWORD, &browser()).await.unwrap()
    }

    /// Adds somebody who needs a second step, with it; gives the key and the recovery codes.
    async fn add_with_second_step(&self, name: &str, role: Role) -> (Ticket, String, Vec<String>) {
        let SignIn::Enrol(ticket) = self.add(name, role).await else { panic!("{role} has to enrol") };
        let key = self.access.start_enrolment(ticket.token.reveal()).await.unwrap().secret;
        let code = self.code(&key);
        let (ticket, codes) =
            self.access.finish_enrolment(ticket.token.reveal(), &code, &browser()).await.unwrap();
        self.pass(MINUTE);
        (ticket, key, codes)
    }

    async fn sign_in(&self, name: &str) -> Result<SignIn, AccessError> {
        self.access.sign_in(name, PASSWORD, &browser()).await
    }

    /// Whose cookie it is, if anybody's.
    async fn visitor(&self, ticket: &Ticket) -> Option<Visitor> {
        let known = self.access.recognise(ticket.token.reveal(), &browser()).await.unwrap();
        known.map(|known| known.visitor)
    }

    /// What the audit log says, oldest first: actor, action, object, detail.
    async fn audit(&self) -> Vec<(String, Action, String, String)> {
        let filter = AuditFilter { limit: 1000, ..AuditFilter::default() };
        let page = self.store.audit(&filter).await.unwrap();
        let rows = page.rows.into_iter().rev().map(|row| row.entry);
        rows.map(|entry| (entry.actor, entry.action, entry.object, entry.detail)).collect()
    }

    async fn count(&self, action: Action) -> usize {
        self.audit().await.iter().filter(|(_, done, _, _)| *done == action).count()
    }
}

fn settings() -> AccessSettings {
    AccessSettings { city: "Kota Bogor".to_owned(), ..AccessSettings::default() }
}

fn operator() -> Visitor {
    Visitor::Operator { name: "root".to_owned() }
}

fn browser() -> Client {
    Client::new("192.0.2.7", "Firefox")
}

fn done(sign_in: SignIn) -> Ticket {
    match sign_in {
        SignIn::Done(ticket) => ticket,
        other => panic!("not signed in yet: {other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, AccessError>) -> AccessError {
    result.expect_err("it is refused")
}

async fn a_storm_of_wrong_passwords_gets_no_more_tries_than_the_limit(house: House) {
    house.add("siti", Role::Analyst).await;
    let doors = [house.access.clone(), house.another().await];
    let storm = (0..40).map(|n| {
        let access = doors[n % 2].clone();
        tokio::spawn(async move { refused(access.sign_in("siti", &format!("wrong {n}"), &browser()).await) })
    });
    let mut tried = 0;
    for answer in storm.collect::<Vec<_>>() {
        match answer.await.unwrap() {
            AccessError::Refused => tried += 1,
            AccessError::Locked { until } => assert!(until > house.clock.now()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tried, 5, "passwords looked at by both together");
    assert_eq!(house.count(Action::SignInFailed).await, 5, "the log does not grow with the storm");
    house.pass(14 * MINUTE);
    let AccessError::Locked { until } = refused(house.sign_in("siti").await) else { panic!("still locked") };
    house.clock.advance_to(until);
    done(house.sign_in("Siti").await.unwrap());
}

async fn a_right_password_clears_the_wrong_ones_before_it(house: House) {
    house.add("siti", Role::Analyst).await;
    for _ in 0..3 {
        for _ in 0..4 {
            let wrong = house.access.sign_in("siti", "wrong", &browser()).await;
            assert!(matches!(refused(wrong), AccessError::Refused));
        }
        done(house.sign_in("siti").await.unwrap());
    }
}

async fn an_address_and_an_account_have_limits_of_their_own(house: House) {
    house.add("siti", Role::Analyst).await;
    for n in 0..30 {
        let wrong = house.access.sign_in(&format!("nobody{n}"), "wrong", &browser()).await;
        assert!(matches!(refused(wrong), AccessError::Refused), "{n}");
    }
    assert!(matches!(refused(house.sign_in("siti").await), AccessError::TooMany { .. }));
    let elsewhere = |n: usize| Client::new(&format!("198.51.100.{n}"), "");
    for n in 0..50 {
        let wrong = house.access.sign_in("siti", "wrong", &elsewhere(n)).await;
        assert!(matches!(refused(wrong), AccessError::Refused), "{n}");
    }
    let right = house.access.sign_in("siti", PASSWORD, &elsewhere(99)).await;
    assert!(matches!(refused(right), AccessError::Locked { .. }), "fifty an hour, wherever they come from");
    house.pass(HOUR);
    done(house.sign_in("siti").await.unwrap());
}

async fn nobody_learns_whether_a_name_is_known(house: House) {
    house.add("siti", Role::Analyst).await;
    house.add("budi", Role::Analyst).await;
    house.access.disable(&operator(), "budi").await.unwrap();
    let invited = NewAccount {
        name: "tono".into(),
        title: String::new(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: String::new(),
    };
    house.access.invite(&operator(), &invited).await.unwrap();
    for (name, password) in [
        ("siti", "wrong"),
        ("nobody", PASSWORD),
        ("budi", PASSWORD),
        ("tono", ""),
        ("tono", PASSWORD),
        ("' or 1=1", "x"),
    ] {
        let answer = refused(house.access.sign_in(name, password, &browser()).await);
        assert_eq!(answer.to_string(), AccessError::Refused.to_string(), "{name}");
    }
    let failures = house.audit().await.into_iter().filter(|row| row.1 == Action::SignInFailed);
    let objects: Vec<String> = failures.map(|row| row.2).collect();
    assert_eq!(objects, ["siti", "unknown", "budi", "tono", "tono", "unknown"]);
}

async fn a_token_from_before_a_step_of_signing_in_is_worthless_after_it(house: House) {
    let (enrolled, key, _) = house.add_with_second_step("wali", Role::Mayor).await;
    assert!(house.visitor(&enrolled).await.is_some_and(|visitor| visitor.may(Permission::Decide)));
    let SignIn::SecondStep(first) = house.sign_in("wali").await.unwrap() else { panic!("a second step") };
    assert_eq!(house.visitor(&first).await, Some(Visitor::Public), "half signed in is not signed in");
    let full = house.access.second_step(first.token.reveal(), &house.code(&key), &browser()).await.unwrap();
    assert_ne!(full.token, first.token);
    assert_ne!(full.session.id, first.session.id);
    assert_eq!(house.visitor(&first).await, None);
    assert!(house.visitor(&full).await.is_some_and(|visitor| visitor.may(Permission::Decide)));
    let again = house.access.second_step(first.token.reveal(), &house.code(&key), &browser()).await;
    assert!(matches!(refused(again), AccessError::Expired));
}

async fn a_session_gets_another_token_and_an_old_one_that_comes_back_ends_it(house: House) {
    let ticket = done(house.add("siti", Role::Analyst).await);
    let recognise = async |token: &str| house.access.recognise(token, &browser()).await.unwrap();
    assert!(recognise(ticket.token.reveal()).await.unwrap().renewed.is_none());
    house.pass(15 * MINUTE);
    // Requests side by side: one of them brings the new token, the old one works for a minute.
    let side_by_side = tokio::join!(recognise(ticket.token.reveal()), recognise(ticket.token.reveal()));
    let renewed: Vec<_> =
        [side_by_side.0, side_by_side.1].into_iter().filter_map(|known| known.unwrap().renewed).collect();
    assert_eq!(renewed.len(), 1);
    house.pass(59);
    assert!(recognise(ticket.token.reveal()).await.unwrap().renewed.is_none());
    assert!(recognise(renewed[0].reveal()).await.is_some());
    house.pass(1);
    assert!(recognise(ticket.token.reveal()).await.is_none(), "after its minute it gives a thief away");
    assert!(recognise(renewed[0].reveal()).await.is_none(), "whoever it was, both are out");
    let ended: Vec<_> = house.audit().await.into_iter().filter(|row| row.1 == Action::SessionEnded).collect();
    assert_eq!(ended, [("siti".into(), Action::SessionEnded, "siti".into(), r#"{"reason":"reuse"}"#.into())]);
}

async fn a_token_of_long_ago_gives_a_thief_away_too(house: House) {
    let ticket = done(house.add("siti", Role::Analyst).await);
    let mut token = ticket.token.clone();
    for _ in 0..4 {
        house.pass(16 * MINUTE);
        token = house.access.recognise(token.reveal(), &browser()).await.unwrap().unwrap().renewed.unwrap();
    }
    assert_eq!(house.visitor(&ticket).await, None);
    assert!(house.access.recognise(token.reveal(), &browser()).await.unwrap().is_none());
}

async fn a_session_ends_when_idle_and_after_its_longest_time(house: House) {
    let idle = done(house.add("siti", Role::Analyst).await);
    house.pass(2 * HOUR - 1);
    let known = house.access.recognise(idle.token.reveal(), &browser()).await.unwrap().unwrap();
    let mut token = known.renewed.unwrap();
    house.pass(2 * HOUR);
    assert!(house.access.recognise(token.reveal(), &browser()).await.unwrap().is_none(), "idle");
    token = done(house.sign_in("siti").await.unwrap()).token;
    for _ in 0..11 {
        house.pass(HOUR);
        let known = house.access.recognise(token.reveal(), &browser()).await.unwrap().unwrap();
        token = known.renewed.unwrap();
    }
    house.pass(HOUR);
    assert!(house.access.recognise(token.reveal(), &browser()).await.unwrap().is_none(), "twelve hours");
    let reasons: Vec<String> = house
        .audit()
        .await
        .into_iter()
        .filter(|row| row.1 == Action::SessionEnded)
        .map(|row| row.3)
        .collect();
    assert_eq!(reasons, [r#"{"reason":"idle"}"#, r#"{"reason":"absolute"}"#]);
}

async fn a_code_is_taken_once_and_five_wrong_ones_lock(house: House) {
    let (_, key, _) = house.add_with_second_step("wali", Role::Mayor).await;
    let step = async |code: &str| {
        let SignIn::SecondStep(first) = house.sign_in("wali").await.unwrap() else { panic!("a second step") };
        house.access.second_step(first.token.reveal(), code, &browser()).await
    };
    let code = house.code(&key);
    step(&code).await.unwrap();
    assert!(matches!(refused(step(&code).await), AccessError::Refused), "the same code again");
    house.pass(30);
    assert!(matches!(refused(step(&code).await), AccessError::Refused), "also within the tolerance");
    for _ in 0..3 {
        assert!(matches!(refused(step("000000").await), AccessError::Refused));
    }
    let right = house.code(&key);
    let AccessError::Locked { until } = refused(step(&right).await) else {
        panic!("locked, and the right one too")
    };
    house.clock.advance_to(until);
    step(&house.code(&key)).await.unwrap();
}

async fn a_recovery_code_opens_once(house: House) {
    let (_, _, codes) = house.add_with_second_step("wali", Role::Mayor).await;
    assert_eq!(codes.len(), 10);
    let step = async |code: &str| {
        let SignIn::SecondStep(first) = house.sign_in("wali").await.unwrap() else { panic!("a second step") };
        house.access.second_step(first.token.reveal(), code, &browser()).await
    };
    step(&codes[3].to_uppercase()).await.unwrap();
    assert!(matches!(refused(step(&codes[3]).await), AccessError::Refused));
    step(&codes[4]).await.unwrap();
    let with: Vec<String> =
        house.audit().await.into_iter().filter(|row| row.1 == Action::SignIn).map(|row| row.3).collect();
    assert_eq!(with[1..], [r#"{"with":"recovery_code","left":9}"#, r#"{"with":"recovery_code","left":8}"#]);
}

async fn a_second_step_is_asked_of_those_who_decide_and_chosen_by_others(house: House) {
    for role in Role::ALL {
        let sign_in = house.add(&format!("a-{role}").replace('_', "-"), role).await;
        assert_eq!(matches!(sign_in, SignIn::Enrol(_)), role.needs_second_step(), "{role}");
        if let SignIn::Enrol(ticket) = sign_in {
            assert_eq!(house.visitor(&ticket).await, Some(Visitor::Public), "{role}");
        }
    }
    let ticket = done(house.sign_in("a-analyst").await.unwrap());
    let told = house.access.start_enrolment(ticket.token.reveal()).await.unwrap();
    assert_eq!(
        house.access.start_enrolment(ticket.token.reveal()).await.unwrap(),
        told,
        "the page read again"
    );
    let wrong = house.access.finish_enrolment(ticket.token.reveal(), "000000", &browser()).await;
    assert!(matches!(refused(wrong), AccessError::Refused));
    let code = house.code(&told.secret);
    let (full, _) = house.access.finish_enrolment(ticket.token.reveal(), &code, &browser()).await.unwrap();
    assert_eq!(full.session.state, SessionState::Full);
    let again = house.access.start_enrolment(full.token.reveal()).await;
    assert!(matches!(refused(again), AccessError::Conflict(Conflict::SecondStepThere)));
    assert!(matches!(house.sign_in("a-analyst").await.unwrap(), SignIn::SecondStep(_)));
}

async fn a_one_time_link_works_once_and_for_three_days(house: House) {
    let new = |name: &str| NewAccount {
        name: name.into(),
        title: "Siti Aminah".into(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: String::new(),
    };
    let invitation = house.access.invite(&operator(), &new("siti")).await.unwrap();
    let token = invitation.token.reveal();
    let told = house.access.invited(token, &browser()).await.unwrap();
    assert_eq!((told.account.as_str(), told.is_recovery), ("siti", false));
    for weak in ["short", "password1234", "sitiaminah2021", "kotabogor2021!"] {
        let error = refused(house.access.accept(token, weak, &browser()).await);
        assert!(matches!(error, AccessError::Weak(_)), "{weak}: {error:?}");
    }
    done(house.access.accept(token, PASSWORD, &browser()).await.unwrap());
    let again = house.access.accept(token, OTHER_PASSWORD, &browser()).await;
    assert!(matches!(refused(again), AccessError::Expired));
    done(house.sign_in("siti").await.unwrap());

    let late = house.access.invite(&operator(), &new("budi")).await.unwrap();
    house.pass(72 * HOUR);
    assert!(matches!(
        refused(house.access.invited(late.token.reveal(), &browser()).await),
        AccessError::Expired
    ));
    let newer = house.access.recover(&operator(), "budi").await.unwrap();
    let newest = house.access.recover(&operator(), "budi").await.unwrap();
    let old = house.access.accept(newer.token.reveal(), PASSWORD, &browser()).await;
    assert!(matches!(refused(old), AccessError::Expired), "the newest link counts");
    done(house.access.accept(newest.token.reveal(), PASSWORD, &browser()).await.unwrap());
}

async fn guessed_links_and_tokens_are_counted_by_address(house: House) {
    for _ in 0..20 {
        assert!(matches!(
            refused(house.access.accept("guess", PASSWORD, &browser()).await),
            AccessError::Expired
        ));
        let bearer = house.access.bearer("siaga_guess", &browser()).await;
        assert!(matches!(refused(bearer), AccessError::Refused));
    }
    let link = house.access.invited("guess", &browser()).await;
    assert!(matches!(refused(link), AccessError::TooMany { .. }));
    let AccessError::TooMany { until } = refused(house.access.bearer("siaga_guess", &browser()).await) else {
        panic!("too many")
    };
    assert!(until > house.clock.now());
    let elsewhere = Client::new("198.51.100.1", "");
    assert!(matches!(refused(house.access.bearer("siaga_guess", &elsewhere).await), AccessError::Refused));
}

async fn recovery_gives_a_new_password_and_second_step_and_ends_everything_else(house: House) {
    let (ticket, key, _) = house.add_with_second_step("wali", Role::Mayor).await;
    let token = house.report_token("wali").await;
    let invitation = house.access.recover(&operator(), "wali").await.unwrap();
    assert!(house.visitor(&ticket).await.is_some(), "until the link is used nothing changes");
    let accepted = house.access.accept(invitation.token.reveal(), OTHER_PASSWORD, &browser()).await.unwrap();
    let SignIn::Enrol(ticket_2) = accepted else { panic!("the second step is to be set up again") };
    assert_eq!(house.visitor(&ticket).await, None);
    assert!(matches!(refused(house.access.bearer(token.reveal(), &browser()).await), AccessError::Refused));
    assert!(matches!(refused(house.sign_in("wali").await), AccessError::Refused), "the old password");
    let new_key = house.access.start_enrolment(ticket_2.token.reveal()).await.unwrap().secret;
    assert_ne!(new_key, key);
    let account = house.access.account("wali").await.unwrap().unwrap();
    assert_eq!((account.role, account.has_second_step), (Role::Mayor, false));
}

async fn the_first_owner_gets_a_link_as_long_as_nobody_has_an_account(house: House) {
    let first = house.access.first_owner_invitation().await.unwrap().unwrap();
    let second = house.access.first_owner_invitation().await.unwrap().unwrap();
    assert_eq!(second.account, "owner");
    let old = house.access.accept(first.token.reveal(), PASSWORD, &browser()).await;
    assert!(matches!(refused(old), AccessError::Expired), "the newest link counts");
    let accepted = house.access.accept(second.token.reveal(), PASSWORD, &browser()).await.unwrap();
    assert!(matches!(accepted, SignIn::Enrol(_)), "an owner needs a second step");
    assert_eq!(house.access.first_owner_invitation().await.unwrap(), None);
    assert_eq!(house.count(Action::AccountAdded).await, 1);
}

async fn an_account_added_by_hand_is_enough_for_no_first_owner(house: House) {
    house.add("siti", Role::Analyst).await;
    assert_eq!(house.access.first_owner_invitation().await.unwrap(), None);
}

async fn the_last_owner_stays(house: House) {
    house.add("tuti", Role::Owner).await;
    let last = |error: AccessError| matches!(error, AccessError::Conflict(Conflict::LastOwner));
    assert!(last(refused(house.access.disable(&operator(), "tuti").await)));
    assert!(last(refused(house.access.set_role(&operator(), "tuti", (Role::Mayor, None)).await)));
    house.add("joko", Role::Owner).await;
    // Two owners who are dismissed at the same time by two processes: one of them stays, each time.
    let (one, other) = (house.access.clone(), house.another().await);
    for _ in 0..8 {
        let dismissals = (
            tokio::spawn({
                let one = one.clone();
                async move { one.disable(&operator(), "tuti").await }
            }),
            tokio::spawn({
                let other = other.clone();
                async move { other.set_role(&operator(), "joko", (Role::Analyst, None)).await }
            }),
        );
        let (first, second) = (dismissals.0.await.unwrap(), dismissals.1.await.unwrap());
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let owners = house.access.accounts().await.unwrap();
        assert_eq!(owners.iter().filter(|a| a.role == Role::Owner && a.is_usable()).count(), 1);
        one.enable(&operator(), "tuti").await.unwrap();
        one.set_role(&operator(), "joko", (Role::Owner, None)).await.unwrap();
    }
}

async fn a_head_of_unit_has_a_unit_and_nobody_else_does(house: House) {
    let invite = async |role: Role, unit: Option<&str>| {
        let new = NewAccount {
            name: "siti".into(),
            title: String::new(),
            role,
            unit_id: unit.map(str::to_owned),
            oidc_name: String::new(),
        };
        house.access.invite(&operator(), &new).await.map(|_| ())
    };
    let conflict = |error: AccessError| match error {
        AccessError::Conflict(conflict) => conflict,
        other => panic!("{other:?}"),
    };
    assert_eq!(conflict(refused(invite(Role::UnitHead, None).await)), Conflict::UnitNeeded);
    assert_eq!(conflict(refused(invite(Role::UnitHead, Some("")).await)), Conflict::UnitNeeded);
    assert_eq!(conflict(refused(invite(Role::Mayor, Some("dinkes")).await)), Conflict::UnitNotForRole);
    invite(Role::UnitHead, Some("dinkes")).await.unwrap();
    assert_eq!(conflict(refused(invite(Role::UnitHead, Some("dinkes")).await)), Conflict::NameTaken);
    let set = async |role, unit| house.access.set_role(&operator(), "siti", (role, unit)).await;
    assert_eq!(conflict(refused(set(Role::UnitHead, None).await)), Conflict::UnitNeeded);
    set(Role::Analyst, None).await.unwrap();
    assert_eq!(house.access.account("siti").await.unwrap().unwrap().unit_id, None);
}

async fn another_password_role_or_right_ends_sessions_at_once(house: House) {
    let one = done(house.add("siti", Role::Analyst).await);
    let other = done(house.sign_in("siti").await.unwrap());
    let change = async |ticket: &Ticket, old: &str, new: &str| {
        house.access.change_password(ticket.token.reveal(), (old, new), &browser()).await
    };
    assert!(matches!(refused(change(&one, "wrong", OTHER_PASSWORD).await), AccessError::Refused));
    assert!(matches!(refused(change(&one, PASSWORD, "siti siti siti").await), AccessError::Weak(_)));
    let kept = change(&one, PASSWORD, OTHER_PASSWORD).await.unwrap();
    assert_eq!((house.visitor(&one).await, house.visitor(&other).await), (None, None));
    assert!(house.visitor(&kept).await.is_some());
    assert!(matches!(refused(house.sign_in("siti").await), AccessError::Refused), "the old password");

    house.access.set_role(&operator(), "siti", (Role::Auditor, None)).await.unwrap();
    assert_eq!(house.visitor(&kept).await, None);
    let auditor = done(house.access.sign_in("siti", OTHER_PASSWORD, &browser()).await.unwrap());
    assert!(house.visitor(&auditor).await.is_some_and(|visitor| visitor.may(Permission::ReadAudit)));
    house.access.disable(&operator(), "siti").await.unwrap();
    assert_eq!(house.visitor(&auditor).await, None);
    let disabled = house.access.sign_in("siti", OTHER_PASSWORD, &browser()).await;
    assert!(matches!(refused(disabled), AccessError::Refused));
    house.access.enable(&operator(), "siti").await.unwrap();
    let enabled = done(house.access.sign_in("siti", OTHER_PASSWORD, &browser()).await.unwrap());
    house.access.sign_out(enabled.token.reveal(), &browser()).await.unwrap();
    assert_eq!(house.visitor(&enabled).await, None);
}

async fn no_session_slips_in_beside_a_change(house: House) {
    let ticket = done(house.add("siti", Role::Analyst).await);
    let seen = house.store.credentials("siti").await.unwrap().unwrap();
    let open = async |proof: Proof<'_>, n: usize| {
        let id = format!("late-{n}");
        let session = Session { id: id.clone(), ..ticket.session.clone() };
        house.store.open_session(&NewSession { session: &session, token: &id, proof }).await.unwrap()
    };
    assert!(open(Proof::Password(&seen.password), 0).await, "as long as it is the password");
    assert!(!open(Proof::Password(""), 1).await);
    assert!(!open(Proof::Provider("", ""), 2).await, "linked to nobody");
    let changed = house
        .access
        .change_password(ticket.token.reveal(), (PASSWORD, OTHER_PASSWORD), &browser())
        .await
        .unwrap();
    assert!(!open(Proof::Password(&seen.password), 3).await, "the password was changed meanwhile");
    assert!(!open(Proof::Session(&ticket.session.id), 4).await, "the first step's session is over");
    let seen = house.store.credentials("siti").await.unwrap().unwrap();
    house.access.set_role(&operator(), "siti", (Role::Mayor, None)).await.unwrap();
    assert!(!open(Proof::Password(&seen.password), 5).await, "the role needs a second step now");
    house.access.set_role(&operator(), "siti", (Role::Analyst, None)).await.unwrap();
    house.access.disable(&operator(), "siti").await.unwrap();
    assert!(!open(Proof::Password(&seen.password), 6).await, "disabled meanwhile");
    assert_eq!(house.visitor(&changed).await, None);
    assert_eq!(house.access.sessions("siti").await.unwrap(), []);
}

async fn a_token_may_do_a_part_for_a_time_until_it_is_revoked(house: House) {
    house.add("siti", Role::Analyst).await;
    let new = |scopes: &[Permission], days: u16| NewToken {
        account: "siti".into(),
        title: "dasbor provinsi".into(),
        scopes: scopes.to_vec(),
        days,
    };
    let make = async |new: NewToken| house.access.make_token(&operator(), &new).await;
    for (scopes, days) in [
        (&[Permission::Decide][..], 30),
        (&[], 30),
        (&[Permission::Export, Permission::Ingest], 30),
        (&[Permission::Export], 0),
        (&[Permission::Export], 367),
    ] {
        assert!(
            matches!(refused(make(new(scopes, days)).await), AccessError::Conflict(_)),
            "{scopes:?} {days}"
        );
    }
    let (token, kept) = make(new(&[Permission::Export], 30)).await.unwrap();
    let bearer = async || house.access.bearer(token.reveal(), &browser()).await;
    let visitor = bearer().await.unwrap();
    assert!(
        visitor.may(Permission::Export) && !visitor.may(Permission::ReadAnalysis),
        "a part of the role's"
    );
    let mine = refused(house.access.make_token(&visitor, &new(&[Permission::Export], 30)).await);
    assert!(matches!(mine, AccessError::Forbidden), "a token makes no tokens");
    assert_eq!(house.access.tokens(Some("siti")).await.unwrap()[0].last_used_at, Some(house.clock.now()));

    house.access.disable(&operator(), "siti").await.unwrap();
    assert!(matches!(refused(bearer().await), AccessError::Refused));
    house.access.enable(&operator(), "siti").await.unwrap();
    bearer().await.unwrap();
    house.access.revoke_token(&operator(), &kept.id).await.unwrap();
    assert!(matches!(refused(bearer().await), AccessError::Refused));
    assert!(house.access.revoke_token(&operator(), &kept.id).await.is_err());

    let (token, _) = make(new(&[Permission::Export], 1)).await.unwrap();
    house.pass(24 * HOUR - 1);
    house.access.bearer(token.reveal(), &browser()).await.unwrap();
    house.pass(1);
    assert!(matches!(refused(house.access.bearer(token.reveal(), &browser()).await), AccessError::Refused));
}

async fn only_those_who_keep_the_accounts_change_them(house: House) {
    house.add("tuti", Role::Owner).await;
    let ticket = done(house.add("siti", Role::Analyst).await);
    let visitor = house.visitor(&ticket).await.unwrap();
    let forbidden = |error: AccessError| matches!(error, AccessError::Forbidden);
    for actor in [visitor.clone(), Visitor::Public, Visitor::Demo] {
        let new = NewAccount {
            name: "budi".into(),
            title: String::new(),
            role: Role::Owner,
            unit_id: None,
            oidc_name: String::new(),
        };
        assert!(forbidden(refused(house.access.invite(&actor, &new).await)));
        assert!(forbidden(refused(house.access.recover(&actor, "tuti").await)));
        assert!(forbidden(refused(house.access.disable(&actor, "tuti").await)));
        assert!(forbidden(refused(house.access.set_role(&actor, "siti", (Role::Owner, None)).await)));
        let new = NewToken {
            account: "tuti".into(),
            title: "x".into(),
            scopes: vec![Permission::ReadCity],
            days: 1,
        };
        assert!(forbidden(refused(house.access.make_token(&actor, &new).await)));
    }
    let sessions = house.access.sessions("siti").await.unwrap();
    assert_eq!((sessions.len(), sessions[0].agent.as_str()), (1, "Firefox"));
    let theirs = house.access.sessions("tuti").await.unwrap();
    assert!(forbidden(refused(house.access.end_session(&visitor, &theirs[0].id).await)));
    house.access.end_session(&visitor, &sessions[0].id).await.unwrap();
    assert_eq!(house.visitor(&ticket).await, None);
}

async fn what_opens_a_door_is_neither_in_the_database_nor_in_the_log(house: House) {
    let (ticket, _, codes) = house.add_with_second_step("wali", Role::Mayor).await;
    let token = house.report_token("wali").await;
    let invitation = house.access.recover(&operator(), "wali").await.unwrap();
    let wrong = house.access.sign_in("siti", "a wrong password", &browser()).await;
    assert!(matches!(refused(wrong), AccessError::Refused));
    let Some(folder) = &house._folder else { return };
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let kept = String::from_utf8_lossy(&bytes);
    assert!(kept.contains("$argon2id$") && kept.contains("sign_in_failed"), "it is the right file");
    let bare_code = codes[0].replace('-', "");
    for secret in [
        ticket.token.reveal(),
        token.reveal(),
        token.reveal().trim_start_matches("siaga_"),
        invitation.token.reveal(),
        PASSWORD,
        "a wrong password",
        &codes[0],
        &bare_code,
    ] {
        assert!(!kept.contains(secret), "{secret}");
    }
    let shown = format!("{ticket:?} {token:?} {invitation:?} {:?}", house.access);
    assert!(!shown.contains(ticket.token.reveal()) && !shown.contains(invitation.token.reveal()));
}

/// Every story on both databases.
macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::House::on_sqlite().await).await;
            })*
        }

        mod needs_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(super::House::on_postgres().await).await;
            })*
        }
    };
}

stories!(
    a_storm_of_wrong_passwords_gets_no_more_tries_than_the_limit,
    a_right_password_clears_the_wrong_ones_before_it,
    an_address_and_an_account_have_limits_of_their_own,
    nobody_learns_whether_a_name_is_known,
    a_token_from_before_a_step_of_signing_in_is_worthless_after_it,
    a_session_gets_another_token_and_an_old_one_that_comes_back_ends_it,
    a_token_of_long_ago_gives_a_thief_away_too,
    a_session_ends_when_idle_and_after_its_longest_time,
    a_code_is_taken_once_and_five_wrong_ones_lock,
    a_recovery_code_opens_once,
    a_second_step_is_asked_of_those_who_decide_and_chosen_by_others,
    a_one_time_link_works_once_and_for_three_days,
    guessed_links_and_tokens_are_counted_by_address,
    recovery_gives_a_new_password_and_second_step_and_ends_everything_else,
    the_first_owner_gets_a_link_as_long_as_nobody_has_an_account,
    an_account_added_by_hand_is_enough_for_no_first_owner,
    the_last_owner_stays,
    a_head_of_unit_has_a_unit_and_nobody_else_does,
    another_password_role_or_right_ends_sessions_at_once,
    no_session_slips_in_beside_a_change,
    a_token_may_do_a_part_for_a_time_until_it_is_revoked,
    only_those_who_keep_the_accounts_change_them,
    what_opens_a_door_is_neither_in_the_database_nor_in_the_log,
);
