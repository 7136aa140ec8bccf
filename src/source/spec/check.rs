//! What must fit together in a spec, each fault with the line to look at.

use std::collections::BTreeSet;

use regex::Regex;

use super::file::plain_name;
use super::{AuthorityIn, BareName, DateFormat, Figure, LookedUpBy, PayloadFormat, SourceSpec, SpecFault};
use crate::observation::Measure;

/// Keys that only one form of payload has; a table may be either of two.
const FORM_KEYS: [(&str, PayloadFormat); 7] = [
    ("delimiters", PayloadFormat::Csv),
    ("delimiter", PayloadFormat::Csv),
    ("quote", PayloadFormat::Csv),
    ("encoding", PayloadFormat::Csv),
    ("records", PayloadFormat::Json),
    ("sheet", PayloadFormat::Xlsx),
    ("sheet_pattern", PayloadFormat::Xlsx),
];

struct Check<'a> {
    spec: &'a SourceSpec,
    text: &'a str,
    /// The keys that stand in the file.
    given: BTreeSet<String>,
}

/// Refuses a spec whose parts do not fit together.
pub(super) fn check(spec: &SourceSpec, text: &str) -> Result<(), SpecFault> {
    let table: toml::Table =
        toml::from_str(text).map_err(|error| SpecFault { line: 1, message: error.message().to_owned() })?;
    let check = Check { spec, text, given: table.keys().cloned().collect() };
    check.identity()?;
    check.request()?;
    check.form()?;
    check.names()?;
    check.figures()?;
    check.dates()?;
    check.places()?;
    check.authority()?;
    match spec.checks.check() {
        Ok(()) => Ok(()),
        Err((key, message)) => check.fault(key, format!("{key}: {message}")),
    }
}

