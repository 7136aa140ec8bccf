//! What stands round every page: menu, languages, the line that says how fresh the figures are, the foot.

use chrono::NaiveDate;

use crate::account::{Permission, Visitor};
use crate::epi::Vintage;
use crate::job::CityView;
use crate::text::{Locale, Phrases, date_medium, explain};
use crate::web::panel::freshness::{Freshness, freshness};
use crate::web::visit::{PageLook, Visit};
use crate::web::visitor::Guest;
use crate::web::words::{moment, policy_name};
use crate::web::{AppState, asset, guard};

/// One entry of the menu.
pub(in crate::web) struct Entry {
    pub(in crate::web) href: String,
    pub(in crate::web) label: String,
    pub(in crate::web) is_current: bool,
}

/// One language.
pub(in crate::web) struct Language {
    pub(in crate::web) href: String,
    pub(in crate::web) tag: &'static str,
    pub(in crate::web) short: String,
    pub(in crate::web) name: String,
    pub(in crate::web) is_current: bool,
}

/// Which moment the page is about, when it is not now.
pub(in crate::web) struct Past {
    pub(in crate::web) sentence: String,
    pub(in crate::web) href: String,
}

/// The form that asks for the page as it was known on another day.
pub(in crate::web) struct When {
    pub(in crate::web) action: String,
    /// What else the address says, sent along unseen.
    pub(in crate::web) unseen: Vec<(String, String)>,
    pub(in crate::web) first: NaiveDate,
    pub(in crate::web) last: NaiveDate,
    /// The day asked for; empty for now.
    pub(in crate::web) value: String,
    /// How many days charts may show.
    pub(in crate::web) days: Vec<DaysChoice>,
    /// This page as known at this moment, for good: to be sent to somebody.
    pub(in crate::web) share: String,
}

/// A choice of how many days charts show; an empty value leaves it to the dashboard.
pub(in crate::web) struct DaysChoice {
    pub(in crate::web) value: String,
    pub(in crate::web) label: String,
    pub(in crate::web) is_chosen: bool,
}

/// The days that are offered; an address may ask for others.
const OFFERED_DAYS: [u32; 5] = [28, 56, 90, 180, 365];

/// What a link to the page shows elsewhere: a picture with the level, and the sentence beside it.
pub(in crate::web) struct Card {
    pub(in crate::web) picture: String,
    pub(in crate::web) address: String,
    pub(in crate::web) sentence: String,
    pub(in crate::web) alt: String,
}

/// What stands round a page.
pub(in crate::web) struct Frame {
    pub(in crate::web) t: Phrases,
    pub(in crate::web) lang: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) city: String,
    pub(in crate::web) is_demo: bool,
    /// The data version; pages without one do not listen for changes.
    pub(in crate::web) version: Option<i64>,
    /// What a screen reader hears when the page has changed.
    pub(in crate::web) announce: String,
    pub(in crate::web) menu: Vec<Entry>,
    /// Where to sign in, unless nobody needs to.
    pub(in crate::web) sign_in: Option<String>,
    /// Who has signed in.
    pub(in crate::web) signed_in: Option<String>,
    pub(in crate::web) languages: Vec<Language>,
    pub(in crate::web) as_of: String,
    /// What the city was declared to be: "KLB · PPKM Darurat".
    pub(in crate::web) status: String,
    pub(in crate::web) sources: Vec<Freshness>,
    /// Of when the page is, while nobody can say whether there is something newer.
    pub(in crate::web) known_at: Option<String>,
    pub(in crate::web) past: Option<Past>,
    pub(in crate::web) when: Option<When>,
    pub(in crate::web) look: PageLook,
    /// Ways to another look: light, dark, as the device says; more contrast.
    pub(in crate::web) looks: Vec<Entry>,
    /// Whether it hangs on a wall.
    pub(in crate::web) is_wall: bool,
    /// The way to the wall, for those who may open it.
    pub(in crate::web) wall: Option<String>,
    /// Whether it is written into a file, where nothing can be asked for.
    pub(in crate::web) is_paper: bool,
    pub(in crate::web) policy: String,
    /// Names the figures, the rules and the program behind the page.
    pub(in crate::web) page_id: String,
    /// What a link to the page shows elsewhere.
    pub(in crate::web) card: Option<Card>,
    pub(in crate::web) style: String,
    pub(in crate::web) script: String,
    pub(in crate::web) icon: String,
}

