//! Text and values of a statement as a database takes them; conditions of the user's own.

use std::fmt::{self, Write as _};

use sqlx::error::BoxDynError;
use sqlx::{Arguments, Database, Encode, SqlSafeStr, Type};

use super::database::PageDatabase;
use super::operand::{Dialect, Operand};

/// A condition of your own, for [`PageQuery::and_where`](super::PageQuery::and_where): text, and values that are bound.
pub struct Condition<DB: Database> {
    pub(super) text: String,
    pub(super) arguments: DB::Arguments,
    /// The first thing that went wrong.
    error: Option<BoxDynError>,
}

impl<DB: PageDatabase> Condition<DB> {
    pub(super) fn new() -> Self {
        Self { text: String::with_capacity(256), arguments: DB::Arguments::default(), error: None }
    }

    /// Appends a text that stands in your program; another one in `sqlx::AssertSqlSafe`, where you know that nobody else has written
    /// any of it.
    pub fn push(&mut self, sql: impl SqlSafeStr) -> &mut Self {
        self.text.push_str(sql.into_sql_str().as_str());
        self
    }

    /// Appends a placeholder, and binds a value to it, which never becomes a part of the text.
    pub fn push_bind<'t, V: Encode<'t, DB> + Type<DB>>(&mut self, value: V) -> &mut Self {
        let added = self.arguments.add(value);
        self.placeholder(added)
    }

    pub(super) fn push_operand(&mut self, operand: Operand<'_>) {
        let added = DB::add(&mut self.arguments, operand);
        self.placeholder(added);
    }

    fn placeholder(&mut self, added: Result<(), BoxDynError>) -> &mut Self {
        let written = added.and_then(|()| Ok(self.write_placeholder()?));
        self.note(written);
        self
    }

    /// SQLite's driver writes `?`, and counts those apart from numbered ones, which a statement may have: numbers are right beside
    /// both.
    fn write_placeholder(&mut self) -> fmt::Result {
        match Dialect::of(DB::NAME) {
            Dialect::Sqlite => write!(self.text, "?{}", self.arguments.len()),
            Dialect::Postgres | Dialect::Other => self.arguments.format_placeholder(&mut self.text),
        }
    }

    /// Keeps the first error.
    pub(super) fn note(&mut self, outcome: Result<(), BoxDynError>) {
        self.error = self.error.take().or(outcome.err());
    }

    /// Text and values, if nothing went wrong.
    pub(super) fn finish(self) -> Result<(String, DB::Arguments), sqlx::Error> {
        match self.error {
            Some(error) => Err(sqlx::Error::Encode(error)),
            None => Ok((self.text, self.arguments)),
        }
    }
}

/// The text; values may be nobody's business.
impl<DB: Database> fmt::Debug for Condition<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condition").field("text", &self.text).finish_non_exhaustive()
    }
}
