//! Publishers gone bad: for each fault one clear record, the last good figures still there, and the next good pull works.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use siaga::clock::SteppedClock;
use siaga::disclosure::Audience;
use siaga::epi::Vintage;
use siaga::job::{IngestReport, Journey, ingest_source};
use siaga::source::{FetchLimits, Fetcher, PrivateHosts, SourceSpec};
use siaga::store::Outcome;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{journey, said};

const MOST: usize = 2_000_000;

/// How a publisher answers, to the byte.
#[derive(Clone)]
enum Answer {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, then the connection is reset.
    Reset(Vec<u8>),
    /// These bytes, then nothing for ever.
    Hang(Vec<u8>),
    /// These bytes, then one more at a time for ever.
    Drip(Vec<u8>),
    /// These bytes, then more as fast as they go.
    Flood(Vec<u8>),
}

/// What is answered at each path, and how often it was asked.
#[derive(Clone, Default)]
struct Feed {
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Feed {
    fn set(&self, name: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(name.to_owned(), answer);
        self.asked.lock().unwrap().clear();
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn start(&self) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let feed = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let feed = feed.clone();
                tokio::spawn(async move { feed.answer(stream).await });
            }
        });
        address
    }

    /// The client may go away at any byte: that is no fault of the feed's.
    async fn answer(&self, mut stream: TcpStream) {
        let Some(request) = peeked(&stream).await else {
            return;
        };
        self.asked.lock().unwrap().push(request.clone());
        let path = request.split([' ', '?']).nth(1).unwrap_or_default().trim_start_matches('/');
        let answer = self.answers.lock().unwrap().get(path).cloned();
        if !matches!(answer, Some(Answer::Reset(_))) {
            let _ = stream.read_exact(&mut vec![0; request.len()]).await;
        }
        match answer.unwrap_or_else(|| Answer::Bytes(head("404 Not Found", ""))) {
            Answer::Bytes(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                // Closing before the client has read everything would be a reset.
                let _ = stream.read(&mut [0]).await;
            }
            // The request was not read: the end of the connection is a reset.
            Answer::Reset(bytes) => drop(stream.write_all(&bytes).await),
            Answer::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.read(&mut [0]).await;
            }
            Answer::Drip(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let mut tick = tokio::time::interval(Duration::from_millis(5));
                while stream.write_all(b"7").await.is_ok() {
                    tick.tick().await;
                }
            }
            Answer::Flood(bytes) => {
                let _ = stream.write_all(&bytes).await;
                while stream.write_all(&[b'7'; 8192]).await.is_ok() {}
            }
        }
    }
}

/// The head of the request, left where it is.
async fn peeked(stream: &TcpStream) -> Option<String> {
    let mut buffer = vec![0; 16_384];
    loop {
        let length = stream.peek(&mut buffer).await.ok().filter(|length| *length > 0)?;
        // A greeting of TLS: somebody who speaks in the clear hangs up.
        if buffer[0] == 0x16 {
            return None;
        }
        let text = String::from_utf8_lossy(&buffer[..length]);
        if let Some(end) = text.find("\r\n\r\n") {
            return Some(text[..end + 4].to_owned());
        }
        tokio::task::yield_now().await;
    }
}

