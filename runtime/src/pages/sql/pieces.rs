//! What a statement is put together from: texts that stand in the program, and values to bind. There is no third.

use super::super::paging::FieldSpec;
use super::operand::{Dialect, Operand};

/// A piece of a statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Text(&'static str),
    Value(Operand<'a>),
    /// The user's own statement.
    Statement,
    /// The user's own condition of that number.
    Condition(usize),
}

/// Pieces in a row.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    list: Vec<Piece<'a>>,
    pub(super) dialect: Dialect,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { list: Vec::with_capacity(64), dialect }
    }

    pub(super) fn push(&mut self, piece: Piece<'a>) {
        self.list.push(piece);
    }

    pub(super) fn text(&mut self, text: &'static str) {
        self.push(Piece::Text(text));
    }

    /// Quoted, because a field may be called `order`; and with the table, because SQLite takes a name in quotes that it does not know
    /// for a text.
    pub(super) fn column(&mut self, field: &FieldSpec) {
        self.text("item.\"");
        self.text(unqualified(field.column()));
        self.text("\"");
    }

    /// The same as it is sorted by.
    pub(super) fn sorted_column(&mut self, field: &FieldSpec) {
        if self.dialect.has_two_absences(field) {
            self.text("NULLIF(");
            self.column(field);
            self.text(", 'NaN')");
        } else {
            self.column(field);
        }
    }

    pub(super) fn value(&mut self, operand: Operand<'a>, field: &FieldSpec) {
        let Some(kind) = self.dialect.cast(field) else { return self.push(Piece::Value(operand)) };
        self.text("CAST(");
        self.push(Piece::Value(operand));
        self.text(" AS ");
        self.text(kind);
        self.text(")");
    }

    /// What comes between two of several.
    pub(super) fn separated<I>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        mut write: impl FnMut(&mut Self, I),
    ) {
        for (number, item) in items.into_iter().enumerate() {
            if number > 0 {
                self.text(", ");
            }
            write(self, item);
        }
    }

    pub(super) fn into_list(self) -> Vec<Piece<'a>> {
        self.list
    }
}

/// A column of what a statement selects has no table in front of it.
fn unqualified(column: &'static str) -> &'static str {
    column.rsplit_once('.').map_or(column, |(_, name)| name)
}
