//! Units, roster and attendance as an office keeps them: lists in, what binds a unit, who is on duty, who was there. By
//! commands, and in both databases.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use siaga::account::{Role, Visitor};
use siaga::audit::{Action, Entry};
use siaga::epi::{Calendar, LocationId, Window};
use siaga::store::{NewPlan, Store, StoreError};
use siaga::workforce::{
    Away, Change, Closure, DayCounts, LogEntry, LogKind, Officer, Past, Planning, Position, PositionRule,
    ReportCounts, Tally, UnitRow, plan,
};

use crate::support::{fresh_postgres, moment, run, siaga, stdout};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> Window {
    Window { from: day(from), to: day(to) }
}

fn entry(at: &str, action: Action) -> Entry {
    Entry::new(moment(at), ("siti", "personnel"), action, "test")
}

fn officer(id: &str, unit_id: &str) -> Officer {
    Officer {
        id: id.to_owned(),
        unit_id: unit_id.to_owned(),
        name: format!("Petugas {id}"),
        title: "Kasi".to_owned(),
        position: Position::Eselon4,
        phone: "0811 000000".to_owned(),
        away: Vec::new(),
    }
}

fn unit_row(id: &str, date: &str, counts: &[(Tally, u32)]) -> UnitRow {
    let mut unit = siaga::city::parse_units(&format!(
        "unit_id,location,name,name_en,category,parent,headcount,headcount_date,headcount_status,source\n\
         {id},3271,Unit {id},,E,,,,,\n"
    ))
    .unwrap()
    .remove(0);
    unit.aliases = "ALIAS".to_owned();
    UnitRow { unit, date: day(date), counts: counts.iter().copied().collect(), is_new: true }
}

async fn keeps_units(store: &Store) {
    let first = [unit_row("a", "2021-05-01", &[(Tally::Pns, 10), (Tally::Pppk, 2)])];
    assert_eq!(store.add_units(&first, &entry("2021-05-02", Action::UnitsChanged)).await.unwrap(), 1);
    let again = store.add_units(&first, &entry("2021-05-03", Action::UnitsChanged)).await.unwrap();
    assert_eq!(again, 0, "what is known changes nothing");
    let corrected = [unit_row("a", "2021-05-01", &[(Tally::Pns, 11), (Tally::Pppk, 2)])];
    assert_eq!(store.add_units(&corrected, &entry("2021-06-01", Action::UnitsChanged)).await.unwrap(), 1);
    let counts = store.head_counts().await.unwrap();
    let told: Vec<_> = counts.iter().map(|count| (count.at, count.counts[&Tally::Pns])).collect();
    assert_eq!(told, [(moment("2021-05-02"), 10), (moment("2021-06-01"), 11)], "both are kept");
    let units = store.registered_units(&LocationId::new("3271")).await.unwrap();
    assert_eq!((units.len(), units[0].1.aliases.as_str()), (1, "ALIAS"));
    let closure = Closure {
        id: 0,
        unit_id: "a".to_owned(),
        from: day("2021-06-21"),
        to: Some(day("2021-06-23")),
        reopened: None,
        reason: "positive staff".to_owned(),
        substitute: "online".to_owned(),
        by: String::new(),
    };
    let id = store.add_closure(&closure, &entry("2021-06-20", Action::UnitsChanged)).await.unwrap();
    store.reopen(id, day("2021-06-22"), &entry("2021-06-21", Action::UnitsChanged)).await.unwrap();
    let twice = store.reopen(id, day("2021-06-23"), &entry("2021-06-21", Action::UnitsChanged)).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })));
    let kept = store.closures().await.unwrap();
    let expected = Closure { id, reopened: Some(day("2021-06-22")), by: "siti".to_owned(), ..closure };
    assert_eq!(kept, [expected]);
}

