//! What a weather station says.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::airports::Airport;
use crate::codes::Iata;

/// The weather at one airport, at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Observation {
    /// IATA code of the airport.
    pub station: Iata,
    /// When that was, in UTC.
    #[schema(format = DateTime, example = "2026-01-01T00:00:00Z")]
    pub observed: String,
    /// Degrees Celsius, to a tenth.
    #[schema(example = 9.6)]
    pub temperature: f64,
    /// How the wind blows.
    pub wind: Wind,
    /// Hectopascals, as at sea level.
    #[schema(example = 1013)]
    pub pressure: u16,
}

/// Where the wind comes from, and how strong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wind {
    /// Degrees, clockwise from north, in tens.
    #[schema(maximum = 350, example = 240)]
    pub direction: u16,
    /// Knots.
    #[schema(example = 12)]
    pub speed: u16,
}

impl Observation {
    /// The weather that an airport always has: mild near the equator, cold near the poles and high up.
    #[must_use]
    pub(super) fn of(airport: &Airport, observed: String) -> Self {
        let mut chance = Chance::of(airport.iata);
        let (lat, km) = (airport.lat.get().to_radians(), airport.elevation * 0.000_304_8);
        let usual = 27.0 - 45.0 * lat.sin().powi(2) - 6.5 * km;
        let off = f64::from(chance.below(160)) / 10.0 - 8.0;
        let wind = Wind { direction: chance.below(36) * 10, speed: chance.below(31) };
        Self {
            station: airport.iata,
            observed,
            temperature: ((usual + off) * 10.0).round() / 10.0,
            wind,
            pressure: 985 + chance.below(51),
        }
    }
}

/// Numbers that look drawn by lot and are the same for a station every time.
struct Chance(u64);

impl Chance {
    /// By FNV-1a, whose later bits are mixed well.
    fn of(station: Iata) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(station.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    /// The next number below `end`, which is not 0.
    fn below(&mut self, end: u16) -> u16 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        u16::try_from((self.0 >> 33) % u64::from(end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::airports::embedded;

    fn all() -> Vec<(Airport, Observation)> {
        let observed = |airport: Airport| {
            let observation = Observation::of(&airport, String::new());
            (airport, observation)
        };
        embedded().unwrap().into_iter().map(observed).collect()
    }

    #[test]
    fn a_station_says_the_same_every_time() {
        assert_eq!(all(), all());
    }

    #[test]
    fn the_weather_is_plausible_everywhere() {
        for (airport, Observation { temperature, wind, pressure, .. }) in all() {
            let coldest =
                if airport.lat.get().abs() < 23.0 && airport.elevation < 1000.0 { 8.0 } else { -60.0 };
            assert!((coldest..=36.0).contains(&temperature), "{temperature} at {}", airport.iata);
            assert!(wind.direction < 360 && wind.direction % 10 == 0 && wind.speed <= 30, "{wind:?}");
            assert!((985..=1035).contains(&pressure), "{pressure}");
        }
    }

    #[test]
    fn neighbours_in_the_alphabet_have_weather_of_their_own() {
        let winds: Vec<_> = all().into_iter().map(|(_, observation)| observation.wind).collect();
        let alike = winds.windows(2).filter(|pair| pair.first() == pair.last()).count();
        assert!(alike * 100 < winds.len(), "{alike} of {}", winds.len());
    }
}
