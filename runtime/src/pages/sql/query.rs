//! The page of a statement: what is asked of the database, and what is made of its answer.

use std::fmt;

use sqlx::error::BoxDynError;
use sqlx::{Acquire, Arguments, AssertSqlSafe, Encode, FromRow, SqlSafeStr, SqlStr, Type};

use super::super::page::{Page, Total};
use super::super::pagination::Pagination;
use super::super::paging::{PageStyle, Paginate};
use super::condition::Condition;
use super::database::PageDatabase;
use super::operand::Dialect;
use super::pieces::Piece;
use super::plan::Plan;

type Bind<'a, DB> =
    Box<dyn Fn(&mut <DB as sqlx::Database>::Arguments) -> Result<(), BoxDynError> + Send + 'a>;
type Narrow<'a, DB> = Box<dyn Fn(&mut Condition<DB>) + Send + 'a>;

impl<T: Paginate> Pagination<T> {
    /// The page of what a statement selects, which a database filters, sorts and cuts: see [`pages::sql`](super).
    ///
    /// The database is the one that the rows are fetched from; where that is not known yet, `.select::<Sqlite>(..)` says it.
    pub fn select<DB: PageDatabase>(&self, statement: impl SqlSafeStr) -> PageQuery<'_, T, DB> {
        PageQuery {
            pagination: self,
            statement: statement.into_sql_str(),
            binds: Vec::new(),
            conditions: Vec::new(),
            total: (!self.is_counted).then_some(Total::Unknown),
        }
    }
}

/// A page that is to come from a database: made by [`Pagination::select`].
#[must_use = "nothing is asked of the database before `fetch`"]
pub struct PageQuery<'a, T, DB: PageDatabase> {
    pagination: &'a Pagination<T>,
    statement: SqlStr,
    binds: Vec<Bind<'a, DB>>,
    conditions: Vec<Narrow<'a, DB>>,
    /// `None`: counted.
    total: Option<Total>,
}

impl<'a, T: Paginate, DB: PageDatabase> PageQuery<'a, T, DB> {
    /// Binds a value to the next placeholder of the statement (`$1`, in SQLite `?` or `?1`).
    pub fn bind<V>(mut self, value: V) -> Self
    where
        V: for<'t> Encode<'t, DB> + Type<DB> + Clone + Send + 'a,
    {
        self.binds.push(Box::new(move |arguments| arguments.add(value.clone())));
        self
    }

    /// Selects only rows for which a condition of your own holds, too. It names columns as they come out of the statement, and stands
    /// in parentheses, so that it may hold `OR`.
    ///
    /// It is written once for the rows and once for their number, so it borrows what it binds:
    /// `condition.push("name LIKE ").push_bind(&pattern)`.
    pub fn and_where(mut self, condition: impl Fn(&mut Condition<DB>) + Send + 'a) -> Self {
        self.conditions.push(Box::new(condition));
        self
    }

    /// Does not count: the answer says `"total": null`, and links no last page.
    pub fn without_total(self) -> Self {
        self.with_total(Total::Unknown)
    }

    /// Does not count, because somebody knows the number of rows, or an estimate: of PostgreSQL's `pg_class.reltuples`, say.
    pub fn with_total(mut self, total: Total) -> Self {
        self.total = Some(total);
        self
    }

    /// The statement that [`fetch`](Self::fetch) asks for rows, with all its values: to be explained, or read as a stream. It
    /// selects the rows for [`Pagination::page`].
    ///
    /// # Errors
    /// A value of your own that cannot be encoded.
    pub fn to_sql(&self) -> Result<(SqlStr, DB::Arguments), sqlx::Error> {
        let (text, arguments) = self.written(&self.plan().rows())?;
        Ok((AssertSqlSafe(text).into_sql_str(), arguments))
    }

