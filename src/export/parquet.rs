//! Parquet: the rows by column with their types, for pandas, R, DuckDB and their like. Days are days, moments are moments of UTC to the
//! millisecond, whole numbers and numbers are what they are, missing is missing. What travels with the file stands in its metadata.

use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::about::About;
use super::recipe::BUILD;
use super::table::{Cell, Column, Kind, Rowset};

/// Rows that are held in memory by column.
const GROUP: usize = 65_536;
const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("1 January 1970 is a date");

/// The rows by column, and what travels with them.
///
/// # Errors
/// What the writer refuses.
pub fn parquet(rows: &dyn Rowset, about: &About) -> anyhow::Result<Vec<u8>> {
    written(rows, about).context("write the Parquet file")
}

fn written(rows: &dyn Rowset, about: &About) -> Result<Vec<u8>> {
    let columns = rows.columns();
    let fields = columns.iter().map(field).collect::<Result<Vec<TypePtr>>>()?;
    let schema = Type::group_type_builder("siaga").with_fields(fields).build()?;
    let told = |(key, value): (String, String)| KeyValue::new(key, value);
    let mut metadata: Vec<KeyValue> = metadata(about).into_iter().map(told).collect();
    let meaning = |column: &Column| told((format!("column.{}", column.name), column.description.clone()));
    metadata.extend(columns.iter().map(meaning));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("siaga {BUILD}"))
        .set_key_value_metadata(Some(metadata));
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, Arc::new(schema), Arc::new(properties.build()))?;
    for from in (0..rows.count()).step_by(GROUP) {
        let mut group = writer.next_row_group()?;
        write_group(&mut group, rows, from)?;
        group.close()?;
    }
    writer.close()?;
    Ok(out)
}

/// What the file says of itself.
fn metadata(about: &About) -> Vec<(String, String)> {
    let recipe = &about.recipe;
    let pairs = [
        ("id", recipe.to_string()),
        ("as_of", recipe.as_of.to_string()),
        ("filters", about.filters()),
        ("suppression", recipe.audience.to_string()),
        ("data", recipe.data.clone()),
        ("policy", recipe.policy.clone()),
        ("build", recipe.build.clone()),
        ("title", about.title.clone()),
    ];
    pairs.into_iter().map(|(key, value)| (format!("siaga.{key}"), value)).collect()
}

fn field(column: &Column) -> Result<TypePtr> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Moment => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Whole => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    Ok(Arc::new(field.build()?))
}

fn write_group<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &dyn Rowset,
    from: usize,
) -> Result<()> {
    let held: Vec<_> = (from..rows.count().min(from + GROUP)).map(|nth| rows.row(nth)).collect();
    for (place, column) in rows.columns().iter().enumerate() {
        let Some(mut writer) = group.next_column()? else { break };
        let cells = held.iter().map(|row| row.get(place).unwrap_or(&Cell::Empty));
        match column.kind {
            Kind::Text => put::<ByteArrayType>(&mut writer, cells.map(bytes))?,
            Kind::Date => put::<Int32Type>(&mut writer, cells.map(day))?,
            Kind::Moment => put::<Int64Type>(&mut writer, cells.map(millis))?,
            Kind::Whole => put::<Int64Type>(&mut writer, cells.map(whole))?,
            Kind::Number => put::<DoubleType>(&mut writer, cells.map(number))?,
        }
        writer.close()?;
    }
    Ok(())
}

fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<()> {
    let mut values = Vec::new();
    let mut is_there = Vec::new();
    for cell in cells {
        is_there.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    writer.typed::<T>().write_batch(&values, Some(&is_there), None)?;
    Ok(())
}

fn bytes(cell: &Cell) -> Option<ByteArray> {
    match cell {
        Cell::Text(text) => Some(ByteArray::from(text.as_str())),
        _ => None,
    }
}

fn day(cell: &Cell) -> Option<i32> {
    match cell {
        Cell::Date(date) => i32::try_from((*date - DAY_ZERO).num_days()).ok(),
        _ => None,
    }
}

fn millis(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Moment(moment) => Some(moment.millis()),
        _ => None,
    }
}

fn whole(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Whole(value) => Some(*value),
        _ => None,
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) => Some(*value),
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        Cell::Whole(value) => Some(*value as f64),
        _ => None,
    }
}
