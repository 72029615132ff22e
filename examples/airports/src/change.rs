//! What of an airport may be changed, and within which bounds.
//!
//! Its codes name it, and its country goes with them: these stay.

use serde::{Deserialize, Deserializer};
use thiserror::Error;
use utoipa::ToSchema;

use crate::airports::Airport;
use crate::geo::{Latitude, Longitude};

const LONGEST_TEXT: usize = 100;
/// The shore of the Dead Sea lies 1 400 feet below the level of the seas, the highest airport 14 472 above it.
const LOWEST: f64 = -2000.0;
const HIGHEST: f64 = 30_000.0;

/// What to change of an airport (RFC 7396): what is absent stays as it is, and `null` says that nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AirportChange {
    /// Name, with the diacritics of its language.
    #[serde(default, deserialize_with = "given")]
    #[schema(
        value_type = String,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$",
        example = "Paris-CDG"
    )]
    pub name: Option<Text>,
    /// City that it serves.
    #[serde(default, deserialize_with = "given")]
    #[schema(
        value_type = Option<String>,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$",
        example = "Roissy-en-France"
    )]
    pub city: Option<Option<Text>>,
    /// State, region or province.
    #[serde(default, deserialize_with = "given")]
    #[schema(
        value_type = Option<String>,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$",
        example = "Ile-de-France"
    )]
    pub subdivision: Option<Option<Text>>,
    /// Height above mean sea level in feet, the unit of aviation.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -2000, maximum = 30_000, example = 392.0)]
    pub elevation: Option<Elevation>,
    /// Degrees north of the equator.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -90, maximum = 90, example = 49.0128)]
    pub lat: Option<Latitude>,
    /// Degrees east of Greenwich.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = f64, minimum = -180, maximum = 180, example = 2.55)]
    pub lon: Option<Longitude>,
}

impl AirportChange {
    /// The airport with this change.
    #[must_use]
    pub fn applied_to(self, airport: Airport) -> Airport {
        let Self { name, city, subdivision, elevation, lat, lon } = self;
        let text = |text: Option<Text>| text.map(|Text(text)| text);
        Airport {
            name: name.map_or(airport.name, |Text(name)| name),
            city: city.map_or(airport.city, text),
            subdivision: subdivision.map_or(airport.subdivision, text),
            elevation: elevation.map_or(airport.elevation, |Elevation(feet)| feet),
            lat: lat.unwrap_or(airport.lat),
            lon: lon.unwrap_or(airport.lon),
            ..airport
        }
    }
}

/// Serde calls this for fields that are there, so `null` reaches the type of the field, and most refuse it.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A name: one line that is neither blank nor too long, without blanks at its ends, where they are taken off.
///
/// The schemas of its fields say the same, so what they allow is never refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Text(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("must be 1 to {LONGEST_TEXT} characters in one line")]
pub struct TextError;

impl TryFrom<String> for Text {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let trimmed = text.trim_matches(is_blank);
        let fits = !trimmed.is_empty() && text.chars().count() <= LONGEST_TEXT;
        if fits && !text.contains(char::is_control) { Ok(Self(trimmed.to_owned())) } else { Err(TextError) }
    }
}

/// As patterns in schemas have `\s`: they count the byte order mark in.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// A height in feet at which there can be an airport.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Elevation(f64);

/// A number that is no such height.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("must be a number of feet from {LOWEST} to {HIGHEST}, not {0}")]
pub struct ElevationError(f64);

impl TryFrom<f64> for Elevation {
    type Error = ElevationError;

    fn try_from(feet: f64) -> Result<Self, ElevationError> {
        // NaN is in no range.
        if (LOWEST..=HIGHEST).contains(&feet) { Ok(Self(feet)) } else { Err(ElevationError(feet)) }
    }
}

#[cfg(test)]
mod tests {
    use crate::airports::embedded;

    use super::*;

    fn change(json: &str) -> AirportChange {
        serde_json::from_str(json).unwrap()
    }

    fn refusal(json: &str) -> String {
        serde_json::from_str::<AirportChange>(json).unwrap_err().to_string()
    }

    fn paris() -> Airport {
        embedded().unwrap().into_iter().find(|airport| airport.iata.as_str() == "CDG").unwrap()
    }

    #[test]
    fn nothing_changes_nothing() {
        assert_eq!(change("{}").applied_to(paris()), paris());
    }

    #[test]
    fn what_is_given_changes_and_the_rest_stays() {
        let json =
            r#"{"name":" Roissy ","city":"Roissy","subdivision":"IDF","elevation":-12,"lat":49,"lon":2.5}"#;
        let changed = change(json).applied_to(paris());
        let expected = Airport {
            name: "Roissy".to_owned(),
            city: Some("Roissy".to_owned()),
            subdivision: Some("IDF".to_owned()),
            elevation: -12.0,
            lat: 49.0.try_into().unwrap(),
            lon: 2.5.try_into().unwrap(),
            ..paris()
        };
        assert_eq!(changed, expected);
    }

    #[test]
    fn null_takes_away_what_need_not_be_known() {
        let changed = change(r#"{"city":null,"subdivision":null}"#).applied_to(paris());
        assert_eq!(changed, Airport { city: None, subdivision: None, ..paris() });
        for field in ["name", "elevation", "lat", "lon"] {
            assert!(refusal(&format!(r#"{{"{field}":null}}"#)).starts_with("invalid type: null"), "{field}");
        }
    }

    #[test]
    fn a_name_is_one_line_of_some_length() {
        let text = |text: &str| Text::try_from(text.to_owned());
        assert!(text("Æ").is_ok() && text(&"é".repeat(100)).is_ok());
        for bad in [
            "",
            " ",
            "\u{a0}",
            "\u{feff}",
            "two\nlines",
            "end\n",
            "\u{9b}2J",
            "nul\0",
            "esc\x1b[2J",
            &"é".repeat(101),
            &" ".repeat(101),
        ] {
            assert_eq!(text(bad), Err(TextError), "{bad:?}");
        }
    }

    #[test]
    fn an_elevation_is_on_this_planet() {
        assert!(Elevation::try_from(-1266.0).is_ok() && Elevation::try_from(14_472.0).is_ok());
        for bad in [-2000.1, 30_001.0, 1e308, f64::NAN, f64::INFINITY] {
            let message = Elevation::try_from(bad).unwrap_err().to_string();
            assert!(message.starts_with("must be a number of feet from -2000 to 30000, not "), "{message}");
        }
    }

    #[test]
    fn what_may_not_be_changed_is_named() {
        for field in ["iata", "icao", "country", "tz", "Name", ""] {
            let message = refusal(&format!(r#"{{"{field}":"x"}}"#));
            assert!(
                message.starts_with(&format!("unknown field `{field}`, expected one of `name`")),
                "{message}"
            );
        }
    }
}
