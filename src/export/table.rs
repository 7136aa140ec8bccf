//! One shape for every export: named columns with their type and meaning, rows of cells.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::epi::Vintage;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: missing, never zero.
    Empty,
    /// A number at full precision.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// Text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(Vintage),
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::Number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<Vintage> for Cell {
    fn from(moment: Vintage) -> Self {
        Self::Moment(moment)
    }
}

/// What the cells of a column are, where they are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// Days.
    Date,
    /// Moments.
    Moment,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
}

/// A column and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its meaning and unit, in one line.
    pub description: String,
    /// What its cells are.
    pub kind: Kind,
    /// Whether no cell of it is empty.
    pub is_required: bool,
    /// The texts it may hold; any if there are none.
    pub allowed: Vec<String>,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn new(name: &str, description: &str) -> Self {
        Self { name: name.to_owned(), description: description.to_owned(), ..Self::default() }
    }

    /// A column without empty cells.
    #[must_use]
    pub fn needed(kind: Kind, name: &str, description: &str) -> Self {
        Self { is_required: true, ..Self::of(kind, name, description) }
    }

    /// A column of another kind.
    #[must_use]
    pub fn of(kind: Kind, name: &str, description: &str) -> Self {
        Self { kind, ..Self::new(name, description) }
    }
}

/// Rows that are asked for one at a time, so that a large file is never whole in memory.
pub trait Rowset: Send + Sync {
    /// The columns.
    fn columns(&self) -> &[Column];
    /// How many rows there are.
    fn count(&self) -> usize;
    /// A row, as long as the columns; empty beyond the last.
    fn row(&self, nth: usize) -> Cow<'_, [Cell]>;
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Rowset for Table {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, nth: usize) -> Cow<'_, [Cell]> {
        Cow::Borrowed(self.rows.get(nth).map_or(&[], Vec::as_slice))
    }
}

impl Table {
    /// An empty table with these columns of text.
    #[must_use]
    pub fn new(columns: &[(&str, &str)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, description)| Column::new(name, description)).collect(),
            rows: Vec::new(),
        }
    }

    /// The columns as a table of their own: the dictionary that travels with a file.
    #[must_use]
    pub fn dictionary(&self) -> Self {
        dictionary(&self.columns)
    }

    /// A cell by row and column name.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&Cell> {
        let place = self.columns.iter().position(|c| c.name == column)?;
        self.rows.get(row)?.get(place)
    }
}

/// Columns and what they mean, as a table.
#[must_use]
pub fn dictionary(columns: &[Column]) -> Table {
    let mut dictionary = Table::new(&[("column", "name of the column"), ("description", "what it holds")]);
    for column in columns {
        dictionary.rows.push(vec![column.name.as_str().into(), column.description.as_str().into()]);
    }
    dictionary
}
