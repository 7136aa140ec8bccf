//! The house rules as a test: who may use whom, where each heavy dependency lives, how large a file may grow, how
//! it opens. ARCHITECTURE.md says why.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules in the data's order, and the ones each may use. `core` stands for the first seven.
const ARROWS: [(&str, &[&str]); 26] = [
    ("epi", &[]),
    ("observation", &["epi"]),
    ("indicator", &["observation", "epi"]),
    ("assessment", &["indicator", "epi"]),
    ("decision", &["assessment", "epi"]),
    ("disclosure", &["assessment", "indicator", "observation", "epi"]),
    ("workforce", &["assessment", "epi"]),
    ("audit", &["epi"]),
    ("text", &["core"]),
    ("chart", &[]),
    ("export", &["text", "core"]),
    ("document", &["text", "core", "config"]),
    ("source", &["text", "observation", "workforce", "epi", "config"]),
    ("city", &["assessment", "decision", "workforce", "epi", "config", "assets"]),
    ("account", &["core", "audit"]),
    ("store", &["core", "account", "audit"]),
    ("access", &["store", "account", "audit", "clock", "config", "source", "core"]),
    ("clock", &["epi"]),
    ("config", &[]),
    ("assets", &[]),
    ("alert", &["text", "core", "clock"]),
    (
        "job",
        &[
            "source",
            "city",
            "account",
            "audit",
            "store",
            "alert",
            "export",
            "document",
            "text",
            "config",
            "core",
            "clock",
            "assets",
            "telemetry",
        ],
    ),
    (
        "web",
        &[
            "job",
            "alert",
            "access",
            "account",
            "audit",
            "store",
            "chart",
            "export",
            "document",
            "text",
            "core",
            "clock",
            "assets",
            "city",
            "config",
            "telemetry",
        ],
    ),
    ("telemetry", &[]),
    ("demo", &["account", "city", "app", "job", "store", "source", "core", "clock", "config", "assets"]),
    (
        "app",
        &[
            "access",
            "account",
            "city",
            "web",
            "job",
            "store",
            "source",
            "alert",
            "indicator",
            "disclosure",
            "audit",
            "text",
            "epi",
            "clock",
            "config",
            "assets",
            "telemetry",
        ],
    ),
];

const CORE: [&str; 7] =
    ["epi", "observation", "indicator", "assessment", "decision", "disclosure", "workforce"];

/// Crates that may be named only in these places.
const HOMES: &[(&str, &[&str])] = &[
    ("hmac", &["audit/head.rs", "alert/channel/"]),
    ("reqwest", &["source/fetch/", "source/guard.rs", "alert/channel/", "access/provider.rs"]),
    ("calamine", &["source/read/xlsx.rs"]),
    ("zip", &["source/read/unpack.rs", "export/pack.rs"]),
    ("parquet", &["export/"]),
    ("docx_rs", &["document/"]),
    ("typst", &["document/"]),
    ("typst_layout", &["document/"]),
    ("typst_pdf", &["document/"]),
    ("rust_xlsxwriter", &["export/"]),
    ("regex", &["source/"]),
    ("encoding_rs", &["source/read/csv.rs"]),
    ("openidconnect", &["access/provider.rs"]),
    ("argon2", &["account/password.rs"]),
    ("zxcvbn", &["account/password.rs"]),
    ("totp_rs", &["account/totp.rs"]),
    ("qrcode", &["account/totp.rs"]),
    ("getrandom", &["account/token.rs"]),
    ("sqlx", &["store/"]),
    ("polars", &["observation/snapshot.rs", "indicator/"]),
    ("rayon", &["indicator/", "job/"]),
    ("plotters", &["chart/"]),
    ("resvg", &["chart/"]),
    ("png", &["chart/"]),
    ("axum", &["web/", "demo/"]),
    ("axum_server", &["web/server/"]),
    ("rustix", &["store/vital/room.rs"]),
    ("rustls", &["web/server/", "access/provider.rs", "source/fetch/", "alert/channel/"]),
    ("askama", &["web/", "alert/message.rs"]),
    ("tower_http", &["web/"]),
    ("tower", &["web/ready/", "web/gate/", "web/server/"]),
    ("utoipa", &["web/api/"]),
    ("quick_cache", &["web/ready/"]),
    ("metrics", &["telemetry/count.rs"]),
    ("metrics_exporter_prometheus", &["telemetry/count.rs"]),
    ("tracing_subscriber", &["telemetry/"]),
    ("lettre", &["alert/channel/"]),
    ("fluent_templates", &["text/phrase.rs"]),
    ("strsim", &["assessment/policy/check.rs"]),
    ("spec_math", &["epi/distribution.rs"]),
    ("tokio_cron_scheduler", &["app/"]),
    ("croner", &["job/schedule.rs"]),
    ("clap", &["cli/"]),
    ("rust_embed", &["assets.rs"]),
    ("tracing", &["source/", "store/", "access/", "alert/", "job/", "web/", "app/", "telemetry/", "demo/"]),
    ("tokio", &["source/", "store/", "access/", "alert/", "job/", "web/", "app/", "cli/", "demo/"]),
];

