//! Rows into PostgreSQL by COPY, in its binary form: every cell with its length before it, nothing to quote or to read.

use sqlx::postgres::PgConnection;

use super::Cell;
use crate::store::StoreError;

/// What a binary COPY begins with: a signature, no flags, no further header.
const HEAD: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// In the place of a number of cells: there are no more rows.
const END: i16 = -1;
/// In the place of a length: the cell is nothing.
const NOTHING: i32 = -1;
/// So many bytes are sent at once.
const PORTION: usize = 256 << 10;

/// Sends rows into a table (with the names of its columns); returns how many there were. While the server takes a portion,
/// the next one is made.
///
/// # Errors
/// [`StoreError`] when the server refuses one of the rows, or does not answer.
pub(super) async fn copy_in<'c, R: AsRef<[Cell<'c>]> + Send + Sync>(
    into: &str,
    connection: &mut PgConnection,
    rows: &mut (dyn Iterator<Item = R> + Send),
) -> Result<u64, StoreError> {
    let mut copy = connection.copy_in_raw(&format!("copy {into} from stdin (format binary)")).await?;
    let mut portion = Vec::with_capacity(PORTION + (PORTION >> 4));
    portion.extend_from_slice(HEAD);
    for row in rows {
        put(&mut portion, row.as_ref());
        if portion.len() >= PORTION {
            copy.send(portion.as_slice()).await?;
            portion.clear();
        }
    }
    portion.extend_from_slice(&END.to_be_bytes());
    copy.send(portion.as_slice()).await?;
    Ok(copy.finish().await?)
}

fn put(portion: &mut Vec<u8>, row: &[Cell<'_>]) {
    portion.extend_from_slice(&i16::try_from(row.len()).unwrap_or(i16::MAX).to_be_bytes());
    for cell in row {
        match cell {
            Cell::Whole(number) => put_cell(portion, &number.to_be_bytes()),
            Cell::Real(Some(number)) => put_cell(portion, &number.to_be_bytes()),
            Cell::Real(None) => portion.extend_from_slice(&NOTHING.to_be_bytes()),
            Cell::Text(text) => put_cell(portion, text.as_bytes()),
        }
    }
}

fn put_cell(portion: &mut Vec<u8>, cell: &[u8]) {
    // A text of two thousand million bytes is none that a table takes: the server refuses the row then.
    portion.extend_from_slice(&i32::try_from(cell.len()).unwrap_or(i32::MAX).to_be_bytes());
    portion.extend_from_slice(cell);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_as_postgresql_reads_it() {
        let mut portion = Vec::new();
        put(&mut portion, &[Cell::Whole(-2), Cell::Real(Some(0.5)), Cell::Real(None), Cell::from("ä")]);
        let expected: [&[u8]; 8] = [
            &[0, 4],
            &[0, 0, 0, 8],
            &[255, 255, 255, 255, 255, 255, 255, 254],
            &[0, 0, 0, 8],
            &[0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
            &[255, 255, 255, 255],
            &[0, 0, 0, 2],
            "ä".as_bytes(),
        ];
        assert_eq!(portion, expected.concat());
        assert_eq!(HEAD[..11], *b"PGCOPY\n\xff\r\n\0");
    }
}
