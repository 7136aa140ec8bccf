//! Three `siaga serve` on one PostgreSQL server with a hot standby, killed outright at any moment, the server too; one of them cut off from it,
//! the standby frozen; meanwhile orders of the centre are entered. No job finishes twice for a moment,
//! every message is accepted, none by two at a time, nothing that was accepted is lost, the chains verify, and somebody answers within
//! fifteen seconds. `SIAGA_FAULT_ROUNDS` says how many rounds; `bench/faults.sh` runs fifty.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};

use crate::audit::{does, intruder};
use crate::support::line::Line;
use crate::support::replica::{LONGEST, OwnServer, Replica, SECRET, until};
use crate::support::siaga;
use crate::support::year::next;

/// How often something is broken, unless the environment says otherwise.
const ROUNDS: u32 = 6;
const REPLICAS: usize = 3;
const BACK_WITHIN: Duration = Duration::from_secs(15);
const SEED: u64 = 4_711;
/// So long somebody who is asked may take, before the next one is.
const PATIENCE: Duration = Duration::from_secs(3);

/// The publisher and the one who is told, outside of what fails.
#[derive(Default)]
struct World {
    /// What the publisher says now.
    figures: Mutex<String>,
    /// Messages in the middle of being delivered.
    open: Mutex<BTreeSet<String>>,
    /// How often each message was accepted.
    accepted: Mutex<BTreeMap<String, u32>>,
    /// Messages that two delivered at a time.
    crossed: Mutex<Vec<String>>,
    chance: Mutex<u64>,
}

impl World {
    /// From now on the publisher says this of the round.
    fn publish(&self, round: u32) {
        let mut text = "date,location,measure,value\n".to_owned();
        for day in 1..=28 {
            for place in 0..50 {
                let value = place * 10 + day + if place % 5 == 0 { round } else { 0 };
                writeln!(text, "2021-06-{day:02},kota-{place},cases,{value}").unwrap();
            }
        }
        *self.figures.lock().unwrap() = text;
    }
}

/// Takes its time, so that processes die in the middle of a delivery.
async fn hook(State(world): State<Arc<World>>, headers: HeaderMap) -> StatusCode {
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    if !world.open.lock().unwrap().insert(key.clone()) {
        world.crossed.lock().unwrap().push(key.clone());
    }
    let chance = next(&mut world.chance.lock().unwrap());
    // The end of the request closes it, also when the other side has gone.
    let open = Open(Arc::clone(&world), key.clone());
    tokio::time::sleep(Duration::from_millis(chance % 300)).await;
    drop(open);
    *world.accepted.lock().unwrap().entry(key).or_default() += 1;
    StatusCode::OK
}

struct Open(Arc<World>, String);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.lock().unwrap().remove(&self.1);
    }
}

async fn figures(State(world): State<Arc<World>>) -> String {
    world.figures.lock().unwrap().clone()
}

async fn outside(world: &Arc<World>) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/hook", post(hook))
        .route("/figures.csv", get(figures))
        .with_state(Arc::clone(world));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn settings(outside: &str, standby: &OwnServer) -> String {
    format!(
        "[database]\nstandby_urls = [\"{}\"]\npoll_ms = 1000\nlease_seconds = 5\nconnections = 8\n[city]\nlocation = \"3271\"\n\
         [server]\nlisten = \"127.0.0.1:0\"\n[source]\nfolder = \"sources\"\nprivate_hosts = [\"127.0.0.1\"]\ntries = 1\n\
         [schedule]\ningest = \"*/2 * * * * *\"\nassess = \"*/7 * * * * *\"\nwatch = \"*/5 * * * * *\"\n\
         heartbeat = \"* * * * * *\"\nreport_card = \"0 0 0 29 2 *\"\nretain = \"*/11 * * * * *\"\n\
         [[alert.webhook]]\nname = \"pusat\"\naddress = \"{outside}/hook\"\n",
        standby.url
    )
}

