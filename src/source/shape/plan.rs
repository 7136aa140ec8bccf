//! Which column is what, worked out once for a payload from its line of names.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::date::of_text;
use super::figure::Reading;
use crate::source::spec::{Columns, DateFormat, PayloadFormat, SourceSpec, plain_name};
use crate::text::Reason;

/// A column of figures.
#[derive(Debug)]
pub(super) struct ValueColumn {
    pub(super) place: usize,
    pub(super) name: String,
    pub(super) reading: Reading,
    /// The day, where columns are days.
    pub(super) date: Option<NaiveDate>,
}

/// Where the parts of a date stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    pub(super) year: usize,
    pub(super) month: usize,
    pub(super) day: Option<usize>,
}

/// Where everything is.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) date: Option<usize>,
    pub(super) parts: Option<Parts>,
    pub(super) date_from: Option<usize>,
    pub(super) location: Option<usize>,
    pub(super) location_else: Option<usize>,
    pub(super) measure: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) as_of: Option<usize>,
    pub(super) source: Option<usize>,
    pub(super) unit: Option<usize>,
    pub(super) note: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) address: Option<usize>,
    /// Several figures a row; empty for one a row.
    pub(super) values: Vec<ValueColumn>,
    /// Columns with the values of which only rows are kept.
    pub(super) keep: Vec<(usize, BTreeSet<String>)>,
    /// Columns with the values of which rows are left out.
    pub(super) skip: Vec<(usize, BTreeSet<String>)>,
    /// The payload's shape.
    pub(super) shape: Vec<String>,
    /// Days for which there should be a column.
    pub(super) gaps: Vec<(NaiveDate, NaiveDate)>,
    /// Columns that nothing speaks of, where those are refused.
    pub(super) others: Vec<String>,
}

struct Header<'a> {
    names: &'a [String],
    spec: &'a SourceSpec,
    /// Columns that are needed and not there.
    missing: Vec<String>,
}

impl Header<'_> {
    /// The column of a name, of `#3`, or of `Name (2)`.
    fn find(&self, wanted: &str) -> Result<Option<usize>, Reason> {
        if wanted.is_empty() {
            return Ok(None);
        }
        let mut same = self.same(wanted);
        match (same.next(), same.next()) {
            (Some(place), None) => return Ok(Some(place)),
            (Some(_), Some(_)) => {
                let reason = match self.spec.also_called.is_empty() {
                    true => Reason::new("same-name"),
                    false => Reason::new("two-columns"),
                };
                return Err(reason.text("name", wanted));
            }
            (None, _) => {}
        }
        if let Some(place) = wanted.strip_prefix('#').and_then(|place| place.parse::<usize>().ok()) {
            return Ok(place.checked_sub(1).filter(|place| *place < self.names.len()));
        }
        let numbered = wanted.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
        let numbered =
            numbered.and_then(|(name, ordinal)| Some((name, ordinal.parse::<usize>().ok()?.checked_sub(1)?)));
        Ok(numbered.and_then(|(name, ordinal)| self.same(name).nth(ordinal)))
    }

    fn same(&self, wanted: &str) -> impl Iterator<Item = usize> {
        let names = self.names.iter().enumerate();
        names.filter(move |(_, name)| self.is_called(name, wanted)).map(|(place, _)| place)
    }

    /// Whether a column of this name is the one that is wanted.
    fn is_called(&self, name: &str, wanted: &str) -> bool {
        if self.spec.also_called.is_empty() {
            return name == wanted;
        }
        let plain = plain_name(name);
        let others = self.spec.also_called.get(wanted).into_iter().flatten();
        !plain.is_empty()
            && others.map(String::as_str).chain([wanted]).any(|known| plain_name(known) == plain)
    }

    fn needed(&mut self, wanted: &str) -> Result<Option<usize>, Reason> {
        let found = self.find(wanted)?;
        if found.is_none() {
            self.missing.push(wanted.to_owned());
        }
        Ok(found)
    }

    /// A column that may be left out, unless the spec gives it a name of its own. Where columns may have several names, none
    /// of those is the one that has to be there.
    fn optional(&mut self, wanted: &str, usual: &str) -> Result<Option<usize>, Reason> {
        let is_optional = wanted == usual || wanted.is_empty() || self.spec.also_called.contains_key(wanted);
        if is_optional { self.find(wanted) } else { self.needed(wanted) }
    }
}

