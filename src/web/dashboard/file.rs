//! A dashboard's file: its title in both languages, who may open it, and its panels from top to bottom, alone or side by
//! side in rows.
//!
//! Unknown keys, keys that do not belong to a panel's kind and impossible numbers are faults with file and line, and say what
//! was probably meant.

use serde::Deserialize;
use toml::Spanned;

use super::definition::{Dashboard, Fault, Opens, Panel};
use super::panel_file::{At, PanelFile};
use crate::assessment::{Text, told_of_toml};
use crate::assets;

/// The dashboards that ship, each with an address of its own.
pub(in crate::web) const NAMES: [&str; 5] = ["mayor", "public", "officials", "analyst", "wall"];

/// So many panels stand side by side at most.
const WIDEST_ROW: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DashboardFile {
    title: Text,
    lead: Option<Text>,
    audience: Option<Spanned<Opens>>,
    layout: Option<Layout>,
    panels: Option<Spanned<Vec<Spanned<PanelFile>>>>,
    #[serde(default)]
    row: Vec<Spanned<RowFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowFile {
    panels: Vec<Spanned<PanelFile>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Layout {
    Page,
    Wall,
}

/// Reads and checks a dashboard; `name` is that of its file, for the fault.
///
/// # Errors
/// [`Fault`] with file and line.
pub fn check(name: &str, text: &str) -> Result<Dashboard, Fault> {
    let line_at = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    let fault = |line: usize, message: String| Fault { file: name.to_owned(), line, message };
    let file: DashboardFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(span.start));
        fault(line, told(error.message()))
    })?;
    read(file).map_err(|(at, message)| fault(line_at(at), message))
}

/// What the reader of TOML says, with what was meant; a map is asked for often enough to be answered by name.
fn told(message: &str) -> String {
    if message.contains("variant `map`") {
        return "there is no map: siaga ships no boundaries, and a level is one city's; write a chart or a table".to_owned();
    }
    told_of_toml(message)
}

fn read(file: DashboardFile) -> Result<Dashboard, At> {
    let opens = file.audience.as_ref().map_or(Opens::default(), |audience| *audience.get_ref());
    let single = file.panels.as_ref().map(|panels| panels.span().start);
    let rows: Vec<Vec<Spanned<PanelFile>>> = match (file.panels, file.row) {
        (Some(_), rows) if !rows.is_empty() => {
            let message = "write either panels, one below the other, or [[row]] with panels side by side";
            return Err((single.unwrap_or_default(), message.to_owned()));
        }
        (Some(panels), _) => alone(panels.into_inner()),
        (None, rows) => rows.into_iter().map(side_by_side).collect::<Result<_, _>>()?,
    };
    let mut panels: Vec<Panel> = Vec::new();
    let mut widths = Vec::new();
    for row in rows {
        let before = panels.len();
        for panel in row {
            let at = panel.span().start;
            add(&mut panels, before, (at, panel.into_inner()))?;
            let is_closed =
                opens == Opens::Public && panels.last().is_some_and(|panel| panel.needs().is_some());
            if is_closed {
                let message = "this panel is not for everybody, and the dashboard is (audience = \"public\")";
                return Err((at, message.to_owned()));
            }
        }
        widths.push(panels.len() - before);
    }
    if panels.is_empty() {
        return Err((0, "panels: a dashboard has one at least".to_owned()));
    }
    let is_wall = file.layout == Some(Layout::Wall);
    Ok(Dashboard { title: file.title, lead: file.lead, opens, is_wall, panels, rows: widths })
}

/// Each in a row of its own; a strip belongs to the curve before it.
fn alone(panels: Vec<Spanned<PanelFile>>) -> Vec<Vec<Spanned<PanelFile>>> {
    let mut rows: Vec<Vec<Spanned<PanelFile>>> = Vec::new();
    for panel in panels {
        match rows.last_mut() {
            Some(row) if panel.get_ref().is_strip() => row.push(panel),
            _ => rows.push(vec![panel]),
        }
    }
    rows
}

