//! A form to be filled in with a spreadsheet: a row a day, a column for each measure. As a workbook, whose days stay days
//! whatever language the spreadsheet speaks; and as CSV that a spreadsheet in Bahasa Indonesia opens in columns.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::csv::BYTE_ORDER_MARK;
use super::xlsx::excel_day;
use crate::text::{Locale, date_medium, defused};

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// In whose words it is.
    pub locale: Locale,
    /// The name of its sheet.
    pub sheet: String,
    /// What heads the days, the places and each measure.
    pub heads: Vec<String>,
    /// The days to be filled in.
    pub days: Vec<NaiveDate>,
    /// The place of each row.
    pub place: String,
    /// What is said of a number that is none.
    pub wrong_number: String,
    /// The name of a second sheet, and its lines: how to fill in the form.
    pub help: (String, Vec<String>),
}

impl Form {
    /// As CSV with semicolons. Days are written with the name of their month: no spreadsheet takes it for a day.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        let quoted = |text: &str| {
            let text = defused(text);
            let needs = text.contains([';', '"', '\n']);
            if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into_owned() }
        };
        let line = |cells: Vec<String>| cells.join(";") + "\r\n";
        let blanks = self.heads.len().saturating_sub(2);
        let mut text = BYTE_ORDER_MARK.to_owned();
        text += &line(self.heads.iter().map(|head| quoted(head)).collect());
        for day in &self.days {
            let start = vec![date_medium(*day, self.locale), quoted(&self.place)];
            text += &line([start, vec![String::new(); blanks]].concat());
        }
        text.into_bytes()
    }

    /// As a workbook; the same form of the same day has the same bytes.
    ///
    /// # Errors
    /// When a name is longer than a workbook allows.
    pub fn xlsx(&self) -> anyhow::Result<Vec<u8>> {
        Ok(self.workbook()?)
    }

    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let last = self.days.last().copied().unwrap_or_default();
        let about = DocProperties::new().set_title(&self.sheet).set_author("siaga");
        book.set_properties(&about.set_creation_datetime(&excel_day(last)?));
        self.fill(book.add_worksheet())?;
        self.explain(book.add_worksheet())?;
        book.save_to_buffer()
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        // The month by its name, in the language of the form and not of the spreadsheet.
        let language = if self.locale == Locale::Id { "[$-421]" } else { "[$-809]" };
        let day = Format::new().set_num_format(format!("{language}d mmmm yyyy")).set_align(FormatAlign::Left);
        sheet.set_name(&self.sheet)?.set_freeze_panes(1, 2)?;
        sheet.set_column_width(0, 20)?.set_column_width(1, 24)?;
        for (column, title) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(0, column, title, &head)?;
            if column > 1 {
                sheet.set_column_width(column, 14)?;
            }
        }
        for (row, date) in (1..).zip(&self.days) {
            sheet.write_datetime_with_format(row, 0, &excel_day(*date)?, &day)?;
            sheet.write_string(row, 1, &self.place)?;
        }
        let (rows, columns) = (last_place(self.days.len()), last_place(self.heads.len()));
        let number = DataValidation::new()
            .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
            .set_error_message(&self.wrong_number)?;
        sheet.add_data_validation(
            1,
            2,
            rows,
            u16::try_from(columns).unwrap_or(2).saturating_sub(1).max(2),
            &number,
        )?;
        Ok(())
    }

    fn explain(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let (name, lines) = &self.help;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        sheet.set_name(name)?.set_column_width(0, 96)?;
        for (row, line) in (0..).zip(lines) {
            sheet.write_string_with_format(row, 0, line, &wrapped)?;
        }
        Ok(())
    }
}

fn last_place(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn form(locale: Locale, place: &str) -> Form {
        Form {
            locale,
            sheet: "Angka".to_owned(),
            heads: ["Tanggal", "Wilayah", "Kasus baru", "Meninggal; \"baru\""].map(str::to_owned).to_vec(),
            days: vec!["2021-06-27".parse().unwrap(), "2021-06-28".parse().unwrap()],
            place: place.to_owned(),
            wrong_number: "Tulis angka".to_owned(),
            help: ("Petunjuk".to_owned(), vec!["Isi angkanya".to_owned()]),
        }
    }

    #[test]
    fn a_spreadsheet_in_bahasa_indonesia_opens_the_csv_in_columns() {
        let text = String::from_utf8(form(Locale::Id, "Kota Bogor").csv()).unwrap();
        assert_eq!(
            text,
            "\u{feff}Tanggal;Wilayah;Kasus baru;\"Meninggal; \"\"baru\"\"\"\r\n27 Juni 2021;Kota Bogor;;\r\n\
             28 Juni 2021;Kota Bogor;;\r\n"
        );
        let text = String::from_utf8(form(Locale::En, "=1+1").csv()).unwrap();
        assert!(text.contains("28 June 2021;'=1+1;;"), "{text}");
    }

    #[test]
    fn days_of_the_workbook_are_days_and_it_says_how_to_fill_it_in() {
        let bytes = form(Locale::Id, "Kota Bogor").xlsx().unwrap();
        assert_eq!(bytes, form(Locale::Id, "Kota Bogor").xlsx().unwrap());
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Angka", "Petunjuk"]);
        let sheet = book.worksheet_range("Angka").unwrap();
        assert_eq!(sheet.get((0, 3)), Some(&Data::String("Meninggal; \"baru\"".to_owned())));
        assert!(matches!(sheet.get((2, 0)), Some(Data::DateTime(day)) if day.to_ymd_hms_milli().2 == 28));
        assert_eq!(
            book.worksheet_range("Petunjuk").unwrap().get((0, 0)),
            Some(&Data::String("Isi angkanya".to_owned()))
        );
    }

    #[test]
    fn a_name_that_no_workbook_takes_is_told() {
        let long = Form { sheet: "x".repeat(40), ..form(Locale::Id, "Kota Bogor") };
        assert!(long.xlsx().is_err());
    }
}
