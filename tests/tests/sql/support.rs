//! Rows in databases, and pages of them as a handler gets them.

use std::fmt::Write as _;
use std::future::Future;

use axum::extract::FromRequestParts as _;
use http::Request;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, FromRow, Pool, Postgres, Sqlite};
use tollgate::pages::sql::PageDatabase;
use tollgate::{Page, Paginate, Pagination};

/// What a row holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seed {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) elevation: Option<i32>,
    pub(crate) latitude: f64,
    pub(crate) runway: Option<f64>,
    pub(crate) country: Option<String>,
    pub(crate) is_open: bool,
}

/// An item made of a [`Seed`].
pub(crate) trait Item: Paginate + Clone + From<Seed> {
    const SIZE: &'static str;

    fn id(&self) -> i64;
}

macro_rules! items {
    ($($name:ident $style:ident $size:literal)*) => {$(
        /// A row, asked for in one style.
        #[derive(Clone, Debug, PartialEq, Paginate, FromRow)]
        #[paginate(key = id, sort(name, elevation, latitude, runway, country, is_open),
            filter(name, elevation, latitude, runway, country, is_open), style = $style)]
        pub(crate) struct $name {
            id: i64,
            name: String,
            elevation: Option<i32>,
            latitude: f64,
            runway: Option<f64>,
            country: Option<String>,
            is_open: bool,
        }

        impl From<Seed> for $name {
            fn from(seed: Seed) -> Self {
                let Seed { id, name, elevation, latitude, runway, country, is_open } = seed;
                Self { id, name, elevation, latitude, runway, country, is_open }
            }
        }

        impl Item for $name {
            const SIZE: &'static str = $size;

            fn id(&self) -> i64 {
                self.id
            }
        }
    )*};
}

items! {
    ByNumber page "per_page"
    ByOffset offset "limit"
    ByCursor cursor "limit"
}

/// A database of these tests.
pub(crate) trait Place: PageDatabase {
    /// How numbers without end are written.
    const INFINITY: &'static str;
    const MINUS_INFINITY: &'static str;
    /// How NaN is written, which SQLite stores as NULL.
    const NAN: &'static str;
    /// The types of the columns.
    const TABLE: &'static str;

    async fn run(pool: &Pool<Self>, text: String);
}

macro_rules! places {
    ($($database:ident { $infinity:literal, $minus_infinity:literal, $nan:literal, $table:literal })*) => {$(
        impl Place for $database {
            const INFINITY: &'static str = $infinity;
            const MINUS_INFINITY: &'static str = $minus_infinity;
            const NAN: &'static str = $nan;
            const TABLE: &'static str = $table;

            async fn run(pool: &Pool<Self>, text: String) {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await.unwrap();
            }
        }
    )*};
}

places! {
    Sqlite {
        "9e999",
        "-9e999",
        "NULL",
        "id INTEGER PRIMARY KEY, name TEXT NOT NULL, elevation INTEGER, latitude REAL NOT NULL, runway REAL, country TEXT,
         is_open BOOLEAN NOT NULL"
    }
    Postgres {
        "'Infinity'",
        "'-Infinity'",
        "'NaN'",
        "id BIGINT PRIMARY KEY, name TEXT NOT NULL, elevation INTEGER, latitude DOUBLE PRECISION NOT NULL,
         runway DOUBLE PRECISION, country VARCHAR(2), is_open BOOLEAN NOT NULL"
    }
}

/// An empty SQLite, in memory.
pub(crate) async fn sqlite() -> Pool<Sqlite> {
    SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap()
}

/// A table of exactly these rows.
pub(crate) async fn fill<DB: Place>(pool: &Pool<DB>, seeds: &[Seed]) {
    let table = format!("DROP TABLE IF EXISTS airports; CREATE TABLE airports ({})", DB::TABLE);
    DB::run(pool, table).await;
    insert(pool, seeds).await;
}

pub(crate) async fn insert<DB: Place>(pool: &Pool<DB>, seeds: &[Seed]) {
    if !seeds.is_empty() {
        let rows: Vec<_> = seeds.iter().map(literal::<DB>).collect();
        DB::run(pool, format!("INSERT INTO airports VALUES {}", rows.join(", "))).await;
    }
}

fn literal<DB: Place>(seed: &Seed) -> String {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let float = |number: f64| match number {
        number if number.is_nan() => DB::NAN.to_owned(),
        number if number == f64::INFINITY => DB::INFINITY.to_owned(),
        number if number == f64::NEG_INFINITY => DB::MINUS_INFINITY.to_owned(),
        number => format!("{number:?}"),
    };
    let null = || "NULL".to_owned();
    let mut row = format!("({}, {}", seed.id, text(&seed.name));
    write!(row, ", {}", seed.elevation.map_or_else(null, |number| number.to_string())).unwrap();
    write!(row, ", {}, {}", float(seed.latitude), seed.runway.map_or_else(null, float)).unwrap();
    write!(row, ", {}, {})", seed.country.as_deref().map_or_else(null, text), seed.is_open).unwrap();
    row
}

/// What a request asks for.
pub(crate) async fn pagination<T: Paginate>(path: &str) -> Pagination<T> {
    let (mut head, ()) = Request::get(path).body(()).unwrap().into_parts();
    match Pagination::from_request_parts(&mut head, &()).await {
        Ok(pagination) => pagination,
        Err(problem) => panic!("{path}: {problem}"),
    }
}

/// Selects all rows.
pub(crate) const ALL: &str = "SELECT id, name, elevation, latitude, runway, country, is_open FROM airports";

/// The page that a request asks for.
pub(crate) async fn page<DB: Place, T>(pool: &Pool<DB>, path: &str) -> Page<T>
where
    T: Paginate + for<'r> FromRow<'r, DB::Row>,
{
    pagination::<T>(path)
        .await
        .select(ALL)
        .fetch(pool)
        .await
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Runs a future to its end.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