async fn keeps_a_roster(store: &Store) {
    let officers = [officer("p-1", "a"), officer("p-2", "a"), officer("p-9", "b")];
    let changed = || entry("2021-06-20", Action::RosterChanged);
    assert_eq!(store.save_officers(&officers, &changed()).await.unwrap(), 3);
    let away = [Away { officer_id: "p-2".to_owned(), days: days("2021-07-01", "2021-07-02") }];
    store.save_away(&away, &changed()).await.unwrap();
    store.save_away(&away, &changed()).await.unwrap();
    let known = store.officers(Some("a")).await.unwrap();
    assert_eq!(known.len(), 2);
    assert_eq!((known[0].away.len(), &known[1].away[..]), (0, &[away[0].days][..]));
    let worked: Vec<NaiveDate> = days("2021-06-29", "2021-07-02").days().collect();
    let (rule, past) = (PositionRule::default(), Past::default());
    let roster = plan(&Planning {
        unit_id: "a",
        officers: &known,
        rule: &rule,
        required: 1,
        days: &worked,
        past: &past,
        seed: 1,
    });
    let new = NewPlan {
        unit_id: "a".to_owned(),
        days: days("2021-06-29", "2021-07-02"),
        required: 1,
        seed: u64::MAX,
        positions: String::new(),
        roster: roster.clone(),
    };
    store.save_plans(std::slice::from_ref(&new), &changed()).await.unwrap();
    let twice = store.save_plans(std::slice::from_ref(&new), &changed()).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "nobody plans over a plan");
    let all = days("2021-06-01", "2021-07-31");
    assert_eq!(store.duties(all, None).await.unwrap(), roster.duties);
    assert_eq!(store.duty_holes(all, Some("a")).await.unwrap(), roster.holes);
    assert_eq!(store.plans(all).await.unwrap().len(), 1);
    let change = Change {
        id: 0,
        at: moment("2021-06-29"),
        by: "siti".to_owned(),
        role: "personnel".to_owned(),
        reason: "a meeting".to_owned(),
        unit_id: "a".to_owned(),
        date: roster.duties[0].date,
        relieved: Some(roster.duties[0].officer_id.clone()),
        comes: "p-1".to_owned(),
    };
    let id = store.add_duty_change(&change, &entry("2021-06-29", Action::RosterChanged)).await.unwrap();
    assert_eq!(store.duty_changes(all, None).await.unwrap(), [Change { id, ..change }]);
    let past = store.past_turns(day("2021-07-05"), [day("2021-07-02"), day("2021-07-01")]).await.unwrap();
    let turns = &past["a"].turns;
    assert_eq!(turns.values().map(|turns| turns.done).sum::<u32>() as usize, roster.duties.len());
    assert_eq!(turns["p-1"].owed, roster.turns["p-1"].owed);
    assert!(store.forget_officer("p-1", &changed()).await.unwrap());
    assert!(!store.forget_officer("p-1", &changed()).await.unwrap());
    assert_eq!(store.duties(all, None).await.unwrap().len(), roster.duties.len(), "turns stay under the id");
}

async fn keeps_attendance(store: &Store) {
    let row = |date: &str, office: u32| DayCounts {
        unit_id: "a".to_owned(),
        date: day(date),
        counts: [office, 1, 2, 30, 1, 0],
    };
    let taken = |at: &str| entry(at, Action::AttendanceTaken);
    let first = [row("2021-06-28", 5), row("2021-06-29", 6)];
    let new = store.add_attendance(&first, &taken("2021-06-29")).await.unwrap();
    assert_eq!((new.new, new.unchanged), (2, 0));
    let second = [row("2021-06-28", 5), row("2021-06-29", 7)];
    let new = store.add_attendance(&second, &taken("2021-06-30")).await.unwrap();
    assert_eq!((new.new, new.unchanged), (1, 1));
    assert_eq!(store.attendance(days("2021-06-01", "2021-06-30"), Some("a")).await.unwrap(), second);
    assert!(store.attendance(days("2021-06-01", "2021-06-30"), Some("b")).await.unwrap().is_empty());
    let reports =
        [ReportCounts { unit_id: "a".to_owned(), date: day("2021-06-29"), expected: 40, received: 37 }];
    store.add_reports(&reports, &taken("2021-06-30")).await.unwrap();
    assert_eq!(store.reports(days("2021-06-29", "2021-06-29"), None).await.unwrap(), reports);
    let (year, now) = (moment("2021-06-29T00:00:00+07:00"), moment("2022-06-30"));
    let gone = store.delete_attendance((day("2021-06-29"), year), now).await.unwrap();
    assert_eq!(
        gone.iter().map(|gone| (gone.what.as_str(), gone.rows)).collect::<Vec<_>>(),
        [("attendance", 1)]
    );
    assert_eq!(store.attendance(days("2021-06-01", "2021-06-30"), None).await.unwrap(), second[1..]);
    assert!(store.delete_attendance((day("2021-06-29"), year), now).await.unwrap().is_empty(), "and no more");
}

