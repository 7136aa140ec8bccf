//! Answers that are ready: the same bytes for all who may have them, and never for anybody else.

use siaga::account::Role;
use siaga::job::ingest_payload;
use siaga::source::Payload;

use crate::support::house::{House, Plan};
use crate::support::tidy;

const BROTLI: (&str, &str) = ("accept-encoding", "br, gzip");

#[tokio::test(flavor = "multi_thread")]
async fn the_second_to_ask_gets_the_bytes_of_the_first() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    for path in
        ["/", "/public?lang=en", "/charts/epicurve.svg", "/charts/epicurve.png", "/exports/observations.csv"]
    {
        for headers in [&[][..], &[BROTLI][..]] {
            let first = house.get(path, headers).await;
            let second = house.get(path, headers).await;
            assert_eq!((first.status, second.status), (200, 200), "{path}");
            assert_eq!(
                (first.header("siaga-cache"), second.header("siaga-cache")),
                ("miss", "hit"),
                "{path}"
            );
            assert_eq!(first.body, second.body, "{path}");
            assert_eq!(first.header("content-encoding"), second.header("content-encoding"));
            assert!(!second.header("content-security-policy").is_empty(), "{path} is guarded as before");
            let tag = ("if-none-match", second.header("etag"));
            assert!(!tag.1.is_empty(), "{path}");
            let third = house.get(path, &[headers, &[tag]].concat()).await;
            assert_eq!((third.status, third.body.as_str()), (304, ""), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn languages_and_errors_are_not_mixed_up() {
    let house = House::new().await;
    let indonesian = house.get("/public", &[("accept-language", "id")]).await.body;
    let english = house.get("/public", &[("accept-language", "en")]).await;
    assert_eq!(english.header("siaga-cache"), "miss");
    assert_ne!(indonesian, english.body);
    assert_eq!(house.get("/public", &[("cookie", "lang=id")]).await.body, indonesian);
    for path in ["/nothing", "/?date=1999-01-01", "/exports/observations.csv?as_of=x"] {
        let (first, second) = (house.get(path, &[]).await, house.get(path, &[]).await);
        assert!(first.status >= 400 && second.header("siaga-cache").is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_signed_in_gets_nothing_that_is_ready_and_leaves_nothing_ready() {
    let house = House::new().await;
    let person = house.signed_in("analis", Role::Analyst).await;
    let own = house.get("/", &[("cookie", &person.cookie)]).await;
    assert_eq!((own.status, own.header("siaga-cache"), own.header("cache-control")), (200, "", "no-store"));
    let anybody = house.get("/", &[]).await;
    assert_eq!(anybody.header("siaga-cache"), "miss", "what the analyst saw was not kept");
    assert!(!anybody.body.contains("analis"));
    let again = house.get("/", &[("cookie", &person.cookie)]).await;
    assert!(again.header("siaga-cache").is_empty() && again.body != anybody.body);
    // A cookie that opens nothing any more is still no reason to be taken for anybody.
    let stale = house.get("/", &[("cookie", "__Host-siaga=abc")]).await;
    assert!(stale.header("siaga-cache").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ready_is_out_of_date_as_soon_as_figures_come() {
    let house = House::new().await;
    let before = house.get("/exports/observations.csv", &[]).await;
    assert_eq!(house.get("/exports/observations.csv", &[]).await.header("siaga-cache"), "hit");
    let figures = "date,location,measure,value\n2021-06-27,3271,inpatients,512\n";
    let payload = Payload::from_file("in.csv", figures.as_bytes().to_vec());
    ingest_payload(&house.journey, &tidy(), &payload, false).await.unwrap();
    let after = house.get("/exports/observations.csv", &[]).await;
    assert_eq!(after.header("siaga-cache"), "miss");
    assert!(after.body.contains(",512,") && !before.body.contains(",512,"));
    // A page tells how long ago something came: a minute later it is made anew.
    house.get("/", &[]).await;
    assert_eq!(house.get("/", &[]).await.header("siaga-cache"), "hit");
    let minute = chrono::Duration::seconds(61);
    house.clock.advance_to(siaga::epi::Vintage::new(house.journey.clock.now().moment() + minute));
    assert_eq!(house.get("/", &[]).await.header("siaga-cache"), "miss");
}
