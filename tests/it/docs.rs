//! If it exists it is documented: commands, settings, addresses, indicators, columns.

use std::fmt::Write as _;
use std::path::Path;

use clap::CommandFactory;
use siaga::cli::Cli;
use siaga::config::Config;
use siaga::epi::IndicatorKind;
use siaga::job::Dataset;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_command_is_in_the_operators_page() {
    let page = read("docs/operations.md");
    for command in Cli::command().get_subcommands() {
        assert!(page.contains(&format!("`siaga {}", command.get_name())), "{}", command.get_name());
    }
}

#[test]
fn every_option_says_what_it_is_for() {
    let mut commands: Vec<clap::Command> = Cli::command().get_subcommands().cloned().collect();
    commands.push(Cli::command());
    for command in commands {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for option in
            command.get_arguments().filter(|option| !["help", "version"].contains(&option.get_id().as_str()))
        {
            assert!(option.get_help().is_some(), "{} {}", command.get_name(), option.get_id());
        }
    }
}

#[test]
fn every_setting_is_in_the_example_with_its_default() {
    let example = read("siaga.example.toml");
    let parsed = Config::from_parts("siaga.example.toml", &example, &|_| None).unwrap();
    assert_eq!(parsed, Config::default());
    let defaults = toml::Table::try_from(Config::default()).unwrap();
    for (section, keys) in defaults {
        for key in keys.as_table().unwrap().keys() {
            let is_there =
                example.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} =")));
            assert!(is_there, "{section}.{key}");
        }
    }
    for key in [
        "locations",
        "units",
        "anchor",
        "orders",
        "folder",
        "host",
        "port",
        "security",
        "from",
        "user",
        "ca_file",
        "unsubscribe",
        "unsubscribe_url",
        "quiet_hours",
        "rules",
        "base_url",
        "version",
        "phone_number_id",
        "template",
        "languages",
        "offices",
        "units",
        "email",
        "telegram",
        "whatsapp",
        "language",
        "least",
        "heartbeat",
        "name",
        "address",
        "issuer",
        "client_id",
        "title",
    ] {
        assert!(example.contains(&format!("# {key} =")), "{key}");
    }
}

#[test]
fn every_address_is_in_the_operators_page() {
    let page = read("docs/operations.md");
    let doors = siaga::web::doors();
    assert!(doors.len() >= 60);
    for door in doors {
        let folder =
            ["/charts/", "/exports/", "/embed/"].into_iter().find(|folder| door.path.starts_with(folder));
        let path = folder.map_or(door.path.clone(), |folder| format!("{folder}{{file}}"));
        let is_collection = path.starts_with("/api/v1/") && path.matches('/').count() == 3;
        let path = if is_collection { "/api/v1/{collection}".to_owned() } else { path };
        assert!(page.contains(&format!("`{path}`")), "{path}");
    }
}

/// A test is named as it is printed: `doors::x` lies in `tests/it`, `account::name::tests::x` in `src`.
#[test]
fn every_test_in_the_security_page_is_there() {
    let page = read("docs/security.md");
    let is_there = |file: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists();
    let mut tests = 0;
    for name in page.split('`').skip(1).step_by(2) {
        assert!(!name.starts_with("src/") || is_there(name), "{name}");
        let Some((module, test)) = name.rsplit_once("::").filter(|(_, test)| !test.is_empty()) else {
            continue;
        };
        let file = match module.strip_suffix("::tests") {
            Some(module) => format!("src/{}.rs", module.replace("::", "/")),
            None if module == "architecture" => "tests/architecture.rs".to_owned(),
            None => format!("tests/it/{module}.rs"),
        };
        assert!(is_there(&file) && read(&file).contains(&format!("fn {test}(")), "{name} is not in {file}");
        tests += 1;
    }
    assert!(tests > 150, "{tests}");
}

#[test]
fn every_system_of_the_register_has_its_row_and_its_tests_are_there() {
    let page = read("docs/register.md");
    for number in 1..=34 {
        assert_eq!(page.matches(&format!("| R-{number:02} |")).count(), 1, "R-{number:02}");
    }
    let proofs =
        page.lines().filter(|line| line.starts_with("| R-")).filter_map(|line| line.split('|').nth(5));
    let mut rows = 0;
    for proof in proofs {
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{proof}");
        for name in names {
            let (module, test) = name.rsplit_once("::").unwrap_or_else(|| panic!("{name} is no test"));
            let file = match module.strip_suffix("::tests") {
                Some(module) => format!("src/{}.rs", module.replace("::", "/")),
                None => format!("tests/it/{}.rs", module.split("::").next().unwrap_or(module)),
            };
            let there = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file));
            assert!(there.is_ok_and(|text| text.contains(&format!("fn {test}("))), "{name} is not in {file}");
        }
        rows += 1;
    }
    assert_eq!(rows, 34);
}

/// The first column of the table of numbers.
fn told_numbers() -> Vec<String> {
    let page = read("docs/observability.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    rows.filter(|(name, _)| !name.starts_with('/')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_number_of_the_monitor_is_in_the_operators_page_as_it_is() {
    let page = read("docs/observability.md");
    let metrics = siaga::telemetry::METRICS;
    for metric in metrics {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let labels = if labels.is_empty() { "–".to_owned() } else { labels.join(", ") };
        let row = format!("| `{}` | {} | {labels} | {} |", metric.name, metric.kind.as_str(), metric.help);
        assert!(page.contains(&row), "{row}");
    }
    let told = told_numbers();
    assert_eq!(told.len(), metrics.len());
    for name in told {
        assert!(metrics.iter().any(|metric| metric.name == name), "{name} is in the page only");
    }
}

#[test]
fn every_number_of_the_example_rules_is_there() {
    let rules = read("docs/prometheus-rules.yml");
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = rules.split(|c| !is_of_it(c));
    let mut numbers: Vec<&str> = words.filter(|word| word.starts_with("siaga_")).collect();
    numbers.dedup();
    assert!(numbers.len() >= 10, "{numbers:?}");
    for number in numbers {
        let number = number.strip_suffix("_bucket").unwrap_or(number);
        assert!(siaga::telemetry::METRICS.iter().any(|metric| metric.name == number), "{number}");
    }
}

#[test]
fn every_indicator_has_its_method() {
    let page = read("docs/methods/README.md");
    for kind in IndicatorKind::ALL {
        let short = kind.name().replace("cases_mean_7d_per_100k", "…_per_100k");
        assert!(page.contains(&format!("`{short}`")), "{kind}");
    }
}

#[test]
fn the_data_dictionary_is_the_programs_own() {
    let mut expected = String::from(
        "# Data dictionary\n\nThe columns of every dataset, written by the program: `make docs` writes this file anew. \
         Empty means missing, never zero;\nmoments are RFC 3339, dates ISO, numbers with a point at full precision.\n",
    );
    for dataset in Dataset::ALL {
        let _ = write!(expected, "\n## {}\n\n| column | holds |\n| --- | --- |\n", dataset.name());
        for column in dataset.columns() {
            let _ = writeln!(expected, "| `{}` | {} |", column.name, column.description);
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data-dictionary.md");
    if std::env::var_os("SIAGA_WRITE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), expected, "`make docs` writes it anew");
}
