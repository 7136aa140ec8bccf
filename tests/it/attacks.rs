//! What somebody with bad intent tries, over real connections: each is refused, and told nothing.

use std::time::Duration;

use siaga::account::{NewAccount, NewToken, Permission, Role};
use siaga::audit::{Action, Entry};
use siaga::store::AuditFilter;
use siaga::web::{Limits, Settings, doors};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::audit::{does, intruder};
use crate::support::house::{Answer, House, PASSWORD, Plan, encoded, operator, percent};
use crate::support::moment;

const SCRIPT: &str = "\"><script>alert(1)</script>";

fn escaped(page: &str) -> bool {
    !page.contains("<script>alert") && !page.contains("\"><script")
}

async fn sign_in(house: &House, name: &str, password: &str, headers: &[(&str, &str)]) -> Answer {
    house.post("/sign-in", headers, &[("name", name), ("password", password), ("next", "/analyst")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_wrong_passwords_is_stopped_and_told_so_in_both_languages() {
    let house = House::new().await;
    house.signed_in("siti", Role::Analyst).await;
    let mut last = None;
    for nth in 1..=6 {
        let answer = sign_in(&house, "siti", "salah", &[]).await;
        assert_eq!(answer.status, if nth <= 5 { 422 } else { 429 }, "try {nth}");
        assert_eq!(answer.cookie(), None);
        last = Some(answer);
    }
    let stopped = last.unwrap();
    let wait: u64 = stopped.header("retry-after").parse().unwrap();
    assert!((1..=15 * 60).contains(&wait), "{wait}");
    assert!(stopped.body.contains("Terlalu banyak percobaan") && stopped.body.contains("15 menit"));
    let right = sign_in(&house, "siti", PASSWORD, &[("accept-language", "en")]).await;
    assert_eq!(right.status, 429, "the right password is refused too");
    assert!(right.body.contains("Too many tries. Try again in 15 min"));
    house.clock.advance_to(moment("2021-06-29T00:20:00+07:00"));
    let later = sign_in(&house, "siti", PASSWORD, &[]).await;
    assert_eq!((later.status, later.header("location")), (303, "/analyst"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_and_a_wrong_password_are_one_and_the_same() {
    let house = House::new().await;
    house.signed_in("siti", Role::Analyst).await;
    let strip = |answer: Answer| answer.body.replace("siti", "X").replace("nobody", "X");
    let password = strip(sign_in(&house, "siti", "salah", &[]).await);
    let name = strip(sign_in(&house, "nobody", "salah", &[]).await);
    assert_eq!(password, name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_planted_before_signing_in_is_worth_nothing_after() {
    let house = House::new().await;
    let mayor = house.signed_in("sekda", Role::Mayor).await;
    let planted = format!("__Host-siaga={}", "A".repeat(43));
    let first = sign_in(&house, "sekda", PASSWORD, &[("cookie", &planted)]).await;
    assert_eq!(first.header("location"), "/sign-in/second-step?next=%2Fanalyst");
    let half = first.cookie().unwrap();
    assert_ne!(half, planted);
    for cookie in [&planted, &half] {
        let page = house.get("/officials", &[("cookie", cookie)]).await;
        assert_eq!(page.status, 303, "the first step alone opens nothing");
    }
    house.clock.advance_to(moment("2021-06-29T00:02:00+07:00"));
    let fields = [("code", house.code(&mayor.secret)), ("next", "/officials".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let done = house.post("/sign-in/second-step", &[("cookie", &half)], &fields).await;
    assert_eq!((done.status, done.header("location")), (303, "/officials"));
    let full = done.cookie().unwrap();
    assert_ne!(full, half);
    assert_eq!(house.get("/officials", &[("cookie", &full)]).await.status, 200);
    for cookie in [&planted, &half] {
        assert_eq!(house.get("/officials", &[("cookie", cookie)]).await.status, 303, "and neither does now");
    }
    let again = house.post("/sign-in/second-step", &[("cookie", &half)], &fields).await;
    assert_eq!(again.header("location"), "/sign-in?next=%2Fofficials", "a code is used once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_cookie_ends_with_signing_out_and_with_a_new_password() {
    let house = House::new().await;
    let person = house.signed_in("siti", Role::Analyst).await;
    let thief = [("cookie", person.cookie.as_str())];
    assert_eq!(house.get("/account", &thief).await.status, 200);
    let out = house.post("/sign-out", &thief, &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/"));
    assert!(out.header("set-cookie").starts_with("__Host-siaga=; Max-Age=0"));
    assert_eq!(house.get("/account", &thief).await.status, 303);

    let stolen = sign_in(&house, "siti", PASSWORD, &[]).await.cookie().unwrap();
    let own = sign_in(&house, "siti", PASSWORD, &[]).await.cookie().unwrap();
    let new = "kabut-sepeda-1928-rotan";
    let fields = [("old", PASSWORD), ("new", new), ("repeated", new)];
    let changed = house.post("/account/password", &[("cookie", &own)], &fields).await;
    assert_eq!((changed.status, changed.header("location")), (303, "/account?done=password"));
    assert_eq!(house.get("/account", &[("cookie", &stolen)]).await.status, 303);
    assert_eq!(house.get("/account", &[("cookie", &own)]).await.status, 303, "the old value too");
    let renewed = changed.cookie().unwrap();
    assert_eq!(house.get("/account?done=password", &[("cookie", &renewed)]).await.status, 200);
    assert_eq!(sign_in(&house, "siti", PASSWORD, &[]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_token_ends_when_it_is_revoked() {
    let house = House::new().await;
    let person = house.signed_in("siti", Role::Analyst).await;
    let cookie = [("cookie", person.cookie.as_str())];
    let fields = [("title", SCRIPT), ("may-export", "1"), ("days", "7")];
    let made = house.post("/account/token", &cookie, &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    assert!(escaped(&made.body), "a title is shown as text");
    let token = made.body.split("siaga_").nth(1).unwrap();
    let token: String = token.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    let bearer = format!("Bearer siaga_{token}");
    let program = [("authorization", bearer.as_str())];
    assert_eq!(house.get("/exports/units.csv", &program).await.status, 200);
    let page = house.get("/account", &cookie).await.body;
    assert!(!page.contains(&token), "shown once");
    let id = page.split("/account/token/revoke").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    assert_eq!(house.post("/account/token/revoke", &cookie, &[("id", id)]).await.status, 303);
    assert_eq!(house.get("/exports/units.csv", &program).await.status, 401);
    assert_eq!(house.get("/", &program).await.status, 401, "a bad token is not taken for nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_make_a_visitor_do_anything() {
    let house = House::new().await;
    let owner = house.signed_in("rina", Role::Owner).await;
    let fields = encoded(&[("name", "mallory"), ("role", "owner")]);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let headers = [("cookie", owner.cookie.as_str()), (name, value), ("accept-language", "en")];
        let answer = house.send("POST", "/accounts", &headers, Some(fields.clone())).await;
        assert_eq!(answer.status, 403, "{name}: {value}");
        assert!(answer.body.contains("another site") && answer.cookie().is_none());
    }
    let accounts = house.access.accounts().await.unwrap();
    assert!(accounts.iter().all(|account| account.name != "mallory"));
    let own = [("name", "budi"), ("role", "analyst"), ("unit", ""), ("person", "")];
    let made = house.post("/accounts", &[("cookie", &owner.cookie)], &own).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(made.body.contains(&format!("{}/invitation/", house.address)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_guards_itself_whatever_it_says() {
    let house = House::built(Plan {
        settings: Settings { public_url: "https://siaga.example.org".to_owned(), ..Settings::default() },
        ..Plan::default()
    })
    .await;
    for path in
        ["/", "/sign-in", "/nothing", "/accounts", "/exports/units.csv", "/healthz", "/?date=x", "/privacy"]
    {
        let answer = house.get(path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(policy.contains("form-action 'self'") && !policy.contains("unsafe"), "{path}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
    }
    let plain = House::new().await;
    assert_eq!(plain.get("/", &[]).await.header("strict-transport-security"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_has_every_guard_a_cookie_can_have() {
    let house = House::new().await;
    house.signed_in("siti", Role::Analyst).await;
    let answer = sign_in(&house, "siti", PASSWORD, &[]).await;
    let cookie = answer.header("set-cookie").to_owned();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_eq!(value.len(), "__Host-siaga=".len() + 43, "256 bits");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_another_site() {
    let house = House::new().await;
    house.signed_in("siti", Role::Analyst).await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x=y\r\nSet-Cookie: x=y",
        "/sign-out",
    ] {
        let page = house.get(&format!("/sign-in?next={}", percent(next)), &[]).await;
        assert!(page.body.contains("name=\"next\" value=\"\""), "{next}");
        let fields = [("name", "siti"), ("password", PASSWORD), ("next", next)];
        let answer = house.post("/sign-in", &[], &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
        let cookie = answer.cookie().unwrap();
        let known = house.get(&format!("/sign-in?next={}", percent(next)), &[("cookie", &cookie)]).await;
        assert_eq!(known.header("location"), "/", "{next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_do_not_leave_the_house() {
    let house = House::new().await;
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/....//Cargo.toml",
        "/assets//etc/passwd",
        "/assets/font/%2e%2e/%2e%2e/mayor.toml",
        "/assets/..\\Cargo.toml",
        "/assets/siaga.css%00.png",
    ] {
        // Written by hand: a client would tidy the path.
        let answer =
            raw(&house, format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("[package]") && !answer.contains("root:"), "{path}");
    }
}

/// Sends bytes as they are and reads until the server closes.
async fn raw(house: &House, request: String) -> String {
    let mut stream = TcpStream::connect(house.address.trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let house = House::new().await;
    let large = format!("name={}", "a".repeat(70 * 1024));
    let answer = house.send("POST", "/sign-in", &[("accept-language", "en")], Some(large)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("Too large") && answer.body.contains("<code>"), "{}", answer.body);
    // Without a length in the head the bytes are counted as they come.
    let chunk = format!("8000\r\n{}\r\n", "a".repeat(0x8000)).repeat(3);
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = raw(&house, format!("{head}{chunk}0\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let long = raw(&house, format!("GET /?x={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(40_000))).await;
    assert!(long.is_empty() || long.starts_with("HTTP/1.1 4"), "{long}");
    let many = (0..200).map(|nth| format!("x-{nth}: y\r\n")).collect::<String>();
    let many = raw(&house, format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")).await;
    assert!(many.starts_with("HTTP/1.1 4"), "{many}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slow_do_not_keep_a_line() {
    let limits =
        Limits { head: Duration::from_millis(800), body: Duration::from_millis(800), ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let house = House::built(Plan { settings, ..Plan::default() }).await;
    let started = tokio::time::Instant::now();
    // Not a byte; half a head; a second head on a line that was used already; half a body.
    assert_eq!(raw(&house, String::new()).await, "");
    let half = raw(&house, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_owned()).await;
    assert!(half.is_empty() || half.starts_with("HTTP/1.1 408"), "{half}");
    let second = raw(&house, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HT".to_owned()).await;
    assert!(second.starts_with("HTTP/1.1 200") && !second.contains("<html"), "{second}");
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 50\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\nname=si";
    let body = raw(&house, head.to_owned()).await;
    assert!(body.starts_with("HTTP/1.1 408"), "{body}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(house.get("/healthz", &[]).await.status, 200, "others are served meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_live_changes_cannot_all_be_taken() {
    let limits = Limits { streams_each: 2, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let house = House::built(Plan { settings, ..Plan::default() }).await;
    let open = || house.client.get(format!("{}/events", house.address)).send();
    let (one, other) = (open().await.unwrap(), open().await.unwrap());
    assert_eq!((one.status().as_u16(), other.status().as_u16()), (200, 200));
    let refused = house.get("/events", &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "30"));
    let person = house.signed_in("siti", Role::Analyst).await;
    let own = house.client.get(format!("{}/events", house.address)).header("cookie", &person.cookie);
    assert_eq!(own.send().await.unwrap().status(), 200, "who has signed in is counted alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_parameter_of_any_page_becomes_script_or_a_header() {
    let house = House::built(Plan { is_demo: true, ..Plan::default() }).await;
    let names = [
        "date", "as_of", "lang", "theme", "from", "to", "next", "actor", "action", "text", "before", "done",
        "code", "state", "x",
    ];
    let header = "a\r\nSet-Cookie: stolen=1";
    for door in doors().iter().filter(|door| door.method == "GET" && !door.path.contains(".png")) {
        let path = door.path.replace("{token}", &percent(SCRIPT)).replace("{*path}", &percent(SCRIPT));
        // What is data stands in JSON and CSV, which no browser reads as a page.
        if path == "/events"
            || path.starts_with("/api/")
            || path.starts_with("/exports/")
            || path.starts_with("/charts/e")
        {
            continue;
        }
        let all: Vec<(&str, &str)> = names.iter().map(|name| (*name, SCRIPT)).collect();
        let mut asked = vec![format!("{path}?{}", encoded(&all))];
        asked.extend(
            ["next", "text", "actor", "lang"].map(|name| format!("{path}?{}", encoded(&[(name, SCRIPT)]))),
        );
        asked.push(format!("{path}?{}", encoded(&[("next", header), ("text", header)])));
        asked.push(format!("{path}?{}=1&{}=2", percent(SCRIPT), percent(SCRIPT)));
        for asked in asked {
            let answer = house.get(&asked, &[]).await;
            assert!(escaped(&answer.body), "{asked}: {}", answer.body);
            let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
            assert!(cookies.iter().all(|cookie| !cookie.to_str().unwrap().contains("stolen")), "{asked}");
            assert!(answer.status < 500, "{asked}: {}", answer.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_shown_as_text() {
    let house = House::new().await;
    let owner = house.signed_in("rina", Role::Owner).await;
    let cookie = [("cookie", owner.cookie.as_str())];
    let new = NewAccount {
        name: "budi".to_owned(),
        title: SCRIPT.to_owned(),
        role: Role::Analyst,
        unit_id: None,
        oidc_name: String::new(),
    };
    house.access.invite(&operator(), &new).await.unwrap();
    let token = NewToken {
        account: "rina".to_owned(),
        title: SCRIPT.to_owned(),
        scopes: vec![Permission::ReadCity],
        days: 7,
    };
    house.access.make_token(&operator(), &token).await.unwrap();
    let entry = Entry::new(moment("2021-06-28"), (SCRIPT, SCRIPT), Action::SignInFailed, SCRIPT);
    house.journey.store.record(&entry.detail(SCRIPT).address(SCRIPT)).await.unwrap();
    // What a browser calls itself is shown among the sessions.
    let mut agent = house.client.post(format!("{}/sign-in", house.address)).header("user-agent", SCRIPT);
    agent = agent.header("content-type", "application/x-www-form-urlencoded");
    agent.body(encoded(&[("name", "rina"), ("password", PASSWORD)])).send().await.unwrap();
    for path in ["/accounts", "/account", "/audit"] {
        let page = house.get(path, &cookie).await;
        assert_eq!(page.status, 200);
        assert!(escaped(&page.body), "{path}");
        assert!(
            page.body.contains("&lt;script&gt;alert(1)") || page.body.contains("&#60;script&#62;alert(1)"),
            "{path}"
        );
    }
    let csv = house.get("/audit.csv", &cookie).await;
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(csv.header("content-disposition").starts_with("attachment"));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_units_and_sources_are_shown_as_text() {
    let called = Some(SCRIPT);
    let house = House::built(Plan { is_demo: true, has_figures: true, called, ..Plan::default() }).await;
    let mut shown = 0;
    for path in
        ["/", "/public", "/officials", "/analyst", "/mailbox", "/charts/epicurve.svg", "/charts/staff.svg"]
    {
        let page = house.get(path, &[]).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(escaped(&page.body), "{path}");
        shown += page.body.matches("script&").count();
    }
    assert!(shown > 20, "the names are there: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_look_at_units_as_reported_and_every_file_taken_is_recorded() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let person = house.signed_in("dr.tuti", Role::Epidemiologist).await;
    let cookie = [("cookie", person.cookie.as_str())];
    for path in ["/officials", "/exports/units.csv", "/exports/observations.json"] {
        assert_eq!(house.get(path, &cookie).await.status, 200, "{path}");
    }
    assert_eq!(house.get("/exports/observations.csv", &[]).await.status, 200);
    let rows = house.journey.store.audit(&AuditFilter::default()).await.unwrap().rows;
    let told: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| (row.entry.actor.as_str(), row.entry.action.as_str(), row.entry.object.as_str()))
        .collect();
    for expected in [
        ("dr.tuti", "figures_viewed", "/officials"),
        ("dr.tuti", "figures_exported", "units.csv"),
        ("dr.tuti", "figures_exported", "observations.json"),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(told.iter().all(|(actor, ..)| *actor != "public"), "what anybody may take is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_reader_has_kept_is_not_taken_for_anothers() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let person = house.signed_in("dr.tuti", Role::Epidemiologist).await;
    for path in ["/exports/observations.csv", "/charts/staff.svg"] {
        let public = house.get(path, &[]).await;
        let tag = public.header("etag").to_owned();
        assert_eq!(house.get(path, &[("if-none-match", &tag)]).await.status, 304, "{path}");
        let own = [("cookie", person.cookie.as_str()), ("if-none-match", tag.as_str())];
        assert_eq!(house.get(path, &own).await.status, 200, "{path}");
        assert!(public.header("vary").contains("cookie"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_keyboard_writes_is_refused_and_breaks_nothing() {
    let house = House::new().await;
    let owner = house.signed_in("rina", Role::Owner).await;
    let cookie = [("cookie", owner.cookie.as_str())];
    for path in ["/audit?text=%00", "/audit?actor=a%00b", "/?date=%00", "/audit?before=x", "/audit?action=no"]
    {
        assert_eq!(house.get(path, &cookie).await.status, 400, "{path}");
    }
    assert_eq!(
        house.get("/?date=2021-06-01&date=2021-06-02", &[]).await.status,
        400,
        "which one would count?"
    );
    let odd = [("name", "a\0b"), ("password", "x")];
    assert_eq!(house.post("/sign-in", &[], &odd).await.status, 400);
    let twice = house.send("POST", "/sign-in", &[], Some("name=a&name=b&password=x".to_owned())).await;
    assert_eq!(twice.status, 400);
    for (path, fields) in [
        ("/accounts", vec![("name", "x.y.z"), ("role", "root")]),
        ("/accounts", vec![("name", "x.y.z"), ("role", "unit_head"), ("unit", "nowhere")]),
        ("/accounts/change", vec![("name", "rina"), ("do", "drop")]),
        ("/account/token", vec![("title", "x"), ("may-everything", "1"), ("days", "7")]),
    ] {
        assert_eq!(house.post(path, &cookie, &fields).await.status, 400, "{path} {fields:?}");
    }
    let demoted = [("name", "rina"), ("do", "role"), ("role", "analyst"), ("unit", "")];
    let last = house.post("/accounts/change", &cookie, &demoted).await;
    assert_eq!(last.status, 422, "the last owner stays");
    assert!(last.body.contains("pemilik sistem terakhir"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_link_works_once_and_says_nothing_to_others() {
    let house = House::new().await;
    let owner = house.signed_in("rina", Role::Owner).await;
    let fields = [("name", "budi"), ("role", "analyst"), ("unit", ""), ("person", "Budi S.")];
    let made = house.post("/accounts", &[("cookie", &owner.cookie)], &fields).await;
    let link = made.body.split("/invitation/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let path = format!("/invitation/{link}");
    let page = house.get(&path, &[]).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(page.body.contains("budi") && page.body.contains("autocomplete=\"new-password\""));
    let differ = [("password", PASSWORD), ("repeated", "x")];
    assert_eq!(house.post(&path, &[], &differ).await.status, 422);
    let weak = house.post(&path, &[], &[("password", "budi12345678"), ("repeated", "budi12345678")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.body.contains("mudah ditebak") && weak.body.contains("aria-invalid"));
    let set = [("password", PASSWORD), ("repeated", PASSWORD)];
    let done = house.post(&path, &[], &set).await;
    assert_eq!((done.status, done.header("location")), (303, "/account"));
    for answer in [house.get(&path, &[]).await, house.post(&path, &[], &set).await] {
        assert_eq!(answer.status, 410);
        assert!(!answer.body.contains("budi"));
    }
    let other = house.get(&format!("/invitation/{}", "A".repeat(43)), &[]).await;
    assert_eq!((other.status, other.body.contains("budi")), (410, false));
    for _ in 0..20 {
        house.get(&format!("/invitation/{}", "B".repeat(43)), &[]).await;
    }
    let storm = house.get(&format!("/invitation/{}", "C".repeat(43)), &[]).await;
    assert_eq!(storm.status, 429);
    assert!(!storm.header("retry-after").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_tells_nothing_of_the_inside() {
    let house = House::new().await;
    std::fs::remove_file(house.folder.path().join("siaga.sqlite")).unwrap();
    for (method, path) in [
        ("GET", "/nothing"),
        ("GET", "/?date=x"),
        ("PUT", "/"),
        ("GET", "/exports/units.csv"),
        ("POST", "/sign-in"),
        ("POST", "/accounts"),
    ] {
        let answer = house.ask(method, path, &[("accept-language", "en")]).await;
        for inside in ["sqlite", "src/", "panicked", "axum", "Bearer siaga", "sqlx", "stack", "thread"] {
            assert!(!answer.body.to_lowercase().contains(inside), "{method} {path}: {inside}");
        }
        assert_eq!(answer.header("server"), "");
        assert!(!answer.body.is_empty(), "{method} {path} has its page");
    }
    let refused = house.ask("PUT", "/", &[]).await;
    assert_eq!((refused.status, refused.header("allow")), (405, "GET,HEAD"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_ours_shows_a_number_and_nothing_else() {
    let house = House::new().await;
    let person = house.signed_in("siti", Role::Analyst).await;
    let url = format!("sqlite://{}/siaga.sqlite", house.folder.path().display());
    let mut connection = intruder(&url).await;
    does(&mut connection, "alter table session rename to elsewhere").await;
    for headers in [vec![("cookie", person.cookie.as_str())], vec![]] {
        let answer = match headers.is_empty() {
            true => sign_in(&house, "siti", PASSWORD, &[("accept-language", "en")]).await,
            false => house.get("/account?lang=en", &headers).await,
        };
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains("number <code>"), "{}", answer.body);
        for inside in ["session", "sqlite", "table", "select", "siti"] {
            let main = answer.body.split("<main").nth(1).unwrap().to_lowercase();
            assert!(!main.contains(inside), "{inside}: {main}");
        }
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_address_is_believed_from_a_trusted_proxy_only() {
    for (proxies, expected) in [(vec![], "127.0.0.1"), (vec!["127.0.0.1".parse().unwrap()], "198.51.100.7")] {
        let house =
            House::built(Plan { settings: Settings { proxies, ..Settings::default() }, ..Plan::default() })
                .await;
        house.signed_in("siti", Role::Analyst).await;
        let forwarded = [("x-forwarded-for", "1.2.3.4, 198.51.100.7")];
        let cookie = sign_in(&house, "siti", PASSWORD, &forwarded).await.cookie().unwrap();
        let page = house.get("/account", &[("cookie", &cookie)]).await.body;
        assert!(page.contains(expected) && !page.contains("1.2.3.4"), "{expected}");
    }
}
