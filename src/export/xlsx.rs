//! A workbook: the rows with their types under a head that stays, a sheet that says what the columns mean, and one that says what
//! the file is. Rows go through a file of the operating system, so that a large workbook is not held in memory; the same rows
//! make the same bytes.

use anyhow::{Context, bail};
use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::about::About;
use super::table::{Cell, Column, Kind, Rowset};
use crate::epi::Vintage;
use crate::text::{Phrases, defused};

/// What a sheet can hold, its head included.
const MOST_ROWS: usize = 1_048_576;
/// Letters of a cell.
const LONGEST: usize = 32_767;
const DAY: &str = "yyyy-mm-dd";
const MOMENT: &str = "yyyy-mm-dd hh:mm:ss";

/// A workbook of rows and what travels with them.
///
/// # Errors
/// When there are more rows than a sheet can hold: nothing is left out in silence.
pub fn xlsx(rows: &dyn Rowset, about: &About) -> anyhow::Result<Vec<u8>> {
    if rows.count() >= MOST_ROWS {
        bail!(
            "write a workbook: a sheet holds {} rows and there are {}; filter by days, or take CSV or Parquet",
            MOST_ROWS - 1,
            rows.count()
        );
    }
    workbook(rows, about).context("write the workbook")
}

fn workbook(rows: &dyn Rowset, about: &About) -> Result<Vec<u8>, XlsxError> {
    let t = Phrases::new(about.locale());
    let mut book = Workbook::new();
    let day = about.recipe.as_of.local_date(about.zone);
    let told = DocProperties::new().set_title(&about.title).set_author("siaga");
    let told = told.set_comment(about.recipe.to_string()).set_creation_datetime(&excel_day(day)?);
    book.set_properties(&told);
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(&about.name)?;
    write_rows(sheet, rows, about.zone)?;
    let dictionary: Vec<(String, String)> =
        rows.columns().iter().map(|column| (column.name.clone(), meaning(column, about.zone))).collect();
    let heads = [t.say("export-column"), t.say("export-meaning")];
    write_pairs(
        book.add_worksheet_with_constant_memory()?,
        &t.say("export-sheet-dictionary"),
        (&heads, &dictionary),
    )?;
    let heads = [t.say("export-what"), t.say("export-how")];
    write_pairs(
        book.add_worksheet_with_constant_memory()?,
        &t.say("export-sheet-about"),
        (&heads, &about.lines()),
    )?;
    book.save_to_buffer()
}

fn write_rows(sheet: &mut Worksheet, rows: &dyn Rowset, zone: Tz) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format(DAY);
    let moment = Format::new().set_num_format(MOMENT);
    let columns = rows.columns();
    for (place, column) in (0..).zip(columns) {
        sheet.set_column_width(place, width(column))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if let (Ok(last), Ok(last_column)) =
        (u32::try_from(rows.count()), u16::try_from(columns.len().saturating_sub(1)))
    {
        sheet.autofilter(0, 0, last, last_column)?;
    }
    write_head(sheet, columns.iter().map(|column| column.name.as_str()))?;
    for (line, nth) in (1..).zip(0..rows.count()) {
        for (place, cell) in (0..).zip(rows.row(nth).iter()) {
            match cell {
                Cell::Empty => {}
                Cell::Number(value) => drop(sheet.write_number(line, place, *value)?),
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a workbook has no other numbers; counts are far below 2^53"
                )]
                Cell::Whole(value) => drop(sheet.write_number(line, place, *value as f64)?),
                Cell::Text(text) => drop(sheet.write_string(line, place, fitting(text))?),
                Cell::Date(date) => {
                    sheet.write_datetime_with_format(line, place, excel_day(*date)?, &day)?;
                }
                Cell::Moment(at) => {
                    sheet.write_datetime_with_format(line, place, excel_moment(*at, zone)?, &moment)?;
                }
            }
        }
    }
    Ok(())
}

fn write_pairs(
    sheet: &mut Worksheet,
    name: &str,
    (heads, lines): (&[String; 2], &[(String, String)]),
) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(name)?.set_column_width(0, 30)?.set_column_width(1, 110)?.set_freeze_panes(1, 0)?;
    write_head(sheet, heads.iter().map(String::as_str))?;
    for (line, (name, meaning)) in (1..).zip(lines) {
        sheet.write_string_with_format(line, 0, fitting(name), &wrapped)?;
        sheet.write_string_with_format(line, 1, fitting(meaning), &wrapped)?;
    }
    Ok(())
}

fn write_head<'a>(sheet: &mut Worksheet, names: impl Iterator<Item = &'a str>) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_align(FormatAlign::Top);
    for (place, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, place, name, &head)?;
    }
    Ok(())
}

/// The meaning of a column in a workbook: moments stand there by the city's clock.
fn meaning(column: &Column, zone: Tz) -> String {
    match column.kind {
        Kind::Moment => format!("{} [{}]", column.description, zone.name()),
        _ => column.description.clone(),
    }
}

fn width(column: &Column) -> f64 {
    let own = match column.kind {
        Kind::Date => 11,
        Kind::Moment => 20,
        Kind::Whole | Kind::Number => 12,
        Kind::Text => 16,
    };
    let wide = own.max(column.name.len() + 4).min(40);
    f64::from(u8::try_from(wide).unwrap_or(40))
}

/// A text that a cell takes.
fn fitting(text: &str) -> String {
    defused(text).chars().take(LONGEST).collect()
}

/// A day of a workbook.
pub(super) fn excel_day(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), part(date.month()), part(date.day()))
}

fn excel_moment(moment: Vintage, zone: Tz) -> Result<ExcelDateTime, XlsxError> {
    let local = moment.moment().with_timezone(&zone);
    let part = |number: u32| u8::try_from(number).unwrap_or(0);
    let (hour, minute, second) = (local.hour(), part(local.minute()), part(local.second()));
    let millis = u16::try_from(local.timestamp_subsec_millis()).unwrap_or(0);
    let hour = u16::try_from(hour).unwrap_or(0);
    excel_day(local.date_naive())?.and_hms_milli(hour, minute, second, millis)
}
