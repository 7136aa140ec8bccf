//! Signing in through a real provider (oidc-provider, a process of its own on loopback): who gets in, and what is spoiled
//! on the way does not.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Client as Http, Url, redirect};
use siaga::access::{
    Access, AccessError, AccessSettings, Client, Conflict, OidcAnswer, OidcSettings, OidcStart, SignIn,
};
use siaga::account::{NewAccount, Role, Token, Visitor};
use siaga::clock::{Clock, SystemClock};
use siaga::epi::Vintage;
use siaga::store::Store;
use siaga::web::{self, AppState, Settings};

use crate::support::journey_on;

const REDIRECT: &str = "http://127.0.0.1:8080/sign-in/oidc/callback";

/// The provider's process; it ends with the test.
struct Provider {
    child: Child,
    issuer: String,
    /// Kept open: a process that talks to nobody ends.
    _talk: BufReader<ChildStdout>,
}

impl Provider {
    fn start() -> Self {
        let script =
            std::env::var("SIAGA_TEST_PROVIDER").expect("tests/run.sh installs the provider and says where");
        let mut child = Command::new("node")
            .arg(script)
            .env("SIAGA_TEST_REDIRECT", REDIRECT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut issuer = String::new();
        let mut talk = BufReader::new(child.stdout.take().unwrap());
        talk.read_line(&mut issuer).unwrap();
        assert!(issuer.starts_with("http://127.0.0.1:"), "the provider says where it is: {issuer}");
        Self { child, issuer: issuer.trim().to_owned(), _talk: talk }
    }

    /// Spoils the next ID token.
    async fn spoil(&self, how: &str) {
        let said = http().get(format!("{}/test?next={how}", self.issuer)).send().await.unwrap();
        assert!(said.status().is_success());
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The system's clock, which the provider goes by too, and how far a test has gone beyond it.
#[derive(Debug, Default)]
struct Ahead(AtomicI64);

impl Ahead {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> Vintage {
        Vintage::from_millis(SystemClock.now().millis() + self.0.load(Ordering::SeqCst)).unwrap()
    }
}

struct City {
    access: Access,
    clock: Arc<Ahead>,
    _folder: tempfile::TempDir,
}

async fn city(issuer: &str) -> City {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await.unwrap();
    let oidc = OidcSettings {
        issuer: issuer.to_owned(),
        client_id: "siaga".to_owned(),
        secret: "rahasia-penguji".to_owned(),
        title: "SSO Kota".to_owned(),
        redirect: REDIRECT.to_owned(),
    };
    let settings =
        AccessSettings { city: "Kota Bogor".to_owned(), oidc: Some(oidc), ..AccessSettings::default() };
    let clock = Arc::new(Ahead::default());
    City {
        access: Access::new(store, Arc::clone(&clock) as Arc<dyn Clock>, settings),
        clock,
        _folder: folder,
    }
}

impl City {
    async fn add(&self, name: &str, role: Role, oidc_name: &str) {
        let new = NewAccount {
            name: name.to_owned(),
            title: String::new(),
            role,
            unit_id: None,
            oidc_name: oidc_name.to_owned(),
        };
        let operator = Visitor::Operator { name: "root".to_owned() };
        self.access.invite(&operator, &new).await.unwrap();
    }

    /// The whole way: to the provider, what the person types there, and back.
    async fn sign_in(&self, login: &str) -> Result<SignIn, AccessError> {
        let start = self.access.oidc_start(&browser()).await?;
        let (code, state) = browse(&start, login).await;
        self.finish(&start, &code, &state).await
    }

    async fn finish(&self, start: &OidcStart, code: &str, state: &str) -> Result<SignIn, AccessError> {
        let answer = OidcAnswer { binding: start.binding.reveal(), code, state };
        self.access.oidc_finish(&answer, &browser()).await
    }
}

fn browser() -> Client {
    Client::new("192.0.2.7", "Firefox")
}

fn http() -> Http {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Http::builder().redirect(redirect::Policy::none()).build().unwrap()
}

/// Follows the provider's redirects like a browser, types `login` (`NAME` or `NAME&amr=otp`) where it asks, and takes
/// code and state from the address it sends back to.
async fn browse(start: &OidcStart, login: &str) -> (String, String) {
    let (http, mut cookies) = (http(), BTreeMap::<String, String>::new());
    let mut url: Url = start.redirect.parse().unwrap();
    for _ in 0..10 {
        if url.as_str().starts_with(REDIRECT) {
            let part = |name: &str| {
                let found = url.query_pairs().find(|(key, _)| key == name);
                found.unwrap_or_else(|| panic!("{name} in {url}")).1.into_owned()
            };
            return (part("code"), part("state"));
        }
        if url.path().starts_with("/interaction/") {
            url.set_query(Some(&format!("login={login}")));
        }
        let sent: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = http.get(url.clone()).header("cookie", sent.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = answer.status();
        let Some(next) = answer.headers().get("location") else {
            panic!("{url}: {status}: {}", answer.text().await.unwrap());
        };
        url = url.join(next.to_str().unwrap()).unwrap();
    }
    panic!("the provider sends from one place to another: {url}");
}

fn refused(result: Result<SignIn, AccessError>) -> AccessError {
    result.expect_err("it is refused")
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_who_has_an_account_signs_in_through_the_citys_own_provider() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti").await;
    city.add("budi.s", Role::Analyst, "Budi@kota.example").await;
    for (login, account) in [("siti", "siti"), ("budi", "budi.s"), ("siti", "siti")] {
        let SignIn::Done(ticket) = city.sign_in(login).await.unwrap() else { panic!("{login} is signed in") };
        assert_eq!(ticket.session.account, account);
        let known = city.access.recognise(ticket.token.reveal(), &browser()).await.unwrap().unwrap();
        assert_eq!(known.visitor.name(), account);
    }
    let operator = Visitor::Operator { name: "root".to_owned() };
    city.access.disable(&operator, "siti").await.unwrap();
    assert!(matches!(refused(city.sign_in("siti").await), AccessError::Refused), "disabled here");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_a_second_step_is_asked_unless_the_provider_asked_for_one() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("wali", Role::Mayor, "wali").await;
    assert!(matches!(city.sign_in("wali").await.unwrap(), SignIn::Enrol(_)));
    assert!(matches!(city.sign_in("wali&amr=sms").await.unwrap(), SignIn::Enrol(_)));
    for strong in ["mfa", "otp", "hwk"] {
        let sign_in = city.sign_in(&format!("wali&amr={strong}")).await.unwrap();
        assert!(matches!(sign_in, SignIn::Done(_)), "{strong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_an_answer_is_good_once_in_one_browser_for_ten_minutes() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti").await;
    let start = city.access.oidc_start(&browser()).await.unwrap();
    assert!(start.redirect.contains("code_challenge_method=S256") && start.redirect.contains("nonce="));
    assert!(!start.redirect.contains(start.binding.reveal()), "the cookie's value stays here");
    let (code, state) = browse(&start, "siti").await;

    let theirs = city.access.oidc_start(&browser()).await.unwrap();
    let crossed = refused(city.finish(&theirs, &code, &state).await);
    assert!(matches!(crossed, AccessError::Expired), "another browser's cookie");
    let theirs = city.access.oidc_start(&browser()).await.unwrap();
    let (_, their_state) = browse(&theirs, "siti").await;
    let swapped = refused(city.finish(&theirs, &code, &their_state).await);
    assert!(
        matches!(swapped, AccessError::Refused),
        "a code of another sign-in: its PKCE verifier is another"
    );

    let start = city.access.oidc_start(&browser()).await.unwrap();
    let (code, state) = browse(&start, "siti").await;
    assert!(matches!(city.finish(&start, &code, &state).await.unwrap(), SignIn::Done(_)));
    assert!(matches!(refused(city.finish(&start, &code, &state).await), AccessError::Expired), "replayed");

    let wrong = city.access.oidc_start(&browser()).await.unwrap();
    let (code, state) = browse(&wrong, "siti").await;
    assert!(matches!(refused(city.finish(&wrong, &code, "wrong").await), AccessError::Expired));
    let after = refused(city.finish(&wrong, &code, &state).await);
    assert!(matches!(after, AccessError::Expired), "one try with a wrong state uses it up");

    let late = city.access.oidc_start(&browser()).await.unwrap();
    let (code, state) = browse(&late, "siti").await;
    city.clock.pass(601);
    assert!(matches!(refused(city.finish(&late, &code, &state).await), AccessError::Expired), "too late");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_whom_the_owner_did_not_name_does_not_get_in() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti@kota.example").await;
    city.add("joko", Role::Analyst, "").await;
    for stranger in ["asing", "palsu", "tiruan", "joko"] {
        let answer = refused(city.sign_in(stranger).await);
        assert!(
            matches!(answer, AccessError::Refused),
            "{stranger}: an address that is not verified is nobody's"
        );
    }
    assert!(matches!(city.sign_in("siti").await.unwrap(), SignIn::Done(_)));
    assert!(matches!(refused(city.sign_in("palsu").await), AccessError::Refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_an_id_token_that_was_tampered_with_is_refused() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti").await;
    city.add("walikota", Role::Auditor, "walikota").await;
    for how in ["payload", "none", "nonce", "expired", "audience", "stranger"] {
        provider.spoil(how).await;
        assert!(matches!(refused(city.sign_in("siti").await), AccessError::Refused), "{how}");
        assert!(matches!(city.sign_in("siti").await.unwrap(), SignIn::Done(_)), "after {how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_a_new_key_of_the_provider_is_asked_for_but_not_at_every_unknown_one() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti").await;
    assert!(matches!(city.sign_in("siti").await.unwrap(), SignIn::Done(_)));
    provider.spoil("rotated").await;
    assert!(matches!(refused(city.sign_in("siti").await), AccessError::Refused), "asked a moment ago");
    city.clock.pass(60);
    provider.spoil("rotated").await;
    assert!(matches!(city.sign_in("siti").await.unwrap(), SignIn::Done(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_keeps_nobody_from_signing_in_with_a_password() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let city = city(&issuer).await;
    let asked = city.access.oidc_start(&browser()).await.expect_err("nobody answers");
    assert!(matches!(&asked, AccessError::Unavailable(_)), "{asked:?}");
    assert!(!format!("{asked:?}").contains("rahasia"));
    let operator = Visitor::Operator { name: "root".to_owned() };
    let new = NewAccount {
        name: "siti".to_owned(),
        title: String::new(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: "siti".to_owned(),
    };
    let link = city.access.invite(&operator, &new).await.unwrap();
    let accepted = city.access.accept(link.token.reveal(), "kereta malam ke sukabumi", &browser()).await;
    assert!(matches!(accepted.unwrap(), SignIn::Done(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_no_way_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await.unwrap();
    let access = Access::new(store, Arc::new(SystemClock), AccessSettings::default());
    let asked = access.oidc_start(&browser()).await.expect_err("there is none");
    assert!(matches!(asked, AccessError::Conflict(Conflict::NoProvider)));
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_provider_the_pages_lead_there_and_back() {
    let provider = Provider::start();
    let city = city(&provider.issuer).await;
    city.add("siti", Role::Analyst, "siti").await;
    let url = format!("sqlite://{}/siaga.sqlite", city._folder.path().display());
    let (mut journey, _) = journey_on(Store::connect(&url).await.unwrap(), "2021-06-28");
    journey.is_demo = false;
    let state = AppState::with(Arc::new(journey), city.access.clone(), Settings::default()).unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(web::serve(listener, state, std::future::pending()));

    let page = http().get(format!("{address}/sign-in")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("href=\"/sign-in/oidc\">Masuk dengan SSO Kota"), "{page}");
    let away = http().get(format!("{address}/sign-in/oidc")).send().await.unwrap();
    let cookie = away.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-siaga-oidc="), "{cookie}");
    assert!(cookie.ends_with("; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let binding = Token::brought(cookie.split('=').nth(1).unwrap()).unwrap();
    let redirect = away.headers()["location"].to_str().unwrap().to_owned();
    assert!(redirect.starts_with(&provider.issuer));
    let (code, state) = browse(&OidcStart { redirect, binding }, "siti").await;
    let back = format!("{address}/sign-in/oidc/callback?code={code}&state={state}");

    let other = http().get(&back).send().await.unwrap();
    assert_eq!(other.headers()["location"], "/sign-in", "another browser does not get in");
    assert!(!other.headers().contains_key("set-cookie"));
    let arrived = http().get(&back).header("cookie", &cookie).send().await.unwrap();
    assert_eq!((arrived.status().as_u16(), arrived.headers()["location"].to_str().unwrap()), (303, "/"));
    let cookies: Vec<_> =
        arrived.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(
        cookies[0].starts_with("__Host-siaga=") && cookies[1].starts_with("__Host-siaga-oidc=; Max-Age=0")
    );
    let own = cookies[0].split(';').next().unwrap();
    let page = http().get(format!("{address}/account")).header("cookie", own).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("siti"));
    let again = http().get(&back).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(again.status(), 410, "an answer is good once");
}
