//! JSON: a path to the records, a path from the record to each column.
//!
//! `/data/content` names a list, each element a record; a `*` stands for each element or each key, and `@key` is what it
//! stood for. `penambahan/positif` goes into an object of the record, `/last_date` starts at the root.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::{Cell, Record, Sink};
use crate::text::Reason;

/// Objects inside objects are looked into so deep for the shape of a payload.
const DEPTH: usize = 4;

enum Path {
    Key,
    /// A cell of the root, the same for every record.
    Root(Vec<String>),
    Steps(Vec<String>),
}

impl Path {
    fn of(name: &str) -> Self {
        let steps = |text: &str| text.split('/').map(str::to_owned).collect();
        match name.strip_prefix('/') {
            _ if name == "@key" => Self::Key,
            Some(rest) => Self::Root(steps(rest)),
            None => Self::Steps(steps(name)),
        }
    }
}

struct Element<'a> {
    root: &'a Value,
    paths: &'a [Path],
    value: &'a Value,
    key: &'a str,
}

impl<'a> Element<'a> {
    fn at(&self, path: &Path) -> Option<Cell<'a>> {
        match path {
            Path::Key => (!self.key.is_empty()).then_some(Cell::Text(self.key)),
            Path::Root(steps) => follow(self.root, steps).map(cell),
            Path::Steps(steps) => follow(self.value, steps).map(cell),
        }
    }
}

impl Record for Element<'_> {
    fn cell(&self, place: usize) -> Cell<'_> {
        self.paths.get(place).and_then(|path| self.at(path)).unwrap_or(Cell::Empty)
    }

    fn first_text(&self) -> Cow<'_, str> {
        let first = self.value.as_object().and_then(|object| object.values().find_map(Value::as_str));
        Cow::Borrowed(first.unwrap_or_default())
    }
}

fn follow<'a>(value: &'a Value, steps: &[String]) -> Option<&'a Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(list) => step.parse::<usize>().ok().and_then(|place| list.get(place)),
        _ => None,
    })
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Null => Cell::Empty,
        Value::String(text) => Cell::of(text),
        Value::Number(number) => number.as_f64().map_or(Cell::Other("∞"), Cell::Number),
        Value::Bool(true) => Cell::Other("true"),
        Value::Bool(false) => Cell::Other("false"),
        Value::Array(_) => Cell::Other("[…]"),
        Value::Object(_) => Cell::Other("{…}"),
    }
}

/// Reads JSON. `named` are the columns that the spec speaks of.
///
/// # Errors
/// When it is not JSON, has no records where they should be, or the sink refuses their keys.
pub(in crate::source) fn read_json(
    bytes: &[u8],
    records: &str,
    named: &BTreeSet<&str>,
    sink: &mut dyn Sink,
) -> Result<(), Reason> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let mut elements = Vec::new();
    let steps: Vec<&str> = records.split('/').filter(|step| !step.is_empty()).collect();
    gather(&root, &steps, "", &mut elements);
    if elements.is_empty() {
        let path = if records.is_empty() { "/" } else { records };
        return Err(Reason::new("no-records").text("path", path));
    }
    let mut names: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
    let mut paths: Vec<Path> = names.iter().map(|name| Path::of(name)).collect();
    let mut found = vec![false; names.len()];
    let mut shape = HashSet::new();
    let mut buffer = String::new();
    for (key, value) in &elements {
        let element = Element { root: &root, paths: &[], value, key };
        for (place, path) in paths.iter().enumerate() {
            found[place] = found[place] || element.at(path).is_some();
        }
        leaves(value, &mut buffer, &mut shape, DEPTH);
    }
    for place in (0..names.len()).rev().filter(|place| !found[*place]) {
        names.remove(place);
        paths.remove(place);
    }
    let mut others: Vec<String> = shape.into_iter().filter(|name| !names.contains(name)).collect();
    others.sort_unstable();
    names.extend(others);
    sink.header(&names)?;
    for (ordinal, (key, value)) in (1..).zip(&elements) {
        sink.record(ordinal, &Element { root: &root, paths: &paths, value, key });
    }
    Ok(())
}

/// Where it stops being JSON, and why.
pub(in crate::source) fn not_json(error: &serde_json::Error) -> Reason {
    let reason =
        if error.is_eof() { Reason::new("json-ends") } else { Reason::new("not-json").text("detail", error) };
    reason.count("line", error.line()).count("column", error.column())
}

/// Follows the path to the records; a list at its end is one record an element.
fn gather<'a>(value: &'a Value, steps: &[&str], key: &str, elements: &mut Vec<(String, &'a Value)>) {
    match (steps.split_first(), value) {
        (None, Value::Array(list)) => elements.extend(list.iter().map(|value| (key.to_owned(), value))),
        (None, Value::Object(_)) => elements.push((key.to_owned(), value)),
        (Some((&"*", rest)), Value::Array(list)) => {
            for (place, value) in list.iter().enumerate() {
                gather(value, rest, &place.to_string(), elements);
            }
        }
        (Some((&"*", rest)), Value::Object(object)) => {
            for (name, value) in object {
                gather(value, rest, name, elements);
            }
        }
        (Some((step, rest)), _) => {
            if let Some(value) = follow(value, &[(*step).to_owned()]) {
                gather(value, rest, key, elements);
            }
        }
        (None, _) => {}
    }
}

/// The paths to everything that is no object.
fn leaves(value: &Value, path: &mut String, found: &mut HashSet<String>, depth: usize) {
    let Value::Object(object) = value else { return };
    for (key, value) in object {
        let length = path.len();
        if length > 0 {
            path.push('/');
        }
        path.push_str(key);
        if value.is_object() && depth > 1 {
            leaves(value, path, found, depth - 1);
        } else if !found.contains(path.as_str()) {
            found.insert(path.clone());
        }
        path.truncate(length);
    }
}
