//! What a database has to understand.

use std::pin::Pin;

use sqlx::error::BoxDynError;
use sqlx::{
    Arguments, AssertSqlSafe, ColumnIndex, Database, Decode, Encode, Executor, IntoArguments, Row, Type,
};

use super::operand::Operand;

/// What a database answers.
pub(super) type Answer<'c, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>>;

/// A database that pages can come from: every [`Database`] of sqlx that takes numbers, texts and `bool`.
///
/// It is implemented for all of them, and cannot be for others.
#[diagnostic::on_unimplemented(
    message = "pages cannot come from `{Self}`",
    note = "`tollgate::pages::sql` takes every database of sqlx that `i64`, `f64`, `bool` and `String` can be bound to"
)]
pub trait PageDatabase: Understands {}

impl<DB: Understands> PageDatabase for DB {}

/// What is needed of a database, so that users need not write it down.
pub trait Understands: Database {
    #[doc(hidden)]
    fn add(arguments: &mut Self::Arguments, operand: Operand<'_>) -> Result<(), BoxDynError>;

    #[doc(hidden)]
    fn rows(
        connection: &mut Self::Connection,
        text: String,
        arguments: Self::Arguments,
    ) -> Answer<'_, Vec<Self::Row>>;

    #[doc(hidden)]
    fn count(connection: &mut Self::Connection, text: String, arguments: Self::Arguments) -> Answer<'_, i64>;
}

impl<DB: Database> Understands for DB
where
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'q> Option<bool>: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB> + Type<DB>,
    for<'q> Option<f64>: Encode<'q, DB> + Type<DB>,
    for<'q> Option<String>: Encode<'q, DB> + Type<DB>,
    for<'r> i64: Decode<'r, DB> + Type<DB>,
    usize: ColumnIndex<DB::Row>,
{
    fn add(arguments: &mut DB::Arguments, operand: Operand<'_>) -> Result<(), BoxDynError> {
        match operand {
            Operand::Bool(value) => arguments.add(value),
            Operand::Int(value) => arguments.add(value),
            Operand::Float(value) => arguments.add(value),
            Operand::Text(value) => arguments.add(value.map(str::to_owned)),
        }
    }

    fn rows(
        connection: &mut DB::Connection,
        text: String,
        arguments: DB::Arguments,
    ) -> Answer<'_, Vec<DB::Row>> {
        connection.fetch_all(sqlx::query_with(AssertSqlSafe(text), arguments))
    }

    fn count(connection: &mut DB::Connection, text: String, arguments: DB::Arguments) -> Answer<'_, i64> {
        Box::pin(async move {
            let row = connection.fetch_one(sqlx::query_with(AssertSqlSafe(text), arguments)).await?;
            row.try_get(0)
        })
    }
}