async fn keeps_notes(store: &Store) {
    let note = LogEntry {
        id: 0,
        at: moment("2021-06-29"),
        by: "siti".to_owned(),
        role: "unit_head".to_owned(),
        kind: LogKind::Programme,
        unit_id: "a".to_owned(),
        from: day("2021-06-29"),
        to: None,
        subject: "Alun-alun".to_owned(),
        text: "blocked by a permit".to_owned(),
        number: None,
    };
    let id = store.add_log_entry(&note, &entry("2021-06-29", Action::UnitLogWritten)).await.unwrap();
    let found = |from: &str, to: &str, kind| {
        let (store, days) = (store.clone(), days(from, to));
        async move { store.log_entries(days, (Some("a"), kind)).await.unwrap() }
    };
    assert_eq!(found("2021-07-01", "2021-07-05", None).await, [LogEntry { id, ..note }]);
    assert!(found("2021-06-01", "2021-06-28", None).await.is_empty());
    assert!(found("2021-07-01", "2021-07-05", Some(LogKind::Recall)).await.is_empty());
}

async fn everything(store: &Store) {
    keeps_units(store).await;
    keeps_a_roster(store).await;
    keeps_attendance(store).await;
    keeps_notes(store).await;
    let reports = store.verify_chains().await.unwrap();
    assert!(reports.iter().all(|report| report.fault.is_none()), "each change is told in the audit log");
}

#[tokio::test]
async fn sqlite_keeps_the_workforce() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/s.sqlite", folder.path().display())).await.unwrap();
    everything(&store).await;
    let other = Store::connect(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
    let copied = store.copy_to(&other).await.unwrap();
    assert!(copied.iter().any(|table| table.name == "attendance" && table.rows == 2));
}

#[tokio::test]
async fn needs_postgres_the_workforce_is_kept_there_too() {
    everything(&Store::connect(&fresh_postgres()).await.unwrap()).await;
}

/// An office with the demonstration's store up to 28 June 2021, and files beside it.
struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        stdout(office.path(), &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
        office
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// What a command prints and says, and how it ends.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", self.path().display());
        let output = siaga(self.path())
            .args(["--lang", "en"])
            .args(args)
            .env("SIAGA_DATABASE_URL", url)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    }

    fn done(&self, args: &[&str]) -> (String, String) {
        let (code, out, told) = self.run(args);
        assert_eq!(code, 0, "siaga {args:?}: {told}");
        (out, told)
    }

    fn refused(&self, args: &[&str]) -> String {
        let (code, out, told) = self.run(args);
        assert!(code == 1 || code == 2, "siaga {args:?}: {told}");
        assert!(out.is_empty(), "{out}");
        told
    }
}

/// The rows of a CSV by their first column.
fn by_first(csv: &str, key: usize) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| (row[key].clone(), row)).collect()
}

#[test]
fn an_offices_june_of_2021_by_commands() {
    let office = Office::new();
    units_and_closures(&office);
    roster(&office);
    attendance(&office);
}

fn units_and_closures(office: &Office) {
    office.write(
        "simpeg.csv",
        "kode_unit;nama_unit;kategori;alias;pimpinan;atasan_langsung;tanggal;PNS;PPPK;TKD\n\
         dinkes;;;;Kepala Dinas Kesehatan;Sekretaris Daerah;2021-06-01;240;12;30\n\
         bkpsdm;;;BKPSDA;;;2021-06-01;40;2;0\n\
         satgas;Satuan Tugas;N;;;;2021-06-01;9;0;0\n\
         nowhere;;;;;;2021-06-01;1;1;1\n",
    );
    let (_, told) = office.done(&["unit", "import", "simpeg.csv"]);
    assert!(told.contains("line 5") && told.contains("4 rows: 3 new, 0 unchanged, 1 rows refused"), "{told}");
    let (_, told) = office.done(&["unit", "import", "simpeg.csv"]);
    assert!(told.contains("0 new, 3 unchanged"), "a second time it changes nothing: {told}");
    let disdukcapil = ["unit", "close", "disdukcapil", "--from", "2021-06-22", "--reason", "positive staff"];
    office.done(&[&disdukcapil[..], &["--substitute", "kecamatan"]].concat());
    let permits = ["unit", "close", "DPMPTSP", "--from", "2021-06-21", "--to", "2021-06-23"];
    let why = ["--reason", "positive staff", "--substitute", "online, service mall"];
    office.done(&[&permits[..], &why[..]].concat());
    let told = office.refused(&[&["unit", "close", "dinkes", "--from", "2021-06-22"], &why[..]].concat());
    assert!(told.contains("a critical unit is never closed"), "{told}");
    let told = office.refused(&[&permits[..], &why[..]].concat());
    assert!(told.contains("closed already from"), "{told}");
    let (listed, _) = office.done(&["unit", "list", "--date", "2021-06-22", "--format", "csv"]);
    let units = by_first(&listed, 0);
    assert_eq!(units["disdukcapil"][4..9], ["0", "", "closure", "", "kecamatan"].map(str::to_owned));
    assert_eq!(units["dpmptsp"][6..9], ["closure", "2021-06-23", "online, service mall"].map(str::to_owned));
    assert_eq!(units["dinkes"][3], "252", "PNS and PPPK, not TKD");
    assert_eq!(units["satgas"][3], "9", "a unit that the city's list does not have");
    let (listed, _) = office.done(&["unit", "list", "--date", "2021-05-31", "--format", "csv"]);
    assert_ne!(by_first(&listed, 0)["dinkes"][3], "252", "a count of June changes nothing in May");
    office.done(&["unit", "reopen", "disdukcapil", "--from", "2021-06-28"]);
    let (shown, _) = office.done(&["unit", "show", "disdukcapil", "--date", "2021-06-28"]);
    assert!(!shown.contains("closed"), "{shown}");
    let (shown, _) = office.done(&["unit", "show", "BKPSDA", "--date", "2021-06-28"]);
    assert!(shown.contains("bkpsdm") && shown.contains("at most 25% at the office, category"), "{shown}");
    office.done(&["unit", "head-count", "bkpsdm", "--date", "2021-06-15", "--asn", "41"]);
    assert!(
        office.refused(&["unit", "head-count", "bkpsdm", "--date", "2021-06-15"]).contains("count somebody")
    );
    let note = ["unit", "note", "programme", "pupr", "--subject", "Masjid Agung", "--text", "tender open"];
    office.done(&note);
    let told = office.refused(&["unit", "note", "referral", "pupr", "--subject", "curfew", "--text", "x"]);
    assert!(told.contains("say why, or how it stands"), "{told}");
    let (log, _) = office.done(&["unit", "log", "--kind", "programme", "--format", "csv"]);
    assert!(log.contains("Masjid Agung") && log.lines().count() == 2, "{log}");
}

