//! The state of the service: all airports, in an `SQLite` database.

use std::path::Path;

use sqlx::{Connection, SqliteConnection, SqlitePool};
use tollgate::{Page, Pagination};

use crate::airports::Airport;
use crate::change::AirportChange;
use crate::codes::Iata;
use crate::errors::{AirportError, DatabaseError};
use crate::geo::Position;

pub use open::OpenError;

mod open;

/// All airports, cheap to clone for every request.
#[derive(Clone, Debug)]
pub struct Db(SqlitePool);

impl Db {
    /// Opens the file, or without one a database in memory; an empty one gets the airports of the program.
    pub async fn open(path: Option<&Path>) -> Result<Self, OpenError> {
        open::open(path).await.map(Self)
    }

    /// The airport of that code.
    pub async fn airport(&self, iata: Iata) -> Result<Airport, AirportError> {
        let airport = async { find(&mut *self.0.acquire().await?, iata).await };
        found(airport.await, iata)
    }

    /// A page of the airports that have that text in their name, city or codes.
    ///
    /// Upper and lower case are alike; diacritics count, so `malaga` does not find Málaga. An empty text finds all.
    pub async fn search(
        &self,
        text: &str,
        pagination: &Pagination<Airport>,
    ) -> Result<Page<Airport>, DatabaseError> {
        let text = text.trim().to_lowercase();
        // A line of the column is a field of the airport: no text reaches from one into the next.
        let found = pagination.select("SELECT * FROM airports").and_where(|condition| {
            condition.push("instr(search_text, ").push_bind(&text).push(") > 0");
            condition.push(" AND instr(").push_bind(&text).push(", char(10)) = 0");
        });
        Ok(found.fetch(&self.0).await?)
    }

    /// The `count` airports nearest to a place, the nearest first, and by code where two are equally far.
    pub async fn nearest(&self, place: Position, count: usize) -> Result<Vec<Airport>, DatabaseError> {
        let [x, y, z] = place.on_unit_sphere();
        // The straight way through the earth orders as the way along its surface does, and needs no trigonometry.
        let nearest = sqlx::query_as(
            "SELECT * FROM airports
             ORDER BY (x - ?1) * (x - ?1) + (y - ?2) * (y - ?2) + (z - ?3) * (z - ?3), iata LIMIT ?4",
        );
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Ok(nearest.bind(x).bind(y).bind(z).bind(count).fetch_all(&self.0).await?)
    }

    /// Changes an airport, and gives what has become of it.
    pub async fn change(&self, iata: Iata, change: AirportChange) -> Result<Airport, AirportError> {
        found(self.try_change(iata, change).await, iata)
    }

    async fn try_change(&self, iata: Iata, change: AirportChange) -> sqlx::Result<Option<Airport>> {
        let mut connection = self.0.acquire().await?;
        // Nobody else writes between the two statements, so no change undoes another one.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let Some(airport) = find(&mut transaction, iata).await? else { return Ok(None) };
        let changed = change.applied_to(airport);
        update(&mut transaction, &changed).await?;
        transaction.commit().await?;
        Ok(Some(changed))
    }
}

async fn find(connection: &mut SqliteConnection, iata: Iata) -> sqlx::Result<Option<Airport>> {
    let airport = sqlx::query_as("SELECT * FROM airports WHERE iata = ?1").bind(iata.as_str());
    airport.fetch_optional(connection).await
}

fn found(airport: sqlx::Result<Option<Airport>>, iata: Iata) -> Result<Airport, AirportError> {
    airport.map_err(DatabaseError)?.ok_or(AirportError::NotFound { iata })
}

/// Writes what can be changed of an airport, and what is worked out of it.
async fn update(connection: &mut SqliteConnection, airport: &Airport) -> sqlx::Result<()> {
    let [x, y, z] = airport.position().on_unit_sphere();
    let update = sqlx::query(
        "UPDATE airports
         SET name = ?2, city = ?3, subdivision = ?4, elevation = ?5, lat = ?6, lon = ?7,
             search_text = ?8, x = ?9, y = ?10, z = ?11
         WHERE iata = ?1",
    );
    let update = update
        .bind(airport.iata.as_str())
        .bind(&airport.name)
        .bind(&airport.city)
        .bind(&airport.subdivision)
        .bind(airport.elevation)
        .bind(airport.lat.get())
        .bind(airport.lon.get())
        .bind(airport.search_text());
    update.bind(x).bind(y).bind(z).execute(connection).await.map(drop)
}

#[cfg(test)]
mod tests;