impl Plan {
    /// Works out where everything is.
    ///
    /// # Errors
    /// What is missing or told twice.
    pub(super) fn new(spec: &SourceSpec, names: &[String], zone: Tz) -> Result<Self, Reason> {
        let (columns, usual) = (&spec.columns, Columns::default());
        let mut header = Header { names, spec, missing: Vec::new() };
        let mut plan = Self::default();
        if let Some(parts) = &spec.date_parts {
            let (year, month) = (header.needed(&parts.year)?, header.needed(&parts.month)?);
            let day = parts.day.as_deref().map(|day| header.needed(day)).transpose()?.flatten();
            plan.parts = year.zip(month).map(|(year, month)| Parts { year, month, day });
        } else if spec.dates != DateFormat::Received
            && spec.date_from_name.is_none()
            && spec.dates_across.is_none()
        {
            plan.date = header.needed(&columns.date)?;
        }
        let is_told = spec.location.is_some() || spec.is_of_city;
        let location = &columns.location;
        plan.location = if is_told { header.find(location)? } else { header.needed(location)? };
        plan.location_else = header.optional(&columns.location_else, "")?;
        for (column, figure) in &spec.values {
            let place = if spec.optional_values { header.find(column)? } else { header.needed(column)? };
            if let (Some(place), Some(reading)) = (place, Reading::of(figure, spec)) {
                plan.values.push(ValueColumn { place, name: column.clone(), reading, date: None });
            }
        }
        if !spec.is_wide() {
            plan.measure = header.needed(&columns.measure)?;
            plan.value = header.needed(&columns.value)?;
        }
        plan.as_of = header.optional(&columns.as_of, &usual.as_of)?;
        plan.source = header.optional(&columns.source, &usual.source)?;
        plan.unit = header.optional(&columns.unit_id, &usual.unit_id)?;
        plan.note = header.optional(&columns.note, &usual.note)?;
        plan.date_from = header.optional(&columns.date_from, &usual.date_from)?;
        plan.status = header.optional(&columns.status, &usual.status)?;
        plan.address = header.optional(&columns.address, &usual.address)?;
        for (rows, lists) in [(&mut plan.keep, &spec.keep), (&mut plan.skip, &spec.skip)] {
            for (column, values) in lists {
                rows.extend(header.needed(column)?.map(|place| (place, values.clone())));
            }
        }
        let missing = std::mem::take(&mut header.missing);
        if !missing.is_empty() {
            return Err(Reason::new("no-column")
                .text("wanted", missing.join(", "))
                .text("found", listed(names)));
        }
        if spec.optional_values && plan.values.is_empty() {
            return Err(Reason::new("no-figures").text("found", listed(names)));
        }
        if spec.others_refused {
            plan.others = plan.others_of(&header);
        }
        plan.across(spec, names, zone)?;
        plan.shape = plan.shape_of(names);
        Ok(plan)
    }

    /// Columns that are days.
    fn across(&mut self, spec: &SourceSpec, names: &[String], zone: Tz) -> Result<(), Reason> {
        let Some(across) = &spec.dates_across else { return Ok(()) };
        let date = |name: &str| {
            let said = of_text(name, spec.dates, zone);
            // The name of a workbook's column may be a day itself.
            let said = said.or_else(|error| match spec.format {
                PayloadFormat::Xlsx => of_text(name, DateFormat::Iso, zone),
                _ => Err(error),
            });
            said.ok().map(|day| shifted(day.date, spec.date_shift_days))
        };
        let Ok(measure) = across.measure.parse() else { return Ok(()) };
        for (place, name) in names.iter().enumerate() {
            if let Some(date) = date(name) {
                let reading = Reading { measure, times: 1.0, days: 1, numbers: spec.numbers };
                self.values.push(ValueColumn { place, name: name.clone(), reading, date: Some(date) });
            }
        }
        let mut days: Vec<NaiveDate> = self.values.iter().filter_map(|column| column.date).collect();
        days.sort_unstable();
        if days.is_empty() {
            return Err(Reason::new("no-day-column"));
        }
        for pair in days.windows(2) {
            let step = (pair[1] - pair[0]).num_days();
            if step == 0 {
                return Err(Reason::new("same-day").text("date", pair[0]));
            }
            if step > i64::from(across.step_days) {
                let step = chrono::Duration::days(across.step_days.into());
                self.gaps.push((pair[0] + step, pair[1] - chrono::Duration::days(1)));
            }
        }
        Ok(())
    }

    /// The names of columns that nothing speaks of.
    fn others_of(&self, header: &Header<'_>) -> Vec<String> {
        let spec = header.spec;
        let one =
            [self.date, self.location, self.location_else, self.as_of, self.source, self.unit, self.note];
        let more = [self.date_from, self.status, self.address, self.measure, self.value];
        let parts =
            self.parts.map(|parts| [Some(parts.year), Some(parts.month), parts.day]).unwrap_or_default();
        let rows = self.keep.iter().chain(&self.skip).map(|(place, _)| *place);
        let values = self.values.iter().map(|column| column.place);
        let spoken: BTreeSet<usize> =
            one.into_iter().chain(more).chain(parts).flatten().chain(rows).chain(values).collect();
        let is_left = |name: &str| spec.columns_left_out.iter().any(|left| header.is_called(name, left));
        let names = header
            .names
            .iter()
            .enumerate()
            .filter(|(place, name)| !name.is_empty() && !spoken.contains(place) && !is_left(name));
        names.map(|(_, name)| name.clone()).collect()
    }