fn roster(office: &Office) {
    office.write(
        "petugas.csv",
        "id_petugas,unit,nama,jabatan,eselon,hp\n\
         p-1,bkpsdm,Petugas Satu,Kasi,IV.a,0811 111111\np-2,BKPSDA,Petugas Dua,Kasi,IV.a,0811 222222\n\
         p-3,bkpsdm,Petugas Tiga,Analis,JFT,0811 333333\np-4,bkpsdm,Petugas Empat,,,tidak ada\n",
    );
    let (_, told) = office.done(&["roster", "officers", "petugas.csv"]);
    assert!(told.contains("4 rows: 3 new, 0 unchanged, 1 rows refused"), "{told}");
    office.write("cuti.csv", "id,dari,sampai\np-3,2021-07-05,2021-07-09\n");
    office.done(&["roster", "away", "cuti.csv"]);
    let plan = ["roster", "plan", "--unit", "bkpsdm", "--from", "2021-06-29", "--to", "2021-07-09"];
    office.done(&plan);
    let told = office.refused(&plan);
    assert!(told.contains("laid out already, up to 9 July 2021"), "{told}");
    let july = ["--from", "2021-06-29", "--to", "2021-07-09", "--format", "csv"];
    let (shown, _) = office.done(&[&["roster", "show"], &july[..]].concat());
    let turns = by_first(&shown, 0);
    assert_eq!(turns.len(), 9, "each working day: {shown}");
    assert!(turns.values().all(|turn| turn[2] != "p-3" || *turn[0] < *"2021-07-05"), "{shown}");
    let (first, comes) = (&turns["2021-07-06"], &turns["2021-07-06"][5]);
    let swap = ["roster", "swap", "bkpsdm", "2021-07-06", "--relieved", &first[2], "--comes", "p-3"];
    let told = office.refused(&[&swap[..], &["--reason", "a meeting"]].concat());
    assert!(told.contains("p-3 is not available on that day"), "{told}");
    assert!(!comes.is_empty(), "somebody stands in: {first:?}");
    let (holes, _) = office.done(&[&["roster", "holes", "--unit", "dinkes"], &july[..]].concat());
    assert_eq!(holes.matches("not laid out yet").count(), 9, "{holes}");
    office.done(&["roster", "plan", "--unit", "dinkes", "--from", "2021-06-29", "--to", "2021-07-09"]);
    let (holes, _) = office.done(&[&["roster", "holes", "--unit", "dinkes"], &july[..]].concat());
    assert_eq!(holes.matches("no officers are known").count(), 9, "{holes}");
    let export = ["roster", "export", "--unit", "bkpsdm", "--from", "2021-06-29", "--to", "2021-07-09"];
    office.done(&[&export[..], &["--out", "piket.ics"]].concat());
    let calendar = std::fs::read_to_string(office.path().join("piket.ics")).unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 9);
    assert!(calendar.contains("DTSTART;VALUE=DATE:20210629") && calendar.contains("\r\n"), "{calendar}");
    office.done(&[&export[..], &["--out", "piket.csv"]].concat());
    let told = office.refused(&[&export[..], &["--out", "piket.pdf"]].concat());
    assert!(told.contains(".csv or .ics"), "{told}");
    office.done(&["roster", "forget", "p-1"]);
    assert!(office.refused(&["roster", "forget", "p-1"]).contains("nobody is known by the id"));
}