impl Frame {
    /// The frame of a page that is about no city, or about none yet.
    pub(in crate::web) fn apart(t: Phrases, city: &str, title: &str) -> Self {
        let languages = Locale::ALL.map(|locale| language(locale, t, format!("/?lang={}", locale.tag())));
        Self {
            t,
            lang: t.locale.tag(),
            title: title.to_owned(),
            city: city.to_owned(),
            is_demo: false,
            version: None,
            announce: String::new(),
            menu: Vec::new(),
            sign_in: None,
            signed_in: None,
            languages: languages.into(),
            as_of: String::new(),
            status: String::new(),
            sources: Vec::new(),
            known_at: None,
            past: None,
            when: None,
            look: PageLook::default(),
            looks: Vec::new(),
            is_wall: false,
            wall: None,
            is_paper: false,
            policy: String::new(),
            page_id: String::new(),
            card: None,
            style: asset::address("siaga.css"),
            script: asset::address("siaga.js"),
            icon: asset::address("favicon.svg"),
        }
    }

    /// The frame of a page that shows no figures.
    pub(in crate::web) fn bare(state: &AppState, t: Phrases, guest: Option<&Guest>, title: &str) -> Self {
        let journey = &*state.journey;
        let visitor = guest.map_or(&Visitor::Public, |guest| &guest.visitor);
        Self {
            is_demo: journey.is_demo,
            menu: menu(state, (t, visitor), &|path| path.to_owned(), ""),
            sign_in: sign_in(visitor, "/"),
            signed_in: matches!(visitor, Visitor::Account { .. }).then(|| visitor.name().to_owned()),
            known_at: known_at(state, t),
            policy: policy_name(journey.policy(), t),
            ..Self::apart(t, &journey.city.name, title)
        }
    }

    /// The frame of a page about somebody rather than about the city.
    pub(in crate::web) fn plain(visit: &Visit, (title, path): (&str, &str)) -> Self {
        let t = visit.phrases;
        let to = |tag| if visit.is_at(path) { visit.with("lang", tag) } else { format!("{path}?lang={tag}") };
        Self {
            menu: menu(&visit.state, (t, &visit.guest.visitor), &|path| visit.to(path), path),
            languages: Locale::ALL.map(|locale| language(locale, t, to(locale.tag()))).into(),
            look: visit.look,
            ..Self::bare(&visit.state, t, Some(&visit.guest), title)
        }
    }

    /// The same for somebody who has just signed in.
    pub(in crate::web) fn signed_in_as(self, name: &str) -> Self {
        Self { sign_in: None, signed_in: Some(name.to_owned()), ..self }
    }

    /// The same while the installation is being set up: there is no city yet, and nowhere to go.
    pub(in crate::web) fn setting_up(self) -> Self {
        let city = self.t.say("set-up-menu");
        Self { city, menu: Vec::new(), sign_in: None, signed_in: None, policy: String::new(), ..self }
    }

    /// The same written into a file that stands in a folder with the other language's: nothing can be asked for there.
    pub(in crate::web) fn on_paper(self, file_of: &dyn Fn(&str) -> String) -> Self {
        let languages = self.languages.into_iter();
        let languages =
            languages.map(|language| Language { href: file_of(language.tag), ..language }).collect();
        Self {
            languages,
            version: None,
            menu: Vec::new(),
            sign_in: None,
            signed_in: None,
            when: None,
            looks: Vec::new(),
            wall: None,
            is_paper: true,
            style: "siaga.css".to_owned(),
            script: "siaga.js".to_owned(),
            icon: "favicon.svg".to_owned(),
            ..self
        }
    }

