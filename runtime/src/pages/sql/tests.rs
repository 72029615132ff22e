//! Statements as pieces, without a database.

use super::super::field::{PageField, PageFieldType};
use super::super::order::{Filter, SortKey};
use super::super::paging::FieldSpec;
use super::super::value::{Direction, PageValue};
use super::operand::{Dialect, Operand};
use super::pieces::Piece;
use super::plan::Plan;

const FIELDS: &[FieldSpec] = &[
    FieldSpec::new("id", "airports.id").key().cast("uuid"),
    FieldSpec::new("name", "order").sortable().filterable(),
    FieldSpec::new("length", "length").sortable().filterable().nullable(true).schema(PageFieldType::Number),
    FieldSpec::new("latitude", "latitude").sortable().schema(PageFieldType::Number),
    FieldSpec::new("mark", "mark").filterable().schema(<u64 as PageField>::SCHEMA),
];

const UP: Direction = Direction::Ascending;
const DOWN: Direction = Direction::Descending;

fn keys(keys: &[(u8, Direction)]) -> Vec<SortKey> {
    keys.iter().map(|(place, direction)| SortKey { place: *place, direction: *direction }).collect()
}

fn text(value: &'static str) -> PageValue<'static> {
    PageValue::Text(value.into())
}

fn filter(place: u8, value: PageValue<'static>) -> Filter {
    Filter { place, text: "as it was written".to_owned(), value }
}

fn plan(dialect: Dialect, keys: &[SortKey]) -> Plan<'_> {
    let (filters, bound) = (&[], None);
    Plan {
        dialect,
        fields: FIELDS,
        keys,
        filters,
        bound,
        is_backward: false,
        conditions: 0,
        limit: 21,
        offset: None,
    }
}

/// The text with the values in their places.
fn written(pieces: &[Piece<'_>]) -> String {
    let piece = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Value(value) => format!("<{value:?}>"),
        Piece::Statement => "..".to_owned(),
        Piece::Condition(number) => format!("own {number}"),
    };
    let text: String = pieces.iter().map(piece).collect();
    text.split_once("(..\n) AS item").unwrap().1.trim_start().to_owned()
}

#[test]
fn a_page_of_everything_has_a_limit_alone() {
    let keys = keys(&[(0, UP)]);
    let plan = plan(Dialect::Postgres, &keys);
    assert_eq!(written(&plan.rows()), "ORDER BY item.\"id\" LIMIT <Int(Some(21))>");
    assert_eq!(written(&plan.count()), "");
    let plan = Plan { offset: Some(u64::MAX), ..plan };
    let limited = "ORDER BY item.\"id\" LIMIT <Int(Some(21))> OFFSET <Int(Some(9223372036854775807))>";
    assert_eq!(written(&plan.rows()), limited);
}

#[test]
fn own_conditions_stand_in_front_and_are_counted() {
    let keys = keys(&[(0, UP)]);
    let filters = [filter(1, text("a")), filter(2, PageValue::Null)];
    let plan = Plan { filters: &filters, conditions: 2, ..plan(Dialect::Sqlite, &keys) };
    let narrowed =
        "WHERE (own 0) AND (own 1) AND item.\"order\" = <Text(Some(\"a\"))> AND item.\"length\" IS NULL";
    assert_eq!(written(&plan.count()), narrowed);
    assert_eq!(written(&plan.rows()), format!("{narrowed} ORDER BY item.\"id\" LIMIT <Int(Some(21))>"));
    let bound = [text("k")];
    let plan = Plan { bound: Some(&bound), ..plan };
    let behind = "AND item.\"id\" > <Text(Some(\"k\"))> ORDER BY";
    assert!(written(&plan.rows()).contains(behind));
    assert_eq!(written(&plan.count()), narrowed, "all pages count");
}

#[test]
fn a_cast_is_for_databases_that_have_types() {
    let keys = keys(&[(1, DOWN), (0, DOWN)]);
    let bound = [text("n"), text("k")];
    for (dialect, last) in [
        (Dialect::Postgres, "CAST(<Text(Some(\"k\"))> AS uuid)"),
        (Dialect::Other, "CAST(<Text(Some(\"k\"))> AS uuid)"),
        (Dialect::Sqlite, "<Text(Some(\"k\"))>"),
    ] {
        let plan = Plan { bound: Some(&bound), ..plan(dialect, &keys) };
        let expected =
            format!("WHERE (item.\"order\", item.\"id\") < (<Text(Some(\"n\"))>, {last}) ORDER BY");
        assert!(written(&plan.rows()).starts_with(&expected), "{dialect:?}");
    }
}

#[test]
fn nan_is_absent_where_something_may_be() {
    let keys = keys(&[(2, UP), (0, UP)]);
    let bound = [PageValue::Null, text("k")];
    let of_postgres = Plan { bound: Some(&bound), ..plan(Dialect::Postgres, &keys) };
    let expected = "WHERE NULLIF(item.\"length\", 'NaN') IS NULL AND item.\"id\" > CAST(<Text(Some(\"k\"))> AS uuid) \
                    ORDER BY NULLIF(item.\"length\", 'NaN') NULLS LAST, item.\"id\" LIMIT <Int(Some(21))>";
    assert_eq!(written(&of_postgres.rows()), expected);
    let of_sqlite = Plan { dialect: Dialect::Sqlite, ..of_postgres };
    assert!(!written(&of_sqlite.rows()).contains("NaN"));
}

#[test]
fn nan_is_a_number_where_nothing_may_be_absent() {
    let keys = keys(&[(3, UP), (0, UP)]);
    let bound = [PageValue::Null, text("k")];
    let plan = Plan { bound: Some(&bound), ..plan(Dialect::Postgres, &keys) };
    assert!(written(&plan.rows()).contains("> (<Float(Some(NaN))>, "), "{}", written(&plan.rows()));
}

#[test]
fn what_no_column_can_hold_is_bound_as_null() {
    for (number, equal, bound) in [
        (i128::from(i64::MAX), Some(i64::MAX), i64::MAX),
        (i128::from(u64::MAX), None, i64::MAX),
        (i128::MIN, None, i64::MIN),
    ] {
        let value = PageValue::Int(number);
        assert_eq!(Operand::equal(&value, &FIELDS[4], Dialect::Postgres), Operand::Int(equal));
        assert_eq!(Operand::bound(&value, &FIELDS[4], Dialect::Postgres), Operand::Int(Some(bound)));
    }
    let nul = text("a\0b");
    assert_eq!(Operand::equal(&nul, &FIELDS[1], Dialect::Postgres), Operand::Text(None));
    assert_eq!(Operand::equal(&nul, &FIELDS[1], Dialect::Sqlite), Operand::Text(Some("a\0b")));
}

#[test]
fn a_cursor_that_stands_nowhere_has_nothing_behind_it() {
    let keys = keys(&[(0, UP)]);
    let plan = Plan { bound: Some(&[]), ..plan(Dialect::Sqlite, &keys) };
    assert!(written(&plan.rows()).starts_with("WHERE 1 = 0 ORDER BY"));
}