    /// The page, by a pool, a connection or a transaction.
    ///
    /// # Errors
    /// What the database says, a row that cannot be decoded, or a value of your own that cannot be encoded.
    pub fn fetch<'c, A>(self, database: A) -> impl Future<Output = Result<Page<T>, sqlx::Error>> + Send
    where
        A: Acquire<'c, Database = DB> + Send,
        T: for<'r> FromRow<'r, DB::Row>,
    {
        self.fetch_with(database, |row| T::from_row(&row))
    }

    /// The same, of items that are made of rows in another way than by `FromRow`.
    ///
    /// # Errors
    /// As those of [`fetch`](Self::fetch).
    #[allow(clippy::manual_async_fn, reason = "handlers need a future that is `Send`, whatever the database")]
    pub fn fetch_with<'c, A>(
        self,
        database: A,
        item: impl FnMut(DB::Row) -> Result<T, sqlx::Error> + Send,
    ) -> impl Future<Output = Result<Page<T>, sqlx::Error>> + Send
    where
        A: Acquire<'c, Database = DB> + Send,
    {
        async move {
            let pagination = self.pagination;
            let (text, arguments) = self.written(&self.plan().rows())?;
            let mut connection = database.acquire().await?;
            let rows = DB::rows(&mut connection, text, arguments).await?;
            let total = if let Some(total) = self.total_told_by(rows.len() as u64) {
                total
            } else {
                let (text, arguments) = self.written(&self.plan().count())?;
                Total::Exact(DB::count(&mut connection, text, arguments).await?.unsigned_abs())
            };
            let items: Vec<T> = rows.into_iter().map(item).collect::<Result<_, _>>()?;
            Ok(pagination.page(items, total))
        }
    }

    /// What is known without counting. Behind the last row of the last page there are no others, and pages by cursor tell no
    /// total.
    fn total_told_by(&self, fetched: u64) -> Option<Total> {
        if self.total.is_some() || self.pagination.style() == PageStyle::Cursor {
            return Some(self.total.unwrap_or(Total::Unknown));
        }
        let skipped = self.pagination.offset().unwrap_or(0);
        let is_last = fetched <= self.pagination.limit() && (fetched > 0 || skipped == 0);
        is_last.then_some(Total::Exact(skipped + fetched))
    }

    fn plan(&self) -> Plan<'a> {
        let asked = &self.pagination.asked;
        Plan {
            dialect: Dialect::of(DB::NAME),
            fields: Pagination::<T>::PAGING.fields(),
            keys: asked.order.keys(),
            filters: &asked.filters,
            bound: self.pagination.bound(),
            is_backward: self.pagination.is_backward(),
            conditions: self.conditions.len(),
            limit: self.pagination.fetch_limit(),
            offset: self.pagination.offset(),
        }
    }

    fn written(&self, pieces: &[Piece<'_>]) -> Result<(String, DB::Arguments), sqlx::Error> {
        let mut sql = Condition::<DB>::new();
        for bind in &self.binds {
            let bound = bind(&mut sql.arguments);
            sql.note(bound);
        }
        for piece in pieces {
            match piece {
                Piece::Text(text) => sql.text.push_str(text),
                Piece::Value(operand) => sql.push_operand(*operand),
                Piece::Statement => sql.text.push_str(self.statement.as_str()),
                Piece::Condition(number) => self.write_condition(*number, &mut sql),
            }
        }
        sql.finish()
    }

    /// One that says nothing holds for every row.
    fn write_condition(&self, number: usize, sql: &mut Condition<DB>) {
        let before = sql.text.len();
        if let Some(condition) = self.conditions.get(number) {
            condition(sql);
        }
        if sql.text.len() == before {
            sql.text.push_str("1 = 1");
        }
    }
}

/// The statement; values may be nobody's business.
impl<T, DB: PageDatabase> fmt::Debug for PageQuery<'_, T, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageQuery").field("statement", &self.statement.as_str()).finish_non_exhaustive()
    }
}
