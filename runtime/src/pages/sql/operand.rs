//! What is bound: values of pages as a database takes them.

use super::super::field::PageFieldType;
use super::super::paging::FieldSpec;
use super::super::value::PageValue;

/// Where databases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Columns convert what they are compared with, so that no text needs a cast; types of other databases mean numbers to it.
    Sqlite,
    /// Has NaN, and no NUL in texts.
    Postgres,
    /// Others, of which nothing is known.
    Other,
}

impl Dialect {
    /// By the name that a driver gives itself.
    pub(super) fn of(driver: &str) -> Self {
        match driver {
            "SQLite" => Self::Sqlite,
            "PostgreSQL" => Self::Postgres,
            _ => Self::Other,
        }
    }

    /// Whether a column may hold NaN beside NULL, which pages do not tell apart.
    pub(super) fn has_two_absences(self, field: &FieldSpec) -> bool {
        self == Self::Postgres && field.is_nullable() && field.field_type() == PageFieldType::Number
    }

    /// What values of a field are cast to.
    pub(super) fn cast(self, field: &FieldSpec) -> Option<&'static str> {
        field.cast_to().filter(|_| self != Self::Sqlite)
    }

    fn can_hold(self, text: &str) -> bool {
        self != Self::Postgres || !text.contains('\0')
    }
}

/// A value to be bound. `None` is a NULL of that type: compared with it, no row matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand<'a> {
    /// `BOOLEAN`, in SQLite 0 or 1.
    Bool(Option<bool>),
    /// `BIGINT`
    Int(Option<i64>),
    /// `DOUBLE PRECISION`
    Float(Option<f64>),
    /// `TEXT`
    Text(Option<&'a str>),
}

impl<'a> Operand<'a> {
    /// What a column is to be equal to; never NULL, which is asked for in another way. No column holds more than 64 bits.
    pub(super) fn equal(value: &'a PageValue<'_>, field: &FieldSpec, dialect: Dialect) -> Self {
        match value {
            PageValue::Int(number) => Self::Int(i64::try_from(*number).ok()),
            _ => Self::bound(value, field, dialect),
        }
    }

    /// What a column is to be greater or less than.
    pub(super) fn bound(value: &'a PageValue<'_>, field: &FieldSpec, dialect: Dialect) -> Self {
        match value {
            PageValue::Bool(value) => Self::Bool(Some(*value)),
            PageValue::Int(number) => Self::Int(Some(saturated(*number))),
            PageValue::Float(number) => Self::Float(Some(*number)),
            PageValue::Text(text) => Self::Text(Some(&**text).filter(|text| dialect.can_hold(text))),
            PageValue::Null => Self::absent(field, dialect),
        }
    }

    /// A number that is never absent came back as NaN.
    fn absent(field: &FieldSpec, dialect: Dialect) -> Self {
        match field.field_type() {
            PageFieldType::Integer { .. } => Self::Int(None),
            PageFieldType::Number => Self::Float((dialect == Dialect::Postgres).then_some(f64::NAN)),
            PageFieldType::Boolean => Self::Bool(None),
            PageFieldType::Text => Self::Text(None),
        }
    }

    /// A count of rows.
    pub(super) fn count(rows: u64) -> Self {
        Self::Int(Some(i64::try_from(rows).unwrap_or(i64::MAX)))
    }
}

fn saturated(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}