/// The database itself remembers how often a run of a job was ended.
async fn watch_ends(url: &str) {
    let mut hand = intruder(url).await;
    for statement in [
        "create table ended (job text not null, due_at bigint not null, turn bigint not null)",
        "create function note_end() returns trigger language plpgsql as $$ begin \
         if new.finished_at > 0 then insert into ended values (new.job, new.due_at, new.turn); end if; return new; end $$",
        "create trigger note_end after update on job_run for each row execute function note_end()",
    ] {
        does(&mut hand, statement).await;
    }
}

/// What was broken, how long it took until the service answered, and until every replica did.
struct Round {
    what: &'static str,
    served: Duration,
    whole: Duration,
}

/// The three, the line that each has to the server, and the servers.
struct Country {
    replicas: Vec<Replica>,
    lines: Vec<Line>,
    server: OwnServer,
    standby: OwnServer,
}

impl Country {
    async fn new(folder: &Path, outside: &str) -> Self {
        let server = OwnServer::new();
        let standby = server.standby();
        let spec = format!(
            "id = \"pusat\"\ntitle = \"pusat\"\nany_location = true\naddress = \"{outside}/figures.csv\"\n"
        );
        let mut country = Self { replicas: Vec::new(), lines: Vec::new(), server, standby };
        for number in 0..REPLICAS {
            let own = folder.join(number.to_string());
            std::fs::create_dir_all(own.join("sources")).unwrap();
            std::fs::write(own.join("sources/pusat.toml"), &spec).unwrap();
            let line = Line::to(country.server.name()).await;
            let url = country.server.url.replace(country.server.name(), &line.near);
            country.replicas.push(Replica::start(&own, &url, &settings(outside, &country.standby)));
            country.lines.push(line);
            if number == 0 {
                watch_ends(&country.server.url).await;
            }
        }
        country
    }

    /// Breaks something of one of six kinds: what, when, and which replicas are down.
    async fn broken(&mut self, round: u32, chance: &mut u64) -> (&'static str, Instant, Vec<usize>) {
        // The pause picks the moment; nothing waits for a result here.
        tokio::time::sleep(Duration::from_millis(next(chance) % 2_500)).await;
        let victim = usize::try_from(next(chance) % 3).unwrap();
        let at = Instant::now();
        let (what, down) = match round % 6 {
            0 => ("the server failed", vec![]),
            1 => ("a replica killed, the server failed", vec![victim]),
            2 => ("two replicas killed", vec![victim, (victim + 1) % REPLICAS]),
            3 => ("a replica killed", vec![victim]),
            4 => ("a replica cut off from the server", vec![]),
            _ => ("the standby frozen", vec![]),
        };
        down.iter().for_each(|number| self.replicas[*number].kill());
        match what {
            "a replica cut off from the server" => self.lines[victim].is(false),
            "the standby frozen" => self.standby.does("freeze"),
            _ if what.ends_with("the server failed") => self.server.does("restart"),
            _ => {}
        }
        (what, at, down)
    }

    /// Puts back what was broken, after the leases of whoever was cut off have run out or not: the pause picks it.
    async fn mended(&mut self, what: &str, down: &[usize], chance: &mut u64) {
        if what == "a replica cut off from the server" {
            tokio::time::sleep(Duration::from_millis(next(chance) % 9_000)).await;
        }
        self.lines.iter().for_each(|line| line.is(true));
        if what == "the standby frozen" {
            self.standby.does("thaw");
        }
        down.iter().for_each(|number| self.replicas[*number].start_again());
    }
}

