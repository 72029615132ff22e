//! The statements of a page, as pieces: which rows, in which order, how many; and how many there are on all pages.

use super::super::order::{Filter, SortKey};
use super::super::paging::FieldSpec;
use super::super::value::{Direction, PageValue};
use super::keyset::{Stand, behind};
use super::operand::{Dialect, Operand};
use super::pieces::{Piece, Pieces};

/// What statements depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<'a> {
    pub(super) dialect: Dialect,
    pub(super) fields: &'static [FieldSpec],
    pub(super) keys: &'a [SortKey],
    pub(super) filters: &'a [Filter],
    pub(super) bound: Option<&'a [PageValue<'static>]>,
    pub(super) is_backward: bool,
    /// The user's own.
    pub(super) conditions: usize,
    pub(super) limit: u64,
    /// `None` where a cursor says where to begin.
    pub(super) offset: Option<u64>,
}

impl<'a> Plan<'a> {
    /// The rows of the page, and one more.
    pub(super) fn rows(&self) -> Vec<Piece<'a>> {
        let mut pieces = Pieces::new(self.dialect);
        pieces.text("SELECT item.*");
        write_from(&mut pieces);
        let is_narrowed = self.write_where(&mut pieces);
        if let Some(bound) = self.bound {
            pieces.text(if is_narrowed { " AND " } else { " WHERE " });
            behind(&self.stands(bound), &mut pieces);
        }
        self.write_order(&mut pieces);
        pieces.text(" LIMIT ");
        pieces.push(Piece::Value(Operand::count(self.limit)));
        if let Some(offset) = self.offset {
            pieces.text(" OFFSET ");
            pieces.push(Piece::Value(Operand::count(offset)));
        }
        pieces.into_list()
    }

    /// How many rows there are on all pages.
    pub(super) fn count(&self) -> Vec<Piece<'a>> {
        let mut pieces = Pieces::new(self.dialect);
        pieces.text("SELECT COUNT(*)");
        write_from(&mut pieces);
        self.write_where(&mut pieces);
        pieces.into_list()
    }

    /// Whether there was anything to write.
    fn write_where(&self, pieces: &mut Pieces<'a>) -> bool {
        let mut lead = " WHERE ";
        for number in 0..self.conditions {
            pieces.text(std::mem::replace(&mut lead, " AND "));
            pieces.text("(");
            pieces.push(Piece::Condition(number));
            pieces.text(")");
        }
        for filter in self.filters {
            pieces.text(std::mem::replace(&mut lead, " AND "));
            self.write_filter(filter, pieces);
        }
        lead == " AND "
    }

    fn write_filter(&self, filter: &'a Filter, pieces: &mut Pieces<'a>) {
        let field = self.field(filter.place);
        if filter.value.is_null() {
            pieces.sorted_column(field);
            return pieces.text(" IS NULL");
        }
        pieces.column(field);
        pieces.text(" = ");
        pieces.value(Operand::equal(&filter.value, field, self.dialect), field);
    }

    /// Where NULLs stand is said where there may be any: an index in the database's own order serves all others.
    fn write_order(&self, pieces: &mut Pieces<'a>) {
        pieces.text(" ORDER BY ");
        pieces.separated(self.keys, |pieces, key| {
            let field = self.field(key.place);
            pieces.sorted_column(field);
            if self.direction(*key) == Direction::Descending {
                pieces.text(" DESC");
            }
            if field.is_nullable() {
                pieces.text(if self.is_backward { " NULLS FIRST" } else { " NULLS LAST" });
            }
        });
    }

    fn stands(&self, bound: &'a [PageValue<'static>]) -> Vec<Stand<'a>> {
        let stand = |(key, value): (&SortKey, &'a PageValue<'static>)| Stand {
            field: self.field(key.place),
            direction: self.direction(*key),
            is_backward: self.is_backward,
            value,
        };
        self.keys.iter().zip(bound).map(stand).collect()
    }

    /// As rows are fetched.
    const fn direction(&self, key: SortKey) -> Direction {
        if self.is_backward { key.direction.reversed() } else { key.direction }
    }

    /// Places come from the fields themselves.
    fn field(&self, place: u8) -> &'static FieldSpec {
        &self.fields[usize::from(place)]
    }
}

/// The statement may end with a comment: the line does, too.
fn write_from(pieces: &mut Pieces<'_>) {
    pieces.text(" FROM (");
    pieces.push(Piece::Statement);
    pieces.text("\n) AS item");
}