fn attendance(office: &Office) {
    office.write(
        "absensi.csv",
        "tanggal,unit,nip,kehadiran\n\
         2021-06-25,bkpsdm,1,WFO\n2021-06-25,bkpsdm,2,WFO\n2021-06-25,bkpsdm,3,WFH\n\
         2021-06-28,bkpsdm,1,WFO\n2021-06-28,bkpsdm,2,piket\n2021-06-28,bkpsdm,orang-7781,isolasi\n2021-06-28,nowhere,4,WFO\n\
         2021-06-25,satgas,7,WFO\n2021-06-25,satgas,8,WFO\n2021-06-25,satgas,9,WFO\n\
         2021-06-28,satgas,7,WFO\n2021-06-28,satgas,8,WFO\n2021-06-28,satgas,9,WFO\n",
    );
    let (_, told) = office.done(&["attendance", "import", "absensi.csv"]);
    assert!(told.contains("13 rows: 4 new, 0 unchanged, 1 rows refused"), "{told}");
    office.write("lapor.csv", "tanggal,unit,wajib,masuk\n2021-06-28,bkpsdm,40,30\n");
    office.done(&["attendance", "import", "lapor.csv", "--reports"]);
    let june = ["attendance", "show", "--from", "2021-06-21", "--to", "2021-06-28", "--format", "csv"];
    let (shown, _) = office.done(&june);
    let own: String =
        shown.lines().filter(|line| !line.contains(",satgas,")).map(|line| format!("{line}\n")).collect();
    let kept = &by_first(&own, 0)["2021-06-28"];
    assert_eq!(kept[..9], ["2021-06-28", "bkpsdm", "41", "1", "1", "0", "0", "1", "0"].map(str::to_owned));
    assert_eq!(kept[10..], ["40", "30", "75"].map(str::to_owned));
    let database = std::fs::read(office.path().join("var/demo/siaga.sqlite")).unwrap();
    let has = |word: &str| database.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    assert!(!has("orang-7781"), "nothing of a person is kept");
    let (missing, _) = office.done(&["attendance", "missing", "--date", "2021-06-28", "--format", "csv"]);
    let own: Vec<&str> = missing.lines().filter(|line| line.contains(",bkpsdm,")).collect();
    // A quarter at the office was decided for these days: three of nine are more, one of 41 is not.
    let above: Vec<&str> = missing.lines().filter(|line| line.contains("above-cap")).collect();
    assert!(above.len() == 1 && above[0].contains(",satgas,above-cap,2021-06-25"), "{missing}");
    assert!(
        own.iter().any(|line| line.contains("reports-missing") && line.contains("75.0% of the reports")),
        "{own:?}"
    );
    assert!(missing.lines().any(|line| line.contains(",dinkes,no-attendance")), "{missing}");
    office.write("empty.csv", "tanggal,unit\n2021-06-28,bkpsdm\n");
    assert!(office.refused(&["attendance", "import", "empty.csv"]).contains("no such column"));
    assert!(office.refused(&["attendance", "import", "none.csv"]).contains("none.csv"));
    let backwards = run(office.path(), &["roster", "show", "--from", "2021-07-02", "--to", "2021-07-01"]);
    assert_eq!(backwards.status.code(), Some(2));
}

#[test]
fn the_head_of_a_unit_has_one_and_nobody_else_is_limited() {
    let head = |unit_id: Option<&str>| Visitor::Account {
        name: "kadis".to_owned(),
        role: Role::UnitHead,
        unit_id: unit_id.map(str::to_owned),
        scopes: None,
    };
    assert_eq!(head(Some("dinkes")).own_unit(), Some("dinkes"));
    assert_eq!(head(None).own_unit(), Some(""), "without a unit no unit is theirs");
    assert_eq!(Visitor::Operator { name: "root".to_owned() }.own_unit(), None);
    assert_eq!(Calendar::default().last_working_day(day("2021-06-28")), day("2021-06-25"));
}