fn side_by_side(row: Spanned<RowFile>) -> Result<Vec<Spanned<PanelFile>>, At> {
    let at = row.span().start;
    let panels = row.into_inner().panels;
    let width = panels.iter().filter(|panel| !panel.get_ref().is_strip()).count();
    // A strip that comes first is told of by its own fault.
    let is_told = panels.first().is_some_and(|panel| panel.get_ref().is_strip());
    match is_told || (1..=WIDEST_ROW).contains(&width) {
        true => Ok(panels),
        false => Err((at, format!("panels: a row holds 1 to {WIDEST_ROW}"))),
    }
}

/// A strip joins the curve right before it in its row.
fn add(panels: &mut Vec<Panel>, row: usize, (at, panel): (usize, PanelFile)) -> Result<(), At> {
    let is_first = panels.len() == row;
    match panels.last_mut().filter(|_| !is_first) {
        Some(Panel::Epicurve(curve)) if panel.is_strip() => curve.has_strip = true,
        _ if panel.is_strip() => {
            let message = "level_strip stands under an epicurve: put it right after one, or write \
                           { kind = \"chart\", chart = \"level_strip\" }";
            return Err((at, message.to_owned()));
        }
        _ => panels.push(panel.check()?),
    }
    Ok(())
}

/// The shipped file of a dashboard.
///
/// # Errors
/// [`Fault`] with file and line.
pub(in crate::web) fn load(name: &str) -> Result<Dashboard, Fault> {
    let path = format!("{name}.toml");
    let shown = format!("dashboards/{path}");
    let missing = || Fault { file: shown.clone(), line: 1, message: "the file is missing".to_owned() };
    let file = assets::dashboard_file(&path).ok_or_else(missing)?;
    check(&shown, &String::from_utf8_lossy(&file.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title = { id = \"a\", en = \"b\" }\npanels = [\n";

    fn line(panels: &str) -> Result<usize, usize> {
        check("x.toml", &format!("{HEAD}{panels}\n]\n")).map(|it| it.panels.len()).map_err(|fault| fault.line)
    }

    fn said(panels: &str) -> String {
        check("x.toml", &format!("{HEAD}{panels}\n]\n")).unwrap_err().to_string()
    }

    #[test]
    fn the_shipped_dashboards_are_sound() {
        for name in NAMES {
            assert!(load(name).is_ok(), "{:?}", load(name).err());
        }
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        assert_eq!(assets::dashboard_names(), names, "each file that ships has a page");
        let opens = NAMES.map(|name| load(name).unwrap().opens.as_str());
        assert_eq!(opens, ["city", "public", "officials", "analysis", "city"]);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(
            line("{ kind = \"level\" },\n{ kind = \"epicurve\", days = 56 },\n{ kind = \"level_strip\" }"),
            Ok(2)
        );
        assert_eq!(line("{ kind = \"level\" },\n{ kind = \"levle\" }"), Err(4));
        assert_eq!(line("{ kind = \"level\" },\n{ kind = \"level\", days = 7 }"), Err(4));
        assert_eq!(line("{ kind = \"level\", color = 7 }"), Err(3));
        assert_eq!(line("{ kind = \"level_strip\" }"), Err(3));
        assert_eq!(line("{ kind = \"epicurve\", days = 56, thresholds_per_100k = [50, 20] }"), Err(3));
        assert_eq!(line("{ kind = \"line\", days = 56, figure = \"nonsense\" }"), Err(3));
        assert_eq!(line(""), Err(1));
    }

    #[test]
    fn a_fault_inside_a_panel_names_the_keys_own_line() {
        assert_eq!(line("{ kind = \"table\",\n  indicators = [\n] }"), Err(4));
        assert_eq!(line("{ kind = \"indicators\", columns = [\"cases_7d\"],\n\n  days = 3 }"), Err(5));
        assert_eq!(line("{ kind = \"chart\",\n  chart = \"pie\" }"), Err(4));
        assert_eq!(line("{ kind = \"text\",\n  text = { id = \"\", en = \"x\" } }"), Err(4));
    }

    #[test]
    fn what_was_meant_is_said() {
        assert!(
            said("{ kind = \"levle\" }").ends_with("did you mean 'level'?"),
            "{}",
            said("{ kind = \"levle\" }")
        );
        let key = said("{ kind = \"chart\", chrt = \"growth\" }");
        assert!(key.starts_with("x.toml, line 3:") && key.ends_with("did you mean 'chart'?"), "{key}");
        let chart = said("{ kind = \"chart\", chart = \"incidense\" }");
        assert!(chart.ends_with("did you mean 'incidence'?"), "{chart}");
        let indicator = said("{ kind = \"table\", indicators = [\"case_7d\"] }");
        assert!(indicator.ends_with("did you mean 'cases_7d'?"), "{indicator}");
        let map = said("{ kind = \"map\" }");
        assert!(map.contains("there is no map"), "{map}");
    }

    #[test]
    fn every_chart_can_be_a_panel_and_takes_only_its_own_keys() {
        for name in crate::web::figures::NAMES {
            assert_eq!(line(&format!("{{ kind = \"chart\", chart = \"{name}\" }}")), Ok(1), "{name}");
            assert_eq!(
                line(&format!("{{ kind = \"chart\", chart = \"{name}\", days = 90 }}")),
                Ok(1),
                "{name}"
            );
        }
        assert_eq!(line("{ kind = \"chart\", chart = \"epicurve\", scale = \"log\" }"), Ok(1));
        assert_eq!(line("{ kind = \"chart\", chart = \"growth\", scale = \"log\" }"), Err(3));
        assert_eq!(line("{ kind = \"chart\", chart = \"epicurve\", scale = \"square\" }"), Err(3));
        assert_eq!(line("{ kind = \"chart\", chart = \"growth\", days = 6 }"), Err(3));
        assert_eq!(line("{ kind = \"chart\" }"), Err(3));
    }

    #[test]
    fn panels_stand_side_by_side_in_rows_or_below_each_other() {
        let head = "title = { id = \"a\", en = \"b\" }\n";
        let read = |text: &str| check("x.toml", &format!("{head}{text}"));
        let rows = read(
            "[[row]]\npanels = [{ kind = \"level\" }, { kind = \"countdown\" }]\n[[row]]\npanels = [\n\
             { kind = \"epicurve\", days = 56 }, { kind = \"level_strip\" }, { kind = \"freshness\" }]\n",
        )
        .unwrap();
        assert_eq!((rows.panels.len(), rows.rows), (4, vec![2, 2]));
        let both = "panels = [{ kind = \"level\" }]\n[[row]]\npanels = [{ kind = \"level\" }]\n";
        assert_eq!(read(both).unwrap_err().line, 2);
        let five = format!("[[row]]\npanels = [{}]\n", "{ kind = \"level\" },".repeat(5));
        assert_eq!(read(&five).unwrap_err().line, 2);
        assert!(read("[[row]]\npanels = []\n").is_err());
        assert!(read("[[row]]\npanels = [{ kind = \"level\" }]\nheight = 3\n").is_err());
        let strip = "[[row]]\npanels = [{ kind = \"epicurve\", days = 56 }]\n[[row]]\npanels = [{ kind = \"level_strip\" }]\n";
        assert_eq!(read(strip).unwrap_err().line, 5);
    }

    #[test]
    fn who_may_open_it_is_one_of_four_and_the_public_gets_no_panel_that_is_not_for_it() {
        let read = |audience: &str, panel: &str| {
            let text = format!("audience = \"{audience}\"\n{HEAD}{panel}\n]\n");
            check("x.toml", &text).map(|it| it.opens).map_err(|fault| fault.line)
        };
        let level = "{ kind = \"level\" }";
        assert_eq!(line(level), Ok(1));
        assert_eq!(check("x.toml", &format!("{HEAD}{level}\n]\n")).unwrap().opens, Opens::City);
        for (word, opens) in
            [("public", Opens::Public), ("officials", Opens::Officials), ("analysis", Opens::Analysis)]
        {
            assert_eq!(read(word, level), Ok(opens));
        }
        assert_eq!(read("everybody", level), Err(1));
        for closed in [
            "{ kind = \"units\" }",
            "{ kind = \"alerts\", most = 3 }",
            "{ kind = \"runs\", most = 3 }",
            "{ kind = \"revisions\", most = 3 }",
        ] {
            assert_eq!(read("public", closed), Err(4), "{closed}");
            assert!(read("city", closed).is_ok(), "{closed}");
        }
    }
}
