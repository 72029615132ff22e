//! What goes wrong, and how it is told.

use thiserror::Error;
use tollgate::ApiError;

use crate::codes::Iata;
use crate::weather::WeatherError;

/// Why a request on one airport gets no answer.
#[derive(Debug, Error, ApiError)]
pub enum AirportError {
    /// The code is well-formed, but no airport has it.
    #[error("no airport has the IATA code {iata}")]
    #[api_error(status = 404, code = "airport_not_found", extension(iata))]
    NotFound {
        /// As asked for.
        iata: Iata,
    },
    /// The database cannot be read or written.
    #[error(transparent)]
    #[api_error(transparent)]
    Database(#[from] DatabaseError),
}

/// The database cannot be read or written, of which the client learns no details.
#[derive(Debug, Error, ApiError)]
#[error("the database failed")]
#[api_error(status = 500, code = "database_failed")]
pub struct DatabaseError(#[from] pub sqlx::Error);

/// Why there is no word on the weather at an airport.
#[derive(Debug, Error, ApiError)]
pub enum ReportError {
    /// There is no word on the airport.
    #[error(transparent)]
    #[api_error(transparent)]
    Airport(#[from] AirportError),
    /// There is none on its weather.
    #[error(transparent)]
    #[api_error(transparent)]
    Weather(#[from] WeatherError),
}
