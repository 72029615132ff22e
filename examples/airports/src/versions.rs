//! The versions of the API, and what an airport looked like in the first.

use serde::{Deserialize, Serialize};
use tollgate::{ApiVersion, VersionReaders};
use utoipa::ToSchema;

use crate::airports::Airport;
use crate::codes::{Country, Iata};

/// The versions that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
pub enum Version {
    /// An airport has `latitude`, `longitude` and `altitude`, and no time zone.
    #[version("v1", deprecated = "2026-09-01", sunset = "2027-08-31", link = "https://airports.example/v1")]
    V1,
    /// It has `lat`, `lon` and `elevation`, as everybody else calls them.
    #[version("v2", default)]
    V2,
}

/// Where clients say which one they ask for: `API-Version: v1`, `/v1/airports/CDG`, `?api-version=v1`,
/// `Accept: application/vnd.airports.v1+json`.
pub fn readers() -> VersionReaders {
    VersionReaders::new()
        .header("API-Version")
        .path()
        .query("api-version")
        .media_type("application/vnd.airports")
}

/// One airport, as version 1 shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AirportV1 {
    /// IATA code.
    pub iata: Iata,
    /// ICAO code.
    #[schema(example = "LFPG")]
    pub icao: String,
    /// Name, with the diacritics of its language.
    #[schema(example = "Charles de Gaulle International Airport")]
    pub name: String,
    /// City that it serves, where one is known.
    #[schema(example = "Paris")]
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: Country,
    /// Degrees north of the equator.
    #[schema(minimum = -90, maximum = 90, example = 49.0128)]
    pub latitude: f64,
    /// Degrees east of Greenwich.
    #[schema(minimum = -180, maximum = 180, example = 2.55)]
    pub longitude: f64,
    /// Height above mean sea level in feet.
    #[schema(example = 392.0)]
    pub altitude: f64,
}

impl From<Airport> for AirportV1 {
    fn from(airport: Airport) -> Self {
        let Airport { iata, icao, name, city, country, elevation, lat, lon, .. } = airport;
        let (latitude, longitude) = (lat.get(), lon.get());
        Self { iata, icao, name, city, country, latitude, longitude, altitude: elevation }
    }
}