fn head(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n").into_bytes()
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Answer {
    Answer::Bytes([&head(status, &format!("{headers}content-length: {}\r\n", body.len())), body].concat())
}

fn ok(body: impl AsRef<[u8]>) -> Answer {
    answer("200 OK", "content-type: text/csv\r\n", body.as_ref())
}

fn status(line: &str) -> Answer {
    answer(line, "", b"<html>no</html>")
}

fn to(address: &str) -> Answer {
    answer("302 Found", &format!("location: {address}\r\n"), b"")
}

fn raw(headers: &str, body: &[u8]) -> Answer {
    Answer::Bytes([&head("200 OK", headers), body].concat())
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Fifteen days of cases and their total, to 27 June 2021.
fn good() -> String {
    let mut text = "date,location,measure,value,note\n".to_owned();
    for day in 13..=27 {
        writeln!(text, "2021-06-{day},3271,cases,{},", 100 + day).unwrap();
        writeln!(text, "2021-06-{day},3271,cases_total,{},", 5000 + 120 * day).unwrap();
    }
    text
}

fn next_day() -> String {
    good() + "2021-06-28,3271,cases,130,\n2021-06-28,3271,cases_total,8370,\n"
}

fn with(from: &str, to: &str) -> Answer {
    let text = good();
    assert!(text.contains(from), "{from}");
    ok(text.replace(from, to))
}

fn and(line: &str) -> Answer {
    ok(good() + line + "\n")
}

/// What the record must say.
#[derive(Clone, Copy)]
enum Says {
    /// The pull failed, with these words.
    Failed(&'static str),
    /// The batch waits for a person's word, for this reason.
    Held(&'static str),
    /// It brings nothing, and is doubtful for this reason.
    Doubt(&'static str),
    /// Rows are refused for this reason, and nothing else is new.
    Rows(&'static str),
    /// It reads like the good one.
    Same,
}

use Says::{Doubt, Failed, Held, Rows, Same};

struct Fault {
    name: &'static str,
    answer: Answer,
    says: Says,
}

fn fault(name: &'static str, answer: Answer, says: Says) -> Fault {
    Fault { name, answer, says }
}

/// What servers say.
fn statuses() -> Vec<Fault> {
    let retry = |wait: &str| answer("429 Too Many Requests", &format!("retry-after: {wait}\r\n"), b"");
    let dated = "date: Mon, 28 Jun 2021 10:00:00 GMT\r\nretry-after: Mon, 28 Jun 2021 11:00:00 GMT\r\n";
    vec![
        fault("400", status("400 Bad Request"), Failed("400 Bad Request")),
        fault("401", status("401 Unauthorized"), Failed("401 Unauthorized")),
        fault("403", status("403 Forbidden"), Failed("403 Forbidden")),
        fault("404", status("404 Not Found"), Failed("404 Not Found")),
        fault("410", status("410 Gone"), Failed("410 Gone")),
        fault("418", status("418 I'm a teapot"), Failed("418")),
        fault("429", retry("7200"), Failed("429 Too Many Requests and asks to be left alone for 7,200 s")),
        fault("503 with a date", answer("503 Service Unavailable", dated, b""), Failed("for 3,600 s")),
        fault("500", status("500 Internal Server Error"), Failed("500 Internal Server Error")),
        fault("502", status("502 Bad Gateway"), Failed("502 Bad Gateway")),
        fault("503", status("503 Service Unavailable"), Failed("503 Service Unavailable")),
        fault("599", status("599 Strange"), Failed("599")),
        fault("202", status("202 Accepted"), Failed("not ready yet")),
        fault("204", Answer::Bytes(head("204 No Content", "")), Failed("nothing came")),
        fault("206", answer("206 Partial Content", "", b"date,loc"), Failed("a part was not asked for")),
        fault(
            "304 without a body kept",
            Answer::Bytes(head("304 Not Modified", "")),
            Failed("nothing of it is kept"),
        ),
        fault("redirect in a circle", to("/redirect-in-a-circle"), Failed("more than 3 redirects")),
        fault(
            "redirect inside the network",
            to("http://10.0.0.1/"),
            Failed("10.0.0.1 is inside the network"),
        ),
        fault("redirect to metadata", to("http://169.254.169.254/"), Failed("inside the network")),
        fault("redirect to loopback by number", to("http://2130706434/"), Failed("inside the network")),
        fault("redirect to a file", to("file:///etc/passwd"), Failed("file is not http or https")),
        fault("redirect with a password", to("http://a:b@127.0.0.1/"), Failed("may not carry a name")),
        fault("redirect to nowhere", Answer::Bytes(head("302 Found", "")), Failed("302 Found")),
    ]
}

/// What lines do.
fn lines() -> Vec<Fault> {
    let text = good();
    let whole = text.len();
    let half = &text.as_bytes()[..whole / 2];
    let long = format!("content-length: {}\r\n", whole + 100);
    let short = format!("content-length: {}\r\n", whole - 4);
    let chunk = [format!("{:x}\r\n", half.len()).as_bytes(), half, b"\r\n"].concat();
    let chunked = "transfer-encoding: chunked\r\n";
    let packed = "content-encoding: gzip\r\n";
    let cut = gzip(text.as_bytes());
    vec![
        fault("reset before the head", Answer::Reset(Vec::new()), Failed("broke off")),
        fault("end before the head", Answer::Bytes(Vec::new()), Failed("broke off")),
        fault("end in the head", Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()), Failed("broke off")),
        fault("another protocol", Answer::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), Failed("broke off")),
        fault("endless head", Answer::Flood(b"HTTP/1.1 200 OK\r\nx: ".to_vec()), Failed("broke off")),
        fault(
            "reset in the body",
            Answer::Reset([&head("200 OK", &long), half].concat()),
            Failed("broke off"),
        ),
        fault("slow head", Answer::Drip(b"HTTP/1.1 200 OK\r\nx: ".to_vec()), Failed("no answer in")),
        fault("no head", Answer::Hang(Vec::new()), Failed("no answer in")),
        fault(
            "body that stops",
            Answer::Hang([&head("200 OK", &long), half].concat()),
            Failed("in the middle"),
        ),
        fault("slow body", Answer::Drip([&head("200 OK", ""), half].concat()), Failed("not done in")),
        fault("body cut off", raw(&long, half), Failed("broke off")),
        fault("length too long", raw(&long, text.as_bytes()), Failed("broke off")),
        // The last total loses digits: nothing in HTTP tells, its row does.
        fault("length too short", raw(&short, text.as_bytes()), Rows("cell_count")),
        fault("bad chunk", raw(chunked, b"ZZ\r\ndate\r\n"), Failed("broke off")),
        fault("chunks without an end", raw(chunked, &chunk), Failed("broke off")),
        fault("larger by its own word", raw("content-length: 9999999999\r\n", half), Failed("larger than")),
        fault(
            "larger without a word",
            Answer::Flood(head("200 OK", "")),
            Failed("larger than 2,000,000 bytes"),
        ),
        fault("bomb", raw(packed, &gzip(&vec![b'7'; 50_000_000])), Failed("larger than 2,000,000 bytes")),
        fault("packed by its own word", raw(packed, text.as_bytes()), Failed("cannot be unpacked")),
        fault("packed and cut off", raw(packed, &cut[..cut.len() - 9]), Failed("cannot be unpacked")),
        fault("packed another way", raw("content-encoding: br\r\n", half), Failed("packed as 'br'")),
        fault("packed unasked", raw("", &cut), Failed("compressed file")),
    ]
}

/// What files hold.
fn contents() -> Vec<Fault> {
    let text = good();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let windows = [text.as_bytes(), b"2021-06-27,3271,deaths,1,Bogor\xe9\n"].concat();
    let wide = {
        let (first, rest) = text.split_once('\n').unwrap();
        let names: String = (0..10_000).map(|n| format!(",c{n}")).collect();
        let rows: String = rest.lines().map(|line| format!("{line}{}\n", ",".repeat(10_000))).collect();
        format!("{first}{names}\n{rows}")
    };
    let mixed: String = text
        .lines()
        .enumerate()
        .map(|(place, line)| format!("{line}{}", ["\n", "\r\n", "\r"][place % 3]))
        .collect();
    let swapped = text.replacen("measure,value", "value,measure", 1);
    let elsewhere = text.replace(",3271,", ",3273,");
    let twice: String = text
        .lines()
        .map(|line| format!("{line}\n"))
        .chain(text.lines().skip(1).map(|line| format!("{line}\n")))
        .collect();
    let big = "7".repeat(1_000_000);
    let more = next_day();
    let cut: String =
        more.lines().enumerate().filter(|(n, _)| *n == 0 || *n > 15).map(|(_, l)| format!("{l}\n")).collect();
    let neighbour = elsewhere.clone() + "2021-06-28,3271,cases,130,\n";
    vec![
        fault("a page with 200", ok("<!DOCTYPE html><title>Maintenance</title>"), Failed("web page")),
        fault("a page under a comment", ok("\n\n<!-- x --><html>"), Failed("web page")),
        fault("JSON with 200", ok("{\"error\": \"quota\"}"), Failed("it is JSON, not a CSV table")),
        fault("nothing", ok(""), Failed("it has no column")),
        fault("blanks", ok("\n\n\n"), Failed("it has no column")),
        fault("a header and no row", ok("date,location,measure,value,note\n"), Doubt("rows_gone (30 → 0)")),
        fault("another header", ok(text.replacen("date", "tanggal", 1)), Failed("no column date")),
        fault("UTF-16", ok(utf16), Failed("")),
        fault("Windows-1252", ok(windows), Failed("not UTF-8")),
        fault("zero bytes", ok(text.replacen("3271", "32\x0071", 1)), Failed("zero bytes")),
        fault("zero bytes at the end", and("2021-06-27,3271,deaths,1\0,"), Failed("zero bytes")),
        fault("a mark at the start", ok(format!("\u{feff}{text}")), Same),
        fault("three kinds of line ends", ok(mixed), Same),
        fault("every row twice", ok(twice), Same),
        fault("one row twice, told otherwise", and("2021-06-27,3271,cases,999,"), Rows("conflict")),
        fault("half of the rows", ok(&text[..text.len() / 2]), Doubt("rows_gone (30 → 1")),
        fault("the file of another city", ok(elsewhere), Doubt("many_rejected (30 / 30)")),
        fault("columns exchanged", ok(swapped), Doubt("many_rejected (30 / 30)")),
        fault("a future day", and("2099-01-01,3271,cases,1,"), Rows("future_date")),
        fault("a day of long ago", and("1918-11-11,3271,cases,1,"), Rows("out_of_range")),
        fault("no day", and("2021-06-31,3271,cases,1,"), Rows("not_a_day")),
        fault("below zero", and("2021-06-27,3271,deaths,-1,"), Rows("negative")),
        fault("NaN", and("2021-06-27,3271,deaths,NaN,"), Rows("unreadable")),
        fault("infinite", and("2021-06-27,3271,deaths,inf,"), Rows("unreadable")),
        fault("1e999", and("2021-06-27,3271,deaths,1e999,"), Rows("unreadable")),
        fault("a number beyond all people", and("2021-06-27,3271,deaths,1e15,"), Rows("out_of_range")),
        fault(
            "more dead than residents",
            and("2021-06-27,3271,deaths,2000000,"),
            Rows("more_than_residents"),
        ),
        fault("a bed for every fifth", and("2021-06-27,3271,beds_available,210000,"), Rows("too_many_beds")),
        fault("a fraction", and("2021-06-27,3271,deaths,1.5,"), Rows("fraction")),
        fault("a formula", and("2021-06-27,3271,deaths,=1+1,"), Rows("unreadable")),
        fault("a fault of a spreadsheet", and("2021-06-27,3271,deaths,#REF!,"), Rows("unreadable")),
        fault(
            "a cell of a million letters",
            and(&format!("2021-06-27,3271,deaths,{big},")),
            Rows("unreadable"),
        ),
        fault("ten thousand columns", ok(wide), Doubt("schema_changed (+c0 ")),
        fault(
            "an open quote",
            and("2021-06-27,3271,deaths,\"1,\n2021-06-27,3271,deaths,1,"),
            Rows("cell_count"),
        ),
        fault("a total that falls", with("cases_total,8240", "cases_total,824"), Rows("total_fell")),
        fault("a column more", ok(text.replace('\n', ",x\n")), Doubt("schema_changed (+x)")),
        fault("a new day and a column more", ok(more.replace('\n', ",x\n")), Held("schema_changed")),
        fault("a new day and a broken total", ok(more.replace(",8240,", ",824,")), Held("totals_fell")),
        fault("a new day and half of the others gone", ok(cut), Held("rows_gone")),
        fault(
            "everything told otherwise",
            ok(text.replace(",cases,1", ",cases,2").replace("_total,", "_total,1")),
            Held("many_changed"),
        ),
        fault("a new day in the file of another city", ok(neighbour), Held("many_rejected")),
    ]
}

fn limits(name: &str) -> FetchLimits {
    let (long, tiny) = (Duration::from_secs(20), Duration::from_millis(300));
    let (timeout, idle) = match name {
        "slow body" => (tiny, long),
        "slow head" | "no head" | "body that stops" => (long, tiny),
        _ => (long, long),
    };
    FetchLimits {
        timeout,
        idle,
        max_bytes: MOST,
        tries: 1,
        private: PrivateHosts::new(&[], vec!["127.0.0.1".parse().unwrap()]),
        ..FetchLimits::default()
    }
}

fn spec(feed: &str, name: &str) -> SourceSpec {
    let text = format!(
        "id = \"{name}\"\ntitle = \"t\"\naddress = \"{feed}/{name}?key=secret\"\nlocations = [\"3271\"]"
    );
    SourceSpec::parse(&text).unwrap()
}

async fn figures(journey: &Journey, source: &str) -> Vec<String> {
    let now = journey.clock.now();
    let known = journey.viewing().disclosed(now, &Audience::unsuppressed()).await.unwrap().observations;
    let mut figures: Vec<String> = known
        .iter()
        .filter(|figure| figure.source == source)
        .map(|f| format!("{} {} {} {:?}", f.date, f.location, f.measure, f.value))
        .collect();
    figures.sort();
    figures
}

struct City {
    journey: Journey,
    clock: Arc<SteppedClock>,
    feed: Feed,
    address: String,
}

impl City {
    async fn new(folder: &std::path::Path) -> Self {
        let (journey, clock) = journey(folder, "2021-07-01").await;
        let feed = Feed::default();
        let address = feed.start().await;
        Self { journey, clock, feed, address }
    }

    /// A pull, an hour after the last.
    async fn pull(&mut self, spec: &SourceSpec, answer: Answer, limits: FetchLimits) -> IngestReport {
        self.feed.set(&spec.id, answer);
        self.journey.fetcher = Fetcher::new(limits).unwrap();
        let now = self.journey.clock.now().moment() + chrono::Duration::hours(1);
        self.clock.advance_to(Vintage::new(now));
        ingest_source(&self.journey, spec, false).await.unwrap()
    }

    async fn runs(&self, source: &str) -> usize {
        let runs = self.journey.store.runs(10_000).await.unwrap();
        runs.iter().filter(|run| run.source == source).count()
    }
}

/// What is wrong with the record of a fault; nothing if it says what it must.
fn amiss(report: &IngestReport, says: Says) -> Option<String> {
    let (run, message) = (&report.run, said(&report.run));
    let reasons: Vec<&str> = report.rejections.iter().map(|rejection| rejection.reason.as_str()).collect();
    let is_right = match says {
        Failed(words) => run.outcome == Outcome::Failed && message.contains(words) && !message.is_empty(),
        Held(code) => {
            run.outcome == Outcome::Held
                && report.hold.as_ref().is_some_and(|hold| hold.reasons.contains(code))
        }
        Doubt(words) => run.outcome == Outcome::Unchanged && message.contains(words),
        Rows(code) => {
            run.outcome == Outcome::Unchanged
                && !reasons.is_empty()
                && reasons.iter().all(|reason| *reason == code)
        }
        Same => run.outcome == Outcome::Unchanged && reasons.is_empty(),
    };
    let adds_up = run.received == run.accepted + run.unchanged + run.rejected + run.held;
    let is_short = message.len() < 1000 && report.rejections.iter().all(|r| r.detail.len() < 1000);
    let is_silent = !run.message.contains("secret");
    let hold = report.hold.as_ref().map(|hold| &hold.reasons);
    (!(is_right && adds_up && is_short && is_silent)).then(|| {
        let (message, reasons): (String, Vec<_>) =
            (message.chars().take(300).collect(), reasons.iter().take(5).collect());
        format!("{:?} '{message}' {reasons:?} {hold:?} adds up {adds_up}, short {is_short}", run.outcome)
    })
}

async fn play(faults: Vec<Fault>) {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new(folder.path()).await;
    let mut wrong = Vec::new();
    for Fault { name, answer, says } in faults {
        let spec = spec(&city.address, &name.to_lowercase().replace([' ', ','], "-"));
        let first = city.pull(&spec, ok(good()), limits("")).await;
        assert_eq!(
            (first.run.outcome, first.run.accepted),
            (Outcome::Changed, 30),
            "{name}: {}",
            first.run.message
        );
        let (known, runs) = (figures(&city.journey, &spec.id).await, city.runs(&spec.id).await);
        let report = city.pull(&spec, answer, limits(name)).await;
        wrong.extend(amiss(&report, says).map(|what| format!("{name}: {what}")));
        if figures(&city.journey, &spec.id).await != known {
            wrong.push(format!("{name}: the figures are others"));
        }
        if city.runs(&spec.id).await != runs + 1 {
            wrong.push(format!("{name}: {} records", city.runs(&spec.id).await - runs));
        }
        let state = city.journey.store.source_state(&spec.id).await.unwrap();
        if state.failure.is_empty() == matches!(says, Failed(_)) {
            wrong.push(format!("{name}: the source's state says '{}'", state.failure));
        }
        let next = city.pull(&spec, ok(next_day()), limits("")).await;
        if (next.run.outcome, next.run.accepted) != (Outcome::Changed, 2) {
            wrong.push(format!(
                "{name}: afterwards {:?} {} {}",
                next.run.outcome, next.run.accepted, next.run.message
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_servers_say_is_told_and_nothing_is_lost() {
    play(statuses()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lines_do_is_told_and_nothing_is_lost() {
    play(lines()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_files_hold_is_told_and_nothing_is_lost() {
    play(contents()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_before_anything_good_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new(folder.path()).await;
    for (name, answer, words) in [
        ("304", Answer::Bytes(head("304 Not Modified", "etag: \"a\"\r\n")), "nothing of it is kept"),
        ("502", status("502 Bad Gateway"), "502"),
        ("page", ok("<html>"), "web page"),
        ("cut", raw("content-length: 9999\r\n", good().as_bytes()), "broke off"),
    ] {
        let spec = spec(&city.address, name);
        let report = city.pull(&spec, answer, limits(name)).await;
        assert_eq!(amiss(&report, Failed(words)), None, "{name}");
        assert!(figures(&city.journey, name).await.is_empty() && city.runs(name).await == 1, "{name}");
        let next = city.pull(&spec, ok(good()), limits("")).await;
        assert_eq!((next.run.outcome, next.run.accepted), (Outcome::Changed, 30), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listening_is_a_record_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new(folder.path()).await;
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let plain = city.address.replace("http://", "https://");
    for (name, address) in [("refused", &closed), ("no-tls", &plain)] {
        let report = city.pull(&spec(address, name), ok(good()), limits(name)).await;
        assert_eq!(amiss(&report, Failed("no connection")), None, "{name}");
        let since = city.journey.store.failing_since(name, city.journey.clock.now()).await.unwrap();
        assert_eq!(since, Some(report.run.started_at));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn not_modified_is_believed_only_of_what_is_kept_and_was_read_by_the_same_spec() {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new(folder.path()).await;
    let mut spec = spec(&city.address, "dinkes");
    let tagged = |text: String| answer("200 OK", "etag: \"v1\"\r\n", text.as_bytes());
    let not_modified = || Answer::Bytes(head("304 Not Modified", "etag: \"v1\"\r\n"));
    assert_eq!(city.pull(&spec, tagged(good()), limits("")).await.run.outcome, Outcome::Changed);
    let again = city.pull(&spec, not_modified(), limits("")).await;
    assert_eq!((again.run.outcome, again.run.message.as_str()), (Outcome::Unchanged, ""));
    assert!(city.feed.asked()[0].contains("if-none-match: \"v1\""));
    // Another spec reads the same payload in another way: everything is asked for.
    spec.fingerprint = "another".to_owned();
    let refused = city.pull(&spec, not_modified(), limits("")).await;
    assert_eq!(amiss(&refused, Failed("nothing of it is kept")), None);
    assert!(!city.feed.asked()[0].contains("if-none-match"));
    assert_eq!(city.pull(&spec, tagged(good()), limits("")).await.run.outcome, Outcome::Unchanged);
    city.pull(&spec, not_modified(), limits("")).await;
    assert!(city.feed.asked()[0].contains("if-none-match: \"v1\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_pass_is_tried_again_and_what_will_not_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut city = City::new(folder.path()).await;
    let patient = FetchLimits { tries: 3, pause: Duration::from_millis(1), ..limits("") };
    let retry = |wait: u32| answer("429 Too Many Requests", &format!("retry-after: {wait}\r\n"), b"");
    for (name, answer, tries) in [
        ("503", status("503 Service Unavailable"), 3),
        ("reset", Answer::Reset(Vec::new()), 3),
        ("cut", raw("content-length: 9999\r\n", b"date"), 3),
        ("at-once", retry(0), 3),
        ("in-an-hour", retry(3600), 1),
        ("404", status("404 Not Found"), 1),
        ("304", Answer::Bytes(head("304 Not Modified", "")), 1),
        ("inside", to("http://10.0.0.1/"), 1),
        ("large", raw("content-length: 9999999\r\n", b""), 1),
    ] {
        let report = city.pull(&spec(&city.address, name), answer, patient.clone()).await;
        assert_eq!(report.run.outcome, Outcome::Failed, "{name}");
        assert_eq!(city.feed.asked().len(), tries, "{name}: {}", report.run.message);
    }
}
