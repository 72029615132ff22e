//! The condition by which rows lie behind the one where a cursor stands.

use super::super::paging::FieldSpec;
use super::super::value::{Direction, PageValue};
use super::operand::Operand;
use super::pieces::Pieces;

/// One field of an order as rows are fetched, and where the cursor stands in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand<'a> {
    pub(super) field: &'static FieldSpec,
    /// Reversed where rows are fetched backward.
    pub(super) direction: Direction,
    /// Then they begin with those that are absent.
    pub(super) is_backward: bool,
    pub(super) value: &'a PageValue<'a>,
}

/// Writes the condition.
pub(super) fn behind<'a>(stands: &[Stand<'a>], pieces: &mut Pieces<'a>) {
    match stands {
        [] => pieces.text("1 = 0"),
        [first, ..] if stands.len() > 1 && is_one_comparison(stands) => {
            tuple(stands, pieces, |pieces, stand| pieces.sorted_column(stand.field));
            pieces.text(first.beyond());
            tuple(stands, pieces, |pieces, stand| stand.operand(pieces));
        }
        [first, rest @ ..] => expanded(*first, rest, Nesting::Outermost, pieces),
    }
}

fn is_one_comparison(stands: &[Stand<'_>]) -> bool {
    stands.iter().all(|stand| !stand.field.is_nullable() && stand.direction == stands[0].direction)
}

fn tuple<'a>(stands: &[Stand<'a>], pieces: &mut Pieces<'a>, write: impl FnMut(&mut Pieces<'a>, &Stand<'a>)) {
    pieces.text("(");
    pieces.separated(stands, write);
    pieces.text(")");
}

/// Whether parts that are joined by `AND` need parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nesting {
    Outermost,
    Within,
}

/// The rows behind a cursor by the first field, and those beside it that are behind it by the others.
fn expanded<'a>(first: Stand<'a>, rest: &[Stand<'a>], nesting: Nesting, pieces: &mut Pieces<'a>) {
    match (first.field.is_nullable(), first.value.is_null(), first.is_backward) {
        (true, true, false) => beside_absent(first, rest, nesting, pieces),
        (true, true, true) => before_absent(first, rest, pieces),
        (true, false, false) => up_to_absent(first, rest, pieces),
        // What is absent is passed by already, and not true by any comparison.
        (false, ..) | (true, false, true) => present(first, rest, nesting, pieces),
    }
}

/// `a >= 1 AND (a > 1 OR ..)`: the first comparison alone bounds an index. It leaves in the second half only rows that are beside the
/// cursor, where they are not behind it.
fn present<'a>(first: Stand<'a>, rest: &[Stand<'a>], nesting: Nesting, pieces: &mut Pieces<'a>) {
    let Some((second, rest)) = rest.split_first() else { return first.compare(first.beyond(), pieces) };
    joined(nesting, pieces, |pieces| {
        first.compare(first.not_before(), pieces);
        pieces.text(" AND (");
        first.compare(first.beyond(), pieces);
        pieces.text(" OR ");
        expanded(*second, rest, Nesting::Within, pieces);
        pieces.text(")");
    });
}

/// `(a > 1 OR (a = 1 AND ..) OR a IS NULL)`
fn up_to_absent<'a>(first: Stand<'a>, rest: &[Stand<'a>], pieces: &mut Pieces<'a>) {
    pieces.text("(");
    first.compare(first.beyond(), pieces);
    if let Some((second, rest)) = rest.split_first() {
        pieces.text(" OR (");
        first.compare(" = ", pieces);
        pieces.text(" AND ");
        expanded(*second, rest, Nesting::Within, pieces);
        pieces.text(")");
    }
    pieces.text(" OR ");
    first.is(" IS NULL", pieces);
    pieces.text(")");
}

/// `a IS NULL AND ..`: nothing comes behind what is absent but what is absent, too.
fn beside_absent<'a>(first: Stand<'a>, rest: &[Stand<'a>], nesting: Nesting, pieces: &mut Pieces<'a>) {
    let Some((second, rest)) = rest.split_first() else { return pieces.text("1 = 0") };
    joined(nesting, pieces, |pieces| {
        first.is(" IS NULL", pieces);
        pieces.text(" AND ");
        expanded(*second, rest, Nesting::Within, pieces);
    });
}

/// `(a IS NOT NULL OR ..)`
fn before_absent<'a>(first: Stand<'a>, rest: &[Stand<'a>], pieces: &mut Pieces<'a>) {
    let Some((second, rest)) = rest.split_first() else { return first.is(" IS NOT NULL", pieces) };
    pieces.text("(");
    first.is(" IS NOT NULL", pieces);
    pieces.text(" OR ");
    expanded(*second, rest, Nesting::Within, pieces);
    pieces.text(")");
}

fn joined<'a>(nesting: Nesting, pieces: &mut Pieces<'a>, write: impl FnOnce(&mut Pieces<'a>)) {
    if nesting == Nesting::Outermost {
        return write(pieces);
    }
    pieces.text("(");
    write(pieces);
    pieces.text(")");
}

impl<'a> Stand<'a> {
    const fn beyond(&self) -> &'static str {
        match self.direction {
            Direction::Ascending => " > ",
            Direction::Descending => " < ",
        }
    }

    const fn not_before(&self) -> &'static str {
        match self.direction {
            Direction::Ascending => " >= ",
            Direction::Descending => " <= ",
        }
    }

    fn compare(&self, operator: &'static str, pieces: &mut Pieces<'a>) {
        pieces.sorted_column(self.field);
        pieces.text(operator);
        self.operand(pieces);
    }

    fn is(&self, test: &'static str, pieces: &mut Pieces<'a>) {
        pieces.sorted_column(self.field);
        pieces.text(test);
    }

    fn operand(&self, pieces: &mut Pieces<'a>) {
        pieces.value(Operand::bound(self.value, self.field, pieces.dialect), self.field);
    }
}