impl Check<'_> {
    /// A fault at the line of a key (or of a table, or of a quoted name); the first line if it cannot be found.
    fn fault<T>(&self, key: &str, message: impl Into<String>) -> Result<T, SpecFault> {
        let is_at = |line: &str| {
            let line = line.trim_start().trim_start_matches('[').trim_start_matches('"');
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(['"', ' ', '=', ']', '.']))
        };
        let at = self
            .text
            .lines()
            .position(is_at)
            .or_else(|| self.text.lines().position(|line| line.contains(key)));
        Err(SpecFault { line: at.map_or(1, |index| index + 1), message: message.into() })
    }

    fn has(&self, key: &str) -> bool {
        self.given.contains(key)
    }

    fn identity(&self) -> Result<(), SpecFault> {
        let id = &self.spec.id;
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return self.fault("id", "id must be letters, digits, - _ or .");
        }
        Ok(())
    }

    /// What a source counts for in a place is said once for every day.
    fn authority(&self) -> Result<(), SpecFault> {
        let said = &self.spec.authority_in;
        for (place, one) in said.iter().enumerate() {
            let days = one.period();
            if let Some((from, to)) = days.filter(|(from, to)| from > to) {
                return self.fault("authority_in", format!("authority_in: {from} is after {to}"));
            }
            let overlap = |other: &&AuthorityIn| match (days, other.period()) {
                (Some((from, to)), Some((begin, end))) => from <= end && begin <= to,
                (one, other) => one.is_none() && other.is_none(),
            };
            let others = said[..place].iter().filter(|other| other.location == one.location);
            if let Some(other) = others.filter(|other| other.authority != one.authority).find(overlap) {
                return self.fault(
                    "authority_in",
                    format!(
                        "authority_in: {} counts {} and {} on the same day; write from and to so that they do not overlap",
                        one.location, other.authority, one.authority
                    ),
                );
            }
        }
        Ok(())
    }

    fn request(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        spec.request().check().or_else(|(key, message)| self.fault(&key, message))?;
        match &spec.pages {
            Some(pages) if pages.next.is_some() && spec.format != PayloadFormat::Json => {
                self.fault("pages", "pages.next is a path in JSON: it needs format = \"json\"")
            }
            _ => Ok(()),
        }
    }

    fn form(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        for (key, format) in FORM_KEYS {
            let is_table = spec.format == PayloadFormat::Table && format != PayloadFormat::Json;
            if self.has(key) && format != spec.format && !is_table {
                let message =
                    format!("{key} is of format = \"{}\", this is {}", format.name(), spec.format.name());
                return self.fault(key, message);
            }
        }
        if self.has("header_row") && spec.format == PayloadFormat::Json {
            return self.fault("header_row", "JSON has no header_row");
        }
        if spec.header_row > 1000 {
            return self.fault("header_row", "header_row must be at most 1000");
        }
        if !spec.delimiter.is_ascii() {
            return self.fault("delimiter", "delimiter must be one ASCII character");
        }
        if self.has("delimiter") && self.has("delimiters") {
            return self.fault("delimiters", "delimiters stands beside delimiter: keep one of them");
        }
        if self.has("delimiters") && spec.delimiters.is_empty() {
            return self.fault("delimiters", "delimiters needs at least one character");
        }
        if spec.delimiters.iter().any(|mark| !mark.is_ascii() || *mark == spec.quote) {
            return self.fault("delimiters", "delimiters must be ASCII characters, others than quote");
        }
        if !spec.quote.is_ascii() || spec.quote == spec.delimiter {
            return self.fault("quote", "quote must be one ASCII character, another than delimiter");
        }
        if !spec.records.is_empty() && !spec.records.starts_with('/') {
            return self.fault("records", "records must start with /");
        }
        if let Some(pattern) = &spec.sheet_pattern {
            if spec.sheet.is_some() {
                return self.fault("sheet_pattern", "sheet_pattern stands beside sheet: keep one of them");
            }
            self.pattern("sheet_pattern", pattern)?;
        }
        let names = [&spec.columns.date, &spec.columns.location, &spec.columns.measure, &spec.columns.value];
        let names =
            names.into_iter().chain(spec.values.keys()).chain(spec.keep.keys()).chain(spec.skip.keys());
        for name in names {
            if name
                .strip_prefix('#')
                .is_some_and(|place| place.parse::<usize>().is_ok_and(|place| place == 0))
            {
                return self.fault(name, "columns are counted from #1");
            }
        }
        for (key, lists) in [("keep", &spec.keep), ("skip", &spec.skip)] {
            if lists.values().any(BTreeSet::is_empty) {
                return self.fault(key, format!("{key} needs at least one value for each column"));
            }
        }
        if spec.skip_rows_like.iter().any(|word| word.trim().is_empty()) {
            return self
                .fault("skip_rows_like", "skip_rows_like has an empty word, which every row starts with");
        }
        Ok(())
    }

    /// Names that columns may have besides, and columns that nothing speaks of.
    fn names(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        let named = spec.named_columns();
        let mut known: BTreeSet<String> = BTreeSet::new();
        for (column, others) in &spec.also_called {
            if !named.contains(column.as_str()) {
                return self
                    .fault(column, format!("also_called: nothing here speaks of a column '{column}'"));
            }
            let both = others.iter().chain([column]).map(|name| plain_name(name));
            if let Some(twice) =
                both.into_iter().collect::<BTreeSet<_>>().into_iter().find(|name| !known.insert(name.clone()))
            {
                return self.fault(column, format!("also_called: two columns may be called '{twice}'"));
            }
        }
        if spec.optional_values && spec.values.is_empty() {
            return self.fault("optional_values", "optional_values needs values, of which one must be there");
        }
        if spec.others_refused && (spec.values.is_empty() || spec.format == PayloadFormat::Json) {
            return self.fault("others_refused", "others_refused needs values in a table");
        }
        if !spec.columns_left_out.is_empty() && !spec.others_refused {
            return self.fault("columns_left_out", "columns_left_out needs others_refused = true");
        }
        Ok(())
    }

    fn pattern(&self, key: &str, pattern: &str) -> Result<Regex, SpecFault> {
        match Regex::new(pattern) {
            Ok(regex) => Ok(regex),
            Err(error) => {
                let said = error.to_string();
                self.fault(key, format!("{key}: {}", said.lines().last().unwrap_or_default().trim()))
            }
        }
    }

    fn figures(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        for Figure { measure, times, days, .. } in spec.values.values().chain(spec.measure_names.values()) {
            self.measure(measure)?;
            if !times.is_finite() || *times == 0.0 {
                return self.fault("times", "times must be a number other than 0");
            }
            if !(1..=366).contains(days) {
                return self.fault("days", "days must be 1 to 366");
            }
        }
        if let Some(across) = &spec.dates_across {
            self.measure(&across.measure)?;
            if !spec.values.is_empty() {
                return self.fault("dates_across", "dates_across stands beside values: keep one of them");
            }
            if spec.format == PayloadFormat::Json || spec.header_row == 0 {
                return self.fault("dates_across", "dates_across needs a line of column names");
            }
            if across.step_days == 0 {
                return self.fault("dates_across", "dates_across.step_days must be at least 1");
            }
        }
        if let Some((word, _)) = spec.value_names.iter().find(|(_, value)| !value.is_finite()) {
            return self.fault(word, format!("value_names: '{word}' must stand for a number"));
        }
        Ok(())
    }

    fn measure(&self, name: &str) -> Result<(), SpecFault> {
        if name.parse::<Measure>().is_ok() {
            return Ok(());
        }
        let quoted = format!("\"{name}\"");
        let at = self.text.lines().position(|line| line.contains(&quoted));
        Err(SpecFault {
            line: at.map_or(1, |index| index + 1),
            message: format!("'{name}' is not a measure"),
        })
    }

    fn dates(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        if let Some(pattern) = &spec.date_from_name
            && self.pattern("date_from_name", pattern)?.captures_len() != 2
        {
            return self.fault("date_from_name", "date_from_name needs one group, around the day");
        }
        if spec.date_shift_days.abs() > 366 {
            return self.fault("date_shift_days", "date_shift_days must be -366 to 366");
        }
        let ways = [
            ("dates_across", spec.dates_across.is_some()),
            ("date_parts", spec.date_parts.is_some()),
            ("date_from_name", spec.date_from_name.is_some()),
        ];
        let mut used = ways.iter().filter(|(_, is_used)| *is_used);
        if let (Some((first, _)), Some((second, _))) = (used.next(), used.next()) {
            return self.fault(second, format!("{second} stands beside {first}: a date is told in one way"));
        }
        if spec.dates == DateFormat::Received && ways.iter().any(|(_, is_used)| *is_used) {
            return self.fault("dates", "dates = \"received\" takes no date from the payload or its name");
        }
        Ok(())
    }

    fn places(&self) -> Result<(), SpecFault> {
        let spec = self.spec;
        let by_name = spec.locations_by != LookedUpBy::Code;
        if !by_name && spec.locations_within.is_some() {
            return self.fault("locations_within", "locations_within needs locations_by = \"name\"");
        }
        if let (false, Some(BareName::Regency | BareName::City)) = (by_name, spec.bare_name) {
            return self.fault("bare_name", "bare_name needs locations_by = \"name\"");
        }
        if by_name && !spec.location_prefix.is_empty() {
            return self.fault("location_prefix", "location_prefix stands before codes, not before names");
        }
        if spec.location_digits > 20 {
            return self.fault("location_digits", "location_digits must be at most 20");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fault of a spec that says this besides its id and title, which are lines 1 and 2.
    fn fault(said: &str) -> (usize, String) {
        match SourceSpec::parse(&format!("id = \"x\"\ntitle = \"t\"\n{said}")) {
            Ok(_) => (0, format!("can be used: {said}")),
            Err(fault) => (fault.line, fault.message),
        }
    }

    #[test]
    fn what_is_said_before_is_still_refused_with_its_line() {
        let line = |text: &str| SourceSpec::parse(text).map(|_| ()).map_err(|fault| fault.line);
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\nadress = \"http://a\""), Err(3));
        assert_eq!(line("id = \"x y\"\ntitle = \"t\""), Err(1));
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\nnumbers = \"german\""), Err(3));
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\n[values]\npositif = \"kasus\""), Err(4));
        assert_eq!(line("id = \"x\"\ntitle = \"t\""), Ok(()));
    }

    #[test]
    fn every_key_there_is_refuses_what_it_does_not_hold() {
        // The parser itself tells which keys there are.
        let (_, told) = fault("colour = 1");
        let keys: Vec<&str> = told.split('`').skip(3).step_by(2).collect();
        assert!(keys.len() > 45 && keys.contains(&"records"), "{told}");
        for key in keys.into_iter().filter(|key| !["id", "title"].contains(key)) {
            let (line, message) = fault(&format!("{key} = {{ \"é é\" = [] }}"));
            assert_eq!(line, 3, "{key}: {message}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases is read from top to bottom")]
    fn every_key_that_cannot_be_used_is_refused_with_its_line() {
        let cases: [(&str, usize, &str); 74] = [
            // Who counts when.
            (
                "[[authority_in]]\nlocation = \"3271\"\nauthority = 1\nfrom = \"2021-07-01\"\nto = \"2021-06-30\"",
                3,
                "2021-07-01 is after 2021-06-30",
            ),
            (
                "[[authority_in]]\nlocation = \"3271\"\nauthority = 1\nto = \"2021-06-30\"\n[[authority_in]]\nlocation = \"3271\"\nauthority = 2\nfrom = \"2021-06-30\"",
                3,
                "3271 counts 1 and 2 on the same day",
            ),
            ("[[authority_in]]\nlocation = \"3271\"\nauthority = 1\nfrom = \"1 Juni\"", 6, ""),
            // Unknown keys, at every level.
            ("colour = \"red\"", 3, "unknown field"),
            ("[columns]\ndatum = \"x\"", 4, "unknown field"),
            ("[pages]\nnext = \"/a\"\nlast = 1", 5, "unknown field"),
            ("[cadence]\nevery = \"day\"", 4, "unknown field"),
            ("[date_parts]\nyear = \"a\"\nmonth = \"b\"\nhour = \"c\"", 6, "unknown field"),
            ("[dates_across]\nmeasure = \"cases\"\nformat = \"us\"", 5, "unknown field"),
            ("[values]\na = { measure = \"cases\", factor = 2 }", 4, "unknown field"),
            // The request.
            ("address = \"https://a\"\npath = \"b\"", 4, "not both"),
            ("method = \"PUT\"", 3, "unknown variant"),
            ("body = \"{}\"", 3, "method"),
            ("[headers]\n\"X Y\" = \"1\"", 4, "not the name"),
            ("[headers]\nA = \"b\\nc\"", 4, "one line"),
            ("[headers]\nAuthorization = \"env:SECRET\"", 4, "SIAGA_SOURCE_"),
            ("[headers]\nAuthorization = \"env:SIAGA_SOURCE_\"", 4, "SIAGA_SOURCE_"),
            ("[headers]\nA = 1", 4, "expected a string"),
            ("[pages]\nfirst = 1", 3, "one of the two"),
            ("format = \"json\"\n[pages]\nnext = \"/n\"\nparameter = \"page\"", 4, "one of the two"),
            ("[pages]\nnext = \"/n\"", 3, "json"),
            ("[pages]\nparameter = \"page\"\nmost = 0", 3, "1 to 1000"),
            // When.
            ("[cadence]\ndays = [\"mon\", \"funday\"]", 4, "weekday names"),
            ("[cadence]\nby = \"5 pm\"", 4, "17:00"),
            ("[cadence]\nlate_after = \"soon\"", 4, "6h"),
            ("[cadence]\nlate_after = \"6é\"", 4, "6h"),
            ("[cadence]\nstalled_after_days = -1", 4, "invalid value"),
            ("expected_lag_days = \"one\"", 3, "invalid type"),
            // The form.
            ("format = \"ods\"", 3, "unknown variant"),
            ("delimiter = \"é\"", 3, "ASCII"),
            ("delimiter = \"ab\"", 3, "character"),
            ("quote = \",\"", 3, "another than delimiter"),
            ("delimiters = []", 3, "at least one"),
            ("delimiters = [\"é\"]", 3, "ASCII"),
            ("delimiters = [\";\", \"\\\"\"]", 3, "others than quote"),
            ("delimiter = \";\"\ndelimiters = [\";\"]", 4, "keep one"),
            ("format = \"xlsx\"\ndelimiters = [\";\"]", 4, "csv"),
            ("encoding = \"utf-16\"", 3, "unknown variant"),
            // Names of columns.
            ("[also_called]\nHari = [\"Day\"]", 4, "speaks of a column 'Hari'"),
            ("[also_called]\ndate = [\"Hari\"]\nvalue = [\"HARI\"]", 5, "may be called 'hari'"),
            ("optional_values = true", 3, "needs values"),
            ("others_refused = true", 3, "needs values"),
            ("format = \"json\"\nothers_refused = true\n[values]\na = \"cases\"", 4, "in a table"),
            ("columns_left_out = [\"No\"]\n[values]\na = \"cases\"", 3, "others_refused = true"),
            ("header_row = 1001", 3, "at most 1000"),
            ("format = \"json\"\nheader_row = 1", 4, "no header_row"),
            ("format = \"json\"\ndelimiter = \";\"", 4, "csv"),
            ("records = \"/a\"", 3, "json"),
            ("format = \"json\"\nrecords = \"a\"", 4, "start with /"),
            ("sheet = \"a\"", 3, "xlsx"),
            ("format = \"xlsx\"\nsheet_pattern = \"(\"", 4, "unclosed group"),
            ("format = \"xlsx\"\nsheet = \"a\"\nsheet_pattern = \"b\"", 5, "keep one"),
            ("[columns]\ndate = \"#0\"", 4, "#1"),
            ("[keep]\na = []", 3, "at least one"),
            ("skip_rows_like = [\" \"]", 3, "empty word"),
            // The figures.
            ("[values]\na = { measure = \"cases\", times = 0 }", 4, "other than 0"),
            ("[values]\na = { measure = \"cases\", days = 0 }", 4, "1 to 366"),
            ("[measure_names]\na = \"kasus\"", 4, "not a measure"),
            ("[dates_across]\nmeasure = \"kasus\"", 4, "not a measure"),
            ("[dates_across]\nmeasure = \"cases\"\n[values]\na = \"cases\"", 3, "keep one"),
            ("header_row = 0\n[dates_across]\nmeasure = \"cases\"", 4, "column names"),
            ("[dates_across]\nmeasure = \"cases\"\nstep_days = 0", 3, "at least 1"),
            ("[value_names]\nmany = inf", 4, "a number"),
            // The date.
            ("dates = \"julian\"", 3, "unknown variant"),
            ("date_from_name = \"2021\"", 3, "one group"),
            ("date_shift_days = 400", 3, "366"),
            ("date_from_name = \"(x)\"\n[date_parts]\nyear = \"a\"\nmonth = \"b\"", 3, "one way"),
            ("dates = \"received\"\ndate_from_name = \"(x)\"", 3, "received"),
            // The place.
            ("locations_within = \"32\"", 3, "by = \"name\""),
            ("bare_name = \"regency\"", 3, "by = \"name\""),
            ("locations_by = \"name\"\nlocation_prefix = \"X-\"", 4, "before codes"),
            ("location_digits = 21", 3, "at most 20"),
            // The checks.
            ("[checks]\nrows = 3", 4, "unknown field"),
            ("[checks]\nrows_gone_pct = 130", 4, "0 to 100"),
        ];
        for (said, line, words) in cases {
            let (at, message) = fault(said);
            assert_eq!(at, line, "{said}: {message}");
            assert!(message.contains(words), "{said}: {message}");
        }
    }

    #[test]
    fn a_whole_spec_is_read() {
        let spec = SourceSpec::parse(
            "id = \"x\"\ntitle = \"t\"\naddress = \"https://example.org/a\"\nmethod = \"POST\"\nbody = \"{}\"\n\
             format = \"json\"\nrecords = \"/data/*\"\ndates = \"epoch_ms\"\nmissing = [\"NA\"]\n\
             [headers]\nAuthorization = \"env:SIAGA_SOURCE_KEY\"\n[pages]\nparameter = \"page\"\nmost = 3\n\
             [cadence]\ndays = [\"mon\", \"fri\"]\nby = \"17:00\"\nlate_after = \"90m\"\n\
             [values]\na = \"cases\"\nb = { measure = \"bed_occupancy_pct\", times = 100 }\n",
        )
        .unwrap();
        let cadence = spec.cadence.as_ref().unwrap();
        assert_eq!(cadence.days, [chrono::Weekday::Mon, chrono::Weekday::Fri]);
        assert_eq!(spec.pages.as_ref().map(|pages| (pages.first, pages.most)), Some((1, 3)));
        assert!((spec.values["b"].times - 100.0).abs() < 1e-9);
        assert_eq!(spec.fingerprint.len(), 64);
        let other = SourceSpec::parse("id = \"x\"\ntitle = \"t\"").unwrap();
        assert_ne!(spec.fingerprint, other.fingerprint);
    }
}
