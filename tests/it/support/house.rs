//! A real city's house with its doors: the real server on a free port, an account of every role, a small browser.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Client, Method};
use siaga::access::{Access, AccessSettings, SignIn, Ticket};
use siaga::account::{NewAccount, NewToken, Permission, Role, TotpKey, Visitor};
use siaga::clock::SteppedClock;
use siaga::job::Journey;
use siaga::store::Store;
use siaga::web::{self, AppState, Settings};
use tokio_util::sync::CancellationToken;

use super::{journey_on, stdout};

/// Good for every account of the tests.
pub const PASSWORD: &str = "gerimis-kamboja-4711-senja";
/// The unit of the head of unit.
pub const UNIT: &str = "setda";

/// The operator, who adds accounts.
pub fn operator() -> Visitor {
    Visitor::Operator { name: "operator".to_owned() }
}

/// The house.
pub struct House {
    pub address: String,
    pub journey: Arc<Journey>,
    pub access: Access,
    pub clock: Arc<SteppedClock>,
    pub client: Client,
    pub stop: CancellationToken,
    pub folder: tempfile::TempDir,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session's cookie that came with it, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
        pairs.rfind(|pair| pair.starts_with("__Host-siaga=")).map(str::to_owned)
    }
}

/// How the house is built.
#[derive(Default)]
pub struct Plan {
    pub is_demo: bool,
    /// Whether the demonstration's figures to 28 June 2021 are in the store.
    pub has_figures: bool,
    /// What every unit and every source is called, instead of their names.
    pub called: Option<&'static str>,
    pub settings: Settings,
}

impl House {
    pub async fn new() -> Self {
        Self::built(Plan::default()).await
    }

    pub async fn built(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match plan.has_figures {
            true => {
                stdout(folder.path(), &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
                format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display())
            }
            false => format!("sqlite://{}/siaga.sqlite", folder.path().display()),
        };
        let (mut journey, clock) = journey_on(Store::connect(&url).await.unwrap(), "2021-06-28");
        journey.is_demo = plan.is_demo;
        if let Some(name) = plan.called {
            for unit in &mut journey.city.units {
                (unit.name, unit.name_en) = (name.to_owned(), name.to_owned());
            }
            for source in &mut journey.sources {
                source.title = name.to_owned();
                source.title_en = None;
            }
        }
        let journey = Arc::new(journey);
        journey.announce().await.unwrap();
        let doors = AccessSettings { city: journey.city.name.clone(), ..AccessSettings::default() };
        let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), doors);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let scheme = if plan.settings.tls.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let mut settings = plan.settings;
        if settings.public_url == Settings::default().public_url {
            settings.public_url.clone_from(&address);
        }
        let state = AppState::with(Arc::clone(&journey), access.clone(), settings).unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(web::serve(listener, state, stop.clone().cancelled_owned()));
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { address, journey, access, clock, client, stop, folder }
    }

    /// Adds an account and signs it in, with a second step where its role needs one.
    pub async fn signed_in(&self, name: &str, role: Role) -> Person {
        let unit_id = (role == Role::UnitHead).then(|| UNIT.to_owned());
        let (title, oidc_name) = (String::new(), String::new());
        let new = NewAccount { name: name.to_owned(), title, role, unit_id, oidc_name };
        let invitation = self.access.invite(&operator(), &new).await.unwrap();
        let client = siaga::access::Client::new("192.0.2.9", "tests");
        let accepted = self.access.accept(invitation.token.reveal(), PASSWORD, &client).await.unwrap();
        let (ticket, secret): (Ticket, String) = match accepted {
            SignIn::Done(ticket) => (ticket, String::new()),
            SignIn::Enrol(ticket) => {
                let enrolment = self.access.start_enrolment(ticket.token.reveal()).await.unwrap();
                let code = self.code(&enrolment.secret);
                let finished = self.access.finish_enrolment(ticket.token.reveal(), &code, &client).await;
                (finished.unwrap().0, enrolment.secret)
            }
            SignIn::SecondStep(_) => panic!("a new account has no second step yet"),
        };
        let cookie = format!("__Host-siaga={}", ticket.token.reveal());
        Person { cookie, secret }
    }

    /// What the telephone shows now.
    pub fn code(&self, secret: &str) -> String {
        let seconds = self.journey.clock.now().millis() / 1000;
        TotpKey::kept(secret, "siaga", "x").unwrap().code_at(seconds)
    }

    /// A token of an account, limited to one thing.
    pub async fn token(&self, name: &str, scope: Permission) -> String {
        let (account, title) = (name.to_owned(), "tests".to_owned());
        let new = NewToken { account, title, scopes: vec![scope], days: 30 };
        self.access.make_token(&operator(), &new).await.unwrap().0.reveal().to_owned()
    }

    /// Asks for something; `headers` by name.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, None).await
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers).await
    }

    /// Sends a form as a browser does from our own page.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("origin", self.address.as_str()), ("sec-fetch-site", "same-origin")];
        all.extend(headers);
        self.send("POST", path, &all, Some(encoded(fields))).await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<String>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(HeaderName::try_from(*name).unwrap(), *value);
        }
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// Somebody who has signed in.
pub struct Person {
    /// What the browser sends.
    pub cookie: String,
    /// The key of the telephone; empty without.
    pub secret: String,
}

/// Fields as a browser writes them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Everything but letters and digits as `%XX`.
pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