    /// The frame of a page about the city.
    pub(in crate::web) fn of(visit: &Visit, view: &CityView, (title, path): (&str, &str)) -> Self {
        let (journey, t) = (visit.journey(), visit.phrases);
        let zone = journey.city.zone;
        let as_of = visit.as_of();
        let policy = journey.policy();
        Self {
            version: Some(view.version),
            menu: menu(&visit.state, (t, &visit.guest.visitor), &|path| visit.to(path), path),
            sign_in: sign_in(&visit.guest.visitor, &visit.here()),
            languages: Locale::ALL.map(|locale| language(locale, t, visit.with("lang", locale.tag()))).into(),
            as_of: moment(as_of, zone, t.locale),
            status: statuses(visit, view.date),
            sources: freshness(journey, view, as_of.local_date(zone), t),
            past: visit.is_past().then(|| Past {
                sentence: t.say_with(
                    "past-shown",
                    &[("date", &date_medium(view.date, t.locale)), ("as_of", &moment(as_of, zone, t.locale))],
                ),
                href: visit.to_now(),
            }),
            when: visit.is_at(path).then(|| when(visit, as_of)),
            look: visit.look,
            looks: looks(visit),
            wall: wall(visit).filter(|_| visit.is_at(path)),
            card: card(visit, view, path),
            page_id: format!(
                "{}-{}@{}-{}",
                view.version,
                policy.id,
                policy.version,
                env!("CARGO_PKG_VERSION")
            ),
            ..Self::bare(&visit.state, t, Some(&visit.guest), title)
        }
    }
}

/// The line of a page that is shown while the primary is away.
pub(super) fn known_at(state: &AppState, t: Phrases) -> Option<String> {
    let at = state.journey.store.without_primary()?.known_at?;
    Some(t.say_with("known-at", &[("at", &moment(at, state.journey.city.zone, t.locale))]))
}

/// What the city was declared to be on a day, newest first.
fn statuses(visit: &Visit, date: NaiveDate) -> String {
    let city = &visit.journey().city;
    let found = city.statuses.on(&city.lineage, date);
    let words: Vec<String> =
        found.iter().map(|status| visit.phrases.say(&format!("status-{}", status.status))).collect();
    words.join(" · ")
}

fn when(visit: &Visit, as_of: Vintage) -> When {
    let journey = visit.journey();
    let day = visit.focus.as_of.map(|as_of| as_of.local_date(journey.city.zone).to_string());
    When {
        action: visit.path().to_owned(),
        unseen: visit.unseen(&["as_of", "date", "days"]),
        first: journey.ruled_since(),
        last: journey.today(),
        value: day.unwrap_or_default(),
        days: days_choices(visit),
        share: visit.with("as_of", &as_of.to_string()),
    }
}

fn days_choices(visit: &Visit) -> Vec<DaysChoice> {
    let t = visit.phrases;
    let mut offered = OFFERED_DAYS.to_vec();
    offered.extend(visit.days.filter(|days| !OFFERED_DAYS.contains(days)));
    offered.sort_unstable();
    let of = |days: u32| DaysChoice {
        value: days.to_string(),
        label: t.say_with("when-days-of", &[("days", &days.to_string())]),
        is_chosen: visit.days == Some(days),
    };
    let usual =
        DaysChoice { value: String::new(), label: t.say("when-days-usual"), is_chosen: visit.days.is_none() };
    [usual].into_iter().chain(offered.into_iter().map(of)).collect()
}

/// What the device says, light, dark; and more contrast, or as the device says.
fn looks(visit: &Visit) -> Vec<Entry> {
    let t = visit.phrases;
    let entry = |key: &str, href, is_current| Entry { href, label: t.say(key), is_current };
    let PageLook { theme, has_more_contrast } = visit.look;
    let contrast = match has_more_contrast {
        true => entry("look-contrast-less", visit.without("contrast"), false),
        false => entry("look-contrast-more", visit.with("contrast", "more"), false),
    };
    vec![
        entry("look-device", visit.without("theme"), theme.is_none()),
        entry("look-light", visit.with("theme", "light"), theme == Some("light")),
        entry("look-dark", visit.with("theme", "dark"), theme == Some("dark")),
        contrast,
    ]
}

