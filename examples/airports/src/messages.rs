//! What requests ask and what answers say.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::airports::Airport;
use crate::count::Count;
use crate::geo::{Latitude, Longitude, Position};
use crate::weather::Observation;

/// Which airports to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Only those with this text in their name, city, IATA or ICAO code; upper and lower case are alike.
    #[serde(default)]
    #[param(example = "orly")]
    pub q: String,
}

/// The place to search around.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NearestQuery {
    /// Degrees north of the equator.
    #[param(value_type = f64, minimum = -90, maximum = 90, example = 48.8584)]
    pub lat: Latitude,
    /// Degrees east of Greenwich.
    #[param(value_type = f64, minimum = -180, maximum = 180, example = 2.2945)]
    pub lon: Longitude,
    /// How many airports to answer.
    #[serde(default)]
    #[param(value_type = usize, minimum = 1, maximum = 100, default = 5)]
    pub k: Count<5, 100>,
}

impl NearestQuery {
    /// The place.
    #[must_use]
    pub fn place(&self) -> Position {
        Position { lat: self.lat, lon: self.lon }
    }
}

/// An airport near the place that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearbyAirport {
    /// Great-circle distance in kilometres, to a tenth.
    #[schema(example = 25.4)]
    pub distance_km: f64,
    /// The airport.
    pub airport: Airport,
}

impl NearbyAirport {
    /// The airport, and how far it is from there.
    #[must_use]
    pub fn seen_from(place: Position, airport: Airport) -> Self {
        Self { distance_km: rounded(place.distance_km(airport.position())), airport }
    }
}

/// How far two airports are apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct Distance {
    /// Great-circle distance in kilometres, to a tenth.
    #[schema(example = 5833.6)]
    pub distance_km: f64,
    /// The one airport.
    pub from: Airport,
    /// The other airport.
    pub to: Airport,
}

impl Distance {
    /// The two ends, and the way between them.
    #[must_use]
    pub fn between(from: Airport, to: Airport) -> Self {
        let distance_km = rounded(from.position().distance_km(to.position()));
        Self { distance_km, from, to }
    }
}

/// What a pilot asks of an airport.
#[derive(Debug, Serialize, ToSchema)]
pub struct Briefing {
    /// The airport.
    pub airport: Airport,
    /// The weather there, where it is known.
    pub weather: Option<Observation>,
}

/// Somebody who has an API key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Caller {
    /// What tells the holder from all others.
    #[schema(example = "ada")]
    pub subject: String,
    /// `reader` looks at things, `editor` changes them.
    #[schema(example = json!(["editor"]))]
    pub roles: Vec<String>,
}

/// To a tenth: the sphere stands for the ellipsoid, so more digits would promise what they do not keep.
fn rounded(km: f64) -> f64 {
    (km * 10.0).round() / 10.0
}
