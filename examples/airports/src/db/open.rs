//! Opening the database: where it is, its tables, and the airports that it begins with.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection, SqlitePool};
use thiserror::Error;

use crate::airports::{Airport, DataError, embedded};

const SCHEMA: &str = include_str!("../../schema.sql");
/// `SQLite` takes 32 766 values in one statement.
const ROWS_PER_STATEMENT: usize = 1000;

/// Why there is no database to work with.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The airports that are compiled into the program cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The file is no database, or cannot be read and written.
    #[error("cannot open the database {}: {source}; check --db", .path.display())]
    File {
        /// Where it should be.
        path: PathBuf,
        /// What the database says.
        source: sqlx::Error,
    },
    /// There is no room for a database in memory.
    #[error("cannot make a database in memory: {0}")]
    Memory(sqlx::Error),
}

/// What fails before it is known which database it is about.
#[derive(Debug, Error)]
enum Trouble {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Opens the file, which is made if it is not there, or a database that lives as long as the pool.
pub(super) async fn open(path: Option<&Path>) -> Result<SqlitePool, OpenError> {
    prepared(path).await.map_err(|trouble| match (trouble, path) {
        (Trouble::Data(error), _) => error.into(),
        (Trouble::Database(source), Some(path)) => OpenError::File { path: path.to_owned(), source },
        (Trouble::Database(source), None) => OpenError::Memory(source),
    })
}

async fn prepared(path: Option<&Path>) -> Result<SqlitePool, Trouble> {
    let pool = match path {
        Some(path) => in_file(path).await?,
        None => in_memory().await?,
    };
    sqlx::raw_sql(SCHEMA).execute(&pool).await?;
    fill(&pool).await?;
    Ok(pool)
}

/// With a log written ahead, so that readers and a writer do not wait for each other.
async fn in_file(path: &Path) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    SqlitePool::connect_with(options).await
}

/// Every connection to `:memory:` has a database of its own, which ends with it: so there is one, and it never ends.
async fn in_memory() -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new().filename(":memory:");
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    pool.connect_with(options).await
}

/// Puts the airports of the program into an empty database, all or none.
async fn fill(pool: &SqlitePool) -> Result<(), Trouble> {
    let mut connection = pool.acquire().await?;
    // Two programs that start with one empty file: the other one waits here, and then sees that it is filled.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let is_filled = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM airports)");
    if !is_filled.fetch_one(&mut *transaction).await? {
        for airports in embedded()?.chunks(ROWS_PER_STATEMENT) {
            insert(&mut transaction, airports).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn insert(connection: &mut SqliteConnection, airports: &[Airport]) -> sqlx::Result<()> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "INSERT INTO airports \
         (iata, icao, name, city, subdivision, country, elevation, lat, lon, tz, search_text, x, y, z) ",
    );
    statement.push_values(airports, |mut row, airport| {
        let [x, y, z] = airport.position().on_unit_sphere();
        row.push_bind(airport.iata.as_str())
            .push_bind(airport.icao.as_str())
            .push_bind(airport.name.as_str())
            .push_bind(airport.city.as_deref())
            .push_bind(airport.subdivision.as_deref())
            .push_bind(airport.country.as_str())
            .push_bind(airport.elevation)
            .push_bind(airport.lat.get())
            .push_bind(airport.lon.get())
            .push_bind(airport.tz.as_str())
            .push_bind(airport.search_text())
            .push_bind(x)
            .push_bind(y)
            .push_bind(z);
    });
    statement.build().execute(connection).await.map(drop)
}