/// Lines of a file without its tests.
const LONGEST_FILE: usize = 500;
/// Files in a folder. `web/panel` has one file a panel and is the fullest.
const FULLEST_FOLDER: usize = 18;

struct Source {
    /// Its path below `src/`, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The folder, or the name of a file at the top.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The file without its tests and comments.
    fn code(&self) -> String {
        let own = self.text.split("#[cfg(test)]").next().unwrap();
        own.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { path: below, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 60, "the sources are there");
    found
}

/// The modules of this crate that a piece of code names after `crate::`.
fn used(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn arrows_point_with_the_data_and_never_back() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(module, uses)| {
            let spelled =
                uses.iter().flat_map(|name| if *name == "core" { CORE.to_vec() } else { vec![*name] });
            (*module, spelled.collect())
        })
        .collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !["lib", "main", "cli"].contains(&source.module())) {
        let Some(allowed) = allowed.get(source.module()) else {
            panic!("{}: the module {} has no row in ARROWS", source.path, source.module());
        };
        let uses = used(&source.code());
        let others = uses.iter().filter(|name| *name != source.module());
        wrong.extend(
            others
                .filter(|name| !allowed.contains(name.as_str()))
                .map(|name| format!("{} uses {name}", source.path)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_heavy_dependency_has_one_home() {
    let mut wrong = Vec::new();
    for source in sources() {
        let code = source.code();
        for (name, homes) in HOMES {
            let is_named = ["::", ";", " as "].iter().any(|end| code.contains(&format!("use {name}{end}")))
                || code.contains(&format!(" {name}::"));
            let is_own = code.contains(&format!("crate::{name}")) && !code.contains(&format!("use {name}::"));
            if is_named && !is_own && !homes.iter().any(|home| source.path.starts_with(home)) {
                wrong.push(format!("{} names {name}, whose home is {homes:?}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn core_is_pure() {
    let forbidden =
        ["std::fs", "std::net", "std::env", "std::time", "async fn", "crate::clock", "println!", "Utc::now"];
    for source in
        sources().iter().filter(|source| [&CORE[..], &["audit", "chart"]].concat().contains(&source.module()))
    {
        let code = source.code();
        for word in forbidden {
            assert!(
                !code.contains(word),
                "{} names {word}: core does no I/O, reads no clock, logs nothing",
                source.path
            );
        }
    }
}

#[test]
fn files_open_with_what_lives_here_and_stay_readable() {
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources() {
        let head = source.text.lines().take_while(|line| line.starts_with("//!")).count();
        assert!(head >= 1, "{} opens with //!: what lives here", source.path);
        let own = source.text.split("#[cfg(test)]").next().unwrap().lines().count();
        assert!(own <= LONGEST_FILE, "{} has {own} lines without its tests", source.path);
        if let Some((folder, _)) = source.path.rsplit_once('/') {
            *folders.entry(folder.to_owned()).or_default() += 1;
        }
        if source.path.ends_with("/mod.rs") {
            assert!(!source.code().contains("fn "), "{}: no logic in mod.rs", source.path);
        }
    }
    for (folder, files) in folders {
        assert!(files <= FULLEST_FOLDER, "src/{folder} has {files} files");
    }
}

#[test]
fn the_words_of_pages_are_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/text");
    let keys = |language: &str| -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for file in std::fs::read_dir(root.join(language)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let is_key =
                |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic()) && line.contains(" =");
            keys.extend(text.lines().filter(is_key).map(|line| line.split(" =").next().unwrap().to_owned()));
        }
        keys
    };
    let (id, en) = (keys("id"), keys("en"));
    assert!(id.len() > 80);
    let lone: Vec<_> = id.symmetric_difference(&en).collect();
    assert!(lone.is_empty(), "in one language only: {lone:?}");
}

#[test]
fn every_code_has_its_sentence() {
    let text = |file: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/text/id").join(file))
            .unwrap()
    };
    let words = text("explain.ftl") + &text("page.ftl");
    let mut needed: Vec<String> = Vec::new();
    for source in sources() {
        let prefix = match source.path.as_str() {
            "epi/estimate.rs" => "missing",
            "observation/validate.rs" => "reject",
            "disclosure/reason.rs" => "withheld",
            "observation/doubt/kind.rs" => "doubt",
            "epi/indicator_kind.rs" => {
                let names =
                    source.text.lines().filter(|line| line.contains(" = \"") && line.ends_with("\","));
                needed.extend(names.map(|line| format!("indicator-{}", line.split('"').nth(1).unwrap())));
                continue;
            }
            _ => continue,
        };
        let codes = source
            .text
            .lines()
            .filter(|line| line.trim_start().starts_with("Self::") && line.contains("=> \""));
        let codes = codes.map(|line| line.split('"').nth(1).unwrap().to_owned());
        needed.extend(
            codes
                .filter(|code| !["printed", "derived", "reconstructed"].contains(&code.as_str()))
                .map(|code| format!("{prefix}-{code}")),
        );
    }
    assert!(needed.len() > 45, "{}", needed.len());
    let missing: Vec<_> = needed.iter().filter(|key| !words.contains(&format!("\n{key} ="))).collect();
    assert!(missing.is_empty(), "no sentence for {missing:?}");
}

/// The texts in quotes that stand right behind this in a piece of code.
fn named_behind(code: &str, start: &str) -> BTreeSet<String> {
    let quoted = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split_once('"')?.0.to_owned());
    code.split(start).skip(1).filter_map(quoted).collect()
}

#[test]
fn every_reason_has_its_sentence_and_the_file_that_gives_it_fills_its_gaps() {
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("text/")) {
        let code = source.code();
        let names = [".text(", ".count(", ".because("].iter().flat_map(|put| named_behind(&code, put));
        let names: BTreeSet<String> = names.collect();
        for reason in named_behind(&code, "Reason::new(") {
            given.entry(reason).or_default().extend(names.clone());
        }
    }
    assert!(given.len() > 60, "{}", given.len());
    for language in ["id", "en"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/text").join(language).join("reason.ftl");
        let text = std::fs::read_to_string(path).unwrap();
        let sentences: BTreeMap<&str, &str> =
            text.lines().filter_map(|line| line.strip_prefix("why-")?.split_once(" = ")).collect();
        let unsaid: Vec<_> = given.keys().filter(|code| !sentences.contains_key(code.as_str())).collect();
        assert!(unsaid.is_empty(), "{language}: no sentence for {unsaid:?}");
        let unused: Vec<_> = sentences.keys().filter(|code| !given.contains_key(**code)).collect();
        assert!(unused.is_empty(), "{language}: nobody says {unused:?}");
        for (code, sentence) in sentences {
            for gap in sentence.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next()) {
                assert!(given[code].contains(gap), "{language}: nobody fills {gap} of why-{code}");
            }
        }
    }
}

#[test]
fn every_refusal_at_the_doors_has_its_sentence() {
    let words =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/text/id/access.ftl"))
            .unwrap();
    let mut needed = Vec::new();
    for source in sources() {
        if ["access/error.rs", "account/password.rs"].contains(&source.path.as_str()) {
            let keys = source.text.split('"').filter(|part| {
                (part.starts_with("access-") || part.starts_with("password-")) && !part.contains(' ')
            });
            needed.extend(keys.map(str::to_owned));
        }
    }
    assert!(needed.len() > 20, "{}", needed.len());
    let missing: Vec<_> = needed.iter().filter(|key| !words.contains(&format!("\n{key} ="))).collect();
    assert!(missing.is_empty(), "no sentence for {missing:?}");
}
