//! What stands round every page: menu, languages, the line that says how fresh the figures are, the foot.

use crate::account::{Permission, Visitor};
use crate::job::{CityView, Journey};
use crate::text::{Locale, Phrases, date_medium};
use crate::web::panel::freshness::{Freshness, freshness};
use crate::web::visit::Visit;
use crate::web::visitor::Guest;
use crate::web::words::{moment, policy_name};
use crate::web::{asset, dashboard, guard};

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
    pub(in crate::web) sources: Vec<Freshness>,
    pub(in crate::web) past: Option<Past>,
    pub(in crate::web) policy: String,
    /// Names the figures, the rules and the program behind the page.
    pub(in crate::web) page_id: String,
    pub(in crate::web) style: String,
    pub(in crate::web) script: String,
    pub(in crate::web) icon: String,
}

impl Frame {
    /// The frame of a page that shows no figures.
    pub(in crate::web) fn bare(journey: &Journey, t: Phrases, guest: Option<&Guest>, title: &str) -> Self {
        let visitor = guest.map_or(&Visitor::Public, |guest| &guest.visitor);
        let policy = journey.policy();
        let languages = Locale::ALL.map(|locale| language(locale, t, format!("/?lang={}", locale.tag())));
        Self {
            t,
            lang: t.locale.tag(),
            title: title.to_owned(),
            city: journey.city.name.clone(),
            is_demo: journey.is_demo,
            version: None,
            announce: String::new(),
            menu: menu(journey, (t, visitor), &|path| path.to_owned(), ""),
            sign_in: sign_in(visitor, "/"),
            signed_in: matches!(visitor, Visitor::Account { .. }).then(|| visitor.name().to_owned()),
            languages: languages.into(),
            as_of: String::new(),
            sources: Vec::new(),
            past: None,
            policy: policy_name(policy, t),
            page_id: String::new(),
            style: asset::address("siaga.css"),
            script: asset::address("siaga.js"),
            icon: asset::address("favicon.svg"),
        }
    }

    /// The frame of a page about somebody rather than about the city.
    pub(in crate::web) fn plain(visit: &Visit, (title, path): (&str, &str)) -> Self {
        let (journey, t) = (visit.journey(), visit.phrases);
        let to = |tag| if visit.is_at(path) { visit.with("lang", tag) } else { format!("{path}?lang={tag}") };
        Self {
            menu: menu(journey, (t, &visit.guest.visitor), &|path| path.to_owned(), path),
            languages: Locale::ALL.map(|locale| language(locale, t, to(locale.tag()))).into(),
            ..Self::bare(journey, t, Some(&visit.guest), title)
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

    /// The frame of a page about the city.
    pub(in crate::web) fn of(visit: &Visit, view: &CityView, (title, path): (&str, &str)) -> Self {
        let (journey, t) = (visit.journey(), visit.phrases);
        let zone = journey.city.zone;
        let as_of = visit.as_of();
        let policy = journey.policy();
        Self {
            version: Some(view.version),
            menu: menu(journey, (t, &visit.guest.visitor), &|path| visit.to(path), path),
            sign_in: sign_in(&visit.guest.visitor, &visit.here()),
            languages: Locale::ALL.map(|locale| language(locale, t, visit.with("lang", locale.tag()))).into(),
            as_of: moment(as_of, zone, t.locale),
            sources: freshness(journey, view, as_of.local_date(zone), t),
            past: visit.is_past().then(|| Past {
                sentence: t.say_with(
                    "past-shown",
                    &[("date", &date_medium(view.date, t.locale)), ("as_of", &moment(as_of, zone, t.locale))],
                ),
                href: path.to_owned(),
            }),
            page_id: format!(
                "{}-{}@{}-{}",
                view.version,
                policy.id,
                policy.version,
                env!("CARGO_PKG_VERSION")
            ),
            ..Self::bare(journey, t, Some(&visit.guest), title)
        }
    }
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
    journey: &Journey,
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
    let mut entries: Vec<(String, &str)> = Vec::new();
    for (name, path) in boards {
        if let Ok(dashboard) = dashboard::load(name) {
            entries.push((t.locale.of(&dashboard.title).to_owned(), path));
        }
    }
    if visitor.may(Permission::ReadAnalysis) {
        entries.push((t.say("backtest-menu"), "/backtest"));
    }
    if visitor.may(Permission::Ingest) {
        entries.push((t.say("figures-menu"), "/figures"));
    }
    if journey.is_demo && visitor.may(Permission::ReadOfficials) {
        entries.push((t.say("mailbox-menu"), "/mailbox"));
    }
    if visitor.may(Permission::ReadAudit) && !journey.is_demo {
        entries.push((t.say("audit-menu"), "/audit"));
    }
    if visitor.may(Permission::ManageAccounts) {
        entries.push((t.say("accounts-menu"), "/accounts"));
    }
    let entry =
        |(label, path): (String, &str)| Entry { href: href(path), label, is_current: path == current };
    entries.into_iter().map(entry).collect()
}