fn wall(visit: &Visit) -> Option<String> {
    visit.may_pass(guard::of_board(&visit.state, "/wall")).then(|| "/wall".to_owned())
}

/// A link shows what anybody may see: whoever follows it from elsewhere has not signed in.
fn card(visit: &Visit, view: &CityView, path: &str) -> Option<Card> {
    let (journey, t) = (visit.journey(), visit.phrases);
    let is_open = path == "/" || path == "/public";
    is_open.then(|| {
        let words = explain(&view.assessment, journey.policy(), t);
        let site = &visit.state.settings.public_url;
        let args = [("city", journey.city.name.as_str()), ("level", &words.level)];
        Card {
            picture: format!("{site}/charts/card.png?lang={}", t.locale.tag()),
            address: format!("{site}{path}"),
            alt: t.say_with("card-alt", &args),
            sentence: words.headline,
        }
    })
}

fn language(locale: Locale, t: Phrases, href: String) -> Language {
    Language {
        href,
        tag: locale.tag(),
        short: locale.tag().to_uppercase(),
        name: t.say(&format!("language-{}", locale.tag())),
        is_current: locale == t.locale,
    }
}

/// In the demonstration nobody needs to sign in.
fn sign_in(visitor: &Visitor, here: &str) -> Option<String> {
    matches!(visitor, Visitor::Public).then(|| guard::sign_in_for(here))
}

/// The dashboards by their own titles, then what is not a dashboard: only what this visitor may open.
fn menu(
    state: &AppState,
    (t, visitor): (Phrases, &Visitor),
    href: &dyn Fn(&str) -> String,
    current: &str,
) -> Vec<Entry> {
    let home = if visitor.may(Permission::ReadCity) { "mayor" } else { "public" };
    let mut boards = vec![(home, "/")];
    if visitor.may(Permission::ReadOfficials) {
        boards.push(("officials", "/officials"));
    }
    if visitor.may(Permission::ReadAnalysis) {
        boards.push(("analyst", "/analyst"));
    }
    let shelf = state.shelf();
    let mut entries: Vec<(String, String)> = Vec::new();
    for (name, path) in boards {
        if let Some(board) = shelf.get(name) {
            entries.push((t.locale.of(&board.dashboard.title).to_owned(), path.to_owned()));
        }
    }
    for (name, board) in shelf.added() {
        let opens = board.dashboard.opens.permission();
        if opens.is_none_or(|permission| visitor.may(permission)) {
            entries.push((t.locale.of(&board.dashboard.title).to_owned(), format!("/dashboard/{name}")));
        }
    }
    let is_demo = state.journey.is_demo;
    for (is_there, key, path) in [
        (visitor.may(Permission::ReadOfficials), "alerts-menu", "/alerts"),
        (true, "decisions-menu", "/decisions"),
        (visitor.may(Permission::ReadAnalysis), "backtest-menu", "/backtest"),
        (visitor.may(Permission::Ingest), "figures-menu", "/figures"),
        (visitor.may(Permission::ReadWorkforce), "units-menu", "/units"),
        (visitor.may(Permission::ReadWorkforce), "roster-menu", "/roster"),
        (visitor.may(Permission::ReadWorkforce), "attendance-menu", "/attendance"),
        (is_demo && visitor.may(Permission::ReadOfficials), "mailbox-menu", "/mailbox"),
        (!is_demo && visitor.may(Permission::ReadAudit), "audit-menu", "/audit"),
        (visitor.may(Permission::ManageAccounts), "accounts-menu", "/accounts"),
    ] {
        if is_there {
            entries.push((t.say(key), path.to_owned()));
        }
    }
    let entry =
        |(label, path): (String, String)| Entry { href: href(&path), label, is_current: path == current };
    entries.into_iter().map(entry).collect()
}
