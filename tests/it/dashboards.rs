//! Dashboards as the operator writes them: files that add a page or stand over one, and what a broken one does.

use std::path::Path;
use std::time::Duration;

use siaga::account::Role;
use siaga::web::{Limits, Settings};

use crate::support::house::{House, Plan};
use crate::support::{looked_at, siaga};

const TITLE: &str = "title = { id = \"Rapat pagi\", en = \"Morning meeting\" }\n";

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// A real city's house whose operator has dashboards of their own, looked at again with each page.
async fn house(folder: &Path, has_figures: bool) -> House {
    let limits = Limits { dashboard_check: Duration::ZERO, ..Limits::default() };
    let dashboards = Some(folder.to_owned());
    let settings = Settings { dashboards, limits, ..Settings::default() };
    House::built(Plan { has_figures, settings, ..Plan::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_a_page_with_its_door_and_its_place_in_the_menu() {
    let folder = tempfile::tempdir().unwrap();
    let panels = "panels = [{ kind = \"level\" }, { kind = \"countdown\" }]\n";
    for audience in ["public", "city", "officials", "analysis"] {
        let text = format!("audience = \"{audience}\"\n{TITLE}{panels}");
        write(folder.path(), &format!("for-{audience}.toml"), &text);
    }
    write(folder.path(), "unsaid.toml", &format!("{TITLE}{panels}"));
    let house = house(folder.path(), true).await;
    // The same name written in another way is no address: the door's rule is read off the address as it stands.
    for other in ["/dashboard/for-%6fficials", "/dashboard/%66or-city", "/dashboard/for-city%20"] {
        assert_eq!(house.get(other, &[]).await.status, 404, "{other}");
    }
    let public = house.get("/dashboard/for-public", &[]).await;
    assert_eq!((public.status, public.body.contains("WFH 100%")), (200, true));
    assert!(public.body.contains("href=\"/dashboard/for-public\" aria-current=\"page\""), "its menu entry");
    for closed in ["for-city", "for-officials", "for-analysis", "unsaid"] {
        let away = house.get(&format!("/dashboard/{closed}"), &[]).await;
        assert_eq!(away.status, 303, "{closed}");
        assert_eq!(away.header("location"), format!("/sign-in?next=%2Fdashboard%2F{closed}"));
        assert!(
            !public.body.contains(&format!("/dashboard/{closed}")),
            "{closed} is not in a stranger's menu"
        );
    }
    for (role, open) in [
        (Role::Analyst, "for-public for-city for-analysis unsaid"),
        (Role::Personnel, "for-public for-city for-officials unsaid"),
        (Role::Auditor, "for-public"),
        (Role::Mayor, "for-public for-city for-officials for-analysis unsaid"),
    ] {
        let person = house.signed_in(&role.as_str().replace('_', "-"), role).await;
        let cookie = [("cookie", person.cookie.as_str())];
        let home = house.get("/public", &cookie).await.body;
        for name in ["for-public", "for-city", "for-officials", "for-analysis", "unsaid"] {
            let may = open.split(' ').any(|one| one == name);
            let got = house.get(&format!("/dashboard/{name}"), &cookie).await.status;
            assert_eq!(got, if may { 200 } else { 403 }, "{name} by {role}");
            assert_eq!(home.contains(&format!("/dashboard/{name}\"")), may, "{name} in the menu of {role}");
        }
    }
    for gone in ["none", "mayor", "public", "..%2fmayor"] {
        assert_eq!(house.get(&format!("/dashboard/{gone}"), &[]).await.status, 404, "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_hold_every_kind_of_panel_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "[[row]]\npanels = [{ kind = \"sentence\" }, { kind = \"countdown\" }]\n\
        [[row]]\npanels = [{ kind = \"chart\", chart = \"epicurve\", days = 30, scale = \"log\" }, \
        { kind = \"chart\", chart = \"level_strip\" }, { kind = \"chart\", chart = \"growth\" }]\n\
        [[row]]\npanels = [{ kind = \"table\", indicators = [\"cases_7d\", \"positivity_7d_pct\"] }, { kind = \"freshness\" }]\n\
        [[row]]\npanels = [{ kind = \"text\", title = { id = \"Catatan\", en = \"Note\" }, \
        text = { id = \"Rapat <pukul> tujuh.\\n\\nBawa masker.\", en = \"Meeting at seven.\" } }]\n";
    write(folder.path(), "rapat.toml", &format!("audience = \"public\"\n{TITLE}{rows}"));
    let house = house(folder.path(), true).await;
    let page = house.get("/dashboard/rapat?lang=id", &[]).await.body;
    for said in [
        "class=\"row row-2\"",
        "class=\"row row-3\"",
        "2.083 kasus dalam 7 hari",
        "Evaluasi menurut aturan, bisa berakhir",
        "Senin, 5 Juli 2021",
        "Selasa, 6 Juli 2021",
        "Anjuran per hari",
        "Kesegaran sumber",
        "Rapat &#60;pukul&#62; tujuh.",
        "<p>Bawa masker.</p>",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let english = house.get("/dashboard/rapat?lang=en", &[]).await.body;
    for said in
        ["Evaluation by the rules, may end", "Tuesday, 6 July 2021", "Figures on", "Meeting at seven."]
    {
        assert!(english.contains(said), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_is_for_others_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let panels = "panels = [{ kind = \"level\" }, { kind = \"alerts\", most = 3 }]\n";
    write(folder.path(), "bersama.toml", &format!("{TITLE}{panels}"));
    let house = house(folder.path(), true).await;
    let page = async |name: &str, role| {
        let person = house.signed_in(name, role).await;
        house.get("/dashboard/bersama?lang=en", &[("cookie", person.cookie.as_str())]).await.body
    };
    let analyst = page("analis", Role::Analyst).await;
    assert!(analyst.contains("This part is not for your role.") && !analyst.contains("id=\"alerts\""));
    let mayor = page("sekda", Role::Mayor).await;
    assert!(mayor.contains("id=\"alerts\"") && !mayor.contains("not for your role"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_edit_keeps_the_page_and_tells_those_who_can_have_it_mended() {
    let folder = tempfile::tempdir().unwrap();
    let sound = format!("audience = \"public\"\n{TITLE}panels = [{{ kind = \"level\" }}]\n");
    write(folder.path(), "rapat.toml", &sound);
    let house = house(folder.path(), true).await;
    let official = house.signed_in("bkpsdm", Role::Personnel).await;
    let cookie = [("cookie", official.cookie.as_str())];
    let page = async |headers: &[(&str, &str)]| house.get("/dashboard/rapat?lang=en", headers).await.body;
    assert!(!page(&cookie).await.contains("cannot be used"));
    write(folder.path(), "rapat.toml", &sound.replace("level", "levle"));
    let told = page(&cookie).await;
    for said in ["cannot be used", "rapat.toml, line 3", "did you mean &#39;level&#39;?", "WFH 100%"] {
        assert!(told.contains(said), "{said}");
    }
    let stranger = page(&[]).await;
    assert!(stranger.contains("WFH 100%") && !stranger.contains("rapat.toml"));
    let settings = format!("[dashboards]\nfolder = \"{}\"\n", folder.path().display());
    write(house.folder.path(), "siaga.toml", &settings);
    let check = || siaga(house.folder.path()).arg("check").output().unwrap();
    let refused = check();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("rapat.toml, line 3: unknown variant `levle`"), "{said}");
    write(folder.path(), "rapat.toml", &sound.replace("level", "sentence"));
    let mended = page(&cookie).await;
    assert!(mended.contains("2,083 cases") && !mended.contains("cannot be used"));
    assert!(check().status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_shown_as_it_was_known_and_its_look_stands_in_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), true).await;
    let now = house.get("/?lang=en", &[]).await.body;
    assert!(
        now.contains("<form method=\"get\" action=\"/\"") && now.contains("name=\"as_of\""),
        "a form asks"
    );
    assert!(!now.contains("id=\"past\""));
    let pinned = now.split("rel=\"bookmark").next().unwrap().rsplit("href=\"").next().unwrap();
    assert!(pinned.starts_with("/?lang=en&#38;as_of=2021-06-28T"), "a lasting link: {pinned}");
    let then = house.get("/?lang=en&as_of=2021-06-24&theme=dark&contrast=more&days=30", &[]).await.body;
    for said in [
        "data-theme=\"dark\"",
        "data-contrast=\"more\"",
        "as known on Thursday, 24 June 2021",
        "href=\"/?days=30&#38;lang=en&#38;theme=dark&#38;contrast=more\">Back to the latest data",
        "name=\"theme\" value=\"dark\"",
        "value=\"2021-06-24\"",
    ] {
        assert!(then.contains(said), "{said}");
    }
    assert!(!then.contains("2,083 cases"), "which nobody knew then");
    let days = |page: &str| page.matches("<tr><th scope=\"row\" data-value=\"2021-").count();
    let short = house.get("/?days=14", &[]).await.body;
    assert!(days(&short) < days(&now), "{} days, {} days", days(&short), days(&now));
    for (wrong, name) in [
        ("theme=pink", "theme"),
        ("contrast=less", "contrast"),
        ("days=6", "days"),
        ("days=x", "days"),
        ("as_of=2099-01-01", "as_of"),
    ] {
        for (lang, word) in [("id", "Bagian"), ("en", "The part")] {
            let refused = house.get(&format!("/?{wrong}&lang={lang}"), &[]).await;
            assert_eq!(refused.status, 400, "{wrong}");
            assert!(refused.body.contains(&format!("{word} “{name}”")), "{wrong} in {lang}");
        }
    }
}

/// The address of everything that a page asks for before anybody touches it.
fn asked_for(html: &str, style: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (start, end) in [
        ("<link rel=\"stylesheet\" href=\"", '"'),
        ("<link rel=\"preload\" href=\"", '"'),
        ("<link rel=\"icon\" href=\"", '"'),
        ("<script src=\"", '"'),
    ] {
        all.extend(html.split(start).skip(1).map(|rest| rest.split(end).next().unwrap().to_owned()));
    }
    all.extend(
        style.split("url(").skip(1).map(|rest| format!("/assets/{}", rest.split(')').next().unwrap())),
    );
    all.sort();
    all.dedup();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mayors_page_weighs_less_than_100_kb_and_asks_nobody_else() {
    let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
    let client = &house.client;
    let fetched = async |path: &str| {
        let request = client.get(format!("{}{path}", house.address)).header("accept-encoding", "br, gzip");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().await.unwrap()
    };
    let page = house.get("/", &[]).await.body;
    let sheet = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let style = house.get(sheet, &[]).await.body;
    let wanted = asked_for(&page, &style);
    assert!(wanted.len() >= 5, "style, script, icon, two fonts: {wanted:?}");
    let mut bytes = fetched("/").await.len();
    assert!(bytes < page.len() / 2, "the page is packed: {bytes} of {}", page.len());
    for path in &wanted {
        assert!(path.starts_with("/assets/"), "{path}");
        bytes += fetched(path).await.len();
    }
    assert!(bytes < 100_000, "{bytes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_chromium_every_dashboard_looks_right_everywhere_and_breaks_no_rule() {
    let folder = tempfile::tempdir().unwrap();
    let own = "[[row]]\npanels = [{ kind = \"sentence\" }, { kind = \"freshness\" }]\n\
        [[row]]\npanels = [{ kind = \"chart\", chart = \"epicurve\", days = 30, scale = \"log\" }, \
        { kind = \"chart\", chart = \"incidence\" }]\n\
        [[row]]\npanels = [{ kind = \"table\", indicators = [\"cases_7d\", \"growth_ratio\", \"bed_occupancy_pct\"] }]\n\
        [[row]]\npanels = [{ kind = \"countdown\" }]\n\
        [[row]]\npanels = [{ kind = \"text\", title = { id = \"Catatan\", en = \"Note\" }, \
        text = { id = \"Rapat pukul tujuh.\", en = \"Meeting at seven.\" } }]\n";
    write(folder.path(), "rapat.toml", &format!("{TITLE}{own}"));
    let settings = Settings { dashboards: Some(folder.path().to_owned()), ..Settings::default() };
    let house = House::built(Plan { is_demo: true, has_figures: true, settings, ..Plan::default() }).await;
    let asked = serde_json::json!({
        "address": house.address,
        "boards": {
            "mayor": "/", "public": "/public", "officials": "/officials", "analyst": "/analyst", "wall": "/wall",
            "rapat": "/dashboard/rapat",
        },
    });
    // Below the target folder, so that a person can open them.
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    let seen = tokio::task::spawn_blocking(move || looked_at("look-dashboards.mjs", &asked, &pictures))
        .await
        .unwrap();
    let none = serde_json::json!([]);
    for what in ["console", "foreign", "overflow", "axe", "keyboard", "tables", "wall", "plain"] {
        assert_eq!(seen[what], none, "{what}");
    }
    assert_eq!(seen["looked"], 6 * 2 * 2 * 2, "every dashboard on every screen");
    assert_eq!(
        seen["asked"], "?lang=en&theme=dark&as_of=2021-06-24&days=",
        "the form keeps what the address said"
    );
    assert!(
        seen["past"].as_str().unwrap().contains("as known on Thursday, 24 June 2021"),
        "{}",
        seen["past"]
    );
    assert_eq!((&seen["back"], &seen["paper_pages"]), (&0.into(), &1.into()));
}