/// An order of the centre, entered by a command of its own while something breaks; the command is cut off in every second round.
fn entering(folder: &Path, url: &str, round: u32) -> Child {
    let mut command = siaga(&folder.join("0"));
    command.env("SIAGA_ALERT_WEBHOOK_SECRET", SECRET).env("SIAGA_DATABASE_URL", url);
    command.args(["-q", "decision", "order", "--instrument", &format!("Inmendagri {round}/2021")]);
    command.args(["--source", "Mendagri", "--from", "2021-07-03", "--non-service", "0"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Whether the command said that the order is kept.
fn is_entered(mut command: Child, round: u32) -> bool {
    if round.is_multiple_of(2) {
        let _ = command.kill();
    }
    command.wait().unwrap().success()
}

/// Whoever a proxy would send visitors to.
async fn one_answers(replicas: &[Replica]) -> Option<()> {
    for replica in replicas {
        let answer = all_answer(std::slice::from_ref(replica));
        if tokio::time::timeout(PATIENCE, answer).await.ok().flatten().is_some() {
            return Some(());
        }
    }
    None
}

async fn all_answer(replicas: &[Replica]) -> Option<()> {
    for replica in replicas {
        for path in ["/", "/readyz"] {
            if replica.get(path).await.ok()?.status() != 200 {
                return None;
            }
        }
    }
    Some(())
}

/// Waits until it is so; if it is not in time, every replica says why, and its log.
async fn within(
    longest: Duration,
    (round, what): (u32, &str),
    replicas: &[Replica],
    is_so: impl AsyncFn(&[Replica]) -> Option<()>,
) {
    let all = until(what, longest * 2, async || is_so(replicas).await);
    if tokio::time::timeout(longest, all).await.is_ok() {
        return;
    }
    let mut told = String::new();
    for (number, replica) in replicas.iter().enumerate() {
        for path in ["/", "/readyz"] {
            let asked = Instant::now();
            let answer = tokio::time::timeout(PATIENCE, replica.get(path)).await;
            let said = match answer {
                Ok(Ok(answer)) => format!("{} {}", answer.status(), answer.text().await.unwrap_or_default()),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer".to_owned(),
            };
            let (said, after) = (said.chars().take(400).collect::<String>(), asked.elapsed());
            writeln!(told, "{number} {path} after {after:?}: {said}").unwrap();
        }
        let log = replica.log();
        let last: Vec<&str> = log.lines().rev().take(40).collect();
        last.iter().rev().for_each(|line| writeln!(told, "  {line}").unwrap());
    }
    panic!("seed {SEED}, round {round}, {what}: it is not so within {longest:?}\n{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_three_replicas_and_a_server_that_fail_lose_nothing() {
    let rounds = std::env::var("SIAGA_FAULT_ROUNDS").ok().map_or(ROUNDS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let world = Arc::new(World { chance: Mutex::new(SEED), ..World::default() });
    world.publish(0);
    let outside = outside(&world).await;
    let mut country = Country::new(folder.path(), &outside).await;
    let url = country.server.url.clone();
    let (mut chance, mut told, mut entered) = (SEED, Vec::new(), 0);
    for round in 1..=rounds {
        world.publish(round);
        let order = entering(folder.path(), &url, round);
        let (what, at, down) = country.broken(round, &mut chance).await;
        let left = BACK_WITHIN.saturating_sub(at.elapsed());
        within(left, (round, what), &country.replicas, one_answers).await;
        let served = at.elapsed();
        entered += i64::from(is_entered(order, round));
        country.mended(what, &down, &mut chance).await;
        within(LONGEST, (round, what), &country.replicas, all_answer).await;
        told.push(Round { what, served, whole: at.elapsed() });
    }
    settled(&url, rounds).await;
    country.replicas.clear();
    let found = found(&url, &world).await;
    let orders = orders(&url, (entered, i64::from(rounds))).await;
    verified(folder.path(), &url);
    println!("seed {SEED}, {REPLICAS} replicas, {rounds} rounds\n{}{orders}{found}", table(&told));
}

/// Orders that were said to be kept are there, and as many lines in the log as orders.
async fn orders(url: &str, (entered, rounds): (i64, i64)) -> String {
    let mut hand = intruder(url).await;
    let mut count = async |text: &'static str| -> i64 {
        let row: (i64,) = sqlx::query_as(text).fetch_one(&mut hand).await.unwrap();
        row.0
    };
    let kept = count("select count(*) from meta where name like 'order:%'").await;
    let logged = count("select count(*) from audit where action = 'order_kept'").await;
    assert!(
        entered <= kept && kept <= rounds,
        "{entered} orders were said to be kept, {kept} of {rounds} are"
    );
    assert_eq!(kept, logged, "an order and its line in the log");
    format!("orders entered {rounds}, said to be kept {entered}, kept {kept}, in the log {logged}\n")
}

/// Whoever was in the middle of something when it was broken is made up for, and nothing waits any more.
async fn settled(url: &str, rounds: u32) {
    const LAST: &str = "select count(*) from observation o join series s on s.id = o.series_id \
                        where s.location = 'kota-0' and o.value = ";
    let text = format!("{LAST}{}", 28 + rounds);
    let (pending, open) = (
        "select count(*) from outbox where state = 'pending'",
        "select count(*) from job_run where finished_at = 0 and lease_until < extract(epoch from now()) * 1000",
    );
    until("all is settled", Duration::from_secs(90), async || {
        let mut hand = intruder(url).await;
        let mut count = async |text: &str| {
            let row: (i64,) =
                sqlx::query_as(sqlx::AssertSqlSafe(text.to_owned())).fetch_one(&mut hand).await.unwrap();
            row.0
        };
        let is_settled = count(&text).await > 0 && count(pending).await == 0 && count(open).await == 0;
        is_settled.then_some(())
    })
    .await;
}

/// Holds what the database says against what the world saw; a few lines of what there was.
async fn found(url: &str, world: &World) -> String {
    let mut hand = intruder(url).await;
    let mut rows = async |text: &str| -> Vec<(String, i64)> {
        sqlx::query_as(sqlx::AssertSqlSafe(text.to_owned())).fetch_all(&mut hand).await.unwrap()
    };
    let twice = "select job || ' ' || due_at, count(*) from ended group by 1 having count(*) > 1";
    assert_eq!(rows(twice).await, [], "a job ended twice for a moment");
    let jobs = rows("select job, count(*) from ended group by job order by job").await;
    let taken = rows("select 'taken over', count(*) from job_run where turn > 1").await[0].1;
    let failed =
        "select job || ' ' || outcome, count(*) from job_run where outcome like 'failed:%' group by 1";
    assert_eq!(rows(failed).await, [], "a job failed");
    let lost =
        "select 'lost', coalesce(sum(accepted), 0)::bigint - (select count(*) from observation) from run";
    assert_eq!(rows(lost).await[0].1, 0, "what runs say they accepted is there");
    let messages = rows("select id, 1::bigint from outbox where state = 'sent'").await;
    let accepted = world.accepted.lock().unwrap();
    assert_eq!(*world.crossed.lock().unwrap(), Vec::<String>::new(), "two delivered one message at a time");
    for (id, _) in &messages {
        assert!(accepted.contains_key(id), "{id} was sent, and nobody accepted it");
    }
    assert!(messages.len() > 3, "there was something to deliver");
    assert_eq!(accepted.len(), messages.len(), "nobody accepted what nobody sent");
    let again = accepted.values().filter(|times| **times > 1).count();
    let jobs: Vec<String> = jobs.iter().map(|(job, count)| format!("{job} {count}")).collect();
    format!(
        "jobs ended once each: {}; taken over {taken}\nmessages accepted {}, of these {again} once more with the same key\n",
        jobs.join(", "),
        messages.len()
    )
}

fn verified(folder: &Path, url: &str) {
    let mut command = siaga(&folder.join("0"));
    command.env("SIAGA_ALERT_WEBHOOK_SECRET", SECRET);
    let output = command.env("SIAGA_DATABASE_URL", url).args(["audit", "verify"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn table(rounds: &[Round]) -> String {
    let mut kinds: BTreeMap<&str, Vec<(Duration, Duration)>> = BTreeMap::new();
    for round in rounds {
        kinds.entry(round.what).or_default().push((round.served, round.whole));
    }
    let head = ("what was broken", "times", "served: median", "longest", "all back: longest");
    let mut text = format!("{:<38} {:>6} {:>15} {:>9} {:>18}\n", head.0, head.1, head.2, head.3, head.4);
    for (what, backs) in kinds {
        let mut served: Vec<f64> = backs.iter().map(|back| back.0.as_secs_f64()).collect();
        served.sort_by(f64::total_cmp);
        let whole = backs.iter().map(|back| back.1.as_secs_f64()).fold(0.0, f64::max);
        let (median, longest) = (served[served.len() / 2], served[served.len() - 1]);
        writeln!(text, "{what:<38} {:>6} {median:>13.1} s {longest:>7.1} s {whole:>16.1} s", served.len())
            .unwrap();
    }
    text
}
