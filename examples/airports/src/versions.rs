//! The versions of the API, and what an airport looked like in the first.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tollgate::{ApiVersion, Problem, VersionReaders};
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

/// An airport as version 1 shows it.
#[must_use]
pub fn down_v1(airport: Airport) -> AirportV1 {
    airport.into()
}

/// What to change of an airport, as version 1 calls it (RFC 7396): what is absent stays, so that members are renamed and their values left to
/// [`AirportChange`](crate::change::AirportChange).
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AirportChangeV1 {
    /// Name, with the diacritics of its language.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, example = "Paris-CDG")]
    pub name: Option<Value>,
    /// City that it serves.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Roissy-en-France")]
    pub city: Option<Value>,
    /// Degrees north of the equator.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -90, maximum = 90, example = 49.0128)]
    pub latitude: Option<Value>,
    /// Degrees east of Greenwich.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -180, maximum = 180, example = 2.55)]
    pub longitude: Option<Value>,
    /// Height above mean sea level in feet.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -2000, maximum = 30_000, example = 392.0)]
    pub altitude: Option<Value>,
}

/// Serde calls this for members that are there, be they `null`.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A change as version 2 takes it.
///
/// # Errors
/// None: what is wrong with a value is told by the handler.
pub fn up_v1(change: AirportChangeV1) -> Result<Map<String, Value>, Problem> {
    let AirportChangeV1 { name, city, latitude, longitude, altitude } = change;
    let members =
        [("name", name), ("city", city), ("lat", latitude), ("lon", longitude), ("elevation", altitude)];
    Ok(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}
