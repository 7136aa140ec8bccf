//! What can be typed of units, roster and attendance.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::cli::args::Format;
use crate::workforce::{LinkSays, LogKind, Position};

/// `siaga unit`
#[derive(Debug, Subcommand)]
pub enum UnitCommand {
    /// Take in a list of units with head-counts, as the personnel system (Simpeg) writes it
    #[command(after_help = "\
Columns, by their Indonesian or English names: unit_id or nama_unit, kategori (N, E, K), induk, alias, pimpinan,
atasan_langsung, kontak, tanggal, and head-counts: asn, pns, pppk, tkd, bumd, eselon_2, eselon_3, eselon_4, fungsional, pelaksana.
A head-count is never changed: one of another day, or a correction of the same day, stands beside it.

Example:
  siaga unit import simpeg-juni.xlsx --date 2021-06-01")]
    Import {
        /// CSV or XLSX
        file: PathBuf,
        /// The day of the head-counts, where the list does not say [default: today]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
    },
    /// Every unit: staff, what binds it, until when and why
    List(UnitListArgs),
    /// One unit: everything that was weighed, closures, head-counts
    Show {
        /// Its id, name or alias
        unit: String,
        /// The day [default: the last one known]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
    },
    /// Note the head-count of a unit on a day
    #[command(after_help = "Example:\n  siaga unit head-count dinkes --date 2021-06-01 --pns 240 --pppk 12")]
    HeadCount(HeadCountArgs),
    /// Close a unit for some days; somebody must serve the public meanwhile
    #[command(after_help = "\
Examples:
  siaga unit close disdukcapil --from 2021-06-22 --reason \"positive staff\" --substitute kecamatan
  siaga unit close dpmptsp --from 2021-06-21 --to 2021-06-23 --reason \"positive staff\" --substitute \"online, service mall\"")]
    Close(CloseArgs),
    /// Open a closed unit again
    Reopen {
        /// Its id, name or alias
        unit: String,
        /// The first day it is open
        #[arg(long, value_name = "DATE")]
        from: NaiveDate,
    },
    /// Say whether cases of a unit belong together: of days with cases, never of persons
    #[command(after_help = "\
Two cases of a unit count as a cluster as long as nobody says that they have nothing to do with each other. Of one day with several
cases it is said of these among themselves. Nothing that was said is changed: of two words about the same days the newer one counts.

Examples:
  siaga unit link bapenda 2021-06-20 2021-06-22 --says not_linked --reason \"different households, no contact at work\"
  siaga unit link bapenda 2021-06-20 2021-06-22 --says linked --generations 2 --reason \"one shared an office with the other\"")]
    Link(LinkArgs),
    /// What was said of units' cases, oldest first
    Links {
        /// How to write it [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Note something down: field_permit, recall, coordination, programme, referral, own_cap
    #[command(after_help = "\
Examples:
  siaga unit note field_permit pupr --subject \"Alun-alun\" --text \"inspection of the works\" --number 3
  siaga unit note coordination setda --subject \"Province of West Java\" --text \"weekly call, vaccine stock\"
  siaga unit note programme pupr --subject \"Masjid Agung\" --text \"tender open; blocked by a permit\"
  siaga unit note own_cap bappeda --number 25 --to 2021-07-05 --text \"small rooms\"")]
    Note(NoteArgs),
    /// What was noted down, newest first
    Log(LogArgs),
}

/// `siaga unit list`
#[derive(Debug, Args)]
pub struct UnitListArgs {
    /// The day [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga unit head-count`
#[derive(Debug, Args)]
pub struct HeadCountArgs {
    /// Its id, name or alias
    pub unit: String,
    /// The day it was counted
    #[arg(long, value_name = "DATE")]
    pub date: NaiveDate,
    /// ASN, undivided
    #[arg(long, value_name = "N")]
    pub asn: Option<u32>,
    /// Civil servants
    #[arg(long, value_name = "N")]
    pub pns: Option<u32>,
    /// Contract civil servants
    #[arg(long, value_name = "N")]
    pub pppk: Option<u32>,
    /// Regional contract staff; not ASN
    #[arg(long, value_name = "N")]
    pub tkd: Option<u32>,
    /// Staff of city-owned enterprises; not ASN
    #[arg(long, value_name = "N")]
    pub bumd: Option<u32>,
}

/// `siaga unit close`
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// Its id, name or alias
    pub unit: String,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: NaiveDate,
    /// Last day [default: until it is opened again]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Where the public is served meanwhile
    #[arg(long, value_name = "TEXT")]
    pub substitute: String,
}

/// `siaga unit link`
#[derive(Debug, Args)]
pub struct LinkArgs {
    /// The unit: its id, name or alias
    pub unit: String,
    /// The days of the cases
    #[arg(required = true, value_name = "DATE")]
    pub days: Vec<NaiveDate>,
    /// linked, not_linked or unknown
    #[arg(long, value_name = "WORD")]
    pub says: LinkSays,
    /// How that is known, without naming anybody
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// In how many generations one gave it to the next
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub generations: u32,
}

