//! A page of a collection: how many rows, which come next, and as known when. A cursor holds the moment of the first page, so that
//! all pages of one reading are of one state, whatever becomes known meanwhile.

use crate::epi::Vintage;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// Rows of a page unless said otherwise.
pub(super) const USUAL: usize = 500;
/// Most rows of a page.
pub(super) const MOST: usize = 5_000;
/// More rows than any collection of a city has.
const FURTHEST: usize = 1_000_000_000;
/// What `limit` may be.
pub(super) const LIMITS: &str = "1 … 5000";

/// Which rows are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    /// The first row.
    pub(super) from: usize,
    /// How many.
    pub(super) limit: usize,
    /// As known when, where an earlier page said so.
    pub(super) as_of: Option<Vintage>,
}

impl Paging {
    /// What the address asks for.
    ///
    /// # Errors
    /// A limit or a cursor that is none of ours, or a cursor beside another moment than its own.
    pub(super) fn of(visit: &Visit) -> Result<Self, WebError> {
        let limit = match visit.parameter("limit") {
            None => USUAL,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or(WebError::Choice { name: "limit", allowed: LIMITS })?,
        };
        let Some(cursor) = visit.parameter("cursor") else { return Ok(Self { from: 0, limit, as_of: None }) };
        let wrong = WebError::Parameter { name: "cursor" };
        match read(cursor) {
            // Cursors are ours: of a moment that has been, and of a row that there may be.
            Some((as_of, from))
                if as_of <= visit.journey().clock.now()
                    && from <= FURTHEST
                    && visit.focus.as_of.is_none_or(|asked| asked == as_of) =>
            {
                Ok(Self { from, limit, as_of: Some(as_of) })
            }
            _ => Err(wrong),
        }
    }

    /// The cursor of the page that follows, if there is one.
    pub(super) fn next(&self, total: usize, as_of: Vintage) -> Option<String> {
        let next = self.from.saturating_add(self.limit);
        (next < total).then(|| written(as_of, next))
    }
}

fn written(as_of: Vintage, from: usize) -> String {
    format!("{:x}-{from:x}", as_of.millis())
}

fn read(cursor: &str) -> Option<(Vintage, usize)> {
    let (as_of, from) = cursor.split_once('-')?;
    let as_of = Vintage::from_millis(i64::from_str_radix(as_of, 16).ok()?)?;
    Some((as_of, usize::from_str_radix(from, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_to_the_next_row_at_the_same_moment_until_the_last() {
        let as_of = Vintage::from_millis(1_624_900_000_123).unwrap();
        let page = Paging { from: 1_000, limit: 500, as_of: Some(as_of) };
        let next = page.next(2_000, as_of).unwrap();
        assert_eq!(read(&next), Some((as_of, 1_500)));
        assert_eq!(page.next(1_500, as_of), None);
        for wrong in ["", "-", "x-1", "1", "17a-", "17a-zz", "ffffffffffffffff-1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
