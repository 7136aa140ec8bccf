//! One shape for every export: named columns with their meaning, rows of cells.

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: missing, never zero.
    Empty,
    /// A number at full precision.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// Text; dates and moments are ISO text.
    Text(String),
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

impl From<chrono::NaiveDate> for Cell {
    fn from(date: chrono::NaiveDate) -> Self {
        Self::Text(date.to_string())
    }
}

/// A column and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its meaning and unit, in one line.
    pub description: String,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(name: &str, description: &str) -> Self {
        Self { name: name.to_owned(), description: description.to_owned() }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table with these columns.
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
        let mut dictionary = Self::new(&[("column", "name of the column"), ("description", "what it holds")]);
        for column in &self.columns {
            dictionary.rows.push(vec![column.name.as_str().into(), column.description.as_str().into()]);
        }
        dictionary
    }

    /// A cell by row and column name.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&Cell> {
        let place = self.columns.iter().position(|c| c.name == column)?;
        self.rows.get(row)?.get(place)
    }
}