/// `siaga unit note`
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// field_permit, recall, coordination, programme, referral, own_cap
    pub kind: LogKind,
    /// The unit: its id, name or alias
    pub unit: String,
    /// What it is about: a place, a counterpart, a programme, a rule
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub subject: String,
    /// Why, or how it stands
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    /// First day [default: today]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// People of a permit or a recall; percent of an own cap
    #[arg(long, value_name = "N")]
    pub number: Option<u32>,
}

/// `siaga unit log`
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Only this unit's
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Only entries of this kind
    #[arg(long, value_name = "KIND")]
    pub kind: Option<LogKind>,
    /// First day [default: 30 days ago]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day [default: today]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga roster`
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Take in officers: officer_id, unit, name, title, position, phone
    Officers {
        /// CSV or XLSX
        file: PathBuf,
    },
    /// Take in days on which officers are not available: officer_id, from, to; no reason is read
    Away {
        /// CSV or XLSX
        file: PathBuf,
    },
    /// Forget an officer: name, telephone, days away; turns stay under the id
    Forget {
        /// The officer's id
        officer: String,
    },
    /// Lay out turns on duty, going on from those before
    #[command(after_help = "\
Examples:
  siaga roster plan --from 2021-07-01 --to 2021-07-31
  siaga roster plan --from 2021-07-01 --to 2021-07-31 --unit dinkes --positions eselon_3,eselon_4
Nobody is on duty three working days running or while away; officers who are there on the same days differ by one turn at most.")]
    Plan(PlanArgs),
    /// Who is on duty
    Show(RosterDays),
    /// Put somebody else on duty, or fill a hole; the plan stays as it was
    #[command(after_help = "\
Example:
  siaga roster swap dinkes 2021-07-05 --relieved p-12 --comes p-7 --reason \"called to the province\"")]
    Swap(SwapArgs),
    /// Unit-days without enough officers, and why; days that nobody laid out
    Holes(RosterDays),
    /// Write the roster: a file that ends in .csv or .ics
    Export {
        /// The days, and perhaps a unit
        #[command(flatten)]
        days: RosterDays,
        /// Where to
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// `siaga roster plan`
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: NaiveDate,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: NaiveDate,
    /// Only this unit (may be repeated) [default: all]
    #[arg(long, value_name = "UNIT")]
    pub unit: Vec<String>,
    /// Officers on a day: 1 to 3 [default: 1, in units of more than 50 staff 2]
    #[arg(long, value_name = "N")]
    pub officers: Option<u32>,
    /// Only officers of these classes: eselon_2, eselon_3, eselon_4, functional, staff
    #[arg(long, value_name = "CLASS", value_delimiter = ',')]
    pub positions: Vec<Position>,
    /// Decides between equals: the same number gives the same roster
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// Some days of the roster.
#[derive(Debug, Args)]
pub struct RosterDays {
    /// First day [default: today]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day [default: 13 days after the first]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Only this unit
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// `siaga roster swap`
#[derive(Debug, Args)]
pub struct SwapArgs {
    /// The unit: its id, name or alias
    pub unit: String,
    /// The day
    pub date: NaiveDate,
    /// Who is relieved [default: nobody; a hole is filled]
    #[arg(long, value_name = "OFFICER")]
    pub relieved: Option<String>,
    /// Who comes
    #[arg(long, value_name = "OFFICER")]
    pub comes: String,
    /// Why: it is kept
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `siaga attendance`
#[derive(Debug, Subcommand)]
pub enum AttendanceCommand {
    /// Take in attendance (absensi), or with --reports daily reports (E-Kinerja); only counts by unit and day are kept
    #[command(after_help = "\
A row a unit and day: tanggal, unit, wfo, piket, lapangan, wfh, cuti, alpa; or a row a person and day: tanggal, unit, nip, kehadiran.
Reports: tanggal, unit, wajib, masuk; or tanggal, unit, nip, lapor. Persons are counted and dropped.

Examples:
  siaga attendance import absensi-29-juni.xlsx
  siaga attendance import e-kinerja.csv --reports")]
    Import {
        /// CSV or XLSX
        file: PathBuf,
        /// It is a list of daily reports
        #[arg(long)]
        reports: bool,
    },
    /// Presence against the cap and reports by unit and day
    Show(AttendanceDays),
    /// What should be told: above the cap, nobody there, reports missing, lists that did not come
    Missing {
        /// The day [default: the last one known]
        #[arg(long, value_name = "DATE")]
        date: Option<NaiveDate>,
        /// How to write the result [default: table on a terminal, else csv]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
}

/// `siaga attendance show`
#[derive(Debug, Args)]
pub struct AttendanceDays {
    /// First day [default: 13 days before the last]
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day [default: today]
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Only this unit
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// How to write the result [default: table on a terminal, else csv]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}