    fn shape_of(&self, names: &[String]) -> Vec<String> {
        let optional =
            [self.as_of, self.source, self.unit, self.note, self.date_from, self.status, self.address];
        let days: BTreeSet<usize> =
            self.values.iter().filter(|column| column.date.is_some()).map(|column| column.place).collect();
        let mut shape: Vec<String> = Vec::new();
        for (place, name) in names.iter().enumerate() {
            match name.as_str() {
                _ if days.contains(&place) || optional.contains(&Some(place)) => {}
                "" => shape.push(format!("#{}", place + 1)),
                name => shape.push(name.to_owned()),
            }
        }
        if !days.is_empty() {
            shape.push("<date>".to_owned());
        }
        shape.sort_unstable();
        shape
    }
}

/// The names that a payload has, in order.
fn listed(names: &[String]) -> String {
    let mut found: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    found.sort_unstable();
    found.join(", ")
}

/// A date so many days later.
pub(super) fn shifted(date: NaiveDate, days: i32) -> NaiveDate {
    date.checked_add_signed(chrono::Duration::days(days.into())).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    fn plan(said: &str, names: &[&str]) -> Result<Plan, String> {
        let spec = SourceSpec::parse(&format!("id = \"x\"\ntitle = \"t\"\n{said}")).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Plan::new(&spec, &names, Jakarta).map_err(|reason| reason.to_string())
    }

    #[test]
    fn columns_are_found_by_name_by_number_and_by_which_of_that_name() {
        let said = "location = \"3271\"\n[columns]\ndate = \"#1\"\n[values]\n\"New (2)\" = \"cases\"\n\"A (2)\" = \"deaths\"\n";
        let found = plan(said, &["Day", "New", "New", "A (2)"]).unwrap();
        assert_eq!(found.date, Some(0));
        assert_eq!(found.values.iter().map(|column| column.place).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(found.shape, ["A (2)", "Day", "New", "New"]);
    }

    #[test]
    fn what_is_missing_or_told_twice_is_refused_by_name() {
        let said =
            "location = \"3271\"\n[columns]\ndate = \"Day\"\nas_of = \"Issue\"\n[values]\nNew = \"cases\"\n";
        let refused = plan(said, &["b", "a"]).unwrap_err();
        assert_eq!(refused, "it has no column Day, New, Issue; it has a, b");
        let refused = plan(said, &["Day", "Issue", "New", "New"]).unwrap_err();
        assert!(refused.contains("same name, New"), "{refused}");
        // Columns that nobody asks for may share a name, and the usual optional ones may be left out.
        assert!(plan("", &["date", "location", "measure", "value", "", ""]).is_ok());
        let beyond = "location = \"3271\"\n[columns]\ndate = \"#3\"\n[values]\n\"#1\" = \"cases\"\n";
        assert!(plan(beyond, &["", ""]).unwrap_err().starts_with("it has no column #3"));
    }

    #[test]
    fn days_across_fold_into_one_and_gaps_are_seen() {
        let said =
            "dates = \"us\"\n[columns]\nlocation = \"FIPS\"\n[dates_across]\nmeasure = \"cases_total\"\n";
        let whole = plan(said, &["FIPS", "2/29/20", "3/1/20"]).unwrap();
        assert_eq!(
            (whole.shape.as_slice(), whole.gaps.len()),
            (&["<date>".to_owned(), "FIPS".to_owned()][..], 0)
        );
        let gap = plan(said, &["FIPS", "2/29/20", "3/3/20", "extra"]).unwrap();
        assert_eq!(gap.gaps, [("2020-03-01".parse().unwrap(), "2020-03-02".parse().unwrap())]);
        assert_eq!(gap.shape, ["<date>", "FIPS", "extra"]);
        assert!(plan(said, &["FIPS", "cases"]).unwrap_err().contains("is a day"));
        assert!(plan(said, &["FIPS", "3/1/20", "03/01/2020"]).unwrap_err().contains("2020-03-01"));
    }

    #[test]
    fn optional_columns_do_not_count_as_shape() {
        let bare = plan("", &["date", "location", "measure", "value"]).unwrap();
        let full = plan("", &["date", "location", "measure", "value", "note", "as_of"]).unwrap();
        assert_eq!(bare.shape, full.shape);
    }
}
