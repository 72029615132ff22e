//! Places on the globe and the distance between them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The mean radius R₁ of the International Union of Geodesy and Geophysics.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Degrees north of the equator.
pub type Latitude = Degrees<90>;
/// Degrees east of Greenwich.
pub type Longitude = Degrees<180>;

/// An angle from −`MAX` to `MAX` degrees, and so never NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub struct Degrees<const MAX: u8>(f64);

impl<const MAX: u8> Degrees<MAX> {
    /// The number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A number that is no such angle.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("must be a number from -{max} to {max}, not {value}")]
pub struct DegreesError {
    max: u8,
    value: f64,
}

impl<const MAX: u8> TryFrom<f64> for Degrees<MAX> {
    type Error = DegreesError;

    fn try_from(value: f64) -> Result<Self, DegreesError> {
        let max = f64::from(MAX);
        // NaN is in no range.
        if (-max..=max).contains(&value) { Ok(Self(value)) } else { Err(DegreesError { max: MAX, value }) }
    }
}

/// A point on the earth's surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// North–south.
    pub lat: Latitude,
    /// East–west.
    pub lon: Longitude,
}

impl Position {
    /// The point in space, on a sphere of radius 1 around the middle of the earth.
    #[must_use]
    pub fn on_unit_sphere(self) -> [f64; 3] {
        let (lat, lon) = (self.lat.0.to_radians(), self.lon.0.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }

    /// The great-circle distance by the haversine formula, which stays exact for small distances.
    ///
    /// The earth counts as a sphere, so the answer is up to 0.5 % off the distance on the ellipsoid.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let (from, to) = (self.lat.0.to_radians(), other.lat.0.to_radians());
        let half_north = (to - from) / 2.0;
        let half_east = (other.lon.0 - self.lon.0).to_radians() / 2.0;
        let haversine = half_north.sin().powi(2) + from.cos() * to.cos() * half_east.sin().powi(2);
        // Rounding can carry the sum past 1 for antipodes, where `asin` would answer NaN.
        2.0 * EARTH_RADIUS_KM * haversine.min(1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn position(lat: f64, lon: f64) -> Position {
        Position { lat: lat.try_into().unwrap(), lon: lon.try_into().unwrap() }
    }

    fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
        position(from.0, from.1).distance_km(position(to.0, to.1))
    }

    #[track_caller]
    fn assert_near(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 0.05, "{actual} is not {expected}");
    }

    #[test]
    fn the_way_through_the_earth_belongs_to_the_way_around_it() {
        for (one, other) in
            [((49.0, 2.5), (40.6, -73.8)), ((-16.8, 180.0), (-16.9, -179.9)), ((0.0, 0.0), (0.0, 180.0))]
        {
            let [from, to] = [one, other].map(|(lat, lon)| position(lat, lon).on_unit_sphere());
            let chord = from.iter().zip(to).map(|(from, to)| (from - to).powi(2)).sum::<f64>().sqrt();
            assert_near(2.0 * EARTH_RADIUS_KM * (chord / 2.0).asin(), distance(one, other));
        }
    }

    const QUARTER: f64 = PI / 2.0 * EARTH_RADIUS_KM;

    #[test]
    fn a_place_is_no_distance_from_itself() {
        for place in [(0.0, 0.0), (49.0128, 2.55), (90.0, 0.0), (-90.0, 180.0)] {
            assert_near(distance(place, place), 0.0);
        }
    }

    #[test]
    fn quarters_and_halves_of_the_globe() {
        assert_near(distance((0.0, 0.0), (0.0, 90.0)), QUARTER);
        assert_near(distance((0.0, 0.0), (90.0, 0.0)), QUARTER);
        assert_near(distance((0.0, 0.0), (0.0, 180.0)), 2.0 * QUARTER);
        assert_near(distance((90.0, 0.0), (-90.0, 0.0)), 2.0 * QUARTER);
    }

    #[test]
    fn antipodes_are_half_the_globe_apart_in_spite_of_rounding() {
        for tenths in -900..=900_i32 {
            let (lat, lon) = (f64::from(tenths) / 10.0, f64::from(tenths) / 5.0);
            let opposite = if lon > 0.0 { lon - 180.0 } else { lon + 180.0 };
            assert_near(distance((lat, lon), (-lat, opposite)), 2.0 * QUARTER);
        }
    }

    #[test]
    fn the_antimeridian_is_no_border() {
        assert_near(distance((0.0, 179.5), (0.0, -179.5)), distance((0.0, -0.5), (0.0, 0.5)));
        assert_near(distance((10.0, 180.0), (10.0, -180.0)), 0.0);
    }

    #[test]
    fn every_longitude_meets_at_a_pole() {
        assert_near(distance((90.0, -120.0), (90.0, 75.0)), 0.0);
        assert_near(distance((-90.0, 10.0), (-90.0, 170.0)), 0.0);
        assert_near(distance((90.0, 12.0), (0.0, -140.0)), QUARTER);
    }

    #[test]
    fn the_direction_does_not_matter() {
        let (paris, sydney) = ((49.0128, 2.55), (-33.9461, 151.177));
        assert_near(distance(paris, sydney), distance(sydney, paris));
    }

    #[test]
    fn what_is_out_of_range_is_no_angle() {
        for value in [90.000_001, -91.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Latitude::try_from(value).unwrap_err().to_string();
            assert!(error.starts_with("must be a number from -90 to 90"), "{error}");
        }
        assert!(Longitude::try_from(180.0).is_ok());
        assert!(Longitude::try_from(180.1).is_err());
    }
}
